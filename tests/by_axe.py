"""What axe-core finds on an open page: WCAG 2.2 AA and best practices."""

from __future__ import annotations

from importlib import resources
from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_on(page: Any) -> dict[str, Any]:
    """Return what axe-core tells of a page; `violations` is empty where all is well."""
    axe = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    page.evaluate(f"{axe};0")
    asked = {"runOnly": RULES, "resultTypes": ["violations"]}
    return dict(page.evaluate("(asked) => axe.run(document, asked)", asked))
