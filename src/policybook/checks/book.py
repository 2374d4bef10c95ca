"""Rules about the codebook: every value defined, every name it uses known, every example real."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from policybook import anchors, dates
from policybook.checks import versions
from policybook.codebook import NO_EXAMPLE, UNDEFINED_BY_EXAMPLE, Codebook, Column, Value
from policybook.material import RECOMMENDATIONS, Material
from policybook.problems import Problem, did_you_mean, quoted
from policybook.tables import DRAFT, split

NEEDED = {
    "recommendations": [
        "id",
        "article",
        "status",
        "quote",
        "prefix",
        "voice",
        "speaker",
        "author_attitude",
        "instrument",
        "stance",
        "strength",
        "condition",
        "condition_type",
        "means",
        "objective",
        "legal_basis",
        "reason",
        "course",
        "addressee",
        "target",
        "repeat_of",
        "confidence",
        "coder",
        "confirmed_by",
        "note",
    ],
    "diagnoses": ["id", "article", "quote", "instrument", "confidence", "coder"],
    "articles": [
        "id",
        "file",
        "title",
        "authors",
        "possible_authors",
        "coauthors",
        "speaker",
        "outlet",
        "published",
        "earliest",
        "latest",
        "date_basis",
        "genre",
        "language",
        "sha256",
        "coder",
        "coded_on",
        "codebook_version",
        "note",
    ],
}
"""Columns that the measures and the pages rely on; a suite may define more."""

KINDS = ("id", "code", "codes", "quote", "prefix", "text", "date", "row", "group", "file", "guesses",
         "sha256", "version", "url")  # fmt: skip
"""What a column can hold."""

_NO_CODES = ("article", "status", *UNDEFINED_BY_EXAMPLE)
"""What columns of codes name that is no reading of a passage: a draft asks for no new example."""

CODER_KINDS = ("person", "machine")
MOST_LETTERS = 10_000
"""Letters of a label, at most: pages repeat it in hundreds of sentences, and a page is mailed."""

RELATION_KINDS = ("excludes", "presupposes", "serves")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)


def check(material: Material) -> Iterator[Problem]:
    """Yield the problems of a codebook that could be read."""
    book = material.book
    if not book.data:
        return
    yield from versions.check(material)
    yield from _columns(book)
    yield from _definitions(book)
    yield from _names(book)
    yield from _relations(book)
    yield from _lifespans(book)
    yield from _events(material)
    yield from _examples(material)


def _columns(book: Codebook) -> Iterator[Problem]:
    """Yield columns that are needed and not defined, or whose kind or values are unknown."""
    for table, names in NEEDED.items():
        for name in names:
            if name not in book.columns.get(table, {}):
                message = f"the column `{name}` of {table} has no label"
                hint = f"Define [column.{table}.{name}]: the measures rely on it."
                yield book.problem("column-undefined", message, at=f"column.{table}", hint=hint)
    for table, columns in book.columns.items():
        for column in columns.values():
            yield from _column(book, f"column.{table}.{column.name}", column)


def _column(book: Codebook, at: str, column: Column) -> Iterator[Problem]:
    """Yield what is wrong with one column's entry."""
    if not column.definition:
        yield _undefined(book, at, "definition")
    if column.kind not in KINDS:
        message, hint = (
            f"{quoted(column.kind)} is not a kind of column",
            did_you_mean(column.kind, KINDS),
        )
        yield book.problem(
            "kind-unknown", message, at=at, hint=hint or f"Allowed: {', '.join(KINDS)}."
        )
    vocabularies = [*book.vocabularies, "article"]
    if column.kind in {"code", "codes", "guesses"} and column.values not in vocabularies:
        message = f"there is no vocabulary {quoted(column.values)}"
        hint = did_you_mean(column.values, vocabularies) or "Name the table of its values."
        yield book.problem("vocabulary-unknown", message, at=at, hint=hint)
    if column.scale and (column.scale, column.kind) != ("ordinal", "code"):
        message = f"{quoted(column.scale)} is not a scale of this column"
        hint = 'scale = "ordinal" where the codes of a column have an order; else leave it out.'
        yield book.problem("scale-unknown", message, at=at, hint=hint)


