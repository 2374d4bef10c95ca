"""Sentences on time: what recurs, what persists, appears and vanishes, what was written when.

The surprising rule: "vanishes" needs two later articles that prescribe. With one, the sentence is
that the one later article that prescribes does not mention it; with none, there is no sentence.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

import numpy as np
import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.comparable import outside
from policybook.findings.coverage import chosen, nothing_selected, one_side, states, themes
from policybook.findings.finding import NOT_AGAINST, Finding, few, number, sentence
from policybook.findings.independence import caveat, voice_groups
from policybook.findings.wording import TELLING, marked, with_mark
from policybook.measures import timeline, trends
from policybook.measures.agreement import OTHER
from policybook.measures.coverage import OWN
from policybook.suite import Row, Selection, row_ids

SAID = ("supports", "opposes", "both")
"""The states of an article that takes a position."""

HEADS = {
    "persists": "Persists",
    "appears": "Appears",
    "vanishes": "Vanishes",
    "some later silent": "Not prescribed again",
    "one later silent": "Not prescribed again",
    "appears once": "In one article only",
    "unclear": "Unclear",
    "never": "Never prescribed",
    "filtered out": "Filtered out",
}
"""How a sentence names each course over time."""


PARTLY = " Not every article is coded for all of these."
"""What is said with instruments of which an article may yet speak."""


def course(selection: Selection) -> pd.DataFrame:
    """Return the course of every instrument over time, as `measures.timeline.appearances`.

    Computed once for a selection.
    """
    known = selection.memo.get("course")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["course"] = found = timeline.appearances(widest(selection), states(selection))
    return found


def widest(selection: Selection) -> pd.DataFrame:
    """Return the selected articles with their dates at the widest; computed once.

    What is said of before, after and of years has to hold there too.
    """
    known = selection.memo.get("course at the widest")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["course at the widest"] = found = timeline.outer(selection.articles)
    return found


def articles_of(selection: Selection, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the articles of some of the `states`, in order of time: id, label, earliest, latest."""
    places = np.unique(cells["article"].cat.codes)  # the categories are the selected articles
    return widest(selection)[["id", "label", "earliest", "latest"]].iloc[places]


@as_far_as_coded
def recurrence(selection: Selection) -> list[Finding]:
    """Return for each named theme whether it recurs across years, and what may be said after."""
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    lines = course(selection).to_dict("records")
    known = {str(line["instrument"]): line for line in lines}
    rows = selection.rows
    own = rows.loc[rows["voice"].isin(OWN), TELLING]
    found = []
    for theme in themes(selection):
        mine = cells[cells["instrument"] == theme]
        marks = marked(own[own["instrument"] == theme], "article")
        found.append(_recurs(selection, mine, known[theme], marks))
        found += _afterwards(selection, mine, known[theme])
    return found


def voice_of(selection: Selection, articles: Iterable[object]) -> pd.Series:
    """Return of articles, by their ids, which of them are one voice: equal where they are."""
    asked = [str(article) for article in articles]
    table = voice_groups(selection, asked).set_index("article")["group"]
    return table[table.index.isin(asked)]


def one_voice(selection: Selection, articles: Iterable[object]) -> str:
    """Return the caveat that some of these articles may be one voice; empty where none may be."""
    asked = [str(article) for article in articles]
    if len(asked) < 2:  # noqa: PLR2004  (one article is one voice)
        return ""
    return caveat(selection, asked, voice_groups(selection, asked))


def _recurs(
    selection: Selection, mine: pd.DataFrame, line: Row, marks: Mapping[str, str]
) -> Finding:
    """Return in which years, or in how many articles, a theme is taken up.

    `marks` are what holds for all that an article says on it.
    """
    label = sentence(selection.book.label("instrument", str(line["instrument"])))
    said = articles_of(selection, mine[mine["state"].isin(SAID)])
    rows = proof(selection, [str(line["instrument"])])
    if line["hidden"]:
        many = number(int(line["hidden"]))
        text = f"{label} – hidden by the filters in {many} of the articles: its course is not told."
        return Finding(text, rows, "recurs-hidden", subject=str(line["instrument"]))
    names = few(_taking_sides(said, mine, marks))
    where, code = _where(said, line, chosen(selection))
    return Finding(
        f"{label} – {where}{': ' if names else ''}{names}{_uncoded(line)}.",
        rows, code, one_voice(selection, said["id"].tolist()), str(line["instrument"]),
        claim=f"{_where(said, line, '')[0]}: {names}{_uncoded(line)}",
    )  # fmt: skip


