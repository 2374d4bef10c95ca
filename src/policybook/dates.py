"""Days, months and years as people write them, whatever the locale of the machine."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def bounds(text: str) -> tuple[dt.date, dt.date] | None:
    """Return first and last day of a year, month or day; None where it is none of them.

    >>> bounds("2014-02")
    (datetime.date(2014, 2, 1), datetime.date(2014, 2, 28))
    """
    match = _PARTIAL.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        last_month = month or 12
        last = calendar.monthrange(first.year, last_month)[1]
        return first, dt.date(first.year, last_month, last)
    except ValueError:
        return None


def day(date: dt.date) -> str:
    """Return a day in words.

    >>> day(dt.date(2019, 5, 30))
    '30 May 2019'
    """
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def interval(first: dt.date, last: dt.date) -> str:
    """Return an interval in words, without repeating month and year.

    >>> interval(dt.date(2014, 10, 1), dt.date(2014, 10, 18))
    '1–18 October 2014'
    """
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def partial(text: str) -> str:
    """Return a year, a month or a day in words.

    >>> partial("2014-05"), partial("2011")
    ('May 2014', '2011')
    """
    both = bounds(text)
    if both is None:
        return text
    parts = text.count("-")
    first = both[0]
    if parts == 0:
        return str(first.year)
    return day(first) if parts == 2 else f"{_MONTHS[first.month - 1]} {first.year}"  # noqa: PLR2004


def month(first: dt.date, last: dt.date) -> str:
    """Return an interval in words no finer than months.

    >>> month(dt.date(2014, 10, 1), dt.date(2014, 12, 18))
    'October–December 2014'
    """
    names = [_MONTHS[date.month - 1] for date in (first, last)]
    if first.year != last.year:
        return f"{names[0]} {first.year} – {names[1]} {last.year}"
    return f"{'–'.join(dict.fromkeys(names))} {last.year}"


def year(first: dt.date, last: dt.date) -> str:
    """Return an interval in words no finer than years: every year in which its day can lie.

    >>> year(dt.date(2014, 10, 1), dt.date(2015, 1, 18))
    '2014 or 2015'
    """
    mark = " or " if last.year - first.year == 1 else "–"
    return mark.join(dict.fromkeys(f"{date.year}" for date in (first, last)))
