"""Rows with their words: quotations, and the evidence list that every note points to."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.words import labels, source, speaker
from policybook.suite import Row, Selection, Suite

NOTHING = "Nothing in the selection."


def note_links(suite: Suite, rows: tuple[str, ...]) -> Markup:
    """Return the numbers of the notes that prove a claim, each a link to its evidence."""
    links = [
        tag("a", str(suite.note(row)), href=f"#note-{suite.note(row)}", class_="note")
        for row in rows
    ]
    return tag("sup", Markup(" ").join(links)) if links else Markup("")


def coding(suite: Suite, row: Row) -> list[tuple[str, str]]:
    """Return what a row says in pairs of a heading and words; what is not said is left out."""
    book = suite.book
    pairs = [
        (
            "asks",
            f"{book.label('stance', str(row['stance']))} {book.label('instrument', str(row['instrument']))}",
        ),
        ("strength", book.label("strength", str(row["strength"]))),
        ("of", labels(suite, "actor", row["addressee"])),
        ("upon", labels(suite, "actor", row["target"])),
        (
            "to",
            labels(suite, "objective", row["objective"])
            if row["objective"] != "unspecified"
            else "",
        ),
        ("by", labels(suite, "means", row["means"]) if row["means"] != "unspecified" else ""),
        ("legal basis", suite.passage(row, "legal_basis")),
        ("because", suite.passage(row, "reason")),
    ]
    if row["condition"]:
        kind = book.label("condition_type", str(row["condition_type"]))
        pairs.insert(2, (f"condition ({kind})", f"“{suite.passage(row, 'condition')}”"))
    if row["confidence"] != "high":
        pairs.append(("coder's confidence", book.label("confidence", str(row["confidence"]))))
    return [(name, words) for name, words in pairs if words]


def quotation(suite: Suite, row: Row, *, note: bool = True) -> Markup:
    """Return one row as a quotation with its source and what it was coded as."""
    link = note_links(suite, (str(row["id"]),)) if note else ""
    serves = row.get("serves") or ""
    facts = [tag("span", tag("b", name), " ", words, " ") for name, words in coding(suite, row)]
    return tag(
        "figure",
        tag("blockquote", tag("p", "“", suite.passage(row), "”", link)),
        tag(
            "figcaption",
            tag("div", tag("cite", speaker(suite, row))),
            tag("div", source(suite, row), class_="source"),
            tag("div", "Serves this theme: ", serves, class_="serves") if serves else "",
            tag("div", Markup("· ").join(facts), class_="coding"),
        ),
        class_="quotation",
    )


def quotations(selection: Selection, rows: pd.DataFrame) -> Exhibit:
    """Return rows as quotations in their order; a sentence where there is none."""
    if rows.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    records = rows.to_dict("records")
    suite = selection.suite
    html = tag("div", *(quotation(suite, row) for row in records), class_="quotations")
    text = "\n".join(f"“{suite.passage(row)}” – {source(suite, row)}" for row in records)
    return Exhibit(html, text)


def quotations_by_theme(selection: Selection) -> Exhibit:
    """Return the rows under a heading for each instrument, in the codebook's order.

    Repetitions are left to the evidence: a reader needs each demand once.
    """
    rows = selection.rows
    rows = rows[rows["repeat_of"] == ""]
    parts, texts = [], []
    for instrument, value in selection.book.values("instrument").items():
        mine = rows[rows["instrument"] == instrument]
        if len(mine):
            shown = quotations(selection, mine)
            parts += [tag("h3", value.label[:1].upper() + value.label[1:]), shown.html]
            texts += [value.label, shown.text]
    if not parts:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    return Exhibit(joined(parts), "\n".join(texts))


def evidence(selection: Selection) -> Exhibit:
    """Return every row that a note of this notebook points to, in the order of the notes.

    Each stands in its paragraph, the quotation marked. Call it last: it knows the notes so far.
    """
    suite = selection.suite
    rows = {str(row["id"]): row for row in suite.rows.to_dict("records")}
    items = [
        _item(suite, rows[name], number) for name, number in suite.notes.items() if name in rows
    ]
    if not items:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    return Exhibit(
        tag("ol", *items, class_="evidence"), f"{len(items)} quotations behind the notes."
    )


def _item(suite: Suite, row: Row, number: int) -> Markup:
    """Return one note: the paragraph with the quotation marked, its source and coding."""
    facts = "; ".join(f"{name}: {words}" for name, words in coding(suite, row))
    return tag(
        "li",
        tag("p", _in_paragraph(suite, row), class_="paragraph"),
        tag("p", tag("b", speaker(suite, row)), ", ", source(suite, row), "."),
        tag("p", "Coded: ", facts, ". Row ", tag("code", row["id"]), ".", class_="coding"),
        id=f"note-{number}",
        value=number,
    )


def _in_paragraph(suite: Suite, row: Row) -> Markup:
    """Return the paragraph that holds a row's quotation, the quotation marked."""
    text, start, end = suite.text(str(row["article"])), int(row["start"]), int(row["end"])
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    return joined([text[first:start], tag("mark", text[start:end]), text[end:last]])
