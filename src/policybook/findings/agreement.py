"""Sentences on where articles agree, contradict each other, or only use the same words.

An agreement is of two articles at a time, by what their authors prescribe themselves.
The surprising rule: it does not pass on. Where A agrees with B and B with C,
A and C may still demand different things, so sentences name pairs, never "all three".
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.comparable import (
    AGREE,
    ASPECTS,
    CONTRADICT,
    DIFFERENT,
    MIXED,
    ONE_SIDED,
    SPEAKER,
    compared,
    hidden,
    label_of,
    lines,
    name_of,
    none_or,
    not_compared,
    outside,
)
from policybook.findings.contradictions import not_both
from policybook.findings.coverage import nothing_selected, prescribes_nothing
from policybook.findings.finding import Finding, few, number
from policybook.findings.independence import caveat, one_voice, side_groups
from policybook.findings.rows import called
from policybook.measures.independence import voices
from policybook.suite import Row, Selection
from policybook.tables import split

MOST_NAMED = 6
"""Instruments told one by one in an answer; the rest are named in one sentence."""

SEVERAL = 3
"""From so many articles on there is more to an agreement than a pair."""

MOST_PAIRS = 3
"""Pairs of articles named in one sentence; the rest are counted."""


@as_far_as_coded
def where_they_agree(selection: Selection, *, strict: bool = True) -> list[Finding]:
    """Return who agrees with whom on what, who contradicts whom, and which headings only look alike.

    `strict` compares only demands under the same condition; else conditions are ignored.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    ids = compared(selection)
    nothing = [] if selection.by == SPEAKER else prescribes_nothing(selection)
    rest = [*outside(selection), *not_compared(selection, ids), *nothing]
    if len(ids) < 2:  # noqa: PLR2004
        return [_too_few(selection, ids), *rest]
    found = lines(selection, strict=strict)
    table = side_groups(selection, ids)
    return [
        _overview(selection, found, table, strict=strict),
        *_by_kind(selection, found, table, kind=AGREE),
        *_by_kind(selection, found, table, kind=CONTRADICT),
        *not_both(selection),
        *_by_kind(selection, found, table, kind=MIXED),
        *_alike(selection, found),
        *_every_two(selection, found, table, strict=strict),
        *one_voice(selection),
        *rest,
    ]


def _too_few(selection: Selection, ids: list[str]) -> Finding:
    """Return the sentence for a selection without a pair."""
    label = selection.book.label("instrument", selection.theme)
    about = f" on {label}" if selection.theme else ""
    who = "Articles with recommendations of their author's own"
    who = "Speakers with recommendations" if selection.by == SPEAKER else who
    text = f"{who}{about}, within the selection: {none_or(len(ids))}. A comparison needs two."
    return Finding(text, (), "agreement-too-few", hidden(selection))


def _overview(
    selection: Selection, found: pd.DataFrame, table: pd.DataFrame, *, strict: bool
) -> Finding:
    """Return how many shared headings hold the same demand, over all pairs."""
    ids = compared(selection)
    kinds = found["kind"].value_counts()
    shared = int((found["kind"] != ONE_SIDED).sum())
    parts = [
        f"{words}: {none_or(int(kinds.get(kind, 0)))}{as_said(found, kinds=(kind,)) if kind in OPEN else ''}"
        for kind, words in (
            (AGREE, "the same demand"),
            (CONTRADICT, "the opposite demand"),
            (MIXED, "the same and the opposite, on different demands"),
            (DIFFERENT, "only the same words, and different demands"),
        )
        if kinds.get(kind, 0) or (kind == AGREE and not kinds.get(MIXED, 0))
    ]
    pairs = len(ids) * (len(ids) - 1) // 2
    told = f"; behind them, {'; '.join(parts)}" if shared else ""
    text = f"Pairs of {selection.by}s compared: {number(pairs)}; headings that they share: {none_or(shared)}{told}."
    return Finding(text, (), "agreement-overview", _setting(selection, ids, table, strict=strict))


