"""The README keeps its word: its commands run, its outputs are real, its files are there."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policybook.batch.plan import cases
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent


def suite_copy(folder: Path) -> Path:
    """Copy the shipped suite, so that no test writes into the project."""
    for name in ("seeds", "codings", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def call(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the README in a folder, with the programs of this environment."""
    program, *rest = shlex.split(command)
    return subprocess.run(
        [BIN / Path(program).name, *rest], cwd=folder, capture_output=True, text=True, check=False
    )


IN_TABLE = sorted(set(re.findall(r"`(\.venv/bin/policybook [^`]+)`", README)))


@pytest.mark.parametrize("command", IN_TABLE)
def test_commands_of_the_table(command: str, tmp_path: Path) -> None:
    """Every command the table names runs as it stands."""
    done = call(command, suite_copy(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_error_shown_is_real(tmp_path: Path) -> None:
    """The problem the README shows is what the command prints for that very change, to the letter."""
    suite = suite_copy(tmp_path)
    table = suite / "recommendations.csv"
    text = table.read_text("utf-8")
    changed = text.replace(
        "It should start with covert diplomacy", "It should begin with covert diplomacy"
    )
    assert changed != text
    table.write_text(changed, "utf-8")
    done = call(".venv/bin/policybook check", suite)
    assert done.returncode == 1
    shown = re.search(r"```console\n\$ \.venv/bin/policybook check\n(.*?)```", README, re.DOTALL)
    assert shown
    assert done.stdout == shown[1]


def test_what_python_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of Python that the README shows run at the root of the suite and print what it says."""
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    lines = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README", "README.md", 0)
    done = doctest.DocTestRunner().run(lines)
    assert (done.failed, done.attempted) == (0, 4)


def test_two_commands() -> None:
    """Both commands of the first screen are targets of the Makefile, and CI calls the second."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"^\$ make (\w+)$", README, re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_everything_named_is_there() -> None:
    """Every link and picture of README, CONTRIBUTING and codings leads somewhere."""
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "codings" / "README.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_published_agreement_is_current(tmp_path: Path) -> None:
    """The agreement published beside the codings is what the command prints."""
    text = (ROOT / "codings" / "README.md").read_text("utf-8")
    commands = re.findall(r"`(policybook agree [^`]+)`", text)
    assert len(commands) == 2
    for command in commands:
        assert (
            call(command, suite_copy(tmp_path / command.split()[2].replace("/", "-"))).stdout
            in text
        )


def test_the_lock_names_no_host() -> None:
    """The locks pin every package with hashes and name no index, so that any mirror serves."""
    for lock in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        text = lock.read_text("utf-8")
        assert "://" not in text
        for entry in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[\w.\[\]-]+==\S+", entry)
            assert "--hash=sha256:" in entry


def test_the_number_of_briefings_is_current(shipped: Suite) -> None:
    """The README shows as many briefings as the shipped plan makes."""
    planned = cases(ROOT / "notebooks" / "batch.toml", suite=shipped)
    assert f"\n{len(planned)} briefings in briefings\n" in README
