"""What a reader's copy is to be like; the same notebook gives several pages.

The surprising rule: `full_text` decides what the notebook itself shows, for the appendix is one
of its outputs; whoever runs notebooks hands it on with `environment`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Charts = Literal["static", "interactive"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a page is made; the defaults are those of a batch."""

    charts: Charts = "static"
    """Pictures without a script, or with tooltips and selections in a page eight times as large."""

    with_code: bool = False
    """Whether the notebook's code stands in the page, folded."""

    full_text: bool = False
    """Whether the appendix holds whole articles, not only the paragraphs cited."""

    pdf: bool = False
    """Whether the page is printed beside itself; needs a Chromium."""

    def environment(self) -> dict[str, str]:
        """Return what a notebook's process is told: specifications for charts, how much evidence."""
        return {
            "POLICYBOOK_CHARTS": "spec",
            "POLICYBOOK_EVIDENCE": "full" if self.full_text else "cited",
        }
