"""Make spans into quotations that a suite finds again: the words, and those before where needed.

The surprising rule: a quotation that no words before it can tell apart is made longer instead, and
one whose words go on for thousands of letters as they do elsewhere is told apart by nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from policybook import anchors
from policybook.material import ready_for

_FIRST = 24
"""Letters around a quotation that are tried first; then twice as many, and so on."""

_FARTHEST = 4_000
"""Letters around a quotation that are tried at most: a text that repeats itself has no end of them."""

_WIDER = 12
"""Characters by which a quotation that cuts a letter in two is widened at most."""

_LONGEST_WORD = 60
"""Letters of a word that is not cut in two; some scripts put no spaces between words."""

Span = tuple[int, int]


class Quotation(NamedTuple):
    """Words that stand once in a text after those of `prefix`; `wider` tells they were extended."""

    quote: str
    prefix: str
    wider: bool


def quotations(text: str, spans: Iterable[Span]) -> dict[Span, Quotation | None]:
    """Return the quotation of each span of a text, None where no words stand for it alone."""
    found: dict[Span, Quotation | None] = dict.fromkeys(spans)
    ready = ready_for(anchors.prepare(text), {(folded(text, span), "") for span in found})
    several: dict[Span, Span] = {}
    for span in found:
        tight = _tight(text, span)
        if tight[0] < tight[1]:
            whole = _whole(ready, text, tight)
            if anchors.locate(folded(text, whole), ready) == [whole]:
                found[span] = Quotation(folded(text, whole), "", whole != tight)
            else:
                several[span] = whole
    return found | _told_apart(ready, several)


def folded(text: str, span: Span) -> str:
    """Return the words of a span, each run of white space one space."""
    return " ".join(text[span[0] : span[1]].split())


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


def _told_apart(ready: anchors.Text, several: Mapping[Span, Span]) -> dict[Span, Quotation | None]:
    """Return quotations of words that stand more than once: after a prefix, else made longer."""
    alike: dict[str, _Alike] = {}
    tries: dict[Span, list[tuple[Quotation, Span]]] = {}
    for span, whole in several.items():
        words = folded(ready.original, whole)
        if words not in alike:
            alike[words] = _Alike(ready, words)
        tries[span] = list(alike[words].tries(whole, wider=whole != _tight(ready.original, span)))
    ready = ready_for(ready, {(q.quote, q.prefix) for some in tries.values() for q, _ in some})
    return {
        span: next((q for q, place in some if _stands(ready, q, place)), None)
        for span, some in tries.items()
    }


def _stands(ready: anchors.Text, quotation: Quotation, place: Span) -> bool:
    """Tell whether a quotation stands at a place and nowhere else."""
    return anchors.locate(quotation.quote, ready, prefix=quotation.prefix) == [place]


class _Alike:
    """Words that stand at several places, and how many letters around tell each place apart."""

    def __init__(self, ready: anchors.Text, words: str) -> None:
        """Compare what stands around the words, all places at a time."""
        normal, needle = ready.normal, anchors.normalise(words)
        self.ready, self.words, self.length = ready, words, len(needle)
        found = [p for p in ready.places(needle) if ready.whole(p, p + self.length)]
        self.places = {ready.span(p, p + self.length): p for p in found}
        self.before = _shortest(found, lambda p, size: normal[max(0, p - size) : p])
        self.after = _shortest(found, lambda p, size: normal[p : p + self.length + size])

    def tries(self, whole: Span, *, wider: bool) -> Iterator[tuple[Quotation, Span]]:
        """Yield the quotations that may stand for a place alone, the first the better."""
        text, (start, end) = self.ready.original, whole
        place = self.places.get(anchors.Span(start, end), -1)
        for size in _from(self.before.get(place, 0) if start else 0):
            prefix = folded(text, (max(0, start - size), start))
            yield Quotation(self.words, prefix, wider), whole
        for size in _from(self.after.get(place, 0) if place >= 0 else _FIRST):
            longer = _tight(text, (start, _word_end(text, end + size)))
            yield Quotation(folded(text, longer), "", wider=True), longer


def _from(size: int) -> Sequence[int]:
    """Return numbers of letters to try where so many should do: white space counts less than that."""
    return (size, 2 * size, 4 * size) if size else ()


def _word_end(text: str, place: int) -> int:
    """Return where the word ends that stands at a place, the place itself in text without spaces."""
    near = text[place : place + _LONGEST_WORD]
    return min(len(text), place + (len(near.split(maxsplit=1)[0]) if near[:1].strip() else 0))


def _shortest(places: Sequence[int], around: Callable[[int, int], str]) -> dict[int, int]:
    """Return how many letters around each place no other has as well; nothing where all are alike."""
    found: dict[int, int] = {}
    size = _FIRST
    while places and size <= _FARTHEST:
        contexts = [hash(around(place, size)) for place in places]  # the words would fill memory
        seen = Counter(contexts)
        found |= {
            p: size for p, context in zip(places, contexts, strict=True) if seen[context] == 1
        }
        places = [place for place in places if place not in found]
        size *= 2
    return found
