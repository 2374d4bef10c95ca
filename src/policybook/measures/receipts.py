"""The receipt of a silence: who coded, when, by which rules, and what a search would have found.

A term is sought in the article's text after the one declared normalisation, so that neither
quotation marks nor dashes nor line ends hide a hit; capitals do not matter.
The surprising rule: a term must begin where a word begins and may end anywhere,
so `sanction` finds "sanctions" and `oil` does not find "turmoil". Only a term all in capitals
(`UN`) is an abbreviation: it is sought in capitals, and ends where a word ends.
A hit proposes; it codes nothing.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import pandas as pd

from policybook import anchors
from policybook.codebook import Value
from policybook.searches import Searches, question, version
from policybook.tables import SEPARATOR

Texts = Mapping[str, str] | Callable[[str], str] | Searches
"""The texts by article: a mapping, what returns the text of an article, or what remembers answers."""

RECEIPT = ["article", "instrument", "coder", "coded_on", "codebook_version", "terms", "hits",
           "found", "paragraphs"]  # fmt: skip

_PLAIN = re.compile(r"[a-z0-9]+")
VERSION = version(__file__, anchors.__file__)
"""Names the rules by which a term is found, and so the answers that may be remembered."""

_NUMBER = array("q").itemsize


class Searchable:
    """A text ready for any number of searches; paragraphs are numbered when first asked for."""

    def __init__(self, text: str) -> None:
        """Prepare a text: one pass for the normalisation, one for the capitals."""
        self.text = text
        self.prepared = anchors.prepare(text)
        self.lower = _lower(self.prepared.normal)

    @cached_property
    def _lines(self) -> tuple[list[int], list[int]]:
        """The start of each line, and the number of the paragraph it is or follows."""
        lines = self.text.splitlines(keepends=True)
        starts = [0, *accumulate(map(len, lines))]
        return starts, list(accumulate(int(bool(line.strip())) for line in lines))

    def paragraph(self, position: int) -> int:
        """Return the number of the paragraph at a place that is no white space."""
        starts, numbers = self._lines
        return numbers[bisect_right(starts, position) - 1]

    def line(self, position: int) -> tuple[int, str]:
        """Return where the line at a place begins, and the line."""
        starts, _ = self._lines
        at = bisect_right(starts, position)
        return starts[at - 1], self.text[starts[at - 1] : starts[at]]

    def find(self, terms: Iterable[str]) -> list[tuple[int, str]]:
        """Return the place in the untouched text, and the words, of each hit of terms.

        They are those that `wanted` or `terms_sought` returned.

        Of hits that overlap the first counts, of those at one place the longest.
        """
        # Plain words are found twenty times faster than by one expression for all of them.
        hits = sorted((at, -len(term), term) for term in terms for at in self._places(term))
        kept, reached = [], 0
        for at, shorter, term in hits:
            if at >= reached:
                kept.append((self.prepared.span(at, at - shorter).start, term))
                reached = at - shorter
        return kept

    def _places(self, term: str) -> Iterator[int]:
        """Yield where a term stands: an abbreviation as it is, any other in small letters."""
        if not abbreviates(term):
            return _places(self.lower, term)
        normal, ends = self.prepared.normal, len(term)
        return (
            at for at in _places(normal, term) if not _in_word(normal[at + ends : at + ends + 1])
        )


def abbreviates(term: str) -> bool:
    """Tell whether a term is an abbreviation: two letters or more, all of them capitals.

    >>> abbreviates("UN"), abbreviates("U.N."), abbreviates("Un")
    (True, False, False)
    """
    return len(term) > 1 and term.isalpha() and term.isupper()


def _in_word(letter: str) -> bool:
    """Tell whether a letter, or none, would go on with a word."""
    return letter.isalnum() or letter == "_"


def begins_word(term: str) -> bool:
    """Tell whether a term can stand at the beginning of a word, where alone it is sought.

    >>> begins_word("arms"), begins_word("'s"), begins_word("")
    (True, False, False)
    """
    return _in_word(term[:1])


def _places(text: str, term: str) -> Iterator[int]:
    """Yield where a term stands at the beginning of a word."""
    at = text.find(term)
    while at >= 0:
        if not _in_word(text[at - 1 : at]):
            yield at
        at = text.find(term, at + 1)


def _lower(text: str) -> str:
    """Return a text in small letters, letter for letter, so that places stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def wanted(terms: Iterable[str]) -> list[str]:
    """Return terms as they stand in a searchable text: normalised, in small letters, each once.

    >>> wanted(["Asset  freeze", "U.N.", ""])
    ['asset freeze', 'u.n.']
    """
    words = dict.fromkeys(_lower(anchors.normalise(term)) for term in terms)
    return [word for word in words if word]


def terms_sought(terms: Iterable[str]) -> list[str]:
    """Return terms as `wanted`, but for abbreviations, which keep their capitals.

    >>> terms_sought(["UN", "U.N.", "Envoy"])
    ['UN', 'u.n.', 'envoy']
    """
    each = (anchors.normalise(term) for term in terms)
    return [
        word for word in dict.fromkeys(w if abbreviates(w) else _lower(w) for w in each) if word
    ]


def searches(texts: Texts) -> Searches:
    """Return texts as something to search; a mapping need not have the text of every article."""
    if isinstance(texts, Searches):
        return texts
    return Searches(
        (lambda article: texts.get(article, "")) if isinstance(texts, Mapping) else texts
    )


def may_stand(term: str, lower: str) -> bool:
    """Tell whether a text in small letters, as it is, may hold a term that is sought.

    A text that lacks the longest plain part of a term lacks the term and need not be prepared.
    """
    return _plain(term) in lower


