"""Words that many sentences share: how many, in how many articles, who says it, what is asked.

The surprising rule: what stands only under a condition, or rests on doubtful rows alone, is never
named without saying so, and a position that is relayed is never put into an author's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from policybook.codebook import Codebook
from policybook.findings.finding import Finding, cited, few, number, numbers
from policybook.measures.agreement import OTHER
from policybook.measures.counting import each_cell, units
from policybook.measures.coverage import OWN
from policybook.measures.open_years import spread, widest_years
from policybook.suite import COUNTING, Row, Selection
from policybook.tables import split

ONE = {
    "courses": "course of action",
    "recommendations": "distinct recommendation",
    "rows": "coded row",
    "articles": "article",
    "periods": "year",
}
"""What is counted where there is one of it, by the counting rule."""

HOLDING = ("articles", "periods")
"""Rules that count what holds recommendations, and not recommendations."""

_STANCES = {"supports": "for", "opposes": "against"}


def rule(selection: Selection) -> str:
    """Return the counting rule that was asked for."""
    return str(selection.asked["count"])


YEARS = "periods"
"""The rule under which dates can leave the number of units open."""


def counted(selection: Selection, rows: pd.DataFrame) -> tuple[int, int]:
    """Return how many units rows are, at least and at most, by the counting rule of the selection.

    The two differ only where years are counted and dates, at the widest, leave the year of an
    article open; see `measures.spread`.
    """
    if rule(selection) == YEARS:
        return spread_of(selection, rows["article"].unique())
    total = int(units(rows, rule=rule(selection)).nunique()) if len(rows) else 0
    return total, total


def spread_of(selection: Selection, articles: Collection[object]) -> tuple[int, int]:
    """Return of how many different years some selected articles are, at least and at most."""
    of = _years(selection).loc[list(articles)]
    return spread(of["first"].to_numpy(), of["last"].to_numpy())


def bounded(
    selection: Selection, lines: pd.DataFrame, articles: Iterable[Collection[object]]
) -> pd.DataFrame:
    """Return lines with `units` with those of each at least and at most, ordered by both.

    `articles` are those of each line; looked at only where years are counted.
    """
    if rule(selection) != YEARS:
        return lines.assign(least=lines["units"], most=lines["units"])
    spans = [spread_of(selection, some) for some in articles]
    least, most = (np.array([span[end] for span in spans], dtype="int64") for end in (0, 1))
    return lines.assign(least=least, most=most).iloc[np.lexsort((-most, -least))]


def _years(selection: Selection) -> pd.DataFrame:
    """Return the first and the last year of each selected article, computed once."""
    known = selection.memo.get("widest years")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["widest years"] = found = widest_years(selection.articles)
    return found


def years_open(selection: Selection) -> bool:
    """Tell whether years are counted, and dates leave the year of a selected article open."""
    if rule(selection) != YEARS:
        return False
    of = _years(selection)
    return bool((of["first"] < of["last"]).any())


def counted_in(selection: Selection) -> str:
    """Return what a table or a chart counts: of open years the first possible, and it says so."""
    first = " (by the first possible day of publication)" if years_open(selection) else ""
    return f"{COUNTING[rule(selection)]}{first}"


def amount(selection: Selection, rows: pd.DataFrame) -> str:
    """Return how many units rows are, in words that name the counting rule.

    Where dates leave the number of years open: how many at least and at most.
    """
    (least, most), by = counted(selection, rows), rule(selection)
    of = "recommendations of " if by in HOLDING else ""
    return f"{of}{numbers(least, most)} {ONE[by] if most == 1 else COUNTING[by]}"


def amount_in(selection: Selection, rows: pd.DataFrame) -> str:
    """Return how many units rows are, in how many articles, and how many are only relayed."""
    where = "" if rule(selection) == "articles" else f" {in_articles(rows)}"
    return f"{amount(selection, rows)}{where}{relayed(selection, rows)}"


def naming(rows: pd.DataFrame, column: str, actors: Collection[str]) -> pd.Series:
    """Tell which rows name one of some actors in a column that lists them.

    >>> naming(pd.DataFrame({"target": ["a; b", "c"]}), "target", {"b"}).to_list()
    [True, False]
    """
    named = each_cell(rows[column], lambda cell: any(one in actors for one in split(cell)))
    return pd.Series(named, index=rows.index)


def conditions(selection: Selection, rows: pd.DataFrame) -> pd.Series:
    """Return the kind and the words of each row's condition, empty where there is none."""
    keys = list(zip(map(str, rows["condition_type"]), map(str, rows["condition"]), strict=True))
    label = selection.book.label
    known = {
        (kind, words): f"{label('condition_type', kind)}: {cited(' '.join(words.split()))}"
        for kind, words in dict.fromkeys(keys)
        if words
    }
    return pd.Series([known.get(key, "") for key in keys], index=rows.index, dtype=object)


