"""What a page on coders shows: who was compared, each column, and disagreements side by side.

The surprising rule: a coder's words stand where they are claimed, in their paragraph. The notes lead
to what became of them: the rows of the table there, or the article where the table has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import more_of
from policybook.exhibits.figure import figure
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, note_links
from policybook.exhibits.pieces import table
from policybook.exhibits.words import scope_line, source
from policybook.findings.finding import few, listed, sentence
from policybook.measures.reliability import percent, told
from policybook.measures.unitizing import merged
from policybook.problems import count
from policybook.suite import Row
from policybook.tables import split
from policybook.together.coders import FIRM, TENTATIVE, Coders
from policybook.together.disagreements import Disagreement
from policybook.together.rulings import UNIT, Ruling

MOST_SHOWN, MOST_LINES = 40, 120
"""Disagreements shown in their paragraphs, and in one table; the rest is counted."""

AROUND = 240
"""Letters of a paragraph shown before and after a coder's words."""

ALIKE = "Every unit is coded alike."


def coders_scope(coders: Coders) -> Exhibit:
    """Return the scope in one line, and in another who is compared and which articles are left out."""
    lines = [scope_line(coders.selection)]
    if found := coders.found:
        pairs = zip(coders.names, found.rows, strict=True)
        who = listed(f"{name} ({count(len(rows), 'row')})" for name, rows in pairs)
        many = count(len(found.articles), "article")
        lines.append(f"Compared, in {many}: {who}.")
        facts = coders.suite.facts
        if names := few((str(facts[name]["label"]) for name in found.left_out), most=6):
            lines[-1] += f" Left out, for not every coder has rows there: {names}."
    html = tag("div", *(tag("p", line, class_="scope") for line in lines), class_="head")
    return Exhibit(html, "\n".join(lines))


def agreement_by_column(coders: Coders) -> Exhibit:
    """Return one line a column: units, coders, agreement in per cent, alpha and AC1."""
    if coders.found is None:
        return _nothing("Nothing was compared.")
    lines = [_line(coders, line) for line in coders.found.table.to_dict("records")]
    numbers = ("Units", "Coders", "Agreed", "Per cent")
    caption = joined(["Agreement column by column", _read(coders)])
    made = table(pd.DataFrame(lines), caption=caption, numbers=numbers)
    under = [tag("p", line) for line in told(coders.found)[1:3]]
    return Exhibit(joined([made.html, *under]), made.text)


def _read(coders: Coders) -> Markup:
    """Return the notes of the articles that were compared."""
    return article_links(coders.suite, coders.found.articles if coders.found else ())


def _proof(coders: Coders, one: Disagreement) -> Markup:
    """Return the notes of a disagreement: the table's rows there, else its article."""
    rows = coders.stands(one)
    if rows:
        return note_links(coders.suite, rows)
    return article_links(coders.suite, [one.row["article"]])


def _line(coders: Coders, line: Row) -> dict[str, object]:
    """Return one line of the table of agreement."""
    name = str(line["column"])
    words = "the unit: seen at all" if name == UNIT else coders.column(name)
    scale = " (ordinal)" if line["scale"] == "ordinal" else ""
    return {
        "Column": sentence(words),
        "Units": line["units"],
        "Coders": line["coders"],
        "Agreed": line["agreed"],
        "Per cent": percent(float(line["share"])),
        "Alpha [95 %]": f"{line['alpha']}{scale}",
        "AC1 [95 %]": str(line["ac1"]),
    }


def agreement_drawn(coders: Coders) -> Exhibit:
    """Return alpha and AC1 of each column with their intervals as a chart."""
    from policybook import charts  # noqa: PLC0415  (altair: a second that tables do without)

    data = pd.DataFrame(list(_drawn(coders)))
    if data.empty:
        return _nothing("No column has a coefficient that is defined.")
    title = "How far coders agree, column by column"
    shown = data.rename(columns=str.capitalize).rename(columns={"Low": "From", "High": "To"})
    return figure(
        charts.intervals(data, bounds=(TENTATIVE, FIRM), title=title),
        description=(
            "Columns down, the coefficient across; a circle is alpha, a diamond AC1, the line its "
            f"interval. Dashed lines: {TENTATIVE:.3f} and {FIRM:.3f}, Krippendorff's bounds for "
            "alpha. What is not defined is not drawn."
        ),
        data=shown,
        caption=joined(["The coefficients and their intervals", _read(coders)]),
    )


