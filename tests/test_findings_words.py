"""Sentences with a word: every one is found, and nothing coded is called uncoded."""

import csv
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.exhibits.words_found import _marked
from policybook.findings.finding import Finding, number
from policybook.suite import Selection, Suite, open_suite

UNCODED = {"coder": "", "coded_on": "", "codebook_version": ""}


def by_code(found: list[Finding]) -> dict[str, Finding]:
    """Return findings by their kind."""
    return {finding.code: finding for finding in found}


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """A function that makes a suite of some rows; each has a sentence of its own."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def test_what_each_sentence_is(suite: Any) -> None:
    """Coded, a condition of a row, a diagnosis and not coded are counted apart, each with its rows."""
    made: Suite = suite({"article": "a", "condition_type": "proviso"},
                        {"article": "b", "instrument": "elections"},
                        diagnoses=[{"article": "b"}])  # fmt: skip
    selection = made.select()
    kinds = findings.word_rows(selection, "e")["kind"].astype(str).tolist()
    assert not kinds  # no word of these texts begins with it
    found = by_code(findings.every_sentence(selection, "sentence"))
    assert found["word-found"].text == (
        "“sentence”: two sentences – Khalid Mahmoud (2011) and Wehrey and Lacher (2012)."
    )
    assert found["word-coded"].text == (
        "Coded as a recommendation: two of two – for sanctions (under a condition) and elections."
    )
    assert found["word-coded"].rows == ("a-000", "b-001")
    assert found["word-without"].text == "Without the word: Jason Pack (2013)."
    assert "word-others" not in found
    passage = by_code(findings.every_sentence(selection, "passage"))
    assert passage["word-uncoded"].text == "Coded as a recommendation: none of them."
    assert passage["word-others"].text == (
        "The others – coded as a diagnosis, which prescribes nothing: one."
    )
    assert passage["word-others"].rows == ("b-d000",)
    begins = by_code(findings.every_sentence(selection, "begins"))
    assert begins["word-others"].text == "The others – not coded: three."
    assert "word-without" not in begins


def test_none_is_coded_as_far_as_the_filters_show(suite: Any) -> None:
    """Where filters hide every recommendation with a word, it is not said that none is coded."""
    made: Suite = suite({"article": "a", "confidence": "low"}, {"article": "b"})
    hiding = made.select(articles="a", confidence="high")
    found = by_code(findings.every_sentence(hiding, "sentence"))
    assert found["word-uncoded"].text == "Coded as a recommendation: none that the filters leave."
    assert found["word-others"].text == "The others – coded, but hidden by the filters: one."


def test_a_sentence_that_is_two_things(suite: Any) -> None:
    """A sentence that is a reason and a diagnosis is counted as each, and said to be both."""
    reason = "Passage 000 describes a problem"
    made = suite({"article": "a", "reason": reason}, diagnoses=[{"article": "a"}, {"article": "b"}])
    (found,) = (f for f in findings.every_sentence(made.select(), "passage") if f.rows)
    assert found.text == (
        "The others – condition, legal basis or reason of a recommendation: one; coded as a "
        "diagnosis, which prescribes nothing: two (one of them counted before)."
    )
    assert found.rows == ("a-000", "a-d000", "b-d001")
    html = str(exhibits.words_found(made.select(articles=["a"]), "passage").html)
    assert "reason of a recommendation on sanctions; also coded as a diagnosis" in html
    assert html.count('class="note"') == 2


def test_words_a_recommendation_rests_on(suite: Any) -> None:
    """A sentence that only holds the reason of a recommendation says so and leads to it."""
    made = suite({"article": "a", "reason": "Article a begins"})
    found = findings.word_rows(made.select(articles=["a"]), "begins")
    assert found["kind"].astype(str).tolist() == ["context"]
    assert found["shown"].tolist() == ["a-000"]
    assert findings.rows_with_word(made.select(), "begins")["id"].tolist() == ["a-000"]


def test_hidden_is_not_uncoded(suite: Any) -> None:
    """A sentence whose row a filter hides reads hidden, never not coded, and has no note."""
    made = suite({"article": "a", "confidence": "low"})
    selection = made.select(confidence="high")
    found = by_code(findings.every_sentence(selection, "sentence"))
    assert found["word-others"].text == "The others – coded, but hidden by the filters: one."
    assert findings.word_rows(selection, "sentence")["shown"].tolist() == [""]
    assert "Coded, but hidden by the filters" in str(
        exhibits.words_found(selection, "sentence").html
    )


def test_article_not_coded(suite: Any) -> None:
    """In an article that nobody has coded a sentence is not called uncoded."""
    made = suite({"article": "a"}, facts={"b": UNCODED})
    found = by_code(findings.every_sentence(made.select(articles=["a", "b"]), "begins"))
    assert found["word-others"].text == (
        "The others – not coded: one; in articles that are not coded yet: one."
    )


@pytest.mark.parametrize("word", ["", " ", "\t\n", "\u00a0"])
def test_no_word(suite: Any, word: str) -> None:
    """Without a word nothing is sought, and a sentence says so."""
    selection = suite({"article": "a"}).select()
    (finding,) = findings.every_sentence(selection, word)
    assert finding.text == "There is no word to look for: give one as `word`."
    assert exhibits.words_found(selection, word).text == "No sentence to show."
    assert findings.word_in_words(word) == ""


@pytest.mark.parametrize(
    "word",
    ["<script>alert(1)</script>", "\0", "\u202eevil", "(", "[a-z]*", "\\", "'", '"', "💥",
     "a" * 100_000, "{word}", "%s", "; ", "../../etc"],
)  # fmt: skip
def test_hostile_words(suite: Any, word: str) -> None:
    """Whatever is asked for, the page stays whole: no markup, no pattern, no long or turned text."""
    selection = suite({"article": "a"}).select()
    (finding,) = findings.every_sentence(selection, word)
    assert finding.code in {"word-nowhere", "word-none", "word-cannot"}
    assert len(finding.text) < 200
    assert "\u202e" not in finding.text
    assert "\0" not in finding.text
    html = str(exhibits.answer(selection, [finding]).html)
    assert "<script" not in html
    about = findings.word_in_words(word)
    assert "<script" not in str(exhibits.scope(selection, about=about).html)
    assert exhibits.words_found(selection, word).text == "No sentence to show."


def test_what_begins_no_word_is_not_searched_for(shipped: Suite) -> None:
    """What can begin no word is refused, and that nothing was found is said of what was searched."""
    selection = shipped.select()
    texts = " ".join(shipped.text(str(article)) for article in selection.articles["id"])
    assert "’s" in texts
    for word in ("'s", "’s", " 's ", "(UN", "-led"):
        (found,) = findings.every_sentence(selection, word)
        assert found.code == "word-cannot"
        assert found.text == (
            f"Not searched for: “{word.strip()}” – a word begins with a letter or figure."
        )
        assert exhibits.words_found(selection, word).text == "No sentence to show."
        assert findings.rows_with_word(selection, word).empty
    assert "mbargo" in texts
    told = {w: findings.every_sentence(selection, w)[0].text for w in ("mbargo", "ms embargo", "NATOX")}  # fmt: skip
    assert told == {
        "mbargo": "No sentence of the selected articles has a word that begins with “mbargo”.",
        "ms embargo": (
            "No sentence of the selected articles has words that begin with “ms embargo”."
        ),
        "NATOX": "No sentence of the selected articles has the word “NATOX”.",
    }


def test_whose_voice_and_which_side(suite: Any) -> None:
    """What sentences are coded for and against is told apart, an author's own from what he relays."""
    relayed = {"article": "a", "voice": "reported", "speaker": "un", "instrument": "elections"}
    against = {"article": "a", "instrument": "ceasefire", "stance": "opposes"}
    selection = suite(against, relayed | {"author_attitude": "rejects"}, articles=1).select()
    text = by_code(findings.every_sentence(selection, "sentence"))["word-coded"].text
    assert text == (
        "Coded as a recommendation: two of two – against a ceasefire; "
        "relayed and rejected: for elections."
    )
    html = str(exhibits.words_found(selection, "sentence").html)
    assert "Coded as a recommendation, against a ceasefire." in html
    assert "Coded as a recommendation, relayed and rejected: for elections." in html
    alone = suite(relayed, articles=1).select()
    text = by_code(findings.every_sentence(alone, "sentence"))["word-coded"].text
    assert text == "Coded as a recommendation: one of one, only relayed – for elections."


