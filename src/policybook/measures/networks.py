"""Discourse networks: who says what, and who agrees with whom, as DNA computes them.

`affiliation` counts once, in sparse matrices; `two_mode`, `projection`, `nodes` and `matrix`
read its counts. The surprising rule: only statements of equal qualifier can be duplicates, so
that congruence and conflict always add up to ignore. DNA's own "ignore" compares duplicates
without the qualifier; `qualifier=None` does that.

Sources: Leifeld, P., Gruber, J. and Bossner, F. R., Discourse Network Analyzer Manual; DNA 3,
github.com/leifeld/dna, dna/src/main/java/export/Exporter.java, the methods filterStatements,
computeOneModeMatrix and computeTwoModeMatrix ("Exporter" below).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack, triu

from policybook.measures.counting import RULES, units

MODES = ("speaker", "instrument")
"""The two kinds of node."""

AGGREGATIONS = ("ignore", "congruence", "conflict", "subtract")
"""What the weight of an edge may be made of."""

NORMALISATIONS = ("none", "average", "jaccard", "dna_cosine", "cosine")
"""What the weight of an edge may be divided by; see `projection`."""

DUPLICATES = {
    **RULES,
    "include": "all statements",
    "document": "one identical statement an article",
    "week": "one identical statement a calendar week",
    "month": "one identical statement a calendar month",
    "year": "one identical statement a year",
    "acrossrange": "one identical statement in all",
    "dna_week": "one identical statement a week number, years taken together",
    "dna_month": "one identical statement a month name, years taken together",
}
"""What may be counted: the suite's own rules, then DNA's, in the words of a caption."""

_STANCES = {"opposes": -1, "supports": 1}
_EACH = ("rows", "include")  # rules under which every row counts
_PERIODS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "periods": lambda day: day.dt.year,
    "year": lambda day: day.dt.year,
    "month": lambda day: day.dt.year * 12 + day.dt.month,
    "week": lambda day: day.dt.isocalendar().year * 100 + day.dt.isocalendar().week,
    "dna_month": lambda day: day.dt.month,
    "dna_week": lambda day: day.dt.isocalendar().week,
}


@dataclass(frozen=True)
class Affiliation:
    """The speaker × instrument network: one sparse matrix of counts for each qualifier.

    `counts[k][i, j]` are the statements of speaker i on instrument j with qualifier `levels[k]`.
    Labels are sorted, levels ascend. `count` is the counting rule.
    """

    speakers: tuple[str, ...]
    instruments: tuple[str, ...]
    levels: tuple[int, ...]
    counts: tuple[csr_array, ...]
    count: str

    @cached_property
    def total(self) -> csr_array:
        """The statements of every speaker on every instrument, whatever their qualifier."""
        return _sum(self.counts)

    def labels(self, of: str) -> tuple[str, ...]:
        """Return the names of the nodes of a mode. ValueError for any other mode."""
        _known("mode", of, MODES)
        return self.speakers if of == "speaker" else self.instruments

    def seen_from(self, of: str) -> tuple[csr_array, ...]:
        """Return the counts with the nodes of a mode as the rows of each matrix."""
        _known("mode", of, MODES)
        return self.counts if of == "speaker" else tuple(m.T.tocsr() for m in self.counts)


def affiliation(
    rows: pd.DataFrame,
    *,
    articles: pd.DataFrame | None = None,
    qualifier: str | None = "stance",
    count: str = "courses",
    exclude: Mapping[str, Collection[str]] | None = None,
) -> Affiliation:
    """Count the statements of every speaker on every instrument by qualifier.

    `articles` (id, earliest) leaves out the rows of all other articles and dates the rest, by
    the first possible day. `qualifier` is a column of stances or of integers, None for none; a
    categorical of integers brings its scale. `count` is one of `DUPLICATES`: statements of one
    speaker, instrument, qualifier and unit are one. DNA compares weeks and months by number,
    whatever the year: `dna_week`, `dna_month`. `exclude` maps columns to values left out.

    Nodes are all names in `rows` but empty and excluded ones, so that windows can be compared.
    ValueError for an unknown rule or qualifier, or a period without `articles`.

    >>> rows = pd.DataFrame({"id": ["1", "2"], "article": ["p", "p"], "speaker": ["x", "x"],
    ...                      "instrument": ["s", "s"], "stance": ["supports", "supports"]})
    >>> [affiliation(rows, count=rule).total.sum().item() for rule in ("include", "document")]
    [2, 1]
    """
    exclude = exclude or {}
    labels = {mode: _labels(rows[mode], exclude.get(mode, ())) for mode in MODES}
    levels, level = _levels(rows, qualifier)
    said = pd.DataFrame({mode: _codes(rows[mode], labels[mode]) for mode in MODES})
    said["level"], said["unit"] = level, _units(rows, count, articles)
    kept = (said["speaker"] >= 0) & (said["instrument"] >= 0) & _kept(rows, articles, exclude)
    said = said[kept] if count in _EACH else said[kept].drop_duplicates()
    shape = (len(labels["speaker"]), len(labels["instrument"]))
    counts = tuple(_matrix(said[said["level"] == k], shape) for k in range(len(levels)))
    return Affiliation(labels["speaker"], labels["instrument"], levels, counts, count)


def _known(what: str, value: str, allowed: Collection[str]) -> None:
    """Raise ValueError unless a setting has one of its values."""
    if value not in allowed:
        message = f"unknown {what} {value!r}: one of {', '.join(allowed)}"
        raise ValueError(message)


def _labels(column: pd.Series, exclude: Collection[str]) -> tuple[str, ...]:
    """Return the names in a column, sorted, without the empty and the excluded ones."""
    return tuple(sorted(set(column.dropna().unique()) - {""} - set(exclude)))


def _codes(column: pd.Series, labels: tuple[str, ...]) -> np.ndarray:
    """Return the place of every row's name among the labels, -1 where it is none of them."""
    codes, names = pd.factorize(column)
    places = pd.Index(labels, dtype=object).get_indexer(pd.Index(names, dtype=object))
    return np.append(places, -1)[codes]


