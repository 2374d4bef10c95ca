"""Sentences on what was read and on one article: what is asked, relayed, only described."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.exhibits.appendix import evidence
from policybook.findings import reading
from policybook.findings.coverage import themes
from policybook.findings.finding import Finding
from policybook.findings.opening import stand_apart
from policybook.measures import passages
from policybook.suite import Suite
from test_findings_time import HARD, ROWS, A, B, C, by_code, generated, own

Make = Callable[..., Suite]
UNCODED = {"coder": "", "coded_on": "", "codebook_version": ""}


def relayed(article: str, **cells: str) -> dict[str, str]:
    """Return a row that relays somebody's position."""
    return {"article": article, "voice": "reported", "speaker": "un-envoy", **cells}


@pytest.fixture
def suite(tmp_path: Path) -> Make:
    """A function that makes a suite of some rows."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def test_what_was_read(suite: Make) -> None:
    """Articles, genres, sentences, coded rows and coders are counted and named."""
    made = suite(
        own("a"), own("b"), relayed("b"),
        facts={"c": {"genre": "news-report"}}, diagnoses=[{"article": "c"}],
    )  # fmt: skip
    found = by_code(findings.what_was_read(made.select()))
    assert found["read"] == (
        "Articles read: three, published 5 March 2011 – 5 March 2013; by genre, three of three inferred: op-ed (2) and news report (1)."
    )
    assert found["yield"].startswith("Sentences read: 7; coded rows – authors’ own ")
    assert found["yield"].endswith(
        "recommendations: 2, relayed positions: 1, passages that describe a problem: 1."
    )
    assert found["coded"].startswith("Coded by ")
    assert found["coded"].endswith(f"against codebook 1.0.0: {A}, {B}, and {C}.")
    assert "not-coded" not in found


def test_not_coded_is_not_silent(suite: Make) -> None:
    """An article nobody coded is named, and neither prescribes nothing nor is silent."""
    made = suite(own("a", "elections"), articles=2, facts={"b": UNCODED})
    found = findings.what_was_read(made.select())
    texts = by_code(found)
    assert (
        texts["not-coded"] == f"Not coded, so that nothing is said of them, not even silence: {B}."
    )
    assert "prescribes-nothing" not in texts
    assert set(findings.states(made.select())["article"]) == {"a", "b"}
    assert set(reading.receipts(made.select())["article"]) == {"a"}


def test_who_prescribes_nothing_and_what_instead(suite: Make) -> None:
    """An article without a recommendation of its own says what it describes and relays."""
    diagnosed = [{"article": "b", "instrument": "exclude_haftar"}]
    made = suite(own("a"), relayed("b"), articles=3, diagnoses=diagnosed)
    found = [f for f in findings.what_was_read(made.select()) if f.code == "prescribes-nothing"]
    assert [f.text for f in found] == [
        f"{B}, op-ed – prescribes nothing; describes problems under excluding Haftar; relays positions of others (1).",
        f"{C}, op-ed – prescribes nothing.",
    ]
    assert [f.rows for f in found] == [("b-d000",), ()]


def test_filters_make_nobody_prescribe_nothing(suite: Make) -> None:
    """What a filter hides is still a recommendation."""
    made = suite(own("a", confidence="low"), articles=1)
    for voices in ("author", "reported", "both"):
        found = by_code(findings.what_was_read(made.select(confidence="high", voices=voices)))
        assert "prescribes-nothing" not in found


def test_described_and_nothing_prescribed(suite: Make) -> None:
    """Describing without prescribing is told of prescribing authors and of others apart."""
    diagnosed = [{"article": name, "instrument": "pressure_egypt_uae"} for name in "abc"]
    made = suite(own("a"), own("c", "pressure_egypt_uae"), diagnoses=diagnosed)
    found = findings.diagnosed_only(made.select())
    assert [(f.code, f.rows) for f in found] == [
        ("diagnosed-silent", ("a-d000",)),
        ("diagnosed-nothing", ("b-d001",)),
    ]
    assert found[0].text == (
        "Pressure on Egypt and the UAE – problems described, nothing prescribed on it "
        f"(other things are): {A}."
    )
    assert C not in found[0].text + found[1].text


def test_answered_under_another_heading(suite: Make) -> None:
    """A problem answered by an instrument that serves the theme is not one left unanswered."""
    served = {
        "instrument": "arms_embargo",
        "target": "regional-states",
        "objective": "stop_outside_support",
    }
    diagnosed = [{"article": "a", "instrument": "pressure_egypt_uae"}]
    made = suite(own("a", **served), articles=1, diagnoses=diagnosed)
    assert [f.code for f in findings.diagnosed_only(made.select())] == ["diagnosed-serving"]
    found = findings.diagnosed_only(made.select(voices="reported"))
    assert "diagnosed-silent" not in by_code(found)


def test_nothing_only_described(suite: Make) -> None:
    """Where every problem described is answered, the sentence says that none is left."""
    made = suite(own("a"), diagnoses=[{"article": "a"}])
    assert [f.code for f in findings.diagnosed_only(made.select())] == ["diagnosed-none"]
    assert findings.diagnosed_rows(made.select()).empty


def test_whoever_opposes_a_theme_prescribes_on_it(suite: Make) -> None:
    """Who describes a problem and rejects the theme prescribes on it, and not against the problem."""
    made = suite(own("a", stance="opposes"), diagnoses=[{"article": "a"}], articles=1)
    (found,) = findings.diagnosed_only(made.select())
    assert found.text == (
        "No article describes the problem of a named theme and prescribes nothing on the theme."
    )
    facts = {"b": {"coder": "", "coded_on": "", "codebook_version": ""}}
    some = suite(own("a"), diagnoses=[{"article": "a"}], articles=2, facts=facts)
    (found,) = findings.diagnosed_only(some.select())
    assert found.text.startswith("As far as coded, no article describes the problem of a named")


def test_silences_have_receipts(suite: Make) -> None:
    """Silences are counted by what a search for their terms finds; a hit proves nothing."""
    found = findings.silences(suite(own("a"), articles=1).select())
    assert found[0].text == (
        "Silences on the named themes: three; search terms in the text all the same: no; "
        "no search term in the text: three."
    )
    assert not found[0].caveat
    nothing = suite(relayed("a"), articles=1)
    (none,) = findings.silences(nothing.select())
    assert none.text == "No selected article prescribes anything, so none can be silent on a theme."
    some = suite(relayed("a"), articles=2, facts={"b": UNCODED})
    (none,) = findings.silences(some.select())
    assert none.text == "No coded article prescribes anything, so none can be silent on a theme."
    every = suite(*(own("a", theme) for theme in themes(some.select())), articles=1)
    (none,) = findings.silences(every.select())
    assert none.text == "No article that prescribes is silent on a named theme."


@pytest.mark.parametrize(
    "ask", [findings.what_was_read, findings.diagnosed_only, findings.silences]
)
def test_nothing_selected(suite: Make, ask: Callable[..., list[Finding]]) -> None:
    """Without an article in the selection there is one sentence, which says that."""
    assert [f.code for f in ask(suite(own("a")).select(from_date="2030"))] == ["nothing-selected"]


@HARD
@given(rows=ROWS)
def test_sizes_recounted(rows: list[dict[str, str]]) -> None:
    """Own and relayed rows are counted right, and who has none of its own prescribes nothing."""
    selection = generated(rows, [(0, 0)] * 4)
    own_rows = [row["article"] for row in rows if row["voice"] != "reported"]
    others = [row["article"] for row in rows if row["voice"] == "reported"]
    for line in reading.sizes(selection).to_dict("records"):
        assert line["own"] == own_rows.count(line["article"])
        assert line["relayed"] == others.count(line["article"])
    found = reading.without_prescription(selection)
    assert {f.subject for f in found} == set("abcd") - set(own_rows)


def test_one_article(suite: Make) -> None:
    """What an article asks for, of whom, opposes, relays and describes are sentences of their own."""
    made = suite(
        own("a", strength="must", addressee="united-states"),
        own("a", strength="could", addressee="united-states; un"),
        own("a", "elections", condition_type="proviso"),
        own("a", "ceasefire", stance="opposes", strength="implied"),
        relayed("a", instrument="un_mediation", author_attitude="endorses"),
        own("b", "elections"),
        articles=2,
        diagnoses=[{"article": "a", "instrument": "oil_protection"}, {"article": "a"}],
    )
    found = findings.one_article(made.select(articles=["a"]), "a")
    assert [f.text for f in found] == [
        f"{A} – courses of action put forward by the author: four.",
        "Must: sanctions.",
        "Should: elections (under a condition).",
        "Addressed, with the number of courses of action: the United States (2) and the United Nations (1).",
        "Addressed to nobody in particular, counted in courses of action: two.",
        "Opposes: a ceasefire (only implied).",
        "Only relayed, the author’s attitude “endorses”: the UN envoy for UN mediation.",
        "Problems described, with nothing prescribed under their heading: protection of the oil.",
        (
            "Of the authors of all two articles, prescribed by this one alone – for sanctions; "
            "against a ceasefire (only implied)."
        ),
    ]
    terms = {"instrument": "un_mediation", "confidence": "low", "author_attitude": "rejects"}
    made = suite(relayed("a", **terms, condition_type="proviso"), own("a", "elections", stance="opposes", confidence="low"))  # fmt: skip
    texts = [f.text for f in findings.one_article(made.select(articles=["a"]), "a")]
    assert "Opposes: elections (doubtful)." in texts
    assert (
        "Only relayed, the author’s attitude “rejects”: the UN envoy for UN mediation "
        "(condition: “provided that number 000 holds”; doubtful)."
    ) in texts
    assert found[1].rows == ("a-000",)
    assert found[5].rows == ("a-003",)
    assert found[7].rows == ("a-d000",)


def test_one_article_that_prescribes_nothing(suite: Make) -> None:
    """An article without recommendations says so; hidden, uncoded and unselected ones say that."""
    made = suite(own("a", confidence="low"), relayed("b"), facts={"c": UNCODED})

    def first(article: str, **asked: str) -> str:
        return findings.one_article(made.select(**asked), article)[0].text  # type: ignore[arg-type]

    assert first("b") == f"{B} – prescribes nothing."
    assert first("a", confidence="high") == f"{A} – recommendations hidden by the filters: 1."
    assert first("c") == f"{C} – not coded, so nothing is said of it, not even silence."
    assert first("a", from_date="2030") == "No article of this suite is within the selection."


@HARD
@given(rows=ROWS)
def test_one_article_recounted(rows: list[dict[str, str]]) -> None:
    """No row of one article is told of another, and no relayed one as its author's."""
    selection = generated(rows, [(0, 0)] * 4)
    facts = {str(r["id"]): r for r in selection.rows.to_dict("records")}
    for article in "abcd":
        for finding in findings.one_article(selection, article):
            for row in finding.rows:
                assert facts[row]["article"] == article
                assert (facts[row]["voice"] == "reported") == (finding.code == "article-relays")
            if finding.code == "article-asks":
                assert {facts[row]["stance"] for row in finding.rows} == {"supports"}
        whole = findings.asked_rows(selection, article), findings.relayed_rows(selection, article)
        assert sum(map(len, whole)) == sum(f["article"] == article for f in facts.values())


