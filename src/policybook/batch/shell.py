"""Run the cells of a notebook in this very process, with outputs as a kernel would give them.

Meant for a forked child: what a cell does to the process ends with it.
"""

from __future__ import annotations

import builtins
import codecs
import contextlib
import getpass
import importlib
import io
import logging
import os
import sys
import tempfile
import warnings
import zlib
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, v4
from traitlets import Type

Output = NotebookNode


class _Stream(io.TextIOBase):
    """A stream whose text becomes outputs of the running cell, in order with the others."""

    encoding = "UTF-8"

    def __init__(self, shell: NotebookShell, name: str) -> None:
        """Keep the shell whose outputs it joins."""
        self.shell, self.name = shell, name

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor whose text joins the same outputs."""
        return 1 if self.name == "stdout" else 2

    def write(self, text: str) -> int:
        """Add text to the outputs, after what was written past Python until now."""
        if not isinstance(text, str):  # whatever a notebook writes
            message = f"write() argument must be str, not {type(text).__name__}"  # type: ignore[unreachable]
            raise TypeError(message)
        self.shell.drain()
        self.shell.printed(self.name, text)
        return len(text)


class _Descriptor:
    """A file descriptor whose bytes go to a file, and from there into the outputs."""

    def __init__(self, number: int, name: str) -> None:
        """Lead everything written to it from now on, also by other programs, into a file."""
        self.number, self.name, self.read = number, name, 0
        self.file = tempfile.TemporaryFile(mode="ab+")  # noqa: SIM115  (ends with the process)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        os.dup2(self.file.fileno(), number)

    def text(self) -> str:
        """Return what was written since it was last asked for."""
        size = os.fstat(self.file.fileno()).st_size
        if size <= self.read:
            return ""
        data = os.pread(self.file.fileno(), size - self.read, self.read)
        self.read += len(data)
        return self.decoder.decode(data)


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
        name, data = (transient or {}).get("display_id"), _plain(data)
        shown = self.shell.displays.setdefault(name, []) if name else []
        if update:
            for output in shown:
                output.data, output.metadata = data, metadata or {}
            return
        output = v4.new_output("display_data", data, metadata=metadata or {})
        self.shell.show(output)
        shown.append(output)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002  (IPython's protocol)
        """Forget what the cell has shown so far, at once or when it next shows something."""
        self.shell.drain()
        if wait:
            self.shell.clearing = True
        else:
            self.shell.outputs.clear()


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is displayed with its pictures as text, as a notebook stores them."""
    return {k: b64encode(v).decode("ascii") if isinstance(v, bytes) else v for k, v in data.items()}


class _Hook(DisplayHook):
    """Collects the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: a notebook has its own."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        """Take one value in all its forms."""
        one = shell()
        data = _plain({k: v for k, v in format_dict.items() if v is not None})
        value = v4.new_output(
            "execute_result", data, metadata=md_dict or {}, execution_count=one.number
        )
        one.show(value)

    def finish_displayhook(self) -> None:
        """Write no line end after a value."""


class _Compiler(CachingCompiler):
    """Names the code of a cell as a kernel does, for a warning to show; see `engine.CODE_NAME`."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:  # noqa: ARG002
        """Return a name that the same source always has."""
        return f"/ipykernel_0/{zlib.crc32(raw_code.encode('utf-8', 'surrogatepass'))}.py"


class NotebookShell(InteractiveShell):
    """IPython without a terminal and without a history file, its outputs kept in `outputs`."""

    compiler_class = Type(_Compiler)
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traitlets' protocol)
        """Start with nothing shown."""
        self.outputs: list[Output] = []
        self.displays: dict[str, list[Output]] = {}
        self.number = 0
        self.clearing = False
        self.descriptors: list[_Descriptor] = []
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    def capture_descriptors(self) -> None:
        """Lead what is written past Python, by other programs too, into the outputs."""
        self.descriptors = [_Descriptor(1, "stdout"), _Descriptor(2, "stderr")]

    def show(self, output: Output) -> None:
        """Add one output to those of the running cell."""
        self.drain()
        if self.clearing:
            self.outputs.clear()
            self.clearing = False
        self.outputs.append(output)

    def printed(self, name: str, text: str) -> None:
        """Add text to the last output if it is of this stream, else as a new one."""
        last = self.outputs[-1] if self.outputs and not self.clearing else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        elif text:
            self.clearing, cleared = False, self.clearing
            if cleared:
                self.outputs.clear()
            self.outputs.append(v4.new_output("stream", name=name, text=text))

    def drain(self) -> None:
        """Add what was written past Python until now."""
        for descriptor in self.descriptors:
            self.printed(descriptor.name, descriptor.text())

    def init_history(self) -> None:
        """Keep no history on disk."""
        from IPython.core.history import HistoryManager  # noqa: PLC0415  (only for the child)

        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def ask_exit(self) -> None:
        """Go on: a kernel, too, ends when its notebook does and not before."""

    keepkernel_on_exit = None

    def enable_gui(self, gui: str | None = None) -> None:
        """Take no window system."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        """Keep an error as an output."""
        self.show(
            v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))
        )


def shell() -> NotebookShell:
    """Return the one shell of this process, as code in notebooks expects it."""
    one: NotebookShell = NotebookShell.instance(colors="nocolor")
    return one


def like_a_kernel() -> NotebookShell:
    """Return the shell of a process that has nothing else to do, and make it look like a kernel's.

    Nothing can be asked of a person, and what is written past Python joins the outputs.
    """
    builtins.input, getpass.getpass = _no_input("raw_input"), _no_input("getpass")
    os.environ.update(ENVIRONMENT)
    importlib.reload(warnings)  # a host may be catching them, and what is logged
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    warnings.resetwarnings()
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    one = shell()
    one.set_hook("show_in_pager", _no_pager, 99)  # type: ignore[no-untyped-call]
    sys.argv = ["ipykernel_launcher.py"]
    one.capture_descriptors()
    sys.stdout, sys.stderr = _Stream(one, "stdout"), _Stream(one, "stderr")
    return one


ENVIRONMENT = {
    "TERM": "xterm-color", "CLICOLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1",
    "PAGER": "cat", "GIT_PAGER": "cat", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}  # fmt: skip
"""What a kernel tells the programs it starts."""


def _no_pager(*_: object, **__: object) -> None:
    """Show no help: a kernel's goes to a window of its own and not into the notebook."""


class StdinNotImplementedError(RuntimeError):
    """Raised where a notebook asks a person, as in a kernel that nobody sits at."""


def _no_input(name: str) -> Callable[..., str]:
    """Return what stands in place of a function that asks a person: it refuses to."""

    def refuse(*_: object, **__: object) -> str:
        """Refuse to ask."""
        message = f"{name} was called, but this frontend does not support input requests."
        raise StdinNotImplementedError(message)

    return refuse


def run_cell(one: NotebookShell, source: str) -> tuple[list[Output], int | None, bool]:
    """Run one cell and return its outputs, its number, and whether it went well."""
    one.outputs, one.clearing = [], False
    one.number = one.execution_count
    out, err = _Stream(one, "stdout"), _Stream(one, "stderr")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = one.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    one.drain()
    return one.outputs, one.number, bool(result.success)
