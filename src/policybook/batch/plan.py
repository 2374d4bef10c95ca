"""A plan: which notebooks are run with which values. TOML in, cases out; all checked before any runs."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policybook import params
from policybook.batch.files import case_name
from policybook.params import Parameter
from policybook.problems import ParameterError, PolicybookError, Problem, printable
from policybook.suite import Suite

ALL = "*"
"""In a list of values: every value the suite has for that parameter."""


@dataclass(frozen=True, slots=True)
class Case:
    """One briefing to be made: a notebook with all its values, and the name of its files."""

    name: str
    notebook: Path
    values: Mapping[str, Any]
    changed: tuple[str, ...]


def case(notebook: Path, asked: Mapping[str, Any], *, suite: Suite) -> Case:
    """Return the case of one notebook; `ParameterError` with everything wrong about it."""
    parameters = params.declared(notebook)
    values = params.check(parameters, asked, suite=suite)
    defaults = {p.name: p.default for p in parameters}
    changed = tuple(name for name, value in values.items() if value != defaults[name])
    return Case(case_name(notebook.stem, values, defaults), notebook, values, changed)


def cases(path: Path, *, suite: Suite) -> list[Case]:
    """Return the cases of a plan in its order, each once.

    Raises `ParameterError` with every problem of the plan, named by its entry.
    """
    found: dict[str, Case] = {}
    problems: list[Problem] = []
    for number, entry in enumerate(_entries(path), start=1):
        try:
            for one in _expanded(path, entry, suite):
                found.setdefault(one.name, one)
        except PolicybookError as error:
            problems += [
                Problem(
                    path.name,
                    None,
                    f"notebook {number}",
                    p.code,
                    f"{p.column or ''}: {p.message}".lstrip(": "),
                    p.evidence,
                    p.hint,
                )
                for p in error.problems
            ]
    if problems:
        raise ParameterError(problems)
    return list(found.values())


def _entries(path: Path) -> list[dict[str, Any]]:
    """Return the [[notebook]] entries of a plan."""

    def wrong(message: str, hint: str) -> ParameterError:
        return ParameterError([Problem(path.name, None, None, "plan", message, (), hint)])

    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise wrong(
            "there is no such plan", "Name a plan, or write notebooks/batch.toml."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise wrong(f"is not a plan: {printable(str(error))}", "A plan is TOML in UTF-8.") from None
    entries = data.get("notebook")
    if not isinstance(entries, list) or not all(
        isinstance(e, dict) and isinstance(e.get("file"), str) for e in entries
    ):
        raise wrong("names no notebook", 'Write [[notebook]] and file = "02-….ipynb".')
    return entries


def _expanded(path: Path, entry: Mapping[str, Any], suite: Suite) -> Iterator[Case]:
    """Yield the cases of one entry: fixed `values`, and every combination of the lists in `each`."""
    notebook = path.parent / entry["file"]
    ties = {p.name: p for p in params.declared(notebook)}
    each = entry.get("each", {})
    lists = [_listed(name, values, ties, suite) for name, values in each.items()]
    for combination in itertools.product(*lists):
        values = {**entry.get("values", {}), **dict(zip(each, combination, strict=True))}
        yield case(notebook, values, suite=suite)


def _listed(name: str, values: object, ties: Mapping[str, Parameter], suite: Suite) -> list[Any]:
    """Return the values a list stands for; `*` is every value of the suite."""
    if values == ALL:
        vocabulary = ties[name].vocabulary if name in ties else ""
        return suite.choices(vocabulary) or []
    return values if isinstance(values, list) else [values]
