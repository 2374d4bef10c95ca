"""Who may be one voice: the caveat for a sentence that counts articles.

The surprising rule: the groups are those of the whole suite, since an article that is not selected
may connect two that are. They are computed once for the same articles.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from policybook.findings.finding import few, names_of, number
from policybook.measures import independence
from policybook.suite import Selection, Suite

_FACTS = ["id", "sha256", "authors", "coauthors", "possible_authors", "speaker"]
_KNOWN: dict[tuple[tuple[str, ...], ...], pd.DataFrame] = {}
"""The groups of the articles last asked for, by all that decides them."""


def groups(suite: Suite) -> pd.DataFrame:
    """Return the groups of articles that may be one voice, as `measures.independence.groups`."""
    key = tuple(suite.articles[_FACTS].itertuples(index=False, name=None))
    if key not in _KNOWN:
        texts = {name: suite.text(name) for name in suite.articles["id"]}
        _KNOWN.clear()
        _KNOWN[key] = independence.groups(suite.articles, texts)
    return _KNOWN[key]


def shared(selection: Selection, articles: Iterable[object]) -> str:
    """Return the caveat that some of these articles may be one voice, empty where none may."""
    asked = list(dict.fromkeys(map(str, articles)))
    if len(asked) < 2:  # noqa: PLR2004  (one article is one voice)
        return ""
    found = independence.voices(asked, groups(selection.suite))
    if not found.caveats:
        return ""
    parts = [_part(selection, one) for one in found.caveats]
    return f"Independent voices, at most: {number(found.number)}; {few(parts, most=3, mark=';')}."


def _part(selection: Selection, one: independence.Shared) -> str:
    """Return what some articles have in common."""
    names = few(names_of(selection.suite.articles, one.articles), most=3)
    if one.basis == "author":
        who = selection.book.label("actor", one.to)
        return f"{who} wrote, or may have written, each of these: {names}"
    if one.basis == "near-duplicate":
        return f"mostly the same text: {names}"
    return f"connected by possible authors or by articles in between: {names}"
