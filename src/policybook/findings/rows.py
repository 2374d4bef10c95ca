"""The rows of a selection made ready to be counted, once for all that count them.

The surprising rule: the added columns are numbers for names, and never shown; see `counting.numbered`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from policybook.choices import THE_THEME
from policybook.findings.arguments import checked
from policybook.measures.counting import NUMBERS, numbered
from policybook.measures.means import numbered as steps
from policybook.suite import Selection


def shown_rows(selection: Selection) -> pd.DataFrame:
    """Return the rows that passed every filter but the theme, numbered."""
    return _ready(selection, "rows")


def every_row(selection: Selection) -> pd.DataFrame:
    """Return all rows of the selected articles, numbered."""
    return _ready(selection, "all_rows")


def called(selection: Selection, ids: Iterable[str]) -> pd.DataFrame:
    """Return the selected rows of these ids, in their order; an id that is not selected is left out."""
    known = selection.memo.get("places")
    if not isinstance(known, pd.Index):
        selection.memo["places"] = known = pd.Index(selection.rows["id"])
    found = known.get_indexer(pd.Index(list(dict.fromkeys(ids)), dtype=known.dtype))
    return selection.rows.iloc[np.sort(found[found >= 0])]


def stepped_rows(selection: Selection) -> pd.DataFrame:
    """Return `shown_rows` with the course of each, and its step there; see `means.numbered`."""
    known = selection.memo.get("steps")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["steps"] = found = steps(shown_rows(selection))
    return found


_SAME = {
    "count": (
        ("articles", "all_rows", "rows", "diagnoses"),
        (
            "agreement",
            "compared",
            "course",
            "headlines",
            "numbered",
            "own rows",
            "places",
            "selected voices",
            "states",  # of the numbers in it, sentences ask only whether they are nought
            "voices",
        ),
    ),
    "confidence": (("articles", "all_rows", "diagnoses"), ("numbered all_rows", "voices")),
    "articles": ((), ("voices",)),
    "theme": (
        ("articles", "all_rows", "rows", "diagnoses"),
        ("numbered", "places", "states", "steps", "voices"),
    ),
}
"""What another value of a parameter leaves as it is: tables, and how names of what is kept begin."""


def varied(selection: Selection, name: str, value: str | list[str]) -> Selection:
    """Return a selection with one parameter changed; what that leaves as it is is not made again.

    Of a selection that `on_theme` made, another floor of confidence is taken from the whole.
    """
    whole = selection.memo.get("whole")
    if name == "confidence" and isinstance(whole, Selection):
        return _with(_known(whole, str(value)), "theme", selection.theme)
    return _known(selection, str(value)) if name == "confidence" else _with(selection, name, value)


@checked(theme=THE_THEME)
def on_theme(selection: Selection, theme: str) -> Selection:
    """Return the same selection with one theme looked at more closely.

    Raises `ParameterError` for a theme that the codebook does not name, and for none.
    """
    if selection.alone:
        return Selection(selection.suite, {**selection.asked, "theme": theme}, alone=True)
    found = _with(selection, "theme", theme)
    found.memo["whole"] = selection
    return found


def _known(selection: Selection, confidence: str) -> Selection:
    """Return the selection with another floor of confidence, made once."""
    known = selection.memo.get(f"confidence {confidence}")
    if isinstance(known, Selection):
        return known
    selection.memo[f"confidence {confidence}"] = found = _with(selection, "confidence", confidence)
    return found


def _with(selection: Selection, name: str, value: str | list[str]) -> Selection:
    """Return a selection with one parameter changed, with the tables it leaves as they are."""
    found = Selection(selection.suite, {**selection.asked, name: value}, alone=selection.alone)
    tables, kept = _SAME[name]
    found.__dict__.update({table: getattr(selection, table) for table in tables})
    found.memo.update({n: made for n, made in selection.memo.items() if n.startswith(kept)})
    return found


def _ready(selection: Selection, which: str) -> pd.DataFrame:
    """Return numbered rows, computed once for a selection."""
    known = selection.memo.get(f"numbered {which}")
    if isinstance(known, pd.DataFrame):
        return known
    if which == "rows" and not selection.narrowed:
        return every_row(selection)
    if which == "rows":
        found = _among(selection.rows, every_row(selection))
    else:
        found = numbered(selection.all_rows)
    selection.memo[f"numbered {which}"] = found
    return found


def _among(rows: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Return some rows with the numbers they have among all, which stand in the same order."""
    which = every["id"].isin(rows["id"].to_numpy(object)).to_numpy()
    return rows.assign(**{name: every[name].to_numpy()[which] for name in NUMBERS.values()})
