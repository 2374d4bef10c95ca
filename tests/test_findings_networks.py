"""Who stands near whom, in sentences, squares and tables: each as a recount of the rows has it."""

import subprocess
import sys
import tempfile
from collections import Counter
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.charts.network import arranged
from policybook.findings.finding import Finding, few, number
from policybook.measures.affiliation import MODES
from policybook.measures.networks import AGGREGATIONS, NORMALISATIONS
from policybook.suite import Selection, Suite

SPEAKERS = ("un-envoy", "serraj", "haftar", "tobruk")
LABELS = {
    "un-envoy": "the UN envoy",
    "serraj": "Serraj",
    "haftar": "Haftar",
    "tobruk": "the Tobruk parliament and its government",
}


def said(speaker: str, instrument: str, stance: str = "supports", **cells: str) -> dict[str, str]:
    """Return a row that relays a position."""
    return {"article": "a", "voice": "reported", "speaker": speaker, "instrument": instrument,
            "stance": stance, **cells}  # fmt: skip


def sentences(selection: Selection, nodes: str = "speaker") -> list[str]:
    """Return what is said on nearness."""
    return [f.text for f in findings.who_stands_near_whom(selection, nodes_=nodes)]


def test_choices(shipped: Suite) -> None:
    """A notebook on networks can be asked for exactly what the measures offer."""
    assert shipped.choices("nodes") == list(MODES)
    assert shipped.choices("aggregation") == list(AGGREGATIONS)
    assert shipped.choices("normalisation") == list(NORMALISATIONS)


def test_the_four_sentences(tmp_path: Path) -> None:
    """The nearest, the most opposed and those alone are named, each in one sentence where all measures agree."""
    rows = [
        said("un-envoy", "ceasefire"),
        said("serraj", "ceasefire"),
        said("haftar", "elections"),
        said("tobruk", "elections", "opposes"),
        said("un", "sanctions"),
    ]
    found = findings.who_stands_near_whom(make_suite(tmp_path / "s", rows, articles=1).select())
    assert [f.text for f in found] == [
        "Nearest by every normalisation: Serraj with the UN envoy (both relayed).",
        "Most in conflict by every normalisation: Haftar with the Tobruk parliament and its government (both relayed).",
        "No instrument shared with anyone else: the United Nations.",
    ]
    assert [f.rows for f in found] == [("a-000", "a-001"), ("a-002", "a-003"), ("a-004",)]


def test_other_ties_nobody(tmp_path: Path) -> None:
    """Rows outside the list of instruments share a code and no demand, so they tie nobody."""
    rows = [{**said(who, "other"), "note": "something else"} for who in SPEAKERS[:2]]
    selection = make_suite(tmp_path / "s", rows, articles=1).select()
    assert sentences(selection) == ["No two speakers share an instrument within the selection."]
    assert "there is no network to draw" in exhibits.spoken_on(selection).text


def test_one_voice(shipped: Suite) -> None:
    """Where two authors who stand near each other may be one person, the sentence says so."""
    selection = shipped.select(articles=["libya-analysis-2014", "mei-2014"], voices="author")
    (found,) = findings.who_stands_near_whom(selection)[:1]
    assert "Libya-Analysis" in found.text
    assert "Karim Mezran" in found.caveat


ROW = st.fixed_dictionaries(
    {
        "article": st.sampled_from("ab"),
        "speaker": st.sampled_from(SPEAKERS),
        "instrument": st.sampled_from(["ceasefire", "elections", "sanctions"]),
        "stance": st.sampled_from(["supports", "opposes"]),
        "condition_type": st.sampled_from(["", "", "goal"]),
        "target": st.sampled_from(["", "egypt", "us-regional-allies", "haftar"]),
        "confidence": st.sampled_from(["", "low"]),
    },
)
REACH = {
    "": set(),
    "egypt": {"egypt"},
    "haftar": {"haftar"},
    "us-regional-allies": {"egypt", "uae"},
}


