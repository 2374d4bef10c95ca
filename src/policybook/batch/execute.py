"""One case, executed: what happens in the child that runs a notebook, and what its parent makes of it.

The child tells of every cell as it begins and ends, so that a notebook whose process was stopped
is kept with all it had shown, and with a banner at the cell that was running.
The surprising rule: what an executed notebook holds is the same on every machine and at every time;
whatever is not, is taken out here.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from policybook.batch import outside
from policybook.batch.plan import Case
from policybook.briefing.pictures import SPEC_BLOCK
from policybook.reads import Key, held_once
from policybook.suite import Suite, lend

ENGINES = ("fork", "kernel")
"""In a fork of this process, or in a Jupyter kernel of its own: slower, and the same outputs."""

_NAMES = (
    (re.compile(r"[^\s\"'<>]*ipykernel_\d+[/\\]\d+\.py"), "<cell>"),
    (re.compile(r"(?<=\()\d+\.py(?=, line \d+\))"), "<cell>"),
    (re.compile(r"(?<= at 0x)[0-9a-f]{6,}(?=>)"), "…"),
)
"""What differs from process to process: the file of a cell's code, the place of a thing in memory."""

DEEP = 50
"""Alike lines of a traceback that stand for a function that calls itself without end."""


@dataclass(frozen=True, slots=True)
class Executed:
    """An executed notebook: its text, why it failed (empty where it did not), its charts, its reads."""

    notebook: str
    failure: str = ""
    specs: tuple[str, ...] = ()
    reads: tuple[Key, ...] = ()


def execute(case: Case, suite: Suite, scratch: Path, engine: str, send: Any) -> None:  # noqa: ANN401
    """Run a case in this process, which has nothing else to do, and tell of every cell.

    `scratch` is a folder of its own, which the parent removes.
    """
    from papermill.iorw import load_notebook_node  # noqa: PLC0415  (half a second)
    from papermill.parameterize import parameterize_notebook  # noqa: PLC0415

    os.chdir(suite.root)
    os.environ["TMPDIR"] = os.environ["IPYTHONDIR"] = str(scratch)
    tempfile.tempdir = None
    notebook = load_notebook_node(str(case.notebook))
    if case.values:
        notebook = parameterize_notebook(notebook, dict(case.values))
    manager = _Manager(notebook, send)
    reads = lend(suite)
    if engine == "kernel":
        reads.note("outside", "kernel")  # another process reads, and nobody sees what
        _run_in_kernel(manager, send)
    else:
        from policybook.batch.engine import run_cells  # noqa: PLC0415  (IPython)
        from policybook.batch.shell import like_a_kernel  # noqa: PLC0415

        like_a_kernel()
        root = suite.root.resolve()
        outside.watch(reads.note, root=root, scratch=scratch, notebook=case.notebook)
        run_cells(manager)
    manager.all_shown()
    _tell(send, "reads", list(reads.keys))


def _run_in_kernel(manager: _Manager, send: Any) -> None:  # noqa: ANN401  (`forks.Send`)
    """Run all cells through a Jupyter kernel, as papermill itself does."""
    from nbclient.exceptions import DeadKernelError  # noqa: PLC0415
    from papermill.engines import NBClientEngine  # noqa: PLC0415
    from papermill.log import logger  # noqa: PLC0415

    logger.setLevel("ERROR")
    for descriptor in (1, 2):  # a kernel repeats there what was written past Python
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    arguments = ["--log-level=ERROR", "--InteractiveShell.colors=nocolor", "--HistoryManager.enabled=False"]  # fmt: skip
    try:
        NBClientEngine.execute_managed_notebook(manager, "python3", extra_arguments=arguments)
    except DeadKernelError:
        _tell(send, "fate", "its kernel died")


class _Manager:
    """What papermill's engines report to: it keeps the notebook and passes on the news."""

    log_output = False

    def __init__(self, notebook: NotebookNode, send: Any) -> None:  # noqa: ANN401  (`forks.Send`)
        """Begin with no cell run."""
        self.nb, self._send = notebook, send
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        _tell(send, "begin", notebook)

    def cell_start(self, cell: NotebookNode, cell_index: int = 0, **_: Any) -> None:  # noqa: ANN401, ARG002
        """Tell that a cell begins."""
        _tell(self._send, "cell", cell_index)

    def cell_complete(self, cell: NotebookNode, cell_index: int = 0, **_: Any) -> None:  # noqa: ANN401
        """Tell what a cell has shown."""
        if cell.cell_type == "code":
            _tell(self._send, "shown", [cell_index, cell.execution_count, cell.outputs])

    def cell_exception(self, cell: NotebookNode, cell_index: int = 0, **_: Any) -> None:  # noqa: ANN401
        """Tell what a cell has shown that failed; a kernel may have lost what it said of it."""
        self.cell_complete(cell, cell_index)
        if not any(o.output_type == "error" for o in cell.get("outputs", [])):
            _tell(self._send, "fate", "a cell failed and did not say why")

    def all_shown(self) -> None:
        """Tell what all cells show in the end: one may have changed what an earlier one showed."""
        for index, cell in enumerate(self.nb.cells):
            if any(o.output_type == "display_data" for o in cell.get("outputs", [])):
                self.cell_complete(cell, index)

    def autosave_cell(self) -> None:
        """Save nothing: the news are enough."""

    save = autosave_cell


