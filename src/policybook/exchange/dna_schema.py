"""The tables of a .dna file, with the names, types and limits that DNA 3 gives them.

The surprising rule: nothing here is ours. Source: DNA 3, github.com/leifeld/dna,
dna/src/main/java/sql/Sql.java, the method createTables, its part for SQLite; of a password's form:
jasypt, StandardByteDigester (SHA-256, 16 bytes of salt, 100,000 rounds).
"""

from __future__ import annotations

import base64
import hashlib
import uuid

LONGEST = 190
"""Letters of a title, a name or a value that DNA holds."""

_KEY = "ID INTEGER NOT NULL PRIMARY KEY"
_PERMISSIONS = (
    "AddDocuments", "EditDocuments", "DeleteDocuments", "ImportDocuments", "AddStatements",
    "EditStatements", "DeleteStatements", "EditAttributes", "EditRegex", "EditStatementTypes",
    "EditCoders", "EditCoderRelations", "ViewOthersDocuments", "EditOthersDocuments",
    "ViewOthersStatements", "EditOthersStatements",
)  # fmt: skip
_MAY_SEE = ("viewStatements", "editStatements", "viewDocuments", "editDocuments")
_FORMS = "DataType IN ('boolean', 'integer', 'long text', 'short text')"


def _short(name: str, more: str = "NOT NULL") -> str:
    """Return a column of short text."""
    return f"{name} TEXT {more} CHECK (LENGTH({name}) <= {LONGEST})"


def _between(name: str, low: int, high: int, default: int, *, needed: bool = True) -> str:
    """Return a column of a number within limits."""
    null = "NOT NULL " if needed else ""
    return f"{name} INTEGER {null}DEFAULT {default} CHECK ({name} BETWEEN {low} AND {high})"


def _flags(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return columns that say yes or no, yes by default."""
    return tuple(_between(name, 0, 1, 1) for name in names)


def _refers(column: str, table: str, *, needed: bool = True) -> str:
    """Return a column that holds the key of another table's row."""
    null = " NOT NULL" if needed else ""
    return f"{column} INTEGER{null} REFERENCES {table}(ID) ON DELETE CASCADE"


_RGB = tuple(_between(name, 0, 255, 0) for name in ("Red", "Green", "Blue"))
_DATUM = (_KEY, _refers("StatementId", "STATEMENTS"), _refers("VariableId", "VARIABLES"))
_ONCE = "UNIQUE (StatementId, VariableId)"

_TABLES: dict[str, tuple[str, ...]] = {
    "SETTINGS": ("Property TEXT PRIMARY KEY", "Value TEXT NOT NULL"),
    "CODERS": (
        _KEY, _short("Name"), *_RGB, _between("Refresh", 0, 9999, 0), _between("FontSize", 1, 99, 14),
        _short("Password"), _between("PopupWidth", 100, 9999, 300, needed=False),
        _between("ColorByCoder", 0, 1, 0), _between("PopupDecoration", 0, 1, 0),
        _between("PopupAutoComplete", 0, 1, 1), *_flags(tuple(f"Permission{p}" for p in _PERMISSIONS)),
    ),
    "DOCUMENTS": (
        _KEY, _short("Title"), "Text TEXT NOT NULL", _refers("Coder", "CODERS", needed=False),
        *(_short(name, "NOT NULL DEFAULT ''") for name in ("Author", "Source", "Section")),
        "Notes TEXT NOT NULL DEFAULT ''", _short("Type", "NOT NULL DEFAULT ''"),
        "Date INTEGER NOT NULL",
    ),
    "STATEMENTTYPES": (_KEY, _short("Label"), *_RGB),
    "VARIABLES": (
        _KEY, _short("Variable"), f"DataType TEXT NOT NULL DEFAULT 'short text' CHECK ({_FORMS})",
        _refers("StatementTypeId", "STATEMENTTYPES", needed=False), "UNIQUE (Variable, StatementTypeId)",
    ),
    "VARIABLELINKS": (
        _KEY, _refers("SourceVariableId", "VARIABLES", needed=False),
        _refers("TargetVariableId", "VARIABLES", needed=False),
        "CHECK (TargetVariableId != SourceVariableId)",
    ),
    "REGEXES": (_short("Label", "PRIMARY KEY"), *_RGB),
    "CODERRELATIONS": (
        _KEY, _refers("Coder", "CODERS", needed=False), _refers("OtherCoder", "CODERS", needed=False),
        *_flags(_MAY_SEE), "CHECK (Coder != OtherCoder)",
    ),
    "STATEMENTS": (
        _KEY, _refers("StatementTypeId", "STATEMENTTYPES", needed=False),
        _refers("DocumentId", "DOCUMENTS", needed=False), "Start INTEGER NOT NULL CHECK (Start >= 0)",
        "Stop INTEGER NOT NULL", _refers("Coder", "CODERS", needed=False), "CHECK (Start < Stop)",
    ),
    "ENTITIES": (
        _KEY, _refers("VariableId", "VARIABLES"), _short("Value", "NOT NULL DEFAULT ''"), *_RGB,
        _refers("ChildOf", "ENTITIES", needed=False), "UNIQUE (VariableId, Value)",
    ),
    "DATABOOLEAN": (*_DATUM, "Value INTEGER NOT NULL DEFAULT 1", _ONCE),
    "DATAINTEGER": (*_DATUM, "Value INTEGER NOT NULL DEFAULT 0", _ONCE),
    "DATASHORTTEXT": (*_DATUM, _refers("Entity", "ENTITIES"), _ONCE),
    "DATALONGTEXT": (*_DATUM, "Value TEXT DEFAULT ''", _ONCE),
    "ATTRIBUTEVARIABLES": (
        _KEY, _refers("VariableId", "VARIABLES"), _short("AttributeVariable"),
        "UNIQUE (VariableId, AttributeVariable)",
    ),
    "ATTRIBUTEVALUES": (
        _KEY, _refers("EntityId", "ENTITIES"), _refers("AttributeVariableId", "ATTRIBUTEVARIABLES"),
        _short("AttributeValue", "NOT NULL DEFAULT ''"), "UNIQUE (EntityId, AttributeVariableId)",
    ),
}  # fmt: skip

SCHEMA = "\n".join(f"CREATE TABLE {name} ({', '.join(of)});" for name, of in _TABLES.items())


def hashed(password: str) -> str:
    """Return a password in the form in which DNA keeps it, the same every time."""
    salt = uuid.uuid5(uuid.NAMESPACE_URL, "policybook").bytes
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(99_999):
        digest = hashlib.sha256(digest).digest()
    return base64.b64encode(salt + digest).decode()
