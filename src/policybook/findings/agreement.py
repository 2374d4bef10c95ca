"""Sentences on where articles agree, contradict each other, or only use the same words.

An agreement is of two articles at a time, by what their authors prescribe themselves.
The surprising rule: it does not pass on. Where A agrees with B and B with C,
A and C may still demand different things, so sentences name pairs, never "all three".
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from policybook.findings.coverage import nothing_selected, prescribes_nothing, states
from policybook.findings.finding import Finding, few, names_of, number, sentence
from policybook.findings.independence import caveat, one_voice, voice_groups
from policybook.measures.agreement import KINDS, agreement, heat
from policybook.measures.coverage import OWN
from policybook.measures.independence import voices
from policybook.suite import Selection
from policybook.table import split

MOST_COMPARED = 50
"""Articles compared pair by pair; of more, those that prescribe under most headings."""

MOST_NAMED = 6
"""Instruments told one by one in an answer; the rest are named in one sentence."""

MOST_PAIRS = 3
"""Pairs of articles named in one sentence; the rest are counted."""

AGREE, CONTRADICT, DIFFERENT, ONE_SIDED = KINDS[0], KINDS[1], KINDS[3], KINDS[4]

ASPECTS = {
    "instrument": "what is asked, outside the list of instruments",
    "objective": "the purpose",
    "target": "upon whom",
    "condition": "the condition",
}
"""What two demands can differ in, or leave unsaid, in a sentence's words."""

SAID = ("supports", "opposes", "both")
"""States of a cell in which its article takes a position."""


def own_rows(selection: Selection) -> pd.DataFrame:
    """Return the selected rows in which authors prescribe themselves, of the theme if there is one."""
    rows = selection.rows[selection.rows["voice"].isin(OWN)]
    return rows[rows["instrument"] == selection.theme] if selection.theme else rows


def compared(selection: Selection) -> list[str]:
    """Return the ids of the articles that are compared, in order of time.

    Those that prescribe something within the filters; of more than `MOST_COMPARED`
    those with most instruments, the earlier first.
    """
    said = own_rows(selection).groupby("article", sort=False)["instrument"].nunique()
    order = said.reindex(selection.articles["id"]).dropna()
    most = order.sort_values(ascending=False, kind="stable").index[:MOST_COMPARED]
    return [str(a) for a in order.index if a in set(most)]


def lines(
    selection: Selection, *, strict: bool = True, pair: tuple[str, str] | None = None
) -> pd.DataFrame:
    """Return what the compared articles are to each other, as `measures.agreement`.

    One line for each pair and instrument; only the line of the theme if there is one.
    """
    pairs = [pair] if pair else list(combinations(compared(selection), 2))
    return agreement(own_rows(selection), pairs, book=selection.book, strict=strict)


def pair_counts(selection: Selection, *, strict: bool = True) -> pd.DataFrame:
    """Return for each pair of compared articles: a, b, shared, agree, contradict, mixed, different.

    `shared` counts the instruments that the two have in common (`measures.heat`); the others
    say what stands behind them, and sum up to it.
    """
    ids = compared(selection)
    table = heat(own_rows(selection), sides=ids)[["a", "b", "shared"]]
    kinds = lines(selection, strict=strict)
    counted = kinds.groupby(["a", "b", "kind"]).size()
    columns = {"agree": AGREE, "contradict": CONTRADICT, "mixed": KINDS[2], "different": DIFFERENT}
    for name, kind in columns.items():
        keys = [(a, b, kind) for a, b in zip(table["a"], table["b"], strict=True)]
        table[name] = [int(counted.get(key, 0)) for key in keys]
    return table


