"""Read offsets that another tool counted: in characters, in UTF-16 units, a line end as one or two.

The surprising rule: where a text has such characters and the readings differ, the one under which
passages best begin and end with sentences and words is taken, and the report says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CODE_POINTS, UTF_16 = "code points", "UTF-16 units"

Span = tuple[int, int]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_STOPS = '.!?…:;\n"”»'
_NEAR = 8
"""Marks that end a sentence, and how far back they are looked for."""

_JUDGED = 2_000
"""Passages that decide between readings; more would decide the same."""


@dataclass(frozen=True, slots=True)
class Read:
    """Spans as code points of the text, None where one lies outside it, and how they were read."""

    spans: list[Span | None]
    how: str
    certain: bool


def read(text: str, spans: Sequence[Span], *, default: str, length: int | None = None) -> Read:
    """Return spans as code points of the text; `default` is how the format counts by its rules.

    A text that is empty, with its `length`, is one whose places are code points for certain.
    """
    ways = _ways(text, default)
    size = len(text) if length is None else length
    read_as = {how: [_within(size, span, turn) for span in spans] for how, turn in ways.items()}
    differing = {how: found for how, found in read_as.items() if found != read_as[default]}
    if not differing:
        return Read(read_as[default], default, certain=True)
    first = {how: -number for number, how in enumerate(ways)}
    best = max(read_as, key=lambda how: (_fit(text, read_as[how]), first[how]))
    return Read(read_as[best], best, certain=False)


def _ways(text: str, default: str) -> dict[str, Callable[[int], int]]:
    """Return the ways in which offsets of a text can be counted, the default first."""
    wide = [match.start() + number + 1 for number, match in enumerate(_ASTRAL.finditer(text))]
    pairs = [match.start() - number for number, match in enumerate(re.finditer("\r\n", text))]
    ways: dict[str, Callable[[int], int]] = {
        CODE_POINTS: lambda offset: offset,
        UTF_16: lambda offset: offset - bisect_right(wide, offset - 1),
        "line ends counted as one": lambda offset: offset + bisect_right(pairs, offset - 1),
    }
    return {default: ways.pop(default), **ways}


def _within(size: int, span: Span, turn: Callable[[int], int]) -> Span | None:
    """Return a span as code points, None where it is empty or not within the text."""
    start, end = span
    if start < 0 or end <= start:
        return None
    start, end = turn(start), turn(end)
    return (start, end) if start < end <= size else None


def _fit(text: str, spans: Sequence[Span | None]) -> int:
    """Return how well passages fit a text: those that are words, and more so sentences, fit best."""
    return sum(
        _begins(text, span[0]) + _ends(text, span[1])
        for span in spans[:_JUDGED]
        if span is not None
    )


def _begins(text: str, place: int) -> int:
    """Return 0 inside a word or before a space, 1 where a word begins, 2 where a sentence does."""
    if text[place].isspace() or (place and text[place - 1].isalnum() and text[place].isalnum()):
        return 0
    before = text[max(0, place - _NEAR) : place].rstrip()
    return 2 if not before or before[-1] in _STOPS else 1


def _ends(text: str, place: int) -> int:
    """Return 0 inside a word or after a space, 1 where a word ends, 2 where a sentence does."""
    last, after = text[place - 1], text[place : place + 1]
    if last.isspace() or (last.isalnum() and after.isalnum()):
        return 0
    return 2 if not after or last in _STOPS else 1
