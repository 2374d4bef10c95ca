"""The addressee flow of a selection: who tells whom to act, upon whom, joined with its words.

What a page cannot hold is named, or counted where it is many, in the description beside it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from policybook.exhibits.figure import figure
from policybook.exhibits.html import Exhibit, tag
from policybook.exhibits.notes import note_links
from policybook.findings.finding import few, number, sentence
from policybook.findings.rows import shown_rows
from policybook.findings.wording import ONE, counted_in, naming, rule
from policybook.measures.addressees import flows
from policybook.measures.counting import countable, units
from policybook.measures.coverage import OWN
from policybook.suite import Selection

MOST = 9
"""Names of one column; those with most recommendations are drawn, the rest is named below."""

NOBODY = "nobody named"
RELAYED = " (relayed)"

_COLUMNS = {"speaker": "speakers", "addressee": "addressees", "target": "targets"}
_NEEDED = ["id", "article", "voice", "stance", *_COLUMNS]

Names = dict[str, dict[str, str]]
"""The names of each column: as the table has them, and as a reader sees them."""

_STRIPS = {"tells": ("speaker", "addressee"), "acts upon": ("addressee", "target")}


def flow(selection: Selection) -> Exhibit:
    """Return who tells whom to act and upon whom, as lines; a sentence where nobody says anything."""
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)

    rows = _spoken(selection)
    if rows.empty:
        text = "There is nothing to draw within the selection."
        return Exhibit(tag("p", text, class_="nothing"), text)
    every, kept = _names(selection, rows)
    lines = {strip: _lines(selection, rows, kept, strip) for strip in _STRIPS}
    nobody = tuple(column[""] for column in every.values() if "" in column)
    title = "Who tells whom to act, and upon whom"
    told = [
        table.assign(
            **{"from": table["start"].map(_bare).map(sentence), "to": table["end"].map(_bare)}
        )
        for table in lines.values()
    ]
    chart = charts.flow(*told, title=title, bottom=nobody)
    return figure(
        chart,
        description=_described(selection, lines, every),
        data=_data(selection, lines),
        caption=f"Lines of the chart, counted in {counted_in(selection)}",
    )


def _spoken(selection: Selection) -> pd.DataFrame:
    """Return the rows with the speaker in words, marked where an article only relays it."""
    rows = shown_rows(selection)
    rows = rows[list(dict.fromkeys([*_NEEDED, *countable(rows)]))]
    who, speakers = pd.factorize(rows["speaker"])
    pair, pairs = pd.factorize(2 * who + ~rows["voice"].isin(OWN).to_numpy())
    words = [
        selection.book.label("actor", str(speakers[one // 2])) + (RELAYED if one % 2 else "")
        for one in map(int, pairs)
    ]
    code, known = pd.factorize(np.array(words, dtype=object))
    names = pd.Index(known, dtype=object)
    spoken = pd.Categorical.from_codes(code[pair].tolist(), categories=names, ordered=True)
    return rows.assign(speaker=spoken)


def _names(selection: Selection, rows: pd.DataFrame) -> tuple[Names, Names]:
    """Return every name of each column with its number, and those of them to draw.

    Addressees are chosen among what the chosen speakers say, targets among what is left then:
    so no column is without a line.
    """
    every: Names = {}
    kept: Names = {}
    left = rows
    for column in _COLUMNS:
        lines = flows(rows, by=(column,), rule=rule(selection), ids=False)
        numbers = zip(map(str, lines[column]), lines["units"], strict=True)
        every[column] = {name: _word(selection, column, name, n) for name, n in numbers}
        if len(left) < len(rows):  # all that was chosen so far is not all there is
            lines = flows(left, by=(column,), rule=rule(selection), ids=False)
        most = lines.head(MOST)
        kept[column] = {name: every[column][name] for name in map(str, most[column])}
        named = left[column].astype(object).isin(list(kept[column]))
        left = left[named if column == "speaker" else named | naming(left, column, kept[column])]
    return every, kept


def _word(selection: Selection, column: str, name: str, units: int) -> str:
    """Return a name of a column as a reader sees it, with its number."""
    if column == "speaker":
        relayed = name.removesuffix(RELAYED)
        return (
            f"{relayed} (relayed,\N{NO-BREAK SPACE}{units:,})"
            if relayed != name
            else f"{name}\N{NO-BREAK SPACE}({units:,})"
        )
    return f"{selection.book.label('actor', name) if name else NOBODY}\N{NO-BREAK SPACE}({units:,})"


def _lines(selection: Selection, rows: pd.DataFrame, names: Names, strip: str) -> pd.DataFrame:
    """Return the lines of a strip between names that are drawn, speakers in order of time."""
    start, end = _STRIPS[strip]
    lines = flows(rows, by=(start, end, "stance"), rule=rule(selection), ids=False)
    lines = lines.sort_values([start, end], kind="stable") if start == "speaker" else lines
    begins, finishes = (
        [names[column].get(str(one), "") for one in lines[column]] for column in (start, end)
    )
    drawn = [all(pair) for pair in zip(begins, finishes, strict=True)]
    lines = lines.assign(start=begins, end=finishes, stance=lines["stance"].astype(str))[drawn]
    return lines[["start", "end", "stance", "units", "rows"]].reset_index(drop=True)


def _described(selection: Selection, lines: dict[str, pd.DataFrame], every: Names) -> str:
    """Return what the chart shows in words, its widest line, and what it leaves out."""
    text = (
        "Speakers on the left, those who are to act in the middle, those upon whom on the right; "
        f"a line is as wide as it has {counted_in(selection)}, dashed where something is "
        "opposed, and a demand on two actors is a line to each."
    )
    left = lines["tells"].sort_values("units", ascending=False, kind="stable")
    top = left.iloc[0]
    wide, many = int(top["units"]), int((left["units"] == top["units"]).sum())
    pair = f"from {_bare(top['start'])} to {_bare(top['end'])}, {number(wide)}"
    text += f" Widest on the left: {pair if many == 1 else f'{number(many)} lines, {number(wide)} each'}."
    drawn = {name for table in lines.values() for end in ("start", "end") for name in table[end]}
    rest = {column: [n for n in every[column].values() if n not in drawn] for column in _COLUMNS}
    parts = [
        f"{what} – {few(map(_bare, rest[column]), most=14)}"
        for column, what in _COLUMNS.items()
        if rest[column]
    ]
    text += _both_ways(selection)
    return text + (f" Not drawn: {'; '.join(parts)}." if parts else "")


def _both_ways(selection: Selection) -> str:
    """Return how many units name somebody in one place and nobody in another; empty for none."""
    rows, by = shown_rows(selection), rule(selection)
    parts = []
    for column, what in (("addressee", "to act"), ("target", "upon whom")):
        unit, named = units(rows, rule=by).to_numpy(), (rows[column] != "").to_numpy()
        many = len(set(unit[named]) & set(unit[~named]))
        parts += [f"{what} – {number(many)}"] if many else []
    if not parts:
        return ""
    each = "A" if ONE[by][0] not in "aeiou" else "An"
    return f" {each} {ONE[by]} that names somebody in one place and nobody in another counts for both: {'; '.join(parts)}."


def _bare(name: str) -> str:
    r"""Return a name without its number.

    >>> _bare("the UN envoy (relayed,\N{NO-BREAK SPACE}3)"), _bare("Algeria\N{NO-BREAK SPACE}(1)")
    ('the UN envoy (relayed)', 'Algeria')
    """
    words = name.rpartition("\N{NO-BREAK SPACE}")[0]
    return f"{words.removesuffix(',')})" if words.endswith("(relayed,") else words


def _data(selection: Selection, lines: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the lines of the chart as a table, each with its notes."""
    ids = selection.rows["id"].to_numpy(object)
    records = [
        {
            "From": sentence(_bare(line["start"])),
            "Line": strip,
            "To": _bare(line["end"]),
            "Stance": selection.book.label("stance", str(line["stance"])),
            "How many": line["units"],
            "Notes": note_links(selection.suite, tuple(ids[line["rows"]])),
        }
        for strip, table in lines.items()
        for line in table.to_dict("records")
    ]
    return pd.DataFrame(records)
