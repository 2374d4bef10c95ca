"""policybook: compare what authors prescribe, and show the sentence behind every claim.

Notebooks import from here; names are loaded when first used, so that the command line stays quick.
The surprising rule: no module of this folder may bear a public name, for once it is imported it
would stand in that name's place.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "open_suite": "policybook.suite",
    "Suite": "policybook.suite",
    "Selection": "policybook.suite",
    "SuiteError": "policybook.problems",
    "ParameterError": "policybook.problems",
    "Problem": "policybook.problems",
    **dict.fromkeys(
        (
            "answer", "before_you_quote", "colophon", "evidence", "figure", "further", "grid", "ladder", "left_out",
            "matrix", "opening", "quotations", "quotations_by_theme", "recommendations", "scope", "table",
            "about_article", "appearances", "diagnoses", "events", "reading_list", "receipts",
            "shifts", "timeline", "windows", "article_scope", "demands",
            "addressed", "asked_over_time", "conflicts", "dossier", "flow", "steps", "ways", "words_found",
            "passages_and_candidates",
            "comparison", "heatmap", "in_common", "one_sided", "side_by_side",
            "certificate", "explore", "firmness", "reads_otherwise", "settings_tried",
            "duplicates", "near", "normalised", "spoken_on", "ties",
        ),
        "policybook.exhibits",
    ),
    "changes": "policybook.together.changes",
    "changes_told": "policybook.together.changes",
    **dict.fromkeys(
        ("changed_findings", "changed_things", "changes_scope"), "policybook.together.changes_page"
    ),
    "coders": "policybook.together.coders",
    "coders_agree": "policybook.together.coders",
    **dict.fromkeys(
        (
            "agreement_by_column", "agreement_drawn", "coders_scope", "disagreements_that_turn",
            "further_disagreements",
        ),
        "policybook.together.coders_page",
    ),
}  # fmt: skip

_FAMILIES = ("findings", "measures", "robustness")
"""Packages that hold further public names: `pb.measures.coverage` needs no import of its own."""

__all__ = ["__version__", *_FAMILIES, *sorted(_HOMES)]  # noqa: PLE0604  (all of them are names)


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever the name stands for)
    """Return a public name from the module that holds it, or a package of public names."""
    if name in _FAMILIES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, for completion in a notebook."""
    return __all__
