"""What two states of a suite differ in: articles, rows and codes, each with its cause.

Judged cell by cell as the files have it; what the differences do to findings is in `effects`.
The surprising rule: a row is known by its id alone, so that one that moved has not changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from policybook.codebook import Codebook, Value
from policybook.corpus import sha256
from policybook.material import DIAGNOSES, RECOMMENDATIONS, Material
from policybook.migrations import RENAME, successors
from policybook.tables import split

NEW, GONE, RECODED, CODEBOOK = "new article", "article taken out", "recoded", "codebook"
"""The causes of a difference in rows; those of findings add the package."""

APPEARED, VANISHED, CHANGED = "appeared", "vanished", "changed"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: its kind, its name, what happened to it, how, why, and its rows."""

    kind: str
    name: str
    what: str
    details: tuple[str, ...] = ()
    cause: str = ""
    rows: tuple[str, ...] = ()


def compare(old: Material, new: Material) -> list[Difference]:
    """Return what differs in articles, rows and codes, in the order of the new state."""
    return [*articles(old, new), *rows(old, new), *codes(old.book, new.book)]


def articles(old: Material, new: Material) -> Iterator[Difference]:
    """Yield articles that came, went, or whose facts or text are others."""
    before, after = _facts(old), _facts(new)
    for name, what, details in _compared(before, after):
        cause = {APPEARED: NEW, VANISHED: GONE}.get(what, "facts or text of the article")
        if what == CHANGED and _by_codebook((old, new), "articles", before[name], after[name]):
            cause = CODEBOOK
        yield Difference("article", name, what, details, cause)


def _facts(material: Material) -> dict[str, Cells]:
    """Return the facts on each article, with the fingerprint of the text that is there."""
    corpus = material.corpus
    return {
        name: corpus.facts(name) | {"text": sha256(corpus.data(name) or b"")[:12]}
        for name in corpus.rows
        if name
    }


def rows(old: Material, new: Material) -> Iterator[Difference]:
    """Yield rows of the recommendations and diagnoses that came, went or are coded otherwise."""
    homes = set(old.corpus.rows), set(new.corpus.rows)
    for table in (RECOMMENDATIONS, DIAGNOSES):
        before, after = _rows(old, table), _rows(new, table)
        for name, what, details in _compared(before, after):
            article = (after.get(name) or before[name]).get("article", "")
            cause = _cause(article, homes)
            kind = new.tables[table].kind if table in new.tables else ""
            if what == CHANGED and _by_codebook((old, new), kind, before[name], after[name]):
                cause = CODEBOOK
            words = (after.get(name) or before[name]).get("quote", "")
            yield Difference("row", name, what, details or (f"“{words}”",), cause, (name,))


def _by_codebook(states: tuple[Material, Material], kind: str, before: Cells, after: Cells) -> bool:
    """Tell whether all that differs in a row are codes that the new codebook no longer has."""
    old, new = (state.book for state in states)
    for name in (name for name in {*before, *after} if before.get(name, "") != after.get(name, "")):
        column = new.columns.get(kind, {}).get(name)
        if column is None or not column.values:
            return False
        gone = _codes(before.get(name, "")) - _codes(after.get(name, ""))
        if (
            not gone
            or not gone <= old.values(column.values).keys() - new.values(column.values).keys()
        ):
            return False
    return True


def _codes(cell: str) -> set[str]:
    """Return the codes of a cell, of guesses as well."""
    return {part.partition("(")[0].strip() for part in split(cell)}


def _cause(article: str, homes: tuple[set[str], set[str]]) -> str:
    """Return why a row differs, by whether its article was and is there."""
    before, after = (article in known for known in homes)
    if after and not before:
        return NEW
    return GONE if before and not after else RECODED


def _rows(material: Material, name: str) -> dict[str, Cells]:
    """Return the rows of a table by their ids, as the file has them."""
    table = material.tables.get(name)
    if table is None:
        return {}
    columns = table.cells.columns
    ids = table.cells.column("id")
    return {
        one.strip(): {column: cells[place] for column, cells in columns.items()}
        for place, one in enumerate(ids)
        if one.strip()
    }


def codes(old: Codebook, new: Codebook) -> Iterator[Difference]:
    """Yield codes and columns that came, went or are defined otherwise."""
    raised = f"{CODEBOOK} {old.version} → {new.version}"
    cause = raised if old.version != new.version else f"{CODEBOOK}, its version not raised"
    renames = [one for one in new.migrations if one.kind == RENAME and one not in old.migrations]
    named = {
        f"{vocabulary}.{code}": f"{vocabulary}.{now}"
        for vocabulary, codes in successors(renames).items()
        for code, now in codes.items()
    }
    before = {named.get(name, name): texts for name, texts in _defined(old).items()}
    for name, what, details in _compared(before, _defined(new)):
        yield Difference("code", name, what, details, cause)


def _defined(book: Codebook) -> dict[str, Cells]:
    """Return every value and column of a codebook as texts, by their dotted names."""
    found: dict[str, Cells] = {
        f"{vocabulary}.{name}": _texts(value)
        for vocabulary, values in book.vocabularies.items()
        for name, value in values.items()
    }
    for table, columns in book.columns.items():
        for name, column in columns.items():
            texts = {f.name: str(getattr(column, f.name)) for f in fields(column)}
            found[f"column.{table}.{name}"] = texts
    return found


def _texts(value: Value) -> Cells:
    """Return everything a codebook says of a value as texts."""
    known = ("id", "label", "definition", "include", "exclude", "example")
    extra = {key: str(value.extra[key]) for key in value.extra}
    return {name: getattr(value, name) for name in known} | extra


def _compared(
    before: Mapping[str, Cells], after: Mapping[str, Cells]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield name, what happened and how, of everything that differs."""
    for name in dict.fromkeys([*after, *before]):
        if name not in before:
            yield name, APPEARED, ()
        elif name not in after:
            yield name, VANISHED, ()
        else:
            one, other = before[name], after[name]
            differing = [c for c in dict.fromkeys([*one, *other]) if one.get(c) != other.get(c)]
            details = [_detail(c, one.get(c, ""), other.get(c, "")) for c in differing]
            if said := tuple(d for d in details if d):
                yield name, CHANGED, said


def _detail(column: str, before: str, after: str) -> str:
    """Return what became of one cell; nothing where it was and is empty."""
    return f'{column}: "{before}" → "{after}"' if before != after else ""
