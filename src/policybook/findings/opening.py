"""What a reader sees first: the answer in few words, who stands apart, and one caveat.

The surprising rule: sentences are taken whole, in their order, until the words are used up.
A sentence that does not fit stands further down; none is shortened into something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from policybook.findings.article import relayed_rows, unanswered_rows
from policybook.findings.coverage import states
from policybook.findings.finding import Finding, a, few, names_of, sentence
from policybook.findings.independence import caveat as one_voice
from policybook.findings.independence import voice_groups
from policybook.findings.reading import one_each
from policybook.measures.coverage import OWN
from policybook.suite import Selection, row_ids

MOST_WORDS = 60
"""Words of the answer on the first screen, caveats included."""

_LAST = ("agreement-overview", "sides-overview", "article-prescribes", "coded", "yield")
"""Codes of sentences that count what others say: they stand after those that say it."""

_WORD = re.compile(r"[^\s–—]*\w[^\s–—]*")

TOO_LONG = Finding("The answer is longer than a first page holds; it stands below.", (), "too-long")

Groups = list[tuple[str, list[str]]]
"""Words for a kind of article, and the ids of the articles of that kind."""


def words_in(finding: Finding) -> int:
    """Return how many words a finding and its caveat have; a dash is none.

    >>> words_in(Finding("For it – A.", caveat="Two words."))
    5
    """
    return len(_WORD.findall(f"{finding.text} {finding.caveat}"))


def brief(
    selection: Selection, found: Sequence[Finding], *, most: int = MOST_WORDS
) -> list[Finding]:
    """Return the findings that fit into `most` words, taken in their order.

    What authors say themselves stands before what is only relayed, the theme asked for before
    others, contents before counts.
    At least one sentence comes back: where no finding fits, the one that says so.
    """
    rows = selection.rows
    relayed = set(rows.loc[rows["voice"] == "reported", "id"].tolist())
    theme = selection.theme or None
    ordered = sorted(
        found,
        key=lambda one: (
            one.code in _LAST, bool(one.rows) and relayed.issuperset(one.rows), one.subject != theme
        ),
    )  # fmt: skip
    chosen, left = [], most
    for finding in ordered:
        if words_in(finding) <= left:
            chosen.append(finding)
            left -= words_in(finding)
    return chosen or [TOO_LONG]


def stand_apart(
    selection: Selection, rows: pd.DataFrame | None = None, *, told: Collection[str] = ()
) -> list[Finding]:
    """Return who describes the problem without prescribing, and who only reports others.

    On the theme where one is selected, else on `rows` (what the page is about), else on anything.
    Of a page on one article: which problems and whose positions; what findings of the codes `told`
    say already is left out. That nobody stands apart is said as well, unless filters may hide it.
    """
    if rows is not None and len(selection.articles) == 1 and len(rows) == len(selection.rows):
        return _of_one(selection, str(selection.articles["id"].iloc[0]), told)
    cells = _apart(selection, rows)
    what = "the problem" if selection.theme else "problems"
    kinds: Groups = [
        (words, [str(a) for a in cells.loc[which, "article"]])
        for words, which in (
            (f"describes {what} without prescribing", cells["describes"] & ~cells["reports"]),
            (f"describes {what} and reports others, without prescribing", cells["describes"] & cells["reports"]),
            ("only reports others", ~cells["describes"] & cells["reports"]),
        )
    ]  # fmt: skip
    parts = [f"{words}: {few(names_of(selection.articles, ids))}" for words, ids in kinds if ids]
    if not parts:
        described = "" if rows is not None and not selection.theme else f"describes {what} or only "
        return _nobody(selection, f"No article only {described}reports others.")
    apart = [one for _, ids in kinds for one in ids]
    proof = (*_described(selection, apart), *_relayed(selection, apart, rows))
    return [Finding(f"{sentence('; '.join(parts))}.", proof, "stand-apart")]


def _nobody(selection: Selection, text: str) -> list[Finding]:
    """Return the sentence that nobody stands apart, where that is known of what is coded."""
    coded = selection.articles[selection.articles["coder"] != ""]
    if selection.narrowed or coded.empty:
        return []
    text = (
        text if len(coded) == len(selection.articles) else text.replace("article", "coded article")
    )
    return [Finding(text, (), "stand-apart-none", articles=row_ids(coded))]


def _of_one(selection: Selection, article: str, told: Collection[str]) -> list[Finding]:
    """Return which problems an article describes without prescribing, and whose positions it relays."""
    label = selection.book.label
    seen, others = unanswered_rows(selection, article), relayed_rows(selection, article)
    parts, proof = [], list[str]()
    if len(seen) and "article-diagnoses" not in told:
        about = dict.fromkeys(label("instrument", str(one)) for one in seen["instrument"])
        parts.append(f"describes without prescribing: problems addressed by {few(about)}")
        proof += one_each(seen)
    if len(others) and "article-relays" not in told:
        names = dict.fromkeys(label("actor", str(one)) for one in others["speaker"])
        parts.append(f"only relays: the position of {few(names)}")
        proof += row_ids(others.drop_duplicates("speaker"))
    if parts:
        return [Finding(f"{sentence('; '.join(parts))}.", tuple(proof), "stand-apart")]
    if len(seen) or len(others):
        return []
    return _nobody(
        selection, "This article describes no problem without prescribing, and relays nobody."
    )


def _apart(selection: Selection, rows: pd.DataFrame | None) -> pd.DataFrame:
    """Return article, describes and reports for those articles that prescribe nothing on it."""
    cells = states(selection).assign(
        describes=lambda c: c["diagnosed"] > 0, reports=lambda c: c["reported"] > 0
    )
    if selection.theme:
        cells = cells[cells["instrument"] == selection.theme]
        return cells[cells["state"].isin(["silent", "prescribes nothing"])]
    nothing = cells[cells["state"] == "prescribes nothing"]
    by_article = nothing.groupby("article", sort=False)[["describes", "reports"]].any()
    if rows is not None:
        by_article["describes"] = False  # a diagnosis names a problem, and no actor or end
        by_article["reports"] = by_article.index.isin(set(rows["article"].astype(str)))
    return by_article.reset_index()


def _described(selection: Selection, articles: Sequence[str]) -> tuple[str, ...]:
    """Return one diagnosis of each article, on the theme where one is selected."""
    seen = selection.diagnoses
    seen = seen[seen["article"].isin(list(articles))]
    if selection.theme:
        seen = seen[seen["instrument"] == selection.theme]
    proof = seen[seen["id"].isin(one_each(seen))]
    return row_ids(proof.drop_duplicates("article"))


def _relayed(
    selection: Selection, articles: Sequence[str], rows: pd.DataFrame | None
) -> tuple[str, ...]:
    """Return one relayed position of each article, on what the page is about."""
    rows = selection.rows if rows is None else rows
    rows = rows[rows["article"].isin(list(articles)) & (rows["voice"] == "reported")]
    if selection.theme:
        rows = rows[rows["instrument"] == selection.theme]
    return row_ids(rows.drop_duplicates("article"))


def one_caveat(selection: Selection, rows: pd.DataFrame, *, said: Iterable[str] = ()) -> Finding:
    """Return the first caveat that is true of the selection and of the rows shown, and not yet said."""
    own = rows[rows["voice"].isin(OWN)] if len(rows) else rows
    ids = [str(a) for a in own["article"].unique()]
    known = set(said)
    for words in (
        _one_article(selection, ids),
        _one_voice(selection, ids),
        _genre(selection),
        _inferred(selection, ids),
        _doubted(rows),
    ):
        if words and words not in known:
            return Finding(words, (), "caveat")
    return Finding(
        "Silence is not opposition: who says nothing has rejected nothing.", (), "caveat"
    )


def _one_article(selection: Selection, ids: list[str]) -> str:
    """Return that all own recommendations shown are one article's, where several are selected."""
    if len(ids) != 1 or len(selection.articles) == 1:
        return ""
    name = few(names_of(selection.articles, ids))
    return f"All that is prescribed here rests on one article: {name}."


