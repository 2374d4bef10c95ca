"""Read codebook.toml: what every column and every value of the tables means.

The codebook is the single source of the rules; nothing here knows a value of a certain suite.
The surprising rule: reading never raises for content. What is malformed is left out
and noted in `problems`, so that `policybook check` can report everything at once.
"""

from __future__ import annotations

import pickle
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from policybook import migrations
from policybook.migrations import Migration
from policybook.problems import Problem, printable

_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
"""Where the reader of TOML says that it stopped."""

_DEEP_KEY = re.compile(r"(?<![^\s.=\[\]])(?:[^\s.=\[\]]++[ \t]*+\.[ \t]*+){50,}")
"""A key of very many parts, which costs `tomllib` the square of their number."""

NO_EXAMPLE = "no row in this corpus"
"""What stands as an example where the corpus has none."""

RESERVED = (
    "codebook", "changelog", "unit", "column", "relation", "referent", "event", "migration", "former"
)  # fmt: skip
"""Tables of the file that are no vocabulary of values."""

UNDEFINED_BY_EXAMPLE = ("actor", "coder", "event")
"""Vocabularies of names: a label and a kind or definition say what they are."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a vocabulary, such as the instrument `sanctions`."""

    id: str
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def words(self, key: str) -> list[str]:
        """Return a list of words among the extras (`terms`, `variants`, `members`), or none."""
        value = self.extra.get(key, [])
        return [str(word) for word in value] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what it holds and what an empty cell means."""

    name: str
    label: str
    definition: str = ""
    kind: str = "text"
    values: str = ""
    of: str = ""
    scale: str = ""
    required: bool = False
    default: str = ""
    default_means: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """How two instruments relate: `kind` is excludes, presupposes or serves.

    With `targets` or `objectives` it holds only for rows of `first` that have one of them.
    """

    kind: str
    first: str
    second: str
    unless: str = ""
    note: str = ""
    targets: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()


@dataclass
class Codebook:
    """A codebook as read: columns a table, values a vocabulary, relations, referents."""

    file: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def _text(self, key: str) -> str:
        """Return an entry of the [codebook] table."""
        head = self.data.get("codebook")
        return str(head.get(key, "")) if isinstance(head, dict) else ""

    @property
    def name(self) -> str:
        """The name of the suite."""
        return self._text("name")

    @property
    def version(self) -> str:
        """The semantic version of the codebook."""
        return self._text("version")

    @cached_property
    def columns(self) -> dict[str, dict[str, Column]]:
        """The columns of each table, in the order of the file."""
        known = set(Column.__dataclass_fields__) - {"name"}
        tables = _tables(self.data.get("column"))
        return {
            table: {
                name: Column(name, **{k: _as(k, v) for k, v in entry.items() if k in known})
                for name, entry in _tables(columns)
                if isinstance(entry.get("label"), str)
            }
            for table, columns in tables
        }

    @cached_property
    def vocabularies(self) -> dict[str, dict[str, Value]]:
        """The values of each vocabulary, in the order of the file."""
        return {
            name: {value: _value(value, entry) for value, entry in _tables(entries)}
            for name, entries in self.data.items()
            if (name not in RESERVED or name == "event") and isinstance(entries, dict)
        }

    @cached_property
    def relations(self) -> list[Relation]:
        """The relations between instruments."""
        return [_relation(entry) for entry in self.tables("relation")]

    @cached_property
    def migrations(self) -> list[Migration]:
        """What was renamed, merged, split and retired, by version."""
        return migrations.read(self.tables("migration"))

    @cached_property
    def former(self) -> dict[str, dict[str, Value]]:
        """The values that were taken away, by vocabulary, as they were defined."""
        return {
            name: {value: _value(value, entry) for value, entry in _tables(entries)}
            for name, entries in _tables(self.data.get("former"))
        }

    @cached_property
    def successors(self) -> dict[str, dict[str, str]]:
        """What each code that was renamed or merged is called now, by vocabulary."""
        return migrations.successors(self.migrations)

    @cached_property
    def taken(self) -> dict[str, frozenset[str]]:
        """Every code that was taken away, by vocabulary."""
        return migrations.taken(self.migrations)

    def tables(self, name: str) -> list[dict[str, Any]]:
        """Return the entries of an array of tables such as `relation` or `referent`."""
        entries = self.data.get(name, [])
        return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []

    def values(self, vocabulary: str) -> dict[str, Value]:
        """Return the values of a vocabulary by id, in the order of the file."""
        return self.vocabularies.get(vocabulary, {})

    def label(self, vocabulary: str, value: str) -> str:
        """Return the words a reader sees for a value; the id itself where it is not defined."""
        known = self.values(vocabulary).get(value)
        return known.label if known and known.label else value

    def members(self, actor: str) -> frozenset[str]:
        """Return the actors that a group holds, members of members and the group included.

        >>> Codebook("x", data={"actor": {"a": {"members": ["b"]}, "b": {}}}).members("a") == {"a", "b"}
        True
        """
        found: set[str] = set()
        waiting = [actor]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                known = self.values("actor").get(one)
                waiting += known.words("members") if known else []
        return frozenset(found)

    @cached_property
    def _headers(self) -> dict[str, list[int]]:
        """The lines of each table header of the file: several where it heads an array of tables."""
        lines: dict[str, list[int]] = {}
        for number, line in enumerate(self.text.split("\n"), start=1):
            stripped = line.strip()
            if stripped.startswith("["):
                name = stripped.split("#")[0].strip().strip("[]").strip().replace('"', "")
                lines.setdefault(name, []).append(number)
        return lines

    def problem(  # noqa: PLR0913  (a problem has this many parts)
        self, code: str, message: str, *, at: str, nth: int = 0, hint: str = "",
        warning: bool = False, evidence: tuple[tuple[str, str], ...] = (),
    ) -> Problem:  # fmt: skip
        """Return a problem at the table of the file that is headed `[at]`, or the nth `[[at]]`."""
        line = next(iter(self._headers.get(at, [])[nth:]), None)
        severity = "warning" if warning else "error"
        return Problem(self.file, line, at, code, message, evidence, hint, severity)  # type: ignore[arg-type]


def _tables(entries: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of a table that are tables themselves."""
    if isinstance(entries, dict):
        yield from ((name, entry) for name, entry in entries.items() if isinstance(entry, dict))