def marked(rows: pd.DataFrame, by: str) -> dict[str, str]:
    """Return for each value of a column what holds for all of its rows and has to be said of it.

    >>> rows = pd.DataFrame({"article": ["a", "a", "b"], "condition": ["", "if so", "if so"],
    ...                      "strength": "should", "confidence": ["low", "low", "high"]})
    >>> marked(rows, "article")
    {'a': 'doubtful', 'b': 'under a condition'}
    """
    flags = {
        "under a condition": rows["condition"] != "",
        "only implied": rows["strength"] == IMPLIED,
        "doubtful": rows["confidence"] == DOUBTFUL,
    }
    codes, known = pd.factorize(rows[by])
    whole = np.bincount(codes, minlength=len(known))
    held = {
        words: np.bincount(codes, weights=flag, minlength=len(known)) == whole
        for words, flag in flags.items()
    }
    return {
        str(name): ", ".join(words for words, each in held.items() if each[place])
        for place, name in enumerate(known)
    }


IMPLIED = "implied"
"""The strength of what is not said in so many words."""

DOUBTFUL = "low"
"""The confidence of rows on which alone a claim is doubtful: another reading is about as likely."""


def in_doubt(rows: pd.DataFrame, by: str) -> dict[str, str]:
    """Return the values of a column in order, each with "doubtful" where all of its rows are.

    >>> rows = pd.DataFrame({"article": ["b", "a", "b"], "confidence": ["low", "high", "low"]})
    >>> in_doubt(rows, "article")
    {'b': 'doubtful', 'a': ''}
    """
    if rows.empty:  # a suite without a table of diagnoses has none of its columns either
        return {}
    keys = rows[by].astype(str)
    sure = set(keys[rows["confidence"] != DOUBTFUL])
    return {name: "" if name in sure else "doubtful" for name in dict.fromkeys(keys)}


def with_mark(label: str, mark: str) -> str:
    """Return the name of an article with a mark in its brackets.

    >>> with_mark("A (2014)", "under a condition"), with_mark("A (2014)", "")
    ('A (2014, under a condition)', 'A (2014)')
    """
    return f"{label[:-1]}, {mark})" if mark else label


def names_marked(
    selection: Selection, rows: pd.DataFrame, more: Mapping[str, str] = {}
) -> list[str]:
    """Return the names of the articles of rows in order of time, each marked by all of its rows.

    `more` says of some what is to be said besides.
    """
    marks = marked(rows, "article")
    marks = {name: ", ".join(filter(None, (mark, more.get(name)))) for name, mark in marks.items()}
    facts = selection.articles[selection.articles["id"].isin(list(marks))]
    pairs = zip(facts["label"], facts["id"], strict=True)
    return [with_mark(label, marks[str(name)]) for label, name in pairs]


def in_articles(rows: pd.DataFrame) -> str:
    """Return in how many articles rows stand.

    >>> in_articles(pd.DataFrame({"article": ["a", "a"]}))
    'in one article'
    """
    total = rows["article"].nunique()
    return f"in {number(total)} article{'' if total == 1 else 's'}"


