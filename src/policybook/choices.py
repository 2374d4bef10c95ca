"""The values that parameters may have, and what is wrong with any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from policybook import dates
from policybook.content import Content
from policybook.filters import VOICES
from policybook.material import RECOMMENDATIONS
from policybook.problems import Problem, quoted, unknown_value
from policybook.tables import split

COUNTING = {
    "courses": "courses of action",
    "recommendations": "distinct recommendations",
    "rows": "coded rows",
    "articles": "articles",
    "periods": "years",
}
"""What the parameter `count` may say, and what is counted then."""

THE_THEME = "instrument"
"""The theme of a page that is about one: like `theme`, but never empty."""

VOCABULARIES = {
    "theme": "instrument",
    THE_THEME: "instrument",
    "actor": "actor",
    "objective": "objective",
    "confidence": "confidence",
}
"""Parameters whose values are the codes of a vocabulary."""

_LISTS = {
    "voices": tuple(VOICES),
    "count": tuple(COUNTING),
    "by": ("article", "speaker"),
    "nodes": ("speaker", "instrument"),
    "aggregation": ("ignore", "congruence", "conflict", "subtract"),
    "question": (
        "headlines",
        "coverage",
        "agreement",
        "time",
        "shifts",
        "means",
        "addressees",
        "nearness",
    ),
    "normalisation": ("none", "average", "jaccard", "dna_cosine", "cosine"),
}
"""Lists that no suite changes."""

_MAY_BE_EMPTY = ("theme", "articles", "speakers", "actor", "objective", "codings")


def choices(content: Content, table: str, name: str) -> list[str] | None:
    """Return the values a parameter of that name may have; None where it is no closed list."""
    if name in VOCABULARIES:
        return list(content.material.book.values(VOCABULARIES[name]))
    if name in {"articles", "article"}:
        return list(content.facts)
    if name == "speakers":
        rows = content.coding(table)["speaker"].unique()
        return list(dict.fromkeys([*content.articles["speaker"], *map(str, rows)]))
    if name == "codings":
        return list(content.material.found)
    return list(_LISTS[name]) if name in _LISTS else None


def problem_with(content: Content, table: str, name: str, value: str) -> Problem | None:
    """Return what is wrong with a parameter's value, None where nothing is.

    An empty value means "all" and is wrong only where there is one to choose.
    """
    known = choices(content, table, name)
    if name in {"from_date", "to_date"}:
        if not value or dates.bounds(value):
            return None
        allowed = (("allowed", "a year, a month or a day: 2014, 2014-10, 2014-10-18; or empty"),)
        return problem(name, f"{quoted(value)} is not a date", allowed, "Correct it.")
    if name == "state":
        return None if not value or _may_be_state(value) else _no_state(value)
    if known is None or value in known or (not value and name in _MAY_BE_EMPTY):
        return None
    message, evidence, hint = unknown_value(value=value, what=f"a value of `{name}`", allowed=known)
    if name == THE_THEME and not value:
        message, hint = "no theme is asked for, and this is about one", "Name one of them."
    return problem(name, message, evidence, hint)


_STATE = re.compile(r"\w[\w./~^-]{0,200}", re.ASCII)
"""What a release or a git revision may be called; whether there is one of that name, git knows."""


def _may_be_state(value: str) -> bool:
    """Tell whether a text may name a state of a suite: a folder that holds one, or a short name."""
    try:
        return (Path(value) / RECOMMENDATIONS).is_file() or bool(_STATE.fullmatch(value))
    except (OSError, ValueError):
        return False


def _no_state(value: str) -> Problem:
    """Return the problem of a text that names no state of a suite."""
    allowed = (("allowed", "a version in releases/, a folder with a suite, or a git revision"),)
    return problem("state", f"{quoted(value)} names no state of a suite", allowed, "Correct it.")


def problem(name: str, message: str, evidence: tuple[tuple[str, str], ...], hint: str) -> Problem:
    """Return a problem of a parameter."""
    return Problem("parameter", None, name, "parameter-value", message, evidence, hint)


def problems(
    asked: Mapping[str, str | list[str]], judge: Callable[[str, str], Problem | None]
) -> list[Problem]:
    """Return what is wrong with the parameters of a selection, each value judged by itself first."""
    found = [
        wrong
        for name, value in asked.items()
        for one in ([value] if isinstance(value, str) else value)
        if (wrong := judge(name, one))
    ]
    start, end = (str(asked[name]) for name in ("from_date", "to_date"))
    first, last = dates.bounds(start), dates.bounds(end)
    if first and last and first[0] > last[1]:
        message = f"{quoted(start)} is after `to_date` {quoted(end)}"
        found.append(problem("from_date", message, (), "Exchange the two."))
    return found


def listed(value: str | Sequence[str]) -> list[str]:
    """Return a parameter of several values as a list; a text has commas between them."""
    return split(value.replace(",", ";")) if isinstance(value, str) else list(map(str, value))
