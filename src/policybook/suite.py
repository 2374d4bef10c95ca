"""Open a suite: find its root, read it, check it, select from it.

A suite that has errors is not opened; the error's text is that of `policybook check`.
The surprising rule: a date filter keeps an article whose interval of publication overlaps it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from policybook import anchors, choices, material, reads
from policybook.checks import check
from policybook.choices import COUNTING
from policybook.codebook import Codebook
from policybook.content import Content, Row, narrowed
from policybook.filters import VOICES, Filter
from policybook.material import RECOMMENDATIONS, Material
from policybook.problems import ParameterError, Problem, SuiteError, errors
from policybook.reads import Key, NotedBook, Reads, noted
from policybook.root import find_root
from policybook.searches import Searches
from policybook.tables import span

__all__ = ["COUNTING", "VOICES", "Row", "Selection", "Suite", "lend", "open_suite", "row_ids"]

_LENT: dict[Path, Suite] = {}
"""Suites opened already, by their folders: what a batch has read its notebooks need not read again."""


def open_suite(path: str | Path | None = None) -> Suite:
    """Open the suite of a folder, by default of the nearest folder upwards.

    Raises `SuiteError` with every problem, as `policybook check` prints them.
    """
    root = Path(path) if path is not None else find_root()
    lent = _LENT.get(root.resolve())
    if lent:
        return replace(lent, notes={})
    found = material.read(root)
    problems = check(found)
    if errors(problems):
        raise SuiteError(problems, rows=len(found.recommendations.cells))
    return Suite(Content(found), tuple(p for p in problems if p.severity == "warning"))


def lend(suite: Suite) -> Reads:
    """Give out this suite to whoever opens its folder from now on; return what notes its questions."""
    lent = replace(suite, reads=Reads())
    _LENT[suite.root.resolve()] = lent
    return lent.reads


@dataclass
class Suite:
    """An opened suite: `articles` in order of time, `rows`, `diagnoses`, and the codebook.

    All three are DataFrames; drafts are not among the rows. `reads` notes every question asked.
    """

    _content: Content
    _warnings: tuple[Problem, ...] = ()
    notes: dict[str, int] = field(default_factory=dict)
    table: str = RECOMMENDATIONS
    """The table that `rows` come from, by its path within the suite."""

    reads: Reads = field(default_factory=Reads, repr=False, compare=False)

    def _note(self, *key: str) -> None:
        """Note a question: the table that is asked, what, and with which arguments."""
        self.reads.note("suite", self.table, *key)

    def note(self, row: str) -> int:
        """Return the number of the note that proves a claim by this row; the same every time."""
        return self.notes.setdefault(row, len(self.notes) + 1)

    @property
    def root(self) -> Path:
        """The suite's folder."""
        return self._content.material.root

    def load(self) -> None:
        """Read and make everything now that is otherwise read and made when it is first asked for."""
        self._content.load()

    def fingerprint(self) -> str:
        """Return the SHA-256 of all files of the suite, as they are now."""
        self._note("fingerprint")
        return self._content.fingerprint()

    @property
    def material(self) -> Material:
        """Everything the folder holds; who reads this reads all of it."""
        self._note("material")
        return self._content.material

    @property
    def warnings(self) -> list[Problem]:
        """The warnings of the check."""
        self._note("warnings")
        return list(self._warnings)

    @cached_property
    def book(self) -> Codebook:
        """The codebook."""
        book = NotedBook(self._content.material.book, lambda *key: self.reads.note("book", *key))
        return cast("Codebook", book)

    @property
    def articles(self) -> pd.DataFrame:
        """Return the articles in order of time: their facts, and words for authors and dates.

        `earliest` and `latest` are days; `when` is the interval in words; `by` the authors;
        `speaker_label` the author's voice; `inferred` tells that the date is argued, not known;
        `label` names the article in a sentence by author and year, "c." before an inferred date;
        where two would share a name, month, day and title tell them apart.
        """
        self._note("articles")
        return self._content.articles.copy(deep=False)

    @property
    def rows(self) -> pd.DataFrame:
        """Return the recommendations, one row a coded row, with the span of each quotation.

        `start` and `end` are code points of the article's text; `order` is the rank of the article
        in time, `place` the row's number in the file from nought. Sorted by article in time, then by place in the article.
        """
        return self.coding(self.table)

    @property
    def size(self) -> int:
        """The number of rows."""
        self._note("size")
        return len(self._content.coding(self.table))

    @property
    def diagnoses(self) -> pd.DataFrame:
        """Return the passages that describe a problem without prescribing, like `rows`."""
        name = self._content.diagnoses(self.table)
        if name:
            return self.coding(name)
        self._note("diagnoses")
        return pd.DataFrame(
            columns=["id", "article", "quote", "instrument", "confidence", "order", "place"]
        )

    def codings(self) -> list[str]:
        """Return the other codings of the recommendations that this suite holds, by their paths."""
        self._note("codings")
        tables = self._content.material.tables.items()
        return [n for n, t in tables if t.kind == "recommendations" and n != RECOMMENDATIONS]

    def with_rows(self, name: str) -> Suite:
        """Return this suite with the rows and the diagnoses of another coding in place of its own.

        `name` is its path within the suite, such as codings/reader-a.csv. KeyError for any other,
        `SuiteError` for one with codes that nobody can tell: see `undecided`.
        """
        self._content.refuse_undecided(name)
        return replace(self, table=name, notes={})

    def undecided(self, name: str) -> list[str]:
        """Return the codes of a coding that were split or retired since; others are read as of now."""
        self._note("undecided", name)
        return self._content.undecided(name)

    def coding(self, name: str) -> pd.DataFrame:
        """Return a table of quotations, without drafts, with spans, in order of time and place.

        `name` is its path within the suite, such as codings/reader-a.csv. KeyError for any other.
        """
        self._note("coding", name)
        return self._content.coding(name).copy(deep=False)

    def lines(self, name: str, *columns: str) -> list[tuple[str, ...]]:
        """Return columns of a table by its path, line by line; none where there is no such one."""
        self._note("lines", name, *columns)
        return self._content.lines(name, columns)

    def rows_called(self, ids: Iterable[str]) -> list[Row]:
        """Return the rows and diagnoses of these ids, diagnoses first; ids nobody has are left out."""
        wanted = sorted(set(ids))
        self._note("rows_called", *wanted)
        return self._rows_called(wanted)

    def _rows_called(self, wanted: Sequence[str]) -> list[Row]:
        """Return rows and diagnoses by their ids, without a note."""
        names = (self._content.diagnoses(self.table), self.table)
        tables = [self._content.coding(name) for name in names if name]
        places = [np.flatnonzero(table["id"].isin(list(wanted))) for table in tables]
        found = [narrowed(t, p).drop(columns="order") for t, p in zip(tables, places, strict=True)]
        return [row for table in found for row in table.to_dict("records")]

    @property
    def facts(self) -> Mapping[str, Row]:
        """The facts on each article as one mapping, by its id."""
        self._note("articles")
        return self._content.facts

    def years(self) -> list[str]:
        """Return every year from which the suite may have an article, in order."""
        self._note("articles")
        return self._content.years()

    def text(self, article: str) -> str:
        """Return the text of an article, untouched. KeyError where there is none such."""
        self._note("text", article)
        return self._content.text(article)

    @property
    def searches(self) -> Searches:
        """The texts of all articles, to be asked the same questions; see `searches`."""
        return self._content.searches.noting(lambda article: self._note("text", article))

    def passage(self, row: Row, column: str = "quote") -> str:
        """Return the words of a row as printed in the article, white space folded."""
        start, end = (int(str(row[name])) for name in span(column))
        return " ".join(self.text(str(row["article"]))[start:end].split()) if start >= 0 else ""

    def paragraph(self, row: Row, column: str = "quote") -> int:
        """Return the number of the paragraph in which a row's quotation begins, or other words of it."""
        return anchors.paragraph(self.text(str(row["article"])), int(str(row[span(column)[0]])))

    def select(  # noqa: PLR0913  (one keyword for each parameter a notebook can have)
        self,
        *,
        theme: str = "",
        articles: str | Sequence[str] = (),
        voices: str = "both",
        from_date: str = "",
        to_date: str = "",
        speakers: str | Sequence[str] = (),
        confidence: str = "low",
        count: str = "courses",
        by: str = "article",
        alone: bool = False,
    ) -> Selection:
        """Select articles and rows; an empty value selects everything.

        `by` says what is compared: articles, each by its author's own, or speakers, by all they say.
        With `alone` only rows on the theme are there, and on what may serve it.
        Raises `ParameterError` with the list of good values for any that is not.
        """
        asked: dict[str, str | list[str]] = {
            "theme": theme,
            "articles": choices.listed(articles),
            "voices": voices,
            "from_date": from_date,
            "to_date": to_date,
            "speakers": choices.listed(speakers),
            "confidence": confidence,
            "count": count,
            "by": by,
        }
        if problems := choices.problems(asked, self.problem_with):
            raise ParameterError(problems)
        return Selection(self, asked, alone=alone)

    def choices(self, name: str) -> list[str] | None:
        """Return the values a parameter of that name may have; None where it is no closed list."""
        self._note("choices", name)
        return choices.choices(self._content, self.table, name)

    def problem_with(self, name: str, value: str) -> Problem | None:
        """Return what is wrong with a parameter's value, None where nothing is.

        An empty value means "all" and is wrong only where there is one to choose.
        """
        self._note("problem_with", name, value)
        return choices.problem_with(self._content, self.table, name, value)

    def answer(self, key: Key) -> str:
        """Return the digest of this suite's answer to a question that `reads` noted."""
        owner, *rest = key
        if owner == "book":
            return reads.digest(reads.answer(self._content.material.book, tuple(rest)))
        table, *question = rest
        if table not in self._content.material.tables:
            return "gone"
        suite = replace(self, table=table, reads=Reads())
        if owner == "selection":
            asked, name = question
            return Filter.again(self._content, table, asked).answer(name)
        return suite._answer(*question)  # noqa: SLF001  (a copy of this)

    def _answer(self, name: str, *arguments: str) -> str:
        """Return the digest of the answer to a question about the whole suite."""
        content = self._content
        if name == "coding":
            known = arguments[0] in content.material.tables
            return content.whole(arguments[0]) if known else "gone"
        if name == "articles":
            return content.whole(name)
        if name == "text":
            known = arguments[0] in content.material.corpus.rows
            return reads.digest(content.text(arguments[0]) if known else None)
        if name in {"material", "fingerprint"}:
            return content.fingerprint()
        if name == "rows_called":
            return reads.digest(self._rows_called(arguments))
        found = getattr(self, name)
        return reads.digest(found(*arguments) if callable(found) else found)


