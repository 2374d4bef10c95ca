"""A plan: which notebooks are run with which values. TOML in, cases out; all checked before any runs.

An entry has fixed `values`, lists in `each` that are crossed, and explicit cases in `case`.
In `each` a list may stand for what the suite holds: see `SUITE_LISTS`.
The surprising rule: a plan is data, so it names only notebooks at or below its own folder.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybook import params
from policybook.batch.files import case_name
from policybook.batch.planfile import Entry, PlanFile
from policybook.params import Parameter
from policybook.problems import ParameterError, PolicybookError, Problem, count, quoted
from policybook.suite import Suite

ALL, FIRST, PAIRS, YEARS = "*", "the first", "every pair", "every year"

SUITE_LISTS = {
    ALL: "every value that the suite has for the parameter",
    FIRST: "the first such value, for two parameters the first and the second",
    PAIRS: "every pair of such values, for two parameters or for one that is a list",
    YEARS: "every year from which the suite may have an article, for one date or for both",
}
"""What may stand in `each` in place of a list, and what it stands for."""

MOST_CASES = 100_000
"""A plan of more is a slip of the pen: crossing a few long lists makes millions."""


@dataclass(frozen=True, slots=True)
class Case:
    """One briefing to be made: a notebook with all its values, and the name of its files."""

    name: str
    notebook: Path
    values: Mapping[str, Any]
    changed: tuple[str, ...]


@dataclass
class Plan:
    """The cases of a plan in its order, each once, and what is wrong with the others."""

    cases: dict[str, Case] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def case(notebook: Path, asked: Mapping[str, Any], *, suite: Suite) -> Case:
    """Return the case of one notebook; `ParameterError` with everything wrong about it."""
    return _case(notebook, params.declared(notebook), asked, suite)


def _case(
    notebook: Path, parameters: Sequence[Parameter], asked: Mapping[str, Any], suite: Suite
) -> Case:
    """Return the case of a notebook whose parameters are known."""
    values = params.check(parameters, asked, suite=suite)
    defaults = {p.name: p.default for p in parameters}
    changed = tuple(name for name, value in values.items() if value != defaults[name])
    # Absolute, for it is read from within the folder of the suite.
    return Case(case_name(notebook.stem, values, defaults), notebook.absolute(), values, changed)


def cases(path: Path, *, suite: Suite) -> list[Case]:
    """Return the cases of a plan in its order, each once.

    Raises `ParameterError` with every problem of the plan, each with its line.
    """
    plan = read(path, suite=suite)
    if plan.problems:
        raise ParameterError(plan.problems)
    return list(plan.cases.values())


def read(path: Path, *, suite: Suite) -> Plan:
    """Return the cases of a plan that can be run, and the problems of those that cannot.

    Raises `ParameterError` where the file is no plan at all.
    """
    file, plan = PlanFile.read(path), Plan()
    for entry in file.entries:
        try:
            _add(plan, file, entry, suite)
        except PolicybookError as error:
            plan.problems += [file.placed(problem, entry) for problem in error.problems]
    return plan


def _add(plan: Plan, file: PlanFile, entry: Entry, suite: Suite) -> None:
    """Add the cases of one entry to a plan, and the problem of each that cannot be run."""
    notebook = file.notebook(entry)
    parameters = params.declared(notebook)
    for asked in _asked(entry, parameters, suite):
        if len(plan.cases) >= MOST_CASES:
            raise _wrong("each", f"makes more than {count(MOST_CASES, 'case')}", "Cross less.")
        try:
            one = _case(notebook, parameters, asked, suite)
            known = plan.cases.setdefault(one.name, one)
            if (known.notebook, known.values) != (one.notebook, one.values):
                message = f"another case is called {quoted(one.name)} too"
                raise _wrong("file", message, "Give one of the notebooks another name.")
        except PolicybookError as error:
            found = [file.placed(problem, entry, asked) for problem in error.problems]
            plan.problems += [problem for problem in found if problem not in plan.problems]


def _asked(entry: Entry, parameters: Sequence[Parameter], suite: Suite) -> Iterator[dict[str, Any]]:
    """Yield the values of each case: fixed ones, explicit ones, every combination of the lists."""
    lists = [
        [
            dict(zip(names, row, strict=True))
            for row in _rows(names, values, {p.name: p for p in parameters}, suite)
        ]
        for names, values in entry.each.items()
    ]
    if math.prod(map(len, lists)) * max(1, len(entry.cases)) > MOST_CASES:
        raise _wrong("each", f"makes more than {count(MOST_CASES, 'case')}", "Cross less.")
    for explicit in entry.cases or [{}]:
        for combination in itertools.product(*lists):
            asked = {**entry.values, **explicit}
            for part in combination:
                asked |= part
            yield asked


def _rows(
    names: tuple[str, ...], values: object, known: Mapping[str, Parameter], suite: Suite
) -> list[Sequence[Any]]:
    """Return what a list of `each` stands for: one row of values a case, one value a name."""
    if isinstance(values, str):
        return _from_suite(names, values, known, suite)
    if not isinstance(values, list):
        raise _wrong(", ".join(names), "is no list", 'Write a list: ["sanctions", "ceasefire"].')
    if len(names) == 1:
        return [(value,) for value in values]
    if not all(isinstance(row, list) and len(row) == len(names) for row in values):
        message = f"needs {count(len(names), 'value')} a case"
        raise _wrong(", ".join(names), message, "Write a list of lists.")
    return values


def _from_suite(
    names: tuple[str, ...], which: str, known: Mapping[str, Parameter], suite: Suite
) -> list[Sequence[Any]]:
    """Return the rows of values that a word in place of a list stands for."""
    kinds = [known[name].vocabulary if name in known else "" for name in names]
    several = len(names) == 1 and names[0] in known and known[names[0]].type == "list[str]"
    choices = suite.choices(kinds[0]) if len(set(kinds)) == 1 else None
    if which == ALL and len(names) == 1 and choices is not None:
        return [(value,) for value in choices]
    if which == FIRST and choices is not None:
        return [choices[: len(names)]] if len(choices) >= len(names) else []
    if which == PAIRS and choices is not None and (several or len(names) == 2):  # noqa: PLR2004
        pairs = itertools.combinations(choices, 2)
        return [([a, b],) if several else (a, b) for a, b in pairs]
    if which == YEARS and set(kinds) <= {"from_date", "to_date"}:
        return [(year,) * len(names) for year in suite.years()]
    words = "; ".join(f'"{word}" is {meaning}' for word, meaning in SUITE_LISTS.items())
    message = f"{quoted(which)} is no list that this parameter can have"
    raise ParameterError(
        [Problem("plan", None, ", ".join(names), "plan", message, (("lists", words),),
                 'Write a list: ["sanctions", "ceasefire"].')]
    )  # fmt: skip


def _wrong(column: str, message: str, hint: str) -> ParameterError:
    """Return the error of an entry."""
    return ParameterError([Problem("plan", None, column, "plan", message, (), hint)])
