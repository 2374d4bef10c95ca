"""The affiliation network: who speaks on what, counted once, in sparse matrices.

The surprising rule: only statements of equal qualifier can be duplicates, so that congruence and
conflict always add up to ignore. DNA's own "ignore" compares duplicates without the qualifier;
`qualifier=None` does that. Source: Leifeld, P., Gruber, J. and Bossner, F. R., Discourse Network
Analyzer Manual; DNA 3, github.com/leifeld/dna, dna/src/main/java/export/Exporter.java, the
method filterStatements.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from policybook.measures.counting import RULES, units

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MODES = ("speaker", "instrument")
"""The two kinds of node."""

DUPLICATES = {
    **RULES,
    "include": "all statements",
    "document": "one identical statement an article",
    "week": "one identical statement a calendar week",
    "month": "one identical statement a calendar month",
    "year": "one identical statement a year",
    "acrossrange": "one identical statement in all",
    "dna_week": "one identical statement a week number, years taken together",
    "dna_month": "one identical statement a month name, years taken together",
}
"""What may be counted: the suite's own rules, then DNA's, in the words of a caption."""

_STANCES = {"opposes": -1, "supports": 1}
_EACH = ("rows", "include")  # rules under which every row counts
_PERIODS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "periods": lambda day: day.dt.year,
    "year": lambda day: day.dt.year,
    "month": lambda day: day.dt.year * 12 + day.dt.month,
    "week": lambda day: day.dt.isocalendar().year * 100 + day.dt.isocalendar().week,
    "dna_month": lambda day: day.dt.month,
    "dna_week": lambda day: day.dt.isocalendar().week,
}


@dataclass(frozen=True)
class Affiliation:
    """The speaker × instrument network: one sparse matrix of counts for each qualifier.

    `counts[k][i, j]` are the statements of speaker i on instrument j with qualifier `levels[k]`.
    Labels are sorted, levels ascend. `count` is the counting rule.
    """

    speakers: tuple[str, ...]
    instruments: tuple[str, ...]
    levels: tuple[int, ...]
    counts: tuple[csr_array, ...]
    count: str
    shared: dict[tuple[str, ...], tuple[Any, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """What every projection of a mode is made of; `networks` keeps it here, to make it once."""

    @cached_property
    def total(self) -> csr_array:
        """The statements of every speaker on every instrument, whatever their qualifier."""
        return summed(self.counts)

    def labels(self, of: str) -> tuple[str, ...]:
        """Return the names of the nodes of a mode. ValueError for any other mode."""
        known("mode", of, MODES)
        return self.speakers if of == "speaker" else self.instruments

    def seen_from(self, of: str) -> tuple[csr_array, ...]:
        """Return the counts with the nodes of a mode as the rows of each matrix."""
        known("mode", of, MODES)
        return self.counts if of == "speaker" else tuple(m.T.tocsr() for m in self.counts)


def affiliation(
    rows: pd.DataFrame,
    *,
    articles: pd.DataFrame | None = None,
    qualifier: str | None = "stance",
    count: str = "courses",
    exclude: Mapping[str, Collection[str]] | None = None,
) -> Affiliation:
    """Count the statements of every speaker on every instrument by qualifier.

    `articles` (id, earliest) leaves out the rows of all other articles and dates the rest, by
    the first possible day. `qualifier` is a column of stances or of integers, None for none; a
    categorical of integers brings its scale. `count` is one of `DUPLICATES`: statements of one
    speaker, instrument, qualifier and unit are one. DNA compares weeks and months by number,
    whatever the year: `dna_week`, `dna_month`. `exclude` maps columns to values left out.

    Nodes are all names in `rows` but empty and excluded ones, so that windows can be compared.
    ValueError for an unknown rule or qualifier, or a period without `articles`.

    >>> rows = pd.DataFrame({"id": ["1", "2"], "article": ["p", "p"], "speaker": ["x", "x"],
    ...                      "instrument": ["s", "s"], "stance": ["supports", "supports"]})
    >>> [affiliation(rows, count=rule).total.sum().item() for rule in ("include", "document")]
    [2, 1]
    """
    exclude = exclude or {}
    labels = {mode: _labels(rows[mode], exclude.get(mode, ())) for mode in MODES}
    levels, level = _levels(rows, qualifier)
    said = pd.DataFrame({mode: _codes(rows[mode], labels[mode]) for mode in MODES})
    said["level"], said["unit"] = level, _units(rows, count, articles)
    kept = (said["speaker"] >= 0) & (said["instrument"] >= 0) & _kept(rows, articles, exclude)
    said = said[kept] if count in _EACH else said[kept].drop_duplicates()
    shape = (len(labels["speaker"]), len(labels["instrument"]))
    counts = tuple(_matrix(said[said["level"] == k], shape) for k in range(len(levels)))
    return Affiliation(labels["speaker"], labels["instrument"], levels, counts, count)


def known(what: str, value: str, allowed: Collection[str]) -> None:
    """Raise ValueError unless a setting has one of its values."""
    if value not in allowed:
        message = f"unknown {what} {value!r}: one of {', '.join(allowed)}"
        raise ValueError(message)


def _labels(column: pd.Series, exclude: Collection[str]) -> tuple[str, ...]:
    """Return the names in a column, sorted, without the empty and the excluded ones."""
    return tuple(sorted(set(column.dropna().unique()) - {""} - set(exclude)))


def _codes(column: pd.Series, labels: tuple[str, ...]) -> np.ndarray:
    """Return the place of every row's name among the labels, -1 where it is none of them."""
    codes, names = pd.factorize(column)
    places = pd.Index(labels, dtype=object).get_indexer(pd.Index(names, dtype=object))
    return np.append(places, -1)[codes]


