"""A network as a matrix of its weights: no layout to guess at, the same picture on every run.

Neighbours stand beside each other: the order starts with the heaviest node and goes on with
whoever is tied most to those already placed. The surprising rule: an empty square is no tie;
a tie of weight nought is written as 0.
"""

from __future__ import annotations

from collections.abc import Sequence

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

WIDTH = 700
"""Pixels that a chart may take on a page."""

WORDS_DOWN = 230
"""Pixels for names beside the squares."""


HEIGHT = 26
"""Pixels from one line of squares to the next."""

FAINT = {
    "supports": ("rgba(86, 180, 233, 0.06)", "rgba(86, 180, 233, 0.45)"),
    "opposes": ("rgba(213, 94, 0, 0.06)", "rgba(213, 94, 0, 0.45)"),
}
"""The colours from nought to half of the heaviest weight: they let the page's ground through, light or
dark, so that more weight stands out more on either. From half on dark figures stand on them."""

FULL = "rgba(86, 180, 233, 0.78)"
"""The colour of half of the heaviest weight; that of opposition is dark enough to be full at once."""


def arranged(edges: pd.DataFrame) -> list[str]:
    """Return the nodes of edges (a, b, weight) so that those with heavy ties are neighbours.

    Ties by name, so that the order never changes. At most the square of the nodes in time.

    >>> arranged(pd.DataFrame({"a": ["x", "x"], "b": ["y", "z"], "weight": [1, 5]}))
    ['x', 'z', 'y']
    """
    ties: dict[str, dict[str, float]] = {}
    for a, b, weight in zip(edges["a"], edges["b"], edges["weight"], strict=True):
        for one, other in ((str(a), str(b)), (str(b), str(a))):
            ties.setdefault(one, {})[other] = abs(float(weight))
    heavy = sorted(ties, key=lambda node: (-sum(ties[node].values()), node))
    placed: list[str] = []
    pull = dict.fromkeys(heavy, 0.0)
    while pull:
        node = max(pull, key=pull.__getitem__)  # the first of equals: `pull` is in order
        placed.append(node)
        del pull[node]
        for other, weight in ties[node].items():
            if other in pull:
                pull[other] += weight
    return placed


@unchecked
def network(
    cells: pd.DataFrame,
    *,
    rows: list[str],
    columns: list[str],
    title: str,
    tell: Sequence[str] = (),
) -> AnyChart:
    """Return the chart of weights: a coloured square and a figure for each pair that has a tie.

    `cells` has row and column (words) and weight (a number); `rows` and `columns` are their order.
    Blue is above nought, orange below; the figure has the sign. A pointer reveals the pair and
    the columns of `cells` that `tell` names.
    """
    most = max((abs(float(w)) for w in cells["weight"]), default=1.0) or 1.0
    strong = [abs(float(w)) >= most / 2 for w in cells["weight"]]
    data = cells.assign(shown=[_figure(w) for w in cells["weight"]], strong=strong)
    data = data.sort_values("weight", kind="stable")  # what has one colour is then drawn at one go
    step = max(24, min(44, (WIDTH - WORDS_DOWN) // max(1, len(columns))))
    base = alt.Chart(
        data[["row", "column", "weight", "shown", "strong", *tell]],
        width=alt.Step(step),
        height=alt.Step(HEIGHT),
    ).encode(
        x=alt.X("column:N", sort=columns, scale=_gaps(columns, step), axis=_above()),
        y=alt.Y("row:N", sort=rows, scale=_gaps(rows, HEIGHT), axis=_beside()),
        tooltip=told(row="One", column="Other", **{name: name for name in tell}),
    )
    squares = base.mark_rect(aria=False).encode(color=_colour(most, data["weight"].min()))
    squares = crossed(squares, "row", "column")
    figures = base.mark_text(fontSize=11, aria=False).encode(
        text=alt.Text("shown:N"), color=inked()
    )
    return styled(layered(squares, figures), title=title)


def _figure(weight: float) -> str:
    """Return a weight in three letters or so, with a true minus.

    >>> [_figure(w) for w in (3, -0.5, 0.1234, 0)]
    ['3', '−0.5', '0.12', '0']
    """
    return f"{weight:.2f}".rstrip("0").rstrip(".").replace("-0", "−0").replace("-", "−")


def _colour(most: float, low: float) -> alt.Color:
    """Return the scale of weights: nothing at nought, the colours of support and opposition."""
    steps = [0.0, most / 2 - most / 1000, most / 2, most]
    domain, colours = steps, [*FAINT["supports"], FULL, COLOURS["supports"]]
    if low < 0:
        below = [*[COLOURS["opposes"]] * 2, *reversed(FAINT["opposes"])]
        domain, colours = (
            [*(-step for step in reversed(steps)), *domain[1:]],
            [*below, *colours[1:]],
        )
    legend = alt.Legend(title="Weight", orient="bottom", gradientLength=160)
    return alt.Color(
        "weight:Q", scale=alt.Scale(domain=domain, range=colours, interpolate="rgb"), legend=legend
    )


def _gaps(names: list[str], step: int) -> alt.Scale:
    """Return the places of names, with two pixels between squares for the page's ground."""
    return alt.Scale(domain=names, paddingInner=2 / step, paddingOuter=0)


def _above() -> alt.Axis:
    """Return the axis of names above the squares, slanted."""
    return alt.Axis(
        orient="top", labelAngle=-50, labelAlign="left", title=None, ticks=False, domain=False,
        labelFontSize=11, labelLimit=WORDS_DOWN, labelPadding=6,
    )  # fmt: skip


def _beside() -> alt.Axis:
    """Return the axis of names beside the squares."""
    return alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelLimit=WORDS_DOWN,
        labelFontSize=11,
    )  # fmt: skip