def where_they_agree(selection: Selection, *, strict: bool = True) -> list[Finding]:
    """Return who agrees with whom on what, who contradicts whom, and which headings only look alike.

    `strict` compares only demands under the same condition; else conditions are ignored.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    ids = compared(selection)
    rest = [*_not_compared(selection, ids), *prescribes_nothing(selection)]
    if len(ids) < 2:  # noqa: PLR2004
        return [_too_few(selection, ids), *rest]
    found = lines(selection, strict=strict)
    table = voice_groups(selection, ids)
    return [
        _overview(selection, found, table, strict=strict),
        *_by_kind(selection, found, table, kind=AGREE),
        *_by_kind(selection, found, table, kind=CONTRADICT),
        *_alike(selection, found),
        *one_voice(selection),
        *rest,
    ]


def hidden(selection: Selection) -> str:
    """Return what must be said where filters hide recommendations of authors; else nothing."""
    before, after = (
        int(rows["voice"].isin(OWN).sum()) for rows in (selection.all_rows, selection.rows)
    )
    return "What the filters hide is not compared." if after < before else ""


def _too_few(selection: Selection, ids: list[str]) -> Finding:
    """Return the sentence for a selection without a pair."""
    text = f"Articles with recommendations of their author's own: {number(len(ids))}. A comparison needs two."
    about = f" on {selection.book.label('instrument', selection.theme)}" if selection.theme else ""
    said = text.replace(" of their", f"{about} of their")
    return Finding(said, (), "agreement-too-few", hidden(selection))


def _overview(
    selection: Selection, found: pd.DataFrame, table: pd.DataFrame, *, strict: bool
) -> Finding:
    """Return how many shared headings hold the same demand, over all pairs."""
    ids = compared(selection)
    kinds = found["kind"].value_counts()
    shared = int((found["kind"] != ONE_SIDED).sum())
    parts = [
        f"{words}: {number(int(kinds.get(kind, 0)))}"
        for kind, words in (
            (AGREE, "the same demand"),
            (CONTRADICT, "the opposite demand"),
            (KINDS[2], "the same and the opposite, on different demands"),
            (DIFFERENT, "only the same words, and different demands"),
        )
        if kinds.get(kind, 0) or kind == AGREE
    ]
    pairs = len(ids) * (len(ids) - 1) // 2
    told = f"; behind them, {'; '.join(parts)}" if shared else ""
    text = f"Pairs of articles compared: {number(pairs)}; headings that they share: {number(shared)}{told}."
    return Finding(text, (), "agreement-overview", _setting(selection, ids, table, strict=strict))


def _setting(selection: Selection, ids: list[str], table: pd.DataFrame, *, strict: bool) -> str:
    """Return what has to be said with every count of agreements."""
    parts = ["" if strict else "Conditions are ignored.", hidden(selection)]
    independent = voices(ids, table).number
    if independent < len(ids):
        words = f"Articles compared: {number(len(ids))}; independent voices at most: {number(independent)}."
        parts.insert(0, words)
    return " ".join(part for part in parts if part)


def _by_kind(
    selection: Selection, found: pd.DataFrame, table: pd.DataFrame, *, kind: str
) -> list[Finding]:
    """Return one sentence for each instrument on which pairs agree, or contradict each other."""
    mine = found[found["kind"].isin([kind, KINDS[2]])].assign(duo=lambda t: _duos(t, kind))
    if mine.empty:
        nobody = "agrees in a demand" if kind == AGREE else "contradicts itself in a demand"
        return [Finding(f"No pair {nobody}.", (), f"{kind}-none", hidden(selection))]
    # An agreement found only because somebody leaves the purpose open is a weaker one.
    mine["open"] = (mine["loose"] != "") & (mine["kind"] == kind)
    order = mine.groupby(["open", "instrument"], sort=False).size()
    order = order.sort_values(ascending=False, kind="stable").sort_index(
        level="open", sort_remaining=False, kind="stable"
    )
    keys = list(order.index)
    told = [
        _on_instrument(selection, _part(mine, key), table, kind=kind) for key in keys[:MOST_NAMED]
    ]
    if len(keys) > MOST_NAMED:
        more = dict.fromkeys(_label(selection, name) for _, name in keys[MOST_NAMED:])
        what = "Agreed" if kind == AGREE else "Contradicted"
        told.append(Finding(f"{what} by fewer pairs: {few(more, most=21)}.", (), f"{kind}-others"))
    return told


def _part(mine: pd.DataFrame, key: tuple[bool, str]) -> pd.DataFrame:
    """Return the lines of one instrument that are open, or not."""
    return mine[(mine["open"] == key[0]) & (mine["instrument"] == key[1])]


def _duos(found: pd.DataFrame, kind: str) -> list[tuple[str, str]]:
    """Return the pair of rows that decides a kind: of a mixed line the agreeing one comes last."""
    return [duos[-1] if kind == AGREE else duos[0] for duos in found["decided_by"]]


def _on_instrument(
    selection: Selection, mine: pd.DataFrame, table: pd.DataFrame, *, kind: str
) -> Finding:
    """Return who agrees, or who contradicts whom, on one instrument."""
    shown = mine.iloc[:MOST_PAIRS]
    lost = bool(mine["open"].iloc[0])
    what = {AGREE: "Agreed", CONTRADICT: "Contradicted"}[kind]
    label = selection.book.label("instrument", str(mine["instrument"].iloc[0]))
    pairs = few(_pairs(selection, shown, kind) + ["?"] * (len(mine) - len(shown)),
                most=MOST_PAIRS, mark=";")  # fmt: skip
    text = f"{what}{', as far as said,' if lost else ''} – {label}: {pairs}."
    rows = tuple(dict.fromkeys(one for duo in shown["duo"] for one in duo))
    named = dict.fromkeys([*shown["a"], *shown["b"]])
    said = [left_open(shown["loose"]) if lost else "", caveat(selection, named, table)]
    code = f"{kind}-open" if lost else kind
    return Finding(text, rows, code, " ".join(part for part in said if part))


def _pairs(selection: Selection, shown: pd.DataFrame, kind: str) -> list[str]:
    """Return pairs of articles in words; of a contradiction, who is for and who against."""
    stance = selection.rows.set_index("id")["stance"]
    told = []
    for a, b, duo in zip(shown["a"], shown["b"], shown["duo"], strict=True):
        names = [names_of(selection.articles, [one])[0] for one in (a, b)]
        if kind == CONTRADICT:
            sides = ["for" if stance[row] == "supports" else "against" for row in duo]
            names = [f"{name} {side}" for name, side in zip(names, sides, strict=True)]
        told.append(f"{names[0]} {'with' if kind == AGREE else '–'} {names[1]}")
    return told


def left_open(loose: Iterable[str]) -> str:
    """Return what one of two demands leaves unsaid; conditions are never unsaid but ignored."""
    aspects = dict.fromkeys(part for cell in loose for part in split(cell))
    ignored = "The conditions differ." if aspects.pop("condition", "") is None else ""
    words = few((ASPECTS[name] for name in aspects), most=4)
    unsaid = f"One of the two leaves open: {words}." if words else ""
    return " ".join(part for part in (unsaid, ignored) if part)


def _alike(selection: Selection, found: pd.DataFrame) -> list[Finding]:
    """Return the headings under which pairs only share the words."""
    mine = found[found["kind"] == DIFFERENT]
    if mine.empty:
        return []
    labels = [_label(selection, str(name)) for name in dict.fromkeys(mine["instrument"])]
    rows = mine.drop_duplicates("instrument")["decided_by"]
    ids = tuple(dict.fromkeys(one for duos in rows for duo in duos for one in duo))
    text = f"The same heading, and between some pair different demands: {few(labels, most=21, mark=';')}."
    return [Finding(text, ids, "same-words")]


def _label(selection: Selection, instrument: str) -> str:
    """Return an instrument's label."""
    return selection.book.label("instrument", instrument)


