"""Briefings: an executed notebook becomes one HTML file that needs no network.

Names are loaded when first used: whoever only compares what is there needs no nbconvert.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policybook.briefing.export import page
    from policybook.briefing.options import Options
    from policybook.briefing.printing import find_browser, print_page

__all__ = ["Options", "find_browser", "page", "print_page"]

_HOMES = {
    "Options": "options",
    "find_browser": "printing",
    "page": "export",
    "print_page": "printing",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever the name stands for)
    """Return a public name from the module that holds it."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
