"""What discourse networks promise: DNA's numbers, exact, sparse and in a fixed order."""

from __future__ import annotations

from itertools import combinations
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import tries
from policybook.measures.affiliation import DUPLICATES, MODES, Affiliation, affiliation
from policybook.measures.networks import (
    AGGREGATIONS,
    NORMALISATIONS,
    matrix,
    nodes,
    projection,
    two_mode,
)

WORKED = Path(__file__).parent / "worked"


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"networks-{name}.csv", keep_default_na=False)


def rows_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of statements with as many rows as `times` says, each its own unit."""
    each = table.loc[table.index.repeat(table["times"])].reset_index(drop=True)
    ids = [f"r{place}" for place in range(len(each))]
    return each.assign(id=ids, article="p", course=ids, repeat_of="")


def statements(*cells: tuple[object, ...]) -> pd.DataFrame:
    """Return rows from speaker, instrument, stance and times."""
    return rows_of(pd.DataFrame(cells, columns=["speaker", "instrument", "stance", "times"]))


@pytest.fixture
def manual() -> Affiliation:
    """Return the two organisations of the DNA manual."""
    return affiliation(rows_of(worked("manual")), count="include")


def test_manual(manual: Affiliation) -> None:
    """The DNA manual's two organisations have ignore 7, congruence 2, conflict 5, subtract -3."""
    edges = projection(manual)
    assert edges[["a", "b"]].astype(str).to_numpy().tolist() == [["A", "B"]]
    assert edges.loc[0, list(AGGREGATIONS)].tolist() == [7, 2, 5, -3]
    assert all(edges[name].dtype == np.int64 for name in ("weight", *AGGREGATIONS))


@pytest.mark.parametrize("line", worked("normalisations").to_dict("records"))
def test_normalisations(manual: Affiliation, line: dict[str, object]) -> None:
    """Every normalisation gives the weight worked by hand."""
    for aggregation in AGGREGATIONS:
        edges = projection(
            manual, aggregation=aggregation, normalisation=str(line["normalisation"])
        )
        assert edges.loc[0, "weight"] == pytest.approx(line[aggregation], rel=1e-9)
        assert edges.loc[0, "norm"] ** 2 == pytest.approx(line["norm_squared"])


def test_two_cosines() -> None:
    """The true cosine of two equal profiles is 1, DNA's is not."""
    network = affiliation(statements(*((s, c, "supports", 2) for s in "AB" for c in "cd")))
    asked = {"aggregation": "congruence"}
    assert projection(network, normalisation="cosine", **asked).loc[0, "weight"] == 1
    assert projection(network, normalisation="dna_cosine", **asked).loc[0, "weight"] == 0.5


@pytest.mark.parametrize("line", worked("duplicates-counts").to_dict("records"))
def test_duplicates(line: dict[str, object]) -> None:
    """Every duplicate rule leaves as many statements as counted by hand."""
    rows = worked("duplicates")
    articles = rows[["article", "earliest"]].drop_duplicates().rename(columns={"article": "id"})
    articles = articles.assign(earliest=pd.to_datetime(articles["earliest"]))
    edges = two_mode(affiliation(rows, count=str(line["count"]), articles=articles))
    assert edges[["positive", "negative"]].to_numpy().tolist() == [
        [line["supports"], line["opposes"]]
    ]


def test_every_rule_is_worked() -> None:
    """No duplicate rule is without an example worked by hand."""
    assert set(worked("duplicates-counts")["count"]) == set(DUPLICATES)


def test_ignore_without_qualifier() -> None:
    """Without a qualifier, support and rejection in one article are duplicates, as in DNA."""
    rows = statements(("A", "c", "supports", 1), ("A", "c", "opposes", 1))
    with_stance = two_mode(affiliation(rows, count="document"))
    without = two_mode(affiliation(rows, count="document", qualifier=None))
    assert (with_stance["ignore"].item(), without["ignore"].item()) == (2, 1)


def test_scale() -> None:
    """On a scale of integers, conflict is the distance over the range, as worked by hand."""
    edges = projection(affiliation(rows_of(worked("scale")), qualifier="strength"))
    assert edges[["a", "b"]].astype(str).to_numpy().tolist() == [["A", "B"], ["B", "C"]]
    assert edges["ignore"].tolist() == [6, 5]
    assert edges["conflict"].tolist() == [10 / 3, 0]
    assert edges["congruence"].tolist() == [8 / 3, 5]


def test_scale_of_categories() -> None:
    """A scale wider than what was said makes the same distance smaller."""
    rows = statements(("A", "c", 2, 1), ("B", "c", 3, 1))
    wide = rows.assign(stance=pd.Categorical(rows["stance"], categories=[1, 2, 3, 4, 5]))
    conflicts = [projection(affiliation(r))["conflict"].item() for r in (rows, wide)]
    assert conflicts == [1, 0.25]


