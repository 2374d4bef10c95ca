"""What a reader sees first: the answer in few words, who stands apart, and one caveat.

The surprising rule: sentences are taken whole, in their order, until the words are used up.
A sentence that does not fit stands further down; none is shortened into something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from policybook.findings.coverage import states
from policybook.findings.finding import Finding, few, names_of, sentence
from policybook.findings.independence import caveat as one_voice
from policybook.findings.independence import voice_groups
from policybook.findings.reading import one_each
from policybook.measures.coverage import OWN
from policybook.suite import Selection, row_ids

MOST_WORDS = 60
"""Words of the answer on the first screen, caveats included."""

_LAST = ("agreement-overview", "sides-overview", "article-prescribes")
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


def stand_apart(selection: Selection, rows: pd.DataFrame | None = None) -> list[Finding]:
    """Return who describes the problem without prescribing, and who only reports others.

    On the theme where one is selected, else on `rows` (what the page is about), else on anything.
    Empty where all selected articles prescribe.
    """
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
        return []
    apart = [one for _, ids in kinds for one in ids]
    proof = (*_described(selection, apart), *_relayed(selection, apart, rows))
    return [Finding(f"{sentence('; '.join(parts))}.", proof, "stand-apart")]


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
    """Return that an article that prescribes nothing is of a genre that seldom does."""
    kinds = selection.book.values("genre")
    cells = states(selection)
    nothing = cells.loc[cells["state"] == "prescribes nothing", "article"].unique()
    facts = selection.articles[selection.articles["id"].isin(nothing)]
    for name, genre in zip(facts["label"], facts["genre"].astype(str), strict=True):
        if genre in kinds and kinds[genre].extra.get("prescribes") is False:
            return f"{name} – {kinds[genre].label}: its silence is not an op-ed's."
    return ""


def _inferred(selection: Selection, ids: list[str]) -> str:
    """Return that the date of an article shown is argued and not known."""
    facts = selection.articles
    names = facts.loc[facts["inferred"] & facts["id"].isin(ids), "label"]
    return f"Dated by inference, not by print: {few(names)}." if len(names) else ""


def _doubted(rows: pd.DataFrame) -> str:
    """Return that some of the rows shown were coded with doubt."""
    doubted = int((rows["confidence"] != "high").sum()) if len(rows) else 0
    return f"Coded with some doubt: {doubted:,} of {len(rows):,} rows." if doubted else ""
