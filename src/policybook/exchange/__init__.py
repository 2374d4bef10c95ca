"""In and out of other tools: a suite from their files, their files from a suite, every loss named.

The surprising rule: an import makes a whole new suite in a new folder, or nothing at all.
"""

from __future__ import annotations

from policybook.exchange.losses import ExchangeError, Loss, Losses, beside
from policybook.exchange.options import Counting, Options
from policybook.exchange.transfer import EXPORTS, IMPORTS, export_suite, import_suite

__all__ = [
    "EXPORTS",
    "IMPORTS",
    "Counting",
    "ExchangeError",
    "Loss",
    "Losses",
    "Options",
    "beside",
    "export_suite",
    "import_suite",
]  # fmt: skip
