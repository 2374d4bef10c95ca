"""Who stands near whom: the network as squares, and the tables of every measure of it.

The surprising rule: the squares show the nodes that say most, the tables the heaviest ties;
nodes that are left out are named, ties counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import more_of
from policybook.exhibits.figure import figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, note_links
from policybook.exhibits.pieces import table
from policybook.findings.arguments import checked
from policybook.findings.comparable import none_or
from policybook.findings.finding import few, number, sentence
from policybook.findings.nearness import (
    WORDS,
    affiliations,
    by_duplicates,
    named,
    shared_rows,
)
from policybook.findings.wording import counted_in
from policybook.measures.affiliation import DUPLICATES
from policybook.measures.agreement import OTHER
from policybook.measures.networks import NORMALISATIONS, projection, two_mode
from policybook.suite import Selection, row_ids

MOST_NODES = 20
"""Nodes on one side of a chart: those with most statements; the rest are named below."""

MOST_NAMED = 12
"""Nodes that are not drawn and are named all the same; the rest are counted."""

MOST_PAIRS = 10
"""Pairs in one table: those with the heaviest ties; the rest are counted."""

MOST_PROOFS = 6
"""Notes behind one tie, which may be made of many statements; of more, the rest is counted."""

NOTHING = "No two share anything within the selection: there is no network to draw."

AGGREGATIONS = {
    "ignore": "what both speak on, whichever way",
    "congruence": "what both say the same way",
    "conflict": "what they say opposite ways",
    "subtract": "congruence less conflict",
}
"""What the weight of a tie is made of, in words."""


def spoken_on(selection: Selection) -> Exhibit:
    """Return who speaks on which instrument, as squares: what supports less what opposes.

    A weight is a number of statements, by the counting rule of the selection; see
    `measures.two_mode`. Drawn are the speakers and instruments with most statements. A sentence
    where nobody says anything.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)

    lines = two_mode(affiliations(selection))
    if lines.empty:
        return _nothing()
    ranked = {of: _ranked_nodes(lines, of) for of in ("speaker", "instrument")}
    kept = {of: ids[:MOST_NODES] for of, ids in ranked.items()}
    drawn = lines[lines[list(kept)].isin(kept).all(axis=1)]
    words = {of: {one: named(selection, of, one) for one in ids} for of, ids in kept.items()}
    cells = pd.DataFrame({
        "row": drawn["speaker"].astype(str).map(words["speaker"]),
        "column": drawn["instrument"].astype(str).map(words["instrument"]),
        "weight": drawn["subtract"], "Supports": drawn["positive"], "Opposes": drawn["negative"],
    })  # fmt: skip
    chart = charts.network(
        cells, rows=list(dict.fromkeys(words["speaker"].values())),
        columns=list(dict.fromkeys(words["instrument"].values())),
        title="Who speaks on what: statements for it less statements against it",
        tell=["Supports", "Opposes"],
    )  # fmt: skip
    description = (
        "Speakers down, instruments across, those with most statements first. A figure above nought "
        "supports on balance, one below opposes; nought is as much for as against. "
        f"Squares: {none_or(len(drawn))}{_heaviest(cells)}.{_rest(selection, ranked)}"
    )
    caption = f"Statements by speaker and instrument, {_counted(selection)}"
    return figure(chart, description=description, data=_spoken(selection, drawn), caption=caption)


def _heaviest(cells: pd.DataFrame) -> str:
    """Return the weight of the heaviest square and whose it is, as a clause; how many, where several have it."""
    weights = cells["weight"].abs()
    top = cells[weights == weights.max()]
    pairs = dict.fromkeys(frozenset(pair) for pair in zip(top["row"], top["column"], strict=True))
    weight = _round(float(top["weight"].iloc[0]))
    if len(pairs) > 1:
        return f"; the heaviest weigh {weight}: {number(len(pairs))} of them"
    return f"; the heaviest weighs {weight}: {top['row'].iloc[0]} and {top['column'].iloc[0]}"


def _ranked_nodes(lines: pd.DataFrame, of: str) -> list[str]:
    """Return the nodes, those with most statements first."""
    said = lines.astype({of: str}).groupby(of, sort=True)["ignore"].sum()
    return list(said.sort_values(ascending=False, kind="stable").index)


