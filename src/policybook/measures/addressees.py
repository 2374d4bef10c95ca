"""Who is told by whom to do what to whom, and what is asked of one actor.

A cell "egypt; uae" names two actors, and the row is a line for each; so the lines of one table
do not add up, and every table carries the ids of its rows.
The surprising rule: a demand on a group is no demand on its members. Where groups matter
they stand apart, and a row that names the actor itself is never counted again for its group.
Where the proviso of a demand on a group names the actor, it may except that actor, and stands apart again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from policybook.codebook import Codebook
from policybook.measures.counting import each_cell, stated, units
from policybook.measures.means import gather, listed
from policybook.measures.membership import Standing, members, standings
from policybook.measures.receipts import Searchable, terms_sought
from policybook.tables import SEPARATOR, split

FLOW = ("speaker", "addressee", "instrument", "stance", "target")
"""Who tells whom to do, or not to do, what to whom."""

RELATIONS = {"addressee": "asked of it", "target": "to be done to it", "speaker": "said by it"}
"""How a row can concern an actor: the column that names it, in words."""

WAYS = ("itself", "group", "proviso", "member")
"""Whether a cell names the actor, else a group that holds it (with a proviso that names it, which
may except it), else a member of it."""

_UNADDRESSED = ["id", "article", "speaker", "instrument", "stance", "strength", "target",
                "in_course", "units", "rows"]  # fmt: skip


def flows(
    rows: pd.DataFrame, *, by: Sequence[str] = FLOW, rule: str = "courses", ids: bool = True
) -> pd.DataFrame:
    """Return one line for each speaker, addressee, instrument, stance and target.

    `by` names fewer of these columns for a coarser table. Columns: by, units (distinct units,
    by the counting rule), articles, rows (ids; without `ids` the places of the rows in the
    table given, as an array). An addressee or target that is not named is
    an empty text. A row with two addressees and two targets stands in four lines,
    so units of different lines do not add up. Most units first. Linear in lines.
    `attrs["count"]` is the rule, as in every table here that counts.
    """
    lines = rows[["id", "article", *(name for name in by if name != "article")]]
    unit = pd.factorize(units(rows, rule=rule))[0]
    lines = lines.assign(unit=unit, at=np.arange(len(rows)))
    for column in ("addressee", "target"):
        if column in by:
            lines = listed(lines, column)
    out = gather(lines, by, ids=ids)
    out = out.sort_values("units", ascending=False, kind="stable", ignore_index=True)
    return stated(out, rule)


def unaddressed(
    rows: pd.DataFrame, *, all_rows: pd.DataFrame | None = None, rule: str = "recommendations"
) -> pd.DataFrame:
    """Return the recommendations that nobody is told to carry out, one line each.

    A unit is unaddressed if none of its rows names an addressee, also none among `all_rows`
    (those before filters): a filter does not take an addressee away. Columns: id and facts of
    its first row, in_course (another row of its course names somebody), units (always 1),
    rows (ids). In the order of the rows. `rule` as in `counting.units`.
    """
    whole = rows if all_rows is None else all_rows
    place = np.arange(len(rows))
    if whole is not rows:
        place = pd.Index(whole["id"]).get_indexer(pd.Index(rows["id"]))
    unit, asked = _addressed(whole, rule)
    in_course = _addressed(whole, "courses")[1]
    lines = rows.assign(unit=unit[place], line=np.arange(len(rows)), in_course=in_course[place])
    lines = lines[~asked[place]]
    groups = gather(lines, ["unit"])
    first = lines.drop_duplicates("unit").merge(groups, on="unit")
    return stated(first.sort_values("line", ignore_index=True)[_UNADDRESSED], rule)


def nobody_named(rows: pd.DataFrame, *, rule: str) -> np.ndarray:
    """Tell which rows are of a unit that nobody is told to carry out; see `unaddressed`."""
    return ~_addressed(rows, rule)[1]


def _addressed(rows: pd.DataFrame, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each row's unit, and whether a row of that unit names an addressee."""
    unit, known = pd.factorize(units(rows, rule=rule))
    named = np.zeros(len(known), dtype=bool)
    named[unit[(rows["addressee"] != "").to_numpy()]] = True
    return unit, named[unit]


