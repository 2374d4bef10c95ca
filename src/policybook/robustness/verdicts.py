"""What a tally comes to, in sentences: what holds, and which setting breaks what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from policybook.findings.comparable import none_or
from policybook.findings.finding import Finding, cited, few, number, sentence
from policybook.robustness.changes import CHANGES, Ask
from policybook.robustness.tallies import tally
from policybook.suite import Selection

UNTRIED = "Nothing can be tried: within the selection there is no finding, or nothing to change."
"""What is said in place of verdicts where there are none."""

MOST_NAMED = 4
"""Settings named in a caveat, and findings in one sentence; the tally has every one."""

MOST_LETTERS = 72
"""How much of a finding stands for it."""


def breaking(table: pd.DataFrame) -> list[str]:
    """Return for each finding of a tally, in order, what breaks it in one sentence, or "".

    >>> table = pd.DataFrame({"place": [0, 0], "setting": ["without A", "if rows are counted"],
    ...                       "change": ["article", "count"], "gone": [("a",), ()],
    ...                       "holds": [False, True], "behind": [0, 0]})
    >>> breaking(table)
    ['Not without A.']
    """
    return [_breaks(lines) for _, lines in table.groupby("place", sort=True)]


def _breaks(lines: pd.DataFrame) -> str:
    """Return what breaks one finding; the articles behind it are counted where it needs each of them.

    Where it has one article behind it and breaks without another as well, both are named.
    A voice is named where no single article of it breaks the finding.
    """
    missing = without_repeats(lines[~lines["holds"]])
    articles = missing["change"] == "article"
    carrying = articles & (missing["behind"] > 0)
    every = int(missing.loc[carrying, "behind"].max()) if carrying.any() else 0
    whole = carrying.any() and int(carrying.sum()) == every
    if every == 1:
        whole &= int(articles.sum()) == 1
    shown = missing[~carrying] if whole else missing
    parts = [f"not {words}" for words in shown["setting"]]
    rest = len(parts) - MOST_NAMED
    if rest > 0:
        parts = [*parts[:MOST_NAMED], f"nor under {number(rest)} other setting{'s' * (rest > 1)}"]
    if whole:
        parts.insert(0, _rests(every))
    return sentence(f"{'; '.join(parts)}.") if parts else ""


def without_repeats(missing: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks of findings without those of a voice where one article of it breaks the same."""
    alone = missing[missing["change"] == "article"]
    broken = {(place, gone[0]) for place, gone in zip(alone["place"], alone["gone"], strict=True)}
    voices = zip(missing["place"], missing["change"], missing["gone"], strict=True)
    kept = [
        change != "voice" or not any((place, name) in broken for name in gone)
        for place, change, gone in voices
    ]
    return missing[np.array(kept, dtype=bool)]


def _rests(articles: int) -> str:
    """Return that a finding needs every article behind it."""
    return (
        f"needs each of the {number(articles)} articles behind it"
        if articles > 1
        else "needs the one article behind it"
    )


def firm(
    selection: Selection, ask: Ask, *, otherwise: Mapping[str, Ask] | None = None
) -> list[Finding]:
    """Return the findings of a question, each that a setting breaks with this as its caveat."""
    found = ask(selection)
    table = tally(selection, ask, otherwise=otherwise)
    if table.empty:
        return found
    return [
        replace(finding, caveat=f"{finding.caveat} {reason}".strip())
        for finding, reason in zip(found, breaking(table), strict=True)
    ]


def verdict(table: pd.DataFrame, *, about: str = "") -> list[Finding]:
    """Return which findings of a tally hold, which rest on one article, and then the counts.

    `about` names what the findings are on, where a page has several tallies.
    """
    if table.empty:
        return [Finding(UNTRIED, (), "firm-untried")]
    prefix = f"{about} – " if about else ""
    every = table.groupby("place")["holds"].all()
    firm_ = _heads(table, every.index[every].tolist())
    findings, settings = len(every), len(table["setting"].unique())
    some = f"{number(findings)} finding{'s' * (findings != 1)}"
    tried = f"{number(settings)} setting{'s' * (settings != 1)} tried"
    if every.all():
        text = f"{prefix}whichever one thing is changed, every finding holds."
        rest = [Finding(sentence(f"{prefix}{some}, {tried}."), (), "firm-tally")]
        return [Finding(sentence(text), (), "firm-holds"), *rest]
    holds = (
        f"unbroken, whichever one thing is changed: {firm_}"
        if firm_
        else "no finding holds under every change"
    )
    count = f"{some}, {tried}; unbroken under every one of them: {none_or(int(every.sum()))}."
    return [
        Finding(sentence(f"{prefix}{holds}."), (), "firm-holds"), *_alone(table),
        Finding(sentence(f"{prefix}{count}"), (), "firm-tally"), _kinds(table),
    ]  # fmt: skip