def _undefined(book: Codebook, at: str, what: str) -> Problem:
    """Return the problem of an entry that says too little."""
    message = f"has no {what}"
    return book.problem("value-undefined", message, at=at, hint="Say what belongs to it.")


def _definitions(book: Codebook) -> Iterator[Problem]:
    """Yield values without a label, or with an endless one, without definition or example."""
    for vocabulary, values in book.vocabularies.items():
        for value in values.values():
            at = f"{vocabulary}.{value.id}"
            if not _ID.fullmatch(value.id):
                message = f"{quoted(value.id)} is not an id"
                hint = "Letters, digits, hyphen, dot and underscore; no space."
                yield book.problem("bad-id", message, at=at, hint=hint)
            entry = book.data[vocabulary][value.id]
            needed = ["label"]
            if vocabulary not in UNDEFINED_BY_EXAMPLE:
                needed += ["definition", "include", "exclude", "example"]
            for what in needed:
                if not str(entry.get(what, "")).strip():
                    yield _undefined(book, at, what)
            if len(value.label) > MOST_LETTERS:
                message = f"its label has {len(value.label):,} letters"
                hint = f"At most {MOST_LETTERS:,}: sentences name it. Say more in its definition."
                yield book.problem("label-long", message, at=at, hint=hint)


def _names(book: Codebook) -> Iterator[Problem]:
    """Yield members that are no actors, kinds of coder that are none, referents of nobody."""
    actors = book.values("actor")
    for actor in actors.values():
        for member in actor.words("members"):
            yield from _known(book, f"actor.{actor.id}", member, "actor")
    for nth, referent in enumerate(book.tables("referent")):
        yield from _known(book, "referent", str(referent.get("actor", "")), "actor", nth=nth)
    for coder in book.values("coder").values():
        if coder.extra.get("kind") not in CODER_KINDS:
            message = f"its kind is {quoted(str(coder.extra.get('kind', '')))}"
            hint = 'kind = "person" or kind = "machine": pages say which.'
            yield book.problem("coder-kind", message, at=f"coder.{coder.id}", hint=hint)


def _known(
    book: Codebook, at: str, value: str, vocabulary: str, *, nth: int = 0
) -> Iterator[Problem]:
    """Yield a value that its vocabulary does not have."""
    known = book.values(vocabulary)
    if value not in known:
        message = f"{quoted(value)} is not one of [{vocabulary}]"
        hint = did_you_mean(value, list(known)) or f"Define [{vocabulary}.…], or correct it."
        yield book.problem("name-unknown", message, at=at, nth=nth, hint=hint)


def _relations(book: Codebook) -> Iterator[Problem]:
    """Yield relations of an unknown kind, or that name a code that does not exist."""
    for nth, relation in enumerate(book.relations):
        if relation.kind not in RELATION_KINDS:
            message = f"{quoted(relation.kind)} is not a relation"
            hint = f"Allowed: {', '.join(RELATION_KINDS)}."
            yield book.problem("relation-unknown", message, at="relation", nth=nth, hint=hint)
        named = [("instrument", relation.first), ("instrument", relation.second)]
        named += [("condition_type", relation.unless)] if relation.unless else []
        named += [("actor", one) for one in relation.targets]
        named += [("objective", one) for one in relation.objectives]
        for vocabulary, name in named:
            yield from _known(book, "relation", name, vocabulary, nth=nth)


def _lifespans(book: Codebook) -> Iterator[Problem]:
    """Yield actors whose first or last day is none, or that end before they begin."""
    for actor in book.values("actor").values():
        at, days = f"actor.{actor.id}", list[tuple[dt.date, dt.date]]()
        for key in ("from", "until"):
            given = actor.extra.get(key)
            found = dates.bounds(given) if isinstance(given, str) else None
            if found:
                days.append(found)
            elif given is not None:
                message = f"{quoted(str(given))} is not a date"
                hint = f'A year, a month or a day, as a text: {key} = "2014-08-27".'
                yield book.problem("actor-date", message, at=at, hint=hint)
        if len(days) > 1 and days[0][0] > days[1][1]:
            message = f"ends {quoted(str(actor.extra['until']))} before it begins {quoted(str(actor.extra['from']))}"
            hint = "`from` is when it was first there, `until` when it was last."
            yield book.problem("actor-dates", message, at=at, hint=hint)


