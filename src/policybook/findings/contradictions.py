"""Sentences on contradictions: within one voice, within one article, and between articles.

The surprising rule: whoever rejects a position that he relays rejects somebody's terms;
that is said apart, and never as a stance of his own on the instrument.
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.comparable import SPEAKER, compared, label_of, name_of
from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, names_of, number, sentence
from policybook.findings.independence import caveat, voice_groups
from policybook.findings.rows import called
from policybook.findings.wording import DOUBTFUL, marked, names_marked
from policybook.measures.contradictions import KINDS, SCOPES, contradictions, excluding
from policybook.measures.membership import limited
from policybook.suite import Row, Selection
from policybook.tables import OWN_VOICES, split

MOST = 12
"""Contradictions told one by one, kind by kind; the rest are counted."""

MOST_ROWS = 50_000
"""Of more rows only those of the compared articles are searched; the page says so."""

_UNSAID = {"objective": "the purpose", "target": "upon whom"}


@as_far_as_coded
def contradicting(selection: Selection, *, between: bool = False) -> list[Finding]:
    """Return what cannot be wanted at once, with what may dissolve it.

    `between` leaves out what stands within one article alone: positions relayed there.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    found = contradiction_lines(selection)
    if between:
        within = (found["kind"] == KINDS[2]) | (found["scope"] == SCOPES[1])
        found = found[~within]
    if found.empty:
        return [Finding("Contradictions found: none.", (), "contradiction-none", _hides(selection))]
    told = [_contradiction(selection, line) for line in found.iloc[:MOST].to_dict("records")]
    if rest := len(found) - len(told):
        text = f"Further contradictions, not told here: {number(rest)}."
        told.append(Finding(text, (), "contradiction-others", _hides(selection)))
    return told


def contradiction_lines(selection: Selection) -> pd.DataFrame:
    """Return the contradictions within the selection, as `measures.contradictions`.

    The compared articles' authors are set against each other; with a theme, only lines on it.
    Kind by kind; positions that are rejected without an opposite come last.
    """
    facts, by = selection.articles.set_index("id"), selection.by
    speakers = {
        one if by == SPEAKER else str(facts.loc[one, "speaker"]) for one in compared(selection)
    }
    rows = selection.rows
    if len(rows) > MOST_ROWS:
        rows = rows[rows[by].isin(compared(selection))]
    rows = limited(rows, selection.articles, book=selection.book)
    found = contradictions(rows, book=selection.book, between=speakers)
    if selection.theme:
        found = found[found["instruments"].map(lambda names: selection.theme in names).astype(bool)]
    alone = found["second"] == ""
    return found.assign(alone=alone).sort_values("alone", kind="stable", ignore_index=True)


def not_both(selection: Selection) -> list[Finding]:
    """Return which instruments shut each other out and are wanted by different authors, or speakers.

    One sentence for each two instruments, with who wants which; `MOST_ROWS` as in the lines.
    """
    by, rows = selection.by, selection.rows
    rows = rows if by == SPEAKER else rows[rows["voice"].isin(OWN_VOICES)]
    rows = rows[rows[by].isin(compared(selection))]
    if len(rows) > MOST_ROWS:
        return []
    rows = limited(rows, selection.articles, book=selection.book)
    found = excluding(rows, book=selection.book, between=set(map(str, rows["speaker"].unique())))
    found = found[found["scope"].isin(SCOPES[1:] if by == SPEAKER else SCOPES[2:])]
    if selection.theme:
        found = found[found["instruments"].map(lambda names: selection.theme in names).astype(bool)]
    return [_not_both(selection, mine) for _, mine in found.groupby("instruments", sort=False)]


