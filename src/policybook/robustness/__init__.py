"""Robustness: whether a finding still stands when one setting is changed, one at a time."""

from policybook.robustness.changes import Ask, Setting, settings, untried
from policybook.robustness.page import doubts, tried
from policybook.robustness.questions import QUESTIONS, Question, tally_of
from policybook.robustness.tallies import COLUMNS, tally
from policybook.robustness.verdicts import breaking, broken, firm, unbroken, verdict

__all__ = [
    "COLUMNS",
    "QUESTIONS",
    "Ask",
    "Question",
    "Setting",
    "breaking",
    "broken",
    "doubts",
    "firm",
    "settings",
    "tally",
    "tally_of",
    "tried",
    "unbroken",
    "untried",
    "verdict",
]