def test_no_articles(suite: Any) -> None:
    """An empty selection has its own sentence."""
    selection = suite({"article": "a"}).select(from_date="2099")
    assert [f.code for f in findings.every_sentence(selection, "sentence")] == ["nothing-selected"]
    assert exhibits.words_found(selection, "sentence").text == "No sentence to show."


def test_a_sentence_is_shown_with_its_word_and_its_note(suite: Any) -> None:
    """Each sentence stands with its word marked, its paragraph, its coding and the way to it."""
    selection = suite({"article": "a"}, articles=1).select()
    html = str(exhibits.words_found(selection, "sentence").html)
    assert "<mark>Sentence</mark> 000 asks for something." in html
    assert "Paragraph 2. Coded as a recommendation, for sanctions." in html
    assert 'href="#note-1"' in html


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Arms and arms", "arms", "<mark>Arms</mark> and <mark>arms</mark>"),
        ("forearms", "arms", "forearms"),
        ("a <b> tag", "<b>", "a <mark>&lt;b&gt;</mark> tag"),
        ("the “so-called” army", '"so-called"', "the <mark>“so-called”</mark> army"),
        ("Cafe\u0301 talks", "café", "<mark>Cafe\u0301</mark> talks"),
        ("cease–fire now", "cease-fire", "<mark>cease–fire</mark> now"),
        ("arms embargo", "arms  embargo", "<mark>arms embargo</mark>"),
    ],
)
def test_marked(text: str, word: str, expected: str) -> None:
    """A word is marked where it begins a word, in the letters of the article, and escaped."""
    assert str(_marked(text, word)) == expected


