"""Executed notebook in, one offline HTML page out; the only user of nbconvert."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode

from policybook.briefing.prepare import Prepare

TEMPLATES = Path(__file__).parent / "templates"
"""Given as an absolute path: nbconvert would look into the current folder first."""


class BriefingExporter(HTMLExporter):
    """nbconvert's exporter with our template, without the second parse of the page."""

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters return text
        self, nb: NotebookNode, resources: dict[str, object] | None = None, **kwargs: object
    ) -> tuple[str, dict[str, object]]:
        """Return the page as the template wrote it.

        HTMLExporter would read and write it again with BeautifulSoup, which costs time and
        changes bytes; everything it adds (language, texts for images) our template has.
        """
        page, found = TemplateExporter.from_notebook_node(self, nb, resources, **kwargs)
        return page, dict(found)


@lru_cache(maxsize=4)
def exporter(*, with_code: bool = False) -> BriefingExporter:
    """Return the exporter; it is reused, for a new one costs as much as a page."""
    return BriefingExporter(
        template_name="briefing",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=not with_code,
        preprocessors=[Prepare],
    )


def page(notebook: NotebookNode, *, with_code: bool = False) -> str:
    """Return the page of an executed notebook; the notebook itself stays as it is."""
    copy: NotebookNode = nbformat.from_dict(notebook)  # a deep copy
    text, _ = exporter(with_code=with_code).from_notebook_node(copy)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"
