"""The tables of a .dna file, in the form that DNA 3.0 makes them.

The surprising rule: nothing here is ours. Source: DNA 3, github.com/leifeld/dna,
dna/src/main/java/sql/Sql.java, the method createTables.
"""

from __future__ import annotations

_BYTE = "INTEGER NOT NULL DEFAULT 0 CHECK ({0} BETWEEN 0 AND 255)"
_RGB = ", ".join(f"{name} {_BYTE.format(name)}" for name in ("Red", "Green", "Blue"))
_PERMISSIONS = (
    "AddDocuments", "EditDocuments", "DeleteDocuments", "ImportDocuments", "AddStatements",
    "EditStatements", "DeleteStatements", "EditAttributes", "EditRegex", "EditStatementTypes",
    "EditCoders", "EditCoderRelations", "ViewOthersDocuments", "EditOthersDocuments",
    "ViewOthersStatements", "EditOthersStatements",
)  # fmt: skip
_MAY = ", ".join(f"Permission{name} INTEGER NOT NULL DEFAULT 1" for name in _PERMISSIONS)


def _refers(column: str, table: str, *, needed: bool = True) -> str:
    """Return a column that holds the key of another table's row."""
    null = " NOT NULL" if needed else ""
    return f"{column} INTEGER{null} REFERENCES {table}(ID) ON DELETE CASCADE"


def _datum(table: str, value: str) -> str:
    """Return a table of values that statements have in variables."""
    place = f"{_refers('StatementId', 'STATEMENTS')}, {_refers('VariableId', 'VARIABLES')}"
    return f"CREATE TABLE {table} (ID INTEGER PRIMARY KEY NOT NULL, {place}, {value}, UNIQUE (StatementId, VariableId));"


_TABLES = (
    "CREATE TABLE SETTINGS (Property TEXT PRIMARY KEY, Value TEXT NOT NULL);",
    (
        f"CREATE TABLE CODERS (ID INTEGER NOT NULL PRIMARY KEY, Name TEXT NOT NULL, {_RGB}, "
        "Refresh INTEGER NOT NULL DEFAULT 0, FontSize INTEGER NOT NULL DEFAULT 14, "
        "Password TEXT NOT NULL, PopupWidth INTEGER DEFAULT 300, "
        "ColorByCoder INTEGER NOT NULL DEFAULT 0, PopupDecoration INTEGER NOT NULL DEFAULT 0, "
        f"PopupAutoComplete INTEGER NOT NULL DEFAULT 1, {_MAY});"
    ),
    (
        "CREATE TABLE DOCUMENTS (ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL, "
        f"Text TEXT NOT NULL, {_refers('Coder', 'CODERS', needed=False)}, "
        "Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '', "
        "Section TEXT NOT NULL DEFAULT '', Notes TEXT NOT NULL DEFAULT '', "
        "Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL);"
    ),
    f"CREATE TABLE STATEMENTTYPES (ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL, {_RGB});",
    (
        "CREATE TABLE VARIABLES (ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL, "
        "DataType TEXT NOT NULL DEFAULT 'short text', "
        f"{_refers('StatementTypeId', 'STATEMENTTYPES', needed=False)}, "
        "UNIQUE (Variable, StatementTypeId));"
    ),
    f"CREATE TABLE REGEXES (Label TEXT PRIMARY KEY, {_RGB});",
    (
        "CREATE TABLE CODERRELATIONS (ID INTEGER NOT NULL PRIMARY KEY, "
        f"{_refers('Coder', 'CODERS', needed=False)}, {_refers('OtherCoder', 'CODERS', needed=False)}, "
        "viewStatements INTEGER NOT NULL DEFAULT 1, editStatements INTEGER NOT NULL DEFAULT 1, "
        "viewDocuments INTEGER NOT NULL DEFAULT 1, editDocuments INTEGER NOT NULL DEFAULT 1);"
    ),
    (
        "CREATE TABLE STATEMENTS (ID INTEGER NOT NULL PRIMARY KEY, "
        f"{_refers('StatementTypeId', 'STATEMENTTYPES', needed=False)}, "
        f"{_refers('DocumentId', 'DOCUMENTS', needed=False)}, "
        "Start INTEGER NOT NULL CHECK (Start >= 0 AND Start < Stop), "
        f"Stop INTEGER NOT NULL CHECK (Stop > Start), {_refers('Coder', 'CODERS', needed=False)});"
    ),
    (
        f"CREATE TABLE ENTITIES (ID INTEGER PRIMARY KEY NOT NULL, {_refers('VariableId', 'VARIABLES')}, "
        f"Value TEXT NOT NULL DEFAULT '', {_RGB}, {_refers('ChildOf', 'ENTITIES', needed=False)}, "
        "UNIQUE (VariableId, Value));"
    ),
    _datum("DATABOOLEAN", "Value INTEGER NOT NULL DEFAULT 1"),
    _datum("DATAINTEGER", "Value INTEGER NOT NULL DEFAULT 0"),
    _datum("DATASHORTTEXT", _refers("Entity", "ENTITIES")),
    _datum("DATALONGTEXT", "Value TEXT DEFAULT ''"),
    (
        "CREATE TABLE ATTRIBUTEVARIABLES (ID INTEGER PRIMARY KEY NOT NULL, "
        f"{_refers('VariableId', 'VARIABLES')}, AttributeVariable TEXT NOT NULL, "
        "UNIQUE (VariableId, AttributeVariable));"
    ),
    (
        "CREATE TABLE ATTRIBUTEVALUES (ID INTEGER PRIMARY KEY NOT NULL, "
        f"{_refers('EntityId', 'ENTITIES')}, {_refers('AttributeVariableId', 'ATTRIBUTEVARIABLES')}, "
        "AttributeValue TEXT NOT NULL DEFAULT '', UNIQUE (EntityId, AttributeVariableId));"
    ),
)

SCHEMA = "\n".join(_TABLES)
