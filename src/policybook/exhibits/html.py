"""HTML that is safe by construction: every text is escaped, every attribute quoted.

Data is hostile; nothing in this package writes markup in any other way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from markupsafe import Markup, escape

_VOID = {"br", "hr", "col", "meta", "input"}


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Return an element; a child that is no Markup is escaped, `class_` means class.

    An attribute that is None is left out; underscores in names become hyphens.

    >>> tag("p", "a < b", class_="x")
    Markup('<p class="x">a &lt; b</p>')
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), plain(str(value)))
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup("<{}{}>").format(Markup(name), written)  # noqa: S704  (a literal of ours)
    inner = joined(children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inner)  # noqa: S704


def joined(children: Iterable[object]) -> Markup:
    """Return children one after the other, those that are no Markup escaped."""
    return Markup("").join(
        child if isinstance(child, Markup) else escape(plain(str(child)))
        for child in children
        if child is not None and child != ""
    )


def plain(text: str) -> str:
    """Return a text without characters that a page cannot show or that turn its direction.

    Control characters become the replacement character; line ends and tabs stay.
    Bidirectional overrides and isolates would reorder the words around a quotation.
    """
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if _unshowable(char) else char for char in text
    ) if not text.isascii() or not text.isprintable() else text  # fmt: skip


def _unshowable(char: str) -> bool:
    """Tell whether a character is a control, a surrogate or a bidirectional override."""
    if char in "\n\t\r":
        return False
    return (
        unicodedata.category(char) in {"Cc", "Cs"}
        or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


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
