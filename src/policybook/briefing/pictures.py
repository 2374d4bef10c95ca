"""Turn the specification of a chart into a picture that stands in the page.

The surprising rule: a page may ask for the same chart in several ways, and a batch draws charts
elsewhere beforehand, so what is drawn is remembered by its specification.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from policybook.briefing import engine
from policybook.briefing.markup import escaped
from policybook.briefing.slim import slim
from policybook.charts.style import GRID, INK
from policybook.exhibits.figure import SPEC_TYPE, as_text

SPEC_BLOCK = re.compile(rf'<script type="{re.escape(SPEC_TYPE)}">(?P<spec>[^<]*)</script>')
"""A chart as `exhibits.figure` writes it: no "<" can stand within."""

_WIDE = re.compile("[\U00010000-\U0010ffff]")

VEGALITE = "6.1"
"""The version of Vega-Lite that altair 6 writes for."""

PAGES_OWN = {INK: "currentColor", GRID: "var(--line)"}
"""Colours of charts that follow the page, light or dark."""


NAMELESS = "\x01"
"""What stands for the name of a picture until it has its place in a page: no text may hold it."""

DRAWN: dict[str, tuple[str, str]] = {}
"""Charts that another process has drawn already, by their specifications; see `batch.draw`."""

LIVE_TYPE = "application/vnd.vega.v6+json"
"""The type of the block that holds what an interactive page draws: Vega, compiled here already."""


def picture(spec: str, *, live: bool) -> tuple[str, str]:
    """Return a Vega-Lite specification as `draw` does, from memory where it was drawn before."""
    return DRAWN.get(spec) or draw(spec, live=live)


@lru_cache(maxsize=512)
def draw(spec: str, *, live: bool) -> tuple[str, str]:
    """Return a Vega-Lite specification as SVG and, where it is to be live, as text of Vega for a page.

    The SVG is slim, and its ids begin with `NAMELESS`. ValueError where it cannot be drawn. The
    picture is hidden from readers by ear, for whom the figure's name, description and table stand.
    """
    inked = _inked(json.loads(spec))
    if not live:
        return slim(_painted("vegalite_to_svg", inked, vl_version=VEGALITE), name=NAMELESS), ""
    vega = engine.ask("vegalite_to_vega", inked, vl_version=VEGALITE)
    return slim(_painted("vega_to_svg", vega), name=NAMELESS), as_text(vega)


def _painted(how: str, chart: Any, **options: str) -> str:  # noqa: ANN401  (Vega-Lite or Vega)
    """Return a chart as SVG; ValueError where it cannot be drawn.

    The engine shortens a label by halves of characters beyond U+FFFF, such as emoji, and cannot
    measure a half; then these are drawn as the replacement character.
    """
    try:
        return str(engine.ask(how, chart, allowed_base_urls=[], **options))
    except ValueError:
        text = json.dumps(chart, ensure_ascii=False)
        if not _WIDE.search(text):
            raise
        chart = json.loads(_WIDE.sub("\N{REPLACEMENT CHARACTER}", text))
        return str(engine.ask(how, chart, allowed_base_urls=[], **options))


def shown(spec: str, *, name: str, live: bool) -> str:
    """Return what stands in the page for a chart: its picture, then what draws it anew if it is live.

    A chart that cannot be drawn says so in its place; its data stands in its table.
    """
    try:
        drawn, vega = picture(spec, live=live)
    except ValueError as error:
        reason = escaped(str(error).splitlines()[0][:200])
        return f'<p class="nothing">This chart could not be drawn: {reason}</p>'
    block = f'<script type="{LIVE_TYPE}">{vega}</script>' if live else ""
    return drawn.replace(NAMELESS, name) + block


def _inked(part: Any) -> Any:  # noqa: ANN401  (whatever stands in a specification)
    """Return a specification with the page's own colours in it; data stays as it is."""
    if isinstance(part, dict):
        return {k: v if k == "datasets" else _inked(v) for k, v in part.items()}
    if isinstance(part, list):
        return [_inked(one) for one in part]
    return PAGES_OWN.get(part, part) if isinstance(part, str) else part
