"""Sentences on articles that may be one voice, and so are never counted as two.

The surprising rule: where a suite holds very many articles, doubles are looked for
among those compared only, for reading every text would cost more than all else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from policybook.corpus import guesses
from policybook.findings.comparable import SPEAKER, compared, name_of
from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, listed, names_of, number
from policybook.measures.independence import (
    Shared,
    Voices,
    doubles,
    groups,
    speaker_groups,
    voices,
)
from policybook.suite import Selection
from policybook.tables import SEPARATOR, split

MOST_TEXTS = 300
"""So many texts are searched for doubles in a moment; of a larger suite only those compared are."""

MOST_TIES = 3
"""So many ties are told one by one; the rest are counted."""

CERTAIN = 1.0


def voice_groups(selection: Selection, ids: Iterable[str]) -> pd.DataFrame:
    """Return which articles of the suite are one voice, as `measures.independence.groups`.

    Computed once for a selection. `ids` are the articles compared; a tie through an article that is not selected counts.
    """
    facts, asked = _with_members(selection), list(ids)
    if len(facts) <= MOST_TEXTS:
        read = [str(a) for a in facts["id"]]
    else:
        read = compared(selection, by="article")
        read = asked if len(asked) <= MOST_TEXTS and not set(asked) <= set(read) else read
    key = "\n".join(["voices", *read])
    known = selection.memo.get(key)
    if isinstance(known, pd.DataFrame):
        return known
    found = _by_authors(selection)
    texts = {article: selection.suite.text(article) for article in read}
    if doubles(texts):
        found = groups(facts, texts)
    selection.memo[key] = found
    return found


def side_groups(selection: Selection, ids: Iterable[str]) -> pd.DataFrame:
    """Return which of the articles, or of the speakers, that are compared are one voice.

    Of speakers no text is read for doubles where a suite holds very many.
    """
    if selection.by != SPEAKER:
        return voice_groups(selection, ids)
    known = selection.memo.get("voices of speakers")
    if isinstance(known, pd.DataFrame):
        return known
    facts = selection.suite.articles
    read = map(str, facts["id"]) if len(facts) <= MOST_TEXTS else ()
    texts = {article: selection.suite.text(article) for article in read}
    found = speaker_groups(facts, texts, map(str, selection.all_rows[SPEAKER].unique()))
    selection.memo["voices of speakers"] = found
    return found


def _by_authors(selection: Selection) -> pd.DataFrame:
    """Return which articles of the suite are one voice by their authors alone; computed once."""
    known = selection.memo.get("voices by authors")
    if isinstance(known, pd.DataFrame):
        return known
    selection.memo["voices by authors"] = found = groups(_with_members(selection), {})
    return found


def _with_members(selection: Selection) -> pd.DataFrame:
    """Return the suite's articles with those members of groups who write beside their groups.

    Who writes one article alone and another in a group is one voice in both. Computed once.
    """
    known = selection.memo.get("voices of members")
    if isinstance(known, pd.DataFrame):
        return known
    facts, book = selection.suite.articles, selection.book
    cells = {name: facts[name].unique() for name in ("authors", "coauthors", "speaker")}
    guessed = {
        who for cell in facts["possible_authors"].unique() for who, *_ in guesses(cell) or []
    }
    present = guessed.union(*(split(cell) for some in cells.values() for cell in some))
    wider = {one: (book.members(one) & present) - {one} for one in present}
    if any(wider.values()):
        more = {name: {cell: _wider(wider, cell) for cell in some} for name, some in cells.items()}
        facts = facts.assign(**{name: facts[name].map(each) for name, each in more.items()})
    selection.memo["voices of members"] = facts
    return facts


def _wider(wider: Mapping[str, frozenset[str]], cell: str) -> str:
    """Return a cell of actors with the members of each, once each."""
    named = split(cell)
    more = (member for one in named for member in sorted(wider[one]))
    return SEPARATOR.join(dict.fromkeys((*named, *more)))


def independent_voices(selection: Selection) -> list[Finding]:
    """Return how many independent voices the selected articles are at most, and why not more."""
    if selection.articles.empty:
        return [nothing_selected()]
    if selection.by == SPEAKER:
        return _independent_speakers(selection)
    most = _selected_voices(selection).number
    many = number(len(selection.articles))
    text = f"Selected articles: {many}; independent voices, at most: {number(most)}."
    few_read = len(selection.suite.articles) > MOST_TEXTS
    doubt = "Doubles were sought among the articles compared only." if few_read else ""
    return [Finding(text, (), "voices", doubt), *one_voice(selection)]


def _independent_speakers(selection: Selection) -> list[Finding]:
    """Return how many independent voices the compared speakers are at most, and why not more."""
    ids = compared(selection)
    most = voices(ids, side_groups(selection, ids)).number
    many = number(len(ids)) if ids else "none"
    text = (
        f"Speakers compared: {many}; independent voices, at most: {number(most) if ids else many}."
    )
    unread = len(selection.suite.articles) > MOST_TEXTS
    doubt = "Doubles of articles were not sought." if unread else ""
    return [Finding(text, (), "voices", doubt), *one_voice(selection)]


def one_voice(selection: Selection) -> list[Finding]:
    """Return which of the selected articles, or of the speakers, are not independent voices, and why."""
    spoken = selection.by == SPEAKER
    if spoken:
        ids = compared(selection)
        found = voices(ids, side_groups(selection, ids)).caveats
    else:
        found = _selected_voices(selection).caveats
    told = [
        Finding(
            f"{tie(selection, each, by=selection.by)}.", (), "one-voice",
            articles=() if spoken else tuple(each.articles),
        )
        for each in found[:MOST_TIES]
    ]  # fmt: skip
    rest = len(found) - len(told)
    if rest:
        text = f"Further ties between {selection.by}s that count as one voice: {number(rest)}."
        told.append(Finding(text, (), "one-voice-more"))
    return told


def _selected_voices(selection: Selection) -> Voices:
    """Return how many voices the selected articles are, and why not more; computed once."""
    known = selection.memo.get("selected voices")
    if isinstance(known, Voices):
        return known
    ids = selection.articles["id"].tolist()
    selection.memo["selected voices"] = found = voices(ids, voice_groups(selection, ids))
    return found


def caveat(
    selection: Selection, ids: Iterable[str], table: pd.DataFrame, *, by: str = "article"
) -> str:
    """Return what must be said where articles are named side by side; empty for independent ones.

    `table` is what `voice_groups` returned; what `side_groups` did goes with `by`.
    """
    asked = list(ids)
    found = voices(asked, table).caveats
    more = f" Further ties: {number(len(found) - 1)}." if len(found) > 1 else ""
    return f"{tie(selection, found[0], by=by)}.{more}" if found else ""


def tie(selection: Selection, shared: Shared, *, by: str = "article") -> str:
    """Return in words why articles are one voice, with the likelihood where it is a guess."""
    if by == SPEAKER:
        names = few((name_of(selection, one) for one in shared.articles), most=4)
        why = _why_speakers(selection, shared)
    else:
        names = few(names_of(selection.suite.articles, shared.articles), most=4)
        why = _why(selection, shared)
    return f"Counted as one voice, not as {number(len(shared.articles))}: {names} – {why}"


def _why_speakers(selection: Selection, shared: Shared) -> str:
    """Return why speakers may be one voice: an author who stands behind them, or one text in two."""
    if shared.basis == "near-duplicate":
        share = percent(shared.shares[0])
        return f"{share} of the smaller of two texts in their voices stands in the larger"
    if shared.basis != "author":
        return "connected through other speakers or several authors"
    guess = [
        f" ({selection.book.label('basis', kind)}, about {percent(share)})"
        if kind not in _ROLES else ""
        for kind, share in zip(shared.kinds, shared.shares, strict=True)
    ]  # fmt: skip
    held: dict[tuple[str, str], list[int]] = {}
    for place, (kind, words) in enumerate(zip(shared.kinds, guess, strict=True)):
        held.setdefault((_SPOKEN.get(kind, "may have written as"), words), []).append(place)
    parts = [f"{role} {_which(at, len(guess))}{words}" for (role, words), at in held.items()]
    return f"{selection.book.label('actor', shared.to)} {listed(parts)}"


def _which(at: list[int], every: int) -> str:
    """Return which of several are meant, by their places.

    >>> _which([0, 1], 2), _which([0, 2], 3), _which([0, 1, 2], 3), _which([1, 4], 9)
    ('both', 'the first and the third', 'all of them', 'two of them')
    """
    if len(at) == every:
        return "both" if every == 2 else "all of them"  # noqa: PLR2004
    if every > len(ORDINALS):
        return f"{number(len(at))} of them"
    return listed(ORDINALS[n] for n in at)


_SPOKEN = {
    "author": "wrote as", "speaker": "speaks as", "coauthor": "co-wrote a piece quoted by",
}  # fmt: skip
"""What an author is to a speaker that articles are written in the voice of, or that he is himself."""


def _why(selection: Selection, shared: Shared) -> str:
    """Return what articles have in common."""
    if shared.basis == "near-duplicate":
        return f"{percent(shared.shares[0])} of the smaller text stands in the larger"
    if shared.basis != "author":
        return "connected through other articles or several authors"
    author = selection.book.label("actor", shared.to)
    if set(shared.kinds) == {"author"}:
        return f"with a common author, {author}"
    names = {str(selection.suite.facts[article]["speaker"]) for article in shared.articles}
    if set(shared.kinds) == {"speaker"} and names == {shared.to}:
        return f"under one name, {author}; a common author is not established"
    return f"{author} {_roles(selection, shared)}"


ORDINALS = ("the first", "the second", "the third", "the fourth")

_ROLES = {"author": "wrote", "speaker": "speaks in", "coauthor": "co-wrote a piece quoted in"}
"""What an actor is to articles. Who only speaks in one, as outlets do, is not established as its author."""


def _roles(selection: Selection, shared: Shared) -> str:
    """Return what an actor is to articles, in the order in which `names_of` names them.

    What is a guess says so, with its basis and its likelihood.
    """
    known = dict(zip(shared.articles, zip(shared.kinds, shared.shares, strict=True), strict=True))
    held: dict[tuple[str, str], list[int]] = {}
    for place, article in enumerate(a for a in selection.suite.articles["id"] if a in known):
        kind, share = known[article]
        guess = f" ({selection.book.label('basis', kind)}, about {percent(share)})"
        role = (_ROLES[kind], "") if kind in _ROLES else ("may have written", guess)
        held.setdefault(role, []).append(place)
    few_enough = len(known) <= len(ORDINALS)
    return listed(
        f"{role} {listed(ORDINALS[n] for n in at) if few_enough else f'{number(len(at))} of them'}{guess}"
        for (role, guess), at in held.items()
    )


def percent(share: float) -> str:
    """Return a share in words that never round a guess up to certainty or down to nothing.

    >>> percent(0.65), percent(0.999), percent(1.0)
    ('65 %', '99 %', '100 %')
    """
    if share == CERTAIN:
        return "100 %"
    return f"{min(99, max(1, round(share * 100)))} %"
