"""Robustness dots: findings down, settings across; a full dot holds, a hollow one with a cross breaks."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from policybook.charts.style import (
    COLOURS,
    INK,
    AnyChart,
    crossed,
    styled,
    told,
    unchecked,
)

LETTERS_DOWN = 46
"""Letters of a finding on one line beside its dots; it has two lines."""

LETTERS_ACROSS = 34
"""Letters of a setting on one line above its column; it has two lines."""

BROKEN, HELD = "breaks", "holds"

SHAPES = {
    HELD: "circle",
    BROKEN: "M-1.13,0A1.13,1.13,0,1,1,1.13,0A1.13,1.13,0,1,1,-1.13,0M-.8,-.8L.8,.8M-.8,.8L.8,-.8",
}
"""A dot, and a ring with a cross in it."""


@unchecked
def dots(table: pd.DataFrame, *, title: str) -> AnyChart:
    """Return the chart of a tally of robustness.

    `table` has place (of the finding, a number), finding and setting (words, in order), holds.
    Long sentences are shortened on the axis: their full text belongs beside the chart.
    """
    data = _drawn(table)
    rows, columns = (list(dict.fromkeys(data[name])) for name in ("row", "column"))
    base = alt.Chart(
        data[["row", "column", "result", "place", "setting"]], width=alt.Step(36), height=alt.Step(36)
    ).encode(
        x=_across(columns), y=_down(rows),
        tooltip=told(place="Finding", setting="Setting", result="Under it the finding"),
    )  # fmt: skip
    results = [one for one in (HELD, BROKEN) if one in set(data["result"])]
    points = base.mark_point(
        size=170, filled=True, stroke=INK, strokeWidth=1.4, opacity=1, aria=False
    ).encode(color=_fill(results), shape=_shape(results))
    return styled(crossed(points, "row", "column"), title=title)


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    """Return lines with the words of their row and column, and the result in a word."""
    heads = [f"{n}  {text}" for n, text in zip(table["place"], table["finding"], strict=True)]
    return table.assign(
        row=[_lines(head, LETTERS_DOWN) for head in heads],
        column=[_lines(str(words), LETTERS_ACROSS) for words in table["setting"]],
        result=[HELD if holds else BROKEN for holds in table["holds"]],
    )


def _lines(text: str, width: int) -> str:
    """Return a text on two lines at most, the place of what is missing marked.

    >>> _lines("one two three four", 8)
    'one two|three …'
    """
    return "|".join(textwrap.wrap(text, width, max_lines=2, placeholder=" …"))


def _fill(results: list[str]) -> alt.Color:
    """Return the fill of each result that occurs: none where it breaks."""
    colours = {HELD: COLOURS["supports"], BROKEN: "transparent"}
    scale = alt.Scale(domain=results, range=[colours[one] for one in results])
    return alt.Color("result:N", scale=scale, legend=_legend())


def _shape(results: list[str]) -> alt.Shape:
    """Return the shape of each result that occurs, in the legend as in the picture."""
    scale = alt.Scale(domain=results, range=[SHAPES[one] for one in results])
    return alt.Shape("result:N", scale=scale, legend=_legend())


def _legend() -> alt.Legend:
    """Return the one legend of fill and shape."""
    return alt.Legend(
        title="Under this setting the finding", orient="bottom", symbolStrokeColor=INK,
        symbolSize=140,
    )  # fmt: skip


def _across(columns: list[str]) -> alt.X:
    """Return the axis of settings, their words upright above the dots."""
    axis = alt.Axis(
        orient="top", labelAngle=-60, labelAlign="left", title=None, ticks=False, domain=False,
        labelExpr="split(datum.label, '|')", labelLineHeight=12, labelFontSize=11, labelPadding=8,
    )  # fmt: skip
    return alt.X("column:N", sort=columns, axis=axis)


def _down(rows: list[str]) -> alt.Y:
    """Return the axis of findings, each on two lines."""
    axis = alt.Axis(
        title=None, ticks=False, domain=False, grid=True, labelPadding=10, labelLineHeight=13,
        labelExpr="split(datum.label, '|')", labelFontSize=11,
    )  # fmt: skip
    return alt.Y("row:N", sort=rows, axis=axis)
