"""Courses of action as steps in their order, and the means that serve an end."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import NOTHING, more_of, note_links
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.pieces import table
from policybook.exhibits.words import labels
from policybook.findings.finding import few, sentence
from policybook.findings.means import under
from policybook.findings.wording import rule, said_by
from policybook.measures import means as measure
from policybook.suite import COUNTING, Row, Selection
from policybook.table import split

MOST_COURSES = 20
"""Courses that a page spells out; more are counted."""

MOST_LINES = 60


def ways(selection: Selection, objective: str, theme: str = "") -> Exhibit:
    """Return the means that serve an end, each with its trigger, its number and who names it."""
    lines = measure.ways(
        selection.rows, objective=objective, instrument=theme, rule=rule(selection)
    )
    heading = sentence(COUNTING[rule(selection)])
    records = [_way(selection, line, heading) for line in lines.head(MOST_LINES).to_dict("records")]
    shown = table(pd.DataFrame(records), caption="Means towards the end", numbers=[heading])
    return Exhibit(joined([shown.html, more_of(len(lines), len(records), "lines")]), shown.text)


def _way(selection: Selection, line: Row, heading: str) -> dict[str, object]:
    """Return one means under one trigger as a line of the table."""
    ids = split(str(line["rows"]))
    kind = str(line["condition_type"])
    mine = selection.rows[selection.rows["id"].isin(ids)]
    name = selection.book.label("means", str(line["means"]))
    return {
        "By which means": joined([name, note_links(selection.suite, tuple(ids))]),
        "Stance": selection.book.label("stance", str(line["stance"])),
        "Trigger": selection.book.label("condition_type", kind) if kind else "none",
        heading: line["units"],
        "Who": few(said_by(selection, mine), most=4),
    }


def steps(selection: Selection, objective: str, theme: str = "") -> Exhibit:
    """Return the courses that serve an end as numbered steps, with triggers, words and notes.

    A course is shown whole: a step that serves another end says so. Rows of one passage are
    one step. Courses with several steps come first, then single demands.
    """
    lines = measure.courses(selection.rows, objective=objective, instrument=theme)
    if lines.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    rows = selection.rows.set_index("id", drop=False)
    courses = [mine for _, mine in lines.groupby("course", sort=False, observed=True)]
    courses.sort(key=lambda mine: int(mine["steps"].iloc[0]) == 1)
    shown = [_course(selection, mine, rows) for mine in courses[:MOST_COURSES]]
    more = more_of(len(courses), len(shown), "courses of action")
    text = "\n".join(
        selection.suite.passage(row) for row in rows.loc[lines["id"]].to_dict("records")
    )
    return Exhibit(tag("div", *shown, more, class_="steps"), text)


def _course(selection: Selection, lines: pd.DataFrame, rows: pd.DataFrame) -> Markup:
    """Return one course: who prescribes it, then its steps."""
    mine = rows.loc[list(lines["id"])]
    head = sentence("; ".join(said_by(selection, mine)))
    serving = dict(zip(lines["id"], lines["serves"], strict=True))
    items = [
        _step(selection, [dict(row) for row in mine.loc[list(part["id"])].to_dict("records")],
              int(str(step)), serving)
        for step, part in lines.groupby("step", sort=True)
    ]  # fmt: skip
    name = "ol" if int(lines["steps"].iloc[0]) > 1 else "ul"
    return tag("div", tag("h3", head), tag(name, *items))


def _step(selection: Selection, rows: list[Row], number: int, serving: dict[str, bool]) -> Markup:
    """Return one step: how and what, of whom and upon whom, its trigger, and the words."""
    suite = selection.suite
    facts = [_facts(selection, row, serves=serving[str(row["id"])]) for row in rows]
    words = dict.fromkeys(suite.passage(row) for row in rows)
    links = note_links(suite, tuple(str(row["id"]) for row in rows))
    heads = dict.fromkeys(_head(selection, row) for row in rows)
    return tag(
        "li",
        tag("div", tag("b", "; ".join(heads))),
        tag("div", " ".join(f"“{one}”" for one in words), links),
        *(tag("div", fact, class_="source") for fact in dict.fromkeys(facts)),
        value=number,
    )


def _head(selection: Selection, row: Row) -> str:
    """Return the means of a row and what is to be done by it."""
    suite, label = selection.suite, selection.book.label
    unsaid = row["means"] == measure.UNSPECIFIED
    means = "means not said" if unsaid else labels(suite, "means", row["means"])
    against = "against " if row["stance"] == "opposes" else ""
    return sentence(f"{means}: {against}{label('instrument', str(row['instrument']))}")


def _facts(selection: Selection, row: Row, *, serves: bool) -> str:
    """Return how firmly a row of a step is put, of whom, upon whom, and under which condition."""
    suite = selection.suite
    parts = [
        selection.book.label("strength", str(row["strength"])),
        f"of {labels(suite, 'actor', row['addressee']) or 'nobody named'}",
        f"upon {labels(suite, 'actor', row['target']) or 'nobody named'}",
    ]
    parts += [under(selection, row)] if row["condition"] else []
    other = f"serves another end: {labels(suite, 'objective', row['objective'])}"
    parts += [] if serves else [other]
    return " · ".join(parts)