def relayed(selection: Selection, rows: pd.DataFrame) -> str:
    """Return how many units of rows no author prescribes, as a clause; empty where all are owned.

    Where years are counted, these are articles: two articles of one year may differ.
    """
    by = "articles" if rule(selection) == YEARS else rule(selection)
    keys = units(rows, rule=by) if len(rows) else pd.Series(dtype=object)
    own = keys[rows["voice"].isin(OWN).to_numpy()].nunique() if len(rows) else 0
    return relayed_of(selection, keys.nunique(), own)


def relayed_of(selection: Selection, every: int, own: int) -> str:
    """Return how many of some units are only relayed, as a clause; articles where years are counted."""
    if every == own:
        return ""
    if not own:
        return ", only relayed"
    by, rest = rule(selection), every - own
    within, noun = "in " if by in HOLDING else "", ""
    if by == YEARS:
        noun = " article" if rest == 1 else " articles"
    return f", {within}{number(rest)}{noun} only relayed"


TELLING = ["id", "article", "voice", "author_attitude", "speaker", "stance", "instrument", "condition",
           "condition_type", "repeat_of", "strength", "confidence", "note"]  # fmt: skip
"""Columns that `said_by` and `asks` look at, and the ids: enough of many rows to carry about."""

RELAYED = {"rejects": "relayed and rejected", "endorses": "relayed and endorsed"}


