"""Who says what: one of five states for every article and instrument.

`supports`, `opposes`, `both`, `silent` and `not coded`, which is so of draft rows too. Beside them:
how many others' positions are `reported`, and how often the article `diagnosed` the problem.
An article without any recommendation of its author has no states of its own:
its cells read `prescribes nothing`. States are computed before filters;
a cell whose rows are all hidden by one reads `filtered out`, never `silent`.
The surprising rule: a reader is told `silent` only of a cell without any row, of whatever voice,
and without any diagnosis; see `told`.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from policybook import migrations
from policybook.codebook import Codebook
from policybook.measures.counting import countable, stated, units
from policybook.migrations import Steps, number, unlooked

STATES = (
    "supports",
    "opposes",
    "both",
    "silent",
    "not coded",
    "prescribes nothing",
    "filtered out",
)
"""Everything the state of a cell can be, in the order of legends."""

SPEAKS = "describes or relays only"
"""What a reader is told of a `silent` cell whose article describes or relays something there."""

TOLD = (*STATES[: STATES.index("silent") + 1], SPEAKS, *STATES[STATES.index("silent") + 1 :])
"""Everything a reader is told of a cell, in the order of legends."""

_STANCES = ("supports", "opposes")
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
    prescribing: Collection[str] | None = None,
    drafts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one line for each article and instrument, articles in order, then instruments.

    `articles` needs id, coder and codebook_version; `instruments` is what `looked_for` makes of a
    codebook, or any table with id and since (the codebook version that introduced it, empty for
    the first). Of a selection: `coverage(s.articles, s.all_rows, rows=s.rows,
    diagnoses=s.diagnoses, instruments=looked_for(s.book))`. ValueError for no such rule.
    `prescribing` are the articles whose author prescribes anything, where not all rows are given.
    `drafts` are draft rows (article, instrument, voice): none is counted, but a cell with one and
    without an author's own is `not coded`; so is all of one whose author prescribes in drafts alone.
    `all_rows` are the rows before filters, `rows` those after; `count` is a counting rule.
    Columns: article, instrument, state, supports, opposes, reported, diagnosed (units after
    filters; diagnoses are rows), hidden (whether a filter hides any of the author's rows),
    speaks (whether there is a row of whatever voice, or a diagnosis, filters aside).
    `attrs["count"]` is the rule. Linear in rows and in articles × instruments.
    """
    grid = _Grid(articles["id"], instruments["id"])
    every, shown = grid.placed(all_rows), grid.placed(rows)
    own, seen = every[every["voice"].isin(OWN)], shown[shown["voice"].isin(OWN)]
    by = {stance: grid.units(seen[seen["stance"] == stance], count) for stance in _STANCES}
    before = {stance: grid.rows(own.loc[own["stance"] == stance, "cell"]) for stance in _STANCES}
    prescribes = np.bincount(own["cell"] // max(1, len(instruments)), minlength=len(articles)) > 0
    if prescribing is not None:
        prescribes = articles["id"].isin(set(prescribing)).to_numpy()
    seen_problems = grid.rows(grid.cells(diagnoses))
    state = _states(
        before["supports"], before["opposes"],
        seen=by["supports"] + by["opposes"] > 0,
        coded=_coded(articles, instruments) & ~_drafted(grid, drafts, prescribes),
        prescribes=np.repeat(prescribes, len(instruments)),
    )  # fmt: skip
    cells = pd.DataFrame(
        {
            **grid.names(),
            "state": state,
            **by,
            "reported": grid.units(shown[shown["voice"] == "reported"], count),
            "diagnosed": seen_problems,
            "hidden": grid.rows(seen["cell"]) < before["supports"] + before["opposes"],
            "speaks": grid.rows(every["cell"]) + seen_problems > 0,
        }
    )
    return stated(cells, count)


def _drafted(grid: _Grid, drafts: pd.DataFrame | None, prescribes: np.ndarray) -> np.ndarray:
    """Tell for every cell whether a draft row leaves open what is said there."""
    if drafts is None or drafts.empty:
        return np.zeros(grid.size, dtype=bool)
    across = len(grid.instruments)
    own = drafts[drafts["voice"].isin(OWN)]
    only = np.bincount(grid.cells(own) // max(1, across), minlength=len(grid.articles)) > 0
    found: np.ndarray = (grid.rows(grid.cells(drafts)) > 0) | np.repeat(only & ~prescribes, across)
    return found


def looked_for(book: Codebook) -> pd.DataFrame:
    """Return the instruments of a codebook, in its order, as `coverage` needs them.

    Columns: id, looked (from which version of the codebook on a coder who found nothing had looked
    for it, where codes were renamed, merged, split or retired; see `migrations.looked`).
    """
    known = book.values("instrument")
    defined = book.former.get("instrument", {}) | known
    since = {name: str(value.extra.get("since", "")) for name, value in defined.items()}
    looked = migrations.looked(book.migrations, "instrument", since)
    return pd.DataFrame({"id": list(known), "looked": [looked[name] for name in known]})


def mute(cells: pd.DataFrame) -> pd.Series:
    """Tell which cells of `coverage` may be called silent: nothing at all is said there."""
    return (cells["state"] == "silent") & ~cells["speaks"]


def told(cells: pd.DataFrame) -> pd.Series:
    """Return what a reader is told of each cell of `coverage`: its state, or that it only `SPEAKS`.

    >>> told(pd.DataFrame({"state": ["silent", "silent"], "speaks": [False, True]})).to_list()
    ['silent', 'describes or relays only']
    """
    speaks = (cells["state"] == "silent") & cells["speaks"]
    return cells["state"].astype(str).mask(speaks, SPEAKS)


class _Grid:
    """Articles × instruments as one row of cells, articles in order, then instruments."""

    def __init__(self, articles: pd.Series, instruments: pd.Series) -> None:
        """Give each of both its number."""
        self.articles, self.instruments = pd.Index(articles), pd.Index(instruments)
        self.size = len(self.articles) * len(self.instruments)

    def names(self) -> dict[str, pd.Categorical]:
        """Return the article and the instrument of every cell, each name kept once."""
        down, across = (np.arange(len(names)) for names in (self.articles, self.instruments))
        return {
            "article": pd.Categorical.from_codes(np.repeat(down, len(across)), self.articles),
            "instrument": pd.Categorical.from_codes(np.tile(across, len(down)), self.instruments),
        }

    def placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return what is counted of rows, and the cell of each."""
        wanted = dict.fromkeys([*countable(rows), "article", "voice", "stance"])
        return rows[list(wanted)].assign(cell=self.cells(rows))

    def rows(self, cells: pd.Series | np.ndarray) -> np.ndarray:
        """Return the number of rows in every cell."""
        return np.bincount(cells, minlength=self.size)

    def units(self, rows: pd.DataFrame, rule: str) -> np.ndarray:
        """Return the number of units in every cell, by a counting rule."""
        keys, names = pd.factorize(units(rows, rule=rule))
        both = pd.unique(rows["cell"].to_numpy() * max(1, len(names)) + keys)
        return np.bincount(both // max(1, len(names)), minlength=self.size)

    def cells(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the cell of every row; all rows are of these articles and instruments."""
        down = _places(self.articles, rows["article"])
        across = _places(self.instruments, rows["instrument"])
        cells: np.ndarray = down * len(self.instruments) + across
        return cells


def _places(names: pd.Index, column: pd.Series) -> np.ndarray:
    """Return the place of each cell's value among the names; each distinct value is sought once."""
    values = pd.Categorical(column)
    places = names.get_indexer(pd.Index(values.categories.astype(names.dtype)))
    return places.astype(np.int64)[values.codes] if len(values) else np.zeros(0, dtype=np.int64)


def _coded(articles: pd.DataFrame, instruments: pd.DataFrame) -> np.ndarray:
    """Tell for every cell whether whoever coded the article looked for the instrument."""
    steps: list[Steps] = (
        instruments["looked"].tolist()
        if "looked" in instruments
        else [((number(name), frozenset()),) for name in instruments["since"]]
    )
    which, kinds = pd.factorize(articles["codebook_version"].where(articles["coder"] != "", ""))
    missed = [[unlooked(one, number(kind)) if kind else None for one in steps] for kind in kinds]
    known = [[names is not None for names in line] for line in missed]
    coded = np.array(known, dtype=bool).reshape(len(kinds), len(steps))[which]
    for kind, line in enumerate(missed):
        for place, names in enumerate(line):
            if names:
                coded[(which == kind) & articles["id"].isin(names).to_numpy(), place] = False
    return coded.ravel()


def _states(
    supports: np.ndarray, opposes: np.ndarray, *, seen: np.ndarray, coded: np.ndarray,
    prescribes: np.ndarray,
) -> pd.Categorical[str]:  # fmt: skip
    """Return the state of every cell; the first that applies wins."""
    for_it, against = supports > 0, opposes > 0
    names = ("filtered out", "both", "supports", "opposes", "not coded", "prescribes nothing")
    first = np.select(
        [(for_it | against) & ~seen, for_it & against, for_it, against, ~coded, ~prescribes],
        [STATES.index(name) for name in names],
        default=STATES.index("silent"),
    )
    codes = np.asarray(first, dtype=np.int64)
    return pd.Categorical.from_codes(codes, categories=pd.Index(STATES), ordered=True)
