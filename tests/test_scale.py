"""Many rows: what is counted by numbers is what names count, and what is not tried is said."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import robustness
from policybook.content import Facts
from policybook.exhibits.networks import MOST_PAIRS, _ranks
from policybook.findings import one_theme, shift, states
from policybook.findings.finding import few
from policybook.findings.headlines import headlines
from policybook.findings.rows import called, every_row, on_theme, shown_rows, varied
from policybook.measures import means
from policybook.measures.counting import NUMBERS, numbered, units
from policybook.problems import ParameterError
from policybook.robustness import changes
from policybook.suite import Selection

NAMES = st.sampled_from(["a", "b", "c", "d", "elsewhere"])


@st.composite
def counted(draw: st.DrawFn) -> pd.DataFrame:
    """Draw rows that belong to courses of any name and repeat any row, also one that is not there."""
    drawn = draw(
        st.lists(st.tuples(NAMES, st.sampled_from(["", "r0", "r1", "r2", "gone"])), max_size=9)
    )
    lines = [
        {"id": f"r{n}", "course": course if course != "d" else f"r{n}", "repeat_of": again,
         "article": "pq"[n % 2], "order": n % 2, "start": n // 3, "end": n, "objective": "stop",
         "instrument": "i", "stance": "supports", "means": "force", "strength": "", "quote": "",
         "condition_type": ["", "precondition"][n % 2], "condition": "", "addressee": "",
         "target": "", "speaker": "x"}
        for n, (course, again) in enumerate(drawn)
    ]  # fmt: skip
    columns = [
        "id",
        "course",
        "repeat_of",
        "article",
        "order",
        "start",
        "end",
        *means.STEP,
        "speaker",
        "quote",
    ]
    kinds = dict.fromkeys(("order", "start", "end"), "int64")
    table = pd.DataFrame(lines, columns=[c for c in dict.fromkeys(columns) if c not in _MADE])
    return table.astype(kinds)


_MADE = ("step", "steps", "serves", "repeats")


@settings(max_examples=tries(150), deadline=None)
@given(
    counted(),
    st.sets(st.integers(0, 8)),
    st.sampled_from(["courses", "recommendations", "rows", "articles"]),
)
def test_numbers_count_what_names_count(rows: pd.DataFrame, kept: set[int], rule: str) -> None:
    """Of all rows and of any part of them, the same ones are one unit by numbers as by names."""
    for table in (rows, rows[rows.index.isin(kept)]):
        by_name = pd.factorize(units(table, rule=rule))[0]
        by_number = pd.factorize(units(numbered(rows).loc[table.index], rule=rule))[0]
        assert by_name.tolist() == by_number.tolist()


@settings(max_examples=tries(60), deadline=None)
@given(counted())
def test_courses_are_the_same_by_numbers(rows: pd.DataFrame) -> None:
    """Numbered rows and rows whose steps are known make the same courses, names and means."""
    ready = means.numbered(numbered(rows))
    for measure in (means.courses, means.ways, means.preconditions):
        pd.testing.assert_frame_equal(measure(rows), measure(ready), check_dtype=False)
    places = means.ways(ready, ids=False)["rows"]
    ids = ready["id"].to_numpy(object)
    assert ["; ".join(ids[one]) for one in places] == means.ways(rows)["rows"].tolist()


ROWS = [
    {"article": "a", "strength": "must", "confidence": "high"},
    {"article": "a", "instrument": "ceasefire", "confidence": "low"},
    {"article": "b", "confidence": "high", "repeat_of": ""},
    {"article": "b", "instrument": "ceasefire", "course": "b-way"},
    {"article": "b", "instrument": "sanctions", "course": "b-way", "confidence": "medium"},
    {"article": "c", "voice": "reported", "speaker": "un-envoy", "confidence": "high"},
    {"article": "c", "stance": "opposes", "confidence": "low"},
]


@pytest.fixture
def selection(tmp_path: Path) -> Selection:
    """Return all of a small suite."""
    return make_suite(tmp_path / "suite", ROWS).select()


@pytest.mark.parametrize(
    ("name", "value"), [("count", "rows"), ("confidence", "high"), ("articles", ["a", "c"])]
)
def test_a_parameter_changed_is_a_selection_made_anew(
    selection: Selection, name: str, value: str | list[str]
) -> None:
    """What is taken over from another selection changes no sentence and no row behind one."""
    headlines(selection)
    fresh = Selection(selection.suite, {**selection.asked, name: value})
    other = varied(selection, name, value)
    assert headlines(other) == headlines(fresh)
    assert len(shown_rows(other)) == len(fresh.rows)
    for table in (shown_rows(other), shown_rows(fresh)):
        assert set(NUMBERS.values()) <= set(table.columns)


@pytest.mark.parametrize("confidence", ["low", "high"])
def test_a_theme_more_closely_is_a_selection_made_anew(
    selection: Selection, confidence: str
) -> None:
    """Looking at one theme of what is selected says what selecting that theme says."""
    headlines(varied(selection, "confidence", confidence))
    asked = {**selection.asked, "theme": "sanctions", "confidence": confidence}
    themed = varied(on_theme(selection, "sanctions"), "confidence", confidence)
    fresh = Selection(selection.suite, asked)
    assert themed.asked == fresh.asked
    assert one_theme(themed) == one_theme(fresh)
    assert states(themed).equals(states(fresh))
    with pytest.raises(ParameterError, match="sanctoins"):
        on_theme(selection, "sanctoins")


def test_rows_behind_a_filter_keep_their_numbers(selection: Selection) -> None:
    """A row has one number among the rows shown and among all, so that one unit stays one."""
    sure = varied(selection, "confidence", "high")
    every = every_row(sure).set_index("id")[NUMBERS["course"]]
    assert (shown_rows(sure).set_index("id")[NUMBERS["course"]] == every[sure.rows["id"]]).all()


def test_rows_are_called_by_their_ids(selection: Selection) -> None:
    """Rows come in their order, each once; an id that is not selected is left out."""
    ids = selection.rows["id"].tolist()
    assert called(selection, [ids[3], ids[0], "nobody", ids[3]])["id"].tolist() == [ids[0], ids[3]]


def test_of_very_many_rows_fewer_settings_are_tried_and_it_is_said(
    selection: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where rows can be read again only once, one change is tried, and the page names the rest."""
    every = [one.words for one in changes.settings(selection)]
    assert robustness.untried(selection) == []
    monkeypatch.setattr(changes, "ROWS_AGAIN", len(selection.all_rows))
    some = [one.words for one in changes.settings(selection)]
    said = " ".join(robustness.untried(selection))
    assert [words for words in every if words not in some] == [
        *(words for words in every if words.startswith("without") and "rows" not in words),
        "without rows of medium or low confidence",
    ]
    assert "any of three articles left out" in said
    assert "without rows of medium or low confidence" in said