@settings(max_examples=tries(20), deadline=None)
@given(text=st.text(max_size=200))
def test_sizes_of_any_text(text: str) -> None:
    """Any text has as many words as white space parts, and a sentence only where it has a word."""
    words, sentences = passages.size(text)
    assert words == len(text.split())
    assert bool(sentences) == bool(words)


def test_diagnoses_lead_to_their_evidence(suite: Make) -> None:
    """A passage that only describes has its number, and the number its paragraph, marked."""
    made = suite(own("a"), diagnoses=[{"article": "b", "instrument": "exclude_haftar"}])
    selection = made.select()
    shown = str(exhibits.diagnoses(selection, findings.diagnosed_rows(selection)).html)
    numbers = re.findall(r'href="#(note-\d+)"', shown)
    assert len(numbers) == 1
    behind = str(evidence(selection).html)
    assert f'<mark id="{numbers[0]}">Passage 000 describes a problem</mark>' in behind
    assert "describes a problem under the heading: excluding Haftar" in behind


def test_pages_of_one_article(suite: Make) -> None:
    """The facts of an article stand with their basis, its demands with their words and notes."""
    made = suite(own("a", target="egypt"), own("a", target="uae"), articles=1)
    selection = made.select(articles=["a"])
    assert "a public page says so" in str(exhibits.about_article(selection, "a").html)
    guess = {"a": {"possible_authors": "jason-pack (inferred, 0.85)"}}
    guessed = suite(own("a"), articles=1, facts=guess).select()
    assert "Jason Pack (inferred, about 85 %)" in str(exhibits.about_article(guessed, "a").html)
    demands = str(exhibits.demands(selection, findings.asked_rows(selection, "a")).html)
    assert demands.count('class="note"') == 2
    assert "“Sentence 000 asks for something”" in demands
    assert A in str(exhibits.article_scope(selection, "a").html)
    empty = made.select(from_date="2030")
    for shown in (exhibits.about_article(empty, "a"), exhibits.demands(empty, empty.rows)):
        assert "<table" not in str(shown.html)


