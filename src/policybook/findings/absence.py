"""What must be said with a sentence of absence: which articles are not coded, which rows are drafts.

The surprising rule: a sentence may be of absence and yet have rows, as one on who is never asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TypeVar, cast

from policybook.findings.coverage import states
from policybook.findings.finding import Finding, few
from policybook.findings.wording import drafted, uncoded
from policybook.suite import Selection

_Telling = TypeVar("_Telling", bound=Callable[..., list[Finding]])

OF_ALL = frozenset({
    "actor-absent", "actor-no-conflict", "actor-not-in", "actor-nothing", "agree-none",
    "agreement-set-none", "asked-all", "asked-never", "contradict-none", "contradiction-none",
    "course-never", "course-nothing", "course-uncoded", "diagnosed-none", "means-first-none", "means-none",
    "means-untriggered", "near-alone", "near-none", "none", "same-words-none",
    "shared-none", "shift-none", "silences-nobody", "silences-none",
})  # fmt: skip
"""Kinds of sentence that say what is not there in all that is selected."""

OF_THE_THEME = frozenset({
    "agreement-too-few", "alone-none", "alone-too-few", "shift-no-trend", "shift-too-few",
    "sides-neither", "theme-nobody", "theme-silent", "theme-uncoded", "theme-unconditional",
})  # fmt: skip
"""Kinds that say so of the theme alone, where one is asked for."""

OF_THEIR_SUBJECT = frozenset({"recurs-never"})
"""Kinds that say so of the theme that is their subject."""

_SAID = ("not coded", "not every article is coded", "as far as", "article is coded")


def as_far_as_coded(telling: _Telling) -> _Telling:
    """Have the sentences of absence of a function say what is not coded, and what stands in drafts."""

    @wraps(telling)
    def told(selection: Selection, *args: object, **kwargs: object) -> list[Finding]:
        return [_limited(selection, one) for one in telling(selection, *args, **kwargs)]

    return cast("_Telling", told)


def _limited(selection: Selection, finding: Finding) -> Finding:
    """Return a sentence with what limits it, where it is one of absence."""
    theme = finding.subject if finding.code in OF_THEIR_SUBJECT else ""
    theme = selection.theme if finding.code in OF_THE_THEME else theme
    if not theme and finding.code not in OF_ALL | OF_THE_THEME:
        return finding
    said = f"{finding.text} {finding.caveat}"
    limits = ["" if any(words in said.lower() for words in _SAID) else not_coded(selection, theme)]
    limits += [drafted(selection, theme)]
    more = [words for words in limits if words and words not in said]
    return replace(finding, caveat=" ".join([*filter(None, [finding.caveat]), *more]))


def not_coded(selection: Selection, theme: str = "") -> str:
    """Return which articles are not coded, or not for a theme, drafts apart; empty where all are."""
    if not theme:
        return uncoded(selection)
    cells, drafts = states(selection), selection.drafts
    open_ = cells.loc[(cells["instrument"] == theme) & (cells["state"] == "not coded"), "article"]
    facts = selection.articles[selection.articles["id"].isin(open_)]
    facts = facts[(facts["coder"] == "") | ~facts["id"].isin(drafts["article"])]
    return f"Not coded for it: {few(facts['label'])}." if len(facts) else ""
