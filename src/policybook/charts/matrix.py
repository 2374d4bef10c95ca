"""The matrix: articles in order of time across, instruments down, a sign and a colour each."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from policybook.charts.style import (
    COLOURS,
    INK,
    SIGNED,
    SIGNS,
    STRONG,
    AnyChart,
    crossed,
    inked,
    layered,
    styled,
    told,
    unchecked,
)

TOLD = {
    "instrument": "Instrument", "article": "Article", "date": "Published", "state": "The author",
    "reported": "Relayed positions", "diagnosed": "Passages that describe",
}  # fmt: skip
"""What a pointer reveals, and the chart's table: columns and their names."""

GAPS = alt.Scale(paddingInner=0.04, paddingOuter=0)
"""Room between tiles, through which the page's ground shows."""

DRAWN = (
    "column", "instrument", "article", "date", "state", "reported", "diagnosed", "sign", "mark",
    "strong",
)  # fmt: skip
"""What a tile is drawn from."""

LETTERS_ACROSS = 17
"""Letters of a name on one line above its column."""

UPRIGHT = 7
"""Columns beyond which names would run into each other: they stand aslant then."""


@unchecked
def matrix(cells: pd.DataFrame, *, title: str, key: str = "") -> AnyChart:
    """Return the chart of a coverage table with labels.

    `cells` has article and instrument (words, in order), date (words), state (as it is told),
    reported and diagnosed (counts).
    `key` names a column by whose values a click selects; the selection has its name.
    """
    data = _drawn(cells)
    columns = list(dict.fromkeys(data["column"]))
    base = alt.Chart(
        data[[*DRAWN, key] if key else list(DRAWN)],
        width=alt.Step(max(54, min(120, 760 // max(1, len(columns))))),
        height=alt.Step(26),
    ).encode(
        x=_across(columns), y=_down(list(dict.fromkeys(data["instrument"]))),
        tooltip=told(**TOLD),
    )  # fmt: skip
    tiles = base.mark_rect(aria=False).encode(
        color=_colour([state for state in COLOURS if state in set(data["state"])])
    )
    tiles = crossed(tiles, "instrument", "column")
    if key:
        tiles = _chosen(tiles, alt.selection_point(name=key, fields=[key], empty=False))
    base = base.encode(color=inked())
    sign = base.mark_text(fontSize=15, fontWeight="bold", aria=False).encode(text=alt.Text("sign"))
    marked = base.transform_filter("datum.mark").mark_text(fontSize=10, dx=18, dy=1, aria=False)
    return styled(layered(tiles, sign, marked.encode(text=alt.Text("mark"))), title=title)


def _chosen(tiles: alt.Chart, click: alt.Parameter) -> alt.Chart:
    """Return tiles that a click chooses; a chosen one has a border."""
    chosen = {"param": click.name, "empty": False, "value": INK}
    border = alt.StrokeValue("transparent", condition=chosen)
    drawn: alt.Chart = tiles.encode(stroke=border, strokeWidth=alt.StrokeWidthValue(3)).add_params(
        click
    )
    return drawn


def _drawn(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with the words of their column, their sign, and what marks them beside it.

    A description is marked only where the author takes no position.
    """
    heads = list(zip(cells["article"].astype(str), cells["date"].astype(str), strict=True))
    many = len(set(heads)) > UPRIGHT
    strong = cells["state"].astype(str).isin(STRONG)
    marks = zip(~strong & (cells["diagnosed"] > 0), cells["reported"] > 0, strict=True)
    return cells.assign(
        column=[_head(who, date, many=many) for who, date in heads],
        sign=cells["state"].astype(str).map(SIGNS),
        state=cells["state"].astype(str),
        strong=strong,
        mark=["d" * described + "r" * relayed for described, relayed in marks],
    )


def _head(who: str, date: str, *, many: bool) -> str:
    """Return the words above a column, a stroke between their lines.

    >>> _head("the Middle East Institute author", "2014", many=False)
    'the Middle East|Institute author|2014'
    """
    return f"{who}, {date}" if many else "|".join([*textwrap.wrap(who, LETTERS_ACROSS), date])


def _colour(states: list[str]) -> alt.Color:
    """Return the colour of each state that occurs, with its legend."""
    legend = alt.Legend(
        title="The author", orient="bottom", columns=4, symbolType="square",
        symbolStrokeColor="#8a9099", labelExpr=SIGNED,
    )  # fmt: skip
    scale = alt.Scale(domain=states, range=[COLOURS[state] for state in states])
    return alt.Color("state:N", scale=scale, legend=legend)


def _across(columns: list[str]) -> alt.X:
    """Return the axis of articles: author above date."""
    lines = max((column.count("|") for column in columns), default=0)
    aslant = len(columns) > UPRIGHT
    way = {"labelAngle": -50, "labelAlign": "left", "labelLimit": 230} if aslant else {"labelAngle": 0, "labelLimit": 130}  # fmt: skip
    axis = alt.Axis(
        orient="top", title=None, ticks=False, domain=False,
        # Lines of a label grow downwards: the padding holds all but the last above the tiles.
        labelPadding=8 + 13 * lines, labelLineHeight=13,
        labelExpr="split(datum.label, '|')", labelFontSize=11, **way,
    )  # fmt: skip
    return alt.X("column:N", sort=columns, axis=axis, scale=GAPS)


def _down(instruments: list[str]) -> alt.Y:
    """Return the axis of instruments."""
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8)
    return alt.Y("instrument:N", sort=instruments, axis=axis, scale=GAPS)
