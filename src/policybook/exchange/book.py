"""Write the codebook of an imported suite: the one it starts from, and what the file adds.

The surprising rule: an example is the quotation of a row of this very suite, as in any codebook.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from policybook import codebook
from policybook.checks.book import NEEDED
from policybook.codebook import NO_EXAMPLE, UNDEFINED_BY_EXAMPLE, Codebook, Value
from policybook.exchange import toml
from policybook.exchange.draft import Draft
from policybook.exchange.losses import refusal
from policybook.tables import split

_PARTS = ("definition", "include", "exclude", "example")


@cache
def template() -> Codebook:
    """Return the columns and closed lists that every imported suite starts from."""
    source = resources.files("policybook.exchange").joinpath("codebook.toml").read_text("utf-8")
    return Codebook("codebook.toml", source, tomllib.loads(source))


def given(path: Path) -> Codebook:
    """Return somebody's own codebook. Raises `ExchangeError` where it cannot be read."""
    found = codebook.read(path)
    if missing := lacks(found):
        message = f"cannot be coded against: {missing}"
        hint = "See policybook check for the suite it belongs to."
        raise refusal(path.name, "codebook-lacking", message, hint=hint)
    return found


def lacks(book: Codebook) -> str:
    """Return what a codebook lacks to hold a suite, empty where it lacks nothing."""
    if book.problems:
        return book.problems[0].message
    for table, names in NEEDED.items():
        for name in names:
            if name not in book.columns.get(table, {}):
                return f"it defines no column `{name}` of {table}"
    return ""


def entry(value: Value) -> dict[str, Any]:
    """Return a value as the entries of its table."""
    said = {"label": value.label} | {part: getattr(value, part) for part in _PARTS}
    return {key: words for key, words in said.items() if words} | dict(value.extra)


def text(draft: Draft) -> str:
    """Return the codebook of a draft as TOML."""
    examples = _examples(draft)
    added = [
        ((vocabulary, name), _defined(draft, vocabulary, name, said, examples), False)
        for vocabulary, values in draft.added.items()
        for name, said in values.items()
    ]
    if draft.given:
        for (vocabulary, name), _, _ in added:
            what = "the codebook did not have it; it was added to the end of the file"
            draft.losses.guessed("codebook.toml", what, row=f"{vocabulary}.{name}")
        if not added:
            return draft.base.text
        return f"{draft.base.text.rstrip()}\n\n{toml.document(added)}"
    return toml.document([*_head(draft), *_template(examples), *added])


def blank(name: str, *, day: str, change: str) -> str:
    """Return the codebook of a suite that has nothing yet: the template, its name and its first day."""
    head = ("codebook",), {"name": name, "version": "1.0.0", "language": "en"}, False
    first = ("changelog",), {"version": "1.0.0", "date": day, "change": change}, True
    return toml.document([head, first, *_template({})])


def _head(draft: Draft) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], bool]]:
    """Yield the name, the version and the first entry of the changelog."""
    yield ("codebook",), {"name": draft.name or draft.file, "version": "1.0.0"}, False
    change = f"Made from {draft.file}: instruments, actors and coders are those of the file."
    yield ("changelog",), {"version": "1.0.0", "date": draft.settled, "change": change}, True


def _template(
    examples: Mapping[tuple[str, str], str],
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], bool]]:
    """Yield the tables of the template, with examples from this suite."""
    data = template().data
    yield ("unit",), data["unit"], False
    for table, columns in data["column"].items():
        for name, column in columns.items():
            yield ("column", table, name), column, False
    for vocabulary in template().vocabularies:
        for name, said in data[vocabulary].items():
            example = examples.get((vocabulary, name), NO_EXAMPLE)
            yield (vocabulary, name), {**said, "example": example}, False


def _defined(
    draft: Draft,
    vocabulary: str,
    name: str,
    said: Mapping[str, Any],
    examples: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    """Return the entry of a value the file brought, with every part a codebook asks for."""
    if vocabulary in UNDEFINED_BY_EXAMPLE:
        return dict(said)
    plain = {
        "label": name,
        "definition": f"Coded so in {draft.file}, which defines it no further.",
        "include": "Whatever was coded so there.",
        "exclude": "Whatever was coded otherwise there.",
    }
    example = examples.get((vocabulary, name), NO_EXAMPLE)
    return plain | {key: words for key, words in said.items() if words} | {"example": example}


def _examples(draft: Draft) -> dict[tuple[str, str], str]:
    """Return the shortest quotation of each code, the first of several."""
    best: dict[tuple[str, str], str] = {}
    columns = draft.base.columns.get("recommendations", {})
    codes = {n: c for n, c in columns.items() if c.kind in {"code", "codes"}}
    for row in draft.rows:
        for name, column in codes.items():
            cell = row.cells.get(name, "") or column.default
            if name == "author_attitude" and not cell and row.cells.get("voice") == "reported":
                cell = "neutral"
            for code in split(cell):
                known = best.get((column.values, code))
                if known is None or len(row.cells["quote"]) < len(known):
                    best[column.values, code] = row.cells["quote"]
    return best
