"""Ask many texts the same questions, and remember the answers by the SHA-256 of each text.

An answer is some whole numbers. Answers that took about a second to find are written to a folder,
one file a question, so that the next run of a large suite reads them; a small suite leaves nothing.
The surprising rule: nothing depends on them. What is missing, damaged or cannot be written
is searched again, and the answers are the same.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import tempfile
import unicodedata
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from itertools import accumulate
from pathlib import Path

FEW = 30
"""Articles that are searched sooner than what is remembered of all is read."""

LEAST = 5_000_000
"""Characters searched anew from which on answers are written: about a second."""

MOST = 400_000_000
"""Bytes of all answers that are kept; the ones not read for the longest time go first."""

_SUFFIX = ".answers"
_HASH = 32
_NUMBER = 8
"""Bytes of a SHA-256, and of a number."""

Find = Callable[[str, list[str]], Iterable[Iterable[int]]]
"""What reads a text once and answers some questions about it, in their order."""

_UNKNOWN = b"unknown"
"""Stands for an answer until it is known; answers are numbers of eight bytes."""

_Known = dict[bytes, bytes]
"""The answers to one question: by the text's SHA-256 the numbers as bytes."""


class Searches:
    """The texts of articles, to be asked the same questions one after the other."""

    def __init__(
        self, text: Callable[[str], str], *, sha256: Mapping[str, str] | None = None
    ) -> None:
        """Take what returns an article's text, and what is known of the texts' SHA-256.

        Without the latter nothing is remembered.
        """
        self._text = text
        self._folder = cache_folder() if sha256 else None
        self._keys = {article: _digest(known) for article, known in (sha256 or {}).items()}
        self._note: Callable[[str], None] | None = None

    def noting(self, note: Callable[[str], None]) -> Searches:
        """Return the same, that tells of every article it is asked about."""
        other = copy(self)
        other._note = note  # noqa: SLF001  (a copy of this)
        return other

    def ask(self, asked: Mapping[str, Collection[str]], find: Find) -> dict[str, dict[str, bytes]]:
        """Return for each question the answers about the articles asked of, in their order.

        `asked` gives for each question the articles. A question names all that its answer
        depends on but the text: see `question`. An answer is what `find` gave, as an
        `array("q")` has it in bytes. Each text is read at most once.
        """
        if self._note:
            for article in dict.fromkeys(a for articles in asked.values() for a in articles):
                self._note(article)
        many = any(len(articles) > FEW for articles in asked.values())
        known = {question: self._read(question) if many else {} for question in asked}
        keys, todo = self._keys, dict[str, list[str]]()
        found = {
            question: {one: known[question].get(keys.get(one, b""), _UNKNOWN) for one in articles}
            for question, articles in asked.items()
        }
        for question, answers in found.items():
            for article in [one for one, answer in answers.items() if answer is _UNKNOWN]:
                todo.setdefault(article, []).append(question)
        if self._search(todo, known, find) >= LEAST and many:
            for question in dict.fromkeys(one for some in todo.values() for one in some):
                self._write(question, known[question])
        for article, questions in todo.items():
            for question in questions:
                found[question][article] = known[question][keys[article]]
        return found

    def _search(
        self, todo: Mapping[str, list[str]], known: Mapping[str, _Known], find: Find
    ) -> int:
        """Read the articles, add what is found to what is known, and return how much was read."""
        searched = 0
        for article, questions in todo.items():
            text = self._text(article)
            searched += len(text)
            # An answer is kept under what the text is, not under what it was coded as.
            key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
            self._keys[article] = key
            for question, numbers in zip(questions, find(text, questions), strict=True):
                known[question][key] = array("q", numbers).tobytes()
        return searched

    def _read(self, question: str) -> _Known:
        """Return what is remembered of a question; nothing where that is not whole."""
        if not self._folder:
            return {}
        path = self._folder / _name(question)
        try:
            data = path.read_bytes()
        except OSError:
            return {}
        seal, body = data[:_HASH], data[_HASH:]
        if seal != _seal(question, body):
            return {}
        with suppress(OSError):
            os.utime(path)
        return dict(_unpacked(body))

    def _write(self, question: str, known: _Known) -> None:
        """Remember the answers to a question, whole or not at all."""
        body = _packed(known)
        if not self._folder or len(body) > MOST:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(self._folder / _name(question), _seal(question, body) + body)
            _forget(self._folder)


def question(*parts: str) -> str:
    """Return the name of a question: its parts, none of which runs into the next.

    >>> question("word", "arms")
    '4:word4:arms'
    """
    return "".join(f"{len(part)}:{part}" for part in parts)


def version(*files: str) -> str:
    """Return what names the code in some files and the rules of letters that it works by.

    Call it when the code is loaded: a file may be edited while it runs.
    """
    digest = hashlib.sha256(f"{sys.byteorder} {unicodedata.unidata_version}".encode())
    try:
        for file in files:
            digest.update(hashlib.sha256(Path(file).read_bytes()).digest())
    except OSError:
        return secrets.token_hex()  # code that cannot be told from other code trusts no answers
    return digest.hexdigest()


def cache_folder() -> Path | None:
    """Return where answers are remembered: POLICYBOOK_CACHE, or the user's own cache.

    None where it is "off", or where the user has no such folder.
    """
    asked = os.environ.get("POLICYBOOK_CACHE", "")
    if asked:
        return None if asked == "off" else Path(asked)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  (never raises)
    return Path(home, "policybook") if Path(home).is_absolute() else None


def _digest(sha256: str) -> bytes:
    """Return a SHA-256 as bytes, none where it is no such."""
    try:
        return bytes.fromhex(sha256)
    except ValueError:
        return b""


def _name(question: str) -> str:
    """Return the name of a question's file."""
    return hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest() + _SUFFIX


def _seal(question: str, body: bytes) -> bytes:
    """Return the hash by which a file proves that it is whole, and answers this question."""
    return hashlib.sha256(_name(question).encode() + body).digest()


def _put(path: Path, data: bytes) -> None:
    """Write a file beside itself and put it in place in one step."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=_SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _packed(known: _Known) -> bytes:
    """Return answers as bytes: their number, the keys, the lengths, and the answers themselves."""
    lengths = array("q", map(len, known.values()))
    parts = (array("q", [len(known)]).tobytes(), *known, lengths.tobytes(), *known.values())
    return b"".join(parts)


def _unpacked(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the answers of a whole file by their keys."""
    keys = _NUMBER + _HASH * int.from_bytes(body[:_NUMBER], sys.byteorder)
    first = keys + _NUMBER * ((keys - _NUMBER) // _HASH)
    ends = accumulate(array("q", body[keys:first]), initial=first)
    start = next(ends)
    for place, end in zip(range(_NUMBER, keys, _HASH), ends, strict=True):
        yield body[place : place + _HASH], body[start:end]
        start = end


def _forget(folder: Path) -> None:
    """Remove the files not read for the longest time, until the rest is small enough."""
    with os.scandir(folder) as entries:
        files = [(e.stat().st_mtime, e.stat().st_size, e.path) for e in entries
                 if e.name.endswith(_SUFFIX)]  # fmt: skip
    kept = 0
    for _, size, path in sorted(files, reverse=True):
        kept += size
        if kept > MOST:
            with suppress(OSError):
                Path(path).unlink()
