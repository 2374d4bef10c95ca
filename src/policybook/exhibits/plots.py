"""The charts of a selection, joined with their words, their description and their data."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from policybook import dates
from policybook.exhibits.evidence import no_theme
from policybook.exhibits.figure import Figure, figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import ARTICLE, note_links
from policybook.exhibits.windows import stretch
from policybook.findings.coverage import hides, states
from policybook.findings.finding import few, number
from policybook.measures import timeline
from policybook.measures.agreement import OTHER
from policybook.measures.coverage import OWN, mute, told
from policybook.suite import Selection

MOST_ARTICLES = 16
"""Articles a matrix shows; those that prescribe most come first, the rest are counted."""

MOST_PROOFS = 3
"""Notes behind one cell of the matrix; of more, the rest is counted."""

MOST_ON_LADDER = 24
"""Articles that a ladder draws one by one; more are counted by strength and period, certain and
possible ones apart."""

SIZES = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Months that a period may have: the first of which there are `MOST_PERIODS` at most."""

MOST_PERIODS = 12

MOST_NAMED = 12
"""Articles that are not drawn and are named all the same; the rest are counted."""

_SAID = ("supports", "opposes", "both")


CELL = "cell"
"""The column that names a cell of the matrix by the ids of its article and its instrument."""


def matrix(selection: Selection, *, key: str = "") -> Exhibit:
    """Return who recommends what as a matrix; instruments nobody touches are named, not drawn.

    With `key`, which may be `CELL`, a click in a live notebook selects by that column.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)
    from policybook.charts.matrix import TOLD  # noqa: PLC0415

    cells = states(selection)
    cells, more = _fewer(cells, selection)
    touched = cells["speaks"] | (cells["state"] == "not coded")
    drawn = cells[cells["instrument"].isin(cells.loc[touched, "instrument"])]
    drawn = drawn[~(mute(drawn) & (drawn["instrument"] == OTHER))]  # nobody is silent on the rest
    if drawn.empty:
        return _nothing()
    labelled = _labelled(drawn, selection)
    description = _described(drawn, _undrawn(selection, drawn), more)
    data = labelled[["instrument", "article", "date", "state", "reported", "diagnosed"]]
    data = data.assign(instrument=_proved(selection, drawn, labelled["instrument"]))
    data = data.rename(columns=TOLD)
    title = "Who recommends what, in the author's own voice"
    chart = charts.matrix(labelled, title=title, key=key)
    return figure(
        chart,
        description=description,
        data=data,
        caption="State of each article on each instrument",
    )


def _undrawn(selection: Selection, drawn: pd.DataFrame) -> dict[str, list[str]]:
    """Return the instruments that are not drawn by the reason: nobody has them, or nobody drawn."""
    cells = states(selection)
    known, shown = (set(some["instrument"].unique()) for some in (cells[cells["speaks"]], drawn))
    found: dict[str, list[str]] = {}
    for name, value in selection.book.values("instrument").items():
        if name not in shown:
            why = (
                "it is coded only in other articles" if name in known else "nothing is coded on it"
            )
            found.setdefault(why, []).append(value.label)
    return found


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


def _fewer(cells: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells of those articles a page can hold, and the names of the others."""
    said = cells[cells["state"].isin(_SAID)].groupby("article", sort=False).size()
    order = said.reindex(selection.articles["id"], fill_value=0).sort_values(
        ascending=False, kind="stable"
    )
    kept = set(order.index[:MOST_ARTICLES])
    facts = selection.articles
    more = facts.loc[~facts["id"].isin(kept), "label"].tolist()
    return cells[cells["article"].isin(kept)], more


