"""Rules about quotations: each stands, word for word and once, in the article it names.

A quotation that is not found is answered with the closest passage, which only proposes.
That search is bounded for the whole table, so that one full of wrong quotations takes seconds;
and articles are taken one by one, so that it takes the memory of one.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from policybook import anchors, closest
from policybook.material import SEEDS, Found, Material, prefix_of, prefixes_of, ready_for
from policybook.problems import Problem, quoted
from policybook.tables import Table

SEARCHED_CHARACTERS = 4_000_000
"""Characters of text searched for closest passages in one table; about two seconds."""

HELD_CHARACTERS = 4_000_000
"""Characters of articles among which a quotation from another article is recognised."""

SCANNED_CHARACTERS = 2_000_000_000
"""Characters of those articles read in one table; about a second."""

_LINES_SHOWN = 20
"""Places of an ambiguous quotation that a message names."""

_TELLING = 12
"""Letters from which a quotation says where it is from; a word or two stand in many articles."""


class _Wrong(NamedTuple):
    """A quotation that does not stand once: the words, those before it, the places found."""

    quote: str
    prefix: str
    hits: int


class _Finding(NamedTuple):
    """What is wrong with a quotation, whichever row has it; `column` is where it is to be mended."""

    code: str
    column: str
    message: str
    evidence: tuple[tuple[str, str], ...]
    hint: str


@dataclass(slots=True)
class _Search:
    """How much may still be searched for one table."""

    material: Material
    left: int = SEARCHED_CHARACTERS
    scans: int = SCANNED_CHARACTERS
    held: str = ""
    names: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def may_seek(self, quote: str, text: anchors.Text) -> bool:
        """Tell whether a closest passage may still be sought, and count what it costs."""
        before = self.left
        self.left -= closest.cost(quote, text)
        return before > 0  # so the first is sought, however long its article

    def elsewhere(self, quote: str) -> str:
        """Return an article that holds the quotation word for word, if one is found in time."""
        if len(quote) < _TELLING or self.scans <= 0:
            return ""
        if not self.names:
            self._hold()
        self.scans -= len(self.held)
        place = self.held.find(anchors.normalise(quote))
        return self.names[bisect_right(self.starts, place) - 1] if place >= 0 else ""

    def _hold(self) -> None:
        """Put the first articles one after the other, each on a line: no quotation has two."""
        parts, length = [], 0
        for article in self.material.corpus.rows:
            text = self.material.corpus.text(article)
            if text is not None:
                self.names.append(article)
                self.starts.append(length)
                parts.append(anchors.prepare(text).normal)
                length += len(parts[-1]) + 1
            if length > HELD_CHARACTERS:
                break
        self.held = "\n".join(parts)


@dataclass(slots=True)
class _Place:
    """Where quotations of one column were sought: the column, the article, its text."""

    column: str
    prefix: str
    article: str
    text: anchors.Text
    search: _Search
    _ends: array[int] = field(default_factory=lambda: array("q"))

    @property
    def seed(self) -> str:
        """The file of the article as messages name it."""
        return _seed(self.search.material, self.article)

    def line(self, position: int) -> int:
        """Return the physical line at a position of the text."""
        if not self._ends:
            text = self.text.original
            self._ends.extend(match.start() for match in re.finditer("\n", text))
            self._ends.append(len(text))
        return bisect_left(self._ends, position) + 1


def check(material: Material, name: str) -> Iterator[Problem]:
    """Yield the quotations of a table that are not found, or found more than once."""
    table, search = material.tables[name], _Search(material)
    articles = table.codes("article")
    for column, found in material.found.get(name, {}).items():
        for article, rows in _wrong_rows(table, column, found, articles).items():
            text = material.corpus.text(article) if article in material.corpus.rows else None
            if text is not None:
                # Words that no prefix goes before and that were not found stand nowhere.
                again = {(one.quote, "") for one in rows.values() if one.hits or one.prefix}
                ready = ready_for(anchors.prepare(text), again)
                place = _Place(column, prefix_of(table, column), article, ready, search)
                yield from _problems(table, place, rows)


def _wrong_rows(
    table: Table, column: str, found: Found, articles: list[str]
) -> dict[str, dict[int, _Wrong]]:
    """Return the rows, by article, whose quotation does not stand exactly once in its article."""
    wrong: dict[str, dict[int, _Wrong]] = {}
    columns = table.cells.column(column), prefixes_of(table, column), found.hits
    for row, (quote, prefix, hits) in enumerate(zip(*columns, strict=True)):
        if hits != 1 and quote:
            one = _Wrong(quote, prefix.strip(), hits)
            wrong.setdefault(articles[row], {})[row] = one
    return wrong


def _problems(table: Table, place: _Place, rows: dict[int, _Wrong]) -> Iterator[Problem]:
    """Yield the problem of each row; a quotation that many rows repeat is sought once."""
    known: dict[_Wrong, _Finding] = {}
    for row, wrong in rows.items():
        if wrong not in known:
            known[wrong] = _finding(wrong, place)
        code, column, message, evidence, hint = known[wrong]
        yield table.cells.problem(
            code, message, row=row, column=column, evidence=evidence, hint=hint
        )


def _finding(wrong: _Wrong, place: _Place) -> _Finding:
    """Return what is wrong with a quotation that does not stand exactly once in its article."""
    quote, prefix, hits = wrong
    if not anchors.normalise(quote):
        message = f"`{place.column}` holds only white space"
        hint = "Copy the words from the article, or empty the cell."
        return _Finding("quote-blank", place.column, message, (), hint)
    sought = hits or prefix
    spans = anchors.locate(quote, place.text, most=_LINES_SHOWN) if sought else []
    if not spans:
        return _not_found(quote, place)
    lines = ", ".join(str(place.line(span.start)) for span in spans)
    evidence = (("coded", quoted(quote)), ("lines", lines))
    if prefix:
        message = f"`{place.column}` does not stand once after the words in `{place.prefix}`"
        hint = f"Copy into `{place.prefix}` the words just before the one that is meant in {place.seed}."
        return _Finding("prefix-wrong", place.prefix, message, evidence, hint)
    message = f"stands more than once in {place.seed}"
    hint = "Quote more words, so that they stand there once."
    if place.prefix:
        hint = f"Copy the words just before the one that is meant into `{place.prefix}`."
    return _Finding("quote-ambiguous", place.column, message, evidence, hint)


def _not_found(quote: str, place: _Place) -> _Finding:
    """Return what is wrong with a quotation that stands nowhere in its article."""
    evidence = (("coded", quoted(quote)), _nearest(quote, place))
    message = f"not found in {place.seed}"
    now = f"(now {quoted(place.article)})"
    hint = f"Copy the words from the article, or correct `article` {now}."
    return _Finding(f"{place.column}-not-found", place.column, message, evidence, hint)


def _nearest(quote: str, place: _Place) -> tuple[str, str]:
    """Return, as evidence, where else the words stand, or the passage most like them."""
    search, elsewhere = place.search, place.search.elsewhere(quote)
    if elsewhere and elsewhere != place.article:
        return "found in", f"{_seed(search.material, elsewhere)} ({elsewhere})"
    if not search.may_seek(quote, place.text):
        return "closest", "not sought: too many quotations are wrong"
    span = closest.closest(quote, place.text)
    if span is None:
        return "closest", "no passage is near"
    passage = quoted(place.text.original[span.start : span.end])
    return "closest", f"{passage}   (line {place.line(span.start)})"


def _seed(material: Material, article: str) -> str:
    """Return the file of an article as messages name it."""
    return f"{SEEDS}/{material.corpus.fact(article, 'file')}"
