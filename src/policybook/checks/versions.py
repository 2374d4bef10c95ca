"""Rules about the versions of a codebook: its changelog, what came when, and what became of codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policybook import migrations
from policybook.checks.cells import is_date
from policybook.codebook import Codebook
from policybook.material import Material
from policybook.migrations import KINDS, Migration, is_version, number
from policybook.problems import Problem, did_you_mean, quoted

_THREE = "Three numbers, such as 1.0.0."


def check(material: Material) -> Iterator[Problem]:
    """Yield what is wrong with the versions of a codebook that could be read."""
    book = material.book
    versions = [str(entry.get("version", "")) for entry in book.tables("changelog")]
    yield from _version(book, versions)
    yield from _changelog(book, versions)
    yield from _since(book, versions)
    for nth, one in enumerate(migrations.read([entry]) for entry in book.tables("migration")):
        yield from _migration(material, one[0], nth, versions)


def _version(book: Codebook, versions: list[str]) -> Iterator[Problem]:
    """Yield a version that is none, that the changelog does not explain, or that it has left behind."""
    if not is_version(book.version):
        message = f"{quoted(book.version)} is not a version"
        yield book.problem("bad-version", message, at="codebook", hint=_THREE)
    elif book.version not in versions:
        message = f"the changelog does not explain version {book.version}"
        hint = "Add a [[changelog]] entry with version, date and change."
        yield book.problem("version-unexplained", message, at="codebook", hint=hint)
    elif newer := [one for one in versions if number(one) > number(book.version)]:
        message = (
            f"the changelog goes on to {max(newer, key=number)}, the version is {book.version}"
        )
        hint = "Raise the version, or take the entry out."
        yield book.problem("version-behind", message, at="codebook", hint=hint)


def _changelog(book: Codebook, versions: list[str]) -> Iterator[Problem]:
    """Yield entries of the changelog that do not say which version came when, and how."""
    times = Counter(versions)
    for nth, entry in enumerate(book.tables("changelog")):
        version, date = versions[nth], str(entry.get("date", ""))
        if not is_version(version):
            message = f"{quoted(version)} is not a version"
            yield book.problem("bad-version", message, at="changelog", nth=nth, hint=_THREE)
        elif times[version] > 1 and version in versions[:nth]:
            message = f"version {version} has an entry already"
            hint = "Join the two, or raise the version."
            yield book.problem("version-doubled", message, at="changelog", nth=nth, hint=hint)
        if not is_date(date):
            message, hint = f"{quoted(date)} is not a date", "A day, written as 2014-12-17."
            yield book.problem("changelog-date", message, at="changelog", nth=nth, hint=hint)
        if not str(entry.get("change", "")).strip():
            hint = 'Say it in change = "…".'
            message = "does not say what changed"
            yield book.problem("changelog-empty", message, at="changelog", nth=nth, hint=hint)


def _since(book: Codebook, versions: list[str]) -> Iterator[Problem]:
    """Yield values that came with a version that never was."""
    known = set(versions)
    for vocabulary, values in [*book.vocabularies.items(), *book.former.items()]:
        for value in values.values():
            since = value.extra.get("since")
            if since is not None and since not in known:
                message = f"the codebook has no version {quoted(str(since))}"
                at = f"{vocabulary}.{value.id}"
                yield book.problem("since-unknown", message, at=at, hint=_known(versions))


def _known(versions: list[str]) -> str:
    """Return the versions there are, the last ones of many."""
    most = 10
    return f"Its versions are {', '.join(versions[-most:])}; see [[changelog]]."


def _migration(
    material: Material, one: Migration, nth: int, versions: list[str]
) -> Iterator[Problem]:
    """Yield what is wrong with one record of what became of codes."""
    book = material.book
    at = "migration"
    if one.kind not in KINDS:
        message, hint = f"{quoted(one.kind)} is no change of codes", f"Allowed: {', '.join(KINDS)}."
        yield book.problem("migration-kind", message, at=at, nth=nth, hint=hint)
    if one.version not in versions:
        message = f"the codebook has no version {quoted(one.version)}"
        yield book.problem("version-unknown", message, at=at, nth=nth, hint=_known(versions))
    if one.vocabulary in book.vocabularies:
        yield from _codes(book, one, nth)
    else:
        message = f"there is no vocabulary {quoted(one.vocabulary)}"
        hint = did_you_mean(one.vocabulary, list(book.vocabularies))
        yield book.problem("vocabulary-unknown", message, at=at, nth=nth, hint=hint)
    for article in one.articles if material.corpus.complete else ():
        if article not in material.corpus.rows:
            message = f"{quoted(article)} is not an article"
            hint = did_you_mean(article, list(material.corpus.rows)[:2000])
            yield book.problem("article-unknown", message, at=at, nth=nth, hint=hint)


def _codes(book: Codebook, one: Migration, nth: int) -> Iterator[Problem]:
    """Yield codes that were taken away and are defined again, and new ones that are nowhere."""
    known = book.values(one.vocabulary)
    for code in one.old:
        if code in known and code not in one.new:
            message = f"{quoted(code)} was taken away in {one.version} and is defined again"
            hint = "Old codings hold it with its old meaning: give the new code another id."
            yield book.problem("code-reused", message, at="migration", nth=nth, hint=hint)
    gone = book.taken.get(one.vocabulary, frozenset())
    for code in one.new:
        if code not in known and code not in gone:
            message = f"{quoted(code)} is not one of [{one.vocabulary}]"
            hint = did_you_mean(code, list(known)) or "Put the code back, or correct the record."
            yield book.problem("name-unknown", message, at="migration", nth=nth, hint=hint)
