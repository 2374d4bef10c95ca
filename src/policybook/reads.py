"""What a notebook has read of its suite: every question it asked, so that it can be asked again.

A page is still true when every question has the same answer. The surprising rule: questions are
noted, not answers; whoever compares asks them anew, of a suite in which nothing was changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policybook.codebook import Codebook, Value

Key = tuple[str, ...]
"""One question: who was asked, what, and with which arguments."""

Note = Callable[..., None]

_HELD: dict[Any, Any] = {}


def held_once(keys: Iterable[Iterable[str]]) -> tuple[Key, ...]:
    """Return keys as they are, each held in memory once however many cases have asked it.

    >>> held_once([["a", "b"]]) is held_once([("a", "b")])
    True
    """
    found = tuple(_HELD.setdefault(key, key) for key in map(tuple, keys))
    same: tuple[Key, ...] = _HELD.setdefault(found, found)
    return same


@dataclass(slots=True)
class Reads:
    """The questions asked so far, each once, in their order."""

    keys: dict[Key, None] = field(default_factory=dict)

    def note(self, *key: str) -> None:
        """Note one question."""
        self.keys[key] = None


if TYPE_CHECKING:
    noted = cached_property
else:

    class noted(cached_property):  # noqa: N801  (used like `cached_property`)
        """A cached property that notes, with its owner's `note_read`, that it was read."""

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:  # noqa: ANN401
            """Note the property's name and return its value."""
            if instance is not None:
                instance.note_read(self.attrname)
            return super().__get__(instance, owner)


class NotedBook:
    """A codebook that notes which entries are read; it has every attribute of the codebook."""

    def __init__(self, book: Codebook, note: Note) -> None:
        """Keep the codebook and where to note."""
        self._book, self._note = book, note

    def label(self, vocabulary: str, value: str) -> str:
        """Return the words a reader sees for a value."""
        self._note("label", vocabulary, value)
        return self._book.label(vocabulary, value)

    def values(self, vocabulary: str) -> dict[str, Value]:
        """Return the values of a vocabulary."""
        self._note("values", vocabulary)
        return self._book.values(vocabulary)

    def members(self, actor: str) -> frozenset[str]:
        """Return the actors that a group holds."""
        self._note("members", actor)
        return self._book.members(actor)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever a codebook has)
        """Return any other attribute; a method of many answers counts as the whole codebook."""
        value = getattr(self._book, name)
        self._note(*(("text",) if callable(value) else (name,)))
        return value


def answer(book: Codebook, key: Key) -> object:
    """Return what a codebook answers to a question noted by `NotedBook`."""
    name, *arguments = key
    found = getattr(book, name)
    return found(*arguments) if arguments else found


def digest(value: object) -> str:
    """Return the SHA-256 of an answer: texts, numbers, lists, mappings and records of them.

    >>> digest(["a", "b"]) == digest(["ab"])
    False
    """
    found = hashlib.sha256()
    _feed(found, value)
    return found.hexdigest()


def _feed(found: hashlib._Hash, value: object) -> None:
    """Add a value to a hash, its kind and its length before it, so that no two read alike."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=repr)
    if isinstance(value, (list, tuple)):
        found.update(f"[{len(value)}:".encode())
        for part in value:
            _feed(found, part)
        return
    data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    found.update(f"{type(value).__name__}{len(data)}:".encode() + data)


def joined(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of parts that all have one length."""
    return hashlib.sha256(b"".join(parts)).hexdigest()
