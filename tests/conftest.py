"""Fixtures that several tests share: a small suite that checks, and situations that break it.

`suites/base` is a suite without a problem. Every other folder of `suites` is a situation:
`change.toml` says what differs from the base and why its `expected.txt` is what it is;
any further file stands in for the base's. Bytes that no text file can hold stand in `BYTES`.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from policybook.imports import quick
from policybook.suite import Suite, open_suite

with quick():
    import jsonschema  # noqa: F401  (which half of the tests import by some detour)

settings.register_profile("same", derandomize=True)  # equal every time; `make soak` draws anew
if not os.environ.get("POLICYBOOK_SOAK"):
    settings.load_profile("same")

LONGEST = (
    "test_types", "test_batch_changes", "test_accessible", "test_pages", "test_lab", "test_recode",
    "test_robustness", "test_batch_faults", "test_batch_cluster", "test_findings_agreement",
    "test_every_verdict", "test_hostile",
)  # fmt: skip
"""Files of tests that take longest: they begin first, so that in the end nobody waits for one."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; among the others the order stays."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


SUITES = Path(__file__).parent / "suites"
OWN_FILES = ("change.toml", "expected.txt")
TABLE = "recommendations.csv"

BYTES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "article-in-latin-1": ("seeds/tolm.txt", lambda data: data.replace(b"low", b"bas \xe9")),
    "byte-order-mark": (TABLE, lambda data: b"\xef\xbb\xbf" + data),
    "byte-order-mark-and-nothing-else": (TABLE, lambda _: b"\xef\xbb\xbf\n"),
    "codebook-empty": ("codebook.toml", lambda _: b""),
    "empty-file": (TABLE, lambda _: b""),
    "latin-1": (TABLE, lambda data: data.replace(b"a neutral arbiter\n", b"a caf\xe9\n")),
    "nul-bytes": (TABLE, lambda data: data.replace(b"proviso", b"pro\0iso")),
    "semicolons": (TABLE, lambda data: data.replace(b",", b";")),
    "tabs": (TABLE, lambda data: data.replace(b",", b"\t")),
    "utf-16": (TABLE, lambda data: data.decode().encode("utf-16")),
    "utf-16-without-its-mark": (TABLE, lambda data: data.decode().encode("utf-16-le")),
    "windows-line-ends": (TABLE, lambda data: data.replace(b"\n", b"\r\n")),
}
"""Situations made of bytes: the file, and what becomes of the base's bytes."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Copy the suite without a problem, to be broken at will."""
    return Path(shutil.copytree(SUITES / "base", tmp_path / "suite"))


@pytest.fixture
def made_of_bytes() -> set[str]:
    """Name the situations that no text file can hold."""
    return set(BYTES)


@pytest.fixture
def lay_out(base: Path) -> Callable[[str], Path]:
    """Return a function that turns the copy of the base into a situation and names its folder."""

    def situation(name: str) -> Path:
        _overlay(SUITES / name, base)
        _change(SUITES / name / "change.toml", base)
        if name in BYTES:
            file, become = BYTES[name]
            before = (base / file).read_bytes()
            (base / file).write_bytes(become(before))
            assert (base / file).read_bytes() != before
        return base

    return situation


def _overlay(folder: Path, suite: Path) -> None:
    """Copy the files of a situation over those of the suite."""
    for file in folder.rglob("*"):
        if file.is_file() and file.name not in OWN_FILES:
            target = suite / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _change(recipe: Path, suite: Path) -> None:
    """Take out, turn into folders and edit what the recipe says; each edit must fit once."""
    changes = tomllib.loads(recipe.read_text("utf-8")) if recipe.exists() else {}
    for name in changes.get("remove", []) + changes.get("folder", []):
        (suite / name).unlink()
    for name in changes.get("folder", []):
        (suite / name).mkdir()
    for edit in changes.get("edit", []):
        text = (suite / edit["file"]).read_bytes().decode("utf-8")
        assert text.count(edit["old"]) == 1, f"{recipe}: {edit['old']!r} must occur once"
        changed = text.replace(edit["old"], edit["new"])
        (suite / edit["file"]).write_bytes(changed.encode("utf-8"))


@pytest.fixture(scope="session")
def shipped() -> Suite:
    """Open the suite at the root of the project once."""
    return open_suite(Path(__file__).parent.parent)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; without one these tests are skipped, and fail where CI should have it.

    One for a module, not for all: playwright keeps an event loop running as long as it is open,
    and what tests of other modules start must not find one.
    """
    path = shutil.which("chromium")
    if not path:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("no chromium on this machine: the pages are not tested in a browser")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()
