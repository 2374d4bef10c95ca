"""Executed notebook in, one offline HTML page out; the only user of nbconvert."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from traitlets.config import Config

from policybook.briefing.options import Charts, Options

TEMPLATES = Path(__file__).parent / "templates"
"""Given as an absolute path: nbconvert would look into the current folder first."""

DOCTYPE = "<!DOCTYPE html>"


class BriefingExporter(HTMLExporter):
    """nbconvert's exporter with our template, without the second parse of the page."""

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters return text
        self, nb: NotebookNode, resources: dict[str, object] | None = None, **kwargs: object
    ) -> tuple[str, dict[str, object]]:
        """Return the page as the template wrote it.

        HTMLExporter would read and write it again with BeautifulSoup, which costs more time than
        all the rest. The page is written such that this would add one line end and change nothing.
        """
        page, found = TemplateExporter.from_notebook_node(self, nb, resources, **kwargs)
        return page.replace(DOCTYPE, f"{DOCTYPE}\n", 1), dict(found)


@lru_cache(maxsize=4)
def exporter(charts: Charts, *, with_code: bool) -> BriefingExporter:
    """Return the exporter; it is reused, for a new one costs as much as a page."""
    return BriefingExporter(
        template_name="briefing",
        extra_template_basedirs=[str(TEMPLATES)],
        config=Config(Prepare={"charts": charts, "with_code": with_code}),
        optimistic_validation=True,  # once, after all preprocessors, and not after each of twelve
    )


def page(notebook: NotebookNode, options: Options = Options()) -> str:  # noqa: B008  (frozen)
    """Return the page of an executed notebook; the notebook itself stays as it is."""
    copy: NotebookNode = nbformat.from_dict(notebook)  # a deep copy
    made = exporter(options.charts, with_code=options.with_code)
    text, _ = made.from_notebook_node(copy)
    return text
