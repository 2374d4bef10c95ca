"""Contradictions: what cannot be wanted at once, with the words that may dissolve it.

Four kinds. `for and against`: one speaker supports and opposes one instrument. `excludes`: two
instruments that exclude each other by the codebook are both supported, upon targets that overlap.
`author against reported`: an author rejects a position his article relays, or prescribes the
opposite of it. `presupposes`: an instrument is supported, and what it presupposes by the codebook is
opposed, upon targets that overlap. Comparable is what `agreement` calls so, but
the surprising rule: a condition dissolves nothing here. What it may dissolve is listed,
marked `conditional`, and `why` names it: who opposes a ceasefire only "Without a new framework"
is never said to oppose a ceasefire.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import compress
from typing import Any

import pandas as pd

from policybook.codebook import Codebook, Relation
from policybook.measures.agreement import (
    LOOSE,
    NO,
    OTHER,
    OVERLAP,
    confront,
    demands,
    ranked,
    reaching,
    upon,
)
from policybook.tables import OWN_VOICES, split

KINDS = ("for and against", "excludes", "author against reported", "presupposes")
"""The kinds of contradiction, in the order of the output."""

SCOPES = ("one speaker", "one article", "between")
"""Who contradicts whom: a speaker himself, two voices in one article, two named speakers."""

_COLUMNS = [
    "kind", "scope", "first", "second", "instruments", "speakers", "articles",
    "conditional", "loose", "pairs", "why",
]  # fmt: skip
_SAID = [
    "id", "speaker", "stance", "instrument", "condition", "condition_type", "author_attitude",
]  # fmt: skip
_SAME = ("objective", "target")
_ATTITUDES = {"rejects": "rejected by", "endorses": "endorsed by"}
_WHOM = ["scope", "speaker_a", "speaker_b", "instrument_a", "instrument_b", "within"]


def contradictions(
    rows: pd.DataFrame, *, book: Codebook, between: Collection[str] = ()
) -> pd.DataFrame:
    """Return the contradictions of all four kinds, one line each.

    Columns: kind; scope; first, second (row ids; second is empty where an author rejects a position
    and prescribes no opposite); instruments, speakers, articles (tuples of one or two);
    conditional (the two do not stand under the same condition); loose (what one of them
    leaves unsaid: objective, target); pairs (how many pairs of demands stand behind the line,
    which shows the clearest); why (words of codebook and articles, no sentence).
    `between` names speakers whose demands are set against each other's as well.
    """
    parts = [
        for_and_against(rows, book=book),
        excluding(rows, book=book, between=between),
        author_against_reported(rows, book=book),
        presupposing(rows, book=book, between=between),
    ]
    kept = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(kept, ignore_index=True)


def for_and_against(rows: pd.DataFrame, *, book: Codebook) -> pd.DataFrame:
    """Return where a speaker supports and opposes one instrument, a line for each of the two.

    First is the supporting row. Objectives and targets overlap, or one row does not say them;
    never under the instrument `other`. Across articles of many years he *differs*.
    Linear in rows, quadratic in the distinct demands of one speaker on one instrument.

    >>> rows = pd.DataFrame({"id": ["a1", "a2"], "article": "a", "speaker": "x", "voice": "author",
    ...     "instrument": "ceasefire", "stance": ["supports", "opposes"], "target": "",
    ...     "objective": "end_fighting", "condition": ["", "Without talks"],
    ...     "condition_type": ["", "precondition"], "author_attitude": ""})
    >>> for_and_against(rows, book=Codebook(""))["why"].item()
    'x: for ceasefire; x: against ceasefire under a condition (precondition: “Without talks”)'
    """
    table = _table(rows).drop_duplicates("demand")
    table = table[table["instrument"] != OTHER]
    table["key"] = table.groupby(["speaker", "instrument"], sort=False).ngroup()
    pro, contra = (table[table["stance"] == stance] for stance in ("supports", "opposes"))
    met = confront(pro, contra, on=["key"], book=book, needs=_SAME)
    return _lines(met.assign(scope=SCOPES[0], within=""), rows, KINDS[0], book=book)


def excluding(rows: pd.DataFrame, *, book: Codebook, between: Collection[str] = ()) -> pd.DataFrame:
    """Return where instruments are supported that exclude each other by the codebook.

    First is a row of the relation's first instrument. Targets overlap, or one row names none;
    objectives are not compared, for two instruments have two purposes. `unless` is a type
    of condition: a second row under such a one is excluded by nothing. `targets` and
    `objectives` of a relation limit its first rows.
    Lines: one for each speaker by himself, one for each two speakers in one article, and one
    for each two speakers named in `between`, wherever they say it (quadratic in these alone),
    unless one article already sets the two against each other.
    """
    return _related(rows, KINDS[1], "supports", between=between, book=book)


def presupposing(
    rows: pd.DataFrame, *, book: Codebook, between: Collection[str] = ()
) -> pd.DataFrame:
    """Return where an instrument is supported and what it presupposes by the codebook is opposed.

    First is the supporting row. Targets, scopes, lines and limits as of `excluding`.
    """
    return _related(rows, KINDS[3], "opposes", between=between, book=book)


def _related(
    rows: pd.DataFrame, kind: str, stance: str, *, between: Collection[str], book: Codebook
) -> pd.DataFrame:
    """Return where the first of a relation is supported, and there is this stance on its second."""
    table = _table(rows).drop_duplicates(["article", "demand"])
    sides = {r: _sides(table, r, stance, book) for r in book.relations if r.kind == kind}
    met = [
        _met(*both, relation, scope=scope, between=between, book=book)
        for relation, both in sides.items()
        if all(map(len, both))
        for scope in SCOPES
    ]
    found = _lines(pd.concat(met) if met else pd.DataFrame(), rows, kind, book=book)
    who = pd.Series(zip(found["speakers"], found["instruments"], strict=True), dtype=object)
    twice = (found["scope"] == SCOPES[2]) & who.isin(who[found["scope"] == SCOPES[1]])
    return found[~twice].reset_index(drop=True)


def author_against_reported(rows: pd.DataFrame, *, book: Codebook) -> pd.DataFrame:
    """Return each relayed position that the article's author rejects or prescribes against.

    First is the reported row, second the author's own clearest row of opposite stance, comparable
    by objective and target (never under `other`); empty where he rejects the position
    and has none. Rejecting a position is no stance on its instrument: terms are rejected.
    """
    table = _table(rows)
    table["key"] = table["article"] + "\n" + table["instrument"]
    relayed, his_own = table["voice"] == "reported", table["voice"].isin(OWN_VOICES)
    reported = table[relayed].drop_duplicates(["article", "demand", "attitude"])
    own = table[his_own].drop_duplicates(["article", "demand"])
    met = confront(reported, own, on=["key"], book=book, needs=_SAME)
    met = met[(met["stance_a"] != met["stance_b"]) & (met["instrument_a"] != OTHER)]
    met = pd.concat([met, _rejected(reported, own, met)], ignore_index=True)
    met = met.assign(scope=SCOPES[1], position=met["id_a"])
    return _lines(met, rows, KINDS[2], book=book, each=["position"])


def _rejected(reported: pd.DataFrame, own: pd.DataFrame, met: pd.DataFrame) -> pd.DataFrame:
    """Return the rejected positions that meet no row of the author's, alone with his name."""
    alone = reported[(reported["attitude"] == "rejects") & ~reported["id"].isin(met["id_a"])]
    authors = own.drop_duplicates("article").set_index("article")["speaker"]
    author = alone["article"].map(authors).astype(object).fillna("")
    return alone.add_suffix("_a").assign(
        id_b="", instrument_b="", stance_b="", article_b="", speaker_b=author,
        place_b=alone["place"], objective=OVERLAP, target=OVERLAP, condition=OVERLAP,
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the demands of each speaker, whoever relays them."""
    table = demands(rows, by="speaker").rename(columns={"side": "speaker"})
    return table.assign(
        article=rows["article"].astype(str),
        voice=rows["voice"].astype(str),
        attitude=rows["author_attitude"].astype(str),
        kind=rows["condition_type"].astype(str),
    )


def _sides(
    table: pd.DataFrame, relation: Relation, stance: str, book: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the demands for the first of a relation, and those of a stance on its second."""
    first = table[(table["instrument"] == relation.first) & (table["stance"] == "supports")]
    second = table[(table["instrument"] == relation.second) & (table["stance"] == stance)]
    second = second[(second["kind"] != relation.unless) | (second["kind"] == "")]
    return first[_meant(first, relation, book)], second


def _met(  # noqa: PLR0913  (three by keyword)
    first: pd.DataFrame, second: pd.DataFrame, relation: Relation, *,
    scope: str, between: Collection[str], book: Codebook,
) -> pd.DataFrame:  # fmt: skip
    """Return the pairs of demands that a relation sets against each other, in one scope."""
    sides = []
    for table in (first, second):
        mine = table[table["speaker"].isin(list(between))] if scope == SCOPES[2] else table
        mine = mine if scope == SCOPES[1] else mine.drop_duplicates("demand")
        key = {SCOPES[0]: mine["speaker"], SCOPES[1]: mine["article"]}.get(scope, relation.first)
        sides.append(mine.assign(key=key))
    met = confront(sides[0], sides[1], on=["key"], book=book, needs=("target",))
    met = met[(met["speaker_a"] == met["speaker_b"]) == (scope == SCOPES[0])]
    within = met["article_a"] if scope == SCOPES[1] else ""
    return met.assign(objective=OVERLAP, scope=scope, within=within, note=relation.note)


def _meant(table: pd.DataFrame, relation: Relation, book: Codebook) -> pd.Series:
    """Tell which rows a relation holds for, as a first: they have a target and objective of it."""
    reach, wanted = reaching(book), frozenset(relation.targets)
    there = upon(table)
    hit = {cell: bool(reach(cell)[1] & wanted) or not wanted for cell in there.unique()}
    aims = frozenset(relation.objectives)
    aimed = {cell: not aims or bool(aims & {*split(cell)}) for cell in table["objective"].unique()}
    return there.map(hit).astype(bool) & table["objective"].map(aimed).astype(bool)


def _lines(
    met: pd.DataFrame, rows: pd.DataFrame, kind: str, *, book: Codebook, each: Sequence[str] = _WHOM
) -> pd.DataFrame:
    """Return one line for each group of pairs of demands, told from the clearest pair."""
    if met.empty:
        return pd.DataFrame(columns=_COLUMNS)
    keys = list(each)
    best = ranked(met).drop_duplicates(keys)
    behind = met.groupby(keys)["id_a"].size().rename("pairs").reset_index()
    best = best.merge(behind, on=keys).sort_values(["place_a", "place_b"], kind="stable")
    found = best.reset_index(drop=True)
    shown = {*found["id_a"], *found["id_b"]}
    said = rows.loc[rows["id"].isin(shown), _SAID].set_index("id").to_dict("index")
    told = ["kind", "id_a", "id_b", "speaker_b", *({"note"} & {*found})]
    loose = zip(found["objective"] == LOOSE, found["target"] == LOOSE, strict=True)
    columns = {
        "kind": kind, "scope": found["scope"], "first": found["id_a"], "second": found["id_b"],
        "instruments": _both(found, "instrument"), "speakers": _both(found, "speaker"),
        "articles": _both(found, "article"), "conditional": found["condition"] == NO,
        "loose": ["; ".join(compress(("objective", "target"), which)) for which in loose],
        "pairs": found["pairs"].where(found["id_b"] != "", 0),
        "why": [_why(said, line, book) for line in found.assign(kind=kind)[told].to_dict("records")],
    }  # fmt: skip
    return pd.DataFrame(columns)


def _both(found: pd.DataFrame, name: str) -> pd.Series:
    """Return what the two rows of each line hold, said once where it is the same."""
    pairs = zip(found[f"{name}_a"], found[f"{name}_b"], strict=True)
    return pd.Series([tuple(dict.fromkeys(v for v in pair if v)) for pair in pairs], dtype=object)


def _why(said: dict[Any, dict[Any, Any]], line: dict[Any, Any], book: Codebook) -> str:
    """Return what the two rows of a line say, in the words of the codebook and the articles."""
    parts = [_says(said[line[side]], book) for side in ("id_a", "id_b") if line[side]]
    attitude = said[line["id_a"]]["author_attitude"] if line["kind"] == KINDS[2] else ""
    if attitude in _ATTITUDES:
        author = book.label("actor", line["speaker_b"]) or "the author"
        parts.insert(1, f"{_ATTITUDES[attitude]} {author}")
    return "; ".join([*parts, line.get("note") or ""]).removesuffix("; ")


def _says(row: dict[Any, Any], book: Codebook) -> str:
    """Return who is for or against what, never without the condition; speakers may be plural.

    >>> _says({"speaker": "x", "stance": "opposes", "instrument": "ceasefire",
    ...        "condition": "without talks", "condition_type": "precondition"}, Codebook(""))
    'x: against ceasefire under a condition (precondition: “without talks”)'
    """
    speaker = book.label("actor", row["speaker"])
    instrument = book.label("instrument", row["instrument"])
    kind = book.label("condition_type", row["condition_type"])
    words = " ".join(row["condition"].split())
    condition = f" under a condition ({kind}: “{words}”)" if words else ""
    stance = "for" if row["stance"] == "supports" else "against"
    return f"{speaker}: {stance} {instrument}{condition}"
