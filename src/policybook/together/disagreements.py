"""Where two coders disagree, side by side in the words of the text, what turns findings first.

The surprising rule: a disagreement turns a finding where only one of the codings tells the
sentence, and it rests on a row of the disagreement there. Several may turn one together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policybook import findings
from policybook.measures.reliability import COLUMNS, Comparison, matched
from policybook.problems import count, printable
from policybook.suite import Row, Suite


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One unit: the row of each coder, None where there is none, and the columns that differ.

    `turned` holds the findings of either coding that the other does not tell.
    """

    rows: tuple[Row | None, Row | None]
    columns: tuple[str, ...]
    turned: tuple[str, ...]


def disagreements(suite: Suite, names: tuple[str, str], found: Comparison) -> list[Disagreement]:
    """Return the units that two coders coded differently, most findings turned first, then by place."""
    first, second = (table.to_dict("records") for table in found.rows)
    units = matched(*found.rows).itertuples(index=False, name=None)
    turned = _turned(suite, names, found.articles)
    listed = []
    for a, b in units:
        rows = (first[a] if a >= 0 else None, second[b] if b >= 0 else None)
        columns = _differing(*rows)
        if columns or None in rows:
            ids = (str(row["id"]) if row else "" for row in rows)
            texts = [
                text for side, one in zip(turned, ids, strict=True) for text in side.get(one, ())
            ]
            listed.append(Disagreement(rows, columns, tuple(dict.fromkeys(texts))))
    return sorted(listed, key=lambda one: (-len(one.turned), *_place(one)))


def _place(one: Disagreement) -> tuple[int, int]:
    """Return where a disagreement stands: its article in time, its place in the article."""
    row = one.rows[0] or one.rows[1] or {}
    return int(row["order"]), int(row["start"])


def _differing(first: Row | None, second: Row | None) -> tuple[str, ...]:
    """Return the columns of two rows that hold other codes; the order within a list is none."""
    if first is None or second is None:
        return ()
    both = [name for name in COLUMNS if name in first and name in second]
    return tuple(n for n in both if _codes(first[n]) != _codes(second[n]))


def _codes(cell: object) -> list[str]:
    """Return the codes of a cell in a fixed order."""
    return sorted(str(cell).split("; "))


def _turned(
    suite: Suite, names: tuple[str, str], articles: list[str]
) -> list[Mapping[str, list[str]]]:
    """Return, for each coding, the sentences only it tells by the rows they rest on."""
    if any(suite.material.tables[name].kind != "recommendations" for name in names):
        return [{}, {}]
    if any(map(suite.undecided, names)):
        return [{}, {}]
    told = [_findings(suite.with_rows(name), articles) if articles else [] for name in names]
    texts = [{one.text for one in side} for side in told]
    sides: list[Mapping[str, list[str]]] = []
    for place, side in enumerate(told):
        by_row: dict[str, list[str]] = {}
        for one in side:
            for row in one.rows if one.text not in texts[1 - place] else ():
                by_row.setdefault(row, []).append(one.text)
        sides.append(by_row)
    return sides


def _findings(suite: Suite, articles: list[str]) -> list[findings.Finding]:
    """Return the first findings of a coding, and those on each of its instruments."""
    said = findings.headlines(suite.select(articles=articles))
    for theme in dict.fromkeys(suite.rows["instrument"].astype(str)):
        said += findings.one_theme(suite.select(theme=theme, articles=articles))
    return said


def told(suite: Suite, names: tuple[str, str], found: list[Disagreement]) -> str:
    """Return disagreements as text, both readings under the passage."""
    if not found:
        return "The two agree on everything."
    turning = sum(bool(one.turned) for one in found)
    head = f"{count(len(found), 'disagreement')}; {turning:,} turn a finding and stand first."
    if codes := sorted({code for name in names for code in suite.undecided(name)}):
        head = (
            f"{count(len(found), 'disagreement')}, by place; what they turn cannot be told: "
            f"split or retired since {', '.join(codes)}."
        )
    parts = [head]
    parts += [_one(suite, names, place, one) for place, one in enumerate(found, start=1)]
    return "\n\n".join(parts)


def _one(suite: Suite, names: tuple[str, str], place: int, one: Disagreement) -> str:
    """Return one disagreement: where it stands, both passages, both codes, what it turns."""
    row = one.rows[0] or one.rows[1] or {}
    turns = f", turns {count(len(one.turned), 'finding')}" if one.turned else ""
    lines = [f"{place}. {row['article']}, paragraph {suite.paragraph(row)}{turns}"]
    for name, mine in zip(names, one.rows, strict=True):
        words = f"“{printable(suite.passage(mine))}” ({mine['id']})" if mine else "no row"
        lines.append(f"   {name}: {words}")
    for column in one.columns:
        cells = [printable(str(mine[column])) or "empty" for mine in one.rows if mine]
        lines.append(f"   {column}: {' | '.join(cells)}")
    return "\n".join([*lines, *(f"   finding: {printable(text)}" for text in one.turned)])
