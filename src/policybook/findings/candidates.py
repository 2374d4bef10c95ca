"""What sentences of an article look like recommendations, and how far to trust that.

The surprising rule: the first of the two figures is counted in the suite at hand, whose texts the
rules may have been written against; the second was measured once on others, and says so.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

import pandas as pd

from policybook.measures import candidates
from policybook.suite import Suite


def sentences_of(suite: Suite, article: str) -> pd.DataFrame:
    """Return every sentence of an article and what it looks like: `measures.candidates.sentence_table`."""
    return candidates.sentence_table(
        suite.text(article), article=article, book=suite.book, rows=suite.rows
    )


def figures(suite: Suite) -> str:
    """Return in words how many recommendations candidates find, and how many they are."""
    rows = suite.rows
    coded = [name for name in suite.articles["id"].astype(str) if name in set(rows["article"])]
    found = [sentences_of(suite, name) for name in coded]
    here = "No article is coded yet, so nothing can be counted here."
    if found:
        voices = dict(zip(rows["id"], rows["voice"], strict=True))
        counted = candidates.measured(pd.concat(found), voices)
        here = f"Candidates in the coded articles of this suite: {_shares(counted)}"
    return f"{here}\n{_elsewhere()}"


def _shares(counted: dict[str, int]) -> str:
    """Return recall and precision with the counts behind them, or that they are not defined."""
    recall = _share(counted["found"], counted["authorial"], "of the author's recommendations")
    precision = _share(counted["right"], counted["candidates"], "of the candidates")
    return f"they hold {recall}, and {precision} are coded."


def _share(part: int, whole: int, words: str) -> str:
    """Return a share in words.

    >>> _share(3, 4, "of the candidates")
    '3 of 4 (75 %) of the candidates'
    """
    share = f" ({100 * part / whole:.0f} %)" if whole else ""
    return f"{part} of {whole}{share} {words}"


def _elsewhere() -> str:
    """Return what was measured on further texts, and whether it was with the rules as they are."""
    said = told()
    held = _share(
        said["found"], said["authorial"], "sentences that recommend in the author's voice"
    )
    right = _share(said["right"], said["candidates"], "candidates were recommendations")
    old = (
        ""
        if said["rules"] == candidates.version_of_rules()
        else " The rules have changed since: these figures are of the old ones."
    )
    return (
        f"In {said['texts']} further texts that the rules were not written against, coded by one "
        f"machine reader: {held} were found, and {right} ({said['date']}).{old}"
    )


@lru_cache
def told() -> dict[str, Any]:
    """Return what was measured on further texts, as it was written down."""
    file = resources.files("policybook.measures").joinpath("candidates-measured.toml")
    return tomllib.loads(file.read_text("utf-8"))
