"""Lines for the adjudication log: what codings differ in and nobody has ruled on yet.

The surprising rule: `ruling`, `reason` and `coder` are left empty, so that `check` asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policybook.material import ADJUDICATION, READERS, short_name
from policybook.problems import PolicybookError, Problem
from policybook.suite import Row, Suite
from policybook.tables import SEPARATOR
from policybook.together.disagreements import Disagreement
from policybook.together.pasted import next_number, pasted
from policybook.together.rulings import Log, Place, unruled


def lines(suite: Suite, found: Sequence[Disagreement]) -> str:
    """Return a line for each disagreement that is not ruled on in full, to be completed.

    Raises `PolicybookError` where the codebook does not know the log.
    """
    if "adjudication" not in suite.book.columns:
        message, hint = "defines no columns of the adjudication log", "Copy them from another one."
        raise PolicybookError([Problem("codebook.toml", None, None, "no-log", message, (), hint)])
    return pasted(suite, ADJUDICATION, _rows(suite, found))


def _rows(suite: Suite, found: Sequence[Disagreement]) -> Iterator[dict[str, str]]:
    """Yield the cells of each line that can be filled in."""
    log = Log(suite)
    final = {str(row["id"]): row for row in suite.rows.to_dict("records")}
    number = next_number(log.ids, "r")
    for one in found:
        if differed := unruled(one.differed, log.about(one.places, one.codings)):
            pairs = zip(one.codings, one.rows, strict=True)
            first, *rest = [(name, str(row["id"]) if row else "") for name, row in pairs]
            kept = [
                n for n in dict.fromkeys(row for _, row in one.places) if _same(one, final.get(n))
            ]
            yield {
                "id": f"r{number:03}", "article": str(one.row["article"]),
                "reader_a": _named([first], "reader_a"), "reader_b": _named(rest, "reader_b"),
                "row": SEPARATOR.join(kept),
                "differed": SEPARATOR.join(differed),
            }  # fmt: skip
            number += 1


def _same(one: Disagreement, row: Row | None) -> bool:
    """Tell whether a row of the table quotes the passage of a disagreement; an id alone says little."""
    if row is None or row["article"] != one.row["article"]:
        return False
    return bool(row["start"] < one.row["end"] and one.row["start"] < row["end"])


def _named(places: Sequence[Place], column: str) -> str:
    """Return rows as a cell of the log names them, with their coding unless the column says it."""
    names = [(short_name(table), row) for table, row in places]
    cells = [r if coding == READERS[column] else f"{coding}:{r}" for coding, r in names]
    return SEPARATOR.join(cell for cell in cells if cell)
