"""Sentences on actors: each true, each with its rows, each silent when it should be."""

import re
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.charts import flow
from policybook.codebook import Codebook
from policybook.findings.actors import HEADS
from policybook.findings.finding import Finding, number
from policybook.suite import COUNTING, Selection, Suite
from policybook.tables import split

LABELS = {
    "a": "Khalid Mahmoud (2011)",
    "b": "Wehrey and Lacher (2012)",
    "c": "Jason Pack (2013)",
}
UNCODED = {"coder": "", "coded_on": "", "codebook_version": ""}


def own(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row in the author's own voice."""
    return {"article": article, "instrument": instrument, **cells}


def relayed(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row that relays somebody's position."""
    return own(article, instrument, **{"voice": "reported", "speaker": "un-envoy", **cells})


def texts(found: list[Finding]) -> list[str]:
    """Return the sentences of findings."""
    return [finding.text for finding in found]


def by_code(found: list[Finding]) -> dict[str, Finding]:
    """Return findings by their kind."""
    return {finding.code: finding for finding in found}


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """A function that makes a suite of some rows."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def test_three_relations_apart(suite: Any) -> None:
    """Asked of an actor, aimed at it and said by it are three sentences with their own rows."""
    made = suite(own("a", addressee="egypt"), own("b", "elections", target="egypt"),
                 relayed("c", "ceasefire", speaker="egypt"))  # fmt: skip
    found = findings.one_actor(made.select(), "egypt")
    assert texts(found) == [
        "Asked of Egypt in particular: one course of action in one article – for sanctions.",
        "Aimed at Egypt in particular: one course of action in one article – for elections.",
        "Said by Egypt: one course of action in one article, only relayed – for a ceasefire.",
    ]
    assert [f.rows for f in found] == [("a-000",), ("b-001",), ("c-002",)]


def test_groups_and_parts_stand_apart(suite: Any) -> None:
    """What names a group or a part of an actor is never counted as naming it, and says so."""
    made = suite(own("a", addressee="regional-states"), own("b", addressee="sisi"),
                 own("b", addressee="egypt; regional-states"))  # fmt: skip
    found = findings.one_actor(made.select(), "egypt")
    found = [finding for finding in found if finding.rows]
    assert [(f.code, f.rows) for f in found] == [
        ("actor-itself", ("b-002",)), ("actor-group", ("a-000",)), ("actor-member", ("b-001",)),
    ]  # fmt: skip
    assert "Asked of a group that includes Egypt (regional states): " in found[1].text
    assert found[1].caveat == "A demand on a group is no demand on each of its members."
    assert "Asked of a part of Egypt (President Sisi): " in found[2].text


def test_nothing_by_name(suite: Any) -> None:
    """That an actor is never named is said only where the whole selection names it nowhere."""
    made = suite(own("a", addressee="egypt", confidence="low"), own("a", target="turkey"))
    low, high = made.select(), made.select(confidence="high")
    assert by_code(findings.one_actor(low, "egypt"))["actor-nothing"].text == (
        "Aimed at Egypt in particular: nothing."
    )
    assert texts(findings.one_actor(high, "egypt"))[:2] == [
        "Asked of Egypt in particular: hidden by the filters.", "Aimed at Egypt in particular: nothing.",
    ]  # fmt: skip


def test_nobody_concerned(suite: Any) -> None:
    """An actor that no recommendation concerns has one sentence, with what is not coded yet."""
    made = suite(own("a"), facts={"c": UNCODED})
    (finding,) = findings.one_actor(made.select(), "nato")
    assert finding.text == "No recommendation of the selected articles concerns NATO."
    assert finding.caveat == "Not coded yet: Jason Pack (2013)."


def test_no_actor_and_no_article(suite: Any) -> None:
    """Without an actor, and without an article, a sentence says what is missing."""
    made = suite(own("a"))
    for answer in (findings.one_actor, findings.cannot_be_had_together):
        assert [f.code for f in answer(made.select(), "")] == ["actor-none"]
        nothing = made.select(from_date="2099")
        assert [f.code for f in answer(nothing, "egypt")] == ["nothing-selected"]


def test_who_relays_and_rejects(suite: Any) -> None:
    """What is only relayed is counted apart, and a condition is never left out."""
    made = suite(own("a", "ceasefire", addressee="haftar", condition_type="precondition"),
                 relayed("b", "elections", addressee="haftar"))  # fmt: skip
    assert texts(findings.one_actor(made.select(), "haftar"))[0] == (
        "Asked of Haftar in particular: two courses of action in two articles, one only relayed – "
        "for a ceasefire (under a condition); only relayed: for elections."
    )


def test_relayed_positions_stand_apart(suite: Any) -> None:
    """What is only relayed, rejected or endorsed is never run together with what an author asks for."""
    at = {"target": "haftar"}
    rows = [
        relayed("b", "elections", **at, author_attitude="rejects"),
        relayed("b", "elections", stance="opposes", **at), relayed("c", **at, author_attitude="endorses"),
    ]  # fmt: skip
    said = texts(findings.one_actor(suite(*rows).select(), "haftar"))
    assert said[-1].endswith(
        ", only relayed – against elections; rejected by the author: for elections; "
        "endorsed by the author: for sanctions."
    )
    made = suite(own("a", "elections", stance="opposes", **at), *rows)
    assert texts(findings.one_actor(made.select(), "haftar"))[-1].endswith(
        "three only relayed – against elections; only relayed: against elections; "
        "relayed and rejected: for elections; relayed and endorsed: for sanctions."
    )


def test_a_proviso_that_names_the_actor(suite: Any) -> None:
    """A demand on a group under a proviso that names the actor may except him, and stands apart."""
    bound = {"condition_type": "proviso", "condition": "asks for something"}
    made = suite(
        own("a", addressee="libyan-parties"), own("b", addressee="libyan-parties", **bound)
    )
    book: Codebook = made.material.book
    actor = book.data["actor"]["haftar"]
    for variants, way in ((["something"], "proviso"), (["some other"], "group")):
        book.data["actor"]["haftar"] = {**actor, "variants": variants}
        book.__dict__.pop("vocabularies", None)
        found = [f for f in findings.one_actor(made.select(), "haftar") if f.rows]
        assert found[-1].code == f"actor-{way}"
        assert found[-1].rows == (("b-001",) if way == "proviso" else ("a-000", "b-001"))
    book.data["actor"]["haftar"] = {**actor, "variants": ["something"]}
    book.__dict__.pop("vocabularies", None)
    assert texts(findings.one_actor(made.select(), "haftar"))[-1] == (
        "Asked of a group that includes Haftar (the Libyan parties) with a proviso that names Haftar "
        "(“asks for something”): one course of action in one article – for sanctions (under a condition)."
    )


def test_described_and_named(suite: Any) -> None:
    """Who describes problems with the actor's name, and prescribes nothing concerning it, is named."""
    seen = [{"article": a, "instrument": "sanctions"} for a in "abc"]
    made = suite(own("a", target="egypt"), own("b"), diagnoses=seen)
    book: Codebook = made.material.book
    book.data["actor"]["egypt"] = {"label": "Egypt", "variants": ["Passage 000", "passage 001"]}
    book.__dict__.pop("vocabularies", None)
    assert findings.described_rows(made.select(), "egypt")["id"].tolist() == ["a-d000", "b-d001"]
    finding = by_code(findings.one_actor(made.select(), "egypt"))["actor-described"]
    assert (finding.text, finding.rows) == (
        "Naming Egypt in problems described, and demanding nothing that concerns Egypt: Wehrey and Lacher (2012).",
        ("b-d001",),
    )
    assert "actor-described" not in by_code(findings.one_actor(made.select(), "nato"))
    assert findings.described_rows(made.select(), "").empty


def test_articles_without_the_actor(suite: Any) -> None:
    """Prescribing articles that never concern an actor are named; those that prescribe nothing are not."""
    made = suite(own("a", target="egypt"), own("b"), relayed("c"))
    assert by_code(findings.one_actor(made.select(), "egypt"))["actor-not-in"].text == (
        "Prescribing, but in no recommendation concerning Egypt: Wehrey and Lacher (2012)."
    )
    made = suite(own("a", target="egypt"), relayed("c"))
    assert "actor-not-in" not in by_code(findings.one_actor(made.select(), "egypt"))


OUT = {"instrument": "exclude_haftar", "target": "haftar"}
ALL = {"instrument": "inclusive_process", "target": "libyan-parties"}


def test_who_wants_him_out_and_who_at_the_table(suite: Any) -> None:
    """Who wants an actor out and who wants all at the table are named, each with the rows."""
    rejected = {"author_attitude": "rejects"}
    made = suite(own("a", **OUT), own("b", **ALL), relayed("c", **ALL, **rejected),
                 own("c", **ALL, condition_type="proviso"))  # fmt: skip
    found = findings.cannot_be_had_together(made.select(), "haftar")
    assert [(f.text, f.rows) for f in found] == [
        ("For excluding Haftar: Khalid Mahmoud (2011).", ("a-000",)),
        (("For an inclusive process: Wehrey and Lacher (2012), and the UN envoy as relayed "
         "and rejected by Jason Pack (2013)."), ("b-001", "c-002")),
        (("For an inclusive process under a condition (provided that: “provided that number 003 "
         "holds”): Jason Pack (2013)."), ("c-003",)),
    ]  # fmt: skip
    assert {f.caveat for f in found} == {
        "Whoever keeps Haftar out cannot want all parties at the table, unless a proviso says so."
    }
    conflict = by_code(findings.one_actor(made.select(), "haftar"))["actor-conflict"]
    assert conflict.text == (
        "Demanded concerning Haftar, though each excludes the other: "
        "excluding Haftar and an inclusive process."
    )
    assert set(conflict.rows) == {"a-000", "b-001", "c-002", "c-003"}


@pytest.mark.parametrize(
    "rows",
    [
        [own("a", **OUT)],
        [own("b", **ALL)],
        [own("a", **OUT, stance="opposes"), own("b", **ALL)],
        [own("a", **OUT), own("b", **ALL, stance="opposes")],
        [own("a", **OUT), own("b", **ALL, condition_type="proviso")],
        [own("a", **OUT), own("b", "inclusive_process", target="turkey")],
        [own("a", **OUT), own("b", "elections", target="haftar")],
        [own("a", **{**OUT, "target": "uae"}, addressee="haftar"), own("b", **ALL)],
        [
            own("a", **OUT),
            own("b", **ALL, condition_type="proviso"),
            own("b", **ALL, repeat_of="b-001"),
        ],
    ],
)
def test_no_conflict_without_two_sides(suite: Any, rows: list[dict[str, str]]) -> None:
    """One side alone, a dissolving proviso or another actor makes no conflict, and that is said."""
    selection = suite(*rows).select()
    (finding,) = findings.cannot_be_had_together(selection, "haftar")
    assert finding.text == (
        "Nothing is wanted concerning Haftar that the codebook says cannot be had together."
    )
    assert "actor-conflict" not in by_code(findings.one_actor(selection, "haftar"))


def test_conflict_hidden_by_filters(suite: Any) -> None:
    """Where filters hide a side, the sentence does not pretend that all was compared."""
    made = suite(own("a", **OUT), own("b", **ALL, confidence="low"))
    (finding,) = findings.cannot_be_had_together(made.select(confidence="high"), "haftar")
    assert finding.text.endswith("Filters are set: what they hide is not compared.")


def test_what_an_actor_wrote_is_not_denied(suite: Any) -> None:
    """Whoever wrote, or may have written, under another name is not simply without a word."""
    facts = {"a": {"coauthors": "karim-mezran"}, "b": {"possible_authors": "karim-mezran (inferred, 0.65)"},
             "c": {"authors": "jason-pack; frederic-wehrey", "authors_basis": "page"}}  # fmt: skip
    selection = suite(own("a"), own("b"), own("c"), facts=facts).select()
    wrote = by_code(findings.one_actor(selection, "karim-mezran"))["actor-wrote"]
    assert wrote.text == (
        "Karim Mezran co-wrote a piece quoted in the article of Khalid Mahmoud (2011) and may have written "
        "(inferred, about 65 %) the article of Wehrey and Lacher (2012): what is said there stands "
        "under another name."
    )
    assert (wrote.rows, wrote.articles) == (("a-000", "b-001"), ("a", "b"))
    assert by_code(findings.one_actor(selection, "frederic-wehrey"))["actor-wrote"].articles == (
        "c",
    )
    assert "actor-wrote" not in by_code(findings.one_actor(selection, "jason-pack"))


def test_a_relation_may_be_limited(suite: Any) -> None:
    """A relation of the codebook that names targets or ends holds for rows of these alone."""
    made = suite(own("a", **OUT, objective="end_fighting"), own("b", **ALL))
    book: Codebook = made.material.book
    for limit, fires in (({"objectives": ["end_fighting"]}, True), ({"targets": ["egypt"]}, False),
                         ({"objectives": ["unify_army"]}, False), ({"targets": ["haftar"]}, True)):  # fmt: skip
        book.__dict__.pop("relations", None)
        first = {"kind": "excludes", "first": OUT["instrument"], "second": ALL["instrument"]}
        book.data = {**book.data, "relation": [{**first, **limit}]}
        found = findings.cannot_be_had_together(made.select(), "haftar")
        assert found[0].code == ("actor-excludes" if fires else "actor-no-conflict")


def test_officers_of_somebody_else(shipped: Suite) -> None:
    """Problems that name some other officer are not said to name those at the Cairo talks."""
    found = by_code(findings.one_actor(shipped.select(), "libyan-officers"))
    assert "actor-absent" not in found
    assert "actor-described" not in found


def test_no_actor_outside_the_list(shipped: Suite) -> None:
    """That nobody outside the list is concerned is not said of every other actor."""
    (absent, *_) = findings.one_actor(shipped.select(), "other")
    assert absent.text == (
        "No recommendation of the selected articles concerns an actor outside the list of the codebook."
    )


def test_most_addressed(suite: Any) -> None:
    """Who is addressed most comes first with its number; the evidence is that of all who are named."""
    made = suite(own("a", addressee="egypt; uae"), own("b", addressee="egypt"),
                 own("b", addressee="uae"), own("c", addressee="turkey"))  # fmt: skip
    finding = by_code(findings.who_is_asked(made.select()))["asked-most"]
    assert finding.text == (
        "Most often addressed, counted in courses of action: "
        "Egypt (two), the United Arab Emirates (two) and Turkey (one)."
    )
    assert finding.rows == ("a-000", "c-003", "b-001", "b-002")  # the first of each comes first
    assert finding.claim == "Most often addressed: egypt and uae"
    assert finding.caveat == "A demand on two counts for each."


def test_a_caveat_sees_all_who_are_addressed(shipped: Suite) -> None:
    """That all demands behind the answer are one article's is said only if those on all named are."""
    selection = shipped.select(voices="author", articles=["mei-2014", "wehrey-lacher-2019"])
    found = findings.who_is_asked(selection)
    rows = selection.rows[selection.rows["id"].isin(by_code(found)["asked-most"].rows)]
    assert set(rows["article"]) == {"mei-2014", "wehrey-lacher-2019"}
    assert "is one article’s" not in exhibits.opening(selection, found).text


def test_what_is_asked_keeps_voices_apart(suite: Any) -> None:
    """The table of who is asked to act never mixes what an author asks with what he relays."""
    made = suite(own("a", instrument="elections", addressee="egypt"),
                 relayed("a", instrument="ceasefire", addressee="egypt", author_attitude="rejects"))  # fmt: skip
    text = exhibits.addressed(made.select()).text
    assert "for elections; relayed and rejected: for a ceasefire" in text
    assert "for a ceasefire and elections" not in text


def test_nobody_is_addressed(suite: Any) -> None:
    """Where nobody is named, no most-addressed is invented."""
    found = by_code(findings.who_is_asked(suite(own("a"), relayed("b")).select()))
    assert "asked-most" not in found
    assert found["asked-nobody"].text == (
        "Addressed to nobody: two of two courses of action, one only relayed – for sanctions; "
        "only relayed: for sanctions."
    )
    assert found["asked-nobody"].rows == ("a-000", "b-001")


def test_acted_upon_and_never_asked(suite: Any) -> None:
    """An actor that any selected row addresses, hidden or not, is never called unasked."""
    rows = [own("a", target="egypt; uae"), own("b", addressee="egypt", confidence="low")]
    made = suite(*rows)
    for confidence in ("low", "high"):
        finding = by_code(findings.who_is_asked(made.select(confidence=confidence)))["asked-never"]
        assert finding.text == (
            "Acted upon and never asked to act, unless as part of a group: the United Arab Emirates."
        )
    made = suite(own("a", target="egypt"), own("b", addressee="egypt"))
    assert "asked-never" not in by_code(findings.who_is_asked(made.select()))


def test_addressed_to_nobody(suite: Any) -> None:
    """A course with an addressee somewhere is addressed, even where a filter hides that row."""
    rows = [own("a", course="a-x"), own("a", course="a-x", addressee="un", confidence="low")]
    made = suite(*rows)
    for confidence in ("low", "high"):
        finding = by_code(findings.who_is_asked(made.select(confidence=confidence)))["asked-all"]
        assert finding.text == "Addressed to nobody: none of one course of action."
    found = findings.who_is_asked(made.select(count="rows"))
    assert by_code(found)["asked-nobody"].rows == ("a-000",)


def test_nothing_to_address(suite: Any) -> None:
    """An empty selection, a hidden one and one without rows each have their own sentence."""
    made = suite(own("a", confidence="low"))
    assert texts(findings.who_is_asked(made.select(confidence="high"))) == [
        "The filters leave no recommendation; what they hide is no silence."
    ]
    assert [f.code for f in findings.who_is_asked(made.select(from_date="2099"))] == [
        "nothing-selected"
    ]
    assert texts(findings.who_is_asked(made.select(articles=["b"]))) == [
        "No recommendation of the selected articles is coded."
    ]


def test_shift_of_the_addressee(suite: Any) -> None:
    """Whom each author asks stands article by article, and from different voices no change is read."""
    rows = [own("a", addressee="un"), own("b", addressee="un; egypt"), own("b", addressee="uae")]
    made = suite(*rows)
    (finding,) = findings.addressees_over_time(made.select())
    assert finding.text == (
        "Sanctions, asked of: the United Nations – Khalid Mahmoud (2011); Egypt, the United "
        "Arab Emirates and the United Nations – Wehrey and Lacher (2012)."
    )
    assert finding.caveat == "No change of mind can be read from this."
    assert set(finding.rows) == {"a-000", "b-001", "b-002"}
    same = {
        "a": {"coauthors": "karim-mezran"},
        "b": {"possible_authors": "karim-mezran (page, 0.1)"},
    }
    (finding,) = findings.addressees_over_time(suite(*rows, facts=same).select())
    assert finding.caveat.endswith(
        " It is not established that all of these are different authors."
    )
    one = {name: {"authors": "karim-mezran", "authors_basis": "page"} for name in "ab"}
    (finding,) = findings.addressees_over_time(suite(*rows, facts=one).select())
    assert finding.caveat.endswith(" These articles have a common author.")
    (finding,) = findings.addressees_over_time(
        suite(*rows, own("c", addressee="un"), facts=one).select()
    )
    assert finding.caveat.endswith(" Some of these articles have a common author.")


def test_same_addressee_throughout(suite: Any) -> None:
    """Where all ask the same, the sentence says so and speaks of no shift."""
    made = suite(own("a", addressee="un"), own("b", addressee="un"))
    (finding,) = findings.addressees_over_time(made.select())
    assert finding.text == (
        "Sanctions, asked of the same wherever somebody is named: the United Nations – "
        "Khalid Mahmoud (2011) and Wehrey and Lacher (2012)."
    )


@pytest.mark.parametrize(
    "second",
    [own("b"), relayed("b", addressee="un"), own("b", addressee="un", stance="opposes"),
     own("b", "elections", addressee="un"), own("a", addressee="egypt")],
)  # fmt: skip
def test_no_shift_without_two_authors_who_ask(suite: Any, second: dict[str, str]) -> None:
    """Relayed, opposed, unaddressed demands and a second row of one article make no shift."""
    (finding,) = findings.addressees_over_time(suite(own("a", addressee="un"), second).select())
    assert finding.text == "No instrument is asked of somebody by the authors of two articles."


def test_many_shifts_are_counted_not_dropped(suite: Any) -> None:
    """Instruments beyond those that are told are named as standing in the table."""
    names = ["sanctions", "pressure_egypt_uae", "exclude_haftar", "algerian_mediation",
             "un_mediation", "egyptian_mediation", "elections"]  # fmt: skip
    made = suite(*(own(a, n, addressee="un") for n in names for a in "ab"))
    found = findings.addressees_over_time(made.select())
    assert [f.code for f in found] == ["shift-same"] * 6 + ["shift-more"]
    assert found[-1].text == "In the table alone: elections."


ACTORS = ["", "egypt", "uae", "sisi", "regional-states", "egypt; uae", "haftar", "libyan-parties"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "article": st.sampled_from("abc"),
            "instrument": st.sampled_from(["sanctions", "exclude_haftar", "inclusive_process"]),
            "stance": st.sampled_from(["supports", "opposes"]),
            "addressee": st.sampled_from(ACTORS),
            "target": st.sampled_from(ACTORS),
            "confidence": st.sampled_from(["", "low"]),
            "condition_type": st.sampled_from(["", "", "proviso", "trigger"]),
        },
        optional={"voice": st.just("reported"),
                  "author_attitude": st.sampled_from(["neutral", "rejects", "endorses"])},
    ),
    max_size=9,
)  # fmt: skip


