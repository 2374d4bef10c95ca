"""Charts: DataFrame in, altair chart out; words from the codebook on every axis."""

import policybook.charts.early  # noqa: F401  (before the charts, whose import takes twice as long otherwise)
from policybook.charts.dots import dots
from policybook.charts.flow import flow
from policybook.charts.heatmap import heatmap
from policybook.charts.intervals import intervals
from policybook.charts.ladder import ladder, rungs
from policybook.charts.matrix import matrix
from policybook.charts.network import network
from policybook.charts.timeline import timeline

__all__ = [
    "dots", "flow", "heatmap", "intervals", "ladder", "matrix", "network", "rungs", "timeline",
]  # fmt: skip
