"""What dates of actors promise: nobody belongs to a group where he certainly was not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import AUTHORS, make_suite, tries
from policybook import codebook, exhibits, findings
from policybook.codebook import Codebook
from policybook.exchange import export_suite, import_suite
from policybook.findings.finding import Finding
from policybook.findings.ties import ties
from policybook.measures import addressees, membership
from policybook.measures.agreement import agreement
from policybook.measures.contradictions import contradictions
from policybook.suite import Suite
from policybook.together.differences import codes

Make = Callable[..., Any]

DAYS = {
    "a": "2015-06-01", "b": "2015-12-16", "c": "2015-12-17", "d": "2016-01-01",
}  # fmt: skip
"""Articles before, on the day before, on the day of, and after the Libyan Political Agreement."""

FACTS = {name: {"earliest": day, "latest": day, "published": day} for name, day in DAYS.items()}
OPEN = {"earliest": "2015-12-10", "latest": "2015-12-20", "published": "", "date_basis": "inferred"}
"""What is said of an article of which nobody knows on which side of that day it is."""


@pytest.fixture
def suite(tmp_path: Path) -> Make:
    """Return a maker of suites of these articles."""
    return lambda *rows, facts=FACTS, **more: make_suite(
        tmp_path / "s", rows, articles=4, facts=facts, **more
    )


def upon(article: str, whom: str = "libyan-parties", **cells: str) -> dict[str, str]:
    """Return a row with a target."""
    return {"article": article, "target": whom, **cells}


def grouped(suite: Suite, actor: str, way: str = "group") -> Finding:
    """Return the sentence on what is to be done to a group that holds an actor, or to a part of it."""
    found = findings.one_actor(suite.select(), actor)
    return next((f for f in found if f.subject == f"to be done to it: {way}"), Finding(""))


def test_a_group_holds_nobody_before_his_first_day(suite: Make) -> None:
    """A demand on the Libyan parties concerns a government only from the day it is there."""
    made = suite(*map(upon, "abcd"))
    found = grouped(made, "gna")
    assert found.rows == ("c-002", "d-003")
    assert "two courses of action in two articles" in found.text
    assert "Dates leave open" not in found.caveat
    assert grouped(made, "haftar").rows == ("a-000", "b-001", "c-002", "d-003")
    mute = findings.one_actor(made.select(), "gna")[-1]
    assert mute.text.endswith("Khalid Mahmoud (2015) and Wehrey and Lacher (2015).")
    assert mute.caveat == (
        "No group is taken to include the Government of National Accord before 17 December 2015."
    )


def test_what_dates_leave_open_is_counted_and_said(suite: Make) -> None:
    """Where an article may be of either side of the day, the membership is possible, and said to be."""
    made = suite(upon("a"), upon("d"), facts=FACTS | {"a": OPEN})
    found = grouped(made, "gna")
    assert set(found.rows) == {"a-000", "d-001"}
    assert found.caveat.endswith(
        "Dates leave open whether the Government of National Accord belonged to such a group "
        "when it was written: Khalid Mahmoud (2015)."
    )
    shown = exhibits.dossier(made.select(), "gna").text
    assert shown.count("dates leave open whether it was so then") == 1
    assert "Dates leave open" not in grouped(made, "haftar").caveat


def test_dates_at_the_widest_decide(suite: Make) -> None:
    """An article is before a day only where its dates at the widest say so."""
    wide = OPEN | {"earliest": "2015-11-01", "latest": "2015-11-20", "outer_latest": "2015-12-20"}
    made = suite(upon("a"), facts=FACTS | {"a": wide})
    assert "Dates leave open" in grouped(made, "gna").caveat


def test_who_is_named_is_named(suite: Make) -> None:
    """An actor that a text names is named, whatever its days; it is no part of anything then."""
    made = suite(upon("a", "gna"), upon("d", "gna"))
    itself = grouped(made, "gna", "itself")
    assert itself.rows == ("a-000", "d-001")
    assert grouped(made, "libyan-parties", "member").rows == ("d-001",)


def test_conflicts_are_of_those_who_are_there(suite: Make) -> None:
    """What cannot be had together concerning an actor leaves out groups that did not include it yet."""
    rows = [upon("a", instrument="exclude_haftar"), upon("a", instrument="inclusive_process")]
    made = suite(*rows)
    assert findings.cannot_be_had_together(made.select(), "haftar")[0].code == "actor-excludes"
    assert findings.cannot_be_had_together(made.select(), "gna")[0].code == "actor-no-conflict"
    loose = suite(*rows, facts=FACTS | {"a": OPEN})
    found = findings.cannot_be_had_together(loose.select(), "gna")
    assert found[0].code == "actor-excludes"
    assert all("Dates leave open whether the Government of National Accord" in f.caveat for f in found)  # fmt: skip
    (told,) = [f for f in findings.one_actor(loose.select(), "gna") if f.code == "actor-conflict"]
    assert "Dates leave open" in told.caveat


def test_the_shipped_government_is_not_of_2014(shipped: Suite) -> None:
    """Articles of 2014 ask nothing of a group with a government that was formed in 2015."""
    selection = shipped.select()
    for actor in ("gna", "presidential-council"):
        rows = {row for f in findings.one_actor(selection, actor) for row in f.rows}
        assert not {row for row in rows if row.startswith(("mei-2014", "libya-analysis-2014"))}
        assert any(row.startswith("wehrey-lacher-2019") for row in rows)


WORKED = pd.read_csv(
    Path(__file__).parent / "worked" / "membership-standings.csv", dtype=str, keep_default_na=False
).to_dict("records")


@pytest.mark.parametrize("line", WORKED, ids=lambda line: line["working"])
def test_the_standings_worked_by_hand(line: dict[str, str]) -> None:
    """Whether an actor was there when an article appeared is what a calendar says, day by day."""
    days = {key: line[key] for key in ("from", "until") if line[key]}
    articles = pd.DataFrame({"id": ["p"], **{key: pd.to_datetime([line[key]]) for key in ("earliest", "latest")}})  # fmt: skip
    rows, book = pd.DataFrame({"article": ["p"]}), Codebook("", data={"actor": {"x": days}})
    (code,), known = membership.standings(rows, articles, book=book)
    found = "absent" if known[code].absent else "unsure" if known[code].unsure else "there"
    assert found == line["standing"]


SPANS = ["", "2014", "2014-06", "2014-06-15", "2015-01-01"]
CELLS = ["a", "b", "c", "d", "a; c", "b; d", "", "c; d"]


@settings(max_examples=tries(200), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(SPANS), st.sampled_from(SPANS)), min_size=4, max_size=4),
    st.lists(st.tuples(st.integers(0, 800), st.integers(0, 300), st.sampled_from(CELLS)), min_size=1, max_size=4),
)  # fmt: skip
def test_every_membership_recounted(
    spans: list[tuple[str, str]], drawn: list[tuple[int, int, str]]
) -> None:
    """Of any dated actors, a row concerns one as a walk through the groups of that day has it."""
    groups = {"a": ["b", "c"], "b": ["d"], "c": [], "d": []}
    data: dict[str, dict[str, object]] = {name: {"members": held} for name, held in groups.items()}
    for name, (first, last) in zip("abcd", spans, strict=True):
        data[name] |= ({"from": first} if first else {}) | ({"until": last} if last else {})
    book, start = Codebook("", data={"actor": data}), pd.Timestamp("2013-06-01")
    days = [(start + pd.Timedelta(days=n), start + pd.Timedelta(days=n + more)) for n, more, _ in drawn]  # fmt: skip
    ids = [f"r{n}" for n in range(len(drawn))]
    articles = pd.DataFrame({"id": ids, "earliest": [f for f, _ in days], "latest": [x for _, x in days]})  # fmt: skip
    rows = pd.DataFrame({"id": ids, "article": ids, "target": [cell for *_, cell in drawn]})
    for actor in "abcd":
        found = addressees.concerning(rows, actor, column="target", book=book, articles=articles)
        made = {r["id"]: (str(r["way"]), r["perhaps"]) for r in found.to_dict("records")}
        expected = {}
        for name, (first, last), (*_, cell) in zip(ids, days, drawn, strict=True):
            sure, may = (walked(actor, cell, groups, spans, (first, last), sure=s) for s in (True, False))  # fmt: skip
            if sure or may:
                expected[name] = (sure or may, not sure)
        assert made == expected


def walked(  # noqa: PLR0913  (a world of its own)
    actor: str, cell: str, groups: dict[str, list[str]], spans: list[tuple[str, str]],
    days: tuple[pd.Timestamp, pd.Timestamp], *, sure: bool,
) -> str:  # fmt: skip
    """Return how a cell concerns an actor in an article of these days, by a plain walk."""
    (first, last), there = days, set()
    for name, (begin, end) in zip("abcd", spans, strict=True):
        opened = [pd.Period(one) if one else None for one in (begin, end)]
        begins, ends = opened
        low = begins is None or (first >= begins.end_time.floor("D") if sure else last >= begins.start_time)  # fmt: skip
        high = ends is None or (last <= ends.start_time if sure else first <= ends.end_time)
        there |= {name} if low and high else set()

    def held(group: str) -> set[str]:
        return {group}.union(*(held(one) for one in groups[group])) if group in there else set()

    named = {one for one in cell.split("; ") if one}
    if actor in named:
        return "itself"
    if any(actor in held(one) for one in named):
        return "group"
    return "member" if named & held(actor) else ""


def test_days_come_back_from_other_tools(tmp_path: Path) -> None:
    """First and last days of actors survive a project, annotations and a codebook of another tool."""
    rows = [{"article": "a", "target": "libya-dawn"}]
    root = make_suite(tmp_path / "s", rows, more="").root
    text = (root / "codebook.toml").read_text("utf-8")
    text = text.replace('label = "Libya Dawn"\n', 'label = "Libya Dawn"\nuntil = "2017-02"\n')
    (root / "codebook.toml").write_text(text, "utf-8")
    for way, file in (("qdpx", "suite.qdpx"), ("annotations", "annotations/annotations.jsonld")):
        export_suite(way, root, tmp_path / way / file.split("/")[0])
        import_suite(way, tmp_path / way / file, tmp_path / way / "back")
        known = codebook.read(tmp_path / way / "back" / "codebook.toml").values("actor")
        assert known["gna"].extra["from"] == "2015-12-17"
        assert known["libya-dawn"].extra["until"] == "2017-02"


def test_days_that_changed_are_a_difference() -> None:
    """What differs between two codebooks names the days of an actor, before and after."""
    actors = {"gna": {"label": "the government", "from": "2015-12-17"}}
    later = {"gna": {"label": "the government", "from": "2016-03", "until": "2021-03"}}
    (found,) = codes(*(Codebook("", data={"actor": one}) for one in (actors, later)))
    assert found.name == "actor.gna"
    assert found.details == ('from: "2015-12-17" → "2016-03"', 'until: "" → "2021-03"')


def rows_of(suite: Suite) -> pd.DataFrame:
    """Return the rows of a suite, limited by what its actors' days leave of groups."""
    selection = suite.select()
    return membership.limited(selection.rows, selection.articles, book=selection.book)


