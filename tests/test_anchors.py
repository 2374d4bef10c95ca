"""A quotation is found where it stands, and nowhere else.

The reference below is slow and simple: it knows the declared normalisation as a list of code points
and tries every span of a text. What the package finds is held against it.
"""

from __future__ import annotations

import difflib
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policybook import anchors
from policybook.anchors import Span, locate, prepare
from policybook.closest import closest

SINGLE = [0x27, 0x2018, 0x2019, 0x201A, 0x201B, 0x2032, 0xB4, 0x60]
DOUBLE = [0x22, 0x201C, 0x201D, 0x201E, 0x201F, 0x2033, 0xAB, 0xBB]
DASHES = [0x2D, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212]
FAMILIES = (SINGLE, DOUBLE, DASHES)

LETTERS = "aeE q\n\t.…'’“\"-—–\u00a0\u2009\u2028\r"
ACCENTS = "éÅ\u0301\u0300\u0327\u0303\u0344\u212b\u0345"
SYLLABLES = "\u1100\u1161\u11a8가\u0958\u0f71\u0f73\u09c7\u09be\u1fef\u1fed\u200d\ufb01"
texts = st.text(LETTERS + ACCENTS + SYLLABLES, max_size=24) | st.text(max_size=24)


def plain(text: str) -> str:
    """Return a text after the declared normalisation, step by step."""
    composed = unicodedata.normalize("NFC", text)
    marks = {point: chr(family[0]) for family in FAMILIES for point in family}
    return " ".join(composed.translate(marks).split())


def clean_cut(text: str, place: int) -> bool:
    """Tell whether a cut there goes through no accented letter and no syllable."""
    left, right = text[:place], text[place:]
    whole = unicodedata.normalize("NFC", text)
    parts = unicodedata.normalize("NFC", left) + unicodedata.normalize("NFC", right)
    mark = right and unicodedata.combining(unicodedata.normalize("NFD", right)[0])
    return parts == whole and not mark


def found(quote: str, text: str, prefix: str = "") -> list[str]:
    """Return every passage that is found, as printed."""
    spans = locate(quote, prepare(text), prefix=prefix, most=1000)
    return [text[span.start : span.end] for span in spans]


# --- worked by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quote", "spans"),
    [
        ("Stop the war.", "the war", [(5, 12)]),
        ("Egypt’s  role", "Egypt's role", [(0, 13)]),
        ("“Stop” – now", '"Stop" - now', [(0, 12)]),
        ("«Stop» ‚now‛", "\"Stop\" 'now'", [(0, 12)]),
        ("no\u00a0break", "no break", [(0, 8)]),
        ("two\r\n  lines", "two lines", [(0, 12)]),
        ("two lines", " two\n\n\u2003lines ", [(0, 9)]),
        ("cafe\u0301 noir", "café", [(0, 5)]),
        ("cafe\u0301 noir", "é noir", [(3, 10)]),
        ("café noir", "cafe\u0301", [(0, 4)]),
        ("\u1112\u1161\u11ab글", "한글", [(0, 4)]),
        ("q\u0323\u0307 x", "q\u0307\u0323", [(0, 3)]),
        ("one  e\u0301  two  e\u0301  three", "two é three", [(9, 23)]),
        ("NA is a word", "NA", [(0, 2)]),
    ],
)
def test_a_quotation_is_found(text: str, quote: str, spans: list[tuple[int, int]]) -> None:
    """The span counts code points of the untouched text, so that it can be cut out as printed."""
    assert locate(quote, prepare(text)) == [Span(*span) for span in spans]


