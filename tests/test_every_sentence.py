"""Every sentence that code can write: made to stand and not to stand, and counted again by loops.

What each should say is worked out here from the rows alone, never from a measure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from policybook import dates, findings
from policybook.findings.finding import Finding, few, listed, number, sentence
from policybook.findings.nearness import WORDS
from policybook.findings.shift import FACETS, NONE
from policybook.findings.time import HEADS
from policybook.findings.wording import HOLDING
from policybook.measures.timeline import KINDS
from policybook.suite import COUNTING
from policybook.tables import split
from worlds import END, FIRED, SEEDS, THEMES, Drawn, Row, World, note, own, world

SOURCE = Path(__file__).parent.parent / "src" / "policybook"
Told = list[tuple[str, str]]


def told(found: list[Finding], *codes: str) -> Told:
    """Return the sentences of some kinds, by how the names of these begin; of all without any."""
    return [(f.code, f.text) for f in found if not codes or f.code.startswith(codes)]


# What each question should be answered with.


def shared(w: World) -> Told:
    """Who supports what most."""
    holders: dict[str, set[str]] = {}
    for row in own(w.seen):
        if row["instrument"] != "other" and row["stance"] == "supports":
            holders.setdefault(row["instrument"], set()).add(row["article"])
    listed_rows = [r for r in own(w.every) if r["instrument"] != "other"]
    hides = len([r for r in own(w.seen) if r["instrument"] != "other"]) < len(listed_rows)
    limits = ["the filters show"] * hides
    limits += ["is coded"] * any(not fact["coder"] and w.state(fact["id"], i) == "not coded" for fact in w.facts for i in w.instruments())  # fmt: skip
    within = f", as far as {listed(limits)}" if limits else ""
    most = max(map(len, holders.values()), default=0)
    if most < 2:
        return [("shared-none", f"No instrument is supported by two articles{within}.")]
    top = [i for i, articles in holders.items() if len(articles) == most]
    order = [f["id"] for f in w.facts]
    top.sort(key=lambda i: (min(map(order.index, holders[i])), w.instruments().index(i)))
    names = listed(w.label("instrument", i) for i in top)
    voices_ = len(hands(w, holders[top[0]]))
    by = f", at most {number(voices_)} independent voice{'s' * (voices_ > 1)}" if len(top) == 1 and voices_ < most else ""  # fmt: skip
    return [("shared", f"Most widely supported{within}, by {number(most)} articles{by}: {names}.")]


def read(w: World) -> Told:
    """What was read, by whom it was coded, what prescribes nothing."""
    genres = Counter(fact["genre"] for fact in w.facts)
    parts = few([f"{w.label('genre', g)} ({n:,})" for g, n in genres.items()], most=8)
    ends = (min(w.facts, key=lambda f: f["earliest"]), max(w.facts, key=lambda f: f["latest"]))
    days = [(f["inferred"], f["earliest"].date(), f["latest"].date()) for f in ends]
    when = " – ".join(dict.fromkeys(f"c. {dates.month(a, b)}" if circa else dates.interval(a, b) for circa, a, b in days))  # fmt: skip
    many = number(len(w.facts))
    of = f"{many} of {many} " if len(w.facts) > 1 else ""
    open_ = len([f for f in w.facts if not f["coder"]])
    read_ = f"Articles: {many}, {number(open_)} of them not coded;" if open_ else f"Articles read: {many},"  # fmt: skip
    found = [("read", f"{read_} published {when}; by genre, {of}inferred: {parts}.")]
    lines = sum(
        len([line for line in w.selection.suite.text(f["id"]).splitlines() if line.strip()])
        for f in w.facts
        if f["coder"]
    )
    whose = ", those of coded articles" * bool(open_)
    relayed = len(w.every) - len(own(w.every))
    found.append(("yield", f"Sentences read: {lines:,}{whose}; coded rows – authors’ own recommendations: {len(own(w.every)):,}, relayed positions: {relayed:,}, passages that describe a problem: {len(w.diagnoses):,}."))  # fmt: skip
    coded = [f for f in w.facts if f["coder"]]
    if coded:
        by = w.label("coder", "adjudicator")
        names = few([f["label"] for f in coded])
        found.append(
            ("coded", f"Coded by {by} on 1 January 2026, against codebook 1.0.0: {names}.")
        )
    uncoded = [f["label"] for f in w.facts if not f["coder"]]
    if uncoded:
        found.append(("not-coded", f"Not coded, so that nothing is said of them, not even silence: {few(uncoded)}."))  # fmt: skip
    return [*found, *(line for f in coded if (line := nothing_of(w, f)))]


def nothing_of(w: World, fact: Row) -> tuple[str, str] | None:
    """That one article prescribes nothing, and what it does instead."""
    mine = [r for r in w.every if r["article"] == fact["id"]]
    if own(mine):
        return None
    seen = [d for d in w.diagnoses if d["article"] == fact["id"]]
    parts = [f"describes problems under {few(headed(w, seen))}"] if seen else []
    parts += [f"relays positions of others ({len(mine):,})"] if mine else []
    instead = f"; {'; '.join(parts)}" if parts else ""
    genre = w.label("genre", fact["genre"])
    return "prescribes-nothing", f"{sentence(fact['label'])}, {genre} – prescribes nothing{instead}."  # fmt: skip


def headed(w: World, seen: list[Row]) -> list[str]:
    """Return under which instruments problems are described, marked where that is doubtful."""
    named = w.described(seen, "instrument")
    return [w.label("instrument", i) + f" ({mark})" * bool(mark) for i, mark in named.items()]


def described(w: World) -> Told:
    """Who describes a problem of a named theme and prescribes nothing on it."""
    found: Told = []
    for theme in THEMES:
        seen = {d["article"] for d in w.diagnoses if d["instrument"] == theme}
        state = {a: w.state(a, theme) for a in seen}
        silent = {a for a in seen if state[a] == "silent"}
        serving = {a for a in silent if serves(w, a, theme)}
        nothing = {a for a in seen if state[a] == "prescribes nothing"}
        label = sentence(w.label("instrument", theme))
        for words, ids, code in (
            ("nothing prescribed on it (other things are)", silent - serving, "silent"),
            ("answered under another heading", serving, "serving"),
            ("in an article that prescribes nothing at all", nothing, "nothing"),
        ):
            if ids:
                marks = w.described([d for d in w.diagnoses if d["instrument"] == theme], "article")
                names = [f"{f['label'][:-1]}, doubtful)" if marks[f["id"]] else f["label"] for f in w.facts if f["id"] in ids]  # fmt: skip
                text = f"{label} – problems described, {words}: {few(names)}."
                found.append((f"diagnosed-{code}", text))
    none = "article describes the problem of a named theme and prescribes nothing on the theme."
    left = any(w.state(f["id"], t) == "not coded" for f in w.facts for t in THEMES)
    return found or [("diagnosed-none", f"{'As far as coded, no' if left else 'No'} {none}")]


def serves(w: World, article: str, theme: str) -> bool:
    """Tell whether an article's author serves a theme under another heading."""
    for relation in w.selection.book.relations:
        if relation.kind == "serves" and relation.second == theme:
            for row in own(w.every):
                reach = {m for t in split(row["target"]) for m in w.selection.book.members(t)}
                fits = not relation.targets or reach & set(relation.targets)
                aims = not relation.objectives or set(split(row["objective"])) & set(relation.objectives)  # fmt: skip
                if row["article"] == article and row["instrument"] == relation.first and fits and aims:  # fmt: skip
                    return True
    return False


