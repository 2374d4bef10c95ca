"""Suites drawn by a seed, under filters drawn as well, and what loops need to count them again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from made import make_suite
from policybook.findings.finding import Finding, few, number
from policybook.findings.wording import HOLDING, ONE
from policybook.suite import COUNTING, Selection

THEMES = ("sanctions", "pressure_egypt_uae", "exclude_haftar", "algerian_mediation")
END = "end_fighting"
Row = dict[str, Any]

COVER = (0, 51, 38, 6, 5, 11, 13, 15, 3, 33, 47)
"""Seeds whose suites make nearly every kind of sentence stand: found by trying sixty."""

SEEDS = tuple(range(300)) if os.environ.get("POLICYBOOK_SOAK") else COVER
"""The seeds to try."""

FIRED: dict[str, set[bool]] = {}
"""For each kind of sentence whether it was seen to stand, and seen not to, in all that was tried."""


@dataclass
class World:
    """A suite under some filters, as plain records, and the words that sentences have for them."""

    selection: Selection

    @cached_property
    def facts(self) -> list[Row]:
        """The selected articles in order of time."""
        return [dict(one) for one in self.selection.articles.to_dict("records")]

    @cached_property
    def every(self) -> list[Row]:
        """All rows of these articles."""
        return [dict(one) for one in self.selection.all_rows.to_dict("records")]

    @cached_property
    def seen(self) -> list[Row]:
        """The rows that no filter hides."""
        return [dict(one) for one in self.selection.rows.to_dict("records")]

    @cached_property
    def diagnoses(self) -> list[Row]:
        """The passages that describe a problem."""
        return [dict(one) for one in self.selection.diagnoses.to_dict("records")]

    @property
    def chosen(self) -> str:
        """What an article is called of which only it is known that it is among those selected."""
        return "" if len(self.facts) == len(self.selection.suite.articles) else "selected "

    def label(self, vocabulary: str, name: str) -> str:
        """Return the codebook's word for a code."""
        return self.selection.book.label(vocabulary, name)

    def instruments(self) -> list[str]:
        """Return all instruments that are headings, in the codebook's order."""
        return [name for name in self.selection.book.values("instrument") if name != "other"]

    def names(self, ids: Iterable[str]) -> list[str]:
        """Return the names of articles, in order of time."""
        wanted = set(ids)
        return [fact["label"] for fact in self.facts if fact["id"] in wanted]

    def unit(self, row: Row) -> object:
        """Return what a row counts as, by the rule that was asked for; of open years the first."""
        rule = str(self.selection.asked["count"])
        return row[{"courses": "course", "articles": "article", "periods": "first_year"}.get(rule, "id")]  # fmt: skip

    def units(self, rows: list[Row]) -> str:
        """Return how many units rows are, in words: of years the fewest and the most there can be."""
        least, most = self.span(rows)
        return number(least) if least == most else f"{number(least)} {'or' if most - least == 1 else 'to'} {number(most)}"  # fmt: skip

    def span(self, rows: list[Row]) -> tuple[int, int]:
        """Return how many units rows are at least and at most: of years, in every way there can be."""
        if self.selection.asked["count"] != "periods":
            return (len({self.unit(row) for row in rows}),) * 2
        found = [len(set(each)) for each in product(*self.years({r["article"] for r in rows}))]
        return min(found), max(found)

    def years(self, articles: set[str]) -> list[range]:
        """Return in which years each of some articles can have appeared at the widest."""
        facts = [f for f in self.facts if f["id"] in articles]
        days = [(f["outer_earliest"] or str(f["earliest"]), f["outer_latest"] or str(f["latest"])) for f in facts]  # fmt: skip
        return [range(int(first[:4]), int(last[:4]) + 1) for first, last in days]

    def amount(self, rows: list[Row]) -> str:
        """Return how many units rows are, in words."""
        rule, many = str(self.selection.asked["count"]), self.units(rows)
        of = "recommendations of " if rule in HOLDING else ""
        return f"{of}{many} {ONE[rule] if many == 'one' else COUNTING[rule]}"

    def near(self, actor: str, article: str) -> set[str]:
        """Return an actor, the groups that may hold it in an article, and its parts that may be there."""
        (fact,) = [f for f in self.facts if f["id"] == article]
        first = fact["outer_earliest"] or f"{fact['earliest']:%Y-%m-%d}"
        last = fact["outer_latest"] or f"{fact['latest']:%Y-%m-%d}"
        known = self.selection.book.values("actor")
        there = {
            name for name, one in known.items()
            if last >= one.extra.get("from", "") and first <= one.extra.get("until", "9999")
        }  # fmt: skip
        held = self.selection.book.members
        return {actor} | {one for one in there if actor in there and (actor in held(one) or one in held(actor))}  # fmt: skip

    def state(self, article: str, instrument: str) -> str:
        """Return where an article stands on an instrument: said, filtered out, silent and so on."""
        mine = [r for r in own(self.every) if r["article"] == article]
        on_it = [r for r in mine if r["instrument"] == instrument]
        if on_it:
            shown = any(r["article"] == article and r["instrument"] == instrument for r in own(self.seen))  # fmt: skip
            return "said" if shown else "filtered out"
        if not self.coded(article):
            return "not coded"
        return "silent" if mine else "prescribes nothing"

    def coded(self, article: str) -> bool:
        """Tell whether somebody coded an article."""
        return any(fact["id"] == article and fact["coder"] for fact in self.facts)

    def marks(self, rows: list[Row]) -> str:
        """Return what holds for each of some rows and has to be said of all."""
        flags = {
            "under a condition": all(r["condition"] for r in rows),
            "only implied": all(r["strength"] == "implied" for r in rows),
            "doubtful": all(r["confidence"] == "low" for r in rows),
        }
        return ", ".join(words for words, held in flags.items() if held)

    def marked(self, label: str, rows: list[Row]) -> str:
        """Return the name of an article, in its brackets what holds for each of some rows."""
        marks = self.marks(rows)
        return f"{label[:-1]}, {marks})" if marks else label

    def described(self, seen: list[Row], by: str) -> dict[str, str]:
        """Return the values of a column of diagnoses, each with whether all of its lines are doubtful."""
        keys = dict.fromkeys(one[by] for one in seen)
        return {
            key: "doubtful" * all(d["confidence"] == "low" for d in seen if d[by] == key)
            for key in keys
        }

    def what(self, row: Row) -> str:
        """Return what a row is for or against; outside the list what its note calls it."""
        outside = "outside the list"  # as every note of a drawn row has it
        return (
            outside if row["instrument"] == "other" else self.label("instrument", row["instrument"])
        )

    def asks(self, rows: list[Row], most: int = 8) -> str:
        """Return what rows are for and against, marked, in the order of the codebook."""
        order = [self.label("instrument", i) for i in self.instruments()]
        parts = []
        for stance, word in (("supports", "for"), ("opposes", "against")):
            named: dict[str, list[Row]] = {}
            for row in rows:
                if row["stance"] == stance:
                    named.setdefault(self.what(row), []).append(row)
            names = sorted(named, key=lambda n: order.index(n) if n in order else len(order))
            labels = [n + (f" ({m})" if (m := self.marks(named[n])) else "") for n in names]
            parts += [f"{word} {few(labels, most=most)}"] if labels else []
        return "; ".join(parts)

    @property
    def narrowed(self) -> bool:
        """Tell whether a filter hides anything."""
        return len(self.seen) < len(self.every)


