"""How far codings of the same articles agree: on what is a recommendation, and on its codes.

Rows are matched one to one by overlapping passages of the same article, those with the same
instrument first, so that agreement on the instrument is at its most favourable. A row that only
one coder has disagrees about the unit and enters no other column.
The surprising rule: articles in which not all coders have rows are left out and named,
unless they are asked for: that nobody wrote a row does not say that anybody looked.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from policybook.codebook import Codebook
from policybook.measures.coefficients import Coefficient, ac1, alpha, kappa
from policybook.measures.unitizing import Coding, Span, alpha_u
from policybook.migrations import divided as divided_codes
from policybook.suite import Suite
from policybook.tables import split

COLUMNS = (
    "voice", "speaker", "author_attitude", "instrument", "stance", "strength", "condition_type",
    "means", "objective", "addressee", "target", "confidence",
)  # fmt: skip
"""Columns whose codes coders can agree on; those a table lacks are left out."""

PAIR = 2

Unit = tuple[int, ...]
"""One passage as each coder coded it: positions of rows, -1 for none."""


def matched(*codings: pd.DataFrame) -> list[Unit]:
    """Return the units of several codings, in the order of their rows.

    Greedy on (same instrument, shared code points over joint ones), ties by position:
    two units become one where they overlap and no coder has a row in both.
    """
    known = {(c, row): {c: row} for c, table in enumerate(codings) for row in range(len(table))}
    for *_, one, other in sorted(_candidates(codings), reverse=True):
        first, second = known[one], known[other]
        if not first.keys() & second.keys():
            first |= second
            known |= dict.fromkeys(second.items(), first)
    units = {id(unit): unit for unit in known.values()}.values()
    return sorted(tuple(unit.get(c, -1) for c in range(len(codings))) for unit in units)


_Place = tuple[int, int]
"""A row: its coder and its position."""


def _candidates(
    codings: Sequence[pd.DataFrame],
) -> Iterator[tuple[bool, float, int, int, _Place, _Place]]:
    """Yield pairs of rows of two coders whose passages overlap, with how well they fit."""
    by_article = [_by_article(table) for table in codings]
    for one, other in combinations(range(len(codings)), PAIR):
        for article, rows in by_article[one].items():
            for a, start, end, instrument in rows:
                for b, first, last, also in by_article[other].get(article, []):
                    shared = min(end, last) - max(start, first)
                    if shared > 0:
                        part = shared / (max(end, last) - min(start, first))
                        yield instrument == also, part, -a, -b, (one, a), (other, b)


def _by_article(rows: pd.DataFrame) -> dict[str, list[tuple[int, int, int, str]]]:
    """Return position, passage and instrument of each row by its article."""
    found: dict[str, list[tuple[int, int, int, str]]] = {}
    columns = (rows["start"], rows["end"], rows["instrument"].astype(str))
    places = zip(range(len(rows)), *columns, strict=True)
    for article, place in zip(rows["article"].astype(str), places, strict=True):
        found.setdefault(article, []).append(place)
    return found


UNCODED = "text that nobody coded would inflate it"
OF_TWO = "it is of two coders"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Codings of the same articles compared: `table` by column, `seen` by what was seen.

    `names` are the codings and `rows` their rows; `articles` were compared, `left_out` has rows
    of some coders only. `notes` say how codes were compared that were split or retired since one
    of them coded.
    """

    names: tuple[str, ...]
    table: pd.DataFrame
    seen: dict[str, Coefficient]
    articles: list[str]
    left_out: list[str]
    rows: tuple[pd.DataFrame, ...]
    notes: tuple[str, ...] = ()


def compare(suite: Suite, *names: str, articles: Sequence[str] = ()) -> Comparison:
    """Compare tables of a suite, by their paths within it; KeyError for any other.

    `articles` are compared whoever has rows in them; by default those where all have some.
    """
    tables = [suite.coding(name) for name in names]
    having = [set(table["article"].astype(str)) for table in tables]
    known = [str(name) for name in suite.articles["id"]]
    wanted = set(articles) or set.intersection(*having)
    chosen = [name for name in known if name in wanted]
    rows = tuple(t[t["article"].astype(str).isin(wanted)].reset_index(drop=True) for t in tables)
    lengths = {name: len(suite.text(name)) for name in chosen}
    alone = [n for n in known if n not in wanted and n in set.union(*having)]
    read, retired, notes = alike(suite.book, rows)
    table = agreement(read, orders=orders(suite, names[0]), retired=retired)
    return Comparison(names, table, seen(read, lengths), chosen, alone, read, tuple(notes))