def _relation(entry: Mapping[str, Any]) -> Relation:
    """Return a relation, every part that is missing or malformed empty."""
    kind, first, second, unless, note = (
        str(entry.get(key, "")) for key in ("kind", "first", "second", "unless", "note")
    )
    targets, objectives = (
        tuple(Value("", "", extra=entry).words(key)) for key in ("targets", "objectives")
    )
    return Relation(kind, first, second, unless, note, targets, objectives)


def _as(key: str, value: object) -> Any:  # noqa: ANN401  (bool or str, by the key)
    """Return a column's entry in the type its field has."""
    return value is True if key == "required" else str(value)


def _value(name: str, entry: Mapping[str, Any]) -> Value:
    """Return a value with its known texts, everything else among the extras."""
    known = set(Value.__dataclass_fields__) - {"id", "extra"}
    texts = {k: str(v) for k, v in entry.items() if k in known}
    extra = {k: v for k, v in entry.items() if k not in known}
    return Value(name, **{"label": name} | texts, extra=extra)


def read(path: Path) -> Codebook:
    """Return the codebook of a file with every problem of its form."""
    book = Codebook(path.name)
    if path.is_dir():
        _note(book, None, "is-a-folder", "is a folder, not a file", "Put the codebook there.")
        return book
    if path.exists() and not path.is_file():  # a pipe or a device would be waited for
        _note(book, None, "unreadable", "is no ordinary file", "Put the codebook there.")
        return book
    try:
        book.text = path.read_bytes().decode("utf-8-sig")
        book.data = _parsed(book.text)
    except FileNotFoundError:
        _note(book, None, "no-file", "there is no such file", "A suite has its codebook beside it.")
    except OSError as error:
        _note(book, None, "unreadable", f"cannot be read: {error.strerror}", "")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        _note(book, line, "not-utf8", "is not UTF-8", "Save it as UTF-8.")
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a bare ValueError
        place = _TOML_LINE.search(str(error))
        line = int(place[1]) if place else 0
        message = f"is not TOML: {printable(str(error))}"
        hint = "Quote every text; see the values around it."
        _note(book, line or None, "not-toml", message, hint)
    else:
        if not book.data:
            hint = "It begins with [codebook], a name and a version."
            _note(book, None, "empty-file", "defines nothing", hint)
    return book


def _parsed(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text; ValueError where it is none, RecursionError where too deep."""
    if deep := _DEEP_KEY.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        message = f"a key has too many parts (at line {line})"
        raise ValueError(message)
    data = said(text)
    repr(data)  # what cannot be shown is found here and not in the middle of a rule
    return data


def said(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text, to be changed at will; one read just now is not parsed again.

    Raises what `tomllib` raises.
    """
    found: dict[str, Any] = pickle.loads(_packed(text))  # noqa: S301  (packed here)
    return found


@lru_cache(maxsize=4)
def _packed(text: str) -> bytes:
    """Return the tables of a TOML text as bytes, which are read in a thirtieth of the time."""
    return pickle.dumps(tomllib.loads(text))


def _note(book: Codebook, line: int | None, code: str, message: str, hint: str) -> None:
    """Note what stopped the file from being read."""
    book.problems.append(Problem(book.file, line, None, code, message, hint=hint))
