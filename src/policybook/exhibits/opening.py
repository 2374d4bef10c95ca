"""The first screen of a briefing: the answer, a grid, two quotations, who stands apart, one caveat.

The surprising rule: the answer has sixty words at most. `further` holds what did not fit,
so that the two together are the whole answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links, proof_links
from policybook.exhibits.pieces import answer
from policybook.exhibits.words import attitude, dated, speaker
from policybook.findings.finding import Finding, cited, few, names_of, number, sentence
from policybook.findings.opening import brief, one_caveat, stand_apart
from policybook.findings.rows import called
from policybook.findings.wording import DOUBTFUL, RELAYED, what
from policybook.findings.words import has_word, rows_with_word, word_rows
from policybook.measures.counting import countable, units
from policybook.measures.coverage import OWN
from policybook.suite import Row, Selection, row_ids
from policybook.tables import split

MOST_COURSES = 5
"""Columns of the grid; the courses of action beyond are named."""

MOST_IN_CELL = 2
"""Names in one cell of the grid, and notes behind one of its columns."""

LONG = 280
"""Characters from which on a quotation is chosen for a first screen only for want of a shorter."""

CANDIDATES = 200
"""Rows, the strongest, among which two quotations are chosen."""


def opening(  # noqa: PLR0913  (one argument for each way in which a page may be about something)
    selection: Selection,
    findings: Sequence[Finding],
    about: pd.DataFrame | None = None,
    seen: pd.DataFrame | None = None,
    *,
    behind: pd.DataFrame | None = None,
    word: str = "",
) -> Exhibit:
    """Return what a reader sees first.

    `about` holds the rows of the theme, actor, end or pair that the page is about:
    they are laid out as a grid of their strongest courses of action. `seen` holds the diagnoses
    that it is about, by default those of the same articles. Of a page on a `word` only quotations
    with it are shown, and of one on findings those of the rows `behind` them, a column of ids.
    """
    short = brief(selection, findings)
    about = about if about is None else about.drop_duplicates("id")
    shown = _behind(selection, short, behind) if about is None else about
    shown = rows_with_word(selection, word) if word else shown
    apart = stand_apart(selection, about, seen)
    said = [finding.caveat for finding in short]
    parts = [
        answer(selection, short),
        *([] if about is None else [grid(selection, about)]),
        _two(selection, shown, word),
        *(_aside(selection, finding) for finding in apart),
    ]
    where = "behind this answer" if about is None else "in the grid"
    among = word_rows(selection, word)["article"].unique().tolist() if word else None
    caveat = one_caveat(selection, shown, said=said, where=where, among=among).text
    html = tag(
        "div",
        *(part.html for part in parts),
        tag("p", caveat, class_="caveat"),
        class_="opening",
    )
    return Exhibit(html, "\n".join([*(part.text for part in parts if part.text), caveat]))


def further(selection: Selection, findings: Sequence[Finding]) -> Exhibit:
    """Return the findings that the opening had no room for.

    Where it had, a sentence, which a page leaves out with its heading.
    """
    short = brief(selection, findings)
    rest = [finding for finding in findings if finding not in short]
    if not rest:
        text = "There is no more to the answer."
        return Exhibit(tag("p", text, class_="nothing spare"), text)
    return answer(selection, rest)


def _aside(selection: Selection, finding: Finding) -> Exhibit:
    """Return a finding as a plain sentence with its notes."""
    notes = proof_links(selection, finding)
    return Exhibit(tag("p", finding.text, notes, class_="aside"), finding.text)


_ON_ALL = ("read", "yield", "coders-")
"""How the codes begin of sentences that are about all that is selected, and name no row."""


def _behind(
    selection: Selection, findings: Sequence[Finding], behind: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the recommendations behind findings; all that are selected where one is about all."""
    if any(finding.code.startswith(_ON_ALL) for finding in findings):
        return selection.rows
    told = (finding.rows for finding in findings) if behind is None else behind["rows"]
    return called(selection, (row for rows in told for row in rows))


