"""HTML written as nbconvert's second reading of a page would write it.

`jupyter nbconvert` passes every page through BeautifulSoup. What is written here in its manner
comes out of it as it went in, so that the stock command makes the same page to the byte.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re

_TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [^<>]*)?)>")
_ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')
_VOID = {"br", "col", "hr"}


def settled(text: str) -> str:
    """Return the output of nh3 in that form: attributes in order, only `& < >` escaped."""
    return _TAG.sub(_tag, text.replace("&nbsp;", "\N{NO-BREAK SPACE}"))


def _tag(match: re.Match[str]) -> str:
    """Return one tag."""
    slash, name, attributes = match.groups()
    if attributes:
        pairs = sorted(_ATTRIBUTE.findall(attributes))
        attributes = "".join(f" {key}={quoted(_value(key, value))}" for key, value in pairs)
    return f"<{slash}{name}{attributes}{'/' if name in _VOID and not slash else ''}>"


def _value(name: str, value: str) -> str:
    """Return the value of an attribute; names of classes stand apart by one space."""
    return " ".join(value.split()) if name == "class" else value


def quoted(value: str) -> str:
    r"""Return an escaped value within quotation marks: double ones, unless it holds some.

    >>> quoted("a"), quoted("say &quot;a&quot;")
    ('"a"', '\'say "a"\'')
    """
    value = value.replace("&quot;", '"')
    if '"' not in value:
        return f'"{value}"'
    return f"'{value}'" if "'" not in value else '"' + value.replace('"', "&quot;") + '"'


def escaped(text: str) -> str:
    """Return a text for a page, quotation marks as they are."""
    return html.escape(text, quote=False)


def policy(style: str, script: str) -> str:
    """Return the content policy of a page: its own style and script by their hashes, nothing else."""
    scripts = f" script-src {_hash(script)};" if script else ""
    return f"default-src 'none'; style-src {_hash(style)};{scripts} base-uri 'none'; form-action 'none'"


def restyled(page: str, before: str, after: str) -> str:
    """Return a page with a part of its style replaced, and its policy in accord with that."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    changed = style.replace(before, after, 1)
    return page.replace(_hash(style), _hash(changed), 1).replace(style, changed, 1)


def _hash(text: str) -> str:
    """Return the hash of an element's content as a policy names it."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
