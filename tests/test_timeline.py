"""What measures of time promise: never a false day, never a false order, never a false trend."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybook import dates
from policybook.codebook import Codebook
from policybook.measures import timeline, trends
from policybook.measures.coverage import STATES

WORKED = Path(__file__).parent / "worked"
LETTERS = {"S": "supports", "O": "opposes", "B": "both", "-": "silent", "n": "not coded",
           "p": "prescribes nothing", "h": "filtered out"}  # fmt: skip
SAID = ("supports", "opposes", "both")


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    return pd.read_csv(WORKED / f"timeline-{name}.csv", dtype=str, keep_default_na=False)


def days(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its intervals as days."""
    return table.astype({"earliest": "datetime64[us]", "latest": "datetime64[us]"})


def calendar(spans: list[tuple[int, int]], *, step: int = 1) -> pd.DataFrame:
    """Return articles a, b, … from the first day of each and the days it may be later."""
    first = pd.to_datetime("2014-12-20") + pd.to_timedelta([s * step for s, _ in spans], "D")
    last = first + pd.to_timedelta([length * step for _, length in spans], "D")
    names = [chr(97 + i) for i in range(len(spans))]
    return pd.DataFrame({"id": names, "earliest": first, "latest": last})


SPANS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=7)


@st.composite
def published(draw: st.DrawFn, *, step: int = 1) -> tuple[pd.DataFrame, list[int]]:
    """Draw articles, and an order in which they may really have appeared."""
    spans = draw(SPANS)
    real = [first + draw(st.integers(0, length)) for first, length in spans]
    tie = draw(st.permutations(range(len(spans))))
    ranked = sorted(range(len(spans)), key=lambda i: (real[i], tie[i]))
    return calendar(spans, step=step), ranked


def test_the_order_worked_by_hand() -> None:
    """Each article has the first and the last place that its interval leaves open."""
    articles = days(worked("order"))
    found = timeline.order(articles)
    assert found[["first", "last"]].astype(str).to_numpy().tolist() == (
        articles[["first", "last"]].to_numpy().tolist()
    )


@settings(max_examples=100, deadline=None)
@given(published())
def test_no_true_order_contradicts_the_places(drawn: tuple[pd.DataFrame, list[int]]) -> None:
    """Whatever the true days were, every article stands between its first and its last place."""
    articles, ranked = drawn
    found = timeline.order(articles)
    for place, i in enumerate(ranked, start=1):
        assert found["first"][i] <= place <= found["last"][i]


@settings(max_examples=100, deadline=None)
@given(SPANS)
def test_the_places_are_as_narrow_as_the_days_allow(spans: list[tuple[int, int]]) -> None:
    """An article that was as early as it can be, and all others late, has its first place."""
    found = timeline.order(calendar(spans))
    for i, (first, length) in enumerate(spans):
        others = [span for j, span in enumerate(spans) if j != i]
        assert found["first"][i] == 1 + sum(start + more < first for start, more in others)
        assert found["last"][i] == len(spans) - sum(start > first + length for start, _ in others)


@settings(max_examples=100, deadline=None)
@given(published())
def test_before_and_after_are_only_said_where_certain(
    drawn: tuple[pd.DataFrame, list[int]],
) -> None:
    """Of two articles one is called earlier only if it was so whatever the true days were."""
    articles, ranked = drawn
    found = timeline.relations(articles, articles)
    names = [articles["id"][i] for i in ranked]
    assert len(found) == len(names) * (len(names) - 1)
    mirror = {"before": "after", "after": "before", "overlaps": "overlaps"}
    by_pair = dict(zip(zip(found["article"], found["other"], strict=True), found["relation"],
                       strict=True))  # fmt: skip
    for (one, other), relation in by_pair.items():
        assert by_pair[other, one] == mirror[relation]
        if relation == "before":
            assert names.index(one) < names.index(other)


def test_articles_of_one_day_are_in_no_order() -> None:
    """Two articles of the same day overlap: the hour is not known."""
    found = timeline.relations(calendar([(1, 0), (1, 0)]), calendar([(1, 0)]))
    assert found.to_numpy().tolist() == [["b", "a", "overlaps"]]


