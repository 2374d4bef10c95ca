"""Turn the specification of a chart into a picture that stands in the page.

The surprising rule: this uses vl-convert, whose engine must never start before a fork;
it belongs into the process that exports, never into one that runs notebooks.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from policybook.charts.style import INK
from policybook.exhibits.figure import SPEC_TYPE

SPEC_BLOCK = re.compile(rf'<script type="{re.escape(SPEC_TYPE)}">(?P<spec>[^<]*)</script>')
"""A chart as `exhibits.figure` writes it: no "<" can stand within."""

VEGALITE = "6.1"
"""The version of Vega-Lite that altair 6 writes for."""

_SIZED = re.compile(r'(<svg[^>]*?) width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')


@lru_cache(maxsize=512)
def picture(spec: str) -> str:
    """Return a Vega-Lite specification as SVG; the page's own ink replaces that of the charts.

    ValueError where the specification cannot be drawn. It is hidden from readers by ear,
    for whom the figure's name, description and table stand.
    """
    import vl_convert  # noqa: PLC0415  (starts an engine; see above)

    svg: str = vl_convert.vegalite_to_svg(
        json.loads(spec), vl_version=VEGALITE, allowed_base_urls=[]
    )
    svg = svg.replace(f'"{INK}"', '"currentColor"')
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
