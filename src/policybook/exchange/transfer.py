"""The formats by name, and the two ways: a suite from a file, a file from a suite.

The surprising rule: the losses are written beside the output also where there are none.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policybook import material
from policybook.checks import check
from policybook.checks.cells import is_date
from policybook.exchange import book, finish, folder
from policybook.exchange.draft import Draft
from policybook.exchange.held import held
from policybook.exchange.losses import Losses, beside
from policybook.exchange.options import Counting, Options
from policybook.problems import ParameterError, Problem, SuiteError, errors, quoted, unknown_value

HOME = "exports"
"""The folder of a suite in which exports stand where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Export:
    """A format that can be written: what makes it, what its file or folder is called, if it counts."""

    function: str
    name: str
    counts: bool = False


IMPORTS = {
    "dna": "dna_in.read",
    "qdpx": "refi_in.read_project",
    "annotations": "annotations_in.read",
    "qdc": "refi_in.read_codebook",
}
"""What can be imported; each function takes a path and `Options` and returns a `Draft`."""

EXPORTS = {
    "dna": Export("dna_out.export", "suite.dna"),
    "qdpx": Export("refi_out.export_qdpx", "suite.qdpx"),
    "qdc": Export("refi_out.export_qdc", "codebook.qdc"),
    "annotations": Export("annotations_out.export", "annotations"),
    "graphml": Export("graphs.export_graphml", "graphml", counts=True),
    "gexf": Export("graphs.export_gexf", "gexf", counts=True),
    "datapackage": Export("datapackage.export", "datapackage"),
    "xlsx": Export("sheets.export_xlsx", "suite.xlsx"),
    "parquet": Export("sheets.export_parquet", "parquet"),
    "jsonl": Export("sheets.export_jsonl", "jsonl"),
    "csl": Export("citations.export_csl", "articles.csl.json"),
    "bibtex": Export("citations.export_bibtex", "articles.bib"),
    "ris": Export("citations.export_ris", "articles.ris"),
    "cff": Export("citations.export_cff", "CITATION.cff"),
}
"""What can be exported; each function takes `Held`, and `Counting` if it counts, and returns a file,
or files by their name."""


def import_suite(name: str, path: Path, out: Path, *, options: Options | None = None) -> Losses:
    """Make a new suite at `out` from a file of another tool, and `out`.losses.csv beside it.

    The suite passes every check of `policybook check`; its warnings are none of the losses.
    Raises `ExchangeError` and leaves nothing behind where the file cannot be taken in.
    """
    _refuse_format(name, IMPORTS)
    folder.refuse_taken(out)
    asked = options or Options()
    _refuse_options(asked)
    draft: Draft = _function(IMPORTS[name])(path, asked)
    folder.suite(finish.files(draft), out)
    folder.output(draft.losses.table(), beside(out))
    return draft.losses


def export_suite(
    name: str, root: Path, out: Path | None = None, *, counting: Counting | None = None
) -> tuple[Path, Losses]:
    """Write a suite in the format of another tool, and its losses as a CSV beside it.

    Returns where it is, by default in exports/ of the suite. Raises `SuiteError` where the suite
    does not pass its checks, `ExchangeError` where a library the format needs is missing,
    `ParameterError` where something is to be counted that this format does not count.
    """
    _refuse_format(name, EXPORTS)
    export, asked = EXPORTS[name], counting or Counting()
    _refuse_counting(name, asked)
    content = material.read(root)
    problems = check(content)
    if errors(problems):
        raise SuiteError(problems, rows=len(content.recommendations.cells))
    place = out or root / HOME / export.name
    taken = held(content)
    write = _function(export.function)
    folder.output(write(taken, asked) if export.counts else write(taken), place)
    folder.output(taken.losses.table(), beside(place))
    return place, taken.losses


def _refuse_options(options: Options) -> None:
    """Raise `ParameterError` for a mapping to no column, and for a day that is none."""
    columns = list(book.template().columns["recommendations"])
    for name in options.mapping:
        if name not in columns:
            message, evidence, hint = unknown_value(value=name, what="a column", allowed=columns)
            raise ParameterError(
                [Problem("map", None, name, "column-unknown", message, evidence, hint)]
            )
    if options.coded_on and not is_date(options.coded_on):
        message = f"{quoted(options.coded_on)} is not a day"
        hint = "Write it as 2014-12-17."
        raise ParameterError([Problem("coded-on", None, None, "bad-date", message, (), hint)])


def _refuse_counting(name: str, asked: Counting) -> None:
    """Raise `ParameterError` where a format that counts nothing is told what to count."""
    given = [] if EXPORTS[name].counts else [n for n in ("voices", "count") if getattr(asked, n)]
    if given:
        message = f"the format {quoted(name)} counts nothing: it holds every row"
        counting = [other for other, export in EXPORTS.items() if export.counts]
        hint = f"Leave it out, or export one of those that count: {', '.join(counting)}."
        raise ParameterError(
            [Problem(one, None, None, "counts-nothing", message, (), hint) for one in given]
        )


def _refuse_format(name: str, formats: Collection[str]) -> None:
    """Raise `ParameterError` for a format that is not among those there are."""
    if name not in formats:
        message, evidence, hint = unknown_value(value=name, what="a format", allowed=list(formats))
        problem = Problem("format", None, None, "format-unknown", message, evidence, hint)
        raise ParameterError([problem])


def _function(place: str) -> Callable[..., Any]:
    """Return a function by its module and name; modules are loaded when they are asked for."""
    module, _, name = place.partition(".")
    function: Callable[..., Any] = getattr(
        importlib.import_module(f"policybook.exchange.{module}"), name
    )
    return function
