"""What a new suite promises: it checks when it is empty, and it is briefed from its first article on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from batches import soak
from policybook import shipped
from policybook.batch.plan import cases
from policybook.cli import main
from policybook.suite import Suite, open_suite

TEXT = """What Averna owes its neighbours

Averna should publish the readings of its gauges every week, and its neighbours should answer.

There is no other way. The river commission must meet before the spring.
"""


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Make an empty suite."""
    assert main(["new", str(tmp_path / "mine"), "--name", "On the Tolm"]) == 0
    return tmp_path / "mine"


@pytest.fixture
def coded(new: Path, tmp_path: Path) -> Path:
    """Add an article to it and code it, as a user does: facts, suggested rows, who coded it."""
    (tmp_path / "piece.txt").write_text(TEXT, "utf-8")
    call = "--id a-2031 --title Owed --date 2031-03-04 --basis page --speaker unnamed-author"
    call += " --genre op-ed --language en --suite"
    assert main(["add", str(tmp_path / "piece.txt"), *call.split(), str(new)]) == 0
    return new


def test_empty_suite(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty suite checks, has all notebooks and a plan of them, and its name on its pages."""
    capsys.readouterr()
    assert main(["check", "--suite", str(new)]) == 0
    assert capsys.readouterr().out == "No problems in 0 rows.\n"
    assert open_suite(new).book.name == "On the Tolm"
    made = {path.name for path in (new / "notebooks").iterdir()}
    assert made == {path.name for path in shipped.notebooks().glob("*.ipynb")} | {"batch.toml"}
    assert main(["batch", "--dry-run", "--suite", str(new)]) == 0
    assert main(["new", str(new)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_from_the_first_article_on(
    coded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Suggested rows pasted into it check as drafts, and once confirmed stand in a page."""
    capsys.readouterr()
    assert main(["suggest", "a-2031", "--rows", "--suite", str(coded)]) == 0
    rows = capsys.readouterr().out
    table = coded / "recommendations.csv"
    with table.open("a", encoding="utf-8") as file:
        file.write(rows)
    assert main(["check", "--suite", str(coded)]) == 0
    assert "is a draft" in capsys.readouterr().out
    table.write_text(table.read_text("utf-8").replace(",draft,", ",,"), "utf-8")
    listed = coded / "seeds" / "articles.csv"
    *rest, last = listed.read_text("utf-8").splitlines()
    header = rest[0].split(",")
    cells = dict(zip(header, last.split(","), strict=True))
    cells |= {"coder": "first", "coded_on": "2031-04-01", "codebook_version": "1.0.0"}
    listed.write_text("\n".join([*rest, ",".join(cells.values()), ""]), "utf-8")
    assert main(["check", "--suite", str(coded)]) == 0
    notebook = coded / "notebooks" / "02-who-recommends-what.ipynb"
    assert main(["run", str(notebook), "--suite", str(coded), "--out", str(tmp_path / "o")]) == 0
    page = (tmp_path / "o" / "02-who-recommends-what.html").read_text("utf-8")
    assert "Averna should publish the readings" in page
    assert "hand-coded by first coder" in page


@soak
def test_all_briefings_of_a_new_suite(coded: Path, new: Path) -> None:
    """The plan of a new suite makes every briefing, with no article and with one."""
    assert main(["batch", "--suite", str(new)]) == 0
    assert (new / "briefings" / "index.html").exists()
    assert main(["batch", "--suite", str(coded)]) == 0


def test_plan_for_any_suite(shipped_plan: Path, shipped: Suite) -> None:
    """The plan for any suite is one of the shipped suite too, and names every article of it."""
    made = cases(shipped_plan, suite=shipped)
    articles = [one.values["article"] for one in made if one.notebook.name.startswith("07")]
    assert articles == list(shipped.articles["id"])
    assert len([one for one in made if one.notebook.name.startswith("12")]) == 1


@pytest.fixture
def shipped_plan() -> Path:
    """The plan for any suite."""
    return shipped.notebooks() / shipped.ANY_SUITE


def test_suite_without_notebooks(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A suite that has no notebooks, such as an imported one, is briefed by those of the package."""
    assert main(["batch", "--dry-run", "--suite", str(base)]) == 0
    assert "07-one-article-in-full--averna-2031" in capsys.readouterr().out
    assert main(["params", "notebooks/06-one-theme-in-full.ipynb", "--suite", str(base)]) == 0
    assert "talks" in capsys.readouterr().out
    assert main(["params", "elsewhere/06-one-theme-in-full.ipynb", "--suite", str(base)]) == 2


def found(capsys: pytest.CaptureFixture[str], suite: Path, *call: str, code: int = 0) -> str:
    """Call `find` and return what it prints."""
    capsys.readouterr()
    assert main(["find", *call, "--suite", str(suite)]) == code
    return capsys.readouterr().out


def test_find(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words are found with article, paragraph, line and sentence; few of them are quoted in theirs."""
    told = found(capsys, coded, "the", "river", "commission")
    assert told.startswith('"the river commission" stands in 1 place, in other letters.')
    assert "a-2031, paragraph 3, seeds/a-2031.txt:5" in told
    assert "“The river commission must meet before the spring.”" in told
    assert "\na-2031-01,a-2031,draft,The river commission must meet before the spring.," in told
    assert ",supports,must," in told
    many = "publish the readings of its gauges every week, and its neighbours"
    assert f'draft,"{many}",' in found(capsys, coded, many)
    assert found(capsys, coded, "nobody", code=1) == '"nobody" stands in no article.\n'
    assert found(capsys, coded, " ", code=1) == '" " stands in no article.\n'
    assert main(["find", "x", "--article", "nobody", "--suite", str(coded)]) == 2


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_found_rows_are_pasted_as_they_are(
    coded: Path, capsys: pytest.CaptureFixture[str], delimiter: str
) -> None:
    """Rows of `find` check as drafts in the table they are for, whatever it is delimited by."""
    table = coded / "recommendations.csv"
    text = table.read_text("utf-8").replace(",", delimiter).removesuffix("\n")
    table.write_text(text, "utf-8")
    lines = found(capsys, coded, "its", "--rows")
    table.write_text(text + lines, "utf-8")
    capsys.readouterr()
    assert main(["check", "--suite", str(coded)]) == 0
    told = capsys.readouterr().out
    assert told.count("is a draft") == 3
    assert [row["id"] for row in open_suite(coded).rows.to_dict("records")] == []


def test_skeleton_is_a_codebook() -> None:
    """What is to be filled in a new codebook is defined, with nothing that a suite already has."""
    text = (Path(shipped.__file__).parent / "together" / "skeleton.toml").read_text("utf-8")
    assert set(tomllib.loads(text)) == {"coder", "instrument", "means", "objective", "actor"}