def _not_compared(selection: Selection, ids: list[str]) -> list[Finding]:
    """Return which selected articles are in no pair, and why, those that prescribe nothing apart."""
    rows, articles = selection.all_rows, selection.articles
    own = rows[rows["voice"].isin(OWN)]
    own = own[own["instrument"] == selection.theme] if selection.theme else own
    visible = own_rows(selection)["article"].unique()
    kept = articles[articles["id"].isin(own["article"])]
    unseen = names_of(articles, kept.loc[~kept["id"].isin(visible), "id"])
    beyond = len(set(visible)) - len(ids)
    uncoded = articles[(articles["coder"] == "") & ~articles["id"].isin(own["article"])]
    found = []
    if unseen:
        text = f"Hidden by the filters, and not compared: every recommendation of {few(unseen)}."
        found.append(Finding(text, (), "agreement-hidden"))
    if beyond > 0:
        text = (
            f"Compared pair by pair are the {number(len(ids))} articles with most instruments; "
            f"not compared: {number(beyond)}."
        )
        found.append(Finding(text, (), "agreement-beyond"))
    if len(uncoded):
        names = few(names_of(articles, uncoded["id"]))
        found.append(Finding(f"Not coded, and not compared: {names}.", (), "agreement-uncoded"))
    return found


def said_by_one(selection: Selection) -> list[Finding]:
    """Return the instruments on which one article alone takes a position, article by article.

    None of which a filter hides a position; an article not coded for it is counted in the caveat.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    if selection.theme:
        cells = cells[cells["instrument"] == selection.theme]
    shown = cells["state"].isin(SAID)
    holders = cells[shown].groupby("instrument")["article"].nunique()
    unseen = set(cells.loc[cells["state"] == "filtered out", "instrument"])
    alone = [i for i, n in holders.items() if n == 1 and i not in unseen]
    mine = cells[shown & cells["instrument"].isin(alone)]
    several = cells["article"].nunique() > 1
    if mine.empty or not several:
        text = "No instrument is known to be named by one article alone."
        return [Finding(text, (), "alone-none", hidden(selection))]
    most = mine.groupby("article", sort=False).size().sort_values(ascending=False, kind="stable")
    told = [
        _alone(selection, cells, mine[mine["article"] == name]) for name in most.index[:MOST_NAMED]
    ]
    if len(most) > MOST_NAMED:
        text = (
            f"Further articles that alone name some instrument: {number(len(most) - MOST_NAMED)}."
        )
        told.append(Finding(text, (), "alone-others"))
    return told


def _alone(selection: Selection, cells: pd.DataFrame, mine: pd.DataFrame) -> Finding:
    """Return what one article alone says, with one row for each instrument."""
    article = str(mine["article"].iloc[0])
    rows = own_rows(selection)
    first = rows[(rows["article"] == article) & rows["instrument"].isin(mine["instrument"])]
    ids = first.drop_duplicates("instrument").set_index("instrument")["id"]
    labels = [_label(selection, str(i)) for i in mine["instrument"]]
    uncoded = cells[cells["instrument"].isin(mine["instrument"]) & (cells["state"] == "not coded")]
    doubt = (
        f"Not coded for all of it: {few(names_of(selection.articles, uncoded['article']))}."
        if len(uncoded)
        else "Silence of the others is not opposition."
    )
    name = names_of(selection.articles, [article])[0]
    text = f"Only {name}: {few(labels, most=21, mark=';')}."
    return Finding(text, tuple(str(ids[i]) for i in mine["instrument"]), "alone", doubt)


def same_words(selection: Selection, *, strict: bool = True) -> list[Finding]:
    """Return for each pair under one heading with different demands what the nearest two differ in."""
    if selection.articles.empty:
        return [nothing_selected()]
    found = lines(selection, strict=strict)
    mine = found[found["kind"] == DIFFERENT]
    if mine.empty:
        text = "No pair shares a heading under which the two demand different things."
        return [Finding(text, (), "same-words-none", hidden(selection))]
    order = {name: place for place, name in enumerate(selection.book.values("instrument"))}
    mine = mine.sort_values("instrument", key=lambda names: names.map(order), kind="stable")
    told = [differing(selection, line) for line in mine.iloc[: 2 * MOST_NAMED].to_dict("records")]
    rest = len(mine) - len(told)
    if rest > 0:
        text = f"Further pairs that share a heading and not the demand: {number(rest)}."
        told.append(Finding(text, (), "same-words-others"))
    return told


def differing(selection: Selection, line: dict[object, object]) -> Finding:
    """Return one line of `lines` as a sentence: what its deciding rows differ in, side by side."""
    (duo,) = line["decided_by"]  # type: ignore[attr-defined]
    rows = selection.rows[selection.rows["id"].isin(duo)].set_index("id", drop=False)
    first, second = (dict(rows.loc[one]) for one in duo)
    names = " / ".join(names_of(selection.articles, [line[side]])[0] for side in ("a", "b"))
    parts = [
        f"{ASPECTS[aspect]}: {_told(selection, first, aspect)} / {_told(selection, second, aspect)}"
        for aspect in split(str(line["differ"]))
        if aspect != "instrument"
    ]
    label = _label(selection, str(line["instrument"]))
    what = "; ".join(parts) if parts else ASPECTS["instrument"]
    text = sentence(f"{label}, {names} – {what}.")
    return Finding(text, tuple(map(str, duo)), "same-words")


def _told(selection: Selection, row: dict[object, object], aspect: str) -> str:
    """Return what a row says of one aspect, in the words of codebook or article."""
    if aspect == "condition":
        words = selection.suite.passage(row, "condition")
        return f"“{words}”" if words else "none"
    vocabulary = {"objective": "objective", "target": "actor"}[aspect]
    codes = split(str(row[aspect]))
    return few((selection.book.label(vocabulary, c) for c in codes), most=5) or "nobody named"
