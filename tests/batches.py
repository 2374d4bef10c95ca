"""Notebooks made by tests, and batches of them: what each case leaves behind."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

from policybook.batch.plan import Case, case
from policybook.batch.rerun import Result, rerun
from policybook.batch.run import Settings
from policybook.suite import Suite

soak = pytest.mark.skipif(not os.environ.get("POLICYBOOK_SOAK"), reason="only in `make soak`")
QUICK = Settings(workers=2, case_seconds=60)
KERNELSPEC = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(path: Path, *cells: str, parameters: str = "") -> Path:
    """Write a notebook of code cells; `parameters` becomes its tagged first cell."""
    made = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(cells)]
    if parameters:
        tagged = nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]})
        made = [tagged, *made]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=KERNELSPEC), path)
    return path


def batch(
    suite: Suite,
    out: Path,
    notebooks: Sequence[Path | Case],
    settings: Settings = QUICK,
    **more: Any,
) -> Result:
    """Make a page of each notebook at its defaults."""
    cases = [one if isinstance(one, Case) else case(one, {}, suite=suite) for one in notebooks]
    return rerun(cases, suite=suite, out=out, settings=settings, **more)


def reasons(result: Result) -> dict[str, str]:
    """Return why each failed case failed."""
    return {outcome.case.name: outcome.failure for outcome in result.failed}


def files(out: Path) -> dict[str, bytes]:
    """Return everything in an output folder that does not tell of the run itself."""
    return {
        path.name: path.read_bytes()
        for path in sorted(out.iterdir())
        if path.is_file() and path.name != "run.jsonl"
    }


def manifest(out: Path) -> list[dict[str, Any]]:
    """Return the lines of the manifest."""
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text("utf-8").splitlines()]


def made(out: Path) -> list[str]:
    """Return the cases that the last call did not leave as they were."""
    lines = map(json.loads, (out / "run.jsonl").read_text("utf-8").splitlines())
    return [line["case"] for line in lines if not line["unchanged"]]


def texts(path: Path) -> str:
    """Return what the cells of an executed notebook show as text, errors included."""
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get("text/plain", "")
            found.append(output.get("text", "") + data + output.get("evalue", ""))
    return "\n".join(found)