@pytest.mark.parametrize(
    "text", ["word " * 5_000, f"{'other ' * 5_000}word {'other ' * 5_000}", f"{'o' * 1_199} word"]
)
def test_a_sentence_without_end_is_cut_visibly(text: str) -> None:
    """A sentence of endless length is cut, the cut is marked, and the word stays in sight."""
    shown = str(_marked(text, "word"))
    plain = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<mark>word</mark>" in shown
    assert len(plain) < 1_300
    assert "…" in plain
    assert plain.strip("…") in text


def test_many_sentences_are_counted(tmp_path: Path) -> None:
    """A page shows so many sentences and counts the rest."""
    made = make_suite(tmp_path / "s", [{"article": "a"} for _ in range(160)], articles=1)
    html = str(exhibits.words_found(made.select(), "sentence").html)
    assert html.count("<li>") == 150
    assert "10 more sentences are not shown" in html


WORDS = ["arms", "embargo", "sanction", "Haftar", "U.S.", "talks"]
TEXT = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=6)


def written(folder: Path, lines: list[list[str]], coded: set[int]) -> Suite:
    """Return a suite whose one article has these sentences, one a line, some of them coded."""
    make_suite(folder, [], articles=1)
    text = [f"Line {n} on {' '.join(words)} here." for n, words in enumerate(lines)]
    data = ("\n".join(text) + "\n").encode()
    (folder / "seeds" / "a.txt").write_bytes(data)
    path = folder / "seeds" / "articles.csv"
    with path.open(newline="", encoding="utf-8") as file:
        facts = next(iter(csv.DictReader(file)))
    import hashlib

    facts["sha256"] = hashlib.sha256(data).hexdigest()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(facts))
        writer.writeheader()
        writer.writerow(facts)
    head = "id,article,quote,instrument,stance,strength\n"
    rows = [f"a-{n:03},a,{text[n]},sanctions,supports,should\n" for n in sorted(coded)]
    (folder / "recommendations.csv").write_text(head + "".join(rows), "utf-8")
    return open_suite(folder)


