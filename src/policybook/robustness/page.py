"""What a page says of its own firmness: what of it hangs on doubt, one reader, one article, voice or rule.

The surprising rules: of two floors of confidence only the lower one that breaks a sentence is named,
for whatever falls without a few doubtful rows falls without more. And that a sentence falls without
its only article, or without one that it names, its reader sees; it is told of the others. A voice
is told of where no single article of it breaks the sentence. That the
answer stays is said only where every sentence of it is the same, to the word.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from policybook.findings.finding import Finding, cited, few, listed, number, sentence
from policybook.robustness.changes import ASIDE, CHANGES, Ask, Setting, settings
from policybook.robustness.tallies import tallied
from policybook.robustness.verdicts import UNTRIED, head, without_repeats
from policybook.suite import Selection

MOST_ROWS = 5_000
"""Rows beyond which a page does not try its own sentences; the page on firmness does."""

SEVERAL = 2
"""Articles behind a sentence from which on it may hang on one of them unseen."""

ASKED_OTHERWISE = ("count", "question")
"""Changes that leave every row and every coding as they are."""

STRICTLY = "if only what stands under the same condition is compared"

MOST_NAMED = 4
"""Sentences named after one setting."""


def tried(
    selection: Selection,
    *asks: Callable[..., list[Finding]],
    counted: bool = True,
    **named: object,
) -> pd.DataFrame:
    """Return the tally of all findings of a page, as `tally` does; of some questions it asks them all.

    `named` are what the questions take beside the selection, each what it has a name for; `counted`
    is false where no answer counts anything by the counting rule, which is then not tried. Tried are leaving out each article and each voice of several, every other coding, every higher
    floor of confidence, every other counting rule and, of questions that are asked strictly or
    loosely, the other way; nothing on more than `MOST_ROWS` rows, or without an article.
    `TypeError` for a name that no question takes.
    """
    ask, known = _all_of(asks, named), {name for one in asks for name in _takes(one)}
    if unknown := sorted(set(named) - known):
        message = f"no question here takes {listed(unknown, last='or')}"
        raise TypeError(message)
    if selection.articles.empty or len(selection.all_rows) > MOST_ROWS:
        return tallied(selection, ask, [], [])
    otherwise = {}
    if "strict" in named:
        words = ASIDE if named["strict"] else STRICTLY
        otherwise[words] = _all_of(asks, {**named, "strict": not named["strict"]})
    return tallied(selection, ask, ask(selection), _settings(selection, otherwise, counted=counted))


def _all_of(asks: Sequence[Callable[..., list[Finding]]], named: Mapping[str, object]) -> Ask:
    """Return a question that asks several, each with what it takes; what two of them say is said once."""
    mine = [{n: value for n, value in named.items() if n in _takes(ask)} for ask in asks]

    def every(selection: Selection) -> list[Finding]:
        found = (f for ask, more in zip(asks, mine, strict=True) for f in ask(selection, **more))
        return list(dict.fromkeys(found))

    return every


def _takes(ask: Callable[..., list[Finding]]) -> list[str]:
    """Return the names of what a question takes beside the selection."""
    return list(inspect.signature(ask).parameters)[1:]


def _settings(
    selection: Selection, otherwise: Mapping[str, Ask], *, counted: bool
) -> list[Setting]:
    """Return the changes that a page tries; not those that leave it as it is, or leave nothing of it."""
    kinds = [kind for kind in CHANGES if counted or kind != "count"]
    return [
        one
        for one in settings(selection, otherwise=otherwise, kinds=kinds)
        if (one.ask is None or one.change == "question")
        and (one.change != "confidence" or len(one.selection.rows) < len(selection.rows))
    ]


def doubts(selection: Selection, table: pd.DataFrame) -> list[Finding]:
    """Return which findings of a page stand only by doubtful rows, one coding, one article or one rule.

    `table` is what `tried` returned of the page; its certificate has the whole of it.
    """
    if selection.articles.empty:
        return []
    if len(selection.all_rows) > MOST_ROWS:
        text = "Whether the answer hangs on doubtful rows was not tried on so many of them."
        return [Finding(text, (), "doubts-untried")]
    if table.empty:
        return [Finding(UNTRIED, (), "doubts-nothing")]
    names = _settings_in(selection, table)
    missing = without_repeats(table[~table["holds"]])
    plain = _plain(missing, names)
    broken = _broken(missing[~plain], list(names))
    found = table.drop_duplicates("place")["finding"].tolist()
    told = [_told(found, places, words) for places, words in broken.items()]
    changed = table[(table["text"] != table["finding"]) & ((table["text"] != "") | ~table["holds"])]
    smaller = plain.any() or (changed["change"] == "article").any()
    told = [
        *(told or _same(selection, table)),
        *([Finding(NEEDED, (), "doubts-needed")] if smaller else []),
    ]
    return [*told, Finding(_tried_in(table), (), "doubts-tally")]


def _tried_in(table: pd.DataFrame) -> str:
    """Return how many settings were tried on how many findings."""
    findings, settings_ = table["place"].nunique(), table["setting"].nunique()
    some = f"{number(findings)} finding{'s' * (findings > 1)}"
    under = f"{number(settings_)} setting{'s' * (settings_ > 1)}"
    return f"The full tally: {some} under {under}, one changed at a time."


def _settings_in(selection: Selection, table: pd.DataFrame) -> dict[str, str]:
    """Return the words of each setting of a tally, with the name of the one article that it leaves out."""
    each = table.drop_duplicates("setting")
    return {
        words: selection.labels[gone[0]] if change == "article" else ""
        for words, change, gone in zip(each["setting"], each["change"], each["gone"], strict=True)
    }


def _same(selection: Selection, table: pd.DataFrame) -> list[Finding]:
    """Return under which settings just the same is said; where no row is doubted, that none is, or none there."""
    asked = table.drop_duplicates("setting")
    doubted = asked[~asked["change"].isin(ASKED_OTHERWISE)]
    if doubted.empty:
        sure = "Every row here is sure to its coder"
        if selection.rows.empty:
            bare = selection.all_rows.empty
            sure = f"{'No recommendation is coded' if bare else 'The filters leave no recommendation'} here"
        text = f"{sure}, and there is no other coding to ask."
        return [Finding(text, (), "doubts-nothing")]
    same = doubted.loc[doubted["same"], "setting"]
    if same.empty:
        return []
    text = f"Asked again, every finding stays as it is: {few(same, most=6, mark=';')}."
    return [Finding(text, (), "doubts-none")]


NEEDED = (
    "Without an article, a sentence that rests on it alone does not stand, and one that names or "
    "counts it names or counts less."
)
"""What is said in place of a list of such sentences."""


def _plain(missing: pd.DataFrame, without: Mapping[str, str]) -> np.ndarray:
    """Tell for each broken finding whether its reader sees that it needs the article left out.

    `without` names the article that a setting leaves out. What has no row behind it and was read
    off every article counts them.
    """
    told = zip(
        missing["finding"], missing["setting"].map(without), missing["behind"],
        missing["rows"].map(len) + missing["articles"].map(len), strict=True,
    )  # fmt: skip
    plain = [
        bool(name) and (behind == 1 or not proof or _names(text, name))
        for text, name, behind, proof in told
    ]
    return np.array(plain, dtype=bool)


def _broken(missing: pd.DataFrame, tried: Sequence[str]) -> dict[tuple[int, ...], list[str]]:
    """Return the findings that settings break, by their places, and the words for those settings."""
    floors = missing[missing["change"] == "confidence"]
    missing = missing.drop(floors.index[floors.duplicated("place")])
    found: dict[tuple[int, ...], list[str]] = {}
    for words in tried:
        places = tuple(missing.loc[missing["setting"] == words, "place"])
        if places:
            found.setdefault(places, []).append(str(words))
    return found


def _names(text: str, label: str) -> bool:
    """Tell whether a sentence names an article, whatever its brackets hold beside the year.

    >>> _names("The author (2014, doubtful) for it.", "the author (2014)")
    True
    """
    return label.removesuffix(")").casefold() in text.casefold()


def _told(found: Sequence[str], places: tuple[int, ...], words: list[str]) -> Finding:
    """Return which sentences some settings break."""
    heads = [cited(head(found[place])) for place in places]
    some = "the one finding"
    if len(found) > 1:
        some = f"{number(len(places))} of {number(len(found))} findings"
    verb = "does" if len(places) == 1 else "do"
    named = few(heads, most=MOST_NAMED, mark=";")
    text = f"{listed(words, last='or')}, {some} of this page {verb} not stand: {named}."
    return Finding(sentence(text), (), "doubts", subject="; ".join(words))