def _not_both(selection: Selection, mine: pd.DataFrame) -> Finding:
    """Return who wants one and who the other of two instruments that shut each other out."""
    sides = [called(selection, mine[side]) for side in ("first", "second")]
    instruments = mine["instruments"].iloc[0]
    parts = [
        f"{label_of(selection, name)} – {few(_names_marked(selection, rows))}"
        for name, rows in zip(instruments, sides, strict=True)
    ]
    ids = tuple(dict.fromkeys(one for rows in sides for one in rows["id"]))
    some = ", for some pair of them" if len(mine) > 1 else ""
    text = f"Not both at once{some}: {'; '.join(parts)}."
    return Finding(text, ids, "not-both", "", " ".join(instruments))


def _names_marked(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return the names of the articles, or speakers, of rows, each marked by all of its rows."""
    if selection.by != SPEAKER:
        return names_marked(selection, rows)
    marks = marked(rows, SPEAKER)
    return [f"{name_of(selection, one)}{f' ({mark})' * bool(mark)}" for one, mark in marks.items()]


def _hides(selection: Selection) -> str:
    """Return what must be said where filters hide rows of any voice, or rows were not searched."""
    many = len(selection.rows) > MOST_ROWS
    parts = [
        "What the filters hide is not compared." if selection.narrowed else "",
        f"Sought in the {selection.by}s compared only." if many else "",
    ]
    return " ".join(part for part in parts if part)


def _contradiction(selection: Selection, line: Row) -> Finding:
    """Return one contradiction as a sentence."""
    rows = tuple(str(line[side]) for side in ("first", "second") if line[side])
    code = "rejected" if len(rows) == 1 else str(line["kind"]).replace(" ", "-")
    text = f"{_head(selection, line)} – {str(line['why']).rstrip('.')}."
    about = " ".join([str(line["kind"]), *line["instruments"], *line["speakers"]])
    return Finding(sentence(text), rows, code, _doubts(selection, line), about)


def _head(selection: Selection, line: Row) -> str:
    """Return who contradicts whom: the article or articles, and in which way."""
    names = few(names_of(selection.articles, line["articles"]))
    if line["kind"] == KINDS[2]:
        what = "author against the position relayed" if line["second"] else "relayed and rejected"
        return f"{names}, {what}"
    if line["kind"] == KINDS[0]:
        return f"{names}, for and against"
    labels = few(label_of(selection, name) for name in line["instruments"])
    not_both = "not both at once"
    if line["kind"] == KINDS[3]:
        not_both = "for the first, against what it presupposes"
    if line["scope"] == SCOPES[1]:
        relayed = (called(selection, [line["first"], line["second"]])["voice"] == "reported").all()
        whose = "two positions relayed" if relayed else "author and a position relayed"
        return f"{names}, {whose}, {not_both}: {labels}"
    scope = {SCOPES[0]: "in one voice", SCOPES[2]: "between articles"}
    return f"{names}, {scope[str(line['scope'])]}, {not_both}: {labels}"


def _doubts(selection: Selection, line: Row) -> str:
    """Return what may dissolve a contradiction, or qualify it."""
    said = []
    if not line["second"]:
        said.append("A rejected position is no stance on its instrument: its terms are rejected.")
    if line["conditional"]:
        said.append("Not under the same condition, which may dissolve it.")
    if line["loose"]:
        words = few(_UNSAID[part] for part in split(str(line["loose"])))
        said.append(f"Left open by one or both: {words}.")
    ids = [one for one in (line["first"], line["second"]) if one]
    if (called(selection, ids)["confidence"] == DOUBTFUL).any():
        said.append("Doubtful: a demand behind it may as well be read otherwise.")
    if int(line["pairs"]) > 1:
        said.append(f"The clearest of {number(int(line['pairs']))} pairs of demands.")
    if len(line["articles"]) > 1:
        said.append(_times(selection, line))
        said.append(caveat(selection, line["articles"], voice_groups(selection, line["articles"])))
    return " ".join(part for part in said if part)


def _times(selection: Selection, line: Row) -> str:
    """Return that two articles are of different times, where their dates cannot be the same."""
    facts = selection.articles[selection.articles["id"].isin(line["articles"])]
    if facts["latest"].min() >= facts["earliest"].max():
        return ""
    return "Written at different times: positions differ, nobody is said to have turned."