@pytest.mark.parametrize("family", FAMILIES)
def test_marks_of_a_family_are_one(family: list[int]) -> None:
    """Curly and straight quotation marks are the same mark, and so are all dashes."""
    for printed in family:
        for coded in family:
            assert found(f"a{chr(coded)}b", f"xa{chr(printed)}bx") == [f"a{chr(printed)}b"]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Egypt’s role", "egypt's role"),
        ("Egypt’s role", "Egypts role"),
        ("Egypt’s role", "Egypt s role"),
        ("Egypt’s role", 'Egypt"s role'),
        ("Egypt’s role", "Egypt's role."),
        ("Egypt’s role", "Egypt's rôle"),
        ("Egypt’s role", "Egypt'srole"),
        ("Egypt’s clear favoritism", "Egypt's clear favouritism"),
        ("the war, now", "the war now"),
        ("stop the bloody war", "stop … war"),
        ("stop the bloody war", "stop ... war"),
        ("stop…", "stop..."),
        ("stop — now", "stop -- now"),
        ("stop—now", "stop — now"),
        ("ﬁne", "fine"),
        ("１２", "12"),
        ("co\u00adoperate", "cooperate"),
        ("co\u200boperate", "cooperate"),
        ("straße", "strasse"),
        ("İzmir", "Izmir"),
        ("cafe\u0301 noir", "cafe"),
        ("\u1112\u1161\u11ab글", "하"),
        ("", "a"),
        ("a", ""),
        ("a b", " "),
    ],
)
def test_nothing_looser(text: str, quote: str) -> None:
    """Case, spelling, punctuation, ellipses and look-alikes never match."""
    assert locate(quote, prepare(text)) == []


@pytest.mark.parametrize(
    ("text", "quote", "prefix", "spans"),
    [
        ("He left. He left.", "He left", "", [(0, 7), (9, 16)]),
        ("He left. He left.", "He left", "left.", [(9, 16)]),
        ("He left. He left.", "He left", "gone.", []),
        ("“So” he left, so he left", "he left", '"So"', [(5, 12)]),
        ("one,\u00a0two", "two", "one,", [(5, 8)]),
        ("onetwo one two", "two", "one", [(3, 6), (11, 14)]),
        ("one two", "two", " \n", [(4, 7)]),
        ("two one", "two", "one", []),
        ("cafe\u0301 bar, cafe bar", "bar", "café", [(6, 9)]),
    ],
)
def test_the_words_before_tell_places_apart(
    text: str, quote: str, prefix: str, spans: list[tuple[int, int]]
) -> None:
    """A prefix keeps only the places right after it."""
    assert locate(quote, prepare(text), prefix=prefix) == [Span(*span) for span in spans]


def test_places_that_overlap_are_two() -> None:
    """Words that overlap their own repetition are ambiguous, too."""
    assert locate("aa", prepare("aaa")) == [Span(0, 2), Span(1, 3)]
    assert locate("he and he", prepare("he and he and he")) == [Span(0, 9), Span(7, 16)]


def test_two_places_are_enough() -> None:
    """Ambiguity is told from two places on; more are listed only when asked for."""
    text = prepare("no no no no")
    assert len(locate("no", text)) == 2
    assert len(locate("no", text, most=3)) == 3
    assert len(locate("no", text, most=20)) == 4


# --- against the reference -----------------------------------------------------------------------


@given(texts)
@example("a\u0f73\u0301")
@example("\u1100\u1161\u1161\u11a8")
@example("e\u0301\u00a0\n\u0301")
@settings(max_examples=400, deadline=None)
def test_a_text_is_normalised_as_declared(text: str) -> None:
    """The searched form of a text is its declared normalisation, whatever the text."""
    assert prepare(text).normal.strip() == plain(text) == anchors.normalise(text)


@given(texts, st.data())
@settings(max_examples=400, deadline=None)
def test_whatever_is_cut_out_is_found_again(text: str, data: st.DataObject) -> None:
    """Any passage that cuts no letter in two is found, exactly where it stands."""
    cuts = [i for i in range(len(text) + 1) if clean_cut(text, i)]
    start, end = sorted(data.draw(st.tuples(st.sampled_from(cuts), st.sampled_from(cuts))))
    passage = text[start:end]
    if passage.strip():
        start += len(passage) - len(passage.lstrip())
        end = start + len(passage.strip())
        assert Span(start, end) in locate(passage, prepare(text), most=1000)
        assert Span(start, end) in locate(plain(passage), prepare(text), most=1000)