def alike(
    book: Codebook, rows: Sequence[pd.DataFrame]
) -> tuple[tuple[pd.DataFrame, ...], dict[str, frozenset[str]], list[str]]:
    """Return codings in the codes that all coders had, and the codes that only some had.

    Where a coder used a code that was split since, its parts are read as that code on all sides:
    nobody differs by a distinction that he was not offered. A code that was retired has no such
    reading; it is returned by column.
    """
    read, retired, notes = tuple(rows), dict[str, frozenset[str]](), list[str]()
    columns = book.columns.get("recommendations", {}) if book.migrations else {}
    for name in (n for n in COLUMNS if n in columns and all(n in table for table in read)):
        held = {code for table in read for cell in set(table[name]) for code in split(str(cell))}
        divided = divided_codes(book.migrations, columns[name].values)
        for code, parts in divided.items():
            if code in held and parts:
                read = tuple(_read_as(table, name, parts, code) for table in read)
                if both := sorted(parts & held):
                    notes.append(f"{name}: {', '.join(both)} compared as {code}, which was split.")
        retired[name] = frozenset(c for c, parts in divided.items() if c in held and not parts)
    notes += [
        f"{n}: left out where not every coder has {', '.join(sorted(c))}, since retired."
        for n, c in retired.items()
        if c
    ]
    return read, retired, notes


def _read_as(table: pd.DataFrame, column: str, parts: Collection[str], code: str) -> pd.DataFrame:
    """Return a table with a code in the place of its parts."""
    cells = table[column].astype(str)
    read = {
        cell: "; ".join(dict.fromkeys(code if one in parts else one for one in split(cell)))
        for cell in set(cells)
    }
    return table.assign(**{column: cells.map(read)})


def orders(suite: Suite, table: str) -> dict[str, list[str]]:
    """Return the values, in order, of the columns that the codebook calls ordinal."""
    kind = "diagnoses" if table.endswith("diagnoses.csv") else "recommendations"
    columns = suite.book.columns.get(kind, {}).items()
    return {n: list(suite.book.values(c.values)) for n, c in columns if c.scale == "ordinal"}


def agreement(
    codings: Sequence[pd.DataFrame],
    *,
    columns: Sequence[str] = COLUMNS,
    orders: Mapping[str, Sequence[str]] | None = None,
    retired: Mapping[str, frozenset[str]] | None = None,
) -> pd.DataFrame:
    """Return a line for the unit and each column: units, coders, agreed, share, scale, coefficients.

    `agreed` are units that all who have them coded alike, `share` the pairs of codes that are.
    Coefficients are `Coefficient`s, with a reason where they are not defined. `orders` holds the
    values of ordinal columns in order; only alpha takes nearness into account.
    A unit in which not all have a code that was `retired` since says nothing and is left out.
    For the unit itself none is given: text that nobody coded would inflate it; see `seen`.
    """
    units = matched(*codings)
    lines = [_unit_line(units, len(codings))]
    for name in columns:
        if all(name in table for table in codings):
            gone = (retired or {}).get(name, frozenset())
            all_coded = _coded(units, [_codes(table[name]) for table in codings])
            coded = [unit for unit in all_coded if not gone or not _one_sided(unit, gone)]
            lines.append(_line(name, coded, len(codings), (orders or {}).get(name, ())))
    names = ["column", "units", "coders", "agreed", "share", "scale", "alpha", "ac1", "kappa"]
    return pd.DataFrame(lines, columns=names)


_Codes = tuple[str | None, ...]
"""The code of each coder for one unit, None where a coder does not have it."""


def _coded(units: Iterable[Unit], codes: Sequence[Sequence[str]]) -> Iterator[_Codes]:
    """Yield the codes of the units that two coders have at least."""
    for unit in units:
        if sum(row >= 0 for row in unit) >= PAIR:
            yield tuple(c[row] if row >= 0 else None for c, row in zip(codes, unit, strict=True))


def _one_sided(unit: _Codes, gone: frozenset[str]) -> bool:
    """Tell whether not all of the cells of a unit hold the same of some codes."""
    return len({frozenset(gone & set(split(cell))) for cell in unit if cell is not None}) > 1


def _unit_line(units: Sequence[Unit], coders: int) -> tuple[object, ...]:
    """Return the line for the unit: which were seen by all, and by how many pairs of those who could."""
    seen_by = [sum(row >= 0 for row in unit) for unit in units]
    both = sum(math.comb(n, PAIR) for n in seen_by)
    either = sum(math.comb(coders, PAIR) - math.comb(coders - n, PAIR) for n in seen_by)
    share = both / either if either else math.nan
    none = Coefficient(reason=UNCODED)
    return "unit", len(units), coders, seen_by.count(coders), share, "nominal", none, none, none


