"""Settle what the cells of a draft point to: words of an article, other rows, values of the codebook.

The surprising rule: a cell that points nowhere is emptied, and its words go into the note.
"""

from __future__ import annotations

from collections.abc import Iterator

from policybook import anchors
from policybook.codebook import Column
from policybook.corpus import guesses
from policybook.exchange.draft import ARTICLES, CLOSED, DIAGNOSES, ROWS, Coded, Draft
from policybook.exchange.places import quotations
from policybook.tables import OWN_VOICES, SEPARATOR, split


def settle(draft: Draft) -> None:
    """Settle quoted conditions and the like, repetitions, and the values of every cell."""
    for name, coded in ((ROWS, draft.rows), (DIAGNOSES, draft.diagnoses)):
        columns = draft.base.columns.get("recommendations" if name == ROWS else "diagnoses", {})
        ready: dict[str, anchors.Text] = {}
        for row in coded:
            article = row.cells["article"]
            if article not in ready:
                ready[article] = anchors.prepare(draft.texts[article])
            _Row(draft, name, row, columns).settle(ready[article])
    _repeats(draft)
    _courses(draft)
    for article, facts in draft.articles.items():
        _facts(draft, article, facts)


class _Row:
    """One row that is being settled."""

    def __init__(self, draft: Draft, file: str, row: Coded, columns: dict[str, Column]) -> None:
        """Keep what a message needs."""
        self.draft, self.file, self.row, self.columns = draft, file, row, columns
        self.cells = row.cells

    def settle(self, ready: anchors.Text) -> None:
        """Settle every cell of the row."""
        for column in self.columns.values():
            if self.cells.get(column.name) and column.name not in self.row.spans:
                if column.kind == "quote":
                    self._words(column.name, ready)
                elif column.kind in {"code", "codes"} and column.values != "article":
                    self._codes(column)
        self._together()

    def _words(self, column: str, ready: anchors.Text) -> None:
        """Find the words of a column in the article, with the words before them where needed."""
        prefix = next((c.name for c in self.columns.values() if c.of == column), "")
        quote, before = self.cells[column], self.cells.get(prefix, "")
        if len(anchors.locate(quote, ready, prefix=before)) == 1:
            return
        spans = anchors.locate(quote, ready)
        if not spans:
            self.to_note(column, "its words do not stand in the article")
            return
        found = quotations(ready.original, [spans[0]])[spans[0]]
        self.cells[prefix] = found.prefix if found else ""
        what = "its words stand more than once in the article: the first place was taken"
        self.draft.losses.guessed(self.file, what, row=self.row.origin, column=column)

    def _codes(self, column: Column) -> None:
        """Define the values of a cell, but not in a list that is closed."""
        values = (
            split(self.cells[column.name])
            if column.kind == "codes"
            else [self.cells[column.name].strip()]
        )
        known = self.draft.base.values(column.values)
        if column.values in CLOSED and any(value not in known for value in values):
            self.to_note(column.name, f"is none of {', '.join(known)}")
        elif column.values == "coder":
            self.cells[column.name] = self.draft.coder(values[0])
        else:
            ids = [self.draft.defined(column.values, value) for value in values]
            self.cells[column.name] = SEPARATOR.join(dict.fromkeys(ids))

    def _together(self) -> None:
        """Settle cells that stand only together with others."""
        for first, second in (("condition", "condition_type"), ("condition_type", "condition")):
            if self.cells.get(first) and not self.cells.get(second):
                self.to_note(first, f"it stands only with its `{second}`")
        for column in self.columns.values():
            if column.kind == "prefix" and not self.cells.get(column.of):
                self.cells.pop(column.name, None)
        if self.file != ROWS:
            return
        voice = self.cells.get("voice") or "author"
        if voice == "reported" and not self.cells.get("speaker"):
            self.cells["voice"], voice = "", "author"
            what = "a reported position has a speaker, and this has none: it reads as the author's"
            self.draft.losses.changed(self.file, what, row=self.row.origin, column="voice")
        if voice in OWN_VOICES and self.cells.get("author_attitude"):
            self.to_note("author_attitude", "only a reported position has the author's attitude")

    def to_note(self, column: str, why: str) -> None:
        """Empty a cell and keep its words in the note, if the table has one."""
        value = self.cells.pop(column)
        note = self.cells.get("note", "")
        self.cells["note"] = f"{note}  {column}: {value}".strip()
        self.draft.losses.changed(
            self.file, f"{why}: the note says it", row=self.row.origin, column=column
        )


def _repeats(draft: Draft) -> None:
    """Empty repetitions of rows that are not there, of another article, or that repeat themselves."""
    first = {row.cells.get("id", ""): row for row in draft.rows}
    wrong = [row for row in draft.rows if row.cells.get("repeat_of") and not _sound(row, first)]
    for row in wrong:
        what = f"“{row.cells.pop('repeat_of')}” is no first row of the same article"
        draft.losses.dropped(ROWS, what, row=row.origin, column="repeat_of")


def _courses(draft: Draft) -> None:
    """Give each article's steps of a course that stands in several an id of their own."""
    home: dict[str, set[str]] = {}
    for row in draft.rows:
        name = row.cells.get("course", "").strip() or row.cells.get("id", "")
        home.setdefault(name, set()).add(row.cells["article"])
    for row in draft.rows:
        course = row.cells.get("course", "").strip()
        if course and len(home[course]) > 1:
            row.cells["course"] = f"{row.cells['article']}-{course}"
            what = f"“{course}” stands in several articles: each has one of its own"
            draft.losses.changed(ROWS, what, row=row.origin, column="course")


def _sound(row: Coded, first: dict[str, Coded]) -> bool:
    """Tell whether a row repeats one of its own article that repeats none."""
    other = first.get(row.cells["repeat_of"].strip())
    same = other is not None and other.cells["article"] == row.cells["article"]
    return same and other is not None and not other.cells.get("repeat_of")


def _facts(draft: Draft, article: str, facts: dict[str, str]) -> None:
    """Define the values of an article's facts."""
    for column in draft.base.columns.get("articles", {}).values():
        cell = facts.get(column.name, "").strip()
        if not cell:
            continue
        if column.values == "coder":
            facts[column.name] = draft.coder(cell)
        elif column.kind in {"code", "codes"}:
            values = split(cell) if column.kind == "codes" else [cell]
            facts[column.name] = SEPARATOR.join(draft.defined(column.values, one) for one in values)
        elif column.kind == "guesses":
            for actor in _guessed(draft, article, facts, column.name):
                draft.defined("actor", actor)


def _guessed(draft: Draft, article: str, facts: dict[str, str], column: str) -> Iterator[str]:
    """Yield the actors of a list of guesses, which is emptied where it is none."""
    found = guesses(facts[column])
    if found is None:
        what = f"“{facts.pop(column)}” is no list of guesses"
        draft.losses.dropped(ARTICLES, what, row=article, column=column)
        return
    for actor, basis, _ in found:
        draft.defined("basis", basis)
        yield actor
