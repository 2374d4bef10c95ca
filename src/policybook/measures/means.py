"""By which means: for one objective or theme, which means, in what order, under which trigger.

The order of steps is the order of their places in the article: the only order the words give.
The surprising rule: a step is a passage, not a row. Rows with one and the same quotation are
one step, and a repetition stands on the step of the row it repeats.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policybook.measures.counting import units
from policybook.table import SEPARATOR, split

UNSPECIFIED = "unspecified"
PRECONDITION = "precondition"
"""The kind of condition that says what must happen first."""

STEP = ["article", "course", "step", "steps", "id", "serves", "instrument", "stance", "means",
        "strength", "condition_type", "condition", "addressee", "target", "objective", "repeats"]  # fmt: skip
FIRST = ["article", "speaker", "course", "step", "id", "instrument", "stance", "strength",
         "condition", "quote", "repeats"]  # fmt: skip


def listed(rows: pd.DataFrame, column: str, *, none: str = "") -> pd.DataFrame:
    """Return one line for each entry of a list column; an empty cell is one line with `none`.

    Each distinct cell is taken apart once. Lines of one row stay together, in the cell's order.
    The index is that of the rows, repeated; the column is categorical, in the alphabet's order.

    >>> rows = pd.DataFrame({"id": ["a", "b"], "means": ["threat; force", ""]})
    >>> listed(rows, "means").to_dict("list")
    {'id': ['a', 'a', 'b'], 'means': ['threat', 'force', '']}
    """
    codes, cells = pd.factorize(rows[column].astype(object), use_na_sentinel=True)
    parts = [split(str(cell)) or [none] for cell in cells] + [[none]]
    sizes = np.array([len(part) for part in parts])
    flat, names = pd.factorize(
        np.array([name for part in parts for name in part], object), sort=True
    )
    lengths = sizes[codes]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    entry = flat[np.repeat((np.cumsum(sizes) - sizes)[codes], lengths) + within]
    lines = rows.take(np.repeat(np.arange(len(rows)), lengths))
    return lines.assign(**{column: pd.Categorical.from_codes(entry, pd.Index(names, dtype="str"))})


def gather(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return one line for each group: the columns `by`, then units, articles and rows.

    `rows` needs a column `unit`, see `counting.units`. units = distinct units of the group,
    articles = distinct articles, rows = the ids "a; b" in the order given. Groups are in the
    order of the codebook where a column has one, else of the alphabet. Linear in rows.
    """
    grouped = rows.groupby(list(by), observed=True, sort=True)
    group = grouped.ngroup().to_numpy()
    out = rows.iloc[np.unique(group, return_index=True)[1]][list(by)].reset_index(drop=True)
    out["units"] = distinct(group, rows["unit"], len(out))
    out["articles"] = distinct(group, rows["article"], len(out))
    order = np.argsort(group, kind="stable")
    ids = rows["id"].to_numpy(object)[order]
    ends = np.cumsum(np.bincount(group, minlength=len(out))).tolist()
    texts = (SEPARATOR.join(ids[a:b]) for a, b in zip([0, *ends], ends, strict=False))
    out["rows"] = pd.Series(list(texts), dtype="str", index=out.index)
    return out


