"""Write what came of a case: its notebook, and its page unless it failed.

Runs in a child of its own, so that pages are made side by side and a notebook's mischief
is over before its page begins. The surprising rule: what an earlier run left of a case goes first,
for a page that is older than its notebook would tell of other data.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from pathlib import Path

import nbformat

from policybook import briefing
from policybook.batch.execute import Executed
from policybook.batch.files import write
from policybook.briefing import Options, pictures

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO}
"""Errors of a folder that no other case will be spared."""


def deliver(name: str, made: Executed, out: Path, options: Options, drawn: Mapping[str, str]) -> dict[str, object]:  # fmt: skip
    """Write the files of a case; return the SHA-256 of each, and why its page is missing, if it is.

    `drawn` holds pictures that are drawn already. Raises OSError where a file cannot be written.
    """
    pictures.DRAWN.update({spec: tuple(json.loads(told)) for spec, told in drawn.items()})
    page = out / f"{name}.html"
    failure = made.failure
    if failure:
        page.unlink(missing_ok=True)
    page.with_suffix(".pdf").unlink(missing_ok=True)
    outputs = {f"{name}.ipynb": write(out / f"{name}.ipynb", made.notebook)}
    if not failure:
        executed = nbformat.reads(made.notebook, as_version=4)
        outputs[page.name] = write(page, briefing.page(executed, options))
        if options.pdf:
            failure = briefing.print_page(page)
            outputs[f"{name}.pdf"] = ""  # it holds the time of its printing
    return {"outputs": outputs, "failure": failure}


def delivered(message: bytes) -> tuple[dict[str, str], str]:
    """Return what `deliver` wrote, and why a page is missing; OSError where none could be written."""
    told = json.loads(message)
    if "errno" in told:
        raise OSError(told["errno"], told["strerror"], told["filename"])
    return told["outputs"], told["failure"]


def in_child(name: str, made: Executed, out: Path, options: Options, drawn: Mapping[str, str]) -> bytes:  # fmt: skip
    """Do `deliver` and return its news as one message."""
    try:
        told = deliver(name, made, out, options, drawn)
    except OSError as error:
        if error.errno not in FULL:
            raise
        told = {"errno": error.errno, "strerror": error.strerror, "filename": str(out)}
    return json.dumps(told).encode()