def silences(w: World) -> Told:
    """How many silences there are on the named themes; no generated text holds a search term."""
    speaks = {(r["article"], r["instrument"]) for r in (*w.every, *w.diagnoses)}
    silent = [(f["id"], t) for f in w.facts for t in THEMES if w.state(f["id"], t) == "silent" and (f["id"], t) not in speaks]  # fmt: skip
    if not silent and not own(w.every):
        which = "selected" if all(f["coder"] for f in w.facts) else "coded"
        return [("silences-nobody", f"No {which} article prescribes anything, so none can be silent on a theme.")]  # fmt: skip
    if not silent:
        return [("silences-none", "No article that prescribes is silent on a named theme.")]
    many = number(len(silent))
    return [("silences", f"Silences on the named themes: {many}; search terms in the text all the same: no; no search term in the text: {many}.")]  # fmt: skip


def article(w: World, name: str) -> Told:
    """What one article asks for, opposes, relays and only describes."""
    (fact,) = [f for f in w.facts if f["id"] == name]
    head = sentence(fact["label"])
    if not fact["coder"]:
        return [("article-not-coded", f"{head} – not coded, so nothing is said of it, not even silence.")]  # fmt: skip
    every, seen = ([r for r in rows if r["article"] == name] for rows in (w.every, w.seen))
    mine, by = own(seen), str(w.selection.asked["count"])
    found: Told = []
    if not own(every):
        found.append(("article-nothing", f"{head} – prescribes nothing."))
    elif not mine:
        found.append(("article-hidden", f"{head} – recommendations hidden by the filters: {len(own(every))}."))  # fmt: skip
    else:
        what = f"recommendations, counted in {COUNTING[by]}," if by in HOLDING else COUNTING[by]
        found.append(("article-prescribes", f"{head} – {what} put forward by the author: {w.units(mine)}."))  # fmt: skip
    return [*found, *asked_for(w, mine), *opposed(w, mine), *relayed(w, seen), *unanswered(w, name)]


def asked_for(w: World, mine: list[Row]) -> Told:
    """What an author supports, each instrument at its firmest."""
    ranks = ["must", "should", "could", "implied"]
    pro = [r for r in mine if r["stance"] == "supports"]
    best = {i: min(ranks.index(r["strength"]) for r in pro if r["instrument"] == i) for i in {r["instrument"] for r in pro}}  # fmt: skip
    found = []
    for rank, strength in enumerate(ranks):
        firm = [r for r in pro if best[r["instrument"]] == rank == ranks.index(r["strength"])]
        if firm:
            named = w.asks([{**r, "strength": ""} for r in firm]).removeprefix("for ")
            found.append(("article-asks", f"{sentence(strength)}: {named}."))
    return found


def opposed(w: World, mine: list[Row]) -> Told:
    """What an author opposes, each with its conditions where none of its rows is without."""
    contra = [r for r in mine if r["stance"] == "opposes"]
    parts = [
        f"{name}{terms([r for r in contra if w.what(r) == name])}"
        for name in dict.fromkeys(map(w.what, contra))
    ]
    return [("article-opposes", f"Opposes: {few(parts, mark=';')}.")] if parts else []


