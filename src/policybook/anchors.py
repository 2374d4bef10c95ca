"""Find a quotation in an article: quote and text in, span out.

The surprising rule: nothing but one declared normalisation stands between the two.
Unicode NFC, curly and straight quotation marks, the dashes, and white space
(any run of it, no-break space and line ends included, is one space).
Case, spelling, punctuation and ellipses count.
Spans are code points of the untouched text, so `text[start:end]` is the passage as printed.
Nothing here guesses; the module `closest` proposes, for an error message.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

_MARKS = (
    dict.fromkeys("‘’‚‛′´`", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_LONG_SPACE = re.compile(r"\s\s+")
_CLUSTER = re.compile(r"\s\s+|[^\s\u0300-\U0010ffff]?[^\s\0-\u02ff]+")
"""White space, or a character with those after it that could merge; no mark is below U+0300."""

_MOST_MARKS = 1_000
"""Marks on one letter beyond which text is not normalised: sorting them is quadratic."""

_SHORT = 8
"""Letters up to which a cluster is worth remembering."""

_ENDLESS = re.compile(f"[^\\s\\0-\u02ff]{{{_MOST_MARKS},}}")
MANY = 300
"""Needles from which one pass that looks for all of them is faster than a search for each."""

_GRAMS = (32, 8)
"""Lengths of the ends by which many needles are looked for together; the longest that fits."""

_COMMON = 1_000
"""Places from which an end is so common that it leads nowhere: the other end may be rare."""


class Span(NamedTuple):
    """A passage as code points of the untouched text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text with its normalised form and the way back from it."""

    original: str
    normal: str
    _steps: array[int] = field(repr=False)
    _shifts: array[int] = field(repr=False)
    _inside: bytes | bytearray = field(repr=False, default=b"")
    _grams: dict[str, list[int]] = field(repr=False, default_factory=dict)

    def whole(self, start: int, end: int) -> bool:
        """Tell whether `normal[start:end]` cuts no accented letter or syllable in two."""
        return not self._inside or not (self._inside[start] or self._inside[end])

    def places(self, needle: str) -> Iterator[int]:
        """Yield, in order, every place where normalised words stand in `normal`."""
        size = _gram_size(needle) if self._grams else 0
        for gram, before in ((needle[:size], 0), (needle[-size:], len(needle) - size)):
            if size and gram in self._grams:
                starts = (place - before for place in self._grams[gram] if place >= before)
                yield from (start for start in starts if self.normal.startswith(needle, start))
                return
        place = self.normal.find(needle)
        while place >= 0:
            yield place
            place = self.normal.find(needle, place + 1)

    def span(self, start: int, end: int) -> Span:
        """Return the span of the untouched text behind `normal[start:end]`."""
        return Span(self._back(start), self._back(end - 1, last=True))

    def _back(self, position: int, *, last: bool = False) -> int:
        """Return the place in the original; with `last`, the end of the unit that stands there."""
        here = bisect_right(self._steps, position + last) - 1
        return position + last + self._shifts[here]


def normalise(text: str) -> str:
    r"""Return the text after the declared normalisation, without white space at its ends.

    >>> normalise("“Egypt’s  role”")
    '"Egypt\'s role"'
    """
    return " ".join(_plain(_composed(text)).split()) if text else ""


def _folded(text: str) -> str:
    """Return the text with every run of white space, those at its ends included, as one space."""
    words = text.split()
    first = " " if text[:1].isspace() else ""
    last = " " if words and text[-1:].isspace() else ""
    return f"{first}{' '.join(words)}{last}"


def _plain(text: str) -> str:
    """Return the text with plain marks; mark by mark is ten times as fast as `str.translate`."""
    if text.isascii():
        return text.replace("`", "'")
    for mark, plain in _MARKS.items():
        if mark in text:
            text = text.replace(mark, plain)
    return text


def _composed(text: str) -> str:
    """Return the text in NFC; as it stands where a letter carries more marks than any letter does."""
    if text.isascii():
        return text
    for run in _ENDLESS.finditer(text):
        kinds = groupby(run.group(), key=lambda char: unicodedata.combining(char) > 0)
        if any(marks and sum(1 for _ in chars) > _MOST_MARKS for marks, chars in kinds):
            return text
    return unicodedata.normalize("NFC", text)


def prepare(text: str) -> Text:
    """Return the text with its normalised form, ready for any number of searches."""
    if unicodedata.is_normalized("NFC", text):
        return _prepare_composed(text)
    return _prepare_decomposed(text)


def _prepare_composed(text: str) -> Text:
    """Prepare text that is in NFC: only runs of white space change its length."""
    steps, shifts, shift = array("q", [0]), array("q", [0]), 0
    for run in _LONG_SPACE.finditer(text):
        steps.append(run.start() - shift + 1)
        shift += run.end() - run.start() - 1
        shifts.append(shift)
    return Text(text, _folded(_plain(text)), steps, shifts)


def _prepare_decomposed(text: str) -> Text:
    """Prepare text that is not in NFC: each piece that composes is one step of the way back."""
    steps, shifts, parts, inside = array("q", [0]), array("q", [0]), [], bytearray()
    done = 0
    for cluster in _CLUSTER.finditer(text):
        parts.append(text[done : cluster.start()])
        inside += bytes(len(parts[-1]))
        done = cluster.start()
        split = _pieces if len(cluster.group()) > _SHORT else _short_pieces
        for length, composed in split(cluster.group()):
            parts.append(composed)
            # The first place of a piece is an edge, those after it are inside.
            inside += b"\0" + b"\1" * (len(composed) - 1)
            done += length
            if done - len(inside) != shifts[-1]:
                steps.append(len(inside))
                shifts.append(done - len(inside))
    parts.append(text[done:])
    inside += bytes(len(parts[-1]) + 1)
    return Text(text, _folded(_plain("".join(parts))), steps, shifts, inside)


def _pieces(text: str) -> list[tuple[int, str]]:
    """Cut text where normalisation of the left and the right part do not depend on each other.

    Returns the length of each piece and what it is once normalised.
    """
    if text.isspace():
        return [(len(text), " ")]
    bounds = [0]
    for i, char in enumerate(text[1:], start=1):
        if not _is_mark(char) and not _merges(text[bounds[-1] : i][:4], char):
            bounds.append(i)
    pieces = (text[a:b] for a, b in zip(bounds, [*bounds[1:], len(text)], strict=True))
    return [(len(piece), _composed(piece)) for piece in pieces]


_short_pieces = lru_cache(maxsize=10_000)(_pieces)
"""The same, remembered: a letter with its accent stands in a text thousands of times."""


@lru_cache(maxsize=10_000)
def _is_mark(char: str) -> bool:
    """Tell whether a character is a combining mark, or one that decomposes into such marks."""
    return unicodedata.combining(unicodedata.normalize("NFD", char)[0]) > 0


@lru_cache(maxsize=10_000)
def _merges(left: str, char: str) -> bool:
    """Tell whether a character that is no combining mark still merges with what stands before."""
    nfc = unicodedata.normalize
    return nfc("NFC", left + char) != nfc("NFC", left) + nfc("NFC", char)


def needles(quote: str, prefix: str = "") -> list[str]:
    """Return the normalised words to look for: the quote, or what stands before it and the quote."""
    return _needles(normalise(quote), normalise(prefix))


def _needles(wanted: str, before: str) -> list[str]:
    """Return the needles of what is normalised already."""
    if not wanted or not before:
        return [wanted] if wanted else []
    return [before + wanted, f"{before} {wanted}"]


def locate(quote: str, text: Text, *, prefix: str = "", most: int = 2) -> list[Span]:
    """Return where the quote stands, up to `most` places; with `prefix`, only right after it.

    An empty list means that it stands nowhere, two spans that the quote alone is ambiguous.

    >>> text = prepare("Egypt’s  role. Egypt’s role.")
    >>> locate("Egypt's role", text, prefix="role.")
    [Span(start=15, end=27)]
    """
    wanted = normalise(quote)
    length, found = len(wanted), list[Span]()
    for needle in _needles(wanted, normalise(prefix)):
        here = 0
        for place in text.places(needle):
            end = place + len(needle)
            if text.whole(end - length, end):
                found.append(text.span(end - length, end))
                here += 1
            if here == most:
                break
    return sorted(found)[:most]


def indexed(text: Text, wanted: Iterable[str]) -> Text:
    """Return the text made ready for a great many needles: all their ends are looked up at once.

    What is found does not change, only the time: a search for each would read the text each time.
    """
    by_size: dict[int, list[str]] = {}
    for needle in wanted:
        by_size.setdefault(_gram_size(needle), []).append(needle)
    grams: dict[str, list[int]] = {}
    for size, some in by_size.items():
        if size and len(some) >= MANY:
            ends = {end for needle in some for end in (needle[:size], needle[-size:])}
            grams |= _gram_places(text.normal, size, ends)
    return replace(text, _grams=grams)


def _gram_size(needle: str) -> int:
    """Return how many letters of a needle are one of its ends; none where it is short."""
    return next((size for size in _GRAMS if len(needle) >= size), 0)


def _gram_places(text: str, size: int, grams: set[str]) -> dict[str, list[int]]:
    """Return the places of the ends of needles in a text, without those that are common."""
    found: dict[str, list[int]] = {gram: [] for gram in grams}
    for place in range(len(text) - size + 1):
        gram = text[place : place + size]
        if gram in grams:
            found[gram].append(place)
            if len(found[gram]) > _COMMON:
                grams.discard(gram)
    return {gram: places for gram, places in found.items() if gram in grams}


def paragraph(text: str, position: int) -> int:
    """Return the number of the paragraph at a position: lines that hold words, counted from 1."""
    before = text[:position].splitlines()
    inside = (
        bool(before) and not text[:position].endswith(("\n", "\r")) and bool(before[-1].strip())
    )
    return sum(bool(line.strip()) for line in before) + (not inside)


def line(text: str, position: int) -> int:
    """Return the physical line at a position, counted from 1."""
    return text.count("\n", 0, position) + 1
