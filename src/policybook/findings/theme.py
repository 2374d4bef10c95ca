"""Sentences on one theme: who asks for it, since when, how firmly, under which condition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import checked, with_theme
from policybook.findings.coverage import UNSEEN, chosen, hides, nothing_selected, states
from policybook.findings.finding import Finding, cited, few, listed, names_of, sentence
from policybook.findings.wording import marked, names_marked, whats
from policybook.measures.agreement import OTHER
from policybook.measures.counting import each_cell, units
from policybook.measures.coverage import OWN, mute
from policybook.measures.membership import reaching_in
from policybook.suite import Row, Selection, row_ids
from policybook.tables import split

FEW_CONDITIONS = 2
"""So many conditions are quoted in the answer itself; more are counted, and stand in the table."""


@checked(theme="theme")
def theme_rows(selection: Selection, theme: str) -> pd.DataFrame:
    """Return the rows on a theme and those that serve it, in order of time and place.

    `serves` is empty for a row on the theme itself, else the relation's note from the codebook.
    `ParameterError` for a theme that the codebook does not name; none has no rows.
    """
    rows = selection.rows
    serves = np.full(len(rows), "", dtype=object)
    itself = (rows["instrument"] == theme).to_numpy()
    for relation in selection.book.relations:
        if relation.kind == "serves" and relation.second == theme:
            mine = np.flatnonzero((rows["instrument"] == relation.first) & ~itself & (serves == ""))
            serves[mine[_fits(selection, rows.iloc[mine], relation)]] = relation.note
    chosen = itself | (serves != "")
    found: pd.DataFrame = rows[chosen].assign(serves=serves[chosen])
    return found.reset_index(drop=True)


def _fits(selection: Selection, rows: pd.DataFrame, relation: object) -> np.ndarray:
    """Tell which rows a relation holds for: their targets or objectives are those it names."""
    targets = set(getattr(relation, "targets", ()))
    objectives = set(getattr(relation, "objectives", ()))
    fits = np.ones(len(rows), dtype=bool)
    if targets:
        reach = reaching_in(rows, selection.articles, book=selection.book)
        fits &= np.array([bool(targets & one) for one in reach("target")], dtype=bool)
    if objectives:
        fits &= each_cell(rows["objective"], lambda cell: bool(objectives & set(split(cell))))
    return fits


@as_far_as_coded
def one_theme(selection: Selection) -> list[Finding]:
    """Return who asks for the theme in the author's voice, how firmly, and who does not.

    Raises `ParameterError` where the selection has no theme.
    """
    with_theme(selection)
    if selection.articles.empty:
        return [nothing_selected()]
    label = selection.book.label("instrument", selection.theme)
    about = f"on {label}" if selection.theme != OTHER else "outside the list of instruments"
    rows = selection.rows[selection.rows["instrument"] == selection.theme]
    own = rows[rows["voice"].isin(OWN)]
    if own.empty:
        return _nobody(selection, about, rows)
    found = [
        _stances(selection, own, label),
        *_strength(selection, own),
        *_conditions(selection, own),
    ]
    return [*found, *_absent(selection), *_reported(selection, rows)]


def _stances(selection: Selection, own: pd.DataFrame, label: str) -> Finding:
    """Return which articles are for and against the theme, in order of time."""
    parts = []
    for name, word, mine in _sides(selection, own, label):
        parts.append(f"{word} {name}: {few(names_marked(selection, mine))}")
    claim = "; ".join(parts)  # whose are hidden, it may do without
    cells = states(selection)
    unseen = cells[(cells["instrument"] == selection.theme) & (cells["state"] == "filtered out")]
    if len(unseen):
        parts.append(f"{UNSEEN}: {few(names_of(selection.articles, unseen['article']))}")
    parts += _other_side(selection, cells) if selection.theme != OTHER else []
    text = f"{sentence('; '.join(parts))}."
    return Finding(text, row_ids(own), "theme-stances", claim=claim)


def _other_side(selection: Selection, cells: pd.DataFrame) -> list[str]:
    """Return which articles are for the theme, or against it, as well, only that filters hide it."""
    both = cells[(cells["instrument"] == selection.theme) & (cells["state"] == "both")]
    names = {
        word: names_of(selection.articles, both.loc[both[side] == 0, "article"])
        for side, word in (("supports", "for it"), ("opposes", "against it"))
    }
    return [f"{word}, too, but {UNSEEN}: {few(who)}" for word, who in names.items() if who]


def _sides(
    selection: Selection, rows: pd.DataFrame, label: str
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield what rows on the theme are about, whether they are for or against it, and the rows.

    They are about one thing, which `label` names; outside the list of instruments about many.
    """
    names = pd.Series(label, index=rows.index)
    if selection.theme == OTHER:
        names = whats(selection, rows)
    for name in names.unique():
        for stance, word in (("supports", "for"), ("opposes", "against")):
            mine = rows[(names == name) & (rows["stance"] == stance)]
            if len(mine):
                yield str(name), word, mine


