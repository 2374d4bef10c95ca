"""Plans: every case checked before any runs, every problem with its line, every name safe."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from batches import notebook
from policybook.batch.files import case_name
from policybook.batch.plan import case, cases, read
from policybook.cli import main
from policybook.problems import ParameterError
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
PARAMETERS = """theme: str = "sanctions"  # the instrument
first: str = "mei-2014"  # an article
second: str = "mahmoud-2018"  # another
articles: list[str] = []  # only these
from_date: str = ""  # from
to_date: str = ""  # to
number: int = 0  # a number"""
TIES = {"theme": "theme", "first": "article", "second": "article", "articles": "articles",
        "from_date": "from_date", "to_date": "to_date"}  # fmt: skip


Planned = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def planned(tmp_path: Path, shipped: Suite) -> Planned:
    """Return a function that reads a plan with one notebook, or several."""
    path = notebook(tmp_path / "n.ipynb", "1", parameters=PARAMETERS)
    content = nbformat.read(path, as_version=4)
    content.metadata["policybook"] = {"parameters": TIES}
    nbformat.write(content, path)

    def values(text: str, *names: str) -> list[tuple[object, ...]]:
        (tmp_path / "plan.toml").write_text(
            text.replace("NOTEBOOK", '[[notebook]]\nfile = "n.ipynb"')
        )
        found = cases(tmp_path / "plan.toml", suite=shipped)
        return [tuple(one.values[name] for name in names) for one in found]

    return values


def test_lists_are_crossed_with_cases(planned: Planned) -> None:
    """Fixed values stand in every case, lists are crossed, explicit cases are made as they are."""
    text = 'NOTEBOOK\nvalues = { number = 7 }\neach = { theme = ["sanctions", "elections"] }\ncase = [{ first = "mei-2014" }, { first = "mahmoud-2018" }]\n'
    assert planned(text, "number", "first", "theme") == [
        (7, "mei-2014", "sanctions"), (7, "mei-2014", "elections"),
        (7, "mahmoud-2018", "sanctions"), (7, "mahmoud-2018", "elections"),
    ]  # fmt: skip


def test_lists_from_the_suite(planned: Planned, shipped: Suite) -> None:
    """A word in place of a list stands for every value, the first, every pair or every year there is."""
    ids = list(shipped.articles["id"])
    pairs = [(a, b) for n, a in enumerate(ids) for b in ids[n + 1 :]]
    assert planned('NOTEBOOK\neach = { first = "*" }', "first") == [(a,) for a in ids]
    assert planned('NOTEBOOK\neach = { articles = "*" }', "articles") == [([a],) for a in ids]
    assert (
        planned('NOTEBOOK\neach = { "first, second" = "every pair" }', "first", "second") == pairs
    )
    assert planned('NOTEBOOK\neach = { first = "the first" }', "first") == [(ids[0],)]
    first = planned('NOTEBOOK\neach = { "first, second" = "the first" }', "first", "second")
    assert first == [(ids[0], ids[1])]
    assert planned('NOTEBOOK\neach = { articles = "every pair" }', "articles") == [
        ([a, b],) for a, b in pairs
    ]
    years = planned(
        'NOTEBOOK\neach = { "from_date, to_date" = "every year" }', "from_date", "to_date"
    )
    assert years == [("2014", "2014"), ("2018", "2018"), ("2019", "2019")]
    rows = 'NOTEBOOK\neach = { "first, second" = [["mei-2014", "mahmoud-2018"]] }'
    assert planned(rows, "first", "second") == [("mei-2014", "mahmoud-2018")]


