"""Make spans into quotations that a suite finds again: the words, and those before where needed.

The surprising rule: a quotation that no words before it can tell apart is made longer instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from policybook import anchors
from policybook.material import ready_for

_FIRST = 24
"""Letters before a quotation that are tried first; then twice as many, and so on."""

_WIDER = 12
"""Characters by which a quotation that cuts a letter in two is widened at most."""

Span = tuple[int, int]


class Quotation(NamedTuple):
    """Words that stand once in a text after those of `prefix`; `wider` tells they were extended."""

    quote: str
    prefix: str
    wider: bool


def quotations(text: str, spans: Iterable[Span]) -> dict[Span, Quotation | None]:
    """Return the quotation of each span of a text, None where it holds no words."""
    wanted = dict.fromkeys(spans)
    ready = anchors.prepare(text)
    ready = ready_for(ready, {(folded(text, span), "") for span in wanted})
    return {span: _quotation(ready, text, span) for span in wanted}


def folded(text: str, span: Span) -> str:
    """Return the words of a span, each run of white space one space."""
    return " ".join(text[span[0] : span[1]].split())


def _quotation(ready: anchors.Text, text: str, span: Span) -> Quotation | None:
    """Return the quotation of one span."""
    tight = _tight(text, span)
    if tight[0] >= tight[1]:
        return None
    start, end = whole = _whole(ready, text, tight)
    if anchors.locate(folded(text, whole), ready) == [whole]:
        return Quotation(folded(text, whole), "", whole != tight)
    size = _FIRST
    while start and size < 2 * start + _FIRST:
        prefix = folded(text, (max(0, start - size), start))
        if anchors.locate(folded(text, whole), ready, prefix=prefix) == [whole]:
            return Quotation(folded(text, whole), prefix, whole != tight)
        size *= 2
    return _longer(ready, text, (start, end))


def _tight(text: str, span: Span) -> Span:
    """Return a span without the white space at its ends."""
    start, end = span
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _whole(ready: anchors.Text, text: str, span: Span) -> Span:
    """Return a span that cuts no accented letter in two; itself where nothing helps."""
    if anchors.locate(folded(text, span), ready):
        return span
    start, end = span
    for wider in range(1, _WIDER):
        for first, last in (
            (start, end + wider),
            (start - wider, end),
            (start - wider, end + wider),
        ):
            tight = _tight(text, (max(0, first), min(len(text), last)))
            if anchors.locate(folded(text, tight), ready):
                return tight
    return span


def _longer(ready: anchors.Text, text: str, span: Span) -> Quotation | None:
    """Return a quotation that goes on to the right until it stands once, None if it never does."""
    start, end = span
    size = _FIRST
    while end < len(text):
        end = min(len(text), span[1] + size)
        while end < len(text) and not text[end].isspace():
            end += 1
        tight = _tight(text, (start, end))
        if anchors.locate(folded(text, tight), ready) == [tight]:
            return Quotation(folded(text, tight), "", wider=True)
        size *= 2
    return None
