"""Sentences on one actor: asked of it, aimed at it, said by it, and what cannot be had together.

The surprising rule: a demand on a group is no demand on its members. What names the actor,
what names a group that holds it, and what names a part of it are three sentences.
"""

from __future__ import annotations

import pandas as pd

from policybook.codebook import Relation
from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, number
from policybook.findings.wording import (
    amount,
    asks,
    counted,
    in_articles,
    not_coded,
    nothing_there,
    relayed,
    said_by,
)
from policybook.measures.addressees import WAYS, concerning, dossier
from policybook.measures.coverage import OWN
from policybook.suite import Selection, row_ids
from policybook.table import split

HEADS = {"asked of it": "Asked of", "to be done to it": "Aimed at", "said by it": "Said by"}
"""How a sentence on each relation of `measures.addressees.RELATIONS` begins."""

_WHOM = {"itself": "{}", "group": "a group that holds {}", "member": "a part of {}"}
_GROUP_CAVEAT = "A demand on a group is no demand on each of its members."


def actor_rows(selection: Selection, actor: str) -> pd.DataFrame:
    """Return what is asked of an actor, aimed at it and said by it; see `measures.dossier`."""
    return dossier(selection.rows, actor, book=selection.book)


def one_actor(selection: Selection, actor: str) -> list[Finding]:
    """Return what is asked of an actor, aimed at it and said by it, and what excludes what."""
    if selection.articles.empty:
        return [nothing_selected()]
    if not actor:
        return [Finding("No actor is chosen: name one as `actor`.", (), "actor-none")]
    label = selection.book.label("actor", actor)
    every = dossier(selection.all_rows, actor, book=selection.book)
    lines = actor_rows(selection, actor)
    if every.empty:
        text = f"No recommendation of the selected articles concerns {label}."
        return [Finding(text, (), "actor-absent", not_coded(selection))]
    found = [
        finding
        for relation in HEADS
        for way in WAYS
        for finding in _related(selection, label, lines, every, relation=relation, way=way)
    ]
    return [*found, *cannot_be_had_together(selection, actor), *_not_in(selection, label, every)]


def _related(  # noqa: PLR0913  (a sentence of one cell of a grid)
    selection: Selection, label: str, lines: pd.DataFrame, every: pd.DataFrame, *,
    relation: str, way: str,
) -> list[Finding]:  # fmt: skip
    """Return how rows concern an actor in one relation and way."""
    mine = _cell(lines, relation, way)
    whom = f"{HEADS[relation]} {_WHOM[way].format(label)}"
    if mine.empty:
        hidden = not _cell(every, relation, way).empty
        if not hidden and (way != "itself" or relation == "said by it"):
            return []
        text = f"{whom}: {'hidden by the filters' if hidden else 'nothing, by name'}."
        return [Finding(text, (), "actor-hidden" if hidden else "actor-nothing")]
    through = dict.fromkeys(one for cell in mine["through"] for one in split(cell))
    named = few(selection.book.label("actor", one) for one in through)
    by_name = " by name" if way == "itself" and relation != "said by it" else ""
    text = (
        f"{whom}{f' ({named})' if named else by_name}: {amount(selection, mine)}"
        f" {in_articles(mine)}{relayed(selection, mine)} – {asks(selection, mine)}."
    )
    caveat = _GROUP_CAVEAT if way == "group" and relation != "said by it" else ""
    return [Finding(text, row_ids(mine), f"actor-{way}", caveat)]


def _cell(lines: pd.DataFrame, relation: str, way: str) -> pd.DataFrame:
    """Return the lines of a dossier under one relation and way."""
    return lines[(lines["relation"] == relation) & (lines["way"] == way)]


def _not_in(selection: Selection, label: str, every: pd.DataFrame) -> list[Finding]:
    """Return which prescribing articles have no recommendation that concerns the actor."""
    rows = selection.all_rows
    own = rows.loc[rows["voice"].isin(OWN), "article"]
    facts = selection.articles
    mute = facts["id"].isin(own) & ~facts["id"].isin(every["article"])
    if not mute.any():
        return []
    names = few(facts.loc[mute, "label"])
    text = f"Prescribing, but in no recommendation concerning {label}: {names}."
    return [Finding(text, (), "actor-not-in")]


def cannot_be_had_together(selection: Selection, actor: str) -> list[Finding]:
    """Return who wants what of two instruments that exclude each other, upon or of one actor.

    Only relations `excludes` of the codebook, and only where each of the two is supported
    and no condition that dissolves the relation stands on every row of the second.
    """
    book = selection.book
    kept = [
        concerning(selection.rows, actor, column=column, book=book)
        for column in ("target", "addressee")
    ]
    rows = pd.concat(kept).drop_duplicates("id").sort_values(["order", "start"], kind="stable")
    relations = [relation for relation in book.relations if relation.kind == "excludes"]
    return [f for relation in relations for f in _excluding(selection, actor, rows, relation)]


def _excluding(
    selection: Selection, actor: str, rows: pd.DataFrame, relation: Relation
) -> list[Finding]:
    """Return who wants what under one relation of the codebook."""
    first = rows[(rows["instrument"] == relation.first) & _meant(selection, rows, relation)]
    second = rows[rows["instrument"] == relation.second]
    pro = second[second["stance"] == "supports"]
    dissolved = (pro["condition_type"].astype(str) == relation.unless) & (pro["condition"] != "")
    if not (first["stance"] == "supports").any() or dissolved.all():
        return []
    parts = [*_sides(selection, first), *_sides(selection, second)]
    label = selection.book.label("actor", actor)
    text = f"Not to be had together, concerning {label} – {'; '.join(parts)}."
    return [Finding(text, row_ids(pd.concat([first, second])), "actor-excludes", relation.note)]


def _meant(selection: Selection, rows: pd.DataFrame, relation: Relation) -> pd.Series:
    """Tell which rows a relation holds for as its first: they have a target and an end of it."""
    reach = selection.book.members
    targets, ends = set(relation.targets), set(relation.objectives)
    fits = [
        (not targets or any(targets & reach(one) for one in split(target)))
        and (not ends or bool(ends & {*split(objective)}))
        for target, objective in zip(
            rows["target"].astype(str), rows["objective"].astype(str), strict=True
        )
    ]
    return pd.Series(fits, index=rows.index, dtype=bool)


def _sides(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return who is for and who is against an instrument, each condition with its words."""
    parts = []
    shown = rows.assign(under=[_under(selection, row) for row in rows.to_dict("records")])
    for (stance, under), mine in shown.groupby(["stance", "under"], observed=True, sort=True):
        word = "for" if stance == "supports" else "against"
        label = selection.book.label("instrument", str(mine["instrument"].iloc[0]))
        names = few(said_by(selection, mine), most=4)
        parts.append(f"{word} {label}{under}: {names}")
    return parts


def _under(selection: Selection, row: dict[object, object]) -> str:
    """Return the condition a row stands under, with its words; empty where there is none."""
    if not row["condition"]:
        return ""
    kind = selection.book.label("condition_type", str(row["condition_type"]))
    return f" under a condition ({kind}: “{' '.join(str(row['condition']).split())}”)"
