"""Sentences on means and ends: which means, in which order, under which trigger, what first."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.findings.finding import Finding, number
from policybook.suite import Selection
from policybook.tables import split

END = "stop_outside_support"


def row(article: str = "a", **cells: str) -> dict[str, str]:
    """Return a row towards the end that the tests ask for, unless it says otherwise."""
    return {"article": article, "objective": END, **cells}


def by_code(found: list[Finding]) -> dict[str, Finding]:
    """Return findings by their kind."""
    return {finding.code: finding for finding in found}


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    """A function that asks a made suite which means serve the end."""

    def ask(*rows: dict[str, str], objective: str = END, theme: str = "", **more: Any) -> Any:
        selection = make_suite(tmp_path / "s", list(rows)).select(**more)
        return findings.which_means(selection, objective, theme)

    return ask


def test_head_and_means(asked: Any) -> None:
    """The end, how many courses lead to it, whose they are, and each means with its number."""
    found = by_code(asked(
        row(means="leverage"), row(means="threat; leverage"), row("b"),
        row("b", voice="reported", speaker="un-envoy"), row(objective="unify_army"),
    ))  # fmt: skip
    assert found["means-head"].text == (
        "Towards “stopping outside support”: four courses of action in two articles, one only relayed"
        " – Khalid Mahmoud (2011), Wehrey and Lacher (2012), and the UN envoy as "
        "relayed by Wehrey and Lacher (2012)."
    )
    assert found["means-head"].rows == ("a-000", "a-001", "b-002", "b-003")
    assert found["means-which"].text == (
        "By which means: leverage (two) and threat (one); none named at all: two."
    )
    assert found["means-which"].caveat == "One course of action can count under several of these."
    assert found["means-untriggered"].text == "Under a condition: none of it."
    assert found["means-first-none"].text == "What must be there first: nothing is named."
    assert not {"means-order", "means-rejected", "means-triggers"} & set(found)


def test_a_course_says_its_means_once(asked: Any) -> None:
    """A course of action that names a means in one sentence is not counted as saying none."""
    course = {"course": "a-c1"}
    found = by_code(asked(row(means="leverage", **course), row(**course), row("b")))
    assert found["means-which"].text == "By which means: leverage (one); none named at all: one."
    assert not found["means-which"].caveat
    alone = by_code(asked(row(means="leverage", **course), row(**course)))
    assert alone["means-which"].text == "By which means: leverage (one)."


def test_no_means_said(asked: Any) -> None:
    """Where no text names a means, that is the sentence, and no means is invented."""
    found = by_code(asked(row()))
    assert found["means-unsaid"].text == "By which means: not said."
    assert "means-which" not in found


def test_no_caveat_without_need(asked: Any) -> None:
    """That one can count under several is said only where one does."""
    found = by_code(asked(row(means="leverage"), row(means="threat")))
    assert found["means-which"].caveat == ""


def test_order_and_trigger(asked: Any) -> None:
    """A course's means stand in the order of the text, each with the words of its trigger."""
    steps = [row(course="a-x", means="quiet_diplomacy"), row(course="a-x", means="quiet_diplomacy"),
             row(course="a-x", means="unspecified"),
             row(course="a-x", means="threat", condition_type="escalation"),
             row(course="a-x", means="force", objective="unify_army"),
             row(course="a-x", means="sanction", stance="opposes")]  # fmt: skip
    found = by_code(asked(*steps))
    assert found["means-order"].text == (
        "In the order of the text, Khalid Mahmoud (2011): quiet diplomacy; threat – if an "
        "earlier step fails: “provided that number 003 holds”."
    )
    assert found["means-order"].rows == ("a-000", "a-001", "a-003")
    assert found["means-order"].caveat.startswith("The order is that of the sentences;")
    assert "means-triggers" not in found  # its only trigger is told already


def test_what_is_rejected_is_no_part_of_the_total(asked: Any) -> None:
    """Where some are only against something, their number stands apart, and so do their conditions."""
    against = {"stance": "opposes", "condition_type": "precondition"}
    found = by_code(asked(row(), row("b", **against), row("b", stance="opposes")))
    assert found["means-head"].text == (
        "Towards “stopping outside support”, for something: one course of action in one article"
        " – Khalid Mahmoud (2011); against something: two courses of action."
    )
    assert found["means-untriggered"].text == "Under a condition: none of what is asked for."
    assert found["means-first"].text.endswith(", against sanctions.")


def test_no_order_without_a_course(asked: Any) -> None:
    """Demands that are no course, and a course with one means, have no order."""
    assert "means-order" not in by_code(asked(row(means="threat"), row(means="force")))
    one = row(course="a-x", means="threat")
    assert "means-order" not in by_code(asked(one, one))


