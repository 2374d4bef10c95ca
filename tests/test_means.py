"""What measures of means promise: steps by their place, courses whole, nothing counted twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import tries
from policybook.measures import means
from policybook.measures.counting import units

WORKED = Path(__file__).parent / "worked"
NUMBERS = {"order": "int64", "start": "int64", "end": "int64"}


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"means-{name}.csv", dtype=str, keep_default_na=False)


def example() -> pd.DataFrame:
    """Read the rows of the worked example."""
    return worked("rows").astype(NUMBERS)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare the columns worked by hand, as they are written."""
    columns = [name for name in expected if name != "working"]
    assert found[columns].astype(str).to_numpy().tolist() == expected[columns].to_numpy().tolist()


def test_the_ways_worked_by_hand() -> None:
    """Each means towards an end stands with its trigger, its stance and its steps."""
    same(means.ways(example(), objective="stop"), worked("ways"))


def test_the_counting_rule_decides_what_is_counted() -> None:
    """By rows a repetition counts, by courses it does not."""
    by_rows = means.ways(example(), objective="stop", rule="rows").set_index("means")["units"]
    by_courses = means.ways(example(), objective="stop").set_index("means")["units"]
    assert (by_rows["quiet_diplomacy"], by_courses["quiet_diplomacy"]) == (2, 1)


def test_a_repetition_belongs_to_its_course_even_where_the_first_saying_is_left_out() -> None:
    """Narrowed to a theme, two rows of one course stay one unit."""
    rows = example()
    rows.loc[rows["id"] == "m1", "objective"] = "other"
    found = means.ways(rows, objective="stop")
    assert found[found["means"] == "quiet_diplomacy"][["units", "rows"]].to_numpy().tolist() == [
        [1, "m4"]
    ]
    assert means.gather(means.toward(rows.assign(unit=units(rows)), objective="stop"), ["article"])[
        "units"
    ].to_list() == [1, 2]


def test_the_courses_worked_by_hand() -> None:
    """A course stands whole, in the order of its passages, with what serves the end marked."""
    same(means.courses(example(), objective="stop"), worked("courses"))


def test_courses_stand_in_order_of_place_however_the_table_is_sorted() -> None:
    """Places in the article decide; the table's order counts only within one passage (m2, m3)."""
    turned = example().iloc[[7, 6, 5, 4, 3, 1, 2, 0]]
    same(means.courses(turned, objective="stop"), worked("courses"))


def test_a_theme_narrows_as_an_objective_does() -> None:
    """Asked for an instrument, the courses that use it stand, and its rows serve."""
    found = means.courses(example(), instrument="sanctions")
    assert found[["id", "serves"]].to_numpy().tolist() == [
        ["m1", False],
        ["m2", False],
        ["m3", True],
    ]


def test_the_successions_worked_by_hand() -> None:
    """One means follows another only from a step to the next, and only where both are wanted."""
    same(means.successions(example()), worked("successions"))


def test_what_must_happen_first_stands_with_its_words() -> None:
    """A precondition is shown with the words of the condition and of the recommendation."""
    found = means.preconditions(example(), objective="talks")
    assert found[["id", "course", "step", "condition"]].to_numpy().tolist() == [
        ["m6", "c2", 1, "without a framework"]
    ]
    assert means.preconditions(example(), objective="stop").empty


def test_a_precondition_said_again_stands_once() -> None:
    """A repetition of a precondition is named beside it and has no line of its own."""
    rows = example()
    rows.loc[rows["id"] == "m8", ["repeat_of", "condition_type"]] = ["m6", "precondition"]
    assert means.preconditions(rows)[["id", "repeats"]].to_numpy().tolist() == [["m6", "m8"]]


def test_no_precondition_is_lost_to_the_row_it_repeats() -> None:
    """A repetition that alone names the condition has its own line."""
    rows = example()
    rows.loc[rows["id"] == "m4", ["condition_type", "condition"]] = ["precondition", "once heard"]
    found = means.preconditions(rows)
    assert found[["id", "course", "condition"]].to_numpy().tolist() == [
        ["m4", "c1", "once heard"], ["m6", "c2", "without a framework"]]  # fmt: skip


def test_a_means_that_is_not_named_reads_as_not_said() -> None:
    """An empty cell of means is one line of its own, never nothing."""
    assert "unspecified" in set(means.ways(example(), objective="talks")["means"])


PLACE = st.integers(0, 3)
ROW = st.tuples(st.sampled_from("pq"), PLACE, st.sampled_from(["", "c", "d"]),
                st.sampled_from(["", "threat", "force; threat", "exposure"]),
                st.sampled_from(["stop", "talks; stop", "talks", ""]),
                st.sampled_from(["supports", "supports", "opposes"]), st.integers(0, 9))  # fmt: skip


@st.composite
def coded(draw: st.DrawFn) -> pd.DataFrame:
    """Draw rows in order of time and place; some repeat an earlier one of their article."""
    drawn = draw(st.lists(ROW, max_size=14))
    lines: list[dict[str, object]] = []
    for n, (article, start, course, how, objective, stance, other) in enumerate(drawn):
        earlier = [str(r["id"]) for r in lines if r["article"] == article and not r["repeat_of"]]
        again = earlier[other % len(earlier)] if earlier and other > 6 else ""
        own = f"{article}{course}" if course and not again else f"r{n}"
        lines.append({"id": f"r{n}", "article": article, "order": "pq".index(article),
                      "start": start, "end": start + 1 + other % 2, "course": own, "repeat_of": again,
                      "means": how, "objective": objective, "stance": stance,
                      "condition_type": ["", "trigger", "precondition"][other % 3],
                      "condition": "", "strength": "", "addressee": "", "target": "",
                      "instrument": "i", "speaker": "x", "quote": ""})  # fmt: skip
    table = pd.DataFrame(lines, columns=[*example()])
    return table.astype(NUMBERS).sort_values(["order", "start"], ignore_index=True)


