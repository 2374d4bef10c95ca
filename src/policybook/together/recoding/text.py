"""Change values of a TOML text; every other byte stays: order, comments, quoting, line ends.

The surprising rule: what comes of it is read again and compared with what was asked, so that
a text laid out in a way that is not understood here is refused and never guessed at.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policybook.codebook import said
from policybook.exchange import toml
from policybook.together.recoding import entries

Path = tuple[str, ...]
"""The name of a table: `instrument.sanctions` has two parts."""

_HEADER = re.compile(r"(\s*\[\[?)(.*?)(\]\]?\s*(?:#.*)?)", re.DOTALL)
_NEAR = 2
"""Lines between two changes, so few that one hunk holds both."""


class UnclearError(ValueError):
    """A text cannot be changed as asked; `at` is the table where it was to be."""

    def __init__(self, at: Path) -> None:
        """Keep the table."""
        super().__init__(".".join(at))
        self.at = ".".join(at)


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of one table: other values, another name, or nothing; and what comes behind it.

    `nth` is its number in an array of tables, -1 where it is none. What comes `ahead` are the
    first entries of their arrays, for no other of them stands above.
    """

    at: Path
    nth: int = -1
    values: Mapping[str, Any] = field(default_factory=dict)
    to: Path = ()
    gone: bool = False
    behind: str = ""
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines of a text that become others; around what changes one line stays, to find them again."""

    where: str
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Section:
    """A table of a text: its name, its number, its first line and the line behind its last."""

    at: Path
    nth: int
    first: int
    last: int


def edited(text: str, edits: Sequence[Edit]) -> list[Hunk]:
    """Return what has to change in a text; `UnclearError` where that cannot be done for sure."""
    lines = entries.lines_of(text)
    known = list(_sections(lines))
    made: dict[int, list[str]] = {}
    for one in edits:
        _change(lines, known, one, made)
    for one in edits:
        if one.behind:
            _put_behind(lines, _found(known, one)[0].last - 1, one.behind, made)
    hunks = list(_hunks(lines, known, made))
    if entries.read(patched(text, hunks)) != applied(said(text), edits):
        raise UnclearError(edits[0].at)
    return hunks


def patched(text: str, hunks: Sequence[Hunk]) -> str:
    """Return a text with hunks applied to the lines they were made for."""
    lines = entries.lines_of(text)
    for one in reversed(hunks):
        first, before = one.line - 1, entries.lines_of(one.before)
        lines[first : first + len(before)] = entries.lines_of(one.after)
    return "".join(lines)


def reverted(text: str, hunks: Sequence[Hunk]) -> str:
    """Return a text with hunks taken back, also where lines above them came or went.

    Raises `UnclearError` where the lines that a hunk left are no longer there, or not only once.
    """
    lines, moved, places = entries.lines_of(text), 0, []
    for one in hunks:
        after, before = entries.lines_of(one.after), entries.lines_of(one.before)
        place = one.line - 1 + moved
        if lines[place : place + len(after)] != after:
            found = [n for n in range(len(lines)) if lines[n : n + len(after)] == after]
            if len(found) != 1:
                raise UnclearError((one.where,))
            place = found[0]
        moved += len(after) - len(before)
        places.append((place, len(after), before))
    for place, length, before in sorted(places, reverse=True):
        lines[place : place + length] = before
    return "".join(lines)


def applied(data: Mapping[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    """Return what a text is to say once it is edited."""
    new: dict[str, Any] = copy.deepcopy(dict(data))
    for one in edits:
        _entry(new, one).update(one.values)
    gone = [_entry(new, one) for one in edits if one.gone]
    for name in {one.at[0] for one in edits if one.gone}:
        new[name] = [entry for entry in new[name] if not any(entry is other for other in gone)]
        if not new[name]:
            del new[name]
    for one in edits:
        if one.to:
            _put(new, one.to, _entry(new, Edit(one.at[:-1])).pop(one.at[-1]))
        if one.behind:
            _merge(new, tomllib.loads(one.behind), ahead=one.ahead)
    return new


def _put(data: dict[str, Any], at: Path, entry: object) -> None:
    """Put a table in its place, those above it are made where they are missing."""
    for part in at[:-1]:
        data = data.setdefault(part, {})
    data[at[-1]] = entry


def _entry(data: Mapping[str, Any], one: Edit) -> dict[str, Any]:
    """Return the table that an edit is about."""
    entry: Any = data
    for part in one.at:
        entry = entry[part]
    return entry[one.nth] if one.nth >= 0 else entry  # type: ignore[no-any-return]


def _merge(data: dict[str, Any], more: Mapping[str, Any], *, ahead: bool) -> None:
    """Add tables to others; arrays of tables grow at their end, or at their beginning."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(data.get(key), dict):
            _merge(data[key], value, ahead=ahead)
        elif isinstance(value, list) and isinstance(data.get(key), list):
            data[key] = [*value, *data[key]] if ahead else [*data[key], *value]
        else:
            data[key] = value


