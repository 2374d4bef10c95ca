"""The strength ladder: how firmly each article puts one theme, over its interval of publication."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from policybook.charts.style import (
    COLOURS,
    INK,
    ON_COLOUR,
    AnyChart,
    layered,
    styled,
    told,
    unchecked,
)

TOLD = {
    "article": "Article", "when": "Published", "strength": "Strength", "stance": "Stance",
    "rows": "Recommendations",
}  # fmt: skip
TOLD_OF_MANY = {
    "period": "Published",
    "strength": "Strength",
    "stance": "Stance",
    "articles": "Articles certainly",
    "perhaps": "Further articles perhaps",
}
"""What a pointer reveals of an article and of many, and the chart's table: columns and their names."""

NAMED = 12
"""Points up to which each has its name beside it."""

LETTERS = 80
"""Letters below the chart: names of periods that need more stand aslant."""

SHAPES = {"supports": "circle", "opposes": "square"}
"""The shape of each stance."""


@unchecked
def ladder(rows: pd.DataFrame, *, strengths: list[str], title: str) -> AnyChart:
    """Return the chart of recommendations by strength and time.

    `rows` has article and when (words), earliest and latest (days), first and last (the same days at
    the widest), strength and stance (words), and rows (a count). An interval is drawn as a bar as long as it is uncertain,
    never as a false day; days are UTC, so that no time zone moves them.
    """
    scale = alt.Scale(type="utc", domain=_domain(rows), nice=False)
    axis = alt.Axis(title="Published", format="%b %Y", labelOverlap=True, tickCount=6)
    base = alt.Chart(_dated(rows), width=600, height=alt.Step(46)).encode(
        y=_down(strengths),
        tooltip=told(**TOLD),
    )  # fmt: skip
    middle = base.encode(x=alt.X("middle:T", scale=scale, axis=axis))
    colour, shape = _stances([s for s in ("supports", "opposes") if s in set(rows["stance"])])
    bars = base.mark_rule(strokeWidth=6, opacity=0.6, aria=False).encode(
        x=alt.X("earliest:T", scale=scale, axis=axis),
        x2=alt.X2("latest:T"),
        color=colour.legend(None),
    )
    beyond = base.transform_filter("datum.first < datum.earliest || datum.last > datum.latest")
    lines = beyond.mark_rule(color=INK, strokeWidth=1.5, aria=False).encode(
        x=alt.X("first:T", scale=scale, axis=axis), x2=alt.X2("last:T")
    )
    points = middle.mark_point(
        size=170, filled=True, opacity=1, stroke=ON_COLOUR, strokeWidth=1, aria=False
    ).encode(color=colour, shape=shape)
    names = middle.mark_text(dy=-15, color=INK, fontSize=11, aria=False).encode(
        text=alt.Text("article:N")
    )
    # Beyond a dozen, names would hide the points they name: the table has them.
    wider = ((rows["first"] < rows["earliest"]) | (rows["last"] > rows["latest"])).any()
    layers = [*[lines] * bool(wider), bars, points, *[names] * (len(rows) <= NAMED)]
    return styled(layered(*layers), title=title)


@unchecked
def rungs(
    counts: pd.DataFrame, *, strengths: list[str], periods: list[str], title: str
) -> AnyChart:
    """Return the chart of many articles by strength and period: how many stand on each rung.

    `counts` has period, strength and stance (words), articles and perhaps (counts: certainly of
    the period, and further ones that may be of it) and figure (both in words); `periods` are all
    of them in order, those without an article as well. A mark that nothing certain fills is hollow.
    """
    stances = [s for s in SHAPES if s in set(counts["stance"])]
    colour, shape = _stances(stances)
    full = len(periods) * max(map(len, periods), default=0) > LETTERS
    aslant = {"labelAngle": -40, "labelAlign": "right"} if full else {"labelAngle": 0}
    axis = alt.Axis(title="Published", grid=True, labelLimit=160, **aslant)
    beside = alt.XOffset("stance:N", sort=stances) if len(stances) > 1 else alt.Undefined
    counts = counts.assign(most=counts["articles"] + counts["perhaps"])
    most = max(2, int(counts["most"].max()))
    base = alt.Chart(counts, width=600, height=alt.Step(46)).encode(
        x=alt.X("period:N", sort=periods, scale=alt.Scale(domain=periods), axis=axis),
        y=_down(strengths), xOffset=beside,
        tooltip=told(**TOLD_OF_MANY),
    )  # fmt: skip
    # Even one article that only may be of a period has room for "0–1", and what is more is larger.
    size = alt.Size("most:Q", legend=None, scale=alt.Scale(domain=[1, most], range=[560, 1300]))
    kinds: dict[str, dict[str, Any]] = {
        "datum.articles > 0": {"filled": True, "stroke": ON_COLOUR, "strokeWidth": 1},
        "datum.articles == 0": {"filled": False, "fill": "white", "strokeWidth": 2},
    }
    points = [
        base.transform_filter(which)
        .mark_point(opacity=1, aria=False, **look)
        .encode(color=colour, shape=shape, size=size)
        for which, look in kinds.items()
    ]
    figures = base.mark_text(fontSize=12, color=ON_COLOUR, aria=False).encode(text="figure:N")
    return styled(layered(*points, figures), title=title)


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their days in UTC; a day reaches to its end, or its bar would vanish."""
    half, day = (rows["latest"] - rows["earliest"]) / 2, pd.Timedelta(days=1)
    begins = {name: rows[name] for name in ("earliest", "first")}
    ends = {name: rows[name] + day for name in ("latest", "last")}
    return rows.assign(
        **{n: days.dt.strftime("%Y-%m-%dT00:00:00Z") for n, days in (begins | ends).items()},
        middle=(rows["earliest"] + half).dt.strftime("%Y-%m-%dT12:00:00Z"),
    )


def _down(strengths: list[str]) -> alt.Y:
    """Return the axis of strengths, the firmest on top."""
    axis = alt.Axis(title=None, grid=True, labelPadding=8, ticks=False)
    return alt.Y("strength:N", sort=strengths, scale=alt.Scale(domain=strengths), axis=axis)


def _stances(stances: list[str]) -> tuple[alt.Color, alt.Shape]:
    """Return colour and shape of the stances that occur: neither is needed to tell them apart."""
    legend = alt.Legend(title="The author", orient="bottom")
    colours = alt.Scale(domain=stances, range=[COLOURS[stance] for stance in stances])
    shapes = alt.Scale(domain=stances, range=[SHAPES[stance] for stance in stances])
    return (
        alt.Color("stance:N", scale=colours, legend=legend),
        alt.Shape("stance:N", scale=shapes, legend=legend),
    )


def _domain(rows: pd.DataFrame) -> list[str]:
    """Return the ends of the time axis: the dates with room for names, and never a single day."""
    first, last = rows["first"].min(), rows["last"].max()
    room = max(pd.Timedelta(days=150), (last - first) * 0.22)
    return [
        (first - room).strftime("%Y-%m-%dT00:00:00Z"),
        (last + room).strftime("%Y-%m-%dT00:00:00Z"),
    ]
