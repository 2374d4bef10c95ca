"""Rules about the articles: files that are there, unchanged since they were coded, dated soundly."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from policybook import corpus
from policybook.checks.cells import check_table, is_date
from policybook.material import CODEBOOK, SEEDS, Material
from policybook.problems import Problem, Suggestions, did_you_mean, quoted
from policybook.tables import Table

_BASED = {
    "authors": "authors_basis",
    "outlet": "outlet_basis",
    "translated_from": "translated_basis",
    "url": "url_basis",
}
"""Optional facts and the column that says how each is known."""

_CODED = ("coder", "coded_on", "codebook_version")
"""Facts that an article has together or not at all."""


def check(material: Material) -> Iterator[Problem]:
    """Yield the problems of articles.csv and of the files it lists."""
    cells = material.corpus.cells
    yield from cells.problems
    table = Table("articles", cells, material.book)
    if not cells.header or not table.columns:
        return
    yield from check_table(table, articles=list(material.corpus.rows))
    lost = _Lost(material)
    for article, row in material.corpus.rows.items():
        facts = material.corpus.facts(article)
        yield from _file(lost, article, row, facts)
        yield from _bases(table, row, facts)
        yield from _dates(table, row, facts)
        yield from _authors(table, row, facts)
        yield from _coding(material, row, facts)
    yield from _listing(material)


@dataclass(slots=True)
class _Lost:
    """The files that no article lists, found once: any of them may be the one that is missing."""

    material: Material
    suggest: Suggestions = field(default_factory=Suggestions)
    _files: list[str] | None = None

    def near(self, name: str) -> str:
        """Return `Did you mean "x"?` with a file that no article lists."""
        if self._files is None:
            listed = {cell.strip() for cell in self.material.corpus.cells.column("file")}
            self._files = [one for one in self.material.corpus.files() if one not in listed]
        return self.suggest.near(name, self._files)


def _file(lost: _Lost, article: str, row: int, facts: dict[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the file of an article."""
    material = lost.material
    problem, name = material.corpus.cells.problem, facts.get("file", "")
    if not name:
        return
    if not corpus.is_bare_name(name):
        message = f"{quoted(name)} is not the name of a file in {SEEDS}/"
        hint = "Put the article there and write its bare name, without a path."
        yield problem("file-not-bare", message, row=row, column="file", hint=hint)
        return
    data = material.corpus.data(article)
    if data is None:
        message = f"{SEEDS}/{name} is listed but is not there, or cannot be read"
        hint = lost.near(name) or "Put the file back, or take the article and its rows out."
        yield problem("file-absent", message, row=row, column="file", hint=hint)
        return
    now, coded = corpus.sha256(data), facts.get("sha256", "")
    if coded and now != coded:
        message = f"{SEEDS}/{name} has changed since it was coded"
        evidence = (("coded", quoted(coded)), ("now", quoted(now)))
        hint = "Put the file back as it was, or read it again and then correct `sha256`."
        yield problem(
            "seed-changed", message, row=row, column="sha256", evidence=evidence, hint=hint
        )
    if corpus.decoded(data) is None:
        message = f"{SEEDS}/{name} is not UTF-8"
        hint = "Save the article as UTF-8, then correct `sha256`."
        yield problem("article-not-utf8", message, row=row, column="file", hint=hint)


def _listing(material: Material) -> Iterator[Problem]:
    """Yield files that no article lists, and files that two articles list."""
    listed: dict[str, str] = {}
    cells = material.corpus.cells
    for article, row in material.corpus.rows.items():
        name = material.corpus.fact(article, "file")
        if name and listed.setdefault(name, article) != article:
            message = f"{quoted(name)} is the file of {quoted(listed[name])} already"
            hint = "Every article has a file of its own."
            yield cells.problem("file-doubled", message, row=row, column="file", hint=hint)
    for name in material.corpus.files() if material.corpus.complete else ():
        if name not in listed:
            message = f"no article of {corpus.ARTICLES} lists this file"
            hint = f"Add a line to {SEEDS}/{corpus.ARTICLES}, or take the file out of {SEEDS}/."
            yield Problem(f"{SEEDS}/{name}", None, None, "file-unlisted", message, (), hint)


