"""Measures: DataFrame in, DataFrame out; the formula and its source in each docstring.

Names are loaded when first used, so that only networks wait for scipy. The surprising rule:
a name that its module shares is loaded at once, or it would mean now the one, now the other.
"""

from __future__ import annotations

import importlib
from typing import Any

from policybook.measures.affiliation import affiliation
from policybook.measures.agreement import agreement
from policybook.measures.contradictions import contradictions
from policybook.measures.counting import RULES, tally, units
from policybook.measures.coverage import STATES, coverage, looked_for
from policybook.measures.receipts import receipts

_NAMES = {
    "addressees": (
        "asked_over_time", "concerning", "dossier", "flows", "groups_of", "tally_dossier",
        "unaddressed",
    ),
    "affiliation": ("DUPLICATES", "MODES", "Affiliation"),
    "agreement": ("demands", "grid", "heat"),
    "contradictions": ("author_against_reported", "excluding", "for_and_against"),
    "independence": ("doubles", "groups", "voices"),
    "means": ("courses", "preconditions", "successions", "toward", "ways"),
    "networks": ("AGGREGATIONS", "NORMALISATIONS", "matrix", "nodes", "projection", "two_mode"),
    "open_years": ("spread", "widest_years"),
    "passages": ("find_word", "sentences"),
    "coefficients": ("ac1", "alpha", "kappa"),
    "reliability": ("compare", "matched"),
    "timeline": (
        "appearances", "around", "event_dates", "order", "outer", "relations", "shift",
        "windows", "years",
    ),
    "trends": ("refusal",),
    "unitizing": ("alpha_u",),
}  # fmt: skip
_HOMES = {name: home for home, names in _NAMES.items() for name in names}

__all__ = [  # noqa: PLE0604  (all of them are names)
    "RULES", "STATES", "affiliation", "agreement", "contradictions", "coverage", "looked_for",
    "receipts",
    "tally", "units", *sorted(_HOMES),
]  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever the name stands for)
    """Return a public name from the module that holds it."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names, for completion in a notebook."""
    return __all__
