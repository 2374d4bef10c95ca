"""Sentences on one instrument over time: how strength, condition, addressee and basis differ.

The surprising rule: articles differ, nobody shifts. What one article says beside another's words
is set side by side; that it changed is never said of different authors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import NO_THEME
from policybook.findings.coverage import chosen, hides, nothing_selected, states, themes
from policybook.findings.finding import Finding, cited, few, listed, names_of, sentence
from policybook.findings.time import as_shown, one_voice, voice_of, widest
from policybook.measures import timeline, trends
from policybook.measures.coverage import OWN
from policybook.suite import Selection, row_ids
from policybook.tables import split

FACETS = {
    "stance": "Stance",
    "strength": "Strength",
    "condition": "Condition",
    "addressee": "Addressee",
    "target": "Upon whom",
    "objective": "Purpose",
    "legal_basis": "Legal basis",
    "means": "Means",
}
"""What may differ between articles under one heading, in the order of the sentences."""

NONE = {
    "condition": "none",
    "addressee": "nobody named",
    "target": "nobody named",
    "objective": "none said",
    "legal_basis": "none named",
    "means": "none named",
}
"""What stands where an article says nothing on a facet."""

_INLINE = {
    "stance": "{}",
    "strength": "{}",
    "condition": "condition {}",
    "addressee": "asked of {}",
    "target": "upon {}",
    "objective": "purpose {}",
    "legal_basis": "legal basis {}",
    "means": "by {}",
}
"""How one sentence that sets two articles side by side writes a facet."""

_VOCABULARIES = {
    "addressee": "actor",
    "target": "actor",
    "objective": "objective",
    "means": "means",
}
"""Facets that list codes, and what has words for these."""

_UNSAID = {"", "unspecified"}
"""What stands in a cell that says nothing on a facet."""

_TAKEN = ("condition", "target", "objective")
"""What a repetition takes over from the row it repeats; of all else its silence says nothing."""

TOLD = ("stance", "strength", "condition", "target", "legal_basis")
"""The facets that one sentence sets side by side; where others differ as well it names them."""

MOST_WORDED = 6
"""Articles whose words a sentence can hold; of the rest it is only asked whether they differ."""


@dataclass(frozen=True)
class Said:
    """What articles say on each facet: all of them in order of time, the first ones in words."""

    articles: tuple[str, ...]
    words: dict[str, dict[str, tuple[str, ...]]]
    differing: tuple[str, ...]


@as_far_as_coded
def theme_shift(selection: Selection) -> list[Finding]:
    """Return how the theme differs between the articles that take it up, facet by facet.

    Where the selection has no theme, a sentence says so.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    if not selection.theme:
        return [Finding(NO_THEME, (), "shift-no-theme")]
    own = _own(selection, selection.theme)
    said = facets(selection, own)
    if len(said.articles) < 2:  # noqa: PLR2004  (one article has nothing to differ from)
        return [_too_few(selection, said, own)]
    caveat = _caveat(selection, selection.theme, said)
    found = [_facet(selection, facet, said, own, caveat) for facet in said.differing]
    return [*found, *_alike(selection.theme, said, own, caveat), *_no_trend(selection, own, said)]


@as_far_as_coded
def themes_shift(selection: Selection) -> list[Finding]:
    """Return for each named theme that several articles take up what differs between them."""
    if selection.articles.empty:
        return [nothing_selected()]
    found = []
    for theme in themes(selection):
        own = _own(selection, theme)
        said = facets(selection, own)
        if len(said.articles) > 1:
            found.append(_side_by_side(selection, theme, own, said))
    if found:
        return found
    text = "No named theme is visible in two articles, so none can be set side by side."
    return [Finding(text, (), "shift-none")]


