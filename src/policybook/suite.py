"""Open a suite: find its root, read it, check it, select from it.

A suite that has errors is not opened; the error's text is that of `policybook check`.
The surprising rule: a date filter keeps an article whose interval of publication overlaps it,
and every selection says what it left out and why.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from policybook import anchors, dates, material, naming
from policybook.cells import Cells
from policybook.checks import check
from policybook.codebook import Codebook
from policybook.material import DIAGNOSES, RECOMMENDATIONS, Found, Material
from policybook.problems import (
    ParameterError,
    Problem,
    SuiteError,
    errors,
    quoted,
    unknown_value,
)
from policybook.root import find_root
from policybook.table import DRAFT, OWN_VOICES, frame, split

VOICES: dict[str, tuple[str, ...]] = {
    "author": OWN_VOICES,
    "reported": ("reported",),
    "both": (*OWN_VOICES, "reported"),
}
"""What the parameter `voices` may say, and the voices it keeps."""

Row = Mapping[Hashable, Any]
"""One row of a table, as `DataFrame.to_dict("records")` gives it."""

COUNTING = {
    "courses": "courses of action",
    "recommendations": "distinct recommendations",
    "rows": "coded rows",
}
"""What the parameter `count` may say, and what is counted then."""


def open_suite(path: str | Path | None = None) -> Suite:
    """Open the suite of a folder, by default of the nearest folder upwards.

    Raises `SuiteError` with every problem, as `policybook check` prints them.
    """
    content = material.read(Path(path) if path is not None else find_root())
    problems = check(content)
    if errors(problems):
        raise SuiteError(problems, rows=len(content.recommendations.cells))
    return Suite(content, [p for p in problems if p.severity == "warning"])


@dataclass
class Suite:
    """An opened suite: `articles` in order of time, `rows`, `diagnoses`, and the codebook.

    All three are DataFrames; drafts are not among the rows.
    """

    material: Material
    warnings: list[Problem] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    table: str = RECOMMENDATIONS
    """The table that `rows` come from, by its path within the suite."""

    def note(self, row: str) -> int:
        """Return the number of the note that proves a claim by this row; the same every time."""
        return self.notes.setdefault(row, len(self.notes) + 1)

    @property
    def book(self) -> Codebook:
        """The codebook."""
        return self.material.book

    @cached_property
    def articles(self) -> pd.DataFrame:
        """Return the articles in order of time: their facts, and words for authors and dates.

        `earliest` and `latest` are days; `when` is the interval in words; `by` the authors;
        `speaker_label` the author's voice; `inferred` tells that the date is argued, not known;
        `label` names the article in a sentence by author and year, "c." before an inferred date;
        where two would share a name, month, day and title tell them apart.
        """
        cells = self.material.corpus.cells
        names = dict.fromkeys([*cells.columns, *self.book.columns.get("articles", {})])
        facts = pd.DataFrame({n: [c.strip() for c in cells.column(n)] for n in names})
        facts["earliest"] = pd.to_datetime(facts["earliest"], format="%Y-%m-%d")
        facts["latest"] = pd.to_datetime(facts["latest"], format="%Y-%m-%d")
        facts["inferred"] = facts["date_basis"] == "inferred"
        facts = facts.sort_values(["earliest", "latest", "id"], ignore_index=True)
        days = zip(facts["earliest"].dt.date, facts["latest"].dt.date, strict=True)
        facts["when"] = [dates.interval(first, last) for first, last in days]
        facts["by"] = [_names(self.book, cell) for cell in facts["authors"]]
        facts["speaker_label"] = [self.book.label("actor", s) for s in facts["speaker"]]
        facts["label"] = naming.labels(facts.to_dict("records"))
        return facts

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return the recommendations, one row a coded row, with the span of each quotation.

        `start` and `end` are code points of the article's text; `order` is the rank of the article
        in time, `place` the row's number in the file from nought. Sorted by article in time, then by place in the article.
        """
        return self.coding(self.table)

    @cached_property
    def diagnoses(self) -> pd.DataFrame:
        """Return the passages that describe a problem without prescribing, like `rows`."""
        own = f"{self.table.removesuffix('.csv')}-{Path(DIAGNOSES).name}"
        name = own if own in self.material.tables else DIAGNOSES
        if name not in self.material.tables:
            return pd.DataFrame(columns=["id", "article", "quote", "instrument", "order", "place"])
        return self.coding(name)

    def codings(self) -> list[str]:
        """Return the other codings of the recommendations that this suite holds, by their paths."""
        tables = self.material.tables.items()
        return [n for n, t in tables if t.kind == "recommendations" and n != RECOMMENDATIONS]

    def with_rows(self, name: str) -> Suite:
        """Return this suite with the rows and the diagnoses of another coding in place of its own.

        `name` is its path within the suite, such as codings/reader-a.csv. KeyError for any other.
        """
        if name not in self.material.tables:
            raise KeyError(name)
        return replace(self, table=name, notes={})

    def coding(self, name: str) -> pd.DataFrame:
        """Return a table of quotations, without drafts, with spans, in order of time and place.

        `name` is its path within the suite, such as codings/reader-a.csv. KeyError for any other.
        """
        names = zip(*(self.articles[c] for c in ("id", "speaker", "coder")), strict=True)
        by_article = {a: {"speaker": speaker, "coder": coder} for a, speaker, coder in names}
        rows = frame(self.material.tables[name], articles=by_article)
        for column, found in self.material.found[name].items():
            _add_span(rows, column, found)
        order = {article: rank for rank, article in enumerate(self.articles["id"])}
        rows["place"] = range(len(rows))
        rows["order"] = rows["article"].astype(str).map(order)
        if "status" in rows:
            rows = rows[rows["status"].astype(str) != DRAFT]
        return rows.sort_values(["order", "start", "line"], ignore_index=True)

    @cached_property
    def facts(self) -> Mapping[str, Row]:
        """The facts on each article as one mapping, by its id."""
        return {str(fact["id"]): fact for fact in self.articles.to_dict("records")}

    def text(self, article: str) -> str:
        """Return the text of an article, untouched. KeyError where there is none such."""
        return self.material.corpus.text(article) or ""

    def passage(self, row: Row, column: str = "quote") -> str:
        """Return the words of a row as printed in the article, white space folded."""
        span = ("start", "end") if column == "quote" else (f"{column}_start", f"{column}_end")
        start, end = (int(str(row[name])) for name in span)
        return " ".join(self.text(str(row["article"]))[start:end].split()) if start >= 0 else ""

    def paragraph(self, row: Row) -> int:
        """Return the number of the paragraph in which a row's quotation begins."""
        return anchors.paragraph(self.text(str(row["article"])), int(str(row["start"])))

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
    ) -> Selection:
        """Select articles and rows; an empty value selects everything.

        Raises `ParameterError` with the list of good values for any that is not.
        """
        asked: dict[str, str | list[str]] = {
            "theme": theme,
            "articles": _listed(articles),
            "voices": voices,
            "from_date": from_date,
            "to_date": to_date,
            "speakers": _listed(speakers),
            "confidence": confidence,
            "count": count,
        }
        problems = [
            problem
            for name, value in asked.items()
            for one in ([value] if isinstance(value, str) else value)
            if (problem := self.problem_with(name, one))
        ]
        first, last = dates.bounds(from_date), dates.bounds(to_date)
        if first and last and first[0] > last[1]:
            message = f"{quoted(from_date)} is after `to_date` {quoted(to_date)}"
            problems.append(_parameter("from_date", message, (), "Exchange the two."))
        if problems:
            raise ParameterError(problems)
        return Selection(self, asked)

    def choices(self, name: str) -> list[str] | None:
        """Return the values a parameter of that name may have; None where it is no closed list."""
        instruments = list(self.book.values("instrument"))
        speakers = dict.fromkeys([*self.articles["speaker"], *map(str, self.rows["speaker"])])
        known = {
            "theme": instruments,
            "articles": list(self.articles["id"]),
            "article": list(self.articles["id"]),
            "voices": list(VOICES),
            "speakers": list(speakers),
            "actor": list(self.book.values("actor")),
            "objective": list(self.book.values("objective")),
            "confidence": list(self.book.values("confidence")),
            "count": list(COUNTING),
            "nodes": ["speaker", "instrument"],
            "aggregation": ["ignore", "congruence", "conflict", "subtract"],
            "normalisation": ["none", "average", "jaccard", "dna_cosine", "cosine"],
        }
        return known.get(name)

    def problem_with(self, name: str, value: str) -> Problem | None:
        """Return what is wrong with a parameter's value, None where nothing is.

        An empty value means "all" and is wrong only where there is one to choose.
        """
        choices = self.choices(name)
        if name in {"from_date", "to_date"}:
            if not value or dates.bounds(value):
                return None
            allowed = (
                ("allowed", "a year, a month or a day: 2014, 2014-10, 2014-10-18; or empty"),
            )
            return _parameter(name, f"{quoted(value)} is not a date", allowed, "Correct it.")
        if choices is None or value in choices or (not value and name in _MAY_BE_EMPTY):
            return None
        message, evidence, hint = unknown_value(
            value=value, what=f"a value of `{name}`", allowed=choices
        )
        return _parameter(name, message, evidence, hint)


