"""Sentences made of other sentences: first screens, headlines, contradictions, and how firm all are.

What each should say is worked out from the rows, or from the sentences it speaks of, by loops.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from made import make_suite
from policybook import findings, robustness
from policybook.findings import contradictions as contradicted
from policybook.findings import headings, written
from policybook.findings.coverage import who_recommends_what
from policybook.findings.finding import Finding, few, listed, number, sentence
from policybook.findings.headlines import AROUND
from policybook.findings.opening import brief, one_caveat, stand_apart, words_in
from policybook.measures.contradictions import contradictions
from policybook.measures.timeline import event_dates
from policybook.robustness.changes import CHANGES
from policybook.robustness.page import head
from test_robustness import with_coding
from worlds import SEEDS, Drawn, Row, World, note, own, world


@pytest.mark.parametrize("seed", SEEDS[: max(6, len(SEEDS) // 2)])
def test_every_first_screen_recounted(seed: int, tmp_path: Path) -> None:
    """Who stands apart, the one caveat, headlines, contradictions and words are as a recount has them."""
    w = world(tmp_path / "s", Drawn(seed))
    check_apart(w)
    check_caveat(w)
    check_headlines(w)
    check_contradictions(w)
    check_alone(w)
    check_words(w)


def check_apart(w: World) -> None:
    """Recount who describes the theme's problem, or relays others, without prescribing on it."""
    theme, ways = w.selection.theme, {}
    apart = [
        f["id"] for f in w.facts if w.state(f["id"], theme) in {"silent", "prescribes nothing"}
    ]
    seen = [d for d in w.diagnoses if d["instrument"] == theme and d["article"] in apart]
    told = [r for r in w.seen if r["instrument"] == theme and r["voice"] == "reported" and r["article"] in apart]  # fmt: skip
    for article in dict.fromkeys(one["article"] for one in (*seen, *told)):
        mine, others = ([one for one in some if one["article"] == article] for some in (seen, told))
        parts = [f"problems described{sure(mine)}"] if mine else []
        if others:
            sides = {r["author_attitude"] for r in others}
            sided = {"endorses": " and endorsed", "rejects": " and rejected"}.get(min(sides), "")
            parts.append(f"others’ positions relayed{sided * (len(sides) == 1)}{sure(others)}")
        ways.setdefault(", ".join(parts), set()).add(article)
    relaying = {r["article"] for r in w.every if r["instrument"] == theme and r["voice"] == "reported"}  # fmt: skip
    if unheard := relaying & set(apart) - {r["article"] for r in told}:
        ways["others’ positions relayed, but hidden by the filters"] = unheard
    parts = [f"{way}: {few(w.names(ids))}" for way, ids in ways.items()]
    found = stand_apart(w.selection)
    note(found, {"stand-apart", "stand-apart-none"})
    coded = [f["id"] for f in w.facts if w.coded(f["id"])]
    nobody = f"no {'' if len(coded) == len(w.facts) else 'coded '}article merely describes the problem or merely relays others on it."
    expected = f"Nothing prescribed on it – {'; '.join(parts)}." if parts else nobody
    assert [f.text for f in found] == ([expected[0].upper() + expected[1:]] if coded else [])
    assert parts or all([*f.articles] == coded for f in found)
    rows = w.selection.rows
    for some in (rows[rows["voice"] != "reported"], rows[:0]):  # what a page is about may be less
        assert stand_apart(w.selection, some) == found


def sure(rows: list[Row]) -> str:
    """Return that all of some rows are doubtful, in brackets; nothing where one is not."""
    return " (doubtful)" if all(row["confidence"] == "low" for row in rows) else ""


