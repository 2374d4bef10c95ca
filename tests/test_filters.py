"""What a selection leaves out, and the reason it gives."""

from pathlib import Path

import pytest

from made import make_suite
from policybook.suite import Suite

FACTS = {
    "a": {"published": "", "earliest": "2014-09-20", "latest": "2014-10-18"},
    "b": {},  # 5 March 2012
    "c": {"published": "", "earliest": "2019-01-01", "latest": "2019-12-31"},
}


@pytest.fixture
def made(tmp_path: Path) -> Suite:
    """Three articles, two of them dated by an interval: b, a, c in order of time."""
    return make_suite(
        tmp_path / "s", [{"article": "a"}, {"article": "a", "confidence": "low"}], facts=FACTS
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {}),
        ({"from_date": "2014-10"}, {"b": "published before 1 October 2014"}),
        ({"from_date": "2014-10-18"}, {"b": "published before 18 October 2014"}),
        ({"from_date": "2014-10-19"}, {"b": "published before 19 October 2014",
                                       "a": "published before 19 October 2014"}),
        ({"to_date": "2014-09-20"}, {"c": "published after 20 September 2014"}),
        ({"to_date": "2014-09-19"}, {"a": "published after 19 September 2014",
                                     "c": "published after 19 September 2014"}),
        ({"from_date": "2013", "to_date": "2018"}, {"b": "published before 1 January 2013",
                                                    "c": "published after 31 December 2018"}),
        ({"to_date": "2014"}, {"c": "published after 31 December 2014"}),
        ({"articles": "a, c"}, {"b": "not asked for"}),
        ({"articles": "c", "from_date": "2013", "to_date": "2018"},
         {"b": "not asked for", "a": "not asked for", "c": "published after 31 December 2018"}),
        ({"from_date": "0001", "to_date": "9999"}, {}),
        ({"to_date": "0001"}, dict.fromkeys("bac", "published after 31 December 1")),
    ],
)  # fmt: skip
def test_what_is_left_out_and_why(
    made: Suite, asked: dict[str, str], expected: dict[str, str]
) -> None:
    """An article stays while its interval overlaps the dates; of several reasons one is given, always the same."""
    selection = made.select(**asked)
    out = selection.left_out
    assert dict(zip(out["id"], out["reason"], strict=True)) == expected
    assert list(out["id"]) == [one for one in "bac" if one in expected]
    assert list(selection.articles["id"]) == [one for one in "bac" if one not in expected]


def test_what_the_widest_dates_leave_open(tmp_path: Path) -> None:
    """An article whose widest dates reach into the limits is left out as probably outside, no more."""
    wide = {**FACTS["a"], "outer_earliest": "2014-09-01", "outer_latest": "2014-11-05"}
    made = make_suite(tmp_path / "s", [{"article": "a"}], articles=1, facts={"a": wide})
    for asked, reason in (
        ({"from_date": "2014-11"}, "probably published before 1 November 2014, though not certainly"),
        ({"from_date": "2014-12"}, "published before 1 December 2014"),
        ({"to_date": "2014-09-10"}, "probably published after 10 September 2014, though not certainly"),
        ({"to_date": "2014-08"}, "published after 31 August 2014"),
    ):  # fmt: skip
        assert made.select(**asked).left_out["reason"].tolist() == [reason]


def test_a_fingerprint_is_of_what_is_selected(made: Suite) -> None:
    """The same selection has the same fingerprint, asked twice or anew; another has another."""
    first = made.select(articles="a")
    assert first.fingerprint() == first.fingerprint() == made.select(articles="a").fingerprint()
    others = (
        made.select(articles="b"),
        made.select(articles="c"),
        made.select(articles="a", confidence="high"),
    )
    assert len({one.fingerprint() for one in (first, *others)}) == 4


def test_what_is_done_to_a_selection_stays_there(made: Suite) -> None:
    """Who writes into the tables of a selection changes them for no other that asks for the same."""
    first, names = made.select(), ("articles", "rows", "all_rows", "diagnoses")
    before = {name: getattr(first, name).copy() for name in names}
    for name in names:
        table = getattr(first, name)
        table["more"] = 1
        table.loc[:, "id"] = "changed"
    again = made.select()
    assert all(getattr(again, name).equals(table) for name, table in before.items())