def _rest(selection: Selection, ranked: Mapping[str, Sequence[str]]) -> str:
    """Return the sentence that names which nodes of each mode are not drawn, empty where all are."""
    parts = [
        f"{of}s – {few((named(selection, of, one) for one in rest[: MOST_NAMED + 1]), most=MOST_NAMED, total=len(rest))}"
        for of, ids in ranked.items()
        if (rest := ids[MOST_NODES:])
    ]
    return f" Not drawn, with as few statements or fewer: {'; '.join(parts)}." if parts else ""


def _counted(selection: Selection) -> str:
    """Return by which rule the statements are counted of which every weight is made."""
    return f"counted in {counted_in(selection)}"


def _nothing(text: str = NOTHING) -> Exhibit:
    """Return the sentence that stands in place of an empty exhibit."""
    return Exhibit(tag("p", text, class_="nothing"), text)


def _spoken(selection: Selection, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return who speaks on what as a table, each line with the notes of its rows."""
    rows = selection.rows
    ids = rows["id"].to_numpy(object)
    at = rows.groupby(["speaker", "instrument"], observed=True, sort=False).indices
    return pd.DataFrame([
        {
            "Speaker": joined([
                named(selection, "speaker", line["speaker"]),
                note_links(selection.suite, tuple(ids[at[line["speaker"], line["instrument"]]])),
            ]),
            "Instrument": named(selection, "instrument", line["instrument"]),
            "Supports": line["positive"], "Opposes": line["negative"],
        }
        for line in drawn.to_dict("records")
    ])  # fmt: skip


@checked(nodes="nodes", aggregation="aggregation", normalisation="normalisation")
def near(selection: Selection, *, nodes: str, aggregation: str, normalisation: str) -> Exhibit:
    """Return who stands near whom by one measure, as squares with the nearest beside each other.

    `nodes` are what is tied: speaker, or instrument. `aggregation` is what the weight of a tie is
    made of: ignore, congruence, conflict or subtract, in pairs of statements, which the counting
    rule of the selection counts; `normalisation` what that is divided by: none, average, jaccard,
    dna_cosine or cosine. Formulas and their source: `measures.projection`.
    `ParameterError` with what is allowed for any other value; a sentence where no two are tied.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)
    from policybook.charts.network import arranged  # noqa: PLC0415

    network = affiliations(selection)
    edges = projection(network, of=nodes, aggregation=aggregation, normalisation=normalisation)
    tied = np.union1d(edges["a"].cat.codes, edges["b"].cat.codes)
    said = two_mode(network)
    ranked = _ranked_nodes(said[said[nodes].cat.codes.isin(tied)], nodes)
    both = edges[["a", "b"]].isin(ranked[:MOST_NODES]).all(axis=1)
    drawn = edges[both].astype({"a": str, "b": str})
    if drawn.empty:
        return _nothing()
    words = {one: named(selection, nodes, one) for one in arranged(drawn)}
    cells, order = _both_ways(drawn, words), list(dict.fromkeys(words.values()))
    chart = charts.network(
        cells, rows=order, columns=order,
        title=f"{sentence(aggregation)} ({AGGREGATIONS[aggregation]}), {WORDS[normalisation]}",
        tell=["Weight"],
    )  # fmt: skip
    description = (
        f"Each {nodes} down and across, whoever is tied most to those already placed coming next. "
        f"A square is a tie; its figure is the weight, nought where nothing shared counts by this measure. Ties drawn: {number(len(drawn))}{_heaviest(cells)}."
        f"{_rest(selection, {nodes: ranked})}"
    )
    data = _weights(selection, nodes, drawn, WORDS[normalisation])
    caption = f"The ties drawn, and what they are made of, {_counted(selection)}"
    return figure(chart, description=description, data=data, caption=caption)


