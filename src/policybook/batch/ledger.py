"""What is known of a folder of briefings: every case, what came of it, and what it rests on.

`manifest.jsonl` is for people and programs: one line a case, sorted, the same for the same input.
While a batch runs, every case that ends gets a line at its end, durable at once; of two lines
on one case the later counts. What a case rests on stands in a journal until the batch has ended.
The surprising rule: a line that is torn counts for nothing; its case is simply made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from policybook.batch.files import intact, sync_folder, write
from policybook.reads import Key, held_once

MANIFEST, RUN_LOG = "manifest.jsonl", "run.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One case: what was asked, what came of it. `base` and `reads` say what it rests on."""

    case: str
    notebook: str
    parameters: Mapping[str, Any]
    status: str
    reason: str
    fingerprint: str
    outputs: Mapping[str, str]
    base: str = ""
    reads: tuple[Key, ...] = ()

    def line(self) -> str:
        """Return the entry as a line of the manifest."""
        shown = {k: v for k, v in asdict(self).items() if k not in {"base", "reads"}}
        return json.dumps(shown, ensure_ascii=False, sort_keys=False) + "\n"


@dataclass
class Ledger:
    """The entries of an output folder by their cases; `world` is the state of everything then."""

    out: Path
    own: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    world: str = ""
    index: str = ""
    unended: set[str] = field(default_factory=set)
    """Cases of a batch that has not ended: `world` says nothing of them."""

    @classmethod
    def read(cls, out: Path, own: Path) -> Self:
        """Return what is known of a folder; what cannot be read is not known."""
        ledger = cls(out, own)
        state = _loaded(own / "state.json")
        ledger.world, ledger.index = str(state.get("world", "")), str(state.get("index", ""))
        keys = [tuple(key) for key in state.get("keys", [])]
        for line in _lines(out / MANIFEST):
            rests = state.get("cases", {}).get(line.get("case"))
            if rests:
                reads = held_once(keys[number] for number in rests["reads"])
                ledger.entries[line["case"]] = Entry(**line, base=rests["base"], reads=reads)
        for line in _lines(ledger._journal):
            line["reads"] = held_once(line["reads"])
            ledger.entries[line["case"]] = Entry(**line)
            ledger.unended.add(line["case"])
        return ledger

    @property
    def _journal(self) -> Path:
        """The file of what is not in the manifest yet."""
        return self.own / "journal.jsonl"

    def add(self, entry: Entry) -> None:
        """Take an entry, durably."""
        self.entries[entry.case] = entry
        _append(self._journal, json.dumps(asdict(entry)) + "\n")
        _append(self.out / MANIFEST, entry.line())

    def intact(self, known: Mapping[str, str]) -> bool:
        """Tell whether files are in the output folder as they were written."""
        return intact(self.out, known)

    def keep(self, name: str, text: str) -> str:
        """Write a file that belongs to no case; return its SHA-256."""
        return write(self.out / name, text)

    def at_hand(self, pages: Sequence[Path]) -> None:
        """Have the beginnings of pages in the folder; here they are."""

    def stop(self) -> None:
        """Put the manifest in order, though the batch has not come to its end."""
        if (self.out / MANIFEST).exists():
            self._write(self.entries)

    def finish(self, names: Iterable[str], *, world: str, index: str) -> None:
        """Write the manifest of these cases and what they rest on; the journal is done with."""
        entries = [self.entries[name] for name in sorted(names)]
        keys: dict[Key, int] = {}
        cases = {
            one.case: {
                "base": one.base,
                "reads": [keys.setdefault(k, len(keys)) for k in one.reads],
            }
            for one in entries
        }
        state = {"world": world, "index": index, "keys": list(keys), "cases": cases}
        write(self.own / "state.json", json.dumps(state))
        self._write(cases)
        self._journal.unlink(missing_ok=True)
        sync_folder(self.own)

    def _write(self, names: Iterable[str]) -> None:
        """Write the manifest of some cases, sorted."""
        lines = (self.entries[name].line() for name in sorted(names))
        write(self.out / MANIFEST, "".join(lines))


def _append(path: Path, line: str) -> None:
    """Add a line to a file, durably, wholly or not at all; one that a killed run tore is kept apart."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        end = os.lseek(file, 0, os.SEEK_END)
        torn = end and os.pread(file, 1, end - 1) != b"\n"
        data = memoryview(("\n" * bool(torn) + line).encode("utf-8", "replace"))
        try:
            while data:
                data = data[os.write(file, data) :]
            os.fsync(file)
        except OSError:
            os.ftruncate(file, end)
            raise
    finally:
        os.close(file)
    if not end:
        sync_folder(path.parent)


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines; one that is torn or no entry is left out."""
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            one = json.loads(line) if line else None
        except ValueError:
            continue
        if isinstance(one, dict) and "outputs" in one and "case" in one:
            found.append(one)
    return found


def _loaded(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file, an empty one where there is none."""
    try:
        state = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
