"""What was read and when: the reading list, tables of courses, shifts and silences.

The surprising rule: a table that shows rows always carries their notes, in its first column.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook import dates
from policybook.exhibits.evidence import NOTHING, more_of, no_theme
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, known_from, note_links
from policybook.exhibits.pieces import table
from policybook.exhibits.windows import stretch
from policybook.exhibits.words import (
    INFERRED,
    dated,
    labels,
    quoted_words,
    source,
    speaker,
    within,
)
from policybook.findings import reading, time
from policybook.findings.finding import cited, few, listed, names_of, sentence
from policybook.findings.rows import called, shown_rows
from policybook.measures import timeline as measure
from policybook.measures.agreement import OTHER
from policybook.suite import Row, Selection
from policybook.tables import split

MOST_LINES = 60
"""Lines of one table; its caption tells how many there are."""


def _lines(rows: pd.DataFrame, caption: str) -> tuple[list[Row], str]:
    """Return as many lines as a page holds, and a caption that tells of the rest."""
    shown: list[Row] = [*rows.head(MOST_LINES).to_dict("records")]
    if len(shown) < len(rows):
        caption += f"; the first {len(shown):,} of {len(rows):,} lines"
    return shown, caption


def reading_list(selection: Selection) -> Exhibit:
    """Return the articles in order of time: who, where, when and on what basis, how much, coded how."""
    facts = selection.articles.merge(reading.sizes(selection), left_on="id", right_on="article")
    shown, caption = _lines(facts, "The articles, in order of time")
    lines = [_article(selection, fact) for fact in shown]
    counts = ("Sentences", "Own", "Relayed", "Described")
    return table(pd.DataFrame(lines), caption=caption, numbers=counts)


def _article(selection: Selection, fact: Row) -> dict[str, object]:
    """Return one article as a line of the reading list."""
    book = selection.book
    basis = book.label("basis", str(fact["date_basis"]))
    coded = str(fact["codebook_version"]) if fact["coder"] else "not coded"
    return {
        "Article": joined(
            [cited(str(fact["title"])), article_links(selection.suite, [fact["id"]])]
        ),
        "By": sentence(str(fact["by"] or fact["speaker_label"])),
        "Outlet": _marked(fact["outlet"] or "not known", fact.get("outlet_basis")),
        "Published": f"{within(fact)} ({basis})",
        "Genre": _marked(book.label("genre", str(fact["genre"])), fact.get("genre_basis")),
        "Sentences": f"{fact['sentences']:,}",
        "Own": f"{fact['own']:,}",
        "Relayed": f"{fact['relayed']:,}",
        "Described": f"{fact['diagnosed']:,}",
        "Codebook": coded,
    }


def _marked(words: object, basis: object) -> str:
    """Return a fact in words, marked where it is inferred."""
    return f"{words} (inferred)" if basis == INFERRED else str(words)


def appearances(selection: Selection) -> Exhibit:
    """Return the course of every instrument over time, with the notes that prove it."""
    if selection.articles.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    found = time.course(selection)
    found = found[found["instrument"] != OTHER]  # a code that shares no demand has no course
    apart = found["kind"].isin(["never", "filtered out"])
    shown, caption = _lines(found[~apart], "First and last, by instrument")
    lines = [_appearance(selection, line) for line in shown]
    drawn = table(pd.DataFrame(lines), caption=caption, numbers=("Articles", "Left out later"))
    texts = [
        f"{words}: {few((selection.book.label('instrument', i) for i in group['instrument']), most=30)}."
        + time.PARTLY * bool((group["not_coded"] > 0).any() and kind == "never")
        for kind, words in _APART.items()
        if len(group := found[found["kind"] == kind])
    ]
    html = joined([drawn.html, *(tag("p", text) for text in texts)])
    return Exhibit(html, "\n".join([drawn.text, *texts]))


_APART = {
    "never": "Prescribed by no author of the selected articles",
    "filtered out": "Hidden by the filters in an article at least, and so without a course",
}
"""Instruments that have no line of their own, and the words before their names."""


def _appearance(selection: Selection, line: Row) -> dict[str, object]:
    """Return the course of one instrument as a line of the table."""
    name, kind = str(line["instrument"]), str(line["kind"])
    words = [sentence(time.sided(selection, name))]
    notes = note_links(selection.suite, time.proof(selection, [name]))
    ends = [
        sentence(few(names_of(selection.articles, split(str(line[end])))))
        or "hidden by the filters"
        for end in ("first", "last")
    ]
    return {
        "Instrument": joined([*words, notes]),
        "Course": time.HEADS[kind].lower(),
        "First": ends[0],
        "Last": "the same" if ends[0] == ends[1] and line["articles"] == 1 else ends[1],
        "Articles": f"{line['articles']:,}",
        "Left out later": stretch(int(line["later"]), int(line["perhaps_later"])),
    }


def shifts(selection: Selection) -> Exhibit:
    """Return how the theme is prescribed or relayed, article by article, every wording a line.

    The selection has to have a theme, `suite.select(theme=…)`; without one, a sentence says so.
    See `measures.shift`.
    """
    if selection.articles.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    if not selection.theme:
        return no_theme()
    found = measure.shift(shown_rows(selection), selection.theme, articles=selection.articles)
    shown, caption = _lines(found, "Each wording, in order of time")
    firsts = [split(str(line["rows"]))[0] for line in shown]
    rows = called(selection, firsts).to_dict("records")
    every: dict[str, Row] = {str(row["id"]): row for row in rows}
    return table(pd.DataFrame([_shift(selection, line, every) for line in shown]), caption=caption)


def _shift(selection: Selection, line: Row, every: dict[str, Row]) -> dict[str, object]:
    """Return one wording as a line of the table."""
    suite, label = selection.suite, selection.book.label
    ids = tuple(split(str(line["rows"])))
    row = every[ids[0]]
    said = f"{speaker(suite, row)}, {dated(suite.facts[str(row['article'])])}"
    means = labels(suite, "means", line["means"]) if line["means"] != "unspecified" else ""
    stance = str(line["stance"])
    return {
        "Who and when": joined([sentence(said), note_links(suite, ids)]),
        "Strength": f"{label('strength', str(line['strength']))}"
        + ("" if stance == "supports" else f" ({label('stance', stance)})"),
        "Under which condition": quoted_words(suite, row, "condition", "none"),
        "Of whom": labels(suite, "actor", line["addressee"]) or "nobody named",
        "Upon whom": labels(suite, "actor", line["target"]) or "nobody named",
        "Legal basis": quoted_words(suite, row, "legal_basis", "none named"),
        "By which means": means or "none named",
    }


def events(selection: Selection) -> Exhibit:
    """Return which articles were written before and after each dated event, and who names it."""
    known = measure.event_dates(selection.book).sort_values(["earliest", "latest"], kind="stable")
    if known.empty or selection.articles.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    shown, caption = _lines(known, "Dated events, and what was written before and after")
    lines = [_event(selection, line) for line in shown]
    return table(pd.DataFrame(lines), caption=caption)


def _event(selection: Selection, event: Row) -> dict[str, object]:
    """Return one event as a line of the table."""
    written = measure.relate(selection.articles, pd.DataFrame([event]))
    names = selection.articles["id"].isin(split(str(event["articles"]))).to_numpy()
    return {
        "Event": joined([event["label"], known_from(selection, split(str(event["articles"])))]),
        "When": event["when"],
        "Written before it": _all_or_few(selection, written == "before"),
        "Of the same days": _all_or_few(selection, written == "overlaps"),
        "Written after it": _all_or_few(selection, written == "after"),
        "Mentioned by": _all_or_few(selection, names),
    }


def _all_or_few(selection: Selection, which: np.ndarray) -> str:
    """Return some of the selected articles; a word where they are all of many, a dash for none."""
    names, most = selection.articles.loc[which, "label"].tolist(), 3
    if len(selection.articles) == len(names) > most:
        return "All"
    return sentence(few(names, most=most)) or "–"


def receipts(selection: Selection) -> Exhibit:
    """Return the receipt of every silence, the named themes first: who read, when, what a search finds."""
    if selection.articles.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    cells = reading.silent(selection, list(selection.book.values("instrument")))
    shown, caption = _lines(_by_theme(selection, cells), "Each silence with its receipt")
    found = reading.receipts(selection, pd.DataFrame(shown, columns=cells.columns))
    lines = [_receipt(selection, line) for line in found.to_dict("records")]
    return table(pd.DataFrame(lines), caption=caption, numbers=("Hits",))


def _by_theme(selection: Selection, cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells instrument by instrument, in the order of the codebook: the named themes first."""
    ranks = {name: rank for rank, name in enumerate(selection.book.values("instrument"))}
    return cells.iloc[cells["instrument"].map(ranks).argsort(kind="stable")]