def test_combine() -> None:
    """DNA's combination code tells supported, opposed and both apart."""
    rows = statements(
        ("A", "c", "supports", 2),
        ("A", "d", "opposes", 1),
        ("A", "e", "supports", 1),
        ("A", "e", "opposes", 3),
    )
    edges = two_mode(affiliation(rows))
    assert edges["combine"].tolist() == [1, 2, 3]
    assert edges["subtract"].tolist() == [2, -1, -2]


def test_combine_of_one_stance() -> None:
    """What is opposed has the code of opposition also where nobody supports anything."""
    assert two_mode(affiliation(statements(("A", "c", "opposes", 1))))["combine"].item() == 2


def test_activity_and_prominence(manual: Affiliation) -> None:
    """Activity divides by what the speaker says, prominence by what is said on the instrument."""
    first = [two_mode(manual, normalisation=n).iloc[0] for n in ("activity", "prominence")]
    assert [line["subtract"] for line in first] == [-2 / 5, -2 / 4]


def test_exclusions_and_isolates() -> None:
    """Excluded names vanish; who thereby falls silent stays as an isolate, or is dropped."""
    rows = statements(
        ("A", "c", "supports", 1),
        ("B", "c", "opposes", 1),
        ("C", "d", "supports", 1),
        ("D", "c", "supports", 1),
        ("", "c", "supports", 1),
        (None, "c", "supports", 1),
    )
    network = affiliation(rows, exclude={"instrument": ["d"], "speaker": ["D"]})
    assert nodes(network).to_numpy().tolist() == [["A", 1, False], ["B", 1, False], ["C", 0, True]]
    assert nodes(network, isolates=False)["id"].tolist() == ["A", "B"]
    assert nodes(network, of="instrument").to_numpy().tolist() == [["c", 2, True]]
    assert matrix(network)[1] == ("A", "B", "C")
    weights, labels = matrix(network, aggregation="conflict", isolates=False)
    assert (labels, weights.toarray().tolist()) == (("A", "B"), [[0, 1], [1, 0]])


def test_articles_are_the_window() -> None:
    """Only statements of the given articles count, and the speakers of others stay as nodes."""
    rows = statements(("A", "c", "supports", 1), ("B", "c", "supports", 1))
    rows["article"] = ["p", "q"]
    network = affiliation(rows, articles=pd.DataFrame({"id": ["q"]}))
    assert nodes(network)["statements"].tolist() == [0, 1]


def test_nothing() -> None:
    """No statements make empty tables with the usual columns."""
    empty = affiliation(statements(("A", "c", "supports", 1)).iloc[:0])
    assert two_mode(empty).empty
    assert nodes(empty).empty
    assert matrix(empty)[1] == ()
    for normalisation in NORMALISATIONS:
        edges = projection(empty, normalisation=normalisation)
        assert edges.empty
        assert list(edges) == ["a", "b", "weight", *AGGREGATIONS, "norm"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda n, _: projection(n, of="author"), "speaker, instrument"),
        (lambda n, _: projection(n, aggregation="sum"), "ignore, congruence, conflict, subtract"),
        (lambda n, _: projection(n, normalisation="Cosine"), "dna_cosine, cosine"),
        (lambda n, _: two_mode(n, normalisation="average"), "activity, prominence"),
        (lambda _, r: affiliation(r, count="day"), "acrossrange"),
        (lambda _, r: affiliation(r, count="week"), "needs articles"),
        (lambda _, r: affiliation(r, qualifier="speaker"), "column of integers"),
    ],
)
def test_misuse(manual: Affiliation, call: object, words: str) -> None:
    """A setting that does not exist is answered with those that do."""
    with pytest.raises(ValueError, match=words):
        call(manual, rows_of(worked("manual")))


CELLS = st.tuples(
    st.sampled_from(["A", "B", "C", "D"]),
    st.sampled_from(["c", "d", "e"]),
    st.sampled_from(["supports", "opposes"]),
    st.integers(1, 3),
)
SCALED = st.tuples(
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["c", "d"]),
    st.sampled_from([-4, -1, 0, 2, 8]),
    st.integers(1, 3),
)
FEW = settings(max_examples=tries(75), deadline=None)
TABLES = st.lists(CELLS, max_size=12) | st.lists(SCALED, max_size=12)


