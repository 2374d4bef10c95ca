"""Rows with their words: quotations, and the evidence list that every note points to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.words import aims, article_facts, attitude, dated, labels, source, speaker
from policybook.findings.finding import cited
from policybook.findings.wording import what
from policybook.suite import Row, Selection, Suite

NOTHING = "Nothing in the selection."


MOST_NOTES = 12
"""Notes that stand behind one claim; of more, the rest is counted."""

MOST_QUOTATIONS = 60
"""Quotations of one list; of more, the rest is counted. A page must not grow with the table."""


def note_links(suite: Suite, rows: tuple[str, ...]) -> Markup:
    """Return the numbers of the notes that prove a claim, each a link to its evidence."""
    numbers = [suite.note(row) for row in rows[:MOST_NOTES]]
    links = [tag("a", str(n), href=f"#note-{n}", class_="note") for n in numbers]
    more = f" and {len(rows) - MOST_NOTES:,} more" if len(rows) > MOST_NOTES else ""
    return tag("sup", Markup(" ").join(links), more) if links else Markup("")


WORDS_KEPT = (6, 4)
"""Words by which a note names one of several passages of its paragraph: the first, the last."""

MOST_BRIEF = 30
"""Short quotations under one heading."""


def more_of(total: int, shown: int, what: str) -> Markup:
    """Return the sentence that counts what a list does not show, nothing where it shows all."""
    rest = total - shown
    if rest <= 0:
        return Markup("")
    return tag("p", f"{rest:,} more {what} are not shown; narrow the selection.", class_="nothing")


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
        pairs.insert(3, (f"condition ({kind})", cited(suite.passage(row, "condition"))))
    return [(name, words) for name, words in [*pairs, *_doubt(suite, row)] if words]


def _words(suite: Suite, row: Row, name: str) -> str:
    """Return the article's words in a column, without the full stop that would end the note's sentence."""
    words = suite.passage(row, name.replace(" ", "_"))
    return cited(words.rstrip(".")) if words else ""


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
    stance = suite.book.label("stance", str(row["stance"]))
    words = [f"{speaker(suite, row)}, {dated(fact)}", stance]
    words.append(suite.book.label("strength", str(row["strength"])))
    words += [attitude(row)] if attitude(row) else []
    if row["condition"]:
        words.append(f"condition: {cited(suite.passage(row, 'condition'))}")
    quote = tag("p", cited(suite.passage(row)), note_links(suite, (str(row["id"]),)))
    caption = tag("figcaption", " · ".join(words))
    return tag("figure", tag("blockquote", quote), caption, class_="quotation brief")


def evidence(selection: Selection) -> Exhibit:
    """Return every row that a note of this notebook points to, paragraph by paragraph.

    A paragraph stands once, with all its quotations marked and all its notes beneath.
    With `POLICYBOOK_EVIDENCE=full` in the environment, as `--full-text` sets it, the articles
    cited stand whole. Call it last: it knows the notes so far.
    """
    suite = selection.suite
    rows = _cited(suite)
    if not rows:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    whole = os.environ.get("POLICYBOOK_EVIDENCE") == "full"
    blocks = _articles(suite, rows) if whole else _passages(suite, rows)
    text = f"{len(rows)} quotations behind the notes."
    return Exhibit(tag("div", *blocks, class_="evidence"), text)


def _cited(suite: Suite) -> list[Row]:
    """Return the rows that notes point to, in the order of the notes."""
    rows = {str(row["id"]): row for row in suite.rows_called(suite.notes)}
    return [rows[name] for name in suite.notes if name in rows]


def _passages(suite: Suite, rows: Sequence[Row]) -> list[Markup]:
    """Return the paragraphs cited in the order of their first notes.

    On paper, where nobody can click, a later note says under which one it stands.
    """
    places: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        places.setdefault((str(row["article"]), suite.paragraph(row)), []).append(row)
    blocks, moved = [], dict[int, int]()
    for found in places.values():
        numbers = [suite.note(str(row["id"])) for row in found]
        due = sorted(n for n in moved if n < numbers[0])
        blocks += [_elsewhere([(n, moved.pop(n)) for n in due]), _passage(suite, found)]
        run = next((k for k, n in enumerate(numbers) if n != numbers[0] + k), len(numbers))
        moved |= dict.fromkeys(numbers[run:], numbers[0])
    return [*blocks, _elsewhere(sorted(moved.items()))]


def _elsewhere(moved: Sequence[tuple[int, int]]) -> Markup:
    """Return the line that says, on paper, under which other note some notes stand."""
    words = "; ".join(f"{number} stands under {first}" for number, first in moved)
    return tag("p", f"Note {words}.", class_="paper") if moved else Markup("")


def _passage(suite: Suite, rows: Sequence[Row]) -> Markup:
    """Return one paragraph, its source, and the notes that lead to it."""
    text = suite.text(str(rows[0]["article"]))
    first = text.rfind("\n", 0, int(rows[0]["start"])) + 1
    last = text.find("\n", max(int(row["end"]) for row in rows))
    marked = _marked(text, first, len(text) if last < 0 else last, rows)
    return tag(
        "div",
        tag("p", marked, class_="paragraph"),
        tag("p", source(suite, rows[0]), ".", class_="source"),
        _notes(suite, rows),
        class_="passage",
    )


def _articles(suite: Suite, rows: Sequence[Row]) -> list[Markup]:
    """Return the articles cited, whole, in the order of their first notes."""
    cited: dict[str, list[Row]] = {}
    for row in rows:
        cited.setdefault(str(row["article"]), []).append(row)
    return [_article(suite, article, mine) for article, mine in cited.items()]


def _article(suite: Suite, article: str, rows: Sequence[Row]) -> Markup:
    """Return one article: its paragraphs by number, passages marked, notes beneath each."""
    fact, text = article_facts(suite, article), suite.text(article)
    notes: dict[int, list[Row]] = {}
    for row in rows:
        notes.setdefault(suite.paragraph(row), []).append(row)
    where = "; ".join(f"{suite.note(str(r['id']))} in {suite.paragraph(r)}" for r in rows)
    parts = [
        tag(
            "div",
            tag("p", tag("b", number), " ", _marked(text, start, end, rows), class_="paragraph"),
            _notes(suite, notes[number]) if number in notes else "",
            class_="passage",
        )
        for number, start, end in _paragraphs(text)
    ]
    head = tag("p", source(suite, rows[0]).rpartition(", paragraph")[0], ".", class_="source")
    paper = tag("p", f"Notes by paragraph: {where}.", class_="paper")
    return tag("div", tag("h3", fact["title"]), head, paper, *parts, class_="whole")


def _paragraphs(text: str) -> Iterator[tuple[int, int, int]]:
    r"""Yield number, beginning and end of each paragraph, counted as `anchors.paragraph` counts.

    >>> list(_paragraphs("a\n\nbc"))
    [(1, 0, 1), (2, 3, 5)]
    """
    number = start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            number += 1
            yield number, start, start + len(line.rstrip())
        start += len(line)


def _notes(suite: Suite, rows: Sequence[Row]) -> Markup:
    """Return the notes of one paragraph, with their words where it has several."""
    several = len({(row["start"], row["end"]) for row in rows}) > 1
    return tag("ol", *(_note(suite, row, quote=several) for row in rows))


def _note(suite: Suite, row: Row, *, quote: bool) -> Markup:
    """Return one note: who prescribes, the words where a paragraph has several, the coding."""
    number = suite.note(str(row["id"]))
    facts = "; ".join(f"{name}: {words}" for name, words in coding(suite, row))
    return tag(
        "li",
        tag("b", speaker(suite, row)),
        f": {cited(_brief_words(suite.passage(row)))}" if quote else "",
        tag("span", f" – {facts}. Row ", tag("code", row["id"]), ".", class_="coding"),
        id=f"note-{number}",
        value=number,
    )


def _brief_words(passage: str) -> str:
    """Return a passage by its first and last words: all of it is marked in the paragraph above.

    >>> _brief_words("one two"), _brief_words(" ".join("abcdefghijklmnop"))
    ('one two', 'a b c d e f … m n o p')
    """
    words = passage.split()
    if len(words) <= sum(WORDS_KEPT) + 2:
        return passage
    return f"{' '.join(words[: WORDS_KEPT[0]])} … {' '.join(words[-WORDS_KEPT[1] :])}"


def _marked(text: str, first: int, last: int, rows: Iterable[Row]) -> Markup:
    """Return a part of an article with every one of the rows' quotations in it marked."""
    parts, here = [], first
    for start, end in sorted({(int(row["start"]), int(row["end"])) for row in rows}):
        start, end = max(start, here), min(end, last)  # noqa: PLW2901  (quotations may overlap)
        if end > start:
            parts += [text[here:start], tag("mark", text[start:end])]
            here = end
    return joined([*parts, text[here:last]])