def own(rows: list[Row]) -> list[Row]:
    """Return the rows in which an author speaks himself."""
    return [row for row in rows if row["voice"] != "reported"]


CELLS = {
    "article": "abcd",
    "instrument": [*THEMES[:3], "inclusive_process", "arms_embargo", "other"],
    "stance": ["supports", "supports", "opposes"],
    "strength": ["must", "should", "could", "implied"],
    "condition_type": ["", "", "proviso", "precondition"],
    "addressee": ["", "un", "egypt", "egypt; un"],
    "target": ["", "", "egypt", "haftar", "libyan-parties"],
    "objective": ["", END, "remove_haftar"],
    "means": ["", "threat", "leverage"],
    "confidence": ["", "", "low"],
    "course": ["", "", "x"],
    "voice": ["", "", "un-envoy", "france"],
    "author_attitude": ["", "endorses", "rejects"],
}
"""What a row may say; what stands twice is drawn twice as often."""


@dataclass
class Drawn:
    """A suite and a question about it, drawn by a seed: the same every time."""

    seed: int

    def __post_init__(self) -> None:
        """Draw everything."""
        lot = Random(self.seed)  # noqa: S311  (drawn again, the same)
        few_articles = lot.sample("abcd", lot.randint(1, 4))
        cells = CELLS | {"article": few_articles} | lot.choice(NARROW)
        self.rows = [{name: lot.choice(some) for name, some in cells.items()} for _ in range(lot.randint(0, 12))]  # fmt: skip
        self.days = [
            (lot.randint(0, 1400), lot.choice((0, 0, lot.randint(1, 200)))) for _ in "abcd"
        ]
        names = [*THEMES, "elections"]
        self.diagnoses = [(lot.choice("abcd"), lot.choice(names)) for _ in range(lot.randint(0, 3))]
        self.coded, self.one_hand = lot.random() < 0.8, lot.random() < 0.3
        self.asked = {
            "theme": lot.choice(THEMES[:3]),
            "confidence": lot.choice(("low", "low", "high")),
            "voices": lot.choice(("both", "both", "author", "reported")),
            "count": lot.choice(list(COUNTING)),
        }


