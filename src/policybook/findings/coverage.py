"""Sentences on who recommends what, and on who prescribes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policybook.findings.finding import Finding, few, listed, number, sentence
from policybook.findings.rows import every_row, shown_rows
from policybook.measures.coverage import OWN, coverage
from policybook.suite import Selection, row_ids


def states(selection: Selection) -> pd.DataFrame:
    """Return the state of every selected article on every instrument, as `measures.coverage`.

    It is computed once for a selection, for many sentences ask for it.
    """
    known = selection.memo.get("states")
    if isinstance(known, pd.DataFrame):
        return known
    instruments = pd.DataFrame(
        [
            (v.id, str(v.extra.get("since", "")))
            for v in selection.book.values("instrument").values()
        ],
        columns=["id", "since"],
    )
    selection.memo["states"] = cells = coverage(
        selection.articles,
        every_row(selection),
        rows=shown_rows(selection),
        diagnoses=selection.diagnoses,
        instruments=instruments,
        count=str(selection.asked["count"]),
        prescribing=selection.prescribing if selection.alone else None,
    )
    return cells


def articles_of(selection: Selection, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the articles of some of the `states`, in order of time: id, label, earliest, latest."""
    places = np.unique(cells["article"].cat.codes)  # the categories are the selected articles
    return selection.articles[["id", "label", "earliest", "latest"]].iloc[places]


def themes(selection: Selection) -> list[str]:
    """Return the named themes of the codebook; all instruments where it names none."""
    values = selection.book.values("instrument")
    return [i for i, v in values.items() if v.extra.get("theme") is True] or list(values)


def who_recommends_what(selection: Selection) -> list[Finding]:
    """Return who asks for each of the named themes, and who prescribes nothing."""
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    found = [_theme(selection, cells, theme) for theme in themes(selection)]
    return [*found, *prescribes_nothing(selection)]


def nothing_selected() -> Finding:
    """Return the sentence for a selection without articles."""
    return Finding("No article of this suite is within the selection.", code="nothing-selected")


def _theme(selection: Selection, cells: pd.DataFrame, theme: str) -> Finding:
    """Return who stands where on one theme, in the author's own voice."""
    label = selection.book.label("instrument", theme)
    mine = cells[cells["instrument"] == theme]
    own = selection.rows[
        (selection.rows["instrument"] == theme) & selection.rows["voice"].isin(OWN)
    ]
    parts = []
    for state, verb in (("supports", "for"), ("opposes", "against"), ("both", "for and against")):
        names = articles_of(selection, mine[mine["state"] == state])["label"].tolist()
        if names:
            parts.append(f"{verb} it: {few(names, most=4)}")
    hidden = int((mine["state"] == "filtered out").sum())
    if hidden:
        parts.append(f"hidden by the filters: {number(hidden)}")
    if parts:
        return Finding(
            sentence(f"{label} – {'; '.join(parts)}."), row_ids(own), "theme", subject=theme
        )
    return Finding(sentence(f"{label} – {_nobody(mine)}."), (), "theme-absent", subject=theme)


def _nobody(cells: pd.DataFrame) -> str:
    """Return what may be said where no author takes a position."""
    uncoded = int((cells["state"] == "not coded").sum())
    extra = f" ({number(uncoded)} not coded for it)" if uncoded else ""
    reported = int((cells["reported"] > 0).sum())
    if reported:
        return f"no author takes a position{extra}; {number(reported)} relay others' positions"
    return f"no author takes a position{extra}"


def prescribes_nothing(selection: Selection) -> list[Finding]:
    """Return who prescribes nothing, with the genre that explains it."""
    articles, rows = selection.articles, selection.all_rows
    own = rows.loc[rows["voice"].isin(OWN), "article"].unique()
    coded = articles[articles["coder"] != ""]
    silent = coded[~coded["id"].isin(own)]
    if silent.empty:
        return []
    labels = [
        f"{label}, {selection.book.label('genre', genre)}"
        for label, genre in zip(silent["label"], silent["genre"], strict=True)
    ]
    text = f"No recommendation of its author's own: {few(labels, most=4, mark=';')}."
    return [Finding(text, (), "prescribes-nothing", articles=row_ids(silent))]


def most_shared(selection: Selection) -> list[Finding]:
    """Return the instrument that most authors support, where at least two do."""
    cells = states(selection)
    counted = cells[cells["state"] == "supports"].groupby("instrument", sort=False).size()
    if counted.empty or counted.max() < 2:  # noqa: PLR2004
        return [Finding("No instrument is supported by two authors.", (), "shared-none")]
    top = counted[counted == counted.max()].index
    labels = listed(selection.book.label("instrument", str(name)) for name in top)
    rows = selection.rows[
        selection.rows["instrument"].isin(top)
        & selection.rows["voice"].isin(OWN)
        & (selection.rows["stance"] == "supports")
    ]
    text = f"most widely supported, by {number(int(counted.max()))} articles: {labels}."
    return [Finding(sentence(text), row_ids(rows), "shared", claim=listed(map(str, top)))]