def facets(selection: Selection, own: pd.DataFrame) -> Said:
    """Return what the articles of some rows say on each facet, linear in rows."""
    place, ids = pd.factorize(own["article"])
    words: dict[str, dict[str, tuple[str, ...]]] = {str(a): {} for a in ids[:MOST_WORDED]}
    differing = []
    for facet in FACETS:
        said = (own["repeat_of"] == "") | ~own[facet].isin(_UNSAID)
        told = np.ones(len(own), bool) if facet in _TAKEN else said.to_numpy()
        each = _by_article(selection, own.loc[told, facet], facet, place[told], len(ids))
        first = list(islice(each, MOST_WORDED))
        for article, found in zip(words, first, strict=True):
            words[article][facet] = found
        alike = own[facet].nunique() < 2  # noqa: PLR2004
        if not alike and any({*one} != {*first[0]} for one in chain(first, each)):
            differing.append(facet)
    return Said(tuple(map(str, ids)), words, tuple(differing))


def _by_article(
    selection: Selection, column: pd.Series, facet: str, place: np.ndarray, articles: int
) -> Iterator[tuple[str, ...]]:
    """Yield the words of one facet, article by article; equal cells are put into words once."""
    codes, cells = pd.factorize(column)
    pairs = pd.unique(place * max(1, len(cells)) + codes)
    article, cell = np.divmod(pairs, max(1, len(cells)))
    cell = cell[np.argsort(article, kind="stable")]
    ends = np.cumsum(np.bincount(article, minlength=articles))
    known: dict[bytes, tuple[str, ...]] = {}
    for start, end in zip([0, *ends], ends, strict=False):
        mine = cell[start:end]
        key = mine.tobytes()
        if key not in known:
            known[key] = _words(selection, [str(cells[c]) for c in mine], facet)
        yield known[key]


def _own(selection: Selection, theme: str) -> pd.DataFrame:
    """Return the visible rows of the authors themselves on a theme."""
    rows = selection.rows
    return rows[(rows["instrument"] == theme) & rows["voice"].isin(OWN)]


def _words(selection: Selection, cells: list[str], facet: str) -> tuple[str, ...]:
    """Return the words of one facet in cells: labels, or the article's own in quotation marks."""
    book = selection.book
    if facet in {"condition", "legal_basis"}:
        words = dict.fromkeys(cited(" ".join(cell.split())) for cell in cells if cell.strip())
        return tuple(f"in part {one}" if not all(cells) else one for one in words)
    if facet in {"stance", "strength"}:
        values = sorted(set(cells), key=list(book.values(facet)).index)
        return tuple(f"“{book.label(facet, value)}”" for value in values)
    codes = dict.fromkeys(code for cell in cells for code in split(cell) if code not in _UNSAID)
    words = dict.fromkeys(book.label(_VOCABULARIES[facet], code) for code in codes)
    silent = words and any(cell in _UNSAID for cell in cells)
    return (*words, *([_in_part(facet)] if silent else []))


def _in_part(facet: str) -> str:
    """Return what is said where an article says nothing on a facet in some of its rows."""
    return f"in part {NONE.get(facet, '')}"


def _told(words: Sequence[str], facet: str, *, most: int = 5) -> str:
    """Return what an article says on a facet, the first words of many, and that it does so in part."""
    named = [word for word in words if word != _in_part(facet)]
    silent = words[len(named) :]
    return ", ".join(filter(None, (few(named, most=most), *silent))) or NONE[facet]


def _facet(selection: Selection, facet: str, said: Said, own: pd.DataFrame, caveat: str) -> Finding:
    """Return how one facet differs, article by article."""
    parts = [
        f"{selection.labels[article]}: {_told(words[facet], facet, most=6)}"
        for article, words in said.words.items()
    ]
    text = f"{FACETS[facet]} – {few(parts, mark=';', total=len(said.articles))}."
    return Finding(
        text,
        row_ids(_telling(own, facet)),
        f"shift-{facet.replace('_', '-')}",
        caveat,
        selection.theme,
    )


def _telling(own: pd.DataFrame, facet: str) -> pd.DataFrame:
    """Return the rows that show a facet: the first of an article for each of its values."""
    return own.drop_duplicates(["article", facet])


