"""Files of other tools, written by the tests after the published schemas and not by our exports."""

from __future__ import annotations

import sqlite3
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

DNA_TABLES = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT NOT NULL);
CREATE TABLE CODERS(ID INTEGER NOT NULL PRIMARY KEY, Name TEXT NOT NULL, Password TEXT NOT NULL DEFAULT '');
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL,
  Coder INTEGER, Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '',
  Section TEXT NOT NULL DEFAULT '', Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '',
  Date INTEGER NOT NULL);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL, Red INTEGER, Green INTEGER, Blue INTEGER);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL, DataType TEXT NOT NULL, StatementTypeId INTEGER);
CREATE TABLE VARIABLELINKS(ID INTEGER NOT NULL PRIMARY KEY, SourceVariableId INTEGER, TargetVariableId INTEGER);
CREATE TABLE REGEXES(Label TEXT PRIMARY KEY, Red INTEGER, Green INTEGER, Blue INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER,
  Start INTEGER NOT NULL, Stop INTEGER NOT NULL, Coder INTEGER);
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL DEFAULT '',
  Red INTEGER, Green INTEGER, Blue INTEGER, ChildOf INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value TEXT);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER, AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY NOT NULL, EntityId INTEGER, AttributeVariableId INTEGER, AttributeValue TEXT);
"""

DNA_VARIABLES = (
    ("person", "short text"),
    ("organization", "short text"),
    ("concept", "short text"),
    ("agreement", "boolean"),
)
"""The variables of DNA's own statement type."""

_DATA = {
    "short text": "DATASHORTTEXT",
    "long text": "DATALONGTEXT",
    "boolean": "DATABOOLEAN",
    "integer": "DATAINTEGER",
}


class DnaFile:
    """A .dna file that grows: documents with a text, statements at words of it."""

    def __init__(
        self,
        path: Path,
        *,
        variables: Sequence[tuple[str, str]] = DNA_VARIABLES,
        label: str = "DNA Statement",
    ) -> None:
        """Create the file with DNA's tables and one type of statement."""
        self.path, self.texts = path, dict[int, str]()
        self.database = sqlite3.connect(path)
        self.database.executescript(DNA_TABLES)
        self.run("INSERT INTO CODERS(ID, Name) VALUES (1, 'Admin'), (2, 'Anna Müller')")
        self.variables: dict[tuple[int, str], tuple[int, str]] = {}
        self.entities: dict[tuple[int, str], int] = {}
        self.kind = self.statement_type(label, variables)

    def run(self, sql: str, *cells: object) -> int:
        """Run a statement of SQL and return the key of the row it inserted."""
        return self.database.execute(sql, cells).lastrowid or 0

    def statement_type(self, label: str, variables: Iterable[tuple[str, str]]) -> int:
        """Add a type of statement with its variables and return its key."""
        kind = self.run("INSERT INTO STATEMENTTYPES(Label) VALUES (?)", label)
        for name, form in variables:
            key = self.run(
                "INSERT INTO VARIABLES(Variable, DataType, StatementTypeId) VALUES (?, ?, ?)",
                name,
                form,
                kind,
            )
            self.variables[kind, name] = (key, form)
        return kind

    def document(self, text: str, **cells: object) -> int:
        """Add a document and return its key."""
        said = {"Title": "A title", "Coder": 2, "Date": 1_262_304_000, **cells}
        key = self.run(
            f"INSERT INTO DOCUMENTS(Text, {', '.join(said)}) VALUES (?{', ?' * len(said)})",  # noqa: S608  (names of the tests' own)
            text,
            *said.values(),
        )
        self.texts[key] = text
        return key

    def statement(
        self,
        document: int,
        words: str,
        *,
        kind: int = 0,
        span: tuple[int, int] | None = None,
        coder: int = 2,
        **values: Any,
    ) -> int:
        """Add a statement at some words, counted in UTF-16 units as DNA does."""
        text = self.texts.get(document, "")
        if span is None:
            before = text[: text.index(words)]
            units = len(before.encode("utf-16-le")) // 2
            span = units, units + len(words.encode("utf-16-le")) // 2
        key = self.run(
            "INSERT INTO STATEMENTS(StatementTypeId, DocumentId, Start, Stop, Coder) VALUES (?, ?, ?, ?, ?)",
            kind or self.kind,
            document,
            *span,
            coder,
        )
        for name, value in values.items():
            variable, form = self.variables[kind or self.kind, name]
            kept = self.entity(variable, str(value)) if form == "short text" else value
            column = "Entity" if form == "short text" else "Value"
            self.run(
                f"INSERT INTO {_DATA[form]}(StatementId, VariableId, {column}) VALUES (?, ?, ?)",  # noqa: S608  (names of the tests' own)
                key,
                variable,
                kept,
            )
        return key

    def entity(self, variable: int, value: str) -> int:
        """Return the key of a value, adding it at its first use."""
        if (variable, value) not in self.entities:
            self.entities[variable, value] = self.run(
                "INSERT INTO ENTITIES(VariableId, Value) VALUES (?, ?)", variable, value
            )
        return self.entities[variable, value]

    def save(self) -> Path:
        """Close the file and return its path."""
        self.database.commit()
        self.database.close()
        return self.path