def _strongest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ranks of rows: the authors' own first, then the firmest, articles taking turns.

    Columns: relayed, firm, turn, order, and `at`, the place of the row in the table given.
    """
    relayed = ~rows["voice"].isin(OWN).to_numpy()
    firm = rows["strength"].cat.codes.to_numpy() if len(rows) else np.zeros(0, dtype=int)
    order = rows["order"].to_numpy()
    # numpy sorts by the last key first, and a million rows in a tenth of the time pandas takes.
    at = np.lexsort((rows["start"].to_numpy(), order, firm, relayed))
    groups = np.stack([relayed[at], firm[at], order[at]])
    turn = _places_in_runs(groups)
    again = np.lexsort((groups[2], turn, groups[1], groups[0]))
    names = ("relayed", "firm", "order")
    columns = {name: group[again] for name, group in zip(names, groups, strict=True)}
    return pd.DataFrame({**columns, "turn": turn[again], "at": at[again]})


def _places_in_runs(groups: np.ndarray) -> np.ndarray:
    """Return the place, from 0, of each column in its run of equal columns.

    >>> _places_in_runs(np.array([[1, 1, 2, 2, 2, 1]])).tolist()
    [0, 1, 0, 1, 2, 0]
    """
    many = groups.shape[1]
    begins = np.ones(many, dtype=bool)
    begins[1:] = (groups[:, 1:] != groups[:, :-1]).any(axis=0)
    first = np.flatnonzero(begins)
    return np.arange(many) - np.repeat(first, np.diff(np.append(first, many)))


def _ranked(rows: pd.DataFrame, ranks: pd.DataFrame) -> pd.DataFrame:
    """Return those rows that ranks are of, in their order, each with its rank."""
    names = ("relayed", "firm", "turn")
    return rows.iloc[ranks["at"]].assign(**{name: ranks[name].to_numpy() for name in names})


def grid(selection: Selection, rows: pd.DataFrame) -> Exhibit:
    """Return the strongest courses of action side by side: says, acts, on, to (what end), by, if, strength.

    An author's own come before relayed ones, which say so.
    """
    if rows.empty:
        return Exhibit(Markup(""), "")
    ranks = _strongest(rows)
    keys = units(rows, rule="courses").to_numpy()[ranks["at"]]
    chosen = pd.unique(keys)[:MOST_COURSES]
    courses = [_ranked(rows, ranks[keys == key]).sort_values(["firm", "start"]) for key in chosen]
    head = [tag("td", ""), *(tag("th", _heading(selection, c), scope="col") for c in courses)]
    lines = [_line(selection, name, cell, courses) for name, cell in _CELLS.items()]
    total = len(pd.unique(keys))
    caption = f"Courses of action, authors' own before relayed ones, then the firmest: {len(courses)} of {total:,}"
    beyond = ranks.loc[~pd.Series(keys).isin(chosen).to_numpy(), "at"]
    needed = list(dict.fromkeys([*countable(rows), "id", "article", "voice"]))
    rest = _rest(selection, rows[needed].iloc[beyond])
    table = tag(
        "table",
        tag("caption", caption, class_="unseen"),
        tag("thead", tag("tr", *head)),
        tag("tbody", *lines),
    )
    html = tag("div", table, class_="table grid", tabindex="0")
    return Exhibit(joined([html, rest]), caption)


_FOR = {"supports": "for", "opposes": "against"}


def _heading(selection: Selection, course: pd.DataFrame) -> str:
    """Return what a course of action is for and against, instrument by instrument."""
    parts = []
    for stance, word in _FOR.items():
        rows = course[course["stance"] == stance].to_dict("records")
        if labels := dict.fromkeys(what(selection.book, row) for row in rows):
            parts.append(f"{word} {few(labels, most=MOST_IN_CELL)}")
    return sentence("; ".join(parts))


def _line(
    selection: Selection,
    name: str,
    cell: Callable[[Selection, pd.DataFrame], object],
    courses: Sequence[pd.DataFrame],
) -> Markup:
    """Return one line of the grid."""
    cells = [tag("td", cell(selection, course)) for course in courses]
    return tag("tr", tag("th", name, scope="row"), *cells)


def _says(selection: Selection, course: pd.DataFrame) -> Markup:
    """Return who prescribes a course of action, and where it is proved."""
    first: Row = course.iloc[0].to_dict()
    one = len(selection.articles) == 1
    name = _the_author(selection) if one else selection.labels[str(first["article"])]
    if first["voice"] == "reported":
        who = selection.book.label("actor", str(first["speaker"]))
        whole = (course["author_attitude"] == first["author_attitude"]).all()
        how = RELAYED.get(str(first["author_attitude"]) if whole else "", "relayed")
        name = f"{who}, {how}" if one else f"{who}, {how} by {name}"
    return joined([sentence(name), note_links(selection.suite, _proving(course))])


def _the_author(selection: Selection) -> str:
    """Return what the author of the one selected article is called, or the authors."""
    several = len(split(str(selection.articles["authors"].iloc[0]))) > 1
    return "the authors" if several else "the author"


def _proving(course: pd.DataFrame) -> list[str]:
    """Return the ids of the fewest rows, from the firmest on, that together say all that a column says."""
    rows = course[["id", *_SHOWN]].head(MOST_WEIGHED).astype(str).to_dict("records")
    says = {r["id"]: {(name, c) for name in _SHOWN for c in split(r[name]) or [""]} for r in rows}
    chosen: list[str] = []
    left: set[tuple[str, str]] = set().union(*says.values())
    while left:
        best = max(says, key=lambda name: len(says[name] & left))  # the firmest of equals
        chosen.append(best)
        left -= says[best]
    return sorted(chosen, key=list(says).index)


_SHOWN = [
    "instrument",
    "stance",
    "addressee",
    "target",
    "objective",
    "means",
    "condition",
    "strength",
]
"""Columns of a row that a column of the grid tells of."""

MOST_WEIGHED = 60
"""Rows of one course that are weighed for its notes."""


def _codes(
    column: str, vocabulary: str, nothing: str, *, mark: str = ","
) -> Callable[[Selection, pd.DataFrame], str]:
    """Return what writes a column of codes as words."""

    def write(selection: Selection, course: pd.DataFrame) -> str:
        found = dict.fromkeys(code for cell in course[column].astype(str) for code in split(cell))
        words = [selection.book.label(vocabulary, c) for c in found if c != "unspecified"]
        return few(words, most=MOST_IN_CELL, mark=mark) or nothing

    return write


def _conditions(selection: Selection, course: pd.DataFrame) -> str:
    """Return the conditions of a course of action in the article's words, and whether all of it has one."""
    rows = course[course["condition"] != ""].to_dict("records")
    words = dict.fromkeys(cited(selection.suite.passage(row, "condition")) for row in rows)
    if not words:
        return "no condition"
    part = "in part: " if len(rows) < len(course) else ""
    return part + few(words, most=2, mark=";")


