"""Sentences on one actor: asked of it, aimed at it, said by it, and what cannot be had together.

The surprising rule: a demand on a group is no demand on its members. What names the actor,
what names a group that holds it, and what names a part of it are three sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from policybook import dates
from policybook.codebook import Relation
from policybook.corpus import guesses
from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import checked
from policybook.findings.coverage import HIDDEN, nothing_selected
from policybook.findings.finding import Finding, cited, few, listed, sentence
from policybook.findings.independence import percent
from policybook.findings.reading import describing, one_each
from policybook.findings.wording import (
    amount_in,
    asks_apart,
    conditions,
    naming,
    not_coded,
    sayers,
)
from policybook.measures import addressees
from policybook.measures.addressees import WAYS, concerning, dossier
from policybook.measures.agreement import OTHER
from policybook.measures.counting import each_cell
from policybook.measures.coverage import OWN
from policybook.measures.membership import reaching_in
from policybook.suite import Selection, row_ids
from policybook.tables import split

HEADS = {"asked of it": "Asked of", "to be done to it": "Aimed at", "said by it": "Said by"}
"""How a sentence on each relation of `measures.addressees.RELATIONS` begins."""

_WHOM = {
    "itself": "{}",
    "group": "a group that includes {}",
    "proviso": "a group that includes {}",
    "member": "a part of {}",
}
_BELONGED = {
    "group": "{} belonged to such a group",
    "proviso": "{} belonged to such a group",
    "member": "{} had such a part",
    "any": "{} belonged to such a group, or had such a part,",
}
"""What the dates of an article can leave open, by the way in which a row concerns an actor."""

OUTSIDE = "an actor outside the list of the codebook"
"""Who is meant by the value `other` where nobody is."""

_GROUP_CAVEAT = "A demand on a group is no demand on each of its members."


@checked(actor="actor")
def actor_rows(selection: Selection, actor: str) -> pd.DataFrame:
    """Return what is asked of an actor, aimed at it and said by it; see `measures.dossier`.

    Computed once for a selection.
    `ParameterError` for an actor that the codebook does not name.
    """
    known = selection.memo.get(f"actor {actor}")
    if isinstance(known, pd.DataFrame):
        return known
    found = dossier(selection.rows, actor, book=selection.book, articles=selection.articles)
    selection.memo[f"actor {actor}"] = found
    return found


@checked(actor="actor")
def named_rows(selection: Selection, actor: str) -> pd.DataFrame:
    """Return the rows that name an actor itself; where none does, those that name a group or a part.

    `ParameterError` for an actor that the codebook does not name.
    """
    lines = actor_rows(selection, actor)
    return lines[lines["way"] == lines["way"].min()] if len(lines) else lines


@checked(actor="actor")
def described_rows(selection: Selection, actor: str) -> pd.DataFrame:
    """Return the diagnoses whose words name an actor: they ask nobody for anything.

    `ParameterError` for an actor that the codebook does not name.
    """
    seen = selection.diagnoses
    if not actor or seen.empty:
        return seen.iloc[:0]
    return seen[addressees.naming(seen["quote"], actor, book=selection.book)]


def _described(selection: Selection, actor: str, every: pd.DataFrame) -> list[Finding]:
    """Return who describes problems with an actor's name, and prescribes nothing concerning it."""
    own = every.loc[every["voice"].isin(OWN), "article"]
    seen = described_rows(selection, actor)
    seen = seen[~seen["article"].isin(own)]
    if seen.empty:
        return []
    label = selection.book.label("actor", actor)
    names = few(describing(selection, seen))
    text = f"Naming {label} in problems described, and demanding nothing that concerns {label}: {names}."
    return [Finding(text, one_each(seen), "actor-described")]