def visible(row: dict[str, str], asked: dict[str, str]) -> bool:
    """Tell whether a row passes the filters."""
    voice = "reported" if row.get("voice") else "author"
    return asked["voices"] in {"both", voice} and (
        asked["confidence"] == "low" or row["confidence"] == ""
    )


def ways(cell: str, actor: str, suite: Suite) -> str:
    """Return how a cell concerns an actor, by a plain loop over the members of groups."""
    named = split(cell)
    if actor in named:
        return "itself"
    if any(actor in suite.book.members(one) for one in named):
        return "group"
    return "member" if any(one in suite.book.members(actor) for one in named) else ""


@settings(max_examples=tries(35), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=ROWS,
    confidence=st.sampled_from(["low", "high"]),
    voices=st.sampled_from(["author", "reported", "both"]),
    count=st.sampled_from(list(COUNTING)),
)
def test_every_sentence_against_a_recount(
    rows: list[dict[str, str]], confidence: str, voices: str, count: str
) -> None:
    """On any table and under any filter, every number and every row survives a recount."""
    spoken = [
        {**r, "speaker": "un-envoy"} if r.get("voice") else {**r, "author_attitude": ""}
        for r in rows
    ]
    asked = {"confidence": confidence, "voices": voices}
    with tempfile.TemporaryDirectory() as folder:
        suite = make_suite(Path(folder) / "s", spoken)
        selection = suite.select(**asked, count=count)
        for actor in ("egypt", "haftar"):
            check_actor(selection, rows, actor, asked)
            check_conflict(selection, rows, actor, asked)
        check_asked(selection, rows, asked)
        check_exhibits(selection)


