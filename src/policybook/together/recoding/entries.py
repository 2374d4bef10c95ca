"""Write one entry of a TOML table anew, keeping its layout and its comment where that can be done.

The surprising rule: ways to write it are tried, and one that reads as anything else is not taken.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policybook.codebook import said
from policybook.exchange import toml

_LITERAL = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_LONG = 10_000
"""Characters of a text that may be the whole codebook, and is read more than once."""

_TICKED = re.compile(r"`[^`\n]*`")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends; only a line feed ends one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def read(text: str) -> dict[str, Any] | None:
    """Return what a TOML text says, None where it is none."""
    try:
        return said(text) if len(text) > _LONG else tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def item(lines: Sequence[str], keys: Sequence[str], value: object) -> tuple[int, int, str] | None:
    """Return which lines of a table hold an entry, and what they are with another value.

    None where it is not there, or cannot be written for sure.
    """
    first = 0
    while first < len(lines):
        last = first + 1
        while (said := read("".join(lines[first:last]))) is None and last < len(lines):
            last += 1
        if said and keys[0] in said:
            text = "".join(lines[first:last])
            wanted = copy.deepcopy(said)
            inner: Any = wanted
            for key in keys[:-1]:
                inner = inner[key]
            old = inner.get(keys[-1])
            inner[keys[-1]] = value
            for written in _written(text, keys, old, value):
                if read(written) == wanted:
                    return first, last, written
            break
        first = last
    return None


def _written(text: str, keys: Sequence[str], old: object, new: object) -> Iterator[str]:
    """Yield ways to write an entry with another value, those that keep most of it first."""
    pairs = dict(_pairs(old, new))
    yield _LITERAL.sub(lambda match: _swapped(match[0], pairs), text)
    ticked = dict(pair for one in pairs.items() for pair in _ticks(*one))
    yield _TICKED.sub(lambda match: ticked.get(match[0], match[0]), text)
    if len(keys) == 1:
        body = text.rstrip("\r\n")
        yield line(keys[0], new) + _comment(body) + text[len(body) :]


def line(key: str, value: object) -> str:
    """Return an entry as one line."""
    return toml.table((), {key: value}).split("\n")[1]


def _pairs(old: object, new: object) -> Iterator[tuple[str, str]]:
    """Yield texts of a value and what each becomes, as far as the two are alike."""
    if isinstance(old, str) and isinstance(new, str):
        yield old, new
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _pairs(one, other)
    elif isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            yield from _pairs(old[key], new[key])


def _swapped(literal: str, pairs: Mapping[str, str]) -> str:
    """Return a text between quotation marks, another one where it becomes another."""
    said = read(f"x = {literal}")
    old = said["x"] if said else None
    new = pairs.get(old, old) if isinstance(old, str) else old
    if new is None or new == old:
        return literal
    plain = literal[0] == "'" and "'" not in new and new.isprintable()
    return f"'{new}'" if plain else toml.text(new)


def _ticks(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield words between backticks and what each becomes."""
    before, after = _TICKED.findall(old), _TICKED.findall(new)
    if len(before) == len(after):
        yield from zip(before, after, strict=True)


def _comment(text: str) -> str:
    """Return the comment at the end of an entry on one line, with the spaces before it."""
    for match in re.finditer(r"[ \t]*#", text):
        if read(text[: match.start()]) == read(text):
            return text[match.start() :]
    return ""