def _strength(selection: Selection, own: pd.DataFrame) -> list[Finding]:
    """Return how firmly each article puts it at its firmest, for and against apart."""
    doubt = hides(selection, selection.theme)
    sides = [
        (word, mine)
        for stance, word in (("supports", "for it"), ("opposes", "against it"))
        if len(mine := own[own["stance"] == stance])
    ]
    told = [_firmest(selection, mine, named=len(sides) > 1) for _, mine in sides]
    ids = {one for _, rows in told for one in rows}
    rows = row_ids(own[own["id"].isin(ids)])
    if len(sides) > 1:
        told = [
            (f"{word}: {text}", mine) for (word, _), (text, mine) in zip(sides, told, strict=True)
        ]
    text = "; ".join(text for text, _ in told)
    return [
        Finding(
            f"At its firmest{',' if len(sides) > 1 else ':'} {text}.", rows, "theme-strength", doubt
        )
    ]


def _firmest(
    selection: Selection, own: pd.DataFrame, *, named: bool
) -> tuple[str, tuple[str, ...]]:
    """Return how firmly rows of one stance are put in each article at the firmest, and those rows."""
    ranks = own["strength"].cat.codes
    by_article = ranks.groupby(own["article"], observed=True, sort=False)
    firmest = by_article.min()
    rows = row_ids(own[ranks == by_article.transform("min")])
    said = {
        selection.book.label("strength", str(own["strength"].cat.categories[rank])): mine.index
        for rank, mine in firmest.groupby(firmest, sort=False)
    }
    if len(said) == 1 and not named:
        every = "" if len(firmest) == 1 else " in each of these articles"
        return f"“{next(iter(said))}”{every}", rows
    parts = [f"“{w}” – {few(names_of(selection.articles, ids))}" for w, ids in said.items()]
    return "; ".join(parts), rows


def _conditions(selection: Selection, own: pd.DataFrame) -> list[Finding]:
    """Return whether one, some or all of the recommendations stand under a condition, and which."""
    bound, doubt = own[own["condition"] != ""], hides(selection, selection.theme)
    if bound.empty:
        ids = tuple(own["article"].astype(str).unique())
        serving = theme_rows(selection, selection.theme)
        serving = serving[(serving["serves"] != "") & (serving["condition"] != "")]
        more = "; some of what serves it under another heading has one" if len(serving) else ""
        text = f"No condition is attached to {'what names it' if more else 'it'}{more}."
        claim = "no condition"
        return [
            Finding(text, row_ids(serving), "theme-unconditional", doubt, claim=claim, articles=ids)
        ]
    every = units(own, rule="recommendations").nunique()
    some = units(bound, rule="recommendations").nunique()
    if some == every:
        which = "The one recommendation" if every == 1 else "Every recommendation"
    else:
        which = f"{'One' if some == 1 else 'Some'} of the recommendations"
    part = _in_part(own)
    stands = f"{'stand' if 1 < some < every else 'stands'}{part}"
    words = _few_conditions(selection, bound)
    quoted = f": {listed(map(cited, words))}" if words else ""
    text = f"{which} under this heading {stands} under a condition{quoted}."
    # Of how many changes with every article left out; whether all, and with how many conditions, does not.
    claim = f"{'all' if some == every and not part else 'some'}, {len(words)} conditions"
    return [Finding(text, row_ids(bound), "theme-conditions", doubt, claim=claim)]


