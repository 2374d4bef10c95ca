"""Import a .dna file: any statement type, with a mapping from its variables to columns.

A variable that is named like a column of the recommendations fills that column.
The surprising rule: a statement is the author's own only where its speaker is the document's
author; otherwise the article reports it, as newspapers do.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from policybook.exchange import book, dna_file
from policybook.exchange.dna_file import Cell, Tables
from policybook.exchange.dna_rows import Reading, StatementType
from policybook.exchange.draft import ARTICLES, DIAGNOSES, ROWS, Draft, number, plain
from policybook.exchange.losses import refusal
from policybook.exchange.options import Options
from policybook.problems import count

DEFAULTS = {
    "speaker": ("speaker", "organization", "organisation", "person"),
    "instrument": ("instrument", "concept"),
    "stance": ("stance", "agreement"),
}
"""Variables that fill a column where nothing else is asked for, the first that is there."""

TYPE, DIAGNOSIS = "Recommendation", "Diagnosis"
"""Types of statement as an export names them."""

FACTS = "[policybook]"
"""What stands above the facts of an article that an export writes into its notes."""

_STRUCTURE = ("article", "quote", "prefix")
"""Columns that a statement's document and place fill."""


def read(path: Path, options: Options) -> Draft:
    """Return the draft of a suite from a .dna file. Raises `ExchangeError` where it is none."""
    tables = dna_file.read(path)
    base = book.given(options.codebook) if options.codebook else book.template()
    draft = Draft(path.name, base, given=options.codebook is not None, name=path.stem)
    draft.settled = options.coded_on
    _passed_over(draft, tables)
    types = _types(tables, options, draft)
    articles = {row[0]: _Document(draft, row).add() for row in tables.rows["DOCUMENTS"]}
    reading = Reading(draft, tables, articles)
    for kind in types:
        reading.declare(kind)
        reading.statements(kind)
    reading.unmapped(types)
    return draft


def _passed_over(draft: Draft, tables: Tables) -> None:
    """Name what a suite has no place for."""
    if tables.mended:
        what = f"{count(len(tables.mended), 'text')} not in UTF-8: what is unreadable became U+FFFD"
        draft.losses.changed(draft.file, what)
    for name, rows in tables.others.items():
        if rows:
            said = (
                f"{count(rows, 'row')} of {name}"
                if name.isupper()
                else f"{count(rows, 'time')}, {name}"
            )
            draft.losses.dropped(draft.file, f"{said}: a suite has no place for it")


def _types(tables: Tables, options: Options, draft: Draft) -> list[StatementType]:
    """Return the type that holds the recommendations, then that of the diagnoses, if any."""
    known = [StatementType(key, plain(label)) for key, label in tables.rows["STATEMENTTYPES"]]
    for kind in known:
        mine = (row for row in tables.rows["VARIABLES"] if row[3] == kind.key)
        kind.variables = {plain(name): (key, plain(form)) for key, name, form, _ in mine}
        _map(kind, options, draft)
    used = Counter(row[1] for row in tables.rows["STATEMENTS"])
    chosen = _chosen(known, used, options, draft)
    for kind in known:
        if kind not in chosen and used[kind.key]:
            said = count(used[kind.key], "statement")
            what = f"{said} of the type “{kind.label}”: another type was chosen"
            draft.losses.dropped(draft.file, what)
    return chosen


def _chosen(
    known: list[StatementType], used: Counter[Cell], options: Options, draft: Draft
) -> list[StatementType]:
    """Return the types that are imported: the one asked for, or the one most used that fits."""
    labels = [kind.label for kind in known]
    if options.kind and options.kind not in labels:
        message = f"has no statement type “{options.kind}”"
        hint = "Name one of them with --type."
        raise refusal(
            draft.file, "type-unknown", message, allowed=", ".join(labels) or "none", hint=hint
        )
    fitting = [kind for kind in known if kind.fills.get("instrument") and kind.fills.get("stance")]
    if options.kind:
        fitting = [kind for kind in fitting if kind.label == options.kind]
    fitting.sort(key=lambda kind: (kind.label != TYPE, -used[kind.key]))
    if not fitting:
        message = "no statement type has variables for both instrument and stance"
        hint = "Name them, such as --map instrument=concept --map stance=agreement."
        variables = "; ".join(f"{kind.label}: {', '.join(kind.variables)}" for kind in known)
        raise refusal(draft.file, "mapping-missing", message, allowed=variables, hint=hint)
    diagnoses = [kind for kind in known if kind.label == DIAGNOSIS and kind.fills.get("instrument")]
    return [fitting[0], *(kind for kind in diagnoses if kind is not fitting[0])]


