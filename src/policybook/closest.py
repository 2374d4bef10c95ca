"""Propose the passage most like a quotation that was not found, for an error message only.

The surprising rule: the search is bounded, and `cost` tells beforehand what it may take,
so that a table full of wrong quotations is answered in seconds.
"""

from __future__ import annotations

import difflib
import heapq
import re
from collections import Counter, deque
from collections.abc import Iterator

from policybook.anchors import Span, Text, normalise

_WORD = re.compile(r"\w+")

_CANDIDATES = 12
"""Windows compared letter by letter; the best by shared words."""

_COMPARED = 500
"""Characters of a quotation that are sought; a message shows no more."""

_LETTERS = 20
"""Pairs of letters that `difflib` compares in the time in which a character is searched for words."""


def closest(quote: str, text: Text) -> Span | None:
    """Return the passage most like the quote, to propose in a message; None where nothing is near.

    Windows as long as the quote are ranked by shared words in one pass over the text,
    and the best few compared letter by letter (`difflib`, ratio of at least one half).
    Of a long quote only the beginning is sought.
    """
    wanted = normalise(quote[: 4 * _COMPARED])[:_COMPARED]
    words = [word.lower() for word in _WORD.findall(wanted)]
    if not words:
        return None
    windows = heapq.nlargest(_CANDIDATES, _windows(words, text.normal))
    best, found = 0.5, None
    for _, start, end in windows:
        stop = _word_end(text.normal, end, 3 * len(wanted))
        score = _likeness(wanted, text.normal, -start, stop, at_least=best)
        if score > best or (score == best and (found is None or -start < found[0])):
            best, found = score, (-start, stop)
    return text.span(*found) if found else None


def cost(quote: str, text: Text) -> int:
    """Return what a call of `closest` costs at most, in characters of text searched for words."""
    letters = min(len(quote), _COMPARED)
    return len(text.normal) + letters * letters * _CANDIDATES // _LETTERS


def _word_end(text: str, end: int, most: int) -> int:
    """Return the next white space after a window, the end of the text, or `most` letters on."""
    stop = min(len(text), end + most)
    while end < stop and not text[end].isspace():
        end += 1
    return end


def _likeness(wanted: str, text: str, start: int, end: int, *, at_least: float) -> float:
    """Return how alike the quote and a window are; 0 where that is less than `at_least`."""
    if end - start > 3 * len(wanted):  # then no more than half of the letters can be shared
        return 0.0
    pair = difflib.SequenceMatcher(None, wanted, text[start:end], autojunk=False)
    if pair.real_quick_ratio() < at_least or pair.quick_ratio() < at_least:
        return 0.0
    return pair.ratio()


def _windows(words: list[str], text: str) -> Iterator[tuple[int, int, int]]:
    """Yield each window as long as the quote: words shared, start (negative: first wins), end.

    A text shorter than the quote is one window.
    """
    missing, now = Counter(words), 0
    window: deque[tuple[str, int]] = deque()
    end = 0
    for match in _WORD.finditer(text):
        if len(window) == len(words):
            yield now, -window[0][1], end
            gone, _ = window.popleft()
            if gone in missing:
                missing[gone] += 1
                now -= missing[gone] > 0
        word, end = match.group().lower(), match.end()
        window.append((word, match.start()))
        if word in missing:
            now += missing[word] > 0
            missing[word] -= 1
    if window:
        yield now, -window[0][1], end
