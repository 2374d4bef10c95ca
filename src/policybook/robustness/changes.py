"""What may be changed about a question: its articles, its voices, its coding, its doubts, its counting.

Every change is tried, always in this order, and what is not tried is said. The surprising rule:
another coding is tried only where it has rows on each article that has any,
for a coder who read a sample did not find the rest silent. Where all articles are one voice,
nothing is left to ask without it, and no finding is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from policybook.findings.finding import Finding, few, listed, number
from policybook.findings.independence import voice_groups
from policybook.findings.rows import varied
from policybook.material import RECOMMENDATIONS
from policybook.suite import COUNTING, Selection

Ask = Callable[[Selection], list[Finding]]
"""A question: a selection in, findings out."""

ASIDE = "if conditions are left aside"
"""How the loose comparison is named where the strict one was asked for."""

MOST_LEFT_OUT, LEAST_LEFT_OUT, ROWS_ASKED = 30, 3, 50_000
"""Articles left out one by one: so many at most, and so few where asking costs all those rows."""

MOST_TOGETHER = 2
"""Articles of one voice that its setting names; the rest of many is counted."""

ROWS_AGAIN = 500_000
"""Rows that one question may have read again, whatever is changed; of more, fewer changes are tried."""

CHANGES = {
    "article": "an article left out",
    "voice": "a voice left out",
    "coding": "another coding",
    "confidence": "rows of less confidence left out",
    "count": "another counting rule",
    "question": "the question put otherwise",
}
"""The kinds of change, in their order and in words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One change: its kind, the words for it (they fit after "not"), and what to ask of what.

    `without` is the article left out, `voice` all articles of the voice left out; empty where none is.
    """

    change: str
    words: str
    selection: Selection
    without: str = ""
    ask: Ask | None = None
    voice: tuple[str, ...] = ()

    @property
    def gone(self) -> tuple[str, ...]:
        """The articles left out."""
        return self.voice or ((self.without,) if self.without else ())


def settings(
    selection: Selection,
    *,
    otherwise: Mapping[str, Ask] | None = None,
    kinds: Collection[str] = tuple(CHANGES),
) -> list[Setting]:
    """Return every change of some kinds to be tried, no two with the same words.

    `otherwise` holds further ways to ask, by their words: strict for loose, another normalisation.
    """
    asks = otherwise or {}
    ways: dict[str, Iterable[Setting]] = {
        "article": _articles(selection),
        "voice": _voices(selection),
        "coding": _some_codings(selection),
        "confidence": islice(_floors(selection), _again(selection)),
        "count": _rules(selection),
        "question": (Setting("question", words, selection, ask=a) for words, a in asks.items()),
    }
    found = [one for kind in CHANGES if kind in kinds for one in ways[kind]]
    seen: dict[str, int] = {}
    unique = []
    for one in found:
        seen[one.words] = seen.get(one.words, 0) + 1
        again = f" [{seen[one.words]}]" if seen[one.words] > 1 else ""
        unique.append(replace(one, words=one.words + again))
    return unique


def _some_codings(selection: Selection) -> Iterator[Setting]:
    """Yield the selection in as many other codings as may be read beside the floors of confidence."""
    rest = _again(selection) - len(list(_floors(selection)))
    yield from islice(_codings(selection), max(0, rest))


def untried(selection: Selection) -> list[str]:
    """Return, as sentences, what was not tried and why; nothing on a small corpus."""
    said, most = [], _most(selection)
    rest = len(selection.articles) - most
    if rest > 0 and most:
        said.append(
            f"Articles left out one by one: the {number(most)} with most rows; not tried: {number(rest)} others."
        )
    elif rest > 0:
        said.append(f"Not tried, of so many rows: any of {number(rest)} articles left out.")
    said += _unvoiced(selection)
    if cut := [*_floors(selection), *_codings(selection)][_again(selection) :]:
        said.append(f"Not tried, of so many rows: {few((one.words for one in cut), mark=';')}.")
    for name in selection.suite.codings():
        if codes := selection.suite.undecided(name):
            said.append(f"Not tried: the coding {name}; split or retired since: {listed(codes)}.")
            continue
        missing = _uncovered(selection, _coded(selection, name))
        if missing:
            said.append(
                f"Not tried: the coding {name}; articles with rows on which it has none: {number(missing)}."
            )
    return said


def _coded(selection: Selection, name: str) -> Selection:
    """Return the selection in another coding."""
    return Selection(selection.suite.with_rows(name), selection.asked)


def _most(selection: Selection) -> int:
    """Return how many articles may be left out one by one in a bearable time."""
    affordable = ROWS_ASKED // max(1, len(selection.all_rows))
    left = _again(selection) - len([*_floors(selection), *_codings(selection)])
    return min(max(LEAST_LEFT_OUT, min(MOST_LEFT_OUT, affordable)), max(0, left))


def _most_voices(selection: Selection) -> int:
    """Return how many voices may be left out, after all articles that may be."""
    left = _again(selection) - len([*_floors(selection), *_codings(selection)])
    left -= min(_most(selection), len(selection.articles))
    return max(0, min(_most(selection), left))


def _again(selection: Selection) -> int:
    """Return how many changes may have the rows read again."""
    return ROWS_AGAIN // max(1, len(selection.all_rows))


def _left_out(selection: Selection) -> list[str]:
    """Return the articles to leave out, in order of time; of very many those with most rows."""
    names, most = selection.articles["id"].tolist(), _most(selection)
    if len(names) <= most:
        return names if len(names) > 1 else []
    if not most:
        return []
    rows = selection.rows["article"].astype(str).value_counts()
    heavy = rows.reindex(names, fill_value=0).sort_values(ascending=False, kind="stable")
    kept = set(heavy.index[:most])
    return [name for name in names if name in kept]


def _articles(selection: Selection) -> Iterator[Setting]:
    """Yield the selection without each of its articles."""
    names = selection.articles["id"].tolist()
    for name in _left_out(selection):
        rest = varied(selection, "articles", [other for other in names if other != name])
        yield Setting("article", f"without {selection.labels[name]}", rest, name)


def _voices(selection: Selection) -> Iterator[Setting]:
    """Yield the selection without each voice that stands behind several of its articles."""
    names = selection.articles["id"].tolist()
    for group in _several(selection, names):
        labels = few((selection.labels[name] for name in group), most=MOST_TOGETHER)
        words = f"without the voice behind {labels}"
        rest = [name for name in names if name not in group]
        other = varied(selection, "articles", rest) if rest else selection
        yield Setting("voice", words, other, ask=None if rest else _nothing, voice=group)


def _nothing(_: Selection) -> list[Finding]:
    """Return what is found where no article is left."""
    return []


def _several(selection: Selection, names: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the articles of each voice that has more than one, as many voices as may be left out."""
    if most := _most_voices(selection):
        yield from islice(_groups(selection, names), most)


