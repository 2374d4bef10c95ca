"""A suite in the making: what an import has read, before any of it is a file.

The surprising rule: a draft accepts everything and corrects nothing; `finish` makes cells of it,
and `policybook check` has the last word before a folder appears.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policybook.codebook import Codebook
from policybook.corpus import sha256
from policybook.exchange.losses import Losses
from policybook.exchange.names import Names, is_id

ROWS, DIAGNOSES, ARTICLES = "recommendations.csv", "codings/diagnoses.csv", "seeds/articles.csv"

CLOSED = ("voice", "status", "confidence", "author_attitude", "condition_type", "stance")
"""Lists whose values mean something to the measures: no file adds to them."""

MACHINE = " (machine)"
"""What follows the name of a coder that is no person, in files that have no field for it."""

NO_DAY = "1970-01-01"
"""The day that stands where a file says nothing about time at all; the report says so."""

_FOR = ("supports", "support", "yes", "true", "pro", "for", "agree", "agreement", "positive")
_AGAINST = ("opposes", "oppose", "no", "false", "contra", "against", "disagree", "disagreement",
            "negative")  # fmt: skip

_UNPRINTABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class Coded:
    """One coded passage: cells, the spans of its quotations, and how its source names it.

    `spans` are code points of the article's text, by the column that quotes them.
    """

    cells: dict[str, str]
    spans: dict[str, tuple[int, int]]
    origin: str


@dataclass
class Draft:
    """What an import has read so far; `base` is the codebook it starts from.

    `given` tells that the base is somebody's own codebook, which then keeps its text.
    """

    file: str
    base: Codebook
    given: bool
    name: str = ""
    losses: Losses = field(default_factory=Losses)
    articles: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    rows: list[Coded] = field(default_factory=list)
    diagnoses: list[Coded] = field(default_factory=list)
    added: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    settled: str = ""
    own: set[str] = field(default_factory=set)
    """Articles whose facts an export of a suite wrote: nothing about them is guessed."""
    _names: dict[str, Names] = field(default_factory=dict)

    def value(self, vocabulary: str, words: str, *, wanted: str = "", **entry: Any) -> str:  # noqa: ANN401
        """Return the id of a value by its words, defining it where nobody has.

        `wanted` is the id the source gives it; `entry` what it says of it.
        """
        words = clean(words)
        if vocabulary == "coder" and "kind" not in entry:
            return self.coder(words)
        if vocabulary in CLOSED:
            known = {v.label: v.id for v in self.base.values(vocabulary).values()}
            name = known.get(words.strip(), wanted or words.strip())
        else:
            name = self._named(vocabulary).of(words, wanted=wanted)
        if name in self.base.values(vocabulary):
            self._compare(vocabulary, name, {"label": words if words != name else "", **entry})
        elif vocabulary not in CLOSED:
            said = self.added.setdefault(vocabulary, {}).setdefault(name, {})
            if said.get("label", name) == name:  # until now nothing but the id was known
                said |= {"label": words, **entry}
        return name

    def _compare(self, vocabulary: str, name: str, entry: Mapping[str, Any]) -> None:
        """Name what a file says of a value otherwise than the codebook it is read against."""
        value = self.base.values(vocabulary)[name]
        for part, words in entry.items():
            if words and words != getattr(value, part, words):
                what = "the file defines it otherwise; the codebook's own words stand"
                self.losses.changed("codebook.toml", what, row=f"{vocabulary}.{name}", column=part)

    def defined(self, vocabulary: str, name: str) -> str:
        """Return an id that may be defined already; define it by itself where it is not."""
        known = name in self.base.values(vocabulary) or name in self.added.get(vocabulary, {})
        return name if known else self.value(vocabulary, name)

    def _named(self, vocabulary: str) -> Names:
        """Return the ids of a vocabulary, those of the codebook known from the start."""
        if vocabulary not in self._names:
            known = {v.id: v.label for v in self.base.values(vocabulary).values()}
            self._names[vocabulary] = Names(vocabulary.replace("_", "-"), known)
        return self._names[vocabulary]

    def coder(self, name: str) -> str:
        """Return the id of a coder by name; a name that ends in " (machine)" is no person's."""
        if name in self.added.get("coder", {}) or name in self.base.values("coder"):
            return name
        words = clean(name).strip()
        person = words.removesuffix(MACHINE)
        kind = "machine" if person != words else "person"
        known = {**self.base.values("coder"), **self.added.get("coder", {})}
        name = self.value(
            "coder", person or "unnamed", kind=kind, definition=f"Coded in {self.file}."
        )
        if name not in known and kind == "person":
            what = "the file does not say whether a person coded: it is taken for one"
            self.losses.guessed("codebook.toml", what, row=f"coder.{name}", column="kind")
        return name

    def article(self, text: str, facts: Mapping[str, str], *, wanted: str = "") -> str:
        """Add an article with whatever is known of it and return its id, `wanted` if it is free."""
        words = f"{facts.get('title', '')[:40]} {facts.get('earliest', '')[:4]}"
        name = self._named("article").new(wanted if is_id(wanted) else words.lower())
        self.texts[name] = clean(text)
        if self.texts[name] != text:
            what = "characters that no text file can hold became U+FFFD"
            self.losses.changed(f"seeds/{name}", what)
        self.articles[name] = {key: clean(value) for key, value in facts.items()}
        return name

    def fingerprint(self, article: str) -> str:
        """Return the SHA-256 of an article as it will be written."""
        return sha256(self.texts[article].encode())


def clean(text: str) -> str:
    r"""Return text that can be written as UTF-8, character for character.

    >>> clean("a\x00b") == "a\ufffdb"
    True
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def side(words: str) -> str:
    """Return the stance that words say, empty where they say neither.

    >>> side("Agree"), side("mixed")
    ('supports', '')
    """
    low = words.strip().casefold()
    return "supports" if low in _FOR else "opposes" if low in _AGAINST else ""


def plain(cell: object) -> str:
    """Return a cell as text, whatever it holds; bytes are nobody's words."""
    return "" if cell is None or isinstance(cell, bytes) else str(cell)


def number(cell: object) -> int:
    """Return a cell as a whole number, -1 where it is none."""
    try:
        return int(cell)  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError, OverflowError):
        return -1