def _firmness(selection: Selection, course: pd.DataFrame) -> str:
    """Return how firmly a course of action is put at its firmest, and what of it less firmly."""
    book, firmest = selection.book, course.groupby("instrument", sort=False)["strength"].min()
    said: dict[str, list[str]] = {}
    for instrument, code in firmest.sort_values(kind="stable").items():
        label = book.label("instrument", str(instrument))
        said.setdefault(book.label("strength", str(code)), []).append(label)
    first, *rest = said
    return "; ".join([first, *(f"{one}: {few(said[one], most=MOST_IN_CELL)}" for one in rest)])


_CELLS: dict[str, Callable[[Selection, pd.DataFrame], object]] = {
    "Says": _says,
    "Acts": _codes("addressee", "actor", "nobody named"),
    "On": _codes("target", "actor", "nobody named"),
    "To": _codes("objective", "objective", "not said", mark=";"),
    "By": _codes("means", "means", "not said"),
    "If": _conditions,
    "Strength": _firmness,
}
"""The lines of the grid, and what writes a cell of each."""


def _rest(selection: Selection, rows: pd.DataFrame) -> Markup:
    """Return how many courses of action the grid leaves out: an author's own, and those relayed."""
    if rows.empty:
        return Markup("")
    keys = units(rows, rule="courses")
    own = keys.isin(keys[rows["voice"].isin(OWN)].unique()).to_numpy()
    many, parts = keys.nunique(), []
    for mine, words in ((own, "by"), (~own, "only relayed by")):
        some = keys[mine].nunique()
        count = f"{number(some)} " if some < many else ""
        names = (
            _the_author(selection)
            if len(selection.articles) == 1
            else few(names_of(selection.articles, rows.loc[mine, "article"].unique()), most=4)
        )
        notes = note_links(selection.suite, row_ids(rows[mine]), most=MOST_IN_CELL)
        parts += [joined([f"{count}{words} {names}", notes])] if some else []
    noun = "course" if many == 1 else "courses"
    text = f"Not in the grid: {number(many)} further {noun} of action – "
    return tag("p", text, Markup("; ").join(parts), ".", class_="rest")


