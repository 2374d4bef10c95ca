"""What a person has to decide, as a folder to be filled in: codes.toml and rows.csv.

The surprising rule: nothing is filled in by guess, and a sheet with one empty cell is not taken.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybook import cells, editing
from policybook.codebook import NO_EXAMPLE, UNDEFINED_BY_EXAMPLE, Codebook, Value
from policybook.exchange import toml
from policybook.exchange.losses import uncomputed
from policybook.migrations import SPLIT
from policybook.problems import ParameterError, Problem, SuiteError, did_you_mean, errors, quoted
from policybook.tables import split
from policybook.together.recoding import entries
from policybook.together.recoding.call import Call, problem
from policybook.together.recoding.rows import Place, tokens

CODES, ROWS = "codes.toml", "rows.csv"
NOTHING = "-"
"""What takes a code out of a cell and puts none in its place; no id of a code."""

COLUMNS = ("file", "row", "column", "article", "quote", "cell", "code", "becomes", "coder", "note")
_KEY = ("file", "row", "column")
Key = tuple[str, str, str]
"""A cell: its file, row and column."""

_TEXTS = ("label", "definition", "include", "exclude", "example")


@dataclass
class Decided:
    """What a person decided: definitions of new codes, and what becomes of each cell.

    `rows` holds the codes, the coder and the note, by file, row and column.
    """

    defined: str = ""
    rows: dict[Key, tuple[tuple[str, ...], str, str]] = field(default_factory=dict)


def write(out: Path, book: Codebook, asked: Call, undecided: Sequence[Place]) -> list[Path]:
    """Write what has to be decided into a new folder; return its files.

    Raises `ParameterError` for a folder that is there and where nothing has to be decided.
    """
    files: dict[str, bytes] = {}
    if asked.undefined(book):
        files[CODES] = _codes(book, asked).encode()
    if undecided:
        files[ROWS] = _rows(asked, undecided)
    if not files:
        raise ParameterError([problem("out", "nothing has to be decided", "Call without --out.")])
    if out.exists() or out.is_symlink():
        hint = "Name a new folder: a sheet is never written over."
        raise ParameterError([problem("out", f"{quoted(str(out))} is there already", hint)])
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".unfinished-") as scratch:
        made = Path(scratch) / "sheet"
        made.mkdir()
        for name, data in files.items():
            (made / name).write_bytes(data)
        made.rename(out)
    return [out / name for name in files]


def _rows(asked: Call, undecided: Sequence[Place]) -> bytes:
    """Return the sheet of cells, none decided; nothing in it is a formula for a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for one in undecided:
        shown = {"article": one.article, "quote": one.quote, "cell": one.cell}
        safe = {name: uncomputed(text) for name, text in shown.items()}
        named = {"file": one.file, "row": one.row, "column": one.column.name}
        writer.writerow({**named, **safe, "code": asked.old[0]})
    return out.getvalue().replace("\r\n", "\n").encode("utf-8", "replace")


def _codes(book: Codebook, asked: Call) -> str:
    """Return entries for the new codes to be filled in, and what else names a code that is split."""
    told = (
        f"# {asked.told}: say here what is new. Every empty text has to be filled in.\n"
        "# An example is the quotation of a row that gets the code, or "
        f'"{NO_EXAMPLE}".\n'
        "# Lists are those of the old code: leave in each what finds or fits the new one.\n"
    )
    known = book.values(asked.vocabulary)
    made = [told]
    for code in asked.undefined(book):
        entry = _entry([known[one] for one in asked.old], asked.vocabulary)
        made.append(toml.table((asked.vocabulary, code), entry))
    if asked.kind == SPLIT:
        named = list(_named(book, asked))
        if named:
            made.append(
                "# What named the old code, once for each new one: take out what does not hold.\n"
            )
        made += [toml.table((name,), entry, array=True) for name, entry in named]
    return "\n".join(made)


def _entry(old: Sequence[Value], vocabulary: str) -> dict[str, Any]:
    """Return an entry with empty texts and what the old codes have beside texts."""
    texts = ("label",) if vocabulary in UNDEFINED_BY_EXAMPLE else _TEXTS
    entry: dict[str, Any] = dict.fromkeys(texts, "")
    for value in old:
        for key, given in value.extra.items():
            if key == "since":
                continue
            both = isinstance(given, list) and isinstance(entry.get(key), list)
            entry[key] = (
                list(dict.fromkeys([*entry[key], *given])) if both else entry.get(key, given)
            )
    return entry