def _heads(table: pd.DataFrame, places: Sequence[int]) -> str:
    """Return some findings by their beginnings, the rest of many counted."""
    firsts = table.drop_duplicates("place")
    texts = dict(zip(firsts["place"], firsts["finding"], strict=True))
    return few((cited(head(texts[place])) for place in places), most=MOST_NAMED, mark=";")


def _kinds(table: pd.DataFrame) -> Finding:
    """Return how many findings each kind of change breaks."""
    missing = table[~table["holds"]].groupby("change")["place"].nunique()
    tried = [change for change in CHANGES if change in set(table["change"])]
    parts = [f"{CHANGES[c]} – {none_or(int(missing.get(c, 0)))}" for c in tried]
    return Finding(f"Broken, by what is changed: {'; '.join(parts)}.", (), "firm-kinds")


def _alone(table: pd.DataFrame) -> list[Finding]:
    """Return which findings rest on a single article, and which on a single voice behind several."""
    told = []
    for change, words in (("article", "one article"), ("voice", "one voice")):
        if places := _resting(table, change):
            text = f"Resting on {words} alone: {_heads(table, places)}."
            told.append(Finding(text, (), f"firm-alone{'-voice' * (change == 'voice')}"))
    return told


def _resting(table: pd.DataFrame, change: str) -> list[int]:
    """Return which findings have one article, or one voice of several, behind them, and no other that breaks them."""
    missing = table[~table["holds"] & table["change"].isin(["article", "voice"])]
    found = []
    for _, lines in missing.groupby("place", sort=True):
        behind = lines["behind"] == 1 if change == "article" else lines["behind"] > 1
        mine = lines.loc[(lines["change"] == change) & behind, "gone"].tolist()
        if len(mine) == 1 and not any(set(gone).isdisjoint(mine[0]) for gone in lines["gone"]):
            found.append(int(lines["place"].iloc[0]))
    return found


def head(text: str) -> str:
    """Return the beginning of a sentence, by which a reader knows it again.

    >>> head("Sanctions – for it: A and B."), head("Opposite demands: none.")
    ('Sanctions – for it', 'Opposite demands: none')
    """
    first, _, rest = text.removesuffix(".").partition(":")
    first += f":{rest}" * (rest.strip() == "none")
    if len(first) <= MOST_LETTERS:
        return first
    return f"{first[:MOST_LETTERS].rsplit(' ', 1)[0].rstrip(' ,;–')} …"


def broken(table: pd.DataFrame) -> list[Finding]:
    """Return the findings of a tally that some setting breaks, each with what breaks it."""
    found = [
        replace(finding, code="firm-breaks", caveat=f"{finding.caveat} {reason}".strip())
        for finding, reason in _each(table)
        if reason
    ]
    none = Finding("No finding breaks under any setting tried.", (), "firm-breaks-none")
    return verdict(table) if table.empty else found or [none]


def unbroken(table: pd.DataFrame) -> list[Finding]:
    """Return the findings of a tally that hold under every setting."""
    found = [replace(finding, code="firm") for finding, reason in _each(table) if not reason]
    none = Finding("No finding holds under every setting tried.", (), "firm-none")
    return verdict(table) if table.empty else found or [none]


def _each(table: pd.DataFrame) -> list[tuple[Finding, str]]:
    """Return each finding of a tally, and what breaks it."""
    firsts = table.drop_duplicates("place")
    firsts = firsts[["finding", "rows", "caveat", "subject", "articles"]]
    found = [
        Finding(text, rows, "", caveat, subject, articles=articles)
        for text, rows, caveat, subject, articles in firsts.itertuples(index=False, name=None)
    ]
    return list(zip(found, breaking(table), strict=True))
