"""What `policybook check` says of a suite, situation by situation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policybook import material
from policybook.checks import check
from policybook.problems import Problem, SuiteError, report
from policybook.suite import open_suite

SUITES = Path(__file__).parent / "suites"
SITUATIONS = sorted(folder.name for folder in SUITES.iterdir() if folder.name != "base")
LayOut = Callable[[str], Path]


def checked(root: Path) -> list[Problem]:
    """Return the problems of a suite."""
    return check(material.read(root))


def reported(root: Path) -> str:
    """Return what `policybook check` prints of a suite."""
    content = material.read(root)
    return report(check(content), rows=len(content.recommendations.cells))


def expected(situation: str) -> str:
    """Return what was worked by hand for a situation."""
    return (SUITES / situation / "expected.txt").read_text("utf-8").removesuffix("\n")


def test_the_base_has_no_problem(base: Path) -> None:
    """A sound suite is told so, with the number of its rows."""
    assert reported(base) == "No problems in 6 rows."


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situation(situation: str, lay_out: LayOut) -> None:
    """Every mistake is answered with its place, the evidence and the next step, and nothing else."""
    assert reported(lay_out(situation)) == expected(situation)
