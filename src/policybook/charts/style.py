"""One visual theme for all charts: colours that colour-blind eyes and print tell apart.

Colours are Okabe and Ito's (2008); beside each stands a sign, so that none is needed to read a chart.
"""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

INK = "#1b1f24"
"""The colour of text and lines; a page in dark mode replaces it."""

GRID = "#e6e8eb"
"""The colour of grid lines; a page in dark mode replaces it."""

ON_COLOUR = "#101418"
"""The colour of signs and edges on a coloured ground; no mode replaces it."""

SIGNS = {
    "supports": "+",
    "opposes": "−",
    "both": "±",
    "silent": "·",
    "describes or relays only": "○",
    "not coded": "?",
    "prescribes nothing": "",
    "filtered out": "×",
}
"""The sign of each state, as a reader is told of it."""

COLOURS = {
    "supports": "#56b4e9",
    "opposes": "#d55e00",
    "both": "#cc79a7",
    "silent": "rgba(125, 133, 143, 0.20)",
    "describes or relays only": "rgba(0, 158, 115, 0.22)",
    "not coded": "rgba(125, 133, 143, 0.02)",
    "prescribes nothing": "rgba(125, 133, 143, 0.07)",
    "filtered out": "rgba(125, 133, 143, 0.42)",
}
"""The colour of each state; all but the first three let the page's ground through, light or dark."""

SIGNED = (
    f"datum.label + ({ {name: f'  {sign}' for name, sign in SIGNS.items()} }[datum.label] || '')"
)
"""The words of a legend of states, each with its sign, as an expression of Vega's."""

STRONG = ("supports", "opposes", "both")
"""States whose colour is a ground of its own."""

unchecked = debug_mode(False)
"""What a function is wrapped in that makes a chart: altair checks none of its steps against the
schema, which takes most of the time of making one. The tests check what comes out."""

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart
"""Whatever altair makes of layers."""


LETTERS = 84
"""Letters of a title on one line: a long one must not widen the picture, which would shrink the rest."""

PALER = 0.3
"""The opacity of what a pointer does not choose."""


def told(**words: str) -> list[alt.Tooltip]:
    """Return what a pointer reveals: for each column its name in words, in this order.

    It stands in the chart's table as well, for those who use no pointer.
    """
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in words.items()]


def crossed(marks: alt.Chart, *columns: str) -> alt.Chart:
    """Return marks of which a pointer leaves only those strong that share one of the columns.

    The names are given, for altair counts those it makes up through a whole process.
    """
    over = [
        alt.selection_point(
            name=f"over_{column}", fields=[column], on="pointerover", clear="pointerout"
        )
        for column in columns
    ]
    chosen = {"or": [{"param": one.name} for one in over]}
    strong = alt.OpacityValue(PALER, condition={"test": chosen, "value": 1})
    drawn: alt.Chart = marks.encode(opacity=strong).add_params(*over).properties(name="pointed")
    return drawn


def layered(*layers: alt.Chart) -> alt.LayerChart:
    """Return charts drawn over each other, the size of the first; they are used up.

    As `alt.layer`, which copies every part of every layer six times: size, selections and data
    that all share are lifted in place.
    """
    first = layers[0]
    made: alt.LayerChart = alt.LayerChart(layer=[])
    made.width, made.height = first.width, first.height
    same = all(one.data is first.data for one in layers)
    made.data = first.data if same else alt.Undefined
    lifted: list[alt.TopLevelSelectionParameter] = []
    for one in layers:
        one.width = one.height = alt.Undefined
        if same:
            one.data = alt.Undefined
        if one.params is not alt.Undefined:
            lifted += [
                alt.TopLevelSelectionParameter(name=p.name, select=p.select, views=[one.name])
                for p in one.params
            ]
            one.params = alt.Undefined
    made.params = lifted or alt.Undefined
    made.layer = list(layers)
    return made


def inked() -> alt.ColorValue:
    """Return the colour of a sign: fixed on a strong ground, the page's ink on any other."""
    return alt.ColorValue(INK, condition={"test": "datum.strong", "value": ON_COLOUR})


def styled(chart: AnyChart, *, title: str) -> AnyChart:
    """Put a new chart into the theme, with a title that says what it shows, and return it."""
    axis: dict[str, Any] = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12,
                            "labelLimit": 320, "domainColor": "#8a9099", "tickColor": "#8a9099",
                            "gridColor": GRID}  # fmt: skip
    legend: dict[str, Any] = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12,
                              "titleFontSize": 12, "labelLimit": 300}  # fmt: skip
    # Set in place, on a chart that nobody else has: altair's own way copies all of it each time.
    lines = textwrap.wrap(title, LETTERS) or [""]
    chart.title = alt.Title(lines, anchor="start", color=INK, fontSize=14, offset=12)
    chart.config = alt.Config(
        font="sans-serif", background="transparent", view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(**axis), legend=alt.LegendConfig(**legend),
    )  # fmt: skip
    return chart
