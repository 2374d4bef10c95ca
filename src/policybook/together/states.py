"""Find a state of a suite by its name: a saved release, a folder, or a git revision.

The surprising rule: of a revision only plain files of a suite are laid out, by git's own bytes;
links, submodules, attributes and filters of the repository have no say.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policybook.corpus import is_bare_name
from policybook.material import CODEBOOK, CODINGS, RECOMMENDATIONS, SEEDS
from policybook.problems import ParameterError, Problem, printable, quoted
from policybook.together import release

SECONDS = 60
"""Time for one call of git, after which something waits for an answer that nobody gives."""

PARTS = (RECOMMENDATIONS, CODEBOOK, SEEDS, CODINGS)
"""What a suite is made of, at the root of its folder."""

_FILE_MODES = (b"100644", b"100755")
_SHOWN = 12
"""Digits of a revision that are shown."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of a suite: what to call it, and the folder that holds it."""

    words: str
    root: Path
    release: bool = False


def find(name: str, *, root: Path, scratch: Path) -> State:
    """Return the state of that name; a revision is laid out in the folder `scratch`.

    A saved release of the suite goes before a folder, a folder before a revision.
    Raises `ParameterError` where there is none of the three, and where a release was changed.
    """
    saved = root / release.RELEASES / name
    if release.is_version(name) and saved.is_dir():
        return _release(saved)
    folder = Path(name)
    if name and _is_suite(folder):
        return _release(folder) if (folder / release.SUMS).is_file() else _folder(folder, root)
    return _revision(name, root, scratch)


def _is_suite(folder: Path) -> bool:
    """Tell whether a folder holds a suite; a name that no path can have does not."""
    try:
        return (folder / RECOMMENDATIONS).is_file()
    except (OSError, ValueError):
        return False


def _folder(folder: Path, root: Path) -> State:
    """Return the state of a folder as it is now."""
    own = folder.resolve() == root.resolve()
    return State(
        "the suite as it is now" if own else f"the folder {printable(str(folder))}", folder
    )


def _release(folder: Path) -> State:
    """Return a saved release; ParameterError where a file is no longer what was saved."""
    if changed := release.changed(folder):
        raise ParameterError(changed)
    return State(f"the release {printable(folder.name)}", folder, release=True)


def _revision(name: str, root: Path, scratch: Path) -> State:
    """Lay out the files of a git revision and return their folder."""
    asked = f"{name}^{{commit}}"
    if not name or re.search(r"[\0\n]", name):
        raise ParameterError([_unknown(name, "a name is one line")])
    found = _git(root, "rev-parse", "--verify", "--quiet", asked, name=name)
    commit = found.decode("ascii", "replace").strip()
    listed = _git(root, "ls-tree", "-r", "-z", commit, "--", *PARTS, name=name)
    files = dict(_files(listed))
    if RECOMMENDATIONS not in files:
        raise ParameterError([_unknown(name, f"it has no {RECOMMENDATIONS} in this folder")])
    for path, data in _blobs(root, files, name):
        target = scratch / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return State(f"the git revision {printable(name)} ({commit[:_SHOWN]})", scratch)


def _files(listed: bytes) -> Iterator[tuple[str, str]]:
    """Yield the plain files of a listing whose names cannot leave the folder, with their objects."""
    for entry in listed.split(b"\0"):
        facts, _, path = entry.partition(b"\t")
        mode, _, rest = facts.partition(b" ")
        name = path.decode("utf-8", "replace")
        parts = name.split("/")
        plain = mode in _FILE_MODES and len(parts) <= 2  # noqa: PLR2004  (a folder and a file)
        if plain and parts[0] in PARTS and is_bare_name(parts[-1]):
            yield name, rest.split(b" ")[-1].decode("ascii", "replace")


def _blobs(root: Path, files: dict[str, str], name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files with their bytes, all from one call."""
    asked = "".join(f"{blob}\n" for blob in files.values()).encode()
    data, place = _git(root, "cat-file", "--batch", name=name, asked=asked), 0
    for path in files:
        head = data.index(b"\n", place)
        size = int(data[place:head].split(b" ")[-1])
        yield path, data[head + 1 : head + 1 + size]
        place = head + size + 2


def _git(root: Path, *arguments: str, name: str, asked: bytes = b"") -> bytes:
    """Return what git prints; ParameterError where there is no git or it refuses."""
    program = shutil.which("git")
    if not program:
        raise ParameterError([_unknown(name, "git is not installed, so it is no revision either")])
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(  # noqa: S603  (a program found by name, arguments as a list)
            [program, "--no-replace-objects", "-C", str(root.resolve()), *arguments],
            input=asked, capture_output=True, timeout=SECONDS, check=False,
            env=os.environ | quiet,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ParameterError([_unknown(name, f"git failed: {printable(str(error))}")]) from None
    if done.returncode:
        said = printable(done.stderr.decode("utf-8", "replace").strip())
        raise ParameterError([_unknown(name, said or "git knows no such revision")])
    return done.stdout


def _unknown(name: str, why: str) -> Problem:
    """Return the problem of a name that stands for no state."""
    message = f"{quoted(name)} is no release, folder or git revision of this suite: {why}"
    hint = "Name a folder with a recommendations.csv, a version in releases/, or a revision."
    return Problem("diff", None, None, "no-state", message, hint=hint)
