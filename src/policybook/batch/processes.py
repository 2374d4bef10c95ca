"""What a system lets a process know and do about others: sessions, orphans, memory.

Linux tells everything; elsewhere a session is ended with its child, orphans of orphans live on,
and memory is not limited. The surprising rule: the memory of a process is what it does not share
with its parent's files; pages it inherited count, so a limit is measured from its parent's.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Collection
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

_LINUX = sys.platform == "linux"
_DIE_WITH_PARENT, _ADOPT_ORPHANS, _ADOPTS = 1, 36, 37
"""Numbers of prctl(2)."""


@lru_cache(maxsize=1)
def _libc() -> Any:  # noqa: ANN401  (a library)
    """Return the C library, loaded before any fork."""
    return ctypes.CDLL(None)


def _control(option: int, value: Any) -> None:  # noqa: ANN401  (a number, or where to put one)
    """Set or read an attribute of this process, where the system has it."""
    if _LINUX:
        _libc().prctl(option, value, 0, 0, 0)


def adopts_orphans() -> bool:
    """Tell whether orphaned descendants come to this process."""
    found = ctypes.c_int(0)
    _control(_ADOPTS, ctypes.byref(found))
    return bool(found.value)


def adopt_orphans(*, adopt: bool = True) -> None:
    """Have orphaned descendants come to this process, so that it can end them, or no longer."""
    _control(_ADOPT_ORPHANS, int(adopt))


def settle(parent: int, *, keep: int) -> None:
    """Make this new child independent: its own session, no file of its parent's but `keep`.

    It dies with its parent, and answers Ctrl-C only when it is asked by name.
    """
    gc.freeze()  # what is the parent's is not searched for garbage again, and so not copied
    os.setsid()
    _control(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it died meanwhile
        os._exit(1)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _disconnect(keep)


def _disconnect(keep: int) -> None:
    """Lead every inherited file descriptor but `keep` nowhere.

    None is closed: an object of the parent that is collected here later would close its number,
    which by then could be somebody else's.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/dev/fd"):  # noqa: PTH208  (numbers, not paths)
        if int(name) > 2 and int(name) not in {keep, nowhere}:  # noqa: PLR2004
            with suppress(OSError):  # the listing's own
                os.fstat(int(name))
                os.dup2(nowhere, int(name), inheritable=False)


def memory(process: int) -> int:
    """Return the bytes of memory a process has to itself or from its parent; 0 where unknown."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:  # noqa: PTH123  (twenty times a second)
            _, resident, shared, *_ = file.read().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


def tree_memory(process: int) -> int:
    """Return the memory of a process and of all processes beneath it."""
    return memory(process) + sum(tree_memory(child) for child in children(process))


def children(process: int | None = None) -> list[int]:
    """Return the children of a process, of this one by default; none where the system does not tell."""
    found: list[int] = []
    process = process or os.getpid()
    with suppress(OSError):
        for task in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208  (names, not paths)
            data = Path(f"/proc/{process}/task/{task}/children").read_text("ascii")
            found += map(int, data.split())
    return found


def kill_session(leader: int) -> None:
    """End a process, the group it leads, and all processes beneath it."""
    beneath = _beneath(leader)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    for process in (leader, *beneath):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)


def _beneath(process: int) -> list[int]:
    """Return all processes beneath one."""
    direct = children(process)
    return direct + [one for child in direct for one in _beneath(child)]


def kill_strays(known: Collection[int]) -> None:
    """End the orphans that came to this process: all its children but the known and their sessions.

    The ended are waited for, and so are those that come to this process by their end.
    """
    while strays := [p for p in children() if p not in known and _session(p) not in known]:
        for process in strays:
            kill_session(process)
            with suppress(ChildProcessError):
                os.waitpid(process, 0)


def _session(process: int) -> int:
    """Return the session of a process, 0 where it is gone."""
    try:
        return os.getsid(process)
    except (ProcessLookupError, PermissionError):
        return 0
