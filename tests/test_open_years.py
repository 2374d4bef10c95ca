"""What counting in years promises: of open dates the fewest and the most, never a year too many."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.findings.finding import Finding
from policybook.measures.open_years import spread, widest_years

WORKED = pd.read_csv(
    Path(__file__).parent / "worked" / "open-years.csv", dtype=str, keep_default_na=False
)
Make = Callable[..., Any]

OPEN = {
    "a": {"earliest": "2014-12-01", "latest": "2015-01-31", "published": "", "date_basis": "inferred"},
    "b": {"earliest": "2015-02-01", "latest": "2015-02-01", "published": "2015-02-01"},
    "c": {"earliest": "2015-12-01", "latest": "2016-01-31", "published": "", "date_basis": "inferred"},
}  # fmt: skip
"""Article a is of 2014 or 2015, b of 2015, c of 2015 or 2016."""


@pytest.fixture
def suite(tmp_path: Path) -> Make:
    """Return a maker of suites whose dates leave years open."""
    return lambda *rows, **known: make_suite(
        tmp_path / "s", rows, **{"facts": OPEN, "articles": 4, **known}
    )


@pytest.mark.parametrize("line", WORKED.to_dict("records"), ids=lambda line: line["years"])
def test_the_years_worked_by_hand(line: dict[str, str]) -> None:
    """The fewest and the most years are those that a person finds with a pencil."""
    spans = [tuple(map(int, one.split("-"))) for one in line["years"].split("; ")]
    first, last = (np.array([span[end] for span in spans]) for end in (0, -1))
    assert spread(first, last) == (int(line["fewest"]), int(line["most"]))


@settings(max_examples=tries(300), deadline=None)
@given(st.lists(st.tuples(st.integers(2010, 2015), st.integers(0, 3)), max_size=6))
def test_no_way_to_date_articles_gives_fewer_or_more(spans: list[tuple[int, int]]) -> None:
    """Both numbers are reached by some choice of a year for every article, and none passes them."""
    first = np.array([year for year, _ in spans], dtype="int64")
    last = first + np.array([more for _, more in spans], dtype="int64")
    ways = product(*(range(year, year + more + 1) for year, more in spans))
    found = {len(set(way)) for way in ways}
    assert spread(first, last) == (min(found), max(found))


def test_dates_at_the_widest_leave_a_year_open() -> None:
    """What the outside dates of an article leave open is open, whatever its interval says."""
    articles = pd.DataFrame({
        "id": ["a", "b"], "earliest": pd.to_datetime(["2014-12-01", "2014-12-01"]),
        "latest": pd.to_datetime(["2014-12-20", "2014-12-20"]), "outer_latest": ["2015-01-05", ""],
    })  # fmt: skip
    assert widest_years(articles).to_numpy().tolist() == [[2014, 2015], [2014, 2014]]


def said(found: list[Finding], code: str, subject: str = "") -> Finding:
    """Return the one finding of a kind, and on a subject where one is given."""
    (one,) = [f for f in found if f.code == code and subject in {"", f.subject}]
    return one


def asked(article: str, **cells: str) -> dict[str, str]:
    """Return a row that asks somebody."""
    return {"article": article, "addressee": "un", **cells}


def test_a_sentence_says_the_fewest_and_the_most_years(suite: Make) -> None:
    """A number of years that dates leave open is told as one or two, or as two to four."""
    for articles, wanted in (
        ("abc", "recommendations of one to three years in three articles"),
        ("ab", "recommendations of one or two years in two articles"),
        ("ac", "recommendations of one or two years in two articles"),
        ("a", "recommendations of one year in one article"),
        ("bd", "recommendations of two years in two articles"),
    ):
        chosen = suite(*map(asked, articles)).select(count="periods")
        text = said(findings.one_actor(chosen, "un"), "actor-itself", "asked of it: itself").text
        assert text == f"Asked of the United Nations in particular: {wanted} – for sanctions."


def test_what_is_only_relayed_is_counted_in_articles(suite: Make) -> None:
    """How much of some years is only relayed is told in articles, for their years may be one."""
    rows = [asked("b"), asked("c", voice="reported", speaker="un-envoy")]
    found = findings.one_actor(suite(*rows).select(count="periods"), "un")
    assert "of one or two years in two articles, in one article only relayed –" in " ".join(
        f.text for f in found
    )


def test_who_is_addressed_most_is_no_order_that_dates_leave_open(suite: Make) -> None:
    """The order is by the fewest years and says so; all who may be first are the claim."""
    rows = [asked(one, addressee="egypt") for one in "ab"]
    rows += [asked("b"), asked("d"), asked("b", addressee="uae")]
    most = said(findings.who_is_asked(suite(*rows).select(count="periods")), "asked-most")
    assert most.text == (
        "Most often addressed, counted in years: the United Nations (two), Egypt (one or two),"
        " and the United Arab Emirates (one)."
    )
    assert "Where dates leave the number of years open, the order is by the fewest." in most.caveat
    assert most.claim == "Most often addressed: egypt and un"
    sure = said(findings.who_is_asked(suite(*rows[1:]).select(count="periods")), "asked-most")
    assert "the order is by the fewest" not in sure.caveat
    courses = said(findings.who_is_asked(suite(*rows).select()), "asked-most")
    assert "the order is by the fewest" not in courses.caveat


def test_means_are_counted_in_years_as_far_as_dates_say(suite: Make) -> None:
    """By which means is told with the fewest and the most years; what names none, in articles."""
    cells = {"objective": "end_fighting", "means": "threat"}
    rows = [{"article": "a", **cells}, {"article": "b", **cells}]
    rows += [{"article": one, "objective": "end_fighting"} for one in "cd"]
    found = findings.which_means(suite(*rows).select(count="periods"), "end_fighting")
    assert (
        "recommendations of two or three years in four articles" in said(found, "means-head").text
    )
    which = said(found, "means-which")
    assert which.text.endswith("(one or two); none named at all: in two articles.")
    assert not which.caveat


def test_tables_say_that_they_take_the_first_year(suite: Make) -> None:
    """A table or chart that counts years says by which, where a selected article leaves it open."""
    made = suite(asked("a"), asked("b", speaker="un-envoy", voice="reported"))
    first = "counted in years (by the first possible day of publication)"
    for shown in (exhibits.addressed, exhibits.flow):
        assert first in str(shown(made.select(count="periods")).html)
        assert first not in str(shown(made.select(count="periods", articles=["b"])).html)
        assert first not in str(shown(made.select()).html)
    assert "sentences give the fewest and the most" in exhibits.before_you_quote(made.select(count="periods")).text  # fmt: skip
    near = findings.who_stands_near_whom(made.select(count="periods"))
    assert "by the first possible year" in near[0].caveat
    assert "first possible year" not in findings.who_stands_near_whom(made.select())[0].caveat


def test_windows_count_years_that_are_open(suite: Make) -> None:
    """In how many years of a window a theme is prescribed lies between what is certain and what may be."""
    made = suite(*(asked(one) for one in "abc")).select(theme="sanctions", count="periods")
    lines = re.sub(r"<[^>]+>|\[\d+\]", "", exhibits.windows(made).text).splitlines()[1:]
    assert [line.split()[1:] for line in lines] == [
        ["1–2", "0–1", "0–1", "0–1"],
        ["1–3", "1", "1–2", "1–2"],
        ["0–1", "0–1", "1–3", "1–3"],
    ]


def test_windows_hold_at_the_widest(suite: Make) -> None:
    """A year has for certain only what appeared in it by its dates at the widest."""
    days = {
        "earliest": "2014-12-01",
        "latest": "2014-12-20",
        "published": "",
        "date_basis": "inferred",
    }
    made = suite(asked("a"), facts={"a": {**days, "outer_latest": "2015-01-05"}}, articles=1)
    lines = re.sub(r"<[^>]+>|\[\d+\]", "", exhibits.windows(made.select(theme="sanctions")).text)
    assert [line.split()[1:4] for line in lines.splitlines()[1:]] == [["0–1", "0–1", "0–1"], ["0–1", "0–1", "1"]]  # fmt: skip
