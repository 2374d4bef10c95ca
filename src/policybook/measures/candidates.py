"""Sentences that look like recommendations, whether anybody coded them or not.

Rules only, in `candidates.toml` beside this module: cues of wording with a weight, and the terms
that the codebook gives its instruments. The surprising rule: what stands here proposes and
decides nothing; no measure and no finding reads it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from policybook.codebook import Codebook
from policybook.measures.passages import listed, overlaps, sentences
from policybook.measures.receipts import Searchable, wanted

COLUMNS = ["article", "paragraph", "start", "end", "candidate", "weight", "cues", "instrument",
           "voice", "strength", "addressee", "rows"]  # fmt: skip

AUTHOR = ("author", "coauthored")
STRENGTHS = ("must", "should", "could", "implied")


@dataclass(frozen=True, slots=True)
class Cue:
    """One way in which wording points to a recommendation."""

    name: str
    words: re.Pattern[str]
    weight: float
    strength: str
    voice: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one codebook: its actors' names stand in the cues."""

    cues: tuple[Cue, ...]
    actors: Mapping[str, str]
    names: re.Pattern[str]
    terms: Mapping[str, list[str]]
    enough: float
    term: float


def sentence_table(text: str, *, article: str, book: Codebook, rows: pd.DataFrame) -> pd.DataFrame:
    """Return every sentence of an article with what it looks like, in the order of the text.

    Columns: article, paragraph, start and end (code points of the text), candidate, weight,
    cues ("a; b"), the proposed instrument, voice, strength and addressee (ids, empty where
    nothing is proposed), and rows: ids "a; b" of the coded rows whose quotation overlaps the
    sentence. `rows` needs id, article, start and end. Linear in the text.
    """
    rules, searchable = rules_for(book), Searchable(text)
    spans = sentences(text)
    terms = _terms(searchable, rules, [span.start for span in spans])
    lines = [
        {"article": article, "paragraph": searchable.paragraph(span.start), "start": span.start,
         "end": span.end, **_read(text[span.start : span.end], rules, terms.get(place, {}))}
        for place, span in enumerate(spans)
    ]  # fmt: skip
    found = pd.DataFrame(lines, columns=[name for name in COLUMNS if name != "rows"])
    coded = rows[(rows["article"] == article) & (rows["start"] >= 0)]
    which, place = overlaps(found, coded) if len(found) else (np.array([], int),) * 2
    found["rows"] = listed(len(found), which, coded["id"].to_numpy(object)[place])
    return found[COLUMNS]


def _terms(text: Searchable, rules: Rules, starts: list[int]) -> dict[int, dict[str, int]]:
    """Return, by the place of a sentence, how often the terms of each instrument stand in it."""
    found: dict[int, dict[str, int]] = {}
    for instrument, terms in rules.terms.items():
        for at, _ in text.find(terms):
            mine = found.setdefault(int(np.searchsorted(starts, at, side="right")) - 1, {})
            mine[instrument] = mine.get(instrument, 0) + 1
    return found


def _read(sentence: str, rules: Rules, terms: Mapping[str, int]) -> dict[str, Any]:
    """Return what one sentence looks like."""
    words = " ".join(sentence.split())
    hits = [(cue, hit) for cue in rules.cues if (hit := cue.words.search(words))]
    weight = sum(cue.weight for cue, _ in hits) + (rules.term if terms else 0)
    own = [cue for cue, _ in hits if cue.voice != "reported" and cue.strength != "implied"]
    told = any(cue.voice == "reported" for cue, _ in hits)
    strengths = {cue.strength for cue, _ in hits}
    return {
        "candidate": bool(hits) and weight >= rules.enough, "weight": round(weight, 1),
        "cues": "; ".join([*(cue.name for cue, _ in hits), *(["term"] if terms else [])]),
        "instrument": max(terms, key=terms.__getitem__) if terms else "",
        "voice": "reported" if told and not own else "author",
        "strength": next((one for one in STRENGTHS if one in strengths), ""),
        "addressee": _before(words, hits, rules),
    }  # fmt: skip


def _before(words: str, hits: list[tuple[Cue, re.Match[str]]], rules: Rules) -> str:
    """Return the actor named last before the end of the firmest cue of the author's, if any."""
    own = sorted(hit.end() for cue, hit in hits if not cue.voice)
    named = list(rules.names.finditer(words, 0, own[0])) if own else []
    return rules.actors[named[-1].group(1)] if named else ""


def first_named(words: str, book: Codebook) -> str:
    """Return the actor that words name first, empty for none."""
    rules = rules_for(book)
    named = rules.names.search(words)
    return rules.actors[named.group(1)] if named else ""


def rules_for(book: Codebook) -> Rules:
    """Return the rules with the names of a codebook's actors and the terms of its instruments."""
    actors = {
        name.removeprefix("the "): actor.id
        for actor in book.values("actor").values()
        for name in (actor.label, *actor.words("variants"))
    }
    terms = {
        one.id: wanted(one.words("terms"))
        for one in book.values("instrument").values()
        if one.words("terms")
    }
    rules = tomllib.loads(text_of_rules())
    names = "|".join(re.escape(name) for name in sorted(actors, key=lambda n: (-len(n), n)))
    cues = tuple(_cues(rules["cue"], names or r"(?!)"))
    pattern = re.compile(rf"\b({names or '(?!)'})(?!\w)")  # with its capitals: US is not us
    return Rules(cues, actors, pattern, terms, rules["enough"], rules["term"])


def _cues(said: list[dict[str, Any]], names: str) -> Iterator[Cue]:
    """Yield the cues, ready to be sought."""
    for one in said:
        words = re.compile(one["words"].replace("{actor}", f"(?-i:{names})"), re.IGNORECASE)
        yield Cue(one["name"], words, one["weight"], one["strength"], one.get("voice", ""))


@lru_cache
def text_of_rules() -> str:
    """Return the file of rules as it is."""
    return resources.files(__package__).joinpath("candidates.toml").read_text("utf-8")


def version_of_rules() -> str:
    """Return the SHA-256 of the file of rules: what figures were measured with."""
    return hashlib.sha256(text_of_rules().encode()).hexdigest()


def measured(found: pd.DataFrame, voices: Mapping[str, str]) -> dict[str, int]:
    """Return the counts that recall and precision are made of, sentence by sentence.

    `found` is `sentence_table` of any number of articles, `voices` the voice of each row by id.
    authorial: sentences that a row of the author's quotes; found: those among them that are
    candidates; candidates; right: candidates that a row quotes, whoever speaks.
    Recall is found / authorial, precision right / candidates.
    """
    quoted = [{voices[row] for row in ids.split("; ") if row in voices} for ids in found["rows"]]
    own = np.array([bool(mine & {*AUTHOR}) for mine in quoted], dtype=bool)
    any_ = np.array([bool(mine) for mine in quoted], dtype=bool)
    candidate = found["candidate"].to_numpy(bool)
    return {
        "sentences": len(found), "authorial": int(own.sum()), "found": int((own & candidate).sum()),
        "candidates": int(candidate.sum()), "right": int((any_ & candidate).sum()),
    }  # fmt: skip
