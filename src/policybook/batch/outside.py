"""What a notebook reads besides its suite: files, folders, other programs, the network.

A process is asked to note it while it runs a notebook, through Python's own audit events.
The surprising rule: files can be read again and compared; what a program or the network said
cannot, so a page that rests on it is made anew each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import site
import sys
import sysconfig
from importlib.util import source_from_cache
from pathlib import Path

from policybook.reads import Note

ANEW = "anew"
"""The answer that no answer is equal to."""

_PROGRAMS = {
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty",
    "pty.spawn", "socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect",
    "ctypes.dlopen", "urllib.Request", "webbrowser.open",
}  # fmt: skip


def watch(note: Note, *, root: Path, scratch: Path, notebook: Path) -> None:
    """Note from now on what this process reads outside of Python's own folders; for good.

    The notebook itself is left out: a page rests on it in any case.
    """
    own = tuple(f"{folder.rstrip(os.sep)}{os.sep}" for folder in _own_folders(scratch))
    itself = os.path.realpath(notebook)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, mode = arguments[0], arguments[1]
            reading = not (isinstance(mode, str) and mode[:1] in "wax")
            if isinstance(path, (str, bytes)) and reading and not _is(path, itself):
                _noted(note, "file", path, root=root, own=own)
        elif event in {"os.listdir", "os.scandir"}:
            path = arguments[0] or "."
            importing = "importlib" in sys._getframe(1).f_code.co_filename  # noqa: SLF001
            if isinstance(path, (str, bytes)) and not importing:
                _noted(note, "folder", path, root=root, own=own)
        elif event in _PROGRAMS:
            note("outside", event)

    sys.addaudithook(hook)


def _own_folders(scratch: Path) -> set[str]:
    """Return the folders whose files belong to the installed versions, or to nobody."""
    paths = {*sysconfig.get_paths().values(), *site.getsitepackages(), sys.prefix, sys.base_prefix}
    package = Path(__file__).parents[1]
    paths |= {str(package), str(scratch), str(scratch.resolve()), "/proc", "/dev", "/sys"}
    return paths | {os.path.realpath(path) for path in paths}


def _is(path: str | bytes, notebook: str) -> bool:
    """Tell whether a path is that of the notebook."""
    name = os.fsdecode(path)
    return name.endswith(".ipynb") and os.path.realpath(name) == notebook


def _noted(note: Note, kind: str, path: str | bytes, *, root: Path, own: tuple[str, ...]) -> None:
    """Note one file or folder, by its path within the suite where it is within."""
    name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  (called for every file)
    if name.endswith(".pyc"):
        with contextlib.suppress(ValueError):
            name = source_from_cache(name)
    if not name.startswith(own) and not f"{name}{os.sep}".startswith(own):
        inside = os.path.relpath(name, root) if name.startswith(f"{root}{os.sep}") else name
        note(kind, inside)


def answer(root: Path, kind: str, name: str, *, before: int) -> str:
    """Return the digest of what a file or a folder holds now.

    One that was changed after a moment, in nanoseconds, answers `ANEW`: what was read of it
    since then may have been something else.
    """
    path = root / name
    try:
        if path.stat().st_ctime_ns >= before:
            return ANEW
        if kind == "file":
            return hashlib.sha256(path.read_bytes()).hexdigest()
        if kind == "folder":
            return hashlib.sha256("\0".join(sorted(os.listdir(path))).encode()).hexdigest()  # noqa: PTH208
    except OSError as error:
        return type(error).__name__
    return ANEW
