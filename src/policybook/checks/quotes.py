"""Rules about quotations: each stands, word for word and once, in the article it names.

A quotation that is not found is answered with the closest passage, which only proposes.
That search is bounded for the whole run, so that a table full of wrong quotations takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from policybook import anchors
from policybook.material import SEEDS, Material, prefix_of
from policybook.problems import Problem, quoted
from policybook.table import Table

SEARCHED_CHARACTERS = 4_000_000
"""Characters of text searched for closest passages in one table; about two seconds."""


@dataclass(slots=True)
class _Search:
    """Texts of articles, prepared once, and how much may still be searched."""

    material: Material
    left: int = SEARCHED_CHARACTERS
    texts: dict[str, anchors.Text | None] = field(default_factory=dict)

    def text(self, article: str) -> anchors.Text | None:
        """Return an article's text, prepared; None where it cannot be read."""
        if article not in self.texts:
            if len(self.texts) > 50:  # a table full of errors must not hold every text
                self.texts.clear()
            text = self.material.corpus.text(article)
            self.texts[article] = anchors.prepare(text) if text is not None else None
        return self.texts[article]

    def spend(self, characters: int) -> bool:
        """Tell whether so many characters may still be searched, and count them."""
        self.left -= characters
        return self.left >= 0


def check(material: Material, name: str) -> Iterator[Problem]:
    """Yield the quotations of a table that are not found, or found more than once."""
    table = material.tables[name]
    search = _Search(material)
    articles = table.codes("article")
    for column, found in material.found.get(name, {}).items():
        quotes = table.cells.column(column)
        for row, hits in enumerate(found.hits):
            if hits == 1 or not quotes[row] or articles[row] not in material.corpus.rows:
                continue
            text = search.text(articles[row])
            if text is not None:
                yield _problem(table, row, column, text, search)


def _problem(
    table: Table, row: int, column: str, text: anchors.Text, search: _Search
) -> Problem:
    """Return what is wrong with a quotation that does not stand exactly once in its article."""
    quote = table.cells.column(column)[row]
    if not anchors.normalise(quote):
        hint = "Copy the words from the article, or empty the cell."
        return table.cells.problem(
            "quote-blank", f"`{column}` holds only white space", row=row, column=column, hint=hint
        )
    spans = anchors.locate(quote, text, most=20)
    if len(spans) == 0:
        return _not_found(table, row, column, text, search)
    prefix = prefix_of(table, column)
    lines = ", ".join(str(anchors.line(text.original, span.start)) for span in spans)
    seed = _seed(search.material, table.codes("article")[row])
    if table.cells.column(prefix)[row].strip():
        return table.cells.problem(
            "prefix-wrong", f"`{column}` does not stand once after the words in `{prefix}`",
            row=row, column=prefix, evidence=(("coded", quoted(quote)), ("lines", lines)),
            hint=f"Copy into `{prefix}` the words just before the one that is meant in {seed}.",
        )  # fmt: skip
    return table.cells.problem(
        "quote-ambiguous", f"stands more than once in {seed}",
        row=row, column=column, evidence=(("coded", quoted(quote)), ("lines", lines)),
        hint=f"Copy the words just before the one that is meant into `{prefix}`.",
    )  # fmt: skip


def _not_found(
    table: Table, row: int, column: str, text: anchors.Text, search: _Search
) -> Problem:
    """Return the problem of a quotation that stands nowhere in its article."""
    quote, article = table.cells.column(column)[row], table.codes("article")[row]
    evidence = [("coded", quoted(quote))]
    elsewhere = _elsewhere(quote, article, search)
    hint = f"Copy the words from the article, or correct `article` (now {quoted(article)})."
    if elsewhere:
        evidence.append(("found in", f"{_seed(search.material, elsewhere)} ({elsewhere})"))
    elif not search.spend(anchors.cost(quote, text)):
        evidence.append(("closest", "not sought: too many quotations are wrong"))
    elif span := anchors.closest(quote, text):
        passage = quoted(text.original[span.start : span.end])
        evidence.append(("closest", f"{passage}   (line {anchors.line(text.original, span.start)})"))
    else:
        evidence.append(("closest", "no passage is near"))
    return table.cells.problem(
        f"{column}-not-found", f"not found in {_seed(search.material, article)}",
        row=row, column=column, evidence=tuple(evidence), hint=hint,
    )  # fmt: skip


def _elsewhere(quote: str, article: str, search: _Search) -> str:
    """Return another article that holds the quotation word for word, if one is found in time."""
    if len(quote) < 12:  # a word or two stand in many articles and prove nothing
        return ""
    for other in search.material.corpus.rows:
        if other != article:
            text = search.text(other)
            if text is not None:
                if not search.spend(len(text.normal)):
                    return ""
                if anchors.locate(quote, text, most=1):
                    return other
    return ""


def _seed(material: Material, article: str) -> str:
    """Return the file of an article as messages name it."""
    return f"{SEEDS}/{material.corpus.fact(article, 'file')}"


