"""Print a page through a Chromium of this machine: `NAME.html` in, `NAME.pdf` beside it.

The browser runs without a network, with a profile that is thrown away. The surprising rule:
as root it runs without its sandbox, which it refuses to build there; the page is our own
and its content policy lets nothing in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from policybook.briefing.markup import restyled
from policybook.problems import PolicybookError, Problem, printable

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)  # fmt: skip
"""Where a Chromium may be, on the path or at its usual place; the first that is there prints."""

OVERRIDE = "POLICYBOOK_CHROMIUM"
"""The environment variable that names another one."""

PATIENCE = 120
"""Seconds that one page may take; a long one takes three."""

FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check",
    "--disable-extensions", "--disable-sync", "--disable-component-update",
    "--disable-background-networking", "--disable-quic", "--no-pdf-header-footer",
    # Every name and every address leads nowhere: nothing can leave the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
)  # fmt: skip


def find_browser() -> str:
    """Return the Chromium that prints; `PolicybookError` says what to install where there is none."""
    asked = os.environ.get(OVERRIDE, "")
    for name in (asked,) if asked else BROWSERS:
        if found := shutil.which(name):
            return found
    message = f"{OVERRIDE} names {printable(asked)}, which is no program" if asked else (
        "there is no Chromium on this machine, and a PDF is printed by one")  # fmt: skip
    hint = (
        "Install chromium (Debian, Ubuntu: apt install chromium; macOS, Windows: Google Chrome),\n"
        f"or name one with {OVERRIDE}=/path/to/chromium, or leave --pdf out and print from a browser."
    )
    looked = (("looked for", ", ".join(BROWSERS[:6])),)
    raise PolicybookError([Problem("--pdf", None, None, "no-browser", message, looked, hint)])


def print_page(page: Path) -> str:
    """Print a page as a PDF beside it, on A4; return why there is none, empty where there is.

    Who prints from a browser chooses the paper; here a copy of the page that names it is printed.
    """
    target = page.with_suffix(".pdf")
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy, made = folder / page.name, folder / "page.pdf"
        text = restyled(page.read_text(encoding="utf-8"), "@page{", "@page{size:A4;")
        copy.write_text(text, encoding="utf-8", newline="\n")
        failure = _run(
            f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={made}", copy.as_uri()
        )
        if not failure and not made.is_file():
            failure = "the browser wrote none"
        if not failure:
            shutil.copyfile(made, target)
    return f"no PDF: {failure}" if failure else ""


def _run(*arguments: str) -> str:
    """Run the browser to its end; return why it failed, empty where it did not."""
    command = [find_browser(), *FLAGS, *_root(), *arguments]
    try:
        done = subprocess.run(  # noqa: S603  (a list; no shell reads it)
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the browser did not end within {PATIENCE} seconds"
    if done.returncode:
        return f"the browser ended with {done.returncode}: {printable(done.stderr[-200:])}"
    return ""


def _root() -> list[str]:
    """Return the flag that a Chromium needs to start as root, and there only."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
