"""Sentences on who is asked to act: most often, never, nobody at all, and one article after another.

The surprising rule: that nobody is told to carry something out is judged before filters;
a filter takes no addressee away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.coverage import HIDDEN, nothing_selected
from policybook.findings.finding import Finding, few, listed, numbers, sentence
from policybook.findings.independence import voice_groups
from policybook.findings.rows import every_row, shown_rows
from policybook.findings.wording import (
    HOLDING,
    YEARS,
    amount,
    asks_apart,
    bounded,
    counted,
    naming,
    nothing_there,
    relayed,
    relayed_of,
    rule,
)
from policybook.measures import addressees
from policybook.measures.counting import NUMBERS, countable, stated, units
from policybook.measures.coverage import OWN
from policybook.measures.independence import most_by_one, voices
from policybook.measures.means import listed as listed_rows
from policybook.suite import COUNTING, Selection, row_ids
from policybook.tables import SEPARATOR, split

MOST_SHIFTS = 6
"""Instruments whose addressees are told one by one; the rest are counted."""

MOST_NAMED = 5
"""Actors that are told of those addressed; the rest are counted."""

MOST_TOLD = 6
"""Articles that one such sentence tells of; the rest are counted."""

MOST_SHOWN = 60
"""Lines of the table of addressees over time."""


@as_far_as_coded
def who_is_asked(selection: Selection) -> list[Finding]:
    """Return who is addressed most, who is only acted upon, and what nobody is told to do."""
    if selection.articles.empty:
        return [nothing_selected()]
    if selection.rows.empty:
        return [nothing_there(selection)]
    return [*_most_asked(selection), *_only_upon(selection), *nobody_asked(selection)]


def _most_asked(selection: Selection) -> list[Finding]:
    """Return who is addressed most often, by the counting rule, with the rows of all whom it names.

    Where dates leave a number of years open, the order is by the fewest, and the caveat says so;
    the claim is then on all who may be addressed most often.
    """
    lines = _flows(selection, "addressee")
    lines = lines[lines["addressee"] != ""]
    if lines.empty:
        return []
    lines = bounded(selection, lines, _articles(selection, lines))
    by = "articles" if rule(selection) == YEARS else "units"
    own = _flows(selection, "addressee", own=True).set_index("addressee")[by]
    names = [
        f"{selection.book.label('actor', who)} ({numbers(*span)}{relayed_of(selection, n, int(own.get(who, 0)))})"
        for who, n, *span in zip(
            map(str, lines["addressee"]), map(int, lines[by]), lines["least"], lines["most"],
            strict=True,
        )
    ]  # fmt: skip
    named = len(names) if len(names) <= MOST_NAMED + 1 else MOST_NAMED  # as `few` names them
    text = (
        f"Most often addressed, counted in {COUNTING[rule(selection)]}: {few(names, most=named)}."
    )
    top = set(map(str, lines.loc[lines["most"] >= lines["least"].max(), "addressee"]))
    doubts = ["A demand on two counts for each."] if _several(selection) else []
    doubts += [_BY_FEWEST] if (lines["least"] < lines["most"]).any() else []
    doubts += [HIDDEN] if selection.narrowed else []
    claim = f"Most often addressed: {listed(sorted(top))}"
    proof = _each_first(selection, lines["rows"].iloc[:named].tolist())
    return [Finding(text, proof, "asked-most", " ".join(doubts), claim=claim)]


def _each_first(selection: Selection, places: list[np.ndarray]) -> tuple[str, ...]:
    """Return the ids of the rows at some lists of places: the first of each list, then the others."""
    order = np.concatenate(
        [np.array([some[0] for some in places]), np.sort(np.concatenate(places))]
    )
    rows = shown_rows(selection).iloc[pd.unique(order)]
    return row_ids(rows)


def _articles(selection: Selection, lines: pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield the articles of each line of flows; the rows are looked at only where one is asked for."""
    codes, ids = pd.factorize(shown_rows(selection)["article"])
    for places in lines["rows"]:
        yield np.asarray(ids[np.unique(codes[places])])


_BY_FEWEST = "Where dates leave the number of years open, the order is by the fewest."


def _flows(selection: Selection, column: str, *, own: bool = False) -> pd.DataFrame:
    """Return who stands in one column and how often, most often first; in authors' `own` voice."""
    rows = shown_rows(selection)
    rows = rows[rows["voice"].isin(OWN)] if own else rows
    return addressees.flows(rows, by=(column,), rule=rule(selection), ids=False)


