"""What a change of codes does, as text: every row and line, old codings, cells, what is left by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from policybook.content import Content
from policybook.findings.coverage import states
from policybook.material import Material
from policybook.problems import count, printable
from policybook.suite import Suite
from policybook.together.recoding.call import CODED, Call
from policybook.together.recoding.entries import lines_of
from policybook.together.recoding.propose import Proposal
from policybook.together.recoding.rows import Changed, Place, tokens
from policybook.together.recoding.sheet import CODES, ROWS

NOT_CODED = "not coded"
_SHOWN = 90
"""Characters of a quotation or of a line that are shown."""


def told(done: Proposal) -> str:
    """Return what would be written, place by place, and what it means."""
    versions = f"codebook {done.before.book.version} → {done.after.book.version}"
    parts = [f"{done.told}: {versions}."]
    changes = [one for one in done.changes if one.before != one.after]
    for file, several in groupby(changes, key=lambda one: one.file):
        parts.append("\n".join(_file(file, list(several))))
    parts += [_part("Old codings, which nobody edits", _old(done))]
    parts += [_part("States of the new codes", _states(done))]
    parts += [_part("By hand, afterwards", [str(one) for one in done.named])]
    return "\n\n".join(part for part in parts if part)


def _part(head: str, lines: Sequence[str]) -> str:
    """Return lines under a head, nothing where there are none."""
    return (
        "\n".join([f"{head}:", *(f"  {one}" for text in lines for one in text.split("\n"))])
        if lines
        else ""
    )


def _file(file: str, changes: Sequence[Changed]) -> Iterator[str]:
    """Yield the changes of one file under their number."""
    rows = all(one.column for one in changes)
    number = len({one.row for one in changes}) if rows else len(changes)
    yield f"{file}: {count(number, 'row' if rows else 'place')}"
    for one in changes:
        if rows:
            yield f"  {printable(one.row)}  {one.column}: {printable(one.before)} → {printable(one.after)}"
        else:
            yield from _lines(one)


def _lines(one: Changed) -> Iterator[str]:
    """Yield the lines that differ of a text that became another."""
    before, after = lines_of(one.before), lines_of(one.after)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [step for step in steps if step[0] != "equal"]
    yield f"  line {one.line + changed[0][1]}, {printable(one.row)}"
    for _, first, last, other_first, other_last in changed:
        marked = [("-", line) for line in before[first:last]]
        marked += [("+", line) for line in after[other_first:other_last]]
        yield from (f"    {mark} {_short(line.strip())}" for mark, line in marked if line.strip())


def _short(text: str) -> str:
    """Return the beginning of a long text."""
    return printable(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def undecided(done: Proposal, asked: Call) -> str:
    """Return what a person has to decide first, and how."""
    lines = [f"{done.told}: nothing is written before this is decided."]
    if done.undefined:
        lines.append(f"{CODES}: what {', '.join(done.undefined)} mean")
    if done.undecided:
        lines.append(f"{ROWS}: {count(len(done.undecided), 'cell')} with {asked.old[0]}")
    lines += [_place(one) for one in done.undecided]
    lines.append("Write it with --out DIR, fill it in, and call again with --read DIR.")
    return "\n\n".join([lines[0], "\n".join(lines[1:-1]), lines[-1]])


def _place(one: Place) -> str:
    """Return one cell that is to be decided, with the words it is about."""
    words = f"  “{_short(' '.join(one.quote.split()))}”" if one.quote else ""
    return f"  {one.file}  {printable(one.row)}  {one.column.name}{words}"


def _old(done: Proposal) -> list[str]:
    """Return how many cells of the coders' tables hold a code that is taken away, and how it is read."""
    new = [one for one in done.after.book.migrations if one not in done.before.book.migrations]
    found = []
    for one in new:
        now = done.after.book.successors.get(one.vocabulary, {})
        for name, table in done.after.tables.items():
            for code in one.old if table.old else ():
                cells = _holding(done.after, name, one.vocabulary, code)
                if cells and code not in one.new:
                    how = f"is read as {now[code]}" if code in now else "stays what its coder meant"
                    found.append(f"{name}: {code} in {count(cells, 'cell')} {how}")
    return found


def _holding(material: Material, name: str, vocabulary: str, code: str) -> int:
    """Return how many cells of a table hold a code."""
    table = material.tables[name]
    columns = [c.name for c in table.columns.values() if c.values == vocabulary and c.kind in CODED]
    return sum(code in tokens(cell) for column in columns for cell in table.cells.column(column))


def _states(done: Proposal) -> list[str]:
    """Return how the cells of article and code read that are new or otherwise than before."""
    if done.vocabulary != "instrument":
        return []
    before, after = (_read(one) for one in (done.before, done.after))
    changed: dict[str, list[tuple[str, str]]] = {}
    for (article, code), state in after.items():
        if before.get((article, code)) != state:
            changed.setdefault(code, []).append((article, state))
    found = [f"{code}: {_tally(cells)}" for code, cells in changed.items()]
    if any(state == NOT_CODED for cells in changed.values() for _, state in cells):
        found.append("Read these articles again, then raise their `codebook_version`.")
    return found


def _read(material: Material) -> dict[tuple[str, str], str]:
    """Return the state of every article on every instrument."""
    cells = states(Suite(Content(material)).select())
    columns = (cells[name].astype(str) for name in ("article", "instrument", "state"))
    return {(article, code): state for article, code, state in zip(*columns, strict=True)}


def _tally(cells: Sequence[tuple[str, str]]) -> str:
    """Return how many cells read what; of those that nobody looked at, which articles."""
    parts = []
    for state in dict.fromkeys(state for _, state in cells):
        articles = [article for article, one in cells if one == state]
        named = f" ({', '.join(map(printable, articles))})" if state == NOT_CODED else ""
        parts.append(f"{len(articles):,} {state}{named}")
    return ", ".join(parts)