def test_demands_on_a_group_meet_those_on_its_members_of_the_day(suite: Make) -> None:
    """Of a group only those who were there are asked: so a demand on a later one is another demand."""
    for whom, kind in (("gna", "same heading, different demand"), ("haftar", "agree")):
        made = suite(upon("a"), upon("d", whom))
        (line,) = agreement(rows_of(made), [("a", "d")], book=made.book).to_dict("records")
        assert (line["kind"], line["loose"]) == (kind, "objective")
        found = {f.code for f in findings.where_they_agree(made.select())}
        assert ("agree-open" in found) == (kind == "agree")
    later = suite(upon("c"), upon("d", "gna"))
    (line,) = agreement(rows_of(later), [("c", "d")], book=later.book).to_dict("records")
    assert line["kind"] == "agree"
    both = suite(upon("a"), upon("d"))
    (line,) = agreement(rows_of(both), [("a", "d")], book=both.book).to_dict("records")
    assert (line["kind"], line["loose"]) == ("agree", "objective")


def test_a_membership_that_is_open_leaves_the_target_open(suite: Make) -> None:
    """Where dates leave open who was in a group, two demands are alike only as far as said."""
    made = suite(upon("a"), upon("d", "gna"), facts=FACTS | {"a": OPEN})
    (line,) = agreement(rows_of(made), [("a", "d")], book=made.book).to_dict("records")
    assert (line["kind"], line["loose"]) == ("agree", "objective; target")
    assert rows_of(made)["limits"].tolist() == ["|gna; presidential-council", ""]


