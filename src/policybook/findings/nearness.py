"""Sentences on who stands near whom: by which measure, and whether the measures agree.

The surprising rule: rows coded `other` share a code and no demand, so they tie nobody to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import checked
from policybook.findings.coverage import HIDDEN, nothing_selected
from policybook.findings.finding import Finding, few, number, sentence
from policybook.findings.independence import caveat, voice_groups
from policybook.findings.rows import shown_rows
from policybook.findings.ties import Tie, ties
from policybook.findings.wording import years_open
from policybook.measures.affiliation import DUPLICATES, Affiliation, affiliation
from policybook.measures.networks import NORMALISATIONS, nodes, projection
from policybook.suite import Selection, row_ids
from policybook.tables import OWN_VOICES

OTHER = "other"
"""The instrument that stands for everything outside the list."""

WORDS: Mapping[str, str] = {
    "none": "as counted",
    "average": "by the mean of their statements",
    "jaccard": "by Jaccard",
    "dna_cosine": "by DNA's “cosine”",
    "cosine": "by the true cosine",
}
"""Each normalisation in the words of a sentence."""

TOGETHER = "congruence"
AGAINST = "conflict"

_VOCABULARY = {"speaker": "actor", "instrument": "instrument"}


def affiliations(selection: Selection, *, count: str = "") -> Affiliation:
    """Return who speaks on what within the selection; `count` stands in for its counting rule.

    By the selection's own rule it is computed once.
    """
    known = selection.memo.get("affiliation")
    if isinstance(known, Affiliation) and count in {"", known.count}:
        return known
    found = affiliation(
        shown_rows(selection),
        articles=selection.articles,
        count=count or str(selection.asked["count"]),
        exclude={"instrument": [OTHER]},
    )
    if not count:  # by other rules it is asked for once, and such a network is large
        selection.memo["affiliation"] = found
    return found


def named(selection: Selection, nodes_: str, name: object) -> str:
    """Return the words for a node: a speaker's or an instrument's label."""
    return selection.book.label(_VOCABULARY[nodes_], str(name))


def shared_rows(selection: Selection, nodes_: str, a: str, b: str) -> pd.DataFrame:
    """Return the rows that tie two nodes: what both speak on, or who speaks on both.

    Columns: id, article, voice, speaker, instrument.
    """
    across = "instrument" if nodes_ == "speaker" else "speaker"
    rows = selection.rows[["id", "article", "voice", "speaker", "instrument"]]
    rows = rows[rows[nodes_].isin([a, b]) & (rows["instrument"] != OTHER)]
    one, two = (set(rows.loc[rows[nodes_] == name, across].unique()) for name in (a, b))
    return rows[rows[across].isin(list(one & two))]


def heaviest(edges: pd.DataFrame) -> pd.DataFrame:
    """Return the edges of the greatest weight above nought, equals beside each other."""
    above = edges[edges["weight"] > 0]
    return above[above["weight"] >= above["weight"].max() * (1 - 1e-12)] if len(above) else above


@checked(nodes_="nodes")
@as_far_as_coded
def who_stands_near_whom(selection: Selection, *, nodes_: str = "speaker") -> list[Finding]:
    """Return which pair is nearest by each normalisation, which conflicts most, who stands alone.

    `nodes_` are what is tied: speaker, or instrument; `ParameterError` for anything else.
    Formulas and their source: `measures.projection`.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    network = affiliations(selection)
    found = [
        *_top(selection, network, nodes_, TOGETHER),
        *_top(selection, network, nodes_, AGAINST),
    ]
    if not found:
        one, other = (
            ("speakers", "an instrument") if nodes_ == "speaker" else ("instruments", "a speaker")
        )
        text = f"No two {one} share {other} within the selection."
        found = [Finding(text, (), "near-none")]
    return [*found, *_alone(selection, network, nodes_)]


def _top(
    selection: Selection, network: Affiliation, nodes_: str, aggregation: str
) -> list[Finding]:
    """Return the pairs at the top by each normalisation; one sentence where all agree."""
    by_pairs: dict[bytes, tuple[pd.DataFrame, list[str]]] = {}
    for normalisation in NORMALISATIONS:
        edges = projection(network, of=nodes_, aggregation=aggregation, normalisation=normalisation)
        top = heaviest(edges)
        if len(top):
            same = top.index.to_numpy().tobytes()
            by_pairs.setdefault(same, (top, []))[1].append(WORDS[normalisation])
    return [
        _nearest(
            selection, nodes_, top, f"{_HEADS[aggregation]} {_by(words)}", f"near-{aggregation}"
        )
        for top, words in by_pairs.values()
    ]