def test_facts_are_those_of_the_table(selection: Selection) -> None:
    """Every article is known by its id, with the cells of its line, and no other one is."""
    table = selection.suite.articles
    facts = Facts(table)
    assert [dict(facts[name]) for name in facts] == table.to_dict("records")
    assert len(facts) == len(table)
    with pytest.raises(KeyError):
        facts["nobody"]


@settings(max_examples=tries(60), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=60))
def test_ranks_of_the_heaviest_are_those_among_all(pairs: list[tuple[int, int]]) -> None:
    """Ranked by any column among the first that are shown, a tie has the rank it has among all ties."""
    weights = pd.DataFrame(pairs, columns=["one", "other"], dtype=float)
    every = weights.rank(ascending=False, method="min").astype(int)
    some = _ranks(weights)
    assert (every.loc[some.index] == some).all(axis=None)
    best = every.min(axis=1).sort_values(kind="stable").index[:MOST_PAIRS]
    assert set(best) <= set(some.index)


def test_a_list_knows_how_many_it_leaves_out() -> None:
    """The rest of a long list is counted also where only its beginning was made."""
    assert (
        few(["a", "b", "c"], most=2, total=9) == few("abcdefghi", most=2) == "a, b and seven others"
    )


def test_articles_beyond_those_told_in_words_may_still_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That all are alike is said of all articles, not of the first few that are put into words."""
    monkeypatch.setattr(shift, "MOST_WORDED", 2)
    rows = [{"article": "a"}, {"article": "b"}, {"article": "c", "strength": "must"}]
    suite = make_suite(tmp_path / "suite", rows)
    found = shift.facets(suite.select(), suite.rows)
    assert (list(found.words), found.articles) == (["a", "b"], ("a", "b", "c"))
    assert found.differing == ("strength",)