def _groups(selection: Selection, names: list[str]) -> list[tuple[str, ...]]:
    """Return the articles of each voice that has more than one, in order of time."""
    if len(names) < 2:  # noqa: PLR2004  (one article is one voice)
        return []
    mine = voice_groups(selection, names).set_index("article")["group"].reindex(names)
    found = [tuple(map(str, of.index)) for _, of in mine.groupby(mine, sort=False)]
    return [group for group in found if len(group) > 1]


def _unvoiced(selection: Selection) -> list[str]:
    """Return, as a sentence, of how many voices not all articles were left out together."""
    names, most = selection.articles["id"].tolist(), _most_voices(selection)
    if not most and len(names) > 1:  # that there are such voices, it would take too long to find
        return ["Not tried, of so many rows: articles of one voice left out together."]
    rest = len(_groups(selection, names)) - most
    if rest <= 0:
        return []
    return [f"Not left out with all their articles: {number(rest)} other voice{'s' * (rest > 1)}."]


def _codings(selection: Selection) -> Iterator[Setting]:
    """Yield the selection in every other coding of all its articles."""
    if selection.suite.table != RECOMMENDATIONS:
        return
    for name in selection.suite.codings():
        if selection.suite.undecided(name):
            continue
        other = _coded(selection, name)
        if not _uncovered(selection, other):
            yield Setting("coding", f"under another coding ({_coders(other, name)})", other)


def _uncovered(selection: Selection, other: Selection) -> int:
    """Return how many articles that have rows have none in another coding."""
    mine, theirs = selection.all_rows["article"], other.all_rows["article"]
    return len(set(mine.astype(str)) - set(theirs.astype(str)))


def _coders(selection: Selection, name: str) -> str:
    """Return who coded a table; its path where it does not say."""
    coders = [c for c in dict.fromkeys(map(str, selection.suite.rows["coder"])) if c]
    return listed(selection.book.label("coder", c) for c in coders) or name


def _floors(selection: Selection) -> Iterator[Setting]:
    """Yield the selection with every higher floor of confidence."""
    ranks = list(selection.book.values("confidence"))
    asked = ranks.index(str(selection.asked["confidence"]))
    for place in reversed(range(asked)):
        labels = (selection.book.label("confidence", r) for r in ranks[place + 1 : asked + 1])
        words = f"without rows of {listed(labels, last='or')} confidence"
        yield Setting("confidence", words, varied(selection, "confidence", ranks[place]))


def _rules(selection: Selection) -> Iterator[Setting]:
    """Yield the selection with every other counting rule."""
    for rule, words in COUNTING.items():
        if rule != selection.asked["count"]:
            yield Setting("count", f"if {words} are counted", varied(selection, "count", rule))
