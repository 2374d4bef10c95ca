"""Export a suite as a .dna file that Discourse Network Analyzer 3 opens.

The surprising rule: DNA counts places in UTF-16 units, and asks for a password, which is
`PASSWORD`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from policybook.exchange import toml
from policybook.exchange.dna_in import DIAGNOSIS, FACTS, TYPE
from policybook.exchange.dna_rows import OWN_ID
from policybook.exchange.dna_schema import LONGEST, SCHEMA, hashed
from policybook.exchange.draft import ARTICLES, DIAGNOSES, MACHINE, ROWS
from policybook.exchange.held import Held, Passage
from policybook.material import CODEBOOK
from policybook.tables import OWN_VOICES

PASSWORD = "policybook"  # noqa: S105  (a file that everybody may open has one that everybody knows)
_NAMES = {"speaker": "organization", "instrument": "concept", "stance": "agreement"}
"""What DNA calls three of our columns by custom."""

_LONG = ("text", "quote", "prefix", "id", "row", "group")
_STRUCTURE = ("article", "quote", "prefix", "coder")
"""Columns that DNA's own document, place and coder stand for."""

_COLOURS = {ROWS: (239, 208, 51), DIAGNOSES: (120, 170, 220)}


def export(held: Held) -> bytes:
    """Return the bytes of a .dna file with the articles, recommendations and diagnoses."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA page_size = 4096")
        database.executescript(SCHEMA)
        _Writing(held, database).all()
        database.commit()
        database.execute("VACUUM")
        return _constant(database.serialize())


def _constant(data: bytes) -> bytes:
    """Return a database without the number of the SQLite that made it, which no reader needs."""
    return data[:96] + bytes(4) + data[100:]


@dataclass
class _Writing:
    """A suite on its way into the tables of DNA; keys count from 1 in each."""

    held: Held
    database: sqlite3.Connection
    coders: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    """Coders whose ids are longer than a name of DNA."""

    def insert(self, table: str, **cells: object) -> int:
        """Insert a row and return its key."""
        self.keys[table] = self.keys.get(table, 0) + 1
        names = ", ".join(["ID", *cells])
        marks = ", ".join("?" * (len(cells) + 1))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (names of our own)
        self.database.execute(sql, [self.keys[table], *cells.values()])
        return self.keys[table]

    def all(self) -> None:
        """Write everything, in an order that never changes."""
        self.database.execute(
            "INSERT INTO SETTINGS VALUES ('version', '3.0'), ('date', '2022-06-12')"
        )
        self._coders()
        for name, facts in self.held.articles.items():
            self._document(name, facts)
        for file, label in ((ROWS, TYPE), (DIAGNOSES, DIAGNOSIS)):
            if file == ROWS or self.held.tables.get(file):
                _Type(self, file, label).write()
        taken = (ROWS, DIAGNOSES, ARTICLES, "seeds", CODEBOOK)
        self.held.leave("only the settled rows travel", but=taken)
        _name_codebook(self.held)

    def _coders(self) -> None:
        """Write the coders; DNA takes the first for its administrator."""
        password = hashed(PASSWORD)
        self.insert("CODERS", Name="Admin", Red=255, Green=255, Blue=0, Password=password)
        for coder in self.held.book.values("coder").values():
            machine = coder.extra.get("kind") == "machine"
            kind = MACHINE if machine else ""
            room = LONGEST - len(kind)
            name = f"{coder.id[:room]}{kind}"
            if len(coder.id) > room:
                self.cut.add(coder.id)
            self.coders[coder.id] = self.insert("CODERS", Name=name, Password=password)

    def _document(self, name: str, facts: Mapping[str, str]) -> None:
        """Write an article; what DNA has no field for stands in its notes."""
        book = self.held.book
        title = _shortened(facts["title"], self.held, ARTICLES, name, "title")
        own = {k: v for k, v in facts.items() if v and k not in {"title", "note"}}
        if title != facts["title"]:
            own["title"] = facts["title"]
        notes = "\n".join(f"{toml.key(key)} = {toml.text(value)}" for key, value in own.items())
        authors = [book.label("actor", one) for one in facts.get("authors", "").split("; ") if one]
        self.documents[name] = self.insert(
            "DOCUMENTS",
            Title=title,
            Text=self.held.texts[name],
            Coder=self.coders.get(facts.get("coder", ""), 1),
            Author=", ".join(authors)[:LONGEST],
            Source=facts.get("outlet", "")[:LONGEST],
            Notes="\n\n".join(
                part for part in (facts.get("note", ""), f"{FACTS}\n{notes}") if part
            ),
            Type=book.label("genre", facts.get("genre", ""))[:LONGEST],
            Date=_seconds(facts["earliest"]),
        )


@dataclass
class _Type:
    """One table of a suite on its way into a type of statement."""

    to: _Writing
    file: str
    label: str
    variables: dict[str, tuple[int, str]] = field(default_factory=dict)
    entities: dict[tuple[str, str], int] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def write(self) -> None:
        """Write the type, its variables and its statements."""
        red, green, blue = _COLOURS[self.file]
        key = self.to.insert("STATEMENTTYPES", Label=self.label, Red=red, Green=green, Blue=blue)
        kind = "recommendations" if self.file == ROWS else "diagnoses"
        for column in self.to.held.book.columns[kind].values():
            if column.name not in _STRUCTURE:
                form = "long text" if column.kind in _LONG else "short text"
                form = "boolean" if column.name == "stance" else form
                name = _NAMES.get(column.name, column.name)
                variable = self.to.insert(
                    "VARIABLES", Variable=name, DataType=form, StatementTypeId=key
                )
                self.variables[column.name] = (variable, form)
        for row in self.to.held.tables[self.file]:
            self._statement(key, row)

    def _statement(self, kind: int, row: Passage) -> None:
        """Write one row as a statement."""
        held, name = self.to.held, row.cells["id"].strip()
        if "quote" not in row.spans:
            held.losses.dropped(self.file, "a draft whose quotation stands nowhere", row=name)
            return
        text = held.texts[row.cells["article"]]
        start, end = row.spans["quote"]
        statement = self.to.insert(
            "STATEMENTS",
            StatementTypeId=kind,
            DocumentId=self.to.documents[row.cells["article"]],
            Start=_units(text[:start]),
            Stop=_units(text[:end]),
            Coder=self.to.coders.get(held.coder(row.cells), 1),
        )
        for column, value in self._cells(row):
            self._datum(statement, column, value)
            if self.variables[column][1] == "short text":  # what is cut, is cut in every row
                _shortened(value, held, self.file, name, column)
        self._name_place(row, text[start:end])

    def _cells(self, row: Passage) -> Iterator[tuple[str, str]]:
        """Yield what a statement says; speakers by name, also where a row leaves its article's."""
        cells = dict(row.cells)
        if self.file == ROWS:
            cells["speaker"] = self.to.held.speaker(row.cells)
        for column in self.variables:
            if value := cells.get(column, ""):
                yield column, value

    def _datum(self, statement: int, column: str, value: str) -> None:
        """Write one value of a statement."""
        variable, form = self.variables[column]
        place = {"StatementId": statement, "VariableId": variable}
        if form == "boolean":
            self.to.insert("DATABOOLEAN", **place, Value=int(value == "supports"))
        elif form == "long text":
            self.to.insert("DATALONGTEXT", **place, Value=value)
        else:
            self.to.insert("DATASHORTTEXT", **place, Entity=self._entity(column, value))

    def _entity(self, column: str, value: str) -> int:
        """Return the key of a value, written at its first use with the id behind its words."""
        if (column, value) not in self.entities:
            words = self._unused(column, value)
            variable = self.variables[column][0]
            key = self.to.insert("ENTITIES", VariableId=variable, Value=words)
            self.entities[column, value] = key
            if words != value:
                self._attribute(variable, key, value[:LONGEST])
        return self.entities[column, value]

    def _unused(self, column: str, value: str) -> str:
        """Return the words of a value, the id or a number after them where another has them too."""
        kind = "recommendations" if self.file == ROWS else "diagnoses"
        spec = self.to.held.book.columns[kind][column]
        words = self.to.held.book.label(spec.values, value) if column in _NAMES else value
        marks = itertools.chain(("", f" ({value})"), map(" ({})".format, itertools.count(2)))
        made = (f"{words[: LONGEST - len(m)]}{m}" for m in marks if len(m) < LONGEST)
        found = next(one for one in made if (column, one) not in self.used)
        self.used.add((column, found))
        return found

    def _attribute(self, variable: int, entity: int, value: str) -> None:
        """Write the id of an entity beside it."""
        known = self.entities.get(("", str(variable)))
        if known is None:
            known = self.to.insert(
                "ATTRIBUTEVARIABLES", VariableId=variable, AttributeVariable=OWN_ID
            )
            self.entities["", str(variable)] = known
        self.to.insert(
            "ATTRIBUTEVALUES", EntityId=entity, AttributeVariableId=known, AttributeValue=value
        )

    def _name_place(self, row: Passage, printed: str) -> None:
        """Name what a place, a coder and a speaker in DNA do not say of how a row puts it."""
        losses, name = self.to.held.losses, row.cells["id"].strip()
        if " ".join(printed.split()) != row.cells["quote"]:
            what = "the words as they are printed stand for the quotation as it was typed"
            losses.changed(self.file, what, row=name, column="quote")
        if row.cells.get("prefix"):
            what = "the place itself tells which of several it is"
            losses.changed(self.file, what, row=name, column="prefix")
        if (coder := self.to.held.coder(row.cells)) in self.to.cut:
            what = f"the coder's id of {len(coder)} letters was cut to what DNA holds"
            losses.changed(self.file, what, row=name, column="coder")
        article = self.to.held.articles[row.cells["article"]]
        own = (row.cells.get("voice") or "author") in OWN_VOICES
        for column in ("coder", *(("speaker",) if own else ())):
            if row.cells.get(column) and row.cells[column] == article.get(column):
                what = f"the article has the same {column}: it comes back as an empty cell"
                losses.changed(self.file, what, row=name, column=column)


def _name_codebook(held: Held) -> None:
    """Name everything of the codebook that DNA has no table for."""
    for vocabulary, values in held.book.vocabularies.items():
        for value in values:
            what = "definition, example and whatever else is said of the value"
            held.losses.dropped(CODEBOOK, what, row=f"{vocabulary}.{value}")
    for name in ("codebook", "unit", "column", "relation", "referent", "changelog"):
        if name in held.book.data:
            what = f"the part [{name}]: DNA has no place for it"
            held.losses.dropped(CODEBOOK, what, row=name)


def _shortened(words: str, held: Held, file: str, row: str, column: str) -> str:
    """Return words as long as DNA holds them, naming what was cut."""
    if len(words) > LONGEST:
        what = f"cut to {LONGEST} letters of {len(words):,}"
        held.losses.changed(file, what, row=row, column=column)
    return words[:LONGEST]


def _units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _seconds(day: str) -> int:
    """Return a day as seconds since 1970, in UTC."""
    return calendar.timegm(dt.date.fromisoformat(day).timetuple())
