"""What a page says of its own firmness: what of it hangs on doubt, one reader, one article or one voice.

The surprising rules: of two floors of confidence only the lower one that breaks a sentence is named,
for whatever falls without a few doubtful rows falls without more. And that a sentence falls without
its only article, or without one that it names, its reader sees; it is told of the others. A voice
is told of where no single article of it breaks the sentence. That the
answer stays is said only where every sentence of it is the same, to the word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from policybook.findings.finding import Finding, cited, few, listed, number
from policybook.robustness.changes import Setting, settings
from policybook.robustness.tallies import tallied
from policybook.robustness.verdicts import head, without_repeats
from policybook.suite import Selection

MOST_ROWS = 5_000
"""Rows beyond which a page does not try its own sentences; the certificate does."""

SEVERAL = 2
"""Articles behind a sentence from which on it may hang on one of them unseen."""

MOST_NAMED = 4
"""Sentences named after one setting."""


def doubts(
    selection: Selection,
    ask: Callable[..., list[Finding]],
    *arguments: object,
    found: Sequence[Finding],
    **named: object,
) -> list[Finding]:
    """Return which findings of a page stand only by doubtful rows, one coding, one article or one voice.

    `ask` and what follows it is the question that gave `found`. Tried are every higher floor of
    confidence, every other coding and leaving out each article and each voice of several; nothing on
    more than `MOST_ROWS` rows, or without an article.
    """
    if selection.articles.empty:
        return []
    if len(selection.all_rows) > MOST_ROWS:
        text = "Whether the answer hangs on doubtful rows was not tried on so many of them."
        return [Finding(text, (), "doubts-untried")]
    tried = _tried(selection)
    if not tried:
        text = "Every row here is sure to its coder, and there is no other coding to ask."
        return [Finding(text, (), "doubts-nothing")]
    said: dict[int, list[Finding]] = {}

    def again(other: Selection) -> list[Finding]:
        said[id(other)] = ask(other, *arguments, **named)
        return said[id(other)]

    table = tallied(selection, again, found, tried)
    names = {one.words: selection.labels.get(one.without, "") for one in tried}
    missing = without_repeats(table[~table["holds"]])
    plain = _plain(missing, names)
    broken = _broken(missing[~plain], [one.words for one in tried])
    told = [_told(found, places, words) for places, words in broken.items()]
    other = table[(table["text"] != table["finding"]) & ((table["text"] != "") | ~table["holds"])]
    if not told:
        told = _same(found, [(one.words, said[id(one.selection)]) for one in tried])
    smaller = plain.any() or (other["change"] == "article").any()
    return [*told, *([Finding(NEEDED, (), "doubts-needed")] if smaller else [])]


def _tried(selection: Selection) -> list[Setting]:
    """Return the changes that a page tries; not those that leave it as it is, or leave nothing of it."""
    return [
        one
        for one in settings(selection, kinds=("article", "voice", "coding", "confidence"))
        if one.ask is None
        and (one.change != "confidence" or len(one.selection.rows) < len(selection.rows))
    ]


def _same(found: Sequence[Finding], asked: Sequence[tuple[str, list[Finding]]]) -> list[Finding]:
    """Return under which settings just the same is said, no sentence more and none less."""
    texts = sorted(one.text for one in found)
    same = [words for words, said in asked if sorted(one.text for one in said) == texts]
    if not same:
        return []
    text = f"Asked again, the answer stays as it is: {few(same, most=6, mark=';')}."
    return [Finding(text, (), "doubts-none")]


NEEDED = (
    "Without an article, a sentence that rests on it alone does not stand, and one that names or "
    "counts it names or counts less."
)
"""What is said in place of a list of such sentences."""


def _plain(missing: pd.DataFrame, without: Mapping[str, str]) -> np.ndarray:
    """Tell for each broken finding whether its reader sees that it needs the article left out.

    `without` names the article that a setting leaves out.
    """
    told = zip(missing["finding"], missing["setting"].map(without), missing["behind"], strict=True)
    plain = [bool(name) and (behind == 1 or _names(text, name)) for text, name, behind in told]
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


def _told(found: Sequence[Finding], places: tuple[int, ...], words: list[str]) -> Finding:
    """Return which sentences some settings break."""
    heads = [cited(head(found[place].text)) for place in places]
    some = "the one sentence"
    if len(found) > 1:
        some = f"{number(len(places))} of {number(len(found))} sentences"
    verb = "Does" if len(places) == 1 else "Do"
    named = few(heads, most=MOST_NAMED, mark=";")
    text = f"{verb} not stand {listed(words, last='or')} – {some} of the answer: {named}."
    return Finding(text, (), "doubts", subject="; ".join(words))
