"""What became of the findings between two states of a suite, and what made the difference.

The way from old to new is walked in steps, one kind of change at a time: another package, articles
taken out, the codebook, the coding, new articles. A finding's causes are the steps at which
its sentence changes: they are tried, not guessed. The surprising rule: the codebook's step is
part of the coding's where the old coding does not check against the new codebook.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from policybook import __version__, codebook, findings
from policybook.material import CODEBOOK as BOOK_FILE
from policybook.problems import SuiteError
from policybook.suite import Suite, open_suite
from policybook.together import release
from policybook.together.differences import (
    APPEARED,
    CHANGED,
    CODEBOOK,
    GONE,
    NEW,
    RECODED,
    VANISHED,
    Difference,
)
from policybook.together.recoding.carry import carry
from policybook.together.states import PARTS, State

Key = tuple[str, str, int]
"""A finding's code and subject, and its number among those that share them."""

Told = dict[Key, tuple[str, tuple[str, ...]]]
"""The sentence of each finding and the rows behind it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the findings are after one kind of change."""

    cause: str
    told: Told


def effects(old: State, new: State, *, scratch: Path) -> list[Difference]:
    """Return the findings that appeared, vanished or changed, each with its causes.

    They are those a reader would quote first (`findings.headlines`), of the whole suite.
    Raises `SuiteError` where a state does not check.
    """
    steps = list(_steps(old, new, scratch))
    first, last = steps[0].told, steps[-1].told
    found = []
    for key in dict.fromkeys([*last, *first]):
        before, after = first.get(key, ("", ()))[0], last.get(key, ("", ()))[0]
        if before == after:
            continue
        what = CHANGED if before and after else APPEARED if after else VANISHED
        details = [f"before: {before}" if before else "", f"now: {after}" if after else ""]
        causes = ", ".join(_causes(steps, key))
        found.append(
            Difference("finding", " ".join(key[:2]), what, tuple(d for d in details if d), causes)
        )
    return found


def _causes(steps: list[Step], key: Key) -> Iterator[str]:
    """Yield the causes of the steps at which a finding's sentence changes."""
    for before, after in pairwise(steps):
        if before.told.get(key, ("",))[0] != after.told.get(key, ("",))[0]:
            yield after.cause


def _steps(old: State, new: State, scratch: Path) -> Iterator[Step]:
    """Yield the findings on the way from the old state to the new."""
    one, other = open_suite(old.root), open_suite(new.root)
    known = set(one.articles["id"]), set(other.articles["id"])
    shared = [str(name) for name in one.articles["id"] if name in known[1]]
    if old.release and (said := release.read_told(old.root)):
        yield Step("as released", _saved(said))
        yield Step(f"package {said.get('package', '')} → {__version__}", _told(one))
    else:
        yield Step("", _told(one))
    if known[0] - known[1]:
        yield Step(GONE, _told(one, shared))
    cause = RECODED
    if one.book.text != other.book.text:
        if between := _with_codebook(old, new, scratch):
            yield Step(CODEBOOK, _told(between, shared))
        else:
            cause = f"{CODEBOOK} and {RECODED}"
    yield Step(cause, _told(other, shared))
    if known[1] - known[0]:
        yield Step(NEW, _told(other))


def _with_codebook(old: State, new: State, scratch: Path) -> Suite | None:
    """Return the old state under the new codebook; None where it does not check.

    Codes that were renamed, merged, split or retired between the two are changed in it likewise.
    """
    for name in PARTS:
        source = (new if name == BOOK_FILE else old).root / name
        if source.is_dir():
            shutil.copytree(source, scratch / name)
        elif source.is_file():
            scratch.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, scratch / name)
    try:
        known = codebook.read(old.root / BOOK_FILE).migrations
        between = codebook.read(new.root / BOOK_FILE).migrations
        carry(scratch, [one for one in between if one not in known], by=new.root)
        return open_suite(scratch)
    except SuiteError:
        return None


def _told(suite: Suite, articles: list[str] | None = None) -> Told:
    """Return the findings of a suite, of some articles or all; nothing of no article."""
    if articles is not None and not articles:
        return {}
    everything = articles is None or len(articles) == len(suite.articles)
    selection = suite.select(articles=() if everything else articles or ())
    found: Told = {}
    for one in findings.headlines(selection):
        found[_key(found, one.code, one.subject)] = (one.text, one.rows)
    return found


def _saved(said: dict[str, object]) -> Told:
    """Return the findings saved with a release; what is malformed is left out."""
    found: Told = {}
    listed = said.get("findings")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            code, subject, text = (str(one.get(name, "")) for name in ("code", "subject", "text"))
            found[_key(found, code, subject)] = (text, ())
    return found


def _key(found: Told, code: str, subject: str) -> Key:
    """Return the key of the next finding of a code and subject."""
    number = 0
    while (code, subject, number) in found:
        number += 1
    return (code, subject, number)
