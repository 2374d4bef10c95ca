"""The tally: every finding under every setting, whether it holds and what is said instead.

The surprising rule: a list that only loses the article left out still stands. It breaks
where more than that article changes, or where nothing else is left of its evidence. And what is
merely not said any more stands as well: that nothing is there, or what rests on other articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from policybook.findings.finding import Finding
from policybook.robustness.changes import Ask, Setting, settings
from policybook.suite import Selection

COLUMNS = [
    "place", "finding", "code", "subject", "rows", "articles", "caveat", "change", "setting",
    "gone", "holds", "behind", "text", "same",
]  # fmt: skip
"""What a tally says of each finding under each setting; see `tally`."""


OPPOSITES = {
    "actor-nothing": ("actor-itself", "actor-hidden"),
    "agree-none": ("agree", "agree-open"),
    "contradict-none": ("contradict", "contradict-open"),
    "recurs-never": ("recurs-once", "recurs-hidden"),
    "same-words-none": ("same-words",),
    "shared-none": ("shared",),
    "theme-absent": ("theme",),
    "theme-nobody": ("theme-stances", "theme-hidden"),
}
"""Sentences that something is not there, with those that it is: of fewer rows they stand till one is said."""

FEWER = ("article", "voice", "confidence")
"""The changes that leave out rows."""

COUNTED = ("article-addressees", "article-nobody", "article-prescribes")
"""Sentences on a number of units that they name: by another rule another number is as true."""

RANKED = ("asked-most",)
"""Sentences that say who is first: that the rest of their evidence is left does not keep him there."""

LOOKS_BACK = "after-"
"""How the codes of sentences begin that name who falls silent, and rest on who spoke before, too."""


def tally(
    selection: Selection, ask: Ask, *, otherwise: Mapping[str, Ask] | None = None
) -> pd.DataFrame:
    """Return one line for each finding and setting, by findings; asks once for each setting.

    A finding is known again by its code and subject. It holds where its claim (without one, its
    text) is the same, or, an article left out, where the rest of its evidence is; see also `_unsaid`.
    Columns: place (of the finding in the answer), finding, code, subject, rows, articles, caveat,
    change, setting, gone (the articles left out), holds, behind (how many articles are behind the finding
    if the one left out is among them, or the voice left out is all of them, else nought),
    text (what is said instead, empty where it is nothing), same (whether the whole answer is, to the word).
    """
    found = ask(selection) if len(selection.articles) else []
    tried = settings(selection, otherwise=otherwise) if found else []
    return tallied(selection, ask, found, tried)


def tallied(
    selection: Selection, ask: Ask, found: Sequence[Finding], tried: Sequence[Setting]
) -> pd.DataFrame:
    """Return the tally of some findings under some settings, as `tally` does."""
    one_out = any(setting.gone for setting in tried)
    behind = [_behind(selection, finding) if one_out else {} for finding in found]
    texts, lines = sorted(one.text for one in found), []
    for setting in tried:
        under = (setting.ask or ask)(setting.selection)
        same = sorted(one.text for one in under) == texts
        for place, finding in enumerate(found):
            without = _Without(setting, behind[place])
            holds, text = _under(finding, found, under, without)
            mine = len(without.rows) if without.carried else 0
            lines.append(
                (place, finding.text, finding.code, finding.subject, finding.rows,
                 finding.articles, finding.caveat, setting.change, setting.words,
                 setting.gone, holds, mine, text, same)
            )  # fmt: skip
    table = pd.DataFrame(lines, columns=COLUMNS)
    return table.sort_values("place", kind="stable", ignore_index=True)


def _behind(selection: Selection, finding: Finding) -> dict[str, list[str]]:
    """Return the rows behind a finding by their articles; without rows, the articles read or named."""
    if finding.articles and not finding.rows:
        return {name: [] for name in finding.articles}
    if not finding.rows:
        names = zip(selection.articles["id"], selection.articles["label"], strict=True)
        text = finding.text.casefold()
        return {str(name): [] for name, label in names if label.casefold() in text}
    home = selection.memo.get("homes")
    if not isinstance(home, dict):
        selection.memo["homes"] = home = dict(_homes(selection))
    rows: dict[str, list[str]] = {}
    for row in finding.rows:
        rows.setdefault(home.get(row, ""), []).append(row)
    return rows


def _homes(selection: Selection) -> Iterator[tuple[str, str]]:
    """Yield each row and diagnosis with its article."""
    for table in (selection.all_rows, selection.diagnoses):
        yield from zip(table["id"].astype(str), table["article"].astype(str), strict=True)


@dataclass(frozen=True, slots=True)
class _Without:
    """A setting, and the rows behind one finding by their articles."""

    setting: Setting
    rows: dict[str, list[str]]

    @property
    def named(self) -> bool:
        """Tell whether an article left out is behind the finding."""
        return any(name in self.rows for name in self.setting.gone)

    @property
    def alone(self) -> bool:
        """Tell whether no article is behind the finding but what is left out."""
        return self.named and set(self.rows) <= set(self.setting.gone)

    @property
    def carried(self) -> bool:
        """Tell whether the article left out is behind the finding, or the voice left out is all of it."""
        return self.alone if self.setting.voice else self.named

    @property
    def left(self) -> list[str]:
        """The rows of the other articles."""
        gone = self.setting.gone
        return sorted(row for name, rows in self.rows.items() if name not in gone for row in rows)


def _under(
    finding: Finding, found: Sequence[Finding], under: Sequence[Finding], without: _Without
) -> tuple[bool, str]:
    """Return whether a finding holds under a setting, and what is said there in its place."""
    alike = _alike(finding, found, under)
    standing = [o for o in alike if not without.alone and _stands(finding, o, without)]
    same = [other for other in standing if other.text == finding.text]
    text = next((f.text for f in (*same, *standing, *alike)), "")
    return bool(standing) or _unsaid(finding, alike, under, without), text


def _unsaid(
    finding: Finding, alike: Sequence[Finding], under: Sequence[Finding], without: _Without
) -> bool:
    """Tell whether a finding stands though it is not said again: what is left out cannot make it untrue."""
    if alike:
        return False
    opposites = OPPOSITES.get(finding.code, ())
    if opposites and without.setting.change in FEWER:
        said = {other.code for other in under if finding.subject in {"", other.subject}}
        return said.isdisjoint(opposites)
    rests_on_others = bool(without.setting.gone and without.rows) and not without.named
    return rests_on_others and not finding.code.startswith(LOOKS_BACK)


def _alike(finding: Finding, found: Sequence[Finding], under: Sequence[Finding]) -> list[Finding]:
    """Return the findings of the same code and subject; that at the same place comes first."""
    key = (finding.code, finding.subject)
    before = [f for f in found if (f.code, f.subject) == key]
    after = [f for f in under if (f.code, f.subject) == key]
    place = before.index(finding)
    return [*after[place : place + 1], *after[:place], *after[place + 1 :]]


def _stands(finding: Finding, other: Finding, without: _Without) -> bool:
    """Tell whether another finding says what this one does, but for the article left out."""
    if (other.claim or other.text) == (finding.claim or finding.text):
        return True
    if without.setting.change == "count" and finding.code in COUNTED:
        return True
    if finding.code in RANKED:
        return False
    if finding.articles and not finding.rows:
        rest = set(finding.articles) - set(without.setting.gone)
        return without.named and set(other.articles) == rest
    return without.named and sorted(other.rows) == without.left
