"""The strength ladder: how firmly each article puts one theme, over its interval of publication."""

from __future__ import annotations

import altair as alt
import pandas as pd

from policybook.charts.style import COLOURS, INK, AnyChart, styled


def ladder(rows: pd.DataFrame, *, strengths: list[str], title: str) -> AnyChart:
    """Return the chart of recommendations by strength and time.

    `rows` has article (words), earliest and latest (days), strength and stance (words), signs
    and recommendations (a count). An interval is drawn as a bar as long as it is uncertain,
    never as a false day; days are UTC, so that no time zone moves them.
    """
    data = rows.assign(
        # A bar of one day would vanish in years: a day reaches to its end.
        earliest=rows["earliest"].dt.strftime("%Y-%m-%dT00:00:00Z"),
        latest=(rows["latest"] + pd.Timedelta(days=1)).dt.strftime("%Y-%m-%dT00:00:00Z"),
        middle=(rows["earliest"] + (rows["latest"] - rows["earliest"]) / 2).dt.strftime(
            "%Y-%m-%dT12:00:00Z"
        ),
    )
    base = alt.Chart(data, width=600, height=alt.Step(46)).encode(
        y=alt.Y(
            "strength:N",
            sort=strengths,
            scale=alt.Scale(domain=strengths),
            axis=alt.Axis(title=None, grid=True, labelPadding=8, ticks=False),
        )
    )
    scale = alt.Scale(type="utc", domain=_domain(rows), nice=False)
    axis = alt.Axis(title="Published", format="%b %Y", labelOverlap=True, tickCount=6)
    stances = [stance for stance in ("supports", "opposes") if stance in set(data["stance"])]
    colour = alt.Color(
        "stance:N",
        scale=alt.Scale(domain=stances, range=[COLOURS[s] for s in stances]),
        legend=alt.Legend(title="The author", orient="bottom"),
    )
    shape = alt.Shape(
        "stance:N", scale=alt.Scale(domain=stances, range=["circle", "square"][: len(stances)])
    )
    bars = base.mark_rule(strokeWidth=6, opacity=0.6, aria=False).encode(
        x=alt.X("earliest:T", scale=scale, axis=axis), x2="latest:T", color=colour.legend(None)
    )
    points = base.mark_point(
        size=170, filled=True, opacity=1, stroke=INK, strokeWidth=1, aria=False
    ).encode(
        x=alt.X("middle:T", scale=scale, axis=axis),
        color=colour,
        shape=shape.legend(title="The author", orient="bottom"),
    )
    names = base.mark_text(dy=-15, color=INK, fontSize=11, aria=False).encode(
        x=alt.X("middle:T", scale=scale, axis=axis), text="article:N"
    )
    return styled(alt.layer(bars, points, names), title=title)


def _domain(rows: pd.DataFrame) -> list[str]:
    """Return the ends of the time axis: the dates with room for names, and never a single day."""
    first, last = rows["earliest"].min(), rows["latest"].max()
    room = max(pd.Timedelta(days=150), (last - first) * 0.14)
    return [
        (first - room).strftime("%Y-%m-%dT00:00:00Z"),
        (last + room).strftime("%Y-%m-%dT00:00:00Z"),
    ]
