"""By which means: for one objective or theme, which means, in what order, under which trigger.

The order of steps is the order of their places in the article: the only order the words give.
The surprising rule: a step is a passage, not a row. Rows with one and the same quotation are
one step, and a repetition stands on the step of the row it repeats.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policybook.measures.counting import NUMBERS, is_numbered, names_of_units, stated, units
from policybook.measures.counting import numbered as numbers_of
from policybook.tables import SEPARATOR, split

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


def gather(rows: pd.DataFrame, by: Sequence[str], *, ids: bool = True) -> pd.DataFrame:
    """Return one line for each group: the columns `by`, then units, articles and rows.

    `rows` needs a column `unit`, see `counting.units`. units = distinct units of the group,
    articles = distinct articles, rows = the ids "a; b" in the order given; without `ids`
    an array of what the column `at` holds. Groups are in the
    order of the codebook where a column has one, else of the alphabet. Linear in rows.
    """
    grouped = rows.groupby(list(by), observed=True, sort=True)
    group = grouped.ngroup().to_numpy()
    out = rows.iloc[np.unique(group, return_index=True)[1]][list(by)].reset_index(drop=True)
    out["units"] = distinct(group, rows["unit"], len(out))
    out["articles"] = distinct(group, rows["article"], len(out))
    order = np.argsort(group, kind="stable")
    names = rows["id" if ids else "at"].to_numpy()[order]
    ends = np.cumsum(np.bincount(group, minlength=len(out))).tolist()
    parts = [names[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    texts = pd.Series([SEPARATOR.join(part) for part in parts] if ids else parts, dtype=object)
    out["rows"] = texts.astype("str") if ids else texts
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
    return rows[_serves(rows, objective, instrument)]


def _serves(rows: pd.DataFrame, objective: str, instrument: str) -> np.ndarray:
    """Tell which rows serve an objective and use an instrument; empty means any."""
    kept = np.ones(len(rows), dtype=bool)
    if objective:
        codes, cells = pd.factorize(rows["objective"])
        kept &= np.array([objective in split(str(cell)) for cell in cells] + [False])[codes]
    if instrument:
        kept &= (rows["instrument"] == instrument).to_numpy()
    return kept


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the course each belongs to, its step there, and how many there are.

    Adds `unit` (the key of the course), `step` (from 1, by place in the article), `steps`,
    and `repeats`: the ids "a; b" of the rows that state this one again.
    Rows with one quotation share a step; a repetition has the step of the row it repeats.
    Needs id, course, repeat_of, article, order, start and end.
    """
    key, origin = units(rows), _origin(rows)
    course = pd.factorize(key)[0]
    own = np.flatnonzero(origin == np.arange(len(rows)))
    places = np.stack([course, *(rows[n].to_numpy() for n in ("order", "start", "end"))])[:, own]
    sorted_ = np.lexsort(places[::-1])
    # No course or place is below -1, so the first row always begins something.
    changed = np.diff(places[:, sorted_], axis=1, prepend=-2) != 0
    count = np.cumsum(changed.any(axis=0))
    step = np.zeros(len(rows), dtype="int64")
    step[own[sorted_]] = count - np.maximum.accumulate(np.where(changed[0], count, 0)) + 1
    step = step[origin]
    steps = np.zeros(course.max(initial=-1) + 1, dtype="int64")
    np.maximum.at(steps, course, step)
    return rows.assign(
        unit=key, step=step, steps=steps[course], repeats=_repeats(rows, origin)
    ).astype({"repeats": "str"})


