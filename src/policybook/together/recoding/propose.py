"""One change of codes put together: every file as it will be, and whether that suite checks.

The surprising rule: the suite that would come of it passes the checks before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from policybook import cells, editing, material
from policybook.checks import check
from policybook.codebook import Codebook, said
from policybook.corpus import Corpus
from policybook.material import CODEBOOK, RECOMMENDATIONS, Material
from policybook.migrations import MERGE, RENAME, RETIRE, SPLIT
from policybook.problems import ParameterError, Problem, SuiteError, errors
from policybook.together.recoding import book, log, notebooks, rows, sheet
from policybook.together.recoding.call import Call, problem
from policybook.together.recoding.rows import LISTED, Changed, Place
from policybook.together.recoding.text import Edit, Hunk, UnclearError, edited, patched

BOM = "\ufeff"


@dataclass
class Proposal:
    """What would be written and what it changes; `after` is the suite that would come of it.

    `undecided` are cells, `undefined` codes that nobody has decided on; then nothing else is there.
    """

    told: str
    vocabulary: str
    before: Material
    after: Material
    files: list[tuple[editing.Opened, bytes | None]] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    named: list[Problem] = field(default_factory=list)
    undecided: list[Place] = field(default_factory=list)
    undefined: list[str] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether a person has to decide first."""
        return bool(self.undefined or self.undecided) and not self.files

    def write(self) -> None:
        """Write every file, or none.

        Raises `SuiteError` where one was changed since it was read.
        """
        editing.write_all(self.files, root=self.before.root)


def suite(root: Path) -> Material:
    """Return a suite that checks; `SuiteError` with its problems as `policybook check` prints them."""
    found = material.read(root)
    problems = check(found)
    if errors(problems):
        raise SuiteError(problems, rows=len(found.recommendations.cells))
    return found


def propose(root: Path, before: Material, asked: Call, decided: Path | None) -> Proposal:
    """Return what a change of codes comes to; where a person has to decide first, just that.

    `decided` is the folder with what was decided.
    """
    opened = {name: editing.open_file(root / name, name=name) for name in rows.tables(before)}
    held = rows.places(before, asked.vocabulary, asked.old)
    undecided = held if asked.kind in {SPLIT, RETIRE} else []
    undefined = asked.undefined(before.book)
    if decided is None and (undecided or undefined):
        return Proposal(
            asked.told, asked.vocabulary, before, before, undecided=undecided, undefined=undefined
        )
    found = sheet.Decided()
    if decided is not None:
        found = sheet.read(decided, before.book, asked, undecided)
    done = Proposal(asked.told, asked.vocabulary, before, before)
    done.changes = list(_cells(held, asked, found))
    hunks = _codebook(root, before, asked, done, found)
    text = done.files[0][1] or b""
    for name, table in opened.items():
        if data := _table(table, done.changes):
            done.files.append((table, data))
        done.after = staged(done.after, name, data) if data else done.after
    done.after = with_book(done.after, text)
    done.changes += _lines(CODEBOOK, hunks)
    _others(root, asked, done)
    done.named += [*_judged(done, decided, found), *book.mentions(done.after.book, asked)]
    if asked.kind == MERGE:
        done.named += book.widened(before.book, done.after.book, asked)
        changed = {(one.file, one.row) for one in done.changes}
        done.named += rows.twins(before, done.after, changed)
    kept = log.opened(root)
    done.files.append((kept, log.added(kept, asked.version, done.changes)))
    return done


def _cells(held: Sequence[Place], asked: Call, found: sheet.Decided) -> Iterator[Changed]:
    """Yield what becomes of each cell; of a merger also those that stay, so that both can be told."""
    for one in held:
        codes, coder, note = asked.new, "", ""
        if asked.kind in {SPLIT, RETIRE}:
            codes, coder, note = found.rows[one.file, one.row, one.column.name]
        codes = () if codes == (sheet.NOTHING,) else codes
        after = rows.recoded(one.cell, dict.fromkeys(asked.old, codes))
        yield Changed(one.file, one.row, one.line, one.column.name, one.cell, after, coder, note)


def _table(opened: editing.Opened, changes: Sequence[Changed]) -> bytes | None:
    """Return a table's bytes with its changed cells, None where none is another."""
    cells_of: dict[str, dict[str, str]] = {}
    for one in changes:
        if one.file == opened.name and one.before != one.after:
            cells_of.setdefault(one.row, {})[one.column] = one.after
    return editing.replaced(opened, cells_of) if cells_of else None