def test_one_diagnosis_counted_before(shipped: Suite) -> None:
    """A single diagnosis that was counted before is not told as one of several."""
    found = by_code(findings.every_sentence(shipped.select(), "oil"))["word-others"]
    assert "which prescribes nothing: one, counted before;" in found.text
    found = by_code(findings.every_sentence(shipped.select(), "UN"))["word-others"]
    assert "(one of them counted before)" in found.text


def test_a_word_of_capitals_is_found_as_it_is(tmp_path: Path, shipped: Suite) -> None:
    """A word all in capitals is an abbreviation, found whole and in capitals, and the page says so."""
    lines = [["under"], ["UN"], ["United"], ["the", "UN-led"], ["un"], ["UNSMIL"]]
    selection = written(tmp_path / "s", lines, set()).select()
    for word, hits in (("UN", [1, 3]), ("un", [0, 1, 2, 3, 4, 5]), ("Un", [0, 1, 2, 3, 4, 5])):
        html = str(exhibits.words_found(selection, word).html)
        assert [int(n) for n in re.findall(r"Line (\d+) on", html)] == hits
        assert len(re.findall("(?i)<mark>un</mark>", html)) == len(hits)
        found = by_code(findings.every_sentence(selection, word))["word-found"]
        assert f": {number(len(hits))} sentences – " in found.text
        assert found.caveat.startswith("A word all in" if word == "UN" else "Capitals do not")
    (nowhere,) = findings.every_sentence(selection, "NATO")
    assert nowhere.caveat.startswith("A word all in capitals is found only as it is")
    texts = (shipped.text(str(article)) for article in shipped.articles["id"])
    assert len(findings.word_rows(shipped.select(), "UN")) <= sum(len(re.findall(r"\bUN\b", t)) for t in texts)  # fmt: skip


@settings(max_examples=tries(35), deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=TEXT, coded=st.sets(st.integers(0, 5)), word=st.sampled_from([*WORDS, "emb", "argo"]))
def test_every_sentence_against_a_recount(
    lines: list[list[str]], coded: set[int], word: str
) -> None:
    """In any text every sentence with the word is found once, and coded ones are told apart."""
    coded = {n for n in coded if n < len(lines)}
    with tempfile.TemporaryDirectory() as folder:
        selection = written(Path(folder) / "s", lines, coded).select()
        check(selection, lines, coded, word)


def check(selection: Selection, lines: list[list[str]], coded: set[int], word: str) -> None:
    """Recount with plain loops."""
    begins = word.lower()
    hits = [n for n, words in enumerate(lines) if any(w.lower().startswith(begins) for w in words)]
    found = findings.every_sentence(selection, word)
    codes = by_code(found)
    assert ("word-nowhere" in codes) == (not hits)
    if not hits:
        return
    noun = "sentence" if len(hits) == 1 else "sentences"
    assert f": {number(len(hits))} {noun} – " in codes["word-found"].text
    mine = [n for n in hits if n in coded]
    rows = codes.get("word-coded", Finding("")).rows
    assert rows == tuple(f"a-{n:03}" for n in mine)
    rest = len(hits) - len(mine)
    assert (f"not coded: {number(rest)}." in codes.get("word-others", Finding("")).text) == (
        rest > 0
    )
    html = str(exhibits.words_found(selection, word).html)
    assert [int(n) for n in re.findall(r"Line (\d+) on", re.sub("</?mark>", "", html))] == hits
