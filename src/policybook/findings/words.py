"""Every sentence with a word, coded or not: how many, in which articles, and as what.

The surprising rule: what counts as coded is judged before filters, so that a sentence whose
row a filter hides reads "hidden by the filters" and never "not coded".
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, names_of, number
from policybook.findings.rows import called
from policybook.findings.wording import asks_apart
from policybook.measures import passages
from policybook.measures.coverage import OWN
from policybook.measures.receipts import (
    Searchable,
    abbreviates,
    begins_word,
    may_stand,
    terms_sought,
    wanted,
)
from policybook.problems import printable
from policybook.suite import Selection, row_ids
from policybook.tables import split

KINDS = (
    "recommendation", "hidden", "draft", "context", "diagnosis", "not coded", "article not coded",
)  # fmt: skip
"""What a sentence is: coded as a recommendation, as one that filters hide, in a draft row, as the
condition, legal basis or reason of one, as a diagnosis, not at all, or in an article nobody has coded."""

_HIDDEN = KINDS.index("hidden")
_CONTEXT = ("condition", "legal_basis", "reason")
_LETTERS = 60
"""So much of a word is said again in a sentence."""

_HOW = "Capitals do not matter, and words that begin with it are found as well."
_AS_IT_IS = "A word all in capitals is found only as it is: whole, and in capitals."


def shown(word: str) -> str:
    """Return a word as a sentence says it again: on one line, printable and not too long.

    >>> shown("arms  embargo")
    'arms embargo'
    """
    text = printable(" ".join(word.split()))
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"


def word_rows(selection: Selection, word: str) -> pd.DataFrame:
    """Return the place of every sentence with a word, as `measures.passages.places`, and what it is.

    Adds `kind` (see `KINDS`, the first that applies), `shown` (ids of the rows that filters
    leave, or of diagnoses, that are coded from this sentence or rest on its words),
    `instruments` (ids) of these, and likewise `described` and `problems` of the diagnoses coded
    from a sentence of any kind. No sentence where the word can begin none. Computed once for a
    selection.
    """
    known = selection.memo.get(f"word {word}")
    if isinstance(known, pd.DataFrame):
        return known
    articles = list(map(str, selection.articles["id"]))
    sought = word if _can_stand(word) else ""
    found = passages.places(selection.suite.searches, sought, articles=articles)
    selection.memo[f"word {word}"] = found = _judged(selection, found)
    return found


def _judged(selection: Selection, found: pd.DataFrame) -> pd.DataFrame:
    """Return sentences with what each of them is, the rows behind it, and their instruments."""
    spans = _spans(selection, found["article"].unique())
    lines, which = passages.overlaps(found, spans)
    facts = selection.articles
    uncoded = found["article"].isin(facts.loc[facts["coder"] == "", "id"]).to_numpy()
    kind = np.where(uncoded, KINDS.index("article not coded"), KINDS.index("not coded"))
    codes = spans["kind"].to_numpy()[which]
    np.minimum.at(kind, lines, codes)
    kept, seen = codes == kind[lines], codes == KINDS.index("diagnosis")
    named = {"instruments": ("instrument", kept), "shown": ("row", kept & (codes != _HIDDEN)),
             "problems": ("instrument", seen), "described": ("row", seen)}  # fmt: skip
    for name, (column, mine) in named.items():
        cells = spans[column].to_numpy(object)[which[mine]]
        found[name] = pd.Series(passages.listed(len(found), lines[mine], cells), dtype="str")
    found["kind"] = pd.Categorical(np.array(KINDS)[kind], list(KINDS), ordered=True)
    return found


def rows_with_word(selection: Selection, word: str) -> pd.DataFrame:
    """Return the visible rows that are coded from sentences with a word, or rest on their words."""
    found = word_rows(selection, word)
    ids = {one for cell in found["shown"] for one in split(cell)}
    return selection.rows[selection.rows["id"].isin(ids)].reset_index(drop=True)


def has_word(words: str, word: str) -> bool:
    """Tell whether some words have a word, as sentences are searched for it.

    >>> has_word("Arms embargo", "arm"), has_word("the alarm", "arm"), has_word("under", "UN")
    (True, False, False)
    """
    near = [term for term in terms_sought([word]) if may_stand(term, words.lower())]
    return bool(near and Searchable(words).find(near))


def word_in_words(word: str) -> str:
    """Return a word between quotation marks, as a heading says it; empty where there is none."""
    return f"“{shown(word)}”" if wanted([word]) else ""


def _spans(selection: Selection, articles: Collection[str]) -> pd.DataFrame:
    """Return the spans of all that is coded of some articles, with kind, row and instrument.

    `kind` is a place in `KINDS`.
    """
    rows = selection.all_rows
    rows = rows[rows["article"].isin(articles)]
    visible = selection.rows
    seen = rows["id"].isin(visible.loc[visible["article"].isin(articles), "id"]).to_numpy()
    own, context = (np.where(seen, KINDS.index(k), _HIDDEN) for k in ("recommendation", "context"))
    diagnoses = selection.diagnoses
    diagnoses = diagnoses[diagnoses["article"].isin(articles)]
    drafts = selection.drafts
    drafts = drafts[drafts["article"].isin(articles)]
    parts = [_of(rows, own), _of(drafts, KINDS.index("draft")).assign(row="")]
    parts += [_of(diagnoses, KINDS.index("diagnosis"))]
    parts += [_of(rows, context, f"{column}_") for column in _CONTEXT]
    return pd.concat(parts, ignore_index=True)


def _of(rows: pd.DataFrame, kind: np.ndarray | int, prefix: str = "") -> pd.DataFrame:
    """Return the spans of one column of quotations; none where the table has no such column."""
    columns = {"article": "article", f"{prefix}start": "start", f"{prefix}end": "end",
               "id": "row", "instrument": "instrument"}  # fmt: skip
    spans = rows.reindex(columns=list(columns)).rename(columns=columns).assign(kind=kind)
    spans = spans[spans["start"].fillna(-1) >= 0]
    return spans.astype({"article": object, "instrument": object, "start": "int64", "end": "int64"})


def every_sentence(selection: Selection, word: str) -> list[Finding]:
    """Return how many sentences hold a word, which of them are coded, and where it is missing."""
    if selection.articles.empty:
        return [nothing_selected()]
    if not wanted([word]):
        return [Finding("There is no word to look for: give one as `word`.", (), "word-none")]
    if not _can_stand(word):
        text = f"Not searched for: “{shown(word)}” – a word begins with a letter or figure."
        return [Finding(text, (), "word-cannot")]
    found = word_rows(selection, word)
    if found.empty:
        return [_found_nowhere(word)]
    return [
        _head(selection, found, word),
        *_coded(selection, found),
        *_other(found),
        *_nowhere(selection, found),
    ]


def _can_stand(word: str) -> bool:
    """Tell whether a word, or several, can be found: whether it can begin one."""
    return any(map(begins_word, terms_sought([word])))


def _found_nowhere(word: str) -> Finding:
    """Return that no sentence has the word, as it was sought: whole, or as a beginning."""
    if any(map(abbreviates, terms_sought([word]))):
        text = f"No sentence of the selected articles has the word “{shown(word)}”."
        return Finding(text, (), "word-nowhere", _AS_IT_IS)
    what = "words that begin" if " " in shown(word) else "a word that begins"
    text = f"No sentence of the selected articles has {what} with “{shown(word)}”."
    return Finding(text, (), "word-nowhere", "Capitals do not matter.")


def _how(word: str) -> str:
    """Return by which rule a word is found, as a sentence."""
    return _AS_IT_IS if any(map(abbreviates, terms_sought([word]))) else _HOW


def _head(selection: Selection, found: pd.DataFrame, word: str) -> Finding:
    """Return how many sentences of how many articles hold the word."""
    names = few(names_of(selection.articles, found["article"].unique()))
    text = f"“{shown(word)}”: {_sentences(len(found))} – {names}."
    ids = tuple(found["article"].astype(str).unique())
    return Finding(text, (), "word-found", _how(word), articles=ids)


def _sentences(count: int) -> str:
    """Return a number of sentences in words."""
    return f"{number(count)} sentence{'' if count == 1 else 's'}"


def _coded(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return how many sentences are coded as recommendations, and on which instruments."""
    mine = found[found["kind"] == "recommendation"]
    if mine.empty:
        of = "that the filters leave" if (found["kind"] == "hidden").any() else "of them"
        return [Finding(f"Coded as a recommendation: none {of}.", (), "word-uncoded")]
    rows = tuple(dict.fromkeys(one for cell in mine["shown"] for one in split(cell)))
    told = called(selection, rows)
    what = asks_apart(selection, told, most=6)
    some = f"{number(len(mine))} of {number(len(found))}"
    text = f"Coded as a recommendation: {some}{_only_relayed(told)} – {what}."
    return [Finding(text, rows, "word-coded")]


