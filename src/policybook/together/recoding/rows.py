"""Where a suite's tables hold a code, and their cells with another one in its place.

The surprising rule: only the code is another. Spaces and order within a cell stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policybook.codebook import Column
from policybook.corpus import ARTICLES
from policybook.material import DIAGNOSES, KEPT, RECOMMENDATIONS, SEEDS, Material
from policybook.problems import Problem
from policybook.tables import Table
from policybook.together.recoding.call import CODED

_UNIT = ("article", "quote", "prefix", "voice", "speaker", "instrument", "stance", "strength", "addressee",
         "target", "condition")  # fmt: skip
"""Cells that two rows on the same words cannot all have in common; see [unit] of the codebook."""

LISTED = f"{SEEDS}/{ARTICLES}"
"""The list of articles, by its path within the suite."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell that holds one of the codes: where it stands, what it says, and on which words."""

    file: str
    row: str
    line: int
    column: Column
    cell: str
    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What becomes of a cell, or of lines of another file, and who decided it, and why.

    `row` and `column` are those of a table; of another file they say where in it.
    """

    file: str
    row: str
    line: int
    column: str
    before: str
    after: str
    coder: str = ""
    note: str = ""


def tables(material: Material) -> dict[str, Table]:
    """Return the tables that follow when codes change, by their paths; the list of articles last."""
    found = {name: material.tables[name] for name in KEPT if name in material.tables}
    return found | {LISTED: Table("articles", material.corpus.cells, material.book)}


def places(material: Material, vocabulary: str, codes: Sequence[str]) -> list[Place]:
    """Return every cell of these tables that holds one of the codes, in their order."""
    return [
        place
        for name, table in tables(material).items()
        for place in _places(name, table, vocabulary, frozenset(codes))
    ]


def _places(name: str, table: Table, vocabulary: str, codes: frozenset[str]) -> Iterator[Place]:
    """Yield the cells of one table that hold one of the codes, row by row."""
    cells, met = table.cells, list[tuple[int, int, Column]]()
    for nth, column in enumerate(table.columns.values()):
        if column.kind in CODED and column.values == vocabulary and column.name in cells.columns:
            held = cells.column(column.name)
            wanted = {cell for cell in set(held) if codes & set(tokens(cell))}
            met += [(row, nth, column) for row, cell in enumerate(held) if cell in wanted]
    ids, articles, quotes = (cells.column(one) for one in ("id", "article", "quote"))
    for row, _, column in sorted(met, key=lambda one: one[:2]):
        article = articles[row].strip() or ids[row].strip()
        cell = cells.column(column.name)[row]
        yield Place(name, ids[row].strip(), cells.lines[row], column, cell, article, quotes[row])


def tokens(cell: str) -> list[str]:
    """Return the codes of a cell: of one, of a list, of guesses.

    >>> tokens("egypt;uae"), tokens("jason-pack (inferred, 0.85)")
    (['egypt', 'uae'], ['jason-pack'])
    """
    return [token for part in cell.split(";") if (token := _token(part))]


def _token(part: str) -> str:
    """Return the code of a part of a cell."""
    return part.partition("(")[0].strip()


def recoded(cell: str, become: Mapping[str, Sequence[str]]) -> str:
    """Return a cell in which codes become one, several or none; a code is not named twice.

    >>> recoded("egypt;  uae; qatar", {"egypt": ["gulf"], "uae": ["gulf"]})
    'gulf; qatar'
    >>> recoded("a; b", {"a": ["c", "d"]}), recoded("a; b", {"a": []})
    ('c; d; b', 'b')
    """
    new = {code for codes in become.values() for code in codes}
    made: list[str] = []
    seen: set[str] = set()
    for nth, part in enumerate(cell.split(";")):
        token = _token(part)
        after = [
            c for c in dict.fromkeys(become.get(token, [token])) if c not in seen or c not in new
        ]
        if token and not after:
            continue
        seen.update(after)
        kept = part if after == [token] else part.replace(token, "; ".join(after), 1)
        made.append(kept if made or not nth else kept.lstrip())
    return ";".join(made)


def twins(
    before: Material, after: Material, changed: Collection[tuple[str, str]]
) -> Iterator[Problem]:
    """Yield, as warnings, rows that say of the same words what another row says, and did not before."""
    for name in (RECOMMENDATIONS, DIAGNOSES):
        if name not in after.tables:
            continue
        table, met = after.tables[name], dict[tuple[str, ...], str]()
        old = _units(before.tables[name])
        for row, (own, unit) in enumerate(_units(table).items()):
            first = met.setdefault(unit, own)
            moved = (name, own) in changed or (name, first) in changed
            if first != own and moved and old[own] != old[first]:
                message, hint = (
                    f"says of the same words what {first} says",
                    "Keep one of the two rows.",
                )
                yield table.cells.problem(
                    "recode-twin", message, row=row, column="id", hint=hint, warning=True
                )


def _units(table: Table) -> dict[str, tuple[str, ...]]:
    """Return what makes each row of a table one, by its id."""
    columns = (table.codes(name) for name in _UNIT if name in table.columns)
    return dict(zip(table.codes("id"), zip(*columns, strict=True), strict=True))
