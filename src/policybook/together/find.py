"""Where words stand in the articles: passage, paragraph and line, what is coded there, a row to paste.

The surprising rule: a few words are looked for and their sentence is quoted, for a quotation is
shortened more easily than made longer; words enough to be a passage are quoted as they stand.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from policybook import anchors
from policybook.findings.candidates import sentences_of
from policybook.material import RECOMMENDATIONS, SEEDS
from policybook.problems import count, printable, quoted
from policybook.suite import Row, Suite
from policybook.together.near import PASSAGE
from policybook.together.pasted import pasted
from policybook.together.suggest import draft, next_number

MOST = 50
"""Passages of one article that are shown; words that stand oftener are no quotation."""

_UNREAD: Row = {"voice": "author", "strength": "", "cues": "", "instrument": "", "addressee": ""}
"""What is proposed for words that stand in no sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """Every passage that has the words, as rows of `sentences_of`, and whether letters were folded.

    `at` is where the words stand, `start` and `end` what a row would quote.
    """

    words: str
    passages: list[Row]
    folded: bool = False


def find(suite: Suite, words: str, *, article: str = "") -> Found:
    """Return where words stand, in the order of time: as they are written, else in any case."""
    names = [article] if article else [str(name) for name in suite.articles["id"]]
    for folded in (False, True):
        found = [one for name in names for one in _passages(suite, name, words, folded=folded)]
        if found:
            return Found(words, found, folded)
    return Found(words, [])


def _passages(suite: Suite, article: str, words: str, *, folded: bool) -> Iterator[Row]:
    """Yield the passages of one article that hold the words."""
    text = suite.text(article)
    ready = anchors.prepare(_folded(text) if folded else text)
    spans = anchors.locate(_folded(words) if folded else words, ready, most=MOST)
    table = sentences_of(suite, article).to_dict("records") if spans else []
    for start, end in spans:
        around = [row for row in table if row["start"] < end and start < row["end"]]
        short = len(words.split()) < PASSAGE
        quote = (around[0]["start"], around[-1]["end"]) if short and around else (start, end)
        rows = "; ".join(dict.fromkeys(str(row["rows"]) for row in around if row["rows"]))
        place: Row = {
            "article": article,
            "at": start,
            "start": quote[0],
            "end": quote[1],
            "rows": rows,
        }
        yield {**(around[0] if around else _UNREAD), **place}


def _folded(text: str) -> str:
    """Return a text in small letters; one that would become several stays, so that places stay."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def told(suite: Suite, found: Found) -> str:
    """Return every passage in its sentence, with its place, the rows that quote it, and a new row."""
    if not found.passages:
        return f"{quoted(found.words)} stands in no article."
    head = f"{quoted(found.words)} stands in {count(len(found.passages), 'place')}"
    lines = rows(suite, found).split("\n")[-len(found.passages) :]
    parts = [f"{head}{', in other letters' if found.folded else ''}."]
    parts += [_told(suite, one, line) for one, line in zip(found.passages, lines, strict=True)]
    return "\n\n".join(parts)


def _told(suite: Suite, one: Row, line: str) -> str:
    """Return one passage as text."""
    article, at = str(one["article"]), int(one["at"])
    text, file = suite.text(article), f"{SEEDS}/{suite.facts[article]['file']}"
    where = f"{article}, paragraph {anchors.paragraph(text, at)}, {file}:{anchors.line(text, at)}"
    words = printable(" ".join(text[one["start"] : one["end"]].split()))
    lines = textwrap.wrap(f"“{words}”", 96, initial_indent="    ", subsequent_indent="    ")
    coded = f"coded: {one['rows']}" if one["rows"] else "not coded"
    return "\n".join([where, *lines, f"    {coded}; as a draft row:", line])


def rows(suite: Suite, found: Found) -> str:
    """Return a draft row for every passage, as lines of the table."""
    numbers: dict[str, int] = {}
    drafts = []
    for one in found.passages:
        article = str(one["article"])
        number = numbers[article] = numbers.get(article, next_number(suite, article) - 1) + 1
        drafts.append(draft(suite, anchors.prepare(suite.text(article)), one, number=number))
    return pasted(suite, RECOMMENDATIONS, drafts)
