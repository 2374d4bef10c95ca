"""vl-convert, which draws charts with an engine of its own.

The surprising rule: the engine hangs or breaks in a fork of a process that has used it, for a
picture here or, in a live notebook, for altair's widgets, which ask nobody. So a fork of a process
that has loaded it has a fresh process beside it, which costs half a second once and always answers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import Timer
from typing import Any

_NAME = "vl_convert"

_INHERITED = [_NAME in sys.modules]
"""Whether this process was born with the engine loaded; where nobody saw its birth, whether it may have been."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _INHERITED.append(_NAME in sys.modules))

_PROGRAM = """
import json, sys, vl_convert
for question in sys.stdin:
    name, arguments, options = json.loads(question)
    try:
        answer = {"drawn": getattr(vl_convert, name)(*arguments, **options)}
    except ValueError as error:
        answer = {"refused": str(error)}
    print(json.dumps(answer), flush=True)
"""
PATIENCE = 120.0
"""Seconds that a fresh process may take for one answer."""

_BESIDE: dict[int, subprocess.Popen[str]] = {}
"""The fresh process, by how many births it comes after: what a fork inherits is not its own."""


def ask(name: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  (vl-convert's)
    """Return what a function of vl-convert gives; ValueError where it refuses.

    RuntimeError where it gives no answer: what a page shows must not depend on an engine that broke.
    """
    if not _INHERITED[-1]:
        import vl_convert  # noqa: PLC0415  (only who draws)

        with suppress(ValueError):  # a broken engine says so as if it refused: a whole one is asked
            return getattr(vl_convert, name)(*arguments, **options)
    return _asked_apart(json.dumps([name, arguments, options]))


def _asked_apart(question: str) -> Any:  # noqa: ANN401  (vl-convert's)
    """Return the answer of a process that was not forked from this one."""
    process = _beside()
    assert process.stdin is not None and process.stdout is not None  # noqa: PT018  (pipes)
    late = Timer(PATIENCE, process.kill)
    late.start()
    try:
        process.stdin.write(question + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
    except (OSError, ValueError):
        process.kill()
        message = f"the engine that draws charts ended, or gave no answer in {PATIENCE:g} seconds"
        raise RuntimeError(message) from None
    finally:
        late.cancel()
    if "refused" in answer:
        raise ValueError(answer["refused"])
    return answer["drawn"]


def _beside() -> subprocess.Popen[str]:
    """Return the fresh process of this very process; it ends when nobody can ask it any more."""
    mine = len(_INHERITED)
    if mine not in _BESIDE or _BESIDE[mine].poll() is not None:
        _BESIDE[mine] = subprocess.Popen(  # noqa: S603  (this very Python)
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
    return _BESIDE[mine]
