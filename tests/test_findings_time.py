"""Sentences on time: recounted, never a trend through different authors, never a false order."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.exhibits import appearances, events, shifts, timeline
from policybook.findings import written
from policybook.findings.finding import Finding
from policybook.findings.opening import brief
from policybook.measures import timeline as measure
from policybook.suite import Selection, Suite, open_suite

A, B, C, D = (
    "Khalid Mahmoud (2011)",
    "Wehrey and Lacher (2012)",
    "Jason Pack (2013)",
    "Karim Mezran (2014)",
)
THEMES = ("sanctions", "pressure_egypt_uae", "exclude_haftar", "algerian_mediation")
Make = Callable[..., Suite]


def own(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row in the author's own voice."""
    return {"article": article, "instrument": instrument, **cells}


def by_code(found: list[Finding]) -> dict[str, str]:
    """Return the sentences of findings by their kind, the last of each."""
    return {finding.code: finding.text for finding in found}


def on(days: str, last: str = "") -> dict[str, str]:
    """Return the facts of an article published within some days."""
    return {"published": "", "earliest": days, "latest": last or days, "date_basis": "inferred"}


@pytest.fixture
def suite(tmp_path: Path) -> Make:
    """A function that makes a suite of some rows."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def test_recurs_across_years(suite: Make) -> None:
    """A theme taken up in different years is said to be, with the years and the articles."""
    first = findings.recurrence(suite(own("a"), own("c", stance="opposes")).select())[0]
    assert first.text == (
        f"Sanctions – across years (2011 and 2013): {A} and {C[:-1]}, against it)."
    )
    assert (first.code, first.rows, first.subject) == (
        "recurs-years",
        ("a-000", "c-001"),
        "sanctions",
    )


def test_conditions_are_never_dropped(suite: Make) -> None:
    """What an article says only under a condition, or only implies, is marked where it is named."""
    rows = [own("a", condition_type="goal"), own("b"), own("b", condition_type="goal"),
            own("c", "ceasefire", stance="opposes", strength="implied", condition_type="goal")]  # fmt: skip
    selection = suite(*rows).select()
    first = findings.recurrence(selection)[0]
    assert first.text == f"Sanctions – across years (2011 and 2012): {A[:-1]}, under a condition) and {B}."  # fmt: skip
    assert by_code(findings.what_changed(selection))["course-appears-once"] == (
        "In one article only – no other of these articles prescribes anything on it: "
        "a ceasefire (against it, under a condition, only implied)."
    )


def test_recurs_within_one_year(suite: Make) -> None:
    """Two articles of one year do not make a theme recur across years."""
    facts = {"a": on("2011-02-01"), "b": on("2011-11-01")}
    first = findings.recurrence(suite(own("a"), own("b"), facts=facts).select())[0]
    assert first.code == "recurs-one-year"
    assert first.text.startswith("Sanctions – in 2011 only: ")


def test_years_that_are_not_certain(suite: Make) -> None:
    """Where a date may fall into either of two years, different years are not claimed."""
    facts = {"a": on("2011-12-20", "2012-01-10"), "b": on("2012-03-01")}
    first = findings.recurrence(suite(own("a"), own("b"), facts=facts).select())[0]
    assert first.code == "recurs-unclear"
    assert "in two articles, not certainly of different years" in first.text


def test_once_never_and_hidden(suite: Make) -> None:
    """One article, no article and hidden rows are three different sentences."""
    made = suite(own("a"), own("b", "pressure_egypt_uae", confidence="low"), own("c", "elections"))
    found = findings.recurrence(made.select(confidence="high"))
    texts = [f.text for f in found if not f.code.startswith("after")]
    assert texts[0] == f"Sanctions – in one article only: {A}."
    assert (
        texts[1]
        == "Pressure on Egypt and the UAE – hidden by the filters in one of the articles: its course is not told."
    )
    assert texts[2] == "Excluding Haftar – in no article."


def test_one_later_article_is_no_vanishing(suite: Make) -> None:
    """With one later article that prescribes, the sentence is that it does not prescribe the theme."""
    found = by_code(findings.recurrence(suite(own("a"), own("b", "elections")).select()))
    assert (
        found["after-one"]
        == f"Sanctions, afterwards – the one later article that prescribes leaves it out of its demands: {B}"
        f"; no sign either way, as nothing is prescribed there: {C}."
    )
    assert "after-vanishes" not in found


def test_vanishing_needs_two(suite: Make) -> None:
    """Two later articles that prescribe, and not this, are what "vanishes" needs, whatever they describe."""
    rows = [own("a"), own("b", "elections"), own("c", "elections")]
    found = findings.recurrence(suite(*rows, diagnoses=[{"article": "c"}]).select())
    assert by_code(found)["after-vanishes"] == (
        "Sanctions, afterwards – vanishes: two later articles that prescribe leave it out of their "
        f"demands: {B}, and {C}."
    )
    assert all(f.caveat for f in found if f.code.startswith("after"))


def test_no_later_article_no_sentence(suite: Make) -> None:
    """Of the time after the last article nothing is said."""
    found = findings.recurrence(suite(own("a", "elections"), own("c")).select())
    assert not [f for f in found if f.code.startswith("after")]


def test_later_only_perhaps(suite: Make) -> None:
    """A silent article whose interval overlaps is never called later."""
    facts = {"a": on("2011-01-01", "2011-03-01"), "b": on("2011-02-01", "2011-04-01")}
    rows = [own("a"), own("b", "elections")]
    found = by_code(findings.recurrence(suite(*rows, articles=2, facts=facts).select()))
    assert "not certain" in found["after-unclear"]
    assert "after-one" not in found


def test_one_later_and_perhaps_another(suite: Make) -> None:
    """Who is certainly later and leaves a theme out is named, also where another may be later, too."""
    facts = {"b": on("2012-01-01", "2012-06-30"), "c": on("2012-03-01", "2012-09-30")}
    rows = [own("a"), own("b"), own("c", "elections"), own("d", "elections")]
    selection = suite(*rows, articles=4, facts=facts).select()
    found = by_code(findings.recurrence(selection))
    unsure = C.replace("2013", "2012")
    assert found["after-perhaps"] == (
        "Sanctions, afterwards – one later article that prescribes leaves it out of its demands: "
        f"{D}; perhaps later, too, and without it: {unsure}."
    )
    changed = by_code(findings.what_changed(selection))
    assert "course-unclear" not in changed
    assert changed["course-some-later-silent"] == (
        "Not prescribed again – a later article that prescribes leaves it out of its demands; "
        "whether more do, the dates do not say: sanctions."
    )
    assert ">1–2</td>" in str(appearances(selection).html)


def test_between_at_the_widest_dates(suite: Make) -> None:
    """What may have been written before the first at the widest is not named as written in between."""
    rows = [own("a"), own("b", "elections"), own("c")]
    wide = {"b": {**on("2012-02-01", "2012-02-09"), "outer_earliest": "2011-01-01"}}
    for facts, told in (({}, True), (wide, False)):
        changed = findings.what_changed(suite(*rows, facts=facts).select())
        persists = next(one for one in changed if one.code == "course-persists")
        assert ("in between" in persists.caveat) == told


def test_one_voice_is_said(suite: Make) -> None:
    """Where two articles may be by one author, the sentence that counts them says so."""
    facts = {
        "a": {"coauthors": "karim-mezran"},
        "b": {"possible_authors": "karim-mezran (inferred, 0.5)"},
    }
    found = findings.recurrence(suite(own("a"), own("b"), facts=facts).select())
    assert "Karim Mezran" in found[0].caveat
    assert not findings.recurrence(suite(own("a"), own("b")).select())[0].caveat


def test_courses_name_their_instruments(suite: Make) -> None:
    """What persists, appears, is said once and is not said again stand apart."""
    rows = [
        own("a"), own("c"), own("b", "ceasefire"), own("c", "ceasefire"),
        own("a", "elections"), own("b", "elections"), own("c", "accountability"),
    ]  # fmt: skip
    found = findings.what_changed(suite(*rows).select())
    texts = by_code(found)
    assert texts["course-persists"].endswith("among them the last that prescribes: sanctions.")
    assert texts["course-appears"].endswith("takes it up: a ceasefire.")
    assert texts["course-one-later-silent"].endswith("leaves it out of its demands: elections.")
    assert (
        texts["course-appears-once"]
        == "In one article only – no other of these articles prescribes anything on it: accountability."
    )
    persists = next(f for f in found if f.code == "course-persists")
    assert persists.caveat == f"Nothing prescribed in between: {B} on sanctions."
    assert persists.rows == ("a-000", "c-001")


def test_a_corpus_that_prescribes_nothing_has_no_course(suite: Make) -> None:
    """Where no author prescribes, nothing is said to be absent or to vanish."""
    relayed = {"article": "a", "voice": "reported", "speaker": "un-envoy"}
    found = findings.what_changed(suite(relayed).select())
    assert [f.code for f in found] == ["course-nothing"]


def test_no_trend_through_different_authors(suite: Make) -> None:
    """Different authors differ; the reason stands where a trend might be read."""
    found = by_code(findings.what_changed(suite(own("a"), own("b")).select()))
    assert (
        found["no-trend"]
        == "No trend is drawn: two voices, one article each; no change of mind can be read from that."
    )


def test_no_trend_as_far_as_filters_show(suite: Make) -> None:
    """Who prescribes is counted as far as filters show it where they hide further authors' articles."""
    made = suite(own("a"), own("b"), own("c"), own("c", instrument="elections", confidence="low"))
    seen = made.select(speakers="wehrey-lacher")
    (reason,) = [f for f in findings.what_changed(seen) if f.code == "no-trend"]
    assert reason.text == (
        "No trend is drawn: as far as the filters show, only one article prescribes."
    )
    two = made.select(theme="sanctions", speakers=["khalid-mahmoud", "wehrey-lacher"])
    assert by_code(findings.theme_shift(two))["shift-no-trend"].startswith(
        "No trend is drawn through them: as far as the filters show, two voices, one article each;"
    )
    sure = made.select(theme="sanctions", confidence="high")  # hides a row, and no article
    for found, code in (
        (findings.theme_shift(sure), "shift-no-trend"),
        (findings.what_changed(sure), "no-trend"),
    ):
        assert "filters" not in by_code(found)[code]