def _in_part(own: pd.DataFrame) -> str:
    """Return that recommendations under a condition are said without it, too: all of them, or some."""
    keys, bound = units(own, rule="recommendations"), own["condition"] != ""
    partly = keys[bound].isin(keys[~bound])
    if partly.all():
        return " in part"
    return ", at least in part," if partly.any() else ""


def _few_conditions(selection: Selection, bound: pd.DataFrame) -> list[str]:
    """Return the different conditions of rows in the words of their articles; none of many."""
    words: dict[str, None] = {}
    needed = bound[["article", "condition_start", "condition_end"]]
    for cells in needed.itertuples(index=False, name=None):
        row: Row = dict(zip(needed.columns, cells, strict=True))
        words[selection.suite.passage(row, "condition")] = None
        if len(words) > FEW_CONDITIONS:  # of the rest, no word has to be read
            return []
    return list(words)


def _absent(selection: Selection) -> list[Finding]:
    """Return which prescribing articles neither prescribe, describe nor relay anything on the theme."""
    cells = states(selection)
    silent = cells[(cells["instrument"] == selection.theme) & mute(cells)]
    names = names_of(selection.articles, silent["article"])
    if not names or selection.theme == OTHER:
        return []
    text = f"Silent on it, while prescribing other things: {few(names)}."
    ids = tuple(silent["article"].astype(str))
    return [Finding(text, (), "theme-silent", articles=ids)]


def _reported(selection: Selection, rows: pd.DataFrame) -> list[Finding]:
    """Return whose positions on the theme are only relayed, those for it and those against it apart."""
    relayed = rows[rows["voice"] == "reported"]
    if relayed.empty:
        return []
    parts = []
    for name, word, mine in _sides(selection, relayed, ""):
        attitudes = _attitudes(mine)
        marks = {
            who: ", ".join(filter(None, (attitudes[who], mark)))
            for who, mark in marked(mine, "speaker").items()
        }
        names = (
            selection.book.label("actor", who) + (f" ({mark})" if mark else "")
            for who, mark in marks.items()
        )
        parts.append(f"{word} {name}".rstrip() + f": {few(names)}")
    text = f"Positions of others, only relayed – {'; '.join(parts)}."
    return [Finding(text, row_ids(relayed), "theme-reported")]


NOBODY = "No author of the selected articles prescribes anything"
"""How the answer begins where a theme has no row of an author's."""

_ATTITUDES = {"endorses": "endorsed", "rejects": "rejected"}
"""What authors make of a position that they relay, where they take sides."""


def _attitudes(rows: pd.DataFrame) -> dict[str, str]:
    """Return for each speaker what the authors make of the positions in his rows; in part, where not of all."""
    found: dict[str, str] = {}
    for who, mine in rows.groupby("speaker", observed=True, sort=False)["author_attitude"]:
        taken = [str(one) for one in mine.unique()]
        part = "in part " if len(taken) > 1 else ""
        words = [f"{part}{_ATTITUDES[one]}" for one in taken if one in _ATTITUDES]
        found[str(who)] = ", ".join(words)
    return found


def _nobody(selection: Selection, about: str, rows: pd.DataFrame) -> list[Finding]:
    """Return what may be said of a theme on which no visible row is an author's."""
    cells = states(selection)
    hidden = cells[(cells["instrument"] == selection.theme) & (cells["state"] == "filtered out")]
    if not hidden.empty:
        names = few(names_of(selection.articles, hidden["article"]))
        text = f"Hidden by the filters: the recommendations {about} of {names}."
        ids = tuple(hidden["article"].astype(str))
        return [Finding(text, (), "theme-hidden", articles=ids), *_reported(selection, rows)]
    mine = cells[cells["instrument"] == selection.theme]
    if ((mine["state"] == "not coded") & ~mine["speaks"]).all():
        text = f"No {chosen(selection)}article is coded {('for ' + about[3:]) if about.startswith('on ') else about}."
        return [Finding(text, (), "theme-uncoded"), *_reported(selection, rows)]
    text = f"{NOBODY} {about}."
    return [Finding(text, (), "theme-nobody"), *_reported(selection, rows)]
