"""The numbers behind claims, and what a note says of an article that was read for a claim.

The surprising rule: no quotation proves that something is not said. Such a claim, and a count,
points to the articles that were read for it, and their notes say by whom, when, and by which rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup

from policybook import dates
from policybook.exhibits.html import tag
from policybook.exhibits.words import placed
from policybook.findings import reading
from policybook.findings.finding import Finding, few
from policybook.problems import count
from policybook.suite import Row, Selection, Suite
from policybook.tables import split

MOST_NOTES = 12
"""Notes that stand behind one claim; of more, the rest is counted."""

MOST_RECEIPTS = 12
"""Articles whose silences a page certifies one by one; the rest are counted."""

ARTICLE = "article:"
"""How the name of a note begins that stands for an article; the id of a row holds no colon."""

TALLY = "firmness"
"""The id of the place in the certificate that holds the tally of the page's findings."""

OF_THE_PAGE = ("doubts", "doubts-needed", "doubts-none")
"""The kinds of sentence that speak of other sentences of the page."""

TO_THE_TALLY = "doubts-tally"
"""The kind that closes them and leads to the tally."""


def note_links(suite: Suite, rows: Sequence[str], *, most: int = MOST_NOTES) -> Markup:
    """Return the numbers of the notes that prove a claim, each a link to its evidence."""
    numbers = [suite.note(row) for row in rows[:most]]
    links = [tag("a", str(n), href=f"#note-{n}", class_="note") for n in numbers]
    more = f" and {len(rows) - most:,} more" if len(rows) > most else ""
    return tag("sup", Markup(" ").join(links), more) if links else Markup("")


def article_links(suite: Suite, articles: Iterable[object]) -> Markup:
    """Return the numbers of the notes of articles that were read for a claim."""
    return note_links(suite, [f"{ARTICLE}{article}" for article in articles])


def known_from(selection: Selection, articles: Sequence[str]) -> Markup:
    """Return the notes of those of some articles that are selected, of all where none is."""
    chosen = selection.articles["id"][selection.articles["id"].isin(articles)].tolist()
    return article_links(selection.suite, chosen or articles)


def proof_links(selection: Selection, finding: Finding) -> Markup:
    """Return the numbers behind a finding: its rows, without any the articles read for it.

    What is said of the page's own sentences rests on their tally, which the certificate holds.
    """
    if finding.code in OF_THE_PAGE:
        return Markup("")
    if finding.code == TO_THE_TALLY:
        return tag("sup", tag("a", "certificate", href=f"#{TALLY}", class_="note"))
    if finding.rows:
        return note_links(selection.suite, finding.rows)
    read = finding.articles or selection.articles["id"].tolist()
    return article_links(selection.suite, read)


def read_note(selection: Selection, article: str) -> Markup:
    """Return what the note of an article says: where it appeared, who read it, and its silences."""
    fact, label = selection.suite.facts[article], selection.book.label
    who = "not coded"
    if fact["coder"]:
        day = dates.partial(str(fact["coded_on"]))
        coder = label("coder", str(fact["coder"]))
        who = f"read by {coder}, {day}, codebook {fact['codebook_version']}"
    return tag("span", f"{placed(fact)}; {who}", *_silences(selection, article), class_="coding")


def _silences(selection: Selection, article: str) -> tuple[str | Markup, ...]:
    """Return the end of such a note: the silence on the theme, or where the receipts of all stand."""
    cells = silent(selection)
    cells = cells[cells["article"] == article]
    if cells.empty:
        return (".",)
    if selection.theme:
        return (f"; {receipts(selection, cells)[article]}.",)
    if article not in set(selection.articles["id"].head(MOST_RECEIPTS)):
        return (".",)
    where = tag("a", "in the certificate", href=f"#{silence_id(article)}")
    return ("; what it is silent on stands ", where, ".")


def silent(selection: Selection) -> pd.DataFrame:
    """Return the cells of all articles that a note of one may tell of, looked up once."""
    known = selection.memo.get("silent")
    if isinstance(known, pd.DataFrame):
        return known
    if selection.theme:
        cells = reading.unspoken(selection, selection.theme)
    else:
        cells = reading.silent(selection, list(selection.book.values("instrument")))
    selection.memo["silent"] = cells
    return cells


def silence_id(article: str) -> str:
    """Return the id of the place in the certificate that holds an article's silences."""
    return f"silence-{article}"


def receipts(selection: Selection, cells: pd.DataFrame) -> dict[str, str]:
    """Return for each article what it says nothing on, and what a search for its words finds there.

    Silent is only who prescribes something elsewhere.
    """
    label, parts = selection.book.label, dict[str, list[str]]()
    for line in reading.receipts(selection, cells.assign(state="silent")).to_dict("records"):
        words = f"{label('instrument', str(line['instrument']))} ({_search(line)})"
        parts.setdefault(str(line["article"]), []).append(words)
    silent_ = set(cells.loc[cells["state"] == "silent", "article"].astype(str))
    return {
        name: f"{'silent' if name in silent_ else 'nothing coded'} on {', '.join(words)}"
        for name, words in parts.items()
    }


def _search(line: Row) -> str:
    """Return what the search for an instrument's terms found in a silent article."""
    terms = len(split(str(line["terms"])))
    hits = line["hits"]
    if not terms or hits != hits:  # noqa: PLR0124  (not a number: nothing was searched)
        return "no terms to search"
    if not hits:
        return f"{count(terms, 'term')}, no hit"
    found = few(split(str(line["found"])), most=3)
    return f"{count(terms, 'term')}, {count(int(hits), 'hit')}: {found}"
