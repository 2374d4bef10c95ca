"""Run cases: papermill executes the notebook, the briefing is made from it, both are written whole."""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from policybook import briefing
from policybook.batch import forks
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
    """Execute one case and write `NAME.ipynb` and `NAME.html` into `out`: a batch of one."""
    (outcome,) = run_all([case], root=root, out=out, workers=1, with_code=with_code)
    return outcome


def run_all(  # noqa: PLR0913  (all by keyword)
    cases: Sequence[Case],
    *,
    root: Path,
    out: Path,
    workers: int | None = None,
    with_code: bool = False,
    done: Callable[[Outcome], object] = lambda _: None,
) -> list[Outcome]:
    """Execute cases side by side and return their outcomes in order; `done` is told of each.

    A notebook that fails is kept with its error in it, and has no page.
    Raises `ParameterError` where `out` would put a result over the notebook itself.
    """
    _not_over_notebooks(cases, out)
    os.environ["POLICYBOOK_CHARTS"] = "spec"
    outcomes: dict[int, Outcome] = {}
    for place, result in _executed(cases, root, workers or os.cpu_count() or 1):
        outcomes[place] = _written(cases[place], result, out, with_code=with_code)
        done(outcomes[place])
    return [outcomes[place] for place in range(len(cases))]


def _not_over_notebooks(cases: Sequence[Case], out: Path) -> None:
    """Refuse an output folder that holds one of the notebooks."""
    if out.resolve() in {case.notebook.parent.resolve() for case in cases}:
        message, hint = "is the folder of the notebook itself", "Name another folder with --out."
        raise ParameterError([Problem(str(out), None, None, "out", message, (), hint)])


def _executed(
    cases: Sequence[Case], root: Path, workers: int
) -> Iterator[tuple[int, str | forks.ChildError]]:
    """Yield the executed notebook of each case as it ends: forked, or one kernel after the other."""
    jobs = [partial(_execute, case, root) for case in cases]
    if forks.AVAILABLE:
        _warm()
        yield from forks.run(jobs, workers=workers)
    else:
        yield from ((place, job()) for place, job in enumerate(jobs))


def _warm() -> None:
    """Import before the fork what every notebook needs, so that no child has to."""
    for name in ("papermill", "policybook.batch.engine", "policybook.batch.shell", "policybook.charts",
                 "policybook.exhibits", "policybook.findings"):  # fmt: skip
        importlib.import_module(name)


def _execute(case: Case, root: Path) -> str:
    """Return the executed notebook as text, without what differs from run to run."""
    import papermill  # noqa: PLC0415  (a second that `check` and `params` do without)
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    engine: dict[str, Any] = {"kernel_name": "python3", "extra_arguments": ["--log-level=ERROR"]}
    if forks.AVAILABLE:
        engine |= {"engine_name": "policybook", "in_process": True}
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "executed.ipynb"  # papermill leaves a failed notebook only in a file
        with contextlib.suppress(PapermillExecutionError):  # the notebook itself tells of it
            papermill.execute_notebook(
                str(case.notebook), str(kept), parameters=dict(case.values), cwd=str(root),
                progress_bar=False, log_output=False, record_timing=False,
                request_save_on_cell_execute=False, **engine,
            )  # fmt: skip
        executed = _stable(nbformat.read(kept, as_version=4))
    return str(nbformat.writes(executed)) + "\n"


def _written(case: Case, result: str | forks.ChildError, out: Path, *, with_code: bool) -> Outcome:
    """Write the notebook and, unless a cell failed, its page."""
    page = out / f"{case.name}.html"
    if isinstance(result, forks.ChildError):
        page.unlink(missing_ok=True)
        return Outcome(case, page, str(result))
    write(out / f"{case.name}.ipynb", result)
    executed = nbformat.reads(result, as_version=4)
    failure = _failure(executed)
    if failure:
        page.unlink(missing_ok=True)
    else:
        write(page, briefing.page(executed, with_code=with_code))
    return Outcome(case, page, failure)


def _failure(notebook: NotebookNode) -> str:
    """Return the error that stopped a notebook, empty where none did."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    errors = [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"]
    return errors[0] if errors else ""


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
