"""Take the words out of a DOCX: its paragraphs in order, and what else it holds counted.

The surprising rule: the text is the one with all tracked changes accepted, and says so.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.exchange import markup
from policybook.exchange.archive import Archive
from policybook.exchange.losses import Losses
from policybook.problems import count
from policybook.together import refusals

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BODY = "word/document.xml"
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_SKIPPED = {"del": "tracked deletion", "moveFrom": "moved passage", "Fallback": "",
            "drawing": "drawing or picture", "pict": "drawing or picture", "object": "embedded object",
            "instrText": "", "footnoteReference": "mark of a footnote",
            "endnoteReference": "mark of an endnote", "softHyphen": "soft hyphen"}  # fmt: skip
_PARTS = {"word/footnotes.xml": "footnotes", "word/endnotes.xml": "endnotes",
          "word/comments.xml": "comments"}  # fmt: skip


def words(path: Path) -> tuple[str, list[str]]:
    """Return the words of a DOCX, a blank line between paragraphs, and what was left out.

    Raises `SuiteError` where it is broken, or unpacks to more than is read.
    """
    archive = Archive(path, Losses())
    data = archive.read(_BODY)
    if data is None:
        hint = "Open it in a word processor and save it as DOCX again."
        raise refusals.refused(path, "docx", f"holds no {_BODY}", hint)
    if len(data) > refusals.LARGEST:
        raise refusals.too_large(path)
    met: Counter[str] = Counter()
    text = "".join(_parts(markup.parse(data, name=path.name), met))
    told = [f"left out: {count(number, what)}" for what, number in sorted(met.items()) if what]
    names = set(archive.names())
    told += [f"left out: {what}, if any" for name, what in _PARTS.items() if name in names]
    if any(name.startswith(("word/header", "word/footer")) for name in names):
        told.append("left out: headers and footers of its pages")
    return text, told


def _parts(root: Element, met: Counter[str]) -> list[str]:
    """Return the pieces of a text in order; `met` counts what is skipped."""
    parts: list[str] = []
    todo: list[Element | str] = [root]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            parts.append(one)
            continue
        name = one.tag.rpartition("}")[2]
        if name in _SKIPPED:
            met[_SKIPPED[name]] += 1
        elif name == "t":
            parts.append(one.text or "")
        elif name in _MARKS and not len(one):
            parts.append(_MARKS[name])
        else:
            if name == "ins":
                met["mark of a tracked insertion, whose words stay"] += 1
            todo += ["\n\n"] if name == "p" else []
            # `tabs` in a paragraph's properties hold `tab` elements that are no text.
            todo += [child for child in reversed(one) if not child.tag.endswith("Pr")]
    return parts