def terms(rows: list[Row]) -> str:
    """Return in brackets the conditions of rows that all have one, and whether all are doubtful, or only implied."""
    words = {f"“{r['condition']}”" if r["condition"] else "" for r in rows}
    said = [] if "" in words else [f"condition: {few(sorted(words), most=2)}"]
    said += ["doubtful"] * all(r["confidence"] == "low" for r in rows)
    said += ["only implied"] * all(r["strength"] == "implied" for r in rows)
    return f" ({'; '.join(said)})" if said else ""


def relayed(w: World, seen: list[Row]) -> Told:
    """Whose positions an article relays, by its author's attitude."""
    found = []
    for attitude in ("endorses", "rejects", "neutral"):
        mine = [r for r in seen if r["voice"] == "reported" and r["author_attitude"] == attitude]
        same: dict[tuple[str, str, str], list[Row]] = {}
        for r in mine:
            same.setdefault((r["speaker"], r["stance"], w.what(r)), []).append(r)
        parts = [
            f"{w.label('actor', who)} {'for' if stance == 'supports' else 'against'} {what}{terms(rows)}"
            for (who, stance, what), rows in same.items()
        ]
        if parts:
            found.append(("article-relays", f"Only relayed, the author’s attitude “{attitude}”: {few(parts, most=6, mark=';')}."))  # fmt: skip
    return found


def unanswered(w: World, name: str) -> Told:
    """What an article describes without prescribing anything on it, and what it alone takes up."""
    seen = [d for d in w.diagnoses if d["article"] == name]
    open_ = [d for d in seen if w.state(name, d["instrument"]) in {"silent", "prescribes nothing"}]
    found: Told = []
    if open_:
        about = few(headed(w, open_), most=8)
        found.append(("article-diagnoses", f"Problems described, with nothing prescribed under their heading: {about}."))  # fmt: skip
    alone, uncoded = [], False
    for i in w.instruments():
        states = {f["id"]: w.state(f["id"], i) for f in w.facts}
        if [a for a, s in states.items() if s == "said"] == [name] and "filtered out" not in states.values():  # fmt: skip
            alone.append(i)
            uncoded = uncoded or "not coded" in states.values()
    if alone:
        coded = "as far as coded, " if uncoded else ""
        mine = [r for r in own(w.seen) if r["article"] == name and r["instrument"] in alone]
        found.append(("article-alone", f"Of the authors of all {number(len(w.facts))} articles, {coded}prescribed by this one alone – {w.asks(mine)}."))  # fmt: skip
    return found


def changed(w: World) -> Told:
    """What persists, appears, vanishes and is said once."""
    if not any(w.state(f["id"], i) in {"said", "silent", "filtered out"} for f in w.facts for i in (*w.instruments(), "other")):  # fmt: skip
        return [("course-nothing", "No author of the selected articles prescribes anything: nothing persists or vanishes.")]  # fmt: skip
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for i in w.instruments():
        kinds[course(w, i)].append(w.label("instrument", i) + sides(w, i))
    found = [
        (
            f"course-{kind.replace(' ', '-')}",
            f"{HEADS[kind]} – {words}: {few(kinds[kind], most=12)}.",
        )
        for kind, words in KINDS.items()
        if kinds[kind]
    ]
    return [*found, *outside(w)]


def sides(w: World, instrument: str) -> str:
    """Return in brackets that authors are against an instrument, and what holds for all they say on it."""
    rows = [r for r in own(w.seen) if r["instrument"] == instrument]
    stances = {r["stance"] for r in rows}
    against = "for and " * (len(stances) == 2) + "against it" if "opposes" in stances else ""
    words = ", ".join(one for one in (against, w.marks(rows) if rows else "") if one)
    return f" ({words})" if words else ""


def outside(w: World) -> Told:
    """What stands outside the list of instruments."""
    rows = [r for r in own(w.seen) if r["instrument"] == "other"]
    names = few(w.names({r["article"] for r in rows}))
    noun = "recommendation" if len(rows) == 1 else "recommendations"
    text = f"Not compared: {number(len(rows))} {noun} outside the list of instruments, of {names}."
    return [("outside", text)] if rows else []


def course(w: World, instrument: str) -> str:
    """Return the course of one instrument over time."""
    by: dict[str, list[Row]] = {}
    for fact in w.facts:
        by.setdefault(w.state(fact["id"], instrument), []).append(fact)
    said, silent = by.get("said", []), by.get("silent", [])
    if "filtered out" in by:
        return "filtered out"
    if len(said) < 2:
        return "appears once" if said else "never"
    reached, begun = max(f["latest"] for f in said), max(f["earliest"] for f in said)
    later = [f for f in silent if f["earliest"] > reached]
    perhaps = [f for f in silent if f["earliest"] <= reached and f["latest"] >= begun]
    if len(later) > 1:
        return "vanishes"
    if later:
        return "some later silent" if perhaps else "one later silent"
    if perhaps:
        return "unclear"
    if any(f["latest"] < min(s["earliest"] for s in said) for f in silent):
        return "appears"
    return "persists" if min(f["latest"] for f in said) < begun else "unclear"