def test_contradictions_look_at_who_was_there(suite: Make) -> None:
    """What is wanted of a group contradicts what is wanted of a member only if it was one then."""
    for whom, many in (("gna", 0), ("haftar", 1)):
        made = suite(
            upon("a", "libyan-parties", instrument="ceasefire"),
            upon("a", whom, instrument="military_action"),
        )
        assert len(contradictions(rows_of(made), book=made.book)) == many
        assert len(findings.contradicting(made.select(theme="ceasefire"))[0].rows) == 2 * many


def test_without_dated_actors_rows_are_as_they_are() -> None:
    """A codebook that dates no actor costs nothing: the rows themselves come back."""
    rows = pd.DataFrame({"article": ["a"], "target": ["x"]})
    articles = pd.DataFrame({"id": ["a"], "earliest": [pd.Timestamp("2014-01-01")], "latest": [pd.Timestamp("2014-01-01")]})  # fmt: skip
    assert membership.limited(rows, articles, book=Codebook("", data={"actor": {"x": {}}})) is rows


def test_one_demand_said_twice_is_two_where_its_group_has_changed(suite: Make) -> None:
    """Who says the same of a group before and after somebody joined it asks it of him the second time."""
    voice = {"voice": "reported", "speaker": "france"}
    made = suite(upon("a", **voice), upon("d", **voice), upon("d", "gna"))
    pair = [("france", AUTHORS[3])]
    (line,) = agreement(rows_of(made), pair, book=made.book, by="speaker").to_dict("records")
    assert (line["kind"], line["decided_by"]) == ("agree", (("d-001", "d-002"),))


LIMITED = """
[[relation]]
kind = "excludes"
first = "sanctions"
second = "elections"
targets = ["gna"]

[[relation]]
kind = "serves"
first = "sanctions"
second = "elections"
targets = ["gna"]
note = "By sanctions on the government."
"""


def test_relations_that_are_limited_look_at_who_was_there(suite: Make) -> None:
    """A relation that holds of one actor holds of a group only from when the actor is in it."""
    for article, many in (("a", 0), ("d", 1)):
        made = suite(upon(article), upon(article, "", instrument="elections"), more=LIMITED)
        assert len(contradictions(rows_of(made), book=made.book)) == many
        found = findings.theme_rows(made.select(), "elections")
        assert found["serves"].ne("").sum() == many


def test_ties_say_that_targets_differ(suite: Make) -> None:
    """Two who want the same of a group, and of one who joined it later, have other targets."""
    for article, marks in (("a", ("upon different targets",)), ("c", ())):
        made = suite(upon(article), upon("d", "gna")).select()
        pair = (AUTHORS[ord(article) - 97], AUTHORS[3])
        (tie,) = ties(made, [pair], nodes="speaker", same=True)
        assert tie.marks == marks
