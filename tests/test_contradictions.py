"""What contradictions promise: only what cannot be wanted at once, never without its condition."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import tries
from policybook.codebook import Codebook
from policybook.measures.contradictions import (
    KINDS,
    author_against_reported,
    contradictions,
    excluding,
    for_and_against,
)

WORKED = Path(__file__).parent / "worked"
MEMBERS = {"armed": ["militia"], "parties": ["armed", "leader"], "militia": [], "leader": []}
ACTORS = {name: {"members": members} for name, members in MEMBERS.items()}
EXCLUDES = {
    "kind": "excludes", "first": "exclude_one", "second": "all_parties", "unless": "proviso",
    "note": "Not all without one.",
}  # fmt: skip
OWN = ("author", "coauthored")


def book(**relation: object) -> Codebook:
    """Return a codebook with a relation that excludes, changed in what is given."""
    serves = EXCLUDES | {"kind": "serves", "first": "talks"}
    return Codebook("", data={"actor": ACTORS, "relation": [EXCLUDES | relation, serves]})


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"contradictions-{name}.csv", dtype=str, keep_default_na=False)


COLUMNS = ["article", "speaker", "voice", "author_attitude", "instrument", "stance", "objective",
           "target", "condition"]  # fmt: skip
ROW = st.fixed_dictionaries({
    "article": st.sampled_from(["p", "q"]),
    "speaker": st.sampled_from(["x", "y", "z"]),
    "voice": st.sampled_from(["author", "reported", "reported"]),
    "author_attitude": st.sampled_from(["neutral", "rejects", "endorses"]),
    "instrument": st.sampled_from(["talks", "exclude_one", "all_parties", "other"]),
    "stance": st.sampled_from(["supports", "supports", "opposes"]),
    "objective": st.sampled_from(["unspecified", "end", "end; deter", "deter", "other"]),
    "target": st.sampled_from(["", "armed", "militia", "leader", "parties"]),
    "condition": st.sampled_from(["", "if so", "if not"]),
})  # fmt: skip


def frame(cells: list[dict[str, str]]) -> pd.DataFrame:
    """Return rows with ids, types of condition, and attitudes only where a position is relayed."""
    rows = pd.DataFrame(cells, columns=COLUMNS, dtype=str)
    rows["author_attitude"] = rows["author_attitude"].where(rows["voice"] == "reported", "")
    rows["condition_type"] = rows["condition"].map(
        {"": "", "if so": "proviso", "if not": "trigger"}
    )
    return rows.assign(id=[f"r{n}" for n in range(len(rows))])


ROWS = st.lists(ROW, max_size=14).map(frame)


def reached(cell: str) -> set[str]:
    """Return all that a target reaches, by plain recursion."""
    return {cell}.union(*map(reached, MEMBERS.get(cell, []))) if cell else set()


def fits(one: set[str], other: set[str]) -> bool:
    """Tell whether two sets overlap or one is unsaid."""
    return not one or not other or bool((one & other) - {"other"})


def targets_fit(one: pd.Series, other: pd.Series) -> bool:
    """Tell whether the targets of two rows fit."""
    return fits(reached(one["target"]), reached(other["target"]))


def opposite(one: pd.Series, other: pd.Series) -> bool:
    """Tell by the words of the rule whether two rows are comparable and of opposite stance."""
    ends = [set(row["objective"].split("; ")) - {"unspecified"} for row in (one, other)]
    return (
        one["instrument"] == other["instrument"] != "other"
        and one["stance"] != other["stance"]
        and fits(*ends)
        and targets_fit(one, other)
    )


def each(rows: pd.DataFrame) -> list[pd.Series]:
    """Return the rows one by one."""
    return [row for _, row in rows.iterrows()]


def test_worked_example() -> None:
    """Every kind and scope comes out as worked by hand, and nothing else does."""
    expected = worked("lines").drop(columns="working")
    found = contradictions(worked("rows"), book=book(), between=["x", "y", "z"])
    for column in ("instruments", "speakers", "articles"):
        found[column] = found[column].map(" ".join)
    found["conditional"] = found["conditional"].map({True: "yes", False: "no"})
    found["loose"] = found["loose"].str.replace(";", "")
    assert found[list(expected)].astype(str).to_numpy().tolist() == expected.to_numpy().tolist()


def test_between_is_asked_for() -> None:
    """Two speakers of two articles are set against each other only where both are named."""
    for named in ((), ("x",), ("x", "y")):
        assert "between" not in set(excluding(worked("rows"), book=book(), between=named)["scope"])


def test_conditions_are_named() -> None:
    """What a condition may dissolve is marked, and its words stand in `why`."""
    found = contradictions(worked("rows"), book=book(), between=["x", "z"]).set_index("second")
    assert found.loc["p4", "why"].tolist() == [
        "x: for ceasefire; x: against ceasefire under a condition (precondition: “Without talks”)",
        (
            "y: for ceasefire; rejected by x; "
            "x: against ceasefire under a condition (precondition: “Without talks”)"
        ),
    ]
    assert found.loc["q1", "why"].endswith("(trigger: “If asked”); Not all without one.")
    assert found.loc["q6", "why"] == "y: for deals; endorsed by x; x: against deals"
    assert found.loc["", "why"] == "y: for talks; rejected by x"


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS)
def test_for_and_against(rows: pd.DataFrame) -> None:
    """A speaker is said to contradict himself where two comparable rows of his do, and only there."""
    every = each(rows)
    pairs = [
        (one, other)
        for one in every
        for other in every
        if one["speaker"] == other["speaker"]
        and one["stance"] == "supports"
        and opposite(one, other)
    ]
    found = for_and_against(rows, book=book())
    told = set(zip(found["speakers"], found["instruments"], strict=True))
    assert told == {((one["speaker"],), (one["instrument"],)) for one, _ in pairs}
    ids = {(one["id"], other["id"]) for one, other in pairs}
    assert set(zip(found["first"], found["second"], strict=True)) <= ids
    for line in found.itertuples():
        mine = [
            p
            for p in pairs
            if ((p[0]["speaker"],), (p[0]["instrument"],)) == (line.speakers, line.instruments)
        ]
        demand = ["stance", "objective", "target", "condition"]
        assert line.pairs == len({tuple(tuple(row[demand]) for row in pair) for pair in mine})
        assert line.conditional == all(
            one["condition"] != other["condition"] for one, other in mine
        )


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS)
def test_excluding(rows: pd.DataFrame) -> None:
    """Two instruments are said to exclude each other by exactly those the codebook means."""
    wanted: dict[str, set[tuple[str, ...]]] = {
        "one speaker": set(),
        "one article": set(),
        "between": set(),
    }
    for one in each(rows[(rows["instrument"] == "exclude_one") & (rows["stance"] == "supports")]):
        for other in each(
            rows[(rows["instrument"] == "all_parties") & (rows["stance"] == "supports")]
        ):
            if other["condition_type"] == "proviso" or not targets_fit(one, other):
                continue
            who = tuple(dict.fromkeys((one["speaker"], other["speaker"])))
            if len(who) == 1:
                wanted["one speaker"].add(who)
            else:
                wanted["between"].add(who)
                if one["article"] == other["article"]:
                    wanted["one article"].add((*who, one["article"]))
    wanted["between"] -= {who[:2] for who in wanted["one article"]}
    found = excluding(rows, book=book(), between=["x", "y", "z"])
    told = {scope: set(lines["speakers"]) for scope, lines in found.groupby("scope")}
    in_one = found[found["scope"] == "one article"]
    assert told.get("one speaker", set()) == wanted["one speaker"]
    assert told.get("between", set()) == wanted["between"]
    assert {s + a for s, a in zip(in_one["speakers"], in_one["articles"], strict=True)} == wanted[
        "one article"
    ]


@settings(max_examples=tries(60), deadline=None)
@given(rows=ROWS)
def test_author_against_reported(rows: pd.DataFrame) -> None:
    """A relayed position is told of where the author rejects it or prescribes its opposite."""
    relayed = each(rows[rows["voice"] == "reported"])
    own = each(rows[rows["voice"].isin(OWN)])
    against = {
        r["id"]: {o["id"] for o in own if o["article"] == r["article"] and opposite(r, o)}
        for r in relayed
    }
    found = author_against_reported(rows, book=book())
    attitude = rows.set_index("id")["author_attitude"]
    for line in found.itertuples():
        assert line.second in against[line.first] if line.second else not against[line.first]
        assert against[line.first] or attitude[line.first] == "rejects"
    keys = ["article", "speaker", *COLUMNS[3:]]
    said = rows.set_index("id")[keys].apply(tuple, axis=1)
    due = {said[r["id"]] for r in relayed if against[r["id"]] or r["author_attitude"] == "rejects"}
    assert {said[first] for first in found["first"]} == due
    assert len(found) == len(due)


@pytest.mark.parametrize(
    ("relation", "lines"),
    [
        ({}, 1),
        ({"unless": ""}, 2),
        ({"unless": "trigger"}, 2),
        ({"targets": ["leader"]}, 1),
        ({"targets": ["company"]}, 0),
        ({"objectives": ["remove"]}, 1),
        ({"objectives": ["settlement"]}, 0),
        ({"kind": "serves"}, 0),
    ],
)
def test_the_codebook_decides(relation: dict[str, object], lines: int) -> None:
    """What excludes what, for which first rows and unless which condition, stands in the codebook."""
    assert len(excluding(worked("rows"), book=book(**relation))) == lines


def test_words_of_the_codebook() -> None:
    """Speakers, instruments and conditions read as the codebook names them."""
    actors = ACTORS | {"x": {"label": "Dr X"}}
    names = Codebook(
        "", data={"actor": actors, "instrument": {"ceasefire": {"label": "a ceasefire"}}}
    )
    assert "Dr X: against a ceasefire" in for_and_against(worked("rows"), book=names)["why"].iloc[1]


@pytest.mark.parametrize("rows", [frame([]), worked("rows").iloc[[0]]])
def test_nothing_contradicts(rows: pd.DataFrame) -> None:
    """Without contradictions there is no line, and the columns are there all the same."""
    found = contradictions(rows, book=book(), between=["x"])
    assert found.empty
    assert {"kind", "first", "second", "why"} <= set(found)


def test_kinds_stand_in_order() -> None:
    """Lines come kind by kind, in the order of the text."""
    found = contradictions(worked("rows"), book=book())["kind"].tolist()
    assert found == sorted(found, key=KINDS.index)
