"""What a reader sees first: the answer in few words, who stands apart, and one caveat.

The surprising rule: sentences are taken whole, in their order, until the words are used up.
A sentence that does not fit stands further down; none is shortened into something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from policybook.findings.article import relayed_rows, unanswered_rows
from policybook.findings.coverage import UNSEEN, instead, states
from policybook.findings.finding import Finding, few, names_of, sentence, with_article
from policybook.findings.independence import caveat as one_voice
from policybook.findings.independence import voice_groups
from policybook.findings.reading import one_each, problems
from policybook.findings.wording import in_doubt
from policybook.measures.coverage import OWN
from policybook.suite import Selection, row_ids

MOST_WORDS = 60
"""Words of the answer on the first screen, caveats included."""

MOST_NAMED = 2
"""Names that are told of a kind of what one article describes or relays."""

_TALLIES = ("firm-tally", "firm-kinds")
"""Codes of sentences that are all figures: they stand on a first screen only for want of others."""

_LAST = (
    "agreement-overview", "agreement-set", "agreement-set-none", "sides-overview",
    "article-prescribes", "coded", "yield", *_TALLIES,
)  # fmt: skip
"""Codes of sentences that count or sum up what others say: they stand after those that say it."""

_IN_TURN = ("means-order",)
"""Codes of sentences that are numbered: none stands on a first screen that one before it has no room on."""

_WORD = re.compile(r"[^\s–—]*\w[^\s–—]*")

TOO_LONG = Finding("The answer is longer than a first page holds; it stands below.", (), "too-long")


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
    chosen: list[Finding] = []
    left, passed = most, set[str]()
    for finding in ordered:
        spared = (chosen and finding.code in _TALLIES) or finding.code in passed
        if words_in(finding) <= left and not spared:
            chosen.append(finding)
            left -= words_in(finding)
        elif finding.code in _IN_TURN:
            passed.add(finding.code)
    return chosen or [TOO_LONG]


def stand_apart(
    selection: Selection, rows: pd.DataFrame | None = None, seen: pd.DataFrame | None = None
) -> list[Finding]:
    """Return who prescribes nothing, and in which ways he speaks all the same.

    On the theme where one is selected, in whatever rows; else nothing at all: then told are those
    who speak in `rows`, what the page is about, and in the diagnoses `seen`, by default those of
    the same articles. Of one article it is told what it describes and whom it relays. Whom filters
    hide is told but in what a page quotes. That nobody stands apart is told too; empty only where
    nothing is coded, or nothing is quoted of what is.
    """
    if selection.theme:
        rows = seen = None  # a page may be about a part of its theme, as the authors' own demands
    coded = _coded(selection)
    if coded.empty:
        return []
    if len(selection.articles) == 1 and not selection.theme:
        return [_of_one(selection, str(coded["id"].iloc[0]))]
    apart, seen, relayed = _apart(selection, rows, seen)
    ways = instead(seen, relayed)
    if rows is None and (unheard := _unheard(selection, apart, relayed)):
        ways[f"others’ positions relayed, but {UNSEEN}"] = list(unheard)
    parts = [f"{words}: {few(names_of(selection.articles, ids))}" for words, ids in ways.items()]
    if not parts:
        return [_nobody(selection, coded, rows)] if rows is None or len(rows) else []
    head = "Nothing prescribed on it" if selection.theme else "Nothing prescribed at all"
    head = f"{head}, but quoted here" if rows is not None else head
    described = seen[seen["id"].isin(one_each(seen))].drop_duplicates("article")
    proof = (*row_ids(described), *row_ids(relayed.drop_duplicates("article")))
    read = () if proof else tuple(id_ for ids in ways.values() for id_ in ids)
    return [Finding(f"{head} – {'; '.join(parts)}.", proof, "stand-apart", articles=read)]


def _coded(selection: Selection) -> pd.DataFrame:
    """Return the articles in which somebody looked for the theme, or for anything."""
    cells = states(selection)
    if selection.theme:
        cells = cells[cells["instrument"] == selection.theme]
    known = cells.loc[cells["state"] != "not coded", "article"].unique()
    return selection.articles[selection.articles["id"].isin(known)]


def _of_one(selection: Selection, article: str) -> Finding:
    """Return on what an article describes problems without prescribing, and whom it relays."""
    seen, others = unanswered_rows(selection, article), relayed_rows(selection, article)
    about = few(problems(selection, seen), most=MOST_NAMED) or "none"
    who = [
        selection.book.label("actor", speaker) + (f" ({mark})" if mark else "")
        for speaker, mark in in_doubt(others, "speaker").items()
    ]
    relayed = few(who, most=MOST_NAMED)
    if len(_relaying(selection, [article])) > len(others):
        relayed = f"{relayed}, and further ones {UNSEEN}" if relayed else UNSEEN
    text = (
        f"Described without prescribing: {about}; others’ positions relayed: {relayed or 'none'}."
    )
    proof = (*one_each(seen), *row_ids(others.drop_duplicates("speaker")))
    return Finding(text, proof, "stand-apart", articles=() if proof else (article,))


def _nobody(selection: Selection, coded: pd.DataFrame, rows: pd.DataFrame | None) -> Finding:
    """Return that no article only describes or only relays, or none of those that rows quote."""
    every = len(coded) == len(selection.articles)
    if rows is not None:
        coded = coded[coded["id"].isin(rows["article"])]
        text = f"Every {'' if every else 'coded '}article quoted here prescribes something itself."
        return Finding(text, (), "stand-apart-none", articles=row_ids(coded))
    which = f"no {'' if every else 'coded '}article"
    what = "the problem" if selection.theme else "problems"
    others = "others on it" if selection.theme else "others"
    text = sentence(f"{which} merely describes {what} or merely relays {others}.")
    return Finding(text, (), "stand-apart-none", articles=row_ids(coded))


def _relaying(selection: Selection, articles: Collection[str]) -> pd.DataFrame:
    """Return the rows in which some articles relay others, on the theme if there is one, filters aside."""
    rows = selection.all_rows
    mine = rows["article"].isin(articles) & (rows["voice"] == "reported")
    return rows[mine & (rows["instrument"] == selection.theme)] if selection.theme else rows[mine]


def _unheard(
    selection: Selection, articles: Collection[str], relayed: pd.DataFrame
) -> dict[str, None]:
    """Return those of some articles whose relaying of others no filter lets through."""
    every = _relaying(selection, articles) if selection.narrowed else relayed
    return dict.fromkeys(every.loc[~every["article"].isin(relayed["article"]), "article"])


def _apart(
    selection: Selection, rows: pd.DataFrame | None, seen: pd.DataFrame | None
) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
    """Return the articles that prescribe nothing, their diagnoses, and the rows they relay."""
    cells, theme = states(selection), selection.theme
    if seen is None:
        seen = selection.diagnoses
        seen = seen if rows is None else seen[seen["article"].isin(rows["article"])]
    rows = selection.rows if rows is None else rows
    if theme:
        cells = cells[cells["instrument"] == theme]
        rows, seen = rows[rows["instrument"] == theme], seen[seen["instrument"] == theme]
    nothing = ["prescribes nothing", *(["silent"] if theme else [])]
    apart = cells.loc[cells["state"].isin(nothing), "article"].unique().tolist()
    return (
        apart,
        seen[seen["article"].isin(apart)],
        rows[rows["article"].isin(apart) & (rows["voice"] == "reported")],
    )


def one_caveat(
    selection: Selection,
    rows: pd.DataFrame,
    *,
    said: Iterable[str] = (),
    where: str = "in the grid",
    among: Collection[str] | None = None,
) -> Finding:
    """Return the first caveat that is true of the selection and of the rows shown, and not yet said.

    `where` says where a reader finds these rows. Of articles without rows only those `among`
    the ones given are named, by default all that are selected.
    """
    own = rows[rows["voice"].isin(OWN)] if len(rows) else rows
    ids = [str(a) for a in own["article"].unique()]
    known = set(said)
    for words in (
        _one_article(selection, ids, where),
        _one_voice(selection, ids),
        _genre(selection, among),
        _inferred(selection, ids),
        _doubted(rows),
    ):
        if words and words not in known:
            return Finding(words, (), "caveat")
    return Finding(
        "To prescribe nothing is not to oppose: who asks for nothing has rejected nothing.",
        (),
        "caveat",
    )


def _one_article(selection: Selection, ids: list[str], where: str) -> str:
    """Return that all own recommendations shown are one article's, where several are selected."""
    if len(ids) != 1 or len(selection.articles) == 1:
        return ""
    name = few(names_of(selection.articles, ids))
    return f"Every demand of an author’s own {where} is one article’s: {name}."


