"""What a case can do to itself, and what a person can do to a batch: told, bounded, and nobody else's loss."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from batches import QUICK, batch, files, manifest, notebook, reasons, soak, texts
from policybook.batch import files as writing
from policybook.batch.draw import LIVES, Drawing
from policybook.batch.forks import Children, Limits
from policybook.batch.plan import case
from policybook.problems import PolicybookError
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
TIGHT = replace(QUICK, case_seconds=6.0, case_memory=400e6)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

DEAF = (
    "import signal, time\nfor n in (signal.SIGINT, signal.SIGTERM):\n"
    "    signal.signal(n, signal.SIG_IGN)\nwhile True:\n    time.sleep(1)"
)
FAULTS = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "hangs": ("import time\ntime.sleep(600)", "stopped: it ran longer than 6 seconds"),
    "deaf": (DEAF, "stopped: it ran longer than 6 seconds"),
    "killed": ("import os\nos.kill(os.getpid(), 9)", "its process was killed by SIGKILL"),
    "exits": ("import sys\nsys.exit(3)", "SystemExit: 3"),
    "gone": ("import os\nos._exit(0)", "its process ended with exit code 0"),
    "eats": (
        "x = []\nwhile True:\n    x.append(bytearray(5 * 10**7))",
        "stopped: it needed more than 400 MB of memory",
    ),
    "fed": (
        "!python -c 'x = bytearray(10**9); import time; time.sleep(60)'",
        "stopped: it needed more than 400 MB of memory",
    ),
    "crashes": ("import ctypes\nctypes.string_at(0)", "its process was killed by SIGSEGV"),
}


def test_every_fault_has_its_reason(shipped: Suite, tmp_path: Path) -> None:
    """A case that raises, hangs, dies, exits or eats memory says so, and costs no other anything."""
    bad = [notebook(tmp_path / f"{name}.ipynb", "print('before')", source, "print('after')")
           for name, (source, _) in FAULTS.items()]  # fmt: skip
    good = [notebook(tmp_path / f"good-{n}.ipynb", f"print({n})") for n in range(4)]
    out = tmp_path / "out"
    result = batch(shipped, out, [*bad, *good], TIGHT)
    assert reasons(result) == {name: reason for name, (_, reason) in FAULTS.items()}
    assert sorted(p.stem for p in out.glob("*.html")) == [
        "good-0",
        "good-1",
        "good-2",
        "good-3",
        "index",
    ]
    told = {line["case"]: (line["status"], line["reason"]) for line in manifest(out)}
    assert told["deaf"] == ("failed", FAULTS["deaf"][1])
    for name in FAULTS:
        shown = texts(out / f"{name}.ipynb")
        assert "before" in shown
        assert "after" not in shown
        kept = (out / f"{name}.ipynb").read_text("utf-8")
        assert kept.index("Execution stopped at this cell") < kept.index(
            FAULTS[name][0].split("\n")[-1].strip()[:9]
        )


def test_no_page_of_an_earlier_run_stays(shipped: Suite, tmp_path: Path) -> None:
    """Where a case fails that had a page, the old page goes."""
    path = notebook(tmp_path / "n.ipynb", "print(1)")
    batch(shipped, tmp_path / "out", [path])
    assert (tmp_path / "out" / "n.html").exists()
    notebook(tmp_path / "n.ipynb", "1 / 0")
    batch(shipped, tmp_path / "out", [path])
    assert not (tmp_path / "out" / "n.html").exists()


def test_time_of_the_whole_run(shipped: Suite, tmp_path: Path) -> None:
    """When the time of the whole run is over, what is not made says so, and the next call makes it."""
    quick = notebook(tmp_path / "quick.ipynb", "print(1)")
    slow = notebook(tmp_path / "slow.ipynb", "import time\ntime.sleep(600)")
    result = batch(shipped, tmp_path / "out", [quick, slow], replace(QUICK, run_seconds=4))
    assert reasons(result) == {"slow": "not made within the 4 seconds of the whole run"}


def test_a_page_that_dies_is_tried_again(
    shipped: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose process was killed from outside is made again, three times at most."""
    from policybook.batch import deliver

    counter = tmp_path / "tries"
    true = deliver.in_child

    def dies(*arguments: object) -> bytes:
        with counter.open("a") as file:
            file.write("x")
        if len(counter.read_text()) < 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return true(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(deliver, "in_child", dies)
    result = batch(shipped, tmp_path / "out", [notebook(tmp_path / "n.ipynb", "print(1)")])
    assert result.failed == []
    assert result.outcomes[0].attempts == 3
    counter.write_text("")
    monkeypatch.setattr(deliver, "in_child", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    result = batch(shipped, tmp_path / "again", [notebook(tmp_path / "n.ipynb", "print(1)")])
    assert reasons(result) == {"n": "its page could not be made: its process was killed by SIGKILL"}


def test_a_page_that_cannot_be_made_is_not_tried_again(
    shipped: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that an error stops is told with the error, once; the old page goes, the notebook stays."""
    from policybook.batch import deliver

    def cannot(*_: object) -> str:
        raise ValueError("no ink")

    path, out = notebook(tmp_path / "n.ipynb", "print(1)"), tmp_path / "out"
    batch(shipped, out, [path])
    notebook(path, "print(2)")
    monkeypatch.setattr(deliver.briefing, "page", cannot)
    result = batch(shipped, out, [path])
    assert reasons(result) == {"n": "its page could not be made: ValueError: no ink"}
    assert result.outcomes[0].attempts == 1
    assert texts(out / "n.ipynb").strip() == "2"
    assert list(manifest(out)[0]["outputs"]) == ["n.ipynb"]
    assert not (out / "n.html").exists()


def test_a_chart_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart whose drawing hangs or eats memory is left to its page, and no other waits for it long."""

    def draw(spec: str, *, live: bool) -> tuple[str, str]:
        assert not live
        eaten = bytearray(10**9 if spec == "eats" else 1)
        time.sleep(0 if spec.startswith("fine") else 600)
        return "drawn", str(len(eaten))

    monkeypatch.setattr("policybook.briefing.pictures.draw", draw)
    children, told = Children(), dict[str, bool]()
    drawing = Drawing(children, 1, limits=Limits(seconds=0.5, memory=200e6), live=False)
    specs = [
        "eats",
        "fine",
        *(f"{name}{n}" for n in range(LIVES + 1) for name in ("hangs", "fine")),
    ]
    for spec in specs:
        drawing.ask(spec, lambda one, picture, _: told.update({one: bool(picture)}))
    ends = time.monotonic() + 60
    while len(told) < len(specs) and time.monotonic() < ends:
        drawing.look_after()
        list(children.wait())
    drawing.stop()
    children.close()
    assert told == {spec: spec.startswith("fine") for spec in specs}


@pytest.mark.parametrize("number", [28, 13])
def test_disk_full(
    shipped: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Where nothing can be written any more the batch stops, says so, and leaves no half file."""
    paths = [notebook(tmp_path / f"n{n}.ipynb", f"print({n})") for n in range(3)]
    true = os.fsync

    def full(handle: int) -> None:
        name = str(Path(f"/proc/self/fd/{handle}").readlink())
        if name.endswith(".part") and "/out/" in name:
            try:
                (tmp_path / "first").touch(exist_ok=False)
            except FileExistsError:
                (tmp_path / "second").touch()
                time.sleep(60)  # stopped while it writes
            while not (tmp_path / "second").exists():
                time.sleep(0.01)
            raise OSError(number, os.strerror(number))
        true(handle)

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(PolicybookError, match="cannot be written to") as caught:
        batch(shipped, tmp_path / "out", paths)
    assert "Everything delivered so far is kept" in str(caught.value)
    assert list(files(tmp_path / "out")) == []
    monkeypatch.undo()
    assert batch(shipped, tmp_path / "out", paths).failed == []


def test_second_batch_says_who_holds_the_folder(shipped: Suite, tmp_path: Path) -> None:
    """Two batches into one folder: the second names the process that holds it, and touches nothing."""
    from policybook.batch import lock

    out = tmp_path / "out"
    with lock.held(out), pytest.raises(PolicybookError, match=f"process {os.getpid()} on "):
        batch(shipped, out, [notebook(tmp_path / "n.ipynb", "print(1)")])
    assert list(files(out)) == []
    batch(shipped, out, [notebook(tmp_path / "n.ipynb", "print(1)")])
    assert "n.html" in files(out)


def plan(folder: Path, cases: int, source: str = "import time; time.sleep(0.3)") -> Path:
    """Write a suite's folder with a plan of some cases of one notebook."""
    for name in ("recommendations.csv", "codebook.toml", "seeds", "codings"):
        (folder / name).symlink_to(ROOT / name)
    notebook(folder / "n.ipynb", source, "print(number)", parameters="number: int = 0  # which")
    numbers = ", ".join(map(str, range(cases)))
    (folder / "plan.toml").write_text(
        f'[[notebook]]\nfile = "n.ipynb"\neach = {{ number = [{numbers}] }}\n'
    )
    return folder / "plan.toml"


def started(plan_: Path, out: Path | str, *more: str) -> subprocess.Popen[str]:
    """Start a batch as a person does."""
    command = [sys.executable, "-m", "policybook.cli", "batch", str(plan_), "--suite", str(plan_.parent),
               "--out", str(out), "--json", *more]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_interrupted_once_and_twice(tmp_path: Path) -> None:
    """Ctrl-C once lets running cases end, twice stops at once; both keep what is delivered and exit 130."""
    (tmp_path / "suite").mkdir()
    free = tmp_path / "free"  # all cases but the first run until this is there
    made = plan(
        tmp_path / "suite", 6,
        f"import os, time\nwhile number and not os.path.exists({str(free)!r}):\n    time.sleep(0.02)",
    )  # fmt: skip
    for twice, out in ((False, tmp_path / "once"), (True, tmp_path / "twice")):
        free.unlink(missing_ok=True)
        process = started(made, out)
        assert process.stdout is not None
        process.stdout.readline()  # the first case is delivered
        process.send_signal(signal.SIGINT)
        if twice:
            interrupted_until_it_ends(process)
        free.touch()
        _, problems = process.communicate(timeout=120)
        assert process.returncode == 130, problems
        pages = {p.stem for p in out.glob("*.html")}
        assert len(pages) == 1 if twice else 1 < len(pages) < 6
        assert [line["case"] for line in manifest(out)] == sorted(pages)
        again = started(made, out)
        told, problems = again.communicate(timeout=120)
        assert again.returncode == 0, problems
        assert told.count('"status": "unchanged"') == len(pages)
    assert files(tmp_path / "once") == files(tmp_path / "twice")


def interrupted_until_it_ends(process: subprocess.Popen[str]) -> None:
    """Send Ctrl-C again: the system makes one of two that come before a busy process looks."""
    for _ in range(200):
        if process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)


def killed_at_random(tmp_path: Path, times: int, cases: int) -> None:
    """Kill a batch again and again, go on each time, and compare its end with an undisturbed run's."""
    import random

    (tmp_path / "suite").mkdir()
    made = plan(tmp_path / "suite", cases, "import random")
    undisturbed = started(made, tmp_path / "undisturbed")
    undisturbed.communicate(timeout=300)
    dice, out = random.Random(7), tmp_path / "out"  # noqa: S311
    kills = 0
    while kills < times:
        process = started(made, out, *(["--force"] if kills % 10 == 9 else []))
        try:
            process.communicate(timeout=dice.uniform(0.5, 6.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
        else:
            for path in out.glob("n--*"):  # it was done: begin anew
                if dice.random() < 0.7:
                    path.unlink()
            kills += 1
    last = started(made, out)
    _, problems = last.communicate(timeout=300)
    assert last.returncode == 0, problems
    assert files(out) == files(tmp_path / "undisturbed")


def test_killed_and_resumed(tmp_path: Path) -> None:
    """After kill -9 the next call goes on, and its end is that of an undisturbed run, byte for byte."""
    killed_at_random(tmp_path, 2, 6)


@soak
def test_killed_thirty_times(tmp_path: Path) -> None:
    """Thirty times kill -9 at random moments, and the end is that of an undisturbed run, byte for byte."""
    killed_at_random(tmp_path, 30, 60)


@soak
def test_two_hundred_cases_with_faults(shipped: Suite, tmp_path: Path) -> None:
    """Of 200 cases ten raise, five hang, five kill themselves, five eat memory: 175 pages, 25 reasons."""
    kinds = ["raises"] * 10 + ["hangs"] * 5 + ["killed"] * 5 + ["eats"] * 5
    paths = [
        notebook(tmp_path / f"{kind}-{n}.ipynb", "print(1)", FAULTS[kind][0])
        for n, kind in enumerate(kinds)
    ]
    good = [notebook(tmp_path / f"good-{n}.ipynb", f"print({n})") for n in range(175)]
    mixed = [case(path, {}, suite=shipped) for path in good]
    for n, path in enumerate(paths):
        mixed.insert(n * 8, case(path, {}, suite=shipped))
    result = batch(shipped, tmp_path / "out", mixed, replace(TIGHT, case_seconds=10.0))
    wanted = {
        f"{kind}-{n}": FAULTS[kind][1].replace("6 seconds", "10 seconds")
        for n, kind in enumerate(kinds)
    }
    assert reasons(result) == wanted
    assert len(list((tmp_path / "out").glob("good-*.html"))) == 175
