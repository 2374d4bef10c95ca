"""The agreement heat map of a selection, joined with its words, its description and its data."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.figure import figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, note_links
from policybook.findings.comparable import (
    ONE_SIDED,
    SPEAKER,
    compared,
    headed_rows,
    lines,
    name_of,
    none_or,
    pair_counts,
)
from policybook.findings.finding import few, sentence
from policybook.findings.independence import side_groups
from policybook.suite import Row, Selection, row_ids

MOST_DRAWN = 16
"""Articles on a heat map: those with most headings in common with others; the rest are counted."""

COUNTS = (
    "shared", "same", "same_open", "opposite", "opposite_open", "mixed", "different",
)  # fmt: skip
"""The columns of `findings.pair_counts` that count headings."""


def heatmap(selection: Selection, *, strict: bool = True) -> Exhibit:
    """Return which articles agree with which, and how much of what they share is one demand.

    Figures are headings in common, and how many of them hold the same demand; unless `strict`,
    conditions are left aside. See `measures.heat`.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)
    from policybook.charts.heatmap import SELF  # noqa: PLC0415

    ids = compared(selection)
    if len(ids) < 2:  # noqa: PLR2004
        text = (
            f"A heat map needs two {selection.by}s that prescribe something within the selection."
        )
        return Exhibit(tag("p", text, class_="nothing"), text)
    counts = pair_counts(selection, strict=strict)
    drawn = _drawn(counts, ids)
    counts = counts[counts["a"].isin(drawn) & counts["b"].isin(drawn)].reset_index(drop=True)
    names = {one: sentence(name_of(selection, one)) for one in drawn}
    chart = charts.heatmap(
        _cells(counts, drawn, names, itself=SELF),
        title=f"How many of the headings that two {selection.by}s share hold the same demand",
        pair=f"Two {selection.by}s",
    )
    return figure(
        chart,
        description=_described(selection, counts, drawn, strict=strict),
        data=_data(selection, counts, names, strict=strict),
        caption=f"Headings that two {selection.by}s share, and what stands behind them",
    )


def _drawn(counts: pd.DataFrame, ids: list[str]) -> list[str]:
    """Return the articles to draw, in order of time: those with most headings in common."""
    each = (
        counts.groupby("a")["shared"].sum().add(counts.groupby("b")["shared"].sum(), fill_value=0)
    )
    most = each.reindex(ids).sort_values(ascending=False, kind="stable").index[:MOST_DRAWN]
    return [one for one in ids if one in set(most)]


def _cells(
    counts: pd.DataFrame, drawn: list[str], names: dict[str, str], *, itself: str
) -> pd.DataFrame:
    """Return a tile for every two articles, in both directions, and for each with itself."""
    place = {one: str(number_) for number_, one in enumerate(drawn, start=1)}
    tiles = {(one, one): (itself, "", "", *[""] * len(COUNTS)) for one in drawn}
    for line in counts.to_dict("records"):
        for pair in ((line["a"], line["b"]), (line["b"], line["a"])):
            tiles[pair] = (*_tile(line), *(str(line[name]) for name in COUNTS))
    lines = [
        (
            f"{place[row]}  {names[row]}",
            place[column],
            names[row],
            names[column],
            *tiles[row, column],
        )
        for row in drawn
        for column in drawn
    ]
    heads = ["row", "column", "one", "other", "near", "text", "clash", *COUNTS]
    return pd.DataFrame(lines, columns=heads)


def _tile(line: Row) -> tuple[str, str, str]:
    """Return what two articles are to each other, and what their tile says.

    >>> line = {"shared": 4, "same": 1, "same_open": 1, "opposite": 1, "opposite_open": 0}
    >>> _tile(line)
    ('same demand here, opposite there', '1+1≈/4', '≠1')
    """
    from policybook.charts.heatmap import NEAR  # noqa: PLC0415  (altair)

    every, most, few_, open_, here, against, words, nothing = NEAR
    shared, same, maybe = (int(line[name]) for name in ("shared", "same", "same_open"))
    opposite = [int(line[name]) for name in ("opposite", "opposite_open")]
    clash = f"≠{_figure(*opposite)}" if any(opposite) else ""
    text = f"{_figure(same, maybe)}/{shared}"
    if not shared:
        return nothing, "·", ""
    if clash:
        return (here if same or maybe else against), text, clash
    if not same:
        return (open_ if maybe else words), text, ""
    return (every if same == shared else most if 2 * same >= shared else few_), text, ""