def _sections(lines: Sequence[str]) -> Iterator[_Section]:
    """Yield the tables of a text; blank lines and comments at the end of one belong to the next."""
    heads = [(n, head) for n, line in enumerate(lines) if (head := header(line))]
    ends = [n for n, _ in heads[1:]] + [len(lines)]
    times: dict[Path, int] = {}
    for (first, (at, several)), end in zip(heads, ends, strict=False):
        last = end
        while last > first + 1 and _empty(lines[last - 1]):
            last -= 1
        nth = times.get(at, 0) if several else -1
        times[at] = times.get(at, 0) + 1
        yield _Section(at, nth, first, last)


def parts(text: str) -> Iterator[tuple[Path, str]]:
    """Yield the tables of a text: the name of each, and its lines; what stands between is left out."""
    lines = entries.lines_of(text)
    for one in _sections(lines):
        yield one.at, "".join(lines[one.first : one.last]).rstrip("\n") + "\n"


def _empty(line: str) -> bool:
    """Tell whether a line says nothing."""
    return not line.strip() or line.lstrip().startswith("#")


def header(line: str) -> tuple[Path, bool] | None:
    """Return the table that a line begins, and whether it is one of several; None where it is none.

    >>> header("[instrument.sanctions]"), header("[[relation]]"), header('a = "[b]"')
    ((('instrument', 'sanctions'), False), (('relation',), True), None)
    """
    data: Any = entries.read(line.strip()) if line.lstrip().startswith("[") else None
    at: list[str] = []
    while isinstance(data, dict) and data:
        (name, data), *_ = data.items()
        at.append(name)
    return (tuple(at), isinstance(data, list)) if at else None


def _change(
    lines: Sequence[str], known: Sequence[_Section], one: Edit, made: dict[int, list[str]]
) -> None:
    """Note the lines that an edit changes, each with what it becomes."""
    section, inner = _found(known, one)
    if one.gone:
        first = section.first
        first -= first > 0 and not lines[first - 1].strip()
        made.update({n: [] for n in range(first, section.last)})
    if one.to:
        match = _HEADER.fullmatch(lines[section.first])
        if inner or not match:
            raise UnclearError(one.at)
        made[section.first] = [match[1] + ".".join(map(toml.key, one.to)) + match[3]]
    for key, value in one.values.items():
        begin = section.first + 1
        found = entries.item(lines[begin : section.last], (*inner, key), value)
        if not found and key not in (entries.read("".join(lines[begin : section.last])) or {key}):
            _put_behind(lines, section.last - 1, entries.line(key, value), made)
            continue
        if not found:
            raise UnclearError(one.at)
        first, last, written = found
        made.update({n: [] for n in range(begin + first, begin + last)})
        made[begin + first] = entries.lines_of(written)


def _put_behind(lines: Sequence[str], place: int, text: str, made: dict[int, list[str]]) -> None:
    """Note that lines come behind a line, with the line ends of the text around them."""
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    before = made.get(place, [lines[place]])
    if before and not before[-1].endswith("\n"):
        before = [*before[:-1], before[-1] + end]
    made[place] = [*before, *(line.rstrip("\r\n") + end for line in entries.lines_of(text))]


def _found(known: Sequence[_Section], one: Edit) -> tuple[_Section, Path]:
    """Return the table of a text that an edit is about, and where in it if that is an inline one."""
    for parts in range(len(one.at), 0, -1):
        inner = one.at[parts:]
        for section in known:
            if section.at == one.at[:parts] and (inner or section.nth == one.nth):
                return section, inner
    raise UnclearError(one.at)


def _hunks(
    lines: Sequence[str], known: Sequence[_Section], made: Mapping[int, list[str]]
) -> Iterator[Hunk]:
    """Yield what changes as hunks; changes that are near each other share one."""
    groups: list[list[int]] = []
    for n in sorted(made):
        if groups and n - groups[-1][-1] <= _NEAR:
            groups[-1].append(n)
        else:
            groups.append([n])
    for group in groups:
        first, last = max(0, group[0] - 1), min(len(lines), group[-1] + 2)
        after = [line for n in range(first, last) for line in made.get(n, [lines[n]])]
        before = "".join(lines[first:last])
        yield Hunk(_where(known, group[0]), first + 1, before, "".join(after))


def _where(known: Sequence[_Section], line: int) -> str:
    """Return the name of the table that a line stands in."""
    within = [one for one in known if one.first <= line]
    if not within:
        return ""
    name = ".".join(within[-1].at)
    return name if within[-1].nth < 0 else f"{name} {within[-1].nth + 1}"
