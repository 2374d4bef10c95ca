"""Have altair make the same specification in a fraction of the time.

The surprising rule: what altair does by its own generality is replaced only while one chart of ours
is written down, and by what gives the same; a test holds every chart against altair's own way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

_PLAIN = {str, int, float, bool, type(None)}
"""Kinds that stand in a specification as they are."""


@contextmanager
def quickly() -> Iterator[None]:
    """Replace the three slowest parts of altair for a while.

    For a shallow copy it calls a chart's constructor, which copies everything below the layers
    of one, again and again; of every text and number it asks whether it is a chart; and it copies
    a table column by column before it makes records of it.
    """
    from altair.utils import schemapi  # noqa: PLC0415  (a second, and only a chart needs it)
    from altair.vegalite import data as tables  # noqa: PLC0415  (as well)

    true_copy, true_part = schemapi.SchemaBase.copy, schemapi._todict  # noqa: SLF001  (nothing else would do)
    true_values = tables.to_values

    def copy(self: Any, deep: Any = True, ignore: Any = None) -> Any:  # noqa: ANN401, FBT002  (altair's)
        """Return a copy; a shallow one shares all that its parts hold."""
        if deep is not False:
            return true_copy(self, deep, ignore)
        made = object.__new__(type(self))
        made.__dict__.update(vars(self), _kwds=dict(self._kwds))
        return made

    def part(obj: Any, *others: Any, **named: Any) -> Any:  # noqa: ANN401  (altair's)
        """Return a part of a chart as it stands in a specification."""
        return obj if type(obj) in _PLAIN else true_part(obj, *others, **named)

    schemapi.SchemaBase.copy, schemapi._todict = copy, part  # type: ignore[method-assign]  # noqa: SLF001
    tables.to_values = partial(_values, true_values)
    try:
        yield
    finally:
        schemapi.SchemaBase.copy, schemapi._todict = true_copy, true_part  # type: ignore[method-assign]  # noqa: SLF001
        tables.to_values = true_values


def _values(true_values: Callable[[Any], Any], data: Any) -> Any:  # noqa: ANN401  (altair's)
    """Return a table as records, by altair's own way where ours has none."""
    native = data.to_native() if hasattr(data, "to_native") else data  # within narwhals
    found = records(native) if type(native) is pd.DataFrame else None
    return true_values(data) if found is None else {"values": found}


def records(table: pd.DataFrame) -> list[dict[str, Any]] | None:
    """Return the lines of a table of plain cells, what is missing as None; None of any other table.

    >>> records(pd.DataFrame({"a": ["x", None], "b": [1.5, float("nan")]}))
    [{'a': 'x', 'b': 1.5}, {'a': None, 'b': None}]
    """
    names = table.columns.tolist()
    columns = [_cells(table.iloc[:, place]) for place in range(len(names))]
    if len(set(names)) < len(names) or not all(type(name) is str for name in names):
        return None
    if any(cells is None for cells in columns):
        return None
    return [dict(zip(names, line, strict=True)) for line in zip(*columns, strict=True)]


def _cells(column: pd.Series) -> list[Any] | None:
    """Return the cells of a column as JSON has them; None where that takes more than this."""
    kind, texts = column.dtype, (pd.CategoricalDtype, pd.StringDtype)
    if isinstance(kind, np.dtype) and kind.kind in "biu":
        return column.tolist()
    if not (isinstance(kind, texts) or kind in (np.dtype(object), np.dtype(float))):
        return None
    cells = column.astype(object).tolist()
    if not {type(one) for one in cells} <= _PLAIN:
        return None
    odd = [type(one) is float and not math.isfinite(one) for one in cells]
    if any(odd) and kind == np.dtype(object):
        return None  # altair leaves an infinite one there
    return [None if one else cell for one, cell in zip(odd, cells, strict=True)]
