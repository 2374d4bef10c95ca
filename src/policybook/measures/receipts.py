"""The receipt of a silence: who coded, when, by which rules, and what a search would have found.

A term is sought in the article's text after the one declared normalisation, so that neither
quotation marks nor dashes nor line ends hide a hit; capitals do not matter.
The surprising rule: a term must begin where a word begins and may end anywhere,
so `sanction` finds "sanctions" and `oil` does not find "turmoil". A hit proposes; it codes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate

import pandas as pd

from policybook import anchors
from policybook.codebook import Value
from policybook.table import SEPARATOR

Texts = Mapping[str, str] | Callable[[str], str]
"""The texts by article: a mapping, or what returns the text of an article."""

RECEIPT = ["article", "instrument", "coder", "coded_on", "codebook_version", "terms", "hits",
           "found", "paragraphs"]  # fmt: skip
SENTENCE = ["article", "paragraph", "sentence", "start", "end", "hits", "rows"]

_ENDS = re.compile(r"""[.!?…]+["'”’»)\]]*\s+(?=["'“‘«(\[]*[^\W_a-z])""")
_PLAIN = re.compile(r"[a-z0-9]+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Lt|Col|Maj|Capt|Sgt|Gov|Sen|Rep|No|vs|cf|etc|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[a-z]\.[a-z])\.\Z"
)
"""A full stop that ends no sentence: an initial, a title, a month, U.S., e.g."""


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
        """Return the place in the untouched text, and the words, of each hit of `wanted` terms.

        Of hits that overlap the first counts, of those at one place the longest.
        """
        # Plain words are found twenty times faster than by one expression for all of them.
        hits = sorted((at, -len(term), term) for term in terms for at in _places(self.lower, term))
        kept, reached = [], 0
        for at, shorter, term in hits:
            if at >= reached:
                kept.append((self.prepared.span(at, at - shorter).start, term))
                reached = at - shorter
        return kept


def _places(text: str, term: str) -> Iterator[int]:
    """Yield where a term stands at the beginning of a word."""
    at = text.find(term)
    while at >= 0:
        before = text[at - 1 : at]
        if not (before.isalnum() or before == "_"):
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
    silent = cells.loc[cells["state"] == "silent", ["article", "instrument"]].astype(object)
    known = [name for name in silent["instrument"].unique() if name in instruments]
    terms = {name: instruments[name].words("terms") for name in known}
    sought = {name: wanted(words) for name, words in terms.items()}
    pairs = zip(silent["article"], silent["instrument"], strict=True)
    lines = [*_searched(pairs, sought, texts)]
    out = silent.reset_index(drop=True)
    facts = articles.set_index("id")[["coder", "coded_on", "codebook_version"]]
    out = out.join(facts, on="article")
    listed = [SEPARATOR.join(terms.get(name, ())) for name in out["instrument"]]
    out["terms"] = pd.Series(listed, dtype="str", index=out.index)
    hits = pd.DataFrame(lines, columns=["hits", "found", "paragraphs"], index=out.index)
    types = {"hits": "Int64", "found": "str", "paragraphs": "str"}
    return out.join(hits.astype(types))[RECEIPT]


def _searched(
    pairs: Iterable[tuple[str, str]], sought: Mapping[str, list[str]], texts: Texts
) -> Iterator[tuple[int | None, str, str]]:
    """Yield hits, words and paragraphs for each article and instrument; articles come together."""
    last, text = None, None
    for article, instrument in pairs:
        if article != last:
            words = _text(texts, article)
            last, text = article, Searchable(words) if words else None
        terms = sought.get(instrument)
        yield (None, "", "") if text is None or not terms else _hits(text, terms)


def _hits(text: Searchable, terms: list[str]) -> tuple[int, str, str]:
    """Return number, words and paragraphs of the hits in one text."""
    hits = text.find(terms)
    if not hits:
        return 0, "", ""
    found = Counter(word for _, word in hits)
    paragraphs = sorted({text.paragraph(place) for place, _ in hits})
    counted = (f"{word} ×{number}" for word, number in found.most_common())
    return len(hits), SEPARATOR.join(counted), ", ".join(map(str, paragraphs))


def _text(texts: Texts, article: str) -> str:
    """Return the text of an article, empty where a mapping has none."""
    return texts.get(article, "") if isinstance(texts, Mapping) else texts(article)


def sentences(text: str) -> list[anchors.Span]:
    """Return the sentences of a text, each without white space at its ends.

    A sentence ends at a line end, or at a full stop, question or exclamation mark (closing
    quotation marks and brackets belong to it) before white space and a capital or figure;
    not after an initial, a title, or an abbreviation such as U.S.: then two may stand as one.
    Everything but white space lies in exactly one.

    >>> text = "Gen. Haftar left. He came back."
    >>> [text[a:b] for a, b in sentences(text)]
    ['Gen. Haftar left.', 'He came back.']
    """
    lines = text.splitlines(keepends=True)
    starts = accumulate(map(len, lines), initial=0)
    return [span for start, line in zip(starts, lines, strict=False) for span in _cut(line, start)]


def _cut(line: str, place: int) -> Iterator[anchors.Span]:
    """Yield the sentences of one line, which begins at a place of the text."""
    cuts = [hit.end() for hit in _ENDS.finditer(line) if not _goes_on(line, hit)]
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        part = line[start:end]
        if part.strip():
            first = place + start + len(part) - len(part.lstrip())
            yield anchors.Span(first, place + start + len(part.rstrip()))


def _goes_on(line: str, hit: re.Match[str]) -> bool:
    """Tell whether a full stop only ends an abbreviation."""
    stop = hit.start() + 1
    return hit.group()[1:].isspace() and bool(_ABBREVIATED.search(line[max(0, stop - 12) : stop]))


def find_word(
    texts: Mapping[str, str], word: str, *, rows: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return every sentence with a word, coded or not, in the order of the texts.

    The word may be several, and is sought like a term: at the beginning of a word. Columns:
    article, paragraph, sentence (the words, white space folded), start and end (code points
    of the text), hits, rows (ids "a; b" of the rows whose quotation overlaps the sentence).
    `rows` needs id, article, start and end. Nothing to seek finds nothing. Linear in the texts.
    """
    sought = wanted([word])
    coded = _Coded(rows)
    lines = [
        (article, *line, coded.overlapping(article, line[2], line[3]))
        for article, text in texts.items()
        for line in (_sentences_with(text, sought) if sought else ())
    ]
    types = {"article": "str", "paragraph": "int64", "sentence": "str", "start": "int64",
             "end": "int64", "hits": "int64", "rows": "str"}  # fmt: skip
    return pd.DataFrame(lines, columns=SENTENCE).astype(types)


def _sentences_with(text: str, sought: list[str]) -> Iterator[tuple[int, str, int, int, int]]:
    """Yield paragraph, words, start, end and number of hits of each sentence that has any."""
    # A text that lacks the longest plain part of the word need not be prepared.
    plain = max(_PLAIN.findall(sought[0]), key=len, default="")
    if plain not in text.lower():
        return
    searchable = Searchable(text)
    places = [place for place, _ in searchable.find(sought)]
    lines = dict.fromkeys(searchable.line(place) for place in places)
    found = [span for start, line in lines for span in _cut(line, start)]
    starts = [span.start for span in found]
    hits = Counter(bisect_right(starts, place) - 1 for place in places)
    for index, number in hits.items():
        start, end = found[index]
        yield searchable.paragraph(start), " ".join(text[start:end].split()), start, end, number


class _Coded:
    """The places of coded rows, by article, to ask which overlap a passage."""

    def __init__(self, rows: pd.DataFrame | None) -> None:
        """Sort the rows of each article by their start."""
        self._places: dict[str, list[tuple[int, int, str]]] = {}
        if rows is not None:
            known = rows.loc[rows["start"] >= 0, ["article", "start", "end", "id"]]
            for article, *place in known.sort_values("start", kind="stable").itertuples(
                index=False
            ):
                self._places.setdefault(article, []).append(tuple(place))
        self._reach = {a: [*accumulate((p[1] for p in places), max)]
                       for a, places in self._places.items()}  # fmt: skip

    def overlapping(self, article: str, start: int, end: int) -> str:
        """Return the ids "a; b" of the rows that share a code point with a passage."""
        places = self._places.get(article, [])
        low = bisect_right(self._reach.get(article, []), start)
        high = bisect_left(places, (end,))
        return SEPARATOR.join(name for _, last, name in places[low:high] if last > start)
