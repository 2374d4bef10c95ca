"""Sentences on what was read: which articles, coded by whom against which rules, and to what yield.

The surprising rule: an article that prescribes nothing may still diagnose. Describing a problem
is no recommendation against it, so the two are told apart, theme by theme.
"""

from __future__ import annotations

import pandas as pd

from policybook import dates
from policybook.findings.absence import as_far_as_coded
from policybook.findings.coverage import nothing_selected, states, themes
from policybook.findings.finding import Finding, few, names_of, number, sentence
from policybook.findings.theme import theme_rows
from policybook.findings.wording import in_doubt, only_drafts, with_mark
from policybook.measures import passages
from policybook.measures.agreement import OTHER
from policybook.measures.coverage import OWN, mute
from policybook.measures.receipts import hits
from policybook.measures.receipts import receipts as receipts_of
from policybook.suite import Row, Selection, row_ids


def sizes(selection: Selection) -> pd.DataFrame:
    """Return article, words, sentences, own, relayed and diagnosed, one line an article.

    `own` and `relayed` are coded rows before any filter, `diagnosed` coded passages.
    Linear in the texts; computed once for a selection.
    """
    known = selection.memo.get("sizes")
    if isinstance(known, pd.DataFrame):
        return known
    articles, rows = selection.articles["id"], selection.all_rows
    own = rows["voice"].isin(OWN)
    counts = passages.sizes(selection.suite.searches, list(map(str, articles)))
    table = pd.DataFrame(counts, columns=["words", "sentences"])
    table.insert(0, "article", articles.to_numpy())
    seen = selection.diagnoses["article"]
    counted = {"own": rows.loc[own, "article"], "relayed": rows.loc[~own, "article"], "diagnosed": seen}  # fmt: skip
    for name, part in counted.items():
        many = part.astype(object).value_counts()
        table[name] = many.reindex(articles, fill_value=0).to_numpy(dtype="int64")
    selection.memo["sizes"] = table
    return table


def what_was_read(selection: Selection) -> list[Finding]:
    """Return what was read, by whom it was coded, and who prescribes nothing."""
    if selection.articles.empty:
        return [nothing_selected()]
    found = [_genres(selection), _yield(selection), *_coded(selection), *_not_coded(selection)]
    return [*found, *without_prescription(selection)]


def _genres(selection: Selection) -> Finding:
    """Return how many articles of which genre, and between which days they appeared."""
    facts = selection.articles
    counts = facts["genre"].value_counts(sort=False)
    parts = [f"{selection.book.label('genre', str(g))} ({n:,})" for g, n in counts.items()]
    open_ = int((facts["coder"] == "").sum())
    argued = int((facts["genre_basis"] == "inferred").sum()) if "genre_basis" in facts else 0
    of = f"{number(argued)} of {number(len(facts))} " if len(facts) > 1 else ""
    guessed = f", {of}inferred" if argued else ""
    ends = (int(facts["earliest"].argmin()), int(facts["latest"].argmax()))
    when = " – ".join(dict.fromkeys(_when(facts.iloc[end].to_dict()) for end in ends))
    text = (
        f"{_how_many(len(facts), open_)} published {when}; by genre{guessed}: {few(parts, most=8)}."
    )
    inferred = names_of(facts, facts.loc[facts["inferred"], "id"])
    caveat = f"Date inferred: {few(inferred)}." if inferred else ""
    return Finding(text, (), "read", caveat)


def _how_many(every: int, uncoded: int) -> str:
    """Return how many articles were read; of those that nobody coded it is not said that they were.

    >>> _how_many(6, 0), _how_many(6, 1), _how_many(1, 1)
    ('Articles read: six,', 'Articles: six, one of them not coded;', 'Articles: one, not coded;')
    """
    if not uncoded:
        return f"Articles read: {number(every)},"
    some = f"{number(uncoded)} of them " if every > uncoded else "none of them coded"
    some = "" if every == 1 else some
    return f"Articles: {number(every)}, {some}{'not coded' * (every > uncoded or every == 1)};"


