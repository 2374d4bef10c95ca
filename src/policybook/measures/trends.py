"""Trends: whether one may be drawn through some articles, and why not.

The surprising rule: a trend runs through one author's articles in certain order; what different
voices say one after the other is no change of mind.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from policybook import corpus
from policybook.measures.independence import most_by_one
from policybook.tables import split

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def refusal(
    articles: pd.DataFrame, rows: pd.DataFrame, *, least: int = 3, voice: pd.Series | None = None
) -> str:
    """Return why no trend may be computed through these rows, empty where one may.

    A trend runs through at least `least` articles of one speaker, in certain order. `articles`
    needs speaker, authors, coauthors and possible_authors; `voice` tells by their ids which of
    them are one voice (`measures.independence.groups`): articles that may share a writer, or a
    text, are never called different authors, and of several speakers the voices are counted.
    """
    points = rows[["article", "speaker"]].astype(object).drop_duplicates()
    number, speakers = points["article"].nunique(), points["speaker"].nunique()
    if number < min(least, 2):
        return "no article speaks of it" if not number else "only one article speaks of it"
    facts = articles[articles["id"].isin(points["article"])]
    own, relayed = _whose_own(facts, points)
    if speakers == len(points) == number and most_by_one(own) < 2:  # noqa: PLR2004
        if not _may_share(own, voice):
            return f"{_count(speakers)} voices, one article each; no change of mind can be read from that"  # fmt: skip
        if (own["authors"] == "").any():
            return "it is not established that all of these articles have different authors"
    if number < least:
        return f"only {_count(number)} articles speak of it; a trend needs {_count(least)}"
    if speakers > 1:
        return f"{_several(own, relayed, voice)}; a trend runs through one author's articles"
    if _moments(facts) < least:
        return f"it is not certain in what order {_count(least)} of these articles appeared"
    return ""


def _several(own: pd.DataFrame, relayed: int, voice: pd.Series | None) -> str:
    """Return how many voices several speakers are at most; of one voice, what is known of its authors."""
    known = own["speaker"] if voice is None else own["id"].map(voice).fillna(own["speaker"])
    most = known.nunique() + relayed
    if most > 1:
        return f"{_count(most)} voices at most speak of it"
    if most_by_one(own) == len(own):
        return "a common author of these articles does not speak alone in each of them"
    if (own["authors"] != "").all():
        return "no author alone wrote all of these articles"
    return "it is not established that one author wrote all of these articles"


def _whose_own(articles: pd.DataFrame, points: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the articles in which their writer has a point, and how many others have one."""
    said = articles.merge(points, left_on="id", right_on="article", suffixes=("", "_said"))
    names = zip(said["speaker"], said["authors"], said["coauthors"], strict=True)
    writers = [{w for cell in cells for w in split(cell)} for cells in names]
    mine = np.array([w in each for w, each in zip(said["speaker_said"], writers, strict=True)], bool)  # fmt: skip
    return said[mine].drop_duplicates("id"), said.loc[~mine, "speaker_said"].nunique()


def _count(number: int) -> str:
    """Return a number in words, from eleven on in figures."""
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def _may_share(articles: pd.DataFrame, voice: pd.Series | None) -> bool:
    """Tell whether somebody wrote, or may have written, several of the articles, or two are one voice."""
    named = [set(split(a)) | set(split(b)) for a, b in
             zip(articles["authors"], articles["coauthors"], strict=True)]  # fmt: skip
    guessed = [{who for who, _, _ in corpus.guesses(c) or []} for c in articles["possible_authors"]]
    people = [who for a, b in zip(named, guessed, strict=True) for who in a | b]
    known = articles["id"].map({} if voice is None else voice).dropna()
    return len(people) > len(set(people)) or bool(known.duplicated().any())


def _moments(articles: pd.DataFrame) -> int:
    """Return the most articles of which each is certainly before the next."""
    count, reached = 0, None
    ordered = articles.sort_values("latest")
    for earliest, latest in zip(ordered["earliest"], ordered["latest"], strict=True):
        if reached is None or earliest > reached:
            count, reached = count + 1, latest
    return count
