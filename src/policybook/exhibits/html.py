"""HTML that is safe by construction: every text is escaped, every attribute quoted.

Data is hostile; nothing in this package writes markup in any other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_VOID = {"br", "hr", "col", "meta", "input"}

_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
"""Controls but line ends and tabs, surrogates, bidirectional overrides and isolates, no characters."""


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Return an element; a child that is no Markup is escaped, `class_` means class.

    An attribute that is None is left out; underscores in names become hyphens.

    >>> tag("p", "a < b", class_="x")
    Markup('<p class="x">a &lt; b</p>')
    """
    written = "".join(
        f' {escape(key.rstrip("_").replace("_", "-"))}="{escape(plain(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")  # noqa: S704  (a literal of ours, and escaped values)
    return Markup(f"<{name}{written}>{_inner(children)}</{name}>")  # noqa: S704  (as above)


def joined(children: Iterable[object]) -> Markup:
    """Return children one after the other, those that are no Markup escaped."""
    return Markup(_inner(children))  # noqa: S704  (escaped)


def _inner(children: Iterable[object]) -> str:
    """Return children as one text, those that are no Markup escaped."""
    return "".join(
        [
            child if isinstance(child, Markup) else escape(plain(str(child)))
            for child in children
            if child is not None and child != ""
        ]
    )


def plain(text: str) -> str:
    """Return a text without characters that a page cannot show or that turn its direction.

    Control characters become the replacement character; line ends and tabs stay.
    Bidirectional overrides and isolates would reorder the words around a quotation;
    U+FFFE and U+FFFF are no characters, and no picture can hold them.
    """
    return text if text.isprintable() else _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Exhibit:
    """Something a notebook shows: HTML for a page, plain text for a terminal."""

    def __init__(self, html: Markup, text: str) -> None:
        """Keep both forms."""
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        """Return the form that Jupyter and the briefing show."""
        return str(self.html)

    def __repr__(self) -> str:
        """Return the form that a terminal shows."""
        return self.text
