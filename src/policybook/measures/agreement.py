"""Agreement: where two sides want the same, the opposite, or only share a heading.

A side is an article (what its author prescribes: `author` and `coauthored`; positions it reports
do not count) or a speaker (everything he says). Two rows are comparable only under one instrument
where objectives overlap, targets overlap (a group reaches its members, of rows that `limited` made
those that were there when it was written) and conditions are the same.
The surprising rule: whoever names no objective or nobody upon whom is comparable with anyone,
but such a pair is marked in `loose`; a row coded `other` shares a code and no demand with others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations, compress, product

import numpy as np
import pandas as pd

from policybook.anchors import normalise
from policybook.codebook import Codebook
from policybook.measures.membership import LIMITS, reached
from policybook.tables import OWN_VOICES, split

KINDS = (
    "agree",
    "contradict",
    "agree and contradict",
    "same heading, different demand",
    "one-sided",
)
"""What two sides can be to each other under one instrument."""

GRID = (
    "article", "speaker", "instrument", "addressee", "target", "objective", "means",
    "condition", "condition_type", "strength", "stance",
)  # fmt: skip
"""Who acts, on whom, to what end, by which means, under which condition, how strongly."""

UNSAID, OTHER = "unspecified", "other"
NO, LOOSE, OVERLAP = 0, 1, 2
"""Verdicts on two cells: they differ; one of them says nothing, or dates leave it open; both say something in common."""

ASPECTS = ("objective", "target", "condition")
_DEMAND = ["side", "instrument", "stance", *ASPECTS]
_HEADING = ["pair", "instrument"]
_COLUMNS = [
    "a", "b", "instrument", "kind", "rows_a", "rows_b", "decided_by", "loose", "differ", "loose_agreed",
]  # fmt: skip
_MOST_SIDES = 5000
"""A matrix of so many sides takes about a gigabyte; nobody reads more."""


def agreement(  # noqa: PLR0913  (all but two by keyword)
    rows: pd.DataFrame,
    pairs: Iterable[tuple[str, str]] | None = None,
    *,
    book: Codebook,
    by: str = "article",
    strict: bool = True,
    behind: bool = True,
) -> pd.DataFrame:
    """Return one line for each pair of sides and each instrument that one of them prescribes on.

    `pairs` are pairs of ids of `by` (article or speaker), by default every pair in `rows`.
    Kinds: `agree` (comparable rows of one stance), `contradict` (comparable rows of opposite
    stance), `agree and contradict` (both, on different demands), `same heading, different demand`
    (rows on both sides, none comparable), `one-sided` (the other has no row on it, which is not yet
    silence: `coverage` knows). `strict` compares only rows with the same type and words
    of condition, or none on both sides; else conditions are ignored and named in `loose`.
    `rows_a`, `rows_b`: ids of the rows behind the kind; left out without `behind`, which costs as
    much as all else. `decided_by`: the clearest pair of ids,
    for `agree and contradict` the contradicting, then the agreeing one; for different demands the
    nearest. `loose`: what that (first) pair does not share; `differ`: what keeps it incomparable;
    `loose_agreed`: what the agreeing pair does not share, empty also where none agrees.
    Linear in rows for given pairs; every pair of many sides is for `heat`.
    ValueError for a pair of a side with itself.

    >>> rows = pd.DataFrame({"id": ["a1", "b1"], "article": ["a", "b"], "voice": "author",
    ...     "instrument": "sanctions", "stance": "supports", "objective": "end_fighting",
    ...     "target": ["militia", "armed"], "condition": "", "condition_type": ""})
    >>> book = Codebook("", data={"actor": {"armed": {"members": ["militia"]}, "militia": {}}})
    >>> agreement(rows, [("a", "b")], book=book)[["kind", "decided_by"]].values.tolist()
    [['agree', (('a1', 'b1'),)]]
    """
    said = _sides(rows, by)
    chosen = list(combinations(said[by].unique(), 2) if pairs is None else pairs)
    if any(a == b for a, b in chosen):
        message = "a side cannot be compared with itself"
        raise ValueError(message)
    asked = pd.DataFrame(chosen, columns=["a", "b"], dtype=object)
    asked.insert(0, "pair", np.arange(len(asked)))
    said = said[said[by].isin({*asked["a"], *asked["b"]})]
    table = demands(said, by=by)
    met = _judged(_meet(table, asked, book), strict=strict)
    lines = _headings(table, asked, book).merge(_decisions(met), on=_HEADING, how="left")
    lines["kind"] = lines["kind"].fillna("one-sided")
    for side in "ab" if behind else "":
        lines[f"rows_{side}"] = pd.Series(_behind(lines, met, table, side), dtype=object)
    duos = [found if isinstance(found, tuple) else () for found in lines["decided_by"]]
    lines["decided_by"] = pd.Series(duos, dtype=object)
    shown = [name for name in _COLUMNS if behind or name not in {"rows_a", "rows_b"}]
    return lines.fillna({"loose": "", "differ": "", "loose_agreed": ""})[shown]


def heat(
    rows: pd.DataFrame, *, by: str = "article", sides: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return one line for each pair of sides: a, b, agreed, contradicted, shared, either.

    Counts of instruments at the level of headings, objectives and targets not looked at:
    so each is an upper bound of what `agreement` finds. With S and O telling which side (line)
    supports and opposes which instrument (column), B = S∘O, P = max(S, O):
    agreed = SSᵀ + OOᵀ - BBᵀ, contradicted = SOᵀ + OSᵀ - BBᵀ, shared = PPᵀ (both prescribe on it),
    either = |P_a| + |P_b| - shared. `sides` (default: all in `rows`) may be 5,000 at most,
    else ValueError: the result is quadratic in them, the work linear in rows.
    """
    said = _sides(rows, by)
    names = list(dict.fromkeys(said[by].unique() if sides is None else sides))
    if len(names) > _MOST_SIDES:
        message = f"{len(names)} sides: name at most {_MOST_SIDES}"
        raise ValueError(message)
    said = said[said[by].isin(names)]
    kinds = pd.Index(said["instrument"].unique())
    s, o = (_one_hot(said[said["stance"] == w], by, names, kinds) for w in ("supports", "opposes"))
    both, any_ = s * o, np.maximum(s, o)
    shared, said_by, twice = any_ @ any_.T, any_.sum(axis=1), both @ both.T
    first, second = np.triu_indices(len(names), k=1)
    counts = {
        "agreed": (s @ s.T + o @ o.T - twice)[first, second],
        "contradicted": (s @ o.T + o @ s.T - twice)[first, second],
        "shared": shared[first, second],
        "either": said_by[first] + said_by[second] - shared[first, second],
    }
    index = np.array(names, dtype=object)
    whole = {name: count.astype("int64") for name, count in counts.items()}
    return pd.DataFrame({"a": index[first], "b": index[second], **whole})


