"""Codings of a suite compared for a page: how far they agree, where not, and what was ruled.

The surprising rule: a suite without a second coding is no error; the page says so in a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from policybook.codebook import Column
from policybook.findings.finding import Finding, listed, number, sentence
from policybook.material import RECOMMENDATIONS
from policybook.measures import reliability
from policybook.measures.coefficients import Coefficient
from policybook.measures.reliability import PAIR, Comparison
from policybook.problems import count
from policybook.suite import Selection, Suite, row_ids
from policybook.together.disagreements import Disagreement, disagreements, undecided
from policybook.together.rulings import Log, Ruling, unruled

FIRM, TENTATIVE = 0.8, 0.667
"""Alpha from which a column bears conclusions, and from which tentative ones.

Source: Krippendorff, Content Analysis, 2nd ed. 2004, section 11.4.
"""

NONE = "There is no second coding to compare: policybook kit makes a folder for a second coder."


@dataclass(frozen=True, slots=True)
class Coders:
    """Codings compared: `found` is None where there are no two, `selection` the articles asked for."""

    selection: Selection
    found: Comparison | None
    units: list[Disagreement]
    log: Log

    @property
    def suite(self) -> Suite:
        """The suite."""
        return self.selection.suite

    @property
    def names(self) -> list[str]:
        """What readers call the coders: who coded, or the file where that does not tell them apart."""
        if self.found is None:
            return []
        label = self.suite.book.label
        coders = [[str(c) for c in rows["coder"].unique() if str(c)] for rows in self.found.rows]
        names = [listed(label("coder", c) for c in some) for some in coders]
        whole = all(names) and len(set(names)) == len(names)
        return names if whole else list(self.found.names)

    def _columns(self) -> Mapping[str, Column]:
        """Return the columns of the codings."""
        kind = (
            "recommendations"
            if self.found is None or "stance" in self.found.rows[0]
            else "diagnoses"
        )
        return self.suite.book.columns.get(kind, {})

    def column(self, name: str) -> str:
        """Return what readers call a column, in a sentence."""
        known = self._columns().get(name)
        label = known.label if known else name
        return label[:1].lower() + label[1:]

    def vocabulary(self, name: str) -> str:
        """Return the vocabulary of a column, empty where it has none."""
        known = self._columns().get(name)
        return known.values if known else ""

    def stands(self, one: Disagreement) -> tuple[str, ...]:
        """Return the ids of the table's own rows on the words of a disagreement.

        Those under one of its instruments, if there are such; none where the table has no row there.
        """
        rows = self.selection.rows if "stance" in one.row else self.selection.diagnoses
        first, last = (
            pick(int(row[edge]) for row in one.rows if row)
            for pick, edge in ((min, "start"), (max, "end"))
        )
        here = rows["article"] == one.row["article"]
        rows = rows[here & (rows["start"] < last) & (rows["end"] > first)]
        same = rows["instrument"].isin({row["instrument"] for row in one.rows if row})
        return row_ids(rows[same] if same.any() else rows)

    def rulings(self, one: Disagreement) -> list[Ruling]:
        """Return the rulings on a disagreement."""
        return self.log.about(one.places, one.codings)


def coders(suite: Suite, *, codings: Sequence[str] = (), articles: Sequence[str] = ()) -> Coders:
    """Compare codings of a suite, by their paths within it; without any, those that share most.

    Where there is but one coding beside the table itself, it is compared with that.
    """
    names = list(dict.fromkeys(codings)) or _that_share_most(suite)
    names = names if len(names) >= PAIR else list(dict.fromkeys([RECOMMENDATIONS, *names]))
    selection = suite.select(articles=articles)
    if len(names) < PAIR:
        return Coders(selection, None, [], Log(suite))
    found = reliability.compare(suite, *names, articles=articles)
    return Coders(selection, found, disagreements(suite, found), Log(suite))


def _that_share_most(suite: Suite) -> list[str]:
    """Return the two codings beside the table that share most articles, and all that share these."""
    having = {n: set(suite.coding(n)["article"].astype(str)) for n in suite.codings()}
    pairs = list(combinations(having, PAIR))
    if not pairs:
        return list(having)
    first, second = max(pairs, key=lambda pair: len(having[pair[0]] & having[pair[1]]))
    shared = having[first] & having[second]
    return [
        name for name in having if name in {first, second} or (shared and shared <= having[name])
    ]


def coders_agree(coders: Coders) -> list[Finding]:
    """Return how far coders agree, in sentences: on passages, on codes, and what hangs on the rest."""
    if coders.found is None:
        return [Finding(NONE, (), "coders-none")]
    if not coders.found.articles:
        return [Finding("No article has rows of every coder.", (), "coders-no-article")]
    return [_seen(coders), _turned(coders), *_columns(coders, coders.found), _ruled(coders)]


def _seen(coders: Coders) -> Finding:
    """Return how often all found the same, and whether a person is among them."""
    found = coders.found
    assert found is not None  # `coders_agree` asked
    unit = found.table.iloc[0]
    who = "Both" if len(found.names) == PAIR else f"All {number(len(found.names))}"
    seen = found.seen["any passage"]
    text = f"{who} found the same recommendation in {unit['agreed']:,} of {unit['units']:,} units; "
    text += f"alpha-u over the characters of the texts: {seen}."
    known = coders.suite.book.values("coder")
    ids = {str(c) for rows in found.rows for c in rows["coder"].unique()} & set(known)
    people = any(known[one].extra.get("kind") == "person" for one in ids)
    machines = "No person coded: this shows that rules can be applied twice alike, and no more."
    return Finding(text, (), "coders-seen", "" if people or not ids else machines)


def _columns(coders: Coders, found: Comparison) -> list[Finding]:
    """Return which columns bear conclusions by Krippendorff's bounds, and which do not."""
    lines = found.table.iloc[1:]
    named = map(coders.column, lines["column"])
    values: dict[str, Coefficient] = dict(zip(named, lines["alpha"], strict=True))
    units = count(int(lines["units"].max()), "unit")
    groups = {
        f"Alpha, over {units}, of {FIRM:.3f} or more, which bears conclusions": (FIRM, math.inf),
        f"Alpha from {TENTATIVE:.3f}, tentative conclusions": (TENTATIVE, FIRM),
        f"Alpha below {TENTATIVE:.3f}, no conclusions": (-math.inf, TENTATIVE),
    }
    parts = {words: _between(values, *ends) for words, ends in groups.items()}
    for name, value in values.items():
        if value.reason:
            parts.setdefault(f"Alpha not defined, for {value.reason}", []).append(name)
    texts = [f"{words}: {listed(names)}." for words, names in parts.items() if names]
    return [Finding(text, (), "coders-columns") for text in texts]


