"""What `pending` promises: a change of several files that was cut off anywhere can be gone on with."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from policybook import editing, pending
from policybook.cli import main
from policybook.problems import SuiteError

ROOT = Path(__file__).parent.parent

KILLED = """
import os, sys
from pathlib import Path
from policybook.cli import main
left = [int(sys.argv[1])]
real = Path.replace
def replace(self, target):
    if not left[0]:
        os._exit(9)  # as a machine that stops: nothing is tidied up
    left[0] -= 1
    return real(self, target)
Path.replace = replace
main(sys.argv[2:])
"""

CALL = (
    "recode",
    "rename",
    "instrument.exclude_haftar",
    "--into",
    "without_haftar",
    "--date",
    "2026-12-01",
)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Lay out the shipped suite, to be changed."""
    folder = tmp_path / "suite"
    for part in ("seeds", "codings", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def held(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_a_change_of_codes_that_was_cut_off(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], steps: int
) -> None:
    """Killed between any two files, the suite says so, and is finished to what it would have been."""
    whole = Path(shutil.copytree(suite, tmp_path / "whole"))
    before = held(suite)
    assert main([*CALL, "--apply", "--suite", str(whole)]) == 0
    command = [sys.executable, "-c", KILLED, str(steps), *CALL, "--apply", "--suite", str(suite)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 9
    after = held(suite)
    assert sum(before[name] != after[name] for name in before) == steps
    capsys.readouterr()
    for verb in (["check"], [*CALL], ["recode", "--undo"]):
        assert main([*verb, "--suite", str(suite)]) == 1
        assert "--finish puts the rest" in "".join(capsys.readouterr())
    assert main(["recode", "--finish", "--suite", str(suite)]) == 0
    assert "codebook.toml" in capsys.readouterr().out
    assert held(suite) == held(whole)
    assert main(["recode", "--finish", "--suite", str(suite)]) == 1


def cut_off(folder: Path, **other: str) -> None:
    """Leave a note of one file that is to become another, or of what else is given."""
    (folder / "a").write_bytes(b"before")
    (folder / ".a-made").write_bytes(b"after")
    move = pending.Move("a", ".a-made", sha256(b"before"), sha256(b"after"))
    entry = {name: getattr(move, name) for name in move.__slots__} | other
    (folder / pending.FILE).write_text(json.dumps([entry]), "utf-8")


def test_what_was_moved_already(tmp_path: Path) -> None:
    """A file in place stays, one that is to go goes, and the note goes last."""
    cut_off(tmp_path)
    assert pending.finish(tmp_path) == ["a"]
    assert held(tmp_path) == {"a": b"after"}
    cut_off(tmp_path, made="", after="")
    (tmp_path / ".a-made").unlink()
    assert pending.finish(tmp_path) == ["a"]
    assert held(tmp_path) == {}


@pytest.mark.parametrize(
    "other",
    [
        {"file": "../a"},
        {"file": "OUTSIDE/a"},
        {"file": "b\\..\\a"},
        {"file": ""},
        {"made": "../.a-made"},
        {"made": "recommendations.csv"},
        {"made": ""},
        {"after": ""},
        {"before": sha256(b"another")},
        {"after": sha256(b"another")},
        {"more": "x"},
    ],
    ids=str,
)
def test_a_note_that_moves_nothing(tmp_path: Path, other: dict[str, str]) -> None:
    """What leads out of the suite, or is not to the byte what the note says, is not moved."""
    folder = tmp_path / "suite"
    folder.mkdir()
    cut_off(tmp_path)
    cut_off(folder, **{name: s.replace("OUTSIDE", str(tmp_path)) for name, s in other.items()})
    before = held(tmp_path)
    with pytest.raises(SuiteError, match="nothing was moved"):
        pending.finish(folder)
    assert held(tmp_path) == before


@pytest.mark.parametrize("text", ["{}]", "[1]", '[{"file": 1}]', "\0]", '"]'])
def test_a_note_that_is_none(tmp_path: Path, text: str) -> None:
    """A note that is no list of moves is refused in words."""
    (tmp_path / pending.FILE).write_text(text, "utf-8")
    with pytest.raises(SuiteError, match="is no note of a change"):
        pending.finish(tmp_path)


def test_a_note_that_was_cut_off_itself(tmp_path: Path) -> None:
    """Where not even the note is whole, nothing was moved yet, and nothing is."""
    cut_off(tmp_path)
    note = tmp_path / pending.FILE
    note.write_text(note.read_text("utf-8")[:-1], "utf-8")
    assert pending.finish(tmp_path) == []
    assert held(tmp_path) == {"a": b"before", ".a-made": b"after"}


def test_one_change_at_a_time(tmp_path: Path) -> None:
    """While one change goes on another one is refused, writes nothing, and leaves the note."""
    cut_off(tmp_path)
    before = held(tmp_path)
    opened = editing.open_file(tmp_path / "a", name="a")
    with pytest.raises(SuiteError, match="under way, or was interrupted"):
        editing.write_all([(opened, b"mine")], root=tmp_path)
    assert held(tmp_path) == before


def test_the_note_goes_with_the_change(tmp_path: Path) -> None:
    """A change that was made, or that could not be, leaves no note."""
    (tmp_path / "a").write_bytes(b"a")
    opened = editing.open_file(tmp_path / "a", name="a")
    editing.write_all([(opened, b"A")], root=tmp_path)
    with pytest.raises(SuiteError, match="was changed since it was read"):
        editing.write_all([(opened, b"B")], root=tmp_path)
    with suppress(ZeroDivisionError), pending.noted(tmp_path, []):
        assert set(held(tmp_path)) == {"a", pending.FILE}
        raise ZeroDivisionError
    assert held(tmp_path) == {"a": b"A"}
