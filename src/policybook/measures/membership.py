"""Who can belong to a group in which article: an actor may have a first and a last day.

`from` and `until` of an actor in the codebook say when it was there. In an article that certainly
appeared before or after, its dates at the widest, it is no member of any group and has none.
The surprising rule: who is named is named; dates bear on membership alone. Where the dates of an
article leave open whether an actor was there, it may be a member, and whoever asks is told so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from policybook import dates
from policybook.codebook import Codebook
from policybook.measures.timeline import outer
from policybook.tables import SEPARATOR, split

Days = tuple[dt.date, dt.date]

_THERE, _UNSURE, _ABSENT = range(3)


@dataclass(frozen=True, slots=True)
class Standing:
    """Which actors were certainly not there when some articles appeared, and which may not have been."""

    absent: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()


def lifespans(book: Codebook) -> dict[str, tuple[Days | None, Days | None]]:
    """Return the days within which each dated actor began, and ended; None where that is not said.

    A year or a month is the interval of its days. What is no date is left out: `checks` says so.

    >>> lifespans(Codebook("x", data={"actor": {"a": {"from": "2015-12-17"}, "b": {}}}))
    {'a': ((datetime.date(2015, 12, 17), datetime.date(2015, 12, 17)), None)}
    """
    known = {
        actor.id: tuple(_days(actor.extra.get(key)) for key in ("from", "until"))
        for actor in book.values("actor").values()
        if {"from", "until"} & actor.extra.keys()
    }
    return {name: (ends[0], ends[1]) for name, ends in known.items() if any(ends)}


def _days(given: object) -> Days | None:
    """Return the days of a date that is a text; None of anything else."""
    return dates.bounds(given) if isinstance(given, str) else None


def standings(
    rows: pd.DataFrame, articles: pd.DataFrame | None, *, book: Codebook
) -> tuple[np.ndarray, list[Standing]]:
    """Return the number of each row's standing, and the standings: few, for few actors are dated.

    `articles` has id, earliest and latest, and may have those at the widest; without it, or
    without a dated actor, everybody is there everywhere. Linear in rows and articles.
    """
    spans = lifespans(book)
    if articles is None or not spans:
        return np.zeros(len(rows), dtype="int64"), [Standing()]
    codes, ids = pd.factorize(rows["article"])
    places = pd.Index(articles["id"].astype(object)).get_indexer(pd.Index(ids, dtype=object))
    widest = outer(articles.iloc[places])
    first, last = (widest[day].to_numpy() for day in ("earliest", "latest"))
    states = np.stack([_states(first, last, *span) for span in spans.values()], axis=1)
    lines, which = np.unique(states, axis=0, return_inverse=True)
    names = np.array(list(spans), dtype=object)
    found = [
        Standing(frozenset(names[line == _ABSENT]), frozenset(names[line == _UNSURE]))
        for line in lines
    ]
    return which.ravel()[codes], found


def _states(
    first: np.ndarray, last: np.ndarray, begin: Days | None, end: Days | None
) -> np.ndarray:
    """Return whether an actor was there in articles of these first and last days."""
    absent, unsure = np.zeros((2, len(first)), dtype=bool)
    if begin:
        absent |= last < np.datetime64(begin[0])
        unsure |= first < np.datetime64(begin[1])
    if end:
        absent |= first > np.datetime64(end[1])
        unsure |= last > np.datetime64(end[0])
    return np.where(absent, _ABSENT, np.where(unsure, _UNSURE, _THERE))


def members(book: Codebook, actor: str, without: Collection[str]) -> frozenset[str]:
    """Return the actors that a group holds, itself included, reached through nobody left out.

    >>> book = Codebook("x", data={"actor": {"a": {"members": ["b"]}, "b": {"members": ["c"]}, "c": {}}})
    >>> sorted(members(book, "a", ["b"])), sorted(members(book, "a", ["c"]))
    (['a'], ['a', 'b'])
    """
    if not without:
        return book.members(actor)
    known, found, waiting = book.values("actor"), set[str](), [actor]
    while waiting:
        one = waiting.pop()
        if one not in found and one not in without:
            found.add(one)
            waiting += known[one].words("members") if one in known else []
    return frozenset(found)


LIMITS = "limits"
"""Column of rows that `limited` made: whom the targets of each certainly, and perhaps, do not reach."""


def limited(rows: pd.DataFrame, articles: pd.DataFrame | None, *, book: Codebook) -> pd.DataFrame:
    """Return rows with `LIMITS`, so that demands on groups are compared by who was in them then.

    As they are where dates leave nobody out of a group. Linear in rows.
    """
    codes, known = standings(rows, articles, book=book)
    if not any(one.absent or one.unsure for one in known):
        return rows
    cell, cells = pd.factorize(rows["target"].astype(object))
    pair, pairs = pd.factorize(codes * max(len(cells), 1) + cell)
    texts = [
        _limits(split(str(cells[one % len(cells)])), known[one // len(cells)], book)
        for one in pairs.tolist()
    ]
    return rows.assign(**{LIMITS: np.array(texts, dtype=object)[pair]})


def _limits(named: list[str], standing: Standing, book: Codebook) -> str:
    """Return who is not, and who may not be, of the groups that are named; empty for nobody."""
    out = (), standing.absent, standing.absent | standing.unsure
    whole, may, sure = (frozenset(named).union(*(members(book, n, o) for n in named)) for o in out)
    parts = [SEPARATOR.join(sorted(part)) for part in (whole - may, may - sure)]
    return "|".join(parts) if any(parts) else ""


def reached(whole: frozenset[str], limits: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return whom of all that targets reach they reach for certain, and whom perhaps as well.

    >>> [sorted(part) for part in reached(frozenset("abc"), "a|b")]
    [['c'], ['b', 'c']]
    """
    gone, open_ = (frozenset(split(part)) for part in (*limits.split("|"), "")[:2])
    return whole - gone - open_, whole - gone


def reaching_in(
    rows: pd.DataFrame, articles: pd.DataFrame | None, *, book: Codebook
) -> Callable[[str], np.ndarray]:
    """Return what turns a column of actors into all whom each row's cell may reach, row by row.

    Whoever is named is reached; of a group, its members that were, or may have been, there.
    """
    codes, known = standings(rows, articles, book=book)

    def reached(column: str) -> np.ndarray:
        cell, cells = pd.factorize(rows[column].astype(object))
        pair, pairs = pd.factorize(codes * max(len(cells), 1) + cell)
        sets = np.empty(len(pairs), dtype=object)
        for place, one in enumerate(pairs.tolist()):
            named = split(str(cells[one % len(cells)]))
            gone = known[one // len(cells)].absent
            sets[place] = frozenset(named).union(*(members(book, name, gone) for name in named))
        return sets[pair]

    return reached
