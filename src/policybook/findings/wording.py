"""Words that many sentences share: how many, in how many articles, who says it, what is asked.

The surprising rule: what stands only under a condition is never named without saying so,
and a position that an article relays is never put into its author's mouth.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from policybook.findings.finding import Finding, few, number
from policybook.measures.counting import each_cell, units
from policybook.measures.coverage import OWN
from policybook.suite import COUNTING, Selection
from policybook.table import split

ONE = {"courses": "course of action", "recommendations": "distinct recommendation", "rows": "coded row"}  # fmt: skip
"""What is counted where there is one of it, by the counting rule."""

_STANCES = {"supports": "for", "opposes": "against"}


def rule(selection: Selection) -> str:
    """Return the counting rule that was asked for."""
    return str(selection.asked["count"])


def counted(selection: Selection, rows: pd.DataFrame) -> int:
    """Return how many units rows are, by the counting rule of the selection."""
    return int(units(rows, rule=rule(selection)).nunique()) if len(rows) else 0


def amount(selection: Selection, rows: pd.DataFrame) -> str:
    """Return how many units rows are, in words that name the counting rule."""
    total, by = counted(selection, rows), rule(selection)
    return f"{number(total)} {ONE[by] if total == 1 else COUNTING[by]}"


def naming(rows: pd.DataFrame, column: str, actors: Collection[str]) -> pd.Series:
    """Tell which rows name one of some actors in a column that lists them.

    >>> naming(pd.DataFrame({"target": ["a; b", "c"]}), "target", {"b"}).to_list()
    [True, False]
    """
    named = each_cell(rows[column], lambda cell: any(one in actors for one in split(cell)))
    return pd.Series(named, index=rows.index)


def conditions(selection: Selection, rows: pd.DataFrame) -> pd.Series:
    """Return the kind and the words of each row's condition, empty where there is none."""
    keys = list(zip(map(str, rows["condition_type"]), map(str, rows["condition"]), strict=True))
    label = selection.book.label
    known = {
        (kind, words): f"{label('condition_type', kind)}: “{' '.join(words.split())}”"
        for kind, words in dict.fromkeys(keys)
        if words
    }
    return pd.Series([known.get(key, "") for key in keys], index=rows.index, dtype=object)


def in_articles(rows: pd.DataFrame) -> str:
    """Return in how many articles rows stand.

    >>> in_articles(pd.DataFrame({"article": ["a", "a"]}))
    'in one article'
    """
    total = rows["article"].nunique()
    return f"in {number(total)} article{'' if total == 1 else 's'}"


def relayed(selection: Selection, rows: pd.DataFrame) -> str:
    """Return how many units of rows no author prescribes, as a clause; empty where all are owned."""
    total = counted(selection, rows)
    keys = units(rows, rule=rule(selection)) if total else pd.Series(dtype=object)
    own = keys[rows["voice"].isin(OWN).to_numpy()].nunique() if total else 0
    if own == total:
        return ""
    return ", only relayed" if own == 0 else f", {number(total - own)} of them only relayed"


TELLING = ["id", "article", "voice", "author_attitude", "speaker", "stance", "instrument", "condition"]  # fmt: skip
"""Columns that `said_by` and `asks` look at, and the ids: enough of many rows to carry about."""

_RELAYED = {"rejects": "relayed and rejected", "endorses": "relayed and endorsed"}


def said_by(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return who says what stands in rows: authors by their article, others through it.

    Where the author rejects or endorses what he relays, the name says so.
    """
    articles, book = selection.labels, selection.book
    told = rows[["article", "voice", "author_attitude", "speaker"]].drop_duplicates()
    names: dict[tuple[str, str], list[str]] = {}
    for article, voice, attitude, speaker in told.astype(object).itertuples(index=False, name=None):
        how = "" if voice in OWN else _RELAYED.get(attitude, "relayed")
        names.setdefault((article, how), []).append(book.label("actor", speaker))
    return [
        f"{few(dict.fromkeys(who), most=3)} as {how} by {articles[article]}"
        if how
        else articles[article]
        for (article, how), who in names.items()
    ]


def sayers(selection: Selection, rows: pd.DataFrame, *, most: int = 5) -> str:
    """Return who says what stands in rows, the first few as `said_by` names them, the rest counted."""
    how = each_cell(rows["author_attitude"], lambda cell: [*_RELAYED, cell].index(cell))
    how = np.where(rows["voice"].isin(OWN), -1, how)
    place = pd.factorize(pd.factorize(rows["article"])[0] * (len(_RELAYED) + 2) + how)[0]
    names = said_by(selection, rows[place < most])
    return few(names, most=most, total=int(place.max(initial=-1)) + 1)


def asks(selection: Selection, rows: pd.DataFrame, *, most: int = 8) -> str:
    """Return what rows are for and against, the instruments in the order of the codebook."""
    parts = []
    for stance, word in _STANCES.items():
        labels = _instruments(selection, rows[rows["stance"] == stance])
        parts += [f"{word} {few(labels, most=most)}"] if labels else []
    return "; ".join(parts)


def _instruments(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return the instruments of rows, marked where every row stands under a condition."""
    codes, names = pd.factorize(rows["instrument"])
    free = np.unique(codes[(rows["condition"] == "").to_numpy()])
    bound = {str(name): code not in free for code, name in enumerate(names)}
    return [
        value.label + (" (under a condition)" if bound[name] else "")
        for name, value in selection.book.values("instrument").items()
        if name in bound
    ]


def not_coded(selection: Selection) -> str:
    """Return which selected articles are not coded yet, as a sentence; empty where all are."""
    articles = selection.articles
    names = list(articles.loc[articles["coder"] == "", "label"])
    return f"Not coded yet: {few(names)}." if names else ""


def nothing_there(selection: Selection, what: str = "") -> Finding:
    """Return the sentence for a selection that has articles but shows no row `what`."""
    about = f" {what}" if what else ""
    if selection.narrowed:
        text = f"The filters leave no recommendation{about}; what they hide is no silence."
        return Finding(text, (), "hidden")
    text = f"No recommendation of the selected articles{about or ' is coded'}."
    return Finding(text, (), "none", not_coded(selection))
