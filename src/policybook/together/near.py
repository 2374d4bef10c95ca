"""Compare a text with the stored ones: the same piece, or one that shares passages.

Compared are words without case, marks and line breaks. The surprising rule: a share is of one
text's passages, not of both: a paragraph taken over whole is all of the paragraph's text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PASSAGE = 8
"""Words of a passage; so many in a row are hardly the same by chance."""

NEAR = 0.1
"""Share of either text's passages from which on the other is named."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts share: passages of eight words, and their shares of the new and the old."""

    passages: int
    of_new: float
    of_old: float


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared.

    >>> words("It\u2019s  ﬁne.")
    ['it', 's', 'fine']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def passages(found: list[str]) -> set[tuple[str, ...]]:
    """Return all runs of eight words; of a shorter text, the text."""
    last = max(len(found) - PASSAGE, 0)
    return {tuple(found[start : start + PASSAGE]) for start in range(last + 1)} if found else set()


def shared(new: set[tuple[str, ...]], old: set[tuple[str, ...]]) -> Shared:
    """Return what two sets of passages share.

    The shares are the containment of one set in the other: Broder, "On the resemblance and
    containment of documents", 1997, with different passages counted once.
    """
    both = len(new & old)
    return Shared(both, both / len(new) if new else 0.0, both / len(old) if old else 0.0)
