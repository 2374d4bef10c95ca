"""Where the plan and the parameters of a suite's notebooks name a code, with another in its place.

The surprising rule: of a notebook, which is code, nothing changes but the literal of a default,
and only into the id of a code; what a file of the suite says is never written into it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policybook import editing, params
from policybook.choices import VOCABULARIES
from policybook.corpus import is_bare_name
from policybook.problems import ParameterError, Problem
from policybook.together.recoding import entries
from policybook.together.recoding.text import Edit, Hunk, UnclearError, edited

FOLDER, PLAN = "notebooks", "notebooks/batch.toml"
_TIED = {**VOCABULARIES, "speakers": "actor"}
_CODE = re.compile(r'(?<=\\")[A-Za-z0-9_.-]+(?=\\")', re.ASCII)
"""A code between quotation marks, as a notebook's file has it."""

_PLACES = ("values", "each", "case")
"""Where an entry of a plan gives values to parameters."""


@dataclass(frozen=True, slots=True)
class Default:
    """A parameter of a notebook whose default names a code: its line in the file, before and after."""

    opened: editing.Opened
    parameter: str
    line: int
    before: str
    after: str


def names(root: Path) -> list[str]:
    """Return the notebooks of a suite, by their paths within it."""
    return [f"{FOLDER}/{path.name}" for path in sorted((root / FOLDER).glob("*.ipynb"))]


def _tied(path: Path, vocabulary: str) -> list[params.Parameter]:
    """Return the parameters of a notebook whose values are the codes of a vocabulary."""
    try:
        known = params.declared(path)
    except ParameterError:
        return []
    return [one for one in known if _TIED.get(one.vocabulary) == vocabulary]


def defaults(root: Path, vocabulary: str, become: Mapping[str, str]) -> Iterator[Default | Problem]:
    """Yield defaults that name one of some codes, each with what its line becomes.

    One that becomes nothing, or cannot be changed for sure, is a warning.
    """
    for name in names(root):
        opened = editing.open_file(root / name, name=name)
        if not any(code.encode() in opened.data for code in become):
            continue  # reading parameters costs more than looking for a code
        for one in _tied(root / name, vocabulary):
            codes = [code for code in _listed(one.default) if code in become]
            if codes:
                changed = _default(opened, one, {code: become[code] for code in codes})
                yield changed or by_hand(name, one.name, codes[0])


def _listed(value: object) -> list[Any]:
    """Return a value as a list of values."""
    return value if isinstance(value, list) else [value]


def by_hand(file: str, column: str, code: str) -> Problem:
    """Return, as a warning, a place that names a code and was not changed."""
    hint = "Change it by hand."
    return Problem(file, None, column, "recode-named", f"names `{code}`", (), hint, "warning")


def _default(
    opened: editing.Opened, one: params.Parameter, become: Mapping[str, str]
) -> Default | None:
    """Return the line of a default with other codes; None where that line is not to be found for sure."""
    text = opened.data.decode("utf-8", "replace")
    found = [
        (n, line)
        for n, line in enumerate(entries.lines_of(text))
        if re.match(rf'\s*"{re.escape(one.name)}\s*:', line)
    ]
    if len(found) != 1 or not all(become.values()):
        return None
    number, line = found[0]
    after = line
    for code, new in become.items():
        quoted, other = (json.dumps(json.dumps(c))[1:-1] for c in (code, new))
        after = after.replace(quoted, other, 1)
    wanted = [become.get(c, c) for c in one.default] if isinstance(one.default, list) else become[one.default]  # fmt: skip
    return Default(opened, one.name, number + 1, line, after) if _says(after) == wanted else None


def restored(opened: editing.Opened, line: int, left: str, before: str, known: Collection[str]) -> Default | None:  # fmt: skip
    """Return a changed default as it was before; None where it is no longer as it was left.

    `before` comes from a file of the suite: it may differ by nothing but ids of known codes.
    """
    lines = entries.lines_of(opened.data.decode("utf-8", "replace"))
    places = [n for n, one in enumerate(lines, start=1) if one == left]
    place = line if line in places else places[0] if len(places) == 1 else 0
    codes = _listed(_says(before))
    plain = _CODE.sub("", before) == _CODE.sub("", left)
    if not place or not plain or not all(code in known for code in codes):
        return None
    return Default(opened, "", place, left, before)


def written(several: Sequence[Default]) -> bytes:
    """Return a notebook with its changed lines."""
    lines = entries.lines_of(several[0].opened.data.decode("utf-8"))
    for one in several:
        lines[one.line - 1] = one.after
    return "".join(lines).encode()


def _says(line: str) -> object:
    """Return the default that a line of a notebook gives, None where it gives none."""
    try:
        statement = json.loads(line.strip().rstrip(","))
        (found,) = params.parse(Path("notebook"), statement, {})
    except (ValueError, ParameterError):
        return None
    return found.default


def plan(
    opened: editing.Opened, vocabulary: str, become: Mapping[str, str]
) -> tuple[list[Hunk], list[Problem]]:
    """Return what changes in a plan, and as warnings what names a code and stays."""
    text = opened.data.decode("utf-8", "replace")
    hunks: list[Hunk] = []
    edits: list[Edit] = []
    left: list[Problem] = []
    named = any(code in text for code in become)
    said = (entries.read(text) or {}).get("notebook") if named else []
    for nth, entry in enumerate(said if isinstance(said, list) else []):
        name = str(entry.get("file")) if isinstance(entry, dict) else ""
        path = opened.path.parent / name
        tied = {one.name for one in _tied(path, vocabulary)} if is_bare_name(name) else set()
        new = {
            place: _other(entry[place], tied, become)
            for place in _PLACES
            if tied and place in entry
        }
        new = {place: value for place, value in new.items() if value != entry[place]}
        if not new:
            continue
        found = _hunks(text, [*edits, Edit(("notebook",), nth, new)], become)
        if found is None:
            left.append(by_hand(PLAN, f"notebook {nth + 1}", next(iter(become))))
        else:
            hunks = found
            edits.append(Edit(("notebook",), nth, new))
    return hunks, left


def _hunks(text: str, edits: Sequence[Edit], become: Mapping[str, str]) -> list[Hunk] | None:
    """Return what changes in a text; None where a code becomes nothing, or it cannot be done for sure."""
    try:
        return edited(text, edits) if all(become.values()) else None
    except UnclearError:
        return None


def _other(value: Any, tied: Collection[str], become: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return the values an entry gives, with other codes where they are those of tied parameters."""
    if isinstance(value, list):
        return [_other(one, tied, become) for one in value]
    if not isinstance(value, dict):
        return value
    new = {}
    for key, given in value.items():
        keys = [name.strip() for name in key.split(",")]
        if len(keys) == 1:
            new[key] = _recoded(given, become) if keys[0] in tied else given
        else:
            rows = given if isinstance(given, list) else []
            new[key] = [_row(keys, row, tied, become) for row in rows] if rows else given
    return new


def _row(keys: Sequence[str], row: Any, tied: Collection[str], become: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return the values of several parameters at once, with other codes."""
    if not isinstance(row, list) or len(row) != len(keys):
        return row
    pairs = zip(keys, row, strict=True)
    return [_recoded(value, become) if key in tied else value for key, value in pairs]


def _recoded(value: Any, become: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return a value, or a list of values, with other codes, each once."""
    if isinstance(value, list):
        after = [_recoded(one, become) for one in value]
        return after if after == value else [v for n, v in enumerate(after) if v not in after[:n]]
    return become.get(value, value) if isinstance(value, str) else value
