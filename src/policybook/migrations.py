"""What was renamed, merged, split and retired: how old codes are read, and whose silence is known.

The surprising rule: an id that was taken away is never given again, so that it says by itself
what it meant; an old coding is read without being told its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RENAME, MERGE, SPLIT, RETIRE = KINDS = ("rename", "merge", "split", "retire")

_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)

Number = tuple[int, ...]
"""A version to compare by; that of no version is before all others."""

Steps = tuple[tuple[Number, frozenset[str]], ...]
"""From which version on a code was looked for, and in which articles it was not, step by step."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of codes: `old` became `new` with this version of the codebook.

    `articles` had rows on a code that was divided: what they say of the parts nobody asked.
    """

    version: str
    kind: str
    vocabulary: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    articles: tuple[str, ...] = ()


def read(entries: Iterable[Mapping[str, Any]]) -> list[Migration]:
    """Return the migrations that a codebook records, by version; what is malformed is left empty."""
    found = []
    for entry in entries:
        version, kind, vocabulary = (
            str(entry.get(key, "")) for key in ("version", "kind", "vocabulary")
        )
        old, new, articles = (_texts(entry.get(key)) for key in ("from", "to", "articles"))
        found.append(Migration(version, kind, vocabulary, old, new, articles))
    return sorted(found, key=lambda one: number(one.version))


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts, nothing for anything else."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def is_version(text: str) -> bool:
    """Tell whether a text is a version of three numbers.

    >>> is_version("1.0.2"), is_version("1.0"), is_version("01.0.2")
    (True, False, False)
    """
    return bool(_VERSION.fullmatch(text))


def number(version: str) -> Number:
    """Return a version to compare by.

    >>> number("1.10.0") > number("1.9.0") > number("")
    True
    """
    return tuple(map(int, version.split("."))) if is_version(version) else ()


def successors(migrations: Iterable[Migration]) -> dict[str, dict[str, str]]:
    """Return by vocabulary what each code that was renamed or merged is called now."""
    direct: dict[str, dict[str, str]] = {}
    for one in migrations:
        if one.kind in {RENAME, MERGE} and len(one.new) == 1:
            known = direct.setdefault(one.vocabulary, {})
            known.update({code: one.new[0] for code in one.old if code != one.new[0]})
    return {name: {code: _last(known, code) for code in known} for name, known in direct.items()}


def _last(following: Mapping[str, str], code: str) -> str:
    """Return the end of a chain of names; a chain that goes in a circle ends anywhere."""
    seen = set()
    while code in following and code not in seen:
        seen.add(code)
        code = following[code]
    return code


def divided(migrations: Iterable[Migration], vocabulary: str) -> dict[str, frozenset[str] | None]:
    """Return the codes that were split or retired, each with its parts, theirs, and nothing else.

    None where there is no such list: the code was retired, or a part went together with others.
    """
    found: dict[str, frozenset[str] | None] = {}
    for one in migrations:
        if one.vocabulary != vocabulary:
            continue
        for code, parts in found.items():
            if parts is not None and parts & {*one.old, *one.new}:
                found[code] = _followed(parts, one)
        if one.kind in {SPLIT, RETIRE}:
            parts = frozenset(one.new) if one.kind == SPLIT else None
            found.update(dict.fromkeys(one.old, parts))
    return found


def _followed(parts: frozenset[str], one: Migration) -> frozenset[str] | None:
    """Return parts after one more change of codes, None where they are no longer parts alone."""
    whole = one.kind != RETIRE and parts >= set(one.old)
    return parts | set(one.new) if whole else None


def taken(migrations: Iterable[Migration]) -> dict[str, frozenset[str]]:
    """Return by vocabulary every code that was taken away."""
    found: dict[str, set[str]] = {}
    for one in migrations:
        found.setdefault(one.vocabulary, set()).update(set(one.old) - set(one.new))
    return {vocabulary: frozenset(codes) for vocabulary, codes in found.items()}


def fate(migrations: Iterable[Migration], vocabulary: str, code: str) -> str:
    """Return in words what became of a code, empty where it was never taken away."""
    words = {RENAME: "was renamed to", MERGE: "was merged into", SPLIT: "was split into"}
    for one in migrations:
        if one.vocabulary == vocabulary and code in one.old and code not in one.new:
            became = (
                f"{words[one.kind]} {', '.join(one.new)}" if one.kind in words else "was retired"
            )
            return f"{became} in {one.version}"
    return ""


def looked(
    migrations: Iterable[Migration], vocabulary: str, since: Mapping[str, str]
) -> dict[str, Steps]:
    """Return for each code from which version on silence says that the code was looked for.

    Whoever looked for the whole and found nothing found none of its parts; where there was
    something, nobody asked for each part. A merged code was looked for by whoever looked for all
    that it is made of. `since` holds the version that brought each code that is or was defined.
    """
    mine = [one for one in migrations if one.vocabulary == vocabulary]
    last = successors(one for one in mine if one.kind == RENAME).get(vocabulary, {})
    known: dict[str, Steps] = {}

    def steps(code: str) -> Steps:
        own = since.get(last.get(code, code), "")
        return known.get(code) or ((number(own), frozenset()),)

    for one in mine:
        whole = [steps(code) for code in one.old]
        for code in one.new:
            brought = one.kind in {RENAME, MERGE} or since.get(last.get(code, code)) == one.version
            before = _joined(whole if brought else [*whole, steps(code)], frozenset(one.articles))
            at = number(one.version)
            kept = (step for step in before if step[0] < at)
            known[code] = (*kept, (at, frozenset()))
    return {code: steps(code) for code in {*since, *known}}


def _joined(several: Sequence[Steps], articles: frozenset[str]) -> Steps:
    """Return when all of several codes were looked for, in articles other than these."""
    versions = sorted({version for steps in several for version, _ in steps})
    found = []
    for version in versions:
        missed = [unlooked(steps, version) for steps in several]
        if None not in missed:
            found.append((version, articles.union(*(one for one in missed if one))))
    return tuple(found)


def unlooked(steps: Steps, version: Number) -> frozenset[str] | None:
    """Return the articles whose silence says nothing at a version; None where none's does.

    >>> steps = (((1, 0, 0), frozenset({"a"})), ((2, 0, 0), frozenset()))
    >>> sorted(unlooked(steps, (1, 5, 0))), sorted(unlooked(steps, (2, 0, 0)))
    (['a'], [])
    """
    found = None
    for first, articles in steps:
        if first <= version:
            found = articles
    return found