def test_no_refusal_for_one_authors_series(suite: Make) -> None:
    """Three articles of one author in a certain order are refused nothing."""
    facts = {name: {"speaker": "jason-pack"} for name in "abc"}
    found = by_code(
        findings.what_changed(suite(own("a"), own("b"), own("c"), facts=facts).select())
    )
    assert "no-trend" not in found
    facts["b"] |= {**on("2012-02-01", "2012-02-09"), "outer_earliest": "2011-01-01"}
    found = by_code(
        findings.what_changed(suite(own("a"), own("b"), own("c"), facts=facts).select())
    )
    assert "not certain in what order" in found["no-trend"]  # at the widest


def test_facets_that_differ(suite: Make) -> None:
    """Strength, condition, addressee and target are set side by side, and what is alike is told."""
    rows = [
        own("a", strength="must", addressee="united-states", target="egypt"),
        own("b", strength="could", condition_type="proviso", addressee="united-states", target="uae"),
    ]  # fmt: skip
    found = by_code(findings.theme_shift(suite(*rows).select(theme="sanctions")))
    assert found["shift-strength"] == f"Strength – {A}: “must”; {B}: “could”."
    assert (
        found["shift-condition"] == f"Condition – {A}: none; {B}: “provided that number 001 holds”."
    )
    assert found["shift-target"] == f"Upon whom – {A}: Egypt; {B}: the United Arab Emirates."
    assert "shift-addressee" not in found
    assert "addressee (the United States)" in found["shift-alike"]
    assert found["shift-no-trend"].endswith("no change of mind can be read from that.")