def _named(book: Codebook, asked: Call) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield relations and referents that name the code that is split, once for each part."""
    keys = {"instrument": ("relation", ("first", "second")), "actor": ("referent", ("actor",))}
    name, named = keys.get(asked.vocabulary, ("", ()))
    for entry in book.tables(name):
        found = [key for key in named if entry.get(key) == asked.old[0]]
        for part in asked.new if found else ():
            yield name, {**entry, **dict.fromkeys(found, part)}


def read(folder: Path, book: Codebook, asked: Call, undecided: Sequence[Place]) -> Decided:
    """Return what was decided; `SuiteError` with everything that is missing or wrong."""
    found, wrong = Decided(), list[Problem]()
    if new := asked.undefined(book):
        opened = editing.open_file(folder / CODES, name=f"{folder.name}/{CODES}")
        found.defined = _text(opened)
        wrong += _wrong_codes(opened.name, found.defined, asked, new)
    if undecided:
        opened = editing.open_file(folder / ROWS, name=f"{folder.name}/{ROWS}")
        sheet = cells.parse(opened.data, name=opened.name)
        wrong += errors(sheet.problems)
        if not errors(sheet.problems):
            wrong += _decide(sheet, book, asked, undecided, found)
    if wrong:
        raise SuiteError(wrong)
    return found


def _text(opened: editing.Opened) -> str:
    """Return the text of a file; SuiteError where it is not UTF-8."""
    try:
        return opened.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = "Save it as UTF-8."
        raise SuiteError(
            [Problem(opened.name, None, None, "not-utf8", "is not UTF-8", (), hint)]
        ) from None


def _wrong_codes(name: str, text: str, asked: Call, new: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the definitions of new codes, apart from what the checks say."""
    data = entries.read(text)
    if data is None:
        yield Problem(name, None, None, "not-toml", "is not TOML", (), "Quote every text.")
        return
    given = Codebook(name, text, data)
    values = data.get(asked.vocabulary)
    known = values if isinstance(values, dict) else {}
    for code in new:
        if not isinstance(known.get(code), dict):
            hint = f"Write [{asked.vocabulary}.{code}] with label and definition."
            yield Problem(
                name, None, None, "code-missing", f"does not define {quoted(code)}", (), hint
            )
    may = {asked.vocabulary, *(("relation", "referent") if asked.kind == SPLIT else ())}
    more = [key for key in data if key not in may]
    more += [f"{asked.vocabulary}.{code}" for code in known if code not in new]
    for at in more:
        hint = "Only what is new stands here; the rest is changed in codebook.toml."
        yield given.problem("code-other", "does not belong here", at=at, hint=hint)
    for code in new:
        if isinstance(known.get(code), dict) and "since" in known[code]:
            hint = "Leave it out: it is written when the change is."
            at = f"{asked.vocabulary}.{code}"
            yield given.problem("code-since", "has `since`", at=at, hint=hint)


def _decide(
    sheet: cells.Cells, book: Codebook, asked: Call, undecided: Sequence[Place], found: Decided
) -> Iterator[Problem]:
    """Note what becomes of each cell; yield what is missing or wrong."""
    columns = {name: sheet.column(name) for name in COLUMNS}
    wanted = {(one.file, one.row, one.column.name): one for one in undecided}
    for row in range(len(sheet)):
        file, name, column = (columns[one][row].strip() for one in _KEY)
        key = (file, name, column)
        place = wanted.get(key)
        if place is None or key in found.rows:
            what = (
                "is decided twice" if key in found.rows else f"has no {asked.old[0]} to be decided"
            )
            hint = "Take the line out."
            yield sheet.problem(
                "row-unknown", f"{' '.join(key)} {what}", row=row, column="row", hint=hint
            )
            continue
        codes = tuple(split(columns["becomes"][row]))
        found.rows[key] = (codes, columns["coder"][row].strip(), columns["note"][row].strip())
        yield from _wrong_row(sheet, row, place, book, asked)
    for key, place in wanted.items():
        if key not in found.rows:
            message = f"has no line for {' '.join(key)}"
            hint = "Write the sheet anew, into another folder."
            evidence = (("quote", quoted(place.quote)),) if place.quote else ()
            yield Problem(sheet.file, None, None, "row-missing", message, evidence, hint)


def _wrong_row(
    sheet: cells.Cells, row: int, place: Place, book: Codebook, asked: Call
) -> Iterator[Problem]:
    """Yield what is wrong with one decision."""
    given = split(sheet.column("becomes")[row])
    left = [code for code in book.values(asked.vocabulary) if code not in asked.old]
    allowed = list(asked.new) or left
    evidence = (("allowed", ", ".join(allowed)),)

    def wrong(code: str, message: str, hint: str) -> Problem:
        return sheet.problem(code, message, row=row, column="becomes", evidence=evidence, hint=hint)

    if sheet.column("cell")[row] != uncomputed(place.cell):
        message = f"{place.row} is coded otherwise since the sheet was written"
        yield sheet.problem("row-recoded", message, row=row, column="cell", hint="Write it anew.")
    elif not given:
        yield wrong(
            "row-undecided",
            f"what {place.row} becomes is empty",
            "Read the passage, and name the code.",
        )
    elif given == [NOTHING]:
        if place.column.required and set(tokens(place.cell)) <= set(asked.old):
            yield wrong("row-empty", f"`{place.column.name}` cannot be empty", "Name a code.")
    elif unknown := [code for code in given if code not in allowed]:
        yield wrong(
            "value-unknown",
            f"{quoted(unknown[0])} is not one of them",
            did_you_mean(unknown[0], allowed),
        )
    elif len(given) > 1 and place.column.kind != "codes":
        hint = "Name one here; for the other, add a row to the table afterwards."
        yield wrong("row-several", f"`{place.column.name}` holds one code", hint)
