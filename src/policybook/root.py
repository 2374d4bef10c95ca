"""Find the folder of a suite: the nearest one upwards that holds recommendations.csv."""

from __future__ import annotations

from pathlib import Path

from policybook.material import RECOMMENDATIONS
from policybook.problems import Problem, SuiteError


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder upwards that holds recommendations.csv.

    Raises `SuiteError` where there is none.
    """
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / RECOMMENDATIONS).exists():
            return folder
    message = "no folder from here upwards holds this file"
    hint = "Go into the folder of a suite, or name it with --suite."
    raise SuiteError([Problem(RECOMMENDATIONS, None, None, "no-suite", message, (), hint)])