def _stepped(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as `numbered` does; those that are so already as they stand."""
    return rows if {"unit", "step", "steps", "repeats"} <= {*rows.columns} else numbered(rows)


def _origin(rows: pd.DataFrame) -> np.ndarray:
    """Return for each row the position of the row it repeats, its own where it repeats none.

    A row that repeats one which is not among the rows, or itself a repetition, is its own.
    """
    numbers = rows if is_numbered(rows) else numbers_of(rows)
    itself, repeated = (numbers[NUMBERS[name]].to_numpy() for name in ("id", "repeat_of"))
    origin, again = np.arange(len(rows)), np.flatnonzero(repeated != itself)
    place = np.full(1 + max(itself.max(initial=-1), repeated.max(initial=-1)), -1)
    place[itself] = origin
    first = place[repeated[again]]
    known = (first >= 0) & ~np.isin(first, again)
    origin[again[known]] = first[known]
    return origin


def _repeats(rows: pd.DataFrame, origin: np.ndarray) -> np.ndarray:
    """Return for each row the ids "a; b" of the rows that repeat it."""
    found: dict[int, list[str]] = {}
    again = np.flatnonzero(origin != np.arange(len(rows)))
    for first, name in zip(origin[again].tolist(), rows["id"].iloc[again], strict=True):
        found.setdefault(first, []).append(name)
    repeats = np.full(len(rows), "", dtype=object)
    for first, names in found.items():
        repeats[first] = SEPARATOR.join(names)
    return repeats


def ways(
    rows: pd.DataFrame,
    *,
    objective: str = "",
    instrument: str = "",
    rule: str = "courses",
    ids: bool = True,
) -> pd.DataFrame:
    """Return which means serve an objective or theme, one line a means, stance and trigger.

    Columns: means, stance, condition_type (the trigger, empty where there is none), units
    (by the counting rule), articles, rows (ids, or else the places of the rows, as an array),
    first_step and last_step (the places of this
    means in the order of its courses). A row with two means counts under both: units of
    different means do not add up. Most units first. `attrs["count"]` is the rule.
    """
    keyed = _stepped(rows)
    unit = keyed["unit"] if rule == "courses" else units(rows, rule=rule)
    # Numbers are compared faster than the names of units that they stand for.
    keyed = keyed.assign(unit=pd.factorize(unit)[0], at=np.arange(len(keyed)))
    chosen = toward(keyed, objective=objective, instrument=instrument)
    chosen = chosen[["id", "article", "unit", "means", "stance", "condition_type", "step", "at"]]
    chosen = listed(chosen, "means", none=UNSPECIFIED)
    by = ["means", "stance", "condition_type"]
    steps = chosen.groupby(by, observed=True)["step"].agg(first_step="min", last_step="max")
    out = gather(chosen, by, ids=ids).join(steps.astype("int64"), on=by)
    out = out.sort_values("units", ascending=False, kind="stable", ignore_index=True)
    return stated(out, rule)


def courses(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return the courses that serve an objective or theme, whole, one line a row, in order.

    A course is kept if one of its rows serves; `serves` tells which do. Repetitions have no
    line of their own: `repeats` of the row they restate names them. A row without a course is
    a course of one step. Columns as in `STEP`; in order of time, of the course's first place,
    of steps.
    """
    whole = _stepped(rows).assign(serves=_serves(rows, objective, instrument))
    unit = pd.factorize(whole["unit"])[0]
    serving = np.bincount(unit[whole["serves"]], minlength=unit.max(initial=-1) + 1) > 0
    kept = np.flatnonzero(serving[unit] & (_origin(rows) == np.arange(len(rows))))
    names = names_of_units(rows, whole["unit"], kept)
    whole, unit = (
        whole[[*STEP, "order", "start", "end"]].iloc[kept].assign(course=names),
        unit[kept],
    )
    first = whole["start"].groupby(unit).transform("min")
    order = (whole["end"], whole["start"], whole["step"], unit, first, whole["order"])
    return whole[STEP].take(np.lexsort(order)).reset_index(drop=True)


def successions(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return which means follows which from one step of a course to the next.

    Only rows whose speaker supports the course. Columns: means, then, condition_type (the
    trigger of the later step), units (courses), articles, rows (ids of the later steps).
    Courses of which no row serves the objective or theme are left out. Linear in rows.
    Only a course has steps, so nothing else is counted; `attrs["count"]` says so.
    """
    steps = courses(rows, objective=objective, instrument=instrument)
    steps["course"] = pd.factorize(steps["course"])[0]
    steps = listed(steps[steps["stance"] == "supports"], "means", none=UNSPECIFIED)
    steps = steps[["article", "course", "step", "id", "means", "condition_type"]]
    earlier = steps[["course", "step", "means"]].drop_duplicates()
    later = steps.rename(columns={"means": "then", "course": "unit"})
    both = earlier.assign(step=earlier["step"] + 1).rename(columns={"course": "unit"})
    pairs = both.merge(later, on=["unit", "step"])
    return stated(gather(pairs, ["means", "then", "condition_type"]), "courses")


def preconditions(rows: pd.DataFrame, *, objective: str = "", instrument: str = "") -> pd.DataFrame:
    """Return what must happen first: the rows that hold only once something else is there.

    One line a recommendation, in order of time and place, with the words of the condition.
    Columns as in `FIRST`. `repeats` names the repetitions; one that alone holds the condition
    has a line of its own.
    """
    whole = _stepped(rows)
    kept = _serves(rows, objective, instrument)
    kept &= (rows["condition_type"] == PRECONDITION).to_numpy()
    chosen = whole[kept].assign(course=names_of_units(rows, whole["unit"], kept))
    chosen = chosen[_origin(chosen) == np.arange(len(chosen))]
    chosen = chosen.sort_values(["order", "start", "end"], kind="stable", ignore_index=True)
    return pd.DataFrame(chosen[FIRST])
