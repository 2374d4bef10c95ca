"""Findings: measures in, sentences with row ids out."""

from policybook.findings.coverage import (
    most_shared,
    prescribes_nothing,
    states,
    who_recommends_what,
)
from policybook.findings.finding import Finding
from policybook.findings.theme import one_theme, theme_rows

__all__ = [
    "Finding",
    "most_shared",
    "one_theme",
    "prescribes_nothing",
    "states",
    "theme_rows",
    "who_recommends_what",
]
