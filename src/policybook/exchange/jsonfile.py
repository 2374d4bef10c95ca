"""Read a JSON file within limits; the surprising rule: depth, size and numbers are all bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from policybook.exchange.archive import LARGEST_MEMBER
from policybook.exchange.losses import refusal


def read(path: Path) -> Any:  # noqa: ANN401  (JSON holds anything)
    """Return what a JSON file holds. Raises `ExchangeError` where it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_MEMBER + 1)
    except OSError as error:
        raise refusal(path.name, "unreadable", f"cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_MEMBER:
        raise refusal(path.name, "too-large", f"has more than {LARGEST_MEMBER:,} bytes")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        hint = "It is damaged or was cut short: export it again."
        raise refusal(path.name, "not-json", f"is no JSON: {error}", hint=hint) from None