def _labelled(cells: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return cells with words for article, date and instrument."""
    facts = selection.articles[selection.articles["id"].isin(cells["article"].unique())]
    facts = facts.set_index("id")
    named = zip(facts["label"], facts["speaker_label"], strict=True)
    when = [str(label).removeprefix(f"{speaker} (")[:-1] for label, speaker in named]
    date = pd.Series(when, index=facts.index, dtype=object)
    return cells.assign(
        date=cells["article"].map(date).astype(str),
        article=cells["article"].map(facts["speaker_label"]).astype(str),
        instrument=[selection.book.label("instrument", str(i)) for i in cells["instrument"]],
        cell=cells["article"].astype(str) + " " + cells["instrument"].astype(str),
        state=told(cells),
    ).reset_index(drop=True)


def _described(cells: pd.DataFrame, rest: dict[str, list[str]], more: list[str]) -> str:
    """Return what the matrix shows, in words that stand for it.

    That no author takes a position is said only where nothing is hidden, and all is coded.
    """
    counts = cells["state"].astype(str).value_counts()
    told_of = (*_SAID, "filtered out", "not coded")
    some = {state: int(counts.get(state, 0)) for state in told_of if counts.get(state, 0)}
    parts = [
        f"{number(n)} {'cell reads' if n == 1 else 'cells read'} “{state}”"
        for state, n in some.items()
    ]
    text = f"Instruments down, articles in order of time across: {', '.join(parts) or 'no author takes a position'}."
    text += " “r” marks positions that an article only relays, “d” problems that it only describes."
    for why, labels in rest.items():
        text += f" Not drawn, as {why}: {few(labels, most=30)}."
    if more:
        text += f" Drawn are those articles that take most positions; not drawn: {few(more, most=MOST_NAMED)}."
    return text


def ladder(selection: Selection) -> Exhibit:
    """Return how firmly each article puts the theme, over time, in the author's own voice.

    The selection has to have a theme, `suite.select(theme=…)`; without one, a sentence says so.
    Across is the day of publication, as wide as it is uncertain, up the strengths of the codebook.
    Of many articles the counts by period are drawn in place of each.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)
    from policybook.charts.ladder import TOLD, TOLD_OF_MANY  # noqa: PLC0415

    if not selection.theme:
        return no_theme()
    rows = selection.rows
    own = rows[(rows["instrument"] == selection.theme) & rows["voice"].isin(OWN)]
    if own.empty:
        return _nothing()
    strengths = [v.label for v in selection.book.values("strength").values()]
    label = selection.book.label("instrument", selection.theme)
    title = f"How firmly it is put, and when: {label}"
    if own["article"].nunique() > MOST_ON_LADDER:
        counts, periods = _counted(selection, own)
        return figure(
            charts.rungs(counts, strengths=strengths, periods=periods, title=title),
            description=_ladder_words(selection, own),
            data=counts.drop(columns="figure").rename(columns=TOLD_OF_MANY),
            caption=f"Articles by strength of {label} and period",
        )
    data = _strengths(selection, own)
    notes = (note_links(selection.suite, ids) for ids in data.pop("ids"))
    names = [joined(pair) for pair in zip(data["article"], notes, strict=True)]
    table = data[["article", "when", "strength", "stance", "rows"]].assign(article=names)
    return figure(
        charts.ladder(data, strengths=strengths, title=title),
        description=_ladder_words(selection, own),
        data=table.rename(columns=TOLD),
        caption=f"Strength of {label} by article",
    )


def _strengths(selection: Selection, own: pd.DataFrame) -> pd.DataFrame:
    """Return how often each article puts the theme how firmly."""
    keys = ["article", "strength", "stance"]
    ids = own.groupby(keys, observed=True, sort=False)["id"].agg(list).rename("ids")
    data = ids.reset_index().astype({"article": str, "stance": str})
    facts, widest = (
        table.set_index("id").loc[data["article"]].reset_index(drop=True)
        for table in (selection.articles, timeline.outer(selection.articles))
    )
    return data.assign(
        rows=data["ids"].map(len),
        earliest=facts["earliest"],
        latest=facts["latest"],
        first=widest["earliest"],
        last=widest["latest"],
        when=facts["when"],
        article=facts["speaker_label"].astype(str),
        strength=[selection.book.label("strength", str(s)) for s in data["strength"]],
    )


