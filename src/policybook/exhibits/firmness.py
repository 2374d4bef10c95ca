"""How firm findings are: the dots, what was tried, what reads otherwise, and the certificate.

The surprising rule: a chart leaves out settings that break nothing before it leaves out any that do,
and counts what it leaves out.
"""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import more_of
from policybook.exhibits.figure import figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import proof_links
from policybook.exhibits.pieces import table
from policybook.findings.comparable import none_or
from policybook.findings.finding import Finding, cited, few, number, sentence
from policybook.robustness import untried
from policybook.robustness.changes import CHANGES
from policybook.robustness.verdicts import UNTRIED, head
from policybook.suite import Row, Selection

MOST_FINDINGS, MOST_SETTINGS = 24, 12
"""Rows and columns of a chart of dots: those with most breaks; the rest are counted."""

MOST_LINES = 60
"""Lines of one table."""

FIRMNESS = "Firmness"
"""What the tally is called in a certificate."""


def firmness(
    selection: Selection,
    tally: pd.DataFrame,
    *,
    title: str = "Which findings hold, and under what",
) -> Exhibit:
    """Return a tally as dots: findings down, settings across.

    `tally` is what `robustness.tally` or `robustness.tally_of` returns.
    """
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)

    if tally.empty:
        return _nothing(UNTRIED)
    drawn = _most_broken(tally, "setting", MOST_SETTINGS)
    drawn = _most_broken(drawn, "place", MOST_FINDINGS)
    numbered = drawn.assign(place=drawn["place"] + 1)
    return figure(
        charts.dots(numbered, title=title),
        description=_described(tally, drawn),
        data=_crossed(selection, numbered),
        caption="Each finding, and what each setting does to it",
    )


def _nothing(text: str) -> Exhibit:
    """Return the sentence that stands in place of an empty exhibit."""
    return Exhibit(tag("p", text, class_="nothing"), text)


def _most_broken(tally: pd.DataFrame, column: str, most: int) -> pd.DataFrame:
    """Return the lines of those findings or settings that most breaks fall upon, in their order."""
    breaks = (~tally["holds"]).groupby(tally[column], sort=False).sum()
    kept = breaks.sort_values(ascending=False, kind="stable").index[:most]
    return tally[tally[column].isin(kept)]


def _described(tally: pd.DataFrame, drawn: pd.DataFrame) -> str:
    """Return what the dots show, in words that stand for them."""
    dots, breaks = len(drawn), int((~drawn["holds"]).sum())
    counts = f"Drawn: {dots:,}; of these with a cross: {none_or(breaks)}."
    parts = [
        "Findings down, one changed setting in each column.",
        f"A full dot where the finding holds, a hollow one with a cross where it breaks. {counts}",
        "Long sentences are shortened beside the dots and stand in full in the certificate.",
    ]
    for column, what in (("setting", "setting"), ("place", "finding")):
        more = tally[column].nunique() - drawn[column].nunique()
        if more:
            some = f"{number(more)} {what}{'s' * (more > 1)}"
            parts.append(f"Left out of the drawing, with no more crosses than these: {some}.")
    return " ".join(parts)


def _crossed(selection: Selection, tally: pd.DataFrame) -> pd.DataFrame:
    """Return a tally with findings down and settings across, each finding with its notes."""
    result = tally["holds"].map({True: "holds", False: "breaks"})
    told = tally.assign(result=result)
    wide = told.pivot_table(index="place", columns="setting", values="result", aggfunc="first")
    wide = wide.reindex(columns=list(dict.fromkeys(tally["setting"])))
    firsts = tally.drop_duplicates("place").set_index("place").loc[wide.index]
    says = [_noted(selection, line) for line in firsts.to_dict("records")]
    wide.insert(0, "What it says", says)
    wide.insert(0, "Finding", [str(place) for place in wide.index])
    return wide.rename_axis(columns=None).reset_index(drop=True)


