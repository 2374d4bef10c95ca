"""The addressee flow: who tells whom to act, and upon whom; lines as wide as what is asked.

Three columns of names with two strips of lines between them. The surprising rule: the middle
column has a gutter of its own, so that no line crosses a name, and the two strips do not add up:
a demand on two actors is a line to each.
"""

from __future__ import annotations

import textwrap
from typing import Literal

import altair as alt
import pandas as pd

from policybook.charts.style import COLOURS, INK, AnyChart, layered, styled, told, unchecked

WIDTH = 700
STEP = 42
"""Pixels of the chart across, and from one name to the next."""

STRIPS = ((178, 268), (432, 522))
"""Where the lines of each strip begin and end; names stand before, between and behind."""

SIDES: tuple[Literal["right", "center", "left"], ...] = ("right", "center", "left")
"""Towards which the names of each column are written."""

HEADS = ("Who speaks", "Who is to act", "Upon whom")
LETTERS = 24
"""Letters of a name on one line."""

WIDEST = 12
"""Pixels of the widest line; widths are in proportion to what they stand for."""

FEW = 5
"""Where no line stands for so many, none is as wide as that: one is not made to look like much."""

BESIDE = 6
"""Pixels by which a line against a thing runs below one for it, between the same two."""

LINE = 13
"""Pixels from one line of a name to the next."""

TOLD = {"from": "From", "to": "To", "stance": "Stance", "units": "How many"}
"""What a pointer reveals of a line: columns, and their names."""

DASHES = {"supports": [1, 0], "opposes": [5, 3]}
"""How the line of each stance is drawn."""


@unchecked
def flow(
    tells: pd.DataFrame, acts: pd.DataFrame, *, title: str, bottom: tuple[str, ...] = ()
) -> AnyChart:
    """Return the chart of two tables of lines: speaker to addressee, addressee to target.

    Each has `start` and `end` (names as they are to be read), `from` and `to` (as a pointer
    reveals them), stance and units. Speakers stand
    in the order in which they come; the other columns so that lines cross little, names that
    are among `bottom` last.
    """
    first = list(dict.fromkeys(tells["start"]))
    middle = sorted(_ordered(tells, first, [*acts["start"]]), key=bottom.__contains__)
    last = sorted(_ordered(acts, middle, []), key=bottom.__contains__)
    height = STEP * max(len(first), len(middle), len(last))
    places = [_places(names, height) for names in (first, middle, last)]
    lines = pd.concat([_lines(tells, places[:2], 0), _lines(acts, places[1:], 1)])
    apart = _apart(lines)
    names = pd.concat([_names(column, at) for at, column in enumerate(places)])
    layers = [_ruled(apart, height), _dots(lines, height), *_written(names, height)]
    return styled(layered(*layers), title=title)


def _ordered(lines: pd.DataFrame, before: list[str], more: list[str]) -> list[str]:
    """Return the ends of lines by the mean place of their starts, then names without a line here.

    >>> _ordered(pd.DataFrame({"start": ["a", "b"], "end": ["y", "x"]}), ["a", "b"], ["z"])
    ['y', 'x', 'z']
    """
    rank = {name: place for place, name in enumerate(before)}
    means = lines.assign(place=lines["start"].map(rank)).groupby("end", sort=False)["place"].mean()
    found = [str(name) for name in means.sort_values(kind="stable").index]
    return list(dict.fromkeys([*found, *more]))


def _places(names: list[str], height: int) -> dict[str, float]:
    """Return how far down each name of a column stands."""
    return {name: height * (at + 0.5) / len(names) for at, name in enumerate(names)}


def _lines(lines: pd.DataFrame, places: list[dict[str, float]], strip: int) -> pd.DataFrame:
    """Return the lines of a strip with the places of both ends, the widest drawn first."""
    left, right = STRIPS[strip]
    drawn = lines.assign(
        x=left, x2=right, y=lines["start"].map(places[0]), y2=lines["end"].map(places[1])
    )
    columns = ["x", "x2", "y", "y2", "stance", "units", "from", "to"]
    # What is opposed comes last: nothing wide is drawn over its dashes.
    drawn = drawn.assign(against=drawn["stance"] == "opposes")
    drawn = drawn.sort_values(["against", "units"], ascending=[True, False], kind="stable")
    return drawn[columns]


