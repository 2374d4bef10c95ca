"""Who says what: one of five states for every article and instrument.

`supports`, `opposes`, `both`, `silent` and `not coded`. Beside them two facts:
how many others' positions are `reported`, and how often the article `diagnosed` the problem.
An article without any recommendation of its author has no states of its own:
its cells read `prescribes nothing`. States are computed before filters;
a cell whose rows are all hidden by one reads `filtered out`, never `silent`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from policybook.measures.counting import tally

STATES = (
    "supports",
    "opposes",
    "both",
    "silent",
    "not coded",
    "prescribes nothing",
    "filtered out",
)
"""Everything a cell can read, in the order of legends."""

OWN = ("author", "coauthored")
"""Voices that count as the author's own."""


def coverage(  # noqa: PLR0913  (three tables and three settings)
    articles: pd.DataFrame,
    all_rows: pd.DataFrame,
    *,
    rows: pd.DataFrame,
    diagnoses: pd.DataFrame,
    instruments: pd.DataFrame,
    count: str = "courses",
) -> pd.DataFrame:
    """Return one line for each article and instrument, articles in order, then instruments.

    `articles` needs id, coder and codebook_version; `instruments` needs id and since
    (the codebook version that introduced it, empty for the first).
    `all_rows` are the rows before filters, `rows` those after; `count` is a counting rule.
    Columns: article, instrument, state, supports, opposes, reported, diagnosed (units after
    filters; diagnoses are rows), hidden (whether a filter hides any of the author's rows).
    Linear in rows and in articles × instruments.
    """
    index = pd.MultiIndex.from_product(
        [articles["id"], instruments["id"]], names=["article", "instrument"]
    )
    cells = pd.DataFrame(index=index)
    own, shown = _own(all_rows), _own(rows)
    for stance in ("supports", "opposes"):
        cells[f"all_{stance}"] = _count(own[own["stance"] == stance], index, "rows")
        cells[stance] = _count(shown[shown["stance"] == stance], index, count)
    cells["reported"] = _count(rows[rows["voice"] == "reported"], index, count)
    cells["diagnosed"] = _count_rows(diagnoses, index)
    before = cells["all_supports"] + cells["all_opposes"]
    cells["hidden"] = _count(shown, index, "rows") < before
    prescribes = pd.Series(np.isin(articles["id"], own["article"].unique()), index=articles["id"])
    coded = _coded(articles, instruments, index)
    cells["state"] = _states(cells, coded, _each(prescribes, index))
    columns = ["state", "supports", "opposes", "reported", "diagnosed", "hidden"]
    return cells[columns].reset_index()


def _own(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which the article's author prescribes."""
    return rows[rows["voice"].isin(OWN)]


def _count(rows: pd.DataFrame, index: pd.MultiIndex, rule: str) -> np.ndarray:
    """Return the units of every cell, by a counting rule."""
    counted = tally(rows, ["article", "instrument"], rule=rule)
    return _on(counted, index)


def _count_rows(rows: pd.DataFrame, index: pd.MultiIndex) -> np.ndarray:
    """Return the rows of every cell."""
    return _on(rows.groupby(["article", "instrument"], observed=True)["id"].size(), index)


def _on(counted: pd.Series, index: pd.MultiIndex) -> np.ndarray:
    """Return counts for every cell, nought where there is none."""
    counted.index = pd.MultiIndex.from_frame(counted.index.to_frame().astype(object))
    return counted.reindex(index, fill_value=0).to_numpy()


def _each(by_article: pd.Series, index: pd.MultiIndex) -> np.ndarray:
    """Return a fact of the article for every cell; cells are in the order of the articles."""
    return np.repeat(by_article.to_numpy(), len(index.levels[1]) if len(index) else 0)


def _coded(articles: pd.DataFrame, instruments: pd.DataFrame, index: pd.MultiIndex) -> np.ndarray:
    """Tell for every cell whether the article was coded against a codebook with the instrument."""
    since = {name: _version(name) for name in set(instruments["since"])}
    versions = {name: _version(name) for name in set(articles["codebook_version"])}
    by_version = {
        version: np.array([parsed >= since[name] for name in instruments["since"]], dtype=bool)
        for version, parsed in versions.items()
    }
    none = np.zeros(len(instruments), dtype=bool)
    known = zip(articles["codebook_version"], articles["coder"], strict=True)
    each = [by_version[version] if version and coder else none for version, coder in known]
    return np.concatenate(each) if each else np.zeros(len(index), dtype=bool)


def _version(text: str) -> tuple[int, ...]:
    """Return a version to compare by; an empty one is before all others."""
    return tuple(int(part) for part in text.split(".")) if text else ()


def _states(cells: pd.DataFrame, coded: np.ndarray, prescribes: np.ndarray) -> pd.Categorical:
    """Return the state of every cell; the first that applies wins."""
    supports, opposes = cells["all_supports"] > 0, cells["all_opposes"] > 0
    said = supports | opposes
    seen = (cells["supports"] + cells["opposes"]) > 0
    names = np.select(
        [said & ~seen, supports & opposes, supports, opposes, ~coded, ~prescribes],
        ["filtered out", "both", "supports", "opposes", "not coded", "prescribes nothing"],
        default="silent",
    )
    return pd.Categorical(names, categories=list(STATES), ordered=True)