@dataclass
class Selection:
    """What a notebook looks at: `articles`, `rows`, and what was left out and why.

    `rows` passed every filter. `all_rows` are those of the selected articles before the filters
    on voices, speakers and confidence: states are computed from them, so that
    what a filter hides never reads as silence.
    """

    suite: Suite
    asked: dict[str, str | list[str]]
    alone: bool = field(default=False, kw_only=True)
    memo: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def theme(self) -> str:
        """The theme asked for, empty where all are meant."""
        return str(self.asked["theme"])

    @property
    def by(self) -> str:
        """What is compared: article or speaker."""
        return str(self.asked["by"])

    @property
    def book(self) -> Codebook:
        """The codebook of the suite."""
        return self.suite.book

    def note_read(self, name: str) -> None:
        """Note that this was asked of exactly this selection."""
        self.suite.reads.note("selection", self.suite.table, self._filter.words, name)

    @cached_property
    def _filter(self) -> Filter:
        """What the selection is made by."""
        return Filter(self.suite._content, self.asked, self.suite.table, self.alone)  # noqa: SLF001  (same module)

    @noted
    def articles(self) -> pd.DataFrame:
        """Return the selected articles, in order of time."""
        return self._filter.frame("articles")

    @noted
    def left_out(self) -> pd.DataFrame:
        """Return the articles left out, with the reason."""
        out, why = self._filter.frame("left_out"), self._filter.outside
        return out.assign(reason=[why[name] for name in out["id"]])

    @noted
    def all_rows(self) -> pd.DataFrame:
        """All rows of the selected articles, whatever their voice, speaker and confidence."""
        return self._filter.frame("all_rows")

    @noted
    def rows(self) -> pd.DataFrame:
        """Return the rows that passed every filter but the theme."""
        return self._filter.frame("rows")

    @noted
    def diagnoses(self) -> pd.DataFrame:
        """Return the diagnoses of the selected articles."""
        return self._filter.frame("diagnoses")

    @noted
    def coded(self) -> pd.DataFrame:
        """Return who coded and who confirmed each row of the selected articles, on every theme."""
        return self._filter.coded()

    @noted
    def drafts(self) -> pd.DataFrame:
        """Return where the draft rows of the selected articles stand, and on what; see `filters.DRAFTED`."""
        return self._filter.drafts()

    @noted
    def prescribing(self) -> list[str]:
        """Return the selected articles whose author prescribes anything, on whatever theme."""
        return self._filter.prescribing()

    @noted
    def labels(self) -> Mapping[str, str]:
        """How sentences name each article of the suite, by its id."""
        return self._filter.labels()

    @noted
    def narrowed(self) -> bool:
        """Tell whether a filter hides rows of the selected articles."""
        return self._filter.narrowed()

    def fingerprint(self) -> str:
        """Return the SHA-256 of exactly what is selected: rows, diagnoses and articles.

        It is taken of the cells as they stand in the files, in the order of the selection:
        other rows, and the order of lines, do not enter it.
        """
        self.note_read("fingerprint")
        return self._filter.fingerprint()

    def dates(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last possible day of publication; None without articles."""
        if self.articles.empty:
            return None
        facts = self.articles
        return facts["earliest"].min().date(), facts["latest"].max().date()


def row_ids(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of rows, in their order."""
    return tuple(rows["id"].astype(str).tolist())
