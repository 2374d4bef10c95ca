"""Intervals: how far coders agree, column by column, two coefficients beside each other.

The surprising rule: the axis begins at nought, or below where a value lies there: agreement by
chance is nought, and a coefficient below it says more than one that is cut off.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from policybook.charts.style import COLOURS, INK, AnyChart, layered, styled, told, unchecked

SHAPES = {"alpha": "circle", "AC1": "diamond"}
"""The sign of each coefficient, which says it without a colour."""

FILLS = {"alpha": COLOURS["supports"], "AC1": COLOURS["opposes"]}


@unchecked
def intervals(table: pd.DataFrame, *, bounds: tuple[float, float], title: str) -> AnyChart:
    """Return the chart of coefficients with their intervals.

    `table` has column (words), coefficient (alpha, AC1), value, low and high, the last two equal
    to the value where there is no interval; `bounds` are drawn as lines.
    """
    rows = list(dict.fromkeys(table["column"]))
    least = min(0.0, float(table["low"].min()))
    scale = alt.Scale(domain=[least, 1.0])
    axis = alt.Axis(title="Coefficient with its 95 % interval", tickCount=6, format=".1f")
    words = told(column="Column", coefficient="Coefficient", value="Value", low="From", high="To")
    base = alt.Chart(table, width=420, height=alt.Step(13)).encode(
        y=alt.Y("column:N", sort=rows, axis=alt.Axis(title=None, ticks=False, domain=False),
                scale=alt.Scale(paddingInner=0.3)),
        yOffset=alt.YOffset("coefficient:N", sort=list(SHAPES)), tooltip=words,
    )  # fmt: skip
    lines = base.mark_rule(color=INK, strokeWidth=1.6, aria=False).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    points = base.mark_point(size=70, filled=True, stroke=INK, strokeWidth=1, opacity=1, aria=False)
    points = points.encode(x=alt.X("value:Q", scale=scale), shape=_by(SHAPES), fill=_by(FILLS))
    edges = alt.Chart(pd.DataFrame({"bound": bounds})).encode(x=alt.X("bound:Q", scale=scale))
    drawn = edges.mark_rule(color=INK, strokeDash=[3, 3], opacity=0.7, aria=False)
    return styled(layered(lines, points, drawn), title=title)


def _by(values: dict[str, str]) -> alt.Shape | alt.Fill:
    """Return how a coefficient is drawn, with one legend for its shape and its fill."""
    legend = alt.Legend(title="Coefficient", orient="bottom", symbolStrokeColor=INK, symbolSize=70)
    scale = alt.Scale(domain=list(values), range=list(values.values()))
    channel = alt.Shape if values is SHAPES else alt.Fill
    return channel("coefficient:N", scale=scale, legend=legend)