def _map(kind: StatementType, options: Options, draft: Draft) -> None:
    """Note which variables of a type fill which columns."""
    kind.file = DIAGNOSES if kind.label == DIAGNOSIS else ROWS
    kind.columns = draft.base.columns.get(
        "diagnoses" if kind.label == DIAGNOSIS else "recommendations", {}
    )
    for name in kind.columns:
        asked = options.mapping.get(name)
        wanted = (asked,) if asked else DEFAULTS.get(name, (name,))
        found = [variable for variable in wanted if variable in kind.variables]
        if found and name not in _STRUCTURE:
            kind.fills[name] = found


@dataclass(slots=True)
class _Document:
    """One document on its way to an article."""

    draft: Draft
    row: tuple[Cell, ...]
    cells: dict[str, str] = field(default_factory=dict)

    def add(self) -> str:
        """Add the document as an article and return its id."""
        columns = dna_file.NEEDED["DOCUMENTS"]
        self.cells = {name: plain(cell) for name, cell in zip(columns, self.row, strict=True)}
        note, own = facts_within(self.cells["Notes"])
        facts = {"title": self.cells["Title"], "note": note}
        if own:
            facts |= {key: value for key, value in own.items() if key not in {"id", "title"}}
        else:
            facts |= {"title_basis": "imported"} | self._day() | self._known()
        name = self.draft.article(self.cells["Text"], facts, wanted=own.get("id", ""))
        if not facts.get("speaker"):
            self.draft.articles[name]["speaker"] = self._speaker(name)
        if own:
            self.draft.own.add(name)
        elif section := self.cells["Section"]:
            self.draft.losses.dropped(ARTICLES, f"the section “{section}”", row=name)
        return name

    def _known(self) -> dict[str, str]:
        """Return the facts the file states, each with its basis."""
        facts: dict[str, str] = {}
        if outlet := self.cells["Source"]:
            facts |= {"outlet": outlet, "outlet_basis": "imported"}
        if author := self.cells["Author"]:
            actor = self.draft.value("actor", author)
            facts |= {"authors": actor, "authors_basis": "imported", "speaker": actor}
        if kind := self.cells["Type"]:
            facts |= {"genre": self.draft.value("genre", kind), "genre_basis": "imported"}
        return facts

    def _speaker(self, article: str) -> str:
        """Return who stands for the article's own voice where no author is named."""
        words = self.cells["Source"] or f"the author of {article}"
        what = f"the file names no author: {words} stands for the article's own voice"
        self.draft.losses.guessed(ARTICLES, what, row=article, column="speaker")
        return self.draft.value("actor", words)

    def _day(self) -> dict[str, str]:
        """Return the day of the document; DNA counts seconds since 1970, in UTC."""
        seconds = number(self.cells["Date"])
        try:
            moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
        except OverflowError:
            return {}
        if (moment.hour, moment.minute, moment.second) != (0, 0, 0):
            what = f"the time of day of “{self.cells['Title']}”, {moment:%H:%M:%S} UTC"
            self.draft.losses.dropped(ARTICLES, what, column="published")
        day = moment.date().isoformat()
        return {"published": day, "earliest": day, "latest": day, "date_basis": "imported"}


def facts_within(notes: str) -> tuple[str, Mapping[str, str]]:
    r"""Return a document's note, and the facts that an export wrote beneath it, if any.

    >>> facts_within('Seen.\n\n[policybook]\nid = "a-2014"')
    ('Seen.', {'id': 'a-2014'})
    """
    note, mark, facts = notes.rpartition(FACTS)
    if not mark:
        return notes, {}
    try:
        read = tomllib.loads(facts)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return notes, {}
    return note.removesuffix("\n\n"), {key: plain(value) for key, value in read.items()}
