"""Exhibits: what a notebook shows, safe in a page and plain in a terminal."""

from policybook.exhibits.evidence import evidence, quotations, quotations_by_theme
from policybook.exhibits.figure import figure
from policybook.exhibits.html import Exhibit
from policybook.exhibits.pieces import (
    answer,
    before_you_quote,
    colophon,
    left_out,
    recommendations,
    scope,
    table,
)
from policybook.exhibits.plots import ladder, matrix

__all__ = [
    "Exhibit",
    "answer",
    "before_you_quote",
    "colophon",
    "evidence",
    "figure",
    "ladder",
    "left_out",
    "matrix",
    "quotations",
    "quotations_by_theme",
    "recommendations",
    "scope",
    "table",
]