def settings_tried(selection: Selection, tally: pd.DataFrame) -> Exhibit:
    """Return which settings were changed, by kind, and what was not tried."""
    tried = tally.drop_duplicates("setting")
    items = [
        f"{sentence(words)}: {few(tried.loc[tried['change'] == change, 'setting'], most=8, mark=';')}."
        for change, words in CHANGES.items()
        if change in set(tried["change"])
    ]
    items += untried(selection)
    if not items:
        return _nothing(UNTRIED)
    return Exhibit(tag("ul", *(tag("li", item) for item in items)), "\n".join(items))


def reads_otherwise(selection: Selection, tally: pd.DataFrame) -> Exhibit:
    """Return what is said in place of each finding under each setting that breaks it.

    Where nothing is said in its place there is no line: the certificate names such settings.
    """
    missing = tally[~tally["holds"] & (tally["text"] != "")]
    if missing.empty:
        return _nothing("Nothing else is said in a finding's place, under any setting tried.")
    lines = [
        {
            "Finding": _noted(selection, line),
            "Again": _noted(selection, {**line, "finding": "the same"}),
            "Setting": sentence(line["setting"]),
            "Said there": line["text"],
        }
        for line in missing.head(MOST_LINES).to_dict("records")
    ]
    made = table(
        _once(lines), caption="What is said instead, under each setting that breaks a finding"
    )
    return Exhibit(joined([made.html, more_of(len(missing), len(lines), "lines")]), made.text)


def _noted(selection: Selection, line: Row) -> Markup:
    """Return a finding with the notes that prove it."""
    proof = Finding("", line["rows"], articles=line["articles"])
    return joined([line["finding"], proof_links(selection, proof)])


def _once(lines: list[dict[str, object]]) -> pd.DataFrame:
    """Return lines as a table in which a finding stands once, above its settings."""
    shown = pd.DataFrame(lines)
    again = shown["Finding"].astype(str).eq(shown["Finding"].astype(str).shift())
    return shown.assign(Finding=shown["Finding"].where(~again, shown.pop("Again")))


def certificate(selection: Selection, *tallies: pd.DataFrame) -> Exhibit:
    """Return the full tally, one line a finding: under how many settings it holds, and which break it."""
    lines = [
        _line(selection, found)
        for tally in tallies
        for _, found in tally.groupby("place", sort=True)
    ]
    if not lines:
        return _nothing(UNTRIED)
    made = table(
        pd.DataFrame(lines[:MOST_LINES]), caption="The full tally", numbers=("Tried", "Holds")
    )
    more = more_of(len(lines), len(lines[:MOST_LINES]), "findings")
    return Exhibit(joined([made.html, more]), made.text)


def _line(selection: Selection, found: pd.DataFrame) -> dict[str, object]:
    """Return one finding with the settings that break it; the rest it holds under."""
    missing = found.loc[~found["holds"], "setting"]
    first = found.iloc[0]
    return {
        "Finding": _noted(selection, first.to_dict()),
        "Tried": len(found),
        "Holds": len(found) - len(missing),
        "Breaks": sentence("; ".join(map(str, missing))) or "never",
    }


def tally_in_words(tally: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the tally of a page as facts of its certificate: the settings by number, and what each breaks.

    Of very many settings or findings the rest is counted.
    """
    if tally.empty:
        return []
    settings = {words: n for n, words in enumerate(tally["setting"].unique(), 1)}
    tried = few((f"({n}) {words}" for words, n in settings.items()), most=MOST_LINES, mark=";")
    said = [f"{int(tally['holds'].sum()):,} of {len(tally):,} times a finding holds"]
    broken, firm = [], []
    for _, lines in tally.groupby("place", sort=True):
        name = cited(head(str(lines["finding"].iloc[0])))
        by = [f"({settings[words]})" for words in lines.loc[~lines["holds"], "setting"]]
        firm += [name] * (not by)
        broken += [f"{name} {few(by, most=MOST_LINES)}"] if by else []
    for what, names in (("not under", broken), ("under all", firm)):
        said += [f"{what}: {few(names, most=MOST_LINES, mark=';')}"] if names else []
    return [("Settings tried", f"{tried}."), (FIRMNESS, f"{'. '.join(map(sentence, said))}.")]
