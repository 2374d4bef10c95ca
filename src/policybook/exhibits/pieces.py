"""The pieces of a notebook: answer, scope, tables, caveats and colophon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook import dates
from policybook.codebook import Codebook
from policybook.exhibits.evidence import NOTHING
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links, proof_links
from policybook.exhibits.words import (
    INFERRED,
    aims,
    article_facts,
    attitude,
    coded_by,
    counting_line,
    dated,
    labels,
    quoted_words,
    scope_line,
    speaker,
)
from policybook.findings.finding import Finding, few, number, sentence, with_article
from policybook.findings.opening import SELDOM
from policybook.findings.wording import what
from policybook.suite import Row, Selection

MOST_LINES = 120
"""Lines of one table of recommendations; its caption tells how many there are."""


def scope(selection: Selection, *, about: str = "") -> Exhibit:
    """Return what the notebook looks at in one line, above the answer.

    `about` names what the page is about where that is not the theme: an actor, an end, a word.
    """
    theme = selection.book.label("instrument", selection.theme) if selection.theme else ""
    theme = about or theme
    kicker = tag("p", sentence(theme), class_="kicker") if theme else Markup("")
    line = scope_line(selection)
    return Exhibit(tag("div", kicker, tag("p", line, class_="scope"), class_="head"), line)


def answer(selection: Selection, findings: Sequence[Finding]) -> Exhibit:
    """Return findings as sentences, each with the notes that prove it; nothing where there are none.

    `findings` are what a function of `policybook.findings` returns, or of `robustness`.
    """
    if not findings:
        return Exhibit(Markup(""), "")
    items = [
        tag(
            "li",
            finding.text,
            proof_links(selection, finding),
            tag("span", " ", finding.caveat, class_="caveat") if finding.caveat else "",
        )
        for finding in findings
    ]
    text = "\n".join(finding.text for finding in findings)
    return Exhibit(tag("ul", *items, class_="answer"), text)


def table(rows: pd.DataFrame, *, caption: str, numbers: Sequence[str] = ()) -> Exhibit:
    """Return a DataFrame as a table with a caption; a sentence where it is empty.

    The first column heads its row; columns in `numbers` are aligned as numbers.
    """
    if rows.empty:
        return Exhibit(tag("p", f"{caption}: nothing in the selection.", class_="nothing"), NOTHING)
    classes = ["number" if name in numbers else None for name in rows.columns]
    head = [
        _heading(name, scope="col", class_=c) for name, c in zip(rows.columns, classes, strict=True)
    ]
    body = [
        tag(
            "tr",
            _heading(values[0], scope="row"),
            *(tag("td", v, class_=c) for v, c in zip(values[1:], classes[1:], strict=True)),
        )
        for values in rows.itertuples(index=False, name=None)
    ]
    html = tag(
        "table", tag("caption", caption), tag("thead", tag("tr", *head)), tag("tbody", *body)
    )
    return Exhibit(tag("div", html, class_="table", tabindex="0"), rows.to_string(index=False))


def _heading(words: object, **attributes: object) -> Markup:
    """Return the heading of a column or a row; an empty one is a cell, for it names nothing."""
    return tag("th", words, **attributes) if str(words) else tag("td")


def recommendations(selection: Selection, rows: pd.DataFrame) -> Exhibit:
    """Return rows as a table: who, when, how firmly, of whom, upon whom, to what end, by which means.

    The number in the first column leads to the words.
    """
    shown = rows.head(MOST_LINES)
    lines = [_recommendation(selection, row) for row in shown.to_dict("records")]
    whole = len(shown) == len(rows)
    which = "Every recommendation" if whole else f"The first {len(shown):,} of {len(rows):,} rows"
    return table(pd.DataFrame(lines), caption=f"{which}, in order of time")


def _recommendation(selection: Selection, row: Row) -> dict[str, object]:
    """Return one row as a line of the table."""
    suite = selection.suite
    fact = article_facts(suite, str(row["article"]))
    nobody = "nobody named"
    means = labels(suite, "means", row["means"])
    end = aims(suite, row)
    return {
        "Who and when": joined(
            [
                sentence(f"{speaker(suite, row)}, {dated(fact)}"),
                note_links(suite, (str(row["id"]),)),
            ]
        ),
        "Asks": asking(suite.book, row),
        "Of whom": labels(suite, "actor", row["addressee"]) or nobody,
        "Upon whom": labels(suite, "actor", row["target"]) or nobody,
        "To what end": end if row["means"] == "unspecified" else f"{end}; by {means}",
        "Under which condition": quoted_words(suite, row, "condition", "none"),
        "Remark": remark(row),
    }


def asking(book: Codebook, row: Row) -> str:
    """Return how firmly a row is for or against what, in a few words."""
    side = "for" if row["stance"] == "supports" else "against"
    return f"{book.label('strength', str(row['strength']))}: {side} {what(book, row)}"


def remark(row: Row) -> str:
    """Return what a reader has to know of a row beside what it says."""
    remarks = ["serves the theme"] if row.get("serves") else []
    remarks += [attitude(row)] if attitude(row) else []
    remarks += ["repeats an earlier one"] if row["repeat_of"] else []
    remarks += [f"{row['confidence']} confidence"] if row["confidence"] != "high" else []
    return "; ".join(remarks)


def left_out(selection: Selection) -> Exhibit:
    """Return which articles the selection leaves out, and why."""
    rows = selection.left_out
    if rows.empty:
        text = "No article of the suite is left out."
    else:
        parts = [
            f"{label}: {why}" for label, why in zip(rows["label"], rows["reason"], strict=True)
        ]
        text = f"Left out: {few(parts, most=12, mark=';')}."
    text += _perhaps_outside(selection)
    return Exhibit(tag("p", text), text)


def _perhaps_outside(selection: Selection) -> str:
    """Return which selected articles may have appeared outside the limits of time; empty where none may."""
    first, last = (dates.bounds(str(selection.asked[name])) for name in ("from_date", "to_date"))
    facts = selection.articles
    early = facts["earliest"] < pd.Timestamp(first[0]) if first else False
    late = facts["latest"] > pd.Timestamp(last[1]) if last else False
    loose = facts.loc[np.broadcast_to(early | late, len(facts)), "label"].tolist()
    if not loose:
        return ""
    return f" Kept, although their dates leave open whether they lie within the limits of time: {few(loose)}."


def before_you_quote(selection: Selection, *, counted: str = "") -> Exhibit:
    """Return what a reader has to know before quoting: coding, silence, genre, authorship.

    `counted` says what the page counts where that is not the selection's counting rule.
    """
    rule = f"Counted: {counted}." if counted else counting_line(selection)
    points = [
        f"How it was read: {coded_by(selection.suite, selection.coded)}. {rule}",
        "To prescribe nothing is not to oppose: an article that asks for nothing on a theme has not rejected it.",
        *_genres(selection),
        *_unnamed(selection),
        *_outlets(selection),
    ]
    return Exhibit(tag("ul", *(tag("li", p) for p in points), class_="caveats"), "\n".join(points))


def _genres(selection: Selection) -> list[str]:
    """Return which of the articles are of a genre whose business is not to prescribe."""
    genres = selection.book.values("genre")
    silent = [name for name, genre in genres.items() if genre.extra.get("prescribes") is False]
    articles = selection.articles[selection.articles["genre"].isin(silent)]
    parts = [
        f"{label}, {with_article(selection.book.label('genre', genre))}"
        for label, genre in zip(articles["label"], articles["genre"], strict=True)
    ]
    return [f"Genre differs. {SELDOM}: {few(parts, most=6, mark=';')}."] if parts else []


def _outlets(selection: Selection) -> list[str]:
    """Return of which articles the outlet is inferred: names of speakers may hold it."""
    facts = selection.articles
    guessed = facts.loc[facts.get("outlet_basis", facts["by"]) == INFERRED, "label"]
    if guessed.empty:
        return []
    names = few(guessed, most=6)
    return [
        f"Outlet inferred, not printed: {names}. An author named after the outlet is named no more surely."
    ]


def _unnamed(selection: Selection) -> list[str]:
    """Return how many articles have no established author."""
    unnamed = selection.articles[selection.articles["by"] == ""]
    if unnamed.empty:
        return []
    guesses = int((unnamed["possible_authors"] != "").sum())
    only = len(selection.articles) == 1
    which = "the article" if only else f"{number(len(unnamed))} of the articles"
    likely = "likely names" if only else f"likely names for {number(guesses)}"
    more = f"; {likely} stand in seeds/articles.csv, marked as guesses" if guesses else ""
    who = "The author" if len(unnamed) == 1 else "The authors"
    return [f"{who} of {which} {'is' if len(unnamed) == 1 else 'are'} not established{more}."]
