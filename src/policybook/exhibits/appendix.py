"""The appendix: every passage that a note points to, within its paragraph or its whole article.

The surprising rules: a paragraph stands once, however many notes lead to it, and a note's number
leads to the marked words themselves, not to what stands on them beneath the paragraph.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from markupsafe import Markup

from policybook.exhibits.evidence import NOTHING, coding
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import ARTICLE, read_note
from policybook.exhibits.words import article_facts, placed, source, speaker
from policybook.findings.finding import few, listed, sentence
from policybook.suite import Row, Selection, Suite
from policybook.tables import span

WORDS_KEPT = (6, 4)
"""Words by which a note names one of several passages of its paragraph: the first, the last."""


def evidence(selection: Selection) -> Exhibit:
    """Return every row that a note of this notebook points to, paragraph by paragraph.

    A paragraph stands once, with all its quotations marked and all its notes beneath. Among them,
    an article to which a claim points has a note of its own.
    With `POLICYBOOK_EVIDENCE=full` in the environment, as `--full-text` sets it, the articles
    cited stand whole. Call it last: it knows the notes so far.
    """
    places = _places(selection.suite)
    if not places:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    whole = os.environ.get("POLICYBOOK_EVIDENCE") == "full"
    blocks = _articles(selection, places) if whole else _passages(selection, places)
    text = f"{sum(map(len, places))} notes."
    dates = tag("p", _known_from(selection, places), class_="source")
    return Exhibit(tag("div", dates, *blocks, class_="evidence"), text)


def _known_from(selection: Selection, places: Sequence[_Place]) -> str:
    """Return how the dates of the articles cited are known."""
    by_basis: dict[str, list[str]] = {}
    for article in dict.fromkeys(place.article for place in places):
        fact = article_facts(selection.suite, article)
        basis = selection.book.label("basis", str(fact["date_basis"]))
        by_basis.setdefault(basis, []).append(str(fact["label"]))
    parts = (f"{basis}: {few(names, most=12)}" for basis, names in by_basis.items())
    return f"How the dates are known – {'; '.join(parts)}."


@dataclass(frozen=True)
class _Place:
    """A paragraph with the rows that notes point to, or an article as such, without any."""

    article: str
    rows: tuple[Row, ...] = ()

    def __len__(self) -> int:
        """Return how many notes the place has."""
        return len(self.rows) or 1


def _places(suite: Suite) -> list[_Place]:
    """Return what notes point to, in the order of each place's first note."""
    rows = {str(row["id"]): row for row in suite.rows_called(suite.notes)}
    found: dict[tuple[str, int], list[Row]] = {}
    for name in suite.notes:
        if name.startswith(ARTICLE):
            found[name.removeprefix(ARTICLE), 0] = []
        elif name in rows:
            place = str(rows[name]["article"]), suite.paragraph(rows[name])
            found.setdefault(place, []).append(rows[name])
    return [_Place(article, tuple(mine)) for (article, _), mine in found.items()]


def _numbers(suite: Suite, place: _Place) -> list[int]:
    """Return the numbers of the notes of a place."""
    names = [str(row["id"]) for row in place.rows] or [f"{ARTICLE}{place.article}"]
    return [suite.note(name) for name in names]


def _passages(selection: Selection, places: Sequence[_Place]) -> list[Markup]:
    """Return the paragraphs and articles cited in the order of their first notes.

    On paper, where nobody can click, a later note says under which one it stands.
    """
    suite, blocks, moved = selection.suite, list[Markup](), dict[int, int]()
    for place in places:
        numbers = _numbers(suite, place)
        due = sorted(n for n in moved if n < numbers[0])
        block = _passage(suite, place.rows) if place.rows else _read(selection, place.article)
        blocks += [_elsewhere([(n, moved.pop(n)) for n in due]), block]
        run = next((k for k, n in enumerate(numbers) if n != numbers[0] + k), len(numbers))
        moved |= dict.fromkeys(numbers[run:], numbers[0])
    return [*blocks, _elsewhere(sorted(moved.items()))]


def _read(selection: Selection, article: str) -> Markup:
    """Return the note of an article that was read for what it says and does not say."""
    number = selection.suite.note(f"{ARTICLE}{article}")
    name = tag("b", sentence(selection.suite.facts[article]["label"]))
    words = read_note(selection, article)
    item = tag("li", name, ": ", words, id=f"note-{number}", class_="note", value=number)
    return tag("div", tag("ol", item), class_="passage")


def _elsewhere(moved: Sequence[tuple[int, int]]) -> Markup:
    """Return the line that says, on paper, under which other note some notes stand."""
    words = "; ".join(f"{number} stands under {first}" for number, first in moved)
    return tag("p", f"Note {words}.", class_="paper") if moved else Markup("")


