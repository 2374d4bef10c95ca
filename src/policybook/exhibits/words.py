"""The words around rows and articles: who coded them, from when, where they stand."""

from __future__ import annotations

import pandas as pd

from policybook import dates
from policybook.findings.finding import cited, listed
from policybook.problems import count
from policybook.suite import COUNTING, Row, Selection, Suite
from policybook.tables import split


def labels(suite: Suite, vocabulary: str, cell: object) -> str:
    """Return the labels of a cell that lists codes, in a sentence's form."""
    return listed(suite.book.label(vocabulary, code) for code in split(str(cell)))


def aims(suite: Suite, row: Row) -> str:
    """Return what a row is for, each aim by itself: they are phrases that an "and" would run together."""
    return "; ".join(suite.book.label("objective", code) for code in split(str(row["objective"])))


def article_facts(suite: Suite, article: str) -> Row:
    """Return the facts on an article as one mapping; KeyError where there is none such."""
    return suite.facts[article]


def source(suite: Suite, row: Row) -> str:
    """Return where a row's quotation stands: title, outlet, date and its basis, paragraph."""
    return f"{placed(article_facts(suite, str(row['article'])))}, paragraph {suite.paragraph(row)}"


def placed(fact: Row) -> str:
    """Return where an article appeared: title, outlet, date, and which of them are inferred."""
    outlet = f"{fact['outlet']}, " if fact["outlet"] else ""
    guessed = ["outlet"] if outlet and fact.get("outlet_basis") == INFERRED else []
    guessed += ["date"] if fact["inferred"] else []
    inferred = f" ({listed(guessed)} inferred)" if guessed else ""
    return f"{cited(str(fact['title']))}, {outlet}{fact['when']}{inferred}"


INFERRED = "inferred"
"""The basis of a fact that is argued and stands nowhere."""


def dated(fact: Row) -> str:
    """Return when an article was published, in days; an inferred date says that it is."""
    return f"{fact['when']} (inferred)" if fact["inferred"] else str(fact["when"])


def within(fact: Row) -> str:
    """Return within which days an article was published, and within which at the outside."""
    wide = f", at the widest {fact['widest']}" if fact["widest"] != fact["when"] else ""
    return f"{fact['when']}{wide}"


def speaker(suite: Suite, row: Row) -> str:
    """Return who prescribes in a row, and through whom if the article only relays it."""
    fact = article_facts(suite, str(row["article"]))
    if "voice" not in row:  # a diagnosis is its author's
        return str(fact["speaker_label"])
    name = suite.book.label("actor", str(row["speaker"]))
    if row["voice"] == "reported":
        return f"{name}, as reported by {fact['speaker_label']}"
    if row["voice"] == "coauthored":
        return f"{name}, with {labels(suite, 'actor', fact['coauthors'])}"
    return name


def attitude(row: Row) -> str:
    """Return what the author makes of a position that he relays; empty where he takes no side.

    >>> attitude({"author_attitude": "rejects"}), attitude({"author_attitude": "neutral"})
    ('the article rejects it', '')
    """
    return _ATTITUDES.get(str(row.get("author_attitude", "")), "")


_ATTITUDES = {"endorses": "the article endorses it", "rejects": "the article rejects it"}


def stance_words(suite: Suite, row: Row) -> str:
    """Return how firmly a row is for or against, without the instrument: "should", "against; must"."""
    firmly = suite.book.label("strength", str(row["strength"]))
    return f"against; {firmly}" if row["stance"] == "opposes" else firmly


def quoted_words(suite: Suite, row: Row, column: str, nothing: str) -> str:
    """Return the article's words in a column within quotation marks; a word where there are none."""
    words = suite.passage(row, column)
    return cited(words) if words else nothing


def span_of_dates(selection: Selection) -> str:
    """Return from when to when the selected articles are, "c." before an inferred end."""
    articles = selection.articles
    if articles.empty:
        return ""
    parts = []
    for fact in (articles.iloc[0], articles.iloc[-1]):
        circa = "c.\N{NO-BREAK SPACE}" if fact["inferred"] else ""
        parts.append(circa + dates.month(fact["earliest"].date(), fact["latest"].date()))
    return parts[0] if parts[0] == parts[1] else f"{parts[0]} to {parts[1]}"


