"""Run the cells of a notebook in this very process, with outputs as a kernel would give them.

Meant for a forked child: what a cell does to the process ends with it.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, v4
from traitlets import Type

Output = NotebookNode


class _Stream(io.TextIOBase):
    """A stream whose text becomes outputs of the running cell, in order with the others."""

    def __init__(self, shell: NotebookShell, name: str) -> None:
        """Keep the shell whose outputs it joins."""
        self.shell, self.name = shell, name

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Add text to the last output if it is of this stream, else as a new one."""
        outputs = self.shell.outputs
        if outputs and outputs[-1].output_type == "stream" and outputs[-1].name == self.name:
            outputs[-1].text += text
        elif text:
            outputs.append(v4.new_output("stream", name=self.name, text=text))
        return len(text)


class _Publisher(DisplayPublisher):
    """Collects what cells display; an update replaces what it updates, also in earlier cells."""

    def publish(  # type: ignore[override]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,  # noqa: ANN401  (IPython's protocol)
    ) -> None:
        """Take one display."""
        name = (transient or {}).get("display_id")
        shown = self.shell.displays.setdefault(name, []) if name else []
        if update:
            for output in shown:
                output.data, output.metadata = data, metadata or {}
            return
        output = v4.new_output("display_data", data, metadata=metadata or {})
        self.shell.outputs.append(output)
        shown.append(output)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  (IPython's protocol)
        """Forget what the cell has shown so far."""
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    """Collects the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: a notebook has its own."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        """Take one value in all its forms."""
        one = shell()
        data = {k: v for k, v in format_dict.items() if v is not None}
        value = v4.new_output(
            "execute_result", data, metadata=md_dict or {}, execution_count=one.number
        )
        one.outputs.append(value)

    def finish_displayhook(self) -> None:
        """Write no line end after a value."""


class NotebookShell(InteractiveShell):
    """IPython without a terminal and without a history file, its outputs kept in `outputs`."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traitlets' protocol)
        """Start with nothing shown."""
        self.outputs: list[Output] = []
        self.displays: dict[str, list[Output]] = {}
        self.number = 0
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    def init_history(self) -> None:
        """Keep no history on disk."""
        from IPython.core.history import HistoryManager  # noqa: PLC0415  (only for the child)

        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def enable_gui(self, gui: str | None = None) -> None:
        """Take no window system."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        """Keep an error as an output."""
        self.outputs.append(
            v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))
        )


def shell() -> NotebookShell:
    """Return the one shell of this process, as code in notebooks expects it."""
    one: NotebookShell = NotebookShell.instance(colors="nocolor")
    return one


def run_cell(one: NotebookShell, source: str) -> tuple[list[Output], int | None, bool]:
    """Run one cell and return its outputs, its number, and whether it went well."""
    one.outputs = []
    one.number = one.execution_count
    out, err = _Stream(one, "stdout"), _Stream(one, "stderr")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = one.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    return one.outputs, one.number, bool(result.success)
