"""Turn the words of another tool into ids, each id once, the same every time.

The surprising rule: words that are an id already stay as they are, also in capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 60
"""Letters of an id made from words."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_TAKEN = {"other", "con", "prn", "aux", "nul"}
"""Ids that mean something: `other` asks every row for a note, Windows knows the rest as devices."""


def is_id(text: str) -> bool:
    """Tell whether a text can stand as an id in a suite."""
    return bool(_ID.fullmatch(text)) and len(text) <= LONGEST and not text.endswith(".")


def slug(words: str) -> str:
    """Return words as an id, empty where no Latin letter or digit is left.

    >>> slug("Ministère de l'Énergie"), slug("NATO"), slug("ليبيا")
    ('ministere-de-l-energie', 'NATO', '')
    """
    if is_id(words):
        return words
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


class Names:
    """The ids of one vocabulary: `of` gives the same id for the same words."""

    def __init__(self, stem: str, known: Mapping[str, str] | None = None) -> None:
        """Start with known ids and their words; `stem` names what has no Latin letter."""
        self._stem = stem
        self._ids: dict[str, str] = {name: name for name in known or {}}
        for name, words in (known or {}).items():
            self._ids.setdefault(words, name)
        self._used = set(known or {})

    def of(self, words: str, *, wanted: str = "") -> str:
        """Return the id of words; `wanted` is the id that a file of our own says they have."""
        if words in self._ids:
            return self._ids[words]
        if is_id(wanted):
            self._used.add(wanted)
            self._ids.setdefault(wanted, wanted)
            self._ids[words] = wanted
            return wanted
        made = slug(words) or self._stem
        self._ids[words] = self._free(f"{made}-{self._stem}" if made in _TAKEN else made)
        return self._ids[words]

    def new(self, words: str) -> str:
        """Return an id for words that nothing else has, also where they came before."""
        return self._free(slug(words) or self._stem)

    def _free(self, made: str) -> str:
        """Return an id that nothing else has, a number after it where it must be."""
        name, number = made, 1
        while name in self._used:
            number += 1
            name = f"{made}-{number}"
        self._used.add(name)
        return name
