"""Take the words out of a saved page; nothing in it is run or fetched.

The surprising rule: where the page marks exactly one article, only that is taken; what is left
out is counted in words, by what it was.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.problems import count
from policybook.together import refusals

if TYPE_CHECKING:
    from bs4 import Tag

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""",
                      re.IGNORECASE)  # fmt: skip
_CODE = ["script", "style", "noscript", "template", "svg", "iframe", "object", "head"]
_BESIDE = ["nav", "header", "footer", "aside", "form", "button"]
_BLOCKS = ["p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "li",
           "ul", "ol", "blockquote", "pre", "table", "tr", "figure", "figcaption", "hr", "dd",
           "dt"]  # fmt: skip
DEEPEST = 2000
"""Elements within each other; pages that close no paragraph reach hundreds."""

_START = 4096
"""Bytes in which a page declares its encoding."""


def declared(data: bytes) -> str:
    """Return the encoding that a page declares, empty where it declares none."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    found = _CHARSET.search(data[:_START])
    return found[1].decode("ascii") if found else ""


def words(path: Path, page: str) -> tuple[str, list[str]]:
    """Return the words of a page, a blank line between its blocks, and what was left out.

    Raises `SuiteError` where elements are nested as on no page: seconds would become minutes.
    """
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning  # noqa: PLC0415  (a costly import)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # XHTML is read as HTML
        soup = BeautifulSoup(page, "html.parser")
    if _depth(soup) > DEEPEST:
        hint = "No article is so deep: save its text, and add that."
        raise refusals.refused(path, "deep", f"nests more than {DEEPEST:,} elements", hint)
    for tag in soup(_CODE):
        tag.extract()
    articles = soup("article") or soup("main")
    body = articles[0] if len(articles) == 1 else soup
    told = _without_beside(body, head=body is not soup)
    _marked(body)
    text = body.get_text()
    outside = len(soup.get_text(" ").split()) - len(body.get_text(" ").split())
    if outside > 0:
        told.append(f"left out beside the page's one article: {count(outside, 'word')}")
    images = len(body("img"))
    if images:
        told.append(f"left out: {count(images, 'picture')}")
    return _laid_out(text), told


def _depth(soup: Tag) -> int:
    """Return how deep elements are nested; a parent comes before what it holds."""
    depths = {id(soup): 0}
    for tag in soup(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
    return max(depths.values())


def _without_beside(body: Tag, *, head: bool) -> list[str]:
    """Take out what stands beside a text, but for its head where that is kept; return what it was."""
    told = []
    for name in _BESIDE:
        # The head of an article holds its title; the head of a page holds a menu.
        kept = name == "header" and head
        number = 0
        for tag in [] if kept else body(name):
            number += len(tag.get_text(" ").split())
            tag.extract()
        if number:
            told.append(f"left out as <{name}>: {count(number, 'word')}")
    return told


def _marked(body: Tag) -> None:
    """Mark in the text where blocks begin and end, and where lines break."""
    for tag in body("br"):
        tag.replace_with("\x1e")
    for tag in body(_BLOCKS):
        tag.insert(0, "\x1d")
        tag.append("\x1d")
    for tag in body(["td", "th"]):
        tag.append(" ")


def _laid_out(text: str) -> str:
    """Return words with a line for each block; breaks that only the source has are spaces."""
    flat = re.sub(r"[ \t\n\r\f]+", " ", text)
    broken = re.sub(r" ?\x1e ?", "\n", flat)
    return re.sub(r"[ \x1d]*\x1d[ \x1d]*", "\n\n", broken).strip()