def _alike(theme: str, said: Said, own: pd.DataFrame, caveat: str) -> list[Finding]:
    """Return in what all articles are alike."""
    first = next(iter(said.words.values()))
    alike = [
        f"{name.lower()} ({_told(first[facet], facet)})"
        for facet, name in FACETS.items()
        if facet not in said.differing
    ]
    if not alike:
        return []
    text = f"The same in each of these articles: {listed(alike)}."
    return [Finding(text, row_ids(own.drop_duplicates("article")), "shift-alike", caveat, theme)]


def _too_few(selection: Selection, said: Said, own: pd.DataFrame) -> Finding:
    """Return why nothing is compared where fewer than two articles can be seen to speak."""
    label = selection.book.label("instrument", selection.theme)
    cells = states(selection)
    mine = cells[cells["instrument"] == selection.theme]
    hidden = names_of(selection.articles, mine.loc[mine["state"] == "filtered out", "article"])
    seen = few(names_of(selection.articles, said.articles))
    more = f"; hidden by the filters: {few(hidden)}" if hidden else ""
    text = f"{sentence(label)} – nothing to compare, as it is visible in {seen} only{more}."
    if not said.articles:
        text = f"{sentence(label)} – nothing to compare, as no {chosen(selection)}article is seen to take it up{more}."
    code = "shift-hidden" if hidden else "shift-too-few"
    return Finding(text, row_ids(own), code, "", selection.theme, claim=f"{seen}{more}")


def _caveat(selection: Selection, theme: str, said: Said) -> str:
    """Return what must be said with a comparison: hidden rows, and an order that is not certain."""
    facts = selection.articles[selection.articles["id"].isin(said.articles)]
    places = timeline.order(timeline.outer(facts))
    loose = names_of(facts, places.loc[places["first"] != places["last"], "article"])
    parts = [words] if (words := hides(selection, theme)) else []
    parts += [f"The dates do not fix the order of {few(loose, most=3)}."] if loose else []
    return " ".join(parts)


def _no_trend(selection: Selection, own: pd.DataFrame, said: Said) -> list[Finding]:
    """Return why no trend is drawn through the articles."""
    voice = voice_of(selection, said.articles)
    reason = trends.refusal(widest(selection), own, voice=voice)
    if not reason:
        return []
    text = f"No trend is drawn through them: {as_shown(selection, reason, own, selection.theme)}."
    doubt = one_voice(selection, said.articles)
    return [Finding(text, (), "shift-no-trend", doubt, selection.theme, claim=reason)]


def _side_by_side(selection: Selection, theme: str, own: pd.DataFrame, said: Said) -> Finding:
    """Return in one sentence what differs between articles under one heading."""
    label = sentence(selection.book.label("instrument", theme))
    differing = said.differing
    caveats = [_caveat(selection, theme, said), one_voice(selection, said.articles)]
    caveat = " ".join(filter(None, caveats))
    if not differing:
        names = names_of(selection.articles, said.articles)
        text = f"{label} – alike in every respect compared: {few(names)}."
        return Finding(text, row_ids(own.drop_duplicates("article")), "side-alike", caveat, theme)
    told = [facet for facet in differing if facet in TOLD] or differing
    rest = [FACETS[facet].lower() for facet in differing if facet not in told]
    also = f"; differing, too: {listed(rest)}" if rest else ""
    parts = [
        f"{selection.labels[article]}: {_inline(words, told)}"
        for article, words in said.words.items()
    ]
    telling = [~own.duplicated(["article", facet]) for facet in differing]
    shown = few(parts, most=4, mark="; beside it,", total=len(said.articles))
    return Finding(
        f"{label} – {shown}{also}.",
        row_ids(own[np.logical_or.reduce(telling)]),
        "side-by-side",
        caveat,
        theme,
    )


def _inline(words: dict[str, tuple[str, ...]], differing: Iterable[str]) -> str:
    """Return the differing facets of one article within a sentence."""
    return ", ".join(
        _INLINE[facet].format(_told(words[facet], facet, most=4)) for facet in differing
    )
