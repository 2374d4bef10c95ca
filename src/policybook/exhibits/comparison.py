"""Two articles side by side: who acts, on whom, to what end, by which means, how firmly.

The surprising rule: a table shows the clearest pair of recommendations, which decides what
two articles are to each other; all they say under a heading stands in `in_common`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from markupsafe import Markup

from policybook import dates
from policybook.exhibits.evidence import more_of
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links
from policybook.exhibits.pieces import table
from policybook.exhibits.words import aims, labels, source
from policybook.findings.agreement import left_open
from policybook.findings.arguments import checked
from policybook.findings.comparable import ASPECTS, ONE_SIDED, headed_rows, label_of, lines, name_of
from policybook.findings.coverage import instead, states
from policybook.findings.demands import ASKED, beside
from policybook.findings.finding import cited, few, sentence
from policybook.findings.reading import receipts, silent
from policybook.findings.rows import called
from policybook.findings.sides import no_pair
from policybook.measures.agreement import KINDS, UNSAID
from policybook.suite import Row, Selection, row_ids
from policybook.tables import split

MOST_LINES = 40
"""Lines of one table; the rest is counted."""

ORDER = (KINDS[1], KINDS[2], KINDS[0], KINDS[3])
"""Contradictions first, mere words last."""

NOTHING_SHARED = "No two of these {}s share a heading within the selection."


def comparison(selection: Selection, *, strict: bool = True) -> Exhibit:
    """Return each pair of articles and each heading they share: what they are, with both demands.

    Unless `strict`, demands under different conditions are compared as well. See
    `measures.agreement`.
    """
    found = lines(selection, strict=strict)
    found = found[found["kind"] != ONE_SIDED]
    rank = found["kind"].map({kind: place for place, kind in enumerate(ORDER)})
    found = found.assign(rank=rank).sort_values("rank", kind="stable")
    pairs = [(line, duo) for line in found.to_dict("records") for duo in line["decided_by"]]
    if not pairs:
        text = NOTHING_SHARED.format(selection.by)
        return Exhibit(tag("p", text, class_="nothing"), text)
    rows = _by_id(selection, (one for _, duo in pairs[:MOST_LINES] for one in duo))
    shown = [
        {
            "Heading": sentence(label_of(selection, str(line["instrument"]))),
            "The two": sentence(_verdict(line, duo)),
            "One": _demand(selection, rows[duo[0]]),
            "Other": _demand(selection, rows[duo[1]]),
        }
        for line, duo in pairs[:MOST_LINES]
    ]
    caption = f"Every heading that two {selection.by}s share, with the clearest pair of demands"
    made = table(pd.DataFrame(shown), caption=caption)
    return Exhibit(joined([made.html, more_of(len(pairs), len(shown), "pairs")]), made.text)


def _verdict(line: Row, duo: tuple[str, str]) -> str:
    """Return what two demands are to each other, and what they lack or differ in."""
    kind = str(line["kind"])
    if kind == KINDS[2]:
        kind = KINDS[1] if duo == line["decided_by"][0] else KINDS[0]
    if line["differ"]:
        return f"{kind}: {few(ASPECTS[aspect] for aspect in split(str(line['differ'])))}"
    lost = str(line["loose"] if duo == line["decided_by"][0] else line["loose_agreed"])
    doubt = left_open([lost]) if lost else ""
    unsaid = {*split(lost)} - {"condition"}
    return f"{kind}{' as far as said' * bool(unsaid)}{'. ' * bool(doubt)}{doubt}"


def _by_id(selection: Selection, ids: Iterable[str]) -> dict[str, Row]:
    """Return rows by their ids."""
    return {str(row["id"]): row for row in called(selection, ids).to_dict("records")}


def _demand(selection: Selection, row: Row) -> Markup:
    """Return one demand in short, with the article it stands in and its note."""
    name = name_of(selection, str(row[selection.by]))
    stance = "" if row["stance"] == "supports" else "against; "
    parts = [
        f"{stance}{selection.book.label('strength', str(row['strength']))}",
        *(
            f"{words} {told}"
            for aspect, words in _SHORT.items()
            if (told := told_of(selection, row, aspect))
        ),
    ]
    return joined([tag("b", sentence(name)), f": {'; '.join(parts)}",
                   note_links(selection.suite, (str(row["id"]),))])  # fmt: skip


_SHORT = {
    "addressee": "of",
    "target": "upon",
    "objective": "aim:",
    "means": "by",
    "condition": "if:",
}


def told_of(selection: Selection, row: Row, aspect: str) -> str:
    """Return what a row says of one aspect, empty where it says nothing."""
    if aspect == "condition":
        words = selection.suite.passage(row, "condition")
        return cited(words) if words else ""
    if row[aspect] == UNSAID:
        return ""
    if aspect == "objective":
        return aims(selection.suite, row)
    vocabulary = {"addressee": "actor", "target": "actor"}.get(aspect, aspect)
    return labels(selection.suite, vocabulary, row[aspect])


@checked(first="article", second="article")
def side_by_side(selection: Selection, first: str, second: str, *, strict: bool = True) -> Exhibit:
    """Return the clearest demands of two articles under each common heading, as a grid.

    Both quotations stand on top, each with its source.
    `first` and `second` are ids of articles of the suite; `ParameterError` for any other.
    Unless `strict`, demands under different conditions are compared as well.
    """
    if said := _no_pair(selection, first, second):
        return said
    found = lines(selection, strict=strict, pair=(first, second))
    found = found[found["kind"] != ONE_SIDED]
    grids = [
        _grid(selection, line, duo)
        for line in found.to_dict("records")
        for duo in line["decided_by"]
    ]
    if not grids:
        text = "The two share no heading within the selection."
        return Exhibit(tag("p", text, class_="nothing"), text)
    return Exhibit(joined(made.html for made in grids), "\n".join(made.text for made in grids))


def _no_pair(selection: Selection, first: str, second: str) -> Exhibit | None:
    """Return the sentence in place of a comparison where there are not two articles."""
    said = no_pair(selection, first, second)
    return Exhibit(tag("p", said[0].text, class_="nothing"), said[0].text) if said else None


def _grid(selection: Selection, line: Row, duo: tuple[str, str]) -> Exhibit:
    """Return two rows beside each other, aspect by aspect."""
    rows = _by_id(selection, duo)
    facts = [rows[one] for one in duo]
    told = [[sentence(w), *(told_of(selection, f, a) for f in facts)] for a, w in ASKED.items()]
    body = [
        ["The words", *(_words(selection, rows[one]) for one in duo)],
        *([head, *(words or "–" for words in said)] for head, *said in told if any(said)),
        ["Where it stands", *(source(selection.suite, rows[one]) for one in duo)],
    ]
    names = [
        joined([sentence(selection.labels[line[side]]), note_links(selection.suite, [one])])
        for side, one in zip(("a", "b"), duo, strict=True)
    ]
    label = sentence(label_of(selection, str(line["instrument"])))
    made = pd.DataFrame(body, columns=pd.Index(["", *names]), dtype=object)
    return table(made, caption=f"{label} – {_verdict(line, duo)}")


def _words(selection: Selection, row: Row) -> Markup:
    """Return a quotation with its note."""
    note = note_links(selection.suite, (str(row["id"]),))
    return joined([cited(selection.suite.passage(row)), note])


@checked(first="article", second="article")
def in_common(selection: Selection, first: str, second: str) -> Exhibit:
    """Return all that two articles say under each common heading: only one, both, only the other.

    Every value carries the notes of the rows that say it.
    `first` and `second` are ids of articles of the suite; `ParameterError` for any other.
    """
    if said := _no_pair(selection, first, second):
        return said
    rows = headed_rows(selection).astype({"article": str, "instrument": str})
    each = [set(rows.loc[rows["article"] == one, "instrument"]) for one in (first, second)]
    shared = [name for name in selection.book.values("instrument") if name in each[0] & each[1]]
    made = [_beside(selection, first, second, name) for name in shared]
    if not made:
        text = "The two share no heading within the selection."
        return Exhibit(tag("p", text, class_="nothing"), text)
    return Exhibit(joined(one.html for one in made), "\n".join(one.text for one in made))


def _beside(selection: Selection, first: str, second: str, instrument: str) -> Exhibit:
    """Return one heading in three columns."""
    body = [
        [sentence(ASKED[aspect]), *(_values(selection, part) for part in parts)]
        for aspect, parts in beside(selection, first, second, instrument).items()
    ]
    names = [selection.labels[one] for one in (first, second)]
    columns = pd.Index(["", f"Only {names[0]}", "Both", f"Only {names[1]}"])
    label = sentence(label_of(selection, instrument))
    return table(pd.DataFrame(body, columns=columns, dtype=object), caption=label)


def _values(selection: Selection, part: dict[str, list[str]]) -> Markup | str:
    """Return values with the notes that prove them; a dash for none."""
    if not part:
        return "–"
    return joined(
        tag("div", words, note_links(selection.suite, tuple(ids))) for words, ids in part.items()
    )


@checked(first="article", second="article")
def one_sided(selection: Selection, first: str, second: str) -> Exhibit:
    """Return what one of two articles demands alone, with the receipt of the other's silence.

    `first` and `second` are ids of articles of the suite; `ParameterError` for any other.
    """
    if said := _no_pair(selection, first, second):
        return said
    found = lines(selection, pair=(first, second))
    found = found[found["kind"] == ONE_SIDED]
    caption = "What one of the two demands alone"
    if found.empty:
        text = f"{caption}: nothing within the selection."
        return Exhibit(tag("p", text, class_="nothing"), text)
    cells = silent(selection, list(found["instrument"]))
    proofs = receipts(selection, cells[cells["article"].isin([first, second])]).to_dict("records")
    proof = {(str(r["article"]), str(r["instrument"])): r for r in proofs}
    shown = [
        _alone(selection, line, (first, second), proof)
        for side in ("a", "b")
        for line in found[found[f"rows_{side}"].map(len) > 0].to_dict("records")
    ]
    made = table(pd.DataFrame(shown), caption=caption)
    read = tag("p", _read(selection, proof, found, (first, second)), class_="source")
    return Exhibit(joined([made.html, read]), made.text)


def _read(
    selection: Selection,
    proof: Mapping[tuple[str, str], Row],
    found: pd.DataFrame,
    pair: tuple[str, str],
) -> str:
    """Return by whom, when and by which rules the silent articles were read; empty for none."""
    said: dict[str, None] = {}
    for line in found.to_dict("records"):
        there = pair[1] if line["rows_a"] else pair[0]
        if one := proof.get((there, str(line["instrument"]))):
            coder = selection.book.label("coder", str(one["coder"]))
            day = dates.partial(str(one["coded_on"]))
            version = f"codebook {one['codebook_version']}"
            said[f"{selection.labels[there]}: {coder}, {day}, {version}"] = None
    return f"Read for silence – {'; '.join(said)}." if said else ""


def _alone(
    selection: Selection, line: Row, pair: tuple[str, str], proof: Mapping[tuple[str, str], Row]
) -> dict[str, object]:
    """Return one heading of one side: its firmest demand, all its notes, the other's receipt."""
    side = "a" if line["rows_a"] else "b"
    here, there = pair if side == "a" else pair[::-1]
    ids = tuple(line[f"rows_{side}"])
    rows = _by_id(selection, ids)
    firmest = min((rows[one] for one in ids), key=lambda row: _rank(selection, row))
    label, instrument = selection.book.label, str(line["instrument"])
    against = "" if firmest["stance"] == "supports" else "against; "
    words = told_of(selection, firmest, "condition")
    condition = f"; if: {words}" if words else ""
    return {
        "Only": sentence(selection.labels[here]),
        "Heading": joined(
            [sentence(label("instrument", instrument)), note_links(selection.suite, ids)]
        ),
        "How firmly": f"{against}{label('strength', str(firmest['strength']))}{condition}",
        "Of whom": told_of(selection, firmest, "addressee") or "nobody named",
        "Upon whom": told_of(selection, firmest, "target") or "nobody named",
        "The other": _receipt(selection, proof.get((there, instrument)), there, instrument),
    }