def coded_by(suite: Suite, rows: pd.DataFrame) -> str:
    """Return who or what coded rows; "hand-coded" only where every coder is a person."""
    coders = [str(c) for c in rows["coder"].unique() if str(c)] if len(rows) else []
    if not coders:
        return "nothing coded within it"
    known = suite.book.values("coder")
    people = [c for c in coders if c in known and known[c].extra.get("kind") == "person"]
    names = listed(suite.book.label("coder", c) for c in coders)
    if len(people) == len(coders):
        return f"hand-coded by {names}"
    confirmed = int((rows["confirmed_by"].astype(str) != "").sum())
    if confirmed:
        return f"coded by {names}; {count(confirmed, 'row')} of {len(rows):,} confirmed by a person"
    return f"coded by {names}; no person has confirmed a row yet"


def confirmed_line(suite: Suite, rows: pd.DataFrame) -> str:
    """Return in few words whether people or machines coded rows, and how many a person confirmed."""
    coders = {str(coder) for coder in rows["coder"].unique()} - {""} if len(rows) else set()
    if not coders:
        return "nothing coded within it"
    known = suite.book.values("coder")
    kinds = {str(known[c].extra.get("kind", "")) if c in known else "" for c in coders}
    if kinds == {"person"}:
        return f"hand-coded by {listed(suite.book.label('coder', c) for c in sorted(coders))}"
    confirmed = int((rows["confirmed_by"].astype(str) != "").sum())
    how = "coded by machine" if kinds == {"machine"} else "coded partly by machine"
    some = f"{confirmed:,} of {len(rows):,} rows" if confirmed else "no row"
    return f"{how}, {some} confirmed by a person"


def data_date(selection: Selection) -> str:
    """Return the last day on which one of the selected articles was coded, in words."""
    days = [day for day in map(str, selection.articles["coded_on"].unique()) if dates.bounds(day)]
    return dates.partial(max(days)) if days else ""


def scope_line(selection: Selection) -> str:
    """Return the scope in one line: how many articles, from when to when, data of when, coded by whom."""
    total, chosen = len(selection.suite.articles), len(selection.articles)
    of = "" if chosen == total else f" of {total:,}"
    open_ = int((selection.articles["coder"] == "").sum())
    some = f", {f'{open_:,} ' * (chosen > 1)}not coded" if open_ else ""
    parts = [f"{chosen:,}{of} {'article' if total == 1 else 'articles'}{some}"]
    if chosen:
        parts.append(span_of_dates(selection))
        data = data_date(selection)
        parts += [f"data of {data}"] if data else []
        parts.append(confirmed_line(selection.suite, selection.coded))
    if drafts := len(selection.drafts):
        parts.append(f"{count(drafts, 'draft row')} not counted")
    filters = filters_line(selection)
    if filters:
        parts.append(filters)
    if selection.suite.warnings:
        parts.append(count(len(selection.suite.warnings), "warning") + " of the check")
    return " · ".join(parts)


def filters_line(selection: Selection) -> str:
    """Return which filters hide rows of the selected articles, empty where none does."""
    if not selection.narrowed:
        return ""
    hidden = len(selection.all_rows) - len(selection.rows)
    asked = selection.asked
    parts = [f"voices: {asked['voices']}"] if asked["voices"] != "both" else []
    if asked["speakers"]:
        parts.append(f"speakers: {labels(selection.suite, 'actor', '; '.join(asked['speakers']))}")
    if asked["confidence"] != "low":
        parts.append(f"confidence at least {asked['confidence']}")
    return f"{count(hidden, 'row')} hidden by filters ({', '.join(parts)})"


def counting_line(selection: Selection) -> str:
    """Return the counting rule in words."""
    rule = str(selection.asked["count"])
    return f"Counted: {COUNTING[rule]}{_ONCE.get(rule, '')}."


_ONCE = {
    "articles": ", each once, whatever it repeats",
    "periods": ", each once; where dates leave a year open, sentences give the fewest and the most, tables and charts take the first possible",
}
"""What has to be said with a counting rule under which many recommendations are one."""