def test_side_by_side_tells_only_what_differs(suite: Make) -> None:
    """Two articles under one heading are told apart by what differs, and alike where nothing does."""
    made = suite(own("a", strength="must"), own("b"), own("a", "exclude_haftar"), own("b", "exclude_haftar"))  # fmt: skip
    texts = {f.code: f.text for f in findings.themes_shift(made.select())}
    assert texts["side-by-side"] == f"Sanctions – {A}: “must”; beside it, {B}: “should”."
    assert (
        texts["side-alike"] == f"Excluding Haftar – alike in every respect compared: {A} and {B}."
    )


def test_another_purpose_is_another_demand(suite: Make) -> None:
    """Articles that differ in the purpose alone are never called alike."""
    ends = {"a": "remove_haftar", "b": "protect_oil_revenue"}
    made = suite(*(own(a, objective=end, target="haftar") for a, end in ends.items()))
    words = f"{A}: removing Haftar; {B}: protecting oil revenue"
    found = by_code(findings.theme_shift(made.select(theme="sanctions")))
    assert found["shift-objective"] == f"Purpose – {words}."
    assert "purpose" not in found["shift-alike"]
    beside = by_code(findings.themes_shift(made.select()))
    assert "side-alike" not in beside
    said = words.replace(": ", ": purpose ").replace("; ", "; beside it, ")
    assert beside["side-by-side"] == f"Sanctions – {said}."


def test_what_only_some_rows_say(suite: Make) -> None:
    """Who names somebody once and nobody the other time is not said to name him as others do."""
    said = {"addressee": "united-states", "target": "haftar", "means": "sanction", "objective": "remove_haftar"}  # fmt: skip
    found = by_code(findings.theme_shift(suite(own("a", **said), own("b", **said), own("a")).select(theme="sanctions")))  # fmt: skip
    assert found["shift-addressee"] == f"Addressee – {A}: the United States, in part nobody named; {B}: the United States."  # fmt: skip
    assert found["shift-target"] == f"Upon whom – {A}: Haftar, in part nobody named; {B}: Haftar."
    assert found["shift-means"] == f"Means – {A}: sanction, in part none named; {B}: sanction."
    assert found["shift-objective"] == f"Purpose – {A}: removing Haftar, in part none said; {B}: removing Haftar."  # fmt: skip
    again = [own("a", **said), own("b", **said), own("a", repeat_of="a-000")]
    alike = by_code(findings.theme_shift(suite(*again).select(theme="sanctions")))["shift-alike"]
    assert "addressee (the United States), upon whom (Haftar), purpose (removing Haftar)" in alike


def test_nothing_to_set_side_by_side(suite: Make) -> None:
    """One article, none, hidden ones and no theme each have their sentence."""
    made = suite(own("a"), own("b", confidence="low"), own("c", "elections"))
    one = findings.theme_shift(made.select(theme="elections"))[0]
    assert (one.code, one.rows) == ("shift-too-few", ("c-002",))
    assert findings.theme_shift(made.select(theme="ceasefire"))[0].rows == ()
    hidden = findings.theme_shift(made.select(theme="sanctions", confidence="high"))[0]
    assert hidden.code == "shift-hidden"
    assert B in hidden.text
    assert findings.theme_shift(made.select())[0].code == "shift-no-theme"
    assert findings.themes_shift(made.select(confidence="high"))[0].code == "shift-none"


