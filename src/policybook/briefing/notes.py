"""Notes that lead both ways: every number to its passage, every passage to the places that cite it.

Works on a whole page, for only then is it known who cites what. No script is needed for it.
"""

from __future__ import annotations

import re
from collections import defaultdict

_LINK = re.compile(r'<a class="note" href="#note-(\d+)">')
_WITHIN = re.compile(r'<a href="#([^"]*)">([^<]*)</a>')
_ID = re.compile(r' id="([^"]*)"')
_NOTE = re.compile(r'(<li class="note"[^>]* value="(\d+)">)(.*?)(</li>)', re.DOTALL)


def linked(body: str) -> str:
    """Return the page's body, each link to a note with an id, each note with links back."""
    places: defaultdict[str, int] = defaultdict(int)

    def cited(match: re.Match[str]) -> str:
        number = match[1]
        places[number] += 1
        return f'<a href="#note-{number}" id="c{number}-{places[number]}">'

    def answered(match: re.Match[str]) -> str:
        start, number, inner, end = match.groups()
        return f"{start}{inner}{_back(number, places[number])}{end}"

    return _found(_NOTE.sub(answered, _LINK.sub(cited, body)))


def _found(body: str) -> str:
    """Return the body with the words alone of a link to a place that is not in it.

    A note leads to the certificate, which a notebook may make of another selection, or not at all.
    """
    ids = set(_ID.findall(body))
    return _WITHIN.sub(lambda match: match[0] if match[1] in ids else match[2], body)


def _back(number: str, count: int) -> str:
    """Return the links from a note to the places that cite it, lettered in their order."""
    links = [f'<a href="#c{number}-{n}">{letters(n)}</a>' for n in range(1, count + 1)]
    return f' <span class="back">Cited at {" ".join(links)}</span>' if links else ""


def letters(number: int) -> str:
    """Return a number as letters: a to z, then aa.

    >>> letters(1), letters(26), letters(27)
    ('a', 'z', 'aa')
    """
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
