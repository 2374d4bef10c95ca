"""Where coders disagree, side by side in the words of the text, what turns findings first.

The surprising rule: a disagreement turns a finding where not all codings tell it alike, and it
rests on a row of the disagreement in one that tells it. Several may turn one together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policybook.material import RECOMMENDATIONS
from policybook.measures.reliability import COLUMNS, Comparison, matched
from policybook.problems import count, printable
from policybook.suite import Row, Suite
from policybook.together.rulings import UNIT, Log, Place, unruled
from policybook.together.said import Key, keyed, said


@dataclass(frozen=True, slots=True)
class Turned:
    """A finding that not all codings tell alike: its sentence in each, empty where it tells none.

    `rows` are those on which one of the sentences rests.
    """

    texts: tuple[str, ...]
    rows: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One unit: the row of each coder, None where there is none, and the columns that differ.

    `codings` are their names, `turned` the findings that rest on one of the rows.
    """

    codings: tuple[str, ...]
    rows: tuple[Row | None, ...]
    columns: tuple[str, ...]
    turned: tuple[Turned, ...] = ()

    @property
    def row(self) -> Row:
        """The row of the first coder who has one: it says where the unit stands."""
        return next(row for row in self.rows if row)

    @property
    def differed(self) -> list[str]:
        """What differs, as the adjudication log names it."""
        return [*([UNIT] if None in self.rows else []), *self.columns]

    @property
    def places(self) -> list[Place]:
        """Its rows by their codings and ids."""
        pairs = zip(self.codings, self.rows, strict=True)
        return [(name, str(row["id"])) for name, row in pairs if row]


def disagreements(suite: Suite, found: Comparison) -> list[Disagreement]:
    """Return the units that not all coded alike, most findings turned first, then by place."""
    turned = list(_turned(suite, found))
    by_row: dict[Place, list[Turned]] = {}
    for one in turned:
        for place in one.rows:
            by_row.setdefault(place, []).append(one)
    listed = []
    for unit in _differing(found):
        ours = {id(t): t for place in unit.places for t in by_row.get(place, ())}
        kept = tuple(t for t in turned if id(t) in ours)
        listed.append(Disagreement(unit.codings, unit.rows, unit.columns, kept))
    return sorted(listed, key=lambda one: (-len(one.turned), *_stands(one)))


def _stands(one: Disagreement) -> tuple[int, int]:
    """Return where a disagreement stands: its article in time, its place in the article."""
    return int(one.row["order"]), int(one.row["start"])


def _differing(found: Comparison) -> Iterator[Disagreement]:
    """Yield the units that not all coded alike."""
    records = [table.to_dict("records") for table in found.rows]
    for unit in matched(*found.rows):
        rows = tuple(t[row] if row >= 0 else None for t, row in zip(records, unit, strict=True))
        columns = _columns([row for row in rows if row])
        if columns or None in rows:
            yield Disagreement(found.names, rows, columns)


def _columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns in which rows hold other codes; the order within a list is none."""
    shared = [name for name in COLUMNS if all(name in row for row in rows)]
    return tuple(n for n in shared if any(_codes(r[n]) != _codes(rows[0][n]) for r in rows))


def _codes(cell: object) -> list[str]:
    """Return the codes of a cell in a fixed order."""
    return sorted(str(cell).split("; "))


def _turned(suite: Suite, found: Comparison) -> Iterator[Turned]:
    """Yield the findings that not all codings tell alike, each once."""
    if not found.articles or not {RECOMMENDATIONS, *suite.codings()}.issuperset(found.names):
        return
    if any(map(suite.undecided, found.names)):
        return
    told = [said(suite.with_rows(name), found.articles) for name in found.names]
    by_all = set.intersection(*({one.text for _, one in side} for side in told))
    merged: dict[Key, list[str]] = {}
    rows: dict[Key, set[Place]] = {}
    for name, side in enumerate(told):
        for key, one in keyed(line for line in side if line[1].text not in by_all):
            merged.setdefault(key, [""] * len(told))[name] = one.text
            rows.setdefault(key, set()).update((found.names[name], row) for row in one.rows)
    once = {tuple(texts): frozenset(rows[key]) for key, texts in merged.items()}
    yield from (Turned(texts, behind) for texts, behind in once.items())


def undecided(suite: Suite, codings: Sequence[str]) -> list[str]:
    """Return the codes of codings that were split or retired since: nobody can tell what they are."""
    return sorted({code for name in codings for code in suite.undecided(name)})


def told(suite: Suite, found: Sequence[Disagreement]) -> str:
    """Return disagreements as text, all readings under the passage."""
    if not found:
        return "The codings agree on everything."
    log, turning = Log(suite), sum(bool(one.turned) for one in found)
    left = sum(bool(unruled(one.differed, log.about(one.places, one.codings))) for one in found)
    turn = f"Turning a finding, and first here: {turning:,}."
    if codes := undecided(suite, found[0].codings):
        turn = f"What they turn cannot be told: split or retired since {', '.join(codes)}."
    parts = [f"{count(len(found), 'disagreement')}. {turn} Not ruled on in full: {left:,}."]
    parts += [_one(suite, log, place, one) for place, one in enumerate(found, start=1)]
    return "\n\n".join(parts)


def _one(suite: Suite, log: Log, place: int, one: Disagreement) -> str:
    """Return one disagreement: where it stands, all passages and codes, what it turns, rulings."""
    turns = f", turns {count(len(one.turned), 'finding')}" if one.turned else ""
    lines = [f"{place}. {one.row['article']}, paragraph {suite.paragraph(one.row)}{turns}"]
    for name, mine in zip(one.codings, one.rows, strict=True):
        words = f"“{printable(suite.passage(mine))}” ({mine['id']})" if mine else "no row"
        lines.append(f"   {name}: {words}")
    for column in one.columns:
        cells = [printable(str(mine[column])) or "empty" for mine in one.rows if mine]
        lines.append(f"   {column}: {' | '.join(cells)}")
    for turned in one.turned:
        for name, text in zip(one.codings, turned.texts, strict=True):
            lines.append(f"   finding, by {name}: {printable(text) or 'not told'}")
    for ruling in log.about(one.places, one.codings):
        what = printable(f"{'; '.join(ruling.differed)}: {ruling.ruling}. {ruling.reason}")
        lines.append(f"   ruled ({printable(ruling.id)}) on {what}")
    return "\n".join(lines)
