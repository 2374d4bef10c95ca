"""Sentences on agreement: each true, each with its rows, each silent when it should be."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings
from policybook.findings.comparable import MOST_COMPARED, compared
from policybook.findings.finding import Finding, number
from policybook.findings.wording import what
from policybook.problems import ParameterError
from policybook.suite import Selection, Suite, open_suite

LABELS = {
    "a": "Khalid Mahmoud (2011)",
    "b": "Wehrey and Lacher (2012)",
    "c": "Jason Pack (2013)",
}
END = {"objective": "end_fighting", "target": "haftar"}
UNCODED = {"coder": "", "coded_on": "", "codebook_version": ""}


def own(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row in the author's own voice, with a purpose and somebody upon whom."""
    note = {"note": "Other: outside the list."} if instrument == "other" else {}
    return {"article": article, "instrument": instrument, **END, **note, **cells}


def relayed(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row that relays somebody's position."""
    return own(article, instrument, **{"voice": "reported", "speaker": "un-envoy", **cells})


def texts(found: list[Finding]) -> dict[str, str]:
    """Return the sentences of findings by their kind."""
    return {finding.code: finding.text for finding in found}


def by_code(found: list[Finding]) -> dict[str, Finding]:
    """Return findings by their kind."""
    return {finding.code: finding for finding in found}


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """A function that makes a suite of some rows."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def test_agreement(suite: Any) -> None:
    """Two who want the same upon the same agree, and the sentence has both of their rows."""
    made: Suite = suite(own("a"), own("b"), own("c", "elections"))
    found = by_code(findings.where_they_agree(made.select()))
    assert found["agree"].text == f"Agreed – sanctions: {LABELS['a']} with {LABELS['b']}."
    assert found["agree"].rows == ("a-000", "b-001")
    assert found["agree"].subject == "sanctions"
    assert found["agreement-overview"].text == (
        "Pairs of articles compared: three; headings that they share: one; "
        "behind them, the same demand: one."
    )
    assert found["contradict-none"].text == (
        "Opposite demands in two of the articles compared: none."
    )
    assert not {"agree-open", "alike", "mixed", "one-voice"} & set(found)


def test_agreement_as_far_as_said(suite: Any) -> None:
    """An agreement that rests on what one side leaves unsaid is called so, and says what."""
    made: Suite = suite(own("a"), own("b", objective="", target=""))
    found = by_code(findings.where_they_agree(made.select()))
    text = f"Agreed as far as said – sanctions: {LABELS['a']} with {LABELS['b']}."
    assert found["agree-open"].text == text
    assert found["agree-open"].caveat == (
        "Left open by one or both: the purpose and upon whom. "
        "Neither purpose nor target is known to be shared."
    )
    assert found["agreement-overview"].text.endswith("the same demand: one (one as far as said).")
    some = suite(own("a"), own("b", objective=""))
    (half,) = (f for f in findings.where_they_agree(some.select()) if f.code == "agree-open")
    assert half.caveat == "Left open by one or both: the purpose."
    assert "agree" not in found


def test_contradiction(suite: Any) -> None:
    """Where two demand the opposite, the sentence says who is for and who against."""
    made: Suite = suite(own("a", stance="opposes"), own("b"), own("c", "elections"))
    found = by_code(findings.where_they_agree(made.select()))
    assert found["contradict"].text == (
        f"Contradicted – sanctions: {LABELS['a']} against, {LABELS['b']} for."
    )
    assert found["contradict"].rows == ("a-000", "b-001")
    assert found["agree-none"].text == "The same demand in two of the articles compared: none."


def test_contradiction_as_far_as_said(suite: Any) -> None:
    """A contradiction that rests on what one side leaves unsaid is called so on both pages, and counted so."""
    firm = [own("a", "ceasefire"), own("b", "ceasefire", stance="opposes")]
    made: Suite = suite(own("a", objective=""), own("b", stance="opposes"), *firm)
    found = by_code(findings.where_they_agree(made.select()))
    assert found["contradict"].text.startswith("Contradicted – a ceasefire: ")
    assert found["contradict-open"].text == (
        f"Contradicted as far as said – sanctions: {LABELS['a']} for, {LABELS['b']} against."
    )
    assert found["contradict-open"].caveat.startswith("Left open by one or both: the purpose.")
    counts = "the opposite demand: two (one as far as said)."
    assert found["agreement-overview"].text.endswith(counts)
    drawn = exhibits.heatmap(made.select()).text
    assert "an opposite one: one; opposite as far as said: one." in drawn
    both = by_code(findings.two_articles(made.select(articles="a,b"), "a", "b"))
    assert both["sides-contradict"].text == "The opposite demand: a ceasefire."
    open_ = both["sides-contradict-open"]
    assert open_.text == "The opposite demand as far as said: sanctions."
    assert open_.caveat == "Left open by one or both: the purpose."
    assert "Sanctions – contradict as far as said. Left open" in exhibits.side_by_side(made.select(), "a", "b").html  # fmt: skip


def test_never_against_without_its_condition(suite: Any) -> None:
    """Whoever is against something under a condition is never said to be against it outright."""
    made: Suite = suite(own("a", stance="opposes", condition_type="precondition"), own("b"))
    found = texts(findings.where_they_agree(made.select(), strict=False))
    assert (
        f"{LABELS['a']} against under a condition, {LABELS['b']} for." in found["contradict-open"]
    )
    table = exhibits.one_sided(made.select(articles="a,c"), "a", "c").html
    assert "against; should; if: “provided that number 000 holds”" in table


def test_agreed_and_contradicted(suite: Any) -> None:
    """Who agrees on one demand and contradicts on another is said to do both, with all four rows."""
    made: Suite = suite(own("a"), own("a", target="misrata", stance="opposes"),
                        own("b"), own("b", target="misrata"))  # fmt: skip
    found = by_code(findings.where_they_agree(made.select()))
    assert found["mixed"].text == (
        "Agreed on one demand and contradicted on another – sanctions: "
        f"{LABELS['a']} with {LABELS['b']}."
    )
    assert sorted(found["mixed"].rows) == ["a-000", "a-001", "b-002", "b-003"]
    assert not {"agree-none", "contradict-none"} & set(found)
    assert found["agreement-overview"].text.endswith(
        "behind them, the same and the opposite, on different demands: one."
    )


def test_what_every_two_demand_alike(suite: Any) -> None:
    """Of three or more it is told what every two demand alike, with its rows, or that it is nothing."""
    made: Suite = suite(own("a"), own("b"), own("c", objective=""), own("a", "ceasefire"), own("b", "ceasefire"),
                        own("c", "ceasefire", condition_type="proviso"))  # fmt: skip
    found = by_code(findings.where_they_agree(made.select()))["agreement-set"]
    names = f"{LABELS['a']}, {LABELS['b']}, and {LABELS['c']}"
    assert found.text == f"The same demand in every two of {names}: sanctions (as far as said)."
    assert found.rows == ("a-000", "b-001", "c-002")
    assert found.caveat == (
        "What every two share need not be one demand of all. Left open by one or both: the purpose."
    )
    loose = by_code(findings.where_they_agree(made.select(), strict=False))["agreement-set"]
    assert loose.text.endswith(": sanctions (as far as said); a ceasefire (as far as said).")
    assert "The conditions differ. Conditions are ignored." in loose.caveat
    two = findings.where_they_agree(made.select(articles="a,b"))
    assert not [f for f in two if f.code.startswith("agreement-set")]


def test_what_every_two_demand_alike_passes_no_gap(suite: Any) -> None:
    """Where two pairs of three agree and the third does not, nothing is called common to every two."""
    far = {"objective": "end_fighting; unify_army"}
    made: Suite = suite(own("a"), own("b", **far), own("c", objective="unify_army"))
    found = by_code(findings.where_they_agree(made.select()))
    assert found["agree"].text.count(" with ") == 2
    assert found["agreement-set-none"].text.endswith(": none.")
    assert found["agreement-set-none"].rows == ()
    mixed: Suite = suite(own("a"), own("a", target="misrata", stance="opposes"),
                         own("b"), own("b", target="misrata"), own("c"))  # fmt: skip
    both = by_code(findings.where_they_agree(mixed.select()))["agreement-set"]
    assert both.text.endswith(": sanctions.")
    assert both.caveat.endswith("Some two of them contradict each other on another one.")


def test_only_the_same_words(suite: Any) -> None:
    """Under one heading with different demands nobody agrees, and what differs is told in order."""
    made: Suite = suite(own("a", condition_type="proviso"), own("b", objective="unify_army"))
    selection = made.select()
    found = by_code(findings.where_they_agree(selection))
    assert found["alike"].text == (
        "Only the same words between some pair of articles, and different demands: sanctions."
    )
    assert found["alike"].rows == ("a-000", "b-001")
    (words,) = findings.same_words(selection)
    assert words.text == (
        f"Sanctions, {LABELS['a']} / {LABELS['b']} – the purpose: “ending the fighting” / “unifying the "
        "army”; the condition: “provided that number 000 holds” / none."
    )
    none = findings.same_words(suite(own("a"), own("b")).select())
    nothing = {
        "same-words-none": "Headings that two of these articles share while their demands are "
        "neither the same nor opposite: none."
    }
    assert texts(none) == nothing
    opposite = findings.same_words(suite(own("a"), own("b", stance="opposes")).select())
    assert texts(opposite) == nothing


def test_conditions_only_when_asked(suite: Any) -> None:
    """A condition keeps two demands apart, unless conditions are to be ignored, and then it is said."""
    selection = suite(own("a", condition_type="proviso"), own("b")).select()
    assert "alike" in texts(findings.where_they_agree(selection))
    found = by_code(findings.where_they_agree(selection, strict=False))
    assert found["agree-open"].caveat == "The conditions differ."
    assert found["agreement-overview"].caveat == "Conditions are ignored."


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("Other: hastening a stalemate. As likely none.", "hastening a stalemate"),
        ("Other: a truce", "a truce"),
        ("No instrument fits.", "an instrument outside the list"),
        ("See row 3. Other: a truce.", "an instrument outside the list"),
        (f"Other: {'x' * 90}.", "an instrument outside the list"),
    ],
)
def test_what_lies_outside_the_list_is_named(shipped: Suite, note: str, words: str) -> None:
    """A row outside the list is named by what its note begins with, else by the label; others never are."""
    row = {"instrument": "other", "note": note}
    assert what(shipped.book, row) == words
    assert what(shipped.book, {**row, "instrument": "sanctions"}) == "sanctions"


def test_outside_the_list(suite: Any) -> None:
    """Demands outside the list of instruments are never an agreement, and are counted apart."""
    made: Suite = suite(own("a", "other"), own("b", "other"), own("a"), own("b"))
    found = by_code(findings.where_they_agree(made.select()))
    assert "headings that they share: one" in found["agreement-overview"].text
    assert found["outside"].rows == ("a-000", "b-001")
    assert found["outside"].text == (
        "Not compared: two recommendations outside the list of instruments, of "
        f"{LABELS['a']} and {LABELS['b']}."
    )


def test_too_few(suite: Any) -> None:
    """With fewer than two articles that prescribe there is no pair, and the page says so."""
    made: Suite = suite(own("a"), relayed("b"))
    found = by_code(findings.where_they_agree(made.select()))
    assert found["agreement-too-few"].text == (
        "Articles with recommendations of their author's own, within the selection: one. "
        "A comparison needs two."
    )
    assert "agree-none" not in found
    nothing = findings.where_they_agree(made.select(from_date="2030"))
    assert texts(nothing) == {
        "nothing-selected": "No article of this suite is within the selection."
    }


def test_hidden_is_not_different(suite: Any) -> None:
    """What a filter hides is named as hidden, and every count says that it is not compared."""
    made: Suite = suite(own("a"), own("b", confidence="low"), own("c"))
    found = by_code(findings.where_they_agree(made.select(confidence="high")))
    assert found["agreement-overview"].caveat == "What the filters hide is not compared."
    assert found["agreement-hidden"].text == (
        f"Hidden by the filters, and not compared: every recommendation of {LABELS['b']}."
    )
    assert LABELS["b"] not in found["agree"].text
    assert "agreement-hidden" not in by_code(findings.where_they_agree(made.select()))


def test_not_coded_is_not_compared(suite: Any) -> None:
    """An article that nobody has coded is named as such, and never as one that prescribes nothing."""
    made: Suite = suite(own("a"), own("b"), facts={"c": UNCODED})
    found = texts(findings.where_they_agree(made.select()))
    assert found["agreement-uncoded"] == f"Not coded, and not compared: {LABELS['c']}."
    assert "prescribes-nothing" not in found


def test_many_articles(suite: Any) -> None:
    """Of more articles than can be compared pair by pair, those left out are counted."""
    ids = [chr(97 + n) for n in range(26)]
    made: Suite = suite(*(own(one) for one in ids), articles=26)
    selection = made.select()
    assert compared(selection) == ids
    found = texts(findings.where_they_agree(selection))
    assert "agreement-beyond" not in found
    assert found["agree"].endswith("; 322 other pairs.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policybook.findings.comparable.MOST_COMPARED", 20)
        few = texts(findings.where_they_agree(made.select()))
    assert few["agreement-beyond"].endswith("not compared: six.")
    assert MOST_COMPARED > 20


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"b": {"possible_authors": "khalid-mahmoud (inferred, 0.65)"}},
         "Khalid Mahmoud speaks in the first and may have written the second (inferred, about 65 %)"),
        ({"b": {"coauthors": "khalid-mahmoud"}},
         "Khalid Mahmoud speaks in the first and co-wrote a piece quoted in the second"),
        ({"a": {"coauthors": "mei-author"}, "b": {"possible_authors": "mei-author (page, 0.999)"}},
         ("the Middle East Institute author co-wrote a piece quoted in the first and may have written "
         "the second (a public page says so, about 99 %)")),
        ({"b": {"authors": "khalid-mahmoud", "authors_basis": "page"}},
         "Khalid Mahmoud speaks in the first and wrote the second"),
        ({name: {"authors": "karim-mezran", "authors_basis": "page"} for name in "ab"},
         "with a common author, Karim Mezran"),
    ],
)  # fmt: skip
def test_one_voice(suite: Any, facts: dict[str, dict[str, str]], words: str) -> None:
    """Articles that may share an author are never counted as two voices; a guess keeps its share."""
    made: Suite = suite(own("a"), own("b"), own("c"), facts=facts)
    tie = f"Counted as one voice, not as two: {LABELS['a']} and {LABELS['b']} – {words}."
    found = by_code(findings.where_they_agree(made.select()))
    assert found["one-voice"].text == tie
    assert found["agree"].caveat == tie
    assert found["agreement-overview"].caveat.startswith(
        "Articles compared: three; independent voices at most: two."
    )
    assert tie in texts(findings.two_articles(made.select(articles="a,b"), "a", "b")).values()
    assert "one-voice" not in texts(findings.two_articles(made.select(articles="a,c"), "a", "c"))
    voices = findings.independent_voices(made.select())
    assert voices[0].text == "Selected articles: three; independent voices, at most: two."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"a": {"authors": "un"}, "b": {"authors": "un"}}, "the United Nations wrote as both"),
        ({"a": {"authors": "un"}, "b": {"coauthors": "un"}},
         "the United Nations wrote as the first and co-wrote a piece quoted by the second"),
        ({name: {"authors": "un"} for name in "abc"}, "the United Nations wrote as all of them"),
    ],
)  # fmt: skip
def test_one_author_behind_speakers(
    suite: Any, facts: dict[str, dict[str, str]], words: str
) -> None:
    """Of an author who wrote in the voice of several speakers it is said once."""
    facts = {n: {"authors_basis": "page" if "authors" in f else "", **f} for n, f in facts.items()}
    made: Suite = suite(own("a"), own("b"), own("c"), facts=facts)
    found = by_code(findings.where_they_agree(made.select(by="speaker")))
    assert found["one-voice"].text.endswith(f" – {words}.")


def test_near_duplicates_are_one_voice(suite: Any, tmp_path: Path) -> None:
    """Two articles with mostly the same text count as one voice, and the share is said."""
    suite(*(own("a") for _ in range(9)), own("b"))
    seeds = tmp_path / "s" / "seeds"
    before = (seeds / "b.txt").read_bytes()
    both = before + (seeds / "a.txt").read_bytes()
    (seeds / "b.txt").write_bytes(both)
    prints = [hashlib.sha256(data).hexdigest() for data in (before, both)]
    facts = (seeds / "articles.csv").read_text("utf-8")
    (seeds / "articles.csv").write_text(facts.replace(*prints), "utf-8")
    made = open_suite(tmp_path / "s")
    (found,) = [f for f in findings.independent_voices(made.select()) if f.code == "one-voice"]
    assert found.text.endswith("– 100 % of the smaller text stands in the larger.")


def test_said_by_one(suite: Any) -> None:
    """What one article alone names is said of it, unless a filter hides another's position."""
    made: Suite = suite(own("a"), own("b"), own("a", "elections"), own("c", "oil_protection"))
    found = findings.said_by_one(made.select())
    assert [f.text for f in found] == [
        f"Prescribed by {LABELS['a']} alone – for elections.",
        f"Prescribed by {LABELS['c']} alone – for protection of the oil.",
    ]  # fmt: skip
    assert [f.rows for f in found] == [("a-002",), ("c-003",)]
    hiding: Suite = suite(own("a"), own("b", confidence="low"), own("b", "elections"))
    held = findings.said_by_one(hiding.select(confidence="high"))
    assert [f.text for f in held] == [f"Prescribed by {LABELS['b']} alone – for elections."]
    single = findings.said_by_one(made.select(articles="a"))
    assert texts(single) == {
        "alone-too-few": "Only one article is selected: nothing can be said by one of several alone."
    }
    nobody = findings.said_by_one(suite(own("a"), own("b"), own("c")).select())
    assert texts(nobody) == {
        "alone-none": "Instruments on which one author alone is known to prescribe anything: none."
    }


def test_alone_as_far_as_coded(suite: Any) -> None:
    """Where an article is not coded, nothing is said to be missing from it."""
    made: Suite = suite(own("a"), own("b", "elections"), facts={"c": UNCODED})
    first = findings.said_by_one(made.select())[0]
    assert first.text == f"As far as coded, prescribed by {LABELS['a']} alone – for sanctions."
    assert LABELS["c"] in first.caveat


def test_contradictions_within(suite: Any) -> None:
    """For and against in one voice, and an author against what he relays, are kept apart."""
    made: Suite = suite(own("a"), own("a", stance="opposes"),
                        relayed("b", author_attitude="rejects"), own("b", stance="opposes"),
                        relayed("c", author_attitude="rejects"), own("c", "exclude_haftar"),
                        relayed("c", "inclusive_process"))  # fmt: skip
    found = by_code(findings.contradicting(made.select()))
    assert found["excludes"].rows == ("c-005", "c-006")
    head = f"{LABELS['c']}, author and a position relayed, not both at once: "
    assert found["excludes"].text.startswith(head)
    assert found["for-and-against"].rows == ("a-000", "a-001")
    assert found["author-against-reported"].rows == ("b-002", "b-003")
    assert found["rejected"].rows == ("c-004",)
    assert found["rejected"].caveat == (
        "A rejected position is no stance on its instrument: its terms are rejected."
    )
    between = findings.contradicting(made.select(), between=True)
    assert [f.code for f in between] == ["for-and-against"]


def test_what_is_presupposed_is_not_opposed(suite: Any) -> None:
    """Whoever wants talks of one kind and rejects talks contradicts himself, by the codebook."""
    wants = own("a", "un_mediation")
    rows = [wants, own("a", "negotiated_solution", stance="opposes")]
    (found,) = findings.contradicting(suite(*rows).select())
    assert (found.code, found.rows) == ("presupposes", ("a-000", "a-001"))
    assert found.text == (
        f"{LABELS['a']}, in one voice, for the first, against what it presupposes: UN mediation and "
        "a negotiated solution – Khalid Mahmoud: for UN mediation; Khalid Mahmoud: against "
        "a negotiated solution; Whoever wants UN-led talks wants talks."
    )
    elsewhere = own("a", "negotiated_solution", stance="opposes", target="egypt")
    for second in (own("a", "negotiated_solution"), elsewhere):
        (found,) = findings.contradicting(suite(wants, second).select())
        assert found.code == "contradiction-none"


def test_a_repeated_demand_keeps_its_condition(suite: Any) -> None:
    """Who repeats a demand without its condition neither drops it nor contradicts himself."""
    rows = [own("a", "exclude_haftar"), own("a", "inclusive_process", condition_type="proviso"),
            own("a", "inclusive_process", repeat_of="a-001"),
            own("b", condition_type="goal"), own("b", repeat_of="b-003")]  # fmt: skip
    selection = suite(*rows).select()
    assert texts(findings.contradicting(selection)) == {
        "contradiction-none": "Contradictions found: none."
    }
    told = [finding.text for finding in findings.who_recommends_what(selection)]
    assert f"Sanctions – for it: {LABELS['b'][:-1]}, under a condition)." in told


def test_contradictions_between(suite: Any) -> None:
    """Two instruments that shut each other out are named with the reason, and nobody is said to turn."""
    rows = [own("a", "exclude_haftar"), own("b", "inclusive_process", condition_type="goal")]
    (found,) = findings.contradicting(suite(*rows).select())
    assert found.text == (
        f"{LABELS['a']} and {LABELS['b']}, between articles, not both at once: excluding Haftar "
        "and an inclusive process – Khalid Mahmoud: for excluding Haftar; Wehrey and Lacher: for "
        "an inclusive process under a condition (if a goal is shared: “provided that number 001 "
        "holds”); Whoever keeps Haftar out cannot want all parties at the table, unless a proviso "
        "says so."
    )
    assert "Not under the same condition, which may dissolve it." in found.caveat
    assert "nobody is said to have turned" in found.caveat
    proviso = [rows[0], own("b", "inclusive_process", condition_type="proviso")]
    assert texts(findings.contradicting(suite(*proviso).select())) == {
        "contradiction-none": "Contradictions found: none."
    }


def test_not_both(suite: Any) -> None:
    """The answer names what authors want and cannot both have, with who wants which, and only there."""
    rows = [
        own("a", "exclude_haftar"), own("b", "inclusive_process", target="libyan-parties"),
        own("c", "inclusive_process", condition_type="goal"), relayed("b", "exclude_haftar"),
    ]  # fmt: skip
    found = by_code(findings.where_they_agree(suite(*rows).select()))["not-both"]
    assert found.text == (
        f"Not both at once, for some pair of them: excluding Haftar – {LABELS['a']}; an inclusive "
        f"process – {LABELS['b']}, and {LABELS['c'][:-1]}, under a condition)."
    )
    assert found.rows == ("a-000", "b-001", "c-002")
    one = by_code(findings.where_they_agree(suite(*rows[:2]).select()))["not-both"]
    assert one.text.startswith("Not both at once: excluding Haftar – ")
    for none in ([rows[0], own("b", "inclusive_process", target="egypt")], [rows[0], rows[1] | {"article": "a"}]):  # fmt: skip
        assert "not-both" not in by_code(findings.where_they_agree(suite(*none).select()))


def test_a_repetition_decides_nothing(suite: Any) -> None:
    """Who repeats a demand without its condition is still compared under it, whatever a filter hides."""
    bound = own("a", condition_type="proviso")
    rows = [bound, own("a", repeat_of="a-000"), own("b")]
    found = by_code(findings.where_they_agree(suite(*rows).select()))
    assert found["alike"].rows == ("a-000", "b-002")
    assert "agree" not in found
    high = [bound | {"confidence": "low"}, *rows[1:]]
    alone = by_code(findings.where_they_agree(suite(*high).select(confidence="high")))
    assert alone["alike"].rows == ("a-001", "b-002")
    assert "agree" not in alone


def test_marks_of_visible_rows_say_that_rows_are_hidden(suite: Any) -> None:
    """What is told under a condition says where a filter hides rows that may stand under none."""
    rows = [own("a", condition_type="proviso"), own("a", confidence="low"), own("b", "elections")]
    made, hides = suite(*rows), "The filters hide further recommendations."
    for confidence in ("low", "high"):
        selection = made.select(confidence=confidence)
        told = [next(f for f in findings.said_by_one(selection) if f.subject == "a"),
                by_code(findings.two_articles(selection, "a", "b"))["only-a"],
                findings.who_recommends_what(selection)[0]]  # fmt: skip
        for one in told:
            assert (hides in one.caveat) == (confidence == "high"), one
    beside = by_code(findings.two_articles(selection, "a", "b"))["only-b"]
    assert hides not in beside.caveat


def test_contradictions_of_very_many_rows(suite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many rows only the compared articles' are searched, and the page says so."""
    rows = [own("a"), own("a", stance="opposes"), relayed("b", speaker="egypt"),
            relayed("b", speaker="egypt", stance="opposes")]  # fmt: skip
    made: Suite = suite(*rows)
    assert [f.rows for f in findings.contradicting(made.select())] == [
        ("a-000", "a-001"),
        ("b-002", "b-003"),
    ]
    monkeypatch.setattr("policybook.findings.contradictions.MOST_ROWS", 3)
    searched = findings.contradicting(made.select())
    assert [f.rows for f in searched] == [("a-000", "a-001")]
    none = findings.contradicting(made.select(theme="elections"))
    assert none[0].caveat == "Sought in the articles compared only."


def heard(
    article: str, speaker: str, instrument: str = "sanctions", **cells: str
) -> dict[str, str]:
    """Return a row that relays the position of one speaker."""
    return relayed(article, instrument, **{"speaker": speaker, **cells})


def test_speakers_are_compared(suite: Any) -> None:
    """Asked for speakers, the page compares all that each says, whoever relays it."""
    made: Suite = suite(own("a"), heard("a", "un-envoy"), heard("b", "un-envoy", "elections"),
                        heard("b", "france", stance="opposes"), own("b", "ceasefire"))  # fmt: skip
    selection = made.select(by="speaker", voices="reported")
    assert texts(findings.where_they_agree(made.select(voices="reported"))).keys() >= {"agreement-too-few"}  # fmt: skip
    found = by_code(findings.where_they_agree(selection))
    assert found["agreement-overview"].text == (
        "Pairs of speakers compared: one; headings that they share: one; behind them, the same "
        "demand: none; the opposite demand: one."
    )
    assert found["contradict"].text == "Contradicted – sanctions: the UN envoy for, France against."
    assert found["contradict"].rows == ("a-001", "b-003")
    assert "prescribes-nothing" not in found
    whole = findings.where_they_agree(made.select(by="speaker"))
    assert by_code(whole)["agree"].text == "Agreed – sanctions: Khalid Mahmoud with the UN envoy."
    assert by_code(whole)["agreement-set-none"].text.endswith("the UN envoy, France, and Wehrey and Lacher: none.")  # fmt: skip
    alone = findings.said_by_one(made.select(by="speaker"))
    assert [f.text for f in alone] == [
        "Prescribed by the UN envoy alone – for elections.",
        "Prescribed by Wehrey and Lacher alone – for a ceasefire.",
    ]
    drawn = exhibits.heatmap(made.select(by="speaker"))
    assert [t["row"] for t in data(drawn) if t["column"] == "1"] == [
        "1  Khalid Mahmoud", "2  The UN envoy", "3  France", "4  Wehrey and Lacher",
    ]  # fmt: skip
    table = exhibits.comparison(selection).html
    assert "<b>The UN envoy</b>" in table
    assert "<b>France</b>: against" in table


def test_what_filters_hide_of_speakers(suite: Any) -> None:
    """A speaker whom a filter hides is named as hidden, and leaves nobody alone with a demand."""
    made: Suite = suite(heard("a", "un-envoy"), heard("a", "france", confidence="low"),
                        heard("b", "egypt", "elections"))  # fmt: skip
    hiding = made.select(by="speaker", confidence="high")
    found = by_code(findings.where_they_agree(hiding))
    assert found["agreement-hidden"].text == (
        "Hidden by the filters, and not compared: every recommendation of France."
    )
    assert found["agreement-overview"].caveat == "What the filters hide is not compared."
    assert [f.text for f in findings.said_by_one(hiding)] == [
        "Prescribed by Egypt alone – for elections."
    ]
    one = made.select(by="speaker", speakers="egypt")
    assert texts(findings.where_they_agree(one))["agreement-too-few"] == (
        "Speakers with recommendations, within the selection: one. A comparison needs two."
    )
    assert texts(findings.said_by_one(one)) == {
        "alone": "Prescribed by Egypt alone – for elections."
    }


def test_speakers_that_may_be_one_voice(suite: Any) -> None:
    """An author who is quoted elsewhere is one voice with whom he may have written as, and it is said."""
    facts = {"a": {"possible_authors": "karim-mezran (inferred, 0.65)"}}
    made: Suite = suite(own("a"), heard("b", "karim-mezran"), own("b"), facts=facts)
    selection = made.select(by="speaker")
    tie = (
        "Counted as one voice, not as two: Khalid Mahmoud and Karim Mezran – Karim Mezran may have "
        "written as the first (inferred, about 65 %) and speaks as the second."
    )
    found = by_code(findings.where_they_agree(selection))
    assert found["one-voice"].text == tie
    assert found["agree"].caveat == tie
    assert found["agreement-overview"].caveat == (
        "Speakers compared: three; independent voices at most: two."
    )
    voices = findings.independent_voices(selection)
    assert voices[0].text == "Speakers compared: three; independent voices, at most: two."
    assert "Counted as one voice, not as several: 1 and 2." in exhibits.heatmap(selection).text


def test_one_speaker_that_filters_leave(suite: Any) -> None:
    """That fewer than two speakers prescribe is not said where a filter hides the others, who are heard."""
    made: Suite = suite(own("a"), heard("a", "un-envoy"), heard("b", "france", "elections"))

    def alone(**asked: Any) -> list[tuple[str, str]]:
        told = findings.said_by_one(made.select(by="speaker", **asked))
        return [(one.code, one.text) for one in told]

    assert alone(speakers="france") == [("alone", "Prescribed by France alone – for elections.")]
    none = "Instruments on which one speaker alone is known to prescribe anything: none"
    assert alone(speakers="un-envoy") == [("alone-none", f"{none} that the filters leave.")]
    assert alone(articles="a") == [("alone-none", f"{none}.")]
    few = "ewer than two speakers prescribe anything: nothing can be said by one of several alone."
    assert alone(articles="b") == [("alone-too-few", f"F{few}")]
    facts = {"c": {"coder": "", "coded_on": "", "codebook_version": ""}}
    made = suite(own("a"), facts=facts)
    assert alone() == [("alone-too-few", f"As far as coded, f{few}")]


def test_speakers_of_too_many_demands(suite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A speaker whose demands would meet too many others is not compared, and the page counts him."""
    made: Suite = suite(heard("a", "un-envoy"), heard("a", "france"), heard("b", "egypt", "elections"))  # fmt: skip
    assert compared(made.select(by="speaker")) == ["un-envoy", "france", "egypt"]
    monkeypatch.setattr("policybook.findings.comparable.MOST_MET", 0)
    selection = made.select(by="speaker")
    assert compared(selection) == ["un-envoy", "egypt"]
    assert texts(findings.where_they_agree(selection))["agreement-beyond"] == (
        "Compared pair by pair are two of the speakers, those with most instruments first; not "
        "compared: one."
    )


def test_speakers_who_exclude_each_other(suite: Any) -> None:
    """What two speakers cannot both have is named with them, also where one article relays both."""
    made: Suite = suite(heard("a", "france", "exclude_haftar"),
                        heard("a", "egypt", "inclusive_process", target="libyan-parties"))  # fmt: skip
    found = by_code(findings.where_they_agree(made.select(by="speaker")))
    assert found["not-both"].text == (
        "Not both at once: excluding Haftar – France; an inclusive process – Egypt."
    )
    assert found["not-both"].rows == ("a-000", "a-001")


def test_two_articles(suite: Any) -> None:
    """Two articles side by side: what is common, what is only a word, what is one's alone."""
    made: Suite = suite(own("a"), own("b"), own("a", "ceasefire"),
                        own("b", "ceasefire", objective="unify_army"),
                        own("a", "elections"), own("b", "accountability", stance="opposes"),
                        own("a", "accountability"),
                        own("a", "military_action", stance="opposes", condition_type="proviso"))  # fmt: skip
    found = by_code(findings.two_articles(made.select(articles="a,b"), "a", "b"))
    assert {code: f.text for code, f in found.items()} == {
        "sides-overview": f"{LABELS['a']} and {LABELS['b']} – headings in common: three; "
        "with the same demand behind them: one.",
        "sides-agree": "The same demand: sanctions.",
        "sides-contradict": "The opposite demand: accountability.",
        "sides-different": "Only the same words, and different demands: a ceasefire.",
        "only-a": f"Prescribed by {LABELS['a']} alone – for elections; against military action "
        "(under a condition).",
    }
    assert found["sides-contradict"].rows == ("a-006", "b-005")


def test_a_missing_side(suite: Any) -> None:
    """One article twice, one left out, one that prescribes nothing or is hidden: each has its sentence."""
    made: Suite = suite(own("a"), own("a", "elections"), own("b", confidence="low"), relayed("c"))
    same = findings.two_articles(made.select(articles="a"), "a", "a")
    assert texts(same) == {
        "same-article": f"Asked for twice is the same article, {LABELS['a']}: a comparison needs two."
    }
    out = findings.two_articles(made.select(articles="a,b", from_date="2012"), "a", "b")
    assert texts(out) == {"side-left-out": f"Not within the selection: {LABELS['a']}."}
    silent = texts(findings.two_articles(made.select(articles="a,c"), "a", "c"))
    assert silent["side-says-nothing"] == (
        f"{LABELS['c']} – no recommendation of its author's own (op-ed)."
    )
    hiding = findings.two_articles(made.select(articles="a,b", confidence="high"), "a", "b")
    assert [f.text for f in hiding if f.code == "only-a"] == [
        f"Prescribed by {LABELS['a']} alone – for elections.",
        (
            f"Prescribed by {LABELS['a']}, while the filters hide what {LABELS['b']} may ask – "
            "for sanctions."
        ),
    ]
    assert texts(hiding)["side-says-nothing"] == f"{LABELS['b']} – hidden by the filters."
    with pytest.raises(ParameterError, match='parameter:second  "nobody" is not a value'):
        findings.two_articles(made.select(), "a", "nobody")


def test_demands_compared(suite: Any) -> None:
    """Under one heading, what both say and what each says alone is told aspect by aspect."""
    common = {"addressee": "united-states", "instrument": "pressure_egypt_uae", "target": "egypt"}
    made: Suite = suite(own("a", **{**common, "means": "leverage", "strength": "must"}),
                        own("b", **{**common, "means": "threat"}),
                        own("b", "arms_embargo", target="uae"))  # fmt: skip
    found = by_code(findings.demands_compared(made.select(articles="a,b"), "a", "b"))
    label = "Pressure on Egypt and the UAE"
    assert found["in-common"].text == (
        f"{label}, in common – of whom: the United States; upon whom: Egypt; "
        "to what end: “ending the fighting”; for or against: supports."
    )
    assert found["only-first"].text == (
        f"{label}, only {LABELS['a']} – by which means: leverage; how firmly: must."
    )
    assert found["only-second"].rows == ("b-001",)
    assert found["sides-serving"].text == (
        f"Serving it under another heading – {LABELS['b']}: the arms embargo."
    )
    nothing = findings.demands_compared(made.select(articles="a,c"), "a", "c")
    assert texts(nothing) == {"sides-no-heading": "There is no common heading to look into."}
    theme = findings.demands_compared(made.select(theme="elections"), "a", "b")
    assert texts(theme)["sides-neither"] == (
        "Elections – recommendations of the two within the selection: none."
    )


def test_a_group_is_not_its_members(suite: Any) -> None:
    """Where one side names a group and the other a member, the sentence says they are told apart."""
    made: Suite = suite(own("a", target="us-regional-allies"), own("b", target="egypt"))
    found = by_code(findings.demands_compared(made.select(articles="a,b"), "a", "b"))
    assert found["only-first"].caveat == "A group and its members are told apart here."
    assert "agree" in texts(findings.where_they_agree(made.select()))


def test_the_shipped_comparison(shipped: Suite) -> None:
    """The shipped page brings out what 2014 and 2019 ask of Washington towards Egypt and the UAE."""
    pair = ("libya-analysis-2014", "wehrey-lacher-2019")
    found = by_code(findings.demands_compared(shipped.select(articles=list(pair)), *pair))
    assert "of whom: the United States; upon whom: Egypt and the United Arab Emirates" in (
        found["in-common"].text
    )
    assert (
        "to what end: “making talks succeed” and “stopping the bombing”" in found["only-first"].text
    )
    assert "“removing Haftar”" in found["only-second"].text


def test_the_shipped_voices(shipped: Suite) -> None:
    """The two pieces of 2014 may share an author, so the shipped suite holds four voices at most."""
    found = findings.independent_voices(shipped.select())
    assert found[0].text == "Selected articles: five; independent voices, at most: four."
    assert found[1].text.endswith(
        "– Karim Mezran co-wrote a piece quoted in the first and may have written the second "
        "(inferred, about 65 %)."
    )


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "article": st.sampled_from("abc"),
            "instrument": st.sampled_from(["sanctions", "ceasefire", "elections", "other"]),
            "stance": st.sampled_from(["supports", "opposes"]),
            "objective": st.sampled_from(["", "end_fighting", "end_fighting; unify_army", "other"]),
            "target": st.sampled_from(["", "egypt", "us-regional-allies", "haftar"]),
            "confidence": st.sampled_from(["", "low"]),
            "condition_type": st.sampled_from(["", "", "proviso"]),
        },
        optional={"voice": st.just("reported")},
    ),
    max_size=9,
)
NAMES = {"sanctions": "sanctions", "ceasefire": "a ceasefire", "elections": "elections"}


