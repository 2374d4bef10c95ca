"""Import and prepare in this process what every notebook and every page needs, before any fork."""

from __future__ import annotations

import importlib
from contextlib import suppress

from policybook.imports import quick

MODULES = (
    "papermill.iorw", "papermill.parameterize", "policybook.batch.engine", "policybook.batch.shell",
    "policybook.batch.deliver", "policybook.batch.execute", "policybook.charts",
    "policybook.exhibits", "policybook.findings", "policybook.robustness",
)  # fmt: skip
"""What a child would import otherwise, each of them anew."""

LATE = (
    "IPython.core.application", "IPython.core.completer", "IPython.core.completerlib",
    "IPython.core.crashhandler", "IPython.core.logger", "IPython.core.magics",
    "IPython.core.oinspect", "IPython.utils.wildcard", "narwhals._interchange.dataframe",
    "narwhals._interchange.series", "narwhals._pandas_like.dataframe", "narwhals._pandas_like.expr",
    "narwhals._pandas_like.group_by", "narwhals._pandas_like.selectors",
    "narwhals._pandas_like.series_dt", "narwhals.stable.v1._namespace",
    "pandas.core.methods.to_dict", "pandas.io.formats.string",
)  # fmt: skip
"""What libraries import only when it is first needed; without it everything works, slower."""


def up() -> None:
    """Import everything, and make what is made at first use."""
    with quick():
        for name in MODULES:
            importlib.import_module(name)
        for name in LATE:
            with suppress(ImportError):
                importlib.import_module(name)
        _page()
        _chart()


def _chart() -> None:
    """Make the specification of a small chart: altair and narwhals prepare much at their first."""
    import pandas as pd  # noqa: PLC0415  (a second; see above)

    from policybook import charts  # noqa: PLC0415  (as well)
    from policybook.exhibits.figure import figure  # noqa: PLC0415

    data = pd.DataFrame({"column": ["a"], "coefficient": "alpha", "value": 1.0, "low": 0.9, "high": 1.0})  # fmt: skip
    chart = charts.intervals(data, bounds=(0.5, 0.8), title="One")
    figure(chart, description="One point.", data=data, caption="One point")


def _page() -> None:
    """Make a page without charts: it compiles the checker of notebooks and the page's template."""
    from nbformat import v4  # noqa: PLC0415  (a second; see above)

    from policybook.briefing.export import page  # noqa: PLC0415

    shown = v4.new_output("display_data", {"text/html": "<p>1</p>"})
    page(
        v4.new_notebook(
            cells=[v4.new_markdown_cell("# 1?"), v4.new_code_cell("1", outputs=[shown])]
        )
    )