def check_caveat(w: World) -> None:
    """Recount the first caveat that is true, and check that an answer keeps to its words."""
    mine = {r["article"] for r in own(w.seen)}
    hand = w.facts and any(f["possible_authors"] for f in w.facts)
    genre = [
        f for f in w.facts
        if f["genre"] == "news-report" and w.coded(f["id"]) and not [r for r in own(w.every) if r["article"] == f["id"]]
    ]  # fmt: skip
    inferred = [f["label"] for f in w.facts if f["inferred"] and f["id"] in mine]
    doubted = sum(r["confidence"] != "high" for r in w.seen)
    found = one_caveat(w.selection, w.selection.rows)
    assert found.code == "caveat"
    if len(mine) == 1:
        wanted = (
            f"Every demand of an author’s own in the grid is one article’s: {few(w.names(mine))}."
        )
    elif hand and mine >= {"a", "b"}:
        wanted = f"Counted as one voice, not as two: {few(w.names({'a', 'b'}))} –"
    elif genre:
        wanted = f"Prescribing nothing means less where the genre seldom prescribes: {genre[0]['label']}, a news report."  # fmt: skip
    elif inferred:
        date, are = ("date", "is") if len(inferred) == 1 else ("dates", "are")
        wanted = f"The {date} of {few(inferred)} {are} inferred, not printed."
    elif doubted:
        wanted = "Some of this was coded with doubt; the evidence says which."
    else:
        wanted = "To prescribe nothing is not to oppose: who asks for nothing has rejected nothing."
    assert found.text.startswith(wanted)
    answer = who_recommends_what(w.selection)
    short = brief(w.selection, answer)
    assert sum(map(words_in, short)) <= 60
    assert {f.text for f in short} <= {f.text for f in answer} | {
        "The answer is longer than a first page holds; it stands below."
    }


def check_headlines(w: World) -> None:
    """Headlines are the first questions' sentences in their order, each once, without those that only lead on."""
    for strict in (True, False):
        parts = [
            *findings.who_recommends_what(w.selection),
            *findings.most_shared(w.selection),
            *findings.recurrence(w.selection),
            *(
                f
                for f in findings.where_they_agree(w.selection, strict=strict)
                if not f.code.startswith(AROUND)
            ),
        ]
        found = findings.headlines(w.selection, strict=strict)
        assert [f.text for f in found] == list(dict.fromkeys(f.text for f in parts))


def check_contradictions(w: World) -> None:
    """Each contradiction has one sentence, with who, what, why and what may dissolve it."""
    speakers = {f["speaker"] for f in w.facts if any(r["article"] == f["id"] for r in own(w.seen) if r["instrument"] == w.selection.theme)}  # fmt: skip
    lines = contradictions(w.selection.rows, book=w.selection.book, between=speakers)
    mine = [x for x in lines.to_dict("records") if w.selection.theme in x["instruments"]]
    found = findings.contradicting(w.selection)
    note(found, {"contradiction-none", "rejected", "for-and-against", "excludes", "author-against-reported"})  # fmt: skip
    if not mine:
        assert [f.text for f in found] == ["Contradictions found: none."]
        return
    assert len(found) == len(mine)
    by_rows = {tuple(r for r in (x["first"], x["second"]) if r): x for x in mine}
    for one in found:
        line = by_rows[one.rows]
        assert one.text.endswith(f"– {line['why'].rstrip('.')}.")
        assert all(label in sentence(one.text) for label in w.names(set(line["articles"])))
        assert ("may dissolve it" in one.caveat) == bool(line["conditional"])
        assert ("Left open by one or both" in one.caveat) == bool(line["loose"])
        assert (f"of {number(line['pairs'])} pairs" in one.caveat) == (line["pairs"] > 1)
        assert ("its terms are rejected" in one.caveat) == (one.code == "rejected")
    between = findings.contradicting(w.selection, between=True)
    assert {f.text for f in between} <= {f.text for f in found} | {"Contradictions found: none."}


def check_alone(w: World) -> None:
    """What one of two articles names alone is said by what the other's lack of a row means."""
    heads = {
        "silent": "Prescribed by {0} alone", "prescribes nothing": "Prescribed by {0} alone",
        "not coded": "As far as coded, prescribed by {0} alone",
        "filtered out": "Prescribed by {0}, while the filters hide what {1} may ask",
    }  # fmt: skip
    selection = w.selection.suite.select(**{**w.selection.asked, "theme": ""})  # type: ignore[arg-type]
    ids = [f["id"] for f in w.facts]
    for a, b in [(a, b) for a in ids for b in ids if a < b]:
        found = findings.two_articles(selection, a, b)
        note(found, {"only-a", "only-b", "side-says-nothing", "sides-overview"})
        texts = [f.text for f in found if f.code in {"only-a", "only-b"}]
        wanted: dict[str, list[Row]] = {}
        for here, there in ((a, b), (b, a)):
            names = [w.selection.labels[one] for one in (here, there)]
            for i in w.instruments():
                if {w.state(here, i), w.state(there, i)} == {"said"} or w.state(here, i) != "said":
                    continue
                begins = sentence(heads[w.state(there, i)].format(*names))
                mine = [r for r in own(w.seen) if r["article"] == here and r["instrument"] == i]
                wanted.setdefault(begins, []).extend(mine)
        assert sorted(texts) == sorted(f"{k} – {w.asks(v, most=21)}." for k, v in wanted.items())
        mute = [f.subject for f in found if f.code == "side-says-nothing"]
        assert set(mute) == {x for x in (a, b) if not [r for r in own(w.seen) if r["article"] == x]}


