"""The public names: each is what it is said to be, whatever was imported before it."""

import subprocess
import sys

import policybook as pb

LOADED = """
import importlib, pkgutil, types
import policybook as pb
for found in pkgutil.walk_packages(pb.__path__, "policybook."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
for name in pb._HOMES:
    home = importlib.import_module(pb._HOMES[name])
    shown = getattr(pb, name)
    if isinstance(shown, types.ModuleType) or shown is not getattr(home, name):
        print(name, "is", shown)
"""
"""Prints every public name that something else stands in the place of once all is imported."""

FRESH = """
import types
import policybook as pb
for name in ("findings", "measures", "robustness"):
    assert isinstance(getattr(pb, name), types.ModuleType), name
    assert name in dir(pb), name
print(*pb.measures.STATES)
"""


def said(program: str) -> str:
    """Return what a program prints in a Python of its own, where nothing is imported yet."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_no_public_name_is_shadowed() -> None:
    """Every public name is still itself after every module of the package was imported."""
    assert said(LOADED) == ""


def test_families_need_no_import_of_their_own() -> None:
    """`pb.measures`, `pb.findings` and `pb.robustness` are there after `import policybook as pb`."""
    assert said(FRESH).startswith("supports")


def test_every_name_is_there() -> None:
    """Whatever `dir(pb)` and `__all__` promise can be had."""
    assert [name for name in pb.__all__ if not hasattr(pb, name)] == []