WRONG = {
    'NOTEBOOK\neach = { theme = ["sanctions",\n"sanction"] }': (
        4,
        'theme  "sanction" is not a value of `theme`',
    ),
    'NOTEBOOK\ncase = [\n{ theme = "elections" },\n{ number = "x" },\n]': (
        5,
        'number  "x" is not of type int',
    ),
    'NOTEBOOK\n\nNOTEBOOK\nvalues = { colour = "red" }': (6, 'colour  "colour" is not a parameter'),
    'NOTEBOOK\neach = { theme = "all" }': (
        3,
        'theme  "all" is no list that this parameter can have',
    ),
    'NOTEBOOK\neach = { number = "*" }': (3, 'number  "*" is no list'),
    "NOTEBOOK\neach = { number = 3 }": (3, "number  is no list"),
    'NOTEBOOK\neach = { "first, second" = [["mei-2014"]] }': (
        3,
        "first, second  needs 2 values a case",
    ),
    "NOTEBOOK\nvalues = { number = 1 }\neach = { number = [1] }": (
        3,
        "number  is set in two places",
    ),
    "NOTEBOOK\nvalue = { number = 1 }": (3, "value  is unknown here"),
    '[[notebook]]\nfile = "../../../etc/x.ipynb"': (2, "is outside of the plan's folder"),
    '[[notebook]]\nfile = "gone.ipynb"': (1, "there is no such notebook"),
    "[[notebook]]\nfile = 3": (2, "file  names no notebook"),
    "[[notebook]": (1, "is not a plan"),
    "": (None, "names no notebook"),
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_plans_name_the_line(planned: Planned, text: str) -> None:
    """A plan with anything wrong is refused as a whole, and each problem has its line."""
    line, words = WRONG[text]
    with pytest.raises(ParameterError, match=re.escape(words)) as caught:
        planned(text)
    assert [p.line for p in caught.value.problems] == [line]


def test_a_plan_of_too_many_is_refused_at_once(planned: Planned) -> None:
    """Crossing lists into millions is a slip, and said so before any is looked at."""
    numbers = str(list(range(1000)))
    with pytest.raises(ParameterError, match="makes more than 100,000 cases"):
        planned(f"NOTEBOOK\neach = {{ number = {numbers}, theme = {numbers}, first = {numbers} }}")


def test_skip_invalid(
    planned: Planned, tmp_path: Path, shipped: Suite, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --skip-invalid the good cases remain, and the problems of the others are told."""
    with pytest.raises(ParameterError):
        planned('NOTEBOOK\neach = { theme = ["sanctions", "x", "elections"] }')
    found = read(tmp_path / "plan.toml", suite=shipped)
    assert [one.values["theme"] for one in found.cases.values()] == ["sanctions", "elections"]
    assert [p.line for p in found.problems] == [3]
    called = ["batch", str(tmp_path / "plan.toml"), "--suite", str(ROOT), "--dry-run"]
    assert main(called) == 2
    assert main([*called, "--skip-invalid"]) == 1
    listed, told = capsys.readouterr()
    assert len(listed.splitlines()) == 2
    assert "\nskipped  plan.toml:3:theme" in told


def test_dry_run(capsys: pytest.CaptureFixture[str]) -> None:
    """`--dry-run` prints the names of the cases and makes nothing."""
    assert main(["batch", "--dry-run", "--suite", str(ROOT)]) == 0
    assert "06-one-theme-in-full--ceasefire-" in capsys.readouterr().out


def test_the_plan_of_the_docs(shipped: Suite, tmp_path: Path) -> None:
    """The plan that the docs show makes as many cases as they say."""
    text = (ROOT / "docs" / "batches.md").read_text("utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    (tmp_path / "plan.toml").write_text(text.partition("```toml")[2].partition("```")[0], "utf-8")
    found = len(cases(tmp_path / "plan.toml", suite=shipped))
    assert f"These are {found} briefings" in text


def test_names_of_notebooks_are_tamed() -> None:
    """A notebook's own name cannot leave the folder, take the index's place, or be a device's."""
    for name in ("..", "index", "con", "CON", "a/b", "ü" * 300, "x" * 300, "index-2", "\udce9"):
        made = case_name(name, {}, {})
        assert re.fullmatch(r"[a-z0-9-]+", made)
        assert len(case_name(name, {"a": "y" * 500}, {})) <= 150
        assert made.split("-")[0] not in {"index", "con"}
    assert case_name("Ab", {}, {}) != case_name("ab", {}, {})


def test_a_notebook_is_found_from_another_suite(
    shipped: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook named from where one stands is found, whichever folder the suite is in."""
    monkeypatch.chdir(ROOT)
    one = case(Path("notebooks/06-one-theme-in-full.ipynb"), {}, suite=shipped)
    assert one.notebook == ROOT / "notebooks" / "06-one-theme-in-full.ipynb"
