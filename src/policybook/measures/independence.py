"""Independence: articles that may be one voice are never counted as two.

Two articles are one voice where an author, coauthor, possible author or speaker of the one
may be one of the other, or where at least half of the smaller text stands in the larger.
The surprising rule: being one voice passes on. Where A and B may share an author,
and B and C another, all three are one group, also when B is not looked at:
too few voices is a caveat, too many a false claim.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from policybook.corpus import guesses
from policybook.tables import split

SHINGLE = 8
"""Words in a shingle: long enough that two authors do not write the same eight by chance."""

NEAR_DUPLICATE = 0.5
"""Share of the smaller text's shingles from which on two texts are one voice."""

_WORD = re.compile(r"\w+")
_BASE = np.uint64(0x9E3779B97F4A7C15)
"""An odd 64-bit number without pattern (2⁶⁴ over the golden ratio): base of the rolling hash."""

_FACTS = {"authors": "author", "coauthors": "coauthor", "speaker": "speaker"}
"""Columns of actors that are known, and what such an actor is to the article."""


class Tie(NamedTuple):
    """What an article has in common with another of its group.

    `to` is an actor or, for a near-duplicate, an article; `share` how likely he wrote it
    (1 for a known one), or the share of shingles.
    """

    to: str
    basis: str
    share: float


class Shared(NamedTuple):
    """Articles that are not independent voices, as the parts of a sentence.

    With `basis` "author", `to` is the actor who may stand behind all of them, `shares` how likely,
    and `kinds` what he is to each, article by article: "author", "coauthor" (of a piece that it
    quotes), "speaker", or the basis of a guess. With "near-duplicate" the first is `to`'s double.
    With "through others" they are only connected by articles in between, or by several actors.
    """

    articles: tuple[str, ...]
    to: str
    basis: str
    shares: tuple[float, ...]
    kinds: tuple[str, ...] = ()


class Voices(NamedTuple):
    """The number of independent voices, and who is not independent of whom."""

    number: int
    caveats: tuple[Shared, ...]


