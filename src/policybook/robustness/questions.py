"""The questions whose findings the certificate puts to the test, each with its other ways to ask.

The surprising rule: only questions that need no further choice are here; what is said of one theme,
actor, end or article is tried on its own page, see `page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from policybook import findings
from policybook.choices import problem
from policybook.findings.nearness import WORDS, nearest_by
from policybook.problems import ParameterError, unknown_value
from policybook.robustness.changes import ASIDE, Ask
from policybook.robustness.tallies import tally
from policybook.suite import Selection


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in words for a title, and further ways to ask it by their words."""

    words: str
    ask: Ask
    otherwise: Mapping[str, Ask] = field(default_factory=dict)


class Questions(dict[str, Question]):
    """Questions by their names; one that is misspelt stops with the names there are."""

    def __missing__(self, name: str) -> Question:
        """Raise `ParameterError` with the names that are allowed."""
        message, evidence, hint = unknown_value(
            value=str(name), what="a value of `question`", allowed=list(self)
        )
        raise ParameterError([problem("question", message, evidence, hint)])


QUESTIONS = Questions(
    {
        "headlines": Question(
            "what a reader would quote first",
            findings.headlines,
            {ASIDE: findings.headlines_loosely},
        ),
        "coverage": Question("who recommends what", findings.who_recommends_what),
        "agreement": Question(
            "where they agree",
            findings.where_they_agree,
            {ASIDE: partial(findings.where_they_agree, strict=False)},
        ),
        "time": Question("what recurs, persists, appears and vanishes", findings.what_changed),
        "shifts": Question("what differs under the same heading", findings.themes_shift),
        "means": Question("by which means", partial(findings.which_means, objective="")),
        "addressees": Question("who is asked to act", findings.who_is_asked),
        "nearness": Question(
            "who stands near whom",
            nearest_by,
            {
                f"if nearness is weighed {words}": partial(nearest_by, normalisation=name)
                for name, words in WORDS.items()
                if name != "none"
            },
        ),
    }
)
"""Every question by the name that the parameter `question` has for it."""


def tally_of(selection: Selection, question: str) -> pd.DataFrame:
    """Return the tally of a question's findings under every setting.

    Raises `ParameterError` where there is no such question.
    """
    asked = QUESTIONS[question]
    return tally(selection, asked.ask, otherwise=asked.otherwise)
