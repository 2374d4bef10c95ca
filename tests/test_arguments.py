"""A slip in an argument is an error with what is allowed, never a sentence that claims something."""

import inspect
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import policybook as pb
from policybook import exhibits, findings, params, robustness
from policybook.findings.nearness import by_duplicates, nearest_by
from policybook.problems import ParameterError
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"

WRONG = {
    "actor": ("hafter", "haftar"),
    "objective": ("stop_bombings", "stop_bombing"),
    "theme": ("sanction", "sanctions"),
    "article": ("mei-2041", "mei-2014"),
    "first": ("mei-2041", "mei-2014"),
    "second": ("mahmoud-2081", "mahmoud-2018"),
    "nodes": ("speakers", "speaker"),
    "nodes_": ("speakers", "speaker"),
    "aggregation": ("congruent", "congruence"),
    "normalisation": ("jacard", "jaccard"),
}
"""For every argument with a list of its own, a slip and what is meant."""


def asking() -> list[Any]:
    """Return every public function of a selection, with those of its arguments that have a list."""
    found = []
    for family in (findings, exhibits):
        for name in family.__all__:
            function = getattr(family, name)
            if not inspect.isfunction(function):
                continue
            names = list(inspect.signature(function).parameters)
            asked = [one for one in names if one in WRONG]
            if names[0] == "selection" and asked:
                found.append(pytest.param(function, asked, id=f"{family.__name__[11:]}-{name}"))
    return found


@pytest.mark.parametrize(("function", "asked"), asking())
def test_slips(shipped: Suite, function: Callable[..., Any], asked: list[str]) -> None:
    """Whatever takes a code stops at a misspelt one, and says what was likely meant."""
    right = {name: WRONG[name][1] for name in asked}
    for name in asked:
        with pytest.raises(ParameterError) as caught:
            function(shipped.select(), **{**right, name: WRONG[name][0]})
        (problem,) = caught.value.problems
        assert problem.column == name.rstrip("_")
        assert f'"{WRONG[name][0]}" is not a value of' in str(problem)
        assert f'Did you mean "{WRONG[name][1]}"?' in str(problem)
        assert "allowed:" in str(problem)


@pytest.mark.parametrize(("function", "asked"), asking())
def test_said_before_it_is_tried(
    shipped: Suite, function: Callable[..., Any], asked: list[str]
) -> None:
    """Help on a function says that a slip is an error, and which values a short list has."""
    said = str(function.__doc__)
    assert "`ParameterError`" in said
    for name in {"nodes", "nodes_", "aggregation", "normalisation"} & set(asked):
        assert f"`{name}`" in said
        for value in shipped.choices(name.rstrip("_")) or [""]:
            assert re.search(rf"\b{value}\b", said), value


@pytest.mark.parametrize("function", [pb.ladder, pb.windows, pb.shifts])
def test_a_theme_is_asked_for_in_help(function: Callable[..., Any]) -> None:
    """Help on what shows one theme says how a selection has one."""
    assert "suite.select(theme=…)" in str(function.__doc__)


def test_all_slips_at_once(shipped: Suite) -> None:
    """Two slips are told in one go, by position or by name; a third right one is not told."""
    with pytest.raises(ParameterError) as caught:
        pb.near(shipped.select(), nodes="x", aggregation="y", normalisation="none")
    assert [one.column for one in caught.value.problems] == ["nodes", "aggregation"]
    with pytest.raises(ParameterError) as caught:
        findings.two_articles(shipped.select(), "x", "y")
    assert [one.column for one in caught.value.problems] == ["first", "second"]


def test_slips_in_nearness(shipped: Suite) -> None:
    """The tables behind nearness stop as well."""
    for ask in (partial(by_duplicates, nodes_="x"), partial(nearest_by, normalisation="x")):
        with pytest.raises(ParameterError):
            ask(shipped.select())


def test_question(shipped: Suite) -> None:
    """A misspelt question of the certificate is told with the questions there are."""
    for ask in (
        lambda: robustness.tally_of(shipped.select(), "headline"),
        lambda: robustness.QUESTIONS["headline"],
    ):
        with pytest.raises(ParameterError, match="parameter:question") as caught:
            ask()
        assert 'Did you mean "headlines"?' in str(caught.value)


def test_empty_means_any(shipped: Suite) -> None:
    """An end or a theme left empty still means any, and no actor still has its sentence."""
    selection = shipped.select()
    assert findings.which_means(selection, "", "")
    assert [one.code for one in findings.one_actor(selection, "")] == ["actor-none"]
    assert len(findings.theme_rows(selection, "")) == 0


@pytest.mark.parametrize("show", [pb.ladder, pb.windows, pb.shifts])
def test_no_theme_asked_for(shipped: Suite, show: Callable[..., Any]) -> None:
    """What shows one theme says that none is asked for, not that there is nothing on it."""
    assert show(shipped.select()).text == "No theme is asked for."
    assert [one.text for one in findings.theme_shift(shipped.select())] == [
        "No theme is asked for."
    ]


def test_an_answer_on_no_theme(shipped: Suite) -> None:
    """The answer on one theme is not given on none: the themes there are are listed instead."""
    for ask in (findings.one_theme, partial(findings.on_theme, theme="")):
        with pytest.raises(
            ParameterError, match="parameter:theme  no theme is asked for"
        ) as caught:
            ask(shipped.select())
        assert "sanctions, " in str(caught.value)


@pytest.mark.parametrize("name", ["06-one-theme-in-full", "12-how-firm-are-the-findings"])
def test_notebooks_on_one_theme(shipped: Suite, name: str) -> None:
    """A notebook that cannot do without a theme refuses an empty one before it is run."""
    declared = params.declared(NOTEBOOKS / f"{name}.ipynb")
    with pytest.raises(ParameterError, match="parameter:theme  no theme is asked for") as caught:
        params.check(declared, {"theme": ""}, suite=shipped)
    assert "allowed:  sanctions, " in str(caught.value)
    assert params.check(declared, {"theme": "elections"}, suite=shipped)["theme"] == "elections"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_empty_theme_elsewhere(path: Path) -> None:
    """Where the answer is about one theme, and only there, the notebook's metadata says so."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    source = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    ties = {one.name: one.vocabulary for one in params.declared(path)}
    if "theme" in ties:
        assert (ties["theme"] == "instrument") == ("findings.one_theme" in source)
