"""The charts of a selection, joined with their words, their description and their data."""

from __future__ import annotations

import pandas as pd

from policybook.exhibits.figure import Figure, figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import ARTICLE, note_links
from policybook.findings.coverage import states
from policybook.findings.finding import few, number
from policybook.measures.coverage import OWN
from policybook.suite import Selection

MOST_ARTICLES = 16
"""Articles a matrix shows; those that prescribe most come first, the rest are counted."""

MOST_PROOFS = 3
"""Notes behind one cell of the matrix; of more, the rest is counted."""

MOST_ON_LADDER = 40
"""Articles a ladder shows: those with most recommendations on the theme; the rest are counted."""

_SAID = ("supports", "opposes", "both")


CELL = "cell"
"""The column that names a cell of the matrix by the ids of its article and its instrument."""


def matrix(selection: Selection, *, key: str = "") -> Exhibit:
    """Return who recommends what as a matrix; instruments nobody touches are named, not drawn.

    With `key`, which may be `CELL`, a click in a live notebook selects by that column.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)

    cells = states(selection)
    cells, more = _fewer(cells, selection)
    touched = (cells["state"].isin([*_SAID, "filtered out", "not coded"])) | (cells["reported"] > 0)
    drawn = cells[cells["instrument"].isin(cells.loc[touched, "instrument"])]
    if drawn.empty:
        return _nothing()
    labelled = _labelled(drawn, selection)
    rest = [
        v.label
        for i, v in selection.book.values("instrument").items()
        if i not in set(drawn["instrument"])
    ]
    description = _described(drawn, rest, more)
    data = labelled[["instrument", "article", "date", "state", "reported", "diagnosed"]]
    data = data.assign(instrument=_proved(selection, drawn, labelled["instrument"]))
    title = "Who recommends what, in the author's own voice"
    chart = charts.matrix(labelled, title=title, key=key)
    return figure(
        chart,
        description=description,
        data=data,
        caption="State of each article on each instrument",
    )


def _proved(selection: Selection, cells: pd.DataFrame, words: pd.Series) -> pd.Series:
    """Return words with the notes of each cell: the rows behind it, else the article that was read."""
    rows = _by_cell(selection.rows, cells)
    keys = zip(cells["article"].astype(str), cells["instrument"].astype(str), strict=True)
    proofs = [rows.get(key, [f"{ARTICLE}{key[0]}"]) for key in keys]
    links = [note_links(selection.suite, proof, most=MOST_PROOFS) for proof in proofs]
    told = [joined(pair) for pair in zip(words, links, strict=True)]
    return pd.Series(told, index=words.index, dtype=object)


def _by_cell(rows: pd.DataFrame, cells: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return the ids of rows by the article and the instrument of those cells they stand in."""
    rows = rows[rows["article"].isin(cells["article"].unique())]
    columns = (rows[name].astype(str) for name in ("article", "instrument", "id"))
    found: dict[tuple[str, str], list[str]] = {}
    for article, instrument, name in zip(*columns, strict=True):
        found.setdefault((article, instrument), []).append(name)
    return found


def _nothing() -> Exhibit:
    """Return the sentence that stands in place of an empty chart."""
    text = "There is nothing to draw within the selection."
    return Exhibit(tag("p", text, class_="nothing"), text)


def _fewer(cells: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, int]:
    """Return the cells of those articles a page can hold, and how many more there are."""
    said = cells[cells["state"].isin(_SAID)].groupby("article", sort=False).size()
    order = said.reindex(selection.articles["id"], fill_value=0).sort_values(
        ascending=False, kind="stable"
    )
    kept = set(order.index[:MOST_ARTICLES])
    return cells[cells["article"].isin(kept)], max(0, len(order) - MOST_ARTICLES)


def _labelled(cells: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return cells with words for article, date and instrument."""
    facts = selection.articles[selection.articles["id"].isin(cells["article"].unique())]
    facts = facts.set_index("id")
    date = facts["label"].str.extract(r"\(([^)]*)\)$")[0]
    return cells.assign(
        date=cells["article"].map(date).astype(str),
        article=cells["article"].map(facts["speaker_label"]).astype(str),
        instrument=[selection.book.label("instrument", str(i)) for i in cells["instrument"]],
        cell=cells["article"].astype(str) + " " + cells["instrument"].astype(str),
        state=cells["state"].astype(str),
    ).reset_index(drop=True)


def _described(cells: pd.DataFrame, rest: list[str], more: int) -> str:
    """Return what the matrix shows, in words that stand for it."""
    counts = cells["state"].astype(str).value_counts()
    parts = [f"{number(int(counts.get(s, 0)))} cells read “{s}”" for s in _SAID if counts.get(s, 0)]
    text = f"Instruments down, articles in order of time across: {', '.join(parts) or 'no author takes a position'}."
    text += " “r” marks positions that an article only relays."
    if rest:
        text += f" On these no article says anything: {few(rest, most=30)}."
    if more:
        text += f" {number(more).capitalize()} more articles are not drawn."
    return text


def ladder(selection: Selection) -> Exhibit:
    """Return how firmly each article puts the theme, over time, in the author's own voice."""
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)

    rows = selection.rows
    own = rows[(rows["instrument"] == selection.theme) & rows["voice"].isin(OWN)]
    if own.empty:
        return _nothing()
    data = _strengths(selection, own)
    strengths = [v.label for v in selection.book.values("strength").values()]
    label = selection.book.label("instrument", selection.theme)
    title = f"How firmly it is put, and when: {label}"
    table = data[["article", "when", "strength", "stance", "rows"]].assign(
        article=[
            joined([name, note_links(selection.suite, ids)])
            for name, ids in zip(data["article"], data.pop("ids"), strict=True)
        ]
    )
    return figure(
        charts.ladder(data, strengths=strengths, title=title),
        description=_ladder_words(selection, own),
        data=table,
        caption=f"Strength of {label} by article",
    )


def _strengths(selection: Selection, own: pd.DataFrame) -> pd.DataFrame:
    """Return how often each article puts the theme how firmly; of many, those that do most."""
    most = own.groupby("article", observed=True, sort=False).size().nlargest(MOST_ON_LADDER)
    own = own[own["article"].isin(most.index)]
    keys = ["article", "strength", "stance"]
    ids = own.groupby(keys, observed=True, sort=False)["id"].agg(list).rename("ids")
    data = ids.reset_index().astype({"article": str, "stance": str})
    facts = selection.articles.set_index("id").loc[data["article"]].reset_index(drop=True)
    return data.assign(
        rows=data["ids"].map(len),
        earliest=facts["earliest"],
        latest=facts["latest"],
        when=facts["when"],
        article=facts["speaker_label"].astype(str),
        strength=[selection.book.label("strength", str(s)) for s in data["strength"]],
    )


def _ladder_words(selection: Selection, own: pd.DataFrame) -> str:
    """Return what the ladder shows, in words that stand for it."""
    label = selection.book.label("instrument", selection.theme)
    total = int(own["article"].nunique())
    text = (
        "Strength down, date of publication across; a bar shows how uncertain a date is. "
        f"{number(total).capitalize()} of {number(len(selection.articles))} articles "
        f"take a position on {label} in the author's own voice."
    )
    rest = total - MOST_ON_LADDER
    return f"{text} {number(rest).capitalize()} of them are not drawn." if rest > 0 else text


__all__ = ["Figure", "ladder", "matrix"]