def _kept(
    rows: pd.DataFrame, articles: pd.DataFrame | None, exclude: Mapping[str, Collection[str]]
) -> np.ndarray:
    """Tell which rows are in the articles and have no excluded value."""
    kept = np.ones(len(rows), dtype=bool)
    if articles is not None:
        kept &= rows["article"].isin(articles["id"]).to_numpy()
    for column, values in exclude.items():
        kept &= ~rows[column].isin(values).to_numpy()
    return kept


def _levels(rows: pd.DataFrame, qualifier: str | None) -> tuple[tuple[int, ...], np.ndarray]:
    """Return the scale of the qualifier, ascending, and the place of every row on it."""
    if qualifier is None:
        return (0,), np.zeros(len(rows), dtype=np.int64)
    column = rows[qualifier]
    has_scale = isinstance(column.dtype, pd.CategoricalDtype)
    found = list(column.cat.categories if has_scale else column.unique())
    value = {name: _STANCES.get(name, name) for name in found}
    if column.isna().any() or not all(isinstance(v, int | np.integer) for v in value.values()):
        message = f"{qualifier!r} is no qualifier: a column of integers, or of {list(_STANCES)}"
        raise ValueError(message)
    stances = _STANCES.values() if _STANCES.keys() & value.keys() else ()
    levels = tuple(sorted({int(v) for v in (*value.values(), *stances)})) or (0,)
    codes, names = pd.factorize(column)
    places = np.array([levels.index(int(value[name])) for name in names], dtype=np.int64)
    return levels, places[codes]


def _units(rows: pd.DataFrame, count: str, articles: pd.DataFrame | None) -> np.ndarray:
    """Return a number for the unit within which equal statements of a row are one."""
    known("counting rule", count, DUPLICATES)
    if count in _EACH or count == "acrossrange":
        return np.zeros(len(rows), dtype=np.int64)
    if count == "document":
        return pd.factorize(rows["article"])[0]
    if count in RULES and count != "periods":
        return pd.factorize(units(rows, rule=count))[0]
    if articles is None:
        message = f"the counting rule {count!r} needs articles"
        raise ValueError(message)
    period = pd.Series(_PERIODS[count](articles["earliest"]).to_numpy(), index=articles["id"])
    article, ids = pd.factorize(rows["article"])
    return pd.factorize(period.reindex(ids))[0][article]


def _matrix(said: pd.DataFrame, shape: tuple[int, int]) -> csr_array:
    """Return how many statements each cell has."""
    from scipy.sparse import csr_array  # noqa: PLC0415  (half a second that most notebooks do without)

    ones = np.ones(len(said), dtype=np.int64)
    return csr_array((ones, (said["speaker"], said["instrument"])), shape=shape)


def summed(matrices: tuple[csr_array, ...]) -> csr_array:
    """Return the sum of matrices, its cells in order."""
    total = sum(matrices[1:], matrices[0]).tocsr()
    total.sort_indices()
    return total
