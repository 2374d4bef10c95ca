"""Make the SVG that vega writes small and fit for a page, without a change to what is seen.

The picture is hidden from readers by ear, so its roles and labels go; numbers keep two decimals;
what all parts of a group share stands on the group. The surprising rule: names are in lower case
and every element has its end tag, as nbconvert's second reading of a page would write them;
a browser reads both alike.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from xml.etree import ElementTree as ET

from policybook.exhibits.html import plain

UNSEEN = {"role", "aria-roledescription", "aria-hidden", "aria-label", "class", "version",
          "pointer-events"}  # fmt: skip
"""Attributes that draw nothing."""

INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-miterlimit",
             "font-family", "font-size", "font-weight", "text-anchor")  # fmt: skip
"""Attributes that a part takes from its group."""

DEFAULTS = {"opacity": "1", "transform": "translate(0,0)", "font-weight": "normal"}
"""Values that say nothing where no group says otherwise; groups here never do."""

_XMLNS = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_MOVED = re.compile(r"translate\(([^,)]+),([^,)]+)\)")
_URL = re.compile(r"url\(#([^)]*)\)")
_RGB = re.compile(r"rgba?\((\d+), ?(\d+), ?(\d+)(?:, ?([\d.]+))?\)")
_DRAWN = {"d", "transform", "x", "y", "width", "height", "x1", "x2", "y1", "y2", "viewBox", "dx",
          "dy", "offset", "stroke-width"}  # fmt: skip


def slim(svg: str, *, name: str) -> str:
    """Return an SVG of vega as part of a page; `name` sets its ids apart from those of others."""
    # Nothing in it is read from elsewhere: vega wrote it, and texts in it are escaped.
    head, end, rest = plain(svg).partition(">")
    root = ET.fromstring(f"{_XMLNS.sub('', head)}{end}{rest}")  # noqa: S314
    _lighten(root)
    _prune(root)
    _merge(root)
    _gather(root)
    root.attrib |= {"aria-hidden": "true", "focusable": "false"}
    _name(root, name)
    return _written(root)


def _lighten(root: ET.Element) -> None:
    """Take off what draws nothing, and shorten numbers and colours."""
    for part in root.iter():
        for key, value in list(part.attrib.items()):
            if key in UNSEEN or DEFAULTS.get(key) == value:
                del part.attrib[key]
            elif key in _DRAWN:
                part.set(key, _NUMBER.sub(_rounded, value))
            else:
                part.set(key, _RGB.sub(_hex, value))
        _place(part)


def _place(part: ET.Element) -> None:
    """Give a text of one line its place by the shorter attributes."""
    moved = _MOVED.fullmatch(part.get("transform", ""))
    if part.tag == "text" and moved and not len(part) and "x" not in part.attrib:
        del part.attrib["transform"]
        part.attrib |= {"x": moved[1], "y": moved[2]}


def _rounded(match: re.Match[str]) -> str:
    """Return a number to two decimals: a hundredth of a pixel is seen by nobody."""
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _hex(match: re.Match[str]) -> str:
    """Return a colour as six digits, with two more where the ground shows through it."""
    *parts, opacity = match.groups()
    parts += [] if opacity is None else [str(round(float(opacity) * 255))]
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def _prune(group: ET.Element) -> None:
    """Take out parts that draw nothing, and groups that only hold one other."""
    for part in list(group):
        _prune(part)
        if (part.tag == "path" and _invisible(part)) or (part.tag == "g" and not len(part)):
            group.remove(part)
    for place, part in enumerate(list(group)):
        if part.tag == "g" and not part.attrib and len(part) == 1:
            group[place] = part[0]


def _invisible(path: ET.Element) -> bool:
    """Tell whether a path is an empty or unpainted frame of vega's groups."""
    painted = any(path.get(key, "none") != "none" for key in ("fill", "stroke"))
    return path.get("display") == "none" or not path.get("d") or not painted


def _merge(group: ET.Element) -> None:
    """Make one path of neighbours that have the same fill and no edge; tiles never lie on each other."""
    before = None
    for part in list(group):
        _merge(part)
        if before is not None and _alike(before, part):
            before.set("d", before.attrib["d"] + part.attrib["d"])
            group.remove(part)
        else:
            before = part


def _alike(one: ET.Element, other: ET.Element) -> bool:
    """Tell whether two parts are paths of one colour that differ in their shape only."""
    return (
        one.tag == other.tag == "path"
        and one.attrib.keys() == other.attrib.keys() == {"d", "fill"}
        and one.attrib["fill"] == other.attrib["fill"]
        and one.attrib["fill"].startswith("#")
    )


def _gather(group: ET.Element) -> None:
    """Put what most parts of a group share on the group itself, where every part says something."""
    for part in group:
        _gather(part)
    if group.tag not in {"g", "svg"} or len(group) < 2:  # noqa: PLR2004  (one shares nothing)
        return
    for key in INHERITED:
        values = Counter(part.get(key) for part in group)
        if None not in values:
            common, _ = values.most_common(1)[0]
            group.set(key, common or "")
            for part in group:
                if part.get(key) == common:
                    del part.attrib[key]


def _written(part: ET.Element) -> str:
    """Return an element as nbconvert would write it after reading it."""
    name = part.tag.lower()
    attributes = "".join(
        f" {k}={_quoted(v)}" for k, v in sorted((k.lower(), v) for k, v in part.items())
    )
    inner = html.escape(part.text or "", quote=False) + "".join(
        _written(child) + html.escape(child.tail or "", quote=False) for child in part
    )
    return f"<{name}{attributes}>{inner}</{name}>"


def _quoted(value: str) -> str:
    """Return an attribute's value within the quotation marks that it does not hold."""
    escaped = html.escape(value, quote=False)
    if '"' not in escaped:
        return f'"{escaped}"'
    return f"'{escaped}'" if "'" not in escaped else f'"{escaped.replace(chr(34), "&quot;")}"'


def _name(root: ET.Element, name: str) -> None:
    """Call the ids of a picture by its name and their place, wherever an attribute has one.

    The engine numbers them through all that it has drawn, which is no matter of this picture.
    """
    found = [part.attrib["id"] for part in root.iter() if "id" in part.attrib]
    names = {old: f"{name}-{place}" for place, old in enumerate(found, start=1)}
    for part in root.iter():
        for key, value in part.attrib.items():
            if key == "id":
                part.set(key, names[value])
            elif key == "href" and value.startswith("#"):
                part.set(key, f"#{names.get(value[1:], name)}")
            else:
                part.set(key, _URL.sub(lambda m: f"url(#{names.get(m[1], name)})", value))