def _kept(
    rows: pd.DataFrame, articles: pd.DataFrame | None, exclude: Mapping[str, Collection[str]]
) -> np.ndarray:
    """Tell which rows are in the articles and have no excluded value."""
    kept = np.ones(len(rows), dtype=bool)
    if articles is not None:
        kept &= rows["article"].isin(articles["id"]).to_numpy()
    for column, values in exclude.items():
        kept &= ~rows[column].isin(values).to_numpy()
    return kept


def _levels(rows: pd.DataFrame, qualifier: str | None) -> tuple[tuple[int, ...], np.ndarray]:
    """Return the scale of the qualifier, ascending, and the place of every row on it."""
    if qualifier is None:
        return (0,), np.zeros(len(rows), dtype=np.int64)
    column = rows[qualifier]
    has_scale = isinstance(column.dtype, pd.CategoricalDtype)
    found = list(column.cat.categories if has_scale else column.unique())
    value = {name: _STANCES.get(name, name) for name in found}
    if column.isna().any() or not all(isinstance(v, int | np.integer) for v in value.values()):
        message = f"{qualifier!r} is no qualifier: a column of integers, or of {list(_STANCES)}"
        raise ValueError(message)
    stances = _STANCES.values() if _STANCES.keys() & value.keys() else ()
    levels = tuple(sorted({int(v) for v in (*value.values(), *stances)})) or (0,)
    codes, names = pd.factorize(column)
    places = np.array([levels.index(int(value[name])) for name in names], dtype=np.int64)
    return levels, places[codes]


def _units(rows: pd.DataFrame, count: str, articles: pd.DataFrame | None) -> np.ndarray:
    """Return a number for the unit within which equal statements of a row are one."""
    _known("counting rule", count, DUPLICATES)
    if count in _EACH or count == "acrossrange":
        return np.zeros(len(rows), dtype=np.int64)
    if count == "document":
        return pd.factorize(rows["article"])[0]
    if count in RULES and count != "periods":
        return pd.factorize(units(rows, rule=count))[0]
    if articles is None:
        message = f"the counting rule {count!r} needs articles"
        raise ValueError(message)
    period = pd.Series(_PERIODS[count](articles["earliest"]).to_numpy(), index=articles["id"])
    return pd.factorize(rows["article"].astype(object).map(period))[0]


def _matrix(said: pd.DataFrame, shape: tuple[int, int]) -> csr_array:
    """Return how many statements each cell has."""
    ones = np.ones(len(said), dtype=np.int64)
    return csr_array((ones, (said["speaker"], said["instrument"])), shape=shape)