def ids(rows: list[dict[str, str]], asked: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the visible rows with their ids."""
    for n, row in enumerate(rows):
        if visible(row, asked):
            yield f"{row['article']}-{n:03}", row


def check_actor(
    selection: Selection, rows: list[dict[str, str]], actor: str, asked: dict[str, str]
) -> None:
    """Recount what names an actor, a group that holds it, and a part of it."""
    found = {f.subject: f for f in findings.one_actor(selection, actor) if f.subject}
    for relation, column in (("asked of it", "addressee"), ("to be done to it", "target")):
        for way in ("itself", "group", "member"):
            cells = {i: ways(r[column], actor, selection.suite) for i, r in ids(rows, asked)}
            mine = {i for i, one in cells.items() if one == way}
            finding = found.get(f"{relation}: {way}", Finding(""))
            assert set(finding.rows) == mine
            if mine:
                articles = {one.split("-")[0] for one in mine}
                assert finding.text.startswith(HEADS[relation])
                holds = selection.asked["count"] in {"articles", "periods"}  # one article a year
                many = len(articles) if holds else len(mine)  # every row is a course of its own
                assert f": {'recommendations of ' * holds}{number(many)} " in finding.text
                if selection.asked["count"] != "articles":
                    assert f"in {number(len(articles))} article" in finding.text
                voices = [(i if not holds else i[0], bool(r.get("voice"))) for i, r in ids(rows, asked) if i in mine]  # fmt: skip
                own = len({unit for unit, relayed in voices if not relayed})
                clause = f", {'in ' * holds}{number(many - own)}{noun(selection, many - own)} only relayed –" if own else ", only relayed –"  # fmt: skip
                assert (clause in finding.text) == (own < many)
                assert demands_in(finding.text) == demands_of([r for i, r in ids(rows, asked) if i in mine])  # fmt: skip
            hidden = any(ways(r[column], actor, selection.suite) == way for r in rows) and not mine
            assert ("hidden by the filters" in finding.text) == hidden


def noun(selection: Selection, many: int) -> str:
    """Return what is only relayed where years are counted: articles, for of one year they may differ."""
    return f" article{'s' * (many != 1)}" if selection.asked["count"] == "periods" else ""


NAMES = {"sanctions": "sanctions", "exclude_haftar": "excluding Haftar",
         "inclusive_process": "an inclusive process"}  # fmt: skip
Demands = dict[tuple[str, str], set[tuple[str, str]]]
"""By whose they are and for or against: instruments in words, and what holds for each row of them."""


def demands_in(text: str) -> Demands:
    """Return the demands that the end of a sentence lists."""
    found: Demands = {}
    whose = "plain"
    for part in text.rpartition(" – ")[2].removesuffix(".").split("; "):
        head, mark, said = part.rpartition(": ")
        whose = head.split()[-1] if head.endswith(("rejected", "endorsed")) else head if mark else whose  # fmt: skip
        whose = head.split()[0] if head.endswith("by the author") else whose
        sign, _, names = said.partition(" ")
        for name in re.split(r", (?!doubtful)| and ", names):
            plain, _, marks = name.partition(" (")
            found.setdefault((whose, sign), set()).add((plain, marks.removesuffix(")")))
    return found


def demands_of(rows: list[dict[str, str]]) -> Demands:
    """Return the same, counted from rows."""
    words = {"rejects": "rejected", "endorses": "endorsed"}
    neutral = "only relayed" if any(not r.get("voice") for r in rows) else "plain"
    kinds: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in rows:
        relayed = words.get(row.get("author_attitude", ""), neutral)
        whose = relayed if row.get("voice") else "plain"
        sign = "for" if row["stance"] == "supports" else "against"
        key = whose, sign, NAMES[row["instrument"]]
        kinds.setdefault(key, []).append(row)
    found: Demands = {}
    for (whose, sign, name), mine in kinds.items():
        marks = ["under a condition"] if all(row["condition_type"] for row in mine) else []
        marks += ["doubtful"] if all(row["confidence"] == "low" for row in mine) else []
        found.setdefault((whose, sign), set()).add((name, ", ".join(marks)))
    return found


def meet(one: dict[str, str], other: dict[str, str], suite: Suite) -> bool:
    """Tell whether two rows may mean one and the same target, by a plain loop."""
    reached = [
        {part for name in split(row["target"]) for part in suite.book.members(name)}
        for row in (one, other)
    ]
    return not all(reached) or bool(reached[0] & reached[1])


def check_conflict(
    selection: Selection, rows: list[dict[str, str]], actor: str, asked: dict[str, str]
) -> None:
    """Recount who wants an actor out and who wants all at the table."""
    near = {i: r for i, r in ids(rows, asked)
            if any(ways(r[c], actor, selection.suite) for c in ("target", "addressee"))}  # fmt: skip
    out = {i for i, r in near.items() if r["instrument"] == "exclude_haftar"}
    both = out | {i for i, r in near.items() if r["instrument"] == "inclusive_process"}
    wants = {i for i in both if near[i]["stance"] == "supports"}
    plain = {i for i in wants - out if near[i]["condition_type"] != "proviso"}
    met = {(i, j) for i, j in product(both, both) if meet(near[i], near[j], selection.suite)}
    firsts = {i for i in wants & out if any((i, j) in met for j in plain)}
    fires = bool(firsts)
    both = {i for i in out if any((i, j) in met for j in plain)} | {
        i for i in both - out if any((i, j) in met for j in firsts)
    }
    found = findings.cannot_be_had_together(selection, actor)
    assert found[0].code == ("actor-excludes" if fires else "actor-no-conflict")
    if fires:
        assert {i for f in found for i in f.rows} == both
        for finding in found:
            for one in finding.rows:
                row = near[one]
                assert finding.text.startswith(
                    "For " if row["stance"] == "supports" else "Against "
                )
                assert ("under a condition" in finding.text) == bool(row["condition_type"])
                how = {"rejects": "relayed and rejected", "endorses": "relayed and endorsed"}
                told = how.get(row.get("author_attitude", ""), "relayed")
                assert (f"as {told} by" in finding.text) or not row.get("voice")
                own, here = row.get("voice"), row["article"]
                same = [near[i] for i in finding.rows]
                same = [r for r in same if (r.get("voice"), r["article"]) == (own, here)]
                mark = ", doubtful)" if all(r["confidence"] == "low" for r in same) else ")"
                assert f"{LABELS[here][:-1]}{mark}" in finding.text


def check_asked(selection: Selection, rows: list[dict[str, str]], asked: dict[str, str]) -> None:
    """Recount who is addressed and what nobody is told to do."""
    found = by_code(findings.who_is_asked(selection))
    seen = dict(ids(rows, asked))
    alone = {i for i, r in seen.items() if not r["addressee"]}
    assert set(found.get("asked-nobody", Finding("")).rows) == alone
    holds = selection.asked["count"] in {"articles", "periods"}
    units: dict[str, set[str]] = {}
    for name, row in seen.items():
        for one in split(row["addressee"]):
            units.setdefault(one, set()).add(name[0] if holds else name)
    counts = {one: len(names) for one, names in units.items()}
    if alone:
        some, every = ({name[0] if holds else name for name in part} for part in (alone, seen))
        of = "recommendations of " if holds else ""
        many = f"{number(len(some))} of {number(len(every))}" if len(every) > 1 or not of else "one"
        assert f": {of}{many} " in found["asked-nobody"].text
    assert ("asked-most" in found) == bool(counts)
    if counts:
        top = max(counts.values())
        most = {i for i, r in seen.items() if any(counts[o] == top for o in split(r["addressee"]))}
        every = {i for i, r in seen.items() if r["addressee"]}
        assert most <= set(found["asked-most"].rows) <= every
        assert len(counts) > 6 or set(found["asked-most"].rows) == every
        own = [{n for n in names if any(not r.get("voice") and one in split(r["addressee"]) and (i[0] if holds else i) == n for i, r in seen.items())} for one, names in units.items()]  # fmt: skip
        for (one, names), mine in zip(units.items(), own, strict=True):
            only = len(names) - len(mine)
            within = "in " if holds else ""
            clause = f", {within}{number(only)}{noun(selection, only)} only relayed" if mine else ", only relayed"  # fmt: skip
            said = f"{selection.book.label('actor', one)} ({number(len(names))}{clause if only else ''})"  # fmt: skip
            assert said in found["asked-most"].text or len(counts) > 5
    named = {one for row in rows for one in split(row["addressee"])}
    never = {i for i, r in seen.items() if set(split(r["target"])) - named}
    assert set(found.get("asked-never", Finding("")).rows) == never


def check_exhibits(selection: Selection) -> None:
    """Every exhibit on actors can be shown, and shows something, whatever is selected."""
    for shown in (
        exhibits.dossier(selection, "egypt"), exhibits.conflicts(selection, "haftar"),
        exhibits.addressed(selection), exhibits.asked_over_time(selection),
        exhibits.dossier(selection, ""),
    ):  # fmt: skip
        assert re.sub(r"<[^>]+>", "", str(shown.html)).strip()


def test_who_asked_before_is_told_whatever_a_filter_hides(suite: Any) -> None:
    """An address that an earlier article had is never called new because a filter hides that article."""
    low = {"confidence": "low"}
    dates = {"earliest": "2012-01-01", "latest": "2013-12-31", "published": ""}
    made = suite(
        own("a", addressee="un", **low), own("b", addressee="un"), own("c", addressee="un; egypt"),
        own("d", addressee="egypt"), own("d", addressee="uae"),
        own("e", addressee="uae", **low), own("e", addressee="un"), articles=5,
        facts={"e": {**dates, "date_basis": "inferred"}, "d": dates | {"date_basis": "inferred"}},
    )  # fmt: skip

    def told(**asked: str) -> dict[tuple[str, str], str]:
        html = BeautifulSoup(
            str(exhibits.asked_over_time(made.select(**asked)).html), "html.parser"
        )
        lines = [[cell.get_text() for cell in line.select("td")] for line in html.select("tr")]
        return {(line[0].rstrip("0123456789"), line[1]): line[2] for line in lines if line}

    first, again = "by no earlier article here", "by an earlier article as well"
    unclear, hidden = (
        "dates do not tell which was first",
        "by an earlier article, but hidden by the filters",
    )
    a, b, c = "Khalid Mahmoud (2011)", "Wehrey and Lacher (2012)", "Jason Pack (2013)"
    d, e = "Karim Mezran (2012 or 2013)", "The Middle East Institute author (2012 or 2013)"
    un, egypt, uae = "the United Nations", "Egypt", "the United Arab Emirates"
    later = {(c, un): again, (c, egypt): unclear, (d, egypt): unclear}
    assert told() == {
        **later, (a, un): first, (b, un): again, (e, un): again, (d, uae): unclear, (e, uae): unclear,
    }  # fmt: skip
    assert told(confidence="high") == {
        **later, (b, un): hidden, (e, un): hidden, (d, uae): f"perhaps {hidden}",
    }  # fmt: skip


def drawn(selection: Selection) -> dict[str, Any]:
    """Return the specification of a selection's flow."""
    spec: dict[str, Any] = exhibits.flow(selection).chart.to_dict()
    return spec


def test_flow_names_what_it_leaves_out(suite: Any) -> None:
    """A flow draws so many names a column and names the others beside it: nothing is cut silently."""
    actors = ["egypt", "uae", "qatar", "turkey", "france", "algeria", "italy", "nato", "un", "gcc"]
    rows = [own("a", addressee=one) for one in [*actors, *actors[:9]]]
    shown = exhibits.flow(suite(*rows).select())
    assert "Not drawn: addressees – the Gulf Cooperation Council." in shown.text
    words = str(shown.chart.to_dict()["datasets"])
    assert "Gulf Cooperation Council" not in words.replace("|", " ")
    assert "nobody named" in words.replace("|", " ")


def test_flow_counts_a_demand_on_two_for_each(suite: Any) -> None:
    """A demand on two actors is a line to each, as wide as what it stands for."""
    made = suite(own("a", addressee="egypt; uae"), own("a", addressee="egypt", stance="opposes"),
                 relayed("b", addressee="egypt", target="haftar"))  # fmt: skip
    lines = [
        row for rows in drawn(made.select())["datasets"].values() for row in rows if "units" in row
    ]
    first = [r for r in lines if r["x"] < 300]
    assert sorted((r["stance"], r["units"]) for r in first) == [
        ("opposes", 1), ("supports", 1), ("supports", 1), ("supports", 1),
    ]  # fmt: skip
    text = exhibits.flow(made.select()).text
    assert "Widest on the left: four lines, one each." in text
    alone = exhibits.flow(suite(own("a", addressee="egypt")).select()).text
    assert "Widest on the left: from Khalid Mahmoud to Egypt, one." in alone


def test_flow_of_nothing(suite: Any) -> None:
    """Where nothing is selected a sentence stands in place of the chart."""
    shown = exhibits.flow(suite(own("a")).select(from_date="2099"))
    assert shown.text == "There is nothing to draw within the selection."


def test_flow_puts_nobody_last() -> None:
    """The names that are to stand at the bottom of their column do so, whoever leads to them."""
    import pandas as pd

    tells = pd.DataFrame(
        {"start": ["x", "y"], "end": ["nobody", "z"], "stance": "supports", "units": 1}
    )
    acts = pd.DataFrame(
        {"start": ["nobody", "z"], "end": ["w", "nobody"], "stance": "opposes", "units": 2}
    )
    tells, acts = (t.assign(**{"from": t["start"], "to": t["end"]}) for t in (tells, acts))
    spec = flow(tells, acts, title="t", bottom=("nobody",)).to_dict()
    names = [r for rows in spec["datasets"].values() for r in rows if "column" in r]
    for column in (1, 2):
        mine = sorted((r["y"], r["name"]) for r in names if r["column"] == column)
        assert mine[-1][1] == "nobody"