@settings(max_examples=tries(90), deadline=None)
@given(coded(), st.sampled_from(["", "stop", "talks", "nowhere"]))
def test_ways_are_what_a_recount_finds(rows: pd.DataFrame, objective: str) -> None:
    """Counted one row at a time, every means has the same courses, articles and rows."""
    course = dict(zip(rows["id"], rows["course"], strict=True))
    counted: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    for row in rows.to_dict("records"):
        if objective and objective not in row["objective"].split("; "):
            continue
        unit = course[row["repeat_of"] or row["id"]]
        for how in (row["means"] or "unspecified").split("; "):
            key = (how, row["stance"], row["condition_type"])
            counted.setdefault(key, []).append((unit, row["article"], row["id"]))
    found = means.ways(rows, objective=objective)
    assert len(found) == len(counted)
    for line in found.itertuples():
        seen = counted[line.means, line.stance, line.condition_type]
        assert line.units == len({unit for unit, _, _ in seen})
        assert line.articles == len({article for _, article, _ in seen})
        assert line.rows == "; ".join(row for _, _, row in seen)


@settings(max_examples=tries(90), deadline=None)
@given(coded())
def test_steps_are_the_passages_of_a_course_in_order(rows: pd.DataFrame) -> None:
    """A step's number is the rank of its passage among those of its course, by place."""
    first = {r["id"]: r for r in rows.to_dict("records") if not r["repeat_of"]}
    places: dict[str, set[tuple[int, int]]] = {}
    for row in first.values():
        places.setdefault(row["course"], set()).add((row["start"], row["end"]))
    for line in means.numbered(rows).to_dict("records"):
        row = first[line["repeat_of"] or line["id"]]
        passages = sorted(places[row["course"]])
        assert line["unit"] == row["course"]
        assert line["step"] == passages.index((row["start"], row["end"])) + 1
        assert line["steps"] == max(
            passages.index((r["start"], r["end"])) + 1
            for r in first.values()
            if r["course"] == row["course"]
        )
        again = [r["id"] for r in rows.to_dict("records") if r["repeat_of"] == line["id"]]
        assert line["repeats"] == "; ".join(again)


@settings(max_examples=tries(90), deadline=None)
@given(coded(), st.sampled_from(["", "stop", "talks", "nowhere"]))
def test_a_course_that_serves_is_shown_whole_and_once(rows: pd.DataFrame, objective: str) -> None:
    """No row of a serving course is lost, none stands twice, and steps never go back."""
    found = means.courses(rows, objective=objective)
    course = dict(zip(rows["id"], rows["course"], strict=True))
    serving = {course[r["repeat_of"] or r["id"]] for r in rows.to_dict("records")
               if not objective or objective in r["objective"].split("; ")}  # fmt: skip
    wanted = {r["id"] for r in rows.to_dict("records")
              if not r["repeat_of"] and r["course"] in serving}  # fmt: skip
    assert sorted(found["id"]) == sorted(wanted)
    for _, steps in found.groupby("course"):
        assert steps["step"].is_monotonic_increasing


@settings(max_examples=tries(90), deadline=None)
@given(coded())
def test_successions_are_what_a_recount_finds(rows: pd.DataFrame) -> None:
    """Counted pair by pair, the same means follow each other in the same courses."""
    steps = means.courses(rows)
    counted: dict[tuple[str, str, str], set[str]] = {}
    wanted = [r for r in steps.to_dict("records") if r["stance"] == "supports"]
    for one in wanted:
        for other in wanted:
            if one["course"] == other["course"] and other["step"] == one["step"] + 1:
                for how in (one["means"] or "unspecified").split("; "):
                    for then in (other["means"] or "unspecified").split("; "):
                        key = (how, then, other["condition_type"])
                        counted.setdefault(key, set()).add(one["course"])
    found = means.successions(rows)
    assert {(r.means, r.then, r.condition_type): r.units for r in found.itertuples()} == {
        key: len(courses) for key, courses in counted.items()
    }


@settings(max_examples=tries(90), deadline=None)
@given(st.lists(st.sampled_from(["", "a", "a; b", "b;a ;c"]), max_size=6))
def test_list_cells_are_taken_apart_in_their_order(cells: list[str]) -> None:
    """Every entry of every cell is a line, and an empty cell is one line too."""
    rows = pd.DataFrame({"id": range(len(cells)), "who": pd.Series(cells, dtype=str)})
    found = means.listed(rows, "who", none="nobody")
    parts = [(n, p.strip()) for n, cell in enumerate(cells)
             for p in (cell.split(";") if cell else ["nobody"])]  # fmt: skip
    assert list(zip(found["id"], found["who"], strict=True)) == parts


@pytest.mark.parametrize("make", [means.ways, means.courses, means.successions,
                                  means.preconditions, means.numbered])  # fmt: skip
def test_nothing_selected_is_an_empty_table_with_its_columns(
    make: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:
    """Without rows every table is empty and has the columns it always has."""
    empty = make(example().iloc[:0])
    assert empty.empty
    assert list(empty) == list(make(example()))
