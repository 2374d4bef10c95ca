"""The sentences of texts: how many there are, and every one with a word, coded or not.

The surprising rule: what a search finds are places, not words; a passage is read again
from its article by whoever shows it. So what is remembered of a text is numbers only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate

import numpy as np
import pandas as pd

from policybook import anchors
from policybook.measures.receipts import (
    VERSION,
    Searchable,
    Texts,
    may_stand,
    searches,
    terms_sought,
)
from policybook.searches import question, version
from policybook.tables import SEPARATOR

PLACE = ["article", "paragraph", "start", "end", "hits"]
SENTENCE = ["article", "paragraph", "sentence", "start", "end", "hits", "rows"]

_VERSION = version(__file__) + VERSION

_BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
"""What ends a line, as `str.splitlines` has it."""

_SHORTENED = (
    "[A-Z]",
    "(?:Mr|Ms|Dr|St|Lt|No|vs|cf)",
    "(?:Mrs|Gen|Col|Maj|Sgt|Gov|Sen|Rep|etc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    "(?:Prof|Capt|Sept)",
    r"[a-z]\.[a-z]",
)
"""What a full stop after it ends no sentence: an initial, a title, a month, U.S., e.g."""

_ENDS = re.compile(
    r"""[.!?…](?:[.!?…]*["'”’»)\]]+|[.!?…]+|"""
    + "".join(rf"(?<!\b{words}\.)" for words in _SHORTENED)
    + rf""")[^\S{_BREAKS}]+(?=["'“‘«(\[]*[^\W_a-z])"""
)
"""Where a sentence ends within a line, with the white space after it."""


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
    cuts = [hit.end() for hit in _ENDS.finditer(line)]
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        part = line[start:end]
        if part.strip():
            first = place + start + len(part) - len(part.lstrip())
            yield anchors.Span(first, place + start + len(part.rstrip()))


def size(text: str) -> tuple[int, int]:
    """Return how many words and how many `sentences` a text has.

    >>> size("Gen. Haftar left. He came back.")
    (6, 2)
    """
    # Each line that holds words has one sentence more than it has ends of sentences.
    lines = sum(map(bool, map(str.strip, text.splitlines())))
    return len(text.split()), lines + len(_ENDS.findall(text))


def sizes(texts: Texts, articles: Collection[str]) -> np.ndarray:
    """Return the words and sentences of the texts of articles, one line an article."""
    name = question("size", _VERSION)
    found = searches(texts).ask({name: articles}, lambda text, _: [size(text)])[name]
    return np.frombuffer(b"".join(found[a] for a in articles), dtype=np.int64).reshape(-1, 2)


def places(texts: Texts, word: str, *, articles: Collection[str]) -> pd.DataFrame:
    """Return the place of every sentence with a word, in the order of the articles.

    The word may be several, and is sought like a term: at the beginning of a word, or, all in
    capitals, as a whole word in capitals. Columns:
    article, paragraph, start and end (code points of the text), hits. Nothing to seek finds
    nothing. Linear in the texts.
    """
    sought = terms_sought([word])
    name = question("word", _VERSION, *sought)
    asked = {name: list(dict.fromkeys(articles))} if sought else {}
    found = searches(texts).ask(asked, lambda text, _: [_with(text, sought)])
    each = found.get(name, {})
    numbers = np.frombuffer(b"".join(each.values()), dtype=np.int64).reshape(-1, len(PLACE) - 1)
    many = [len(answer) // (numbers.itemsize * numbers.shape[1]) for answer in each.values()]
    names = np.repeat(np.array(list(each), dtype=object), many)
    out = pd.DataFrame(numbers, columns=PLACE[1:])
    out.insert(0, "article", pd.Series(names, dtype="str"))
    return out


def _with(text: str, sought: list[str]) -> list[int]:
    """Return paragraph, start, end and number of hits of each sentence that has any."""
    if not may_stand(sought[0], text.lower()):
        return []
    searchable = Searchable(text)
    hits = [place for place, _ in searchable.find(sought)]
    lines = dict.fromkeys(searchable.line(place) for place in hits)
    found = [span for start, line in lines for span in _cut(line, start)]
    starts = np.array([span.start for span in found])
    each = Counter((np.searchsorted(starts, hits, side="right") - 1).tolist())
    return [
        number
        for index, many in each.items()
        for number in (searchable.paragraph(found[index].start), *found[index], many)
    ]


def find_word(
    texts: Mapping[str, str], word: str, *, rows: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return every sentence with a word, coded or not, in the order of the texts.

    As `places`, with sentence (the words, white space folded) and rows (ids "a; b" of the rows
    whose quotation overlaps the sentence). `rows` needs id, article, start and end.
    """
    found = places(texts, word, articles=texts)
    spans = zip(found["article"], found["start"], found["end"], strict=True)
    words = [" ".join(texts[article][start:end].split()) for article, start, end in spans]
    found["sentence"] = pd.Series(words, dtype="str")
    found["rows"] = ""
    if rows is not None:
        coded = rows[rows["start"] >= 0]
        lines, which = overlaps(found, coded)
        ids = coded["id"].to_numpy(object)[which]
        found["rows"] = pd.Series(listed(len(found), lines, ids), dtype="str")
    return found[SENTENCE]


def overlaps(found: pd.DataFrame, spans: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which passages share a code point with which spans: two arrays of places.

    `found` is what `places` returns, `spans` needs article, start and end. In order of the
    passages, then of the spans' starts. Linear but for sorting.
    """
    names = pd.Index(found["article"].unique())
    of = names.get_indexer(pd.Index(spans["article"].astype(object)))
    order = np.flatnonzero(of >= 0)
    order = order[np.argsort(spans["start"].to_numpy()[order], kind="stable")]
    # Passages lie apart and in order, so a span meets those from the first that ends
    # after its start to the last that starts before its end.
    width = max([1, *found["end"] + 1])
    base = names.get_indexer(pd.Index(found["article"].astype(object))) * width
    limit = np.clip(spans[["start", "end"]].to_numpy(dtype=np.int64)[order], 0, width - 1)
    limit += (of[order] * width)[:, None]
    low = np.searchsorted(base + found["end"].to_numpy(), limit[:, 0], side="right")
    high = np.searchsorted(base + found["start"].to_numpy(), limit[:, 1], side="left")
    many = np.maximum(high - low, 0)
    which = np.repeat(order, many)
    lines = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many - low, many)
    by_line = np.argsort(lines, kind="stable")
    return lines[by_line], which[by_line]


def listed(total: int, lines: np.ndarray, names: Iterable[str]) -> list[str]:
    """Return the names that belong to each of so many lines, "a; b", each once, in their order."""
    found: dict[int, dict[str, None]] = {}
    for line, name in zip(lines.tolist(), names, strict=True):
        found.setdefault(line, {})[name] = None
    return [SEPARATOR.join(found.get(line, ())) for line in range(total)]