def order(w: World) -> Told:
    """In which spells articles were written, and whether their order is certain."""
    spells: list[list[Row]] = []
    for fact in w.facts:
        reached = max((f["latest"] for s in spells for f in s), default=None)
        if reached is None or fact["earliest"] - reached > pd.Timedelta(days=365):
            spells.append([])
        spells[-1].append(fact)
    parts = [
        f"{dates.month(min(f['earliest'] for f in s).date(), max(f['latest'] for f in s).date())} ({number(len(s))})"
        for s in spells
    ]
    found = [("spells", f"Spells of writing, more than a year apart, with their articles: {'; '.join(parts)}.")]  # fmt: skip
    loose = {
        one["id"]
        for one in w.facts
        for other in w.facts
        if one is not other
        and one["earliest"] <= other["latest"]
        and other["earliest"] <= one["latest"]
    }
    found = found if len(spells) > 1 else []
    if loose:
        return [*found, ("order-unclear", f"Not in a certain order with every other article: {few(w.names(loose))}.")]  # fmt: skip
    argued = [f["label"] for f in w.facts if f["inferred"]]
    if argued:  # the outer dates of a drawn article are its own
        return [*found, ("order-inferred", f"The order of publication follows from the dates, of which some are inferred: {few(argued)}.")]  # fmt: skip
    return [*found, ("order-certain", "The order of publication is certain.")]


def shift(w: World) -> Told:
    """How the theme differs between articles, facet by facet."""
    theme = w.selection.theme
    mine = [r for r in own(w.seen) if r["instrument"] == theme]
    ids = list(dict.fromkeys(r["article"] for r in mine))
    if len(ids) < 2:
        hidden = few(
            w.names([f["id"] for f in w.facts if w.state(f["id"], theme) == "filtered out"])
        )
        more = f"; hidden by the filters: {hidden}" if hidden else ""
        label = sentence(w.label("instrument", theme))
        seen = f"it is visible in {few(w.names(ids))} only" if ids else f"no {w.chosen}article is seen to take it up"  # fmt: skip
        code = "shift-hidden" if hidden else "shift-too-few"
        return [(code, f"{label} – nothing to compare, as {seen}{more}.")]
    found, alike = [], []
    for facet, name in FACETS.items():
        words = {a: worded(w, [r for r in mine if r["article"] == a], facet) for a in ids}
        if len({frozenset(one) for one in words.values()}) > 1:
            parts = [f"{w.selection.labels[a]}: {spoken(words[a], facet, most=6)}" for a in ids]
            found.append((f"shift-{facet.replace('_', '-')}", f"{name} – {few(parts, mark=';')}."))
        else:
            alike.append(f"{name.lower()} ({spoken(words[ids[0]], facet)})")
    if alike:
        found.append(("shift-alike", f"The same in each of these articles: {listed(alike)}."))
    return found


def spoken(words: list[str], facet: str, most: int = 5) -> str:
    """Return what is said on a facet, and last that some rows say nothing on it."""
    named = [word for word in words if word != f"in part {NONE.get(facet)}"]
    if not words:
        return NONE[facet]
    return few(named, most=most) + f", in part {NONE.get(facet)}" * (len(named) < len(words))


def worded(w: World, rows: list[Row], facet: str) -> list[str]:
    """Return what rows say on a facet, in words."""
    if facet in {"condition", "legal_basis"}:
        part = any(not r[facet] and not r["repeat_of"] for r in rows)
        words = dict.fromkeys(f"“{r[facet]}”" for r in rows if r[facet])
        return [f"in part {one}" if part else one for one in words]
    if facet in {"stance", "strength"}:
        known = list(w.selection.book.values(facet))
        return [f"“{v}”" for v in sorted({r[facet] for r in rows}, key=known.index)]
    vocabulary = {"means": "means", "objective": "objective"}.get(facet, "actor")
    codes = [[code for code in split(r[facet]) if code != "unspecified"] for r in rows]
    words = [w.label(vocabulary, code) for code in dict.fromkeys(c for row in codes for c in row)]
    return [*words, f"in part {NONE[facet]}"] if words and [] in codes else words


def beside(w: World) -> Told:
    """Which named themes are alike in all that is coded of them, and which differ, by their subjects."""
    found = []
    for theme in THEMES:
        mine = [r for r in own(w.seen) if r["instrument"] == theme]
        ids = list(dict.fromkeys(r["article"] for r in mine))
        sets = {
            facet: {
                frozenset(worded(w, [r for r in mine if r["article"] == a], facet)) for a in ids
            }
            for facet in FACETS
        }
        label = sentence(w.label("instrument", theme))
        if len(ids) > 1 and all(len(one) == 1 for one in sets.values()):
            found.append(("side-alike", f"{label} – alike in every respect compared: {few(w.names(ids))}."))  # fmt: skip
        elif len(ids) > 1:
            found.append(("side-by-side", label))
    none = "No named theme is visible in two articles, so none can be set side by side."
    return found or [("shift-none", none)]


