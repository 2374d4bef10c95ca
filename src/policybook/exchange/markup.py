"""Write and read XML: every text escaped on the way out, no entity or DTD followed on the way in.

The surprising rule: XML cannot hold most control characters at all; they become U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from policybook.exchange.losses import ExchangeError, refusal

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

MOST_TAGS, MOST_EQUALS = 8_000_000, 16_000_000
"""Marks that begin a tag and that give an attribute: each costs a hundred bytes of memory once it is
read, and a million codings have fewer."""

_UNLAWFUL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: dict[str, int | str | None] = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\r": "&#13;",
}
_IN_ATTRIBUTES = {**_ESCAPES, "\n": "&#10;", "\t": "&#9;"}


def lawful(text: str) -> str:
    r"""Return a text without the characters that XML cannot hold.

    >>> lawful("a\x01b")
    'a\ufffdb'
    """
    return _UNLAWFUL.sub("\ufffd", text)


def text(words: str) -> str:
    """Return words as the content of an element."""
    return lawful(words).translate(str.maketrans(_ESCAPES))


def element(name: str, attributes: Mapping[str, object], content: Iterable[str] | str = "") -> str:
    """Return an element; `content` is markup already, an attribute that is None is left out.

    >>> element("a", {"b": '"<'}, text("c & d"))
    '<a b="&quot;&lt;">c &amp; d</a>'
    """
    table = str.maketrans(_IN_ATTRIBUTES)
    said = "".join(
        f' {key}="{lawful(str(value)).translate(table)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = content if isinstance(content, str) else "".join(f"\n{part}" for part in content)
    if not isinstance(content, str) and inside:
        inside += "\n"
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def parse(data: bytes, *, name: str) -> Element:
    """Return the root of an XML document.

    Raises `ExchangeError` where it is none, or where it declares a DTD or an entity: neither has
    a place in an exchange file, and both can be made to eat all memory or to read other files.
    """
    from defusedxml import DefusedXmlException  # noqa: PLC0415  (only imports need it)
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415

    if data.count(b"<") > MOST_TAGS or data.count(b"=") > MOST_EQUALS:
        message = f"has more than {MOST_TAGS:,} tags, or {MOST_EQUALS:,} attributes"
        raise refusal(name, "xml-crowded", message, hint="No project has so many: do not trust it.")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        message = "declares a DTD or an entity, which no exchange file needs"
        raise refusal(name, "xml-dtd", message, hint="Export it again; do not trust it.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise _broken(name, str(error)) from None
    return root


def _broken(name: str, error: str) -> ExchangeError:
    """Return the error of a text that is no XML."""
    hint = "It is damaged or was cut short: export it again."
    return refusal(name, "xml-broken", f"is no XML: {error}", hint=hint)
