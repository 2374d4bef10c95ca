"""The tables of a suite as DataFrames, made once; nobody but `suite` reads them directly.

Every row has a digest, so that what a selection returned can be compared without its making.
The surprising rule: the frames are shared between all who select from them, and never changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from policybook import dates, naming
from policybook.codebook import Codebook
from policybook.corpus import ARTICLES
from policybook.material import CODEBOOK, DIAGNOSES, SEEDS, Found, Material
from policybook.problems import Problem, SuiteError
from policybook.reads import digest, joined
from policybook.searches import Searches
from policybook.tables import DRAFT, FIRST_YEAR, frame, split

Row = Mapping[Hashable, Any]
"""One row of a table, as `DataFrame.to_dict("records")` gives it."""

MOST_KEPT, PARTS_KEPT = 500, 100
"""Rows of a table whose parts are kept, and how many parts: some 15 MB at most."""

POSITIONS = ("line", "place", "order")
"""Columns that say where a row stands among all; a selection does not have them as they are."""


@dataclass
class Content:
    """The tables of one suite: `articles`, and each table of quotations by `coding`."""

    material: Material
    codings: dict[str, pd.DataFrame] = field(default_factory=dict)
    meant: dict[str, pd.DataFrame] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    digests: dict[str, list[bytes]] = field(default_factory=dict)
    forms: dict[str, bytes] = field(default_factory=dict)
    parts: dict[tuple[str, bytes], pd.DataFrame] = field(default_factory=dict)
    unfinished: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def articles(self) -> pd.DataFrame:
        """The articles in order of time; see `Suite.articles`."""
        book, cells = self.material.book, self.material.corpus.cells
        names = dict.fromkeys([*cells.columns, *book.columns.get("articles", {})])
        facts = pd.DataFrame({n: [c.strip() for c in cells.column(n)] for n in names})
        facts["earliest"] = pd.to_datetime(facts["earliest"], format="%Y-%m-%d")
        facts["latest"] = pd.to_datetime(facts["latest"], format="%Y-%m-%d")
        facts["inferred"] = facts["date_basis"] == "inferred"
        facts = facts.sort_values(["earliest", "latest", "id"], ignore_index=True)
        days = zip(facts["earliest"].dt.date, facts["latest"].dt.date, strict=True)
        facts["when"] = [dates.interval(first, last) for first, last in days]
        facts["by"] = [_names(book, cell) for cell in facts["authors"]]
        facts["speaker_label"] = [book.label("actor", s) for s in facts["speaker"]]
        wide = _widest(facts)
        facts["widest"] = [dates.interval(first, last) for first, last in wide]
        known = facts.assign(years=[dates.year(first, last) for first, last in wide])
        named = zip(*(known[name].tolist() for name in naming.NEEDED), strict=True)
        facts["label"] = naming.labels([dict(zip(naming.NEEDED, f, strict=True)) for f in named])
        return facts

    @cached_property
    def facts(self) -> Mapping[str, Row]:
        """The facts on each article by its id."""
        return Facts(self.articles)

    def coding(self, name: str) -> pd.DataFrame:
        """Return a table of quotations in order of time and place; see `Suite.coding`."""
        if name not in self.codings:
            self.codings[name] = self._coding(name)
        return self.codings[name]

    def terms(self, name: str) -> pd.DataFrame:
        """Return the same table with each repetition under the terms of the row it repeats."""
        if name not in self.meant:
            self.meant[name] = under_their_terms(self.coding(name))
        return self.meant[name]

    def drafts(self, name: str) -> pd.DataFrame:
        """Return the draft rows of a table of quotations, which are in no other table here."""
        self.coding(name)
        return self.unfinished[name]

    def _coding(self, name: str) -> pd.DataFrame:
        """Make the DataFrame of one table, without its drafts, which are kept apart."""
        names = zip(*(self.articles[c] for c in ("id", "speaker", "coder")), strict=True)
        by_article = {a: {"speaker": speaker, "coder": coder} for a, speaker, coder in names}
        rows = frame(self.material.tables[name], articles=by_article)
        for column, found in self.material.found[name].items():
            _add_span(rows, column, found)
        order = {article: rank for rank, article in enumerate(self.articles["id"])}
        years = dict(zip(self.articles["id"], self.articles["earliest"].dt.year, strict=True))
        rows["place"] = range(len(rows))
        rows["order"] = rows["article"].astype(str).map(order)
        rows[FIRST_YEAR] = rows["article"].astype(str).map(years)
        draft = (
            rows["status"].astype(str) == DRAFT
            if "status" in rows
            else pd.Series(data=False, index=rows.index)
        )
        self.unfinished[name] = rows[draft]
        rows = rows[~draft] if draft.any() else rows
        return rows.sort_values(["order", "start", "line"], ignore_index=True)

    def part(self, name: str, places: np.ndarray) -> pd.DataFrame:
        """Return some rows of a table (`articles` or a coding) as a table of its own: see `narrowed`.

        What is asked for again, as by questions put under one setting after the other, is kept, of
        tables that are small.
        """
        table = self.articles if name == "articles" else self.terms(name)
        if len(table) > MOST_KEPT:
            return narrowed(table, places)
        if len(self.parts) >= PARTS_KEPT:
            self.parts.clear()
        key = (name, places.tobytes())
        if key not in self.parts:
            self.parts[key] = narrowed(table, places)
        return self.parts[key].copy(deep=False)

    def diagnoses(self, table: str) -> str:
        """Return the name of the diagnoses that go with a table, empty where there are none."""
        own = f"{table.removesuffix('.csv')}-{Path(DIAGNOSES).name}"
        name = own if own in self.material.tables else DIAGNOSES
        return name if name in self.material.tables else ""

    def undecided(self, name: str) -> list[str]:
        """Return the codes of a table that were split or retired since; see `Suite.undecided`."""
        table, found = self.material.tables[name], set[str]()
        for column in table.columns.values() if table.old else ():
            taken = table.book.taken.get(column.values)
            if taken and column.kind in {"code", "codes"}:
                codes = {
                    code for cell in table.meanings(column.name).values() for code in split(cell)
                }
                found |= codes & taken
        return sorted(found)

    def refuse_undecided(self, name: str) -> None:
        """Raise `SuiteError` for a table that cannot stand for the rows, KeyError for none such."""
        if codes := self.undecided(name):
            message = f"holds codes that were split or retired since: {', '.join(codes)}"
            hint = "Which of the new ones its coder would have used, nobody knows."
            raise SuiteError([Problem(name, None, None, "undecided", message, (), hint)])

    def years(self) -> list[str]:
        """Return every year from which there may be an article, in order."""
        spans = zip(self.articles["earliest"].dt.year, self.articles["latest"].dt.year, strict=True)
        years = {year for first, last in spans for year in range(int(first), int(last) + 1)}
        return [str(year) for year in sorted(years)]

    def lines(self, name: str, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return columns of a table, line by line as they stand there; none where there is no such one."""
        table = self.material.tables.get(name)
        return list(zip(*(table.cells.column(c) for c in columns), strict=True)) if table else []

    def text(self, article: str) -> str:
        """Return the text of an article, read once. KeyError where there is none such."""
        if article not in self.texts:
            self.texts[article] = self.material.corpus.text(article) or ""
        return self.texts[article]

    def load(self) -> None:
        """Make all tables and read all texts."""
        for name in self.material.found:
            self.terms(name)
        for article in self.material.corpus.rows:
            self.text(article)

    @cached_property
    def searches(self) -> Searches:
        """The texts of all articles, to be asked the same questions; none is kept for that."""
        known, corpus = self.texts, self.material.corpus
        hashes = {article: corpus.fact(article, "sha256") for article in corpus.rows}
        return Searches(lambda a: known[a] if a in known else corpus.text(a) or "", sha256=hashes)

    def digests_of(self, name: str) -> list[bytes]:
        """Return the digest of every row of a table (`articles` or a coding), in their order.

        It covers every cell but those in `POSITIONS`, and the terms that a repetition takes over.
        """
        if name not in self.digests:
            table = self.articles if name == "articles" else self.coding(name)
            whole = table if name == "articles" else self.terms(name)
            columns = [one for term, others in _TERMS.items() for one in (term, *others)]
            taken = [whole[c] for c in columns if c in whole and whole is not table]
            own = [table[c] for c in table if c not in POSITIONS]
            parts = (column.astype(str).tolist() for column in (*own, *taken))
            rows = zip(*parts, strict=True)
            self.digests[name] = [_row_digest(row) for row in rows]
        return self.digests[name]

    def whole(self, name: str) -> str:
        """Return the digest of a whole table, with the place of every row."""
        table = self.articles if name == "articles" else self.coding(name)
        places = [table[c].to_numpy().tobytes() for c in POSITIONS if c in table]
        return joined([self.form(name), *self.digests_of(name), *places])

    def fingerprint(self) -> str:
        """Return the SHA-256 of every file this is made of: their names and their bytes."""
        root, corpus = self.material.root, self.material.corpus
        names = [CODEBOOK, f"{SEEDS}/{ARTICLES}", *self.material.tables]
        names += [f"{SEEDS}/{corpus.fact(article, 'file')}" for article in corpus.rows]
        parts = {name: _data(root / name) for name in names}
        return digest(parts)

    def form(self, name: str) -> bytes:
        """Return the digest of a table's columns: names, types, and the categories in order."""
        if name not in self.forms:
            table = self.articles if name == "articles" else self.coding(name)
            parts = [str(part) for column in table for part in (column, _form(table[column].dtype))]
            self.forms[name] = _row_digest(tuple(parts))
        return self.forms[name]