def check_words(w: World) -> None:
    """Every sentence with a word is counted once, by what it is coded as; where it is missing is said."""
    found = {f.code: f.text for f in findings.every_sentence(w.selection, "asks for")}
    note([Finding("", code=c) for c in found], {"word-without", "word-uncoded", "word-nowhere"})
    held = {r["article"] for r in w.every}
    if not w.every:
        assert set(found) == {"word-nowhere"}
        return
    noun = "sentence" if len(w.every) == 1 else "sentences"
    assert found["word-found"] == f"“asks for”: {number(len(w.every))} {noun} – {few(w.names(held))}."  # fmt: skip
    assert ("word-uncoded" in found) == (not w.seen)
    if w.seen:
        many = f"{number(len(w.seen))} of {number(len(w.every))}"
        assert found["word-coded"] == f"Coded as a recommendation: {many}{voices_apart(w)}."
    hidden = len(w.every) - len(w.seen)
    others = f"The others – coded, but hidden by the filters: {number(hidden)}."
    assert found.get("word-others", "") == (others if hidden else "")
    without = [f["label"] for f in w.facts if f["id"] not in held]
    text = f"Without the word: {few(without)}." if without else ""
    assert found.get("word-without", "") == text


def voices_apart(w: World) -> str:
    """What the rows are for and against, the authors' own before others', these by what is made of them."""
    mine, others = own(w.seen), [r for r in w.seen if r["voice"] == "reported"]
    taken = ("rejects", "endorses")
    groups = [("", mine)]
    groups += [
        ("only relayed" * bool(mine), [r for r in others if r["author_attitude"] not in taken])
    ]
    for one in taken:
        how = {"rejects": "rejected", "endorses": "endorsed"}[one]
        groups += [(f"relayed and {how}" if mine else f"{how} by the author", [r for r in others if r["author_attitude"] == one])]  # fmt: skip
    parts = [f"{head}: {w.asks(r, most=6)}" if head else w.asks(r, most=6) for head, r in groups if r]  # fmt: skip
    return f"{'' if mine else ', only relayed'} – {'; '.join(parts)}"


COUNTED = {
    "contradiction-others": (contradicted, "MOST", findings.contradicting),
    "alone-others": (headings, "MOST_NAMED", findings.said_by_one),
    "same-words-others": (headings, "MOST_NAMED", findings.same_words),
    "events-more": (written, "MOST_ARTICLES", findings.before_and_after),
}
"""Sentences that only count the rest: where the limit stands, and the question they belong to."""


