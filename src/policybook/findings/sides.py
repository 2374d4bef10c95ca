"""Sentences on two articles side by side: on which headings they agree, and which are one's alone.

The surprising rule: what the other's lack of a demand means (none made, no coding, a filter)
begins the sentence, so that a hidden demand never reads as one that was not made.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from policybook.findings.agreement import OPEN, as_said, lacks, left_open
from policybook.findings.arguments import checked
from policybook.findings.comparable import (
    AGREE,
    CONTRADICT,
    DIFFERENT,
    MIXED,
    ONE_SIDED,
    hidden,
    label_of,
    lines,
    none_or,
    outside,
    own_rows,
)
from policybook.findings.coverage import HIDDEN, nothing_selected, states
from policybook.findings.finding import NOT_AGAINST, Finding, few, listed, names_of, sentence
from policybook.findings.independence import caveat, voice_groups
from policybook.findings.rows import called
from policybook.findings.wording import asks, only_drafts
from policybook.suite import Selection


@checked(first="article", second="article")
def two_articles(
    selection: Selection, first: str, second: str, *, strict: bool = True
) -> list[Finding]:
    """Return on which headings two articles agree, contradict or only share the words.

    And what each names alone, and why there is nothing to compare where there is not.
    `ParameterError` for an article that the suite does not hold.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    if said := no_pair(selection, first, second):
        return said
    found = lines(selection, strict=strict, pair=(first, second))
    independent = caveat(selection, (first, second), voice_groups(selection, (first, second)))
    return [
        _overview(selection, found, (first, second), strict=strict),
        *_shared(selection, found),
        *_alone(selection, found, first, second),
        *([Finding(independent, (), "one-voice")] if independent else []),
        *outside(selection, (first, second)),
        *nothing_said(selection, (first, second)),
    ]


def _overview(
    selection: Selection, found: pd.DataFrame, pair: Sequence[str], *, strict: bool
) -> Finding:
    """Return who is compared, and under how many common headings the two make the same demand."""
    names = [selection.labels[one] for one in pair]
    kinds = found["kind"].value_counts()
    shared = int((found["kind"] != ONE_SIDED).sum())
    same = int(kinds.get(AGREE, 0)) + int(kinds.get(MIXED, 0))
    open_ = as_said(found, kinds=(AGREE, MIXED))
    behind = f"; with the same demand behind them: {none_or(same)}{open_}" if shared else ""
    text = f"{listed(names)} – headings in common: {none_or(shared)}{behind}."
    doubts = ["" if strict else "Conditions are ignored.", hidden(selection)]
    doubt = " ".join(part for part in doubts if part)
    return Finding(sentence(text), (), "sides-overview", doubt, articles=tuple(pair))


@checked(first="article", second="article")
def no_pair(selection: Selection, first: str, second: str) -> list[Finding]:
    """Return why two articles are no pair: the same one twice, or not selected; empty for a pair."""
    return _same(selection, first, second) or _missing(selection, (first, second))


def _same(selection: Selection, first: str, second: str) -> list[Finding]:
    """Return the sentence for an article beside itself."""
    if first != second:
        return []
    name = few(names_of(selection.suite.articles, [first]))
    text = f"Asked for twice is the same article, {name}: a comparison needs two."
    return [Finding(text, (), "same-article")]


def _missing(selection: Selection, pair: Sequence[str]) -> list[Finding]:
    """Return which of two articles the selection leaves out."""
    known = set(selection.articles["id"])
    names = names_of(selection.suite.articles, [one for one in pair if one not in known])
    text = f"Not within the selection: {few(names)}."
    return [Finding(text, (), "side-left-out")] if names else []