def _taking_sides(said: pd.DataFrame, mine: pd.DataFrame, marks: Mapping[str, str]) -> list[str]:
    """Return the names of articles that take a theme up; those not simply for it say so."""
    sides = {"opposes": "against it", "both": "for and against it"}
    states = dict(zip(mine["article"].astype(object), mine["state"].astype(object), strict=True))
    pairs, unseen = zip(said["label"], said["id"].astype(str), strict=True), one_side(mine)
    each = {
        name: [sides.get(states[name], ""), unseen.get(name, ""), marks.get(name, "")]
        for name in said["id"].astype(str)
    }
    return [with_mark(label, ", ".join(filter(None, each[name]))) for label, name in pairs]


def _where(said: pd.DataFrame, line: Row, which: str) -> tuple[str, str]:
    """Return how often a theme is taken up by `which` articles, and the code of that sentence."""
    if said.empty:
        return f"in no {which}article", "recurs-never"
    if len(said) == 1:
        return f"in one {which}article only", "recurs-once"
    if line["across_years"]:
        return f"across years ({years(said)})", "recurs-years"
    spans = timeline.years(said)
    if spans["first"].min() == spans["last"].max():
        return f"in {years(said)} only", "recurs-one-year"
    return f"in {number(len(said))} articles, not certainly of different years", "recurs-unclear"


def years(articles: pd.DataFrame) -> str:
    """Return the years in which articles were published; "2014/2015" where it may be either."""
    spans = timeline.years(articles)
    pairs = spans[["first", "last"]].drop_duplicates().itertuples(index=False)
    return few(dict.fromkeys(str(a) if a == b else f"{a}/{b}" for a, b in pairs))


def _uncoded(line: Row) -> str:
    """Return how many articles are not coded for an instrument, empty where all are."""
    return f" (not coded for it: {number(int(line['not_coded']))})" if line["not_coded"] else ""


def _afterwards(selection: Selection, mine: pd.DataFrame, line: Row) -> list[Finding]:
    """Return what may be said of the time after the last article that takes a theme up."""
    if line["hidden"] or not line["articles"]:
        return []
    label = sentence(selection.book.label("instrument", str(line["instrument"])))
    later, perhaps = (_silent(selection, mine, line, which) for which in ("later", "perhaps"))
    if later.empty and perhaps.empty:
        return []
    heard = voice_of(selection, later["id"]).nunique()
    text, code, names = _leaves_out(later, perhaps, heard)
    shared = one_voice(selection, names["id"]) if heard < len(names) else ""
    text = f"{label}, afterwards – {text}{_uncoded(line)}{_no_sign(selection, mine, line)}."
    doubt = " ".join(filter(None, [NOT_AGAINST, shared]))
    return [Finding(text, (), code, doubt, str(line["instrument"]))]


def _leaves_out(
    later: pd.DataFrame, perhaps: pd.DataFrame, heard: int
) -> tuple[str, str, pd.DataFrame]:
    """Return which articles, certainly or perhaps later, leave a theme out, the code, and all named.

    `heard` is how many voices the certainly later ones are at most.
    """
    names = few(later["label"].tolist())
    if heard > 1:
        text = f"vanishes: {number(len(later))} later articles that prescribe leave it out of their demands"
        return f"{text}: {names}", "after-vanishes", later
    if later.empty:
        this = "this came later, which leaves" if len(perhaps) == 1 else "these came later, which leave"  # fmt: skip
        text = f"not certain, since the dates do not say whether {this} it out"
        return f"{text}: {few(perhaps['label'].tolist())}", "after-unclear", perhaps
    one = "one later article that prescribes leaves it out of its demands"
    if len(later) > 1:
        one = "later articles that prescribe, one voice, leave it out of their demands"
    if perhaps.empty:
        return f"the {one}: {names}", "after-one", later
    text = f"{one}: {names}; perhaps later, too, and without it: {few(perhaps['label'].tolist())}"
    return text, "after-perhaps", pd.concat([later, perhaps])


