"""Measures: DataFrame in, DataFrame out; the formula and its source in each docstring."""

from policybook.measures.counting import RULES, tally, units
from policybook.measures.coverage import STATES, coverage

__all__ = ["RULES", "STATES", "coverage", "tally", "units"]