@lru_cache(maxsize=10_000)
def _plain(term: str) -> str:
    """Return the longest part of a term that no normalisation changes."""
    return max(_PLAIN.findall(_lower(term)), key=len, default="")


def receipts(
    articles: pd.DataFrame, cells: pd.DataFrame, *, instruments: Mapping[str, Value], texts: Texts
) -> pd.DataFrame:
    """Return the receipt of every silent cell, in the order of the cells.

    `cells` is what `coverage` returns, `instruments` is `book.values("instrument")`.
    Columns: article, instrument; coder, coded_on, codebook_version of the article; terms
    ("a; b", empty where the instrument has none); hits (number, missing where there was no
    term or no text to search); found ("egypt ×2; cairo ×1"); paragraphs ("1, 4").
    Terms that overlap in the text are one hit, of the longer. Each text is prepared once;
    time is linear in texts × instruments.
    """
    silent = _silent(cells)
    terms = _terms(silent, instruments)
    facts = articles.set_index("id")[["coder", "coded_on", "codebook_version"]]
    out = silent.join(facts, on="article")
    listed = (terms[name].listed if name in terms else "" for name in out["instrument"])
    out["terms"] = pd.Series(listed, dtype="str", index=out.index)
    answers = zip(out["instrument"], _answers(silent, terms, texts), strict=True)
    lines = [_told(answer, terms[name].spelled if answer else []) for name, answer in answers]
    found = pd.DataFrame(lines, columns=["hits", "found", "paragraphs"], index=out.index)
    return out.join(found.astype({"hits": "Int64", "found": "str", "paragraphs": "str"}))[RECEIPT]


def hits(cells: pd.DataFrame, *, instruments: Mapping[str, Value], texts: Texts) -> pd.Series[Any]:
    """Return the hits of every silent cell, as its receipt has them, and nothing else."""
    silent = _silent(cells)
    answers = _answers(silent, _terms(silent, instruments), texts)
    counts = [array("q", answer[:_NUMBER])[0] if answer else None for answer in answers]
    return pd.Series(counts, name="hits", dtype="Int64")


class _Terms(NamedTuple):
    """The terms of an instrument: as the codebook has them, as they are sought, as a question.

    `spelled` are those sought, in the same order, as the codebook has them.
    """

    listed: str
    sought: list[str]
    spelled: list[str]
    question: str


def _silent(cells: pd.DataFrame) -> pd.DataFrame:
    """Return article and instrument of the silent cells."""
    silent = cells.loc[cells["state"] == "silent", ["article", "instrument"]]
    return silent.astype(object).reset_index(drop=True)


def _terms(silent: pd.DataFrame, instruments: Mapping[str, Value]) -> dict[str, _Terms]:
    """Return the terms of the instruments that somebody is silent on."""
    found = {}
    for name in silent["instrument"].unique():
        if name in instruments:
            terms = instruments[name].words("terms")
            sought = terms_sought(terms)
            asked = question("terms", VERSION, *sought) if sought else ""
            written = {one: term for term in reversed(terms) for one in terms_sought([term])}
            spelled = [written[one] for one in sought]
            found[name] = _Terms(SEPARATOR.join(terms), sought, spelled, asked)
    return found


def _answers(silent: pd.DataFrame, terms: Mapping[str, _Terms], texts: Texts) -> list[bytes]:
    """Return what a search answers for each silent cell, as `_count`; nothing without terms."""
    asked: dict[str, list[str]] = {}
    names = {name: one.question for name, one in terms.items() if one.question}
    for name, articles in silent["article"].groupby(silent["instrument"], sort=False):
        if name in names:
            asked.setdefault(names[str(name)], []).extend(articles)
    sought = {one.question: one.sought for one in terms.values()}
    found = searches(texts).ask(asked, lambda text, some: _count(text, [sought[q] for q in some]))
    pairs = zip(silent["instrument"], silent["article"], strict=True)
    return [found[names[name]][article] if name in names else b"" for name, article in pairs]


def _count(text: str, sought: list[list[str]]) -> Iterator[list[int]]:
    """Yield for each list of terms what one text answers; nothing where there is no text.

    These are the hits, the number of terms found, each with its place in the list and its hits,
    and the paragraphs.
    """
    lower, ready = text.lower(), None
    for terms in sought:
        near = [term for term in terms if may_stand(term, lower)]
        if near:
            ready = ready or Searchable(text)
        places = ready.find(near) if ready and near else []
        yield _numbers(ready, places, terms) if ready and places else [0] if text else []


def _numbers(text: Searchable, places: list[tuple[int, str]], terms: list[str]) -> list[int]:
    """Return hits as numbers."""
    found = Counter(word for _, word in places).most_common()
    paragraphs = sorted({text.paragraph(place) for place, _ in places})
    words = [number for word, times in found for number in (terms.index(word), times)]
    return [len(places), len(found), *words, *paragraphs]


def _told(answer: bytes, terms: list[str]) -> tuple[int | None, str, str]:
    """Return number, words and paragraphs of the hits in one text."""
    if len(answer) <= _NUMBER:
        return (0 if answer else None), "", ""
    hits, kinds, *rest = array("q", answer)
    words = zip(rest[: 2 * kinds : 2], rest[1 : 2 * kinds : 2], strict=True)
    counted = (f"{terms[word]} ×{times}" for word, times in words)
    return hits, SEPARATOR.join(counted), ", ".join(map(str, rest[2 * kinds :]))
