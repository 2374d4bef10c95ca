"""How often a theme is asked for, year by year, in windows that slide and in one that only grows.

The surprising rule: a year counts what certainly appeared in it, with its dates at the widest; where
they leave more open, a figure is a stretch. Who is for and who is against is never one figure.
"""

from __future__ import annotations

import pandas as pd

from policybook.exhibits.evidence import NOTHING, more_of, no_theme
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, note_links
from policybook.exhibits.pieces import table
from policybook.findings.rows import shown_rows
from policybook.findings.time import widest
from policybook.findings.wording import YEARS, marked, rule
from policybook.measures import timeline
from policybook.measures.coverage import OWN
from policybook.measures.open_years import spread
from policybook.suite import COUNTING, Row, Selection, row_ids

SLIDING = 3
"""Years of the window that slides: its own and the two before."""

MOST_LINES = 60

SIDES = {"supports": "for", "opposes": "against"}
"""How a table calls each side of a theme."""

WINDOWS = {"In the year": 1, "With the two years before": SLIDING, "Up to then": None}
"""The windows of a table, by the words above their columns."""


def windows(selection: Selection) -> Exhibit:
    """Return how often authors are for and against the theme in each year, in three years, and up to each year.

    The selection has to have a theme, `suite.select(theme=…)`; without one, a sentence says so.
    Counted is in the author's own voice, each side apart, by the counting rule of the selection;
    2–3 means two for certain, by its dates at the widest, and one more that may be of another year.
    See `measures.windows`.
    """
    if not selection.theme:
        return no_theme()
    rows = shown_rows(selection)
    own = rows[(rows["instrument"] == selection.theme) & rows["voice"].isin(OWN)]
    if own.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    spans = timeline.years(widest(selection))
    marks = marked(own, "stance")
    sides = {
        side: word + (f" ({marks[side]})" if marks[side] else "")
        for side, word in SIDES.items()
        if side in marks
    }
    lines, years = _lines(selection, own, spans, sides)
    read = article_links(selection.suite, selection.articles["id"])
    made = table(
        pd.DataFrame(lines[-MOST_LINES:]),
        caption=joined([_caption(selection, list(sides.values())), read]),
        numbers=("Articles", *WINDOWS),
    )
    shown = len(lines[-MOST_LINES:]) // len(sides)
    return Exhibit(joined([made.html, more_of(years, shown, "years")]), made.text)


def _caption(selection: Selection, named: list[str]) -> str:
    """Return what is counted: which side of the theme, and in what; sides that differ have a column."""
    label = selection.book.label("instrument", selection.theme)
    side, _, mark = named[0].partition(" ") if len(named) == 1 else ("for and against", "", "")
    about = f"{side} {label} {mark}".strip()
    return f"How often authors are {about}, counted in {COUNTING[rule(selection)]}"


def _lines(
    selection: Selection, own: pd.DataFrame, spans: pd.DataFrame, sides: dict[str, str]
) -> tuple[list[dict[str, object]], int]:
    """Return a line for each year and side, in order of time, and how many years there are."""
    certain = spans[spans["first"] == spans["last"]]
    homes = dict(zip(certain["article"], certain["first"], strict=True))
    year_of = own["article"].astype(object).map(homes)
    apart = {side: own[own["stance"] == side] for side in sides}
    found = {
        (words, side): _by_last(apart[side], spans, size=size, by=rule(selection))
        for side in sides
        for words, size in WINDOWS.items()
    }
    years = list(found["In the year", next(iter(sides))])
    lines = []
    for year in years[-MOST_LINES:]:
        for side, word in sides.items():
            counts = {words: found[words, side][year] for words in WINDOWS}
            rows = apart[side][year_of[apart[side].index] == year]
            named = {"Side": word} if len(sides) > 1 else {}
            lines.append(_line(selection, year, named, counts, rows))
    return lines, len(years)


def _by_last(
    rows: pd.DataFrame, spans: pd.DataFrame, *, size: int | None, by: str
) -> dict[int, Row]:
    """Return the tally of a window by its last year; a window before the first year begins with it."""
    if by == YEARS:
        return _years_by_last(rows, spans, size=size)
    whole = timeline.windows(rows, spans, by=["instrument"], size=None, rule=by)
    found: dict[int, Row] = {int(one["last"]): one for one in whole.to_dict("records")}
    if size:
        part = timeline.windows(rows, spans, by=["instrument"], size=size, rule=by)
        sliding = {int(one["last"]): one for one in part.to_dict("records")}
        found |= sliding
    return found


def _years_by_last(rows: pd.DataFrame, spans: pd.DataFrame, *, size: int | None) -> dict[int, Row]:
    """Return in how many years of a window the theme is prescribed, for certain and perhaps."""
    of = spans[spans["article"].isin(rows["article"].unique())]
    first, last = (of[end].to_numpy() for end in ("first", "last"))
    found: dict[int, Row] = {}
    for year, line in _by_last(rows, spans, size=size, by="articles").items():
        start = year - size + 1 if size else int(spans["first"].min())
        within, touching = (first >= start) & (last <= year), (last >= start) & (first <= year)
        least = spread(first[within], last[within])[0]
        most = spread(first[touching].clip(min=start), last[touching].clip(max=year))[1]
        found[year] = {**line, "count": least, "perhaps": most - least}
    return found


def _line(
    selection: Selection,
    year: int,
    named: dict[str, str],
    counts: dict[str, Row],
    rows: pd.DataFrame,
) -> dict[str, object]:
    """Return one year as a line: its articles, what each window counts, and the words of that year."""
    here = counts["In the year"]
    return {
        "Year": joined([str(year), note_links(selection.suite, row_ids(rows))]),
        **named,
        "Articles": stretch(int(here["articles"]), int(here["articles_perhaps"])),
        **{words: stretch(int(one["count"]), int(one["perhaps"])) for words, one in counts.items()},
    }


def stretch(certain: int, perhaps: int) -> str:
    """Return a figure, or from where to where it may lie.

    >>> stretch(2, 0), stretch(2, 1)
    ('2', '2–3')
    """
    return f"{certain:,}–{certain + perhaps:,}" if perhaps else f"{certain:,}"