def _tell(send: Any, what: str, content: object) -> None:  # noqa: ANN401  (`forks.Send`)
    """Send one piece of news."""
    send(json.dumps([what, content]).encode("utf-8", "surrogatepass"))


def executed(messages: Sequence[bytes], fate: str) -> Executed:
    """Return what a case's child made, from its news; `fate` says why it ended early, if it did."""
    notebook, reads, running = v4.new_notebook(), None, -1
    for message in messages:
        what, content = json.loads(message)
        if what == "begin":
            notebook = nbformat.from_dict(content)
        elif what == "cell":
            running = content
        elif what == "shown":
            cell = notebook.cells[content[0]]
            cell.execution_count, cell.outputs = content[1], nbformat.from_dict(content[2])
        elif what == "fate":
            fate = fate or content
        else:
            reads = held_once(content)
    failure = fate or ("" if reads is not None else "its process ended before the notebook did")
    if failure:
        _mark(notebook, running, failure)
    return _kept(notebook, reads or (), failure)


def _mark(notebook: NotebookNode, running: int, reason: str) -> None:
    """Put the reason into the cell that was running when its process ended."""
    for cell in notebook.cells[max(running, 0) :]:
        if cell.cell_type == "code":
            errors = [o for o in cell.outputs if o.output_type == "error"]
            lines = [reason, *(line for error in errors for line in error.traceback)]
            stopped = v4.new_output("error", ename="Stopped", evalue=reason, traceback=lines)
            cell.outputs = [*(o for o in cell.outputs if o.output_type != "error"), stopped]
            return


def _kept(notebook: NotebookNode, reads: tuple[Key, ...], fate: str) -> Executed:
    """Return an executed notebook as it is kept: stable, and with a banner where it failed."""
    notebook = _stable(notebook)
    failure = fate or _failure(notebook)
    specs = tuple(dict.fromkeys(_specs(notebook)))
    if failure:
        _banner(notebook)
    return Executed(nbformat.writes(notebook) + "\n", failure, specs, reads)


def _banner(notebook: NotebookNode) -> None:
    """Say at the head of a failed notebook that it failed, and before the cell that it was there."""
    for index, cell in enumerate(notebook.cells):
        if any(o.output_type == "error" for o in cell.get("outputs", [])):
            here = '<span id="papermill-error-cell" style="color:red">Execution stopped at this cell.</span>'
            top = f'<span style="color:red">An error stopped this notebook at <a href="#papermill-error-cell">cell {index + 1}</a>.</span>'  # fmt: skip
            marks = {"tags": ["papermill-error-cell-tag"]}
            cells = [v4.new_markdown_cell(text, metadata=marks) for text in (top, here)]
            cells[0]["id"], cells[1]["id"] = "stopped", "stopped-here"
            notebook.cells[index:index] = [cells[1]]
            notebook.cells[:0] = [cells[0]]
            return


def _failure(notebook: NotebookNode) -> str:
    """Return the error that stopped a notebook, empty where none did."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    errors = [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"]
    return errors[0] if errors else ""


def _specs(notebook: NotebookNode) -> list[str]:
    """Return the specifications of all charts of a notebook."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    pages = [o.data["text/html"] for o in outputs if "text/html" in o.get("data", {})]
    texts = (page if isinstance(page, str) else "".join(page) for page in pages)
    return [found["spec"] for text in texts for found in SPEC_BLOCK.finditer(text)]


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
        if cell.cell_type == "code":
            cell.outputs = _streams(cell.outputs)
            for output in cell.outputs:
                _name(output)
    return notebook


def _streams(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return outputs with one text a stream between any two others, what was printed first.

    How a kernel interleaves the two streams depends on when it flushes them.
    """
    kept: list[NotebookNode] = []
    for streams, group in groupby(outputs, key=lambda o: o.output_type == "stream"):
        found = list(group)
        if not streams:
            kept += found
            continue
        for name in ("stdout", "stderr"):
            text = "".join(o.text for o in found if o.name == name)
            kept += [v4.new_output("stream", name=name, text=text)] if text else []
    return kept


def _name(output: NotebookNode) -> None:
    """Give everything its stable name in what an output says."""
    if output.output_type == "stream":
        output.text = _named(output.text)
    elif output.output_type == "error":
        output.evalue = _named(output.evalue)
        output.traceback = _folded(_named(line) for line in output.traceback)
    elif isinstance(plain := output.data.get("text/plain"), str):
        output.data["text/plain"] = _named(plain)


def _folded(lines: Iterable[str]) -> list[str]:
    """Return a traceback with one line in place of many that are alike.

    How deep a function can call itself depends on what stands above it.
    """
    runs = [list(same) for _, same in groupby(lines)]
    return [one for run in runs for one in (run if len(run) < DEEP else [run[0], "… and so on\n"])]


def _named(text: str) -> str:
    """Return a text without what differs from process to process."""
    for pattern, name in _NAMES:
        text = pattern.sub(name, text)
    return text
