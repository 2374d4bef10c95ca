"""Files at a URL: an object store, or any other place that fsspec knows; the only user of fsspec.

The surprising rule: whether a file is still as it was written is told by the mark that its store
gives it, such as an ETag, for to hash it again it would have to travel back.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import fsspec

OWN = ".policybook"
CASES, LOCK, MARKS, STATE = (
    f"{OWN}/{name}" for name in ("cases", "lock", "marks.json", "state.json")
)

LEASE = 60.0
"""Seconds for which a batch holds a store unless it says again that it does."""

WHOLE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "oci"}
"""Stores in which an object is there wholly or not at all; elsewhere a file is put beside and renamed."""

_GIVEN = (
    "ETag",
    "etag",
    "md5Hash",
    "content_hash",
    "mtime",
    "LastModified",
    "last_modified",
    "created",
)
"""What stores tell of a file that changes when it does, the best first."""


class Held(Exception):  # noqa: N818  (no error: somebody else works there)
    """Another batch holds the store; the text says who."""


class Remote:
    """The files below one URL, for one batch."""

    def __init__(self, url: str) -> None:
        """Reach the store; whatever its library raises where it cannot be reached."""
        self.files, root = fsspec.core.url_to_fs(
            url, use_listings_cache=False, skip_instance_cache=True
        )
        self.root = root.rstrip("/")
        kinds = self.files.protocol
        self.whole = bool(WHOLE & set((kinds,) if isinstance(kinds, str) else kinds))
        self.marks: dict[str, list[str]] = {}
        self.there: set[str] = set()
        self.lease = ""

    def open(self, process: int) -> dict[str, Any]:
        """Hold the store for a process; return what is known of it: manifest, state, cases, whole files."""
        self._hold(process)
        now = self._now()
        self.there = set(now)
        texts = self._read([name for name in ("manifest.jsonl", STATE, MARKS) if name in now])
        cases = self._read([name for name in now if name.startswith(f"{CASES}/")])
        self.marks = json.loads(texts.get(MARKS, b"{}"))
        entries = [json.loads(data) for data in cases.values()]
        for entry in entries:
            self.marks |= entry.pop("marks")
        whole = {n: digest for n, (digest, mark) in self.marks.items() if now.get(n) == mark}
        return {
            "manifest": texts.get("manifest.jsonl", b""),
            "state": texts.get(STATE, b""),
            "entries": entries,
            "whole": whole,
        }

    def case(self, entry: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
        """Put the files of a case, then its own object, which says that they are there."""
        name = entry["case"]
        before = {f"{name}.html", f"{name}.pdf"} & self.there
        self._remove(before - set(files))
        self._put(files)
        marks = {file: [entry["outputs"][file], self._mark(file)] for file in files}
        self.marks |= marks
        self._put({f"{CASES}/{name}.json": json.dumps({**entry, "marks": marks}).encode()})

    def keep(self, name: str, digest: str, data: bytes) -> None:
        """Put a file that belongs to no case."""
        self._put({name: data})
        self.marks[name] = [digest, self._mark(name)]

    def heads(self, names: list[str], size: int) -> dict[str, bytes]:
        """Return the beginnings of files; those that are gone are left out."""
        paths = [self._at(name) for name in names]
        found = self.files.cat_ranges(
            paths, [0] * len(paths), [size] * len(paths), on_error="return"
        )
        return {n: data for n, data in zip(names, found, strict=True) if isinstance(data, bytes)}

    def finish(self, manifest: bytes, state: bytes) -> None:
        """Join what the cases' own objects say into one manifest, and remove those."""
        marks = {name: mark for name, mark in self.marks.items() if name in self.there}
        self._put({STATE: state, MARKS: json.dumps(marks).encode()})
        self._put({"manifest.jsonl": manifest})
        self._remove(name for name in self._now() if name.startswith(f"{CASES}/"))

    def release(self) -> None:
        """Hold the store no longer."""
        if self.lease and self._lock().get("by") == self._by:
            self._remove([LOCK])
        self.lease = ""

    def renew(self) -> None:
        """Say again that the store is held; `Held` where somebody else says so."""
        if self.lease:
            known = self._lock()
            if known and known.get("by") != self._by:
                raise Held(str(known.get("by")))
            self._put({LOCK: self._leased()})

    def _hold(self, process: int) -> None:
        """Take the lock: create it, or take over one whose time is over or whose process has ended."""
        self._by, self._host = f"process {process} on {socket.gethostname()}", socket.gethostname()
        self._process = process
        self.lease = LOCK
        try:
            self._create(LOCK, self._leased())
        except FileExistsError:
            known = self._lock()
            gone = known.get("host") == self._host and not _runs(known.get("process"))
            if known and not gone and float(known.get("until", 0)) > time.time():
                self.lease = ""
                raise Held(str(known.get("by"))) from None
            self._put({LOCK: self._leased()})

    def _leased(self) -> bytes:
        """Return what the lock says: who holds it, and until when."""
        told = {"by": self._by, "host": self._host, "process": self._process}
        return json.dumps({**told, "until": time.time() + LEASE}).encode()

    def _lock(self) -> dict[str, Any]:
        """Return what the lock says now, nothing where there is none or it says nothing."""
        with suppress(ValueError, OSError, KeyError):
            found = json.loads(self.files.cat_file(self._at(LOCK)))
            return found if isinstance(found, dict) else {}
        return {}

    def _create(self, name: str, data: bytes) -> None:
        """Put a file that must not be there yet; FileExistsError where it is."""
        path = self._at(name)
        self._folder(path)
        try:
            self.files.pipe_file(path, data, mode="create")
        except (NotImplementedError, TypeError, ValueError):  # this store cannot promise it
            if self.files.exists(path):
                raise FileExistsError(path) from None
            self.files.pipe_file(path, data)

    def _put(self, files: Mapping[str, bytes]) -> None:
        """Put files, each wholly or not at all."""
        self.there |= set(files)
        if self.whole:
            self.files.pipe({self._at(name): data for name, data in files.items()})
            return
        for name, data in files.items():
            path = self._at(name)
            folder, _, last = path.rpartition("/")
            part = f"{folder}/.{last}.part"
            self._folder(path)
            self.files.pipe_file(part, data)
            self.files.mv(part, path)

    def _folder(self, path: str) -> None:
        """Make the folder of a file, where stores have folders."""
        if not self.whole:
            self.files.makedirs(path.rpartition("/")[0], exist_ok=True)

    def _remove(self, names: Iterable[str]) -> None:
        """Remove those of some files that are there."""
        names = list(names)
        self.there -= set(names)
        paths = [self._at(name) for name in names]
        if self.whole and len(paths) > 2:  # noqa: PLR2004  (many at once, all known to be there)
            self.files.rm(paths)
            return
        for path in paths:
            with suppress(FileNotFoundError):
                self.files.rm_file(path)

    def _read(self, names: list[str]) -> dict[str, bytes]:
        """Return the content of files."""
        found = self.files.cat([self._at(name) for name in names]) if names else {}
        return {path[len(self.root) + 1 :]: data for path, data in found.items()}

    def _now(self) -> dict[str, str]:
        """Return the marks of all files that are there now."""
        found = self.files.find(self.root, detail=True)
        begin = len(self.root) + 1
        return {path[begin:]: _mark(info) for path, info in found.items()}

    def _mark(self, name: str) -> str:
        """Return the mark of one file."""
        return _mark(self.files.info(self._at(name)))

    def _at(self, name: str) -> str:
        """Return the path of a file within its store."""
        return f"{self.root}/{name}"


def _mark(info: Mapping[str, Any]) -> str:
    """Return what tells one state of a file from another."""
    given = next((str(info[name]).strip('"') for name in _GIVEN if info.get(name)), "")
    return f"{info.get('size')} {given}"


def _runs(process: object) -> bool:
    """Tell whether a process of this machine is still there."""
    if not isinstance(process, int):
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
