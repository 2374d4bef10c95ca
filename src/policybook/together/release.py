"""Freeze a citable state of a suite: its files byte for byte, what it says, checksums, a citation.

The surprising rule: a release is never written over, and never written in part;
its folder is a suite itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from policybook import __version__, exchange
from policybook.corpus import ARTICLES
from policybook.material import CODEBOOK, SEEDS
from policybook.problems import ParameterError, Problem, quoted
from policybook.suite import Suite, open_suite
from policybook.together.said import said

RELEASES = "releases"
SUMS = "SHA256SUMS"
CITATION = "CITATION.cff"
FINDINGS = "findings.json"

_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)


def is_version(name: str) -> bool:
    """Tell whether a name is a version of three numbers.

    >>> is_version("1.0.2"), is_version("../1.0.2"), is_version("01.0.2")
    (True, False, False)
    """
    return bool(_VERSION.fullmatch(name))


def save(root: Path, version: str) -> Path:
    """Freeze a suite as a version in its folder `releases`; return the new folder.

    Raises `ParameterError` for a version that is none or is there, `SuiteError` for a suite
    that does not check.
    """
    place = root / RELEASES / version
    if not is_version(version):
        hint = "Three numbers, such as 1.0.0."
        raise ParameterError([_problem(f"{quoted(version)} is not a version", hint)])
    if place.exists() or place.is_symlink():
        hint = "A release never changes; choose the next version."
        raise ParameterError([_problem(f"{version} is released already", hint)])
    suite = open_suite(root)
    place.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".unfinished-") as scratch:
        made = Path(scratch) / version
        _fill(made, suite, version)
        made.rename(place)
    return place


def _fill(made: Path, suite: Suite, version: str) -> None:
    """Write everything of a release into a new folder."""
    for name in _names(suite):
        target = made / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(suite.root / name, target)
    exchange.export_suite("cff", made, made / CITATION)
    lines = (made / CITATION).read_text("utf-8").splitlines()
    own = [f'version: "{version}"' if line.startswith("version: ") else line for line in lines]
    (made / CITATION).write_text("\n".join([*own, ""]), "utf-8", newline="\n")
    findings = json.dumps(told(suite), ensure_ascii=False, indent=1)
    (made / FINDINGS).write_text(f"{findings}\n", "utf-8", newline="\n")
    names = sorted(p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file())
    sums = "".join(f"{_sha256(made / name)}  {name}\n" for name in names)
    (made / SUMS).write_text(sums, "utf-8", newline="\n")


def _names(suite: Suite) -> list[str]:
    """Return the files that a suite is made of."""
    corpus = suite.material.corpus
    texts = [f"{SEEDS}/{corpus.fact(article, 'file')}" for article in corpus.rows]
    return [CODEBOOK, f"{SEEDS}/{ARTICLES}", *suite.material.tables, *texts]


def told(suite: Suite) -> dict[str, Any]:
    """Return what a suite says, and what it was made with."""
    lines = [
        {
            "theme": theme, "code": one.code, "subject": one.subject, "text": one.text,
            "rows": list(one.rows),
        }
        for theme, one in said(suite)
    ]  # fmt: skip
    return {"package": __version__, "codebook": suite.book.version, "findings": lines}


def changed(folder: Path) -> list[Problem]:
    """Return a problem for each file of a saved release that is no longer what was saved."""
    found = []
    for line in (folder / SUMS).read_text("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        parts = Path(name).parts
        inside = bool(parts) and ".." not in parts and not Path(name).is_absolute()
        if not inside or _sha256(folder / name) != digest:
            hint = "Restore the file: a release that changes cannot be cited."
            message = "is not what was released"
            found.append(
                Problem(f"{folder.name}/{name}", None, None, "release", message, hint=hint)
            )
    return found


def read_told(folder: Path) -> dict[str, Any]:
    """Return the findings saved with a release, none where they cannot be read."""
    try:
        said = json.loads((folder / FINDINGS).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _sha256(path: Path) -> str:
    """Return the SHA-256 of a file, nothing where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _problem(message: str, hint: str) -> Problem:
    """Return a problem of the call."""
    return Problem("release", None, None, "version", message, hint=hint)