@pytest.mark.parametrize("seed", SEEDS[: max(4, len(SEEDS) // 3)])
def test_every_rest_recounted(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is more than a page tells one by one, the rest is counted: no sentence is dropped silently."""
    drawn = Drawn(seed)
    w = world(tmp_path / "s", drawn)
    suite, asked = w.selection.suite, {**drawn.asked, "theme": ""}
    for code, (module, limit, ask) in COUNTED.items():
        whole = [f for f in ask(suite.select(**asked)) if f.code != code]
        monkeypatch.setattr(module, limit, 1)
        found = ask(suite.select(**asked))
        monkeypatch.undo()
        note(found, {code})
        told = [f for f in found if f.code != code]
        (rest,) = [f.text for f in found if f.code == code] or [""]
        assert {f.text for f in told} <= {f.text for f in whole}, code
        assert rest.endswith(f": {number(len(whole) - len(told))}.") == (len(told) < len(whole))


SOURCE = Path(__file__).parent.parent / "src" / "policybook"


def article_a(selection: Any) -> list[Finding]:
    """Ask what the first drawn article says."""
    return findings.one_article(selection, "a")


ASKS: dict[str, Callable[..., list[Finding]]] = {
    "coverage": findings.who_recommends_what,
    "theme": findings.one_theme,
    "addressees": findings.who_is_asked,
    "agreement": findings.where_they_agree,
    "article": article_a,
}


SLOW = ("agreement", "article")
"""Questions that take several times as long as the others: fewer suites are drawn for them."""

TRIED = [
    pytest.param(name, seed, id=f"{name}-{seed}")
    for name in ASKS
    for seed in SEEDS[: max(2 if name in SLOW else 4, len(SEEDS) // (6 if name in SLOW else 3))]
]


@pytest.mark.parametrize(("name", "seed"), TRIED)
def test_every_verdict_recounted(name: str, seed: int, tmp_path: Path) -> None:
    """What is said of firmness is what the tally holds, and the tally is what asking again gives."""
    drawn, ask = Drawn(seed), ASKS[name]
    w = world(tmp_path / "s", drawn)
    gone = f"{drawn.rows[0]['article']}-000" if drawn.rows else ""
    suite = w.selection.suite
    suite = with_coding(suite, lambda row: row["id"] != gone) if drawn.rows and w.every else suite
    selection = suite.select(**drawn.asked)
    table = robustness.tally(selection, ask)
    found = ask(selection)
    more = {"strict": True} if name == "agreement" else {}
    told = robustness.doubts(selection, robustness.tried(selection, ask, **more))
    check_doubts(told, selection, ask, found)
    verdicts = [*robustness.verdict(table), *robustness.broken(table), *robustness.unbroken(table)]
    note(verdicts, {f.code for f in verdicts} | CODES)
    lines = [part.to_dict("records") for _, part in table.groupby("place")]
    if table.empty:
        assert {f.code for f in verdicts} == {"firm-untried"}
        return
    why = {part[0]["finding"]: because(part) for part in lines}
    firm = [part[0]["finding"] for part in lines if all(x["holds"] for x in part)]
    texts = {code: [f.text for f in verdicts if f.code == code] for code in CODES}
    assert texts["firm"] == firm
    assert texts["firm-none"] == [] if firm else ["No finding holds under every setting tried."]
    rest = [part[0]["finding"] for part in lines if part[0]["finding"] not in firm]
    assert texts["firm-breaks"] == rest
    assert {f.text: f.caveat.endswith(why[f.text]) for f in verdicts if f.code == "firm-breaks"} == dict.fromkeys(rest, True)  # fmt: skip
    check_verdict(texts, lines, firm)


CODES = {
    "firm", "firm-none", "firm-breaks", "firm-breaks-none", "firm-holds", "firm-kinds", "firm-alone", "firm-alone-voice", "firm-tally",
    "firm-untried",
}  # fmt: skip


def check_verdict(texts: dict[str, list[str]], lines: list[list[dict]], firm: list[str]) -> None:  # type: ignore[type-arg]
    """Recount how many findings hold, how many each kind of change breaks, and how many rest on one article."""
    some, tried = number(len(lines)), number(len(lines[0]))
    counts = sentence(f"{some} finding{'s' * (len(lines) > 1)}, {tried} setting{'s' * (len(lines[0]) > 1)} tried")  # fmt: skip
    if len(firm) == len(lines):
        assert texts["firm-holds"] == ["Whichever one thing is changed, every finding holds."]
        assert texts["firm-tally"] == [f"{counts}."]
        assert texts["firm-kinds"] == texts["firm-alone"] == texts["firm-alone-voice"] == []
        assert texts["firm-breaks-none"] == ["No finding breaks under any setting tried."]
        return
    held = number(len(firm)) if firm else "none"
    assert texts["firm-tally"] == [f"{counts}; unbroken under every one of them: {held}."]
    names = few([f"“{head(text)}”" for text in map(inner, firm)], most=4, mark=";")
    wanted = f"Unbroken, whichever one thing is changed: {names}." if firm else "No finding holds under every change."  # fmt: skip
    assert texts["firm-holds"] == [wanted]
    parts = []
    for change, words in CHANGES.items():
        if any(x["change"] == change for x in lines[0]):
            count = sum(any(x["change"] == change and not x["holds"] for x in part) for part in lines)  # fmt: skip
            parts.append(f"{words} – {number(count) if count else 'none'}")
    assert texts["firm-kinds"] == [f"Broken, by what is changed: {'; '.join(parts)}."]
    for change, kind in (("article", "firm-alone"), ("voice", "firm-alone-voice")):
        alone = [part[0]["finding"] for part in lines if rests(part, change)]
        names = few([f"“{head(text)}”" for text in map(inner, alone)], most=4, mark=";")
        what = f"Resting on one {change} alone"
        assert texts[kind] == ([f"{what}: {names}."] if alone else [])


def rests(part: list[dict], change: str) -> bool:  # type: ignore[type-arg]
    """Tell whether one article, or one voice behind several, is all there is behind a finding that nothing else breaks."""
    missing = [x for x in part if x["gone"] and not x["holds"]]
    mine = [x for x in missing if x["change"] == change and (x["behind"] == 1 if change == "article" else x["behind"] > 1)]  # fmt: skip
    return len(mine) == 1 and all({*x["gone"]} & {*mine[0]["gone"]} for x in missing)


def inner(text: str) -> str:
    """Return a text as it stands within quotation marks."""
    return text.replace("“", "‘").replace("”", "’")


def because(part: list[dict]) -> str:  # type: ignore[type-arg]
    """Return what breaks one finding, from its lines of the tally."""
    missing = [x for x in part if not x["holds"]]
    ones = {x["gone"] for x in missing if x["change"] == "article"}
    missing = [x for x in missing if x["change"] != "voice" or not any((name,) in ones for name in x["gone"])]  # fmt: skip
    carriers = [x for x in missing if x["behind"] and x["change"] == "article"]
    every = max((x["behind"] for x in carriers), default=0)
    rests = bool(carriers) and len(carriers) == every and (every != 1 or len(ones) == 1)
    named = [f"not {x['setting']}" for x in missing if not (rests and x in carriers)]
    if len(named) > 4:
        more = len(named) - 4
        named[4:] = [f"nor under {number(more)} other setting{'s' * (more > 1)}"]
    if rests:
        one = "needs the one article behind it" if every == 1 else f"needs each of the {number(every)} articles behind it"  # fmt: skip
        named.insert(0, one)
    return sentence(f"{'; '.join(named)}.") if named else ""


def check_doubts(
    told: list[Finding],
    selection: findings.Finding | object,
    ask: Callable[..., list[Finding]],
    found: list[Finding],
) -> None:
    """Recount which sentences fall under which setting, by asking again."""
    note(told, {"doubts", "doubts-none", "doubts-nothing", "doubts-needed", "doubts-tally"})
    tried = {one.words: one for one in to_be_tried(selection, ask)}
    fallen: dict[str, list[str]] = {}
    plain: set[str] = set()
    other: set[str] = set()
    smaller = False
    known: set[int] = set()
    by_one: set[tuple[int, str]] = set()
    for words, one in tried.items():
        under = (one.ask or ask)(one.selection)
        if sorted(f.text for f in under) != sorted(f.text for f in found):
            other.add(words)
        for place, finding in enumerate(found):
            alike = [f for f in under if (f.code, f.subject) == (finding.code, finding.subject)]
            unsaid = merely_unsaid(selection, one, finding, under)
            if finding.text not in {f.text for f in alike}:
                other.add(words)
                smaller |= one.change == "article" and not (unsaid and not alike)
            if unsaid or any((f.claim or f.text) == (finding.claim or finding.text) for f in alike):
                continue
            if alike and one.change == "count" and finding.code in IN_ITS_UNITS:
                continue
            repeats = one.change == "voice" and any((place, name) in by_one for name in one.gone)
            if repeats or (one.gone and only_loses_its_part(selection, one, finding, alike)):
                continue
            by_one |= {(place, one.without)} if one.change == "article" else set()
            if one.change == "article" and seen_by_itself(selection, one, finding):
                plain.add(words)
                continue
            if one.change == "confidence" and place in known:
                continue
            known |= {place} if one.change == "confidence" else set()
            fallen.setdefault(words, []).append(head(finding.text))
    needed = (
        "Without an article, a sentence that rests on it alone does not stand, and one that names or "
        "counts it names or counts less."
    )
    assert [f.text for f in told if f.code == "doubts-needed"] == [needed] * bool(plain or smaller)
    many = number(len(found)), number(len(tried))
    tally_ = f"The full tally: {many[0]} finding{'s' * (len(found) > 1)} under {many[1]} settings, one changed at a time."
    assert [f.text for f in told if f.code == "doubts-tally"] == [tally_]
    rest = [f for f in told if f.code not in {"doubts-needed", "doubts-tally"}]
    check_fallen(rest, tried, fallen, other, len(found))


def check_fallen(
    told: list[Finding],
    tried: dict[str, Any],
    fallen: dict[str, list[str]],
    other: set[str],
    findings_: int,
) -> None:
    """Check which sentences are said to fall, or under what nothing is said otherwise."""
    doubted = [words for words, one in tried.items() if one.change not in {"count", "question"}]
    held = [words for words in doubted if words not in other]
    if not fallen and not doubted:
        assert [f.code for f in told] == ["doubts-nothing"]
    elif not fallen:
        stays = f"Asked again, every finding stays as it is: {few(held, most=6, mark=';')}."
        assert [f.text for f in told] == [stays] * bool(held)
    else:
        assert {f.code for f in told} == {"doubts"}
        assert {w for f in told for w in f.subject.split("; ")} == set(fallen)
        for one in told:
            names = fallen[one.subject.split("; ")[0]]
            verb = "does" if len(names) == 1 else "do"
            words = listed(one.subject.split("; "), last="or")
            several = f"{number(len(names))} of {number(findings_)} findings"
            some = several if findings_ > 1 else "the one finding"
            quoted = few([f"“{inner(name)}”" for name in names], most=4, mark=";")
            assert one.text == sentence(f"{words}, {some} of this page {verb} not stand: {quoted}.")


IN_ITS_UNITS = {"article-addressees", "article-nobody", "article-prescribes"}
"""Sentences that give a number of what they name as counted."""


def to_be_tried(selection: Any, ask: Callable[..., list[Finding]]) -> list[Any]:
    """Return the settings that a page tries, but for those that leave all rows, or no article."""
    loosely = {"if conditions are left aside": partial(ask, strict=False)}
    otherwise = loosely if ask is findings.where_they_agree else {}
    return [
        one
        for one in robustness.settings(selection, otherwise=otherwise)
        if len(one.gone) < len(selection.articles)
        and (one.change != "confidence" or len(one.selection.rows) < len(selection.rows))
    ]


def homes(selection: Any) -> dict[str, str]:
    """Return the article of each row and diagnosis."""
    tables = (selection.all_rows, selection.diagnoses)
    return {r["id"]: r["article"] for table in tables for r in table.to_dict("records")}


def named(selection: Any, finding: Finding) -> set[str]:
    """Return the articles that a sentence names."""
    text, labels = finding.text.casefold(), selection.labels
    return {name for name in selection.articles["id"] if labels[name].casefold() in text}


NOTHING = {
    "actor-nothing": {"actor-itself"},
    "agree-none": {"agree", "agree-open"},
    "contradict-none": {"contradict", "contradict-open"},
    "recurs-never": {"recurs-once"},
    "same-words-none": {"same-words"},
    "shared-none": {"shared"},
    "theme-absent": {"theme"},
    "theme-nobody": {"theme-stances"},
}
"""Sentences that nothing is there, and what else would be said on it."""


def merely_unsaid(selection: Any, one: Any, finding: Finding, under: list[Finding]) -> bool:
    """Tell whether what is left out can make a finding no less true, whether it is said again or not."""
    alike = [f for f in under if (f.code, f.subject) == (finding.code, finding.subject)]
    if finding.code in NOTHING and one.change in {"article", "voice", "confidence"}:
        about = [f for f in under if f.subject == finding.subject or not finding.subject]
        return not alike and not [f for f in about if f.code in NOTHING[finding.code]]
    behind = rests_on(selection, finding)
    looks_back = finding.code.startswith("after-")
    return bool(one.gone) and bool(behind) and not {*one.gone} & behind and not (alike or looks_back)  # fmt: skip


def rests_on(selection: Any, finding: Finding) -> set[str]:
    """Return the articles behind a finding: those of its rows, else those read for it, else those named."""
    home = homes(selection)
    return {home[row] for row in finding.rows} or {*finding.articles} or named(selection, finding)


def only_loses_its_part(selection: Any, one: Any, finding: Finding, alike: list[Finding]) -> bool:
    """Tell whether the same is said without the article left out, on what else is behind it."""
    home, behind = homes(selection), rests_on(selection, finding)
    if not {*one.gone} & behind or behind <= {*one.gone}:
        return False
    if finding.articles and not finding.rows:
        return any({*f.articles} == {*finding.articles} - {*one.gone} for f in alike)
    if finding.code == "asked-most":  # who is first is first by his own rows
        return any(f.claim == finding.claim for f in alike)
    left = sorted(row for row in finding.rows if home[row] not in one.gone)
    return any(sorted(f.rows) == left for f in alike)


def seen_by_itself(selection: Any, one: Any, finding: Finding) -> bool:
    """Tell whether a sentence names the article left out, or is that article's alone."""
    behind = rests_on(selection, finding)
    if not finding.rows and not finding.articles:  # it counts all that are selected
        return True
    if one.without in behind and len(behind) == 1:
        return True
    return selection.labels[one.without][:-1].casefold() in finding.text.casefold()


def kinds() -> Iterator[str]:
    """Yield every kind of sentence that stands as such in the code."""
    for family in ("findings", "robustness"):
        for path in sorted((SOURCE / family).glob("*.py")):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding":
                    more = [k.value for k in call.keywords if k.arg == "code"]
                    codes = [*call.args[2:3], *more]
                    parts = [part for code in codes for part in ast.walk(code)]
                    yield from (str(p.value) for p in parts if isinstance(p, ast.Constant) and p.value)  # fmt: skip


def test_no_kind_of_sentence_is_untried() -> None:
    """Every kind of sentence that the code can write is named by a test, so that none is written unseen."""
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    part = re.compile(r"^-|-$")  # of a kind that is put together from two
    assert [kind for kind in kinds() if not part.search(kind) and f'"{kind}"' not in tests] == []


def test_the_few_that_need_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is only said of very much, or of an empty codebook, is said there and nowhere else."""
    made = make_suite(
        tmp_path / "s",
        [],
        articles=11,
        facts={"k": dict.fromkeys(("coder", "coded_on", "codebook_version"), "")},
    )
    read_ = findings.what_was_read(made.select())
    assert [f.text for f in read_ if f.code == "prescribes-nothing-more"] == [
        "Further articles that prescribe nothing: two."
    ]
    assert len([f for f in read_ if f.code == "prescribes-nothing"]) == 8
    hand = {"possible_authors": "khalid-mahmoud (text, 0.5)"}
    facts = {"b": hand, "c": {"coauthors": "karim-mezran"}, "d": {"possible_authors": "jason-pack (text, 0.5)"}}  # fmt: skip
    tied = make_suite(tmp_path / "t", [], articles=5, facts=facts).select()
    whole = [f.code for f in findings.independent_voices(tied)]
    monkeypatch.setattr("policybook.findings.independence.MOST_TIES", 1)
    some = findings.independent_voices(tied)
    ties = whole.count("one-voice")
    assert ties > 1
    assert [f.code for f in some] == ["voices", "one-voice", "one-voice-more"]
    assert (
        some[-1].text
        == f"Further ties between articles that count as one voice: {number(ties - 1)}."
    )
    dated = event_dates(tied.book)
    monkeypatch.setattr("policybook.measures.timeline.event_dates", lambda _: dated.iloc[:0])
    (none,) = findings.before_and_after(tied)
    assert none.code == "events-none"
    assert none.text.startswith("The codebook names no dated event")
    assert [f.code for f in brief(tied, [Finding("word " * 61)])] == ["too-long"]
    monkeypatch.setattr("policybook.robustness.page.MOST_ROWS", -1)
    (untried,) = robustness.doubts(tied, robustness.tried(tied, findings.independent_voices))
    assert untried.code == "doubts-untried"