def _rank(selection: Selection, row: Row) -> int:
    """Return how firm a row is, the firmest first."""
    return list(selection.book.values("strength")).index(str(row["strength"]))


def _receipt(
    selection: Selection, proof: Row | None, article: str, instrument: str
) -> Markup | str:
    """Return what the other side's lack of a demand is: silence with what a search finds, or else."""
    if proof is None:
        return _instead(selection, article, instrument)
    if not proof["terms"]:
        return "silent; no term to search for"
    found = f"its terms occur: {proof['found']}" if proof["found"] else "none of its terms occurs"
    return f"silent; {found}"


def _instead(selection: Selection, article: str, instrument: str) -> Markup | str:
    """Return the state of a cell without a demand, and whether it describes or relays, with notes."""
    cells = states(selection)
    mine = cells[(cells["article"] == article) & (cells["instrument"] == instrument)]
    if (state := str(mine["state"].iloc[0])) in {"not coded", "filtered out"}:
        return state
    seen, rows = (
        table[(table["article"] == article) & (table["instrument"] == instrument)]
        for table in (selection.diagnoses, selection.rows)
    )
    ways = ", ".join(instead(seen, rows))  # no row is the author's own: all are relayed
    notes = note_links(selection.suite, (*row_ids(seen), *row_ids(rows)))
    return joined([f"nothing prescribed: {ways}", notes]) if ways else "nothing prescribed"