def _receipt(selection: Selection, line: Row) -> dict[str, object]:
    """Return one receipt as a line of the table."""
    book, hits = selection.book, line["hits"]
    where = f"{line['found']}, {_paragraphs(str(line['paragraphs']))}" if line["found"] else "–"
    day = dates.partial(str(line["coded_on"]))
    terms = split(str(line["terms"]))
    return {
        "Silent on": sentence(book.label("instrument", str(line["instrument"]))),
        "Article": joined(
            [
                sentence(selection.labels[str(line["article"])]),
                article_links(selection.suite, [line["article"]]),
            ]
        ),
        "Read by": f"{book.label('coder', str(line['coder']))}, {day}, codebook {line['codebook_version']}",
        "Terms sought": few(terms, most=12) or "none defined",
        "Hits": "–" if pd.isna(hits) else f"{hits:,}",
        "Found": where,
    }


def _paragraphs(cell: str) -> str:
    """Return the paragraphs of hits in words.

    >>> _paragraphs("3"), _paragraphs("3, 5")
    ('paragraph 3', 'paragraphs 3 and 5')
    """
    numbers = cell.split(", ")
    return f"paragraph{'s' * (len(numbers) > 1)} {listed(numbers)}"


def diagnoses(selection: Selection, rows: pd.DataFrame) -> Exhibit:
    """Return passages that describe a problem, under a heading for each instrument they call up.

    `rows` are those of `findings.diagnosed_rows`, or any others of `selection.diagnoses`.
    """
    parts: list[Markup] = []
    texts: list[str] = []
    for instrument, value in selection.book.values("instrument").items():
        mine = rows[rows["instrument"] == instrument]
        if len(mine):
            head, (shown, _) = sentence(value.label), _lines(mine, "")
            parts += [tag("h3", head), *(_diagnosis(selection, row) for row in shown)]
            parts.append(more_of(len(mine), len(shown), "passages"))
            texts += [head, *(selection.suite.passage(row) for row in shown)]
    if not parts:
        text = "There is no such passage."
        return Exhibit(tag("p", text, class_="nothing"), text)
    return Exhibit(joined(parts), "\n".join(texts))


def _diagnosis(selection: Selection, row: Row) -> Markup:
    """Return one passage that describes a problem, with its source and the coder's doubt."""
    suite, sure = selection.suite, str(row["confidence"])
    words = [sentence(speaker(suite, row)), source(suite, row)]
    if sure != "high":
        words.append(f"coder's confidence {selection.book.label('confidence', sure)}")
    quote = tag("p", cited(suite.passage(row)), note_links(suite, (str(row["id"]),)))
    caption = tag("figcaption", " · ".join(words))
    return tag("figure", tag("blockquote", quote), caption, class_="quotation brief")
