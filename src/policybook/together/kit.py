"""A folder for a second coder: articles with numbered sentences, the codebook, an empty table.

The surprising rule: nothing in it comes from a coding. The codebook's examples are quotations of
coded rows, so that one that stands in an article of the kit is left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

from policybook import anchors
from policybook.codebook import NO_EXAMPLE, Codebook, Column, Value
from policybook.exchange import workbook
from policybook.exhibits.html import joined, tag
from policybook.measures.passages import sentences
from policybook.problems import ParameterError, Problem
from policybook.suite import Suite

TABLE, BOOK = "coding.xlsx", "codebook.html"
OWN = ("status", "coder", "confirmed_by", "author")
"""Columns of the project's bookkeeping, which a second coder does not fill."""

HOW = (
    "Read each article of the folder articles from its beginning to its end.",
    "Fill one line of the sheet coding in coding.xlsx for each recommendation; what one is, stands below.",
    "Copy its words from the page of the article into the column quote, to the letter.",
    "Choose the other values from the lists of their cells; where several may stand, with ; between.",
    "What the help of a column calls required is filled; what an empty cell means elsewhere, stands below.",
    "Save the workbook under its name and send it back. Ask nobody how he coded the same article.",
)
"""What a second coder does, who has nothing but the folder."""

STYLE = """body{font:1.1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem}
li{margin:.4rem 0}li::marker{font:.8rem sans-serif;color:#666}dt{font-weight:bold;margin-top:.6rem}"""


def make(suite: Suite, articles: Sequence[str], out: Path) -> Path:
    """Write a kit for these articles into a new folder, all of it or nothing.

    Raises `ParameterError` for an article that is none and a folder that is there.
    """
    wrong = [p for name in articles if (p := suite.problem_with("articles", name))]
    if out.exists():
        message, hint = "is there already", "Name a new folder: a kit never mixes with another."
        wrong.append(Problem(str(out), None, None, "out", message, (), hint))
    if wrong:
        raise ParameterError(wrong)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".unfinished-") as scratch:
        made = Path(scratch) / "kit"
        (made / "articles").mkdir(parents=True)
        for name in articles:
            page = _article(name, suite.text(name))
            (made / "articles" / f"{name}.html").write_bytes(page)
        texts = [anchors.prepare(suite.text(name)) for name in articles]
        (made / BOOK).write_bytes(_book(suite.book, texts))
        title = f"Coding by {suite.book.name or 'the codebook'} {suite.book.version}"
        table = workbook.written(list(_offered(suite, articles)), title=title)
        (made / TABLE).write_bytes(table)
        made.rename(out)
    return out


def columns(book: Codebook) -> list[Column]:
    """Return the columns that a second coder fills, in the codebook's order."""
    return [c for c in book.columns.get("recommendations", {}).values() if c.name not in OWN]


def _offered(suite: Suite, articles: Sequence[str]) -> Iterator[workbook.Offered]:
    """Yield the columns of the empty table with what may be chosen in them."""
    for column in columns(suite.book):
        known = list(suite.book.values(column.values)) if column.values else []
        values = list(articles) if column.values == "article" else known
        need = "Required. " if column.required and column.kind != "id" else ""
        told = f"{need}{column.definition}"
        yield workbook.Offered(column.name, told, values, several=column.kind == "codes")


def _page(title: str, *body: object) -> bytes:
    """Return a page that needs nothing from anywhere and runs nothing."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("title", title),
        tag("style", Markup(STYLE)),  # noqa: S704  (a literal of ours)
    )
    page = tag("html", head, tag("body", tag("h1", title), *body), lang="en")
    return f"<!doctype html>\n{page}\n".encode("utf-8", "replace")


def _article(name: str, text: str) -> bytes:
    """Return an article with its sentences numbered; numbers are not copied with the words."""
    items = [tag("li", text[start:end]) for start, end in sentences(text)]
    return _page(name, tag("ol", *items))


def _book(book: Codebook, texts: Sequence[anchors.Text]) -> bytes:
    """Return the codebook as a page: what to do, what a row is, every column, every value."""
    said = book.data.get("unit")
    entries = said if isinstance(said, dict) else {}
    unit = [str(entries.get(name, "")) for name in ("definition", "include", "exclude")]
    parts = [
        tag("h2", "What to do"),
        tag("ol", *(tag("li", step) for step in HOW)),
        tag("h2", "What one row is"),
        *(tag("p", words) for words in unit[:2] if words),
        tag("p", "Not: ", unit[2]) if unit[2] else "",
    ]
    for column in columns(book):
        values = [] if column.values in {"", "article"} else book.values(column.values).values()
        listed = [_entry(value, texts) for value in values]
        parts += [
            tag("h2", column.label, " (", column.name, ")"),
            tag("p", column.definition, " ", column.include),
            tag("p", "Not: ", column.exclude) if column.exclude else "",
            _empty(book, column),
            tag("dl", *listed) if listed else "",
        ]
    return _page(f"{book.name or 'Codebook'} {book.version}", *parts)


def _empty(book: Codebook, column: Column) -> Markup:
    """Return what an empty cell of a column means, where it has a meaning."""
    means = column.default_means or book.label(column.values, column.default)
    return tag("p", "An empty cell means: ", means, ".") if means else Markup("")


def _entry(value: Value, texts: Sequence[anchors.Text]) -> Markup:
    """Return one value with what it means, and an example that gives nothing away."""
    told = [value.definition, value.include, f"Not: {value.exclude}" if value.exclude else ""]
    example = value.example
    shown = bool(example) and example != NO_EXAMPLE
    if shown and not any(anchors.locate(example, text) for text in texts):
        told.append(f"Example: “{example}”")
    name = tag("dt", value.label, " – ", tag("code", value.id))
    return joined([name, tag("dd", " ".join(part for part in told if part))])