def _when(fact: Row) -> str:
    """Return when an article was published: to the day where that is known, else about the month."""
    days = (fact["earliest"].date(), fact["latest"].date())
    return f"c. {dates.month(*days)}" if fact["inferred"] else dates.interval(*days)


def _yield(selection: Selection) -> Finding:
    """Return how much text there was, and how many recommendations and diagnoses came of it."""
    table = sizes(selection)
    coded = (selection.articles["coder"] != "").to_numpy()
    whose = "" if coded.all() else ", those of coded articles"
    table = table[coded]
    total = table[["words", "sentences", "own", "relayed", "diagnosed"]].sum()
    parts = [
        f"authors’ own recommendations: {total['own']:,}",
        f"relayed positions: {total['relayed']:,}",
        f"passages that describe a problem: {total['diagnosed']:,}",
    ]
    text = f"Sentences read: {total['sentences']:,}{whose}; coded rows – {', '.join(parts)}."
    return Finding(text, (), "yield")


def _coded(selection: Selection) -> list[Finding]:
    """Return who coded which articles, when, against which version of the codebook."""
    facts = selection.articles[selection.articles["coder"] != ""]
    found = []
    by = ["coder", "coded_on", "codebook_version"]
    for (coder, day, version), mine in facts.groupby(by, sort=False):
        who = selection.book.label("coder", str(coder))
        against = f", against codebook {version}" if version else ""
        on = f" on {dates.partial(str(day))}" if day else ""
        text = f"Coded by {who}{on}{against}: {few(mine['label'])}."
        found.append(Finding(text, (), "coded", articles=row_ids(mine)))
    return found


def _not_coded(selection: Selection) -> list[Finding]:
    """Return which articles nobody has coded."""
    facts = selection.articles[selection.articles["coder"] == ""]
    if facts.empty:
        return []
    text = f"Not coded, so that nothing is said of them, not even silence: {few(facts['label'])}."
    return [Finding(text, (), "not-coded", articles=row_ids(facts))]


def without_prescription(selection: Selection) -> list[Finding]:
    """Return for each coded article without a recommendation of its own what it diagnoses.

    Where all of these are drafts, that is what is said.
    """
    own = selection.all_rows.loc[selection.all_rows["voice"].isin(OWN), "article"]
    facts = selection.articles[selection.articles["coder"] != ""]
    silent = facts[~facts["id"].isin(own)]
    drafts = only_drafts(selection)
    found = [
        _instead(selection, str(a), str(g), int(drafts.get(a, 0)))
        for a, g in zip(silent["id"], silent["genre"], strict=True)
    ]
    most = 8
    if len(found) <= most:
        return found
    text = f"Further articles that prescribe nothing, drafts aside: {number(len(found) - most)}."
    text = text if len(drafts) else text.replace(", drafts aside", "")
    return [*found[:most], Finding(text, (), "prescribes-nothing-more")]


def _instead(selection: Selection, article: str, genre: str, drafts: int) -> Finding:
    """Return that an article prescribes nothing, or only in drafts, and what it describes or relays."""
    name = sentence(selection.labels[article])
    seen = selection.diagnoses[selection.diagnoses["article"] == article]
    relayed = int((selection.all_rows["article"] == article).sum())
    label = selection.book.label
    about = few(problems(selection, seen))
    parts = [f"describes problems under {about}"] if about else []
    parts += [f"relays positions of others ({relayed:,})"] if relayed else []
    instead = f"; {'; '.join(parts)}" if parts else ""
    what, code = "prescribes nothing", "prescribes-nothing"
    if drafts:
        what, code = f"prescribes in draft rows only, not counted ({drafts:,})", "prescribes-drafts"
    text = f"{name}, {label('genre', genre)} – {what}{instead}."
    return Finding(text, one_each(seen), code, subject=article, articles=(article,))