def test_events_worked_by_hand() -> None:
    """An event of a year, a month or a day is before or after an article only where certain."""
    lines = worked("events")
    known = lines.drop_duplicates("event")
    book = Codebook("", data={"event": {
        e: {"label": e, "date": d, "articles": ["d"]}
        for e, d in zip(known["event"], known["date"], strict=True)
    }})  # fmt: skip
    found = timeline.around(days(worked("order")), timeline.event_dates(book))
    both = lines.merge(found, on=["event", "article"], suffixes=("", "_found"))
    assert len(both) == len(lines)
    assert both["written_found"].to_list() == lines["written"].to_list()
    assert (found["named"] == (found["article"] == "d")).all()


def test_an_event_without_a_readable_date_is_left_out() -> None:
    """An event whose date is no date is no context for anything."""
    book = Codebook("", data={"event": {"x": {"label": "x", "date": "soon"}, "y": {"label": "y"}}})
    assert timeline.event_dates(book).empty


@settings(max_examples=100, deadline=None)
@given(published(), st.integers(-1, 10), st.integers(0, 3))
def test_an_event_is_never_on_the_wrong_side(
    drawn: tuple[pd.DataFrame, list[int]], first: int, length: int
) -> None:
    """Whenever the event really was, "before" and "after" hold for every possible day."""
    articles, _ = drawn
    event = calendar([(first, length)]).rename(columns={"id": "event"}).assign(articles="")
    found = timeline.around(articles, event)["written"]
    start, end = event["earliest"][0], event["latest"][0]
    for written, low, high in zip(found, articles["earliest"], articles["latest"], strict=True):
        expected = "before" if high < start else "after" if low > end else "unclear"
        assert written == expected


def test_outer_intervals_replace_only_what_is_given() -> None:
    """The interval at the outside is taken where the table has one, the usual one elsewhere."""
    articles = calendar([(1, 1), (5, 0)]).assign(
        outer_earliest=["2014-01-01", ""], outer_latest=["2015-01-01", ""]
    )
    wide = timeline.outer(articles)
    assert wide["earliest"].dt.strftime("%Y-%m-%d").to_list() == ["2014-01-01", "2014-12-25"]
    assert wide["latest"].dt.strftime("%Y-%m-%d").to_list() == ["2015-01-01", "2014-12-25"]


def cells(lines: dict[str, list[str]], names: list[str]) -> pd.DataFrame:
    """Return cells as `coverage` has them: by instrument, the state of each article."""
    flat = [(a, i, states[n]) for n, a in enumerate(names) for i, states in lines.items()]
    table = pd.DataFrame(flat, columns=["article", "instrument", "state"])
    return table.assign(state=pd.Categorical(table["state"], list(STATES), ordered=True))


def test_appearances_worked_by_hand() -> None:
    """What persists, appears, vanishes or is said once is told from articles that prescribe."""
    articles, lines = days(worked("order")), worked("appearances").set_index("instrument")
    states = {
        i: [LETTERS[letter] for letter in line] for i, *line in lines.loc[:, "a":"f"].itertuples()
    }
    found = timeline.appearances(articles, cells(states, list(articles["id"])))
    expected = lines.loc[:, "kind":"across_years"]
    assert found["instrument"].to_list() == list(lines.index)
    assert found[list(expected)].astype(str).to_numpy().tolist() == expected.to_numpy().tolist()


@settings(max_examples=100, deadline=None)
@given(published(), st.data())
def test_no_kind_is_false_whatever_the_true_days_were(
    drawn: tuple[pd.DataFrame, list[int]], data: st.DataObject
) -> None:
    """A course over time is told only if it holds for every order the intervals allow."""
    articles, ranked = drawn
    some = ["supports", "both", "silent", "silent", "prescribes nothing", "not coded"]
    states = [data.draw(st.sampled_from(some)) for _ in ranked]
    line = timeline.appearances(articles, cells({"x": states}, list(articles["id"]))).iloc[0]
    ordered = [states[i] for i in ranked]
    said = [n for n, state in enumerate(ordered) if state in SAID]
    after = ordered[said[-1] :].count("silent") if said else 0
    before = ordered[: said[0]].count("silent") if said else 0
    truths = {
        "persists": len(said) > 1 and after == 0,
        "appears": len(said) > 1 and after == 0 and before > 0,
        "vanishes": len(said) > 1 and after > 1,
        "some later silent": len(said) > 1 and after > 0,
        "one later silent": len(said) > 1 and after == 1,
        "appears once": len(said) == 1,
        "never": not said,
        "unclear": len(said) > 1,
    }
    assert truths[line["kind"]]
    assert line["kind"] != "unclear" or not line["later"]
    assert line["later"] <= after <= line["later"] + line["perhaps_later"]
    assert line["earlier"] <= before
    if said:
        names = [articles["id"][i] for i in ranked]
        assert names[said[0]] in line["first"].split("; ")
        assert names[said[-1]] in line["last"].split("; ")


