"""The agreement heat map: articles down and across, how much of what two share is one demand.

The surprising rule: colours are steps of one scale with a number in every tile,
for nobody can tell one of twenty blues from the next.
"""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from policybook.charts.style import (
    COLOURS,
    AnyChart,
    crossed,
    inked,
    layered,
    styled,
    told,
    unchecked,
)

NEAR = {
    "same demand: under every common heading": COLOURS["supports"],
    "same demand: under half or more": "rgba(86, 180, 233, 0.45)",
    "same demand: under fewer": "rgba(86, 180, 233, 0.15)",
    "same demand only as far as said": "rgba(240, 228, 66, 0.30)",
    "same demand here, opposite there": COLOURS["both"],
    "opposite demands, none the same": COLOURS["opposes"],
    "only the same words": COLOURS["filtered out"],
    "no common heading": COLOURS["silent"],
}
"""What two articles can be to each other, in the order of the legend; the last two are no colour."""

SELF = "the article itself"
"""What stands on the diagonal."""

_GAPS = alt.Scale(paddingInner=0.05, paddingOuter=0)
_LETTERS_DOWN = 34
"""Letters of a name on one line beside its row; it has two lines."""

_WIDTH = 400
"""Points for all columns: with the names beside it the chart fits a page."""


TOLD = {"one": "One", "other": "Other", "shared": "Headings in common", "same": "Same demand",
        "same_open": "Same as far as said", "opposite": "Opposite demand",
        "opposite_open": "Opposite as far as said", "mixed": "Same and opposite, counted in both",
        "different": "Only the same words"}  # fmt: skip
"""What a pointer reveals of a pair: columns, and their names."""


@unchecked
def heatmap(cells: pd.DataFrame, *, title: str, pair: str = "Two articles") -> AnyChart:
    """Return the chart of pairs of articles, each pair in both directions and each with itself.

    `cells` has row and column (words, in order), near (a key of `NEAR` or `SELF`), text (what the
    tile says), clash (what it says of contradictions, empty for none), and the columns of `TOLD`.
    `pair` stands above the legend.
    """
    cells = cells.assign(row=[_lines(name) for name in cells["row"]])
    order = list(dict.fromkeys(cells["row"])), list(dict.fromkeys(cells["column"]))
    step = max(28, min(64, _WIDTH // max(1, len(order[1]))))
    solid = [near for near, colour in NEAR.items() if colour.startswith("#")]
    data = cells.assign(strong=cells["near"].isin(solid))
    base = alt.Chart(
        data[["row", "column", "near", "text", "clash", "strong", *TOLD]],
        width=alt.Step(step),
        height=alt.Step(max(30, min(step, 44))),
    ).encode(x=_across(order[1]), y=_down(order[0]), tooltip=told(**TOLD))
    tiles = base.transform_filter(alt.datum.near != SELF).mark_rect(aria=False)
    tiles = tiles.encode(color=_colour([n for n in NEAR if n in set(data["near"])], pair))
    tiles = crossed(tiles, "row", "column")
    words = base.encode(color=inked())
    size = _size(step, max(map(len, [*cells["text"], *cells["clash"]])))
    plain = words.transform_filter("!datum.clash").mark_text(fontSize=size, aria=False)
    clashing = words.transform_filter("datum.clash")
    above = clashing.mark_text(fontSize=size, dy=-6, aria=False).encode(text=alt.Text("text"))
    below = clashing.mark_text(fontSize=size - 1, fontWeight="bold", dy=8, aria=False)
    tiles = layered(
        tiles, plain.encode(text=alt.Text("text")), above, below.encode(text=alt.Text("clash"))
    )
    return styled(tiles, title=title)


def _size(step: int, longest: int) -> int:
    """Return the size of letters with which the longest words fit a tile of some width.

    >>> _size(64, 3), _size(28, 4), _size(28, 7)
    (13, 10, 7)
    """
    return max(7, min(13 if step > 40 else 10, int(1.8 * step / max(1, longest))))  # noqa: PLR2004


def _lines(name: str) -> str:
    """Return a name on two lines at most, the place of what is missing marked.

    >>> _lines("1  A B")
    '1  A B'
    """
    return "|".join(textwrap.wrap(name, _LETTERS_DOWN, max_lines=2, placeholder=" …"))


def _colour(near: list[str], pair: str) -> alt.Color:
    """Return the colour of each step that occurs, with its legend."""
    legend = alt.Legend(
        title=pair, orient="bottom", columns=2, symbolType="square",
        symbolStrokeColor="#8a9099",
    )  # fmt: skip
    scale = alt.Scale(domain=near, range=[NEAR[one] for one in near])
    return alt.Color("near:N", scale=scale, legend=legend)


def _across(columns: list[str]) -> alt.X:
    """Return the axis of articles by their numbers."""
    axis = alt.Axis(orient="top", labelAngle=0, title=None, ticks=False, domain=False)
    return alt.X("column:N", sort=columns, axis=axis, scale=_GAPS)


def _down(rows: list[str]) -> alt.Y:
    """Return the axis of articles by number and name."""
    axis = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelLimit=290, labelFontSize=11,
        labelExpr="split(datum.label, '|')", labelLineHeight=13,
    )  # fmt: skip
    return alt.Y("row:N", sort=rows, axis=axis, scale=_GAPS)