_FITNESS = ["relayed", "doubtful", "again", "part", "long", "firm", "turn", "order"]
"""By what quotations are chosen: whose they are, and how well each stands alone."""


def _two(selection: Selection, rows: pd.DataFrame, word: str) -> Exhibit:
    """Return the two firmest quotations of those that stand alone, of two articles if there are two.

    Where there is a `word`, only of those that have it.
    """
    rows = _with(rows, word) if word else rows
    if rows.empty:
        return Exhibit(Markup(""), "")
    ranked = _ranked(rows, _strongest(rows).head(CANDIDATES))
    quotes = ranked["quote"].astype(str)
    ranked = ranked.assign(
        long=quotes.str.len() > LONG, part=[_is_part(one) for one in quotes],
        doubtful=ranked["confidence"] == DOUBTFUL, again=ranked["repeat_of"] != "",
    )  # fmt: skip
    ranked = ranked.sort_values(_FITNESS, kind="stable").drop_duplicates("quote")
    first = ranked.iloc[:1]
    others = ranked.iloc[1:]
    elsewhere = others["article"] != first["article"].iloc[0]
    elsewhere = others[elsewhere & (others["author_attitude"] != "rejects")]
    second = (elsewhere if len(elsewhere) else others).iloc[:1]
    chosen: list[Row] = pd.concat([first, second]).to_dict("records")
    html = tag("div", *(_quotation(selection, row) for row in chosen), class_="two")
    return Exhibit(html, "\n".join(cited(selection.suite.passage(row)) for row in chosen))


def _with(rows: pd.DataFrame, word: str) -> pd.DataFrame:
    """Return the strongest rows whose quotation has a word; no more are looked for than may be chosen."""
    places = _strongest(rows)["at"].tolist()
    quotes = rows["quote"].to_numpy(object)
    hits = (place for place in places if has_word(quotes[place], word))
    return rows.iloc[list(islice(hits, CANDIDATES))]


def _is_part(quote: str) -> bool:
    """Tell whether a quotation begins within a sentence, and so may not stand alone.

    >>> _is_part("hold them accountable"), _is_part("“Hold them accountable.”"), _is_part("20 of them")
    (True, False, False)
    """
    return next((c for c in quote if c.isalnum()), "").islower()


def _quotation(selection: Selection, row: Row) -> Markup:
    """Return one quotation with who says it and when."""
    suite = selection.suite
    fact = suite.facts[str(row["article"])]
    quote = tag("p", cited(suite.passage(row)), note_links(suite, (str(row["id"]),)))
    taken = f" – {attitude(row)}" if attitude(row) else ""
    caption = tag("figcaption", sentence(f"{speaker(suite, row)}, {dated(fact)}{taken}"))
    return tag("figure", tag("blockquote", quote), caption, class_="quotation")
