"""vl-convert, which draws charts with an engine of its own.

The surprising rule: the engine hangs for ever in a fork of a process that has used it.
There a fresh process is asked, which costs half a second and always answers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

_USED_IN: list[int] = []
"""The process that first used the engine; its forks inherit this, and must not use it themselves."""

_PROGRAM = (
    "import json, sys, vl_convert; name, arguments, options = json.load(sys.stdin);"
    "json.dump(getattr(vl_convert, name)(*arguments, **options), sys.stdout)"
)
PATIENCE = 120
"""Seconds that a fresh process may take."""


def ask(name: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  (vl-convert's)
    """Return what a function of vl-convert gives; ValueError where it refuses."""
    if not _USED_IN:
        _USED_IN.append(os.getpid())
    if _USED_IN[0] != os.getpid():
        return _asked_apart(json.dumps([name, arguments, options]))
    import vl_convert  # noqa: PLC0415  (only who draws)

    return getattr(vl_convert, name)(*arguments, **options)


def _asked_apart(question: str) -> Any:  # noqa: ANN401  (vl-convert's)
    """Return the answer of a process that was not forked from this one."""
    done = subprocess.run(  # noqa: S603  (this very Python)
        [sys.executable, "-c", _PROGRAM],
        input=question,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr.partition("ValueError: ")[2].strip() or "the engine failed")
    return json.loads(done.stdout)
