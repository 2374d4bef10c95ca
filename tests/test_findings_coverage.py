"""Sentences on who recommends what: each true, each with its rows, each silent when it should be."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import findings
from policybook.findings.coverage import states
from policybook.findings.finding import Finding
from policybook.measures.coverage import told
from policybook.suite import Selection, Suite

THEMES = ("sanctions", "pressure_egypt_uae", "exclude_haftar", "algerian_mediation")
LABELS = {
    "a": "Khalid Mahmoud (2011)",
    "b": "Wehrey and Lacher (2012)",
    "c": "Jason Pack (2013)",
}


def own(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row in the author's own voice."""
    return {"article": article, "instrument": instrument, **cells}


def relayed(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row that relays somebody's position."""
    return {
        "article": article,
        "instrument": instrument,
        "voice": "reported",
        "speaker": "un-envoy",
        **cells,
    }


def texts(found: list[Finding]) -> dict[str, str]:
    """Return the sentences of findings by their kind."""
    return {finding.code: finding.text for finding in found}


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """A function that makes a suite of some rows."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def test_for_against_both(suite: Any) -> None:
    """Who is for, who is against and who is both stand apart, in order of time."""
    rows = [own("a"), own("b", stance="opposes"), own("c"), own("c", stance="opposes")]
    first = findings.who_recommends_what(suite(*rows).select())[0]
    assert first.text == (
        f"Sanctions – for it: {LABELS['a']}; against it: {LABELS['b']}; for and against it: {LABELS['c']}."
    )
    assert first.rows == ("a-000", "b-001", "c-002", "c-003")


def test_a_side_that_is_hidden(suite: Any) -> None:
    """Who is for and against a thing is not told as both where a filter hides one of the two, nor as one alone."""
    low, label = {"confidence": "low"}, LABELS["a"]
    for stance, which, other in (("supports", "former", "for"), ("opposes", "latter", "against")):
        rows = [own("a"), own("a", stance="opposes"), own("b")]
        rows = [{**row, **low} if row["article"] == "a" and row.get("stance", "supports") == stance else row for row in rows]  # fmt: skip
        selection = suite(*rows).select(theme="sanctions", confidence="high")
        mark = f"for and against it: {label[:-1]}, the {which} hidden by the filters)"
        assert mark in findings.who_recommends_what(selection)[0].text
        mark = f"{label[:-1]}, for and against it, the {which} hidden by the filters)"
        assert mark in texts(findings.recurrence(selection))["recurs-years"]
        told = texts(findings.one_theme(selection))["theme-stances"]
        assert told.endswith(f"; {other} it, too, but hidden by the filters: {label}.")
        assert "hidden" not in texts(findings.one_theme(selection.suite.select(theme="sanctions")))["theme-stances"]  # fmt: skip


def test_nobody(suite: Any) -> None:
    """Where no author takes a position the sentence says that, and who only relays one."""
    found = findings.who_recommends_what(suite(own("a", "elections"), relayed("b")).select())
    assert found[0].text == (
        "Sanctions – no author takes a position; others' positions relayed in one article."
    )
    assert found[1].text == "Pressure on Egypt and the UAE – no author takes a position."
    assert found[0].rows == ()


def test_filtered_is_not_silent(suite: Any) -> None:
    """What a filter hides is called hidden, never a missing position."""
    made: Suite = suite(own("a", confidence="low"), own("b", "elections"))
    found = findings.who_recommends_what(made.select(confidence="high"))
    assert found[0].text == "Sanctions – hidden by the filters: one."
    theme = findings.one_theme(made.select(theme="sanctions", confidence="high"))
    assert (
        theme[0].text
        == f"Hidden by the filters: the recommendations on sanctions of {LABELS['a']}."
    )


def test_not_coded_is_not_silent(suite: Any) -> None:
    """An article that nobody has coded is neither silent nor without recommendations."""
    uncoded = {"b": {"coder": "", "coded_on": "", "codebook_version": ""}}
    found = findings.who_recommends_what(
        suite(own("a", "elections"), articles=2, facts=uncoded).select()
    )
    assert found[0].text == "Sanctions – no author takes a position (one not coded for it)."
    assert "prescribes-nothing" not in texts(found)


def test_prescribes_nothing(suite: Any) -> None:
    """Articles without a recommendation of their author are named with their genre."""
    report = {"b": {"genre": "news-report"}}
    found = findings.who_recommends_what(
        suite(own("a"), relayed("b"), articles=2, facts=report).select()
    )
    assert found[-1].text == f"No recommendation of its author's own: {LABELS['b']}, news report."
    assert "prescribes-nothing" not in texts(
        findings.who_recommends_what(suite(own("a"), own("b"), articles=2).select())
    )


def test_shared(suite: Any) -> None:
    """The most widely supported instrument is named only where two authors support one."""
    shared = findings.most_shared(suite(own("a"), own("b"), own("c", "elections")).select())[0]
    assert shared.text == "Most widely supported, by two articles: sanctions."
    assert shared.rows == ("a-000", "b-001")
    alone = findings.most_shared(suite(own("a"), own("b", "elections")).select())[0]
    assert alone.text == "No instrument is supported by two articles."


def test_nothing_selected(suite: Any) -> None:
    """A selection without articles yields that sentence and nothing else."""
    selection = suite(own("a")).select(theme="sanctions", from_date="2030")
    for found in (findings.who_recommends_what(selection), findings.one_theme(selection)):
        assert texts(found) == {
            "nothing-selected": "No article of this suite is within the selection."
        }


def test_theme_in_full(suite: Any) -> None:
    """One theme: stances, the firmest modal of each article, conditions, silence, relayed positions."""
    rows = [
        own("a", strength="must"), own("a", strength="could", condition_type="proviso"),
        own("b", strength="should", stance="opposes"), own("c", "elections"), relayed("c"),
        relayed("a", stance="opposes", speaker="egypt", condition_type="goal"),
        relayed("a", stance="opposes"), own("d", "elections"), own("e", "elections"),
    ]  # fmt: skip
    made = suite(*rows, articles=5, diagnoses=[{"article": "e"}])
    found = texts(findings.one_theme(made.select(theme="sanctions")))
    assert found == {
        "theme-stances": f"For sanctions: {LABELS['a']}; against sanctions: {LABELS['b']}.",
        "theme-strength": f"At its firmest, for it: “must” – {LABELS['a']}; against it: “should” – {LABELS['b']}.",
        "theme-conditions": "One of the recommendations under this heading stands under a condition: "
        "“provided that number 001 holds”.",
        "theme-silent": "Silent on it, while prescribing other things: Karim Mezran (2014).",
        "theme-reported": "Positions of others, only relayed – for: the UN envoy; "
        "against: Egypt (under a condition) and the UN envoy.",
    }


def test_theme_of_nobody(suite: Any) -> None:
    """A theme on which no author prescribes says so, and whose positions are relayed."""
    found = texts(
        findings.one_theme(suite(own("a", "elections"), relayed("b")).select(theme="sanctions"))
    )
    assert found == {
        "theme-nobody": "No author of the selected articles prescribes anything on sanctions.",
        "theme-reported": "Positions of others, only relayed – for: the UN envoy.",
    }


def test_a_condition_on_what_serves_a_theme(shipped: Suite) -> None:
    """Where only what serves a theme under another heading has a condition, that is said and proved."""
    for whole in (False, True):
        selection = shipped.select(
            theme="pressure_egypt_uae", voices="author", confidence="high", alone=whole
        )
        found = {f.code: f for f in findings.one_theme(selection)}["theme-unconditional"]
        assert found.text == (
            "No condition is attached to what names it; "
            "some of what serves it under another heading has one."
        )
        assert found.rows == ("wehrey-lacher-2019-11",)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([""], "No condition is attached to it."),
        (
            ["goal"],
            "The one recommendation under this heading stands under a condition: “provided that number 000 holds”.",
        ),
        (
            ["goal", "goal", "goal"],
            "Every recommendation under this heading stands under a condition.",
        ),
        (
            ["goal", "goal", "goal", ""],
            "Some of the recommendations under this heading stand under a condition.",
        ),
    ],
)
def test_conditions(suite: Any, types: list[str], expected: str) -> None:
    """The share of recommendations under a condition is told in every case in good English."""
    rows = [own("a", condition_type=kind) if kind else own("a") for kind in types]
    found = findings.one_theme(suite(*rows).select(theme="sanctions"))
    assert expected in [f.text for f in found]


def test_serving_rows(suite: Any) -> None:
    """Rows that serve a theme are shown with it, only where their target or objective fits."""
    rows = [
        own("a", "pressure_egypt_uae"), own("a", "arms_embargo", target="regional-states"),
        own("a", "arms_embargo", target="haftar"), own("a", "sanctions", target="uae"),
    ]  # fmt: skip
    selection = suite(*rows).select(theme="pressure_egypt_uae")
    found = findings.theme_rows(selection, "pressure_egypt_uae")
    assert found["id"].tolist() == ["a-000", "a-001", "a-003"]
    assert (found["serves"] != "").tolist() == [False, True, True]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "article": st.sampled_from("abc"),
            "instrument": st.sampled_from(["sanctions", "exclude_haftar", "elections"]),
            "stance": st.sampled_from(["supports", "opposes"]),
            "strength": st.sampled_from(["must", "should", "could", "implied"]),
            "confidence": st.sampled_from(["", "medium", "low"]),
            "condition_type": st.sampled_from(["", "", "proviso"]),
        },
        optional={"voice": st.just("reported")},
    ),
    max_size=9,
)


@settings(max_examples=tries(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=ROWS,
    confidence=st.sampled_from(["low", "high"]),
    voices=st.sampled_from(["author", "reported", "both"]),
    seen=st.sets(st.sampled_from("abc"), max_size=2),
)
def test_every_sentence_against_a_recount(
    rows: list[dict[str, str]], confidence: str, voices: str, seen: set[str]
) -> None:
    """On any table and under any filter, every name and every row in a sentence survives a recount."""
    spoken = [{**r, "speaker": "un-envoy"} if r.get("voice") else r for r in rows]
    with tempfile.TemporaryDirectory() as folder:
        suite = make_suite(Path(folder) / "s", spoken, diagnoses=[{"article": a} for a in sorted(seen)])  # fmt: skip
        for theme in ("sanctions", "exclude_haftar"):
            selection = suite.select(theme=theme, confidence=confidence, voices=voices)
            check_overview(findings.who_recommends_what(selection), rows, theme, confidence, voices)
            check_theme(findings.one_theme(selection), rows, theme, confidence, voices, selection)
            check_told(selection, rows, seen)


def visible(row: dict[str, str], confidence: str, voices: str) -> bool:
    """Tell whether a row passes the filters."""
    voice = "reported" if row.get("voice") else "author"
    return voices in {"both", voice} and (confidence == "low" or row["confidence"] == "")


def named(article: str, rows: list[dict[str, str]]) -> str:
    """Return the name of an article with what holds for each of its rows, counted again."""
    mine = [row for row in rows if row["article"] == article]
    marks = [
        words
        for words, holds in (
            ("under a condition", all(row["condition_type"] for row in mine)),
            ("only implied", all(row["strength"] == "implied" for row in mine)),
            ("doubtful", all(row["confidence"] == "low" for row in mine)),
        )
        if holds
    ]
    return f"{', '.join([LABELS[article][:-1], *marks])})"


def check_overview(
    found: list[Finding], rows: list[dict[str, str]], theme: str, confidence: str, voices: str
) -> None:
    """Recount the sentence on a theme, and who prescribes nothing, with plain loops."""
    mine = [(n, r) for n, r in enumerate(rows) if r["instrument"] == theme and not r.get("voice")]
    seen = [f"{r['article']}-{n:03}" for n, r in mine if visible(r, confidence, voices)]
    finding = found[THEMES.index(theme)]
    assert sorted(finding.rows) == sorted(seen)
    stances: dict[str, set[str]] = {}
    for _, row in mine:
        stances.setdefault(row["article"], set()).add(row["stance"])
    shown = {name.split("-")[0] for name in seen}
    for article, stance in stances.items():
        words = {frozenset(["supports"]): "for it", frozenset(["opposes"]): "against it"}
        part = words.get(frozenset(stance), "for and against it")
        name = named(article, [r for _, r in mine if visible(r, confidence, voices)])
        said = any(
            name[:-1] in p and p.split(" – ")[-1].strip().startswith(part)
            for p in finding.text.split(";")
        )
        assert said == (article in shown)
    hidden = len(set(stances) - shown)
    assert ("; hidden by the filters" in finding.text.replace("– h", "; h")) == bool(hidden)
    seen_so = {(r["article"], r["stance"]) for _, r in mine if visible(r, confidence, voices)}
    halves = [a for a, both in stances.items() for one in both if a in shown and (a, one) not in seen_so]  # fmt: skip
    assert len(re.findall("the (?:former|latter) hidden", finding.text)) == len(halves)
    nothing = texts(found).get("prescribes-nothing", "")
    for article, label in LABELS.items():
        assert (label in nothing) == all(r["article"] != article or r.get("voice") for r in rows)


def check_strength(seen: list[dict[str, str]], text: str) -> None:
    """Recount the firmest modal of each article, for and against apart."""
    order = ["must", "should", "could", "implied"]
    both = len({row["stance"] for row in seen}) > 1
    sides = re.split(r"(?:^At its firmest, |; )(for it|against it): ", text)[1:] if both else ["", text.removeprefix("At its firmest: ")]  # fmt: skip
    words = {"for it": "supports", "against it": "opposes"}
    for side, firm in zip(sides[::2], sides[1::2], strict=True):
        mine = [row for row in seen if not side or row["stance"] == words[side]]
        parts = firm.removesuffix(".").split("; ")
        for article in {row["article"] for row in mine}:
            firmest = min((r["strength"] for r in mine if r["article"] == article), key=order.index)
            of_word = next(part for part in parts if part.startswith(f"“{firmest}”"))
            assert LABELS[article] in of_word or (len(parts) == 1 and not both)


def check_theme(  # noqa: PLR0913, PLR0917  (everything a recount needs)
    found: list[Finding],
    rows: list[dict[str, str]],
    theme: str,
    confidence: str,
    voices: str,
    selection: Selection,
) -> None:
    """Recount the sentences of a theme with plain loops."""
    by_code = {f.code: f for f in found}
    mine = [r for r in rows if r["instrument"] == theme and not r.get("voice")]
    seen = [r for r in mine if visible(r, confidence, voices)]
    assert ("theme-stances" in by_code) == bool(seen)
    assert ("theme-hidden" in by_code) == bool(mine and not seen)
    assert ("theme-nobody" in by_code) == (not mine)
    for stance, word in (("supports", "for"), ("opposes", "against")):
        mine_so = [r for r in seen if r["stance"] == stance]
        for article in {r["article"] for r in mine_so}:
            parts = by_code["theme-stances"].text.split("; ")
            assert named(article, mine_so) in next(p for p in parts if p.lower().startswith(word))
    if seen:
        conditional = sum(bool(r["condition_type"]) for r in seen)
        assert ("theme-unconditional" in by_code) == (conditional == 0)
        if not conditional:
            text = by_code["theme-unconditional"].text
            assert text.startswith("No condition is attached to ")
        if conditional:
            assert len(by_code["theme-conditions"].rows) == conditional
        check_strength(seen, by_code["theme-strength"].text)
    silent = by_code.get("theme-silent", Finding("")).text
    for article, label in LABELS.items():
        prescribes = any(r["article"] == article and not r.get("voice") for r in rows)
        says = any(r["article"] == article and r["instrument"] == theme for r in rows)
        described = article in selection.diagnoses["article"].tolist()  # all are on sanctions
        says |= described and theme == "sanctions"
        assert (label in silent) == (bool(seen) and prescribes and not says)
    told = by_code.get("theme-reported", Finding(""))
    assert set(told.rows) <= set(selection.suite.rows["id"])
    relays = [r for r in rows if r["instrument"] == theme and r.get("voice")]
    for stance, word in (("supports", "for"), ("opposes", "against")):
        some = any(r["stance"] == stance and visible(r, confidence, voices) for r in relays)
        assert bool(re.search(rf"[;–] {word}: the UN envoy", told.text)) == some


def test_shared_as_far_as_can_be_seen(suite: Any) -> None:
    """What most articles support is said as far as filters show it, with who may be one voice, and never of what lies outside the list."""
    note = {"note": "Other: outside the list."}
    made = suite(own("a"), own("b", confidence="low"), own("a", "other", **note), own("b", "other", **note))  # fmt: skip
    whole = findings.most_shared(made.select())[0]
    assert whole.text == "Most widely supported, by two articles: sanctions."
    hidden = findings.most_shared(made.select(confidence="high"))[0]
    assert hidden.text == "No instrument is supported by two articles, as far as the filters show."
    same = suite(
        own("a"), own("b"), facts={"b": {"possible_authors": "khalid-mahmoud (text, 0.5)"}}
    )
    (found,) = findings.most_shared(same.select())
    assert "by two articles, at most one independent voice: sanctions." in found.text
    assert "Counted as one voice, not as two" in found.caveat
    said = {"objective": "end_fighting", "target": "haftar"}
    for more, alike in (({}, True), ({"target": ""}, False), ({"objective": "unify_army"}, False)):
        made = suite(own("a", **said), own("b", **said), own("c", **said | more))
        (found,) = findings.most_shared(made.select())
        assert ("Not every two of them are known to demand the same" in found.caveat) != alike
    uncoded = {"c": {"coder": "", "coded_on": "", "codebook_version": ""}}
    part = findings.most_shared(suite(own("a"), own("b"), facts=uncoded).select())[0]
    assert part.text == "Most widely supported, as far as is coded, by two articles: sanctions."


def check_told(selection: Selection, rows: list[dict[str, str]], seen: set[str]) -> None:
    """Recount which cells a reader is told are silent, whatever filters hide."""
    cells = states(selection)
    speaking = {(r["article"], r["instrument"]) for r in rows} | {(a, "sanctions") for a in seen}
    prescribing = {r["article"] for r in rows if not r.get("voice")}
    for article, instrument, words in zip(cells["article"], cells["instrument"], told(cells), strict=True):  # fmt: skip
        mute = article in prescribing and (article, instrument) not in speaking
        assert (words == "silent") == mute
