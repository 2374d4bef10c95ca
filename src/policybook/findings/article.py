"""Sentences on one article in full: what its author asks for, opposes, relays and diagnoses.

The surprising rule: what an article relays is never its author's, whoever is quoted;
only the coded attitude tells whether the author sides with it.
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import checked
from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, cited, few, number, sentence
from policybook.findings.reading import diagnosed_rows, one_each, problems
from policybook.findings.time import course
from policybook.findings.wording import (
    DOUBTFUL,
    HOLDING,
    IMPLIED,
    asks,
    instruments_of,
    only_drafts,
    rule,
    whats,
)
from policybook.measures.agreement import OTHER
from policybook.measures.counting import units
from policybook.measures.coverage import OWN
from policybook.suite import COUNTING, Selection, row_ids
from policybook.tables import split


@checked(article="article")
def asked_rows(selection: Selection, article: str) -> pd.DataFrame:
    """Return the visible recommendations of an article's author, in the order of the text.

    `ParameterError` for an article that the suite does not hold.
    """
    rows = selection.rows
    return rows[(rows["article"] == article) & rows["voice"].isin(OWN)].reset_index(drop=True)


@checked(article="article")
def relayed_rows(selection: Selection, article: str) -> pd.DataFrame:
    """Return the visible positions of others in an article, in the order of the text.

    `ParameterError` for an article that the suite does not hold.
    """
    rows = selection.rows
    return rows[(rows["article"] == article) & ~rows["voice"].isin(OWN)].reset_index(drop=True)


@checked(article="article")
def unanswered_rows(selection: Selection, article: str) -> pd.DataFrame:
    """Return the article's diagnoses of problems on which its author prescribes nothing.

    `ParameterError` for an article that the suite does not hold.
    """
    seen = diagnosed_rows(selection, list(selection.book.values("instrument")))
    return seen[seen["article"] == article].reset_index(drop=True)


@checked(article="article")
@as_far_as_coded
def one_article(selection: Selection, article: str) -> list[Finding]:
    """Return what one article asks for, of whom, what it opposes, relays and only diagnoses.

    An article that is not selected, or not coded, has one sentence that says so.
    `ParameterError` for an article that the suite does not hold.
    """
    facts = selection.articles[selection.articles["id"] == article]
    if facts.empty:
        return [nothing_selected()]
    name = sentence(str(facts["label"].iloc[0]))
    if not facts["coder"].iloc[0]:
        text = f"{name} – not coded, so nothing is said of it, not even silence."
        return [Finding(text, (), "article-not-coded")]
    own, others = asked_rows(selection, article), relayed_rows(selection, article)
    return [
        *_prescribes(selection, article, name, own),
        *_by_strength(selection, own),
        *_of_whom(selection, own),
        *_opposes(selection, own),
        *_relays(selection, others),
        *_diagnoses(selection, article),
        *_alone(selection, article),
    ]


def _prescribes(selection: Selection, article: str, name: str, own: pd.DataFrame) -> list[Finding]:
    """Return how much the author prescribes; that nothing does, or that a filter hides it."""
    rows = selection.all_rows
    every = rows[(rows["article"] == article) & rows["voice"].isin(OWN)]
    if every.empty and (drafts := int(only_drafts(selection).get(article, 0))):
        text = f"{name} – prescribes in draft rows only, not counted: {number(drafts)}."
        return [Finding(text, (), "article-drafts", articles=(article,))]
    if every.empty:
        text = f"{name} – prescribes nothing."
        return [Finding(text, (), "article-nothing", articles=(article,))]
    if own.empty:
        text = f"{name} – recommendations hidden by the filters: {len(every):,}."
        return [Finding(text, (), "article-hidden", articles=(article,))]
    by = rule(selection)
    hidden = len(every) - len(own)
    caveat = f"Rows hidden by the filters: {hidden:,}." if hidden else ""
    each = own.assign(unit=units(own, rule=by)).drop_duplicates("unit")
    what = f"recommendations, counted in {COUNTING[by]}," if by in HOLDING else COUNTING[by]
    text = f"{name} – {what} put forward by the author: {number(len(each))}."
    return [Finding(text, row_ids(each), "article-prescribes", caveat)]


def _by_strength(selection: Selection, own: pd.DataFrame) -> list[Finding]:
    """Return what the author asks for, each instrument at its firmest."""
    rows = own[own["stance"] == "supports"]
    if rows.empty:
        return []
    firmest = rows.groupby("instrument", observed=True)["strength"].transform("min")
    rows = rows[rows["strength"].astype(str) == firmest.astype(str)]
    found = []
    for strength, mine in rows.groupby("strength", observed=True, sort=True):
        word = selection.book.label("strength", str(strength))
        text = (
            f"{sentence(word)}: {few(instruments_of(selection, mine.assign(strength='')), most=8)}."
        )
        first = row_ids(mine.drop_duplicates("instrument"))
        found.append(Finding(text, first, "article-asks", subject=word))
    return found


def _of_whom(selection: Selection, own: pd.DataFrame) -> list[Finding]:
    """Return who is asked to act, most often named first, and how much nobody is asked to do."""
    rows = own.assign(unit=units(own, rule=rule(selection)))
    actors = [split(str(cell)) or [""] for cell in rows["addressee"]]
    rows = rows.assign(actor=pd.Series(actors, index=rows.index, dtype=object))
    each = rows.explode("actor").drop_duplicates(["actor", "unit"])
    counts = each["actor"].value_counts()
    named = [f"{selection.book.label('actor', str(a))} ({n})" for a, n in counts.items() if a]
    first = each[each["actor"] != ""].drop_duplicates("actor")
    found = []
    if named:
        text = f"Addressed, with the number of {_counted(selection)}: {few(named, most=6)}."
        found.append(Finding(text, row_ids(first.drop_duplicates("id")), "article-addressees"))
    if "" in counts:
        many = number(int(counts[""]))
        text = f"Addressed to nobody in particular, counted in {_counted(selection)}: {many}."
        found.append(Finding(text, row_ids(each[each["actor"] == ""]), "article-nobody"))
    return found


def _counted(selection: Selection) -> str:
    """Return what is counted, in words."""
    return COUNTING[rule(selection)]


def _opposes(selection: Selection, own: pd.DataFrame) -> list[Finding]:
    """Return what the author opposes, with what holds for each row of it."""
    rows = own[own["stance"] == "opposes"]
    if rows.empty:
        return []
    rows = rows.assign(what=whats(selection, rows))
    parts = [f"{name}{_terms(selection, mine)}" for name, mine in rows.groupby("what", sort=False)]
    first = rows.drop_duplicates(["what", "condition"])
    return [Finding(f"Opposes: {few(parts, mark=';')}.", row_ids(first), "article-opposes")]


def _relays(selection: Selection, others: pd.DataFrame) -> list[Finding]:
    """Return whose positions the article relays, and which way its author leans on them."""
    found = []
    others = others.assign(what=whats(selection, others))
    for attitude, mine in others.groupby("author_attitude", observed=True, sort=True):
        words = selection.book.label("author_attitude", str(attitude))
        positions = mine.groupby(_POSITION, observed=True, sort=False)
        parts = [_position(selection, rows) for _, rows in positions]
        first = mine.drop_duplicates(_POSITION)
        text = f"Only relayed, the author’s attitude “{words}”: {few(parts, most=6, mark=';')}."
        found.append(Finding(text, row_ids(first), "article-relays", subject=words))
    return found


_POSITION = ["speaker", "stance", "what"]
"""What one relayed position is, however often it is relayed."""


def _position(selection: Selection, rows: pd.DataFrame) -> str:
    """Return one relayed position in a few words, never without the terms it stands on."""
    speaker, stance, what = (str(rows[name].iloc[0]) for name in _POSITION)
    side = "for" if stance == "supports" else "against"
    return f"{selection.book.label('actor', speaker)} {side} {what}{_terms(selection, rows)}"


def _terms(selection: Selection, rows: pd.DataFrame) -> str:
    """Return in brackets the conditions of rows that all have one, and whether all are doubtful, or only implied."""
    passage, records = selection.suite.passage, rows.to_dict("records")
    words = {cited(passage(row, "condition")) if row["condition"] else "" for row in records}
    said = [] if "" in words else [f"condition: {few(sorted(words), most=2)}"]
    said += ["doubtful"] if (rows["confidence"] == DOUBTFUL).all() else []
    said += ["only implied"] if (rows["strength"] == IMPLIED).all() else []
    return f" ({'; '.join(said)})" if said else ""


def _diagnoses(selection: Selection, article: str) -> list[Finding]:
    """Return the problems the article describes without prescribing anything on them."""
    rows = unanswered_rows(selection, article)
    if rows.empty:
        return []
    about = few(problems(selection, rows), most=8)
    text = f"Problems described, with nothing prescribed under their heading: {about}."
    return [Finding(text, one_each(rows), "article-diagnoses")]


def _alone(selection: Selection, article: str) -> list[Finding]:
    """Return on which instruments the author of no other article of the suite prescribes anything."""
    whole = Selection(selection.suite, {**selection.asked, "articles": [], "from_date": "", "to_date": ""})  # fmt: skip
    if len(whole.articles) < 2:  # noqa: PLR2004  (alone among none says nothing)
        return []
    table = course(whole)
    once = table[(table["kind"] == "appears once") & (table["first"] == article)]
    once = once[once["instrument"] != OTHER]
    if once.empty:
        return []
    own = asked_rows(selection, article)
    rows = own[own["instrument"].isin(once["instrument"])]
    coded = "as far as coded, " if (once["not_coded"] > 0).any() else ""
    text = f"Of the authors of all {number(len(whole.articles))} articles, {coded}prescribed by this one alone – {asks(selection, rows)}."
    return [Finding(text, row_ids(rows.drop_duplicates("instrument")), "article-alone")]
