"""Make an executed notebook ready for the page: markdown, headings, pictures, clean HTML.

Runs as a preprocessor of nbconvert, so that the command `jupyter nbconvert` makes the same page.
The surprising rule: whatever HTML a notebook hands over is cleaned here once more,
although the package's own is safe already; pictures come in afterwards.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from importlib import resources
from typing import Any

import nh3
from nbconvert.filters import markdown2html
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from policybook.briefing.pictures import SPEC_BLOCK, picture

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "hr", "i", "ins",
    "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
}  # fmt: skip
"""Elements that a notebook's output may hold."""

ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title", "role", "aria-label", "aria-hidden", "tabindex"},
    "a": {"href"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
"""Attributes that they may have."""

_HEADING = re.compile(r"<h([1-3])[^>]*>(.*?)</h\1>", re.DOTALL)
_KICKER = re.compile(r'<p class="kicker">([^<]*)</p>')
_TAG = re.compile(r"<[^>]*>")
_PLACE = "\N{OBJECT REPLACEMENT CHARACTER}policybook-picture-{}\N{OBJECT REPLACEMENT CHARACTER}"


class Prepare(Preprocessor):
    """The preprocessor that the template `briefing` names."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with everything the template needs in its metadata."""
        headings: list[dict[str, str]] = []
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.metadata["policybook_html"] = _markdown(cell.source, headings)
            for output in cell.get("outputs", []):
                if "text/html" in output.get("data", {}):
                    output.data["text/html"] = clean(_joined(output.data["text/html"]))
        audience = _take_audience(nb)
        kicker = _take_kicker(nb)
        question = next((h["text"] for h in headings if h["level"] == "1"), "Briefing")
        nb.metadata["policybook_page"] = {
            "kicker": kicker,
            "audience": audience,
            "title": f"{kicker}: {question[:1].lower()}{question[1:]}" if kicker else question,
            "headings": [h for h in headings if h["level"] == "2"],
            "css": stylesheet(),
        }
        return nb, resources


def _take_audience(nb: NotebookNode) -> str:
    """Return for whom the page is, which stands beneath the question, and take it from there.

    In a notebook it helps to choose; on a page the answer comes first.
    """
    first = nb.cells[0].metadata.get("policybook_html", "") if nb.cells else ""
    head, end, rest = first.partition("</h1>")
    if not end:
        return ""
    nb.cells[0].metadata["policybook_html"] = head + end
    return " ".join(html.unescape(_TAG.sub("", rest)).split())


def _take_kicker(nb: NotebookNode) -> str:
    """Return what the page is about, which stands above its question, and take it from its place."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            found = _KICKER.search(output.get("data", {}).get("text/html", ""))
            if found:
                output.data["text/html"] = _KICKER.sub("", output.data["text/html"], count=1)
                return html.unescape(found[1])
    return ""


def stylesheet() -> str:
    """Return the style of every page."""
    folder = resources.files("policybook.briefing") / "templates" / "briefing"
    return (folder / "page.css").read_text(encoding="utf-8")


def _joined(text: str | list[str]) -> str:
    """Return a notebook's text, which may be stored as lines."""
    return text if isinstance(text, str) else "".join(text)


def _markdown(source: str, headings: list[dict[str, str]]) -> str:
    """Return a markdown cell as HTML, its headings noted and given ids."""

    def numbered(match: re.Match[str]) -> str:
        level, inner = match.groups()
        text = html.unescape(_TAG.sub("", inner)).replace("¶", "").strip()
        name = _slug(text, {heading["id"] for heading in headings})
        headings.append({"level": level, "text": text, "id": name})
        return f'<h{level} id="{name}">{html.escape(text)}</h{level}>'

    return _HEADING.sub(numbered, str(markdown2html(source)))


def _slug(text: str, taken: set[str]) -> str:
    """Return an id for a heading that no other has."""
    base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def clean(text: str) -> str:
    """Return a notebook's HTML without anything that could run or reach out, charts as pictures.

    A chart that cannot be drawn says so in its place; its data stands in its table.
    """
    pictures: list[str] = []

    def keep(match: re.Match[str]) -> str:
        pictures.append(_drawn(match["spec"]))
        return _PLACE.format(len(pictures) - 1)

    kept = SPEC_BLOCK.sub(keep, text)
    cleaned = nh3.clean(
        kept, tags=TAGS, attributes=ATTRIBUTES, link_rel=None, url_schemes={"http", "https"}
    )
    return _restored(cleaned, pictures)


def _restored(text: str, pictures: list[str]) -> str:
    """Return the text with its pictures; one whose place was cleaned away stays away."""
    for number, drawn in enumerate(pictures):
        text = text.replace(_PLACE.format(number), drawn)
    return text


def _drawn(spec: str, draw: Callable[[str], str] = picture) -> str:
    """Return a chart as SVG, or the sentence that it could not be drawn."""
    try:
        return draw(spec)
    except ValueError as error:
        reason = html.escape(str(error).splitlines()[0][:200])
        return f'<p class="nothing">This chart could not be drawn: {reason}</p>'