def _codebook(
    root: Path, before: Material, asked: Call, done: Proposal, found: sheet.Decided
) -> list[Hunk]:
    """Add the new codebook to what would be written; return what changes in it."""
    opened = editing.open_file(root / CODEBOOK, name=CODEBOOK)
    took = list(dict.fromkeys(code for codes, _, _ in found.rows.values() for code in codes))
    divided = asked.kind in {SPLIT, RETIRE} and asked.vocabulary == "instrument"
    articles = [
        place.article
        for place in rows.places(before, asked.vocabulary, asked.old)
        if divided and place.file == RECOMMENDATIONS
    ]
    edits = book.edits(
        before.book, asked, took=[code for code in took if code != sheet.NOTHING],
        articles=list(dict.fromkeys(articles)), defined=found.defined,
    )  # fmt: skip
    hunks = _edited(before.book, edits)
    text = patched(before.book.text, hunks)
    bom = BOM if opened.data.startswith(BOM.encode()) else ""
    done.files.append((opened, (bom + text).encode()))
    return hunks


def _edited(known: Codebook, edits: Sequence[Edit]) -> list[Hunk]:
    """Return what changes in a codebook; `ParameterError` where its layout is not understood."""
    try:
        return edited(known.text, edits)
    except UnclearError as error:
        hint = "Write each code under a header of its own, [vocabulary.code], one entry a line."
        message = "is laid out in a way that cannot be changed for sure"
        raise ParameterError(
            [known.problem("recode-layout", message, at=error.at, hint=hint)]
        ) from None


def _lines(file: str, hunks: Sequence[Hunk]) -> list[Changed]:
    """Return hunks as changes of a file."""
    return [Changed(file, one.where, one.line, "", one.before, one.after) for one in hunks]


def _others(root: Path, asked: Call, done: Proposal) -> None:
    """Add what follows among the plan and the notebooks, and name what does not."""
    new = asked.new[0] if asked.kind in {RENAME, MERGE} else ""
    become = {code: new for code in asked.old if code != new}
    if (root / notebooks.PLAN).is_file():
        plan = editing.open_file(root / notebooks.PLAN, name=notebooks.PLAN)
        hunks, left = notebooks.plan(plan, asked.vocabulary, become)
        done.named += left
        done.changes += _lines(notebooks.PLAN, hunks)
        if hunks:
            done.files.append((plan, patched(plan.data.decode(), hunks).encode()))
    changed: dict[str, list[notebooks.Default]] = {}
    for one in notebooks.defaults(root, asked.vocabulary, become):
        if isinstance(one, Problem):
            done.named.append(one)
        else:
            changed.setdefault(one.opened.name, []).append(one)
    for name, several in changed.items():
        done.files.append((several[0].opened, notebooks.written(several)))
        done.changes += [
            Changed(name, one.parameter, one.line, "", one.before, one.after) for one in several
        ]


def staged(before: Material, name: str, data: bytes) -> Material:
    """Return a suite with other bytes in one of its tables."""
    read = cells.parse(data, name=name)
    if name == LISTED:
        places: dict[str, int] = {}
        for row, article in enumerate(read.column("id")):
            places.setdefault(article.strip(), row)
        corpus = Corpus(before.corpus.folder, read, places)
        return Material(before.root, before.book, corpus, before.tables)
    tables = {**before.tables, name: material.table(name, read, before.book)}
    return Material(before.root, before.book, before.corpus, tables)


def with_book(before: Material, data: bytes) -> Material:
    """Return a suite with another codebook."""
    text = data.decode("utf-8-sig")
    new = Codebook(CODEBOOK, text, said(text))
    tables = {name: replace(table, book=new) for name, table in before.tables.items()}
    return Material(before.root, new, before.corpus, tables)


def _judged(done: Proposal, decided: Path | None, found: sheet.Decided) -> list[Problem]:
    """Return the warnings that the suite would have and has not now; raise its errors."""
    problems = check(done.after)
    if wrong := errors(problems):
        hint = problem("call", "would leave a suite that does not check; nothing is written")
        raise SuiteError([hint, *(_at_home(one, decided, found) for one in wrong)])
    known = {(one.code, one.file, one.column) for one in check(done.before)}
    return [one for one in problems if (one.code, one.file, one.column) not in known]


def _at_home(one: Problem, decided: Path | None, found: sheet.Decided) -> Problem:
    """Return a problem of a new code's definition where somebody wrote that."""
    if decided is None or one.file != CODEBOOK or not one.column:
        return one
    given = Codebook(f"{decided.name}/{sheet.CODES}", found.defined)
    own = given.problem(one.code, one.message, at=one.column)
    return replace(one, file=own.file, line=own.line) if own.line else one
