"""Whether two coders saw the same passages: Krippendorff's alpha for unitizing, over characters.

Sections of one category that touch or overlap count as one; what lies between is a gap.
The surprising rule: a coder who never used a category has one gap as long as the text,
so that two coders who share nothing disagree, and a text nobody coded says nothing at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from policybook.measures.coefficients import Coefficient

Span = tuple[int, int]
"""Where a passage begins and ends, in code points."""

Coding = Mapping[str, Sequence[Span]]
"""The passages of one coder by category."""

NOTHING_CODED = "nobody coded a passage"
NOTHING_VARIES = "the passages leave nothing to chance"


def alpha_u(codings: Sequence[Coding], length: int) -> Coefficient:
    """Return alpha for unitizing of several coders' passages in one text of a length.

    alpha = 1 - sum Do / sum De over the categories. Source: Krippendorff, "Measuring the
    reliability of qualitative text analysis data", Quality & Quantity 38 (2004), section 4.
    """
    categories = sorted({name for coding in codings for name in coding if coding[name]})
    if not categories:
        return Coefficient(reason=NOTHING_CODED)
    sections = [[merged(coding.get(name, ())) for coding in codings] for name in categories]
    expected = sum(_expected(units, length) for units in sections)
    if not expected:
        return Coefficient(reason=NOTHING_VARIES)
    return Coefficient(1 - sum(_observed(units, length) for units in sections) / expected)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap as one, empty ones left out.

    >>> merged([(5, 9), (0, 3), (3, 4), (8, 12)])
    [(0, 4), (5, 12)]
    """
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def gaps(spans: Sequence[Span], length: int) -> list[Span]:
    """Return what lies between merged spans, before the first and after the last.

    >>> gaps([(2, 4)], 9)
    [(0, 2), (4, 9)]
    """
    edges = [0, *(edge for span in spans for edge in span), length]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if start < end]


def _observed(coders: Sequence[Sequence[Span]], length: int) -> float:
    """Return the observed disagreement of one category, Do of the source."""
    pairs = [(a, b) for a in range(len(coders)) for b in range(len(coders)) if a < b]
    apart = sum(
        _apart(coders[a], coders[b])
        + _alone(coders[a], gaps(coders[b], length))
        + _alone(coders[b], gaps(coders[a], length))
        for a, b in pairs
    )
    return 2 * apart / (len(coders) * (len(coders) - 1) * length**2)


def _apart(first: Sequence[Span], second: Sequence[Span]) -> int:
    """Return how far the ends of sections that intersect lie apart, squared."""
    total, place = 0, 0
    for start, end in first:
        while place < len(second) and second[place][1] <= start:
            place += 1
        other = place  # a section may reach into several of the other coder
        while other < len(second) and second[other][0] < end:
            total += (start - second[other][0]) ** 2 + (end - second[other][1]) ** 2
            other += 1
    return total


def _alone(units: Sequence[Span], between: Sequence[Span]) -> int:
    """Return the squared lengths of sections that lie wholly within a gap of the other coder."""
    total, place = 0, 0
    for start, end in units:
        while place < len(between) and between[place][1] < end:
            place += 1
        if place < len(between) and between[place][0] <= start:
            total += (end - start) ** 2
    return total


def _expected(coders: Sequence[Sequence[Span]], length: int) -> float:
    """Return the disagreement that chance would make of the same sections, De of the source."""
    lengths = [end - start for units in coders for start, end in units]
    empty = sorted(end - start for units in coders for start, end in gaps(units, length))
    longer = [0] * (len(empty) + 1)
    for place in reversed(range(len(empty))):
        longer[place] = longer[place + 1] + empty[place]
    total = 0.0
    for unit in lengths:
        place = bisect_left(empty, unit)
        room = longer[place] + (1 - unit) * (len(empty) - place)
        total += (len(lengths) - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit) + unit**2 * room
    chances = len(coders) * length
    pairs = chances * (chances - 1) - sum(unit * (unit - 1) for unit in lengths)
    return 2 / length * total / pairs if pairs else 0.0