def test_two_orders_of_one_article_are_told_apart(asked: Any) -> None:
    """Two courses of one article each have their number, so that their sentences differ from the start."""
    rows = [row(course=f"a-{n}", means=means) for n in range(2) for means in ("threat", "force")]
    texts = [f.text for f in asked(*rows) if f.code == "means-order"]
    assert [text.partition(":")[0] for text in texts] == [
        f"In the order of the text, Khalid Mahmoud (2011) (course {n})" for n in (1, 2)
    ]


def test_many_orders_are_counted(asked: Any) -> None:
    """Of many courses the first are told, and the rest is counted with its rows."""
    rows = [row(course=f"a-{n}", means=means) for n in range(5) for means in ("threat", "force")]
    found = asked(*rows)
    assert [f.code for f in found].count("means-order") == 3
    more = by_code(found)["means-order-more"]
    assert more.text == "Further courses that name different means in turn: two."
    assert more.rows == ("a-006", "a-007", "a-008", "a-009")


def test_triggers(asked: Any) -> None:
    """A condition stands with its kind and its words, the means or else the instrument before it."""
    found = by_code(asked(row(means="threat", condition_type="trigger"),
                          row("b", condition_type="proviso")))  # fmt: skip
    assert found["means-triggers"].text == (
        "Under a condition: threat – when something happens: “provided that number 000 holds”; "
        "sanctions – provided that: “provided that number 001 holds”."
    )
    assert "means-untriggered" not in found


def test_what_must_be_there_first(asked: Any) -> None:
    """A precondition is quoted with what waits for it, and is no trigger and no lack of one."""
    found = by_code(asked(row(condition_type="precondition"),
                          row(stance="opposes", condition_type="precondition")))  # fmt: skip
    assert found["means-first"].text == (
        "What must be there first: “provided that number 000 holds”, for sanctions; "
        "“provided that number 001 holds”, against sanctions."
    )
    assert found["means-first"].rows == ("a-000", "a-001")
    assert not {"means-first-none", "means-triggers", "means-untriggered"} & set(found)


def test_a_hidden_precondition_is_no_absence(asked: Any) -> None:
    """Where a filter hides a precondition, nobody is told that none is named."""
    found = by_code(asked(row(), row(condition_type="precondition", confidence="low"),
                          confidence="high"))  # fmt: skip
    assert found["means-first-none"].text == "What must be there first: hidden by the filters."


def test_rejected(asked: Any) -> None:
    """What is rejected stands apart and is counted under no means."""
    found = by_code(asked(row(means="force", stance="opposes")))
    assert found["means-rejected"].text == (
        "Rejected for its sake: one course of action – against sanctions – Khalid Mahmoud (2011)."
    )
    assert not {"means-head", "means-which", "means-unsaid", "means-untriggered"} & set(found)


@pytest.mark.parametrize("objective", ["", "unspecified"])
def test_without_an_end_nothing_is_rejected_for_its_sake(asked: Any, objective: str) -> None:
    """Where the page is about any end, or none that is said, no sake is claimed."""
    found = by_code(asked(row(objective="", stance="opposes"), objective=objective))
    assert found["means-rejected"].text.startswith("Rejected: one course of action – ")


def test_by_way_of_an_instrument(asked: Any) -> None:
    """With an instrument only what uses it counts, and the sentence names it."""
    found = by_code(asked(row(), row(instrument="elections"), theme="elections"))
    assert found["means-head"].rows == ("a-001",)
    assert found["means-head"].text.startswith(
        "Towards “stopping outside support” by way of elections: one course of action in one article"
    )


def test_nothing_towards_the_end(asked: Any) -> None:
    """No article, no such recommendation and a hidden one are three different sentences."""
    (none,) = asked(row(objective="unify_army"))
    assert none.text == (
        "No recommendation of the selected articles is coded towards “stopping outside support”."
    )
    (hidden,) = asked(row(confidence="low"), confidence="high")
    assert hidden.text == (
        "The filters leave no recommendation towards “stopping outside support”; "
        "what they hide is no silence."
    )
    (nothing,) = asked(row(), from_date="2099")
    assert nothing.code == "nothing-selected"


def test_steps_tell_what_serves_another_end(tmp_path: Path) -> None:
    """A course is shown whole; a step towards another end, or by another instrument, says so."""
    rows = [row(course="a-x"), row(course="a-x", objective="unify_army"),
            row(course="a-x", instrument="elections")]  # fmt: skip
    selection = make_suite(tmp_path / "s", rows).select()
    shown = str(exhibits.steps(selection, END, "sanctions").html)
    items = re.findall(r"<li.*?</li>", shown)
    assert ["serves another end: unifying the army" in item for item in items] == [
        False,
        True,
        False,
    ]
    assert ["by another instrument" in item for item in items] == [False, False, True]
    assert [re.search(r'value="(\d)"', item)[1] for item in items] == ["1", "2", "3"]  # type: ignore[index]


