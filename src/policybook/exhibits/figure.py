"""A chart as a notebook shows it: live in JupyterLab, as a specification in a briefing.

The page's form holds the Vega-Lite specification in a block that no browser runs, a name,
a description in words and the data as a table; the export turns the specification into a picture.
`POLICYBOOK_CHARTS=spec` leaves the live form out, so that the same input gives the same bytes.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.html import Exhibit, plain, tag
from policybook.exhibits.pieces import table
from policybook.exhibits.quickly import quickly

if TYPE_CHECKING:
    from altair import AnyChart

SPEC_TYPE = "application/vnd.vegalite.v6+json"
"""The type of the block that holds a specification."""

_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)

_SEPARATORS = {0x2028: " ", 0x2029: " "}
"""Ends of lines that end a text in JavaScript as well, as they may not in JSON."""


class Figure(Exhibit):
    """A chart with its description and its data."""

    def __init__(self, html: Markup, text: str, chart: AnyChart) -> None:
        """Keep the chart for the live form."""
        super().__init__(html, text)
        self.chart = chart

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401  (Jupyter's protocol)
        """Return the page's form, and the live one where a front end may show it."""
        page = {"text/html": str(self.html), "text/plain": self.text}
        if os.environ.get("POLICYBOOK_CHARTS", "live") == "spec":
            return page
        return {**page, **_live(self.chart)}


def _live(chart: AnyChart) -> dict[str, Any]:
    """Return the chart as a widget that needs no network; nothing where there is no front end."""
    import altair as alt  # noqa: PLC0415  (a second, and only a live notebook needs it)

    alt.JupyterChart.enable_offline()
    bundle = alt.JupyterChart(chart)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {k: v for k, v in (data or {}).items() if "widget" in k}


def figure(chart: AnyChart, *, description: str, data: pd.DataFrame, caption: str) -> Figure:
    """Return a chart to show, named by its title: `description` says in words what it shows.

    `data` is its table.
    """
    spec = _spec(chart)
    block = tag("script", Markup(as_text(spec)), type=SPEC_TYPE)  # noqa: S704  (escaped)
    numbers = [str(name) for name in data.select_dtypes("number")]
    shown = table(data, caption=caption, numbers=numbers)
    html = tag(
        "figure",
        tag("div", block, class_="picture", role="img", aria_label=_title(spec), tabindex="0"),
        tag("figcaption", description),
        tag("details", tag("summary", "The data of this chart"), shown.html),
        class_="chart",
    )
    return Figure(html, description, chart)


def _title(spec: dict[str, Any]) -> str:
    """Return the title of a chart, which may stand in several lines; a word where it has none."""
    title = spec.get("title") or "Chart"
    text = title["text"] if isinstance(title, dict) else title
    return text if isinstance(text, str) else " ".join(text)


def as_text(spec: dict[str, Any]) -> str:
    """Return a specification as text that may stand in a page: it holds none of `< > &`.

    Texts in it are `plain`, and on one line: a control character would end the process that
    draws it, and a line separator the expression of vega that a text stands in.
    """
    text = json.dumps(_shown(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.translate(_ESCAPES)


def _shown(part: Any) -> Any:  # noqa: ANN401  (whatever stands in a specification)
    """Return a part of a specification with every text as a page can show it."""
    if isinstance(part, dict):
        return {key: _shown(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_shown(one) for one in part]
    return plain(part).translate(_SEPARATORS) if isinstance(part, str) else part


def _spec(chart: AnyChart) -> dict[str, Any]:
    """Return a chart's specification with names that do not depend on what was drawn before."""
    from altair.utils.schemapi import debug_mode  # noqa: PLC0415  (costly, and only a chart needs it)

    with debug_mode(False), quickly():
        spec: dict[str, Any] = chart.to_dict(validate=False)  # the tests validate
    spec.pop("$schema", None)
    return spec
