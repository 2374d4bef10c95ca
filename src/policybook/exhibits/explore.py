"""Live work: a click on a cell of the matrix shows the quotations behind it.

Needs a live notebook, and no network. In a briefing, where nothing can be clicked,
the matrix stands alone.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any

from policybook.exhibits.evidence import MOST_QUOTATIONS, more_of, quotation
from policybook.exhibits.figure import Figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.plots import CELL, matrix
from policybook.findings.coverage import states
from policybook.findings.finding import sentence
from policybook.measures.coverage import told
from policybook.suite import Selection

NONE = "No quotation stands behind this cell."
HIDDEN = "The filters hide what stands behind this cell."
HINT = "Click a cell of the matrix: the quotations behind it appear here."


def explore(selection: Selection) -> Exhibit:
    """Return the matrix to click on, with the quotations behind the chosen cell beneath."""
    plain = matrix(selection)
    return Explorer(selection, plain) if isinstance(plain, Figure) else plain


class Explorer(Exhibit):
    """The matrix of a selection, which in a live notebook can be clicked."""

    def __init__(self, selection: Selection, plain: Figure) -> None:
        """Keep the selection for the live form; the page's form is the matrix."""
        super().__init__(plain.html, plain.text)
        self.selection = selection

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401  (Jupyter's protocol)
        """Return the page's form, and the live one where a front end may show it."""
        page = {"text/html": str(self.html), "text/plain": self.text}
        if os.environ.get("POLICYBOOK_CHARTS", "live") == "spec":
            return page
        return {**page, **_live(self.selection)}


def _live(selection: Selection) -> dict[str, Any]:
    """Return the matrix and the words beneath it as widgets that need no network."""
    import altair as alt  # noqa: PLC0415  (a second, and only a live notebook needs it)
    import ipywidgets  # noqa: PLC0415

    clickable = matrix(selection, key=CELL)
    if not isinstance(clickable, Figure):
        return {}
    alt.JupyterChart.enable_offline()
    chart = alt.JupyterChart(clickable.chart, embed_options={"renderer": "svg", "actions": False})
    words = ipywidgets.HTML(value=str(tag("p", HINT)))

    def show(_: object) -> None:
        """Show what stands behind the cells that are chosen now."""
        chosen = getattr(chart.selections, CELL).value
        words.value = str(behind(selection, [one[CELL] for one in chosen]).html)

    chart.selections.observe(show, names=[CELL])
    bundle = ipywidgets.VBox([chart, words])._repr_mimebundle_()
    return {name: data for name, data in bundle.items() if "widget" in name}


def behind(selection: Selection, cells: Collection[str]) -> Exhibit:
    """Return the quotations behind cells, each named "article instrument"; without any, the hint."""
    if not cells:
        return Exhibit(tag("p", HINT), HINT)
    found = states(selection)
    found = found.assign(state=told(found))
    names = found["article"].astype(str) + " " + found["instrument"].astype(str)
    parts = [_cell(selection, line) for line in found[names.isin(list(cells))].to_dict("records")]
    return Exhibit(joined(part.html for part in parts), "\n".join(part.text for part in parts))


def _cell(selection: Selection, line: dict[Any, Any]) -> Exhibit:
    """Return what stands behind one cell: its state, every quotation that the filters leave, and every diagnosis."""
    rows, seen = (
        table[(table["article"] == line["article"]) & (table["instrument"] == line["instrument"])]
        for table in (selection.rows, selection.diagnoses)
    )
    label = selection.book.label("instrument", str(line["instrument"]))
    heading = sentence(f"{label} – {selection.labels[str(line['article'])]}: {line['state']}")
    records = [*rows.to_dict("records"), *seen.to_dict("records")][:MOST_QUOTATIONS]
    quoted = [quotation(selection.suite, row, note=False) for row in records]
    nothing = "" if quoted else tag("p", HIDDEN if line["state"] == "filtered out" else NONE)
    more = more_of(len(rows) + len(seen), len(records), "quotations")
    passages = [selection.suite.passage(row) for row in records]
    html = joined([tag("h4", heading), *quoted, nothing, more])
    return Exhibit(html, "\n".join([heading, *passages]))
