"""What a notebook declares against what is asked of it.

The `parameters` cell gives names, types, defaults and help; a `policybook` entry in the notebook's
metadata ties a parameter to a vocabulary of the suite (`{"parameters": {"theme": "theme"}}`).
The surprising rule: the cell is read, never run, so it holds literals only,
and nothing reaches a notebook that it does not declare.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from policybook.problems import ParameterError, Problem, count, quoted, unknown_value

TYPES = ("str", "int", "float", "bool", "list[str]")
"""Types a parameter may have."""


class Judge(Protocol):
    """What can say whether a value is allowed: an opened suite."""

    def choices(self, name: str) -> list[str] | None:
        """Return the values a parameter may have, None where it is no closed list."""

    def problem_with(self, name: str, value: str) -> Problem | None:
        """Return what is wrong with a value."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook; `vocabulary` is the suite's name for its values, if any."""

    name: str
    type: str
    default: Any
    help: str = ""
    vocabulary: str = ""


def declared(notebook: Path) -> list[Parameter]:
    """Return the parameters a notebook declares, in their order; none without such a cell.

    Raises `ParameterError` where the notebook or its cell cannot be read.
    """
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        cells = [c for c in content["cells"] if "parameters" in c["metadata"].get("tags", [])]
        ties = content["metadata"].get("policybook", {}).get("parameters", {})
        source = "".join(cells[0]["source"]) if cells else ""
    except FileNotFoundError:
        raise _unreadable(notebook, "there is no such notebook") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable(notebook, "is not a notebook") from None
    return parse(notebook, source, ties)


def _unreadable(notebook: Path, message: str) -> ParameterError:
    """Return the error of a notebook whose parameters cannot be known."""
    hint = "Name a notebook of the folder notebooks/."
    return ParameterError([Problem(notebook.name, None, None, "notebook", message, (), hint)])


def parse(notebook: Path, source: str, ties: Mapping[str, str]) -> list[Parameter]:
    """Return the parameters of a cell's source; `ParameterError` where it is more than literals."""
    try:
        statements = ast.parse(source).body
        found = [_parameter(s, _comments(source), ties) for s in statements]
    except (SyntaxError, ValueError, tokenize.TokenError) as error:
        message = f"its parameters cell is more than literals: {error}"
        hint = 'One a line: name: str = "value"  # what it means'
        problem = Problem(notebook.name, None, "parameters", "notebook", message, (), hint)
        raise ParameterError([problem]) from None
    return found


def _comments(source: str) -> dict[int, str]:
    """Return the comment of each line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def _parameter(
    statement: ast.stmt, comments: Mapping[int, str], ties: Mapping[str, str]
) -> Parameter:
    """Return one parameter; ValueError for a statement that is no annotated literal."""
    if not (
        isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and statement.value is not None
    ):
        raise ValueError(ast.unparse(statement)[:60])
    name, kind = statement.target.id, ast.unparse(statement.annotation)
    if kind not in TYPES:
        message = f"{name} is a {kind}, not one of {', '.join(TYPES)}"
        raise ValueError(message)
    default = ast.literal_eval(statement.value)
    return Parameter(name, kind, default, comments.get(statement.lineno, ""), ties.get(name, ""))


def asked(words: Sequence[str]) -> dict[str, str]:
    """Return NAME=VALUE words as a mapping; `ParameterError` for one that is none, or comes twice."""
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            message = f"{quoted(word)} is not NAME=VALUE"
            hint = "For instance: -p theme=sanctions"
            raise ParameterError([_problem(None, message, (), hint)])
        if name in values:
            raise ParameterError([_problem(name, "is given twice", (), "Give it once.")])
        values[name] = value
    return values


def check(
    parameters: Sequence[Parameter], values: Mapping[str, Any], *, suite: Judge
) -> dict[str, Any]:
    """Return all parameters with the values asked for, typed, the defaults among them.

    Raises `ParameterError` with every unknown name and impossible value.
    """
    known = {parameter.name: parameter for parameter in parameters}
    problems = [_unknown(name, list(known)) for name in values if name not in known]
    result: dict[str, Any] = {}
    for parameter in parameters:
        value = values.get(parameter.name, parameter.default)
        try:
            result[parameter.name] = typed = _typed(parameter, value)
        except ValueError as error:
            problems.append(_problem(parameter.name, str(error), (), "Correct the value."))
            continue
        problems += _judged(parameter, typed, suite)
    if problems:
        raise ParameterError(problems)
    return result


def _typed(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401  (any literal)
    """Return a value in its parameter's type; ValueError where it has no such value."""
    kind, text = parameter.type, value if isinstance(value, str) else None
    if kind == "list[str]":
        parts = text.split(",") if text is not None else value
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    elif kind == "str" and text is not None:
        return text
    elif kind == "bool":
        known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if isinstance(value, bool) or (text or "").lower() in known:
            return value if isinstance(value, bool) else known[(text or "").lower()]
    elif kind in {"int", "float"} and not isinstance(value, bool):
        number = _number(kind, value)
        if number is not None:
            return number
    message = f"{quoted(str(value))} is not of type {kind}"
    raise ValueError(message)


def _number(kind: str, value: Any) -> int | float | None:  # noqa: ANN401  (any literal)
    """Return a value as a finite number of the kind, None where it is none."""
    try:
        number = int(value) if kind == "int" else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(value, float) and kind == "int" and value != number:
        return None
    return number if abs(number) < float("inf") else None


def _judged(parameter: Parameter, value: Any, suite: Judge) -> list[Problem]:  # noqa: ANN401
    """Return what the suite has against a value."""
    if not parameter.vocabulary:
        return []
    values = value if isinstance(value, list) else [value]
    found = [suite.problem_with(parameter.vocabulary, str(one)) for one in values]
    return [_renamed(problem, parameter.name) for problem in found if problem]


def _renamed(problem: Problem, name: str) -> Problem:
    """Return a problem with the name the notebook gives the parameter."""
    return _problem(name, problem.message, problem.evidence, problem.hint)


def _unknown(name: str, known: Sequence[str]) -> Problem:
    """Return the problem of a parameter the notebook does not declare."""
    what = f"a parameter of this notebook, which has {count(len(known), 'parameter')}"
    message, evidence, hint = unknown_value(value=name, what=what, allowed=known)
    return _problem(name, message, evidence, hint)


def _problem(
    name: str | None, message: str, evidence: tuple[tuple[str, str], ...], hint: str
) -> Problem:
    """Return a problem of a parameter."""
    return Problem("parameter", None, name, "parameter", message, evidence, hint)


def describe(parameters: Sequence[Parameter], *, suite: Judge) -> str:
    """Return the parameters of a notebook as `policybook params` prints them."""
    return "\n".join(_described(parameter, suite) for parameter in parameters) or "No parameters."


def _described(parameter: Parameter, suite: Judge) -> str:
    """Return one parameter: name, type, default, help and allowed values."""
    default = (
        ", ".join(parameter.default) if isinstance(parameter.default, list) else parameter.default
    )
    choices = suite.choices(parameter.vocabulary) if parameter.vocabulary else None
    shown = default if default != "" else "(empty)"
    lines = [f"{parameter.name}: {parameter.type} = {shown}", f"    {parameter.help}"]
    if choices is not None:
        lines.append(f"    allowed: {', '.join(choices)}")
    return "\n".join(line for line in lines if line.strip())