def _silent(selection: Selection, mine: pd.DataFrame, line: Row, which: str) -> pd.DataFrame:
    """Return the articles certainly, or only perhaps, later than all that prescribe it, and without it."""
    facts = articles_of(selection, mine[mine["state"] == "silent"])
    after = facts["earliest"] > line["last_latest"]
    if which == "perhaps":
        after = ~after & (facts["latest"] >= line["last_earliest"])
    found: pd.DataFrame = facts[after]
    return found


def _no_sign(selection: Selection, mine: pd.DataFrame, line: Row) -> str:
    """Return which later articles prescribe nothing at all: that they leave it out says nothing."""
    facts = articles_of(selection, mine[mine["state"] == "prescribes nothing"])
    names = facts.loc[facts["earliest"] > line["last_latest"], "label"].tolist()
    return f"; no sign either way, as nothing is prescribed there: {few(names)}" if names else ""


def proof(selection: Selection, instruments: Iterable[str]) -> tuple[str, ...]:
    """Return the first visible row of each article's author on each of some instruments."""
    rows = selection.rows[["id", "article", "instrument", "voice"]]
    rows = rows[rows["voice"].isin(OWN) & rows["instrument"].isin(list(instruments))]
    return row_ids(rows.drop_duplicates(["article", "instrument"]))