def asked_over_time(
    rows: pd.DataFrame, instrument: str, *, articles: pd.DataFrame, rule: str = "courses"
) -> pd.DataFrame:
    """Return who is asked to carry out one instrument in each article, in order of time.

    Columns: article, earliest, latest, speaker, addressee, asked, units, rows. `asked` is
    `first` (every other article that asks this addressee is certainly later), `again`
    (one certainly earlier does), else `unclear`. Nobody named is an empty addressee.
    No change of mind can be read from different speakers: no line is a trend.
    A column `unit` that the rows have already is taken as it is; `rule` then says what it is.
    """
    lines = rows if "unit" in rows else rows.assign(unit=units(rows, rule=rule))
    lines = listed(lines[lines["instrument"] == instrument], "addressee")
    lines = lines.astype({"article": object, "speaker": object})
    out = gather(lines, ["article", "speaker", "addressee"])
    days = articles[["id", "earliest", "latest"]].rename(columns={"id": "article"})
    out = out.merge(days.assign(rank=np.arange(len(days))), on="article")
    out = out.sort_values(["rank", "speaker", "addressee"], ignore_index=True)
    out["asked"] = _asked(out)
    columns = ["article", "earliest", "latest", "speaker", "addressee", "asked", "units", "rows"]
    return stated(out[columns], rule)


def _asked(lines: pd.DataFrame) -> np.ndarray:
    """Return whether each article is the first to ask its addressee."""
    again = lines.groupby("addressee", observed=True)["latest"].transform("min") < lines["earliest"]
    points = lines.drop_duplicates(["article", "addressee"]).sort_values("earliest", kind="stable")
    points = points.astype({"addressee": object})
    following = points.groupby("addressee")["earliest"].shift(-1)
    alone = points[(points.groupby("addressee").cumcount() == 0)
                   & (following.isna() | (following > points["latest"]))]  # fmt: skip
    pair = ["article", "addressee"]
    first = pd.MultiIndex.from_frame(lines[pair]).isin(pd.MultiIndex.from_frame(alone[pair]))
    return np.select([again.to_numpy(bool), first], ["again", "first"], default="unclear")


def groups_of(actor: str, *, book: Codebook, without: Collection[str] = ()) -> list[str]:
    """Return the groups that hold an actor, at any depth, in the order of the codebook.

    `without` are actors that were not there: they hold nobody and are held by nobody.

    >>> groups_of("b", book=Codebook("x", data={"actor": {"a": {"members": ["b"]}, "b": {}}}))
    ['a']
    """
    others = (name for name in book.values("actor") if name != actor)
    return [name for name in others if actor in members(book, name, without)]