def recount(rows: pd.DataFrame, of: str) -> dict[tuple[str, str], dict[str, float]]:
    """Return every aggregation and norm of every pair, by plain loops over statements."""
    other = MODES[1 - MODES.index(of)]
    value = {"supports": 1, "opposes": 0}
    said: dict[str, list[tuple[str, int]]] = {}
    for node, concept, stance in zip(rows[of], rows[other], rows["stance"], strict=True):
        said.setdefault(node, []).append((concept, value.get(stance, stance)))
    scale = [k for each in said.values() for _, k in each]
    span = 1 if set(scale) <= {0, 1} else (max(scale) - min(scale)) or 1
    found = {}
    for a, b in combinations(sorted(said), 2):
        pairs = [(k, m) for c, k in said[a] for d, m in said[b] if c == d]
        if not pairs:
            continue
        congruence = sum(1 - abs(k - m) / span for k, m in pairs)
        conflict = sum(abs(k - m) / span for k, m in pairs)
        found[a, b] = {
            "ignore": len(pairs),
            "congruence": congruence,
            "conflict": conflict,
            "subtract": congruence - conflict,
            "none": 1,
            "average": (len(said[a]) + len(said[b])) / 2,
            "dna_cosine": len(said[a]) * len(said[b]),
            "cosine": sqrt(product(said[a]) * product(said[b])),
            "jaccard": sum(one not in said[b] for one in said[a])
            + sum(one not in said[a] for one in said[b])
            + sum(one == two for one in said[a] for two in said[b]),
        }
    return found


def product(said: list[tuple[str, int]]) -> int:
    """Return the sum of squares of what was said on each concept."""
    return sum(c == d for c, _ in said for d, _ in said)


@FEW
@given(TABLES, st.sampled_from(MODES), st.sampled_from(NORMALISATIONS))
def test_recount(cells: list[tuple[object, ...]], of: str, normalisation: str) -> None:
    """Plain loops over pairs of statements give every number of every edge."""
    rows = statements(*cells)
    network = affiliation(rows, count="include")
    expected = recount(rows, of)
    for aggregation in AGGREGATIONS:
        edges = projection(network, of=of, aggregation=aggregation, normalisation=normalisation)
        pairs = list(zip(edges["a"].astype(str), edges["b"].astype(str), strict=True))
        assert pairs == sorted(expected)
        for pair, edge in zip(pairs, edges.to_dict("records"), strict=True):
            hand = expected[pair]
            assert [edge[n] for n in AGGREGATIONS] == pytest.approx([hand[n] for n in AGGREGATIONS])
            assert edge["norm"] == pytest.approx(hand[normalisation])
            assert edge["weight"] == pytest.approx(hand[aggregation] / hand[normalisation])
    tied = {name for pair in expected for name in pair}
    assert {n.id: not n.isolate for n in nodes(network, of=of).itertuples()} == {
        name: name in tied for name in sorted(set(rows[of]))
    }


@FEW
@given(TABLES, st.sampled_from(MODES), st.sampled_from(NORMALISATIONS))
def test_identity(cells: list[tuple[object, ...]], of: str, normalisation: str) -> None:
    """Congruence and conflict add up to ignore, before and after every normalisation."""
    network = affiliation(statements(*cells))
    ignore, congruence, conflict, subtract = (
        projection(network, of=of, aggregation=a, normalisation=normalisation)["weight"]
        for a in AGGREGATIONS
    )
    assert np.allclose(congruence + conflict, ignore, rtol=1e-12)
    assert np.allclose(congruence - conflict, subtract, rtol=1e-12, atol=1e-12)


@FEW
@given(TABLES, st.sampled_from(AGGREGATIONS), st.sampled_from(NORMALISATIONS))
def test_symmetry(cells: list[tuple[object, ...]], aggregation: str, normalisation: str) -> None:
    """Renaming speakers so that their order turns round turns the matrix round."""
    rows = statements(*cells)
    turned = rows.assign(speaker=rows["speaker"].map(dict(zip("ABCD", "DCBA", strict=True))))
    asked = {"aggregation": aggregation, "normalisation": normalisation}
    one, two = (matrix(affiliation(r), **asked)[0].toarray() for r in (rows, turned))
    assert np.array_equal(one, one.T)
    assert np.allclose(one, two[::-1, ::-1], rtol=1e-12)


@FEW
@given(st.data(), TABLES, st.sampled_from(NORMALISATIONS))
def test_row_order(
    data: st.DataObject, cells: list[tuple[object, ...]], normalisation: str
) -> None:
    """The order of rows, and whether names are categories, changes no digit of the output."""
    rows = statements(*cells)
    order = data.draw(st.permutations(range(len(rows))))
    mixed = rows.iloc[order].astype({"speaker": "category", "instrument": "category"})
    for table in (two_mode, nodes, lambda n: projection(n, normalisation=normalisation)):
        pd.testing.assert_frame_equal(table(affiliation(rows)), table(affiliation(mixed)))
