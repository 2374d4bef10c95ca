"""The house: who may import whom."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "policybook"

LAYERS = [
    {"problems", "dates", "migrations", "shipped", "imports"},
    {"codebook", "anchors", "cells", "naming", "pending", "searches"},
    {"corpus", "tables", "closest", "reads", "editing"},
    {"material"},
    {"root", "checks", "content"},
    {"filters"},
    {"choices"},
    {"suite", "params"},
    {"measures"},
    {"findings", "charts", "exchange"},
    {"robustness"},
    {"exhibits"},
    {"briefing"},
    {"batch"},
    {"together"},
    {"cli"},
]
"""From the ground up; a name is a module or a family."""

HOMES = {
    "papermill": {"batch"},
    "fsspec": {"batch"},
    "distributed": {"batch"},
    "nbconvert": {"briefing"},
    "altair": {"charts", "exhibits"},
    "vl_convert": {"briefing"},
    "nh3": {"briefing"},
    "argparse": {"cli", "together"},
    "sqlite3": {"exchange"},
    "defusedxml": {"exchange"},
    "xlsxwriter": {"exchange"},
    "openpyxl": {"exchange"},
    "arro3": {"exchange"},
    "bs4": {"together"},
    "pypdf": {"together"},
}
"""Third-party edges and the families that may touch them."""

FILES = sorted(
    path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or path.stem != "__init__"
)


def family(module: str) -> str:
    """Return the module or family of a dotted name within the package."""
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> list[str]:
    """Return the dotted names a file imports, also within functions and for types."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def layer(name: str) -> int:
    """Return the layer of a module or family."""
    return next(i for i, names in enumerate(LAYERS) if name in names)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    """A module imports only from layers below its own, and within a family only its own."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    own = parts[0]
    for name in imports(path):
        if name.startswith("policybook.") and family(name) != own:
            if family(name) == "__version__":
                continue
            assert layer(family(name)) < layer(own), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_edges_have_one_home(path: Path) -> None:
    """What may change with papermill, nbconvert or altair stands in one family each."""
    own = path.relative_to(SOURCE).with_suffix("").parts[0]
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or own in homes, f"{path.name} imports {name}"


def test_no_cycles_in_families() -> None:
    """Within a family no module imports, even by a detour, itself."""
    edges: dict[str, set[str]] = {}
    names = {".".join(("policybook", *p.relative_to(SOURCE).with_suffix("").parts)) for p in FILES}
    for path in FILES:
        own = ".".join(("policybook", *path.relative_to(SOURCE).with_suffix("").parts))
        edges[own] = {name for name in imports(path) if name in names and name != own}
    seen: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name not in seen:
            for other in sorted(edges[name]):
                walk(other, (*path, name))
            seen.add(name)

    for name in sorted(edges):
        walk(name, ())


def test_every_module_has_a_layer() -> None:
    """Every module and family of the package has its place."""
    families = {path.relative_to(SOURCE).with_suffix("").parts[0] for path in FILES}
    assert families == set().union(*LAYERS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_sizes(path: Path) -> None:
    """A function fits a glance: at most thirty lines of its own, docstring aside; a module is short."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lines = (node.end_lineno or 0) - first.lineno + 1
            assert lines <= 30, f"{path.name}: {node.name} has {lines} lines"
    assert len(path.read_text("utf-8").splitlines()) <= 420, path.name


EDGES = {"cli.py", "together/verbs.py", "together/recoding/verb.py", "batch/report.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_only_the_edges_print(path: Path) -> None:
    """Nothing prints but the command line and the report of a batch."""
    own = path.relative_to(SOURCE).as_posix()
    calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    prints = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]
    assert not prints or own in EDGES
