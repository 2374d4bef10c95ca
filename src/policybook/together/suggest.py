"""Candidates of an article for the terminal: sentences that look like recommendations.

Each stands with what is proposed for it and with the rows that quote it already, or as a draft
row to be pasted. The surprising rule: a draft row proposes and never counts; `check` names it
until somebody has read the passage and empties `status`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pandas as pd

from policybook import anchors
from policybook.findings.candidates import figures, sentences_of
from policybook.material import RECOMMENDATIONS
from policybook.measures.candidates import first_named
from policybook.problems import PolicybookError, printable
from policybook.suite import Row, Suite
from policybook.together import pasted

BEFORE = 60
"""Letters before a passage that tell it from an equal one, at most."""


def listed(suite: Suite, article: str, *, also_coded: bool) -> str:
    """Return the candidates of an article in the order of its text, and how far to trust them.

    Those that a row quotes already are counted, and listed with `also_coded`.
    """
    found = _candidates(suite, article)
    new = found[found["rows"] == ""]
    shown = found if also_coded else new
    head = (
        f"{len(found)} of {_total(suite, article)} sentences of {article} look like "
        f"recommendations; {len(found) - len(new)} of them are quoted by rows."
    )
    parts = [_told(suite, row) for row in shown.to_dict("records")]
    last = [] if new.empty else [f"As draft rows: policybook suggest {article} --rows"]
    return "\n\n".join([head, *parts, figures(suite), *last])


def rows(suite: Suite, article: str) -> str:
    """Return the candidates that no row quotes as draft rows of the suite's table, as CSV.

    Raises `PolicybookError` where the table has no column for drafts.
    """
    cells = suite.material.recommendations.cells
    if "status" not in cells.header:
        hint = "Add the column to the table; it may stay empty."
        message = "has no column `status`, which marks drafts"
        raise PolicybookError([cells.problem("no-status", message, hint=hint)])
    found = _candidates(suite, article)
    drafts = _drafts(suite, article, found[found["rows"] == ""])
    return pasted.pasted(suite, RECOMMENDATIONS, drafts)


def _candidates(suite: Suite, article: str) -> pd.DataFrame:
    """Return the sentences of an article that look like recommendations."""
    found = sentences_of(suite, article)
    return found[found["candidate"]]


def _total(suite: Suite, article: str) -> int:
    """Return how many sentences an article has."""
    return len(sentences_of(suite, article))


def _told(suite: Suite, row: Row) -> str:
    """Return one candidate in words."""
    label = suite.book.label
    what = [f"paragraph {row['paragraph']}", str(row["voice"]), str(row["strength"]) or "?"]
    what += [label("instrument", row["instrument"])] if row["instrument"] else ["instrument?"]
    what += [f"to {label('actor', row['addressee'])}"] if row["addressee"] else []
    words = printable(" ".join(suite.passage(row).split()))
    lines = textwrap.wrap(f"“{words}”", 96, initial_indent="    ", subsequent_indent="    ")
    coded = f"    coded: {row['rows']}" if row["rows"] else "    not coded"
    return "\n".join([" · ".join(what), *lines, f"{coded}; because of: {row['cues']}"])


def _drafts(suite: Suite, article: str, found: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield a draft row of each sentence, with ids that no row has had."""
    text = anchors.prepare(suite.text(article))
    first = next_number(suite, article)
    for number, row in enumerate(found.to_dict("records"), start=first):
        yield draft(suite, text, row, number=number)


def draft(suite: Suite, text: anchors.Text, row: Row, *, number: int) -> dict[str, str]:
    """Return a draft row of a sentence, or of the words at `start` and `end` within it."""
    article = str(row["article"])
    own = {"id": f"{article}-{number:02}", "article": article, "status": "draft"}
    return {**own, **_quoted(text, row), **_proposed(suite, row)}


def _quoted(text: anchors.Text, row: Row) -> dict[str, str]:
    """Return the words of a passage, and those before it where they stand more than once."""
    quote = " ".join(text.original[row["start"] : row["end"]].split())
    if len(anchors.locate(quote, text)) < 2:  # noqa: PLR2004  (the passage itself)
        return {"quote": quote}
    before = " ".join(text.original[max(0, row["start"] - BEFORE) : row["start"]].split())
    return {"quote": quote, "prefix": before}


def _proposed(suite: Suite, row: Row) -> dict[str, str]:
    """Return the proposed codes; what cannot be proposed is the least that a row may say."""
    book, note = suite.book, f"Proposed because of: {row['cues'] or 'nothing in its wording'}."
    first, weakest = next(iter(book.values("instrument"))), list(book.values("strength"))[-1]
    codes = {"voice": row["voice"], "stance": "supports", "strength": row["strength"] or weakest,
             "instrument": row["instrument"] or _other(list(book.values("instrument")), first),
             "addressee": row["addressee"], "confidence": "low", "note": note}  # fmt: skip
    if row["voice"] == "reported":
        speaker = first_named(suite.passage(row), book)
        codes |= (
            {"speaker": speaker, "author_attitude": "neutral"} if speaker else {"voice": "author"}
        )
    return codes


def _other(instruments: list[str], first: str) -> str:
    """Return the instrument of what fits nowhere, where the codebook has one."""
    return "other" if "other" in instruments else first


def next_number(suite: Suite, article: str) -> int:
    """Return the number after the highest that an id of the article has in any table."""
    tables = suite.material.tables.values()
    known = (name for table in tables for name in table.cells.column("id"))
    return pasted.next_number(known, f"{article}-")
