"""What a person or a program is told of a batch while it runs and when it has ended."""

import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from batches import QUICK, notebook
from policybook.batch import report
from policybook.batch.plan import Case, case
from policybook.batch.report import Progress, run_with_progress
from policybook.batch.run import Outcome
from policybook.problems import Problem
from policybook.suite import Suite

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
COUNTED = "1 made, 8 unchanged, 1 failed, 0.2 a second, 00:50 left"
"""Ten seconds after the beginning of twenty cases: two were made or failed, and ten are left."""


class Terminal(io.StringIO):
    """A place to write that is a terminal, or not."""

    def __init__(self, *, real: bool) -> None:
        """Keep what it is."""
        super().__init__()
        self.real = real

    def isatty(self) -> bool:
        """Tell whether it is one."""
        return self.real


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function that tells of ten of twenty cases in one way and returns what was written."""
    monkeypatch.setattr(report, "EVERY", 0.0)
    monkeypatch.setattr(report, "PATIENTLY", 0.0)
    one = Case("n", Path("n.ipynb"), {}, ())
    outcomes = [Outcome(one, Path("n.html"), unchanged=True)] * 8
    outcomes += [Outcome(one, Path("n.html")), Outcome(one, Path("n.html"), "no")]

    def tell(how: str) -> str:
        terminal = Terminal(real=how == "bar")
        with monkeypatch.context() as patch:
            patch.setattr("sys.stderr", terminal)
            progress = Progress(20, how)
            progress.began = time.monotonic() - 10
            for outcome in outcomes:
                progress(outcome)
            progress.close()
        return terminal.getvalue()

    return tell


def test_the_bar(told: Callable[[str], str]) -> None:
    """A terminal shows a bar: how many are done, unchanged and failed, how fast, and what is left."""
    shown = told("bar").split("\r")
    assert any("50%|" in frame and "10/20" in frame and COUNTED in frame for frame in shown)
    assert not shown[-1].strip()  # it is taken away in the end


def test_lines_without_a_terminal(told: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Where there is no terminal a plain line says the same, and not more often than every ten seconds."""
    lines = told("lines").splitlines()
    assert lines[-1] == f"10 of 20: {COUNTED}"
    assert len(lines) == 10
    monkeypatch.setattr(report, "EVERY", 9.0)
    assert len(told("lines").splitlines()) == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_the_end(
    shipped: Suite, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    """A batch ends with 1 and a table of what failed and was left out; a machine gets a line an event."""
    good, bad = notebook(tmp_path / "good.ipynb", "1"), notebook(tmp_path / "bad.ipynb", "1 / 0")
    cases = [case(path, {}, suite=shipped) for path in (good, bad)]
    left_out = Problem("plan.toml", 3, "theme", "plan", "is no theme", (), "Correct it.")
    out, reason = tmp_path / "out", "ZeroDivisionError: division by zero"
    code = run_with_progress(cases, suite=shipped, out=out, settings=QUICK, skipped=[left_out],
                             as_json=as_json)  # fmt: skip
    said, table = capsys.readouterr()
    assert code == 1
    if not as_json:
        assert table.startswith(f"failed  bad  {reason}\nskipped  plan.toml:3:theme  is no theme")
        assert said == f"1 briefing in {out}\nOpen {out}/index.html\n"
        return
    events = [json.loads(line) for line in said.splitlines()]
    assert sorted((e["case"], e["status"], e["reason"]) for e in events[:-1]) == [
        ("bad", "failed", reason), ("good", "delivered", ""),
    ]  # fmt: skip
    assert events[-1] == {
        "event": "end", "made": 1, "unchanged": 0, "failed": 1, "skipped": 1, "stopped": False,
        "index": f"{out}/index.html",
    }  # fmt: skip
