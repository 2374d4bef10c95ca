"""A batch whose output folder is in a store: the same files, atomic, resumable, for one at a time."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batches import QUICK, batch, files, notebook, soak
from policybook.batch.plan import Case, case
from policybook.batch.rerun import Result, rerun
from policybook.batch.run import Outcome
from policybook.problems import PolicybookError
from policybook.suite import Suite
from test_batch_faults import plan, started

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A server that speaks S3, and a client of it."""
    import boto3

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    patch = pytest.MonkeyPatch()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
    }.items():  # fmt: skip
        patch.setenv(name, value)
    client = boto3.client("s3")
    while True:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert server.poll() is None
        time.sleep(0.1)
    client.create_bucket(Bucket="desk")
    yield client
    client.close()
    patch.undo()
    server.kill()
    server.wait()


def stored(s3: Any, folder: str) -> dict[str, bytes]:
    """Return every object below a folder."""
    found = s3.list_objects_v2(Bucket="desk", Prefix=f"{folder}/").get("Contents", [])
    return {
        one["Key"].removeprefix(f"{folder}/"): s3.get_object(Bucket="desk", Key=one["Key"])["Body"].read()
        for one in found
    }  # fmt: skip


def shown(objects: dict[str, bytes]) -> dict[str, bytes]:
    """Return what readers see of a store."""
    return {n: d for n, d in objects.items() if not n.startswith(".") and n != "run.jsonl"}


def to_store(suite: Suite, url: str, cases: list[Case]) -> Result:
    """Make a batch in a store."""
    return rerun(cases, suite=suite, out=url, settings=QUICK)


def test_a_store_holds_what_a_folder_would(s3: Any, shipped: Suite, tmp_path: Path) -> None:
    """A batch leaves in S3 the bytes it leaves in a folder; a second makes only what was touched."""
    paths = [notebook(tmp_path / f"n{n}.ipynb", f"print({n})") for n in range(3)]
    cases = [case(path, {}, suite=shipped) for path in paths]
    cases.append(case(notebook(tmp_path / "bad.ipynb", "1 / 0"), {}, suite=shipped))
    batch(shipped, tmp_path / "out", cases)
    assert len(to_store(shipped, "s3://desk/a", cases).failed) == 1
    assert shown(stored(s3, "a")) == files(tmp_path / "out")
    hidden = {name for name in stored(s3, "a") if name.startswith(".")}
    assert hidden == {".policybook/state.json", ".policybook/marks.json"}
    s3.put_object(Bucket="desk", Key="a/n1.html", Body=b"touched")
    again = to_store(shipped, "s3://desk/a", cases)
    assert [o.case.name for o in again.outcomes if not o.unchanged] == ["n1", "bad"]
    assert shown(stored(s3, "a")) == files(tmp_path / "out")


def test_goes_on_from_the_store_alone(s3: Any, shipped: Suite, tmp_path: Path) -> None:
    """A batch that was cut short goes on from what the store holds, and ends as an undisturbed one."""
    paths = [notebook(tmp_path / f"n{n}.ipynb", f"print({n})") for n in range(5)]
    cases = [case(path, {}, suite=shipped) for path in paths]
    seen: list[Outcome] = []

    def cut(outcome: Outcome) -> None:
        """End the batch as it hears of the third case."""
        seen.append(outcome)
        if len(seen) == 3:
            while len([n for n in stored(s3, "d") if n.startswith(".policybook/cases/")]) < 3:
                time.sleep(0.02)
            raise EOFError

    with pytest.raises(EOFError):
        rerun(cases, suite=shipped, out="s3://desk/d", settings=QUICK, tell=cut)
    assert "manifest.jsonl" not in stored(s3, "d")
    again = to_store(shipped, "s3://desk/d", cases)
    known = {outcome.case.name for outcome in seen}
    assert {o.case.name for o in again.outcomes if o.unchanged} == known
    batch(shipped, tmp_path / "out", cases)
    assert shown(stored(s3, "d")) == files(tmp_path / "out")


