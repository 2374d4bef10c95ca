"""The command line: what it prints, and how it ends."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policybook.cli import main

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
THEME = ROOT / "notebooks" / "06-one-theme-in-full.ipynb"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the shipped suite with one wrong quotation."""
    for name in ("seeds", "codings", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "codebook.toml", tmp_path)
    text = (ROOT / "recommendations.csv").read_text("utf-8")
    (tmp_path / "recommendations.csv").write_text(
        text.replace("cannot include Haftar", "excludes Haftar"), "utf-8"
    )
    return tmp_path


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` names every command, and each command's help shows an example of it."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for verb in ("check", "params", "run", "batch", "agree"):
        assert verb in shown
        with pytest.raises(SystemExit):
            main([verb, "--help"])
        assert f"example: policybook {verb}" in capsys.readouterr().out


def test_help_imports_nothing_costly() -> None:
    """`--help` and `check` do without pandas, altair, papermill and nbconvert."""
    for command in ("['--help']", f"['check', '--suite', {str(ROOT)!r}]"):
        code = (
            "import sys\nfrom policybook.cli import main\n"
            f"try: main({command})\nexcept SystemExit: pass\n"
            "print(sorted({'pandas', 'altair', 'papermill', 'nbconvert', 'scipy', 'IPython'} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_charts_compile_no_grammar() -> None:
    """Who imports our charts does not wait for the grammar of addresses, and can import it all the same."""
    code = (
        "import sys\nimport policybook.charts\nprint('lark' in sys.modules)\n"
        "import importlib.util\nprint(importlib.util.find_spec('rfc3987_syntax') is None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_check(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` ends with 0 on a sound suite and with 1 and every problem on a broken one."""
    assert main(["check", "--suite", str(ROOT)]) == 0
    assert capsys.readouterr().out.startswith("No problems in ")
    assert main(["check", "--suite", str(broken)]) == 1
    shown = capsys.readouterr().out
    assert "recommendations.csv:" in shown
    assert ":quote  not found in seeds/002_624c86cd86a4a597.txt" in shown


def test_outside_of_a_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Called outside of any suite, a command ends with 2 and says what to do."""
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "--suite" in capsys.readouterr().err


def test_a_notebook_stops_with_the_same_text(broken: Path, tmp_path: Path) -> None:
    """A notebook that opens a broken suite stops with the very text that `check` prints."""
    check = subprocess.run(
        [BIN / "policybook", "check"], cwd=broken, capture_output=True, text=True, check=False
    )
    out = tmp_path / "out.ipynb"
    command = [
        BIN / "papermill",
        broken / "notebooks" / THEME.name,
        out,
        "--engine",
        "policybook",
        "--cwd",
        broken,
    ]
    done = subprocess.run(
        [*command, "--no-progress-bar"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    outputs = [o for c in json.loads(out.read_text("utf-8"))["cells"] for o in c.get("outputs", [])]
    (error,) = [o for o in outputs if o["output_type"] == "error"]
    assert error["ename"] == "SuiteError"
    assert error["evalue"] == check.stdout.rstrip("\n")
    assert "\n".join(error["traceback"]) == check.stdout.rstrip("\n")


@pytest.mark.parametrize("engine", [[], ["--engine", "policybook"]])
def test_plain_papermill(engine: list[str], tmp_path: Path) -> None:
    """Plain papermill runs the notebooks too, with its own kernel or with our engine."""
    out = tmp_path / "out.ipynb"
    command = [
        BIN / "papermill",
        THEME,
        out,
        "-p",
        "theme",
        "ceasefire",
        "--cwd",
        ROOT,
        *engine,
        "--no-progress-bar",
    ]
    subprocess.run(command, capture_output=True, check=True)
    cells = json.loads(out.read_text("utf-8"))["cells"]
    html = "".join(
        "".join(o["data"]["text/html"])
        for c in cells
        for o in c.get("outputs", [])
        if "text/html" in o.get("data", {})
    )
    assert "A ceasefire" in html
    assert "rearm and regroup" in html


def test_agree_names_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """`agree` on something that is no coding ends with 2 and names the codings."""
    assert main(["agree", "nothing.csv", "recommendations.csv", "--suite", str(ROOT)]) == 2
    assert "codings/reader-a.csv" in capsys.readouterr().err


def test_batch_dry_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`batch --dry-run` prints the name of every case and makes none."""
    out = tmp_path / "out"
    assert main(["batch", "--dry-run", "--suite", str(ROOT), "--out", str(out)]) == 0
    assert "02-who-recommends-what" in capsys.readouterr().out.splitlines()
    assert not out.exists()
