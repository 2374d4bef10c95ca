"""What agreement promises: only comparable rows agree, every kind has its rows, sides are equal."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import tries
from policybook.codebook import Codebook
from policybook.measures.agreement import KINDS, agreement, grid, heat

WORKED = Path(__file__).parent / "worked"
MEMBERS = {"armed": ["militia"], "parties": ["armed", "leader"], "militia": [], "leader": []}
INSTRUMENTS = [
    "sanctions",
    "ceasefire",
    "talks",
    "embargo",
    "aid",
    "oil",
    "other",
    "deals",
    "pause",
]
BOOK = Codebook(
    "",
    data={
        "actor": {name: {"members": members} for name, members in MEMBERS.items()},
        "instrument": {name: {"label": name} for name in INSTRUMENTS},
    },
)


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"agreement-{name}.csv", dtype=str, keep_default_na=False)


ROW = st.fixed_dictionaries({
    "article": st.sampled_from(["p", "q", "r"]),
    "speaker": st.sampled_from(["x", "y", "z"]),
    "voice": st.sampled_from(["author", "coauthored", "reported"]),
    "instrument": st.sampled_from(["sanctions", "talks", "other"]),
    "stance": st.sampled_from(["supports", "opposes"]),
    "objective": st.sampled_from(["unspecified", "end", "end; deter", "deter", "other"]),
    "target": st.sampled_from(["", "armed", "militia", "leader", "parties", "other"]),
    "condition": st.sampled_from(["", "If so", "if so.", "if not"]),
})  # fmt: skip


def frame(cells: list[dict[str, str]]) -> pd.DataFrame:
    """Return rows with ids and, where there is a condition, its type."""
    rows = pd.DataFrame(cells, columns=["article", "speaker", "voice", "instrument", "stance",
                                        "objective", "target", "condition"], dtype=str)  # fmt: skip
    rows["condition_type"] = rows["condition"].map(lambda c: "proviso" if c else "")
    return rows.assign(id=[f"r{n}" for n in range(len(rows))])


ROWS = st.lists(ROW, max_size=14).map(frame)
SIDES = st.sampled_from(["article", "speaker"])


def reached(cell: str) -> set[str]:
    """Return all that a cell of targets reaches, by plain recursion."""
    names = {name.strip() for name in cell.split(";") if name.strip()}
    return names.union(*(reached("; ".join(MEMBERS.get(name, []))) for name in names))


def fits(one: set[str], other: set[str]) -> bool:
    """Tell whether two sets overlap or one is unsaid."""
    return not one or not other or bool((one & other) - {"other"})


def alike(one: pd.Series, other: pd.Series, *, strict: bool) -> bool:
    """Tell by the words of the rule whether two rows are comparable."""
    ends = [
        {e.strip() for e in row["objective"].split(";")} - {"unspecified"} for row in (one, other)
    ]
    words = [row["condition"].lower().rstrip(".") for row in (one, other)]
    return (
        one["instrument"] == other["instrument"] != "other"
        and fits(*ends)
        and fits(reached(one["target"]), reached(other["target"]))
        and (not strict or words[0] == words[1])
    )


def recount(
    rows: pd.DataFrame, by: str, *, strict: bool
) -> dict[tuple[str, ...], tuple[object, ...]]:
    """Return kind and rows of each heading by looking at every pair of rows."""
    if by == "article":
        rows = rows[rows["voice"] != "reported"]
    found = {}
    for a, b in combinations(rows[by].unique(), 2):
        for instrument in rows["instrument"].unique():
            mine, others = (
                [
                    r
                    for _, r in rows[
                        (rows[by] == s) & (rows["instrument"] == instrument)
                    ].iterrows()
                ]
                for s in (a, b)
            )
            if not mine and not others:
                continue
            met = [(m, o) for m in mine for o in others if alike(m, o, strict=strict)]
            same = {m["stance"] == o["stance"] for m, o in met}
            kind = {(): "one-sided" if not mine or not others else KINDS[3], (True,): "agree",
                    (False,): "contradict", (False, True): KINDS[2]}[tuple(sorted(same))]  # fmt: skip
            behind = met or [(m, o) for m in mine or [None] for o in others or [None]]
            ids = [{pair[n]["id"] for pair in behind if pair[n] is not None} for n in (0, 1)]
            found[a, b, instrument] = (kind, *ids)
    return found


@pytest.mark.parametrize(
    ("by", "strict"), [("article", "yes"), ("article", "no"), ("speaker", "yes")]
)
def test_worked_example(by: str, strict: str) -> None:
    """Every kind comes out as worked by hand, with its rows, its deciding pairs and what they lack."""
    expected = worked("lines")
    expected = expected[(expected["by"] == by) & (expected["strict"] == strict)]
    pairs = list(expected[["a", "b"]].drop_duplicates().itertuples(index=False, name=None))
    lines = agreement(worked("rows"), pairs, book=BOOK, by=by, strict=strict == "yes")
    lines = lines[lines["instrument"].isin(expected["instrument"])]
    for side in "ab":
        lines[f"rows_{side}"] = lines[f"rows_{side}"].map(" ".join)
    lines["decided_by"] = lines["decided_by"].map(lambda duos: " ".join(map("-".join, duos)))
    assert lines.to_numpy().tolist() == expected[list(lines)].to_numpy().tolist()


def test_worked_heat() -> None:
    """The heat map counts headings as worked by hand."""
    expected = worked("heat").drop(columns="working")
    assert heat(worked("rows")).astype(str).to_numpy().tolist() == expected.to_numpy().tolist()


@settings(max_examples=tries(90), deadline=None)
@given(rows=ROWS, by=SIDES, strict=st.booleans())
def test_recount(rows: pd.DataFrame, by: str, *, strict: bool) -> None:
    """Kinds and rows are those that looking at every pair of rows finds."""
    lines = agreement(rows, book=BOOK, by=by, strict=strict)
    found = {
        (line.a, line.b, line.instrument): (line.kind, set(line.rows_a), set(line.rows_b))
        for line in lines.itertuples()
    }
    assert len(found) == len(lines)
    assert found == recount(rows, by, strict=strict)


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS, by=SIDES, strict=st.booleans())
def test_symmetry(rows: pd.DataFrame, by: str, *, strict: bool) -> None:
    """Which side is named first changes nothing but the order of the two."""
    there = agreement(rows, [("p", "q"), ("x", "y")], book=BOOK, by=by, strict=strict)
    back = agreement(rows, [("q", "p"), ("y", "x")], book=BOOK, by=by, strict=strict)
    turned = back.rename(columns={"a": "b", "b": "a", "rows_a": "rows_b", "rows_b": "rows_a"})
    duos = [tuple(duo[::-1] for duo in each) for each in turned["decided_by"]]
    turned["decided_by"] = pd.Series(duos, dtype=object)
    assert there.to_numpy().tolist() == turned[list(there)].to_numpy().tolist()


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS, by=SIDES)
def test_strict_is_part_of_loose(rows: pd.DataFrame, by: str) -> None:
    """What agrees or contradicts under equal conditions does so when conditions are ignored."""
    strict, loose = (
        agreement(rows, book=BOOK, by=by, strict=s).set_index(["a", "b", "instrument"])
        for s in (True, False)
    )
    assert list(strict.index) == list(loose.index)
    for heading, line in strict.iterrows():
        wide = loose.loc[[heading]].iloc[0]
        for kind in ("agree", "contradict"):
            if kind in line["kind"].split(" and "):
                assert kind in wide["kind"].split(" and ")
                assert set(line["rows_a"]) <= set(wide["rows_a"])


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS, by=SIDES, strict=st.booleans())
def test_rows_are_of_the_sides(rows: pd.DataFrame, by: str, *, strict: bool) -> None:
    """Every row behind a line is one of its side and instrument, and so is the deciding pair."""
    owner = rows.set_index("id")
    for line in agreement(rows, book=BOOK, by=by, strict=strict).itertuples():
        for side, ids in ((line.a, line.rows_a), (line.b, line.rows_b)):
            assert set(owner.loc[list(ids), by]) <= {side}
            assert set(owner.loc[list(ids), "instrument"]) <= {line.instrument}
        for first, second in line.decided_by:
            assert first in line.rows_a
            assert second in line.rows_b
            one, other = owner.loc[first], owner.loc[second]
            assert alike(one, other, strict=strict) == (not line.differ)
        assert bool(line.decided_by) == (line.kind != "one-sided")
        assert not (strict and "condition" in line.loose)


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS, by=SIDES, strict=st.booleans())
def test_heat_is_an_upper_bound(rows: pd.DataFrame, by: str, *, strict: bool) -> None:
    """No pair agrees or contradicts on more instruments than the heat map counts."""
    lines = agreement(rows, book=BOOK, by=by, strict=strict)
    for pair in heat(rows, by=by).itertuples():
        mine = lines[(lines["a"] == pair.a) & (lines["b"] == pair.b)]["kind"]
        assert mine.isin(["agree", KINDS[2]]).sum() <= pair.agreed <= pair.shared
        assert mine.isin(["contradict", KINDS[2]]).sum() <= pair.contradicted <= pair.shared
        assert len(mine) == pair.either
        assert (mine != "one-sided").sum() == pair.shared


def test_a_group_reaches_members_of_members() -> None:
    """Two targets overlap also through a group within a group, from either end."""
    base = {"article": "p", "speaker": "x", "voice": "author", "instrument": "sanctions",
            "stance": "supports", "objective": "end", "target": "parties", "condition": ""}  # fmt: skip
    rows = frame([base, base | {"article": "q", "target": "militia"}])
    for pair in (("p", "q"), ("q", "p")):
        assert agreement(rows, [pair], book=BOOK)["kind"].tolist() == ["agree"]


def test_the_clearest_pair_decides() -> None:
    """Where several pairs agree, the pair shown is the one that leaves least unsaid."""
    base = {"article": "p", "speaker": "x", "voice": "author", "instrument": "sanctions",
            "stance": "supports", "objective": "end", "target": "leader", "condition": ""}  # fmt: skip
    vague = base | {"article": "q", "objective": "unspecified", "target": ""}
    rows = frame([base, vague, base | {"article": "q", "target": ""}, base | {"article": "q"}])
    line = agreement(rows, book=BOOK).iloc[0]
    assert (line["decided_by"], line["loose"]) == ((("r0", "r3"),), "")
    assert line["rows_b"] == ("r1", "r2", "r3")


def test_ties_are_broken_alike_from_both_sides() -> None:
    """Of two equally clear pairs the one with the earliest row is shown, whoever is named first."""
    base = {"article": "p", "speaker": "x", "voice": "author", "instrument": "sanctions",
            "stance": "supports", "objective": "end", "target": "leader", "condition": ""}  # fmt: skip
    other = {"target": "company"}
    rows = frame([base, base | other | {"article": "q"}, base | other, base | {"article": "q"}])
    lines = agreement(rows, [("p", "q"), ("q", "p")], book=BOOK)
    assert lines["decided_by"].tolist() == [(("r0", "r3"),), (("r3", "r0"),)]


def test_grid_keeps_the_order_asked() -> None:
    """A grid shows rows in the order of their ids, and an unknown id is an error."""
    rows = worked("rows").assign(addressee="", means="leverage", strength="must")
    assert grid(rows, ["q05", "p05"])["objective"].tolist() == ["elections", "settlement"]
    with pytest.raises(KeyError, match="p99"):
        grid(rows, ["p05", "p99"])


def test_misuse() -> None:
    """A side compared with itself, or a matrix nobody can read, is an error at once."""
    with pytest.raises(ValueError, match="itself"):
        agreement(worked("rows"), [("p", "p")], book=BOOK)
    with pytest.raises(ValueError, match="5001 sides"):
        heat(worked("rows"), sides=[str(n) for n in range(5001)])


@pytest.mark.parametrize("rows", [frame([]), worked("rows").iloc[:0], worked("rows").iloc[[0]]])
def test_nothing_to_compare(rows: pd.DataFrame) -> None:
    """Without two sides there is no line, and the columns are there all the same."""
    lines = agreement(rows, book=BOOK)
    assert lines.empty
    assert "decided_by" in lines
    assert heat(rows).empty


def test_a_silent_side_is_one_sided() -> None:
    """A side that is asked for and prescribes nothing leaves every heading one-sided."""
    lines = agreement(worked("rows"), [("p", "nobody")], book=BOOK)
    assert set(lines["kind"]) == {"one-sided"}
    assert set(lines["rows_b"]) == {()}
    assert lines["instrument"].tolist() == INSTRUMENTS
