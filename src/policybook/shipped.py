"""The notebooks that come with the package, and the plan for a suite that has none of its own.

The surprising rule: a suite's own notebook goes before one that comes with the package.
"""

from __future__ import annotations

from pathlib import Path

NOTEBOOKS = "notebooks"
PLAN = "batch.toml"
ANY_SUITE = "any-suite.toml"


def notebooks() -> Path:
    """Return the folder of the notebooks that come with the package.

    In a wheel they stand within it, in a working copy beside `src`.
    """
    package = Path(__file__).parent
    inside = package / NOTEBOOKS
    return inside if inside.is_dir() else package.parents[1] / NOTEBOOKS


def notebook(path: Path) -> Path:
    """Return a notebook as it is named, or the one of that name that comes with the package."""
    own = notebooks() / path.name
    return (
        own if not path.exists() and path.parent.name in {"", NOTEBOOKS} and own.is_file() else path
    )


def plan(root: Path) -> Path:
    """Return the plan of a suite's briefings: its own, or the one for any suite."""
    own = root / NOTEBOOKS / PLAN
    return own if own.exists() else notebooks() / ANY_SUITE