def asked_over_time(w: World) -> Told:
    """Whom authors ask, instrument by instrument, where two of them name somebody."""
    found, more = [], []
    for i in w.selection.book.values("instrument"):
        mine = [r for r in own(w.seen) if r["instrument"] == i and r["stance"] == "supports" and r["addressee"]]  # fmt: skip
        asked: dict[str, list[str]] = {}
        for fact in w.facts:
            who = {one for r in mine if r["article"] == fact["id"] for one in split(r["addressee"])}
            if who:
                asked[fact["label"]] = [w.label("actor", one) for one in sorted(who)]
        if len(asked) < 2:
            continue
        name = w.label("instrument", i)
        if len(found) == 6:
            more.append(name)
        elif len({frozenset(one) for one in asked.values()}) == 1:
            same = listed(next(iter(asked.values())))
            found.append(("shift-same", sentence(f"{name}, asked of the same wherever somebody is named: {same} – {few(asked)}.")))  # fmt: skip
        else:
            parts = [f"{listed(each)} – {label}" for label, each in asked.items()]
            found.append(("shift", sentence(f"{name}, asked of: {few(parts, most=6, mark=';')}.")))
    if more:
        found.append(("shift-more", f"In the table alone: {few(more, most=12)}."))
    hidden = " Filters are set: what they hide is not compared." if w.narrowed else ""
    none = f"No instrument is asked of somebody by the authors of two articles.{hidden}"
    return found or [("shift-none", none)]


def nobody(w: World) -> Told:
    """How much nobody is told to carry out, judged by courses before filters."""
    if not w.seen:
        return []
    rule = str(w.selection.asked["count"])
    key = "id" if rule in {"rows", "recommendations"} else "course"
    named = {r[key] for r in w.every if r["addressee"]}
    free = [r for r in w.seen if r[key] not in named]
    if not free:
        the = "the " * (rule in HOLDING)
        return [("asked-all", f"Addressed to nobody: none of {the}{w.amount(w.seen)}.")]
    some = w.units(free)
    if rule in HOLDING:
        if w.units(w.seen) == "one":
            return [("asked-nobody", f"Addressed to nobody: {w.amount(w.seen)}")]
        return [("asked-nobody", f"Addressed to nobody: recommendations of {some} of {w.amount(w.seen).split(' of ', 1)[1]}")]  # fmt: skip
    return [("asked-nobody", f"Addressed to nobody: {some} of {w.amount(w.seen)}")]


def actor(w: World, name: str) -> Told:
    """Where an actor is in no recommendation, and who prescribes without naming it."""
    near = [
        r
        for r in w.every
        if w.near(name, r["article"])
        & {*split(r["addressee"]), *split(r["target"]), *split(r["speaker"])}
    ]
    label = w.label("actor", name)
    if not near and name == "other":
        label = "an actor outside the list of the codebook"
    if not near:
        return [("actor-absent", f"No recommendation of the selected articles concerns {label}.")]
    mute = {r["article"] for r in own(w.every)} - {r["article"] for r in near}
    text = f"Prescribing, but in no recommendation concerning {label}: {few(w.names(mute))}."
    return [("actor-not-in", text)] if mute else []


def nearest(w: World) -> list[Finding]:
    """Return who stands near whom, each pair as three dots: `near` looks at the names itself."""
    return [
        replace(f, text=re.sub(r"(?<=: |; )(?!\w+ others?\.)[^;]+?(?=;|\.$)", "…", f.text))
        if f.code in {"near-congruence", "near-conflict"}
        else f
        for f in findings.who_stands_near_whom(w.selection)
    ]


def near(w: World) -> Told:
    """Who stands near whom and who is most in conflict by each normalisation, and who stands alone."""
    said = {(r["speaker"], r["instrument"], r["stance"], w.unit(r)) for r in w.seen if r["instrument"] != "other"}  # fmt: skip
    counts = Counter((who, what, how) for who, what, how, _ in said)
    speakers = sorted({who for who, _, _ in counts})
    kinds = {who: {what for w_, what, _ in counts if w_ == who} for who in speakers}
    pairs = [(a, b) for a, b in combinations(speakers, 2) if kinds[a] & kinds[b]]
    found: Told = []
    for code, head, same in (
        ("congruence", "Nearest", True),
        ("conflict", "Most in conflict", False),
    ):
        tops: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for name, words in WORDS.items():
            weights = {pair: weight(counts, *pair, same=same) / norm(counts, *pair, name) for pair in pairs}  # fmt: skip
            best = max(weights.values(), default=0)
            top = tuple(p for p, v in weights.items() if v > 0 and v >= best * (1 - 1e-12))
            if top:
                tops.setdefault(top, []).append(words)
        for top, words in tops.items():
            by = "by every normalisation" if len(words) == len(WORDS) else few(words)
            tied = f" – {number(len(top))} pairs equal" if len(top) > 1 else ""
            begins = f"{head} {by}{tied}: "
            found.append((f"near-{code}", f"{begins}{few(['…'] * len(top), most=3, mark=';')}."))
            names = {f"{w.label('actor', a)} with {w.label('actor', b)}" for a, b in top}
            (said_,) = [
                f.text
                for f in findings.who_stands_near_whom(w.selection)
                if f.text.startswith(begins)
            ]
            shown = [
                re.sub(r" \([^()]*\)$", "", one) for one in said_[len(begins) : -1].split("; ")
            ]
            assert {one for one in shown if " with " in one} <= names
    if not found:
        found = [("near-none", "No two speakers share an instrument within the selection.")]
    tied_ = {one for pair in pairs for one in pair}
    alone = [w.label("actor", who) for who in speakers if who not in tied_]
    if alone:
        found.append(("near-alone", f"No instrument shared with anyone else: {few(alone)}."))
    return found


def weight(counts: Counter[Any], a: str, b: str, *, same: bool) -> float:
    """Return the products of what two say on one instrument, the same way or opposite ways."""
    return sum(
        n * m
        for (who, what, how), n in counts.items()
        for (other, what_, how_), m in counts.items()
        if (who, other) == (a, b) and what == what_ and (how == how_) == same
    )