MOST_COMPARED = 12
"""Articles among which common authors are looked for before a caveat is chosen."""


def _one_voice(selection: Selection, ids: list[str]) -> str:
    """Return that articles shown may be one voice."""
    few_ids = ids[:MOST_COMPARED]
    return one_voice(selection, few_ids, voice_groups(selection, few_ids)) if few_ids else ""


def _genre(selection: Selection) -> str:
    """Return that articles that prescribe nothing are of a genre that seldom does."""
    cells = states(selection)
    nothing = cells.loc[cells["state"] == "prescribes nothing", "article"].unique()
    told = other_genres(selection, selection.articles[selection.articles["id"].isin(nothing)])
    its = "its" if len(told) == 1 else "their"
    return f"{few(told, most=2)}: {its} silence is not an op-ed's." if told else ""


def other_genres(selection: Selection, articles: pd.DataFrame) -> list[str]:
    """Return which articles are of a genre whose business is not to prescribe, each in words."""
    kinds = selection.book.values("genre")
    return [
        f"{name} is {a(kinds[genre].label)}"
        for name, genre in zip(articles["label"], articles["genre"].astype(str), strict=True)
        if genre in kinds and kinds[genre].extra.get("prescribes") is False
    ]


def _inferred(selection: Selection, ids: list[str]) -> str:
    """Return that the date of an article shown is argued and not known."""
    facts = selection.articles
    names = facts.loc[facts["inferred"] & facts["id"].isin(ids), "label"]
    date, are = ("date", "is") if len(names) == 1 else ("dates", "are")
    return f"The {date} of {few(names)} {are} inferred, not printed." if len(names) else ""


def _doubted(rows: pd.DataFrame) -> str:
    """Return that some of the rows shown were coded with doubt."""
    doubted = len(rows) and (rows["confidence"] != "high").any()
    return "Some of this was coded with doubt; the notes say which." if doubted else ""
