"""Make an empty suite that checks: tables with their columns, a codebook to fill, notebooks, a plan.

The surprising rule: it is made whole or not at all, and never in a folder that holds anything.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from policybook import corpus, shipped
from policybook.exchange import book, folder
from policybook.material import CODEBOOK, RECOMMENDATIONS, SEEDS

CHANGE = "Begun with the columns and the closed lists that come with policybook."

NEXT = """What comes next, in that folder:
  1. codebook.toml, at its end: who codes, what can be recommended, who writes and who is to act
  2. policybook add FILE --id … --title … --date … --basis … --speaker … --genre … --language …
  3. policybook suggest ARTICLE, or rows by hand in recommendations.csv; policybook check
  4. policybook batch makes the briefings: open briefings/index.html"""


def new(out: Path, *, name: str = "") -> None:
    """Write an empty suite into a new folder; `name` is what its pages call it.

    Raises `ExchangeError` where something is there already or nothing can be written.
    """
    folder.refuse_taken(out)
    columns = book.template().columns
    day = dt.datetime.now(tz=dt.UTC).date().isoformat()
    blank = book.blank(name or out.resolve().name, day=day, change=CHANGE)
    skeleton = resources.files("policybook.together").joinpath("skeleton.toml").read_bytes()
    made = {
        CODEBOOK: blank.encode() + b"\n\n" + skeleton,
        RECOMMENDATIONS: _header(columns["recommendations"]),
        f"{SEEDS}/{corpus.ARTICLES}": _header(columns["articles"]),
        f"{shipped.NOTEBOOKS}/{shipped.PLAN}": (
            shipped.notebooks() / shipped.ANY_SUITE
        ).read_bytes(),
    }
    for path in sorted(shipped.notebooks().glob("*.ipynb")):
        made[f"{shipped.NOTEBOOKS}/{path.name}"] = path.read_bytes()
    folder.suite(made, out)


def _header(columns: Iterable[str]) -> bytes:
    """Return a table that has columns and no row."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(columns)
    return out.getvalue().encode()
