"""Write files so that no reader ever meets half of one, and name them so that none leaves its folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(path: Path, content: str | bytes) -> str:
    """Write a file beside itself, sync it, put it in place in one step; return its SHA-256.

    Half a character, which no file in UTF-8 can hold, becomes a question mark.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return hashlib.sha256(data).hexdigest()


def put(out: Path, name: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write the files of a case that somebody else made; return the SHA-256 of each.

    Other names than a case's are not written; a page or a PDF that it has no more goes first.
    """
    names = [f"{name}{ending}" for ending in (".ipynb", ".html", ".pdf")]
    for gone in set(names[1:]) - set(files):
        (out / gone).unlink(missing_ok=True)
    written = {file: write(out / file, files[file]) for file in names if file in files}
    return {file: "" if file.endswith(".pdf") else digest for file, digest in written.items()}


PART = ".part"
"""How the name of a file ends that is not whole yet."""


def sync_folder(folder: Path) -> None:
    """Make the names of a folder's files durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def clear_parts(folder: Path) -> None:
    """Remove what a killed run had not finished writing."""
    for path in folder.glob(f".*{PART}"):
        path.unlink(missing_ok=True)


def intact(folder: Path, known: Mapping[str, str]) -> bool:
    """Tell whether files are in a folder as they were written; a PDF only whether it is there."""
    return all(_sha256(folder / name) == digest for name, digest in known.items())


def _sha256(path: Path) -> str:
    """Return the SHA-256 of a file, empty for a PDF, "missing" where there is none."""
    try:
        with path.open("rb") as file:
            return "" if path.suffix == ".pdf" else hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"


def case_name(notebook: str, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """Return the name of a case: the notebook's, then what differs from its defaults, then a hash.

    Only letters, digits and hyphens are kept, so that nothing can climb out of its folder;
    the same notebook and values have the same name always.

    >>> case_name("06-one-theme", {"theme": "../x"}, {"theme": "sanctions"})
    '06-one-theme--x-bbe34e3e'
    """
    changed = {name: value for name, value in values.items() if value != defaults.get(name)}
    stem = notebook if _PLAIN.fullmatch(notebook) else f"{_slug(notebook)}-{_short(notebook)}"
    if stem.split("-")[0] in _TAKEN:
        stem = f"notebook-{stem}"
    if not changed:
        return stem
    slug = _slug(" ".join(map(_word, changed.values())))
    short = _short(json.dumps(changed, sort_keys=True, ensure_ascii=True))
    return f"{stem}--{slug}-{short}" if slug else f"{stem}--{short}"


_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_TAKEN = {
    "index",
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{n}{i}" for n in ("com", "lpt") for i in range(10)),
}
"""Names that mean something else: our own page, and devices of Windows."""


def _slug(words: str) -> str:
    """Return words as part of a file name, 60 characters at most."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-")


def _short(text: str) -> str:
    """Return a text's short hash: among 2,000 cases of one slug two meet once in 2,000 plans."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _word(value: Any) -> str:  # noqa: ANN401  (any parameter's value)
    """Return a value as words of a name."""
    return " ".join(value) if isinstance(value, list) else str(value)