def said_by(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return who says what stands in rows: authors by their article, others through it.

    Where the author rejects or endorses what he relays, the name says so, and where all that is
    told of somebody rests on doubtful rows.
    """
    articles, book = selection.labels, selection.book
    keys = ["article", "voice", "author_attitude", "speaker"]
    told = rows[keys].drop_duplicates()
    sure = set(zip(*(rows.loc[rows["confidence"] != DOUBTFUL, k] for k in keys), strict=True))
    names: dict[tuple[str, str, bool], list[str]] = {}
    for key in told.astype(object).itertuples(index=False, name=None):
        article, voice, attitude, speaker = key
        how = "" if voice in OWN else RELAYED.get(attitude, "relayed")
        names.setdefault((article, how, key in sure), []).append(book.label("actor", speaker))
    return [
        f"{few(dict.fromkeys(who), most=3)} as {how} by " * bool(how)
        + with_mark(articles[article], "" if certain else "doubtful")
        for (article, how, certain), who in names.items()
    ]


def sayers(selection: Selection, rows: pd.DataFrame, *, most: int = 5) -> str:
    """Return who says what stands in rows, the first few as `said_by` names them, the rest counted."""
    how = each_cell(rows["author_attitude"], lambda cell: [*RELAYED, cell].index(cell))
    how = np.where(rows["voice"].isin(OWN), -1, how)
    place = pd.factorize(pd.factorize(rows["article"])[0] * (len(RELAYED) + 2) + how)[0]
    names = said_by(selection, rows[place <= most])  # one more: a rest of one is named
    return few(names, most=most, total=int(place.max(initial=-1)) + 1)


def asks(selection: Selection, rows: pd.DataFrame, *, most: int = 8) -> str:
    """Return what rows are for and against, the instruments in the order of the codebook."""
    parts = []
    for stance, word in _STANCES.items():
        labels = instruments_of(selection, rows[rows["stance"] == stance])
        parts += [f"{word} {few(labels, most=most)}"] if labels else []
    return "; ".join(parts)


def asks_apart(selection: Selection, rows: pd.DataFrame, *, most: int = 8) -> str:
    """Return what rows are for and against, an author's own first, then what is only relayed.

    What authors reject or endorse of it stands by itself. Where all is relayed, as the sentence
    has said before, it is not said again.
    """
    own = rows["voice"].isin(OWN).to_numpy()
    attitudes = rows["author_attitude"].astype(object).to_numpy()
    named = [str(one) for one in RELAYED]
    neutral = ~own & ~np.isin(attitudes.astype(str), named)
    parts = [("", own), ("only relayed" if own.any() else "", neutral)]
    for attitude, words in RELAYED.items():
        word = words if own.any() else f"{words.rpartition(' ')[2]} by the author"
        parts.append((word, ~own & (attitudes == attitude)))
    told = [(word, asks(selection, rows[which], most=most)) for word, which in parts if which.any()]
    return "; ".join(f"{word}: {words}" if word else words for word, words in told)


def instruments_of(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return the instruments of rows in the order of the codebook, marked by what holds for each row.

    What lies outside the list is named as the notes of its rows do.
    """
    marks = marked(rows.assign(what=whats(selection, rows)), "what")
    values = selection.book.values("instrument")
    rank = {value.label: place for place, value in enumerate(values.values())}
    last = list(values).index(OTHER) if OTHER in values else len(values)
    names = sorted(marks, key=lambda name: rank.get(name, last))
    return [name + (f" ({marks[name]})" if marks[name] else "") for name in names]


def whats(selection: Selection, rows: pd.DataFrame) -> pd.Series:
    """Return what each row is for or against, in words; see `what`."""
    labels = {name: value.label for name, value in selection.book.values("instrument").items()}
    names = rows["instrument"].astype(object).map(labels)
    outside = (rows["instrument"] == OTHER).to_numpy()
    if outside.any() and "note" in rows:
        book = selection.book
        names[outside] = each_cell(
            rows["note"][outside], lambda note: what(book, {"instrument": OTHER, "note": note})
        )
    return names


_NOTED = re.compile(r"\s*Other:\s*([^.;\n]{1,80})(?:[.;\n]|\s*$)")
"""How the note of a row outside the list says what it is."""


def what(book: Codebook, row: Row) -> str:
    """Return what a row is for or against: its instrument, outside the list what its note calls it."""
    instrument = str(row["instrument"])
    noted = _NOTED.match(str(row.get("note") or "")) if instrument == OTHER else None
    return noted[1].strip() if noted else book.label("instrument", instrument)


def not_coded(selection: Selection) -> str:
    """Return which selected articles are not coded yet, and how many rows are drafts, as sentences."""
    return " ".join(filter(None, [uncoded(selection), drafted(selection)]))


def uncoded(selection: Selection) -> str:
    """Return which selected articles are not coded yet, as a sentence; empty where all are."""
    articles = selection.articles
    names = list(articles.loc[articles["coder"] == "", "label"])
    return f"Not coded yet: {few(names)}." if names else ""


def drafted(selection: Selection, theme: str = "") -> str:
    """Return how many rows are drafts, on a theme where one is given; empty for none."""
    drafts = selection.drafts
    many = int((drafts["instrument"] == theme).sum()) if theme else len(drafts)
    return f"Draft rows{' on it' if theme else ''}, not counted: {number(many)}." if many else ""


def only_drafts(selection: Selection) -> pd.Series:
    """Return how many draft rows of its author's own each article has that has no other such rows."""
    drafts, rows = selection.drafts, selection.all_rows
    if drafts.empty:
        return pd.Series(dtype="int64")
    own = drafts[drafts["voice"].isin(OWN)]
    done = (
        set(selection.prescribing)
        if selection.alone
        else set(rows.loc[rows["voice"].isin(OWN), "article"])
    )
    return own.loc[~own["article"].isin(list(done)), "article"].value_counts(sort=False)


def nothing_there(selection: Selection, what: str = "") -> Finding:
    """Return the sentence for a selection that has articles but shows no row `what`."""
    about = f" {what}" if what else ""
    if selection.narrowed:
        text = f"The filters leave no recommendation{about}; what they hide is no silence."
        return Finding(text, (), "hidden")
    text = f"No recommendation of the selected articles{about or ' is coded'}."
    return Finding(text, (), "none", not_coded(selection))
