"""Write what came of a case: its notebook, and its page unless it failed.

Runs in a child of its own, so that pages are made side by side and a notebook's mischief
is over before its page begins. The surprising rule: what an earlier run left of a case goes first,
for a page that is older than its notebook would tell of other data.
"""

from __future__ import annotations

import errno
import json
import time
import traceback
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

    `write` is what the writing took, in seconds of the processor.
    `drawn` holds pictures that are drawn already. Raises OSError where a file cannot be written.
    """
    pictures.DRAWN.update({spec: tuple(json.loads(told)) for spec, told in drawn.items()})
    page = out / f"{name}.html"
    page.with_suffix(".pdf").unlink(missing_ok=True)
    if made.failure:
        page.unlink(missing_ok=True)
    outputs, seconds = _written({out / f"{name}.ipynb": made.notebook})
    text, failure = ("", made.failure) if made.failure else _page(made.notebook, options)
    if failure:
        page.unlink(missing_ok=True)
    else:
        written, more = _written({page: text})
        outputs, seconds = outputs | written, seconds + more
    if options.pdf and not failure:
        failure = briefing.print_page(page)
        outputs[f"{name}.pdf"] = ""  # it holds the time of its printing
    return {"outputs": outputs, "failure": failure, "write": seconds}


def _written(texts: Mapping[Path, str]) -> tuple[dict[str, str], float]:
    """Write files; return the SHA-256 of each, and the seconds of the processor that it took."""
    began = time.process_time()
    digests = {path.name: write(path, text) for path, text in texts.items()}
    return digests, time.process_time() - began


def _page(notebook: str, options: Options) -> tuple[str, str]:
    """Return the page of an executed notebook, and why there is none, if there is none."""
    try:
        return briefing.page(nbformat.reads(notebook, as_version=4), options), ""
    except Exception as error:  # noqa: BLE001  (the notebook is kept, whatever stops its page)
        traceback.print_exc()
        return "", f"its page could not be made: {type(error).__name__}: {error}"


def delivered(message: bytes) -> tuple[dict[str, str], str, float]:
    """Return what `deliver` wrote, why a page is missing, and the seconds of the writing.

    OSError where nothing could be written.
    """
    told = json.loads(message)
    if "errno" in told:
        raise OSError(told["errno"], told["strerror"], told["filename"])
    return told["outputs"], told["failure"], told["write"]


def in_child(name: str, made: Executed, out: Path, options: Options, drawn: Mapping[str, str]) -> bytes:  # fmt: skip
    """Do `deliver` and return its news as one message."""
    try:
        told = deliver(name, made, out, options, drawn)
    except OSError as error:
        if error.errno not in FULL:
            raise
        told = {"errno": error.errno, "strerror": error.strerror, "filename": str(out)}
    return json.dumps(told).encode()
