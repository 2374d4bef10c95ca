"""What a suite says: the findings a reader would quote first, and those on each of its themes.

The surprising rule: a sentence has no name of its own. It is known by its theme, its kind, what it
is about, and its number among those that share them; so are two tellings of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from policybook import findings
from policybook.findings.finding import Finding
from policybook.suite import Suite

Key = tuple[str, str, str, int]
"""A finding's theme (none for a first finding), code and subject, and its number among such."""

Said = tuple[str, Finding]
"""A finding and its theme."""


def said(suite: Suite, articles: Sequence[str] = ()) -> list[Said]:
    """Return the first findings of a suite, of some articles or all, then those on each theme."""
    chosen = list(articles)
    first = [("", one) for one in findings.headlines(suite.select(articles=chosen))]
    for theme in suite.book.values("instrument"):
        on_it = findings.one_theme(suite.select(theme=theme, articles=chosen))
        first += [(theme, one) for one in on_it]
    return first


def keyed(some: Iterable[Said]) -> Iterator[tuple[Key, Finding]]:
    """Yield findings by their keys."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    for theme, one in some:
        kind = (theme, one.code, one.subject)
        yield (*kind, numbers[kind]), one
        numbers[kind] += 1