def _counted(selection: Selection, own: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return how many articles stand on each strength in each period, and all periods in order.

    Those that certainly appeared in the period, and further ones that may have, each in every
    period that its interval touches: no middle of an interval is a date.
    """
    spans, size = _spans(selection, own)
    every = range(int(spans["first"].min()), int(spans["last"].max()) + 1)
    periods = {n: _period(n * size, size) for n in every}
    by = ["strength", "stance"]
    rungs = own[["article", *by]].drop_duplicates()
    found = timeline.windows(rungs, spans, by=by, size=1, rule="articles")
    found = found[found["count"] + found["perhaps"] > 0].sort_values(["first", *by], kind="stable")
    counts = pd.DataFrame({
        "period": found["first"].map(periods).astype(object),
        "strength": [selection.book.label("strength", str(code)) for code in found["strength"]],
        "stance": found["stance"].astype(str),
        "articles": found["count"], "perhaps": found["perhaps"],
    })  # fmt: skip
    figures = map(stretch, counts["articles"].tolist(), counts["perhaps"].tolist())
    return counts.assign(figure=list(figures)).reset_index(drop=True), list(periods.values())


def _spans(selection: Selection, own: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the first and the last period in which each article of the rows can have appeared.

    Periods are numbered from the year nought, and as short as `MOST_PERIODS` allow; with them
    goes how many months one has.
    """
    facts = timeline.outer(selection.articles)
    facts = facts[facts["id"].isin(own["article"].unique())]
    days = {"first": facts["earliest"], "last": facts["latest"]}
    months = {end: day.dt.year * 12 + day.dt.month - 1 for end, day in days.items()}
    first, last = int(months["first"].min()), int(months["last"].max())
    size = next((n for n in SIZES if last // n - first // n < MOST_PERIODS), SIZES[-1])
    ends = {end: month // size for end, month in months.items()}
    return pd.DataFrame({"article": facts["id"], **ends}), size


def _period(month: int, size: int) -> str:
    """Return a period in words from its first month, counted from the year nought.

    >>> _period(1990 * 12, 3), _period(1990 * 12, 12), _period(1990 * 12, 60)
    ('January–March 1990', '1990', '1990–1994')
    """
    ends = (month, month + size - 1)
    if size < MONTHS:
        return dates.month(*(dt.date(n // MONTHS, n % MONTHS + 1, 1) for n in ends))
    first, last = (n // MONTHS for n in ends)  # a period may begin with the year nought
    return str(first) if size == MONTHS else f"{first}–{last}"


MONTHS = 12


def _ladder_words(selection: Selection, own: pd.DataFrame) -> str:
    """Return what the ladder shows, in words that stand for it."""
    many = int(own["article"].nunique()) > MOST_ON_LADDER
    drawn = (
        "a figure counts articles."
        if many
        else f"a bar shows how uncertain a date is{_wider(selection, own)}."
    )
    text = f"Strength down, date of publication across; {drawn} {_taking(selection, own)}"
    if many:
        text += " One that puts it in two ways is counted on each."
        return f"{text}{_open_words(selection, own)}"
    firmest = own.groupby("article", observed=True, sort=False)["strength"].min()
    parts = (
        f"{selection.labels[str(article)]} – {selection.book.label('strength', str(code))}"
        for article, code in firmest.items()
    )
    seen = ", as far as the filters show" if hides(selection, selection.theme) else ""
    return f"{text} At the firmest{seen}: {few(parts, mark=';', most=6)}."


def _taking(selection: Selection, own: pd.DataFrame) -> str:
    """Return how many articles take a position on the theme, and how many of them are hidden."""
    label = selection.book.label("instrument", selection.theme)
    on_it = f"a position on {label} in the author's own voice"
    every = len(selection.articles)
    if every == 1:
        return f"The article takes {on_it}."
    cells = states(selection)
    counts = cells.loc[cells["instrument"] == selection.theme, "state"].value_counts()
    hidden, uncoded = (int(counts.get(state, 0)) for state in ("filtered out", "not coded"))
    total = int(own["article"].nunique()) + hidden
    more = f", {number(hidden)} of them hidden by the filters" if hidden else ""
    more += f"; not coded for it: {number(uncoded)}" if uncoded else ""
    takes = "takes" if total == 1 else "take"
    return f"{number(total).capitalize()} of {number(every)} articles {takes} {on_it}{more}."


def _wider(selection: Selection, own: pd.DataFrame) -> str:
    """Return what a line beyond a bar is, where an article of the rows has one."""
    facts = selection.articles[selection.articles["id"].isin(own["article"].unique())]
    days, widest = ["earliest", "latest"], timeline.outer(facts)
    beyond = bool((facts[days] != widest[days]).to_numpy().any())
    return ", and a line beyond it all days that are not ruled out" * beyond


def _open_words(selection: Selection, own: pd.DataFrame) -> str:
    """Return of how many articles the dates leave the period open, and how they are counted."""
    spans, _ = _spans(selection, own)
    left = int((spans["first"] < spans["last"]).sum())
    if not left:
        return ""
    one = left == 1
    whose = (
        "The date of one article leaves" if one else f"The dates of {number(left)} articles leave"
    )
    return (
        f" {whose} the period open: {'it' if one else 'each'} is counted as possible in every period "
        "that it may be of. Of two figures the first counts the articles that are certainly of the period, the second "
        "adds those that may be; a hollow mark has none that is certain."
    )


__all__ = ["Figure", "ladder", "matrix"]
