"""In how many different years some articles appeared, where dates leave the year of one open.

An article is of one year, and its dates at the widest tell of which it can be. So what is certain
is two numbers: the fewest different years that the articles can be of, and the most.
The surprising rule: each number can be true by itself; which articles are then of which year
is not said, and of two groups of articles both need not be true at once.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
import pandas as pd

from policybook.measures.timeline import outer, years

_APART = 10_000
"""More than any year of a date: a first and a last year as one number."""


def widest_years(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the last year of each article at the widest, by its id.

    Columns: first, last. An article with neither `outer_earliest` nor `outer_latest` has the
    years of its interval.
    """
    return years(outer(articles)).set_index("article")


def spread(first: np.ndarray, last: np.ndarray) -> tuple[int, int]:
    """Return the fewest and the most different years that articles can be of, one year each.

    `first` and `last` are the first and the last year in which each can have appeared. The
    fewest are as many years as hit every interval: the end of the first interval to end, and
    so on with those not yet hit. The most are as many as can be given to articles one by one:
    each year to the article that is left and ends first. Both are exact for articles whose dates
    do not hang together; time is that of sorting the articles.

    >>> spread(np.array([2014, 2014]), np.array([2014, 2015]))
    (1, 2)
    >>> spread(np.array([2014, 2014, 2014]), np.array([2015, 2015, 2015]))
    (1, 2)
    """
    if (first == last).all():
        return (len(np.unique(first)),) * 2
    keys, times = np.unique(first.astype("int64") * _APART + last, return_counts=True)
    begins, ends = np.divmod(keys, _APART)
    # More articles than their interval has years fill no further year.
    times = np.minimum(times, ends - begins + 1)
    return _fewest(begins, ends), _most(np.repeat(begins, times), np.repeat(ends, times))


def _fewest(begins: np.ndarray, ends: np.ndarray) -> int:
    """Return the fewest years that hit every interval."""
    order, hit, found = np.argsort(ends, kind="stable"), -1, 0
    for begin, end in zip(begins[order].tolist(), ends[order].tolist(), strict=True):
        if begin > hit:
            hit, found = end, found + 1
    return found


def _most(begins: np.ndarray, ends: np.ndarray) -> int:
    """Return the most years that can be given to intervals, one each; `begins` ascend."""
    waiting: list[int] = []
    starts, stops = begins.tolist(), ends.tolist()
    year, place, found = 0, 0, 0
    while place < len(starts) or waiting:
        year = year if waiting else max(year, starts[place])
        while place < len(starts) and starts[place] <= year:
            heappush(waiting, stops[place])
            place += 1
        while waiting and waiting[0] < year:
            heappop(waiting)
        if waiting:
            heappop(waiting)
            found, year = found + 1, year + 1
    return found
