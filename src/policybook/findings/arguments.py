"""What a function is asked for beside its selection: a code of the suite, or the call is stopped.

The surprising rule: where nobody has such a code, no sentence may say that nobody asks for it;
a slip of the pen would read as a finding.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

from policybook.choices import THE_THEME
from policybook.problems import ParameterError, Problem
from policybook.suite import Selection

NO_THEME = "No theme is asked for."
"""What stands in place of whatever is said of one theme, where the page has none."""

_Asked = TypeVar("_Asked", bound=Callable[..., Any])


def checked(**lists: str) -> Callable[[_Asked], _Asked]:
    """Have a function of a `selection` stop where an argument is not among what its suite knows.

    Each keyword is an argument and names the list it is from, as `Suite.choices` does. The
    `ParameterError` carries every wrong one, with what is allowed. An argument may be empty where
    that means "all" or "nobody"; one that is not given is its default, and right.
    """

    def around(function: _Asked) -> _Asked:
        signature = inspect.signature(function)

        @wraps(function)
        def stopped(*args: object, **kwargs: object) -> object:
            asked = signature.bind(*args, **kwargs).arguments
            given = ((name, kind) for name, kind in lists.items() if name in asked)
            found = [_problem(asked["selection"], n, kind, asked[n]) for n, kind in given]
            if wrong := [problem for problem in found if problem]:
                raise ParameterError(wrong)
            return function(*args, **kwargs)

        return cast("_Asked", stopped)

    return around


def with_theme(selection: Selection) -> None:
    """Stop with `ParameterError` where a selection has no theme and the answer is about one."""
    if problem := _problem(selection, "theme", THE_THEME, selection.theme):
        raise ParameterError([problem])


def _problem(selection: Selection, name: str, kind: str, value: object) -> Problem | None:
    """Return what is wrong with an argument, under the name that the function has for it."""
    problem = selection.suite.problem_with(kind, str(value))
    return replace(problem, column=name.rstrip("_")) if problem else None