def test_hidden_rows_are_said_beside_a_comparison(suite: Make) -> None:
    """Where a filter hides rows of the articles compared, the comparison says so."""
    rows = [own("a"), own("b", strength="could"), own("b", strength="must", confidence="low")]
    found = findings.theme_shift(suite(*rows).select(theme="sanctions", confidence="high"))
    assert "The filters hide further recommendations" in found[0].caveat


def test_an_order_that_is_not_fixed_is_said(suite: Make) -> None:
    """Overlapping dates are named as such, and a certain order too."""
    facts = {"a": on("2012-01-01", "2012-06-01"), "b": on("2012-02-01", "2012-07-01")}
    rows = [own("a"), own("b", strength="could")]
    made = suite(*rows, articles=2, facts=facts)
    assert findings.order_of_writing(made.select())[-1].code == "order-unclear"
    assert "do not fix the order" in findings.theme_shift(made.select(theme="sanctions"))[0].caveat
    assert findings.order_of_writing(suite(*rows).select())[-1].code == "order-certain"


def test_an_order_that_is_argued_is_not_called_certain(suite: Make) -> None:
    """An order that rests on an inferred date says so, and what the widest interval leaves of it."""
    rows = [own("a"), own("b", strength="could")]
    days = on("2012-02-01", "2012-02-09")
    far, near = ({"b": {**days, "outer_latest": last}} for last in ("2012-06-01", "2013-06-01"))
    head = f"The order of publication follows from the dates, of which some are inferred: {B}."
    wide = findings.order_of_writing(suite(*rows, facts=near).select())[-1]
    label = B.replace("2012", "2012 or 2013")
    assert wide.text == (
        f"{head.replace(B, label)} At the widest, not in a certain order: {label}, and {C}."
    )
    sure = findings.order_of_writing(suite(*rows, facts=far).select())[-1]
    assert (sure.code, sure.text) == ("order-inferred", head)


def test_spells_of_writing(suite: Make) -> None:
    """Articles more than a year apart fall into spells, told with their months and number."""
    facts = {"b": on("2011-04-01", "2011-05-01"), "c": on("2014-03-01")}
    found = by_code(findings.order_of_writing(suite(own("a"), facts=facts).select()))
    assert found["spells"].endswith(": March–May 2011 (two); March 2014 (one).")
    near = {"b": on("2011-04-01"), "c": on("2012-03-01")}
    assert "spells" not in by_code(findings.order_of_writing(suite(own("a"), facts=near).select()))


