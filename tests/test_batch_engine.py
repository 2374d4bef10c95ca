"""Notebooks in forks: outputs as a kernel gives them, and nothing of one in another."""

import gc
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from batches import QUICK, batch, files, notebook, soak, texts
from policybook.batch import execute, processes
from policybook.batch.plan import case, cases
from policybook.batch.run import run
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

A_MOMENT = "; import time; time.sleep(0.5)"
"""What a kernel needs to notice text written past Python; see docs/engine.md."""

NASTY = (
    "import os, subprocess, sys, warnings\nprint('a'); print('b', file=sys.stderr); print('c')",
    "warnings.warn('careful')\nwarnings.warn('old', DeprecationWarning)",
    "!echo shell; echo worse >&2",
    "%%bash\necho in bash\necho worse >&2",
    f"os.write(1, b'raw\\n'){A_MOMENT}",
    f"subprocess.run(['echo', 'program']){A_MOMENT}",
    "from IPython.display import HTML, Image, clear_output, display, update_display",
    "handle = display('first', display_id='x')",
    "update_display('second', display_id='x')\nHTML('<b>x</b>')",
    "print('gone'); clear_output(); print('stays')",
    "print('gone'); clear_output(wait=True); print('stays too')",
    "x = 3\nx",
    "x;",
    "%%capture caught\nprint('hidden')",
    "caught.stdout",
    "def f():\n    return 1 / 0",
    "import traceback\ntry:\n    f()\nexcept ZeroDivisionError:\n    traceback.print_exc()",
    "%pwd",
    "import logging; logging.warning('logged')",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "class R:\n    def _repr_html_(self): return '<i>r</i>'\n    def _repr_png_(self): return b'\\x89PNG1234'\nR()",
    "object()",
    "await __import__('asyncio').sleep(0)\nprint('awaited')",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n0000IHDR\\0\\0\\0\\1\\0\\0\\0\\1', format='png')",
    "print('x', end=''); sys.stdout.flush(); print('y')",
    "%who",
    "len?",
    "import getpass\ntry:\n    getpass.getpass()\nexcept Exception as error:\n    print(error)",
    "import threading; t = threading.Thread(target=print, args=('threaded',)); t.start(); t.join()",
    "display('a', display_id='q'); display('b', display_id='q'); update_display('c', display_id='q')",
    "print('e', file=sys.stderr); display(1)",
    f"os.system('echo o'){A_MOMENT}",
    f"os.system('echo e >&2'){A_MOMENT}",
    "class S:\n    def _ipython_display_(self): print('shown by itself')\nS()",
    "display(1, 2); print('between'); display({'a': 1})",
    "print(sys.stdout.isatty(), sys.stdout.encoding, __name__)",
    "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    "print('\\ud800'.encode('utf-8', 'replace'), 'é – “”')",
    "f()",
    "print('never')",
)


def executed(suite: Suite, out: Path, one: Any, engine: str) -> dict[str, Any]:
    """Return a notebook as one engine executed it."""
    run(one, suite=suite, out=out, settings=replace(QUICK, engine=engine))
    made: dict[str, Any] = json.loads((out / f"{one.name}.ipynb").read_text("utf-8"))
    return made


