"""Exhibits: what a notebook shows, safe in a page and plain in a terminal."""

from policybook.exhibits.actors import addressed, asked_over_time, conflicts, dossier
from policybook.exhibits.appendix import evidence
from policybook.exhibits.article import about_article, article_scope, demands
from policybook.exhibits.candidates import passages_and_candidates
from policybook.exhibits.chronicle import (
    appearances,
    diagnoses,
    events,
    reading_list,
    receipts,
    shifts,
)
from policybook.exhibits.comparison import comparison, in_common, one_sided, side_by_side
from policybook.exhibits.evidence import quotations, quotations_by_theme
from policybook.exhibits.explore import explore
from policybook.exhibits.figure import figure
from policybook.exhibits.firmness import certificate, firmness, reads_otherwise, settings_tried
from policybook.exhibits.flow import flow
from policybook.exhibits.heat import heatmap
from policybook.exhibits.html import Exhibit
from policybook.exhibits.networks import duplicates, near, normalised, spoken_on, ties
from policybook.exhibits.opening import further, grid, opening
from policybook.exhibits.order import timeline
from policybook.exhibits.pieces import (
    answer,
    before_you_quote,
    left_out,
    recommendations,
    scope,
    table,
)
from policybook.exhibits.plots import ladder, matrix
from policybook.exhibits.provenance import colophon
from policybook.exhibits.steps import steps, ways
from policybook.exhibits.windows import windows
from policybook.exhibits.words_found import words_found

__all__ = [
    "Exhibit",
    "about_article",
    "addressed",
    "answer",
    "appearances",
    "article_scope",
    "asked_over_time",
    "before_you_quote",
    "certificate",
    "colophon",
    "comparison",
    "conflicts",
    "demands",
    "diagnoses",
    "dossier",
    "duplicates",
    "events",
    "evidence",
    "explore",
    "figure",
    "firmness",
    "flow",
    "further",
    "grid",
    "heatmap",
    "in_common",
    "ladder",
    "left_out",
    "matrix",
    "near",
    "normalised",
    "one_sided",
    "opening",
    "passages_and_candidates",
    "quotations",
    "quotations_by_theme",
    "reading_list",
    "reads_otherwise",
    "receipts",
    "recommendations",
    "scope",
    "settings_tried",
    "shifts",
    "side_by_side",
    "spoken_on",
    "steps",
    "table",
    "ties",
    "timeline",
    "ways",
    "windows",
    "words_found",
]
