"""What REFI-QDA files of a suite are made of: names, GUIDs, and the words of a description.

The surprising rule: a GUID is made from what it stands for, so that it is the same every time, and
an import recognises the codes of an export whatever a tool has renamed.
Source: REFI-QDA 1.5, www.qdasoftware.org, Codebook.xsd and Project.xsd.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping

from policybook.codebook import Column, Value
from policybook.exchange.names import slug

CODEBOOK_SPACE = "urn:QDA-XML:codebook:1.0"
PROJECT_SPACE = "urn:QDA-XML:project:1.0"

DIAGNOSIS = "diagnosis"
"""The column that stands for the instruments of diagnoses."""

FACT = "article."
"""What stands before the name of an article's fact among the variables."""

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:policybook:refi-qda")
_PARTS = ("include", "exclude", "example", "id")
_HEADED = re.compile(rf"^({'|'.join(_PARTS)}): ", re.IGNORECASE)

NO_CODES = ("article", "coder")
"""Vocabularies that a source and a user stand for."""


def guid(suite: str, *what: str) -> str:
    """Return the GUID of something in a suite, the same every time."""
    return str(uuid.uuid5(_SPACE, "\x1f".join((suite, *what))))


def coded(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return the columns whose values are codes of a project."""
    return {
        name: column
        for name, column in columns.items()
        if column.kind in {"code", "codes"} and column.values not in NO_CODES
    }


def quoted(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return the columns whose words are passages of their own, beside the quotation itself."""
    return {n: c for n, c in columns.items() if c.kind == "quote" and n != "quote"}


def description(value: Value | Column) -> str:
    """Return what a codebook says of a value, as a tool shows it."""
    own = value.id if isinstance(value, Value) else value.name
    said = {part: str(getattr(value, part, "")) for part in _PARTS}
    said["id"] = "" if own == slug(value.label) else own
    parts = [
        value.definition,
        *(f"{part.capitalize()}: {said[part]}" for part in _PARTS if said[part]),
    ]
    return "\n\n".join(part for part in parts if part)


def described(text: str) -> dict[str, str]:
    r"""Return the parts of a description, all of it the definition where it has no others.

    >>> described("Bans.\n\nInclude: threats.")
    {'definition': 'Bans.', 'include': 'threats.'}
    """
    said: dict[str, str] = {}
    last = "definition"
    for part in text.split("\n\n"):
        if match := _HEADED.match(part):
            last = match[1].lower()
            said[last] = part[match.end() :]
        else:
            said[last] = f"{said[last]}\n\n{part}" if last in said else part
    return {key: words for key, words in said.items() if words.strip()}


def day(text: str) -> str:
    """Return a day as 2014-12-17, empty where the text does not begin with one.

    >>> day("2014-12-17T08:00:00Z"), day("last week")
    ('2014-12-17', '')
    """
    try:
        return dt.date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""
