"""Every sentence with a word, coded or not: how many, in which articles, and as what.

The surprising rule: what counts as coded is judged before filters, so that a sentence whose
row a filter hides reads "hidden by the filters" and never "not coded".
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, names_of, number
from policybook.measures.receipts import find_word, wanted
from policybook.problems import printable
from policybook.suite import Selection
from policybook.table import SEPARATOR, split

KINDS = ("recommendation", "hidden", "context", "diagnosis", "not coded", "article not coded")
"""What a sentence is: coded as a recommendation, as one that filters hide, as the condition,
legal basis or reason of one, as a diagnosis, not at all, or in an article nobody has coded."""

_CONTEXT = ("condition", "legal_basis", "reason")
_LETTERS = 60
"""So much of a word is said again in a sentence."""

_HOW = "Sought from the beginning of a word, capitals or not: what begins with it is found as well."


def shown(word: str) -> str:
    """Return a word as a sentence says it again: on one line, printable and not too long.

    >>> shown("arms  embargo")
    'arms embargo'
    """
    text = printable(" ".join(word.split()))
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"


def word_rows(selection: Selection, word: str) -> pd.DataFrame:
    """Return every sentence with a word, as `measures.receipts.find_word`, and what it is.

    Adds `kind` (see `KINDS`, the first that applies), `shown` (ids of the rows that filters
    leave, or of diagnoses, that are coded from this sentence or rest on its words) and
    `instruments` (ids) of these.
    """
    texts = {name: selection.suite.text(name) for name in map(str, selection.articles["id"])}
    places = _places(selection)
    found = find_word(texts, word, rows=places)
    facts = tuple(places[name].to_numpy(object) for name in ("kind", "row", "instrument"))
    uncoded = set(selection.articles.loc[selection.articles["coder"] == "", "id"])
    each = [
        _judged([(*(str(one[int(key)]) for one in facts),) for key in split(cell)],
                "article not coded" if article in uncoded else "not coded")
        for article, cell in zip(found["article"], found["rows"], strict=True)
    ]  # fmt: skip
    columns = pd.DataFrame(each, columns=["kind", "shown", "instruments"], dtype=str)
    columns["kind"] = pd.Categorical(columns["kind"], list(KINDS), ordered=True)
    return pd.concat([found.drop(columns="rows"), columns], axis=1)


def rows_with_word(selection: Selection, word: str) -> pd.DataFrame:
    """Return the visible rows that are coded from sentences with a word, or rest on their words."""
    found = word_rows(selection, word)
    ids = {one for cell in found["shown"] for one in split(cell)}
    return selection.rows[selection.rows["id"].isin(ids)].reset_index(drop=True)


def word_in_words(word: str) -> str:
    """Return a word between quotation marks, as a heading says it; empty where there is none."""
    return f"“{shown(word)}”" if wanted([word]) else ""


def _places(selection: Selection) -> pd.DataFrame:
    """Return the spans of all that is coded, numbered from nought: kind, row and instrument."""
    rows = selection.all_rows
    seen = rows["id"].isin(selection.rows["id"])
    own, other = (
        pd.Series(kind, index=rows.index, dtype=object) for kind in ("recommendation", "context")
    )
    parts = [_spans(rows, own.where(seen, "hidden"))]
    parts += [_spans(selection.diagnoses, "diagnosis")]
    parts += [_spans(rows, other.where(seen, "hidden"), f"{column}_") for column in _CONTEXT]
    places = pd.concat(parts, ignore_index=True)
    return places.assign(id=places.index.astype(str))


def _spans(rows: pd.DataFrame, kind: str | pd.Series, prefix: str = "") -> pd.DataFrame:
    """Return the spans of one column of quotations; none where the table has no such column."""
    columns = {"article": "article", f"{prefix}start": "start", f"{prefix}end": "end",
               "id": "row", "instrument": "instrument"}  # fmt: skip
    spans = rows.reindex(columns=list(columns)).rename(columns=columns).assign(kind=kind)
    return spans[spans["start"].fillna(-1) >= 0].astype({"article": object, "instrument": object})


def _judged(facts: list[tuple[str, ...]], otherwise: str) -> tuple[str, str, str]:
    """Return what a sentence is, the rows behind it, and their instruments."""
    for kind in KINDS:
        mine = [fact for fact in facts if fact[0] == kind]
        if mine:
            ids = dict.fromkeys(name for _, name, _ in mine if kind != "hidden")
            return kind, SEPARATOR.join(ids), SEPARATOR.join(dict.fromkeys(i for *_, i in mine))
    return otherwise, "", ""


def every_sentence(selection: Selection, word: str) -> list[Finding]:
    """Return how many sentences hold a word, which of them are coded, and where it is missing."""
    if selection.articles.empty:
        return [nothing_selected()]
    if not wanted([word]):
        return [Finding("There is no word to look for: give one as `word`.", (), "word-none")]
    found = word_rows(selection, word)
    if found.empty:
        text = f"No sentence of the selected articles has “{shown(word)}”."
        return [Finding(text, (), "word-nowhere", _HOW)]
    return [
        _head(selection, found, word),
        *_coded(selection, found),
        *_other(found),
        *_nowhere(selection, found),
    ]


def _head(selection: Selection, found: pd.DataFrame, word: str) -> Finding:
    """Return how many sentences of how many articles hold the word."""
    names = few(names_of(selection.articles, found["article"].unique()))
    text = f"“{shown(word)}”: {_sentences(len(found))} – {names}."
    return Finding(text, (), "word-found", _HOW)


def _sentences(count: int) -> str:
    """Return a number of sentences in words."""
    return f"{number(count)} sentence{'' if count == 1 else 's'}"


def _coded(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return how many sentences are coded as recommendations, and on which instruments."""
    mine = found[found["kind"] == "recommendation"]
    if mine.empty:
        return [Finding("Coded as a recommendation: none of them.", (), "word-uncoded")]
    rows = tuple(dict.fromkeys(one for cell in mine["shown"] for one in split(cell)))
    names = dict.fromkeys(one for cell in mine["instruments"] for one in split(cell))
    labels = few((selection.book.label("instrument", one) for one in names), most=6)
    text = f"Coded as a recommendation: {number(len(mine))} of {number(len(found))} – {labels}."
    return [Finding(text, rows, "word-coded")]


_OTHER = {
    "hidden": "coded, but hidden by the filters",
    "context": "condition, legal basis or reason of a recommendation",
    "diagnosis": "coded as a diagnosis, which prescribes nothing",
    "not coded": "not coded",
    "article not coded": "in articles that are not coded yet",
}
"""How a sentence says what else sentences are."""


def _other(found: pd.DataFrame) -> list[Finding]:
    """Return what the other sentences are."""
    counts = found["kind"].astype(str).value_counts()
    parts = [
        f"{words}: {number(int(counts[kind]))}" for kind, words in _OTHER.items() if kind in counts
    ]
    if not parts:
        return []
    ids = found.loc[found["kind"].isin(["context", "diagnosis"]), "shown"]
    rows = tuple(dict.fromkeys(one for cell in ids for one in split(cell)))
    return [Finding(f"The others – {'; '.join(parts)}.", rows, "word-others")]


def _nowhere(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return in which of the selected articles the word does not stand."""
    without = selection.articles[~selection.articles["id"].isin(found["article"])]
    if without.empty:
        return []
    return [Finding(f"Without the word: {few(without['label'])}.", (), "word-without")]