def _drawn(coders: Coders) -> Iterator[dict[str, object]]:
    """Yield the coefficients that are defined, columns in their order."""
    lines = coders.found.table.iloc[1:].to_dict("records") if coders.found else []
    for line in lines:
        for name, key in (("alpha", "alpha"), ("AC1", "ac1")):
            found = line[key]
            if not found.reason:
                ends = [found.value if math.isnan(end) else end for end in (found.low, found.high)]
                named = sentence(coders.column(str(line["column"])))
                yield {"column": named, "coefficient": name, "value": round(found.value, 3),
                       "low": round(ends[0], 3), "high": round(ends[1], 3)}  # fmt: skip


def disagreements_that_turn(coders: Coders) -> Exhibit:
    """Return the disagreements that turn a finding, each in its paragraph, with its rulings."""
    units = [one for one in coders.units if one.turned]
    if not units:
        return _nothing("No disagreement turns a finding." if coders.units else ALIKE)
    shown = units[:MOST_SHOWN]
    hands = {ruling.coder for one in shown for ruling in coders.rulings(one)}
    ruled = coders.suite.book.label("coder", hands.pop()) if len(hands) == 1 else ""
    parts = [
        _block(coders, place, one, brief=bool(ruled)) for place, one in enumerate(shown, start=1)
    ]
    more = more_of(len(units), len(shown), "disagreements")
    who = tag("p", f"Ruled on by {ruled}.") if ruled else ""
    html = joined([who, *(part.html for part in parts), more])
    return Exhibit(html, "\n\n".join(part.text for part in parts))


def _block(coders: Coders, place: int, one: Disagreement, *, brief: bool) -> Exhibit:
    """Return one disagreement: its passage, what each coder made of it, what it turns, rulings."""
    where = f"{source(coders.suite, one.row)}: {_about(coders, one)}"
    lines = pd.DataFrame(list(_readings(coders, one)), columns=["", *map(sentence, coders.names)])
    caption = joined([f"Disagreement {place}: how each coder read it", _proof(coders, one)])
    made = table(lines, caption=caption)
    html = tag(
        "div",
        tag("h3", f"{place}. {where}"),
        tag("blockquote", tag("p", _paragraph(coders, one))),
        made.html,
        *(tag("p", _ruling(coders, ruling, brief=brief)) for ruling in coders.rulings(one)),
    )
    return Exhibit(html, f"{place}. {where}\n{made.text}")


def _about(coders: Coders, one: Disagreement) -> str:
    """Return the instruments of a unit, as its coders have them."""
    codes = dict.fromkeys(str(row["instrument"]) for row in one.rows if row)
    return " or ".join(coders.suite.book.label("instrument", code) for code in codes)


def _readings(coders: Coders, one: Disagreement) -> Iterator[list[str]]:
    """Yield the lines of a disagreement: words, codes that differ, and the findings told."""
    words = [coders.suite.passage(row) if row else "no row" for row in one.rows]
    if len(set(words)) > 1:
        yield ["Words", *words]
    for name in one.columns:
        codes = [_code(coders, name, row) if row else "no row" for row in one.rows]
        yield [sentence(coders.column(name)), *codes]
    for turned in one.turned:
        yield ["Finding", *(text or "not told" for text in turned.texts)]


def _code(coders: Coders, column: str, row: Row) -> str:
    """Return a cell in the words of the codebook."""
    vocabulary, label = coders.vocabulary(column), coders.suite.book.label
    return listed(label(vocabulary, code) for code in split(str(row[column]))) or "empty"