def both(suite: Suite, out: Path, one: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a notebook as executed in a fork and in a kernel.

    Two kernels may differ on a busy machine, by when they send their streams; a fork is always the same.
    A kernel that says otherwise than the fork is therefore asked again, twice at most.
    """
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # a kernel that sees it does not watch descriptors
    fork = executed(suite, out / "fork", one, "fork")
    for attempt in range(3):
        kernel = executed(suite, out / f"kernel{attempt}", one, "kernel")
        if kernel == fork:
            break
    return fork, kernel


def test_nasty_notebook_as_in_a_kernel(shipped: Suite, tmp_path: Path) -> None:
    """Warnings, shell commands, streams, displays and errors come out as from a Jupyter kernel."""
    one = case(notebook(tmp_path / "nasty.ipynb", *NASTY), {}, suite=shipped)
    fork, kernel = both(shipped, tmp_path / "out", one)
    assert len(fork["cells"]) == len(NASTY) + 2
    for mine, theirs in zip(fork["cells"], kernel["cells"], strict=True):
        assert mine == theirs
    assert fork == kernel


@pytest.mark.parametrize(
    "source", ["import sys; sys.exit(3)", pytest.param("print(1", marks=soak),
               *(pytest.param(ends, marks=soak) for ends in ("raise KeyboardInterrupt", "def r(): r()\nr()",
                 "import nosuch", "raise SystemExit", "%nosuch", "%%bash\nexit 7", "exec('1/0')"))]
)  # fmt: skip
def test_ends_as_in_a_kernel(shipped: Suite, tmp_path: Path, source: str) -> None:
    """A notebook that exits, is no Python, or interrupts itself stops where a kernel stops it."""
    one = case(notebook(tmp_path / "n.ipynb", "print(1)", source, "print(2)"), {}, suite=shipped)
    fork, kernel = both(shipped, tmp_path / "out", one)
    assert fork == kernel


@soak
def test_shipped_notebooks_as_in_a_kernel(shipped: Suite, tmp_path: Path) -> None:
    """Every case of the shipped plan has the same outputs in a fork and in a kernel."""
    for one in cases(ROOT / "notebooks" / "batch.toml", suite=shipped):
        fork, kernel = both(shipped, tmp_path, one)
        assert fork == kernel, one.name


def test_a_cell_that_fails_without_a_word() -> None:
    """Where a kernel loses what a failed cell said of it, as half a character, the case fails all the same."""
    cell = nbformat.v4.new_code_cell("assert 0, chr(0xd800)")
    sent: list[bytes] = []
    manager = execute._Manager(nbformat.v4.new_notebook(cells=[cell]), sent.append)
    manager.cell_start(cell)
    manager.cell_exception(cell)
    execute._tell(sent.append, "reads", [])
    made = execute.executed(sent, "")
    assert made.failure == "a cell failed and did not say why"
    assert "Execution stopped at this cell" in made.notebook


def test_half_a_character(shipped: Suite, tmp_path: Path) -> None:
    """A notebook that prints half a character leaves files that are UTF-8, with a question mark for it."""
    batch(shipped, tmp_path / "out", [notebook(tmp_path / "n.ipynb", "print(f'<{chr(0xd83d)}>')")])
    written = files(tmp_path / "out")
    assert "<?>" in written["n.ipynb"].decode("utf-8")
    assert "&lt;" in written["n.html"].decode("utf-8")


def test_a_shipped_notebook_as_in_a_kernel(shipped: Suite, tmp_path: Path) -> None:
    """The matrix of recommendations has the same outputs in a fork and in a kernel."""
    fork, kernel = both(shipped, tmp_path, case(NOTEBOOKS[1], {}, suite=shipped))
    assert fork == kernel


MISCHIEF = {
    "patches": "import pandas as pd\npd.DataFrame.__repr__ = lambda self: 'patched'\nlen = None",
    "folder": "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nos.umask(0)",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'C')\nimport os, time\nos.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()",
    "memory": "x = bytearray(200_000_000)",
    "modules": "import sys\nsys.modules['pandas'] = sys.modules['json'] = None\nsys.path.clear()",
    "descriptor": "import os\nos.write(1, b'{}' * 5000)\nos.write(2, b'x')\nos.closerange(3, 200)\nos.close(1)",
    "threads": "import threading, time\nthreading.Thread(target=lambda: time.sleep(600), daemon=False).start()",
    "environment": "import os\nos.environ.clear()\nos.environ['POLICYBOOK_CHARTS'] = 'live'",
    "signals": "import signal\nfor n in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(n, signal.SIG_IGN)",
    "limits": "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))",
    "files": "import tempfile, pathlib\npathlib.Path(tempfile.gettempdir(), 'left').write_text('x')",
    "programs": "import subprocess\nsubprocess.Popen(['sleep', '600'])\nsubprocess.Popen(['setsid', 'sleep', '601'])",
    "random": "import random, decimal\nrandom.seed(1)\ndecimal.getcontext().prec = 2",
    "suite": "import policybook as pb\nsuite = pb.open_suite()\nsuite.articles['id'] = 'x'\nsuite.book.values('actor').clear()",
    "options": "import pandas as pd, warnings\npd.set_option('display.max_rows', 2)\nwarnings.simplefilter('error')",
}

WITNESS = """
import locale, os, random, sys, tempfile, threading, time, warnings, decimal
import pandas as pd
import policybook as pb
print(os.getcwd(), sorted(os.environ.get(n, "") for n in ("TZ", "POLICYBOOK_CHARTS")), len([1]))
print(locale.setlocale(locale.LC_ALL), time.tzname, threading.active_count(), len(sys.path))
print(os.listdir(tempfile.gettempdir()), decimal.getcontext().prec, pd.get_option("display.max_rows"))
print(pd.DataFrame({"a": [1]}), list(pb.open_suite().articles["id"]), sys.modules["json"])
print(len(pb.open_suite().book.values("actor")), os.umask(0o22))
warnings.warn("only a word")
"""

CHART = 'pb.ladder(pb.open_suite().select(theme="sanctions"))'


def test_mischief_harms_only_itself(shipped: Suite, tmp_path: Path) -> None:
    """Whatever a notebook does to its process, the next one's notebook and page are as if alone, to the byte."""
    bad = [notebook(tmp_path / f"{name}.ipynb", source) for name, source in MISCHIEF.items()]
    good = [notebook(tmp_path / f"{name}-z.ipynb", WITNESS, CHART) for name in MISCHIEF]
    batch(shipped, tmp_path / "alone", good)
    alone = files(tmp_path / "alone")
    assert "mahmoud-2018" in texts(tmp_path / "alone" / "threads-z.ipynb")
    # Two run at a time: the next begins when one of the mischiefs before it has ended.
    pairs = zip(bad[1:], good, strict=False)
    mixed = [bad[0], *(path for pair in pairs for path in pair), good[-1]]
    batch(shipped, tmp_path / "out", mixed, replace(QUICK, workers=1))
    there = files(tmp_path / "out")
    for path in good:
        for name in (f"{path.stem}.ipynb", f"{path.stem}.html"):
            assert there[name] == alone[name], name


def test_nothing_of_a_notebook_lives_on(shipped: Suite, tmp_path: Path) -> None:
    """Programs that a notebook started and left behind, however they hid, end with it."""
    source = "import subprocess\nfor c in (['sleep', '4321'], ['setsid', 'sleep', '4321']):\n    subprocess.Popen(c)"
    daemon = "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execlp('sleep', 'sleep', '4321')\n    os._exit(0)"
    batch(shipped, tmp_path / "out", [notebook(tmp_path / "n.ipynb", source, daemon)])
    listed = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=True
    ).stdout
    assert "sleep 4321" not in listed.splitlines()


def state() -> tuple[object, ...]:
    """Return the open files, the children, the folder, the environment, and whether orphans come here."""
    gc.collect()  # files that other tests left to be closed are theirs
    opened = sorted(p.name for p in Path("/proc/self/fd").iterdir())
    orphans = processes.adopts_orphans()
    return opened, processes.children(), Path.cwd(), dict(os.environ), orphans


def test_a_batch_leaves_the_parent_as_it_was(shipped: Suite, tmp_path: Path) -> None:
    """A batch leaves no file, folder or process open in the process that ran it."""
    one = notebook(tmp_path / "n.ipynb", "print(1)")
    batch(shipped, tmp_path / "warm", [one])
    before = state()
    batch(shipped, tmp_path / "out", [one])
    assert state() == before
    assert "n.html" in files(tmp_path / "out")