def test_receipts_put_the_named_themes_first(suite: Make) -> None:
    """Each silence names who read, by which rules, and what was sought."""
    made = suite(own("a", "elections"), own("b", "elections"), articles=2)
    shown = str(exhibits.receipts(made.select()).html)
    first = re.findall(r'<th scope="row">([^<]*)', shown)
    themes = [
        "Sanctions",
        "Pressure on Egypt and the UAE",
        "Excluding Haftar",
        "Algerian mediation",
    ]
    assert first[:8] == [theme for theme in themes for _ in "ab"]
    assert "codebook 1.0.0" in shown


def test_the_shipped_suite(shipped: Suite) -> None:
    """On the shipped articles the known answers come out, computed."""
    selection = shipped.select()
    nothing = [
        f.subject for f in findings.what_was_read(selection) if f.code == "prescribes-nothing"
    ]
    assert nothing == ["mahmoud-2018", "daily-sabah-2019"]
    described = {(f.code, f.subject): f.rows for f in findings.diagnosed_only(selection)}
    assert set(described) == {
        ("diagnosed-silent", "pressure_egypt_uae"), ("diagnosed-nothing", "pressure_egypt_uae"),
    }  # fmt: skip
    assert described["diagnosed-silent", "pressure_egypt_uae"][0].startswith("mei-2014-d")
    silent = findings.silences(selection)[0]
    assert (
        "search terms in the text all the same: two; no search term in the text: two" in silent.text
    )
    assert "proves no recommendation" in silent.caveat
    every = findings.one_article(selection, "wehrey-lacher-2019")
    assert "excluding Haftar" in by_code(every)["article-alone"]


