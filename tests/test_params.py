"""What a notebook declares, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from policybook import params
from policybook.problems import ParameterError
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
THEME = ROOT / "notebooks" / "06-one-theme-in-full.ipynb"


def notebook(folder: Path, source: str, **ties: str) -> Path:
    """Write a notebook that has nothing but a parameters cell."""
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["parameters"]},
        "source": source,
        "outputs": [],
    }
    content = {"cells": [cell], "metadata": {"policybook": {"parameters": ties}}}
    path = folder / "n.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def checked(path: Path, suite: Suite, **values: Any) -> dict[str, Any]:
    """Return what a notebook would run with."""
    return params.check(params.declared(path), values, suite=suite)


def test_declares(tmp_path: Path) -> None:
    """Names, types, defaults, help and vocabularies are read from the cell in its order."""
    path = notebook(tmp_path, 'theme: str = "a"  # which one\nn: int = -3\n', theme="theme")
    found = params.declared(path)
    assert [(p.name, p.type, p.default, p.help, p.vocabulary) for p in found] == [
        ("theme", "str", "a", "which one", "theme"),
        ("n", "int", -3, "", ""),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "x: str = open('/')",
        "import os",
        "x: dict = {}",
        "x: str",
        "x.y: str = 'a'",
        "x: (",
    ],
)
def test_literals_only(tmp_path: Path, source: str) -> None:
    """A parameters cell that is more than annotated literals is refused and never run."""
    with pytest.raises(ParameterError, match="more than literals"):
        params.declared(notebook(tmp_path, source))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 3, "metadata": {}}', "\0"])
def test_no_notebook(tmp_path: Path, content: str) -> None:
    """A file that is no notebook is called that, without a traceback."""
    path = tmp_path / "n.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ParameterError, match="is not a notebook"):
        params.declared(path)


def test_missing_notebook(tmp_path: Path) -> None:
    """A notebook that is not there is called missing."""
    with pytest.raises(ParameterError, match="no such notebook"):
        params.declared(tmp_path / "n.ipynb")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("str", "a,b", "a,b"),
        ("int", "7", 7),
        ("float", "2.5", 2.5),
        ("bool", "yes", True),
        ("bool", "False", False),
        ("list[str]", " a, b ,a,", ["a", "b"]),
        ("list[str]", "", []),
        ("list[str]", ["x, y"], ["x, y"]),
    ],
)
def test_typed(tmp_path: Path, shipped: Suite, kind: str, value: object, expected: object) -> None:
    """A value from the command line arrives in the type the notebook declares."""
    default = {"str": '""', "int": "0", "float": "0.0", "bool": "True", "list[str]": "[]"}[kind]
    path = notebook(tmp_path, f"x: {kind} = {default}")
    assert checked(path, shipped, x=value)["x"] == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [("int", "x"), ("int", "1.5"), ("int", 1.5), ("int", True), ("float", "nan"), ("float", "inf"),
     ("bool", "maybe"), ("str", 3), ("list[str]", [1]), ("list[str]", 4)],
)  # fmt: skip
def test_impossible(tmp_path: Path, shipped: Suite, kind: str, value: object) -> None:
    """A value that its type does not have is refused by name."""
    default = {"str": '""', "int": "0", "float": "0.0", "bool": "True", "list[str]": "[]"}[kind]
    path = notebook(tmp_path, f"x: {kind} = {default}")
    with pytest.raises(ParameterError, match="parameter:x"):
        checked(path, shipped, x=value)


def test_all_at_once(shipped: Suite) -> None:
    """Every unknown name and every impossible value is reported in one go, with what is allowed."""
    with pytest.raises(ParameterError) as caught:
        checked(
            THEME, shipped, thme="sanctions", theme="sanction", voices="all", from_date="2014-13"
        )
    text = str(caught.value)
    assert [p.column for p in caught.value.problems] == ["thme", "theme", "voices", "from_date"]
    assert 'Did you mean "theme"?' in text
    assert 'Did you mean "sanctions"?' in text
    assert "author, reported, both" in text
    assert "2014-10-18" in text


def test_asked() -> None:
    """Only NAME=VALUE with an ordinary name is taken, each name once; a value may hold anything."""
    assert params.asked(["a=b=c,d"]) == {"a": "b=c,d"}
    for words in (["a"], ["=b"], ["a b=c"], ["a=1", "a=2"], ["__import__('os')=1"]):
        with pytest.raises(ParameterError):
            params.asked(words)


def test_describe(shipped: Suite) -> None:
    """`policybook params` shows name, type, default, help and the allowed values."""
    text = params.describe(params.declared(THEME), suite=shipped)
    assert text.startswith(
        "theme: str = sanctions\n    the instrument this page is about\n    allowed: sanctions, "
    )
    assert "articles: list[str] = (empty)" in text or "articles: list[str] = " in text
