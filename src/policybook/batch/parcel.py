"""A suite, notebooks and settings as one parcel, for a process that has no other way to them.

The surprising rule: only what makes a suite travels, with the notebooks of the plan; a notebook
that opens any other file finds it only where every machine has it under the same absolute path.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybook.corpus import ARTICLES
from policybook.material import CODEBOOK, SEEDS

if TYPE_CHECKING:
    from policybook.batch.plan import Case
    from policybook.batch.run import Settings
    from policybook.suite import Suite

SUITE, NOTEBOOKS, SETTINGS = "suite", "notebooks", "settings.json"


def packed(suite: Suite, cases: Sequence[Case], settings: Settings, *, state: str) -> bytes:
    """Return a parcel; `state` is the fingerprint that the suite must still have where it is opened."""
    from policybook.batch.changes import environment  # noqa: PLC0415  (a worker packs nothing)

    kept = asdict(replace(settings, run_seconds=float("inf"), cluster=""))
    places = [_place(suite, notebook, number) for notebook, number in notebooks(cases).items()]
    told = {"state": state, "environment": environment(), "settings": kept, "notebooks": places}
    made = io.BytesIO()
    with zipfile.ZipFile(
        made, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False
    ) as parcel:
        parcel.writestr(SETTINGS, json.dumps(told))
        files = {f"{SUITE}/{path}": suite.root / path for path in _files(suite)}
        files |= {_place(suite, notebook, n): notebook for notebook, n in notebooks(cases).items()}
        for name, path in files.items():
            parcel.write(path, name)
    return made.getvalue()


def _place(suite: Suite, notebook: Path, number: int) -> str:
    """Return where a notebook stands in a parcel: in its place in the suite, if it has one there.

    For a page can name the notebook that made it, and is the same wherever it is made.
    """
    root = suite.root.absolute()
    within = notebook.is_relative_to(root)
    return f"{SUITE}/{notebook.relative_to(root)}" if within else f"{NOTEBOOKS}/{number}.ipynb"


def _files(suite: Suite) -> Iterable[str]:
    """Return the paths of all files of a suite, also of those in seeds that nobody names."""
    seeds = (f"{SEEDS}/{name}" for name in suite.material.corpus.files())
    return [CODEBOOK, f"{SEEDS}/{ARTICLES}", *suite.material.tables, *seeds]


def places(folder: Path) -> list[Path]:
    """Return where each notebook of a parcel laid out in a folder stands, by its number."""
    told = json.loads((folder / SETTINGS).read_text("utf-8"))
    return [folder / name for name in told["notebooks"]]


def notebooks(cases: Iterable[Case]) -> dict[Path, int]:
    """Return the notebooks of some cases and the number of each in a parcel."""
    found = dict.fromkeys(case.notebook for case in cases)
    return {notebook: number for number, notebook in enumerate(found)}


def unpacked(parcel: bytes, folder: Path) -> Path:
    """Lay a parcel out in a folder and return it."""
    with zipfile.ZipFile(io.BytesIO(parcel)) as found:
        found.extractall(folder)
    return folder


def settings(folder: Path) -> tuple[Settings, str, str]:
    """Return the settings that were packed, and what the suite and what is installed must be."""
    from policybook.batch.run import Settings  # noqa: PLC0415  (a worker of a cluster needs none)
    from policybook.briefing.options import Options  # noqa: PLC0415

    told: Mapping[str, Any] = json.loads((folder / SETTINGS).read_text("utf-8"))
    found = dict(told["settings"])
    return (
        Settings(**{**found, "options": Options(**found["options"])}),
        told["state"],
        told["environment"],
    )