def _events(material: Material) -> Iterator[Problem]:
    """Yield events without a date, or named in no article."""
    book = material.book
    for event in book.values("event").values():
        at = f"event.{event.id}"
        if not _DAY.fullmatch(str(event.extra.get("date", ""))):
            message = f"{quoted(str(event.extra.get('date', '')))} is not a date"
            hint = "A year, a month or a day: 2011, 2014-05 or 2014-08-27."
            yield book.problem("event-date", message, at=at, hint=hint)
        articles = event.words("articles")
        if not articles:
            yield book.problem("event-unnamed", "names no article", at=at, hint="Who mentions it?")
        for article in articles:
            if material.corpus.complete and article not in material.corpus.rows:
                message = f"{quoted(article)} is not an article"
                hint = did_you_mean(article, list(material.corpus.rows)[:2000])
                yield book.problem("article-unknown", message, at=at, hint=hint)


def _examples(material: Material) -> Iterator[Problem]:
    """Yield, as warnings, examples of codes that are the quotation of no row with that code."""
    table, book = material.recommendations, material.book
    if not table.cells.complete:
        return
    quotes = _examples_quoted(material)
    drafts = [row for row, status in enumerate(table.codes("status")) if status == DRAFT]
    for name, column in table.columns.items():
        coded = name in table.cells.columns or column.default
        if coded and column.kind in {"code", "codes"} and column.values not in _NO_CODES:
            codes = _coded(material, name, drafts)
            used = {code for cell in set(codes) for code in split(cell)}
            real = {(code, quote) for row, quote in quotes.items() for code in split(codes[row])}
            for value in book.values(column.values).values():
                if message := _unreal(value, used, real):
                    hint = f"Quote a row of {RECOMMENDATIONS}, or write {quoted(NO_EXAMPLE)}."
                    said = [("example", quoted(value.example))]
                    if value.example == NO_EXAMPLE:
                        said.append(("a row has", quoted(_first(material, codes, value.id))))
                    yield book.problem(
                        "example-unreal", message, at=f"{column.values}.{value.id}", hint=hint,
                        evidence=tuple(said), warning=True,
                    )  # fmt: skip


def _examples_quoted(material: Material) -> dict[int, str]:
    """Return the rows whose quotation, normalised, is an example of the codebook."""
    values = (v for known in material.book.vocabularies.values() for v in known.values())
    examples = {anchors.normalise(value.example) for value in values}
    quotes = map(anchors.normalise, material.recommendations.cells.column("quote"))
    return {row: quote for row, quote in enumerate(quotes) if quote in examples}


def _coded(material: Material, name: str, drafts: list[int]) -> list[str]:
    """Return a column's codes, with the attitude that an empty cell means on a reported row.

    A draft has none: it asks for no example before somebody stands by it.
    """
    table = material.recommendations
    codes = table.codes(name)
    if name == "author_attitude":
        pairs = zip(codes, table.codes("voice"), strict=True)
        codes = [code or ("neutral" if voice == "reported" else "") for code, voice in pairs]
    for row in drafts:
        codes[row] = ""
    return codes


def _first(material: Material, codes: list[str], wanted: str) -> str:
    """Return the first quotation of a code."""
    rows = zip(codes, material.recommendations.cells.column("quote"), strict=True)
    return next((quote for cell, quote in rows if wanted in split(cell)), "")


def _unreal(value: Value, used: set[str], real: set[tuple[str, str]]) -> str:
    """Return why a value's example is neither a real quotation nor the admission of none."""
    if value.example == NO_EXAMPLE:
        return "its example denies that a row has this code" if value.id in used else ""
    unreal = bool(value.example) and (value.id, anchors.normalise(value.example)) not in real
    return "its example is the quotation of no row with this code" if unreal else ""