def norm(counts: Counter[Any], a: str, b: str, name: str) -> float:
    """Return what the weight of a pair is divided by."""
    cells = [{k[1:]: n for k, n in counts.items() if k[0] == who} for who in (a, b)]
    x, y = (sum(one.values()) for one in cells)
    squares = []
    for one in cells:
        both: Counter[str] = Counter()
        for (what, _), n in one.items():
            both[what] += n
        squares.append(sum(n * n for n in both.values()))
    alone = [
        sum(n for k, n in one.items() if k not in other) for one, other in (cells, cells[::-1])
    ]
    common = sum(n * cells[1][k] for k, n in cells[0].items() if k in cells[1])
    return {
        "none": 1, "average": (x + y) / 2, "dna_cosine": x * y,
        "cosine": sqrt(squares[0] * squares[1]), "jaccard": sum(alone) + common,
    }[name]  # fmt: skip


def hands(w: World, ids: set[str]) -> list[set[str]]:
    """Return articles by the hand that may have written them."""
    people = {}
    for fact in w.facts:
        guessed = [part.split(" (")[0] for part in split(fact["possible_authors"])]
        people[fact["id"]] = {*split(fact["authors"]), *split(fact["coauthors"]), fact["speaker"], *guessed}  # fmt: skip
    groups = [{name} for name in people]
    for a, b in combinations(people, 2):
        if people[a] & people[b]:
            one, other = (next(g for g in groups if name in g) for name in (a, b))
            if one is not other:
                groups.remove(other)
                one |= other
    return [mine for group in groups if (mine := group & ids)]


def voices(w: World) -> Told:
    """How many independent voices the articles are at most."""
    many, ids = number(len(w.facts)), {f["id"] for f in w.facts}
    return [("voices", f"Selected articles: {many}; independent voices, at most: {number(len(hands(w, ids)))}.")]  # fmt: skip


def means(w: World) -> Told:
    """What is said on means, triggers and what must be first, where it can be told without an order."""
    every, seen = ([r for r in rows if END in split(r["objective"])] for rows in (w.every, w.seen))
    end = f"towards “{w.label('objective', END)}”"
    if not every:
        return [("means-none", f"No recommendation of the selected articles is coded {end}.")]
    if not seen:
        return [("hidden", f"The filters leave no recommendation {end}; what they hide is no silence.")]  # fmt: skip
    pro = [r for r in seen if r["stance"] == "supports"]
    named = [one for r in pro for one in split(r["means"]) if one != "unspecified"]
    found: Told = []
    if pro and not named:
        found.append(("means-unsaid", "By which means: not said."))
    if pro and not any(r["condition"] for r in pro):
        what = "what is asked for" if any(r["condition"] for r in seen) else "it"
        found.append(("means-untriggered", f"Under a condition: none of {what}."))
    if not any(r["condition_type"] == "precondition" for r in seen):
        hidden = any(r["condition_type"] == "precondition" for r in every)
        what = "hidden by the filters" if hidden else "nothing is named"
        found.append(("means-first-none", f"What must be there first: {what}."))
    return found


def recommends(w: World) -> Told:
    """Who stands where on each named theme, and who prescribes nothing."""
    found: Told = []
    for theme in THEMES:
        sides: dict[str, list[str]] = {"for it": [], "against it": [], "for and against it": []}
        for fact in w.facts:
            every, seen = ([r for r in own(rows) if r["article"] == fact["id"] and r["instrument"] == theme] for rows in (w.every, w.seen))  # fmt: skip
            stances = {r["stance"] for r in every}
            if w.state(fact["id"], theme) == "said":
                verb = "for it" if stances == {"supports"} else "against it"
                verb = verb if len(stances) == 1 else "for and against it"
                shown = {r["stance"] for r in seen}
                unseen = {"opposes": "latter", "supports": "former"}[(stances - shown).pop()] if stances - shown else ""  # fmt: skip
                marks = [w.marks(seen)] if w.marks(seen) else []
                marks += [f"the {unseen} hidden by the filters"] if unseen else []
                sides[verb].append(f"{', '.join([fact['label'][:-1], *marks])})")
        states = [w.state(f["id"], theme) for f in w.facts]
        parts = [f"{verb}: {few(names, most=4)}" for verb, names in sides.items() if names]
        if "filtered out" in states:
            parts.append(f"hidden by the filters: {number(states.count('filtered out'))}")
        label = sentence(w.label("instrument", theme))
        if parts:
            found.append(("theme", f"{label} – {'; '.join(parts)}."))
            continue
        many = states.count("not coded")
        uncoded = f" ({number(many)} not coded for it)" if many else ""
        relay = {r["article"] for r in w.seen if r["voice"] == "reported" and r["instrument"] == theme}  # fmt: skip
        where = f"{number(len(relay))} article{'' if len(relay) == 1 else 's'}"
        more = f"; others' positions relayed in {where}" if relay else ""
        found.append(
            ("theme-absent", f"{label} – no {w.chosen}author takes a position{uncoded}{more}.")
        )
    mute = [f for f in w.facts if f["coder"] and not any(r["article"] == f["id"] for r in own(w.every))]  # fmt: skip
    names = [f"{f['label']}, {w.label('genre', f['genre'])}" for f in mute]
    text = f"No recommendation of its author's own: {few(names, most=4, mark=';')}."
    return [*found, ("prescribes-nothing", text)] if mute else found