def _only_relayed(rows: pd.DataFrame) -> str:
    """Return that rows are only relayed where no author speaks in any of them, as a clause."""
    return "" if rows["voice"].isin(OWN).any() else ", only relayed"


_OTHER = {
    "hidden": "coded, but hidden by the filters",
    "draft": "in draft rows, which are not counted",
    "context": "condition, legal basis or reason of a recommendation",
    "diagnosis": "coded as a diagnosis, which prescribes nothing",
    "not coded": "not coded",
    "article not coded": "in articles that are not coded yet",
}
"""How a sentence says what else sentences are."""


def _other(found: pd.DataFrame) -> list[Finding]:
    """Return what the other sentences are."""
    others = found[found["kind"] != "recommendation"]
    if others.empty:
        return []
    counts = others["kind"].astype(str).value_counts().to_dict()
    described = others["described"] != ""
    twice = int((described & (others["kind"] != "diagnosis")).sum())
    counts["diagnosis"] = int(described.sum())
    some = f" ({number(twice)} of them counted before)" if twice else ""
    before = {"diagnosis": ", counted before" if counts["diagnosis"] == twice == 1 else some}
    parts = [
        f"{words}: {number(counts[kind])}{before.get(kind, '')}"
        for kind, words in _OTHER.items()
        if counts.get(kind)
    ]
    cells = [*others.loc[others["kind"] == "context", "shown"], *others["described"]]
    rows = tuple(dict.fromkeys(one for cell in cells for one in split(cell)))
    return [Finding(f"The others – {'; '.join(parts)}.", rows, "word-others")]


def _nowhere(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return in which of the selected articles the word does not stand."""
    without = selection.articles[~selection.articles["id"].isin(found["article"])]
    if without.empty:
        return []
    text = f"Without the word: {few(without['label'])}."
    return [Finding(text, (), "word-without", articles=row_ids(without))]
