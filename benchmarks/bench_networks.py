"""Compare the projection of speakers with networkx's, on the same data in one run.

networkx uses `generic_weighted_projected_graph` with the same formula as its weight function.
Building its graph is timed apart and not held against it: the ratio is its projection alone
against ours from rows to edges, counting included. The quicker of two runs counts, for both.
Results must be equal, edge by edge. A million statements are timed first.

Run: python benchmarks/bench_networks.py
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import networkx as nx
import numpy as np
import pandas as pd

from policybook.measures.affiliation import affiliation
from policybook.measures.networks import projection

T = TypeVar("T")
SEED = 2014
INSTRUMENTS = 21  # as many as the shipped codebook has
AT_LEAST = 20  # the promise: so many times faster at 100,000 statements
CASES = ((100_000, 200), (100_000, 500))
MILLION, SPEAKERS, ARTICLES = 1_000_000, 2_000, 100_000


def generated(size: int, speakers: int, articles: int) -> pd.DataFrame:
    """Return statements with skewed speakers and instruments, as in a press corpus."""
    rng = np.random.default_rng(SEED)
    who = (rng.random(size) ** 2 * speakers).astype(int)
    what = (rng.random(size) ** 2 * INSTRUMENTS).astype(int)
    stance = np.where(rng.random(size) < 0.7, "supports", "opposes")
    ids = np.char.add("r", np.arange(size).astype(str))
    said = pd.DataFrame({"id": ids, "article": np.arange(size) * articles // size})
    said["speaker"] = pd.Categorical(np.char.add("s", who.astype(str)))
    said["instrument"] = pd.Categorical(np.char.add("i", what.astype(str)))
    said["stance"] = pd.Categorical(stance)
    return said.assign(course=ids, repeat_of="")


def as_graph(rows: pd.DataFrame) -> nx.Graph:
    """Return the two-mode network with the counts of both stances on each edge."""
    counts = pd.crosstab([rows["speaker"], rows["instrument"]], rows["stance"])
    graph = nx.Graph()
    for (speaker, instrument), line in zip(counts.index, counts.to_numpy().tolist(), strict=True):
        graph.add_edge(speaker, instrument, said=line)
    return graph


def congruence(graph: nx.Graph, a: str, b: str) -> int:
    """Return the congruence of two speakers: the binary case of the formula."""
    one, two = graph.adj[a], graph.adj[b]
    total = 0
    for concept in one.keys() & two.keys():
        against, favour = one[concept]["said"]
        against_too, favour_too = two[concept]["said"]
        total += against * against_too + favour * favour_too
    return total


def quicker(call: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds of the quicker of two runs, and the result."""
    seconds = []
    for _ in range(2):
        start = perf_counter()
        result = call()
        seconds.append(perf_counter() - start)
    return min(seconds), result


def compare(size: int, speakers: int) -> float:
    """Print sizes, seconds and ratio of one case; return the ratio."""
    rows = generated(size, speakers, articles=size // 10)
    project = nx.bipartite.generic_weighted_projected_graph
    names = sorted(rows["speaker"].unique())
    ours, edges = quicker(lambda: projection(affiliation(rows, count="include")))
    building, graph = quicker(lambda: as_graph(rows))
    theirs, other = quicker(lambda: project(graph, names, congruence))
    pairs = zip(edges["a"], edges["b"], edges["weight"], strict=True)
    found = {(a, b): weight for a, b, weight in pairs}
    expected = {tuple(sorted(pair)): weight for *pair, weight in other.edges(data="weight")}
    if found != expected:
        sys.exit("the results differ")
    print(
        f"{size:>9,} statements {speakers:>5,} speakers {len(edges):>9,} edges, all equal | "
        f"policybook {ours:.3f} s | networkx {theirs:.2f} s (+ {building:.2f} s to build) | "
        f"{theirs / ours:.0f} times"
    )
    return theirs / ours


def million() -> None:
    """Print the seconds and the peak memory of a million statements."""
    rows = generated(MILLION, SPEAKERS, ARTICLES)
    before = peak()
    for count in ("include", "courses", "document"):
        for normalisation in ("none", "jaccard"):
            start = perf_counter()
            network = affiliation(rows, count=count)
            counted = perf_counter() - start
            edges = projection(network, normalisation=normalisation)
            concepts = projection(network, of="instrument", normalisation=normalisation)
            print(
                f"{len(rows):>9,} statements {SPEAKERS:>5,} speakers {len(edges):>9,} + "
                f"{len(concepts)} edges | {count}, {normalisation} | count {counted:.2f} s, "
                f"all {perf_counter() - start:.2f} s | peak {peak():.0f} MiB, rows {before:.0f} MiB"
            )


def peak() -> float:
    """Return the most memory this process has held, in MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    million()  # first, so that its peak is its own
    ratios = [compare(*case) for case in CASES]
    sys.exit(f"less than {AT_LEAST} times" if min(ratios) < AT_LEAST else 0)
