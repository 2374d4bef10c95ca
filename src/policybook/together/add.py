"""Put a new article into a suite: its text and its line of articles.csv, both or neither.

The surprising rule: the line passes the checks of the suite before anything is written, and the
article stands there as not coded: no facts on its coding are taken.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from policybook import corpus, editing, material
from policybook.checks import check
from policybook.codebook import Column
from policybook.material import CODEBOOK, SEEDS, Material
from policybook.problems import ParameterError, Problem, SuiteError, errors, quoted
from policybook.tables import split
from policybook.together import near
from policybook.together.extract import Extract

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}", re.ASCII)
_OWN = ("file", "sha256", "coder", "coded_on", "codebook_version")
_TABLE = f"{SEEDS}/{corpus.ARTICLES}"


@dataclass(frozen=True, slots=True)
class Added:
    """Where an article was stored, what its text went through, and which stored ones are near."""

    path: Path
    told: list[str]
    warnings: list[Problem]


def columns(root: Path) -> list[Column]:
    """Return the facts that a suite's articles.csv takes from whoever adds an article."""
    content = _material(root)
    known = content.book.columns["articles"]
    return [
        known[name] for name in content.corpus.cells.header if name in known and name not in _OWN
    ]


def _material(root: Path) -> Material:
    """Return the content of a suite whose articles and codebook can be read."""
    content = material.read(root)
    if found := errors([*content.book.problems, *content.corpus.cells.problems]):
        raise SuiteError(found)
    return content


def add(root: Path, taken: Extract, facts: Mapping[str, str]) -> Added:
    """Store a text as SEEDS/ID.txt with its facts as the last line of articles.csv.

    Raises `SuiteError` for facts that do not pass the checks and for a text that is there already,
    `ParameterError` for an id that is taken or names no file.
    """
    content, opened = (
        _material(root),
        editing.open_file(root / SEEDS / corpus.ARTICLES, name=_TABLE),
    )
    name = _file_name(content, facts.get("id", ""))
    row = {**facts, "file": name, "sha256": corpus.sha256(taken.data)}
    warnings = list(_near(content, taken.data.decode("utf-8"), name))
    if found := errors(warnings):
        raise SuiteError(found)
    table = editing.appended(opened, [row])
    found = _problems(content, table, taken.data, row)
    if errors(found):
        raise SuiteError(found)
    path = root / SEEDS / name
    _store(path, taken.data, opened, table)
    return Added(path, taken.told, [*found, *warnings])


def _file_name(content: Material, article: str) -> str:
    """Return the name of a new article's file."""
    name = f"{article}.txt"
    if not _NAME.fullmatch(article):
        hint = (
            "Author or outlet, and the year: small letters, digits and hyphens, such as mei-2014."
        )
        raise ParameterError([_problem("id", f"{quoted(article)} is no id of an article", hint)])
    if article in content.corpus.rows:
        hint = "Choose another id, such as one with a letter behind the year."
        raise ParameterError([_problem("id", f"{quoted(article)} is an article already", hint)])
    if name.lower() in {one.lower() for one in content.corpus.files()}:
        hint = "Choose another id, or move the file away: no text is written over."
        raise ParameterError([_problem("id", f"{SEEDS}/{name} is there already", hint)])
    return name


def _problem(column: str, message: str, hint: str) -> Problem:
    """Return a problem of the call."""
    return Problem("add", None, column, f"add-{column}", message, (), hint)


def _near(content: Material, text: str, name: str) -> Iterator[Problem]:
    """Yield an error for the same text, a warning for each stored one that shares passages."""
    words = near.words(text)
    passages = near.passages(words)
    for article in content.corpus.rows:
        stored = near.words(content.corpus.text(article) or "")
        if stored == words:
            message = f"is the text of {quoted(article)} already, word for word"
            hint = "Nothing was written. A second outlet is noted in that article's `note`."
            yield Problem(name, None, None, "add-duplicate", message, (), hint)
            continue
        both = near.shared(passages, near.passages(stored))
        if max(both.of_new, both.of_old) >= near.NEAR:
            message = (
                f"shares {both.of_new:.0%} of its passages with {quoted(article)}, "
                f"which shares {both.of_old:.0%} of its own"
            )
            hint = (
                f"A passage is {near.PASSAGE} words in a row; {both.passages:,} are the same. "
                "If it is the same piece republished, take it out again."
            )
            place = f"{SEEDS}/{name}"
            yield Problem(place, None, None, "add-near", message, (), hint, "warning")


def _problems(
    content: Material, table: bytes, data: bytes, facts: Mapping[str, str]
) -> list[Problem]:
    """Return what the checks say of the new line and file, before they are there."""
    name = facts["file"]
    with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
        staged = Path(folder)
        (staged / corpus.ARTICLES).write_bytes(table)
        (staged / name).write_bytes(data)
        articles = corpus.read(staged, name=_TABLE)
        last = articles.cells.lines[-1]
        found = check(Material(content.root, content.book, articles, content.tables))
    mine = [one for one in found if one.file == _TABLE and one.line == last]
    return [replace(one, file="add", line=None, hint=_hint(content, one, facts)) for one in mine]


def _hint(content: Material, one: Problem, facts: Mapping[str, str]) -> str:
    """Return the next step of a problem; for somebody the codebook does not know, how to enter him."""
    column = content.book.columns["articles"].get(one.column or "")
    if one.code != "value-unknown" or column is None or column.values != "actor":
        return one.hint
    known = content.book.values("actor")
    new = next((name for name in split(facts[column.name]) if name not in known), "an-id")
    entry = f'[actor.{new}]\nlabel = "…"\nkind = "author"\ndefinition = "…"'
    return f"{one.hint}\nWhoever is new is entered at the end of {CODEBOOK} first:\n{entry}"


def _store(path: Path, data: bytes, opened: editing.Opened, table: bytes) -> None:
    """Write a text and the table, or neither."""
    try:
        file = path.open("xb")
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise SuiteError(
            [Problem(f"{SEEDS}/{path.name}", None, None, "unwritable", message)]
        ) from None
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        opened.write(table)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
