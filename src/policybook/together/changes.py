"""What differs between two states of a suite, findings included: for the terminal and for a page.

The surprising rule: where a state does not check, its findings cannot be compared;
articles, rows and codes are, and it is said what stands in the way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policybook import material
from policybook.findings.finding import Finding, few, listed, number, sentence
from policybook.problems import ParameterError, SuiteError, count, errors
from policybook.suite import Suite, row_ids
from policybook.together import release, states
from policybook.together.differences import Difference, compare
from policybook.together.effects import effects

KINDS = ("article", "row", "code", "finding")

NO_STATE = (
    "There is no earlier state to compare with: policybook release freezes one, and so does a "
    "commit in git."
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Two states by what to call them, every difference, and why findings were not compared.

    `rows` are the ids of those rows that a page of the suite can show: none of another state.
    """

    old: str
    new: str
    found: list[Difference]
    untold: str = ""
    rows: frozenset[str] = frozenset()

    def of(self, kind: str) -> list[Difference]:
        """Return the differences of one kind."""
        return [one for one in self.found if one.kind == kind]

    def behind(self, *some: Difference) -> tuple[str, ...]:
        """Return the rows behind differences that a page of the suite can show."""
        return tuple(dict.fromkeys(r for one in some for r in one.rows if r in self.rows))


def between(old: str, new: str, *, root: Path) -> Changes:
    """Return what differs between two states of a suite, by the names that `states.find` knows.

    An empty `new` is the suite as it is now. Raises `ParameterError` for a name of no state.
    """
    with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
        scratch = Path(folder)
        one = states.find(old, root=root, scratch=scratch / "old")
        other = states.find(new or str(root), root=root, scratch=scratch / "new")
        found = compare(material.read(one.root), material.read(other.root))
        untold = ""
        try:
            found += effects(one, other, scratch=scratch / "between")
        except SuiteError as error:
            wrong = count(len(errors(error.problems)), "problem")
            untold = f"not compared, for one of the two states has {wrong}."
        return Changes(one.words, other.words, found, untold)


def changes(suite: Suite, *, old: str = "", new: str = "") -> Changes:
    """Return what differs between two states; without names, since the last release, or commit."""
    name = old or _earlier(suite.root)
    try:
        found = between(name, new, root=suite.root) if name else Changes("", "", [])
    except ParameterError:
        if old or new:
            raise
        found = Changes("", "", [])  # a repository that knows nothing of this suite yet
    everything = suite.select()
    known = (*row_ids(everything.rows), *row_ids(everything.diagnoses))
    return replace(found, rows=frozenset(() if new else known))


def _earlier(root: Path) -> str:
    """Return the name of the last state before this one: a release, else a commit, else nothing."""
    folder = root / release.RELEASES
    saved = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    versions = [name for name in saved if release.is_version(name)]
    if versions:
        return max(versions, key=lambda name: [int(part) for part in name.split(".")])
    inside = any((one / ".git").exists() for one in (root.resolve(), *root.resolve().parents))
    return "HEAD" if inside else ""


def changes_told(found: Changes) -> list[Finding]:
    """Return what changed in sentences, what is said before what it is said of."""
    if not found.old:
        return [Finding(NO_STATE, (), "changes-none")]
    return [_findings(found), *_others(found)]


def _findings(found: Changes) -> Finding:
    """Return what became of the findings, and by which causes."""
    mine = found.of("finding")
    if found.untold:
        return Finding(f"Findings were {found.untold}", (), "changes-findings")
    if not mine:
        return Finding("Every finding is told as before.", (), "changes-findings")
    causes = [part for one in mine for part in one.cause.split(", ")]
    told = few((f"{c} ({causes.count(c):,})" for c in dict.fromkeys(causes)), most=6)
    text = f"Findings: {tally(mine)}. Causes: {told}."
    return Finding(text, found.behind(*mine), "changes-findings")


def _others(found: Changes) -> Iterator[Finding]:
    """Yield what became of articles, rows and codes."""
    parts = {kind: tally(found.of(kind)) for kind in KINDS[:-1]}
    told = [f"{kind}s: {words}" for kind, words in parts.items() if words]
    same = [f"{kind}s" for kind, words in parts.items() if not words]
    if told:
        yield Finding(
            sentence(f"{'; '.join(told)}."), found.behind(*found.of("row")), "changes-rest"
        )
    if same:
        yield Finding(sentence(f"{listed(same)} are as they were."), (), "changes-same")


def tally(found: Sequence[Difference]) -> str:
    """Return how many appeared, vanished and changed; nothing where none did."""
    kinds = dict.fromkeys(one.what for one in found)
    return ", ".join(f"{number(sum(one.what == k for one in found))} {k}" for k in kinds)
