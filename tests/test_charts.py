"""Charts: what is made without altair's checks passes them."""

from collections.abc import Callable

import altair as alt
import pandas as pd
import pytest
from altair.utils.schemapi import SchemaValidationError

import policybook as pb
from policybook.charts import dots, network
from policybook.charts.style import styled
from policybook.exhibits.figure import Figure, _spec
from policybook.suite import Selection, Suite

DRAWN: dict[str, Callable[[Selection], object]] = {
    "matrix": pb.matrix,
    "timeline": pb.timeline,
    "ladder": pb.ladder,
    "heatmap": lambda selection: pb.heatmap(selection, strict=True),
    "flow": pb.flow,
    "intervals": lambda selection: pb.agreement_drawn(pb.coders(selection.suite)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_is_valid(shipped: Suite, name: str) -> None:
    """Every kind of chart is what the schema of Vega-Lite allows, and what altair itself makes of it."""
    selection = shipped.select(theme="sanctions" if name in ("ladder", "heatmap") else "")
    shown = DRAWN[name](selection)
    assert isinstance(shown, Figure)
    wanted = shown.chart.to_dict(validate=True)
    del wanted["$schema"]
    assert _spec(shown.chart) == wanted


def test_charts_of_tables_are_valid() -> None:
    """So are those that a notebook makes of a table: dots, and a network as a matrix."""
    tally = pd.DataFrame({"place": [1], "finding": ["f"], "setting": ["s"], "holds": [False]})
    assert dots(tally, title="t").to_dict(validate=True)
    cells = pd.DataFrame({"row": ["a"], "column": ["b"], "weight": [-1.0]})
    assert network(cells, rows=["a"], columns=["b"], title="t").to_dict(validate=True)


def test_a_wrong_chart_is_found() -> None:
    """The check that charts are put to finds a chart that is none."""
    chart = styled(alt.Chart(alt.Data(values=[])).mark_bar(), title="t")
    chart.height = {"no": "height"}
    with pytest.raises(SchemaValidationError):
        chart.to_dict(validate=True)