@as_far_as_coded
def what_changed(selection: Selection) -> list[Finding]:
    """Return which instruments persist, appear, vanish and are said once; and why no trend is drawn.

    An article that prescribes nothing, or is not coded, neither persists nor falls silent.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    if ((cells["state"] == "not coded") & ~cells["speaks"]).all():
        text = f"No {chosen(selection)}article is coded: nothing is known to persist or to vanish."
        return [Finding(text, (), "course-uncoded")]
    if (~cells["state"].isin([*SAID, "silent", "filtered out"])).all():
        text = (
            "No author of the selected articles prescribes anything: nothing persists or vanishes."
        )
        return [Finding(text, (), "course-nothing")]
    table = course(selection)
    table = table[table["instrument"] != OTHER]
    found = []
    for kind in timeline.KINDS:
        group = table[table["kind"] == kind]
        if len(group):
            found.append(_kind(selection, cells, kind, group))
    rows = selection.rows
    apart = outside(selection, rows=rows[rows["voice"].isin(OWN)])
    return [*found, *apart, *_no_trend(selection)]


def _kind(selection: Selection, cells: pd.DataFrame, kind: str, group: pd.DataFrame) -> Finding:
    """Return the instruments of one course over time."""
    ids = list(group["instrument"])
    labels = few((sided(selection, str(name)) for name in ids), most=12)
    text = f"{HEADS[kind]} – {timeline.KINDS[kind]}: {labels}."
    caveats = [_between(selection, cells, group)] if kind == "persists" else []
    caveats += [_one_voice_behind(selection, cells, ids, kind)]
    if (group["not_coded"] > 0).any():
        caveats.append(PARTLY.strip())
    code = f"course-{kind.replace(' ', '-')}"
    return Finding(text, proof(selection, ids), code, " ".join(filter(None, caveats)))


def _one_voice_behind(
    selection: Selection, cells: pd.DataFrame, instruments: list[str], kind: str
) -> str:
    """Return which instruments have a course only because articles of one voice count as several."""
    states = {"persists": SAID, "vanishes": ("silent",)}.get(kind)
    if states is None:
        return ""
    mine = cells[cells["state"].isin(states) & cells["instrument"].isin(instruments)]
    mine = mine[["article", "instrument"]].astype("str")
    if kind == "vanishes":
        after = mine["instrument"].map(course(selection).set_index("instrument")["last_latest"])
        began = mine["article"].map(widest(selection).set_index("id")["earliest"])
        mine = mine[began > after]
    voice = mine["article"].map(voice_of(selection, mine["article"].unique()))
    heard = voice.groupby(mine["instrument"]).nunique()
    alone = [name for name in instruments if heard.get(name, 0) == 1]
    if not alone:
        return ""
    labels = few(selection.book.label("instrument", name) for name in alone)
    who = one_voice(selection, mine.loc[mine["instrument"].isin(alone), "article"].unique())
    return f"One voice in several articles: {labels}. {who}"


def sided(selection: Selection, instrument: str) -> str:
    """Return the words for an instrument, that it is opposed, and what holds for all that is said on it."""
    known = selection.memo.get("sides")
    if not isinstance(known, dict):
        rows = selection.rows.loc[selection.rows["voice"].isin(OWN), TELLING]
        marks = marked(rows, "instrument")
        told = rows.groupby("instrument", observed=True)["stance"]
        taken = {str(name): set(stances.unique()) for name, stances in told}
        known = {name: _brackets(taken[name], mark) for name, mark in marks.items()}
        selection.memo["sides"] = known
    label = selection.book.label("instrument", instrument)
    return f"{label} ({known[instrument]})" if known.get(instrument) else label


def _brackets(stances: Container[str], mark: str) -> str:
    """Return what has to be said of an instrument: that authors are against it, and what holds for all of it.

    >>> _brackets({"opposes"}, "under a condition"), _brackets({"supports"}, "")
    ('against it, under a condition', '')
    """
    side = f"{'for and ' * ('supports' in stances)}against it" if "opposes" in stances else ""
    return ", ".join(filter(None, [side, mark]))


def _between(selection: Selection, cells: pd.DataFrame, group: pd.DataFrame) -> str:
    """Return which articles prescribe only other things between the first and the last on it."""
    silent = cells[(cells["state"] == "silent") & cells["instrument"].isin(group["instrument"])]
    silent = silent[["article", "instrument"]].astype({"instrument": "str"})
    days = widest(selection).set_index("id")[["earliest", "latest"]]
    silent = silent.join(days, on="article")
    silent = silent.merge(group[["instrument", "first_latest", "last_earliest"]], on="instrument")
    inside = silent["earliest"].gt(silent["first_latest"]) & silent["latest"].lt(silent["last_earliest"])  # fmt: skip
    found = silent[inside]
    shown, most = found["article"].unique(), 4
    parts = [
        f"{selection.labels[str(name)]} on {few(selection.book.label('instrument', i) for i in found.loc[found['article'] == name, 'instrument'])}"
        for name in shown[: most + 1]
    ]
    told = few(parts, most=most, mark=";", total=len(shown))
    return f"Nothing prescribed in between: {told}." if parts else ""


def _no_trend(selection: Selection) -> list[Finding]:
    """Return why no trend is computed through the selected articles."""
    rows = selection.rows[selection.rows["voice"].isin(OWN)]
    if rows.empty:
        return []
    voice = voice_of(selection, rows["article"].unique())
    reason = trends.refusal(widest(selection), rows, voice=voice)
    if not reason:
        return []
    reason = reason.replace("speaks of it", "prescribes").replace("speak of it", "prescribe")
    shown = as_shown(selection, reason, rows)
    return [Finding(f"No trend is drawn: {shown}.", (), "no-trend", claim=reason)]


OF_THESE = ("it is not", "a common author", "no author alone")
"""How reasons begin that hold of the articles shown, whoever else may speak."""


def as_shown(selection: Selection, reason: str, rows: pd.DataFrame, theme: str = "") -> str:
    """Return why there is no trend through the authors' rows; as far as filters show who speaks.

    A reason that counts nobody is told of "these articles", and holds whatever a filter hides.
    """
    if reason.startswith(OF_THESE) or not selection.narrowed:
        return reason
    every = selection.all_rows
    every = every[every["voice"].isin(OWN)]
    every = every[every["instrument"] == theme] if theme else every
    points = ["article", "speaker"]
    more = len(every[points].drop_duplicates()) > len(rows[points].drop_duplicates())
    return f"{'as far as the filters show, ' * more}{reason}"
