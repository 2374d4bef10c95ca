"""What measures of addressees promise: nobody is asked who is not named, nothing counts twice."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import tries
from policybook.codebook import Codebook
from policybook.measures import addressees
from policybook.measures.counting import units

WORKED = Path(__file__).parent / "worked"
ACTORS = {"egypt": {}, "uae": {}, "us": {}, "lna": {},
          "backers": {"members": ["egypt", "uae"]},
          "world": {"members": ["backers", "us"]}}  # fmt: skip
BOOK = Codebook("", data={"actor": ACTORS})


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"addressees-{name}.csv", dtype=str, keep_default_na=False)


def articles(*spans: tuple[int, int]) -> pd.DataFrame:
    """Return articles p, q, … from the first day of each and the days it may be later."""
    first = pd.to_datetime("2014-01-01") + pd.to_timedelta([s for s, _ in spans], "D")
    last = first + pd.to_timedelta([length for _, length in spans], "D")
    names = [chr(112 + i) for i in range(len(spans))]
    return pd.DataFrame({"id": names, "earliest": first, "latest": last})


def test_the_flows_worked_by_hand() -> None:
    """Each addressee of a list is told, and the table names the rows behind every line."""
    found = addressees.flows(worked("rows"), by=["addressee", "instrument", "stance"])
    columns = ["addressee", "instrument", "stance", "units", "articles", "rows"]
    expected = worked("flows")
    key = ["addressee", "instrument", "stance"]
    assert found.sort_values(key)[columns].astype(str).to_numpy().tolist() == (
        expected.sort_values(key)[columns].to_numpy().tolist()
    )
    assert found["units"].is_monotonic_decreasing


def test_a_row_with_two_addressees_and_two_targets_is_four_flows() -> None:
    """Who tells whom to do what to whom has a line for each pair of those named."""
    rows = worked("rows").iloc[:1].assign(target="egypt; uae")
    found = addressees.flows(rows)[["addressee", "target"]].to_numpy().tolist()
    assert sorted(found) == [
        ["backers", "egypt"],
        ["backers", "uae"],
        ["us", "egypt"],
        ["us", "uae"],
    ]


def test_nobody_is_told_only_where_no_repetition_names_somebody() -> None:
    """A demand whose repetition names an addressee is not one that nobody is told to meet."""
    found = addressees.unaddressed(worked("rows"))
    assert found[["id", "in_course", "units", "rows"]].to_numpy().tolist() == [
        ["f4", True, 1, "f4"], ["f7", False, 1, "f7"]]  # fmt: skip


def test_a_filter_takes_no_addressee_away() -> None:
    """With the row hidden that names the addressee, the demand still has one."""
    rows = worked("rows")
    shown = rows[rows["id"] != "f3"]
    assert "f2" in set(addressees.unaddressed(shown)["id"])
    assert "f2" not in set(addressees.unaddressed(shown, all_rows=rows)["id"])


def test_a_course_is_unaddressed_only_if_no_step_names_anybody() -> None:
    """Counted by courses, one step that names an addressee is enough."""
    assert addressees.unaddressed(worked("rows"), rule="courses")["id"].to_list() == ["f7"]


def test_groups_hold_their_members_at_any_depth() -> None:
    """A group within a group holds what the inner one holds."""
    assert addressees.groups_of("egypt", book=BOOK) == ["backers", "world"]
    assert addressees.groups_of("world", book=BOOK) == []


@pytest.mark.parametrize("actor", ["egypt", "backers", "us"])
def test_the_dossier_worked_by_hand(actor: str) -> None:
    """What is asked of an actor, done to it and said by it stands apart, groups apart again."""
    found = addressees.dossier(worked("rows"), actor, book=BOOK)
    expected = worked("dossier")
    columns = ["relation", "way", "through", "id"]
    assert found[columns].astype(str).to_numpy().tolist() == (
        expected.loc[expected["actor"] == actor, columns].to_numpy().tolist()
    )


def test_an_actor_nobody_names_has_an_empty_dossier() -> None:
    """An unknown actor, or one in no row, has a dossier without lines."""
    assert addressees.dossier(worked("rows"), "nobody", book=BOOK).empty


def test_a_dossier_is_tallied_by_relation_and_way() -> None:
    """Units of a dossier are counted apart for the actor itself, its groups and its members."""
    lines = addressees.dossier(worked("rows"), "egypt", book=BOOK)
    found = addressees.tally_dossier(lines).set_index(["relation", "way"])["units"]
    assert found.to_dict() == {
        ("asked of it", "itself"): 1, ("asked of it", "group"): 2,
        ("to be done to it", "itself"): 2, ("said by it", "itself"): 1,
    }  # fmt: skip


NAMES = st.sampled_from(["", "egypt", "uae", "us; backers", "egypt; backers", "world", "lna; uae"])
PROVISOS = st.sampled_from(["", "one without Egyptians", "with the others", "not Neegypt"])
ROW = st.tuples(st.sampled_from("pq"), st.sampled_from(["x", "egypt"]), NAMES, NAMES,
                st.sampled_from(["c", "d", "", ""]), st.integers(0, 9), PROVISOS)  # fmt: skip


@st.composite
def coded(draw: st.DrawFn) -> pd.DataFrame:
    """Draw rows; some are steps of a course, some repeat an earlier one of their article."""
    lines: list[dict[str, str]] = []
    for n, (article, speaker, who, whom, course, other, words) in enumerate(
        draw(st.lists(ROW, max_size=9))
    ):
        earlier = [r["id"] for r in lines if r["article"] == article and not r["repeat_of"]]
        again = earlier[other % len(earlier)] if earlier and other > 6 else ""
        own = f"{article}{course}" if course and not again else f"r{n}"
        lines.append({"id": f"r{n}", "article": article, "speaker": speaker, "addressee": who,
                      "target": whom, "instrument": "ij"[other % 2], "stance": "supports",
                      "strength": "must", "course": own, "repeat_of": again, "condition": words,
                      "condition_type": ("proviso", "goal")[other % 2] if words else ""})  # fmt: skip
    columns = [name for name in worked("rows") if name != "working"]
    columns += ["condition", "condition_type"]
    return pd.DataFrame(lines, columns=columns, dtype=str)


@settings(max_examples=tries(90), deadline=None)
@given(coded(), st.sampled_from(["courses", "recommendations", "rows", "articles"]))
def test_flows_are_what_a_recount_finds(rows: pd.DataFrame, rule: str) -> None:
    """Counted one row at a time, every flow has the same units and rows."""
    keys = dict(zip(rows["id"], units(rows, rule=rule), strict=True))
    counted: dict[tuple[str, ...], list[str]] = {}
    for r in rows.to_dict("records"):
        for who in r["addressee"].split("; "):
            for whom in r["target"].split("; "):
                flow = (r["speaker"], who, r["instrument"], r["stance"], whom)
                counted.setdefault(flow, []).append(r["id"])
    found = addressees.flows(rows, rule=rule)
    assert len(found) == len(counted)
    for line in found.itertuples():
        seen = counted[tuple(getattr(line, name) for name in addressees.FLOW)]
        assert line.rows == "; ".join(seen)
        assert line.units == len({keys[row] for row in seen})


@settings(max_examples=tries(90), deadline=None)
@given(coded(), st.lists(st.booleans(), min_size=9, max_size=9))
def test_unaddressed_are_what_a_recount_finds(rows: pd.DataFrame, shown: list[bool]) -> None:
    """A recommendation is unaddressed exactly if neither it nor a repetition names anybody."""
    named = {r["repeat_of"] or r["id"] for r in rows.to_dict("records") if r["addressee"]}
    part = rows[pd.Series(shown[: len(rows)], index=rows.index, dtype=bool)]
    wanted = dict.fromkeys(r["repeat_of"] or r["id"] for r in part.to_dict("records"))
    found = addressees.unaddressed(part, all_rows=rows)
    first = [
        r["repeat_of"] or r["id"] for r in part.to_dict("records") if r["id"] in set(found["id"])
    ]
    assert first == [unit for unit in wanted if unit not in named]


@settings(max_examples=tries(90), deadline=None)
@given(coded(), st.sampled_from(list(ACTORS)), st.sampled_from(list(addressees.RELATIONS)))
def test_each_row_concerns_an_actor_once(rows: pd.DataFrame, actor: str, column: str) -> None:
    """A row that names the actor and its group is one line, and the actor's own; provisos stand apart."""
    found = addressees.concerning(rows, actor, column=column, book=BOOK)
    holding = [name for name in ACTORS if name != actor and actor in BOOK.members(name)]
    members = BOOK.members(actor) - {actor}
    expected = {}
    for row in rows.to_dict("records"):
        named = row[column].split("; ")
        if actor in named:
            expected[row["id"]] = ("itself", "")
        elif any(name in holding for name in named):
            words = row["condition"] if row["condition_type"] == "proviso" else ""
            excepts = column != "speaker" and re.search(rf"\b{actor}", words, re.IGNORECASE)
            way = "proviso" if excepts else "group"
            expected[row["id"]] = (way, "; ".join(n for n in named if n in holding))
        elif any(name in members for name in named):
            expected[row["id"]] = ("member", "; ".join(n for n in named if n in members))
    assert list(found["id"]) == list(expected)
    assert list(zip(found["way"], found["through"], strict=True)) == list(expected.values())


