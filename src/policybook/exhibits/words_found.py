"""The sentences that hold a word, in the order of the articles, the word marked in each."""

from __future__ import annotations

from markupsafe import Markup

from policybook.exhibits.evidence import more_of
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links
from policybook.exhibits.words import article_facts
from policybook.findings.finding import few, sentence
from policybook.findings.rows import called
from policybook.findings.wording import RELAYED
from policybook.findings.words import word_rows
from policybook.measures.coverage import OWN
from policybook.measures.receipts import Searchable, terms_sought, wanted
from policybook.suite import Row, Selection
from policybook.tables import split

MOST = 150
"""Sentences that a page shows; more are counted."""

LETTERS = 1_200
"""Letters of one sentence: a text without full stops must not fill the page."""

BEFORE = 200
"""Letters that are shown before the first hit, where it stands too far into such a text."""

_KINDS = {
    "recommendation": "Coded as a recommendation, {}",
    "hidden": "Coded, but hidden by the filters",
    "draft": "In a draft row, not counted, on {}",
    "context": "Condition, legal basis or reason of a recommendation on {}",
    "diagnosis": "Coded as a diagnosis: a problem under the heading {}",
    "not coded": "Not coded",
    "article not coded": "The article is not coded yet",
}


def words_found(selection: Selection, word: str) -> Exhibit:
    """Return every sentence with a word, coded or not; a sentence of its own where there is none.

    What is coded says as what, with the notes that lead to its evidence.
    """
    found = word_rows(selection, word)
    if found.empty:
        text = "No sentence to show."
        return Exhibit(tag("p", text, class_="nothing"), text)
    shown = found.head(MOST)
    parts = []
    for article, mine in shown.groupby("article", sort=False, observed=True):
        label = article_facts(selection.suite, str(article))["label"]
        items = (_item(selection, row, word) for row in mine.to_dict("records"))
        parts += [tag("h3", sentence(label)), tag("ul", *items, class_="found")]
    more = more_of(len(found), len(shown), "sentences")
    text = "\n".join(selection.suite.passage(row) for row in shown.to_dict("records"))
    return Exhibit(tag("div", *parts, more), text)


def _item(selection: Selection, row: Row, word: str) -> Markup:
    """Return one sentence with the word marked, its paragraph, and what it is coded as."""
    label = selection.book.label
    names = few(label("instrument", one) for one in split(str(row["instruments"])))
    names = _sides(selection, row) if row["kind"] == "recommendation" else names
    what = _KINDS[str(row["kind"])].format(names)
    ids = dict.fromkeys(split(str(row["shown"])))
    if row["described"] and row["kind"] != "diagnosis":
        problems = few(label("instrument", one) for one in split(str(row["problems"])))
        also = _KINDS["diagnosis"].format(problems)
        what += f"; also {also[:1].lower()}{also[1:]}"
        ids |= dict.fromkeys(split(str(row["described"])))
    links = note_links(selection.suite, tuple(ids))
    facts = tag("div", f"Paragraph {row['paragraph']}. {what}.", links, class_="source")
    return tag("li", _marked(selection.suite.passage(row), word), facts)


def _sides(selection: Selection, row: Row) -> str:
    """Return what a sentence is for and against, and whether that is only relayed."""
    rows, sides = called(selection, split(str(row["shown"]))), dict[str, dict[str, None]]()
    for line in rows[["voice", "author_attitude", "stance", "instrument"]].to_dict("records"):
        attitude = str(line["author_attitude"])
        how = "" if line["voice"] in OWN else f"{RELAYED.get(attitude, 'only relayed')}: "
        side = f"{how}{'for' if line['stance'] == 'supports' else 'against'}"
        name = selection.book.label("instrument", str(line["instrument"]))
        sides.setdefault(side, {})[name] = None
    return "; ".join(f"{side} {few(names)}" for side, names in sides.items())


def _marked(text: str, word: str) -> Markup:
    """Return a sentence with every hit of a word marked.

    >>> _marked("Arms, and the army", "arm")
    Markup('<mark>Arm</mark>s, and the <mark>arm</mark>y')
    """
    hits = [
        (start, _end(text, start, term))
        for start, term in Searchable(text).find(terms_sought([word]))
    ]
    first = hits[0][0] if hits else 0
    begin = 0 if first < LETTERS else first - BEFORE
    stop = min(len(text), begin + LETTERS)
    parts: list[object] = ["…" if begin else ""]
    here = begin
    for start, end in hits:
        if start < stop:
            parts += [text[here:start], tag("mark", text[start : min(end, stop)])]
            here = min(end, stop)
    return joined([*parts, text[here:stop], "…" if stop < len(text) else ""])


def _end(text: str, start: int, term: str) -> int:
    """Return where a hit ends in a text: white space, dashes and accents may be longer there."""
    lengths = (len(term), *range(1, 2 * len(term) + 8))
    ends = (start + n for n in lengths if wanted([text[start : start + n]]) == wanted([term]))
    return next(ends, start + len(term))
