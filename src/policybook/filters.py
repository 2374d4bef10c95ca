"""Which articles and rows a question is about: filters applied to a suite's content.

What a filter lets through is also what a page depends on, so each answer has a digest here.
The surprising rule: a date filter keeps an article whose interval of publication overlaps it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from policybook import dates, reads
from policybook.cells import Cells
from policybook.content import Content
from policybook.material import RECOMMENDATIONS
from policybook.tables import OWN_VOICES

VOICES: dict[str, tuple[str, ...]] = {
    "author": OWN_VOICES,
    "reported": ("reported",),
    "both": (*OWN_VOICES, "reported"),
}
"""What the parameter `voices` may say, and the voices it keeps."""

DRAFTED = ("id", "article", "instrument", "voice", "start", "end")
"""What is told of a draft row."""

Asked = Mapping[str, str | list[str]]
"""What a notebook asked for: the parameters of `Suite.select`."""


@dataclass
class Filter:
    """The articles and rows of one table that pass what was asked."""

    content: Content
    asked: Asked
    table: str = RECOMMENDATIONS
    alone: bool = False
    """Whether rows on other themes are left out altogether, but for those that may serve it."""

    @classmethod
    def again(cls, content: Content, table: str, words: str) -> Filter:
        """Return the filter that called itself so; see `words`."""
        asked, alone = json.loads(words)
        return cls(content, asked, table, alone)

    @property
    def words(self) -> str:
        """What is asked, as a text."""
        return json.dumps([self.asked, self.alone], sort_keys=True)

    @cached_property
    def outside(self) -> dict[str, str]:
        """The reason for each article that is left out."""
        wanted = self.asked["articles"]
        first = dates.bounds(str(self.asked["from_date"]))
        last = dates.bounds(str(self.asked["to_date"]))
        facts, reasons = self.content.articles, dict[str, str]()
        # Of several reasons the last one is told.
        if last:
            day, why = pd.Timestamp(last[1]), f"published after {dates.day(last[1])}"
            late = facts[facts["earliest"] > day]
            sure = _at_the_widest(late, "earliest") > day
            reasons |= _reasons(late, why, sure)
        if first:
            day, why = pd.Timestamp(first[0]), f"published before {dates.day(first[0])}"
            early = facts[facts["latest"] < day]
            sure = _at_the_widest(early, "latest") < day
            reasons |= _reasons(early, why, sure)
        if wanted:
            reasons |= dict.fromkeys(facts.loc[~facts["id"].isin(wanted), "id"], "not asked for")
        return reasons

    def table_of(self, name: str) -> str:
        """Return the name of the table that a property of this selection is taken from."""
        if name in {"articles", "left_out"}:
            return "articles"
        return self.content.diagnoses(self.table) if name == "diagnoses" else self.table

    def places(self, name: str) -> np.ndarray:
        """Return which rows of its table a property of this selection holds."""
        content, table = self.content, self.table_of(name)
        if table == "articles":
            out = content.articles["id"].isin(list(self.outside)).to_numpy()
            return np.flatnonzero(out if name == "left_out" else ~out)
        rows = content.coding(table)
        kept = ~rows["article"].isin(list(self.outside)).to_numpy()
        if self.alone and name != "coded":
            kept &= rows["instrument"].isin(self._themes()).to_numpy()
        if name == "rows":
            ranks = list(content.material.book.values("confidence"))
            sure = ranks[: ranks.index(str(self.asked["confidence"])) + 1]
            kept &= rows["voice"].isin(VOICES[str(self.asked["voices"])]).to_numpy()
            kept &= rows["confidence"].isin(sure).to_numpy()
            if self.asked["speakers"]:
                kept &= rows["speaker"].isin(self.asked["speakers"]).to_numpy()
        return np.flatnonzero(kept)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a property of this selection as a table of its own."""
        table = self.table_of(name)
        if not table:
            columns = ["id", "article", "quote", "instrument", "confidence", "order"]
            return pd.DataFrame(columns=columns)
        return self.content.part(table, self.places(name))

    def _themes(self) -> set[str]:
        """Return the theme and the instruments that may serve it."""
        theme, relations = str(self.asked["theme"]), self.content.material.book.relations
        return {theme, *(r.first for r in relations if r.kind == "serves" and r.second == theme)}

    def coded(self) -> pd.DataFrame:
        """Return who coded and who confirmed each row of the selected articles, on every theme."""
        rows = self.content.coding(self.table)[["coder", "confirmed_by"]].astype(str)
        return rows.iloc[self.places("coded")].reset_index(drop=True)

    def drafts(self) -> pd.DataFrame:
        """Return the draft rows of the selected articles, on every theme and in every voice."""
        rows = self.content.drafts(self.table)[list(DRAFTED)]
        return rows[~rows["article"].isin(list(self.outside))].astype(object)

    def prescribing(self) -> list[str]:
        """Return the selected articles whose author prescribes anything, on whatever theme."""
        rows = self.content.coding(self.table)
        own = rows["voice"].isin(OWN_VOICES).to_numpy() & ~rows["article"].isin(list(self.outside))
        return sorted(set(rows["article"][own].astype(str)))

    def labels(self) -> dict[str, str]:
        """Return how sentences name each article of the suite, by its id."""
        facts = self.content.articles
        return dict(zip(facts["id"].tolist(), facts["label"].tolist(), strict=True))

    def narrowed(self) -> bool:
        """Tell whether a filter hides rows of the selected articles."""
        return len(self.places("rows")) < len(self.places("all_rows"))

    def fingerprint(self) -> str:
        """Return the SHA-256 of the cells of all that is selected, as they stand in the files."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        """The same, taken once."""
        content = self.content
        digest = hashlib.sha256()
        for name in ("rows", "diagnoses"):
            if table := self.table_of(name):
                lines = content.coding(table)["place"].to_numpy()[self.places(name)]
                # In the order of the file: rows near each other are read faster.
                _digest(digest, content.material.tables[table].cells, np.sort(lines).tolist())
        known = content.material.corpus.rows
        chosen = content.articles["id"].to_numpy()[self.places("articles")]
        _digest(digest, content.material.corpus.cells, [known[name] for name in chosen])
        return digest.hexdigest()

    def answer(self, name: str) -> str:
        """Return the digest of what a property of a selection by this filter holds."""
        if name == "coded":
            return reads.digest(self.coded().to_numpy().tolist())
        if name == "drafts":
            return reads.digest(self.drafts().to_numpy().tolist())
        if name in {"labels", "narrowed", "fingerprint", "prescribing"}:
            return reads.digest(getattr(self, name)())
        table = self.table_of(name)
        if not table:
            return reads.digest("no such table")
        reasons = reads.digest(self.outside) if name == "left_out" else ""
        digests = self.content.digests_of(table)
        chosen = (digests[place] for place in self.places(name))
        return reads.joined([self.content.form(table), reasons.encode(), *chosen])


def _digest(digest: hashlib._Hash, cells: Cells, places: Iterable[int]) -> None:
    """Add some rows of a table to a digest, column by column, unmistakably parted."""
    chosen = list(places)
    whole = chosen == list(range(len(cells)))
    for name, column in cells.columns.items():
        picked = column if whole else map(column.__getitem__, chosen)
        digest.update(f"{name}\x1d{len(chosen)}\x1d".encode())
        digest.update("\x1f".join(picked).encode() + b"\x1e")


def _at_the_widest(articles: pd.DataFrame, day: str) -> pd.Series:
    """Return the earliest or the latest day that articles can have been published at all."""
    found = pd.to_datetime(articles[f"outer_{day}"], format="%Y-%m-%d", errors="coerce")
    return found.fillna(articles[day])


def _reasons(articles: pd.DataFrame, why: str, sure: pd.Series) -> dict[str, str]:
    """Return the reason why each article is left out; what its widest dates leave open is said."""
    probably = f"probably {why}, though not certainly"
    pairs = zip(articles["id"], sure, strict=True)
    return {name: why if certain else probably for name, certain in pairs}