def recurs(w: World) -> Told:
    """Whether each named theme recurs across years, and what may be said of the time after it."""
    found: Told = []
    for theme in THEMES:
        states = {f["id"]: w.state(f["id"], theme) for f in w.facts}
        label = sentence(w.label("instrument", theme))
        hidden = list(states.values()).count("filtered out")
        if hidden:
            found.append(("recurs-hidden", f"{label} – hidden by the filters in {number(hidden)} of the articles: its course is not told."))  # fmt: skip
            continue
        said = [f for f in w.facts if states[f["id"]] == "said"]
        many = list(states.values()).count("not coded")
        uncoded = f" (not coded for it: {number(many)})" if many else ""
        where, code = recurring(w, said)
        names = f": {few([sided_in(w, f, theme) for f in said])}" if said else ""
        found.append((code, f"{label} – {where}{names}{uncoded}."))
        found += afterwards(w, label, states, said, uncoded) if said else []
    return found


def sided_in(w: World, fact: Row, theme: str) -> str:
    """Return the name of an article, marked where its author is not simply for a theme, and by all he says on it."""
    every, shown = ({r["stance"] for r in own(rows) if (r["article"], r["instrument"]) == (fact["id"], theme)} for rows in (w.every, w.seen))  # fmt: skip
    marks = ["for and " * (len(every) > 1) + "against it"] if "opposes" in every else []
    marks += ["the latter hidden by the filters"] if "opposes" in every - shown else []
    marks += ["the former hidden by the filters"] if "supports" in every - shown else []
    rows = [r for r in own(w.seen) if (r["article"], r["instrument"]) == (fact["id"], theme)]
    return w.marked(f"{', '.join([fact['label'][:-1], *marks])})", rows)


def recurring(w: World, said: list[Row]) -> tuple[str, str]:
    """Return where a theme is taken up, in which years for certain, and the kind of sentence."""
    years = [(f["earliest"].year, f["latest"].year) for f in said]
    words = few(dict.fromkeys(str(a) if a == b else f"{a}/{b}" for a, b in years))
    if len(said) < 2:
        where = (f"in one {w.chosen}article only", "recurs-once")
        return where if said else (f"in no {w.chosen}article", "recurs-never")
    if min(b for _, b in years) < max(a for a, _ in years):
        return f"across years ({words})", "recurs-years"
    if min(a for a, _ in years) == max(b for _, b in years):
        return f"in {words} only", "recurs-one-year"
    return f"in {number(len(said))} articles, not certainly of different years", "recurs-unclear"


def afterwards(w: World, label: str, states: dict[str, str], said: list[Row], uncoded: str) -> Told:
    """What may be said of the articles after the last that takes a theme up."""
    reached, begun = max(f["latest"] for f in said), max(f["earliest"] for f in said)
    silent = [f for f in w.facts if states[f["id"]] == "silent"]
    later = [f["label"] for f in silent if f["earliest"] > reached]
    perhaps = [f["label"] for f in silent if f["earliest"] <= reached and f["latest"] >= begun]
    one, more = "one later article that prescribes leaves it out of its demands", few(perhaps)
    hands = {("a" if f["possible_authors"] else f["id"]) for f in silent if f["earliest"] > reached}
    if len(later) > 1 and len(hands) == 1:  # b may be by the author of a
        leave = "later articles that prescribe, one voice, leave it out of their demands"
        code, words = ("perhaps", f"{leave}: {few(later)}; perhaps later, too, and without it: {more}") if perhaps else ("one", f"the {leave}: {few(later)}")  # fmt: skip
    elif len(later) > 1:
        code, words = "vanishes", f"vanishes: {number(len(later))} later articles that prescribe leave it out of their demands: {few(later)}"  # fmt: skip
    elif later:
        code, words = ("perhaps", f"{one}: {few(later)}; perhaps later, too, and without it: {more}") if perhaps else ("one", f"the {one}: {few(later)}")  # fmt: skip
    elif perhaps:
        this = "this came later, which leaves" if len(perhaps) == 1 else "these came later, which leave"  # fmt: skip
        code, words = "unclear", f"not certain, since the dates do not say whether {this} it out: {more}"  # fmt: skip
    else:
        return []
    mute = [f["label"] for f in w.facts if states[f["id"]] == "prescribes nothing" and f["earliest"] > reached]  # fmt: skip
    sign = f"; no sign either way, as nothing is prescribed there: {few(mute)}" if mute else ""
    return [(f"after-{code}", f"{label}, afterwards – {words}{uncoded}{sign}.")]


