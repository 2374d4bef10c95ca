"""Import what is large without what it brings along for nobody.

The surprising rule: jsonschema, which altair and nbformat import, does so without `rfc3987_syntax`,
whose grammar takes most of a second to compile at every start; it serves a check of addresses
that no chart's and no notebook's format asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SLOW = "rfc3987_syntax"


@contextmanager
def quick() -> Iterator[None]:
    """Have the import of the grammar fail for a while, unless it is imported already."""
    if _SLOW in sys.modules:
        yield
        return
    sys.modules[_SLOW] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_SLOW]
