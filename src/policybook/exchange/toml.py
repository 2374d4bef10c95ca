"""Write tables of texts, numbers, truths and lists of them as TOML: the standard library only reads it.

The surprising rule: every text is one basic string on one line, whatever it holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def text(value: str) -> str:
    r"""Return a text as a TOML string.

    >>> text('a "b"\n')
    '"a \\"b\\"\\n"'
    """
    clean = value.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no text
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007F")


def key(name: str) -> str:
    """Return a key, between quotation marks where it has to be."""
    return name if _BARE.fullmatch(name) else text(name)


def table(path: Iterable[str], entries: Mapping[str, Any], *, array: bool = False) -> str:
    """Return one table of plain values with its header, or one member of an array of tables."""
    name = ".".join(map(key, path))
    head = f"[[{name}]]" if array else f"[{name}]"
    lines = [f"{key(field)} = {_value(value)}" for field, value in entries.items()]
    return "\n".join([head, *lines, ""])


def document(tables: Iterable[tuple[tuple[str, ...], Mapping[str, Any], bool]]) -> str:
    """Return a file of tables: the path of each, its entries, whether it is one of an array."""
    return "\n".join(table(path, entries, array=array) for path, entries, array in tables)


def _value(value: Any) -> str:  # noqa: ANN401  (whatever a codebook holds)
    """Return a value as TOML. TypeError for what a codebook does not hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping) and value:
        return f"{{ {', '.join(f'{key(k)} = {_value(v)}' for k, v in value.items())} }}"
    message = f"no TOML for {type(value).__name__}"
    raise TypeError(message)
