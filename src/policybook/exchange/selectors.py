"""Read the selectors of Web Annotations, and find the passages they name.

The surprising rule: a quotation whose place holds other words is sought in the text.
Source: Web Annotation Data Model, www.w3.org/TR/annotation-model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policybook import anchors
from policybook.exchange import offsets
from policybook.exchange.draft import ROWS, number
from policybook.exchange.losses import Losses
from policybook.exchange.refi_file import Selection
from policybook.material import ready_for


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
            exact, prefix, place = "", "", None
            selectors = one.get("selector")
            for selector in selectors if isinstance(selectors, list) else [selectors]:
                if not isinstance(selector, dict):
                    continue
                kind = selector.get("type")
                if kind == "TextQuoteSelector":
                    exact, prefix = _text(selector.get("exact")), _text(selector.get("prefix"))
                elif kind == "TextPositionSelector":
                    place = number(selector.get("start")), number(selector.get("end"))
            if isinstance(address, str) and (exact or place):
                yield Part(address, exact, prefix, place)


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
    spans = anchors.locate(part.exact, ready, prefix=part.prefix) or anchors.locate(
        part.exact, ready
    )
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
    elif part.place:
        what = f"{part.place[0]}-{part.place[1]} holds other words: sought, and found elsewhere"
        losses.changed(ROWS, what, row=name, column="quote")
    return spans[0]