@checked(normalisation="normalisation")
def nearest_by(selection: Selection, *, normalisation: str = "none") -> list[Finding]:
    """Return which speakers are nearest, which most in conflict, and who stands alone, by one measure.

    What has to stay for such a sentence to stand are the pairs at the top.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    network, found = affiliations(selection), []
    for aggregation, head in _HEADS.items():
        edges = projection(network, aggregation=aggregation, normalisation=normalisation)
        top = heaviest(edges)
        if len(top):
            words = f"{head} {WORDS[normalisation]}"
            one = _nearest(selection, "speaker", top, words, f"near-{aggregation}")
            pairs = "; ".join(f"{a} {b}" for a, b in zip(top["a"], top["b"], strict=True))
            found.append(replace(one, subject=aggregation, claim=pairs))
    return [*found, *_alone(selection, network, "speaker")]


_FIRST_YEARS = (
    "Statements are counted by the first possible year of their article; where dates leave it open, "
    "other pairs may be at the top."
)

_HEADS = {TOGETHER: "Nearest", AGAINST: "Most in conflict"}


def _by(words: list[str]) -> str:
    """Return by which normalisations; all of them in one phrase."""
    return "by every normalisation" if len(words) == len(WORDS) else few(words)


def _nearest(selection: Selection, nodes_: str, top: pd.DataFrame, head: str, code: str) -> Finding:
    """Return the sentence on the pairs at the top, with the rows that tie the first few.

    Pairs whose tie is plain come first; what any other rests on stands behind its names.
    """
    looked = top.head(MOST_LOOKED).astype({"a": str, "b": str})
    pairs = list(zip(looked["a"], looked["b"], strict=True))
    rests = ties(selection, pairs, nodes=nodes_, same=code == f"near-{TOGETHER}")
    order = sorted(range(len(pairs)), key=lambda n: (not rests[n].plain, len(rests[n].marks)))
    order = order[: FEW_PAIRS + (len(top) == FEW_PAIRS + 1)]
    names = [_pair(selection, nodes_, pairs[n], rests[n]) for n in order]
    rows = pd.concat([shared_rows(selection, nodes_, *pairs[n]) for n in order])
    equal = f" – {number(len(top))} pairs equal" if len(top) > 1 else ""
    text = f"{head}{equal}: {few(names, most=FEW_PAIRS, mark=';', total=len(top))}."
    rows = rows.drop_duplicates("id")
    doubts = [_plainly(top, rests), _one_voice(selection, rows) if nodes_ == "speaker" else ""]
    doubts += [_FIRST_YEARS] if years_open(selection) else []
    doubt = " ".join(part for part in doubts if part)
    return Finding(sentence(text), row_ids(rows), code, doubt, subject=head)


def _pair(selection: Selection, nodes_: str, pair: tuple[str, str], tie: Tie) -> str:
    """Return two nodes in words, with what their tie rests on."""
    a, b = (named(selection, nodes_, one) for one in pair)
    marks = f" ({', '.join(tie.marks)})" if tie.marks else ""
    return f"{a} with {b}{marks}"


def _plainly(top: pd.DataFrame, rests: Sequence[Tie]) -> str:
    """Return how many of the ties at the top are plain; empty where not all were looked at."""
    plain = sum(one.plain for one in rests)
    if len(top) == 1 or len(top) > len(rests) or plain == len(rests):
        return ""
    return f"Plain ties among them: {number(plain) if plain else 'none'}."


def _one_voice(selection: Selection, rows: pd.DataFrame) -> str:
    """Return what must be said where the authors of some rows may be one person."""
    own = rows.loc[rows["voice"].isin(OWN_VOICES), "article"]
    ids = list(dict.fromkeys(map(str, own)))
    return caveat(selection, ids, voice_groups(selection, ids)) if len(ids) > 1 else ""


MOST_LOOKED = 24
"""Pairs at the top of which it is asked what their ties rest on."""

FEW_PAIRS = 3
"""Pairs named in a sentence, and proved by its notes; more are counted."""


def _alone(selection: Selection, network: Affiliation, nodes_: str) -> list[Finding]:
    """Return who shares nothing with anybody, of those who say something."""
    table = nodes(network, of=nodes_)
    alone = table.loc[table["isolate"] & (table["statements"] > 0), "id"]
    if alone.empty:
        return []
    names = [named(selection, nodes_, one) for one in alone]
    rows = selection.rows[
        selection.rows[nodes_].isin(alone) & (selection.rows["instrument"] != OTHER)
    ]
    what, whom = (
        ("instrument", "anyone else")
        if nodes_ == "speaker"
        else ("speaker", "any other instrument")
    )
    text = f"No {what} shared with {whom}: {few(names)}."
    doubt = HIDDEN if selection.narrowed else ""
    return [Finding(text, row_ids(rows), "near-alone", doubt)]


@checked(nodes_="nodes", aggregation="aggregation")
def by_duplicates(
    selection: Selection, *, nodes_: str = "speaker", aggregation: str = TOGETHER
) -> pd.DataFrame:
    """Return, for each duplicate rule, the statements left and the pairs at the top.

    Columns: rule, statements, weight (of the heaviest tie, nought without one), pairs (ids).
    """
    lines = []
    for rule in DUPLICATES:
        network = affiliations(selection, count=rule)
        top = heaviest(projection(network, of=nodes_, aggregation=aggregation))
        pairs = tuple((str(a), str(b)) for a, b in zip(top["a"], top["b"], strict=True))
        weight = float(top["weight"].max()) if len(top) else 0.0
        lines.append((rule, int(network.total.sum()), weight, pairs))
    return pd.DataFrame(lines, columns=["rule", "statements", "weight", "pairs"])