Question = tuple[Callable[[World], list[Finding]], Callable[[World], Told], tuple[str, ...]]
QUESTIONS: dict[str, Question] = {
    "recommends": (lambda w: findings.who_recommends_what(w.selection), recommends, ()),
    "recurs": (lambda w: findings.recurrence(w.selection), recurs, ()),
    "shared": (lambda w: findings.most_shared(w.selection), shared, ()),
    "read": (lambda w: findings.what_was_read(w.selection), read, ()),
    "described": (lambda w: findings.diagnosed_only(w.selection), described, ()),
    "silences": (lambda w: findings.silences(w.selection), silences, ()),
    "changed": (lambda w: findings.what_changed(w.selection), changed, ("course", "outside")),
    "order": (lambda w: findings.order_of_writing(w.selection), order, ()),
    "near": (nearest, near, ()),
    "voices": (lambda w: findings.independent_voices(w.selection), voices, ("voices",)),
    "asked": (lambda w: findings.addressees_over_time(w.selection), asked_over_time, ()),
    "means": (
        lambda w: findings.which_means(w.selection, END), means,
        ("means-none", "hidden", "means-unsaid", "means-untriggered", "means-first-none"),
    ),
    "actor": (
        lambda w: findings.one_actor(w.selection, "haftar"), lambda w: actor(w, "haftar"),
        ("actor-absent", "actor-not-in"),
    ),
    "a later actor": (
        lambda w: findings.one_actor(w.selection, "gna"), lambda w: actor(w, "gna"),
        ("actor-absent", "actor-not-in"),
    ),
}  # fmt: skip
"""How a question is put, what should be said, and the kinds of sentence that are compared."""

KINDS_OF: dict[str, set[str]] = {}
"""The kinds of sentence that each question was seen to have."""


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sentence_recounted(seed: int, tmp_path: Path) -> None:
    """Whatever the suite and the filters, each sentence stands exactly where a recount has it, in these words."""
    w = world(tmp_path / "s", Drawn(seed))
    for name, (ask, recount, codes) in QUESTIONS.items():
        found = ask(w)
        note(found, KINDS_OF.setdefault(name, set()))
        KINDS_OF[name] |= {one.code for one in found}
        assert told(found, *codes) == recount(w), name
    check_one_article(w)
    check_shift(w)
    check_nobody(w)


def check_one_article(w: World) -> None:
    """Recount every sentence on each article by itself."""
    for fact in w.facts:
        found = findings.one_article(w.selection, fact["id"])
        note(found, {code for code in FIRED if code.startswith("article-")})
        apart = ("article-addressees", "article-nobody")
        assert [one for one in told(found) if one[0] not in apart] == article(w, fact["id"])
        mine = [r for r in own(w.seen) if r["article"] == fact["id"]] if fact["coder"] else []
        named: dict[str, set[object]] = {}
        for r in mine:
            for one in split(r["addressee"]) or [""]:
                named.setdefault(one, set()).add(w.unit(r))
        texts = {f.code: f.text for f in found}
        what = COUNTING[str(w.selection.asked["count"])]
        nobody_ = len(named.pop("", ()))
        text = f"Addressed to nobody in particular, counted in {what}: {number(nobody_)}."
        assert texts.get("article-nobody", "") == (text if nobody_ else "")
        counts = {w.label("actor", one): len(units) for one, units in named.items()}
        said = texts.get("article-addressees", "")
        assert bool(said) == bool(counts)
        parts = re.findall(r"(?:: |, | and )(the [^(]+|Egypt) \((\d+)\)", said)
        assert {name: int(n) for name, n in parts} == counts
        assert not said or said.startswith(f"Addressed, with the number of {what}: ")
        assert [int(n) for _, n in parts] == sorted(counts.values(), reverse=True)


def check_shift(w: World) -> None:
    """Recount what differs within the theme, and which themes can be set side by side."""
    found = findings.theme_shift(w.selection)
    note(found, {code for code in FIRED if code.startswith("shift-")})
    assert [one for one in told(found) if one[0] != "shift-no-trend"] == shift(w)
    both = findings.themes_shift(w.selection)
    note(both, {"side-alike", "side-by-side"})
    cut = [(c, t.split(" – ")[0] if c == "side-by-side" else t) for c, t in told(both)]
    assert cut == beside(w)


def check_nobody(w: World) -> None:
    """Recount what nobody is told to carry out."""
    found = findings.who_is_asked(w.selection)
    note(found, {"asked-all", "asked-nobody", "none", "hidden"})
    mine = told(found, "asked-all", "asked-nobody")
    assert len(mine) == len(nobody(w))
    for (code, text), (wanted, begins) in zip(mine, nobody(w), strict=True):
        assert code == wanted
        assert text.startswith(begins)
    check_most_asked(w, found)
    assert ("hidden" in {f.code for f in found}) == bool(w.every and not w.seen)
    assert ("none" in {f.code for f in found}) == (not w.every)


def check_most_asked(w: World, found: list[Finding]) -> None:
    """Recount how often each is addressed, and that no order is told that dates leave open."""
    named: dict[str, list[Row]] = {}
    for row in w.seen:
        for one in split(row["addressee"]):
            named.setdefault(one, []).append(row)
    most = [f for f in found if f.code == "asked-most"]
    assert len(most) == bool(named)
    if not named:
        return
    spans = {one: w.span(rows) for one, rows in named.items()}
    parts = re.findall(r"([^:,]+?) \((\w+(?: (?:or|to) \w+)?)(?:, [^)]*)?\)(?:, | and |\.)", most[0].text.split(": ", 1)[1])  # fmt: skip
    assert parts == sorted(parts, key=lambda part: [-spans[one][0] for one in spans if w.label("actor", one) == part[0]])  # fmt: skip
    assert dict(parts) == {w.label("actor", one): w.units(rows) for one, rows in named.items()}
    open_ = any(least < most for least, most in spans.values())
    assert ("the order is by the fewest" in most[0].caveat) == open_
    first = {one for one, (_, top) in spans.items() if all(top >= least for least, _ in spans.values())}  # fmt: skip
    assert most[0].claim == f"Most often addressed: {listed(sorted(first))}"
