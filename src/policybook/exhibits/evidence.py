"""Rows with their words: quotations, each with its source and what it was coded as."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links
from policybook.exhibits.words import (
    aims,
    article_facts,
    attitude,
    dated,
    labels,
    source,
    speaker,
    stance_words,
)
from policybook.findings.arguments import NO_THEME
from policybook.findings.finding import cited, sentence
from policybook.findings.wording import what
from policybook.suite import Row, Selection, Suite

NOTHING = "Nothing in the selection."

MOST_QUOTATIONS = 60
"""Quotations of one list; of more, the rest is counted. A page must not grow with the table."""


MOST_BRIEF = 30
"""Short quotations under one heading."""


def more_of(total: int, shown: int, what: str) -> Markup:
    """Return the sentence that counts what a list does not show, nothing where it shows all."""
    rest = total - shown
    if rest <= 0:
        return Markup("")
    return tag("p", f"{rest:,} more {what} are not shown; narrow the selection.", class_="nothing")


SIDES = {"supports": "asks for", "opposes": "speaks against"}
"""What a row does, by its stance."""

_IN_WORDS = {"legal basis": "legal_basis", "because": "reason"}
"""What of a row is said in the article's own words, and its column."""


def coding(suite: Suite, row: Row) -> list[tuple[str, str]]:
    """Return what a row says in pairs of a heading and words; what is not said is left out."""
    book = suite.book
    if "stance" not in row:
        heading = book.label("instrument", str(row["instrument"]))
        return [("describes a problem under the heading", heading), *_doubt(suite, row)]
    pairs = [
        ("for" if row["stance"] == "supports" else "against", what(book, row)),
        ("relayed", attitude(row)),
        ("strength", book.label("strength", str(row["strength"]))),
        ("of", labels(suite, "actor", row["addressee"])),
        ("upon", labels(suite, "actor", row["target"])),
        ("aim", aims(suite, row) if row["objective"] != "unspecified" else ""),
        ("by", labels(suite, "means", row["means"]) if row["means"] != "unspecified" else ""),
        *((name, _words(suite, row, name)) for name in ("legal basis", "reason")),
    ]
    if row["condition"]:
        kind = book.label("condition_type", str(row["condition_type"]))
        pairs.insert(3, (f"condition ({kind})", _words(suite, row, "condition", end=".")))
    return [(name, words) for name, words in [*pairs, *_doubt(suite, row)] if words]


def _words(suite: Suite, row: Row, name: str, *, end: str = "") -> str:
    """Return the article's words in a column, and their paragraph if it is not that of the quotation.

    Without an `end` they lose the full stop that would end the note's sentence.
    """
    column = name.replace(" ", "_")
    words = suite.passage(row, column)
    if not words:
        return ""
    number = suite.paragraph(row, column)
    where = f" (paragraph {number})" if number != suite.paragraph(row) else ""
    return f"{cited(words if end else words.rstrip('.'))}{where}"


def _doubt(suite: Suite, row: Row) -> list[tuple[str, str]]:
    """Return how sure the coder was, where he was not wholly."""
    if row["confidence"] == "high":
        return []
    return [("coder's confidence", suite.book.label("confidence", str(row["confidence"])))]


def quotation(suite: Suite, row: Row, *, note: bool = True) -> Markup:
    """Return one row as a quotation with its source and what it was coded as."""
    link = note_links(suite, (str(row["id"]),)) if note else ""
    serves = row.get("serves") or ""
    facts = [tag("span", tag("b", name), " ", words, " ") for name, words in coding(suite, row)]
    return tag(
        "figure",
        tag("blockquote", tag("p", cited(suite.passage(row)), link)),
        tag(
            "figcaption",
            tag("div", tag("cite", sentence(speaker(suite, row)))),
            tag("div", source(suite, row), class_="source"),
            tag("div", "Serves this theme: ", serves, class_="serves") if serves else "",
            tag("div", Markup("· ").join(facts), class_="coding"),
        ),
        class_="quotation",
    )


def no_theme() -> Exhibit:
    """Return the sentence in place of an exhibit on one theme where the selection has none."""
    return Exhibit(tag("p", NO_THEME, class_="nothing"), NO_THEME)


def quotations(selection: Selection, rows: pd.DataFrame) -> Exhibit:
    """Return rows as quotations in their order; a sentence where there is none."""
    if rows.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    records = rows.head(MOST_QUOTATIONS).to_dict("records")
    suite = selection.suite
    more = more_of(len(rows), len(records), "quotations")
    html = tag("div", *(quotation(suite, row) for row in records), more, class_="quotations")
    text = "\n".join(f"{cited(suite.passage(row))} – {source(suite, row)}" for row in records)
    return Exhibit(html, text)


def quotations_by_theme(selection: Selection) -> Exhibit:
    """Return the rows under a heading for each instrument, in the codebook's order.

    Repetitions are left to the evidence: a reader needs each demand once.
    """
    rows, suite = selection.rows, selection.suite
    once = (rows["repeat_of"] == "").to_numpy()
    parts: list[Markup] = []
    texts: list[str] = []
    for instrument, value in selection.book.values("instrument").items():
        mine = np.flatnonzero(once & (rows["instrument"] == instrument).to_numpy())
        if len(mine):
            heading = value.label[:1].upper() + value.label[1:]
            records = rows.iloc[mine[:MOST_BRIEF]].to_dict("records")
            parts += [tag("h3", heading), *(_brief(suite, row) for row in records)]
            parts.append(more_of(len(mine), len(records), "recommendations"))
            texts += [heading, *(suite.passage(row) for row in records)]
    if not parts:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    return Exhibit(joined(parts), "\n".join(texts))


def _brief(suite: Suite, row: Row) -> Markup:
    """Return one row as a quotation with the least a reader needs: who, when, how, under what."""
    fact = article_facts(suite, str(row["article"]))
    words = [sentence(f"{speaker(suite, row)}, {dated(fact)}"), stance_words(suite, row)]
    words += [attitude(row)] if attitude(row) else []
    if row["condition"]:
        words.append(f"condition: {cited(suite.passage(row, 'condition'))}")
    quote = tag("p", cited(suite.passage(row)), note_links(suite, (str(row["id"]),)))
    caption = tag("figcaption", " · ".join(words))
    return tag("figure", tag("blockquote", quote), caption, class_="quotation brief")
