"""The suite that is shipped keeps what it promises about itself."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from policybook import anchors, material
from policybook.checks import check
from policybook.material import Material
from policybook.problems import report

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def content() -> Material:
    """Read everything in the shipped suite."""
    return material.read(ROOT)


def test_the_articles_are_those_that_were_coded() -> None:
    """Each of the five articles has, byte for byte, the fingerprint that articles.csv gives."""
    with (ROOT / "seeds/articles.csv").open(encoding="utf-8", newline="") as stream:
        facts = {row["file"]: row["sha256"] for row in csv.DictReader(stream)}
    texts = {path.name: path.read_bytes() for path in (ROOT / "seeds").glob("*.txt")}
    assert len(facts) == 5
    assert {name: hashlib.sha256(data).hexdigest() for name, data in texts.items()} == facts


def test_the_suite_has_no_problem(content: Material) -> None:
    """The shipped suite checks without a problem and without a warning."""
    rows = len(content.recommendations.cells)
    assert report(check(content), rows=rows) == f"No problems in {rows} rows."


def test_every_quotation_stands_once_in_its_article(content: Material) -> None:
    """Every quotation of every table is cut out of its article again, word for word."""
    for name, columns in content.found.items():
        table = content.tables[name]
        for column, found in columns.items():
            quotes = table.cells.column(column)
            for row, (article, quote) in enumerate(
                zip(table.codes("article"), quotes, strict=True)
            ):
                if quote:
                    text = content.corpus.text(article) or ""
                    passage = text[found.start[row] : found.end[row]]
                    place = f"{name}:{table.cells.lines[row]}:{column}"
                    assert anchors.normalise(passage) == anchors.normalise(quote), place


def test_the_codebook_version_is_the_one_coded_against(content: Material) -> None:
    """Every article was coded against a version that the changelog explains."""
    versions = {str(entry["version"]) for entry in content.book.tables("changelog")}
    coded = set(content.corpus.cells.column("codebook_version"))
    assert coded <= versions
    assert content.book.version in versions
