"""Who repeats a demand need not repeat its terms: it still stands under them, whatever a filter hides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from made import make_suite
from policybook import findings
from policybook.findings.finding import Finding
from policybook.measures import agreement
from policybook.suite import Selection, Suite

A, B = "Khalid Mahmoud (2011)", "Wehrey and Lacher (2012)"
BOUND = {"article": "a", "condition_type": "proviso", "target": "haftar", "objective": "end_fighting"}  # fmt: skip
AGAIN = {"article": "a", "repeat_of": "a-000"}
PROVISO = "“provided that number 000 holds”"
HIGH = {"confidence": "high"}
Cells = dict[str, str]


@pytest.fixture
def select(tmp_path: Path) -> Any:
    """A function that makes a suite of rows and selects from it."""
    return lambda rows, **asked: make_suite(tmp_path / "s", rows).select(**asked)


def told(found: Sequence[Finding]) -> dict[str, str]:
    """Return the sentences of findings by their kind."""
    return {finding.code: finding.text for finding in found}


@pytest.mark.parametrize("confidence", ["low", "high"])
def test_a_theme(select: Any, confidence: str) -> None:
    """The mark and the condition of a demand stand, also where its first saying is hidden."""
    rows = [BOUND | {"confidence": "low"}, AGAIN]
    found = told(findings.one_theme(select(rows, theme="sanctions", confidence=confidence)))
    assert found["theme-stances"].startswith(f"For sanctions: {A[:-1]}, under a condition)")
    assert found["theme-conditions"] == (
        f"The one recommendation under this heading stands under a condition: {PROVISO}."
    )


def test_an_article(select: Any) -> None:
    """What an author opposes, and whose position he rejects, is never told without its condition."""
    oppose, report = {"stance": "opposes"}, {"voice": "reported", "speaker": "haftar", "author_attitude": "rejects"}  # fmt: skip
    for cells, code in ((oppose, "article-opposes"), (report, "article-relays")):
        selection = select([BOUND | cells, AGAIN | cells])
        found = told(findings.one_article(selection, "a"))
        assert found[code].endswith(f"sanctions (condition: {PROVISO}).")


def test_means(select: Any) -> None:
    """Steps towards an end that only a repetition names stand under the condition of its first saying."""
    rows = [BOUND, AGAIN | {"objective": "deter_abuses"}]
    found = told(findings.which_means(select(rows), "deter_abuses"))
    assert "means-untriggered" not in found
    assert found["means-triggers"].endswith(f"{PROVISO}.")


def test_ties(select: Any) -> None:
    """Who repeats his demand without its condition is no nearer to who makes it without one."""
    other = {"article": "b", "target": "haftar", "objective": "end_fighting"}
    for rows in ([BOUND, other], [BOUND, other, AGAIN]):
        found = told(findings.who_stands_near_whom(select(rows, voices="author"), nodes_="speaker"))
        assert "not on the same terms" in found["near-congruence"]


def test_only_the_repetition_is_bound(select: Any) -> None:
    """A recommendation that is made without a condition as well is said to stand under it in part."""
    first, again = {"article": "a"}, AGAIN | {"condition_type": "proviso"}
    bound = {"article": "b", "condition_type": "goal"}
    heads = {
        "The one recommendation under this heading stands in part under a condition: ": [first, again],
        "One of the recommendations under this heading stands in part under a condition: ": [first, again, {"article": "b"}],
        "Every recommendation under this heading stands, at least in part, under a condition: ": [first, again, bound],
        "Every recommendation under this heading stands under a condition: ": [BOUND, AGAIN, bound],
        "Some of the recommendations under this heading stand, at least in part, under a condition: ": [first, again, bound, {"article": "c"}],
    }  # fmt: skip
    for head, rows in heads.items():
        found = findings.one_theme(select(rows, theme="sanctions"))
        assert told(found)["theme-conditions"].startswith(head)
        assert f"{A})" not in told(found)["theme-stances"]


def kinds(selection: Selection) -> dict[str, set[str]]:
    """Return what a and b are to each other on each instrument."""
    found = agreement(selection.rows, [("a", "b")], book=selection.book)
    pairs = zip(found["instrument"], found["kind"], strict=True)
    return {instrument: set(kind.split(" and ")) & {"agree", "contradict"} for instrument, kind in pairs}  # fmt: skip


@pytest.mark.parametrize("bound", [True, False])
@pytest.mark.parametrize("theirs", [{"objective": "deter_abuses", "target": "serraj"}, {"target": "haftar"}])  # fmt: skip
def test_a_filter_makes_no_agreement(
    shipped: Suite, select: Any, theirs: Cells, *, bound: bool
) -> None:
    """Two who agree or contradict each other where a first saying is hidden do so where it is shown."""
    ends, whom = ("", "end_fighting", "deter_abuses"), ("", "haftar", "serraj")
    rows: list[Cells] = []
    cases = product(ends, whom, ("supports", "opposes"))
    for instrument, (end, target, stance) in zip(shipped.book.values("instrument"), cases, strict=False):  # fmt: skip
        first = BOUND | {"confidence": "low"} if bound else {"article": "a", "target": "haftar", "confidence": "low"}  # fmt: skip
        again = {"article": "a", "objective": end, "target": target, "repeat_of": f"a-{len(rows):03}"}  # fmt: skip
        other = {"article": "b", "stance": stance, **theirs}
        rows += [{"instrument": instrument, **one} for one in (first, again, other)]
    every, few = (kinds(select(rows, confidence=one)) for one in ("low", "high"))
    assert all(met <= every[instrument] for instrument, met in few.items())
    assert any(few.values()) != bound


def test_what_the_repetition_says_itself(select: Any) -> None:
    """A term that the repetition has itself stays; another stance or instrument takes over nothing."""
    own = {"condition_type": "goal", "target": "serraj", "objective": "deter_abuses"}
    rows = [BOUND, AGAIN | own, AGAIN | {"stance": "opposes"}, AGAIN | {"instrument": "elections"}]
    found = select(rows).rows.set_index("id").astype(str)
    assert found.loc["a-001", ["target", "objective"]].tolist() == ["serraj", "deter_abuses"]
    assert found.loc["a-001", "condition"] == "provided that number 001 holds"
    for name in ("a-002", "a-003"):
        assert found.loc[name, ["condition", "target", "objective"]].tolist() == ["", "", "unspecified"]  # fmt: skip


def test_the_table_stays(select: Any) -> None:
    """The rows of the suite, and those that prove a sentence, hold what the coder wrote."""
    selection = select([BOUND, AGAIN])
    assert selection.rows["condition"].tolist() == ["provided that number 000 holds"] * 2
    assert selection.rows["condition_start"].nunique() == 1
    assert selection.suite.rows["condition"].tolist() == ["provided that number 000 holds", ""]
    assert [one["condition"] for one in selection.suite.rows_called(["a-001"])] == [""]


def test_a_page_knows_what_it_hangs_on(select: Any) -> None:
    """Where the terms of a hidden row change, so does the answer of a selection with its repetition."""
    answers = set()
    for kind in ("proviso", "goal"):
        selection = select([BOUND | {"condition_type": kind, "confidence": "low"}, AGAIN], **HIGH)
        answers.add(selection._filter.answer("rows"))
    assert len(answers) == 2
