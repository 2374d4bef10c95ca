"""Charts: DataFrame in, altair chart out; words from the codebook on every axis."""

from policybook.charts.flow import flow
from policybook.charts.heatmap import heatmap
from policybook.charts.ladder import ladder
from policybook.charts.matrix import matrix
from policybook.charts.timeline import timeline

__all__ = ["flow", "heatmap", "ladder", "matrix", "timeline"]
