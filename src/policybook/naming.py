"""How sentences name articles: by author and year, as scholars do.

The surprising rule: a name belongs to one article of the suite. Where two would share one,
month, then day, then title, then id tell them apart, and only there. A year that the widest
interval allows is certain and stands without a mark; months and days that are inferred have one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from policybook import dates

NEEDED = ("id", "title", "speaker_label", "inferred", "earliest", "latest", "years")
"""What a name is made of: facts on an article; two are days, `years` the years it can be of, in words."""


def labels(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return how sentences name articles, each by a name of its own; of records of what is `NEEDED`."""
    names = [f"{fact['speaker_label']} ({fact['years']})" for fact in records]
    names = _told_apart(names, lambda n: _label(records[n], dates.month))
    names = _told_apart(names, lambda n: _label(records[n], dates.interval))
    names = _told_apart(names, lambda n: f"{names[n][:-1]}, “{records[n]['title']}”)")
    return _told_apart(names, lambda n: f"{names[n][:-1]}, {records[n]['id']})")


def _told_apart(names: list[str], finer: Callable[[int], str]) -> list[str]:
    """Return names, those that several share made finer by their place."""
    shared = Counter(names)
    return [finer(n) if shared[name] > 1 else name for n, name in enumerate(names)]


def _label(fact: Mapping[str, Any], words: Callable[[dt.date, dt.date], str]) -> str:
    """Return a finer name of an article: its author's voice and its date in some words."""
    circa = "c.\N{NO-BREAK SPACE}" if fact["inferred"] else ""
    when = words(fact["earliest"].date(), fact["latest"].date())
    return f"{fact['speaker_label']} ({circa}{when})"
