"""Note which files are being put in place, so that a change that was cut off can be gone on with.

Between the first and the last of several files a suite is neither as before nor as after. While
the note is there `check` says so, and `finish` puts the rest in place.
The surprising rule: a note is data like any other. It moves only a file that stands beside the one
it replaces, and only where both are to the byte what the note says; else nothing is moved.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath

from policybook.problems import Problem, SuiteError, quoted

FILE = ".policybook-edit.json"
"""The note, in the suite's folder."""

_SAVED = f"Take the suite from where it was saved, or mend the file by hand and delete {FILE}."


@dataclass(frozen=True, slots=True)
class Move:
    """A file by its name within the suite, and the one beside it that it is replaced by.

    `before` and `after` are SHA-256, empty where there is no file; then `made` is empty too.
    """

    file: str
    made: str
    before: str
    after: str


def sha256(data: bytes | None) -> str:
    """Return the SHA-256 of a file's bytes, nothing for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def problem() -> Problem:
    """Return the problem of a suite with a note."""
    message = "a change of several files is under way, or was interrupted"
    hint = "Where nobody is at it: policybook recode --finish puts the rest of them in place."
    return Problem(FILE, None, None, "unfinished", message, hint=hint)


@contextmanager
def noted(root: Path, moves: Sequence[Move]) -> Iterator[None]:
    """Keep a note of moves as long as they are made; it stays where the machine stops.

    Raises `SuiteError` where there is one already, so that only one change goes on at a time.
    """
    path = root / FILE
    try:
        file = path.open("x", encoding="utf-8")
    except FileExistsError:
        raise SuiteError([problem()]) from None
    try:
        with file:
            json.dump([asdict(one) for one in moves], file)
            file.flush()
            os.fsync(file.fileno())
        _keep(root)
        yield
    finally:
        path.unlink(missing_ok=True)


def finish(root: Path) -> list[str]:
    """Put in place what an interrupted change left beside; return the names of all its files.

    Raises `SuiteError`, and moves nothing, where a file was changed since, or the rest is gone.
    """
    moves = _read(root / FILE)
    todo = []
    for one in moves:
        now = sha256(_bytes(root / one.file))
        if now == one.after:
            continue
        if now != one.before:
            raise SuiteError([_lost(one.file, "was changed since")])
        if one.made and sha256(_bytes(_beside(root, one))) != one.after:
            raise SuiteError([_lost(one.file, f"is to become {quoted(one.made)}, which is gone")])
        todo.append(one)
    for one in todo:
        target = (root / one.file).resolve()
        if one.made:
            _beside(root, one).replace(target)
        else:
            target.unlink()
    _keep(root)
    (root / FILE).unlink()
    return [one.file for one in moves]


def _read(path: Path) -> list[Move]:
    """Return the moves of a note; none where it was cut off itself, for then none was made yet."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise SuiteError([Problem(FILE, None, None, "nothing", "nothing is unfinished")]) from None
    except (OSError, UnicodeDecodeError):
        raise SuiteError([_lost(FILE, "cannot be read")]) from None
    if not text.endswith("]"):
        return []
    try:
        moves = [Move(**one) for one in json.loads(text)]
    except (ValueError, TypeError):
        raise SuiteError([_lost(FILE, "is no note of a change")]) from None
    for one in moves:
        if not _is_sound(one):
            raise SuiteError([_lost(FILE, "names a file that it may not move")])
    return moves


def _is_sound(one: Move) -> bool:
    """Tell whether a move stays within the suite, and takes what stands beside."""
    if not all(isinstance(getattr(one, part.name), str) for part in fields(one)):
        return False
    path, made = PurePosixPath(one.file), PurePosixPath(one.made)
    outside = path.is_absolute() or ".." in path.parts or "\\" in one.file + one.made
    beside = not one.made or (one.made == made.name and one.made.startswith("."))
    return bool(path.name) and not outside and beside and bool(one.made) == bool(one.after)


def _beside(root: Path, one: Move) -> Path:
    """Return where the file stands that another is replaced by."""
    return (root / one.file).resolve().parent / one.made


def _bytes(path: Path) -> bytes | None:
    """Return the bytes of a file, None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SuiteError([_lost(path.name, f"cannot be read: {error.strerror}")]) from None


def _lost(name: str, why: str) -> Problem:
    """Return the problem of a change that cannot be gone on with."""
    return Problem(name, None, None, "unfinished", f"{why}; nothing was moved", hint=_SAVED)


def _keep(folder: Path) -> None:
    """Have the system keep a folder's entries as they are, where it can be told to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