@given(texts, st.text("ae é'’-\u0301", min_size=1, max_size=3))
@settings(max_examples=400, deadline=None)
def test_whatever_is_found_is_the_quotation(text: str, quote: str) -> None:
    """A found passage equals the quotation after the declared normalisation, and nothing less."""
    for passage in found(quote, text):
        assert plain(passage) == plain(quote)
        assert passage == passage.strip()


@given(texts, st.text("ae \n-—", min_size=1, max_size=2), st.text("aeE .'’", max_size=2))
@settings(max_examples=400, deadline=None)
def test_a_prefix_only_chooses(text: str, quote: str, prefix: str) -> None:
    """With a prefix, those places remain whose words before end in it, and no others."""
    every = locate(quote, prepare(text), most=1000)
    kept = [s for s in every if plain(text[: s.start]).endswith(plain(prefix))]
    assert locate(quote, prepare(text), prefix=prefix, most=1000) == kept


# --- proposals -----------------------------------------------------------------------------------

ARTICLE = """Stop the war

Egypt’s clear favoritism in Libya’s conflict has been a problem. Washington should press Cairo.

The United Nations ought to convene talks — without delay. The envoy must go.
"""


@pytest.mark.parametrize(
    ("quote", "proposed"),
    [
        (
            "Egypt's clear favouritism in Libya's conflict",
            "Egypt’s clear favoritism in Libya’s conflict",
        ),
        ("washington should press cairo", "Washington should press Cairo."),
        ("Washington must press Cairo", "Washington should press Cairo."),
        (
            "The United Nations ought to convene a conference",
            "The United Nations ought to convene talks — without",
        ),
        ("the envoy must resign", "The envoy must go."),
    ],
)
def test_the_closest_passage_is_the_one_meant(quote: str, proposed: str) -> None:
    """What is proposed is the passage that a reader would take for the one meant, as printed."""
    span = closest(quote, prepare(ARTICLE))
    assert span is not None
    assert ARTICLE[span.start : span.end] == proposed


@pytest.mark.parametrize(
    "quote",
    ["Penguins juggle quantum marmalade", "…", "", "   ", "zz", "7", "Zyxwvutsrqponm" * 300],
)
def test_nonsense_has_no_closest_passage(quote: str) -> None:
    """Where no passage is near, none is proposed."""
    assert closest(quote, prepare(ARTICLE)) is None


@pytest.mark.parametrize("text", ["", "…", " \n "])
def test_a_text_without_words_proposes_nothing(text: str) -> None:
    """A text without words has no passage to propose."""
    assert closest("Stop the war", prepare(text)) is None


@given(texts, texts)
@settings(max_examples=400, deadline=None)
def test_a_proposal_is_always_a_passage(quote: str, text: str) -> None:
    """A proposal lies in the text, and shares at least half of its letters with the quotation."""
    span = closest(quote, prepare(text))
    if span:
        assert 0 <= span.start < span.end <= len(text)
        passage = plain(text[span.start : span.end])
        alike = difflib.SequenceMatcher(None, plain(quote), passage, autojunk=False)
        assert alike.ratio() >= 0.5


# --- places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line", "paragraph"),
    [("Stop", 1, 1), ("war", 1, 1), ("Egypt", 3, 2), ("Washington", 3, 2), ("envoy", 5, 3)],
)
def test_line_and_paragraph(words: str, line: int, paragraph: int) -> None:
    """A place is named by its physical line and by its paragraph, empty lines not counted."""
    place = ARTICLE.index(words)
    assert anchors.line(ARTICLE, place) == line
    assert anchors.paragraph(ARTICLE, place) == paragraph


def test_an_indented_paragraph_begins_at_its_first_word() -> None:
    """White space before a paragraph does not make one of its own."""
    text = "One.\n   \n   Two.\r\n\r\n\tThree."
    assert [anchors.paragraph(text, text.index(w)) for w in ("One", "Two", "Three")] == [1, 2, 3]
    assert [anchors.line(text, text.index(w)) for w in ("One", "Two", "Three")] == [1, 3, 5]