def grid(rows: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    """Return rows side by side, in the order of `ids`: who acts, on whom, to what end, and so on.

    KeyError where an id is none of `rows`.
    """
    asked = list(ids)
    return rows[rows["id"].isin(asked)].set_index("id").loc[asked, list(GRID)].reset_index()


def demands(rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return the rows with the number of the demand that each makes, and their place in `rows`.

    Rows of one side that are equal in instrument, stance, objective, target and condition
    (normalised, case ignored) make one demand; comparing demands is comparing their rows.
    """
    words = {text: normalise(text).casefold().rstrip(".,;: ") for text in set(rows["condition"])}
    keys = rows[["instrument", "stance", "objective", "target"]].astype(str)
    keys.insert(0, "side", rows[by].astype(str))
    keys["condition"] = rows["condition_type"].astype(str) + "|" + rows["condition"].map(words)
    if LIMITS in rows:
        keys[LIMITS] = rows[LIMITS]
    keys["demand"] = keys.groupby([*_DEMAND, *({LIMITS} & {*keys})], sort=False).ngroup()
    return keys.assign(id=rows["id"].astype(str), place=np.arange(len(rows)))


def confront(
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    on: list[str],
    book: Codebook,
    needs: Collection[str] = (),
) -> pd.DataFrame:
    """Return every line of `first` beside every one of `second` with equal `on`, and verdicts.

    All columns but `on` end in `_a` and `_b`; objective, target and condition are `OVERLAP`,
    `LOOSE` (one says nothing; for conditions never) or `NO`, which those in `needs` may not be.
    """
    sides = {"a": first, "b": second}
    ones, others = (side[on].assign(**{x: np.arange(len(side))}) for x, side in sides.items())
    met = ones.merge(others, on=on)
    for aspect, judge in zip(ASPECTS, (_purposes, reaching(book), None), strict=True):
        one, other = (upon(side) if aspect == "target" else side[aspect] for side in sides.values())
        met[aspect] = _verdicts(one, other, met, judge)
        met = met[met[aspect] != NO] if aspect in needs else met
    wide = [
        side.drop(columns=on).iloc[met[x]].add_suffix(f"_{x}").set_axis(met.index)
        for x, side in sides.items()
    ]
    return pd.concat([met.drop(columns=["a", "b"]), *wide], axis=1)


def ranked(met: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of rows, the clearest first; which side is named first changes nothing."""
    verdicts, places = met[list(ASPECTS)].to_numpy(), met[["place_a", "place_b"]].to_numpy()
    key = (verdicts == NO).sum(axis=1) << 60 | (verdicts == LOOSE).sum(axis=1) << 56
    key |= places.min(axis=1) << 28 | places.max(axis=1)  # 28 bits: 268 million rows
    return met.iloc[np.argsort(key, kind="stable")]


def _sides(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the rows that count for sides of a kind."""
    return rows[rows["voice"].isin(OWN_VOICES)] if by == "article" else rows


def _one_hot(rows: pd.DataFrame, by: str, names: list[str], kinds: pd.Index) -> np.ndarray:
    """Return a matrix of sides by instruments: 1 where a side has a row."""
    matrix = np.zeros((len(names), len(kinds)), dtype=np.float32)
    line = pd.Index(names).get_indexer(pd.Index(rows[by]))
    matrix[line, kinds.get_indexer(pd.Index(rows["instrument"]))] = 1
    return matrix


Reach = tuple[frozenset[str], frozenset[str]]
"""What a cell means for certain, and all that it may mean."""


def _purposes(cell: str) -> Reach:
    """Return the objectives of a cell; empty where none is said."""
    return (frozenset(split(cell)) - {UNSAID},) * 2


def upon(table: pd.DataFrame) -> pd.Series:
    """Return the targets of demands, each with its limits behind it where there are any."""
    return table["target"] + _BEHIND + table[LIMITS] if LIMITS in table else table["target"]


_BEHIND = "\x1f"


def reaching(book: Codebook) -> Callable[[str], Reach]:
    """Return what turns a cell of `upon` into all actors that it reaches for certain, and perhaps."""

    def reach(cell: str) -> Reach:
        target, _, limits = cell.partition(_BEHIND)
        return reached(frozenset().union(*map(book.members, split(target))), limits)

    return reach


def _verdicts(
    one: pd.Series,
    other: pd.Series,
    met: pd.DataFrame,
    parts: Callable[[str], Reach] | None,
) -> np.ndarray:
    """Return the verdict on each pair of cells that meet; each distinct pair is judged once."""
    codes, cells = pd.factorize(pd.concat([one, other], ignore_index=True))
    here, there = codes[met["a"]], codes[len(one) + met["b"]]
    if parts is None:
        return np.where(here == there, OVERLAP, NO).astype(np.int8)
    sets = [parts(str(cell)) for cell in cells]
    where, distinct = pd.factorize(here * len(sets) + there)
    judged = [_verdict(sets[n // len(sets)], sets[n % len(sets)]) for n in distinct]
    return np.array(judged, dtype=np.int8)[where]


def _verdict(one: Reach, other: Reach) -> int:
    """Return the verdict on two sets of codes; where they may overlap or not, it is left open."""
    if not one[1] or not other[1] or (one[1] & other[1]) - {OTHER}:
        return OVERLAP if (one[0] & other[0]) - {OTHER} else LOOSE
    return NO


def _meet(table: pd.DataFrame, asked: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Return the demands of the two sides of each pair that stand under one instrument."""
    distinct = table.drop_duplicates("demand")
    ones, others = (
        asked[["pair", x]].merge(distinct, left_on=x, right_on="side").drop(columns=x) for x in "ab"
    )
    return confront(ones, others, on=_HEADING, book=book)


def _judged(met: pd.DataFrame, *, strict: bool) -> pd.DataFrame:
    """Add what each pair of demands is (empty where incomparable), what it lacks, what differs."""
    no = met[list(ASPECTS)] == NO
    no["instrument"] = met["instrument"] == OTHER
    loose = met[list(ASPECTS)] == LOOSE
    if not strict:
        loose["condition"], no["condition"] = no["condition"], False
    same = met["stance_a"] == met["stance_b"]
    met["verdict"] = np.where(no.any(axis=1), "", np.where(same, "agree", "contradict"))
    return met.assign(loose=_named(loose), differ=_named(no))


def _named(flags: pd.DataFrame) -> list[str]:
    """Return the names of the columns that are true, line by line."""
    every = product((False, True), repeat=flags.shape[1])
    words = {bits: "; ".join(compress(flags.columns, bits)) for bits in every}
    return [words[bits] for bits in flags.itertuples(index=False, name=None)]


def _headings(table: pd.DataFrame, asked: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Return each pair with each instrument of either side, in the order of the codebook."""
    held = table[["side", "instrument"]].drop_duplicates()
    parts = [asked.merge(held, left_on=side, right_on="side") for side in "ab"]
    lines = pd.concat(parts).drop(columns="side").drop_duplicates(_HEADING)
    order = dict.fromkeys([*book.values("instrument"), *sorted(set(held["instrument"]))])
    lines["instrument"] = pd.Categorical(lines["instrument"], list(order), ordered=True)
    return lines.sort_values(_HEADING).astype({"instrument": str})


def _decisions(met: pd.DataFrame) -> pd.DataFrame:
    """Return kind, deciding pairs and what these lack or differ in, of each common heading."""
    best = ranked(met).drop_duplicates([*_HEADING, "verdict"])
    best = best.sort_values("verdict", ascending=False, kind="stable")  # contradict, agree, none
    names = [*_HEADING, "verdict", "id_a", "id_b", "loose", "differ"]
    found: dict[tuple[object, ...], tuple[list[str], list[tuple[str, str]], list[str]]] = {}
    for pair, instrument, verdict, a, b, *words in best[names].itertuples(index=False):
        kinds, duos, said = found.setdefault((pair, instrument), ([], [], [*words, ""]))
        if verdict or not duos:
            kinds.append(verdict)
            duos.append((a, b))
            said[-1] = words[0] if verdict == KINDS[0] else ""
    lines = [
        (*heading, " and ".join(sorted(kinds)) or KINDS[3], tuple(duos), *words)
        for heading, (kinds, duos, words) in found.items()
    ]
    columns = [*_HEADING, "kind", "decided_by", "loose", "differ", "loose_agreed"]
    return pd.DataFrame(lines, columns=columns)


def _behind(lines: pd.DataFrame, met: pd.DataFrame, table: pd.DataFrame, side: str) -> list[object]:
    """Return, for each line, the ids of one side's rows that make it what it is, in their order."""
    here, demand = ["side", "instrument"], [*_HEADING, "demand"]
    rows = lines.rename(columns={side: "side"}).merge(table, on=here).sort_values("place")
    judged = met[met["verdict"] != ""].rename(columns={f"demand_{side}": "demand"})
    found = rows[demand].merge(judged[demand].drop_duplicates(), how="left", indicator="found")
    takes_part = found["found"].to_numpy() == "both"
    rows = rows[takes_part | rows["kind"].isin(KINDS[3:]).to_numpy()]
    ids = rows.groupby(_HEADING)["id"].agg(tuple).to_dict()
    return [ids.get(heading, ()) for heading in lines[_HEADING].itertuples(index=False, name=None)]
