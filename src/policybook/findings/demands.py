"""Sentences on what two articles demand under one heading, aspect by aspect.

The surprising rule: each side is all its rows, so what is in common need not be one demand;
whether it is, `agreement` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from policybook.anchors import normalise
from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import checked
from policybook.findings.comparable import ONE_SIDED, hidden, label_of, lines, own_rows
from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, cited, few, sentence
from policybook.findings.sides import no_pair, nothing_said
from policybook.findings.theme import theme_rows
from policybook.measures.agreement import UNSAID
from policybook.measures.coverage import OWN
from policybook.suite import Row, Selection
from policybook.tables import split

ASKED = {
    "addressee": "of whom",
    "target": "upon whom",
    "objective": "to what end",
    "means": "by which means",
    "condition": "under which condition",
    "strength": "how firmly",
    "stance": "for or against",
}
"""The aspects of a demand, in the order in which a sentence tells them."""

_VOCABULARY = {"addressee": "actor", "target": "actor"}

MOST_VALUES = 8
"""Values of one aspect named in a sentence; the rest are counted."""


def fullest(selection: Selection, first: str, second: str) -> str:
    """Return the heading under which both articles say most: the theme if there is one.

    Of headings that both have, that whose shorter side is longest, the codebook's order deciding
    between equals; empty where they have none in common.
    """
    if selection.theme:
        return selection.theme
    if not {first, second} <= set(selection.articles["id"]) or first == second:
        return ""
    found = lines(selection, pair=(first, second))
    shared = found[found["kind"] != ONE_SIDED]
    if shared.empty:
        return ""
    rows = own_rows(selection).astype({"article": str, "instrument": str})
    counts = rows.groupby(["article", "instrument"]).size()
    least = [min(counts[first, name], counts[second, name]) for name in shared["instrument"]]
    return str(shared["instrument"].iloc[least.index(max(least))])


@checked(first="article", second="article")
def compared_rows(selection: Selection, first: str, second: str) -> pd.DataFrame:
    """Return what the authors of two articles ask for under common headings.

    Where they have no heading in common, all that the two ask for.
    `ParameterError` for an article that the suite does not hold.
    """
    rows = own_rows(selection)
    rows = rows[rows["article"].isin([first, second])]
    sides = [set(rows.loc[rows["article"] == one, "instrument"]) for one in (first, second)]
    shared = rows[rows["instrument"].isin(sides[0] & sides[1])]
    return shared if len(shared) else rows


def side_rows(selection: Selection, article: str, instrument: str) -> pd.DataFrame:
    """Return the rows of an article's author under one heading."""
    rows = selection.rows
    mine = (rows["article"] == article) & (rows["instrument"] == instrument)
    return rows[mine & rows["voice"].isin(OWN)]


def values(selection: Selection, rows: pd.DataFrame, aspect: str) -> dict[str, list[str]]:
    """Return what rows say of one aspect, in words, and the ids of the rows that say it.

    What is not said is left out. Conditions are the article's words; equal but for capitals
    and marks they are one.
    """
    found: dict[str, list[str]] = {}
    known: dict[str, str] = {}
    for row in rows.to_dict("records"):
        for words in _words(selection, row, aspect):
            one = known.setdefault(normalise(words).casefold().strip(".,;: “”"), words)
            found.setdefault(one, []).append(str(row["id"]))
    return found


def _words(selection: Selection, row: Row, aspect: str) -> list[str]:
    """Return what one row says of an aspect."""
    if aspect == "condition":
        words = selection.suite.passage(row, "condition")
        return [cited(words)] if words else []
    vocabulary = _VOCABULARY.get(aspect, aspect)
    codes = [code for code in split(str(row[aspect])) if code != UNSAID]
    return [selection.book.label(vocabulary, code) for code in codes]


Beside = dict[str, tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]]
"""For each aspect what only the first says, what both say, what only the second says, with rows."""


