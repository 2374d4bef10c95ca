"""The form of the shipped notebooks: an article with footnotes of code."""

import ast
import json
import re
import shlex
import statistics
from pathlib import Path
from typing import Any

import pytest

from policybook import params
from policybook.suite import Suite

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def content(path: Path) -> dict[str, Any]:
    """Return a notebook as stored."""
    return dict(json.loads(path.read_text("utf-8")))


def code(path: Path) -> list[str]:
    """Return the sources of the code cells, the parameters cell left out."""
    return [
        "".join(cell["source"])
        for cell in content(path)["cells"]
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]


pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def test_committed_clean(path: Path) -> None:
    """A notebook is committed without outputs and with an id for every cell."""
    cells = content(path)["cells"]
    assert all(not c.get("outputs") and not c.get("execution_count") for c in cells)
    ids = [c["id"] for c in cells]
    assert len(set(ids)) == len(ids)


def test_title_is_a_question(path: Path) -> None:
    """Its title is a question, and the first cell holds it."""
    first = "".join(content(path)["cells"][0]["source"])
    assert re.match(r"# [^\n]+\?\n", first + "\n")


def test_code_is_a_footnote(path: Path) -> None:
    """Code cells have at most three lines at the median and twelve at most, and define nothing."""
    sources = code(path)
    lines = [len(source.strip().splitlines()) for source in sources]
    assert statistics.median(lines) <= 3
    assert max(lines) <= 12
    for source in sources:
        banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda, ast.With)
        assert not any(isinstance(node, banned) for node in ast.walk(ast.parse(source)))


def test_reads_only_through_the_suite(path: Path) -> None:
    """A notebook reads data in no other way than through the opened suite."""
    for source in code(path):
        assert not re.search(r"\bopen\(|read_csv|Path\(|\.head\(|\.material\b", source)


def test_parameters_fit_the_suite(path: Path, shipped: Suite) -> None:
    """Its defaults are allowed values, every parameter has help, and every tie is to a parameter."""
    declared = params.declared(path)
    assert declared
    params.check(declared, {}, suite=shipped)
    assert all(parameter.help and "=" not in parameter.help for parameter in declared)
    ties = content(path)["metadata"]["policybook"]["parameters"]
    assert set(ties) <= {parameter.name for parameter in declared}


def test_says_what_it_counts(path: Path) -> None:
    """A page on which the counting rule counts nothing says what it counts in place of it."""
    sources = "\n".join(code(path))
    if "before_you_quote(" in sources:
        named = "before_you_quote(selection, counted=" in sources
        assert named == ("counted=False" in sources)


def test_no_number_in_prose(path: Path) -> None:
    """Prose holds no figure that a rerun could make a lie."""
    for cell in content(path)["cells"]:
        if cell["cell_type"] == "markdown":
            assert not re.search(r"\d", "".join(cell["source"]))


def test_the_command_of_its_certificate(path: Path, shipped: Suite) -> None:
    """The command by which a page says it is made again is one that its notebook takes."""
    declared = params.declared(path)
    names: dict[str, Any] = {one.name: one.default for one in declared}
    names["shipped"] = shipped
    for source in code(path):
        if "open_suite" in source or "pb.colophon" in source or source.startswith("import"):
            ready = source.replace("pb.open_suite()", "shipped")
            ready = ready.replace("themed", "findings.on_theme(selection, theme)")
            ready = ready.replace("tally=tally", "tally=None")  # of no matter here
            exec(ready.replace("pb.colophon", "certificate = pb.colophon"), names)  # noqa: S102  (our own notebooks)
    command = names["certificate"].text.rpartition("To make it again: ")[2]
    _, verb, notebook, *rest = shlex.split(command)
    assert (verb, notebook) == ("run", f"notebooks/{path.name}")
    asked = params.asked([word for word in rest if word != "-p"])
    params.check(declared, asked, suite=shipped)
