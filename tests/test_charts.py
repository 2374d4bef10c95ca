"""Charts: what is made without altair's checks passes them."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from altair.utils.data import to_values
from altair.utils.schemapi import SchemaValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

import policybook as pb
from made import make_suite, tries
from policybook.charts import dots, network
from policybook.charts.style import styled
from policybook.exhibits.figure import Figure, _spec
from policybook.exhibits.html import Exhibit
from policybook.exhibits.quickly import records
from policybook.suite import COUNTING, Selection, Suite

DRAWN: dict[str, Callable[[Selection], object]] = {
    "matrix": pb.matrix,
    "timeline": pb.timeline,
    "ladder": pb.ladder,
    "heatmap": lambda selection: pb.heatmap(selection, strict=True),
    "flow": pb.flow,
    "intervals": lambda selection: pb.agreement_drawn(pb.coders(selection.suite)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_is_valid(shipped: Suite, name: str) -> None:
    """Every kind of chart is what the schema of Vega-Lite allows, and what altair itself makes of it."""
    selection = shipped.select(theme="sanctions" if name in ("ladder", "heatmap") else "")
    shown = DRAWN[name](selection)
    assert isinstance(shown, Figure)
    wanted = shown.chart.to_dict(validate=True)
    del wanted["$schema"]
    assert _spec(shown.chart) == wanted


COUNTED: dict[str, Callable[[Selection], Exhibit]] = {
    "addressed": pb.addressed,
    "ways": lambda selection: pb.ways(selection, "end_fighting"),
    "spoken_on": pb.spoken_on,
    "near": lambda s: pb.near(s, nodes="speaker", aggregation="ignore", normalisation="cosine"),
    "ties": lambda selection: pb.ties(selection, nodes="speaker"),
    "normalised": lambda s: pb.normalised(s, nodes="speaker", aggregation="ignore"),
    "flow": pb.flow,
    "windows": pb.windows,
}
"""Exhibits whose figures the counting rule makes."""


@pytest.mark.parametrize("name", COUNTED)
def test_what_shows_counts_names_the_rule(shipped: Suite, name: str) -> None:
    """The caption of every table of counts says in what they are counted."""
    for rule, words in COUNTING.items():
        shown = COUNTED[name](shipped.select(theme="sanctions", count=rule))
        (caption,) = re.findall("<caption>(.*?)</caption>", str(shown.html), re.DOTALL)
        assert f", counted in {words}" in caption


def test_a_dossier_says_what_a_line_is(shipped: Suite) -> None:
    """A table of rows, which the counting rule does not make, says that it is one of rows."""
    shown = pb.dossier(shipped.select(), "egypt")
    captions = re.findall("<caption>(.*?)</caption>", str(shown.html))
    assert captions[0] == "Asked of Egypt, each coded row a line"
    assert all(caption.endswith(", each coded row a line") for caption in captions)
    own = pb.dossier(shipped.select(voices="author"), "egypt")
    assert "Said by Egypt: nothing in the selection." in str(own.html)


CELLS = st.sampled_from([None, "", "a", 1, -2, 1.5, float("nan"), float("inf"), True, (1, 2), dt.date(2014, 1, 2)])  # fmt: skip
COLUMN = st.one_of(
    st.lists(CELLS, min_size=3, max_size=3),
    st.lists(st.sampled_from(["a", "b", None]), min_size=3, max_size=3).map(pd.Categorical),
    st.lists(st.sampled_from(["a", None]), min_size=3, max_size=3).map(lambda c: pd.array(c, dtype="str")),
    st.lists(st.sampled_from([1.0, float("inf"), float("nan")]), min_size=3, max_size=3),
    st.lists(st.integers(0, 9), min_size=3, max_size=3).map(lambda c: np.array(c, dtype="int8")),
    st.just(pd.array([1, None, 2], dtype="Int64")),
    st.just(pd.to_datetime(["2014-01-02"] * 3)),
)  # fmt: skip


@settings(max_examples=tries(300), deadline=None)
@given(st.lists(COLUMN, min_size=1, max_size=3))
def test_records_are_those_of_altair(columns: list[Any]) -> None:
    """A table becomes the records that altair makes of it, or is left to altair."""
    table = pd.DataFrame({f"c{place}": column for place, column in enumerate(columns)})
    found = records(table)
    if found is not None:
        assert repr(found) == repr(to_values(table)["values"])
    assert records(table.set_axis(range(len(columns)), axis=1)) is None


def test_charts_of_tables_are_valid() -> None:
    """So are those that a notebook makes of a table: dots, and a network as a matrix."""
    tally = pd.DataFrame({"place": [1], "finding": ["f"], "setting": ["s"], "holds": [False]})
    assert dots(tally, title="t").to_dict(validate=True)
    cells = pd.DataFrame({"row": ["a"], "column": ["b"], "weight": [-1.0]})
    assert network(cells, rows=["a"], columns=["b"], title="t").to_dict(validate=True)


def test_a_ladder_of_many_leaves_nobody_out(tmp_path: Path) -> None:
    """Of more articles than can be drawn one by one, each is counted by its strength and period."""
    facts = {
        chr(97 + n): {"earliest": f"{2001 + n // 2}-02-01", "latest": f"{2001 + n // 2}-06-01", "published": ""}
        for n in range(26)
    }  # fmt: skip
    rows = [{"article": name, "strength": "must"} for name in facts]
    rows += [{"article": "a", "stance": "opposes", "strength": "could"}]
    suite = make_suite(tmp_path / "s", rows, articles=26, facts=facts)
    shown = pb.ladder(suite.select(theme="sanctions"))
    assert isinstance(shown, Figure)
    assert shown.chart.to_dict(validate=True)
    (lines,) = shown.chart.to_dict()["datasets"].values()
    counts = {(x["period"], x["strength"], x["stance"]): x["articles"] for x in lines}
    assert sum(counts.values()) == 27
    assert counts["2000–2001", "must", "supports"] == 2
    assert counts["2002–2003", "must", "supports"] == 4
    assert counts["2000–2001", "could", "opposes"] == 1
    assert "26 of 26 articles take a position" in shown.text
    few = pb.ladder(suite.select(theme="sanctions", articles=list("abc")))
    assert isinstance(few, Figure)
    assert "a bar shows how uncertain a date is" in few.text


def test_a_ladder_of_many_tells_certain_from_possible(tmp_path: Path) -> None:
    """An article of which the day is not known is possible in every period it may be of, and certain in none."""
    facts = {
        chr(97 + n): {"earliest": f"{2011 + n}-02-01", "latest": f"{2011 + n}-02-01", "published": ""}
        for n in range(26)
    }  # fmt: skip
    facts["z"] |= {"earliest": "2011-01-01", "latest": "2036-12-31"}
    facts["y"] |= {
        "earliest": "2013-05-01",
        "latest": "2013-12-31",
    }  # no day, and a period all the same
    rows = [{"article": name, "strength": "must"} for name in facts]
    rows += [{"article": "z", "stance": "opposes", "strength": "could"}]
    rows += [{"article": "a", "strength": "must"}]  # twice on one rung, and one article still
    suite = make_suite(tmp_path / "s", rows, articles=26, facts=facts)
    shown = pb.ladder(suite.select(theme="sanctions"))
    assert isinstance(shown, Figure)
    assert shown.chart.to_dict(validate=True)
    (lines,) = shown.chart.to_dict()["datasets"].values()
    marks = {
        (x["period"], x["strength"], x["stance"]): (x["articles"], x["perhaps"], x["figure"])
        for x in lines
    }
    must = {period: mark for (period, strength, _), mark in marks.items() if strength == "must"}
    assert must == {
        "2010–2014": (5, 1, "5–6"), "2015–2019": (5, 1, "5–6"), "2020–2024": (5, 1, "5–6"),
        "2025–2029": (5, 1, "5–6"), "2030–2034": (5, 1, "5–6"), "2035–2039": (0, 1, "0–1"),
    }  # fmt: skip
    could = {mark for (_, strength, _), mark in marks.items() if strength == "could"}
    assert could == {(0, 1, "0–1")}
    assert "The date of one article leaves the period open: it is counted as possible" in shown.text
    assert "a hollow mark has none that is certain" in shown.text
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", str(shown.html))
    assert {"Articles certainly", "Further articles perhaps"} <= set(heads)
    sure = pb.ladder(suite.select(theme="sanctions", articles=[n for n in facts if n != "z"]))
    assert isinstance(sure, Figure)
    assert "period open" not in sure.text
    assert "hollow" not in sure.text


def test_a_ladder_knows_dates_at_the_widest(tmp_path: Path) -> None:
    """Beyond its bar a line reaches over all days not ruled out, and a period is certain only if they agree."""
    facts = {
        chr(97 + n): {"earliest": f"{2011 + n}-02-01", "latest": f"{2011 + n}-02-01", "published": ""}
        for n in range(26)
    }  # fmt: skip
    facts["e"] |= {"outer_earliest": "2014-11-01", "outer_latest": "2015-02-01"}
    rows = [{"article": name, "strength": "must"} for name in facts]
    suite = make_suite(tmp_path / "s", rows, articles=26, facts=facts)
    many = pb.ladder(suite.select(theme="sanctions"))
    assert isinstance(many, Figure)
    (lines,) = many.chart.to_dict()["datasets"].values()
    assert {x["period"]: x["figure"] for x in lines}["2010–2014"] == "4–5"
    for articles, words in ((["d", "e"], True), (["c", "d"], False)):
        few = pb.ladder(suite.select(theme="sanctions", articles=articles))
        assert isinstance(few, Figure)
        spec = few.chart.to_dict(validate=True)
        (lines,) = spec["datasets"].values()
        beyond = [x["article"] for x in lines if x["first"] < x["earliest"]]
        assert len(beyond) == words
        assert ("datum.first" in str(spec)) == ("a line beyond it" in few.text) == words


def test_a_ladder_counts_whom_a_filter_hides(shipped: Suite, tmp_path: Path) -> None:
    """How many articles take a position is told of all of them, with those that a filter hides or nobody coded."""
    asked: list[dict[str, Any]] = [
        {"theme": "diplomatic_engagement", "confidence": "high"},
        {"theme": "sanctions", "speakers": "wehrey-lacher"},
        {"theme": "sanctions"},
    ]
    for one in asked:
        selection = shipped.select(**one)
        every, seen = (
            {r["article"] for r in rows.to_dict("records") if r["instrument"] == one["theme"] and r["voice"] != "reported"}
            for rows in (selection.all_rows, selection.rows)
        )  # fmt: skip
        words = ["no", "one", "two", "three"]
        hidden = len(every - seen)
        more = f", {words[hidden]} of them hidden by the filters" if hidden else ""
        label = selection.book.label("instrument", one["theme"])
        text = pb.ladder(selection).text
        assert (
            f" {words[len(every)].capitalize()} of five articles take a position on {label} "
            f"in the author's own voice{more}. At the firmest"
        ) in text
        assert ("as far as the filters show: " in text) == bool(hidden)
    rows = [{"article": "a"}]
    suite = make_suite(
        tmp_path / "s", rows, facts={"c": {"coder": "", "coded_on": "", "codebook_version": ""}}
    )
    assert (
        " One of three articles takes a position on sanctions in the author's own voice; "
        "not coded for it: one. At the firmest: "
    ) in pb.ladder(suite.select(theme="sanctions")).text


def test_a_matrix_of_hidden_cells_says_so(shipped: Suite, tmp_path: Path) -> None:
    """That no author takes a position is not said where a filter hides positions, or nobody coded."""
    nobody = "no author takes a position"
    text = pb.matrix(shipped.select(voices="reported")).text
    rows = shipped.rows[shipped.rows["voice"] != "reported"]
    hidden = len(rows[["article", "instrument"]].drop_duplicates())
    assert f"across: {hidden} cells read “filtered out”." in text
    facts = {"b": {"coder": "", "coded_on": "", "codebook_version": ""}}
    told = {"article": "a", "voice": "reported", "speaker": "un-envoy"}
    suite = make_suite(tmp_path / "s", [told], articles=2, facts=facts)
    assert nobody in pb.matrix(suite.select(articles="a")).text
    text = pb.matrix(suite.select(articles="b")).text
    assert nobody not in text
    assert "cells read “not coded”" in text


def test_a_matrix_knows_what_only_articles_beyond_it_have(tmp_path: Path) -> None:
    """Of an instrument that only articles beyond those drawn have it is not said that nothing is coded on it."""
    rows = [{"article": chr(97 + n)} for n in range(18)]
    rows += [{"article": chr(97 + n), "instrument": "ceasefire"} for n in range(16)]
    told = {"voice": "reported", "speaker": "un-envoy", "instrument": "elections"}
    suite = make_suite(tmp_path / "s", [*rows, {"article": "r", **told}], articles=18)
    text = pb.matrix(suite.select()).text
    assert "Not drawn, as it is coded only in other articles: elections." in text
    assert "elections" not in text.partition("nothing is coded on it: ")[2].partition(".")[0]
    assert (
        "elections"
        not in pb.matrix(suite.select(articles=["q", "r"])).text.partition("Not drawn")[2]
    )


def test_names_of_many_columns_stand_aslant(tmp_path: Path) -> None:
    """Names above a matrix lie side by side only as long as they have room; those not drawn are named."""
    rows = [{"article": chr(97 + n)} for n in range(18)]
    suite = make_suite(tmp_path / "s", rows, articles=18)

    def angle(shown: object) -> int:
        assert isinstance(shown, Figure)
        return int(shown.chart.to_dict()["layer"][0]["encoding"]["x"]["axis"]["labelAngle"])

    assert angle(pb.matrix(suite.select(articles=list("abcdefg")))) == 0
    many = pb.matrix(suite.select())
    assert angle(many) == -50
    assert "not drawn: the Middle East Institute author (2027) and Daily Sabah (2028)." in many.text


def test_a_wrong_chart_is_found() -> None:
    """The check that charts are put to finds a chart that is none."""
    chart = styled(alt.Chart(alt.Data(values=[])).mark_bar(), title="t")
    chart.height = {"no": "height"}
    with pytest.raises(SchemaValidationError):
        chart.to_dict(validate=True)
