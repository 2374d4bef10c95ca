"""Suites made by tests: any rows, with articles that really hold their quotations."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from policybook.suite import Suite, open_suite

ROOT = Path(__file__).parent.parent
AUTHORS = (
    "khalid-mahmoud",
    "wehrey-lacher",
    "jason-pack",
    "karim-mezran",
    "mei-author",
    "daily-sabah",
)
"""Speakers of the articles a, b, c and so on."""


def tries(number: int) -> int:
    """Return how many examples a property test tries: a third of `number`, in `make soak` ten times it."""
    return number * 10 if os.environ.get("POLICYBOOK_SOAK") else max(10, number // 3)


def make_suite(  # noqa: PLR0913  (a suite has this many parts)
    folder: Path,
    rows: Sequence[Mapping[str, str]],
    *,
    articles: int = 3,
    facts: Mapping[str, Mapping[str, str]] | None = None,
    diagnoses: Sequence[Mapping[str, str]] = (),
    more: str = "",
) -> Suite:
    """Write a suite with the shipped codebook and open it.

    Articles are a, b, c, …, one a year from 2011 on; `facts` changes what is said of one; `more` is
    put behind the codebook.
    A row needs `article` and whatever differs from a plain demand; its quotation is made.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "seeds").mkdir(parents=True)
    (folder / "codings").mkdir()
    book = (ROOT / "codebook.toml").read_text("utf-8")
    names = [chr(97 + n) for n in range(articles)]
    for shipped in (
        "libya-analysis-2014",
        "mei-2014",
        "mahmoud-2018",
        "daily-sabah-2019",
        "wehrey-lacher-2019",
    ):
        book = book.replace(f'"{shipped}"', f'"{names[0]}"')
    (folder / "codebook.toml").write_text(f"{book}\n{more}", "utf-8")
    texts = {name: [f"Article {name} begins."] for name in names}
    made = [_row(number, row, texts) for number, row in enumerate(rows)]
    found = [_diagnosis(number, row, texts) for number, row in enumerate(diagnoses)]
    _write(
        folder / "recommendations.csv",
        made,
        ["id", "article", "quote", "instrument", "stance", "strength"],
    )
    _write(folder / "codings" / "diagnoses.csv", found, ["id", "article", "quote", "instrument"])
    lines = [_article(folder, name, texts[name], (facts or {}).get(name, {})) for name in names]
    _write(folder / "seeds" / "articles.csv", lines, list(lines[0]))
    return open_suite(folder)


def _row(number: int, row: Mapping[str, str], texts: dict[str, list[str]]) -> dict[str, str]:
    """Return one row with its quotation, and put that into its article."""
    article = row["article"]
    words = f"Sentence {number:03} asks for something"
    condition = f"provided that number {number:03} holds" if row.get("condition_type") else ""
    texts[article].append(f"{words} {condition}.".replace(" .", "."))
    plain = {"id": f"{article}-{number:03}", "quote": words, "instrument": "sanctions",
             "stance": "supports", "strength": "should", "condition": condition}  # fmt: skip
    return {**plain, **row}


def _diagnosis(number: int, row: Mapping[str, str], texts: dict[str, list[str]]) -> dict[str, str]:
    """Return one diagnosis with its quotation, and put that into its article."""
    words = f"Passage {number:03} describes a problem"
    texts[row["article"]].append(f"{words}.")
    return {
        "id": f"{row['article']}-d{number:03}",
        "quote": words,
        "instrument": "sanctions",
        **row,
    }


def _article(folder: Path, name: str, lines: list[str], facts: Mapping[str, str]) -> dict[str, str]:
    """Write an article and return its line in articles.csv."""
    data = ("\n".join(lines) + "\n").encode()
    (folder / "seeds" / f"{name}.txt").write_bytes(data)
    number = ord(name) - 97
    day = f"{2011 + number}-03-05"
    line = {
        "id": name, "file": f"{name}.txt", "title": f"Title {name}", "title_basis": "page",
        "authors": "", "authors_basis": "", "possible_authors": "", "coauthors": "",
        "speaker": AUTHORS[number % len(AUTHORS)],
        "outlet": "", "outlet_basis": "", "published": day, "earliest": day, "latest": day,
        "outer_earliest": "", "outer_latest": "",
        "date_basis": "page", "genre": "op-ed", "genre_basis": "inferred", "language": "en",
        "sha256": hashlib.sha256(data).hexdigest(),
        "coder": "adjudicator", "coded_on": "2026-01-01", "codebook_version": "1.0.0", "note": "",
    }  # fmt: skip
    return {**line, **facts}


def _write(path: Path, lines: Sequence[Mapping[str, str]], columns: list[str]) -> None:
    """Write a table; columns are those that any line has."""
    names = list(dict.fromkeys([*columns, *(name for line in lines for name in line)]))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(lines)
