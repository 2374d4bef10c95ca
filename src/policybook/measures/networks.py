"""Discourse networks: who agrees with whom, as DNA computes it from an `affiliation`.

`two_mode`, `projection`, `nodes` and `matrix` read the counts of `affiliation`. The surprising
rule: an edge stands for a shared instrument, not for agreement; its weight may be nought.

Sources: Leifeld, P., Gruber, J. and Bossner, F. R., Discourse Network Analyzer Manual; DNA 3,
github.com/leifeld/dna, dna/src/main/java/export/Exporter.java, the methods computeOneModeMatrix
and computeTwoModeMatrix ("Exporter" below).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from policybook.measures.affiliation import Affiliation, known, summed
from policybook.measures.counting import stated

if TYPE_CHECKING:
    from scipy.sparse import csr_array

AGGREGATIONS = ("ignore", "congruence", "conflict", "subtract")
"""What the weight of an edge may be made of."""

NORMALISATIONS = ("none", "average", "jaccard", "dna_cosine", "cosine")
"""What the weight of an edge may be divided by; see `projection`."""


def two_mode(network: Affiliation, *, normalisation: str = "none") -> pd.DataFrame:
    """Return one line for each speaker and instrument with a statement, sorted by both.

    With x[k] the count at qualifier k (a stance is +1 or -1): ignore = Σ x[k]; positive =
    Σ k·x[k] over k > 0; negative = Σ |k|·x[k] over k < 0; subtract = positive - negative;
    combine = DNA's code of the qualifiers that occur (stances: 1 supports, 2 opposes, 3 both;
    in general Σ 2^(n-1-rank), so for at most 62 levels).
    `activity` divides all but combine by the statements of the speaker, `prominence` by those
    on the instrument. Source: Exporter, computeTwoModeMatrix and lexRank.
    """
    known("normalisation", normalisation, ("none", "activity", "prominence"))
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
    known("aggregation", aggregation, AGGREGATIONS)
    known("normalisation", normalisation, NORMALISATIONS)
    if (of,) not in network.shared:
        network.shared[of,] = _shared(network, of)
    counts, pairs, components = network.shared[of,]
    a, b = (_names(side, network.labels(of)) for side in pairs)
    edges = pd.DataFrame({"a": a, "b": b, **components})
    if (of, normalisation) not in network.shared:
        network.shared[of, normalisation] = (_norm(normalisation, counts, pairs),)
    (norm,) = network.shared[of, normalisation]
    weight = edges[aggregation] if normalisation == "none" else edges[aggregation] / norm
    edges.insert(2, "weight", weight)
    edges["norm"] = norm
    edges.attrs = {"count": network.count, "of": of}
    edges.attrs |= {"aggregation": aggregation, "normalisation": normalisation}
    return edges


def _shared(network: Affiliation, of: str) -> tuple[Any, ...]:
    """Return the counts seen from a mode, the pairs that share a concept, and the aggregations."""
    from scipy.sparse import triu  # noqa: PLC0415  (half a second that most notebooks do without)

    counts = network.seen_from(of)
    total = summed(counts)
    shared = triu(total @ total.T, k=1, format="csr")
    shared.sort_indices()
    pairs = shared.tocoo().coords
    return counts, pairs, _components(shared.data, *_distances(counts, network.levels, pairs))


def nodes(network: Affiliation, *, of: str = "speaker", isolates: bool = True) -> pd.DataFrame:
    """Return id, statements and whether a node shares no concept with any other, sorted by id.

    A node all of whose statements were left out has none; `isolates=False` drops isolates.
    `attrs["count"]` is the rule of the network.
    """
    total = summed(network.seen_from(of))
    uses = (total > 0).astype(np.int64)
    tied = uses @ (uses.sum(axis=0) > 1).astype(np.int64) > 0
    names = pd.array(list(network.labels(of)), dtype="str")
    found = pd.DataFrame({"id": names, "statements": total.sum(axis=1), "isolate": ~tied})
    return stated(found if isolates else found[tied].reset_index(drop=True), network.count)


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
    from scipy.sparse import csr_array  # noqa: PLC0415  (half a second that most notebooks do without)

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
        across = summed(counts[:place]) @ summed(counts[place:]).T
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
    from scipy.sparse import hstack  # noqa: PLC0415  (half a second that most notebooks do without)

    total, (a, b) = summed(counts), pairs
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