@soak
def test_killed_and_resumed_in_a_store(s3: Any, tmp_path: Path) -> None:
    """After kill -9 the next call goes on from the store alone, and ends as an undisturbed run would."""
    (tmp_path / "suite").mkdir()
    made = plan(tmp_path / "suite", 8)
    process = started(made, "s3://desk/b")
    while not [name for name in stored(s3, "b") if name.startswith(".policybook/cases/")]:
        time.sleep(0.05)
        assert process.poll() is None
    process.kill()
    process.communicate()
    left = stored(s3, "b")
    assert "manifest.jsonl" not in left
    delivered = [json.loads(d) for n, d in left.items() if n.startswith(".policybook/cases/")]
    again = started(made, "s3://desk/b")
    told, problems = again.communicate(timeout=120)
    assert again.returncode == 0, problems
    assert told.count('"status": "unchanged"') >= len(delivered) > 0
    started(made, tmp_path / "out").communicate(timeout=120)
    assert shown(stored(s3, "b")) == files(tmp_path / "out")


def test_a_store_is_for_one_batch_at_a_time(s3: Any, shipped: Suite, tmp_path: Path) -> None:
    """The second batch into a store names who holds it; a lock whose time is over holds nobody up."""
    cases = [case(notebook(tmp_path / "n.ipynb", "print(1)"), {}, suite=shipped)]
    held = {"by": "process 7 on elsewhere", "host": "elsewhere", "process": 7}
    for until, free in ((time.time() + 50, False), (time.time() - 1, True)):
        body = json.dumps({**held, "until": until}).encode()
        s3.put_object(Bucket="desk", Key="c/.policybook/lock", Body=body)
        if free:
            assert to_store(shipped, "s3://desk/c", cases).failed == []
        else:
            with pytest.raises(PolicybookError, match="process 7 on elsewhere"):
                to_store(shipped, "s3://desk/c", cases)
            assert set(stored(s3, "c")) == {".policybook/lock"}


def test_any_other_place(shipped: Suite, tmp_path: Path) -> None:
    """What fsspec knows can hold a batch: here a folder by its URL, with no half file in it."""
    cases = [case(notebook(tmp_path / "n.ipynb", "print(1)"), {}, suite=shipped)]
    batch(shipped, tmp_path / "out", cases)
    to_store(shipped, f"file://{tmp_path}/store", cases)
    assert files(tmp_path / "store") == files(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    assert all(o.unchanged for o in to_store(shipped, f"file://{tmp_path}/store", cases).outcomes)


@pytest.mark.parametrize("url", ["s3://nobody/x", "nonsense://x/y"])
def test_a_store_that_is_not_there(s3: Any, shipped: Suite, tmp_path: Path, url: str) -> None:
    """A bucket or a protocol that does not exist is named, with what to do, and nothing is made."""
    assert s3
    cases = [case(notebook(tmp_path / "n.ipynb", "print(1)"), {}, suite=shipped)]
    with pytest.raises(PolicybookError, match="cannot be used") as caught:
        to_store(shipped, url, cases)
    assert url in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["n.ipynb"]


@soak
def test_from_a_cluster_into_a_store(s3: Any, tmp_path: Path) -> None:
    """What other machines make goes to a store as what this machine makes, byte for byte."""
    (tmp_path / "suite").mkdir()
    made = plan(tmp_path / "suite", 6, "import random")
    command = [sys.executable, str(Path(__file__).parent / "clusters.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        address = one.stdout.readline().strip()
        there = started(made, "s3://desk/e", "--cluster", address)
        _, problems = there.communicate(timeout=120)
    assert there.returncode == 0, problems
    started(made, tmp_path / "out").communicate(timeout=120)
    assert shown(stored(s3, "e")) == files(tmp_path / "out")