@settings(max_examples=tries(90), deadline=None)
@given(coded(), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=2, max_size=2))
def test_who_is_asked_first_is_only_said_where_certain(
    rows: pd.DataFrame, spans: list[tuple[int, int]]
) -> None:
    """An addressee is asked first, or again, only if every other article is certainly later."""
    table = articles(*spans)
    known = {a: (low, high) for a, low, high in table.itertuples(index=False)}
    found = addressees.asked_over_time(rows, "i", articles=table)
    asking = {(line.article, line.addressee) for line in found.itertuples()}
    assert asking == {
        (r["article"], who) for r in rows.to_dict("records") if r["instrument"] == "i"
        for who in r["addressee"].split("; ")
    }  # fmt: skip
    for line in found.itertuples():
        others = [known[a] for a, who in asking if who == line.addressee and a != line.article]
        again = any(high < known[line.article][0] for _, high in others)
        first = all(low > known[line.article][1] for low, _ in others)
        assert line.asked == ("again" if again else "first" if first else "unclear")


def test_articles_of_one_day_ask_in_no_order() -> None:
    """Two articles of the same day that ask the same actor are neither first nor again."""
    rows = worked("rows").iloc[[0, 0]].assign(article=["p", "q"], id=["a", "b"], course=["a", "b"])
    found = addressees.asked_over_time(rows, "i", articles=articles((1, 0), (1, 0)))
    assert set(found["asked"]) == {"unclear"}


def test_nothing_selected_is_an_empty_table_with_its_columns() -> None:
    """Without rows every table is empty and has the columns it always has."""
    table = articles((0, 0), (5, 0))
    for make in (
        addressees.flows,
        addressees.unaddressed,
        lambda rows: addressees.asked_over_time(rows, "i", articles=table),
        lambda rows: addressees.asked_over_time(rows, "i", articles=table.iloc[:0]).iloc[:0],
        lambda rows: addressees.dossier(rows, "egypt", book=BOOK),
        lambda rows: addressees.tally_dossier(addressees.dossier(rows, "egypt", book=BOOK)),
    ):
        empty = make(worked("rows").iloc[:0])
        assert empty.empty
        assert list(empty) == list(make(worked("rows")))
