"""One article: what is known of it, and what its author asks for in the order of the text."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from policybook import dates
from policybook.corpus import guesses
from policybook.exhibits.evidence import NOTHING
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, note_links
from policybook.exhibits.pieces import MOST_LINES, asking, table
from policybook.exhibits.words import aims, labels, quoted_words, scope_line, within
from policybook.findings.arguments import checked
from policybook.findings.finding import cited, few, listed, names_of, sentence
from policybook.findings.independence import percent
from policybook.suite import Row, Selection


@checked(article="article")
def article_scope(selection: Selection, article: str) -> Exhibit:
    """Return what a page on one article looks at: its name above the question, then the scope.

    `article` is the id of an article of the suite; `ParameterError` for any other.
    """
    line = scope_line(selection)
    name = sentence(few(names_of(selection.articles, [article])))
    kicker = tag("p", name, class_="kicker") if name else Markup("")
    return Exhibit(tag("div", kicker, tag("p", line, class_="scope"), class_="head"), line)


@checked(article="article")
def about_article(selection: Selection, article: str) -> Exhibit:
    """Return what is known of one article, fact by fact, each with what it rests on.

    `article` is the id of an article of the suite; `ParameterError` for any other.
    A sentence where the selection leaves it out.
    """
    facts = selection.articles[selection.articles["id"] == article]
    if facts.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    fact, book = facts.iloc[0].to_dict(), selection.book
    coder = book.label("coder", str(fact["coder"])) if fact["coder"] else "not coded"
    guessed = listed(
        f"{book.label('actor', who)} ({book.label('basis', basis)}, about {percent(share)})"
        for who, basis, share in guesses(str(fact["possible_authors"])) or []
    )
    pairs = [
        ("Title", cited(str(fact["title"])), fact.get("title_basis")),
        ("Author", fact["by"] or "not established", fact["authors_basis"]),
        ("Likely author", guessed, ""),
        ("Coauthor of what is quoted", labels(selection.suite, "actor", fact.get("coauthors", "")), "text"),
        ("Outlet", fact["outlet"], fact["outlet_basis"]),
        ("Published", within(fact), fact["date_basis"]),
        ("Basis of the date", fact.get("date_note"), ""),
        ("Genre", book.label("genre", str(fact["genre"])), fact.get("genre_basis")),
        ("Coded by", f"{coder}, {dates.partial(str(fact['coded_on']))}".rstrip(", "), ""),
        ("Remark", fact["note"], ""),
    ]  # fmt: skip
    lines = [
        {"Fact": name, "What": what, "Basis": book.label("basis", str(basis)) if basis else ""}
        for name, what, basis in pairs
        if what
    ]
    caption = joined(["What is known of the article", article_links(selection.suite, [article])])
    return table(pd.DataFrame(lines), caption=caption)


def demands(selection: Selection, rows: pd.DataFrame) -> Exhibit:
    """Return the recommendations of one article in the order of its text, each in its own words.

    `rows` are those of `findings.asked_rows`, or any others of `selection.rows`.
    """
    shown: list[Row] = [*rows.head(MOST_LINES).to_dict("records")]
    whole = len(shown) == len(rows)
    which = "Every recommendation" if whole else f"The first {len(shown):,} of {len(rows):,} rows"
    lines, before = [], ""
    for row in shown:
        words = selection.suite.passage(row)
        lines.append(_step(selection, row, "the same words" if words == before else cited(words)))
        before = words
    return table(pd.DataFrame(lines), caption=f"{which}, in the order of the text")


def _step(selection: Selection, row: Row, words: str) -> dict[str, object]:
    """Return one recommendation as a line of the table."""
    suite, label = selection.suite, selection.book.label
    remarks = ["repeats an earlier one"] if row["repeat_of"] else []
    if row["confidence"] != "high":
        remarks.append(f"{label('confidence', str(row['confidence']))} confidence")
    return {
        "Asks": joined([sentence(asking(suite.book, row)), note_links(suite, (str(row["id"]),))]),
        "In these words": words + (f" ({'; '.join(remarks)})" if remarks else ""),
        "Of whom": labels(suite, "actor", row["addressee"]) or "nobody named",
        "Upon whom": labels(suite, "actor", row["target"]) or "nobody named",
        "To what end, by which means": _ends(selection, row),
        "Condition": quoted_words(suite, row, "condition", "none"),
    }


def _ends(selection: Selection, row: Row) -> str:
    """Return the objectives and means of a row in words."""
    suite = selection.suite
    end, means = aims(suite, row), labels(suite, "means", row["means"])
    return end if row["means"] == "unspecified" else f"{end}; by {means}"