def test_one_later_silence_is_no_vanishing() -> None:
    """After one later article that is silent nothing has vanished; after two it has."""
    articles = calendar([(0, 0), (10, 0), (20, 0), (30, 0)])
    states = ["supports", "supports", "silent", "prescribes nothing"]
    one = timeline.appearances(articles, cells({"x": states}, list("abcd")))
    two = timeline.appearances(articles, cells({"x": [*states[:3], "silent"]}, list("abcd")))
    assert [one["kind"][0], two["kind"][0]] == ["one later silent", "vanishes"]


@pytest.mark.parametrize(("span", "size"), [("years", 1), ("years", 2), ("years", None),
                                            ("order", 2)])  # fmt: skip
def test_windows_worked_by_hand(span: str, size: int | None) -> None:
    """A window counts what certainly lies in it, and beside it what may."""
    articles, rows = days(worked("order")), worked("rows")
    spans = {"years": timeline.years, "order": timeline.order}[span](articles)
    found = timeline.windows(rows, spans, by=["instrument"], size=size)
    expected = worked("windows")
    chosen = (expected["span"] == span) & (expected["size"] == str(size or ""))
    columns = ["first", "last", "count", "perhaps", "articles", "articles_perhaps"]
    assert found[columns].astype(str).to_numpy().tolist() == (
        expected.loc[chosen, columns].to_numpy().tolist()
    )
    assert found["last"].tolist()


ROW = st.tuples(st.sampled_from("abcdefgz"), st.sampled_from("xy"), st.sampled_from("mno"))


@settings(max_examples=100, deadline=None)
@given(published(step=200), st.lists(ROW, max_size=12), st.sampled_from([None, 1, 2, 3]),
       st.sampled_from(["years", "order"]))  # fmt: skip
def test_true_tallies_lie_within_what_a_window_says(
    drawn: tuple[pd.DataFrame, list[int]], cells_: list[tuple[str, str, str]], size: int | None,
    span: str,
) -> None:  # fmt: skip
    """Counted by hand for any true order, a tally lies between count and count + perhaps."""
    articles, ranked = drawn
    rows = pd.DataFrame(cells_, columns=["article", "instrument", "course"], dtype=str)
    rows = rows.assign(id=[f"r{n}" for n in range(len(rows))], repeat_of="")
    if span == "order":
        spans, at = (
            timeline.order(articles),
            {articles["id"][i]: n + 1 for n, i in enumerate(ranked)},
        )
    else:
        spans = timeline.years(articles)
        at = {a: int(d.year) for a, d in zip(articles["id"], articles["latest"], strict=True)}
    found = timeline.windows(rows, spans, by=["instrument"], size=size)
    known = rows[rows["article"].isin(articles["id"])]
    low, high = spans["first"].min(), spans["last"].max()
    places = max(high - low + 1 - ((size or 1) - 1), 0)
    assert len(found) == places * known["instrument"].nunique()
    for line in found.itertuples():
        inside = known["article"].map(at).between(line.first, line.last)
        true = known[inside & (known["instrument"] == line.instrument)]["course"].nunique()
        assert line.count <= true <= line.count + line.perhaps
        pieces = sum(line.first <= place <= line.last for place in at.values())
        assert line.articles <= pieces <= line.articles + line.articles_perhaps


