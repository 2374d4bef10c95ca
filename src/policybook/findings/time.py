"""Sentences on time: what recurs, what persists, appears and vanishes, what was written when.

The surprising rule: "vanishes" needs two later articles that prescribe. With one, the sentence is
that the one later article that prescribes does not mention it; with none, there is no sentence.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from policybook import dates
from policybook.findings.comparable import outside
from policybook.findings.coverage import articles_of, chosen, nothing_selected, states, themes
from policybook.findings.finding import NOT_AGAINST, Finding, few, names_of, number, sentence
from policybook.findings.independence import caveat, voice_groups
from policybook.measures import timeline
from policybook.measures.agreement import OTHER
from policybook.measures.coverage import OWN
from policybook.suite import Row, Selection, row_ids

SAID = ("supports", "opposes", "both")
"""The states of an article that takes a position."""

APART = pd.Timedelta(days=365)
"""From so long a gap without any article on, articles belong to different spells of writing."""

MOST_SPELLS = 4
"""So many spells at most: beyond, only the widest gaps divide."""

MOST_ARTICLES = 8
"""So many articles have their own sentence; the rest stand in the table."""

HEADS = {
    "persists": "Persists",
    "appears": "Appears",
    "vanishes": "Vanishes",
    "one later silent": "Not prescribed again",
    "appears once": "Prescribed once",
    "unclear": "Unclear",
    "never": "Never prescribed",
    "filtered out": "Filtered out",
}
"""How a sentence names each course over time."""


def course(selection: Selection) -> pd.DataFrame:
    """Return the course of every instrument over time, as `measures.timeline.appearances`.

    Computed once for a selection.
    """
    known = selection.memo.get("course")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["course"] = found = timeline.appearances(selection.articles, states(selection))
    return found


def recurrence(selection: Selection) -> list[Finding]:
    """Return for each named theme whether it recurs across years, and what may be said after."""
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    lines = course(selection).to_dict("records")
    known = {str(line["instrument"]): line for line in lines}
    found = []
    for theme in themes(selection):
        mine = cells[cells["instrument"] == theme]
        found.append(_recurs(selection, mine, known[theme]))
        found += _afterwards(selection, mine, known[theme])
    return found


def one_voice(selection: Selection, articles: Iterable[object]) -> str:
    """Return the caveat that some of these articles may be one voice; empty where none may be."""
    asked = [str(article) for article in articles]
    if len(asked) < 2:  # noqa: PLR2004  (one article is one voice)
        return ""
    return caveat(selection, asked, voice_groups(selection, asked))


def _recurs(selection: Selection, mine: pd.DataFrame, line: Row) -> Finding:
    """Return in which years, or in how many articles, a theme is taken up."""
    label = sentence(selection.book.label("instrument", str(line["instrument"])))
    said = articles_of(selection, mine[mine["state"].isin(SAID)])
    rows = proof(selection, [str(line["instrument"])])
    if line["hidden"]:
        many = number(int(line["hidden"]))
        text = f"{label} – hidden by the filters in {many} of the articles: its course is not told."
        return Finding(text, rows, "recurs-hidden", subject=str(line["instrument"]))
    names = few(said["label"].tolist())
    where, code = _where(said, line, chosen(selection))
    return Finding(
        f"{label} – {where}{': ' if names else ''}{names}{_uncoded(line)}.",
        rows, code, one_voice(selection, said["id"].tolist()), str(line["instrument"]),
        claim=f"{_where(said, line, '')[0]}: {names}{_uncoded(line)}",
    )  # fmt: skip


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
        where = f"in one year only ({years(said)}), in {number(len(said))} articles"
        return where, "recurs-one-year"
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
    if len(later) > 1:
        many = number(len(later))
        text = f"vanishes: {many} later articles that prescribe leave it out of their demands"
        code, names = "after-vanishes", later
    elif perhaps:
        text = (
            "not certain, since the dates do not say whether these came later, which leave it out"
        )
        code, names = "after-unclear", perhaps
    elif later:
        text = "the one later article that prescribes leaves it out of its demands"
        code, names = "after-one", later
    else:
        return []
    text = f"{label}, afterwards – {text}: {few(names)}{_uncoded(line)}"
    text = f"{text}{_no_sign(selection, mine, line)}."
    return [Finding(text, (), code, NOT_AGAINST, str(line["instrument"]))]


def _silent(selection: Selection, mine: pd.DataFrame, line: Row, which: str) -> list[str]:
    """Return the articles certainly, or only perhaps, later than all that prescribe it, and without it."""
    facts = articles_of(selection, mine[mine["state"] == "silent"])
    after = facts["earliest"] > line["last_latest"]
    if which == "perhaps":
        after = ~after & (facts["latest"] >= line["last_earliest"])
    names: list[str] = facts.loc[after, "label"].tolist()
    return names


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


def what_changed(selection: Selection) -> list[Finding]:
    """Return which instruments persist, appear, vanish and are said once; and why no trend is drawn.

    An article that prescribes nothing, or is not coded, neither persists nor falls silent.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
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
    if (group["not_coded"] > 0).any():
        caveats.append("Not every article is coded for all of these.")
    code = f"course-{kind.replace(' ', '-')}"
    return Finding(text, proof(selection, ids), code, " ".join(filter(None, caveats)))