def _sum(matrices: tuple[csr_array, ...]) -> csr_array:
    """Return the sum of matrices, its cells in order."""
    total = sum(matrices[1:], matrices[0]).tocsr()
    total.sort_indices()
    return total


def two_mode(network: Affiliation, *, normalisation: str = "none") -> pd.DataFrame:
    """Return one line for each speaker and instrument with a statement, sorted by both.

    With x[k] the count at qualifier k (a stance is +1 or -1): ignore = Σ x[k]; positive =
    Σ k·x[k] over k > 0; negative = Σ |k|·x[k] over k < 0; subtract = positive - negative;
    combine = DNA's code of the qualifiers that occur (stances: 1 supports, 2 opposes, 3 both;
    in general Σ 2^(n-1-rank), so for at most 62 levels).
    `activity` divides all but combine by the statements of the speaker, `prominence` by those
    on the instrument. Source: Exporter, computeTwoModeMatrix and lexRank.
    """
    _known("normalisation", normalisation, ("none", "activity", "prominence"))
    speaker, instrument = network.total.tocoo().coords
    each = [_at(matrix, speaker, instrument) for matrix in network.counts]
    by_level = list(zip(network.levels, each, strict=True))
    none = np.zeros(len(speaker), dtype=np.int64)
    edges = pd.DataFrame({"speaker": _names(speaker, network.speakers)})
    edges["instrument"] = _names(instrument, network.instruments)
    edges["ignore"] = sum(each, none)
    edges["positive"] = sum((k * x for k, x in by_level if k > 0), none)
    edges["negative"] = sum((-k * x for k, x in by_level if k < 0), none)
    edges["subtract"] = edges["positive"] - edges["negative"]
    if normalisation != "none":
        axis, place = (1, speaker) if normalisation == "activity" else (0, instrument)
        norm = network.total.sum(axis=axis)[place]
        for name in ("ignore", "positive", "negative", "subtract"):
            edges[name] = edges[name] / norm
    edges["combine"] = sum((1 << rank) * (x > 0) for rank, x in enumerate(reversed(each))) + none
    edges.attrs = {"count": network.count, "normalisation": normalisation}
    return edges


def projection(
    network: Affiliation,
    *,
    of: str = "speaker",
    aggregation: str = "congruence",
    normalisation: str = "none",
) -> pd.DataFrame:
    """Return one line for each pair (a before b) that shares a concept, sorted by both.

    With x[i,j,k] the statements of node i on concept j with qualifier k, n[i,j] = Σk x[i,j,k]:
    ignore = Σj n[a,j]·n[b,j]; congruence = Σj Σk,k' x[a,j,k]·x[b,j,k']·(1 - |k-k'|/range);
    conflict = the same with |k-k'|/range; subtract = congruence - conflict. Always
    congruence + conflict = ignore. The range is that of the qualifier's scale.
    These columns are counts (integers for stances); weight = the one asked for / norm, and may
    be 0 where two share a concept and still, say, never conflict. The norm, whatever is asked:

    none: 1. average: mean of the two nodes' statements. dna_cosine: product of the two nodes'
    statements, which DNA calls "cosine" (it takes the root of the square of each sum).
    cosine: √Σj n[a,j]² · √Σj n[b,j]². jaccard, over the cells (j,k) as in DNA: statements of a
    where b has none, of b where a has none, and Σ x[a,j,k]·x[b,j,k]; the size of the union
    where all counts are 0 or 1. Source: Exporter, computeOneModeMatrix; cosine: the usual one.

    The time is that of a sparse product, at most Σ (nodes of a concept)².
    """
    _known("aggregation", aggregation, AGGREGATIONS)
    _known("normalisation", normalisation, NORMALISATIONS)
    counts, labels = network.seen_from(of), network.labels(of)
    total = _sum(counts)
    shared = triu(total @ total.T, k=1, format="csr")
    shared.sort_indices()
    a, b = shared.tocoo().coords
    edges = pd.DataFrame({"a": _names(a, labels), "b": _names(b, labels)})
    edges = edges.assign(**_components(shared.data, *_distances(counts, network.levels, (a, b))))
    norm = _norm(normalisation, counts, (a, b))
    weight = edges[aggregation] if normalisation == "none" else edges[aggregation] / norm
    edges.insert(2, "weight", weight)
    edges["norm"] = norm
    edges.attrs = {"count": network.count, "of": of}
    edges.attrs |= {"aggregation": aggregation, "normalisation": normalisation}
    return edges