def as_said(found: pd.DataFrame, *, kinds: Collection[str] = (AGREE,)) -> str:
    """Return how many agreements, or contradictions, rest on what is left unsaid; empty for none."""
    lost = found["loose" if CONTRADICT in kinds else "loose_agreed"]
    some = int((found["kind"].isin(kinds) & (lost != "")).sum())
    return f" ({number(some)} as far as said)" if some else ""


def _setting(selection: Selection, ids: list[str], table: pd.DataFrame, *, strict: bool) -> str:
    """Return what has to be said with every count of agreements."""
    parts = ["" if strict else "Conditions are ignored.", hidden(selection)]
    independent = voices(ids, table).number
    if independent < len(ids):
        what = selection.by.capitalize()
        words = f"{what}s compared: {number(len(ids))}; independent voices at most: {number(independent)}."
        parts.insert(0, words)
    return " ".join(part for part in parts if part)


OPEN = (AGREE, CONTRADICT)
"""Kinds of lines that may be what they are only as far as said."""

_HEADS = {
    AGREE: "Agreed",
    CONTRADICT: "Contradicted",
    MIXED: "Agreed on one demand and contradicted on another",
}
"""How a sentence on pairs of each kind begins."""


def _by_kind(
    selection: Selection, found: pd.DataFrame, table: pd.DataFrame, *, kind: str
) -> list[Finding]:
    """Return one sentence for each instrument on which pairs are of one kind; clear ones first."""
    mine = found[found["kind"] == kind]
    # What is found only because somebody leaves the purpose open is weaker.
    mine = mine.assign(open=(mine["loose"] != "") & (kind in OPEN))
    if mine.empty:
        if (found["kind"] == MIXED).any():  # both stand there, on different demands
            return []
        what = "The same demand" if kind == AGREE else "Opposite demands"
        text = f"{what} in two of the {selection.by}s compared: none."
        none = [Finding(text, (), f"{kind}-none", hidden(selection))]
        return [] if kind == MIXED else none
    groups = sorted(
        ((key, part) for key, part in mine.groupby(["open", "instrument"], sort=False)),
        key=lambda group: (group[0][0], -len(group[1])),
    )
    told = [_on_instrument(selection, part, table, kind=kind) for _, part in groups[:MOST_NAMED]]
    if more := dict.fromkeys(str(key[1]) for key, _ in groups[MOST_NAMED:]):
        labels = few((label_of(selection, name) for name in more), most=21, mark=";")
        text = f"{_HEADS[kind]} as well, by some pair: {labels}."
        told.append(Finding(text, (), f"{CODES[kind]}-others"))
    return told


CODES = {AGREE: "agree", CONTRADICT: "contradict", MIXED: "mixed", DIFFERENT: "different"}
"""What kind of sentence each kind of line makes."""


def _on_instrument(
    selection: Selection, mine: pd.DataFrame, table: pd.DataFrame, *, kind: str
) -> Finding:
    """Return which pairs are of one kind on one instrument."""
    shown = mine.iloc[:MOST_PAIRS]
    instrument, lost = str(mine["instrument"].iloc[0]), bool(mine["open"].iloc[0])
    pairs = _pairs(selection, shown, kind)
    if rest := len(mine) - len(shown):
        pairs.append(f"{number(rest)} other pair{'s' if rest > 1 else ''}")
    head = f"{_HEADS[kind]}{' as far as said' if lost else ''}"
    text = f"{head} – {label_of(selection, instrument)}: {'; '.join(pairs)}."
    rows = dict.fromkeys(one for duos in shown["decided_by"] for duo in duos for one in duo)
    named = dict.fromkeys([*shown["a"], *shown["b"]])
    doubts = [left_open(lacks(mine)), caveat(selection, named, table, by=selection.by)]
    return Finding(
        text,
        tuple(map(str, rows)),
        f"{CODES[kind]}-open" if lost else CODES[kind],
        " ".join(part for part in doubts if part),
        instrument,
    )