def _apart(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines of which those against a thing run beside those for it between the same two."""
    ends = ["x", "y", "y2"]
    beside = lines.duplicated(ends, keep=False) & (lines["stance"] == "opposes")
    return lines.assign(**{y: lines[y] + BESIDE * beside for y in ("y", "y2")})


def _names(places: dict[str, float], column: int) -> pd.DataFrame:
    """Return the names of a column with their places and their side, long ones on two lines."""
    x = (STRIPS[0][0] - 10, sum((STRIPS[0][1], STRIPS[1][0])) / 2, STRIPS[1][1] + 10)[column]
    wrapped = ["|".join(textwrap.wrap(name, LETTERS)) for name in places]
    raised = [LINE / 2 * name.count("|") for name in wrapped]
    y = [place - up for place, up in zip(places.values(), raised, strict=True)]
    return pd.DataFrame({"x": x, "y": y, "name": wrapped, "column": column})


def _based(data: pd.DataFrame, height: int) -> alt.Chart:
    """Return a chart of places in pixels, counted down from the top."""
    across = alt.Scale(domain=[0, WIDTH], nice=False, zero=False)
    down = alt.Scale(domain=[0, height], nice=False, zero=False, reverse=True)
    return alt.Chart(data, width=WIDTH, height=height).encode(
        x=alt.X("x:Q", scale=across, axis=None), y=alt.Y("y:Q", scale=down, axis=None)
    )


def _ruled(lines: pd.DataFrame, height: int) -> alt.Chart:
    """Return the lines: width by units, colour and dashes by stance."""
    stances = [stance for stance in DASHES if stance in set(lines["stance"])]
    most = int(lines["units"].max())
    legend = alt.Legend(title="What is asked", orient="bottom", symbolType="stroke", symbolSize=900)
    widths = alt.Legend(
        title="How many", orient="bottom", values=sorted({1, (most + 1) // 2, most}),
        symbolStrokeColor="#8a9099", format="d", symbolType="stroke", symbolSize=900,
    )  # fmt: skip
    drawn: alt.Chart = _based(lines, height).mark_rule(aria=False).encode(
        x2=alt.X2("x2"), y2=alt.Y2("y2"), tooltip=told(**TOLD),
        opacity=alt.OpacityValue(0.75, condition={"test": "datum.stance == 'opposes'", "value": 1}),
        strokeWidth=alt.StrokeWidth(
            "units:Q", legend=widths, scale=alt.Scale(domain=[0, max(FEW, most)], range=[0, WIDEST])
        ),
        color=alt.Color(
            "stance:N", legend=legend,
            scale=alt.Scale(domain=stances, range=[COLOURS[s] for s in stances]),
        ),
        strokeDash=alt.StrokeDash(
            "stance:N", legend=legend,
            scale=alt.Scale(domain=stances, range=[DASHES[s] for s in stances]),
        ),
    )  # fmt: skip
    return drawn


def _dots(lines: pd.DataFrame, height: int) -> alt.Chart:
    """Return a dot at each end of a line."""
    ends = [
        lines[list(pair)].set_axis(["x", "y"], axis="columns")
        for pair in (("x", "y"), ("x2", "y2"))
    ]
    dots = pd.concat(ends).drop_duplicates()
    drawn: alt.Chart = _based(dots, height).mark_circle(size=36, opacity=1, color=INK, aria=False)
    return drawn


def _written(names: pd.DataFrame, height: int) -> list[alt.Chart]:
    """Return the names, and above each column what it is."""
    layers = []
    for column, align in enumerate(SIDES):
        mine = names[names["column"] == column]
        x = float(mine["x"].iloc[0])
        head = pd.DataFrame({"x": [x], "y": [-14.0], "name": [HEADS[column]]})
        for data, bold in ((mine, False), (head, True)):
            layers.append(
                _based(data, height).mark_text(
                    align=align, baseline="middle", fontSize=12, color=INK, lineBreak="|",
                    fontWeight="bold" if bold else "normal", lineHeight=LINE, aria=False,
                ).encode(text=alt.Text("name:N"))
            )  # fmt: skip
    return layers
