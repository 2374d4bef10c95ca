"""Robustness: whether a finding still stands when one setting is changed, one at a time."""

from policybook.robustness.changes import Ask, Setting, settings, untried
from policybook.robustness.tallies import COLUMNS, tally
from policybook.robustness.verdicts import breaking, broken, firm, unbroken, verdict

__all__ = [
    "COLUMNS",
    "Ask",
    "Setting",
    "breaking",
    "broken",
    "firm",
    "settings",
    "tally",
    "unbroken",
    "untried",
    "verdict",
]