def _between(values: dict[str, Coefficient], least: float, below: float) -> list[str]:
    """Return the columns whose alpha lies in a range, the lowest first."""
    inside = [(c.value, name) for name, c in values.items() if least <= c.value < below]
    return [name for _, name in sorted(inside)]


def _turned(coders: Coders) -> Finding:
    """Return how many units are coded otherwise, and how many of them turn a finding."""
    units, turning = coders.units, [one for one in coders.units if one.turned]
    if not units:
        return Finding("Every unit is coded alike.", (), "coders-turned")
    rows = tuple(dict.fromkeys(row for one in turning or units for row in coders.stands(one)))
    text = f"{number(len(units))} {'unit differs' if len(units) == 1 else 'units differ'} in a passage or a code; "
    if codes := undecided(coders.suite, units[0].codings):
        text += f"what they turn cannot be told: split or retired since: {listed(codes)}."
    else:
        turn = "turns" if len(turning) == 1 else "turn"
        text += f"{number(len(turning))} {turn} a finding."
    return Finding(sentence(text), rows, "coders-turned")


def _ruled(coders: Coders) -> Finding:
    """Return whether all disagreements are ruled on."""
    left = sum(bool(unruled(one.differed, coders.rulings(one))) for one in coders.units)
    if not coders.units:
        text = "There is nothing to rule on."
    elif left:
        text = f"Not ruled on in full: {number(left)}."
    else:
        text = "The adjudication log rules on every one."
    return Finding(text, (), "coders-ruled")
