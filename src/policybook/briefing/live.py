"""The script of an interactive page: vega from vl-convert, and a few lines of our own.

The surprising rule: it is the same for every page, to the byte, and takes a second and a half
to put together, so it is kept where `searches` keeps what costs time, under the version of
vl-convert it is from; a copy that is not whole is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path

from policybook.briefing import engine
from policybook.briefing.pictures import VEGALITE
from policybook.searches import cache_folder


@lru_cache(maxsize=1)
def script() -> str:
    """Return the script; it is a module, so that none of its names reaches the page."""
    own = resources.files("policybook.briefing") / "templates" / "briefing" / "live.js"
    ours = own.read_text(encoding="utf-8")
    folder = cache_folder()
    path = folder / _name(ours) if folder else None
    text = _kept(path) if path else ""
    if not text:
        text = _bundled(ours)
        with contextlib.suppress(OSError):  # a folder that cannot be written costs time only
            if path:
                _keep(path, text)
    return text


def _bundled(ours: str) -> str:
    """Return vega and our lines as one script."""
    text: str = engine.ask("javascript_bundle", ours, vl_version=VEGALITE).strip()
    if "</script" in text.lower() or "<!--" in text:
        message = "vega's scripts hold what would end the element they stand in"
        raise RuntimeError(message)
    return text


def _name(ours: str) -> str:
    """Return the name under which the script is kept: another for each version of what goes into it."""
    made_of = f"{metadata.version('vl-convert-python')} {VEGALITE} {ours}"
    return f"live-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.js"


def _kept(path: Path) -> str:
    """Return the script that is kept, empty where there is none or it is not whole."""
    try:
        told, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return ""
    return text if told == _seal(text) else ""


def _keep(path: Path, text: str) -> None:
    """Keep the script in one step: whoever reads it at the same time has all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"{_seal(text)}\n{text}")
    Path(part).replace(path)


def _seal(text: str) -> str:
    """Return the first line of the kept file."""
    return f"// {hashlib.sha256(text.encode()).hexdigest()}"
