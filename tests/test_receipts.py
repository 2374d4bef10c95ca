"""What receipts promise: every silence has one, and no mark or space hides a hit."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import tries
from policybook import anchors
from policybook.codebook import Value
from policybook.measures.passages import SENTENCE, find_word, overlaps, places, sentences, size
from policybook.measures.receipts import RECEIPT, Searchable, hits, receipts, wanted

ARTICLES = pd.DataFrame({"id": ["p", "q"], "coder": ["ann", "bob"],
                         "coded_on": ["2026-01-01", "2026-01-02"],
                         "codebook_version": ["1.0.0", "1.1.0"]})  # fmt: skip
TERMS = {"talks": ["talk", "peace talks"], "oil": ["oil"], "other": []}
INSTRUMENTS = {n: Value(n, n, extra={"terms": terms}) for n, terms in TERMS.items()}
TEXTS = {"p": "Title\n\nTalks about turmoil.\nPeace  Talks, OIL and oilfields.", "q": "Nothing."}


def cells(*lines: tuple[str, str, str]) -> pd.DataFrame:
    """Return cells as `coverage` has them."""
    return pd.DataFrame(lines, columns=["article", "instrument", "state"])


SILENT = cells(*((a, i, "silent") for a in "pq" for i in TERMS))


def receipt(text: str, *terms: str) -> tuple[object, str, str]:
    """Return hits, words and paragraphs of the terms in one text."""
    line = receipts(
        ARTICLES, cells(("p", "x", "silent")), texts={"p": text},
        instruments={"x": Value("x", "x", extra={"terms": list(terms)})},
    ).iloc[0]  # fmt: skip
    return line["hits"], line["found"], line["paragraphs"]


def test_terms_are_told_as_the_codebook_has_them() -> None:
    """What a search found is told with the capitals of the codebook, however the text writes it."""
    assert receipt("The u.a.e. and CAIRO, CAIRO.", "Cairo", "U.A.E.")[1] == "Cairo ×2; U.A.E. ×1"


def test_a_receipt_names_coder_day_version_terms_and_hits() -> None:
    """A silence is claimed with who coded it, when, by which rules, and what was searched, as worked by hand."""
    found = receipts(ARTICLES, SILENT, instruments=INSTRUMENTS, texts=TEXTS)
    name = Path(__file__).parent / "worked" / "receipts-lines.csv"
    expected = pd.read_csv(name, dtype=str, keep_default_na=False)[RECEIPT]
    lines = found.astype({"hits": object}).fillna({"hits": ""}).astype(str)
    assert lines.to_numpy().tolist() == expected.to_numpy().tolist()


def test_only_silences_have_receipts() -> None:
    """Whoever speaks, was not coded or is filtered out needs no receipt of silence."""
    others = ("supports", "not coded", "prescribes nothing", "filtered out")
    table = cells(*(("p", "oil", state) for state in others), ("q", "oil", "silent"))
    found = receipts(ARTICLES, table, instruments=INSTRUMENTS, texts=TEXTS)
    assert found["article"].to_list() == ["q"]


def test_nothing_searched_is_not_nothing_found() -> None:
    """Without terms, or without a text, hits are missing and not nought."""
    found = receipts(ARTICLES, SILENT, instruments=INSTRUMENTS, texts={"p": TEXTS["p"]})
    assert found["hits"].isna().to_list() == [False, False, True, True, True, True]


def test_texts_may_come_from_a_function() -> None:
    """A function from article to text does as well as a mapping, and is asked once an article."""
    asked: list[str] = []

    def text(article: str) -> str:
        asked.append(article)
        return TEXTS[article]

    found = receipts(ARTICLES, SILENT, instruments=INSTRUMENTS, texts=text)
    assert found.equals(receipts(ARTICLES, SILENT, instruments=INSTRUMENTS, texts=TEXTS))
    assert asked == ["p", "q"]


@pytest.mark.parametrize(("text", "term"), [
    ("the “Arab\u00a0backers”", "Arab backers"),
    ("Egypt’s role", "egypt's role"),
    ("a UN–led process", "UN-led"),
    ("asset\nfreeze", "asset freeze"),
    ("CAFE\u0301 talks", "café"),
    ("ARMS", "arms"),
    ("sanctions", "sanction"),
    ("the U.N. envoy", "U.N."),
])  # fmt: skip
def test_no_mark_space_or_capital_hides_a_hit(text: str, term: str) -> None:
    """Quotation marks, dashes, kinds of space, accents and capitals do not hide a term."""
    assert receipt(text, term)[0] == 1


@pytest.mark.parametrize(("text", "term"), [
    ("turmoil", "oil"), ("alarms", "arms"), ("un_led", "led"), ("2oil", "oil"), ("éoil", "oil"),
])  # fmt: skip
def test_a_term_begins_where_a_word_begins(text: str, term: str) -> None:
    """A term within another word is no hit."""
    assert receipt(text, term)[0] == 0


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("the UN’s envoy", 1),
        ("UN-led, U.N.", 1),
        ("under the Un", 0),
        ("UNSMIL", 0),
        ("MUN", 0),
        ("UN", 1),
    ],
)
def test_an_abbreviation_is_a_word_in_capitals(text: str, hits: int) -> None:
    """A term all in capitals is found as a whole word and in capitals, or "un" would find "under"."""
    assert receipt(text, "UN")[0] == hits
    assert receipt(text, "UN")[1] == ("UN ×1" if hits else "")


def test_terms_that_overlap_are_one_hit_of_the_longer() -> None:
    """Where one term begins another at the same place, the longer is counted, once."""
    assert receipt("arms embargo, arms", "arms", "arms embargo")[:2] == (
        2, "arms embargo ×1; arms ×1")  # fmt: skip


ALPHABET = st.text("aab bI\u00a0\n\r-–'’.,", max_size=40)
TERM = st.text("abi -'", min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(ALPHABET, st.lists(TERM, max_size=3))
def test_hits_are_what_an_expression_finds(text: str, terms: list[str]) -> None:
    """Sought by one regular expression, the longest first, the same words are found."""
    sought = wanted(terms)
    longest = sorted(sought, key=len, reverse=True)
    expression = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})"
    normal = anchors.prepare(text).normal
    expected = re.findall(expression, normal, re.IGNORECASE) if sought else []
    found = Searchable(text).find(sought)
    assert [word for _, word in found] == [word.lower() for word in expected]
    for place, word in found:
        assert anchors.normalise(text[place:]).lower().startswith(word.strip())


@settings(max_examples=300, deadline=None)
@given(ALPHABET)
def test_paragraphs_are_numbered_as_everywhere(text: str) -> None:
    """The number of a paragraph is the one that the rest of the package gives it."""
    searchable = Searchable(text)
    for place, char in enumerate(text):
        if not char.isspace():
            assert searchable.paragraph(place) == anchors.paragraph(text, place)


@settings(max_examples=300, deadline=None)
@given(st.text("Aab. !?\n\r\"”)'U.S.é", max_size=60))
def test_sentences_hold_every_word_once(text: str) -> None:
    """Everything but white space lies in exactly one sentence, and no sentence is ragged."""
    spans = sentences(text)
    covered = [place for start, end in spans for place in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""
        assert len(text[start:end].splitlines()) == 1


MARKS = ["Mr", "Capt", "Sept", "e.g", "U.S", "No", "xNo", "A", "a", "é", "É", "1", "_", ".", "…",
         "!", " ", "\n", "\x1f", "\u2028", "\x85", "”", "(", ". A", ".) B"]  # fmt: skip


@settings(max_examples=tries(600), deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=16).map("".join))
def test_counted_sentences_are_those_that_are_cut(text: str) -> None:
    """A text has as many sentences as it is cut into, whatever marks and line ends stand in it."""
    assert size(text) == (len(text.split()), len(sentences(text)))


@settings(max_examples=tries(300), deadline=None)
@given(st.lists(st.text("ab\u212aKk ’'\u0301İ.", max_size=20), min_size=1, max_size=4),
       st.lists(st.text("ab k'’\u0301i", min_size=1, max_size=3), min_size=1, max_size=3))  # fmt: skip
def test_receipts_are_what_a_search_finds(texts: list[str], terms: list[str]) -> None:
    """Each receipt counts what a search of its own text finds, and `hits` says the same."""
    named = {f"n{number}": text for number, text in enumerate(texts)}
    instruments = {"x": Value("x", "x", extra={"terms": terms})}
    silent = cells(*((name, "x", "silent") for name in named))
    facts = pd.DataFrame({"id": list(named), "coder": "c", "coded_on": "", "codebook_version": ""})
    found = receipts(facts, silent, instruments=instruments, texts=named)
    expected = [len(Searchable(text).find(wanted(terms))) if text else None for text in texts]
    expected = expected if wanted(terms) else [None] * len(texts)
    assert [None if pd.isna(n) else n for n in found["hits"]] == expected
    assert hits(silent, instruments=instruments, texts=named).equals(found["hits"])


@settings(max_examples=tries(300), deadline=None)
@given(st.lists(st.text("ab. A\n", max_size=30), min_size=1, max_size=4),
       st.lists(st.tuples(st.integers(0, 5), st.integers(0, 32), st.integers(0, 12)), max_size=8))  # fmt: skip
def test_overlaps_recounted(texts: list[str], spans: list[tuple[int, int, int]]) -> None:
    """Every pair of a sentence and a span of the same article that share a letter is found, once."""
    named = {f"n{number}": text for number, text in enumerate(texts)}
    found = places(named, "a", articles=list(named))
    coded = pd.DataFrame([(f"n{a}", b, b + c) for a, b, c in spans],
                         columns=["article", "start", "end"])  # fmt: skip
    expected = {
        (i, j)
        for i, line in enumerate(found.itertuples())
        for j, span in enumerate(coded.itertuples())
        if line.article == span.article and span.start < line.end and span.end > line.start
    }
    pairs = list(zip(*(one.tolist() for one in overlaps(found, coded)), strict=True))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == expected
    assert [line for line, _ in pairs] == sorted(line for line, _ in pairs)


@pytest.mark.parametrize(("text", "count"), [
    ("One. Two! Three? Four", 4),
    ("He met Gen. Haftar. He left.", 2),
    ("The U.S. Treasury could. It may.", 2),
    ("On Oct. 23 talks, e.g. Cairo's, failed.", 1),
    ("“Leave.” He left.", 2),
    ("He said: “Leave!” “Why?” she asked.", 2),
    ("No space.Here; 2.5 percent.", 1),
    ("A title\nA sentence.", 2),
    ("", 0),
])  # fmt: skip
def test_sentences_end_where_readers_end_them(text: str, count: int) -> None:
    """A full stop of an abbreviation ends nothing; one before a capital does."""
    assert len(sentences(text)) == count


def test_a_word_is_found_with_sentence_paragraph_and_rows() -> None:
    """Every sentence with the word stands with its place and the rows coded there, if any."""
    rows = pd.DataFrame({"id": ["r1", "r2", "r3"], "article": ["p", "p", "q"],
                         "start": [9, 0, 0], "end": [12, 5, 3]})  # fmt: skip
    found = find_word(TEXTS, "talk", rows=rows)
    assert found.to_numpy().tolist() == [
        ["p", 2, "Talks about turmoil.", 7, 27, 1, "r1"],
        ["p", 3, "Peace Talks, OIL and oilfields.", 28, 60, 1, ""],
    ]


def test_a_row_that_ends_before_the_sentence_is_not_its_row() -> None:
    """Of two rows, one within the other, only the one that reaches the sentence stands there."""
    rows = pd.DataFrame(
        {"id": ["long", "short"], "article": "p", "start": [7, 13], "end": [40, 18]}
    )
    assert find_word(TEXTS, "oilfields", rows=rows)["rows"].to_list() == ["long"]


def test_a_phrase_is_found_whatever_stands_between_its_words() -> None:
    """Several words are found across double spaces, and shown with single ones."""
    assert find_word(TEXTS, "peace talks")["sentence"].to_list() == [
        "Peace Talks, OIL and oilfields."
    ]


@settings(max_examples=300, deadline=None)
@given(st.text("ab. A\n’", max_size=60), st.sampled_from(["a", "b", "ab", "a b", "b’", "’", "é"]),
       st.lists(st.tuples(st.integers(-1, 50), st.integers(1, 20)), max_size=5))  # fmt: skip
def test_words_found_are_what_a_recount_finds(
    text: str, word: str, places: list[tuple[int, int]]
) -> None:
    """Counted sentence by sentence, the same hits and the same overlapping rows are found."""
    rows = pd.DataFrame({"id": [f"r{n}" for n in range(len(places))], "article": "p",
                         "start": [a for a, _ in places], "end": [a + b for a, b in places]})  # fmt: skip
    found = find_word({"p": text}, word, rows=rows)
    hits = [place for place, _ in Searchable(text).find(wanted([word]))]
    expected = []
    for start, end in sentences(text):
        inside = sum(start <= place < end for place in hits)
        coded = sorted((a, n) for n, (a, b) in enumerate(places) if 0 <= a < end and a + b > start)
        if inside:
            expected.append((start, end, inside, sorted(f"r{n}" for _, n in coded)))
    assert [
        (line.start, line.end, line.hits, sorted(filter(None, line.rows.split("; "))))
        for line in found.itertuples()
    ] == expected
    assert sum(found["hits"]) == len(hits)


@pytest.mark.parametrize("word", ["", "  ", "\u00a0"])
def test_nothing_to_seek_finds_nothing(word: str) -> None:
    """An empty word finds no sentence, rather than every one."""
    found = find_word(TEXTS, word)
    assert found.empty
    assert list(found) == SENTENCE


def test_nothing_selected_is_an_empty_table_with_its_columns() -> None:
    """Without cells, texts or rows every table is empty and has the columns it always has."""
    found = receipts(ARTICLES.iloc[:0], SILENT.iloc[:0], instruments=INSTRUMENTS, texts={})
    assert found.empty
    assert list(found) == RECEIPT
    assert list(find_word({}, "talk", rows=None)) == SENTENCE
