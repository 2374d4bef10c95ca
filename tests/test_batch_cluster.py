"""The same cases on a Dask cluster: the same bytes, and a worker that is lost is only a worker."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from batches import QUICK, batch, files, made, notebook, soak
from policybook.batch import parcel, station
from policybook.batch.plan import case, cases
from policybook.problems import PolicybookError
from policybook.suite import Suite, open_suite
from test_batch_engine import MISCHIEF, WITNESS
from test_batch_faults import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

FATAL = """
import os, pathlib, time
mark = pathlib.Path({mark!r})
if not mark.exists():
    worker = pathlib.Path(f"/proc/{{os.getppid()}}/stat").read_text().split(")")[1].split()[1]
    mark.with_suffix(".part").write_text(f"{{worker}} {{os.getppid()}} {{os.getpid()}}")
    mark.with_suffix(".part").rename(mark)
    time.sleep(600)
print("made")
"""
"""A notebook that tells which worker runs it and waits; where somebody has told, it just runs."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a cluster of two workers."""
    command = [sys.executable, str(Path(__file__).parent / "clusters.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        yield one.stdout.readline().strip()


def plan(folder: Path, **sources: str) -> Path:
    """Write a suite's folder with a plan of notebooks, and one that is shipped."""
    folder.mkdir(parents=True)
    for name in ("recommendations.csv", "codebook.toml", "seeds", "codings"):
        (folder / name).symlink_to(ROOT / name)
    shipped = "notebooks/06-one-theme-in-full"  # whose page tells of the notebook
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / f"{shipped}.ipynb", folder / "notebooks")
    for name, source in sources.items():
        notebook(folder / f"{name}.ipynb", source)
    lines = (f'[[notebook]]\nfile = "{name}.ipynb"\n' for name in (*sources, shipped))
    (folder / "plan.toml").write_text("\n".join(lines))
    return folder / "plan.toml"


def called(plan_: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Make a batch as a person does."""
    command = [sys.executable, "-m", "policybook.cli", "batch", str(plan_), "--suite", str(plan_.parent),
               "--out", str(out), *more]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def kill_whoever(mark: Path, killed: list[int]) -> None:
    """Kill the worker that a notebook tells of, and keep all numbers that it told."""
    for _ in range(600):
        if mark.exists():
            killed += map(int, mark.read_text().split())
            os.kill(killed[0], signal.SIGKILL)
            return
        time.sleep(0.05)


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what a batch said at its end, without the lines of progress that a slow one prints."""
    return [line for line in done.stderr.splitlines() if not re.match(r"\d+ of \d+: ", line)]


def lives(process: int) -> bool:
    """Tell whether a process runs; one that has ended may stay listed until somebody waits for it."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.fixture(scope="module")
def both(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same plan made here and on a cluster that loses a worker meanwhile."""
    folder, killed = tmp_path_factory.mktemp("cluster"), list[int]()
    mark = folder / "mark"
    planned = plan(
        folder / "suite", fatal=FATAL.format(mark=str(mark)), raises="1 / 0",
        vandal=MISCHIEF["modules"], witness="import pandas, json\nprint(pandas.DataFrame({'a': [1]}))",
    )  # fmt: skip
    mark.touch()
    here = called(planned, folder / "here")
    mark.unlink()
    killer = threading.Thread(target=kill_whoever, args=(mark, killed))
    killer.start()
    there = called(planned, folder / "there", "--cluster", address)
    killer.join()
    return {"folder": folder, "killed": killed, "here": here, "there": there}


def test_a_cluster_makes_the_same(both: dict[str, Any]) -> None:
    """Notebooks, pages, index and manifest from a cluster are those of this machine, byte for byte."""
    assert (both["here"].returncode, both["there"].returncode) == (1, 1), both["there"].stderr
    assert told(both["there"]) == told(both["here"])  # the case that raises, and nothing else
    here, there = files(both["folder"] / "here"), files(both["folder"] / "there")
    assert len(here) == 2 + 5 + 4
    assert there == here


def test_a_lost_worker_costs_a_retry(both: dict[str, Any]) -> None:
    """A worker killed in the middle of a case takes its station and notebook along; the case is made."""
    assert "fatal.html" in files(both["folder"] / "there")
    assert len(both["killed"]) == 3
    ends = time.monotonic() + 20
    while (living := list(filter(lives, both["killed"]))) and time.monotonic() < ends:
        time.sleep(0.1)
    assert living == []


def test_nothing_changed_nothing_asked(both: dict[str, Any]) -> None:
    """What a cluster made is unchanged here: the next call makes only what failed, with no cluster."""
    plan_ = both["folder"] / "suite" / "plan.toml"
    suite = open_suite(plan_.parent)
    batch(suite, both["folder"] / "there", cases(plan_, suite=suite))
    assert made(both["folder"] / "there") == ["raises"]


@pytest.mark.parametrize(
    ("address", "words"),
    [("tcp://127.0.0.1:1", "no scheduler answers"), ("here", "no address of a scheduler")],
)
def test_nobody_answers(shipped: Suite, tmp_path: Path, address: str, words: str) -> None:
    """An address at which nobody answers, or that is none, is told in seconds, with what to do."""
    began = time.monotonic()
    with pytest.raises(PolicybookError, match=words):
        batch(shipped, tmp_path / "out", [notebook(tmp_path / "n.ipynb", "1")], replace(QUICK, cluster=address))  # fmt: skip
    assert time.monotonic() - began < 5
    assert list(files(tmp_path / "out")) == []


def test_another_suite_or_version_is_refused(
    shipped: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that holds another state of the suite, or other versions, makes nothing and says why."""
    planned = [case(notebook(tmp_path / "n.ipynb", "1"), {}, suite=shipped)]
    for state, words in (("x", "got another suite"), (shipped.fingerprint(), "")):
        made_ = parcel.packed(shipped, planned, replace(QUICK, cluster="tcp://a:1"), state=state)
        folder = parcel.unpacked(made_, tmp_path / (state[:1] + "parcel"))
        if words:
            with pytest.raises(PolicybookError, match=words):
                station._opened(folder)
    suite, settings = station._opened(folder)
    assert (suite.fingerprint(), settings) == (shipped.fingerprint(), QUICK)
    monkeypatch.setattr("policybook.batch.changes.environment", lambda: "other")
    with pytest.raises(PolicybookError, match="has other versions"):
        station._opened(folder)


@soak
def test_mischief_on_a_worker(address: str, tmp_path: Path) -> None:
    """Whatever a notebook does to its process on a worker, the bytes of all others are those made here."""
    sources = {f"{name}{end}": source for name, bad in MISCHIEF.items() for end, source in (("-a", bad), ("-z", WITNESS))}  # fmt: skip
    for own in ("os.getcwd()", "len(sys.path)"):  # what a worker was started with is its own
        sources = {name: source.replace(own, "''") for name, source in sources.items()}
    planned = plan(tmp_path / "suite", **sources)
    here = called(planned, tmp_path / "here", "--workers", "1")
    there = called(planned, tmp_path / "there", "--cluster", address)
    # One mischief closes the line by which its own case would be told of.
    lost = [[line for line in one.stderr.splitlines() if line.startswith("failed")] for one in (here, there)]  # fmt: skip
    assert lost[0] == lost[1] == ["failed  descriptor-a  its process ended with exit code 1"]
    mine, theirs = files(tmp_path / "here"), files(tmp_path / "there")
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] != theirs[name]] == []


@soak
def test_a_station_that_is_killed(address: str, tmp_path: Path) -> None:
    """A notebook that kills the process above it is tried three times and costs no other case anything."""
    kills = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time; time.sleep(5)"
    planned = plan(tmp_path / "suite", kills=kills, plain="print(1)")
    there = called(planned, tmp_path / "there", "--cluster", address)
    assert there.returncode == 1
    assert "its worker was lost 3 times" in there.stderr
    assert "plain.html" in files(tmp_path / "there")


@soak
def test_interrupted_on_a_cluster(address: str, tmp_path: Path) -> None:
    """Ctrl-C lets what was asked for end, and the next call goes on to the same end as undisturbed."""
    sources = {f"n{n}": f"import time; time.sleep(0.3)\nprint({n})" for n in range(20)}
    planned = plan(tmp_path / "suite", **sources)
    command = [sys.executable, "-m", "policybook.cli", "batch", str(planned), "--suite", str(planned.parent),
               "--out", str(tmp_path / "out"), "--cluster", address, "--json"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    assert process.returncode == 130
    assert 1 <= len(list((tmp_path / "out").glob("*.html"))) < 20
    assert called(planned, tmp_path / "out", "--cluster", address).returncode == 0
    assert called(planned, tmp_path / "full").returncode == 0
    assert files(tmp_path / "out") == files(tmp_path / "full")
