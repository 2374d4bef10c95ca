"""The file of a plan: its entries with their form checked, and the line of whatever is wrong.

The surprising rule: TOML's reader forgets lines, so they are looked for again in the text;
where a value cannot be found its entry's line is named, never a wrong one outside of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from policybook.problems import ParameterError, Problem, did_you_mean, printable, quoted

KEYS = ("file", "values", "each", "case")
"""What an entry may hold."""

_HEADER = re.compile(r"^\s*\[\[\s*[\"']?notebook[\"']?\s*\]\]", re.MULTILINE)
_NUMBERED = re.compile(r"\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One [[notebook]] of a plan: its number from nought and what it says."""

    number: int
    file: str
    values: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[tuple[str, ...], Any] = field(default_factory=dict)
    cases: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as read; `starts` are the lines on which its entries begin, from nought."""

    path: Path
    lines: Sequence[str]
    starts: Sequence[int]
    entries: Sequence[Entry]

    @classmethod
    def read(cls, path: Path) -> PlanFile:
        """Return a plan's entries; `ParameterError` with everything wrong about its form."""
        text = _text(path)
        lines = text.split("\n")
        starts = [text.count("\n", 0, m.end()) for m in _HEADER.finditer(text)]
        found = cls(path, lines, starts, [])
        entries, problems = _checked(_parsed(path, text))
        if problems:
            raise ParameterError([found.placed(p, Entry(number, "")) for number, p in problems])
        return replace(found, entries=entries)

    def notebook(self, entry: Entry) -> Path:
        """Return the path of an entry's notebook; `ParameterError` where it leaves the folder."""
        folder = self.path.parent.resolve()
        if not (folder / entry.file).resolve().is_relative_to(folder):
            message = f"{quoted(entry.file)} is outside of the plan's folder"
            hint = "A plan stands beside its notebooks, or above them."
            raise ParameterError([Problem("plan", None, "file", "plan", message, (), hint)])
        return self.path.parent / entry.file

    def placed(
        self, problem: Problem, entry: Entry, asked: Mapping[str, Any] | None = None
    ) -> Problem:
        """Return a problem with its line in this plan."""
        name = problem.column or ""
        value = (asked or {}).get(name)
        return replace(problem, file=self.path.name, line=self._line(entry.number, name, value))

    def _line(self, number: int, name: str, value: object) -> int | None:
        """Return the line, from 1, of a name and a value within an entry; None before all entries."""
        if number >= len(self.starts):
            return None
        first = self.starts[number]
        last = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.lines)
        cell = str(value) if value is not None else ""
        for words in ((f'"{cell}"', name), (f'"{cell}"',), (cell, name), (name,)):
            for line in range(first, last):
                if all(words) and all(word in self.lines[line] for word in words):
                    return line + 1
        return first + 1


def _text(path: Path) -> str:
    """Return the text of a plan; `ParameterError` where there is none."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        hint = "Name a plan, such as notebooks/any-suite.toml, or write notebooks/batch.toml."
        raise _no_plan(path, None, "there is no such plan", hint) from None
    except (OSError, UnicodeDecodeError) as error:
        message = f"is not a plan: {printable(str(error))}"
        raise _no_plan(path, None, message, "A plan is TOML in UTF-8.") from None


def _parsed(path: Path, text: str) -> Mapping[str, Any]:
    """Return what a plan says; `ParameterError` where it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = _NUMBERED.search(str(error))
        message = f"is not a plan: {printable(str(error))}"
        line = int(place[1]) if place else None
        raise _no_plan(path, line, message, "A plan is TOML in UTF-8.") from None


def _no_plan(path: Path, line: int | None, message: str, hint: str) -> ParameterError:
    """Return the error of a file that is no plan."""
    return ParameterError([Problem(path.name, line, None, "plan", message, (), hint)])


def _checked(data: Mapping[str, Any]) -> tuple[list[Entry], list[tuple[int, Problem]]]:
    """Return the entries of a plan, and what is wrong with their form by their numbers."""
    raw = data.get("notebook")
    hint = 'Write [[notebook]] and file = "02-….ipynb".'
    if not isinstance(raw, list) or not raw:
        return [], [(0, _problem(None, "names no notebook", hint))]
    entries: list[Entry] = []
    problems = [(0, _unknown(key, ["notebook"])) for key in data if key != "notebook"]
    for number, entry in enumerate(raw):
        found = (
            list(_form(entry)) if isinstance(entry, dict) else [_problem(None, "is no entry", hint)]
        )
        problems += [(number, problem) for problem in found]
        if not found:
            each = {_names(key): value for key, value in entry.get("each", {}).items()}
            entries.append(Entry(number, entry["file"], entry.get("values", {}), each, entry.get("case", ())))  # fmt: skip
    return entries, problems


def _form(entry: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the form of an entry."""
    found = [_unknown(key, KEYS) for key in entry if key not in KEYS]
    if not isinstance(entry.get("file"), str):
        found.append(_problem("file", "names no notebook", 'Write file = "02-….ipynb".'))
    found += [
        _problem(key, "is no table", f"Write {key} = {{ theme = … }}.")
        for key in ("values", "each")
        if not isinstance(entry.get(key, {}), dict)
    ]
    cases = entry.get("case", [])
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        found.append(_problem("case", "is no list of tables", 'Write case = [{ theme = "…" }].'))
    return found or _twice(entry)


def _twice(entry: Mapping[str, Any]) -> list[Problem]:
    """Return the parameters that an entry sets in two places."""
    places = [list(entry.get("values", {})), list({n for c in entry.get("case", []) for n in c})]
    places.append([name for key in entry.get("each", {}) for name in _names(key)])
    names = [name for place in places for name in place]
    hint = "Set it in one of `values`, `case` and `each`."
    twice = sorted({name for name in names if names.count(name) > 1})
    return [_problem(name, "is set in two places", hint) for name in twice]


def _names(key: str) -> tuple[str, ...]:
    """Return the parameters that a key of `each` names: one, or several with commas between."""
    return tuple(name.strip() for name in key.split(","))


def _unknown(key: str, known: Sequence[str]) -> Problem:
    """Return the problem of a key that a plan does not know."""
    hint = did_you_mean(key, known) or f"A plan knows: {', '.join(known)}."
    return _problem(printable(key), "is unknown here", hint)


def _problem(column: str | None, message: str, hint: str) -> Problem:
    """Return a problem of a plan."""
    return Problem("plan", None, column, "plan", message, (), hint)