def _shared(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return one sentence for each kind of common heading."""
    told = []
    for kind, words in (
        (AGREE, "The same demand"),
        (CONTRADICT, "The opposite demand"),
        (MIXED, "The same and the opposite, on different demands"),
        (DIFFERENT, "Only the same words, and different demands"),
    ):
        mine = found[found["kind"] == kind]
        open_ = (mine["loose"] != "") & (kind in OPEN)
        told += _kind(selection, mine[~open_], words, kind)
        told += _kind(selection, mine[open_], f"{words} as far as said", f"{kind}-open")
    return told


def _kind(selection: Selection, mine: pd.DataFrame, words: str, code: str) -> list[Finding]:
    """Return the headings of one kind as a sentence."""
    if mine.empty:
        return []
    labels = [label_of(selection, str(name)) for name in mine["instrument"]]
    rows = [one for duos in mine["decided_by"] for duo in duos for one in duo]
    doubt = "" if code == DIFFERENT else left_open(lacks(mine))
    text = f"{words}: {few(labels, most=21, mark=';')}."
    return [Finding(text, tuple(dict.fromkeys(rows)), _CODES[code], doubt)]


_CODES = {
    AGREE: "sides-agree",
    f"{AGREE}-open": "sides-agree-open",
    CONTRADICT: "sides-contradict",
    f"{CONTRADICT}-open": "sides-contradict-open",
    MIXED: "sides-mixed",
    DIFFERENT: "sides-different",
}
"""What kind of sentence each kind of heading makes."""


def _alone(selection: Selection, found: pd.DataFrame, first: str, second: str) -> list[Finding]:
    """Return what each of the two names alone, by what the other's lack of a row means."""
    cells = states(selection).astype({"article": str, "instrument": str, "state": str})
    state = cells.set_index(["article", "instrument"])["state"]
    told = []
    for side, here, there in (("a", first, second), ("b", second, first)):
        mine = found[(found["kind"] == ONE_SIDED) & (found[f"rows_{side}"].map(len) > 0)]
        mine = mine.assign(other=[state[there, str(name)] for name in mine["instrument"]])
        names = [selection.labels[one] for one in (here, there)]
        for meaning, (head, doubt) in _MEANINGS.items():
            part = mine[mine["other"].isin(meaning)]
            if part.empty:
                continue
            every = called(selection, (one for ids in part[f"rows_{side}"] for one in ids))
            rows = tuple(ids[0] for ids in part[f"rows_{side}"])
            text = sentence(f"{head.format(*names)} – {asks(selection, every, most=21)}.")
            mine_hidden = cells["hidden"] & (cells["article"] == here)
            unseen = (
                HIDDEN if cells["instrument"][mine_hidden].isin(part["instrument"]).any() else ""
            )
            doubts = " ".join(filter(None, (unseen, doubt.format(*names))))
            told.append(Finding(text, rows, f"only-{side}", doubts, here))
    return told


_MEANINGS = {
    ("silent", "prescribes nothing"): ("Prescribed by {0} alone", NOT_AGAINST),
    ("not coded",): ("As far as coded, prescribed by {0} alone", "Not coded for it: {1}."),
    ("filtered out",): ("Prescribed by {0}, while the filters hide what {1} may ask", ""),
}
"""What the states of the other side mean: how the sentence begins, and what is said with it."""


def nothing_said(selection: Selection, pair: Sequence[str]) -> list[Finding]:
    """Return why one of two articles has nothing to compare: it prescribes nothing, or is hidden."""
    seen = set(own_rows(selection)["article"].astype(str))
    facts, told = selection.articles.set_index("id"), []
    for one in pair:
        if one not in seen:
            name, genre = selection.labels[one], str(facts.loc[one, "genre"])
            why = _why(selection, one, selection.book.label("genre", genre))
            text = sentence(f"{name} – {why}.")
            told.append(Finding(text, (), "side-says-nothing", "", one, articles=(one,)))
    return told


def _why(selection: Selection, article: str, genre: str) -> str:
    """Return why an article has no recommendation of its author's that could be compared."""
    cells = states(selection)
    mine = cells[cells["article"] == article].astype({"state": str})
    about = label_of(selection, selection.theme) if selection.theme else ""
    if about:
        mine = mine[mine["instrument"] == selection.theme]
    found = set(mine["state"])
    if "filtered out" in found:
        return f"hidden by the filters{', what it asks on ' if about else ''}{about}"
    if "silent" in found and about:
        return f"nothing prescribed on {about}"
    if "prescribes nothing" in found:
        return f"no recommendation of its author's own ({genre})"
    drafts = only_drafts(selection).index
    return "prescribes in draft rows only, not counted" if article in drafts else "not coded"