def test_a_cumulative_window_ends_with_everything() -> None:
    """The last cumulative window holds every unit, and nothing in it is uncertain."""
    articles, rows = days(worked("order")), worked("rows")
    last = timeline.windows(rows, timeline.order(articles), by=["instrument"]).iloc[-1]
    assert (last["count"], last["perhaps"], last["articles"]) == (5, 0, 6)


def test_windows_of_no_size_are_refused() -> None:
    """A window of nought or of a rule that needs years says so."""
    articles, rows = days(worked("order")), worked("rows")
    with pytest.raises(ValueError, match="at least 1"):
        timeline.windows(rows, timeline.years(articles), by=["instrument"], size=0)
    with pytest.raises(ValueError, match="periods"):
        timeline.windows(rows, timeline.years(articles), by=["instrument"], rule="periods")


def demands(*lines: dict[str, str]) -> pd.DataFrame:
    """Return rows of the author x, each in its own article unless said otherwise."""
    plain = dict.fromkeys(timeline.FACETS, "") | {
        "instrument": "i",
        "repeat_of": "",
        "voice": "author",
    }
    made = [{"id": f"r{n}", "course": f"r{n}", "article": chr(97 + n), "speaker": "x"} | plain | line
            for n, line in enumerate(lines)]  # fmt: skip
    columns = ["id", "course", "article", "speaker", *plain]
    return pd.DataFrame(made, columns=columns, dtype=str)


def test_a_shift_stands_in_order_of_time_with_every_difference() -> None:
    """Each article shows how it prescribes the instrument, one line a different demand."""
    rows = demands(
        {"article": "b", "strength": "must", "condition": "if so"},
        {"article": "a", "strength": "could"},
        {"article": "a", "strength": "should"},
        {"article": "a", "strength": "could"},
        {"article": "a", "instrument": "j"},
    )
    found = timeline.shift(rows, "i", articles=calendar([(0, 1), (5, 0)]))
    told = found[["article", "strength", "condition", "units", "rows"]].to_numpy().tolist()
    assert told == [["a", "could", "", 2, "r1; r3"], ["a", "should", "", 1, "r2"],
                    ["b", "must", "if so", 1, "r0"]]  # fmt: skip
    assert found["latest"].dt.day.to_list() == [21, 21, 25]


def pieces(*facts: dict[str, str], days_: list[tuple[int, int]] | None = None) -> pd.DataFrame:
    """Return articles a, b, … ten days apart, each by x unless said otherwise."""
    table = calendar(days_ or [(10 * n, 0) for n in range(len(facts))])
    plain = {"speaker": "x", "authors": "", "coauthors": "", "possible_authors": ""}
    return pd.concat([table, pd.DataFrame([plain | fact for fact in facts])], axis=1)


def refused(articles: pd.DataFrame, least: int = 3) -> str:
    """Return the refusal where each article says something once, in its author's voice."""
    rows = pd.DataFrame({"article": articles["id"], "speaker": articles["speaker"]})
    return trends.refusal(articles, rows, least=least)


X, Y, Z = ({"speaker": name, "authors": name} for name in "xyz")


def test_no_trend_runs_through_different_authors() -> None:
    """Where every point has another voice, the reason is that they show no change of mind."""
    no = "one article each; no change of mind can be read from that"
    assert refused(pieces(X, Y)) == f"two voices, {no}"
    assert refused(pieces(X, Y, Z)) == f"three voices, {no}"


def test_too_few_articles_are_no_trend() -> None:
    """Two articles of one author are fewer than a trend needs, and the number is said."""
    assert refused(pieces(X)) == "only one article speaks of it"
    assert refused(pieces(X, X)) == "only two articles speak of it; a trend needs three"
    assert not refused(pieces(X, X), least=2)
    rows = pd.DataFrame({"article": [], "speaker": []}, dtype=str)
    assert trends.refusal(pieces(X), rows) == "no article speaks of it"


def test_a_trend_runs_through_one_author_only() -> None:
    """Where one of several authors returns, the trend is still refused for all together."""
    reason = "two voices at most speak of it; a trend runs through one author's articles"
    assert refused(pieces(X, Y, X, X)) == reason