@settings(max_examples=tries(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, confidence=st.sampled_from(["low", "high"]), strict=st.booleans())
def test_every_sentence_against_a_recount(
    rows: list[dict[str, str]], confidence: str, *, strict: bool
) -> None:
    """On any table and under any filter, every count and every name survives a recount by loops."""
    note = {"note": "Other: outside the list."}
    spoken = [{**r, **note, **({"speaker": "un-envoy"} if r.get("voice") else {})} for r in rows]
    with tempfile.TemporaryDirectory() as folder:
        suite = make_suite(Path(folder) / "s", spoken)
        selection = suite.select(confidence=confidence)
        seen = [
            {**r, "id": f"{r['article']}-{n:03}", "number": str(n)}
            for n, r in enumerate(rows)
            if not r.get("voice") and (confidence == "low" or not r["confidence"])
        ]
        kinds = recount(seen, strict=strict)
        check_pairs(findings.where_they_agree(selection, strict=strict), seen, kinds)
        check_words(findings.same_words(selection, strict=strict), kinds)
        check_alone(findings.said_by_one(selection), rows, seen)
        check_sides(selection, kinds, seen, strict=strict)
        check_exhibits(selection, strict=strict)


def fits(one: str, other: str, reach: dict[str, set[str]]) -> int:
    """Tell whether two cells overlap (two), one is unsaid (one), or they differ (nought)."""
    sets = [{r for c in cell.split("; ") if c for r in reach.get(c, {c})} for cell in (one, other)]
    if not all(sets):
        return 1
    return 2 if (sets[0] & sets[1]) - {"other"} else 0


MEMBERS = {"egypt": {"egypt", "sisi"}} | {
    "us-regional-allies": {"us-regional-allies", "egypt", "uae", "sisi"}
}


def recount(seen: list[dict[str, str]], *, strict: bool) -> dict[tuple[str, str, str], set[str]]:
    """Return what each pair is under each common heading, by looking at every two rows."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for one, other in ((a, b) for a in seen for b in seen if a["article"] < b["article"]):
        if one["instrument"] != other["instrument"] or one["instrument"] == "other":
            continue
        kinds = found.setdefault((one["article"], other["article"], one["instrument"]), set())
        conditions = [r["condition_type"] and r["number"] for r in (one, other)]
        alike = fits(one["objective"], other["objective"], {}) and fits(
            one["target"], other["target"], MEMBERS
        )
        if alike and (not strict or conditions[0] == conditions[1]):
            kinds.add("agree" if one["stance"] == other["stance"] else "contradict")
    return found


@settings(max_examples=tries(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, strict=st.booleans(), draws=st.data())
def test_every_pair_of_speakers_against_a_recount(
    rows: list[dict[str, str]], draws: st.DataObject, *, strict: bool
) -> None:
    """On any table every pair of speakers that a sentence names is what looking at every two rows says."""
    names = {"un-envoy": "the UN envoy", "france": "France", "egypt": "Egypt"}
    note = {"note": "Other: outside the list."}
    spoken = [
        {**r, **note, "voice": "reported", "speaker": draws.draw(st.sampled_from(sorted(names)))}
        for r in rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        suite = make_suite(Path(folder) / "s", spoken)
        found = findings.where_they_agree(suite.select(by="speaker"), strict=strict)
    seen = [{**r, "article": r["speaker"], "number": str(n)} for n, r in enumerate(spoken)]
    kinds = recount(seen, strict=strict)
    told: dict[str, set[tuple[str, ...]]] = {"agree": set(), "contradict": set()}
    for finding in found:
        kind = finding.code.removesuffix("-open")
        for a, b in combinations(sorted(names), 2) if kind in {*told, "mixed"} else ():
            join = "(?: (?:for|against)(?: under a condition)?,| with) "
            either = "|".join(names[x] + join + names[y] for x, y in ((a, b), (b, a)))
            if re.search(either, finding.text):
                for one in ("agree", "contradict") if kind == "mixed" else (kind,):
                    told[one].add((a, b, finding.subject))
    for kind, pairs in told.items():
        assert pairs == {line for line, what in kinds.items() if kind in what}
    if len({r["speaker"] for r in spoken}) == len(names):
        alike = [i for i in NAMES if sum(k[2] == i and "agree" in w for k, w in kinds.items()) == 3]
        (whole,) = [f for f in found if f.code.startswith("agreement-set")]
        assert sorted(whole.claim.split()) == (sorted(alike) or ["none"])
        assert {row["speaker"] for n, row in enumerate(spoken) if f"{row['article']}-{n:03}" in whole.rows} == (set(names) if alike else set())  # fmt: skip


def pairs_of(text: str, join: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of articles that a sentence names."""
    for a, b in combinations(LABELS, 2):
        if re.search(re.escape(LABELS[a]) + join + re.escape(LABELS[b]), text):
            yield a, b


def check_pairs(
    found: list[Finding], seen: list[dict[str, str]], kinds: dict[tuple[str, str, str], set[str]]
) -> None:
    """Recount the answer of the page on all articles."""
    articles = {r["article"] for r in seen}
    if len(articles) < 2:
        assert "agreement-overview" not in texts(found)
        assert "agreement-too-few" in texts(found)
        return
    against = " (?:for|against)(?: under a condition)?, "
    said = {"agree": " with ", "contradict": against, "mixed": " with "}
    named: dict[str, set[tuple[str, str, str]]] = {kind: set() for kind in said}
    for finding in found:
        kind = finding.code.removesuffix("-open")
        for pair in pairs_of(finding.text, said[kind]) if kind in said else ():
            assert finding.subject in NAMES
            named[kind].add((*pair, finding.subject))
    meant = {"agree": {"agree"}, "contradict": {"contradict"}, "mixed": {"agree", "contradict"}}
    for kind, wanted in meant.items():
        assert named[kind] == {line for line, what in kinds.items() if what == wanted}
    different = {line for line, what in kinds.items() if not what}
    count = len(articles) * (len(articles) - 1) // 2
    overview = by_code(found)["agreement-overview"].text
    assert overview.startswith(f"Pairs of articles compared: {number(count)}; ")
    assert f"share: {number(len(kinds)) if kinds else 'none'}" in overview
    assert ("same words, and different demands: " in overview) == bool(different)
    if different:
        assert f"same words, and different demands: {number(len(different))}." in overview
    alike = texts(found).get("alike", "")
    for instrument, name in NAMES.items():
        heading = re.search(rf"(: |; ){name}(;|\.)", alike)
        assert bool(heading) == any(line[2] == instrument for line in different)
    outside = {r["id"] for r in seen if r["instrument"] == "other"}
    assert set(by_code(found).get("outside", Finding("")).rows) == outside


def check_words(found: list[Finding], kinds: dict[tuple[str, str, str], set[str]]) -> None:
    """Recount which pairs only share the words, and look at the two rows behind each sentence."""
    lines = {line for line, what in kinds.items() if not what}
    told = {tuple(f.subject.split()) for f in found if f.code == "same-words"}
    assert told == lines
    assert ("same-words-none" in texts(found)) == (
        not lines and "nothing-selected" not in texts(found)
    )
    for finding in found:
        if finding.code == "same-words":
            assert [row[0] for row in finding.rows] == finding.subject.split()[:2]


def check_alone(
    found: list[Finding], rows: list[dict[str, str]], seen: list[dict[str, str]]
) -> None:
    """Recount who alone names an instrument: nobody else, before or after the filters."""
    for article, label in LABELS.items():
        told = next((f for f in found if f.code == "alone" and f.subject == article), None)
        for instrument, name in NAMES.items():
            holders = {r["article"] for r in seen if r["instrument"] == instrument}
            every = {
                r["article"] for r in rows if r["instrument"] == instrument and not r.get("voice")
            }
            alone = holders == every == {article}
            rows_of = [r for r in seen if r["instrument"] == instrument]
            signs = {r["stance"]: marks_of([o for o in rows_of if o["stance"] == r["stance"]])
                     for r in rows_of} if alone else {}  # fmt: skip
            assert {
                (s, b) for s, n, b in demands_in(told.text if told else "") if n == name
            } == set(signs.items())
        assert told is None or told.text.startswith(f"Prescribed by {label} alone – ")


def marks_of(rows: list[dict[str, str]]) -> str:
    """Return what holds for every one of some rows, in the words of a sentence."""
    marks = ["under a condition"] if all(row["condition_type"] for row in rows) else []
    marks += ["doubtful"] if all(row["confidence"] == "low" for row in rows) else []
    return ", ".join(marks)


def demands_in(text: str) -> set[tuple[str, str, str]]:
    """Return stance, instrument in words and what is marked of it, of what a sentence lists."""
    stances = {"for": "supports", "against": "opposes"}
    found = set()
    for part in text.rpartition(" – ")[2].removesuffix(".").split("; ") if text else ():
        sign, _, names = part.partition(" ")
        for name in re.split(r", (?!doubtful)| and ", names):
            plain, _, marks = name.partition(" (")
            found.add((stances[sign], plain, marks.removesuffix(")")))
    return found


def check_sides(
    selection: Selection,
    kinds: dict[tuple[str, str, str], set[str]],
    seen: list[dict[str, str]],
    *,
    strict: bool,
) -> None:
    """Recount the page on every two articles."""
    codes = {"sides-agree": {"agree"}, "sides-agree-open": {"agree"}, "sides-different": set(),
             "sides-contradict": {"contradict"}, "sides-contradict-open": {"contradict"},
             "sides-mixed": {"agree", "contradict"}}  # fmt: skip
    for a, b in combinations(LABELS, 2):
        found = findings.two_articles(selection, a, b, strict=strict)
        for finding in found:
            for instrument, name in NAMES.items():
                said = bool(re.search(rf"(: |; ){name}(;|\.)", finding.text))
                if finding.code in codes and said:
                    assert kinds[a, b, instrument] == codes[finding.code]
                if finding.code in {"only-a", "only-b"} and name in {n for _, n, _ in demands_in(finding.text)}:  # fmt: skip
                    sides = {r["article"] for r in seen if r["instrument"] == instrument} & {a, b}
                    assert sides == {a if finding.code == "only-a" else b}
        mine = [line for line in kinds if line[:2] == (a, b)]
        overview = texts(found)["sides-overview"]
        assert f"headings in common: {number(len(mine)) if mine else 'none'}" in overview
        for finding in findings.demands_compared(selection, a, b):
            sides = {"in-common": {a, b}, "only-first": {a}, "only-second": {b}}
            if finding.code in sides:
                assert {row[0] for row in finding.rows} == sides[finding.code]


def check_exhibits(selection: Selection, *, strict: bool) -> None:
    """Every exhibit shows something, and what it shows of a row has a note."""
    shown = [exhibits.comparison(selection, strict=strict)]
    for a, b in combinations(LABELS, 2):
        shown += [
            exhibits.side_by_side(selection, a, b, strict=strict),
            exhibits.in_common(selection, a, b),
            exhibits.one_sided(selection, a, b),
        ]
    for exhibit in shown:
        assert exhibit.text.strip()
        assert ("<td" not in exhibit.html) or ("#note-" in exhibit.html)


def test_heat_map(suite: Any) -> None:
    """The heat map counts demands, not headings, and says what it leaves out."""
    made: Suite = suite(own("a"), own("b"), own("a", "ceasefire"),
                        own("b", "ceasefire", objective="unify_army"), own("c", "elections"))  # fmt: skip
    shown = exhibits.heatmap(made.select())
    assert "headings in common: two; the same demand: one; an opposite one: none." in shown.text
    tiles = {(t["row"][0], t["column"]): (t["near"], t["text"]) for t in data(shown)}
    assert tiles["1", "2"] == tiles["2", "1"] == ("same demand: under half or more", "1/2")
    assert tiles["1", "3"] == ("no common heading", "·")
    assert tiles["1", "1"][1] == ""
    assert "≈" not in shown.text + shown.html
    alone = exhibits.heatmap(made.select(articles="a"))
    assert alone.text.startswith("A heat map needs two articles")


def test_heat_map_as_far_as_said(suite: Any) -> None:
    """What is the same, or opposite, only as far as said is told apart: tile, table, description."""
    kept = {"objective": "", "target": ""}
    made: Suite = suite(own("a"), own("b"), own("a", "ceasefire"), own("b", "ceasefire", **kept),
                        own("a", "elections"), own("b", "elections", stance="opposes", target=""),
                        own("c", "ceasefire"))  # fmt: skip
    shown = exhibits.heatmap(made.select())
    tiles = {(t["row"][0], t["column"]): t for t in data(shown)}
    near = [(tiles[two]["near"], tiles[two]["text"], tiles[two]["clash"]) for two in (("1", "2"), ("2", "3"))]  # fmt: skip
    assert near == [
        ("same demand here, opposite there", "1+1≈/3", "≠1≈"),
        ("same demand only as far as said", "1≈/1", ""),
    ]
    assert (
        "“≈” stands behind what is the same or opposite only as far as said: one or both leave open "
        "the purpose or upon whom."
    ) in shown.text
    assert (
        "headings in common: five; the same demand: two; the same as far as said: two; an opposite "
        "one: none; opposite as far as said: one."
    ) in shown.text
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", shown.html)
    assert {"Same demand", "Same as far as said", "Opposite as far as said"} <= set(heads)
    counts = {name: tiles["1", "2"][name] for name in ("same", "same_open", "opposite", "opposite_open")}  # fmt: skip
    assert counts == {"same": "1", "same_open": "1", "opposite": "0", "opposite_open": "1"}


def test_a_mixed_pair_leaves_open_what_each_of_its_demands_does(suite: Any) -> None:
    """Where a pair agrees as far as said and contradicts outright, both pages say what is open."""
    made: Suite = suite(own("a", objective=""), own("a", target="misrata", stance="opposes"),
                        own("b"), own("b", target="misrata"))  # fmt: skip
    (mixed,) = (f for f in findings.where_they_agree(made.select()) if f.code == "mixed")
    assert mixed.caveat == "Left open by one or both: the purpose."
    sides = by_code(findings.two_articles(made.select(), "a", "b"))
    assert sides["sides-mixed"].caveat == mixed.caveat
    assert sides["sides-overview"].text.endswith("the same demand behind them: one (one as far as said).")  # fmt: skip
    assert "Agree as far as said. Left open" in exhibits.comparison(made.select()).text
    (tile,) = (
        t for t in data(exhibits.heatmap(made.select())) if t["row"][0] + t["column"] == "12"
    )
    assert (tile["text"], tile["clash"], tile["mixed"]) == ("1≈/1", "≠1", "1")


def test_heat_map_of_many(suite: Any) -> None:
    """A heat map of many articles draws those with most in common and counts the rest."""
    ids = [chr(97 + n) for n in range(20)]
    shown = exhibits.heatmap(suite(*(own(one) for one in ids), articles=20).select())
    assert len({t["column"] for t in data(shown)}) == 16
    assert shown.text.endswith(
        "Articles with fewer headings in common, not drawn: the Middle East Institute author (2027), "
        "Daily Sabah (2028), Khalid Mahmoud (2029), and Wehrey and Lacher (2030)."
    )


def data(shown: Any) -> list[dict[str, Any]]:
    """Return the data of a chart."""
    (values,) = shown.chart.to_dict()["datasets"].values()
    return list(values)
