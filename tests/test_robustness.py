"""Robustness: a finding that depends on one setting says so, and on no other."""

from pathlib import Path

from made import make_suite
from policybook import findings, robustness

ROWS = [
    {"article": "a", "confidence": "low"},
    {"article": "b", "instrument": "elections"},
    {"article": "c", "instrument": "elections"},
]


def test_breaks_only_where_it_depends(tmp_path: Path) -> None:
    """A demand coded with doubt by one author breaks without him and without doubtful rows only."""
    suite = make_suite(tmp_path / "s", ROWS)
    found = robustness.tally(suite.select(), findings.who_recommends_what)
    mine = found[found["subject"] == "sanctions"]
    assert mine.loc[~mine["holds"], "setting"].tolist() == [
        "without Khalid Mahmoud (March 2011)",
        "without rows of low confidence",
        "without rows of medium or low confidence",
    ]
    assert mine.loc[mine["holds"], "change"].tolist() == ["article", "article", "count", "count"]


def test_firm_where_nothing_matters(tmp_path: Path) -> None:
    """A finding that holds under every setting is broken by none."""
    suite = make_suite(tmp_path / "s", ROWS)
    found = robustness.tally(suite.select(), findings.who_recommends_what)
    assert found.loc[found["subject"] == "exclude_haftar", "holds"].all()


def test_equal_every_time(tmp_path: Path) -> None:
    """The same suite gives the same tally, whatever was asked before."""
    suite = make_suite(tmp_path / "s", ROWS)
    first = robustness.tally(suite.select(), findings.who_recommends_what)
    second = robustness.tally(suite.select(), findings.who_recommends_what)
    assert first.to_csv() == second.to_csv()