class Facts(Mapping[str, Row]):
    """The facts on each article by its id, put together when they are asked for."""

    def __init__(self, articles: pd.DataFrame) -> None:
        """Keep where each article stands."""
        self.columns = {str(name): articles[name].array for name in articles}
        self.places = {str(name): place for place, name in enumerate(articles["id"].tolist())}
        self.made: dict[str, Row] = {}

    def __getitem__(self, name: str) -> Row:
        """Return the facts on an article. KeyError where there is none such."""
        if name not in self.made:
            place = self.places[name]
            self.made[name] = {column: cells[place] for column, cells in self.columns.items()}
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids in their order."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self.places)


_TERMS = {
    "condition": ("condition_type", "condition_start", "condition_end"),
    "objective": (),
    "target": (),
}
"""What a repetition may leave unsaid, and what goes with it."""

_UNSAID = ("", "unspecified")
"""What stands in a cell that leaves a term unsaid."""


def under_their_terms(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with each repetition under those terms of the row it repeats that it leaves unsaid.

    Who repeats a demand need not repeat its condition, its purpose, or upon whom. Only where the
    two say the same of one instrument. Of no filtered rows: what is repeated may be hidden.
    Linear in rows.

    >>> rows = pd.DataFrame({"id": ["a", "b"], "repeat_of": ["", "a"], "instrument": "s",
    ...     "stance": "supports", "condition": ["if so", ""], "condition_type": ["goal", ""]})
    >>> under_their_terms(rows)["condition_type"].tolist()
    ['goal', 'goal']
    """
    if "repeat_of" not in rows or not (rows["repeat_of"] != "").any():
        return rows
    again, first = _repeated(rows)
    held: dict[str, Any] = {}
    for term, others in _TERMS.items():
        said = ~rows[term].isin(_UNSAID).to_numpy() if term in rows else np.zeros(len(rows), bool)
        taken = ~said[again] & said[first]
        for name in (term, *others) if taken.any() else ():
            if name in rows:
                held[name] = rows[name].array.copy()
                held[name][again[taken]] = held[name][first[taken]]
    return rows.assign(**held)


def _repeated(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of rows that say another's again, of one instrument, and those of the others."""
    again = np.flatnonzero((rows["repeat_of"] != "").to_numpy())
    wanted = rows["repeat_of"].iloc[again].astype(object)
    known = np.flatnonzero(rows["id"].isin(wanted).to_numpy())
    at = pd.Index(rows["id"].iloc[known].astype(object)).get_indexer(wanted)
    again, first = again[at >= 0], known[at[at >= 0]]
    same = np.ones(len(again), dtype=bool)
    for name in ("instrument", "stance"):
        cells = rows[name].to_numpy(object)
        same &= cells[again] == cells[first]
    return again[same], first[same]


def narrowed(table: pd.DataFrame, places: np.ndarray) -> pd.DataFrame:
    """Return some rows of a table as if the others had never been.

    Their place among all rows is left out, `order` is the article's rank among theirs,
    and no category remains that none of them has, but for those the codebook orders.
    """
    rows = table.drop(columns=[c for c in ("line", "place") if c in table])
    if len(places) < len(table):  # of a large table, taking every row costs a second
        rows = rows.iloc[places].reset_index(drop=True)
    if "order" in rows:
        rows["order"] = np.unique(rows["order"].to_numpy(), return_inverse=True)[1]
    for column in rows:
        kind = rows[column].dtype
        if isinstance(kind, pd.CategoricalDtype) and not kind.ordered:
            rows[column] = rows[column].cat.remove_unused_categories()
    return rows


def _data(path: Path) -> bytes:
    """Return the bytes of a file, none where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _form(kind: object) -> object:
    """Return what a column's type says: its categories where the codebook orders them."""
    ordered = isinstance(kind, pd.CategoricalDtype) and kind.ordered
    return list(kind.categories) if ordered else kind  # type: ignore[attr-defined]


def _row_digest(cells: tuple[str, ...]) -> bytes:
    """Return the digest of a row's cells, unmistakably parted."""
    text = "\x1e".join(f"{len(cell)}\x1f{cell}" for cell in cells)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _widest(facts: pd.DataFrame) -> list[tuple[dt.date, dt.date]]:
    """Return the first and the last day at the outside; where none is given, those of the interval."""
    days = []
    for name in ("earliest", "latest"):
        given = facts.get(f"outer_{name}", pd.Series("", index=facts.index))
        outside = pd.to_datetime(given, format="%Y-%m-%d", errors="coerce")
        days.append(outside.fillna(facts[name]).dt.date)
    return list(zip(*days, strict=True))


def _names(book: Codebook, cell: str) -> str:
    """Return the names of authors as a reader writes them, empty where none is established."""
    names = [book.label("actor", actor) for actor in split(cell)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _add_span(rows: pd.DataFrame, column: str, found: Found) -> None:
    """Add the places of a column's quotations; those of `quote` are plainly `start` and `end`."""
    prefix = "" if column == "quote" else f"{column}_"
    rows[f"{prefix}start"] = pd.Series(found.start, dtype="int64")
    rows[f"{prefix}end"] = pd.Series(found.end, dtype="int64")