MOST_COMPARED = 12
"""Articles among which common authors are looked for before a caveat is chosen."""


def _one_voice(selection: Selection, ids: list[str]) -> str:
    """Return that articles shown may be one voice."""
    few_ids = ids[:MOST_COMPARED]
    return one_voice(selection, few_ids, voice_groups(selection, few_ids)) if few_ids else ""


def _genre(selection: Selection, among: Collection[str] | None) -> str:
    """Return which articles that prescribe nothing are of a genre that seldom does."""
    kinds = selection.book.values("genre")
    cells = states(selection)
    nothing = cells.loc[cells["state"] == "prescribes nothing", "article"].unique()
    facts = selection.articles[selection.articles["id"].isin(nothing)]
    facts = facts if among is None else facts[facts["id"].isin(among)]
    seldom = {one: kind for one, kind in kinds.items() if kind.extra.get("prescribes") is False}
    pairs = zip(facts["label"], facts["genre"].astype(str), strict=True)
    names = [f"{name}, {with_article(seldom[g].label)}" for name, g in pairs if g in seldom]
    return f"{SELDOM}: {few(names, most=4, mark=';')}." if names else ""


SELDOM = "Prescribing nothing means less where the genre seldom prescribes"
"""What must be said of articles whose genre explains that they prescribe nothing."""


def _inferred(selection: Selection, ids: list[str]) -> str:
    """Return that the date of an article shown is argued and not known."""
    facts = selection.articles
    names = facts.loc[facts["inferred"] & facts["id"].isin(ids), "label"]
    date, are = ("date", "is") if len(names) == 1 else ("dates", "are")
    return f"The {date} of {few(names)} {are} inferred, not printed." if len(names) else ""


def _doubted(rows: pd.DataFrame) -> str:
    """Return that some of the rows shown were coded with doubt."""
    doubted = len(rows) and (rows["confidence"] != "high").any()
    return "Some of this was coded with doubt; the evidence says which." if doubted else ""
