"""Which cases are still true: nothing that they rest on has changed, and their files are intact.

A case rests on its notebook, its values, the options of its page, the package, the installed
versions, and the answers to every question that its notebook asked.
The surprising rule: where all of that is as it was for the whole folder, no question is asked again.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path

from policybook.batch import outside
from policybook.batch.ledger import Entry, Ledger
from policybook.batch.plan import Case
from policybook.briefing.options import Options
from policybook.problems import PolicybookError, Problem
from policybook.reads import Key
from policybook.suite import Suite, open_suite

PATIENCE = 5
"""How often a suite is read again that changes while it is read."""

DELIVERED, FAILED = "delivered", "failed"


@dataclass
class Changes:
    """Compares cases with what a ledger knows of them, for one state of a suite."""

    opened: Suite
    options: Options
    engine: str = "fork"
    answers: dict[Key, str] = field(default_factory=dict)
    notebooks: dict[Path, str] = field(default_factory=dict)
    files: str = ""
    began: int = field(default_factory=time.time_ns)

    def __post_init__(self) -> None:
        """Take the state of the suite's files as it is now."""
        self.files = self.opened.fingerprint()

    def note(self, notebooks: Iterable[Path]) -> None:
        """Take the state of notebooks as it is before any is run."""
        for path in notebooks:
            if path not in self.notebooks:
                self.notebooks[path] = _file(path)

    @property
    def world(self) -> str:
        """The digest of the suite's files, of the package and of what is installed."""
        return _digest([self.files, environment()])

    @cached_property
    def suite(self) -> Suite:
        """The suite, wholly read, in exactly the state that `files` tells of.

        What was opened before may be older than its files. Raises `PolicybookError`
        where somebody keeps writing them.
        """
        for _ in range(PATIENCE):
            before, suite = self.files, open_suite(self.opened.root)
            suite.load()
            self.files = suite.fingerprint()
            if self.files == before:
                return suite
        message, hint = "is being written all the time", "Begin again when nobody writes it."
        raise PolicybookError(
            [Problem(str(self.opened.root), None, None, "busy", message, (), hint)]
        )

    def base(self, case: Case) -> str:
        """Return the digest of what a case rests on besides the suite."""
        asked = json.dumps(
            [case.name, case.values, asdict(self.options), self.engine], sort_keys=True
        )
        self.note([case.notebook])
        return _digest([asked, self.notebooks[case.notebook], environment()])

    def fingerprint(self, base: str, reads: Iterable[Key]) -> str:
        """Return the digest of everything a case rests on."""
        parts = sorted(json.dumps([key, self._answer(key)]) for key in reads)
        return _digest([base, *parts])

    def _answer(self, key: Key) -> str:
        """Return the answer to a question now, asked once."""
        if key not in self.answers:
            kind, name = key[0], key[1]
            beyond = kind in {"file", "folder", "outside"}
            self.answers[key] = (
                outside.answer(self.opened.root.resolve(), kind, name, before=self.began)
                if beyond
                else self.suite.answer(key)
            )
        return self.answers[key]

    def unchanged(self, cases: Iterable[Case], ledger: Ledger) -> dict[str, Entry]:
        """Return the entries of the cases that need not be made again."""
        true = {case.name: entry for case in cases if (entry := self._true(case, ledger))}
        with ThreadPoolExecutor() as threads:  # hashing; all threads have ended before any fork
            kept = threads.map(lambda entry: ledger.intact(entry.outputs), true.values())
            return {name: true[name] for name, well in zip(list(true), kept, strict=True) if well}

    def _true(self, case: Case, ledger: Ledger) -> Entry | None:
        """Return a case's entry where nothing it rests on has changed."""
        entry = ledger.entries.get(case.name)
        if entry is None or entry.status != DELIVERED or entry.base != self.base(case):
            return None
        if any(key[0] == "outside" for key in entry.reads):
            return None
        within = not any(key[0] in {"file", "folder"} for key in entry.reads)
        if within and ledger.world == self.world and entry.case not in ledger.unended:
            return entry
        return entry if entry.fingerprint == self.fingerprint(entry.base, entry.reads) else None


@cache
def environment() -> str:
    """Return the digest of the package's own files, Python, and all installed versions."""
    package = Path(__file__).parents[1]
    files = sorted(p for p in package.rglob("*") if p.is_file() and p.suffix != ".pyc")
    own = [part for path in files for part in (str(path.relative_to(package)), _file(path))]
    installed = sorted({path.name for path in _installed()})
    return _digest([platform.python_version(), *own, *installed])


def _installed() -> Iterable[Path]:
    """Yield the folders that tell what is installed; their names hold the versions."""
    for one in metadata.MetadataPathFinder.find_distributions():
        if isinstance(path := getattr(one, "_path", None), Path):
            yield path


def _file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    """Return the SHA-256 of texts, unmistakably parted."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()


def entry(case: Case, changes: Changes, *, reads: tuple[Key, ...], reason: str, outputs: Mapping[str, str]) -> Entry:  # fmt: skip
    """Return what a ledger is told of a case that has just been made."""
    base = changes.base(case)
    return Entry(
        case=case.name, notebook=case.notebook.name, parameters=dict(case.values),
        status=FAILED if reason else DELIVERED, reason=reason,
        fingerprint="" if reason else changes.fingerprint(base, reads),
        outputs=dict(sorted(outputs.items())), base=base, reads=reads,
    )  # fmt: skip
