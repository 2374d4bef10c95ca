"""The engine that papermill calls: cells run in a fork of this process, already warm.

The surprising rule: the class is made when it is first asked for. papermill loads every
registered engine while it is itself being imported, so a module that needs papermill
at its top could not be imported before it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import nbformat

from policybook.batch import forks


def __getattr__(name: str) -> Any:  # noqa: ANN401  (the class, for papermill's entry point)
    """Return `PolicybookEngine`."""
    if name == "PolicybookEngine":
        return _engine()
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


@lru_cache(maxsize=1)
def _engine() -> type:
    """Return the class that `papermill --engine policybook` uses."""
    from papermill.engines import Engine, NBClientEngine  # noqa: PLC0415  (see above)

    class PolicybookEngine(Engine):  # type: ignore[misc]  # papermill is untyped
        """Runs a notebook in a fork that has everything imported."""

        @classmethod
        def execute_managed_notebook(
            cls,
            nb_man: Any,  # noqa: ANN401  (papermill's manager)
            kernel_name: str,
            **options: Any,  # noqa: ANN401  (options of other engines)
        ) -> None:
            """Run all cells, in a fork where there are forks, else in a kernel."""
            if forks.AVAILABLE:
                _run_forked(nb_man)
            else:
                NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)

    return PolicybookEngine


def _run_forked(nb_man: Any) -> None:  # noqa: ANN401  (papermill's manager)
    """Run all cells in a fork and take over what it made of them."""

    def job(send: forks.Send) -> None:
        from policybook.batch.shell import like_a_kernel  # noqa: PLC0415  (IPython's one shell)

        like_a_kernel()
        run_cells(nb_man)
        send(nbformat.writes(nb_man.nb).encode())

    children = forks.Children()
    children.start(None, job)
    try:
        while len(children):
            for child in children.wait():
                if child.ended or not child.messages:
                    raise RuntimeError(child.ended or "the notebook ended its process")
                nb_man.nb.cells = nbformat.from_dict(json.loads(child.messages[0])).cells
    finally:
        children.close()


def run_cells(nb_man: Any) -> None:  # noqa: ANN401  (papermill's manager)
    """Run the cells one after the other until one fails, as nbclient would."""
    from policybook.batch.shell import run_cell, shell  # noqa: PLC0415  (IPython's one shell)

    one = shell()
    for index, cell in enumerate(nb_man.nb.cells):
        nb_man.cell_start(cell, index)
        tags, well = cell.metadata.get("tags", []), True
        if cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags:
            cell.outputs, cell.execution_count, well = run_cell(one, cell.source)
        if not well and "raises-exception" not in tags:
            nb_man.cell_exception(cell, index)
            return
        nb_man.cell_complete(cell, index)