def windows_of(selection: Selection) -> tuple[str, list[list[str]]]:
    """Return the caption of the table of years, and its lines, without notes."""
    head, _, body = str(exhibits.windows(selection).html).partition("<tbody>")
    lines = re.findall(r"<tr>.*?</tr>", re.sub(r"<sup>.*?</sup>", "", body))
    caption = head.partition("<caption>")[2].partition("<")[0]
    return caption, [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", line) for line in lines]


def test_windows_of_years(suite: Make) -> None:
    """A year counts what certainly lies in it, a window that slides the two before as well, one that grows all; each leads to its words."""
    made = suite(
        own("a"), own("a"), own("b"), own("c", "elections"), own("d"),
        facts={"d": on("2014-12-20", "2015-01-10")},
        articles=4,
    )  # fmt: skip
    caption, lines = windows_of(made.select(theme="sanctions"))
    assert lines == [
        ["2011", "1", "2", "2", "2"], ["2012", "1", "1", "3", "3"], ["2013", "1", "0", "3", "3"],
        ["2014", "0–1", "0–1", "1–2", "3–4"], ["2015", "0–1", "0–1", "1", "4"],
    ]  # fmt: skip
    assert caption == "How often authors are for sanctions, counted in courses of action"
    shown = exhibits.windows(made.select(theme="sanctions"))
    assert str(shown.html).partition("<tbody>")[2].count("#note-") == 3
    assert "<table" not in str(exhibits.windows(made.select(theme="other")).html)


def test_windows_count_for_and_against_apart(suite: Make) -> None:
    """Who is against a theme is never counted as asking for it, and a condition of all is said."""
    bound = own("b", stance="opposes", condition_type="precondition")
    against = suite(own("a", "elections"), bound, articles=2).select(theme="sanctions")
    caption, lines = windows_of(against)
    assert caption == "How often authors are against sanctions (under a condition), counted in courses of action"  # fmt: skip
    assert lines == [["2011", "1", "0", "0", "0"], ["2012", "1", "1", "1", "1"]]
    caption, lines = windows_of(suite(own("a"), own("b"), bound, articles=2).select(theme="sanctions"))  # fmt: skip
    assert caption == "How often authors are for and against sanctions, counted in courses of action"  # fmt: skip
    mark = "against (under a condition)"
    assert lines == [
        ["2011", "for", "1", "1", "1", "1"], ["2011", mark, "1", "0", "0", "0"],
        ["2012", "for", "1", "1", "2", "2"], ["2012", mark, "1", "1", "1", "1"],
    ]  # fmt: skip


def test_windows_look_at_the_widest_dates(suite: Make) -> None:
    """What may be of another year at the widest does not certainly count in its own."""
    facts = {"a": {**on("2011-12-17", "2011-12-21"), "outer_latest": "2012-01-20"}}
    made = suite(own("a"), own("b"), articles=2, facts=facts)
    _, lines = windows_of(made.select(theme="sanctions"))
    assert lines == [["2011", "0–1", "0–1", "0–1", "0–1"], ["2012", "1–2", "1–2", "2", "2"]]


def test_one_article_has_no_order(suite: Make) -> None:
    """Of a single article the page says that there is no order, and not nothing."""
    found = findings.order_of_writing(suite(own("a")).select(articles="a"))
    assert [(f.code, f.text) for f in found] == [
        ("order-one", "There is one article, and so no order to tell.")
    ]


def test_written_between_events(suite: Make) -> None:
    """An article stands after the last event certainly past and before the next certainly to come."""
    facts = {"a": on("2014-12-10", "2014-12-12")}
    found = findings.before_and_after(suite(own("a"), articles=1, facts=facts).select())
    assert found[0].text == (
        "Khalid Mahmoud (2014) – written after: Supreme Court ruling on the Tobruk "
        "parliament (6 November 2014); before: Libyan Political Agreement (17 December 2015); "
        "at the time of, and mentioning it: Second round of Ghadames talks postponed (December 2014)."
    )
    assert found[0].caveat.startswith("Its date is inferred")


WIDE = {"outer_earliest": "2011-03-01", "outer_latest": "2014-06-01"}


def by_kind(found: list[Finding]) -> dict[str, Finding]:
    """Return findings by their kind."""
    return {finding.code: finding for finding in found}


def test_dates_count_at_their_widest(suite: Make) -> None:
    """What is said of years, of later articles and of spells holds at the widest dates, too."""
    rows = [own("a"), own("b", "elections"), own("c", "elections")]
    selection = suite(*rows, facts={"a": {**on("2011-03-05"), **WIDE}}).select()
    found = by_kind(findings.recurrence(selection))
    assert "after-vanishes" not in found
    assert found["after-unclear"].text.startswith("Sanctions, afterwards – not certain")
    assert "spells" not in by_kind(findings.order_of_writing(selection))
    both = suite(own("a"), own("b"), facts={"a": {**on("2011-03-05"), **WIDE}})
    assert findings.recurrence(both.select())[0].code == "recurs-unclear"


@pytest.mark.parametrize("guess", ["karim-mezran (inferred, 0.5)", ""])
def test_later_articles_of_one_voice_are_one(suite: Make, guess: str) -> None:
    """Two later articles that may share a writer do not make an instrument vanish."""
    facts = {"c": {"possible_authors": guess}}
    rows = [own("a"), own("b"), own("c", "elections"), own("d", "elections")]
    selection = suite(*rows, articles=4, facts=facts).select()
    found = by_kind(findings.recurrence(selection))
    assert ("after-vanishes" in found) == (not guess)
    if guess:
        assert found["after-one"].text.startswith(
            "Sanctions, afterwards – the later articles that prescribe, one voice, leave it out"
        )
        assert "Counted as one voice" in found["after-one"].caveat
    changed = by_kind(findings.what_changed(selection))["course-vanishes"]
    assert ("One voice in several articles: sanctions." in changed.caveat) == bool(guess)


def test_one_voice_persists_alone(suite: Make) -> None:
    """What only articles of one voice take up persists in one voice, which is said."""
    facts = {"a": {"possible_authors": "wehrey-lacher (inferred, 0.5)"}}
    rows = [own("a"), own("b"), own("a", "elections"), own("c", "elections")]
    changed = by_kind(findings.what_changed(suite(*rows[:2], facts=facts).select()))
    assert "One voice in several articles: sanctions." in changed["course-persists"].caveat
    changed = by_kind(findings.what_changed(suite(*rows[2:], facts=facts).select()))
    assert "One voice" not in changed["course-persists"].caveat


def test_whoever_writes_in_a_group_and_alone_is_one_voice(suite: Make) -> None:
    """A member of a group that writes elsewhere is no other voice than the group."""
    facts = {"a": {"speaker": "frederic-wehrey"}}  # b is by Wehrey and Lacher
    found = by_kind(findings.independent_voices(suite(own("a"), own("b"), facts=facts).select()))
    assert found["voices"].text == "Selected articles: three; independent voices, at most: two."
    assert found["one-voice"].text.endswith("Frederic Wehrey speaks in the first and the second.")
    facts |= {name: facts.get(name, {}) | {"authors": "frederic-wehrey", "authors_basis": "page"} for name in "ab"}  # fmt: skip
    found = by_kind(findings.independent_voices(suite(own("a"), own("b"), facts=facts).select()))
    assert found["one-voice"].text.endswith("with a common author, Frederic Wehrey.")


def test_an_outlet_is_no_common_author(suite: Make) -> None:
    """Unsigned articles under one name are one voice, and nobody is called their author."""
    facts = {name: {"speaker": "daily-sabah"} for name in "ab"}
    found = by_kind(findings.independent_voices(suite(own("a"), own("b"), facts=facts).select()))
    assert found["one-voice"].text == (
        "Counted as one voice, not as two: Daily Sabah (2011) and Daily Sabah (2012) – "
        "under one name, Daily Sabah; a common author is not established."
    )


def test_a_coauthor_is_no_article(suite: Make) -> None:
    """An article with rows of its author and of a coauthor is one article, whoever is beside it."""
    facts = {"a": {"coauthors": "karim-mezran"}}
    rows = [own("a"), own("a", voice="coauthored", speaker="karim-mezran"), own("b")]
    reason = by_kind(findings.what_changed(suite(*rows, facts=facts).select()))["no-trend"].text
    assert reason == "No trend is drawn: only two articles prescribe; a trend needs three."


def test_many_articles_have_a_table_instead(suite: Make) -> None:
    """Of many articles the first have sentences and the rest is counted."""
    found = findings.before_and_after(suite(own("a"), articles=11).select())
    assert len(found) == written.MOST_ARTICLES + 1
    assert found[-1].text == "Further articles, placed in the table of events: three."


@pytest.mark.parametrize(
    "ask",
    [
        findings.recurrence, findings.what_changed, findings.order_of_writing,
        findings.before_and_after, findings.theme_shift, findings.themes_shift,
    ],
)  # fmt: skip
def test_nothing_selected(suite: Make, ask: Callable[[Selection], list[Finding]]) -> None:
    """Without an article in the selection there is one sentence, which says that."""
    found = ask(suite(own("a")).select(theme="sanctions", from_date="2030"))
    assert [f.code for f in found] == ["nothing-selected"]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "article": st.sampled_from("abcd"),
            "instrument": st.sampled_from((*THEMES, "elections")),
            "stance": st.sampled_from(("supports", "opposes")),
            "voice": st.sampled_from(("author", "author", "reported")),
            "strength": st.sampled_from(("must", "should", "could")),
            "condition_type": st.sampled_from(("", "", "proviso")),
        }
    ),
    max_size=10,
)
DAYS = st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 200)), min_size=4, max_size=4)
HARD = settings(
    max_examples=tries(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def generated(rows: list[dict[str, str]], days: list[tuple[int, int]]) -> Selection:
    """Return the selection of everything in a suite of these rows, published on these days."""
    start = pd.Timestamp("2013-06-01")
    facts = {}
    for name, (first, length) in zip("abcd", days, strict=True):
        earliest = start + pd.Timedelta(days=first)
        facts[name] = on(f"{earliest:%Y-%m-%d}", f"{earliest + pd.Timedelta(days=length):%Y-%m-%d}")
    rows = [row | ({"speaker": "un-envoy"} if row["voice"] == "reported" else {}) for row in rows]
    rows = [
        {k: v for k, v in row.items() if v and not (k == "voice" and v == "author")} for row in rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        made = make_suite(Path(folder) / "s", rows, articles=4, facts=facts)
        for name in "abcd":
            made.text(name)
        selection = made.select(theme="sanctions")
        selection.articles, selection.rows, selection.diagnoses  # noqa: B018  (read while there)
        return selection


def said(selection: Selection, theme: str) -> pd.DataFrame:
    """Return the articles whose author takes a position on a theme, counted again."""
    rows = selection.rows
    mine = rows[(rows["instrument"] == theme) & (rows["voice"] != "reported")]
    return selection.articles[selection.articles["id"].isin(mine["article"])]


@HARD
@given(rows=ROWS, days=DAYS)
def test_recurrence_recounted(rows: list[dict[str, str]], days: list[tuple[int, int]]) -> None:
    """Whatever the table, "across years" is said exactly where two years are certain."""
    selection = generated(rows, days)
    for finding in findings.recurrence(selection):
        facts = said(selection, finding.subject)
        if finding.code.startswith("after"):
            mine = selection.rows[selection.rows["voice"] != "reported"]
            others = set(mine["article"]) - set(facts["id"])
            later = selection.articles["earliest"] > facts["latest"].max()
            names = selection.articles[later & selection.articles["id"].isin(others)]["label"]
            expected = {"after-one": len(names) == 1, "after-vanishes": len(names) > 1}
            assert expected.get(finding.code, len(names) < 2)
            continue
        different = bool(
            len(facts) and facts["latest"].dt.year.min() < facts["earliest"].dt.year.max()
        )
        assert (finding.code == "recurs-years") == different
        assert (finding.code == "recurs-never") == facts.empty
        assert (finding.code == "recurs-once") == (len(facts) == 1)
        assert all(label[:-1] in finding.text for label in facts["label"])


def check_the_last(selection: Selection, names: set[str], finding: Finding) -> None:
    """Check that what persists or appears is taken up by the last who prescribe, whoever is between."""
    every = selection.rows[selection.rows["voice"] != "reported"]
    prescribing = selection.articles[selection.articles["id"].isin(every["article"])]
    last = prescribing[prescribing["latest"] >= prescribing["earliest"].max()]
    for name in names:
        mine = said(selection, name)
        assert set(last["id"]) <= set(mine["id"])
        first = prescribing["latest"] < mine["earliest"].min()
        assert first.any() == (finding.code == "course-appears")
        others = prescribing[~prescribing["id"].isin(mine["id"])]
        between = others[
            (others["earliest"] > mine["latest"].min())
            & (others["latest"] < mine["earliest"].max())
        ]
        if finding.code == "course-persists":
            assert all(label in finding.caveat for label in between["label"])


@HARD
@given(rows=ROWS, days=DAYS)
def test_courses_recounted(rows: list[dict[str, str]], days: list[tuple[int, int]]) -> None:
    """Every row of a finding is of an instrument it names, and nobody vanishes before two are silent."""
    selection = generated(rows, days)
    book = selection.book
    known = {str(row["id"]): str(row["instrument"]) for row in selection.rows.to_dict("records")}
    told: list[str] = []
    for finding in findings.what_changed(selection):
        names = {known[row] for row in finding.rows}
        told += sorted(names)
        assert all(book.label("instrument", name) in finding.text for name in names)
        if finding.code == "course-appears-once":
            assert all(len(said(selection, name)) == 1 for name in names)
        if finding.code in {"course-persists", "course-appears", "course-vanishes"}:
            assert all(len(said(selection, name)) > 1 for name in names)
        if finding.code in {"course-persists", "course-appears"}:
            check_the_last(selection, names, finding)
    assert len(told) == len(set(told))
    own_rows = selection.rows[selection.rows["voice"] != "reported"]
    assert set(told) == set(own_rows["instrument"].astype(str))


@HARD
@given(rows=ROWS, days=DAYS)
def test_shift_recounted(rows: list[dict[str, str]], days: list[tuple[int, int]]) -> None:
    """A facet is said to differ exactly where the rows of two articles do, and never without both."""
    selection = generated(rows, days)
    mine = selection.rows
    mine = mine[(mine["instrument"] == "sanctions") & (mine["voice"] != "reported")]
    found = {f.code: f for f in findings.theme_shift(selection)}
    sets: dict[str, set[str]] = {}
    for row in mine.to_dict("records"):
        sets.setdefault(str(row["article"]), set()).add(str(row["strength"]))
    if len(sets) < 2:
        assert set(found) == {"shift-too-few"}
        return
    differs = len({frozenset(words) for words in sets.values()}) > 1
    assert ("shift-strength" in found) == differs
    assert ("strength" in getattr(found.get("shift-alike"), "text", "")) != differs
    assert set(found["shift-strength"].rows if differs else ()) <= set(mine["id"])


_DOUBTS = {True: "at the time of, and mentioning it: ", False: "not certainly before or after: "}


@HARD
@given(days=DAYS)
def test_before_and_after_recounted(days: list[tuple[int, int]]) -> None:
    """No article is said to be before or after an event that its interval touches."""
    selection = generated([own("a", voice="author")], days)
    dated = measure.event_dates(selection.book).to_dict("records")
    for finding in findings.before_and_after(selection):
        fact = selection.suite.facts[finding.subject]
        words = _DOUBTS[finding.subject == "a"]  # it names every event, the others name none
        for event in dated:
            overlaps = event["earliest"] <= fact["latest"] and event["latest"] >= fact["earliest"]
            unclear = finding.text.partition(words)[2]
            assert (event["label"] in unclear) == overlaps or "others" in unclear
        assert all(word not in finding.text for word in {*_DOUBTS.values()} - {words})


def test_the_chart_shows_intervals_in_utc(suite: Make) -> None:
    """Every article has its own line, as long as its date is uncertain, in days that no zone moves."""
    facts = {"a": on("2014-10-01", "2014-10-18"), "b": {"speaker": "khalid-mahmoud"}}
    made = suite(own("a"), own("b"), facts=facts)
    shown: Any = timeline(made.select())
    spec = shown.chart.to_dict()
    drawn = [row for rows in spec["datasets"].values() for row in rows]
    first = next(row for row in drawn if row["when"] == "1–18 October 2014")
    assert (first["earliest"], first["ends"]) == ("2014-10-01T00:00:00Z", "2014-10-19T00:00:00Z")
    assert len({row["line"] for row in drawn}) == len(drawn)
    assert sum(row["kind"] == "article" for row in drawn) == 3
    assert len(drawn) == 3 + len(measure.event_dates(made.book))


def test_the_chart_names_what_it_leaves_out(suite: Make) -> None:
    """Of very many articles those that prescribe most are drawn, and the rest is named."""
    facts = {chr(97 + n): on(f"2014-01-{1 + n:02}") for n in range(26)}
    made = suite(own("z"), articles=26, facts=facts)
    shown: Any = timeline(made.select())
    left = made.articles.loc[made.articles["id"].isin(["x", "y"]), "label"].tolist()
    assert f"Not drawn, for want of room: articles – {left[0]} and {left[1]}." in shown.text
    names = [
        row["line"][5:]
        for rows in shown.chart.to_dict()["datasets"].values()
        for row in rows
        if row["kind"] == "article"
    ]
    assert len(names) == 24


def test_the_chart_names_events_it_leaves_out(suite: Make) -> None:
    """Of very many events of one time those that most articles name are drawn, and the rest is named."""
    more = "\n".join(
        f'[event.made-{n:02}]\nlabel = "Event {n:02}"\ndate = "2031-05-{n + 1:02}"\narticles = ["a"]\n'
        for n in range(29)
    )
    made = suite(own("a"), more=more)
    shown: Any = timeline(made.select())
    drawn = {row["name"] for rows in shown.chart.to_dict()["datasets"].values() for row in rows}
    left = [one for one in measure.event_dates(made.book)["label"] if one not in drawn]
    assert len(left) > 13
    words = ", ".join(left[:12])
    assert (
        f"Not drawn, for want of room: events – {words} and {len(left) - 12} others." in shown.text
    )


def test_tables_lead_to_their_words(suite: Make) -> None:
    """Every line on a recommendation carries its note, and an empty table is a sentence."""
    made = suite(own("a"), own("b", strength="could"))
    selection = made.select(theme="sanctions")
    for shown in (appearances(selection), shifts(selection)):
        assert str(shown.html).count('class="note"') == 2
    empty = made.select(theme="sanctions", from_date="2030")
    for ask in (appearances, shifts, events, timeline):
        assert "<table" not in str(ask(empty).html)
    assert "Jason Pack" in str(events(selection).html)


def test_markup_in_words_stays_words(suite: Make) -> None:
    """A title or label full of markup is shown as it stands."""
    made = suite(own("a"), facts={"a": {"title": "<script>alert(1)</script>"}})
    from policybook.exhibits import reading_list

    assert "&lt;script&gt;" in str(reading_list(made.select()).html)
    assert "<script>alert" not in str(reading_list(made.select()).html)


def test_the_shipped_suite(shipped: Suite) -> None:
    """On the shipped articles the known answers come out, computed."""
    recurs = {
        f.subject: f.code for f in findings.recurrence(shipped.select()) if f.code[:2] == "re"
    }
    assert recurs == {
        "sanctions": "recurs-years", "pressure_egypt_uae": "recurs-years",
        "exclude_haftar": "recurs-once", "algerian_mediation": "recurs-one-year",
    }  # fmt: skip
    after = [f for f in findings.recurrence(shipped.select()) if f.code.startswith("after")]
    assert [(f.code, f.subject) for f in after] == [("after-one", "algerian_mediation")]
    for theme in THEMES:  # with its conditions, the answer still fits a first screen
        selection = shipped.select(theme=theme)
        assert brief(selection, findings.recurrence(selection))[0].subject == theme
    algeria = next(f for f in findings.recurrence(shipped.select()) if f.code == "recurs-one-year")
    assert algeria.text.count("under a condition") == 2
    assert brief(shipped.select(theme="algerian_mediation"), [algeria]) == [algeria]
    shift = {f.code for f in findings.theme_shift(shipped.select(theme="sanctions"))}
    assert {"shift-legal-basis", "shift-target", "shift-strength"} <= shift
    algeria = by_code(findings.theme_shift(shipped.select(theme="algerian_mediation")))
    assert "“If handled correctly and inclusively”" in algeria["shift-condition"]
    assert "“coordinated with the United Nations”" in algeria["shift-condition"]


def test_a_suite_without_optional_columns(base: Path) -> None:
    """Columns that articles.csv leaves out, such as coauthors, are empty and break no sentence."""
    made = open_suite(base)
    assert "coauthors" not in (base / "seeds" / "articles.csv").read_text("utf-8").splitlines()[0]
    codes = {finding.code for finding in findings.what_changed(made.select())}
    assert {"course-appears-once", "no-trend"} <= codes


def test_the_chart_draws_dates_at_the_widest(suite: Make) -> None:
    """Beyond its bar a line reaches over all days that are not ruled out; no line, and no word of one, without them."""
    wide = {**on("2014-10-01", "2014-10-18"), "outer_earliest": "2014-09-29", "outer_latest": "2014-11-05"}  # fmt: skip
    for facts, days in ((wide, ("2014-09-29", "2014-11-06")), (on("2014-10-01"), ())):
        shown: Any = timeline(suite(own("a"), facts={"a": facts}).select())
        spec = shown.chart.to_dict()
        drawn = [row for rows in spec["datasets"].values() for row in rows]
        mine = [row for row in drawn if (row["first"], row["last"]) != (row["earliest"], row["ends"])]  # fmt: skip
        assert [(r["first"][:10], r["last"][:10]) for r in mine] == ([days] if days else [])
        assert ("'rule'" in str(spec)) == ("A line beyond a bar" in shown.text) == bool(days)
