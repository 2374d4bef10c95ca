"""Read the tables of a .dna file, the SQLite database of Discourse Network Analyzer 3.

The file is opened read-only, and no view, trigger or function of its own is ever run.
The surprising rule: SQLite lets any cell hold anything, so every cell is read as what it should be.
Source of the schema: DNA 3, github.com/leifeld/dna, dna/src/main/java/sql/Sql.java, createTables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from policybook.exchange.losses import refusal

LARGEST = 2_000_000_000
"""Bytes of a file that is opened at all."""

_LONGEST_CELL = 200_000_000
_STEPS = 100_000
_MOST_STEPS = 50_000
"""Steps of SQLite's machine between two counts, and counts until a file is given up."""

NEEDED = {
    "DOCUMENTS": ("ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"),
    "ENTITIES": ("ID", "VariableId", "Value"),
    "DATASHORTTEXT": ("StatementId", "VariableId", "Entity"),
    "DATALONGTEXT": ("StatementId", "VariableId", "Value"),
    "DATABOOLEAN": ("StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("StatementId", "VariableId", "Value"),
}  # fmt: skip
_WELCOME = {
    "CODERS": ("ID", "Name"),
    "ATTRIBUTEVARIABLES": ("ID", "VariableId", "AttributeVariable"),
    "ATTRIBUTEVALUES": ("EntityId", "AttributeVariableId", "AttributeValue"),
}
"""Tables that are read where they are there."""

PASSED_OVER = ("REGEXES", "STATEMENTLINKS", "VARIABLELINKS", "DOCUMENTTAGS", "ENTITYTAGS",
               "CODERRELATIONS")  # fmt: skip
"""Tables of DNA that a suite has no place for."""

_SETTINGS = "SETTINGS"

_RGB = ("Red", "Green", "Blue")
_COLOURED = " + ".join(_RGB) + " > 0"
_MAY = tuple(
    f"Permission{name}"
    for name in ("AddStatements", "ViewOthersStatements", "EditOthersStatements")
)
UNREAD = (
    ("ENTITIES", ("ChildOf",), "ChildOf IS NOT NULL", "entity beneath another"),
    ("ENTITIES", _RGB, _COLOURED, "colour of an entity"),
    ("STATEMENTTYPES", _RGB, f"{_COLOURED} AND Label NOT IN ('Recommendation', 'Diagnosis')",
     "colour of a type of statement"),
    ("CODERS", _RGB, f"{_COLOURED} AND ID > 1", "colour of a coder"),
    ("CODERS", _MAY, f"{' + '.join(_MAY)} < {len(_MAY)}", "coder who may not do everything"),
    ("DOCUMENTS", ("Coder", "Notes"), ("Coder IS NOT NULL AND Notes NOT LIKE '%[policybook]%' AND Coder"
     " NOT IN (SELECT s.Coder FROM STATEMENTS s WHERE s.DocumentId = DOCUMENTS.ID AND s.Coder NOT NULL)"),
     "coder of a document none of whose statements he coded"),
)  # fmt: skip
"""What columns say that no table of a suite holds: where they say it, and what it is.

Left out is what DNA, or an export, writes by itself: the colour of the first coder, the administrator.
"""

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of each table by the columns above, and how much there is of what is not read."""

    rows: dict[str, list[tuple[Cell, ...]]]
    others: dict[str, int]
    mended: list[str] = field(default_factory=list)


def read(path: Path) -> Tables:
    """Return the tables of a .dna file. Raises `ExchangeError` for any other file."""
    _refuse_others(path)
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            return _tables(database, path.name)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # its own messages quote the damage
        message = f"cannot be read as a database: {error}"
        hint = "It is damaged or was cut short: save it again in DNA, or take a copy."
        raise refusal(path.name, "database-damaged", message, hint=hint) from None


def _refuse_others(path: Path) -> None:
    """Raise `ExchangeError` for what is no SQLite file at all."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
        size = path.stat().st_size
    except OSError as error:
        raise refusal(path.name, "unreadable", f"cannot be read: {error.strerror}") from None
    if head != b"SQLite format 3\0":
        hint = "A .dna file is a SQLite database; is it the right file?"
        raise refusal(path.name, "not-a-database", "is no SQLite database", hint=hint)
    if size > LARGEST:
        raise refusal(path.name, "too-large", f"has {size:,} bytes, at most {LARGEST:,} are read")

    for beside in (f"{path}-wal", f"{path}-journal"):
        if Path(beside).exists() and Path(beside).stat().st_size:
            message = "is open in another program, or was not closed properly"
            hint = "Close it in DNA first: some of it still stands in a file beside it."
            raise refusal(path.name, "database-open", message, hint=hint)


def _tables(database: sqlite3.Connection, file: str) -> Tables:
    """Return the tables of an open database."""
    for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
        database.execute(f"PRAGMA {pragma}")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
    counts = iter(range(_MOST_STEPS))
    database.set_progress_handler(lambda: next(counts, None) is None, _STEPS)
    mended: list[str] = []
    database.text_factory = lambda data: _decoded(data, mended)
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("its pages contradict each other")
    known = dict(_schema(database))
    _refuse_version(database, known, file)
    _refuse_schema(known, file)
    rows = {
        name: database.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY rowid").fetchall()  # noqa: S608  (names of our own)
        for name, columns in (NEEDED | _WELCOME).items()
        if set(columns) <= known.get(name, set())
    }
    others = {
        name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608  (names of our own)
        for name in PASSED_OVER
        if name in known
    }
    for name, columns, where, what in UNREAD:
        if known.get(name, set()).issuperset(columns):
            sql = f"SELECT count(*) FROM {name} WHERE {where}"  # noqa: S608  (names of our own)
            others[what] = database.execute(sql).fetchone()[0]
    return Tables(rows, others, mended)


def _decoded(data: bytes, mended: list[str]) -> str:
    """Return a text, noting one that is not UTF-8."""
    text = data.decode("utf-8", "replace")
    if "\ufffd" in text and text.encode() != data:
        mended.append(text[:60])
    return text


def _schema(database: sqlite3.Connection) -> Iterator[tuple[str, set[str]]]:
    """Yield each ordinary table with its columns: views and virtual tables run code, so not those."""
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    wanted = {*NEEDED, *_WELCOME, *PASSED_OVER, _SETTINGS}
    for name, statement in database.execute(sql).fetchall():
        if name in wanted and not str(statement).upper().startswith("CREATE VIRTUAL"):
            # Hidden columns are computed ones; kind 0 is a cell that is stored.
            info = database.execute(f"PRAGMA table_xinfo({name})").fetchall()
            yield name, {column[1] for column in info if column[6] == 0}


def _refuse_version(database: sqlite3.Connection, known: dict[str, set[str]], file: str) -> None:
    """Raise `ExchangeError` for a database of DNA 2, which DNA 3 cannot open either."""
    if {"Property", "Value"} <= known.get(_SETTINGS, set()):
        sql = "SELECT Value FROM SETTINGS WHERE Property = 'version'"
        version = str((database.execute(sql).fetchone() or ("",))[0])
        if version.startswith("2"):
            message = f"is a database of DNA 2 ({version[:40]}); those of DNA 3 are read"
            hint = "In DNA 3, make a new database and use Documents, Import from DNA database."
            raise refusal(file, "dna-2", message, hint=hint)


def _refuse_schema(known: dict[str, set[str]], file: str) -> None:
    """Raise `ExchangeError` where tables or columns of DNA 3 are missing."""
    for name, columns in NEEDED.items():
        missing = [column for column in columns if column not in known.get(name, set())]
        if missing:
            what = f"the column {name}.{missing[0]}" if name in known else f"the table {name}"
            hint = "Is it a file of Discourse Network Analyzer 3, and did that program make it?"
            message = f"is no database of DNA 3: {what} is missing"
            raise refusal(file, "other-schema", message, hint=hint)