def _line(
    name: str, coded: Sequence[_Codes], coders: int, order: Sequence[str]
) -> tuple[object, ...]:
    """Return the line of one column."""
    scale, order = _scale(coded, order)
    given = [[code for code in unit if code is not None] for unit in coded]
    pairs = [pair for unit in given for pair in combinations(unit, PAIR)]
    share = sum(a == b for a, b in pairs) / len(pairs) if pairs else math.nan
    agreed = sum(len(set(unit)) == 1 for unit in given)
    of_two = kappa(given) if coders == PAIR else Coefficient(reason=OF_TWO)
    found = alpha(coded, scale=scale, order=order), ac1(coded), of_two
    return name, len(coded), coders, agreed, share, scale, *found


def _scale(coded: Sequence[_Codes], order: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return ordinal and the order, or nominal where there is none or a value is not in it."""
    fits = bool(order) and {code for unit in coded for code in unit} <= {*order, None}
    return ("ordinal", order) if fits else ("nominal", ())


def seen(codings: Sequence[pd.DataFrame], lengths: Mapping[str, int]) -> dict[str, Coefficient]:
    """Return alpha-u over the characters of the articles, laid end to end in order.

    `any passage` asks whether all saw the same passages; `by instrument`, whether for the same
    instruments. `lengths` are those of the articles' texts.
    """
    begins, length = {}, 0
    for article, size in lengths.items():
        begins[article] = length
        length += size
    found = {}
    for name, column in (("any passage", ""), ("by instrument", "instrument")):
        passages = [_spans(table, begins, column) for table in codings]
        found[name] = alpha_u(passages, length)
    return found


def _spans(rows: pd.DataFrame, begins: Mapping[str, int], column: str) -> Coding:
    """Return the passages of a coding by the codes of a column, or all as one category."""
    found: dict[str, list[Span]] = {}
    codes = rows[column].astype(str) if column else [""] * len(rows)
    places = zip(rows["article"].astype(str), codes, rows["start"], rows["end"], strict=True)
    for article, code, start, end in places:
        if article in begins and start >= 0:
            begin = begins[article]
            found.setdefault(code, []).append((begin + int(start), begin + int(end)))
    return found


def as_markdown(comparison: Comparison) -> str:
    """Return a comparison as people read it: shares in per cent, coefficients to three places."""
    lines = [
        "| column | units | coders | agreed | per cent | alpha [95 %] | AC1 [95 %] | kappa |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for line in comparison.table.to_dict("records"):
        ordinal = " (ordinal)" if line["scale"] == "ordinal" else ""
        shown = [str(line[name]) for name in ("alpha", "ac1", "kappa")]
        shown = ["not defined"] * 3 if line["column"] == "unit" else shown
        cells = [line[name] for name in ("column", "units", "coders", "agreed")]
        cells += [percent(line["share"]), shown[0] + ordinal, *shown[1:]]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join([*lines, "", *told(comparison)])


def percent(share: float) -> str:
    """Return a share in per cent, or that there is none; what is not all never reads 100.

    >>> percent(0.925), percent(0.999), percent(math.nan)
    ('92', '99', 'not defined')
    """
    if math.isnan(share):
        return "not defined"
    return "100" if share == 1 else f"{min(99, 100 * share):.0f}"


def told(comparison: Comparison) -> list[str]:
    """Return the lines under the table: who and what was compared, and what all saw."""
    numbers = [f"{len(rows):,}" for rows in comparison.rows]
    rows = f"{', '.join(numbers[:-1])} and {numbers[-1]} rows"
    coders = {PAIR: "Two"}.get(len(numbers), len(numbers))
    lines = [f"{coders} coders, {rows}, articles: {', '.join(comparison.articles) or 'none'}."]
    who = "both" if len(numbers) == PAIR else "all"
    for name, found in comparison.seen.items():
        lines.append(f"Seen by {who}, {name} (alpha-u over characters): {found}.")
    lines += comparison.notes
    lines.append(f"No coefficient is given for the unit: {UNCODED}.")
    if comparison.left_out:
        names = ", ".join(comparison.left_out)
        whose = "one coder" if len(numbers) == PAIR else "some coders"
        lines.append(f"Left out, with rows of {whose} only: {names}.")
    return lines


def _codes(cells: pd.Series) -> list[str]:
    """Return a column's codes; the order within a list does not count."""
    return ["; ".join(sorted(cell.split("; "))) for cell in cells.astype(str)]