def _bases(table: Table, row: int, facts: dict[str, str]) -> Iterator[Problem]:
    """Yield facts without a basis, and bases without a fact."""
    for fact, basis in _BASED.items():
        if bool(facts.get(fact)) != bool(facts.get(basis)):
            full, empty = (fact, basis) if facts.get(fact) else (basis, fact)
            message = f"`{full}` is filled, `{empty}` is empty"
            hint = "A fact stands with its basis, or not at all."
            yield table.cells.problem("basis-missing", message, row=row, column=empty, hint=hint)


def _dates(table: Table, row: int, facts: dict[str, str]) -> Iterator[Problem]:
    """Yield intervals that end before they begin, or do not hold what they should."""
    order = ("outer_earliest", "earliest", "published", "latest", "outer_latest")
    days = [
        (name, dt.date.fromisoformat(facts[name])) for name in order if is_date(facts.get(name, ""))
    ]
    for (name, day), (later_name, later) in itertools.pairwise(days):
        if day > later:
            message = f"`{name}` {day} is after `{later_name}` {later}"
            hint = f"The order is {' ≤ '.join(order)}."
            yield table.cells.problem("dates-unordered", message, row=row, column=name, hint=hint)
    known = dict(days)
    exact = known.get("published")
    if exact and not known.get("earliest", exact) == exact == known.get("latest", exact):
        message = f"`published` is {exact}, but the interval is wider"
        hint = "Where the day is established, `earliest` and `latest` are that day."
        yield table.cells.problem("dates-wider", message, row=row, column="published", hint=hint)


def _authors(table: Table, row: int, facts: dict[str, str]) -> Iterator[Problem]:
    """Yield guesses that are malformed, unknown, too sure, or beside an established author."""
    cell = facts.get("possible_authors", "")
    guesses = corpus.guesses(cell)

    def problem(code: str, message: str, hint: str) -> Problem:
        return table.cells.problem(code, message, row=row, column="possible_authors", hint=hint)

    if guesses is None:
        hint = 'Write "id (basis, share)", for instance "jason-pack (inferred, 0.85)".'
        yield problem("guess-malformed", f"{quoted(cell)} is not a list of guesses", hint)
        return
    for author, basis, _ in guesses:
        for value, vocabulary in ((author, "actor"), (basis, "basis")):
            known = table.book.values(vocabulary)
            if value not in known:
                near = did_you_mean(value, list(known)) or f"See {CODEBOOK}, [{vocabulary}]."
                yield problem(
                    "guess-unknown", f"{quoted(value)} is not one of `{vocabulary}`", near
                )
    if sum(share for _, _, share in guesses) > 1 + 1e-9:
        yield problem("guess-shares", "the shares add up to more than 1", "Lower them.")
    if guesses and facts.get("authors"):
        hint = "Guesses stand only where no author is established."
        yield problem("guess-needless", "the author is established", hint)


def _coding(material: Material, row: int, facts: dict[str, str]) -> Iterator[Problem]:
    """Yield articles coded by nobody, on no day, or against a codebook that never was."""
    cells = material.corpus.cells
    filled = [name for name in _CODED if facts.get(name)]
    for name in _CODED:
        if filled and name not in filled:
            message = f"`{name}` is empty, `{filled[0]}` is filled"
            hint = "A coded article says who coded it, when, and against which codebook."
            yield cells.problem("coding-partial", message, row=row, column=name, hint=hint)
    version = facts.get("codebook_version", "")
    versions = [str(e.get("version", "")) for e in material.book.tables("changelog")]
    if version and versions and version not in versions:
        message = f"the codebook has no version {quoted(version)}"
        hint = f"Its versions are {', '.join(versions)}; see {CODEBOOK}, [[changelog]]."
        yield cells.problem(
            "version-unknown", message, row=row, column="codebook_version", hint=hint
        )