def sided(selection: Selection, instrument: str) -> str:
    """Return the words for an instrument, and that it is opposed where no author is only for it."""
    known = selection.memo.get("sides")
    if not isinstance(known, dict):
        rows = selection.rows[selection.rows["voice"].isin(OWN)]
        names, stance = rows["instrument"].astype(str), rows["stance"]
        known = {side: set(names[stance == side].unique()) for side in ("supports", "opposes")}
        selection.memo["sides"] = known
    label = selection.book.label("instrument", instrument)
    if instrument not in known["opposes"]:
        return label
    return f"{label} ({'for and ' * (instrument in known['supports'])}against it)"


def _between(selection: Selection, cells: pd.DataFrame, group: pd.DataFrame) -> str:
    """Return which articles prescribe only other things between the first and the last on it."""
    silent = cells[(cells["state"] == "silent") & cells["instrument"].isin(group["instrument"])]
    silent = silent[["article", "instrument"]].astype({"instrument": "str"})
    days = selection.articles.set_index("id")[["earliest", "latest"]]
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
    reason = timeline.refusal(selection.articles, rows) if len(rows) else ""
    if not reason:
        return []
    reason = reason.replace("speaks of it", "prescribes").replace("speak of it", "prescribe")
    return [Finding(f"No trend is drawn: {reason}.", (), "no-trend")]


def spells(articles: pd.DataFrame) -> pd.Series:
    """Return for each article, in order of time, the number of its spell of writing, from 0.

    A spell ends where for more than a year certainly no article appeared; of more than three
    such gaps only the three widest divide.
    """
    reached = articles["latest"].cummax().shift()
    gap = (articles["earliest"] - reached).fillna(pd.Timedelta(0))
    widest = gap[gap > APART].sort_values(ascending=False, kind="stable").index[: MOST_SPELLS - 1]
    return pd.Series(articles.index.isin(widest), index=articles.index).cumsum()


def order_of_writing(selection: Selection) -> list[Finding]:
    """Return in which spells the articles were written, and where their order is not certain."""
    facts = selection.articles
    if facts.empty:
        return [nothing_selected()]
    parts = [
        f"{dates.month(one['earliest'].min().date(), one['latest'].max().date())} ({number(len(one))})"
        for _, one in facts.groupby(spells(facts))
    ]
    found = []
    if len(parts) > 1:
        text = (
            f"Spells of writing, more than a year apart, with their articles: {'; '.join(parts)}."
        )
        found.append(Finding(text, (), "spells"))
    places = timeline.order(facts)
    loose = places[places["first"] != places["last"]]
    if len(loose):
        names = few(names_of(facts, loose["article"]))
        text = f"Not in a certain order with every other article: {names}."
        return [*found, Finding(text, (), "order-unclear")]
    return [*found, *_ordered(facts)]


def _ordered(facts: pd.DataFrame) -> list[Finding]:
    """Return what the order of articles rests on, where their intervals put them into one."""
    if len(facts) == 1:
        return [Finding("There is one article, and so no order to tell.", (), "order-one")]
    argued = names_of(facts, facts.loc[facts["inferred"], "id"])
    if not argued:
        return [Finding("The order of publication is certain.", (), "order-certain")]
    places = timeline.order(timeline.outer(facts))
    loose = names_of(facts, places.loc[places["first"] != places["last"], "article"])
    doubt = f" At the widest, not in a certain order: {few(loose)}." if loose else ""
    text = f"The order of publication follows from the dates, of which some are inferred: {few(argued)}."
    return [Finding(text + doubt, (), "order-inferred")]


def events_around(selection: Selection, articles: pd.DataFrame) -> pd.DataFrame:
    """Return for each of some articles and dated event whether it was written before or after.

    The columns of `measures.timeline.around`, with label, when, earliest and latest of the event.
    """
    events = timeline.event_dates(selection.book)
    pairs = timeline.around(articles, events)
    return pairs.merge(events.drop(columns=["date", "articles"]), on="event", how="left")


def before_and_after(selection: Selection) -> list[Finding]:
    """Return between which dated events each article was written."""
    if selection.articles.empty:
        return [nothing_selected()]
    shown = selection.articles.iloc[:MOST_ARTICLES]
    pairs = events_around(selection, shown)
    if pairs.empty:
        text = "The codebook names no dated event, so nothing is said on before and after."
        return [Finding(text, (), "events-none")]
    found = [
        _written(fact, pairs[pairs["article"] == fact["id"]]) for fact in shown.to_dict("records")
    ]
    rest = len(selection.articles) - len(shown)
    if rest:
        text = f"Further articles, placed in the table of events: {number(rest)}."
        found.append(Finding(text, (), "events-more"))
    return found


def _written(fact: Row, pairs: pd.DataFrame) -> Finding:
    """Return the last event certainly before an article, the next after it, and what is unclear."""
    before = pairs[pairs["written"] == "after"].sort_values("latest", kind="stable").tail(1)
    after = pairs[pairs["written"] == "before"].sort_values("earliest", kind="stable").head(1)
    unclear = pairs[pairs["written"] == "unclear"]
    named = unclear["named"].astype(bool)
    parts = [
        f"{word}: {few(_named(which))}"
        for word, which in (
            ("after", before), ("before", after), ("at the time of, and mentioning it", unclear[named]),
            ("not certainly before or after", unclear[~named]),
        )
        if len(which)
    ]  # fmt: skip
    doubt = "Its date is inferred, and may rest on these very events." if fact["inferred"] else ""
    text = f"{sentence(str(fact['label']))} – written {'; '.join(parts)}."
    name = str(fact["id"])
    return Finding(text, (), "written", doubt, name, articles=(name,))


def _named(events: pd.DataFrame) -> list[str]:
    """Return events with their dates."""
    pairs = zip(events["label"], events["when"], strict=True)
    return [f"{label} ({when})" for label, when in pairs]