def _several(selection: Selection) -> bool:
    """Tell whether a recommendation names more than one addressee."""
    return any(len(split(cell)) > 1 for cell in map(str, selection.rows["addressee"].unique()))


def _only_upon(selection: Selection) -> list[Finding]:
    """Return upon whom something is to be done and who is never asked to act in particular."""
    cells = map(str, selection.all_rows["addressee"].unique())
    asked = {one for cell in cells for one in split(cell)}
    lines = _flows(selection, "target")
    upon = [one for one in map(str, lines["target"]) if one and one not in asked]
    if not upon:
        return []
    shown = selection.rows[naming(selection.rows, "target", set(upon))]
    labels = few((selection.book.label("actor", one) for one in upon), most=6)
    text = f"Acted upon and never asked to act, unless as part of a group: {labels}."
    caveat = "A demand on a group that includes them is not counted."
    claim = listed(sorted(upon))
    return [Finding(text, row_ids(shown), "asked-never", caveat, claim=claim)]


def unaddressed_rows(selection: Selection) -> pd.DataFrame:
    """Return the rows of recommendations that nobody is told to carry out, in their order.

    Where articles or years are counted, that nobody is told is judged by courses of action:
    `attrs["count"]` says by what.
    Computed once for a selection, for a sentence and a table ask for it.
    """
    known = selection.memo.get("unaddressed")
    if isinstance(known, pd.DataFrame):
        return known
    every, rows = every_row(selection), shown_rows(selection)
    by = "courses" if rule(selection) in HOLDING else rule(selection)
    free = addressees.nobody_named(every, rule=by)
    numbers = every.loc[free, NUMBERS["id"]].to_numpy()
    found = stated(rows[rows[NUMBERS["id"]].isin(numbers)].reset_index(drop=True), by)
    selection.memo["unaddressed"] = found
    return found


def nobody_asked(selection: Selection) -> list[Finding]:
    """Return how many recommendations nobody is told to carry out, and what they are for."""
    rows = unaddressed_rows(selection)
    head = "Addressed to nobody"
    if rows.empty:
        the = "the " if rule(selection) in HOLDING else ""
        text = f"{head}: none of {the}{amount(selection, shown_rows(selection))}."
        return [Finding(text, (), "asked-all", claim="none")]
    many = f"{_some_of(selection, rows)}{relayed(selection, rows)}"
    what = asks_apart(selection, rows)
    return [Finding(f"{head}: {many} – {what}.", row_ids(rows), "asked-nobody", claim=what)]


def _some_of(selection: Selection, rows: pd.DataFrame) -> str:
    """Return how many units rows are, of all that are shown, in words that name the counting rule."""
    some, every = counted(selection, rows), amount(selection, shown_rows(selection))
    if rule(selection) not in HOLDING:
        return f"{numbers(*some)} of {every}"
    if counted(selection, shown_rows(selection)) == (1, 1):
        return every
    return every.replace(" of ", f" of {numbers(*some)} of ", 1)


@dataclass(frozen=True)
class Shifts:
    """Whom authors ask: the lines of the first instruments, all instruments, and all lines counted.

    `lines` has the columns of `measures.addressees.asked_over_time`, and instrument; there are as
    many instruments in it as sentences tell of, and as many lines as a table holds. `before` is
    what `asked` would be without filters.
    """

    lines: pd.DataFrame
    instruments: tuple[str, ...]
    total: int


def shift_rows(selection: Selection) -> Shifts:
    """Return whom each author asks to carry out each instrument, in order of time.

    Only what authors support in their own voice, and only instruments for which two articles
    or more name an addressee. Computed once for a selection.
    """
    known = selection.memo.get("addressees over time")
    if isinstance(known, Shifts):
        return known
    own = _asking(selection, shown_rows(selection))
    every = _asking(selection, every_row(selection)) if selection.narrowed else own
    wide = own.groupby("instrument", observed=True)["article"].nunique()
    names = [name for name in selection.book.values("instrument") if wide.get(name, 0) > 1]
    parts: list[pd.DataFrame] = []
    for place, name in enumerate(names):
        if place >= MOST_SHIFTS and sum(map(len, parts)) >= MOST_SHOWN:
            break
        found = _over_time(selection, own, name)
        whole = found if every is own else _over_time(selection, every, name)
        parts.append(found.assign(instrument=name, before=_at(found, whole)))
    lines = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    selection.memo["addressees over time"] = shifts = Shifts(
        lines, tuple(names), _total(own, names)
    )
    return shifts