def _passage(suite: Suite, rows: Sequence[Row]) -> Markup:
    """Return one paragraph, its source, and the notes that lead to it."""
    text = suite.text(str(rows[0]["article"]))
    first = text.rfind("\n", 0, int(rows[0]["start"])) + 1
    last = text.find("\n", max(int(row["end"]) for row in rows))
    marked = _marked(suite, text, (first, len(text) if last < 0 else last), rows)
    return tag(
        "div",
        tag("p", marked, class_="paragraph"),
        tag("p", source(suite, rows[0]), ".", class_="source"),
        _notes(suite, rows),
        *_beside(suite, text, rows),
        class_="passage",
    )


_BESIDE = {"condition": "condition", "legal_basis": "legal basis"}
"""What may stand in another paragraph than the quotation, and the word for it."""


def _beside(suite: Suite, text: str, rows: Sequence[Row]) -> Iterator[Markup]:
    """Yield the other paragraphs that rows have words from, these marked, and whose words they are."""
    found: dict[int, dict[str, list[Row]]] = {}
    for row, (column, word) in product(rows, _BESIDE.items()):
        start, end = (int(row.get(name, -1)) for name in span(column))
        if start >= 0 and suite.paragraph(row, column) != suite.paragraph(row):
            words = found.setdefault(suite.paragraph(row, column), {})
            words.setdefault(word, []).append({**row, "start": start, "end": end})
    for number, words in found.items():
        marks = [row for mine in words.values() for row in mine]
        first = text.rfind("\n", 0, marks[0]["start"]) + 1
        last = text.find("\n", max(row["end"] for row in marks))
        whole = (first, len(text) if last < 0 else last)
        yield tag("p", _marked(suite, text, whole, marks, led=False), class_="paragraph")
        parts = (_whose(suite, word, mine) for word, mine in words.items())
        yield tag("p", f"Paragraph {number}: {listed(parts)}.", class_="source")


def _whose(suite: Suite, word: str, rows: Sequence[Row]) -> str:
    """Return which notes a condition, or other words, belong to."""
    numbers = [str(suite.note(str(row["id"]))) for row in rows]
    return f"the {word} of note{'s' * (len(rows) > 1)} {listed(numbers)}"


def _articles(selection: Selection, places: Sequence[_Place]) -> list[Markup]:
    """Return the articles cited, whole, in the order of their first notes."""
    cited: dict[str, list[Row]] = {}
    for place in places:
        cited.setdefault(place.article, []).extend(place.rows)
    itself = {place.article for place in places if not place.rows}
    return [
        _article(
            selection.suite, article, mine, _read(selection, article) if article in itself else ""
        )
        for article, mine in cited.items()
    ]


def _article(suite: Suite, article: str, rows: Sequence[Row], itself: Markup | str) -> Markup:
    """Return one article: its own note, its paragraphs by number, passages marked, notes beneath each."""
    fact, text = article_facts(suite, article), suite.text(article)
    notes: dict[int, list[Row]] = {}
    for row in rows:
        notes.setdefault(suite.paragraph(row), []).append(row)
    where = "; ".join(f"{suite.note(str(r['id']))} in {suite.paragraph(r)}" for r in rows)
    parts = [
        tag(
            "div",
            tag(
                "p",
                tag("b", number),
                " ",
                _marked(suite, text, (start, end), rows),
                class_="paragraph",
            ),
            _notes(suite, notes[number]) if number in notes else "",
            class_="passage",
        )
        for number, start, end in _paragraphs(text)
    ]
    head = tag("p", placed(fact), ".", class_="source")
    paper = tag("p", f"Notes by paragraph: {where}.", class_="paper") if where else ""
    return tag("div", tag("h3", fact["title"]), head, itself, paper, *parts, class_="whole")


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
        tag("b", sentence(speaker(suite, row))),
        f": “{_brief_words(suite.passage(row))}”" if quote else "",
        tag("span", f" {facts}. Row ", tag("code", row["id"]), "."),
        class_="note",
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


def _marked(
    suite: Suite, text: str, part: tuple[int, int], rows: Iterable[Row], *, led: bool = True
) -> Markup:
    """Return a part of an article with every one of the rows' quotations in it marked.

    The notes lead to the marks, unless not `led`: those on words within other marked words to
    where these begin.
    """
    here, last = part
    marks: list[tuple[int, int, list[str]]] = []
    for row in sorted(rows, key=lambda row: (int(row["start"]), int(row["end"]))):
        start, end = max(int(row["start"]), here), min(int(row["end"]), last)
        names = [f"note-{suite.note(str(row['id']))}"] * (
            led and part[0] <= int(row["start"]) < last
        )
        if end > start:
            marks.append((start, end, names))
            here = end
        elif names:
            marks[-1][2].extend(names)
    parts, here = list[Markup | str](), part[0]
    for start, end, names in marks:
        more = (tag("a", id=name) for name in names[1:])
        parts += [text[here:start], tag("mark", *more, text[start:end], id=next(iter(names), None))]
        here = end
    return joined([*parts, text[here:last]])
