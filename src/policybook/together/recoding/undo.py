"""Take the last change of codes back: every cell and line that it changed, by its log.

The surprising rule: what was coded since keeps its place. A cell that nobody could take back
for sure stops the whole; a merged code that somebody used since has two meanings to choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from policybook import editing
from policybook.checks import check
from policybook.codebook import Codebook
from policybook.material import CODEBOOK, RECODINGS, Material
from policybook.migrations import MERGE, RENAME, SPLIT, Migration, number
from policybook.problems import ParameterError, Problem, SuiteError, count, errors, quoted
from policybook.together.recoding import log, notebooks, rows
from policybook.together.recoding.call import Call, problem
from policybook.together.recoding.propose import BOM, Proposal, staged, with_book
from policybook.together.recoding.rows import Changed
from policybook.together.recoding.text import Hunk, UnclearError, reverted


def take_back(root: Path, before: Material) -> Proposal:
    """Return what taking back the last change of codes comes to.

    Raises `ParameterError` where there is none, where something rests on it since, and where
    a place that it changed is no longer as it was left.
    """
    last = _last(before)
    kept = log.opened(root)
    changed = log.read(kept, last.version)
    if not changed:
        message = f"{RECODINGS} does not say what {last.version} changed"
        raise ParameterError([problem("undo", message, "Take the file from where it was saved.")])
    told = Call(last.kind, last.vocabulary, last.old, last.new, last.version, "").told
    done = Proposal(f"Take back {last.version}: {told}", last.vocabulary, before, before)
    _tables(root, done, last, changed)
    _codebook(root, done, last, changed)
    _plan(root, done, changed)
    _notebooks(root, done, last, changed)
    if wrong := errors(check(done.after)):
        raise SuiteError([problem("undo", "would leave a suite that does not check; nothing is written"), *wrong])  # fmt: skip
    done.files.append((kept, log.without(kept, last.version)))
    return done


def _last(before: Material) -> Migration:
    """Return the last change of codes; `ParameterError` where it cannot be taken back any more."""
    recorded = before.book.migrations
    if not recorded:
        raise ParameterError(
            [problem("undo", "no code was ever renamed, merged, split or retired")]
        )
    last = recorded[-1]
    if last.version != before.book.version:
        message = f"the codebook went on from {last.version} to {before.book.version}"
        raise ParameterError([problem("undo", message, "Take that back first, by hand.")])
    coded = [
        article
        for article in before.corpus.rows
        if number(before.corpus.fact(article, "codebook_version")) >= number(last.version)
    ]
    if coded:
        message = f"{count(len(coded), 'article')} coded against {last.version}: {', '.join(coded)}"
        hint = "What was read by the new codes is not known by the old ones. Go on from here."
        raise ParameterError([problem("undo", message, hint)])
    return last


def _tables(root: Path, done: Proposal, last: Migration, changed: Sequence[Changed]) -> None:
    """Add the tables as they were, with what was coded since by the old codes where that is sure."""
    wrong = []
    noted = {(one.file, one.row, one.column): one for one in changed}
    for name in rows.tables(done.before):
        back: dict[str, dict[str, str]] = {}
        for cell in _cells(done.before, name, last, noted):
            if isinstance(cell, Problem):
                wrong.append(cell)
            elif cell.before != cell.after:
                back.setdefault(cell.row, {})[cell.column] = cell.after
                done.changes.append(cell)
        if back:
            opened = editing.open_file(root / name, name=name)
            data = editing.replaced(opened, back)
            done.files.append((opened, data))
            done.after = staged(done.after, name, data)
    if wrong:
        raise ParameterError(wrong)


def _cells(
    before: Material, name: str, last: Migration, noted: dict[tuple[str, str, str], Changed]
) -> Iterator[Changed | Problem]:
    """Yield each cell of a table that is to be as it was, and each that nobody can tell."""
    table = rows.tables(before)[name]
    at = {row: n for n, row in reversed(list(enumerate(table.codes("id"))))}
    coded = _coded(before.book, last, table.kind)
    mine = [one for one in noted.values() if one.file == name and one.row in at]
    for one in mine:
        cells = table.cells.column(one.column)
        if one.column in coded and cells[at[one.row]] == one.after:
            line = table.cells.lines[at[one.row]]
            yield Changed(name, one.row, line, one.column, one.after, one.before)
    back = dict.fromkeys(last.new, last.old[:1]) if last.kind in {RENAME, SPLIT} else {}
    if last.kind not in {RENAME, SPLIT, MERGE}:
        return
    for place in rows.places(before, last.vocabulary, last.new):
        known = noted.get((place.file, place.row, place.column.name))
        if place.file != name or (known and known.after == place.cell):
            continue
        if back:
            after = rows.recoded(place.cell, back)
            yield Changed(name, place.row, place.line, place.column.name, place.cell, after)
        else:
            yield _untold(place, last)


def _coded(book: Codebook, last: Migration, kind: str) -> set[str]:
    """Return the columns of a table that hold codes of the vocabulary that was changed."""
    columns = book.columns.get(kind, {}).values()
    return {column.name for column in columns if column.values == last.vocabulary}


def _untold(place: rows.Place, last: Migration) -> Problem:
    """Return the problem of a cell that holds a merged code and was coded since."""
    message = f"{place.row} was coded after the merger: {quoted(place.cell)} may be any of {', '.join(last.old)}"
    parts = f"policybook recode split {last.vocabulary}.{last.new[0]}"
    hint = f"Correct the row, or go on from here: {parts} --into ONE,OTHER"
    return Problem(place.file, place.line, place.column.name, "recode-undo", message, (), hint)


def _codebook(root: Path, done: Proposal, last: Migration, changed: Sequence[Changed]) -> None:
    """Add the codebook as it was."""
    opened = editing.open_file(root / CODEBOOK, name=CODEBOOK)
    hunks = _hunks(CODEBOOK, changed)
    data = _reverted(opened, hunks)
    if data is None:
        message = "is no longer as the change of codes left it"
        hint = f"Put the places by hand as {RECODINGS} has them, or go on from here."
        raise ParameterError([Problem(CODEBOOK, None, None, "recode-undo", message, (), hint)])
    done.files.append((opened, data))
    done.after = with_book(done.after, data)
    done.changes += _back(CODEBOOK, hunks)
    if last in done.after.book.migrations:
        message = f"{RECODINGS} does not lead back from {last.version}"
        raise ParameterError([problem("undo", message, "Take the file from where it was saved.")])


def _plan(root: Path, done: Proposal, changed: Sequence[Changed]) -> None:
    """Add the plan as it was, or name it where it is another by now."""
    hunks = _hunks(notebooks.PLAN, changed)
    if not hunks:
        return
    opened = editing.open_file(root / notebooks.PLAN, name=notebooks.PLAN, new=True)
    data = _reverted(opened, hunks)
    if data is None:
        done.named.append(notebooks.by_hand(notebooks.PLAN, hunks[0].where, hunks[0].where))
        return
    done.files.append((opened, data))
    done.changes += _back(notebooks.PLAN, hunks)


def _hunks(file: str, changed: Sequence[Changed]) -> list[Hunk]:
    """Return what the log says of a file as hunks."""
    return [Hunk(one.row, one.line, one.before, one.after) for one in changed if one.file == file]


def _reverted(opened: editing.Opened, hunks: Sequence[Hunk]) -> bytes | None:
    """Return a file without what was changed in it; None where that is no longer there."""
    bom = BOM if opened.data.startswith(BOM.encode()) else ""
    try:
        text = opened.data.decode("utf-8").removeprefix(bom)
        return (bom + reverted(text, hunks)).encode()
    except (UnclearError, UnicodeDecodeError):
        return None


def _back(file: str, hunks: Sequence[Hunk]) -> list[Changed]:
    """Return hunks the other way round."""
    return [Changed(file, one.where, one.line, "", one.after, one.before) for one in hunks]


def _notebooks(root: Path, done: Proposal, last: Migration, changed: Sequence[Changed]) -> None:
    """Add the notebooks with the defaults they had, or name those that are others by now."""
    known = done.after.book.values(last.vocabulary)
    for name in notebooks.names(root):
        opened = editing.open_file(root / name, name=name)
        found = []
        for one in changed:
            if one.file == name:
                back = notebooks.restored(opened, one.line, one.after, one.before, known)
                if back is None:
                    done.named.append(notebooks.by_hand(name, one.row, ", ".join(last.new)))
                else:
                    found.append(back)
                    done.changes.append(
                        Changed(name, one.row, back.line, "", one.after, one.before)
                    )
        if found:
            done.files.append((opened, notebooks.written(found)))
