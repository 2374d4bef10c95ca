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

from policybook import __version__, codebook
from policybook.findings.finding import Finding
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
from policybook.together.said import Key, keyed, said
from policybook.together.states import PARTS, State

Told = dict[Key, tuple[str, tuple[str, ...]]]
"""The sentence of each finding and the rows behind it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the findings are after one kind of change."""

    cause: str
    told: Told


def effects(old: State, new: State, *, scratch: Path) -> list[Difference]:
    """Return the findings that appeared, vanished or changed, each with its causes.

    They are those a reader would quote first, and those on each theme, of the whole suite.
    A sentence that several themes share stands once.
    Raises `SuiteError` where a state does not check.
    """
    steps = list(_steps(old, new, scratch))
    first, last = steps[0].told, steps[-1].told
    found, known = [], set()
    for key in dict.fromkeys([*last, *first]):
        before, after = first.get(key, ("", ()))[0], last.get(key, ("", ()))[0]
        if before == after or (before, after) in known:
            continue
        known.add((before, after))
        what = CHANGED if before and after else APPEARED if after else VANISHED
        details = [f"before: {before}" if before else "", f"now: {after}" if after else ""]
        causes = ", ".join(_causes(steps, key))
        name = " ".join(dict.fromkeys(part for part in key[:3] if part))
        rows = (last if after else first)[key][1]
        found.append(
            Difference("finding", name, what, tuple(d for d in details if d), causes, rows)
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
    if old.release and (told := release.read_told(old.root)):
        now = _told(one)
        yield Step("as released", _saved(told, now))
        yield Step(f"package {told.get('package', '')} → {__version__}", now)
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
    some = said(suite, () if everything else articles or ())
    return {key: (one.text, one.rows) for key, one in keyed(some)}


def _saved(told: dict[str, object], now: Told) -> Told:
    """Return the findings saved with a release; what is malformed is left out.

    A release that saved none on themes says nothing of what it would have said: they are as `now`.
    """
    listed = told.get("findings")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    names = ("theme", "code", "subject", "text")
    lines = [[str(one.get(name, "")) for name in names] for one in entries]
    some = [
        (theme, Finding(text, (), code, subject=subject)) for theme, code, subject, text in lines
    ]
    found = {key: (one.text, one.rows) for key, one in keyed(some)}
    themed = any(theme for theme, *_ in found)
    return found if themed else {**{k: v for k, v in now.items() if k[0]}, **found}
