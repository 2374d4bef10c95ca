"""What coverage and counting promise: every state as worked by hand, under every counting rule."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from policybook import findings, measures
from policybook.choices import COUNTING
from policybook.findings.asked import shift_rows, unaddressed_rows
from policybook.findings.coverage import states
from policybook.measures import addressees, means, networks, timeline
from policybook.measures.affiliation import affiliation
from policybook.measures.counting import RULES, numbered, tally, units
from policybook.measures.coverage import coverage
from policybook.suite import Suite

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


@pytest.mark.parametrize("rule", ["courses", "recommendations", "rows", "articles"])
def test_every_table_that_counts_states_its_rule(shipped: Suite, rule: str) -> None:
    """A table that leaves the page carries the rule by which its units were counted."""
    chosen = shipped.select(theme="sanctions", count=rule)
    every, facts = chosen.rows, chosen.articles
    network = affiliation(every, articles=facts, count=rule)
    tables = {
        "flows": addressees.flows(every, rule=rule),
        "unaddressed": addressees.unaddressed(every, rule=rule),
        "asked over time": addressees.asked_over_time(
            every, "sanctions", articles=facts, rule=rule
        ),
        "dossier": addressees.tally_dossier(
            addressees.dossier(every, "egypt", book=chosen.book), rule=rule
        ),
        "ways": means.ways(every, instrument="sanctions", rule=rule),
        "windows": timeline.windows(every, timeline.years(facts), by=["instrument"], rule=rule),
        "states": states(chosen),
        "nodes": networks.nodes(network),
        "connected nodes": networks.nodes(network, isolates=False),
        "two-mode": networks.two_mode(network),
        "projection": networks.projection(network),
        "shifts": shift_rows(chosen).lines,
        "tally": tally(every, ["stance"], rule=rule),
    }
    assert {name: table.attrs.get("count") for name, table in tables.items()} == dict.fromkeys(
        tables, rule
    )
    assert unaddressed_rows(chosen).attrs["count"] == ("courses" if rule == "articles" else rule)


def test_tables_that_only_count_courses_say_so(shipped: Suite) -> None:
    """What is counted in courses whatever is asked says that it is."""
    rows, facts = shipped.rows, shipped.articles
    assert timeline.shift(rows, "sanctions", articles=facts).attrs["count"] == "courses"
    assert means.successions(rows, instrument="sanctions").attrs["count"] == "courses"


def test_when_an_instrument_was_looked_for(shipped: Suite) -> None:
    """From Python, states are had with public names alone, and are those that sentences tell."""
    selection = shipped.select()
    instruments = measures.looked_for(shipped.book)
    assert list(instruments) == ["id", "looked"]
    assert list(instruments["id"]) == list(shipped.book.values("instrument"))
    found = measures.coverage(
        selection.articles, selection.all_rows, rows=selection.rows,
        diagnoses=selection.diagnoses, instruments=instruments,
    )  # fmt: skip
    assert found.equals(findings.states(selection))
