"""Refuse a file that is to become an article.

The surprising rule: the limit holds for a file and for what it unpacks to alike.
"""

from __future__ import annotations

from pathlib import Path

from policybook.problems import Problem, SuiteError

LARGEST = 20_000_000
"""Bytes of a file, and of the text within it: a long book has five millions."""


def refused(path: Path, code: str, message: str, hint: str, allowed: str = "") -> SuiteError:
    """Return the error of a file that is not taken in."""
    evidence = (("allowed", allowed),) if allowed else ()
    return SuiteError([Problem(path.name, None, None, f"add-{code}", message, evidence, hint)])


def too_large(path: Path) -> SuiteError:
    """Return the error of a file that is, or unpacks to, more than is read."""
    message = f"is, or unpacks to, more than {LARGEST:,} bytes"
    return refused(path, "large", message, "An article is smaller: do not trust the file.")
