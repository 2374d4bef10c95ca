"""Charts: DataFrame in, altair chart out; words from the codebook on every axis."""

from policybook.charts.ladder import ladder
from policybook.charts.matrix import matrix

__all__ = ["ladder", "matrix"]