def rests(rows: list[dict[str, str]], a: str, b: str, *, same: bool) -> tuple[bool, list[str]]:
    """Return whether a tie is plain, and what is true of all that ties it, by looking at every two rows."""
    met = [
        (one, other)
        for one in rows
        for other in rows
        if (one["speaker"], other["speaker"], one["instrument"]) == (a, b, other["instrument"])
        and (one["stance"] == other["stance"]) == same
    ]
    flaws = {
        "over a year apart": [one["article"] != other["article"] for one, other in met],
        "not on the same terms": [  # every condition has words of its own
            one is not other and bool(one["condition_type"] or other["condition_type"])
            for one, other in met
        ],
        "upon different targets": [
            bool(one["target"] and other["target"])
            and not REACH[one["target"]] & REACH[other["target"]]
            for one, other in met
        ],
        "doubtful": ["low" in {one["confidence"], other["confidence"]} for one, other in met],
    }
    plain = any(not any(found) for found in zip(*flaws.values(), strict=True))
    return plain, ["both relayed", *(mark for mark, found in flaws.items() if all(found))]


@settings(
    max_examples=tries(40), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(st.lists(ROW, min_size=1, max_size=8))
def test_recount(rows: list[dict[str, str]]) -> None:
    """Whatever the rows, the pair called nearest as counted has most in common, whoever is called alone shares nothing, and what a tie rests on is said."""
    rows = [said(**row) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        selection = make_suite(Path(folder) / "s", rows, articles=2).select(count="rows")
        found = findings.who_stands_near_whom(selection)
    counts = Counter((row["speaker"], row["instrument"], row["stance"]) for row in rows)
    near = {
        (a, b): sum(n * counts[b, i, s] for (who, i, s), n in counts.items() if who == a)
        for a, b in combinations(sorted({row["speaker"] for row in rows}), 2)
    }
    top = [pair for pair, weight in near.items() if weight == max(near.values()) > 0]
    near_by = [f for f in found if f.code == "near-congruence"]
    assert bool(near_by) == bool(top)
    if top:
        (counted,) = [f for f in near_by if f.text.startswith(("Nearest as counted", "Nearest by every"))]  # fmt: skip
        assert (f"{len(top) - 3} other" in counted.text) == (len(top) > 3)
        check_ties(counted, rows, top)
    for finding in found:
        if finding.code == "near-conflict":
            pairs = [(a, b) for a, b in near if f"{LABELS[a]} with {LABELS[b]}" in finding.text]
            assert all(bracketed(rows, *pair, same=False) in finding.text for pair in pairs)
    alone = [f for f in found if f.code == "near-alone"]
    spoken = {who: {i for w, i, _ in counts if w == who} for who, _, _ in counts}
    shares = {a for a in spoken for b in spoken if a != b and spoken[a] & spoken[b]}
    named = {who for who in spoken if alone and LABELS[who] in alone[0].text}
    assert named == set(spoken) - shares


def bracketed(rows: list[dict[str, str]], a: str, b: str, *, same: bool) -> str:
    """Return two speakers as a sentence names them, with what all that ties them has in common."""
    return f"{LABELS[a]} with {LABELS[b]} ({', '.join(rests(rows, a, b, same=same)[1])})"


def check_ties(finding: Finding, rows: list[dict[str, str]], top: list[tuple[str, str]]) -> None:
    """Check that plain ties are named first, that all are counted, and that the rest is marked."""
    known = {pair: rests(rows, *pair, same=True) for pair in top}
    order = sorted(top, key=lambda pair: (not known[pair][0], len(known[pair][1])))
    places = [finding.text.index(bracketed(rows, *pair, same=True)) for pair in order[:3]]
    assert places == sorted(places)
    plain = sum(known[pair][0] for pair in top)
    told = f"Plain ties among them: {number(plain) if plain else 'none'}."
    assert (told in finding.caveat) == (len(top) > 1 and plain < len(top))


def test_squares_and_table(tmp_path: Path) -> None:
    """A square holds support less opposition, and its line in the table counts both."""
    rows = [said("serraj", "ceasefire"), said("serraj", "ceasefire", "opposes"),
            said("haftar", "ceasefire", "opposes")]  # fmt: skip
    selection = make_suite(tmp_path / "s", rows, articles=1).select()
    shown = exhibits.spoken_on(selection)
    drawn = shown.chart.to_dict()  # type: ignore[attr-defined]
    (data,) = drawn["datasets"].values()
    assert {(line["row"], line["weight"]) for line in data} == {("Serraj", 0), ("Haftar", -1)}
    text = str(shown.html)
    assert '<td>a ceasefire</td><td class="number">1</td><td class="number">1</td>' in text
    assert '<td>a ceasefire</td><td class="number">0</td><td class="number">1</td>' in text
    assert 'href="#note-1"' in text


@pytest.mark.parametrize("nodes", MODES)
@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_every_measure_is_shown(shipped: Suite, nodes: str, aggregation: str) -> None:
    """Every aggregation and normalisation of the shipped suite is drawn, with neighbours in a fixed order and every square on both sides."""
    selection = shipped.select()
    for normalisation in NORMALISATIONS:
        asked = {"nodes": nodes, "aggregation": aggregation, "normalisation": normalisation}
        one, two = (exhibits.near(selection, **asked) for _ in range(2))
        assert str(one.html) == str(two.html)
        (data,) = one.chart.to_dict()["datasets"].values()  # type: ignore[attr-defined]
        cells = {(line["row"], line["column"]): line["weight"] for line in data}
        assert all(cells[column, row] == weight for (row, column), weight in cells.items())
    assert exhibits.normalised(selection, nodes=nodes, aggregation=aggregation).text
    assert exhibits.duplicates(selection, nodes=nodes, aggregation=aggregation).text


def test_many_speakers(tmp_path: Path, shipped: Suite) -> None:
    """Of many speakers those who say most are drawn, and the rest are named."""
    names = [name for name in shipped.book.values("actor") if name != "other"][:30]
    rows = [said(name, "ceasefire") for name in names]
    rows += [said(name, "elections") for name in names[-5:]]
    selection = make_suite(tmp_path / "s", rows, articles=1).select()
    shown = exhibits.spoken_on(selection)
    once = sorted(names[:-5])
    left = [shipped.book.label("actor", name) for name in once[15:]]
    words = "Not drawn, with as few statements or fewer: speakers – "
    assert f"{words}{few(left, most=12)}." in shown.text
    near = exhibits.near(selection, nodes="speaker", aggregation="congruence", normalisation="none")
    assert f"{words}{few(left, most=12)}." in near.text
    (data,) = shown.chart.to_dict()["datasets"].values()  # type: ignore[attr-defined]
    drawn = {line["row"] for line in data}
    assert {shipped.book.label("actor", name) for name in names[-5:]} <= drawn
    assert len(drawn) == 20


def test_neighbours() -> None:
    """Whoever is tied most to those already placed comes next, and the order of the edges changes nothing."""
    edges = pd.DataFrame(
        [("a", "b", 1), ("b", "c", 9), ("c", "d", 2), ("e", "f", 3)], columns=["a", "b", "weight"]
    )
    assert arranged(edges) == ["c", "b", "d", "a", "e", "f"]
    assert arranged(edges.iloc[::-1]) == arranged(edges)


def test_nothing(shipped: Suite) -> None:
    """A selection that holds nothing is a sentence in every place."""
    selection = shipped.select(from_date="2030")
    asked = {"nodes": "speaker", "aggregation": "congruence"}
    shown = [
        exhibits.spoken_on(selection),
        exhibits.near(selection, **asked, normalisation="none"),
        exhibits.ties(selection, nodes="speaker"),
        exhibits.normalised(selection, **asked),
        exhibits.duplicates(selection, **asked),
    ]
    assert all("no network to draw" in one.text for one in shown)
    assert sentences(selection) == ["No article of this suite is within the selection."]


def test_scipy_waits() -> None:
    """No notebook waits for scipy but the one that draws networks."""
    code = "import sys, policybook.exhibits, policybook.findings, policybook.measures as m; print('scipy' in sys.modules, len([getattr(m, n) for n in m.__all__]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("False ")
