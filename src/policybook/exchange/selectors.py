"""Read the selectors of Web Annotations, and find the passages they name.

The surprising rule: a quotation whose place holds other words is sought in the text.
Source: Web Annotation Data Model, www.w3.org/TR/annotation-model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from policybook import anchors
from policybook.exchange import offsets
from policybook.exchange.draft import ROWS, number
from policybook.exchange.losses import Losses
from policybook.exchange.refi_file import Selection
from policybook.material import ready_for

MOST_PLACES = 100
"""Places of words that are looked at to find those within another selector's place."""

DEEPEST = 20
"""Selectors that refine one another, as far as they are followed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A passage as an annotation names it: the source, the words, those before, the place."""

    source: str
    exact: str
    prefix: str
    place: tuple[int, int] | None


def parts(target: object) -> Iterator[Part]:
    """Yield the passages that a target names; a whole document is none."""
    for one in target if isinstance(target, list) else [target]:
        if isinstance(one, dict):
            source = one.get("source")
            address = source.get("id") if isinstance(source, dict) else source
            exact, prefix, place = _selected(one.get("selector"))
            if isinstance(address, str) and (exact or place):
                yield Part(address, exact, prefix, place)


Selected = tuple[str, str, tuple[int, int] | None]
"""The words, those before, the place."""


def _selected(selectors: object) -> Selected:
    """Return what selectors say together; each may be refined by another."""
    exact, prefix, place = "", "", None
    for selector in selectors if isinstance(selectors, list) else [selectors]:
        for one, outer in _chain(selector):
            kind = one.get("type")
            if kind == "TextQuoteSelector":
                exact, prefix = _text(one.get("exact")), _text(one.get("prefix"))
                place = outer if outer and not place else place
            elif kind == "TextPositionSelector":
                start, end = number(one.get("start")), number(one.get("end"))
                place = (start + outer[0], end + outer[0]) if outer else (start, end)
    return exact, prefix, place


def _chain(selector: object) -> Iterator[tuple[dict[str, Any], tuple[int, int] | None]]:
    """Yield the innermost selector with the place it counts from; None where nothing says it.

    Words within a place are sought at it; a place within anything but a place is none of the text.
    """
    outer: tuple[int, int] | None = None
    counted = True
    for _ in range(DEEPEST):
        if not isinstance(selector, dict):
            return
        inner = selector.get("refinedBy")
        if not isinstance(inner, dict):
            if counted or selector.get("type") == "TextQuoteSelector":
                yield selector, outer
            return
        here = selector.get("type") == "TextPositionSelector" and counted
        start, end = number(selector.get("start")), number(selector.get("end"))
        outer = (
            (start + (outer[0] if outer else 0), end + (outer[0] if outer else 0)) if here else None
        )
        counted, selector = here, inner


def _text(value: object) -> str:
    """Return a value that should be text, empty where it is none."""
    return value if isinstance(value, str) else ""


def resolved(
    text: str, passages: Sequence[tuple[Part, Selection]], losses: Losses
) -> list[Selection]:
    """Return the selections of one text with their places, naming those that are nowhere in it."""
    places = [part.place or (-1, -1) for part, _ in passages]
    read = offsets.read(text, places, default=offsets.CODE_POINTS)
    ready = anchors.prepare(text)
    ready = ready_for(ready, {(part.exact, part.prefix) for part, _ in passages})
    found = []
    for (part, selection), span in zip(passages, read.spans, strict=True):
        place = _placed(ready, part, span, selection.name, losses)
        if place is not None:
            found.append(replace(selection, span=place))
    return found


def _placed(
    ready: anchors.Text, part: Part, span: tuple[int, int] | None, name: str, losses: Losses
) -> tuple[int, int] | None:
    """Return where a passage is: at its place if its words are there, else where they are."""
    text, normal = ready.original, anchors.normalise
    if span and (not part.exact or normal(text[span[0] : span[1]]) == normal(part.exact)):
        return span
    most = MOST_PLACES if span else 2
    spans = anchors.locate(part.exact, ready, prefix=part.prefix, most=most) or anchors.locate(
        part.exact, ready, most=most
    )
    within = [one for one in spans if span and span[0] <= one.start <= one.end <= span[1]]
    spans = within or spans
    if not spans:
        said = (
            f"“{part.exact}” stands nowhere in the text"
            if part.exact
            else "its place is not in the text"
        )
        losses.dropped(ROWS, said, row=name)
        return None
    if len(spans) > 1:
        losses.guessed(
            ROWS, "its words stand more than once: the first place", row=name, column="quote"
        )
    elif part.place and not within:
        what = f"{part.place[0]}-{part.place[1]} holds other words: sought, and found elsewhere"
        losses.changed(ROWS, what, row=name, column="quote")
    return spans[0]
