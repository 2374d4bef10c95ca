"""Take the text out of a file: plain text as it is; HTML, DOCX and PDF with all that changed told.

The surprising rule: a plain text is never changed, not even its line ends, and a text that
cannot be taken out whole is refused rather than mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from policybook.problems import Problem, SuiteError, count, printable, quoted
from policybook.together.refusals import LARGEST, refused, too_large

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Extract:
    """A text, as bytes to be stored, and what was changed or left out on the way."""

    data: bytes
    told: list[str] = field(default_factory=list)


def extract(path: Path, *, encoding: str = "") -> Extract:
    """Return the text of a file; `encoding` is that of a text or page that is not UTF-8.

    Raises `SuiteError` where the file is of no known kind, broken, encrypted or without words.
    """
    makers: dict[str, Callable[[Path, bytes, str], Extract]] = {
        ".txt": _plain, ".text": _plain, ".md": _plain,
        ".html": _page, ".htm": _page, ".xhtml": _page, ".docx": _docx, ".pdf": _pdf,
    }  # fmt: skip
    make = makers.get(path.suffix.lower())
    if make is None:
        known = ", ".join(makers)
        hint = "Save it as one of these. A text by another name only needs the ending .txt."
        raise refused(path, "kind", f"{quoted(path.suffix)} is no kind of article", hint, known)
    found = make(path, _bytes(path), encoding)
    if not re.search(r"\w", found.data.decode("utf-8")):
        hint = "Look whether it holds the article. A page that a script writes is saved without it."
        raise refused(path, "empty", "holds no words", hint)
    return found


def _bytes(path: Path) -> bytes:
    """Return a file's bytes within the limit."""
    try:
        if not path.is_file():
            raise refused(path, "absent", "is no file", "Name a file that is there.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise refused(path, "unreadable", f"cannot be read: {error}", "Look at the file.") from None
    if len(data) > LARGEST:
        raise too_large(path)
    return data


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    """Return bytes as text in a named encoding, UTF-8 where none is named."""
    try:
        return data.decode(encoding or "utf-8")
    except LookupError:
        hint = "For instance utf-8, windows-1252, windows-1256, utf-16."
        raise refused(path, "encoding", f"{quoted(encoding)} is no encoding", hint) from None
    except (UnicodeError, ValueError) as error:
        byte = getattr(error, "start", 0)
        guess = "utf-16" if data.startswith(_UTF16) else "windows-1252"
        message = f"is not {printable(encoding) or 'UTF-8'}: see byte {byte:,}"
        hint = f"Name its encoding, for instance --encoding {guess}, and look at the result."
        raise refused(path, "encoding", message, hint) from None


def _plain(path: Path, data: bytes, encoding: str) -> Extract:
    """Return a plain text byte for byte, or in UTF-8 where another encoding is named."""
    text = _decoded(path, data, encoding)
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = f"holds the control character U+{ord(found[0]):04X}"
        hint = "Take it out in an editor; if many are there, the encoding is another."
        raise SuiteError([Problem(path.name, line, None, "add-control", message, (), hint)])
    stored = text.encode("utf-8")
    told = [] if stored == data else [f"read as {encoding}, stored as UTF-8"]
    return Extract(stored, told)


def _page(path: Path, data: bytes, encoding: str) -> Extract:
    """Return the words of a page."""
    from policybook.together import webpage  # noqa: PLC0415  (other kinds need no parser)

    declared = encoding or webpage.declared(data)
    text, told = webpage.words(path, _decoded(path, data, declared))
    if declared.lower() not in {"", "utf-8", "utf8"}:
        told.insert(0, f"read as {declared}, stored as UTF-8")
    return finished(text, told)


def _docx(path: Path, data: bytes, _encoding: str) -> Extract:
    """Return the words of a Word document."""
    from policybook.together import word  # noqa: PLC0415

    if len(data) < 4 or data[:2] != b"PK":  # noqa: PLR2004
        hint = "An older .doc, or one with a password, is saved as .docx without one first."
        raise refused(path, "docx", "is no DOCX", hint)
    return finished(*word.words(path))


def _pdf(path: Path, data: bytes, _encoding: str) -> Extract:
    """Return the words of a PDF."""
    from policybook.together import portable  # noqa: PLC0415

    return finished(*portable.words(path, data))


def finished(text: str, told: list[str]) -> Extract:
    """Return words taken out of a file, without the characters that no text has."""
    clean, dropped = _CONTROL.subn("", text)
    clean, halves = re.subn("[\ud800-\udfff]", "\ufffd", clean)
    lines = [line.rstrip() for line in clean.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
    said = [*told, "blank lines and spaces at the ends of lines set anew"]
    if dropped:
        said.append(f"{count(dropped, 'control character')} left out")
    if halves:
        said.append(f"{count(halves, 'broken character')} replaced by U+FFFD")
    return Extract(clean.encode("utf-8"), said)