def problems(selection: Selection, diagnoses: pd.DataFrame) -> list[str]:
    """Return under which instruments problems are described, marked where that is doubtful."""
    label = selection.book.label
    return [
        label("instrument", name) + (f" ({mark})" if mark else "")
        for name, mark in in_doubt(diagnoses, "instrument").items()
    ]


def one_each(diagnoses: pd.DataFrame) -> tuple[str, ...]:
    """Return the surest diagnosis of each article and instrument, which is proof enough."""
    if diagnoses.empty:
        return ()
    surest = diagnoses.sort_values("confidence", kind="stable")
    return row_ids(surest.drop_duplicates(["article", "instrument"]).sort_index())


@as_far_as_coded
def diagnosed_only(selection: Selection) -> list[Finding]:
    """Return for each named theme who describes the problem without prescribing anything on it."""
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    found = []
    for theme in themes(selection):
        mine = cells[(cells["instrument"] == theme) & (cells["diagnosed"] > 0)]
        found += _described(selection, theme, mine)
    if found:
        return found
    uncoded = cells["instrument"].isin(themes(selection)) & (cells["state"] == "not coded")
    coded = "As far as coded, no" if uncoded.any() else "No"
    text = f"{coded} article describes the problem of a named theme and prescribes nothing on the theme."
    return [Finding(text, (), "diagnosed-none")]


def _described(selection: Selection, theme: str, mine: pd.DataFrame) -> list[Finding]:
    """Return the findings on one theme: by articles that prescribe, serve it, or prescribe nothing."""
    label = sentence(selection.book.label("instrument", theme))
    silent = set(mine.loc[mine["state"] == "silent", "article"])
    serving = silent & serves(selection, theme)
    nothing = set(mine.loc[mine["state"] == "prescribes nothing", "article"])
    kinds = (
        ("nothing prescribed on it (other things are)", silent - serving, "diagnosed-silent"),
        ("answered under another heading", serving, "diagnosed-serving"),
        ("in an article that prescribes nothing at all", nothing, "diagnosed-nothing"),
    )
    return [
        Finding(
            f"{label} – problems described, {words}: {few(describing(selection, seen))}.",
            one_each(seen), code, "", theme,
        )
        for words, ids, code in kinds if len(seen := _passages(selection, theme, ids))
    ]  # fmt: skip


def describing(selection: Selection, diagnoses: pd.DataFrame) -> list[str]:
    """Return the names of the articles of diagnoses in order of time, marked where all are doubtful."""
    marks = in_doubt(diagnoses, "article")
    facts = selection.articles[selection.articles["id"].isin(list(marks))]
    return [
        with_mark(name, marks[str(a)]) for name, a in zip(facts["label"], facts["id"], strict=True)
    ]


def _passages(selection: Selection, theme: str, articles: set[str]) -> pd.DataFrame:
    """Return the diagnoses of some articles behind one theme."""
    seen = selection.diagnoses
    return seen[(seen["instrument"] == theme) & seen["article"].isin(list(articles))]


def serves(selection: Selection, theme: str) -> set[str]:
    """Return the articles whose author serves a theme under another heading, filters aside."""
    rows = theme_rows(_unfiltered(selection), theme)
    return set(rows.loc[(rows["serves"] != "") & rows["voice"].isin(OWN), "article"].astype(str))


def _unfiltered(selection: Selection) -> Selection:
    """Return the same articles with all their rows; made once for a selection."""
    known = selection.memo.get("unfiltered")
    if isinstance(known, Selection):
        return known
    asked = {**selection.asked, "voices": "both", "speakers": [], "confidence": "low"}
    lowest = list(selection.book.values("confidence"))[-1:]
    asked |= {"confidence": lowest[0]} if lowest else {}
    selection.memo["unfiltered"] = wide = Selection(selection.suite, asked)
    return wide