def groups(articles: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Return one line for each article: article, group, reason, ties.

    `articles` needs id, authors, coauthors, possible_authors and speaker; `texts` are by id,
    an article without one is no near-duplicate. `group` is the id of its first article;
    `ties` say what joins the article to others of its group, `reason` says it in words and is empty
    for an article that stands alone. A possible author counts from any share above 0.
    Linear in the words of all texts (see `doubles`) and in the authors named.

    >>> articles = pd.DataFrame({"id": ["a", "b", "c"], "authors": ["", "", "z"],
    ...     "coauthors": ["x", "", ""], "possible_authors": ["", "x (inferred, 0.65)", ""],
    ...     "speaker": ["p", "q", "z"]})
    >>> groups(articles, {})[["group", "reason"]].values.tolist()
    [['a', 'x (coauthor)'], ['a', 'x (inferred, 0.65)'], ['c', '']]
    """
    ids = [str(article) for article in articles["id"].tolist()]
    return _grouped(articles, doubles({i: texts[i] for i in ids if i in texts}))


def speaker_groups(
    articles: pd.DataFrame, texts: Mapping[str, str], speakers: Iterable[str]
) -> pd.DataFrame:
    """Return one line for each speaker, as `groups` does for articles: `article` names the speaker.

    A speaker is whoever wrote or may have written an article in his voice, so an author quoted
    elsewhere may be one voice with him; and so may the speakers of two near-duplicates.

    >>> articles = pd.DataFrame({"id": ["a"], "authors": "", "coauthors": "", "speaker": "p",
    ...     "possible_authors": "x (inferred, 0.65)"})
    >>> speaker_groups(articles, {}, ["p", "q", "x"])[["article", "group"]].values.tolist()
    [['p', 'p'], ['q', 'q'], ['x', 'p']]
    """
    written = ("authors", "coauthors", "possible_authors")
    cells: dict[str, tuple[dict[str, None], ...]] = {}
    columns = (articles[name].tolist() for name in ("speaker", *written))
    for speaker, *said in zip(*columns, strict=True):
        for known, cell in zip(cells.setdefault(speaker, ({}, {}, {})), said, strict=True):
            known.update({cell: None} if cell else {})
    names = list(dict.fromkeys([*speakers, *cells]))
    facts = {
        column: ["; ".join(cells[one][place]) if one in cells else "" for one in names]
        for place, column in enumerate(written)
    }
    home = dict(zip(articles["id"], articles["speaker"], strict=True))
    shares: dict[frozenset[str], float] = {}
    for first, second, share in doubles(texts):
        pair = frozenset((home[first], home[second]))
        shares[pair] = max(share, shares.get(pair, 0.0))
    doubled = [
        (min(pair, key=names.index), max(pair, key=names.index), share)
        for pair, share in shares.items()
        if len(pair) > 1
    ]
    table = pd.DataFrame({"id": names, **facts, "speaker": names}, dtype=object)
    return _grouped(table, doubled)


def _grouped(articles: pd.DataFrame, doubled: Iterable[tuple[str, str, float]]) -> pd.DataFrame:
    """Return the groups of articles whose near-duplicates are known."""
    ids = [str(article) for article in articles["id"].tolist()]
    bylines, kinds = _bylines(articles)
    common = _common(bylines, kinds)
    first = dict(zip(ids, ids, strict=True))
    _join_by_authors(first, dict(zip(ids, kinds, strict=True)), common)
    more: dict[str, list[Tie]] = {}
    for one, other, share in doubled:
        for article, double in ((one, other), (other, one)):
            more.setdefault(article, []).append(Tie(double, "near-duplicate", share))
        _join(first, one, other)
    ties = [
        (*common[kind], *more.get(article, ())) for article, kind in zip(ids, kinds, strict=True)
    ]
    words: dict[tuple[Tie, ...], str] = {each: "; ".join(map(_words, each)) for each in set(ties)}
    found = pd.DataFrame({"article": ids, "group": _named(ids, first)})
    found["reason"] = [words[each] for each in ties]
    found["ties"] = pd.Series(ties, dtype=object)
    return found


def voices(article_ids: Iterable[str], groups: pd.DataFrame) -> Voices:
    """Return how many independent voices some articles are at most, and why not more.

    `groups` is what `groups` returned, for all articles of the suite: an article that is not asked
    for may connect two that are. ValueError for an article that it does not hold.

    >>> table = pd.DataFrame({"article": ["a", "b"], "group": ["a", "a"],
    ...     "ties": [(Tie("x", "coauthor", 1.0),), (Tie("x", "inferred", 0.65),)]})
    >>> voices(["a", "b"], table)
    Voices(number=1, caveats=(Shared(articles=('a', 'b'), to='x', basis='author', shares=(1.0, 0.65), kinds=('coauthor', 'inferred')),))
    """
    asked = list(dict.fromkeys(article_ids))
    chosen = groups[groups["article"].isin(asked)]
    if len(chosen) < len(asked):
        missing = set(asked) - set(chosen["article"])
        message = f"not among the articles: {', '.join(sorted(missing))}"
        raise ValueError(message)
    several = chosen[chosen["group"].duplicated(keep=False)]
    parts = [
        part
        for _, group in several.groupby("group", sort=False)
        for part in _shared(dict(zip(group["article"], group["ties"], strict=True)))
    ]
    return Voices(chosen["group"].nunique(), tuple(parts))


def most_by_one(articles: pd.DataFrame) -> int:
    """Return how many of the articles one author is known to have written, at the most.

    `articles` needs authors; a guess, and the name of a speaker, establish nobody.

    >>> most_by_one(pd.DataFrame({"authors": ["x; y", "x", ""]}))
    2
    """
    many = Counter(who for cell in articles["authors"] for who in {*split(cell)})
    return max(many.values(), default=0)


def doubles(texts: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Return near-duplicates as (article, article, share), in the order of the articles.

    share = |A ∩ B| / min(|A|, |B|) over the distinct shingles of 8 words, case and marks ignored;
    a text of fewer words is one shingle. Compared are not all pairs: for each shingle its holders,
    smallest text first, each with the next and with the smallest. Every near-duplicate is so found
    where no shingle stands in more than three texts; of larger families some pairs are left out.
    Linear in words: about 25 bytes each, and two comparisons at most for each shingle.
    """
    words: defaultdict[str, int] = defaultdict(count(1).__next__)
    names = list(texts)
    sets = [_shingles(texts[name], words) for name in names]
    found = []
    for one, other in _candidates(sets):
        common = len(np.intersect1d(sets[one], sets[other], assume_unique=True))
        share = common / min(len(sets[one]), len(sets[other]))
        if share >= NEAR_DUPLICATE:
            found.append((names[one], names[other], share))
    return found


def _shingles(text: str, words: defaultdict[str, int]) -> np.ndarray:
    """Return the distinct shingles of a text as hashes; `words` numbers the words of all texts."""
    numbers = map(words.__getitem__, _WORD.findall(text.casefold()))
    each = np.fromiter(numbers, dtype=np.int64).view(np.uint64)  # signed is four times faster
    if not len(each):
        return each
    length = min(SHINGLE, len(each))
    windows = len(each) - length + 1
    hashes = np.zeros(windows, dtype=np.uint64)
    for place in range(length):
        hashes = hashes * _BASE + each[place : place + windows]
    hashes.sort()
    distinct: np.ndarray = hashes[_first(hashes)]
    return distinct


def _candidates(sets: list[np.ndarray]) -> list[tuple[int, int]]:
    """Return the pairs of texts worth comparing: for each shingle a star and a chain."""
    if not sets:
        return []
    by_size = np.argsort([len(one) for one in sets], kind="stable")
    shingle = np.concatenate([sets[n] for n in by_size])
    holder = np.repeat(by_size, [len(sets[n]) for n in by_size])
    order = np.argsort(shingle, kind="stable")  # of one shingle, the smallest text first
    shingle, holder = shingle[order], holder[order]
    again = np.flatnonzero(shingle[1:] == shingle[:-1]) + 1
    starts = np.maximum.accumulate(np.where(_first(shingle), np.arange(len(shingle)), 0))
    pairs = np.concatenate([
        np.stack([holder[again - 1], holder[again]], axis=1),
        np.stack([holder[starts[again]], holder[again]], axis=1),
    ])  # fmt: skip
    named = np.unique(np.sort(pairs, axis=1), axis=0)
    return [(int(one), int(other)) for one, other in named]


def _first(values: np.ndarray) -> np.ndarray:
    """Tell which sorted values differ from the one before."""
    return np.concatenate([[True][: len(values)], values[1:] != values[:-1]])


Byline: TypeAlias = dict[str, tuple[str, float]]
"""Who wrote or may have written an article: for each actor his basis and share."""


def _bylines(articles: pd.DataFrame) -> tuple[list[Byline], list[int]]:
    """Return the different bylines, and for each article which of them is its own.

    Authors write more than once: what follows looks at each byline, not at each article.
    """
    known: dict[tuple[str, ...], int] = {}
    columns = (articles[name].tolist() for name in (*_FACTS, "possible_authors"))
    kinds = [known.setdefault(cells, len(known)) for cells in zip(*columns, strict=True)]
    bylines: list[Byline] = []
    for cells in known:
        byline: Byline = {}
        for actor, basis, share in _actors(
            dict(zip(_FACTS.values(), cells, strict=False)), cells[-1]
        ):
            byline.setdefault(actor, (basis, share))
        bylines.append(byline)
    return bylines, kinds


def _common(bylines: list[Byline], kinds: list[int]) -> list[tuple[Tie, ...]]:
    """Return for each byline its ties to other articles, by the actors' first appearance."""
    many, articles = Counter(kinds), Counter[str]()  # an actor's articles, in order of appearance
    for kind, byline in enumerate(bylines):
        articles.update(dict.fromkeys(byline, many[kind]))
    rank = {actor: place for place, actor in enumerate(articles)}
    return [
        tuple(Tie(a, *byline[a]) for a in sorted(byline, key=rank.__getitem__) if articles[a] > 1)
        for byline in bylines
    ]


def _join_by_authors(
    first: dict[str, str], kinds: Mapping[str, int], common: list[tuple[Tie, ...]]
) -> None:
    """Make articles with a common author one group."""
    bearer: dict[str, str] = {}
    known: dict[int, str] = {}
    for article, kind in kinds.items():
        if kind in known and common[kind]:
            first[article] = known[kind]  # as another of the same byline
            continue
        known[kind] = article
        for tie in common[kind]:
            _join(first, bearer.setdefault(tie.to, article), article)


def _actors(facts: Mapping[str, str], possible: str) -> Iterator[tuple[str, str, float]]:
    """Yield who wrote or may have written an article; a malformed guess names nobody."""
    for basis, cell in facts.items():
        yield from ((actor, basis, 1.0) for actor in split(cell))
    yield from (guess for guess in guesses(possible) or [] if guess[2] > 0)


def _join(first: dict[str, str], one: str, other: str) -> None:
    """Make two articles one group (union-find, with halved paths)."""
    first[_root(first, other)] = _root(first, one)


def _root(first: dict[str, str], article: str) -> str:
    """Return the article that stands for a group."""
    while first[article] != article:
        first[article] = first[first[article]]
        article = first[article]
    return article


def _named(ids: list[str], first: dict[str, str]) -> list[str]:
    """Return the group of each article, named after the first of its articles."""
    name: dict[str, str] = {}
    return [name.setdefault(_root(first, article), article) for article in ids]


def _words(tie: Tie) -> str:
    """Return a tie in words.

    >>> _words(Tie("b", "near-duplicate", 0.875))
    'b (near-duplicate, 0.88)'
    """
    share = "" if tie.share == 1 and tie.basis in _FACTS.values() else f", {tie.share:.2f}"
    return f"{tie.to} ({tie.basis}{share})"


def _shared(ties: dict[str, tuple[Tie, ...]]) -> list[Shared]:
    """Return what articles of one group share among themselves."""
    actors: dict[str, dict[str, Tie]] = {}
    parts = []
    for article, each in ties.items():
        for tie in each:
            if tie.basis != "near-duplicate":
                actors.setdefault(tie.to, {})[article] = tie
            elif tie.to in ties and list(ties).index(article) < list(ties).index(tie.to):
                parts.append(Shared((article, tie.to), "", tie.basis, (tie.share,)))
    parts += [
        Shared(
            tuple(held), actor, "author",
            tuple(t.share for t in held.values()), tuple(t.basis for t in held.values()),
        )
        for actor, held in actors.items()
        if len(held) > 1
    ]  # fmt: skip
    if not parts or not _connected(list(ties), parts):
        parts.append(Shared(tuple(ties), "", "through others", ()))
    return parts


def _connected(articles: list[str], parts: list[Shared]) -> bool:
    """Tell whether what articles share among themselves makes all of them one group."""
    if any(len(part.articles) == len(articles) for part in parts):
        return True
    first = {article: article for article in articles}
    for part in parts:
        for article in part.articles:
            _join(first, part.articles[0], article)
    return len({_root(first, article) for article in articles}) == 1