def many_statements(path: Path, *, statements: int, documents: int = 50) -> Path:
    """Write a .dna file with many statements, ten of each concept and stance by turns."""
    dna = DnaFile(path)
    lines = [
        f"Sentence {number} asks for measure {number % 17} at length." for number in range(300)
    ]
    keys = [
        dna.document(
            "\n".join(lines), Title=f"News {d}", Source="The Daily", Date=1_262_304_000 + 86_400 * d
        )
        for d in range(documents)
    ]
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for number in range(statements):
        place = number * 7 % len(lines)
        span = starts[place], starts[place] + len(lines[place])
        dna.statement(
            keys[number % documents],
            "",
            span=span,
            organization=f"Organization {number % 23}",
            concept=f"Concept {number % 13}",
            agreement=number // 3 % 2,
        )
    return dna.save()


def guid(*what: object) -> str:
    """Return a GUID made from anything."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(map(str, what))))


def code(name: str, *inner: str, codable: bool = True, about: str = "", key: str = "") -> str:
    """Return a code of a REFI-QDA codebook."""
    told = f"<Description>{about}</Description>" if about else ""
    own = key or guid("code", name)
    return (
        f'<Code guid="{own}" name={quoteattr(name)} isCodable="{str(codable).lower()}">'
        f"{told}{''.join(inner)}</Code>"
    )


def selection(  # noqa: PLR0913  (a passage has this many parts)
    start: int,
    end: int,
    *codes: str,
    name: str = "",
    user: str = "anna",
    key: str = "",
    note: str = "",
) -> str:
    """Return a coded passage of a REFI-QDA source."""
    own = key or guid("selection", start, end, *codes, user)
    by = guid("user", user)
    codings = "".join(
        f'<Coding guid="{guid(own, one)}" creatingUser="{by}"><CodeRef targetGUID="{guid("code", one)}"/></Coding>'
        for one in codes
    )
    target = guid("note", note)
    ref = f'<NoteRef targetGUID="{target}"/>' if note else ""
    return f'<PlainTextSelection guid="{own}" name={quoteattr(name)} startPosition="{start}" endPosition="{end}">{codings}{ref}</PlainTextSelection>'


def source(
    name: str,
    *inner: str,
    path: str | None = "",
    content: str | None = None,
    made: str = "2021-05-06T10:00:00Z",
    kind: str = "TextSource",
) -> str:
    """Return a source of a REFI-QDA project; `path` is the plain-text path, None for none."""
    default = f"internal://{guid('source', name)}.txt"
    where = "" if path is None else f' plainTextPath="{path or default}"'
    text = "" if content is None else f"<PlainTextContent>{content}</PlainTextContent>"
    key = guid("source", name)
    return f'<{kind} guid="{key}" name={quoteattr(name)}{where} creationDateTime="{made}">{text}{"".join(inner)}</{kind}>'


def project(sources: str, codes: str, *, more: str = "", users: Sequence[str] = ("anna",)) -> str:
    """Return the document of a REFI-QDA project."""
    people = "".join(f"<User guid='{guid('user', one)}' name='{one.title()}'/>" for one in users)
    body = (
        f"<Users>{people}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>"
        f"<Sources>{sources}</Sources>{more}"
    )
    space = 'xmlns="urn:QDA-XML:project:1.0"'
    return f'<?xml version="1.0" encoding="utf-8"?><Project {space} name="A project" origin="Some tool 1.0">{body}</Project>'


def qdpx(
    path: Path,
    document: str | bytes,
    texts: Mapping[str, bytes | str] = {},
    *,
    name: str = "project.qde",
) -> Path:
    """Write a project file; `texts` are its members by their names."""
    with closing(zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)) as archive:
        archive.writestr(name, document)
        for member, text in texts.items():
            archive.writestr(member, text)
    return path


def member(name: str) -> str:
    """Return the member that holds the text of a source."""
    return f"Sources/{guid('source', name)}.txt"