@checked(actor="actor")
@as_far_as_coded
def one_actor(selection: Selection, actor: str) -> list[Finding]:
    """Return what is asked of an actor, aimed at it and said by it, and what excludes what.

    `ParameterError` for an actor that the codebook does not name; empty has a sentence of its own.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    if not actor:
        return [_nobody()]
    label = selection.book.label("actor", actor)
    lines = actor_rows(selection, actor)
    every = lines
    if selection.narrowed:
        every = dossier(selection.all_rows, actor, book=selection.book, articles=selection.articles)
    if every.empty:
        whom = OUTSIDE if actor == OTHER else label
        text = f"No recommendation of the selected articles concerns {whom}."
        doubts = [_when(selection, actor), not_coded(selection)]
        absent = Finding(text, (), "actor-absent", " ".join(filter(None, doubts)))
        return [absent, *_wrote(selection, actor), *_described(selection, actor, every)]
    found = [
        finding
        for way in WAYS
        for relation in HEADS
        for finding in _related(selection, label, lines, every, relation=relation, way=way)
    ]
    return [
        *found,
        *_wrote(selection, actor),
        *_described(selection, actor, every),
        *_conflict(selection, actor),
        *_not_in(selection, actor, every),
    ]


def _wrote(selection: Selection, actor: str) -> list[Finding]:
    """Return which articles an actor wrote, or may have written, in whose rows others speak."""
    facts = selection.articles[selection.articles["speaker"] != actor]
    roles = {"is an author of": "authors", "co-wrote a piece quoted in": "coauthors"}
    parts, ids = list[str](), list[str]()
    for words, column in roles.items():
        mine = facts[each_cell(facts[column], lambda cell: actor in split(cell)).astype(bool)]
        parts += [f"{words} the article of {few(mine['label'])}"] if len(mine) else []
        ids += mine["id"].tolist()
    shares = each_cell(
        facts["possible_authors"],
        lambda cell: sum(share for who, _, share in guesses(cell) or [] if who == actor),
    )
    for share in dict.fromkeys(one for one in shares if one):
        mine = facts[shares == share]
        parts.append(
            f"may have written (inferred, about {percent(share)}) the article of {few(mine['label'])}"
        )
        ids += mine["id"].tolist()
    if not parts:
        return []
    text = f"{sentence(selection.book.label('actor', actor))} {listed(parts)}: what is said there stands under another name."
    rows = selection.rows[selection.rows["article"].isin(ids)]
    return [
        Finding(
            text,
            row_ids(rows.drop_duplicates("article")),
            "actor-wrote",
            articles=tuple(dict.fromkeys(ids)),
        )
    ]


def _nobody() -> Finding:
    """Return the sentence that stands where no actor is chosen."""
    return Finding("No actor is chosen: name one as `actor`.", (), "actor-none")


def _related(  # noqa: PLR0913  (a sentence of one cell of a grid)
    selection: Selection, label: str, lines: pd.DataFrame, every: pd.DataFrame, *,
    relation: str, way: str,
) -> list[Finding]:  # fmt: skip
    """Return how rows concern an actor in one relation and way."""
    mine = _cell(lines, relation, way)
    whom = f"{HEADS[relation]} {_WHOM[way].format(label)}"
    single = " in particular" if way == "itself" and relation != "said by it" else ""
    if mine.empty:
        hidden = not _cell(every, relation, way).empty
        if not hidden and (way != "itself" or relation == "said by it"):
            return []
        text = f"{whom}{single}: {'hidden by the filters' if hidden else 'nothing'}."
        code = "actor-hidden" if hidden else "actor-nothing"
        return [Finding(text, (), code, subject=f"{relation}: {way}")]
    claim = f"{whom}: {asks_apart(selection, mine)}"
    text = (
        f"{whom}{single}{_through(selection, mine)}{_except(mine, way, label)}: "
        f"{amount_in(selection, mine)} – {asks_apart(selection, mine)}."
    )
    doubts = [_GROUP_CAVEAT] if way in {"group", "proviso"} and relation != "said by it" else []
    doubts += _perhaps(selection, mine, _BELONGED.get(way, "").format(label))
    doubts += [HIDDEN] if len(_cell(every, relation, way)) > len(mine) else []
    subject = f"{relation}: {way}"
    return [Finding(text, row_ids(mine), f"actor-{way}", " ".join(doubts), subject, claim)]


def _perhaps(selection: Selection, rows: pd.DataFrame, what: str) -> list[str]:
    """Return in which articles dates leave open whether somebody was of a group, or had a part, then."""
    loose = rows.loc[rows["perhaps"], "article"]
    if loose.empty:
        return []
    facts = selection.articles
    names = few(facts.loc[facts["id"].isin(loose), "label"])
    return [f"Dates leave open whether {what} when it was written: {names}."]


def _through(selection: Selection, mine: pd.DataFrame) -> str:
    """Return through which groups or parts rows concern an actor, in brackets; empty for none."""
    through = dict.fromkeys(one for cell in mine["through"] for one in split(cell))
    named = few(selection.book.label("actor", one) for one in through)
    return f" ({named})" if named else ""


def _except(mine: pd.DataFrame, way: str, label: str) -> str:
    """Return the provisos that name the actor, as they stand in their articles."""
    if way != "proviso":
        return ""
    words = dict.fromkeys(cited(" ".join(one.split())) for one in map(str, mine["condition"]))
    return f" with a proviso that names {label} ({few(words, most=2)})"


def _cell(lines: pd.DataFrame, relation: str, way: str) -> pd.DataFrame:
    """Return the lines of a dossier under one relation and way."""
    return lines[(lines["relation"] == relation) & (lines["way"] == way)]


def _not_in(selection: Selection, actor: str, every: pd.DataFrame) -> list[Finding]:
    """Return which prescribing articles have no recommendation that concerns the actor."""
    label = selection.book.label("actor", actor)
    rows = selection.all_rows
    own = rows.loc[rows["voice"].isin(OWN), "article"]
    facts = selection.articles
    mute = facts["id"].isin(own) & ~facts["id"].isin(every["article"])
    if not mute.any():
        return []
    names = few(facts.loc[mute, "label"])
    text = f"Prescribing, but in no recommendation concerning {label}: {names}."
    return [
        Finding(text, (), "actor-not-in", _when(selection, actor), articles=row_ids(facts[mute]))
    ]


def _when(selection: Selection, actor: str) -> str:
    """Return that nothing asked of a group concerns an actor before or after its days; empty for no days."""
    known = selection.book.values("actor")[actor].extra
    days = {"before": known.get("from"), "after": known.get("until")}
    said = [f"{word} {dates.partial(str(day))}" for word, day in days.items() if day]
    label = selection.book.label("actor", actor)
    return f"No group is taken to include {label} {listed(said, last='or')}." if said else ""


def _conflict(selection: Selection, actor: str) -> list[Finding]:
    """Return in one sentence what is wanted concerning an actor and excludes each other."""
    book, found = selection.book, list(_excluding(selection, actor))
    if not found:
        return []
    pairs = [
        f"{book.label('instrument', r.first)} and {book.label('instrument', r.second)}"
        for r, *_ in found
    ]
    rows = pd.concat([part for _, *parts in found for part in parts]).drop_duplicates("id")
    wanted = row_ids(rows[rows["stance"] == "supports"])
    label = book.label("actor", actor)
    doubt = " ".join(_perhaps(selection, rows, _BELONGED["any"].format(label)))
    text = f"Demanded concerning {label}, though each excludes the other: {few(pairs, mark=';')}."
    return [Finding(text, wanted, "actor-conflict", doubt)]


@checked(actor="actor")
@as_far_as_coded
def cannot_be_had_together(selection: Selection, actor: str) -> list[Finding]:
    """Return who wants which of two instruments that exclude each other, of or upon one actor.

    Only relations `excludes` of the codebook, and only where each of the two is supported
    and no condition that dissolves the relation stands on every row of the second.
    One finding for each side, its condition in its words; `subject` names the two instruments.
    `ParameterError` for an actor that the codebook does not name.
    """
    if selection.articles.empty or not actor:
        return [_nobody() if not actor else nothing_selected()]
    found, label = [], selection.book.label("actor", actor)
    for relation, first, second in _excluding(selection, actor):
        subject = f"{relation.first}; {relation.second}"
        sides = [*_sides(selection, first), *_sides(selection, second)]
        loose = _perhaps(selection, pd.concat([first, second]), _BELONGED["any"].format(label))
        doubt = " ".join([relation.note, *loose]).strip()
        found += [
            Finding(sentence(f"{text}."), rows, "actor-excludes", doubt, subject)
            for text, rows in sides
        ]
    text = f"Nothing is wanted concerning {label} that the codebook says cannot be had together."
    hidden = " Filters are set: what they hide is not compared." if selection.narrowed else ""
    return found or [Finding(text + hidden, (), "actor-no-conflict")]


def _excluding(
    selection: Selection, actor: str
) -> Iterator[tuple[Relation, pd.DataFrame, pd.DataFrame]]:
    """Yield the relations under which both are wanted of overlapping targets, and the rows on each."""
    book = selection.book
    facts = selection.articles
    kept = [
        concerning(selection.rows, actor, column=column, book=book, articles=facts)
        for column in ("target", "addressee")
    ]
    rows = pd.concat(kept).sort_values("perhaps", kind="stable").drop_duplicates("id")
    rows = rows.sort_values(["order", "start"], kind="stable")
    rows = rows.assign(reach=reaching_in(rows, facts, book=book)("target"))
    for relation in (one for one in book.relations if one.kind == "excludes"):
        first = _meant(rows, relation)
        second = rows[rows["instrument"] == relation.second]
        bound = (second["condition_type"] == relation.unless) & (second["condition"] != "")
        free = second[(second["stance"] == "supports") & ~bound]
        wanted = _upon(first[first["stance"] == "supports"], free)
        if len(wanted):
            yield relation, _upon(first, free), _upon(second, wanted)


def _upon(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose targets overlap with those of some others, or where one names none."""
    there = others["reach"].unique()
    if not all(there):  # who names nobody upon whom means anybody
        return rows if len(there) else rows[:0]
    hit = frozenset().union(*there)
    return rows[[not one or bool(one & hit) for one in rows["reach"]]]


def _meant(rows: pd.DataFrame, relation: Relation) -> pd.DataFrame:
    """Return the rows a relation holds for as its first: they have a target and an end of it."""
    rows = rows[rows["instrument"] == relation.first]
    if relation.targets:
        wanted = frozenset(relation.targets)
        rows = rows[[bool(one & wanted) for one in rows["reach"]]]
    if relation.objectives:
        rows = rows[naming(rows, "objective", set(relation.objectives))]
    return rows


def _sides(selection: Selection, rows: pd.DataFrame) -> list[tuple[str, tuple[str, ...]]]:
    """Return who is for and who is against an instrument, each condition with its words."""
    parts = []
    shown = rows.assign(under=conditions(selection, rows))
    for (stance, under), mine in shown.groupby(["stance", "under"], observed=True, sort=True):
        word = "for" if stance == "supports" else "against"
        label = selection.book.label("instrument", str(mine["instrument"].iloc[0]))
        names = sayers(selection, mine, most=6)
        bound = f" under a condition ({under})" if under else ""
        parts.append((f"{word} {label}{bound}: {names}", row_ids(mine)))
    return parts