def _figure(firm: int, as_said: int) -> str:
    """Return how many are something, those that are so only as far as said behind a sign.

    >>> _figure(2, 0), _figure(2, 1), _figure(0, 1), _figure(0, 0)
    ('2', '2+1≈', '1≈', '0')
    """
    return "+".join([*[str(firm)] * bool(firm or not as_said), *[f"{as_said}≈"] * bool(as_said)])


def _data(
    selection: Selection, counts: pd.DataFrame, names: dict[str, str], *, strict: bool
) -> pd.DataFrame:
    """Return the counts behind the chart, in words, each pair with the notes of its demands."""
    found = lines(selection, strict=strict)
    duos: dict[tuple[str, str], dict[str, None]] = {}
    for line in found[found["kind"] != ONE_SIDED].to_dict("records"):
        rows = (one for duo in line["decided_by"] for one in duo)
        duos.setdefault((line["a"], line["b"]), {}).update(dict.fromkeys(rows))
    pairs = list(zip(counts["a"], counts["b"], strict=True))
    proofs = [
        note_links(selection.suite, list(duos[pair])) if pair in duos
        else _read_for(selection, pair) for pair in pairs
    ]  # fmt: skip
    first = [joined([names[a], proof]) for (a, _), proof in zip(pairs, proofs, strict=True)]
    table = counts[["a", "b", *COUNTS]].assign(a=first, b=counts["b"].map(names))
    table.columns = pd.Index([
        "One", "Other", "Headings in common", "Same demand", "Same as far as said",
        "Opposite demand", "Opposite as far as said", "Same and opposite, counted in both",
        "Only the same words",
    ])  # fmt: skip
    return table


def _read_for(selection: Selection, pair: tuple[str, str]) -> Markup:
    """Return the notes of what was read of two that share no heading: articles, or one row of each."""
    if selection.by != SPEAKER:
        return article_links(selection.suite, pair)
    rows = headed_rows(selection)
    ids = [row_ids(rows[rows[SPEAKER] == one].iloc[:1]) for one in pair]
    return note_links(selection.suite, [one for each in ids for one in each])


def _described(
    selection: Selection, counts: pd.DataFrame, drawn: list[str], *, strict: bool
) -> str:
    """Return what the heat map shows, in words that stand for it."""
    rule = "under the same condition" if strict else "whatever the condition"
    counted = (
        f"In a tile: the headings under which the two make the same demand, {rule}, of those they "
        "share; “≠” counts the headings with an opposite demand; a dot: no heading in common."
    )
    order = "in order of appearance" if selection.by == SPEAKER else "in order of time"
    first = f"{selection.by.capitalize()}s {order} down, and by their numbers across."
    parts = [first, counted, *_summed(counts, strict=strict), *_tied(selection, drawn)]
    more = [name_of(selection, one) for one in compared(selection) if one not in drawn]
    if more:
        named = few(more, most=MOST_DRAWN)
        parts.append(
            f"{selection.by.capitalize()}s with fewer headings in common, not drawn: {named}."
        )
    return " ".join(parts)


def _summed(counts: pd.DataFrame, *, strict: bool) -> list[str]:
    """Return what the numbers come to over all pairs, and what marks those of what is left open."""
    told = {
        "headings in common": "shared", "the same demand": "same",
        "the same as far as said": "same_open", "an opposite one": "opposite",
        "opposite as far as said": "opposite_open",
    }  # fmt: skip
    total = {words: int(counts[name].sum()) for words, name in told.items()}
    maybe = [words for words, name in told.items() if name.endswith("_open")]
    shown = [f"{w}: {none_or(many)}" for w, many in total.items() if many or w not in maybe]
    sums = f"Over all pairs drawn, {'; '.join(shown)}."
    as_said = (
        "“≈” stands behind what is the same or opposite only as far as said: one or both leave open "
        f"the purpose or upon whom{'' if strict else ', or the conditions differ'}."
    )
    return [as_said, sums] if any(total[words] for words in maybe) else [sums]


def _tied(selection: Selection, drawn: list[str]) -> list[str]:
    """Return which of the articles drawn count as one voice, as their numbers."""
    table = side_groups(selection, drawn)
    mine = table[table["article"].isin(drawn)]
    place = {one: n for n, one in enumerate(drawn, start=1)}
    groups = [
        few((str(place[one]) for one in part["article"]), most=6)
        for _, part in mine.groupby("group", sort=False)
        if len(part) > 1
    ]
    return (
        [f"Counted as one voice, not as several: {few(groups, most=3, mark=';')}."]
        if groups
        else []
    )
