"""Take the words out of a PDF: line by line as its pages have them, nothing in it run.

The surprising rule: a hyphen at the end of a line between small letters is taken out, and every
word so joined is named: a coder sees whether it has one.
"""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

from policybook.problems import count, printable
from policybook.together import refusals

_LIGATURES: dict[str, int | str | None] = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
_LINE_END = re.compile(r"(\w*[^\W\d_A-Z])[-\u2010\xad]\n([a-z\u00df-\u00ff]\w*)")
MOST_PAGES = 2000
_SHOWN = 40


def words(path: Path, data: bytes) -> tuple[str, list[str]]:
    """Return the words of a PDF, a blank line between pages, and what was changed.

    Raises `SuiteError` where it is encrypted, broken, or holds pictures of pages only.
    """
    pages = _pages(path, data)
    if not any(page.strip() for page in pages):
        hint = "It is scanned: pictures of pages. Have its text recognised, and read it over."
        raise refusals.refused(path, "scanned", "holds no text", hint)
    told = ["headers, footers and page numbers stay where the pages have them"]
    if empty := sum(not page.strip() for page in pages):
        told.append(f"{count(empty, 'page')} without text left out")
    text = "\n\n".join(page.strip() for page in pages)
    number = sum(text.count(mark) for mark in _LIGATURES)
    if number:
        text = text.translate(str.maketrans(_LIGATURES))
        told.append(f"{count(number, 'ligature')} written as letters")
    text, joined = _joined(text)
    if joined:
        more = f" and {len(joined) - _SHOWN:,} more" if len(joined) > _SHOWN else ""
        shown = ", ".join(map(printable, joined[:_SHOWN]))
        told.append(f"joined across {count(len(joined), 'line end')}: {shown}{more}")
    return text, told


def _joined(text: str) -> tuple[str, list[str]]:
    """Return a text without hyphens at line ends, and the words that were joined."""
    joined = [before + after for before, after in _LINE_END.findall(text)]
    return _LINE_END.sub(r"\1\2", text), joined


def _pages(path: Path, data: bytes) -> list[str]:
    """Return the text of each page."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415  (an extra)
    except ImportError:
        hint = 'Call `python -m pip install "policybook[add]"`, or save the article as text.'
        raise refusals.refused(path, "pdf", "needs pypdf, which is not here", hint) from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every flaw it mends
    hint = "Open it in a viewer and print it to PDF again, or save its text."
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted
        pages = [] if locked else list(reader.pages)[: MOST_PAGES + 1]
        found = [page.extract_text() for page in pages[:MOST_PAGES]]
    except Exception as error:  # noqa: BLE001  (a broken PDF raises whatever its parts raise)
        message = f"cannot be read as PDF: {printable(str(error))}"
        raise refusals.refused(path, "pdf", message, hint) from None
    if locked:
        raise refusals.refused(path, "locked", "is encrypted", "Save it without a password first.")
    if len(pages) > MOST_PAGES:
        raise refusals.refused(path, "large", f"has more than {MOST_PAGES:,} pages", hint)
    return found
