"""What coverage and counting promise: every state as worked by hand, under every counting rule."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from policybook.choices import COUNTING
from policybook.measures.counting import RULES, numbered, tally, units
from policybook.measures.coverage import coverage

WORKED = Path(__file__).parent / "worked"
SINCE = pd.DataFrame({"id": ["talks", "arms", "oil"], "since": ["", "1.1.0", ""]})


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"{name}.csv", dtype=str, keep_default_na=False)


def rows() -> pd.DataFrame:
    """Return the rows of the example, each with the year of its article."""
    years = worked("coverage-articles").set_index("id")["first_year"].astype(int)
    found = worked("coverage-rows")
    return found.assign(first_year=found["article"].map(years))


def shown() -> pd.DataFrame:
    """Return the rows that no filter hides."""
    return rows()[rows()["filtered"] == "no"]


def cells(count: str) -> pd.DataFrame:
    """Return the states of the example."""
    return coverage(
        worked("coverage-articles"), rows(), rows=shown(), instruments=SINCE,
        diagnoses=worked("coverage-diagnoses"), count=count,
    )  # fmt: skip


def test_the_states_worked_by_hand() -> None:
    """Each article has on each instrument the state, the numbers and the facts worked by hand."""
    found = cells("courses")
    found["hidden"] = found["hidden"].map({True: "yes", False: "no"})
    expected = worked("coverage-cells").drop(columns="working")
    assert found[list(expected)].astype(str).to_numpy().tolist() == expected.to_numpy().tolist()


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_worked_by_hand(rule: str) -> None:
    """What is one when recommendations are counted is as worked by hand, by names and by numbers."""
    expected = worked("counting-tallies").set_index("rule").loc[rule]
    for table in (shown(), numbered(shown())):
        assert tally(table, ["stance"], rule=rule).to_dict() == {
            stance: int(expected[stance]) for stance in ("supports", "opposes")
        }


def test_every_rule_changes_numbers_and_no_state() -> None:
    """A counting rule decides how much is said, never who says it."""
    states = {rule: cells(rule)["state"].tolist() for rule in RULES}
    assert all(found == states["courses"] for found in states.values())
    assert cells("rows")["supports"].tolist() != cells("courses")["supports"].tolist()


def test_every_rule_can_be_asked_for() -> None:
    """A notebook can be asked to count by every rule there is, and by no other."""
    assert COUNTING == RULES
    with pytest.raises(ValueError, match="unknown counting rule"):
        units(rows(), rule="words")
    with pytest.raises(ValueError, match="periods need years"):
        units(rows().drop(columns="first_year"), rule="periods")
