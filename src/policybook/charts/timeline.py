"""The timeline: articles and dated events in order of time, each as wide as its date is uncertain.

Every article and event has a line of its own, so that no label hides another; spells of writing
far apart have a panel each with a scale of its own. The surprising rule: nothing is drawn
as a point; a date known to the day is a bar one day wide, with an edge so that it can be seen.
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from policybook.charts.style import INK, AnyChart, layered, styled, told, unchecked

KINDS = {"article": "#0072b2", "event": "#8a9099"}
"""What a line may be, with its colour (Okabe and Ito's blue; a grey for context)."""

KIND = alt.Scale(domain=list(KINDS), range=list(KINDS.values()))
"""The scale of both: bold names tell articles from events without a colour."""

TOLD = {"name": "What", "kind": "Kind", "when": "When"}
"""What a pointer reveals, and the chart's table: columns and their names."""

WORDS = 285
"""Pixels for names beside the bars."""

WIDTH = 384
"""Pixels for the time that a panel holds."""

STEP = 22
"""Pixels for one line."""

MOST_TICKS = 6
"""Ticks on one axis, about."""

DAYS_OF_A_MONTH = 30.44

_KEY = 5
"""Characters of a line's key: its place, which keeps lines of the same name apart, and its kind."""

_NAME = f"slice(datum.label, {_KEY})"
_IS_ARTICLE = f"slice(datum.label, {_KEY - 1}, {_KEY}) == 'a'"


@unchecked
def timeline(rows: pd.DataFrame, *, title: str) -> AnyChart:
    """Return the chart of lines in order of time, one panel below the other.

    `rows` has panel (its title, in order), name and when (words), kind (article or event),
    earliest and latest (days), first and last (the same days at the widest). Days are UTC, so that no time zone moves them.
    """
    data = _dated(rows)
    parts = {str(name): mine for name, mine in data.groupby("panel", sort=False)}
    panels = [_panel(mine, name if len(parts) > 1 else "") for name, mine in parts.items()]
    below = alt.VConcatChart(vconcat=[], spacing=26)
    below.vconcat = list(panels)  # in place, for altair would copy them
    return styled(below, title=title)


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in order of time with a key for their line; a day reaches to its end."""
    rows = rows.sort_values(["earliest", "latest"], kind="stable")
    keys = zip(range(len(rows)), rows["kind"], rows["name"], strict=True)
    day = pd.Timedelta(days=1)
    lines = [f"{n:04}{kind[0]}{name}" for n, kind, name in keys]
    rows = rows.assign(line=lines, ends=rows["latest"] + day, last=rows["last"] + day)
    panels = pd.Categorical(rows["panel"], list(dict.fromkeys(rows.sort_index()["panel"])))
    return rows.assign(panel=panels).sort_values("panel", kind="stable")


def _panel(rows: pd.DataFrame, name: str) -> AnyChart:
    """Return one panel: bands through all lines for events, bars, and dates beside them."""
    first, last = rows["first"].min(), rows["last"].max()
    room = max(pd.Timedelta(days=3), (last - first) * 0.03)
    domain = [_iso(first - room), _iso(last + room)]
    axis = alt.Axis(title=None, labelOverlap=True, grid=False, **_ticks(last - first))
    scale = alt.Scale(type="utc", domain=domain, nice=False)
    x = _at("earliest", scale, axis)
    data = _written(rows, middle=first + (last - first) * 0.5)
    height = STEP * len(data)
    base, y = alt.Chart(data, width=WIDTH, height=height), _down(list(data["line"]))
    bands = base.transform_filter("datum.kind == 'event'").mark_rect(
        color=KINDS["event"], opacity=0.14, aria=False
    ).encode(x=x, x2=alt.X2("ends:T"), y=alt.Y(value=0), y2=alt.Y2(value=height))  # fmt: skip
    told_of = told(**TOLD)
    bars = base.mark_bar(height=11, strokeWidth=2.5, cornerRadius=1, aria=False).encode(
        x=x, x2=alt.X2("ends:T"), y=y, tooltip=told_of, fill=alt.Fill("kind:N", scale=KIND, legend=None),
        stroke=alt.Stroke("kind:N", scale=KIND, legend=None),
    )  # fmt: skip
    dates = base.encode(y=y, text=alt.Text("when:N"))
    chart: AnyChart = layered(
        bands, *_widest(base, rows, y, scale), bars,
        _beside(dates, _at("last", scale, axis), "right"),
        _beside(dates, _at("first", scale, axis), "left"),
    )  # fmt: skip
    if name:
        chart.title = _head(name)
    return chart


def _at(day: str, scale: alt.Scale, axis: alt.Axis) -> alt.X:
    """Return the place of a day."""
    return alt.X(f"{day}:T", scale=scale, axis=axis)


def _widest(base: alt.Chart, rows: pd.DataFrame, y: alt.Y, scale: alt.Scale) -> list[alt.Chart]:
    """Return the lines that reach from the first to the last day at the widest, where any does."""
    wider = (rows["first"] < rows["earliest"]) | (rows["last"] > rows["ends"])
    if not wider.any():
        return []
    x, x2 = alt.X("first:T", scale=scale), alt.X2("last:T")
    lines = base.transform_filter("datum.first < datum.earliest || datum.last > datum.ends")
    return [lines.mark_rule(color=INK, strokeWidth=1.5, aria=False).encode(x=x, x2=x2, y=y)]


def _ticks(span: pd.Timedelta) -> dict[str, Any]:
    """Return ticks that name no month or year twice: weeks, months or years, at most about seven."""
    months = span.days / DAYS_OF_A_MONTH
    if months < 2:  # noqa: PLR2004  (below that months are too few marks)
        return {"tickCount": {"interval": "week", "step": 1}, "format": "%-d %b %Y"}
    step = next((n for n in (1, 2, 3, 6) if months / n <= MOST_TICKS), 0)
    if step:
        return {"tickCount": {"interval": "month", "step": step}, "format": "%b %Y"}
    years = max(1, round(months / 12 / MOST_TICKS))
    return {"tickCount": {"interval": "year", "step": years}, "format": "%Y"}


def _head(name: str) -> alt.Title:
    """Return the heading of a panel."""
    return alt.Title(name, anchor="start", color=INK, fontSize=12, fontWeight="bold", offset=6)


def _written(rows: pd.DataFrame, *, middle: pd.Timestamp) -> pd.DataFrame:
    """Return the columns that are drawn, days as UTC; `side` is where a date has room."""
    sides = (rows["earliest"] < middle).map({True: "right", False: "left"})
    drawn = rows[["line", "name", "kind", "when"]].assign(
        side=sides, **{day: rows[day].map(_iso) for day in ("earliest", "ends", "first", "last")}
    )
    return drawn.reset_index(drop=True)


def _iso(day: pd.Timestamp) -> str:
    """Return a day as its beginning in UTC."""
    return day.strftime("%Y-%m-%dT00:00:00Z")


def _down(lines: list[str]) -> alt.Y:
    """Return the axis of lines: names of articles in bold, those of events plain."""
    weight = alt.condition(_IS_ARTICLE, alt.value("bold"), alt.value("normal"))
    axis = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelExpr=_NAME, labelLimit=WORDS - 10,
        labelFontWeight=weight, minExtent=WORDS, maxExtent=WORDS, grid=False,
    )  # fmt: skip
    return alt.Y("line:N", sort=lines, scale=alt.Scale(domain=lines), axis=axis)


def _beside(dates: alt.Chart, x: alt.X, side: Literal["left", "right"]) -> alt.Chart:
    """Return the dates in words on one side of the bars, where there is room for them there."""
    here = dates.transform_filter(f"datum.side == '{side}'").encode(x=x)
    align: Literal["left", "right"] = "left" if side == "right" else "right"
    shift = 8 if side == "right" else -8
    text: alt.Chart = here.mark_text(align=align, dx=shift, fontSize=11, color=INK, aria=False)
    return text
