"""A finding: one sentence, the rows behind it, and what has to be said with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that code wrote, with the ids of the rows that prove it.

    `caveat` must be shown wherever the sentence is. A sentence about absence has no rows;
    `articles` are the ids of those that were read for it, empty where that is all that are selected.
    `code` says which kind of sentence it is, `subject` what it is about (an instrument, a pair).
    `claim` is what has to stay for the sentence to stand; empty where that is all of its text.
    """

    text: str
    rows: tuple[str, ...] = ()
    code: str = ""
    caveat: str = ""
    subject: str = ""
    claim: str = ""
    articles: tuple[str, ...] = ()


NOT_AGAINST = "To prescribe nothing is not to oppose."
"""What must be said wherever a sentence names who prescribes nothing on something."""


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Return words as a list in a sentence; a comma before its end where one before holds an "and".

    >>> listed(["a", "b", "c"])
    'a, b and c'
    >>> listed(["a and b", "c"]), listed(["a", "b and c"]), listed(["a", "b", "c and d"])
    ('a and b, and c', 'a and b and c', 'a, b, and c and d')
    """
    found = list(words)
    if len(found) < 2:  # noqa: PLR2004
        return "".join(found)
    ahead = found[:-1] if len(found) == 2 else found  # noqa: PLR2004
    comma = "," if any(f" {joint} " in word for word in ahead for joint in ("and", "or")) else ""
    return f"{', '.join(found[:-1])}{comma} {last} {found[-1]}"


_INNER = str.maketrans({"“": "‘", "”": "’", '"': "'"})


def cited(words: str) -> str:
    """Return words between quotation marks; marks within them become single ones.

    >>> cited("the “army”")
    '“the ‘army’”'
    """
    return f"“{words.translate(_INNER)}”"


def few(words: Iterable[str], *, most: int = 5, mark: str = ",", total: int = 0) -> str:
    """Return words as a list in a sentence, the rest of a long one counted, never dropped.

    A rest of one is named: that is as short as to count it.

    With a `mark` other than a comma the list has only that mark between its parts. `total` is
    how many there are, where `words` are only the first of them, `most` at least.

    >>> few("abcd", most=2)
    'a, b and two others'
    """
    found = list(words)
    every = max(total, len(found))
    if every <= len(found) and every <= most + 1:
        most = every
    rest = every - most
    shown = (
        found if rest <= 0 else [*found[:most], f"{number(rest)} other{'s' if rest > 1 else ''}"]
    )
    return listed(shown) if mark == "," else f"{mark} ".join(shown)


def number(count: int) -> str:
    """Return a number as a sentence writes it: words up to ten.

    >>> number(3), number(12)
    ('three', '12')
    """
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return words[count] if count < len(words) else f"{count:,}"


def numbers(least: int, most: int) -> str:
    """Return a number of which only this much is certain, as a sentence writes it.

    >>> numbers(2, 2), numbers(1, 2), numbers(2, 4)
    ('two', 'one or two', 'two to four')
    """
    if least == most:
        return number(most)
    return f"{number(least)} {'or' if most - least == 1 else 'to'} {number(most)}"


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning.

    >>> sentence("nobody asks")
    'Nobody asks'
    """
    return text[:1].upper() + text[1:]


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article.

    >>> with_article("analysis"), with_article("news report")
    ('an analysis', 'a news report')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def names_of(articles: pd.DataFrame, ids: Iterable[object]) -> list[str]:
    """Return how sentences name these articles, in order of time."""
    wanted = ids.to_numpy(object) if isinstance(ids, pd.Series) else [str(one) for one in ids]
    found: list[str] = articles.loc[articles["id"].isin(wanted), "label"].tolist()
    return found