NARROW: list[dict[str, list[str]]] = [
    {}, {}, {},
    {"condition_type": [""]},
    {"means": [""], "objective": [END]},
    {"addressee": ["un"], "voice": [""]},
    {"voice": ["", "un-envoy"], "instrument": ["sanctions", "exclude_haftar"]},
    {"instrument": ["sanctions", "exclude_haftar", "arms_embargo"], "confidence": [""], "voice": [""]},
    {"strength": ["must"], "stance": ["supports"], "condition_type": [""], "voice": [""],
     "addressee": ["un"], "target": ["haftar"], "means": [""], "instrument": ["sanctions"]},
]  # fmt: skip
"""What some of the suites are narrowed to: else some sentences would hardly ever stand."""


def row(cells: Mapping[str, str]) -> dict[str, str]:
    """Return a drawn row as it stands in a table."""
    made = {name: cell for name, cell in cells.items() if cell and name != "author_attitude"}
    if made.pop("voice", ""):
        made |= {"voice": "reported", "speaker": cells["voice"]}
        made |= {"author_attitude": cells["author_attitude"]} if cells["author_attitude"] else {}
    if "course" in made:
        made["course"] = f"{made['article']}-way"
    return made | ({"note": "Other: outside the list."} if made["instrument"] == "other" else {})


def world(folder: Path, drawn: Drawn) -> World:
    """Return a drawn suite under some filters; without `coded` nobody has coded article d."""
    start, facts = pd.Timestamp("2013-06-01"), {}
    for name, (first, length) in zip("abcd", drawn.days, strict=True):
        days = [start + pd.Timedelta(days=n) for n in (first, first + length)]
        known = {"earliest": f"{days[0]:%Y-%m-%d}", "latest": f"{days[1]:%Y-%m-%d}"}
        facts[name] = known | {"published": known["earliest"] if not length else ""}
        facts[name] |= {"date_basis": "inferred"} if length else {}
    facts["b"] |= {"possible_authors": "khalid-mahmoud (inferred, 0.6)"} if drawn.one_hand else {}
    facts["c"] |= {"genre": "news-report"}
    if not drawn.coded:
        facts["d"] |= {"coder": "", "coded_on": "", "codebook_version": ""}
    rows = [row(one) for one in drawn.rows if drawn.coded or one["article"] != "d"]
    seen = [{"article": a, "instrument": i} for a, i in drawn.diagnoses if drawn.coded or a != "d"]
    suite = make_suite(folder, rows, articles=4, facts=facts, diagnoses=seen)
    return World(suite.select(**drawn.asked))  # type: ignore[arg-type]


def note(found: list[Finding], codes: set[str]) -> None:
    """Note which kinds of sentence stand, and which do not."""
    stand = {one.code for one in found}
    for code in codes | stand:
        FIRED.setdefault(code, set()).add(code in stand)