def test_many_courses_are_counted(tmp_path: Path) -> None:
    """A page spells out so many courses, those of several steps first, and counts the rest."""
    rows = [row() for _ in range(22)] + [row(course="a-x"), row(course="a-x")]
    shown = exhibits.steps(make_suite(tmp_path / "s", rows).select(), END)
    assert "3 more courses of action are not shown" in str(shown.html)
    assert str(shown.html).index("Sentence 022") < str(shown.html).index("Sentence 000")


MEANS = ["", "leverage", "threat", "threat; leverage", "force"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "article": st.sampled_from("ab"),
            "objective": st.sampled_from([END, END, f"unify_army; {END}", "unify_army", ""]),
            "means": st.sampled_from(MEANS),
            "stance": st.sampled_from(["supports", "supports", "opposes"]),
            "confidence": st.sampled_from(["", "low"]),
            "condition_type": st.sampled_from(["", "", "escalation", "precondition"]),
            "course": st.sampled_from(["", "x", "x"]),
        }
    ),
    max_size=9,
)


@settings(max_examples=tries(35), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, confidence=st.sampled_from(["low", "high"]))
def test_every_sentence_against_a_recount(rows: list[dict[str, str]], confidence: str) -> None:
    """On any table and under any filter, numbers, orders and rows survive a recount."""
    made = [{**r, "course": f"{r['article']}-{r['course']}" if r["course"] else ""} for r in rows]
    with tempfile.TemporaryDirectory() as folder:
        suite = make_suite(Path(folder) / "s", made)
        selection = suite.select(confidence=confidence, count="rows")
        every = {f"{r['article']}-{n:03}": r for n, r in enumerate(made)}
        toward = {i: r for i, r in every.items() if END in split(r["objective"])}
        seen = {i: r for i, r in toward.items() if confidence == "low" or r["confidence"] == ""}
        found = findings.which_means(selection, END)
        check(found, toward, seen)
        check_order(found, {i: r for i, r in seen.items() if r["stance"] == "supports"})
        check_exhibits(selection)


def check(
    found: list[Finding], toward: dict[str, dict[str, str]], seen: dict[str, dict[str, str]]
) -> None:
    """Recount head, means, preconditions and what is rejected."""
    codes = by_code(found)
    assert ("means-none" in codes) == (not toward)
    assert ("hidden" in codes) == bool(toward and not seen)
    pro = {i: r for i, r in seen.items() if r["stance"] == "supports"}
    assert set(codes.get("means-head", Finding("")).rows) == set(pro)
    assert set(codes.get("means-rejected", Finding("")).rows) == set(seen) - set(pro)
    first = {i for i, r in seen.items() if r["condition_type"] == "precondition"}
    assert set(codes.get("means-first", Finding("")).rows) == first
    named = [one for r in pro.values() for one in split(r["means"])]
    assert ("means-which" in codes) == bool(named)
    for means in set(named):
        assert f"{means} ({number(named.count(means))})" in codes["means-which"].text
    unsaid = sum(not r["means"] for r in pro.values())
    if named:
        assert (f"none named at all: {number(unsaid)}." in codes["means-which"].text) == bool(
            unsaid
        )
    free = bool(pro) and not any(r["condition_type"] for r in pro.values())
    assert ("means-untriggered" in codes) == free


def check_order(found: list[Finding], pro: dict[str, dict[str, str]]) -> None:
    """Recount the courses that name different means in turn."""
    turns: dict[str, list[str]] = {}
    for name, r in sorted(pro.items()):
        if r["course"] and r["means"]:
            turns.setdefault(r["course"], []).append(name)
    several = {
        course: names
        for course, names in turns.items()
        if len({(pro[n]["means"], n if pro[n]["condition_type"] else "") for n in names}) > 1
    }
    orders = [f for f in found if f.code == "means-order"]
    assert {f.subject for f in orders} == set(several)
    for finding in orders:
        assert set(finding.rows) == set(several[finding.subject])
        places = [
            finding.text.find(pro[n]["means"].split(";")[0]) for n in several[finding.subject]
        ]
        assert min(places) >= 0


def check_exhibits(selection: Selection) -> None:
    """Tables and steps can be shown, and show something, whatever is selected."""
    for shown in (exhibits.ways(selection, END), exhibits.steps(selection, END)):
        assert re.sub(r"<[^>]+>", "", str(shown.html)).strip()
