"""Courses of action as steps in their order, and the means that serve an end."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import NOTHING, more_of
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links
from policybook.exhibits.pieces import table
from policybook.exhibits.words import aims, labels
from policybook.findings.arguments import checked
from policybook.findings.finding import cited, sentence
from policybook.findings.rows import called, stepped_rows
from policybook.findings.wording import TELLING, counted_in, rule, said_by, sayers, what
from policybook.measures import means as measure
from policybook.suite import COUNTING, Row, Selection, row_ids
from policybook.tables import split

MOST_COURSES = 20
"""Courses that a page spells out; more are counted."""

MOST_LINES = 60

NO_ADDRESSEE, NO_TARGET = "nobody is named to act", "nobody is named to act upon"


@checked(objective="objective", theme="theme")
def ways(selection: Selection, objective: str, theme: str = "") -> Exhibit:
    """Return the means that serve an end, each with its trigger, its number and who names it.

    `objective` and `theme` are codes of the codebook's objectives and instruments, empty for any;
    `ParameterError` for any other.
    Numbers are by the counting rule of the selection; see `measures.ways`.
    """
    rows, by = stepped_rows(selection), rule(selection)
    lines = measure.ways(rows, objective=objective, instrument=theme, rule=by, ids=False)
    heading = sentence(COUNTING[rule(selection)])
    records = [_way(selection, line, heading) for line in lines.head(MOST_LINES).to_dict("records")]
    caption = f"Means towards the end, counted in {counted_in(selection)}"
    shown = table(pd.DataFrame(records), caption=caption, numbers=[heading])
    return Exhibit(joined([shown.html, more_of(len(lines), len(records), "lines")]), shown.text)


def _way(selection: Selection, line: Row, heading: str) -> dict[str, object]:
    """Return one means under one trigger as a line of the table."""
    mine = selection.rows[TELLING].take(line["rows"])
    kind = str(line["condition_type"])
    name = selection.book.label("means", str(line["means"]))
    return {
        "By which means": joined([sentence(name), note_links(selection.suite, row_ids(mine))]),
        "Stance": selection.book.label("stance", str(line["stance"])),
        "Trigger": selection.book.label("condition_type", kind) if kind else "none",
        heading: line["units"],
        "Who": sayers(selection, mine, most=4),
    }


@checked(objective="objective", theme="theme")
def steps(selection: Selection, objective: str, theme: str = "") -> Exhibit:
    """Return the courses that serve an end as numbered steps, with triggers, words and notes.

    A course is shown whole: a step that serves another end says so. Rows of one passage are
    one step. Courses with several steps come first, then single demands.
    `objective` and `theme` are codes of the codebook's objectives and instruments, empty for any;
    `ParameterError` for any other.
    See `measures.courses`.
    """
    lines = measure.courses(stepped_rows(selection), objective=objective, instrument=theme)
    if lines.empty:
        return Exhibit(tag("p", NOTHING, class_="nothing"), NOTHING)
    single = lines["steps"].to_numpy() == 1
    every = [*lines["course"][~single].unique(), *lines["course"][single].unique()]
    lines = lines[lines["course"].isin(every[:MOST_COURSES])]
    rows = called(selection, lines["id"]).set_index("id", drop=False)
    each = dict(iter(lines.groupby("course", sort=False, observed=True)))
    to = (objective, theme)
    shown = [_course(selection, each[name], rows, to=to) for name in every[:MOST_COURSES]]
    more = more_of(len(every), len(shown), "courses of action")
    text = "\n".join(selection.suite.passage(row) for row in rows.to_dict("records"))
    return Exhibit(tag("div", *shown, more, class_="steps"), text)


def _course(
    selection: Selection, lines: pd.DataFrame, rows: pd.DataFrame, *, to: tuple[str, str]
) -> Markup:
    """Return one course: who prescribes it, then its steps."""
    head = sentence("; ".join(said_by(selection, rows.loc[list(lines["id"])])))
    items = [
        _step(
            selection, rows.loc[list(part["id"])].to_dict("records"), number=int(str(step)), to=to
        )
        for step, part in lines.groupby("step", sort=True)
    ]
    name = "ol" if int(lines["steps"].iloc[0]) > 1 else "ul"
    return tag("div", tag("h3", head), tag(name, *items))


def _step(selection: Selection, rows: Sequence[Row], *, number: int, to: tuple[str, str]) -> Markup:
    """Return one step: how and what, the words, then of whom, upon whom, and its trigger."""
    suite = selection.suite
    facts = dict.fromkeys(_facts(selection, row, to=to) for row in rows)
    words = dict.fromkeys(suite.passage(row) for row in rows)
    links = note_links(suite, tuple(str(row["id"]) for row in rows))
    heads = dict.fromkeys(_head(selection, row) for row in rows)
    return tag(
        "li",
        tag("div", tag("b", "; ".join(heads))),
        tag("div", " ".join(cited(one) for one in words), links),
        *(tag("div", fact, class_="source") for fact in facts),
        value=number,
    )


def _other(selection: Selection, row: Row, to: tuple[str, str]) -> str:
    """Return why a step does not serve the end of the page, empty where it does."""
    objective, theme = to
    if objective and objective not in split(str(row["objective"])):
        return f"serves another end: {aims(selection.suite, row)}"
    return "by another instrument" if theme and row["instrument"] != theme else ""


def _head(selection: Selection, row: Row) -> str:
    """Return the means of a row and what is to be done by it."""
    suite = selection.suite
    unsaid = row["means"] == measure.UNSPECIFIED
    means = "means not said" if unsaid else labels(suite, "means", row["means"])
    against = "against " if row["stance"] == "opposes" else ""
    return sentence(f"{means}: {against}{what(selection.book, row)}")


def _facts(selection: Selection, row: Row, *, to: tuple[str, str]) -> str:
    """Return how firmly a row of a step is put, of whom, upon whom, and under which condition."""
    suite = selection.suite
    parts = [
        selection.book.label("strength", str(row["strength"])),
        f"of {actors}" if (actors := labels(suite, "actor", row["addressee"])) else NO_ADDRESSEE,
        f"upon {upon}" if (upon := labels(suite, "actor", row["target"])) else NO_TARGET,
    ]
    if row["condition"]:
        kind = selection.book.label("condition_type", str(row["condition_type"]))
        parts.append(f"{kind}: {cited(suite.passage(row, 'condition'))}")
    parts += [other] if (other := _other(selection, row, to)) else []
    return " · ".join(parts)