def concerning(
    rows: pd.DataFrame,
    actor: str,
    *,
    column: str,
    book: Codebook,
    articles: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the rows whose column names an actor, a group that holds it, or a member of it.

    Each row once: `way` says which of `WAYS`, the first that applies; `through` names the
    groups or members "a; b", empty where the actor itself is named. With `articles` (id, earliest,
    latest, and those at the widest) an actor belongs to no group in an article that certainly
    appeared before its first day or after its last; `perhaps` tells where that is open and nothing
    else makes the row concern the actor. Without, dates of actors are not looked at.
    """
    codes, known = standings(rows, articles, book=book)
    cell, cells = pd.factorize(rows[column].astype(object))
    pair, pairs = pd.factorize(codes * max(len(cells), 1) + cell)
    near = [_near(actor, standing, book) for standing in known]
    found = [
        _dated(split(str(cells[one % len(cells)])), actor, near[one // len(cells)])
        for one in pairs.tolist()
    ]
    way, through, perhaps = (
        pd.Series([one[part] for one in found], dtype=kind).take(pair).set_axis(rows.index)
        for part, kind in enumerate((object, object, bool))
    )
    if column != "speaker" and "condition_type" in rows:
        bound = (way == "group") & (rows["condition_type"] == "proviso")
        words = rows["condition"].where(bound, "")
        way = way.mask(bound & naming(words, actor, book=book), "proviso")
    kept = (way != "").to_numpy(bool)
    kinds = pd.Categorical(way[kept], categories=WAYS, ordered=True)
    return rows[kept].assign(
        way=kinds, through=through[kept].astype("str"), perhaps=perhaps[kept].to_numpy(bool)
    )


_Near = tuple[set[str], frozenset[str]]
"""The groups that hold an actor, and the members of it that do not hold it."""


def _near(actor: str, standing: Standing, book: Codebook) -> tuple[_Near, _Near]:
    """Return who is near an actor for certain, and who may be."""
    found = []
    for without in (standing.absent | standing.unsure, standing.absent):
        groups = set(groups_of(actor, book=book, without=without))
        found.append((groups, members(book, actor, without) - groups - {actor}))
    return found[0], found[1]


def _dated(named: list[str], actor: str, near: tuple[_Near, _Near]) -> tuple[str, str, bool]:
    """Return how a cell concerns an actor, through whom, and whether that is open."""
    way, through = _way(named, actor, *near[0])
    if way:
        return way, SEPARATOR.join(through), False
    way, through = _way(named, actor, *near[1])
    return way, SEPARATOR.join(through), bool(way)


def names_of(actor: str, *, book: Codebook) -> list[str]:
    """Return the words that name an actor: its label without the article, and its variants.

    >>> names_of("a", book=Codebook("x", data={"actor": {"a": {"label": "the A", "variants": ["B"]}}}))
    ['A', 'B']
    """
    known = book.values("actor").get(actor)
    variants = known.words("variants") if known else []
    return [book.label("actor", actor).removeprefix("the "), *variants]


def naming(passages: pd.Series, actor: str, *, book: Codebook) -> np.ndarray:
    """Tell which passages name an actor, sought as the terms of an instrument are."""
    terms = terms_sought(names_of(actor, book=book))
    return each_cell(passages, lambda words: bool(words and Searchable(words).find(terms)))


def _way(
    named: list[str], actor: str, groups: set[str], members: frozenset[str]
) -> tuple[str, list[str]]:
    """Return how a cell concerns an actor, and through whom; an empty way where it does not."""
    if actor in named:
        return "itself", []
    holding = [name for name in named if name in groups]
    if holding:
        return "group", holding
    parts = [name for name in named if name in members]
    return ("member" if parts else ""), parts


def dossier(
    rows: pd.DataFrame, actor: str, *, book: Codebook, articles: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what is asked of one actor, to be done to it, and said by it: the rows themselves.

    Adds relation (see `RELATIONS`), way, through and perhaps (see `concerning`, also on what
    `articles` are for) in front. A row stands
    once under each relation; one that stands under two is in two lines.
    Own lines first, then those of groups, then those of members; within, in the order of the rows.
    """
    parts = [
        concerning(rows, actor, column=column, book=book, articles=articles).assign(relation=words)
        for column, words in RELATIONS.items()
    ]
    out = pd.concat(parts, ignore_index=True)
    out["relation"] = pd.Categorical(out["relation"], list(RELATIONS.values()), ordered=True)
    out = out.sort_values(["relation", "way"], kind="stable", ignore_index=True)
    return out[["relation", "way", "through", "perhaps", *rows.columns]]


def tally_dossier(lines: pd.DataFrame, *, rule: str = "courses") -> pd.DataFrame:
    """Return the units of a dossier: relation, way, units, articles, rows.

    The ways do not overlap in rows; a course can stand under two of them.
    """
    return stated(gather(lines.assign(unit=units(lines, rule=rule)), ["relation", "way"]), rule)
