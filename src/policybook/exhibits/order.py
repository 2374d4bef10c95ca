"""When each article was published: the timeline, and its words.

The surprising rule: what is left out for want of room is named below; articles that prescribe most,
and events that most articles name, are drawn first.
"""

from __future__ import annotations

import pandas as pd

from policybook import dates
from policybook.exhibits.evidence import NOTHING
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import known_from
from policybook.exhibits.words import dated
from policybook.findings import written
from policybook.findings.finding import few, sentence
from policybook.measures import timeline as measure
from policybook.measures.coverage import OWN
from policybook.suite import Selection
from policybook.tables import split


def timeline(selection: Selection) -> Exhibit:
    """Return the order of publication, each date as wide as it is uncertain, among dated events."""
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)
    from policybook.charts.timeline import TOLD  # noqa: PLC0415
    from policybook.exhibits.figure import figure  # noqa: PLC0415

    if selection.articles.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    rows, left = _drawn(selection)
    described = _described(selection, rows, left)
    chart = charts.timeline(rows, title="When each article was published, among dated events")
    data = _dated(selection, rows).rename(columns=TOLD)
    return figure(chart, description=described, data=data, caption="Articles and dated events")


def _dated(selection: Selection, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of the timeline in order of time, each with the articles it is known from."""
    lines = rows.sort_values(["earliest", "latest"], kind="stable")
    lines = lines[["name", "kind", "when", "known_from"]].drop_duplicates()
    known = [known_from(selection, split(str(articles))) for articles in lines.pop("known_from")]
    names = [joined(pair) for pair in zip(lines["name"], known, strict=True)]
    return lines.assign(name=pd.Series(names, index=lines.index, dtype=object))


MOST_ARTICLES = 24
"""Articles that the timeline draws; those that prescribe most come first, the rest are named below."""

MOST_EVENTS = 12
"""Events that one panel draws; those that most articles name come first, the rest are named below."""

MOST_NAMED = 12
"""Articles and events that are not drawn and are named all the same; the rest are counted."""

BEFORE, AFTER = pd.Timedelta(days=180), pd.Timedelta(days=30)
"""An event so near a spell of writing is its context; causes come before."""

BETWEEN = "Dated events near no article"


def _drawn(selection: Selection) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return the lines of the timeline by panel, and the names of articles and events left out."""
    widest = measure.outer(selection.articles)
    facts = selection.articles.assign(
        spell=written.spells(selection.articles).to_numpy(),
        first=widest["earliest"], last=widest["latest"],
    )  # fmt: skip
    own = selection.all_rows.loc[selection.all_rows["voice"].isin(OWN), "article"].astype(object)
    counts = own.value_counts().reindex(facts["id"], fill_value=0)
    heavy = counts.sort_values(ascending=False, kind="stable").index[:MOST_ARTICLES]
    events = measure.event_dates(selection.book)
    near = _near(facts, events)
    parts, kept_events = [], list[pd.DataFrame]()
    for spell, mine in facts.groupby("spell"):
        context = events[near == spell]
        kept = _most_named(context)
        kept_events.append(kept)
        drawn = mine[mine["id"].isin(heavy)]
        name = dates.month(mine["earliest"].min().date(), mine["latest"].max().date())
        parts.append(_panel(drawn, kept, f"Written {name}"))
    kept_events.append(_most_named(events[near < 0]))
    parts.append(_panel(facts.iloc[:0], kept_events[-1], BETWEEN))
    drawn_events = pd.concat(kept_events).index
    left = {
        "articles": facts.loc[~facts["id"].isin(heavy), "label"].tolist(),
        "events": events.loc[~events.index.isin(drawn_events), "label"].tolist(),
    }
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return rows, left


def _near(facts: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Return the spell of writing whose context each event is, -1 for none."""
    near = pd.Series(-1, index=events.index)
    for spell, mine in facts.groupby("spell"):
        first, last = mine["earliest"].min() - BEFORE, mine["latest"].max() + AFTER
        inside = events["earliest"].ge(first) & events["latest"].le(last)
        near = near.mask(inside & (near < 0), int(str(spell)))
    return near


def _most_named(events: pd.DataFrame) -> pd.DataFrame:
    """Return as many events as a panel holds, those that most articles name."""
    named = events["articles"].map(lambda cell: len(split(cell)))
    order = named.sort_values(ascending=False, kind="stable").index[:MOST_EVENTS]
    return events[events.index.isin(order)]


def _panel(articles: pd.DataFrame, events: pd.DataFrame, panel: str) -> pd.DataFrame:
    """Return the lines of one panel: articles and events with their days."""
    days = ["when", "earliest", "latest", "first", "last"]
    written = articles.assign(
        name=articles["speaker_label"].map(sentence), kind="article", known_from=articles["id"]
    )
    context = events.assign(
        name=events["label"], kind="event", known_from=events["articles"],
        first=events["earliest"], last=events["latest"],
    )  # fmt: skip
    columns = ["name", "kind", *days, "known_from"]
    lines = [part[columns] for part in (written, context) if len(part)]
    if not lines:
        return pd.DataFrame(columns=[*columns, "panel"])
    return pd.concat(lines, ignore_index=True).assign(panel=panel)


def _wider(rows: pd.DataFrame) -> list[str]:
    """Return what a line beyond a bar is, where there is one."""
    beyond = (rows["first"] < rows["earliest"]) | (rows["last"] > rows["latest"])
    return ["A line beyond a bar reaches over all days that are not ruled out."] * bool(
        beyond.any()
    )


def _described(selection: Selection, rows: pd.DataFrame, left: dict[str, list[str]]) -> str:
    """Return what the timeline shows, in words that stand for it."""
    counts = rows["kind"].value_counts()
    articles, others = (int(counts.get(kind, 0)) for kind in ("article", "event"))
    parts = [
        f"Downwards in order of time: articles in bold ({articles:,}), dated events plain ({others:,}).",
        "A bar is as wide as its date is uncertain; a band carries an event through all lines.",
        *_wider(rows),
        "Where bars share days, the dates do not tell their order.",
    ]
    if len(set(rows["panel"])) > 1:
        parts.append("Each panel has a scale of its own.")
    dated_ = selection.articles.sort_values("earliest", kind="stable")
    if len(dated_) > 1:
        first, last = (dated_.iloc[n].to_dict() for n in (0, -1))
        parts.append(
            f"The first article is of {dated(first)} ({first['speaker_label']}), "
            f"the last of {dated(last)} ({last['speaker_label']})."
        )
    rest = [f"{what} – {few(names, most=MOST_NAMED)}" for what, names in left.items() if names]
    parts += [f"Not drawn, for want of room: {'; '.join(rest)}."] if rest else []
    if left["articles"]:
        parts.append("The articles drawn are those with most recommendations of their authors.")
    inferred = selection.articles[selection.articles["inferred"]]
    if len(inferred):
        parts.append(f"Date inferred: {few(inferred['label'])}.")
    return " ".join(parts)