def nodes(network: Affiliation, *, of: str = "speaker", isolates: bool = True) -> pd.DataFrame:
    """Return id, statements and whether a node shares no concept with any other, sorted by id.

    A node all of whose statements were left out has none; `isolates=False` drops isolates.
    """
    total = _sum(network.seen_from(of))
    uses = (total > 0).astype(np.int64)
    tied = uses @ (uses.sum(axis=0) > 1).astype(np.int64) > 0
    names = pd.array(list(network.labels(of)), dtype="str")
    found = pd.DataFrame({"id": names, "statements": total.sum(axis=1), "isolate": ~tied})
    return found if isolates else found[tied].reset_index(drop=True)


def matrix(
    network: Affiliation,
    *,
    of: str = "speaker",
    aggregation: str = "congruence",
    normalisation: str = "none",
    isolates: bool = True,
) -> tuple[csr_array, tuple[str, ...]]:
    """Return the weights of a projection as a symmetric sparse matrix, and its labels.

    The diagonal is empty, as in DNA. `network.counts` are the matrices of the two-mode network.
    """
    edges = projection(network, of=of, aggregation=aggregation, normalisation=normalisation)
    size = (len(network.labels(of)),) * 2
    half = csr_array((edges["weight"], (edges["a"].cat.codes, edges["b"].cat.codes)), shape=size)
    kept = np.flatnonzero(~nodes(network, of=of)["isolate"] | isolates)
    whole = (half + half.T).tocsr()
    return whole[kept][:, kept], tuple(network.labels(of)[place] for place in kept)


def _at(values: csr_array, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Return the values of some cells; cells in order are found by bisection."""
    values = values.tocsr()
    values.sort_indices()
    return np.asarray(values[row, column]).ravel() if len(row) else np.zeros(0, values.dtype)


def _names(codes: np.ndarray, labels: tuple[str, ...]) -> pd.Categorical:
    """Return the names of nodes, which sort as their labels do."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(labels, dtype="str"))


def _distances(
    counts: tuple[csr_array, ...], levels: tuple[int, ...], pairs: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, int]:
    """Return Σj Σk,k' x·x'·|k-k'| of pairs, and the range, both in the scale's largest unit.

    |k-k'| is the sum of the gaps between neighbouring levels that lie between k and k': one
    product of "at or below the gap" with "above it" for each gap, not one for each k and k'.
    """
    gaps = np.diff(levels)
    if not len(gaps):
        return np.zeros(len(pairs[0]), dtype=np.int64), 1
    gaps //= np.gcd.reduce(gaps)
    apart = np.zeros(len(pairs[0]), dtype=np.int64)
    for place, gap in enumerate(gaps, start=1):
        across = _sum(counts[:place]) @ _sum(counts[place:]).T
        apart += gap * (_at(across, *pairs) + _at(across, *pairs[::-1]))
    return apart, int(gaps.sum())


def _components(ignore: np.ndarray, apart: np.ndarray, span: int) -> dict[str, np.ndarray]:
    """Return the four aggregations; they stay integers where the range is one unit."""
    whole = {"congruence": span * ignore - apart, "conflict": apart}
    whole["subtract"] = whole["congruence"] - whole["conflict"]
    shares = whole if span == 1 else {name: part / span for name, part in whole.items()}
    return {"ignore": ignore, **shares}


def _norm(
    normalisation: str, counts: tuple[csr_array, ...], pairs: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return what the weight of each pair is divided by."""
    total, (a, b) = _sum(counts), pairs
    said = np.asarray(total.sum(axis=1))
    if normalisation == "average":
        return np.asarray((said[a] + said[b]) / 2)
    if normalisation == "dna_cosine":
        return np.asarray(said[a] * said[b])
    if normalisation == "cosine":
        squares = np.asarray((total * total).sum(axis=1), dtype=float)
        return np.asarray(np.sqrt(squares[a] * squares[b]))
    if normalisation == "none":
        return np.ones(len(a), dtype=np.int64)
    cells = hstack(counts, format="csr")
    common = cells @ (cells > 0).astype(np.int64).T
    alone = np.asarray(said[a] - _at(common, a, b) + said[b] - _at(common, b, a))
    return np.asarray(alone + _at(cells @ cells.T, a, b))
