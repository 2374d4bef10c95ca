"""The facts on a new article, from options or from answers, by the columns a suite has.

The surprising rule: a basis is never supposed; a fact without one is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policybook.codebook import Column
from policybook.problems import ParameterError, Problem, printable, quoted

_CODING = "coder, coded_on and codebook_version"


def given(
    columns: Sequence[Column],
    options: Mapping[str, str],
    pairs: Sequence[str],
    *,
    date: str,
    basis: str,
) -> dict[str, str]:
    """Return the facts that a call gives, by column.

    `date` is a day or two with `..` between; `basis` fills the basis of every fact that is given.
    Raises `ParameterError` for a column that articles.csv does not have or does not take here.
    """
    named = dict(_pair(pair) for pair in pairs)
    found = {**{name: cell for name, cell in options.items() if cell}, **_days(date), **named}
    known = {column.name for column in columns}
    for name in found:
        if name not in known:
            allowed = (("allowed", ", ".join(column.name for column in columns)),)
            message = f"{quoted(name)} is no fact that is given here"
            hint = f"{_CODING} are filled in once the article is coded."
            raise ParameterError([Problem("add", None, None, "add-fact", message, allowed, hint)])
    return {**_based(columns, found, basis), **found}


def _pair(pair: str) -> tuple[str, str]:
    """Return the column and the cell of a `--fact`."""
    name, sign, cell = pair.partition("=")
    if not sign:
        hint = "Write COLUMN=VALUE, for instance --fact date_basis=inferred."
        raise ParameterError(
            [Problem("add", None, "fact", "add-fact", f"{quoted(pair)} has no =", (), hint)]
        )
    return name.strip(), cell.strip()


def _days(date: str) -> dict[str, str]:
    """Return the columns of a day, or of an interval."""
    first, sign, last = (part.strip() for part in date.partition(".."))
    if not first:
        return {}
    days = {"earliest": first, "latest": last if sign else first}
    return days if sign else {"published": first, **days}


def _based(columns: Sequence[Column], found: Mapping[str, str], basis: str) -> dict[str, str]:
    """Return the basis of every fact that is given."""
    facts = {"date_basis": "earliest"}
    names = [column.name for column in columns if column.name.endswith("_basis")]
    return {n: basis for n in names if basis and found.get(facts.get(n, n.removesuffix("_basis")))}


def missing(columns: Sequence[Column], found: Mapping[str, str]) -> list[Column]:
    """Return the columns that must be filled and are not."""
    return [column for column in columns if column.required and not found.get(column.name)]


def question(column: Column) -> str:
    """Return the question for one fact."""
    example = f", such as {column.example}" if column.example else ""
    return printable(f"{column.label} ({column.name}{example})")


def refuse_missing(columns: Sequence[Column], found: Mapping[str, str]) -> None:
    """Raise `ParameterError` with every fact that is missing."""
    lost = [_missing(column) for column in missing(columns, found)]
    if lost:
        raise ParameterError(lost)


def _missing(column: Column) -> Problem:
    """Return the problem of a fact that is not given."""
    options = {
        "earliest": "--date DAY or --date EARLIEST..LATEST",
        "latest": "--date EARLIEST..LATEST",
    }
    plain = {"id", "title", "speaker", "genre", "language"}
    name = column.name
    own = f"--{name} VALUE" if name in plain else f"--fact {name}=VALUE"
    if name.endswith("_basis"):
        own = f"--basis VALUE for all facts, or --fact {name}=VALUE"
    message = f"is missing: {column.definition}"
    hint = f"Give {options.get(name, own)}; see codebook.toml, [column.articles.{name}]."
    return Problem("add", None, name, "add-missing", message, (), hint)


def next_step(articles: Sequence[str]) -> str:
    """Return what is to be done with articles that are not coded."""
    shown = ", ".join(map(printable, articles[:5])) + (" …" if len(articles) > 5 else "")  # noqa: PLR2004
    return (
        f"Not coded yet: {shown}. Nothing is said of it, not even silence.\n"
        "Code it in recommendations.csv (policybook suggest proposes sentences), and when its\n"
        f"last passage is coded fill in {_CODING} in seeds/articles.csv; then call policybook check."
    )