def test_what_is_described_in_doubt_says_so(suite: Make) -> None:
    """A problem that only doubtful passages describe is told as doubtful, article by article."""
    low = {"confidence": "low"}
    seen = [{"article": "a", **low}, {"article": "a", "instrument": "elections"},
            {"article": "a", "instrument": "elections", **low}, {"article": "b", **low},
            {"article": "c"}]  # fmt: skip
    made = suite(relayed("c", **low), articles=3, diagnoses=seen)
    selection = made.select()
    (told,) = (f.text for f in findings.what_was_read(selection) if f.subject == "a")
    assert "describes problems under sanctions (doubtful) and elections" in told
    (sanctions,) = findings.diagnosed_only(selection)
    assert sanctions.text.endswith(f": {A[:-1]}, doubtful), {B[:-1]}, doubtful), and {C}.")
    described = findings.one_article(made.select(articles=["a"]), "a")
    assert "sanctions (doubtful) and elections." in by_code(described)["article-diagnoses"]
    (apart,) = stand_apart(made.select(theme="sanctions"))
    assert apart.text == (
        f"Nothing prescribed on it – problems described (doubtful): {A} and {B}; "
        f"problems described, others’ positions relayed (doubtful): {C}."
    )


def test_what_is_inferred_says_so(suite: Make) -> None:
    """A date, an outlet or a genre that is argued is nowhere printed like one that is known."""
    days = {"published": "", "earliest": "2011-03-01", "latest": "2011-03-20",
            "outer_latest": "2011-05-01", "date_basis": "inferred"}  # fmt: skip
    facts = {"a": {**days, "outlet": "A Review", "outlet_basis": "inferred"},
             "b": {"outlet": "A Paper", "outlet_basis": "page", "genre_basis": "page"}}  # fmt: skip
    made = suite(own("a"), own("b"), articles=2, facts=facts)
    selection = made.select()
    read = findings.what_was_read(selection)[0].text
    assert "published c. March 2011 – 5 March 2012; by genre, one of two inferred:" in read
    table = str(exhibits.reading_list(selection).html)
    assert "1–20 March 2011, at the widest 1 March – 1 May 2011 (inferred)" in table
    assert "A Review (inferred)" in table
    assert "A Paper (inferred)" not in table
    assert table.count("op-ed (inferred)") == 1
    evidence = str(exhibits.quotations(selection, selection.rows).html)
    assert "A Review, 1–20 March 2011 (outlet and date inferred), paragraph" in evidence
    assert "A Paper, 5 March 2012, paragraph" in evidence
    points = exhibits.before_you_quote(selection).text
    assert "Outlet inferred, not printed: Khalid Mahmoud (2011)." in points