_MAY_BE_EMPTY = ("theme", "articles", "speakers", "actor", "objective")


def _parameter(
    name: str, message: str, evidence: tuple[tuple[str, str], ...], hint: str
) -> Problem:
    """Return a problem of a parameter."""
    return Problem("parameter", None, name, "parameter-value", message, evidence, hint)


def _listed(value: str | Sequence[str]) -> list[str]:
    """Return a parameter of several values as a list; a text has commas between them."""
    return split(value.replace(",", ";")) if isinstance(value, str) else list(map(str, value))


def _names(book: Codebook, cell: str) -> str:
    """Return the names of authors as a reader writes them, empty where none is established."""
    names = [book.label("actor", actor) for actor in split(cell)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _add_span(rows: pd.DataFrame, column: str, found: Found) -> None:
    """Add the places of a column's quotations; those of `quote` are plainly `start` and `end`."""
    prefix = "" if column == "quote" else f"{column}_"
    rows[f"{prefix}start"] = pd.Series(found.start, dtype="int64")
    rows[f"{prefix}end"] = pd.Series(found.end, dtype="int64")


@dataclass
class Selection:
    """What a notebook looks at: `articles`, `rows`, and what was left out and why.

    `rows` passed every filter. `all_rows` are those of the selected articles before the filters
    on voices, speakers and confidence: states are computed from them, so that
    what a filter hides never reads as silence.
    """

    suite: Suite
    asked: dict[str, str | list[str]]
    memo: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def theme(self) -> str:
        """The theme asked for, empty where all are meant."""
        return str(self.asked["theme"])

    @property
    def book(self) -> Codebook:
        """The codebook of the suite."""
        return self.suite.book

    @cached_property
    def _outside(self) -> dict[str, str]:
        """The reason for each article that is left out."""
        wanted = self.asked["articles"]
        first = dates.bounds(str(self.asked["from_date"]))
        last = dates.bounds(str(self.asked["to_date"]))
        reasons: dict[str, str] = {}
        for name, earliest, latest in zip(
            *(self.suite.articles[c] for c in ("id", "earliest", "latest")), strict=True
        ):
            if wanted and name not in wanted:
                reasons[name] = "not asked for"
            elif first and latest.date() < first[0]:
                reasons[name] = f"published before {dates.day(first[0])}"
            elif last and earliest.date() > last[1]:
                reasons[name] = f"published after {dates.day(last[1])}"
        return reasons

    @cached_property
    def articles(self) -> pd.DataFrame:
        """The selected articles, in order of time."""
        facts = self.suite.articles
        return facts[~facts["id"].isin(list(self._outside))].reset_index(drop=True)

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """The articles left out, with the reason."""
        facts = self.suite.articles
        out = facts[facts["id"].isin(list(self._outside))].reset_index(drop=True)
        return out.assign(reason=[self._outside[name] for name in out["id"]])

    @cached_property
    def all_rows(self) -> pd.DataFrame:
        """All rows of the selected articles, whatever their voice, speaker and confidence."""
        rows = self.suite.rows
        return rows[rows["article"].isin(self.articles["id"])].reset_index(drop=True)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows that passed every filter but the theme."""
        rows, ranks = self.all_rows, list(self.book.values("confidence"))
        sure = ranks[: ranks.index(str(self.asked["confidence"])) + 1]
        kept = rows["voice"].isin(VOICES[str(self.asked["voices"])])
        kept &= rows["confidence"].isin(sure)
        if self.asked["speakers"]:
            kept &= rows["speaker"].isin(self.asked["speakers"])
        return rows[kept].reset_index(drop=True)

    @cached_property
    def diagnoses(self) -> pd.DataFrame:
        """The diagnoses of the selected articles."""
        rows = self.suite.diagnoses
        return rows[rows["article"].isin(self.articles["id"])].reset_index(drop=True)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """How sentences name each article of the suite, by its id."""
        facts = self.suite.articles
        return dict(zip(facts["id"], facts["label"], strict=True))

    @property
    def narrowed(self) -> bool:
        """Tell whether a filter hides rows of the selected articles."""
        return len(self.rows) < len(self.all_rows)

    def fingerprint(self) -> str:
        """Return the SHA-256 of exactly what is selected: rows, diagnoses and articles.

        It is taken of the cells as they stand in the files, in the order of the selection:
        other rows, and the order of lines, do not enter it.
        """
        tables = self.suite.material.tables
        places = self.suite.material.corpus.rows
        known = [places[name] for name in self.articles["id"]]
        digest = hashlib.sha256()
        _digest(digest, tables[RECOMMENDATIONS].cells, self.rows["place"])
        if DIAGNOSES in tables:
            _digest(digest, tables[DIAGNOSES].cells, self.diagnoses["place"])
        _digest(digest, self.suite.material.corpus.cells, known)
        return digest.hexdigest()

    def dates(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last possible day of publication; None without articles."""
        if self.articles.empty:
            return None
        facts = self.articles
        return facts["earliest"].min().date(), facts["latest"].max().date()


def _digest(digest: hashlib._Hash, cells: Cells, places: Iterable[int]) -> None:
    """Add the header and some rows of a table to a digest, unmistakably parted."""
    digest.update("\x1f".join(cells.columns).encode() + b"\x1d")
    columns = list(cells.columns.values())
    for place in places:
        digest.update("\x1f".join([column[place] for column in columns]).encode() + b"\x1e")


def row_ids(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of rows, in their order."""
    ids: Iterable[object] = rows["id"]
    return tuple(map(str, ids))
