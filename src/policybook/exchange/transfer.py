"""The formats by name, and the two ways: a suite from a file, a file from a suite.

The surprising rule: the losses are written beside the output also where there are none.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
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
from policybook.exchange.options import Options
from policybook.problems import ParameterError, Problem, SuiteError, errors, quoted, unknown_value

HOME = "exports"
"""The folder of a suite in which exports stand where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the module and the function that hold it, what it makes, what it is in words."""

    module: str
    function: str
    name: str
    words: str


IMPORTS = {
    "dna": Format("dna_in", "read", "", "Discourse Network Analyzer 3 (.dna)"),
    "qdpx": Format("refi_in", "read_project", "", "a REFI-QDA project (.qdpx)"),
    "annotations": Format("annotations_in", "read", "", "W3C Web Annotations (JSON-LD)"),
    "qdc": Format("refi_in", "read_codebook", "", "a REFI-QDA codebook (.qdc)"),
}
"""What can be imported; each function takes a path and `Options` and returns a `Draft`."""

EXPORTS = {
    "dna": Format("dna_out", "export", "suite.dna", "Discourse Network Analyzer 3"),
    "qdpx": Format("refi_out", "export_qdpx", "suite.qdpx", "a project for QDA tools"),
    "qdc": Format("refi_out", "export_qdc", "codebook.qdc", "a codebook for QDA tools"),
    "annotations": Format("annotations_out", "export", "annotations", "W3C Web Annotations"),
    "graphml": Format("graphs", "export_graphml", "graphml", "the networks, for any graph tool"),
    "gexf": Format("graphs", "export_gexf", "gexf", "the networks, for Gephi"),
    "datapackage": Format("datapackage", "export", "datapackage", "a data package"),
    "xlsx": Format("sheets", "export_xlsx", "suite.xlsx", "the tables as a workbook"),
    "parquet": Format("sheets", "export_parquet", "parquet", "the tables as Parquet"),
    "jsonl": Format("sheets", "export_jsonl", "jsonl", "the tables as JSON lines"),
    "csl": Format("citations", "export_csl", "articles.csl.json", "references, CSL-JSON"),
    "bibtex": Format("citations", "export_bibtex", "articles.bib", "references, BibTeX"),
    "ris": Format("citations", "export_ris", "articles.ris", "references, RIS"),
    "cff": Format("citations", "export_cff", "CITATION.cff", "a reference to the suite itself"),
}
"""What can be exported; each function takes `Held` and returns a file, or files by their name."""


def import_suite(name: str, path: Path, out: Path, *, options: Options | None = None) -> Losses:
    """Make a new suite at `out` from a file of another tool, and `out`.losses.csv beside it.

    The suite passes every check of `policybook check`; its warnings are none of the losses.
    Raises `ExchangeError` and leaves nothing behind where the file cannot be taken in.
    """
    read = _function(name, IMPORTS)
    folder.refuse_taken(out)
    asked = options or Options()
    _refuse_options(asked)
    draft: Draft = read(path, asked)
    folder.suite(finish.files(draft), out)
    folder.output(draft.losses.table(), beside(out))
    return draft.losses


def export_suite(name: str, root: Path, out: Path | None = None) -> tuple[Path, Losses]:
    """Write a suite in the format of another tool, and its losses as a CSV beside it.

    Returns where it is, by default in exports/ of the suite. Raises `SuiteError` where the suite
    does not pass its checks, `ExchangeError` where a library the format needs is missing.
    """
    export = _function(name, EXPORTS)
    content = material.read(root)
    problems = check(content)
    if errors(problems):
        raise SuiteError(problems, rows=len(content.recommendations.cells))
    place = out or root / HOME / EXPORTS[name].name
    taken = held(content)
    folder.output(export(taken), place)
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


def _function(name: str, formats: dict[str, Format]) -> Callable[..., Any]:
    """Return the function of a format. Raises `ParameterError` for an unknown one."""
    if name not in formats:
        message, evidence, hint = unknown_value(value=name, what="a format", allowed=list(formats))
        problem = Problem("format", None, None, "format-unknown", message, evidence, hint)
        raise ParameterError([problem])
    module = importlib.import_module(f"policybook.exchange.{formats[name].module}")
    function: Callable[..., Any] = getattr(module, formats[name].function)
    return function