def _asking(selection: Selection, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what authors support in their own voice and ask of somebody, with its units."""
    mine = rows["voice"].isin(OWN) & (rows["stance"] == "supports") & (rows["addressee"] != "")
    columns = ["id", "article", "speaker", "instrument", "addressee", *countable(rows)]
    own = rows.loc[mine, list(dict.fromkeys(columns))]
    return own.assign(unit=units(own, rule=rule(selection)))


def _over_time(selection: Selection, own: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return whom the authors of some rows ask to carry out one instrument, in order of time."""
    by = rule(selection)
    return addressees.asked_over_time(own, name, articles=selection.articles, rule=by)


def _at(lines: pd.DataFrame, whole: pd.DataFrame) -> np.ndarray:
    """Return what `asked` is of the article and the addressee of each line among the whole."""
    pair = ["article", "addressee"]
    known = whole.drop_duplicates(pair).set_index(pair)["asked"]
    found: np.ndarray = known.reindex(pd.MultiIndex.from_frame(lines[pair])).to_numpy()
    return found


def _total(own: pd.DataFrame, names: list[str]) -> int:
    """Return how many lines `asked_over_time` has for some instruments."""
    said = listed_rows(own.loc[own["instrument"].isin(names)], "addressee")
    return int((~said.duplicated(["instrument", "article", "speaker", "addressee"])).sum())


@as_far_as_coded
def addressees_over_time(selection: Selection) -> list[Finding]:
    """Return how the addressee of an instrument differs from article to article."""
    if selection.articles.empty:
        return [nothing_selected()]
    shifts = shift_rows(selection)
    if not shifts.instruments:
        text = "No instrument is asked of somebody by the authors of two articles."
        hidden = " Filters are set: what they hide is not compared." if selection.narrowed else ""
        return [Finding(text + hidden, (), "shift-none")]
    lines, names = shifts.lines, shifts.instruments
    told = [_shift(selection, lines[lines["instrument"] == name]) for name in names[:MOST_SHIFTS]]
    rest = names[MOST_SHIFTS:]
    if not rest:
        return told
    labels = few((selection.book.label("instrument", name) for name in rest), most=12)
    return [*told, Finding(f"In the table alone: {labels}.", (), "shift-more")]


def _shift(selection: Selection, lines: pd.DataFrame) -> Finding:
    """Return whom one instrument is asked of, article by article."""
    articles = lines["article"].unique()
    asked: dict[str, list[str]] = {}
    near = lines[lines["article"].isin(articles[: MOST_TOLD + 1])]
    for article, who in zip(near["article"], near["addressee"], strict=True):
        label = selection.book.label("actor", str(who))
        asked.setdefault(selection.labels[str(article)], []).append(label)
    name = selection.book.label("instrument", str(lines["instrument"].iloc[0]))
    rows = tuple(dict.fromkeys(split(SEPARATOR.join(lines["rows"].tolist()))))
    doubts = [HIDDEN] if selection.narrowed else []
    if _of_the_same(lines, articles):
        same = listed(next(iter(asked.values())))
        names = few(asked, total=len(articles))
        text = f"{name}, asked of the same wherever somebody is named: {same} – {names}."
        return Finding(sentence(text), rows, "shift-same", "".join(doubts), name)
    parts = [f"{listed(each)} – {article}" for article, each in asked.items()]
    text = f"{name}, asked of: {few(parts, most=MOST_TOLD, mark=';', total=len(articles))}."
    doubts = [*_no_change(selection, lines), *doubts]
    return Finding(sentence(text), rows, "shift", " ".join(doubts), name)


def _of_the_same(lines: pd.DataFrame, articles: np.ndarray) -> bool:
    """Tell whether every article asks the same actors."""
    pairs = lines[["article", "addressee"]].drop_duplicates()
    first = pairs.loc[pairs["article"] == articles[0], "addressee"]
    return len(pairs) == len(articles) * len(first) and bool(pairs["addressee"].isin(first).all())


def _no_change(selection: Selection, lines: pd.DataFrame) -> list[str]:
    """Return what must be said of different voices; nothing where one speaks in every article."""
    if lines["speaker"].nunique() < 2:  # noqa: PLR2004
        return []
    ids = [str(one) for one in lines["article"].unique()]
    doubts = ["No change of mind can be read from this."]
    if voices(ids, voice_groups(selection, ids)).number < len(ids):
        by_one = most_by_one(selection.articles[selection.articles["id"].isin(ids)])
        which = "These articles" if by_one == len(ids) else "Some of these articles"
        known = f"{which} have a common author."
        unknown = "It is not established that all of these are different authors."
        doubts.append(known if by_one > 1 else unknown)
    return doubts
