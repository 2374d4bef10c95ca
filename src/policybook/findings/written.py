"""Sentences on when articles were written: spells of writing, their order, events before and after.

The surprising rule: what an inferred date rests on is said, for it may be the very event asked about.
"""

from __future__ import annotations

import pandas as pd

from policybook import dates
from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, names_of, number, sentence
from policybook.findings.time import widest
from policybook.measures import timeline
from policybook.suite import Row, Selection

APART = pd.Timedelta(days=365)
"""From so long a gap without any article on, articles belong to different spells of writing."""

MOST_SPELLS = 4
"""So many spells at most: beyond, only the widest gaps divide."""

MOST_ARTICLES = 8
"""So many articles have their own sentence; the rest stand in the table."""


def spells(articles: pd.DataFrame) -> pd.Series:
    """Return for each article, in order of time, the number of its spell of writing, from 0.

    A spell ends where for more than a year certainly no article appeared; of more than three
    such gaps only the three widest divide. Dates count at their widest.
    """
    articles = timeline.outer(articles)
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
        for _, one in widest(selection).groupby(spells(facts))
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
