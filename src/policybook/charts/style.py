"""One visual theme for all charts: colours that colour-blind eyes and print tell apart.

Colours are Okabe and Ito's (2008); beside each stands a sign, so that none is needed to read a chart.
"""

from __future__ import annotations

from typing import Any

import altair as alt

INK = "#1b1f24"
"""The colour of text and lines; a page in dark mode replaces it."""

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
    "silent": "#e8eaed",
    "not coded": "#ffffff",
    "prescribes nothing": "#f6f7f8",
    "filtered out": "#d0d4d9",
}
"""The colour of each state; dark ink is readable on every one."""

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart
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