def _both_ways(edges: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """Return a cell for each tie, on both sides of the diagonal."""
    weight = edges["weight"]
    one = pd.DataFrame({
        "row": edges["a"].map(words), "column": edges["b"].map(words), "weight": weight,
        "Weight": [_round(one) for one in weight],
    })  # fmt: skip
    other = one.rename(columns={"row": "column", "column": "row"})
    return pd.concat([one, other[list(one)]], ignore_index=True)


def _weights(selection: Selection, nodes: str, edges: pd.DataFrame, how: str) -> pd.DataFrame:
    """Return ties as a table, heaviest first."""
    ordered = edges.sort_values("weight", ascending=False, kind="stable")
    pairs = list(zip(ordered["a"].astype(str), ordered["b"].astype(str), strict=True))
    proofs = _proofs(selection, nodes, pairs)
    return pd.DataFrame({
        "One": [
            joined([named(selection, nodes, a), note_links(selection.suite, proof)])
            for (a, _), proof in zip(pairs, proofs, strict=True)
        ],
        "Other": [named(selection, nodes, b) for b in ordered["b"]],
        **{sentence(name): list(ordered[name]) for name in AGGREGATIONS},
        f"Weight {how}": [_round(w) for w in ordered["weight"]],
    })  # fmt: skip


def _proofs(
    selection: Selection, nodes: str, pairs: Sequence[tuple[str, str]]
) -> list[tuple[str, ...]]:
    """Return for each two nodes a row of each, on the first thing that both share."""
    across = "instrument" if nodes == "speaker" else "speaker"
    rows = selection.rows[selection.rows["instrument"] != OTHER]
    rows = rows.drop_duplicates([nodes, across])[[nodes, across, "id"]].astype(str)
    first: dict[str, dict[str, str]] = {}
    for one, what, name in rows.itertuples(index=False, name=None):
        first.setdefault(one, {})[what] = name
    found: list[tuple[str, ...]] = []
    for a, b in pairs:
        what = next(one for one in first[a] if one in first[b])
        found.append((first[a][what], first[b][what]))
    return found


def _round(weight: float) -> str:
    """Return a weight to three figures behind the point, none where they are nought.

    >>> _round(2.0), _round(-0.25), _round(1 / 3)
    ('2', '−0.25', '0.333')
    """
    return f"{weight:.3f}".rstrip("0").rstrip(".").replace("-", "−")


@checked(nodes="nodes")
def ties(selection: Selection, *, nodes: str) -> Exhibit:
    """Return the heaviest ties by all four aggregations, with what is shared and the notes that prove it.

    `nodes` are what is tied: speaker, or instrument; `ParameterError` for anything else. The
    weights are pairs of statements, not normalised; see `measures.projection`.
    """
    edges = projection(affiliations(selection), of=nodes, aggregation="ignore")
    heavy = edges[edges["ignore"] >= _least(edges["ignore"])]
    heavy = heavy.sort_values(["ignore", "congruence"], ascending=False, kind="stable")
    lines = [_tie(selection, nodes, line) for line in heavy.head(MOST_PAIRS).to_dict("records")]
    if not lines:
        return _nothing()
    numbers = [sentence(name) for name in AGGREGATIONS]
    caption = f"Two and what they share, most first, {_counted(selection)}"
    made = table(pd.DataFrame(lines), caption=caption, numbers=numbers)
    return Exhibit(joined([made.html, more_of(len(edges), len(lines), "ties")]), made.text)


def _tie(selection: Selection, nodes: str, line: dict[object, object]) -> dict[str, object]:
    """Return one tie as a line of a table."""
    a, b = str(line["a"]), str(line["b"])
    rows = shared_rows(selection, nodes, a, b)
    across = "instrument" if nodes == "speaker" else "speaker"
    what = [named(selection, across, one) for one in dict.fromkeys(map(str, rows[across]))]
    pair = f"{named(selection, nodes, a)} with {named(selection, nodes, b)}"
    return {
        "Two": joined(
            [sentence(pair), note_links(selection.suite, row_ids(rows), most=MOST_PROOFS)]
        ),
        "Share": few(what, most=6),
        **{sentence(name): line[name] for name in AGGREGATIONS},
    }


@checked(nodes="nodes", aggregation="aggregation")
def normalised(selection: Selection, *, nodes: str, aggregation: str) -> Exhibit:
    """Return the weight of the heaviest ties by every normalisation, with their rank by each.

    `nodes` are what is tied: speaker, or instrument. `aggregation` is what a weight is made of:
    ignore, congruence, conflict or subtract. `ParameterError` for any other value. Formulas
    and their source: `measures.projection`.
    """
    network = affiliations(selection)
    edges = projection(network, of=nodes, aggregation=aggregation)[["a", "b"]]
    if edges.empty:
        return _nothing()
    for name in NORMALISATIONS:
        made = projection(network, of=nodes, aggregation=aggregation, normalisation=name)
        edges[name] = made["weight"]
    ranks = _ranks(edges[list(NORMALISATIONS)].round(9))
    first = ranks.min(axis=1).sort_values(kind="stable").index[:MOST_PAIRS]
    lines = [_ranked(selection, nodes, edges.loc[i], ranks.loc[i]) for i in first]
    caption = (
        f"{sentence(aggregation)} by every normalisation, {_counted(selection)}: "
        "the weight, and in brackets its rank"
    )
    made_table = table(
        pd.DataFrame(lines), caption=caption, numbers=[sentence(w) for w in WORDS.values()]
    )
    more = more_of(len(edges), len(lines), "ties")
    return Exhibit(joined([made_table.html, more]), made_table.text)


def _least(weights: pd.Series) -> float:
    """Return the least weight that can be among those of one table."""
    values = weights.to_numpy()
    many = len(values) > MOST_PAIRS
    return float(np.partition(values, -MOST_PAIRS)[-MOST_PAIRS]) if many else -np.inf


def _ranks(weights: pd.DataFrame) -> pd.DataFrame:
    """Return the rank by each column, equals sharing the best, of all that one table may show."""
    shown = pd.concat([weights[name] >= _least(weights[name]) for name in weights], axis=1)
    kept = weights[shown.any(axis=1)]
    down = {name: np.sort(-weights[name].to_numpy()) for name in weights}
    ranks: pd.DataFrame = kept.apply(
        lambda column: 1 + np.searchsorted(down[str(column.name)], -column)
    )
    return ranks


def _ranked(
    selection: Selection, nodes: str, edge: pd.Series, rank: pd.Series
) -> dict[str, object]:
    """Return one tie with its weight and rank by every normalisation."""
    a, b = str(edge["a"]), str(edge["b"])
    pair = sentence(f"{named(selection, nodes, a)} with {named(selection, nodes, b)}")
    proof = _proofs(selection, nodes, [(a, b)])[0]
    weights = {
        sentence(WORDS[n]): _weighed(n, float(edge[n]), int(rank[n])) for n in NORMALISATIONS
    }
    return {"Two": joined([pair, note_links(selection.suite, proof)]), **weights}


def _weighed(normalisation: str, weight: float, rank: int) -> str:
    """Return a weight and its rank so that points stand beneath points: padded by figure spaces."""
    shown = _round(weight) if normalisation == "none" else f"{weight:.3f}".replace("-", "−")
    return f"{shown} ({rank})" + "\u2007" * (rank < TWO_FIGURES)


TWO_FIGURES = 10
"""The first number of two figures."""


@checked(nodes="nodes", aggregation="aggregation")
def duplicates(selection: Selection, *, nodes: str, aggregation: str) -> Exhibit:
    """Return, for every duplicate rule, the statements that are left and who comes out on top.

    `nodes` are what is tied: speaker, or instrument. `aggregation` is what a weight is made of:
    ignore, congruence, conflict or subtract. `ParameterError` for any other value. The rules are
    those of `measures.DUPLICATES`; weights are pairs of statements, not normalised.
    """
    if selection.rows.empty:
        return _nothing()
    found = by_duplicates(selection, nodes_=nodes, aggregation=aggregation)
    lines = [
        {
            "What is counted": DUPLICATES[line["rule"]],
            "Statements": f"{line['statements']:,}",
            "Heaviest": _round(line["weight"]),
            "On top": _on_top(selection, nodes, line["pairs"]),
        }
        for line in found.to_dict("records")
    ]
    caption = f"{sentence(aggregation)}, not normalised, by every rule on duplicates, each article at its first possible day"
    return table(pd.DataFrame(lines), caption=caption, numbers=("Statements", "Heaviest"))


def _on_top(selection: Selection, nodes: str, pairs: tuple[tuple[str, str], ...]) -> Markup:
    """Return the pairs on top with the notes that prove the first; the articles where there is none."""
    if not pairs:
        return joined(
            ["no tie above nought", article_links(selection.suite, selection.articles["id"])]
        )
    proof = note_links(selection.suite, _proofs(selection, nodes, pairs[:1])[0])
    return joined([_pairs(selection, nodes, pairs), proof])


def _pairs(selection: Selection, nodes: str, pairs: tuple[tuple[str, str], ...]) -> str | Markup:
    """Return pairs in words, the rest of many counted."""
    words = [f"{named(selection, nodes, a)} with {named(selection, nodes, b)}" for a, b in pairs]
    return sentence(few(words, most=2, mark=";"))
