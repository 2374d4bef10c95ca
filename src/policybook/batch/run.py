"""Run cases: papermill executes the notebook, the briefing is made from it, both are written whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from policybook import briefing
from policybook.batch.files import write
from policybook.batch.plan import Case
from policybook.problems import ParameterError, Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: the page it made, or the reason why there is none."""

    case: Case
    page: Path
    failure: str = ""


def run(case: Case, *, root: Path, out: Path, with_code: bool = False) -> Outcome:
    """Execute one case and write `NAME.ipynb` and `NAME.html` into `out`.

    A notebook that fails is kept with its error in it, and has no page.
    Raises `ParameterError` where `out` would put the result over the notebook itself.
    """
    page = out / f"{case.name}.html"
    if out.resolve() == case.notebook.parent.resolve():
        message, hint = "is the folder of the notebook itself", "Name another folder with --out."
        raise ParameterError([Problem(str(out), None, None, "out", message, (), hint)])
    executed, failure = _execute(case, root)
    write(out / f"{case.name}.ipynb", nbformat.writes(executed) + "\n")
    if failure:
        page.unlink(missing_ok=True)
    else:
        write(page, briefing.page(executed, with_code=with_code))
    return Outcome(case, page, failure)


def run_all(
    cases: Sequence[Case],
    *,
    root: Path,
    out: Path,
    workers: int | None = None,
    done: Callable[[Outcome], object] = lambda _: None,
) -> list[Outcome]:
    """Execute cases side by side and return their outcomes in order; `done` is told of each."""
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        waiting = {pool.submit(run, case, root=root, out=out): case.name for case in cases}
        outcomes: dict[str, Outcome] = {}
        for future in as_completed(waiting):
            outcome = future.result()
            outcomes[waiting[future]] = outcome
            done(outcome)
    return [outcomes[case.name] for case in cases]


def _execute(case: Case, root: Path) -> tuple[NotebookNode, str]:
    """Return the executed notebook without what differs from run to run, and what went wrong."""
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415  (costly, see below)

    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "executed.ipynb"  # papermill leaves a failed notebook only in a file
        failure = ""
        try:
            _papermill(case, kept, root)
        except PapermillExecutionError as error:
            failure = f"{error.ename}: {error.evalue}"
        return _stable(nbformat.read(kept, as_version=4)), failure


def _papermill(case: Case, kept: Path, root: Path) -> None:
    """Execute a case with papermill in the suite's folder; charts stay specifications."""
    import papermill  # noqa: PLC0415  (a second that `check` and `params` do without)

    os.environ["POLICYBOOK_CHARTS"] = "spec"
    papermill.execute_notebook(
        str(case.notebook), str(kept), parameters=dict(case.values), cwd=str(root),
        kernel_name="python3", progress_bar=False, log_output=False, record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # a kernel on this machine needs no encryption
    )  # fmt: skip


def _stable(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without times, paths and random ids."""
    kept: dict[str, Any] = {
        key: notebook.metadata[key]
        for key in ("kernelspec", "policybook")
        if key in notebook.metadata
    }
    notebook.metadata = nbformat.from_dict(kept)
    for number, cell in enumerate(notebook.cells):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "tags"})
    return notebook