def diagnosed_rows(selection: Selection, instruments: list[str] | None = None) -> pd.DataFrame:
    """Return the diagnoses that no recommendation of the same article answers, in order of time.

    By default on the named themes. An article that is not coded for an instrument, or whose
    recommendations a filter hides, is left out.
    """
    cells = states(selection)
    wanted = instruments if instruments is not None else themes(selection)
    open_ = cells[
        cells["state"].isin(["silent", "prescribes nothing"]) & cells["instrument"].isin(wanted)
    ]
    keys = set(zip(open_["article"], open_["instrument"].astype(str), strict=True))
    seen = selection.diagnoses
    pairs = zip(seen["article"].astype(str), seen["instrument"].astype(str), strict=True)
    kept = pd.Series([pair in keys for pair in pairs], index=seen.index, dtype=bool)
    return seen[kept].reset_index(drop=True)


def receipts(selection: Selection, cells: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the receipt of every silence of some cells, as `measures.receipts.receipts`.

    By default of those on the named themes. Time is linear in the texts of silent articles.
    """
    return receipts_of(
        selection.articles,
        silent(selection, themes(selection)) if cells is None else cells,
        instruments=selection.book.values("instrument"),
        texts=selection.suite.searches,
    )


def silent(selection: Selection, instruments: list[str]) -> pd.DataFrame:
    """Return the cells of `states` in which an article is silent on one of some instruments.

    It prescribes other things, and neither describes nor relays anything there. Nobody is silent
    on the instrument `other`: there is nothing in particular that was not said.
    """
    cells = states(selection)
    wanted = [name for name in instruments if name != OTHER]
    return cells[mute(cells) & cells["instrument"].isin(wanted)]


def unspoken(selection: Selection, theme: str) -> pd.DataFrame:
    """Return the cells of `states` in which nothing at all is coded on a theme, whoever prescribes.

    Beside the silent ones those of articles that prescribe nothing anywhere: less can be read
    from these, but a claim that they say nothing there needs its receipt all the same.
    """
    cells = states(selection)
    read = cells["state"].isin(["silent", "prescribes nothing"]) & ~cells["speaks"]
    return cells[read & (cells["instrument"] == theme) & (theme != OTHER)]


def _no_silence(selection: Selection) -> Finding:
    """Return that no article is silent; where none prescribes anything, that none can be."""
    prescribing = ~states(selection)["state"].isin(["prescribes nothing", "not coded"])
    if prescribing.any():
        text = "No article that prescribes is silent on a named theme."
        return Finding(text, (), "silences-none")
    coded = "coded" if (selection.articles["coder"] == "").any() else "selected"
    text = f"No {coded} article prescribes anything, so none can be silent on a theme."
    return Finding(text, (), "silences-nobody")


@as_far_as_coded
def silences(selection: Selection) -> list[Finding]:
    """Return how many silences on the named themes a search would confirm."""
    if selection.articles.empty:
        return [nothing_selected()]
    cells = silent(selection, themes(selection))
    if cells.empty:
        return [_no_silence(selection)]
    values = selection.book.values("instrument")
    found = hits(cells, instruments=values, texts=selection.suite.searches)
    searched = found.dropna()
    there = int((searched > 0).sum())
    parts = [
        f"search terms in the text all the same: {number(there)}",
        f"no search term in the text: {number(len(searched) - there)}",
    ]
    if len(searched) < len(found):
        parts.append(f"without search terms or text: {number(len(found) - len(searched))}")
    text = f"Silences on the named themes: {number(len(found))}; {'; '.join(parts)}."
    caveat = (
        "A term that stands in the text proposes a second look; it proves no recommendation."
        if there
        else ""
    )
    ids = tuple(cells["article"].astype(str).unique())
    return [Finding(text, (), "silences", caveat, articles=ids)]
