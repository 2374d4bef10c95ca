"""Sentences on who recommends what, and on who prescribes nothing."""

from __future__ import annotations

import pandas as pd

from policybook.findings.finding import Finding, few, number, sentence
from policybook.findings.rows import every_row, shown_rows
from policybook.findings.wording import TELLING, drafted, in_doubt, names_marked, only_drafts
from policybook.measures.agreement import OTHER
from policybook.measures.coverage import OWN, coverage, looked_for
from policybook.suite import Selection, row_ids


def states(selection: Selection) -> pd.DataFrame:
    """Return the state of every selected article on every instrument, as `measures.coverage`.

    It is computed once for a selection, for many sentences ask for it.
    """
    known = selection.memo.get("states")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["states"] = cells = coverage(
        selection.articles,
        every_row(selection),
        rows=shown_rows(selection),
        diagnoses=selection.diagnoses,
        instruments=looked_for(selection.book),
        count=str(selection.asked["count"]),
        prescribing=selection.prescribing if selection.alone else None,
        drafts=selection.drafts,
    )
    return cells


HIDDEN = "The filters hide further recommendations."

UNSEEN = "hidden by the filters"
"""What a sentence says of positions that no filter lets through."""


def hides(selection: Selection, theme: str) -> str:
    """Return what must be said where a filter hides what some author says on a theme; else nothing."""
    cells = states(selection)
    return HIDDEN if (cells["hidden"] & (cells["instrument"] == theme)).any() else ""


def one_side(cells: pd.DataFrame) -> dict[str, str]:
    """Return the articles that are for and against one thing while filters hide one of the two, and which."""
    both = cells[(cells["state"] == "both") & (cells["supports"] + cells["opposes"] > 0)]
    return {
        str(article): f"the {which} {UNSEEN}"
        for side, which in (("supports", "former"), ("opposes", "latter"))
        for article in both.loc[both[side] == 0, "article"]
    }


def themes(selection: Selection) -> list[str]:
    """Return the named themes of the codebook; all instruments where it names none.

    What lies outside the list of instruments is a theme only where there is nothing else.
    """
    values = selection.book.values("instrument")
    named = [i for i, v in values.items() if v.extra.get("theme") is True] or list(values)
    return [name for name in named if name != OTHER] or named


def who_recommends_what(selection: Selection) -> list[Finding]:
    """Return who asks for each of the named themes, and who prescribes nothing."""
    if selection.articles.empty:
        return [nothing_selected()]
    cells, rows = states(selection), selection.rows
    own = rows.loc[rows["voice"].isin(OWN), TELLING]
    found = [_theme(selection, cells, own, theme) for theme in themes(selection)]
    return [*found, *prescribes_nothing(selection)]


def nothing_selected() -> Finding:
    """Return the sentence for a selection without articles."""
    return Finding("No article of this suite is within the selection.", code="nothing-selected")


def _theme(selection: Selection, cells: pd.DataFrame, rows: pd.DataFrame, theme: str) -> Finding:
    """Return who stands where on one theme, by the states and the rows in the author's own voice."""
    label = selection.book.label("instrument", theme)
    mine = cells[cells["instrument"] == theme]
    own = rows[rows["instrument"] == theme]
    parts = []
    for state, verb in (("supports", "for"), ("opposes", "against"), ("both", "for and against")):
        ids = mine.loc[mine["state"] == state, "article"]
        if len(ids):
            names = names_marked(selection, own[own["article"].isin(ids)], one_side(mine))
            parts.append(f"{verb} it: {few(names, most=4)}")
    hidden = int((mine["state"] == "filtered out").sum())
    claim = "; ".join(parts) or UNSEEN  # how many more are hidden, it may do without
    if hidden:
        parts.append(f"{UNSEEN}: {number(hidden)}")
    if parts:
        text = sentence(f"{label} – {'; '.join(parts)}.")
        unseen = HIDDEN if (mine["hidden"] & (mine["state"] != "filtered out")).any() else ""
        return Finding(text, row_ids(own), "theme", unseen, subject=theme, claim=claim)
    if ((mine["state"] == "not coded") & ~mine["speaks"]).all():
        nobody = "article is coded for it"
        text = sentence(f"{label} – no {chosen(selection)}{nobody}.")
        return Finding(text, (), "theme-uncoded", drafted(selection, theme), theme, f"no {nobody}")
    nobody = "author takes a position"  # how many relay others, or are not coded, it may do without
    text = sentence(f"{label} – no {chosen(selection)}{nobody}{_instead(mine)}.")
    return Finding(text, (), "theme-absent", drafted(selection, theme), theme, f"no {nobody}")


def chosen(selection: Selection) -> str:
    """Return "selected " where only a part of the suite's articles is, for what it alone can tell."""
    return "selected " if len(selection.left_out) else ""


def _instead(cells: pd.DataFrame) -> str:
    """Return what is to be said where no author takes a position: who is not coded, and who relays."""
    uncoded = int((cells["state"] == "not coded").sum())
    extra = f" ({number(uncoded)} not coded for it)" if uncoded else ""
    reported = int((cells["reported"] > 0).sum())
    if reported:
        where = f"{number(reported)} article{'' if reported == 1 else 's'}"
        return f"{extra}; others' positions relayed in {where}"
    return extra


def prescribes_nothing(selection: Selection) -> list[Finding]:
    """Return who prescribes nothing, with the genre that explains it."""
    articles, rows = selection.articles, selection.all_rows
    own = rows.loc[rows["voice"].isin(OWN), "article"].unique()
    coded = articles[articles["coder"] != ""]
    silent = coded[~coded["id"].isin([*own, *only_drafts(selection).index])]
    if silent.empty:
        return []
    labels = [
        f"{label}, {selection.book.label('genre', genre)}"
        for label, genre in zip(silent["label"], silent["genre"], strict=True)
    ]
    text = f"No recommendation of its author's own: {few(labels, most=4, mark=';')}."
    return [Finding(text, (), "prescribes-nothing", articles=row_ids(silent))]


def instead(seen: pd.DataFrame, relayed: pd.DataFrame) -> dict[str, list[str]]:
    """Return in which ways articles speak where they prescribe nothing, each with their ids.

    `seen` are the diagnoses there, `relayed` the positions of others. Only where an author takes
    all that he relays one way does the way say which.
    """
    pairs = relayed[["article", "author_attitude"]].astype(str).drop_duplicates()
    attitudes = pairs.groupby("article", sort=False)["author_attitude"].agg(list)
    describes, relays = (in_doubt(rows, "article") for rows in (seen, relayed))
    found: dict[str, list[str]] = {}
    for article in dict.fromkeys([*describes, *attitudes.index]):
        parts = [f"problems described{_AS[describes[article]]}"] if article in describes else []
        if article in attitudes:
            how = attitudes[article]
            sided = _SIDES.get(how[0], "") if len(how) == 1 else ""
            parts.append(f"others’ positions relayed{sided}{_AS[relays[article]]}")
        found.setdefault(", ".join(parts), []).append(article)
    return found


_AS = {"": "", "doubtful": " (doubtful)"}
_SIDES = {"endorses": " and endorsed", "rejects": " and rejected"}