def distinct(group: np.ndarray, values: pd.Series, groups: int) -> np.ndarray:
    """Return the number of distinct values in each group, groups being numbered from nought."""
    codes, known = pd.factorize(values)
    pairs = pd.unique(group.astype("int64") * max(len(known), 1) + codes)
    return np.bincount(pairs // max(len(known), 1), minlength=groups)


def toward(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return the rows that serve an objective and use an instrument; empty means any.

    >>> rows = pd.DataFrame({"id": ["a", "b"], "objective": ["stop_bombing; end_fighting", ""]})
    >>> toward(rows, objective="end_fighting")["id"].to_list()
    ['a']
    """
    kept = np.ones(len(rows), dtype=bool)
    if objective:
        cells = rows["objective"].astype(object)
        serving = [cell for cell in cells.unique() if objective in split(str(cell))]
        kept &= cells.isin(serving).to_numpy()
    if instrument:
        kept &= (rows["instrument"] == instrument).to_numpy()
    return rows[kept]


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the course each belongs to, its step there, and how many there are.

    Adds `unit` (the key of the course), `step` (from 1, by place in the article), `steps`,
    and `repeats`: the ids "a; b" of the rows that state this one again.
    Rows with one quotation share a step; a repetition has the step of the row it repeats.
    Needs id, course, repeat_of, article, order, start and end.
    """
    rows = rows.assign(unit=units(rows))
    first = _first(rows)
    own = rows[first == ""].sort_values(["unit", "order", "start", "end"], kind="stable")
    new = _changes(own, ["unit", "order", "start", "end"])
    course = _changes(own, ["unit"])
    count = np.cumsum(new)
    step = count - np.maximum.accumulate(np.where(course, count, 0)) + 1
    by_id = pd.Series(step, index=own["id"].to_numpy(), dtype="int64")
    named = rows["id"].astype(object).where(first == "", first)
    rows["step"] = by_id[~by_id.index.duplicated()].reindex(named).to_numpy()
    rows["steps"] = rows.groupby("unit")["step"].transform("max")
    again = rows["id"].astype(object)[first != ""].groupby(first[first != ""]).agg(SEPARATOR.join)
    repeats = (
        rows["id"].astype(object).map(again) if len(again) else pd.Series("", index=rows.index)
    )
    return rows.assign(repeats=repeats.fillna("").astype("str"))


def ways(
    rows: pd.DataFrame, *, objective: str = "", instrument: str = "", rule: str = "courses"
) -> pd.DataFrame:
    """Return which means serve an objective or theme, one line a means, stance and trigger.

    Columns: means, stance, condition_type (the trigger, empty where there is none), units
    (by the counting rule), articles, rows (ids), first_step and last_step (the places of this
    means in the order of its courses). A row with two means counts under both: units of
    different means do not add up. Most units first.
    """
    keyed = numbered(rows).assign(unit=units(rows, rule=rule))
    chosen = listed(toward(keyed, objective=objective, instrument=instrument), "means",
                    none=UNSPECIFIED)  # fmt: skip
    by = ["means", "stance", "condition_type"]
    steps = chosen.groupby(by, observed=True)["step"].agg(first_step="min", last_step="max")
    out = gather(chosen, by).join(steps.astype("int64"), on=by)
    return out.sort_values("units", ascending=False, kind="stable", ignore_index=True)


def courses(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return the courses that serve an objective or theme, whole, one line a row, in order.

    A course is kept if one of its rows serves; `serves` tells which do. Repetitions have no
    line of their own: `repeats` of the row they restate names them. A row without a course is
    a course of one step. Columns as in `STEP`; in order of time, of the course's first place,
    of steps.
    """
    whole = numbered(rows)
    serving = toward(whole, objective=objective, instrument=instrument)
    whole["serves"] = whole.index.isin(serving.index)
    kept = whole[whole["unit"].isin(serving["unit"]) & (_first(whole) == "")]
    kept = kept.assign(course=kept["unit"], place=kept.groupby("unit")["start"].transform("min"))
    order = ["order", "place", "unit", "step", "start", "end"]
    return kept.sort_values(order, kind="stable", ignore_index=True)[STEP]


def successions(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return which means follows which from one step of a course to the next.

    Only rows whose speaker supports the course. Columns: means, then, condition_type (the
    trigger of the later step), units (courses), articles, rows (ids of the later steps).
    Courses of which no row serves the objective or theme are left out. Linear in rows.
    """
    steps = courses(rows, objective=objective, instrument=instrument)
    steps = listed(steps[steps["stance"] == "supports"], "means", none=UNSPECIFIED)
    steps = steps[["article", "course", "step", "id", "means", "condition_type"]]
    earlier = steps[["course", "step", "means"]].drop_duplicates()
    later = steps.rename(columns={"means": "then", "course": "unit"})
    both = earlier.assign(step=earlier["step"] + 1).rename(columns={"course": "unit"})
    pairs = both.merge(later, on=["unit", "step"])
    return gather(pairs, ["means", "then", "condition_type"])


def preconditions(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return what must happen first: the rows that hold only once something else is there.

    One line a recommendation, in order of time and place, with the words of the condition.
    Columns as in `FIRST`. Repetitions are named in `repeats`.
    """
    chosen = toward(numbered(rows), objective=objective, instrument=instrument)
    chosen = chosen[(chosen["condition_type"] == PRECONDITION) & (_first(chosen) == "")]
    chosen = chosen.assign(course=chosen["unit"])
    return chosen.sort_values(["order", "start", "end"], kind="stable", ignore_index=True)[FIRST]


def _first(rows: pd.DataFrame) -> pd.Series:
    """Return the row that each repeats, empty where it repeats none that is among the rows."""
    named = rows["repeat_of"].astype(object)
    originals = rows["id"].astype(object)[named == ""]
    return named.where(named.isin(originals), "")


def _changes(rows: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Tell for each of some sorted rows whether it differs from the one before."""
    new = np.ones(len(rows), dtype=bool)
    values = rows[columns]
    new[1:] = (values.iloc[1:].to_numpy() != values.iloc[:-1].to_numpy()).any(axis=1)
    return new
