"""Write a synthetic suite of any size, to measure how `policybook check` scales.

The surprising rule: what is written checks clean, warnings included, and is the same byte for byte
for the same numbers and seed. Everything streams: a million rows need the memory of one article.

    python benchmarks/synthetic.py FOLDER --articles 1000 --rows 10000
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from policybook import codebook
from policybook.codebook import NO_EXAMPLE, Codebook, Column
from policybook.corpus import sha256
from policybook.tables import split

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = 36
"""Sentences of an article that has few rows: about three kilobytes."""

PARAGRAPH = 5
EVERY_REPORTED, EVERY_CONDITION, EVERY_REPEAT, EVERY_DIAGNOSIS = 7, 5, 11, 4
"""One row in so many is reported, conditional, a repetition; one article in so many diagnoses."""

_SYLLABLES = [
    "ba",
    "co",
    "de",
    "fi",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "wo",
    "za",
    "kra",
    "sti",
    "mon",
    "dar",
    "len",
]
_SMALL = [
    "the",
    "of",
    "to",
    "and",
    "in",
    "for",
    "with",
    "that",
    "must",
    "should",
    "could",
    "on",
    "by",
    "from",
    "all",
]
_MARKED = ("Libya’s", "Egypt’s", "parties’", "cease-fire", "so–called", "“unity”")
_FIRST_DAY = dt.date(1990, 1, 1)


@dataclass(slots=True)
class _Writer:
    """One table in the making: its file, its columns, and the row just before."""

    stream: TextIO
    columns: dict[str, Column]
    rows: csv.DictWriter[str] = field(init=False)

    def __post_init__(self) -> None:
        """Write the header."""
        self.rows = csv.DictWriter(
            self.stream, list(self.columns), restval="", extrasaction="ignore", lineterminator="\n"
        )
        self.rows.writeheader()


@dataclass(slots=True)
class _Suite:
    """What the parts of the generator share."""

    folder: Path
    book: Codebook
    dice: random.Random
    words: list[str]
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    _values: dict[str, list[str]] = field(default_factory=dict)

    def value(self, vocabulary: str, number: int) -> str:
        """Return a value of a vocabulary, each in its turn; `other` would need a note."""
        if vocabulary not in self._values:
            known = [value for value in self.book.values(vocabulary) if value != "other"]
            self._values[vocabulary] = known or [""]
        values = self._values[vocabulary]
        return values[number % len(values)]


def write_suite(folder: Path, *, articles: int, rows: int, seed: int = 0) -> None:
    """Write a suite of so many articles and rows into a folder, which is made if need be."""
    book = codebook.read(ROOT / "codebook.toml")
    dice = random.Random(seed)
    suite = _Suite(folder, book, dice, _words(dice))
    for name in ("seeds", "codings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with (
        (folder / "recommendations.csv").open("w", encoding="utf-8", newline="") as coded,
        (folder / "seeds" / "articles.csv").open("w", encoding="utf-8", newline="") as listed,
        (folder / "codings" / "diagnoses.csv").open("w", encoding="utf-8", newline="") as diagnosed,
    ):
        tables = {
            "recommendations": _Writer(coded, book.columns["recommendations"]),
            "articles": _Writer(listed, book.columns["articles"]),
            "diagnoses": _Writer(diagnosed, book.columns["diagnoses"]),
        }
        for number in range(articles):
            mine = range(number * rows // articles, (number + 1) * rows // articles)
            _article(suite, tables, number, mine)
    text = "".join(_adapted(suite)) if articles else book.text
    (folder / "codebook.toml").write_text(text, encoding="utf-8", newline="\n")


def _words(dice: random.Random) -> list[str]:
    """Return the words that all texts are made of: many made up, some small, some with marks."""
    made = ("".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(900))
    return [*dict.fromkeys(made), *_SMALL * 12, *_MARKED * 3]


def _sentences(suite: _Suite, number: int) -> list[str]:
    """Return so many different sentences, the last words of each a condition of its own."""
    found: dict[str, None] = {}
    while len(found) < number:
        words = suite.dice.choices(suite.words, k=suite.dice.randint(9, 14))
        found.setdefault(" ".join([words[0].capitalize(), *words[1:-5], "if", *words[-5:]]))
    return list(found)


def _text(suite: _Suite, number: int) -> tuple[list[str], str]:
    """Return sentences and the text they make up, in which each of them stands exactly once."""
    while True:
        sentences = _sentences(suite, number)
        chunks = (sentences[i : i + PARAGRAPH] for i in range(0, number, PARAGRAPH))
        text = "\n\n".join(". ".join(chunk) + "." for chunk in chunks) + "\n"
        if all(text.count(part) == 1 for s in sentences for part in (s, _condition(s))):
            return sentences, text


def _condition(sentence: str) -> str:
    """Return the conditional clause of a sentence."""
    return sentence[sentence.rindex(" if ") + 1 :]


def _article(suite: _Suite, tables: dict[str, _Writer], number: int, rows: range) -> None:
    """Write one article with its facts, its rows and, now and then, its diagnosis."""
    name, diagnoses = f"a{number:07}", number % EVERY_DIAGNOSIS == 0
    sentences, text = _text(suite, max(SENTENCES, len(rows) + diagnoses))
    data = text.encode()
    (suite.folder / "seeds" / f"{name}.txt").write_bytes(data)
    tables["articles"].rows.writerow(_facts(suite, number, name) | {"sha256": sha256(data)})
    for place, row in enumerate(rows):
        cells = _row(suite, row, name, place, sentences[place])
        _note_examples(suite, tables["recommendations"].columns, cells)
        tables["recommendations"].rows.writerow(cells)
    if diagnoses:
        tables["diagnoses"].rows.writerow(
            {
                "id": f"{name}-d1",
                "article": name,
                "quote": sentences[-1],
                "instrument": suite.value("instrument", number),
            }
        )


def _facts(suite: _Suite, number: int, name: str) -> dict[str, str]:
    """Return the facts of an article; every second day of publication is established."""
    first = _FIRST_DAY + dt.timedelta(days=number % 12_000)
    known, basis = number % 2 == 0, suite.value("basis", number)
    last = first if known else first + dt.timedelta(days=number % 30)
    speaker = suite.value("actor", number)
    return {
        "id": name, "file": f"{name}.txt", "title": f"Article {number}", "title_basis": basis,
        "authors": speaker if known else "", "authors_basis": basis if known else "",
        "possible_authors": "" if known else f"{speaker} ({basis}, 0.5)",
        "speaker": speaker, "outlet": "Synthetic", "outlet_basis": basis,
        "published": str(first) if known else "", "earliest": str(first), "latest": str(last),
        "date_basis": basis, "genre": suite.value("genre", number), "genre_basis": basis,
        "language": "en", "coder": suite.value("coder", number), "coded_on": "2026-01-01",
        "codebook_version": suite.book.version,
    }  # fmt: skip


def _row(suite: _Suite, number: int, article: str, place: int, sentence: str) -> dict[str, str]:
    """Return the cells of one row; straight marks now and then, where the text has curly ones."""
    cells = {
        "id": f"{article}-{place:03}", "article": article,
        "quote": sentence.replace("’", "'") if number % 2 else sentence,
        "repeat_of": f"{article}-000" if place and place % EVERY_REPEAT == 0 else "",
        "course": f"{article}-c" if number % 3 == 0 else "",
        "note": 'Made up, to the last word; with a "comma",\nand a second line.'
        if number % 50 == 0 else "",
    }  # fmt: skip
    own = ("instrument", "stance", "strength", "means", "objective", "confidence")
    cells |= {name: suite.value(name, number) for name in own}
    if number % 4 == 0:
        cells["objective"] += "; " + suite.value("objective", number + 1)
    cells |= {name: suite.value("actor", number + shift) for name, shift in _ACTORS}
    if number % EVERY_REPORTED == 0:
        cells |= {"voice": "reported", "speaker": suite.value("actor", number + 1)}
        cells["author_attitude"] = suite.value("author_attitude", number // EVERY_REPORTED)
    if number % EVERY_CONDITION == 0:
        cells["condition"] = _condition(sentence)
        cells["condition_type"] = suite.value("condition_type", number // EVERY_CONDITION)
    return cells


_ACTORS = (("addressee", 2), ("target", 3))


def _note_examples(suite: _Suite, columns: dict[str, Column], cells: dict[str, str]) -> None:
    """Keep the first quotation of each code, to be its example in the codebook."""
    for name, column in columns.items():
        if column.kind in {"code", "codes"}:
            for code in split(cells.get(name, "") or column.default):
                suite.examples.setdefault((column.values, code), cells["quote"])


def _adapted(suite: _Suite) -> Iterator[str]:
    """Yield the lines of the codebook with examples and articles of the suite that was written."""
    text = re.sub(
        r"^articles = \[[^\]]*\]", 'articles = ["a0000000"]', suite.book.text, flags=re.MULTILINE
    )
    here: tuple[str, str] = ("", "")
    for line in text.splitlines(keepends=True):
        if header := re.match(r"\[(\w+)\.([\w.-]+)\]", line):
            here = header[1], header[2]
        if line.startswith("example = ") and here[0] != "column":
            example = suite.examples.get(here, NO_EXAMPLE)
            line = f"example = '''{example}'''\n"  # noqa: PLW2901
        elif line.rstrip() in {'include = ""', 'exclude = ""'}:
            line = line.replace('""', '"Nothing doubtful."')  # noqa: PLW2901
        yield line


def main() -> None:
    """Write the suite that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    write_suite(asked.folder, articles=asked.articles, rows=asked.rows, seed=asked.seed)


if __name__ == "__main__":
    main()
