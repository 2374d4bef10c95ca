"""How far two codings of the same articles agree: on what is a recommendation, and on its codes.

Units are matched one to one by overlapping passages of the same article, those with the same
instrument first, so that agreement on the instrument is at its most favourable. A row that only one coder has disagrees about the unit and enters no other column.
The surprising rule: articles in which only one of the two has rows are left out and named,
unless they are asked for: that nobody wrote a row does not say that anybody looked.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from policybook.codebook import Codebook
from policybook.measures.coefficients import Coefficient, ac1, alpha, kappa
from policybook.measures.unitizing import Coding, Span, alpha_u
from policybook.migrations import divided as divided_codes
from policybook.suite import Suite
from policybook.table import split

COLUMNS = (
    "voice", "speaker", "author_attitude", "instrument", "stance", "strength", "condition_type",
    "means", "objective", "addressee", "target", "confidence",
)  # fmt: skip
"""Columns whose codes two coders can agree on; those a table lacks are left out."""


def matched(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the units of two codings: `first` and `second` are positions of rows, -1 for none.

    Greedy on (same instrument, shared code points over joint ones), ties by position,
    so that the result does not depend on which coding comes first or on luck.
    """
    candidates = sorted(_candidates(first, second), reverse=True)
    left, right, pairs = set(range(len(first))), set(range(len(second))), []
    for *_, minus_a, minus_b in candidates:
        if -minus_a in left and -minus_b in right:
            left.remove(-minus_a)
            right.remove(-minus_b)
            pairs.append((-minus_a, -minus_b))
    units = [*pairs, *((a, -1) for a in left), *((-1, b) for b in right)]
    return pd.DataFrame(sorted(units), columns=["first", "second"])


def _candidates(
    first: pd.DataFrame, second: pd.DataFrame
) -> Iterable[tuple[bool, float, int, int]]:
    """Yield pairs of rows of one article whose passages overlap, with how well they fit."""
    by_article: dict[str, list[int]] = {}
    for place, article in enumerate(second["article"].astype(str)):
        by_article.setdefault(article, []).append(place)
    spans = [
        list(zip(t["start"], t["end"], t["instrument"].astype(str), strict=True))
        for t in (first, second)
    ]
    for a, article in enumerate(first["article"].astype(str)):
        start, end, instrument = spans[0][a]
        for b in by_article.get(article, []):
            other_start, other_end, other_instrument = spans[1][b]
            shared = min(end, other_end) - max(start, other_start)
            if shared > 0:
                joint = max(end, other_end) - min(start, other_start)
                yield instrument == other_instrument, shared / joint, -a, -b