def beside(selection: Selection, first: str, second: str, instrument: str) -> Beside:
    """Return what two articles say under one heading, aspect by aspect; empty aspects left out."""
    sides = [side_rows(selection, article, instrument) for article in (first, second)]
    found: Beside = {}
    for aspect in ASKED:
        one, other = (values(selection, rows, aspect) for rows in sides)
        one, other = _aligned(one, other)
        both = {words: [*one[words], *other[words]] for words in one if words in other}
        parts = (
            {w: ids for w, ids in one.items() if w not in both},
            both,
            {w: ids for w, ids in other.items() if w not in both},
        )
        if any(parts):
            found[aspect] = parts
    return found


def _aligned(
    one: dict[str, list[str]], other: dict[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return two sides with equal words where they differ only in capitals or marks."""
    known = {normalise(words).casefold().strip(".,;: “”"): words for words in one}
    aligned = {
        known.get(normalise(words).casefold().strip(".,;: “”"), words): ids
        for words, ids in other.items()
    }
    return one, aligned


@checked(first="article", second="article")
@as_far_as_coded
def demands_compared(selection: Selection, first: str, second: str) -> list[Finding]:
    """Return what two articles demand under the heading on which both say most, or the theme.

    What both ask for, what each asks for alone, and what serves the same under another heading.
    `ParameterError` for an article that the suite does not hold.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    if said := no_pair(selection, first, second):
        return said
    instrument = fullest(selection, first, second)
    if not instrument:
        return [Finding("There is no common heading to look into.", (), "sides-no-heading")]
    found = beside(selection, first, second, instrument)
    label = sentence(label_of(selection, instrument))
    names = [selection.labels[one] for one in (first, second)]
    heads = (f"only {names[0]}", "in common", f"only {names[1]}")
    told = [
        _part(f"{label}, {heads[place]}", {a: parts[place] for a, parts in found.items()}, code)
        for place, code in ((1, "in-common"), (0, "only-first"), (2, "only-second"))
    ]
    doubt = _groups(selection, found)
    sentences = [
        replace(one, subject=instrument, caveat=doubt if one.code != "in-common" else "")
        for one in told
        if one
    ]
    text = f"{label} – recommendations of the two within the selection: none."
    none = Finding(text, (), "sides-neither", hidden(selection))
    return [
        *(sentences or [none]),
        *_serving(selection, (first, second), instrument),
        *nothing_said(selection, (first, second)),
    ]


def _groups(selection: Selection, found: Beside) -> str:
    """Return that groups and their members are told apart, where one side names a member."""
    book = selection.book
    code = {value.label: name for name, value in book.values("actor").items()}
    for aspect in ("addressee", "target"):
        one, both, other = found.get(aspect, ({}, {}, {}))
        alone, said = [*one, *other], {code.get(w, w) for w in [*one, *both, *other]}
        if any((book.members(code.get(w, w)) - {code.get(w, w)}) & said for w in alone):
            return "A group and its members are told apart here."
    return ""


def _part(head: str, found: dict[str, dict[str, list[str]]], code: str) -> Finding | None:
    """Return what one side, or both, say of all aspects, as a sentence; None for nothing."""
    parts = [
        f"{ASKED[aspect]}: {few(map(cited, words) if aspect == 'objective' else words, most=MOST_VALUES)}"
        for aspect, words in found.items()
        if words
    ]
    if not parts:
        return None
    rows = dict.fromkeys(one for words in found.values() for ids in words.values() for one in ids)
    return Finding(f"{head} – {'; '.join(parts)}.", tuple(sorted(rows)), code)


def _serving(selection: Selection, pair: Sequence[str], instrument: str) -> list[Finding]:
    """Return what serves the heading under another one, article by article."""
    rows = theme_rows(selection, instrument)
    rows = rows[(rows["serves"] != "") & rows["voice"].isin(OWN)]
    told = []
    for article in pair:
        mine = rows[rows["article"] == article]
        if mine.empty:
            continue
        labels = dict.fromkeys(label_of(selection, str(name)) for name in mine["instrument"])
        name = selection.labels[article]
        text = f"Serving it under another heading – {name}: {few(labels, mark=';')}."
        told.append(Finding(text, tuple(map(str, mine["id"])), "sides-serving", "", article))
    return told
