"""Find a quotation in an article: quote and text in, span out.

The surprising rule: nothing but one declared normalisation stands between the two.
Unicode NFC, curly and straight quotation marks, the dashes, and white space
(any run of it, no-break space and line ends included, is one space).
Case, spelling, punctuation and ellipses count.
Spans are code points of the untouched text, so `text[start:end]` is the passage as printed.
Nothing here guesses; `closest` only proposes, for an error message.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛′´`", "'")  # noqa: RUF001  (these characters are the point)
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")  # noqa: RUF001
)
_SPACE = re.compile(r"\s+")
_LONG_SPACE = re.compile(r"\s\s+")
_WORD = re.compile(r"\w+")
_CANDIDATES = 12
"""Windows compared letter by letter when the closest passage is sought; the best by shared words."""

_LONGEST_QUOTE = 2000
"""Characters of a quotation that the search for the closest passage looks at."""

_LETTERS = 20
"""Pairs of letters that `difflib` compares in the time in which a character is searched for words."""


class Span(NamedTuple):
    """A passage as code points of the untouched text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text with its normalised form and the way back from it."""

    original: str
    normal: str
    _steps: list[int] = field(repr=False)
    _shifts: list[int] = field(repr=False)
    _edges: frozenset[int] | None = field(repr=False, default=None)

    def whole(self, start: int, end: int) -> bool:
        """Tell whether `normal[start:end]` cuts no accented letter or syllable in two."""
        return self._edges is None or (start in self._edges and end in self._edges)

    def span(self, start: int, end: int) -> Span:
        """Return the span of the untouched text behind `normal[start:end]`."""
        return Span(self._back(start), self._back(end - 1, last=True))

    def _back(self, position: int, *, last: bool = False) -> int:
        """Return the place in the original; with `last`, the end of the unit that stands there."""
        here = bisect_right(self._steps, position + last) - 1
        return position + last + self._shifts[here]


def normalise(text: str) -> str:
    """Return the text after the declared normalisation, without white space at its ends.

    >>> normalise("“Egypt’s  role”")
    '"Egypt\\'s role"'
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_MARKS)).strip()


def prepare(text: str) -> Text:
    """Return the text with its normalised form, ready for any number of searches."""
    if unicodedata.is_normalized("NFC", text):
        return _prepare_composed(text)
    return _prepare_decomposed(text)


def _prepare_composed(text: str) -> Text:
    """Prepare text that is in NFC: only runs of white space change its length."""
    steps, shifts, shift = [0], [0], 0
    for run in _LONG_SPACE.finditer(text):
        steps.append(run.start() - shift + 1)
        shift += run.end() - run.start() - 1
        shifts.append(shift)
    return Text(text, _SPACE.sub(" ", text.translate(_MARKS)), steps, shifts)


def _prepare_decomposed(text: str) -> Text:
    """Prepare text that is not in NFC: each piece that composes is one step of the way back."""
    steps, shifts, parts, edges, length, place = [0], [0], [], [0], 0, 0
    for piece in _pieces(text):
        composed = " " if piece.isspace() else unicodedata.normalize("NFC", piece)
        parts.append(composed)
        length, place = length + len(composed), place + len(piece)
        edges.append(length)
        if place - length != shifts[-1]:
            steps.append(length)
            shifts.append(place - length)
    return Text(text, "".join(parts).translate(_MARKS), steps, shifts, frozenset(edges))


def _pieces(text: str) -> list[str]:
    """Cut text where normalisation of the left and the right part do not depend on each other."""
    bounds = [0]
    for i, char in enumerate(text[1:], start=1):
        if char.isspace() or text[i - 1].isspace():
            joined = char.isspace() and text[i - 1].isspace()
        else:
            joined = bool(unicodedata.combining(char)) or _compose(text[bounds[-1] : i], char)
        if not joined:
            bounds.append(i)
    return [text[a:b] for a, b in zip(bounds, [*bounds[1:], len(text)], strict=True)]


def _compose(left: str, char: str) -> bool:
    """Tell whether a character that is no combining mark still merges with what stands before."""
    nfc = unicodedata.normalize
    return nfc("NFC", left + char) != nfc("NFC", left) + nfc("NFC", char)


def locate(quote: str, text: Text, *, prefix: str = "", most: int = 2) -> list[Span]:
    """Return where the quote stands, up to `most` places; with `prefix`, only right after it.

    An empty list means that it stands nowhere, two spans that the quote alone is ambiguous.

    >>> text = prepare("Egypt’s  role. Egypt’s role.")
    >>> locate("Egypt's role", text, prefix="role.")
    [Span(start=15, end=27)]
    """
    wanted, before = normalise(quote), normalise(prefix)
    found: list[Span] = []
    start = text.normal.find(wanted) if wanted else -1
    while start >= 0 and len(found) < most:
        # Only as much of the text as the prefix can need: a text of one letter stays linear.
        left = text.normal[max(0, start - len(before) - 1) : start].rstrip()
        end = start + len(wanted)
        if text.whole(start, end) and (not before or left.endswith(before)):
            found.append(text.span(start, end))
        start = text.normal.find(wanted, start + 1)
    return found


def closest(quote: str, text: Text) -> Span | None:
    """Return the passage most like the quote, to propose in a message; None where nothing is near.

    Windows as long as the quote are ranked by shared words in one pass over the text,
    and the best few compared letter by letter (`difflib`, ratio of at least one half).
    """
    wanted = normalise(quote)[:_LONGEST_QUOTE]
    words = [word.lower() for word in _WORD.findall(wanted)]
    places = list(_WORD.finditer(text.normal))
    if not words or not places:
        return None
    shared = _shared_words(words, [place.group().lower() for place in places])
    best = sorted(range(len(shared)), key=lambda i: (-shared[i], i))[:_CANDIDATES]
    score, start, end = max(_compared(wanted, text, places, i, len(words)) for i in best)
    return text.span(-start, end) if score >= 0.5 else None


def cost(quote: str, text: Text) -> int:
    """Return what a call of `closest` costs at most, in characters of text searched for words."""
    letters = min(len(quote), _LONGEST_QUOTE)
    return len(text.normal) + letters * letters * _CANDIDATES // _LETTERS


def _compared(
    wanted: str, text: Text, places: list[re.Match[str]], first: int, length: int
) -> tuple[float, int, int]:
    """Return the likeness of one window, its start (negative, so that the first wins), its end."""
    start = places[first].start()
    end = places[min(first + length, len(places)) - 1].end()
    while end < len(text.normal) and not text.normal[end].isspace():
        end += 1
    ratio = difflib.SequenceMatcher(None, wanted, text.normal[start:end], autojunk=False).ratio()
    return ratio, -start, end


def _shared_words(words: list[str], text: list[str]) -> list[int]:
    """Return, for each window of the text as long as the quote, how many words the two share."""
    missing = Counter(words)
    shared, now = [], 0
    for i, word in enumerate(text):
        if i >= len(words):
            missing[text[i - len(words)]] += 1
            now -= missing[text[i - len(words)]] > 0
        now += missing[word] > 0
        missing[word] -= 1
        if i >= len(words) - 1:
            shared.append(now)
    return shared or [now]


def paragraph(text: str, position: int) -> int:
    """Return the number of the paragraph at a position: lines that hold words, counted from 1."""
    before = text[:position].splitlines()
    inside = bool(before) and not text[:position].endswith(("\n", "\r")) and bool(before[-1].strip())
    return sum(bool(line.strip()) for line in before) + (not inside)


def line(text: str, position: int) -> int:
    """Return the physical line at a position, counted from 1."""
    return text.count("\n", 0, position) + 1