UNCODED = "text that nobody coded would inflate it"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two codings of the same articles compared: `table` by column, `seen` by what was seen.

    `articles` were compared, `left_out` has rows of one coder only; `rows` are those of each.
    `notes` say how codes were compared that were split or retired since one of them coded.
    """

    table: pd.DataFrame
    seen: dict[str, Coefficient]
    articles: list[str]
    left_out: list[str]
    rows: tuple[pd.DataFrame, pd.DataFrame]
    notes: tuple[str, ...] = ()


def compare(suite: Suite, first: str, second: str, *, articles: Sequence[str] = ()) -> Comparison:
    """Compare two tables of a suite, by their paths within it; KeyError for any other.

    `articles` are compared whoever has rows in them; by default those where both have some.
    """
    tables = suite.coding(first), suite.coding(second)
    having = [set(table["article"].astype(str)) for table in tables]
    known = [str(name) for name in suite.articles["id"]]
    wanted = set(articles) or having[0] & having[1]
    chosen = [name for name in known if name in wanted]
    rows = [t[t["article"].astype(str).isin(wanted)].reset_index(drop=True) for t in tables]
    lengths = {name: len(suite.text(name)) for name in chosen}
    alone = [n for n in known if n not in wanted and n in having[0] | having[1]]
    one, other, retired, notes = alike(suite.book, (rows[0], rows[1]))
    table = agreement(one, other, orders=orders(suite, first), retired=retired)
    both = seen(one, other, lengths)
    return Comparison(table, both, chosen, alone, (one, other), tuple(notes))


def alike(
    book: Codebook, rows: tuple[pd.DataFrame, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, frozenset[str]], list[str]]:
    """Return two codings in the codes that both coders had, and the codes that only one had.

    Where a coder used a code that was split since, its parts are read as that code on both sides:
    nobody differs by a distinction that he was not offered. A code that was retired has no such
    reading; it is returned by column.
    """
    one, other = rows
    retired, notes = dict[str, frozenset[str]](), list[str]()
    columns = book.columns.get("recommendations", {}) if book.migrations else {}
    for name in (n for n in COLUMNS if n in columns and n in one and n in other):
        held = {
            code for table in (one, other) for cell in set(table[name]) for code in split(str(cell))
        }
        divided = divided_codes(book.migrations, columns[name].values)
        for code, parts in divided.items():
            if code in held and parts:
                one, other = (_read_as(table, name, parts, code) for table in (one, other))
                if both := sorted(parts & held):
                    notes.append(f"{name}: {', '.join(both)} compared as {code}, which was split.")
        retired[name] = frozenset(c for c, parts in divided.items() if c in held and not parts)
    notes += [
        f"{n}: left out where only one coder has {', '.join(sorted(c))}, since retired."
        for n, c in retired.items()
        if c
    ]
    return one, other, retired, notes


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
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    columns: Sequence[str] = COLUMNS,
    orders: Mapping[str, Sequence[str]] | None = None,
    retired: Mapping[str, frozenset[str]] | None = None,
) -> pd.DataFrame:
    """Return one line for the unit and each column: units, agreed, share, scale, alpha, ac1, kappa.

    Coefficients are `Coefficient`s, with a reason where they are not defined. `orders` holds the
    values of ordinal columns in order; only alpha takes nearness into account.
    A pair in which only one coder has a code that was `retired` since says nothing and is left out.
    For the unit itself none is given: text that nobody coded would inflate it; see `seen`.
    """
    units = matched(first, second)
    both = units[(units["first"] >= 0) & (units["second"] >= 0)]
    none = Coefficient(reason=UNCODED)
    lines = [("unit", len(units), len(both), "nominal", none, none, none)]
    for name in columns:
        if name in first and name in second:
            codes = _codes(first, name, both["first"]), _codes(second, name, both["second"])
            gone = (retired or {}).get(name, frozenset())
            pairs = [p for p in zip(*codes, strict=True) if not gone or not _one_sided(p, gone)]
            scale, order = _scale(pairs, (orders or {}).get(name, ()))
            agreed = sum(a == b for a, b in pairs)
            found = alpha(pairs, scale=scale, order=order), ac1(pairs), kappa(pairs)
            lines.append((name, len(pairs), agreed, scale, *found))
    names = ["column", "units", "agreed", "scale", "alpha", "ac1", "kappa"]
    table = pd.DataFrame(lines, columns=names)
    share = [a / n if n else math.nan for a, n in zip(table["agreed"], table["units"], strict=True)]
    table.insert(3, "share", share)
    return table


def _one_sided(pair: tuple[str, str], gone: frozenset[str]) -> bool:
    """Tell whether only one of two cells holds one of some codes."""
    first, second = (gone & set(split(cell)) for cell in pair)
    return first != second


def _scale(pairs: Sequence[tuple[str, str]], order: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return ordinal and the order, or nominal where there is none or a value is not in it."""
    fits = bool(order) and {value for pair in pairs for value in pair} <= set(order)
    return ("ordinal", order) if fits else ("nominal", ())


def seen(
    first: pd.DataFrame, second: pd.DataFrame, lengths: Mapping[str, int]
) -> dict[str, Coefficient]:
    """Return alpha-u over the characters of the articles, laid end to end in order.

    `any passage` asks whether both saw the same passages; `by instrument`, whether for the same
    instruments. `lengths` are those of the articles' texts.
    """
    begins, length = {}, 0
    for article, size in lengths.items():
        begins[article] = length
        length += size
    found = {}
    for name, column in (("any passage", ""), ("by instrument", "instrument")):
        codings = [_spans(table, begins, column) for table in (first, second)]
        found[name] = alpha_u(codings, length)
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
        "| column | units | agreed | per cent | alpha | AC1 [95 %] | kappa |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for line in comparison.table.to_dict("records"):
        percent = "not defined" if math.isnan(line["share"]) else f"{100 * line['share']:.0f}"
        ordinal = " (ordinal)" if line["scale"] == "ordinal" else ""
        shown = [str(line[name]) for name in ("alpha", "ac1", "kappa")]
        shown = ["not defined"] * 3 if line["column"] == "unit" else shown
        cells = [line["column"], line["units"], line["agreed"], percent, shown[0] + ordinal]
        lines.append(f"| {' | '.join(map(str, [*cells, *shown[1:]]))} |")
    return "\n".join([*lines, "", *_told(comparison)])


def _told(comparison: Comparison) -> list[str]:
    """Return the lines under the table: who and what was compared, and what both saw."""
    rows = " and ".join(f"{len(rows):,}" for rows in comparison.rows)
    lines = [f"Two coders, {rows} rows, articles: {', '.join(comparison.articles) or 'none'}."]
    for name, found in comparison.seen.items():
        lines.append(f"Seen by both, {name} (alpha-u over characters): {found}.")
    lines += comparison.notes
    if comparison.left_out:
        names = ", ".join(comparison.left_out)
        lines.append(f"Left out, with rows of one coder only: {names}.")
    return lines


def _codes(table: pd.DataFrame, name: str, places: pd.Series) -> list[str]:
    """Return a column's codes at some places; the order within a list does not count."""
    cells = table[name].astype(str).to_numpy()[places.to_numpy()]
    return ["; ".join(sorted(cell.split("; "))) for cell in cells]