def _pairs(selection: Selection, shown: pd.DataFrame, kind: str) -> list[str]:
    """Return pairs of articles in words; of a contradiction, who is for and who against."""
    first = [duos[0] for duos in shown["decided_by"]]
    rows = called(selection, (one for duo in first for one in duo))
    stance = {str(row["id"]): _stance(row) for row in rows.to_dict("records")}
    told = []
    for a, b, duo in zip(shown["a"], shown["b"], first, strict=True):
        names = [name_of(selection, one) for one in (a, b)]
        if kind == CONTRADICT:
            names = [f"{name} {stance[row]}" for name, row in zip(names, duo, strict=True)]
        told.append(f"{names[0]}, {names[1]}" if kind == CONTRADICT else " with ".join(names))
    return told


def _stance(row: Row) -> str:
    """Return whether a row is for or against, never without saying that it has a condition."""
    side = "for" if row["stance"] == "supports" else "against"
    return f"{side} under a condition" if row["condition"] else side


def lacks(mine: pd.DataFrame) -> list[str]:
    """Return what the deciding pairs of some lines do not share, of the two kinds of mixed ones both."""
    return [*mine["loose"], *mine.loc[mine["kind"] == MIXED, "loose_agreed"]]


def left_open(loose: Collection[str]) -> str:
    """Return what one of two demands leaves unsaid; conditions are never unsaid but ignored."""
    aspects = dict.fromkeys(part for cell in loose for part in split(cell))
    ignored = "The conditions differ." if aspects.pop("condition", "") is None else ""
    words = few((ASPECTS[name] for name in aspects), most=4)
    unsaid = f"Left open by one or both: {words}." if words else ""
    bare = all({"objective", "target"} <= {*split(cell)} for cell in loose)
    alone = "Neither purpose nor target is known to be shared." if words and bare else ""
    return " ".join(part for part in (unsaid, alone, ignored) if part)


def _alike(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return the headings under which pairs only share the words."""
    mine = found[found["kind"] == DIFFERENT]
    if mine.empty:
        return []
    labels = [label_of(selection, str(name)) for name in dict.fromkeys(mine["instrument"])]
    rows = mine.drop_duplicates("instrument")["decided_by"]
    ids = tuple(dict.fromkeys(one for duos in rows for duo in duos for one in duo))
    text = f"Only the same words between some pair of {selection.by}s, and different demands: {few(labels, most=21, mark=';')}."
    return [Finding(text, ids, "alike")]


def _every_two(
    selection: Selection, found: pd.DataFrame, table: pd.DataFrame, *, strict: bool
) -> list[Finding]:
    """Return what every two of three or more compared articles demand alike, or that it is nothing."""
    ids = compared(selection)
    if len(ids) < SEVERAL:
        return []
    agreed = found[found["kind"].isin((AGREE, MIXED))]
    many = agreed.groupby("instrument", sort=False)["a"].transform("size")
    whole = agreed[many == len(ids) * (len(ids) - 1) // 2]
    names = few(name_of(selection, one) for one in ids)
    which = list(dict.fromkeys(whole["instrument"].astype(str)))
    firm = set(which) - set(whole.loc[whole["loose_agreed"] != "", "instrument"])
    labels = [label_of(selection, one) + " (as far as said)" * (one not in firm) for one in which]
    text = f"The same demand in every two of {names}: {few(labels, most=21, mark=';') or 'none'}."
    rows = dict.fromkeys(one for duos in whole["decided_by"] for one in duos[-1])
    setting = _setting(selection, ids, table, strict=strict)
    doubts = [_of_pairs(whole), left_open(list(whole["loose_agreed"])), setting]
    doubt = " ".join(part for part in doubts if part)
    code = "agreement-set" if which else "agreement-set-none"
    return [Finding(text, tuple(map(str, rows)), code, doubt, claim=" ".join(which) or "none")]


def _of_pairs(whole: pd.DataFrame) -> str:
    """Return what a demand that every two share need not be: one of all, and without its opposite."""
    if whole.empty:
        return ""
    opposite = (whole["kind"] == MIXED).any()
    also = " Some two of them contradict each other on another one." if opposite else ""
    return f"What every two share need not be one demand of all.{also}"