def test_voices_are_counted_not_speakers() -> None:
    """Speakers who may be one voice are counted once, and of one voice alone no author is claimed."""
    unnamed = [{"speaker": name} for name in ("p", "q", "q")]
    voice = pd.Series({"a": "a", "b": "a", "c": "a", "d": "d"})

    def reason(*facts: dict[str, str]) -> str:
        articles = pieces(*facts)
        rows = pd.DataFrame({"article": articles["id"], "speaker": articles["speaker"]})
        return trends.refusal(articles, rows, voice=voice)

    runs = "a trend runs through one author's articles"
    assert reason(*unnamed, X) == f"two voices at most speak of it; {runs}"
    assert reason(*unnamed) == (
        f"it is not established that one author wrote all of these articles; {runs}"
    )
    both = {"speaker": "xy", "authors": "x; y"}
    assert reason(both, X, X) == (
        f"a common author of these articles does not speak alone in each of them; {runs}"
    )


def test_a_common_author_who_is_known_is_not_called_open() -> None:
    """Where an author of two articles is established, it is not said that none is."""
    assert refused(pieces(X, {"speaker": "xy", "authors": "x; y"})) == (
        "only two articles speak of it; a trend needs three"
    )
    tied = pd.Series(dict.fromkeys("abc", "a"))  # through an article of two of them
    rows = pd.DataFrame({"article": list("abc"), "speaker": list("xyz")})
    assert trends.refusal(pieces(X, Y, Z), rows, voice=tied) == (
        "no author alone wrote all of these articles; a trend runs through one author's articles"
    )


@pytest.mark.parametrize("shared", [{"coauthors": "x"},
                                    {"possible_authors": "x (inferred, 0.5)"}])  # fmt: skip
def test_authors_who_may_be_one_are_never_called_different(shared: dict[str, str]) -> None:
    """Two articles that may share a writer are not two authors who differ."""
    assert refused(pieces(X, {"speaker": "unnamed"} | shared)) == (
        "it is not established that all of these articles have different authors"
    )


def test_third_parties_are_not_mistaken_for_the_writers_who_relay_them() -> None:
    """Two parties that two articles of one writer relay are two, not perhaps one."""
    rows = pd.DataFrame({"article": ["a", "b"], "speaker": ["p", "q"]})
    assert trends.refusal(pieces(X, X), rows).startswith("two voices, one article each")


def test_an_uncertain_order_is_no_trend() -> None:
    """Three articles of one author make a trend only if each is certainly before the next."""
    reason = "it is not certain in what order three of these articles appeared"
    assert refused(pieces(X, X, X, days_=[(0, 3), (2, 3), (9, 0)])) == reason
    assert not refused(pieces(X, X, X, days_=[(0, 3), (4, 3), (9, 0)]))
    assert not refused(pieces(X, X, X, X, days_=[(0, 3), (2, 3), (9, 0), (10, 0)]))


def test_nothing_selected_is_an_empty_table_with_its_columns() -> None:
    """Without articles or rows every table is empty and has the columns it always has."""
    articles, rows, states = (
        days(worked("order")),
        demands({}),
        cells({"x": ["silent"] * 6}, list("abcdef")),
    )
    none, nothing = articles.iloc[:0], rows.iloc[:0]
    book = Codebook("", data={"event": {"x": {"label": "x", "date": "2014"}}})
    for make in (
        lambda a, _r: timeline.order(a),
        lambda a, _r: timeline.years(a),
        lambda a, _r: timeline.relations(a, a),
        lambda a, _r: timeline.around(a, timeline.event_dates(book)),
        lambda a, _r: timeline.appearances(a, states if len(a) else states.iloc[:0]),
        lambda a, r: timeline.windows(r, timeline.years(a), by=["instrument"], size=2),
        lambda a, r: timeline.windows(r, timeline.order(a), by=["instrument", "stance"]),
        lambda a, r: timeline.shift(r, "i", articles=a),
    ):
        empty = make(none, nothing)
        assert empty.empty
        assert list(empty) == list(make(articles, rows))


def test_days_are_shown_as_intervals() -> None:
    """The years of an article are those of its interval, not of a day within it."""
    found = timeline.years(days(worked("order"))).set_index("article")
    assert found.loc["c"].to_list() == [2014, 2015]
    assert dates.bounds("2014") is not None
