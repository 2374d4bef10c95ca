"""The engine that papermill calls: cells run in a fork of this process, already warm."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from papermill.engines import Engine

from policybook.batch import forks


class PolicybookEngine(Engine):  # type: ignore[misc]
    """`papermill --engine policybook`: the notebook runs in a fork that has everything imported."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401  (papermill's manager)
        kernel_name: str,  # noqa: ARG003  (papermill's protocol)
        *,
        in_process: bool = False,
        **_: Any,  # noqa: ANN401  (options of other engines)
    ) -> None:
        """Run all cells, in a fork unless this process is one already."""
        if in_process:
            run_cells(nb_man)
            return

        def job() -> str:
            run_cells(nb_man)
            return str(nbformat.writes(nb_man.nb))

        ((_place, result),) = forks.run([job], workers=1)
        if isinstance(result, forks.ChildError):
            raise result
        nb_man.nb.cells = nbformat.from_dict(json.loads(result)).cells


def run_cells(nb_man: Any) -> None:  # noqa: ANN401  (papermill's manager)
    """Run the cells one after the other until one fails, as a kernel would."""
    from policybook.batch.shell import run_cell, shell  # noqa: PLC0415  (IPython's one shell)

    one = shell()
    for index, cell in enumerate(nb_man.nb.cells):
        nb_man.cell_start(cell, index)
        well = True
        if cell.cell_type == "code" and cell.source.strip():
            cell.outputs, cell.execution_count, well = run_cell(one, cell.source)
        if not well:
            nb_man.cell_exception(cell, index)
            return
        nb_man.cell_complete(cell, index)