def _paragraph(coders: Coders, one: Disagreement) -> Markup:
    """Return the paragraph of a disagreement with every coder's passage marked, what is far from it cut."""
    text = coders.suite.text(str(one.row["article"]))
    spans = merged((int(row["start"]), int(row["end"])) for row in one.rows if row)
    first = text.rfind("\n", 0, spans[0][0]) + 1
    last = text.find("\n", spans[-1][1])
    edges = [first, *(edge for span in spans for edge in span), len(text) if last < 0 else last]
    plain, marked = (list(zip(edges[n::2], edges[n + 1 :: 2], strict=False)) for n in (0, 1))
    parts = zip_longest(plain, marked)
    return joined(
        part
        for beside, span in parts
        for part in (
            _near(text, (beside[0], beside[1]), edges),
            tag("mark", text[slice(*span)]) if span else "",
        )
    )


def _near(text: str, part: tuple[int, int], edges: Sequence[int]) -> str:
    """Return what stands beside marked words, to whole words; what is further away becomes dots.

    >>> _near("a" + " b" * 200, (0, 401), [0, 401, 410])[:5]
    '… b b'
    """
    start, end = part
    ahead = text[start : min(end, start + AROUND)] if start > edges[0] else ""
    behind = text[max(start, end - AROUND) : end] if end < edges[-1] else ""
    if end - start <= len(ahead) + len(behind) + 1:
        return text[start:end]
    before = f"{ahead.rpartition(' ')[0]} " if ahead else ""
    after = f" {behind.partition(' ')[2]}" if behind else ""
    return f"{before}…{after}"


def _ruling(coders: Coders, ruling: Ruling, *, brief: bool = False) -> Markup:
    """Return one ruling in words; a brief one does not say who ruled."""
    label = coders.suite.book.label
    names = ["the unit" if n == UNIT else coders.column(n) for n in ruling.differed]
    stands = sentence(label("ruling", ruling.ruling))
    who = f" ({label('coder', ruling.coder)})" if ruling.coder and not brief else ""
    return joined([tag("b", f"Ruling on {listed(names)}{who}: "), f"{stands}. {ruling.reason}"])


def further_disagreements(coders: Coders) -> Exhibit:
    """Return the disagreements that turn no finding as a table, in the order of the texts."""
    units = [one for one in coders.units if not one.turned]
    if not units:
        return _nothing("Every disagreement turns a finding." if coders.units else ALIKE)
    shown = units[:MOST_LINES]
    lines = [_brief(coders, one) for one in shown]
    caption = f"Disagreements that turn no finding: {len(units):,}"
    made = table(pd.DataFrame(lines), caption=caption)
    return Exhibit(joined([made.html, more_of(len(units), len(shown), "disagreements")]), made.text)


def _brief(coders: Coders, one: Disagreement) -> dict[str, object]:
    """Return one disagreement as a line: where, words, each reading, rulings."""
    fact = coders.suite.facts[str(one.row["article"])]
    cells = {
        name: _reading(coders, one, row) for name, row in zip(coders.names, one.rows, strict=True)
    }
    rulings: Sequence[Markup] = [
        _ruling(coders, ruling, brief=True) for ruling in coders.rulings(one)
    ]
    return {
        "Where": joined(
            [
                sentence(f"{fact['label']}, paragraph {coders.suite.paragraph(one.row)}"),
                _proof(coders, one),
            ]
        ),
        "Words": f"“{coders.suite.passage(one.row)}” ({_about(coders, one)})",
        **{sentence(name): cell for name, cell in cells.items()},
        "Ruling": joined(tag("div", ruling) for ruling in rulings) if rulings else "none yet",
    }


def _reading(coders: Coders, one: Disagreement, row: Row | None) -> str:
    """Return what one coder made of a unit, in the columns that differ."""
    if row is None:
        return "no row"
    parts = [f"{coders.column(n)}: {_code(coders, n, row)}" for n in one.columns]
    return "; ".join(parts) or "a row"


def _nothing(text: str) -> Exhibit:
    """Return the sentence that stands in place of an empty exhibit."""
    return Exhibit(tag("p", text, class_="nothing"), text)
