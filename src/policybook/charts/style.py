"""One visual theme for all charts: colours that colour-blind eyes and print tell apart.

Colours are Okabe and Ito's (2008); beside each stands a sign, so that none is needed to read a chart.
"""

from __future__ import annotations

from typing import Any

import altair as alt

INK = "#1b1f24"
"""The colour of text and lines; a page in dark mode replaces it."""

ON_COLOUR = "#101418"
"""The colour of signs and edges on a coloured ground; no mode replaces it."""

SIGNS = {
    "supports": "+",
    "opposes": "−",
    "both": "±",
    "silent": "·",
    "not coded": "?",
    "prescribes nothing": "",
    "filtered out": "×",
}
"""The sign of each state."""

COLOURS = {
    "supports": "#56b4e9",
    "opposes": "#e69f00",
    "both": "#cc79a7",
    "silent": "rgba(125, 133, 143, 0.20)",
    "not coded": "rgba(125, 133, 143, 0.02)",
    "prescribes nothing": "rgba(125, 133, 143, 0.07)",
    "filtered out": "rgba(125, 133, 143, 0.42)",
}
"""The colour of each state; the last four let the page's ground through, light or dark."""

STRONG = ("supports", "opposes", "both")
"""States whose colour is a ground of its own."""

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart
"""Whatever altair makes of layers."""


def styled(chart: AnyChart, *, title: str) -> AnyChart:
    """Return a chart in the theme, with a title that says what it shows."""
    axis: dict[str, Any] = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12,
                            "labelLimit": 320, "domainColor": "#8a9099", "tickColor": "#8a9099",
                            "gridColor": "#e6e8eb"}  # fmt: skip
    drawn: AnyChart = (
        chart.properties(title=alt.Title(title, anchor="start", color=INK, fontSize=14, offset=12))
        .configure(font="sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_legend(
            labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12, labelLimit=300
        )
    )
    return drawn
