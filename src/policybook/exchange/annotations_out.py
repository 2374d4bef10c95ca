"""Export the rows of a suite as W3C Web Annotations, with the articles and the codebook beside them.

Each row is an annotation: its quotation by words and by place, its cells as bodies.
The surprising rule: `exact` holds the words as they are printed in the file, white space and all.
Source: Web Annotation Data Model, www.w3.org/TR/annotation-model.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from policybook.codebook import Column
from policybook.exchange.draft import ARTICLES, DIAGNOSES, ROWS
from policybook.exchange.held import Held, Passage
from policybook.material import CODEBOOK
from policybook.tables import split

FILE, SOURCES = "annotations.jsonld", "sources"
CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "policybook": "urn:policybook:",
        # The facts of articles are plain data: their names are no terms of the vocabulary.
        "policybook:facts": {"@id": "urn:policybook:facts", "@type": "@json"},
    },
]
COLUMN, FACTS, ID, TABLE = (f"policybook:{name}" for name in ("column", "facts", "id", "table"))
"""What is said of an annotation beyond the vocabulary of the standard."""

AROUND = 32
"""Characters before and after a quotation by which other tools find it."""

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:policybook:annotation")


def export(held: Held) -> dict[str, bytes]:
    """Return annotations.jsonld, the articles it points to, and the codebook."""
    held.leave("only the settled rows travel", but=(ROWS, DIAGNOSES, ARTICLES, "seeds", CODEBOOK))
    items = [
        _annotation(held, file, row)
        for file in (ROWS, DIAGNOSES)
        for row in held.tables.get(file, ())
        if _placed(held, file, row)
    ]
    page = {
        "@context": CONTEXT,
        "id": _urn(held.name),
        "type": "AnnotationPage",
        "label": held.name,
        FACTS: [{"source": _source(held, name), **facts} for name, facts in held.articles.items()],
        "items": items,
    }
    files = {name: f"{SOURCES}/{facts['file']}" for name, facts in held.articles.items()}
    texts = {files[name]: words.encode() for name, words in held.texts.items()}
    data = (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    return {FILE: data, **texts, CODEBOOK: held.book.text.encode()}


def _urn(*what: str) -> str:
    """Return the name of something, the same every time."""
    return f"urn:uuid:{uuid.uuid5(_SPACE, chr(31).join(what))}"


def _source(held: Held, article: str) -> str:
    """Return the address of an article, seen from the annotations."""
    return f"{SOURCES}/{quote(held.articles[article]['file'])}"


def _placed(held: Held, file: str, row: Passage) -> bool:
    """Tell whether a row's quotation stands in its article, naming a draft whose does not."""
    if "quote" not in row.spans:
        what = "a draft whose quotation stands nowhere"
        held.losses.dropped(file, what, row=row.cells["id"].strip())
    return "quote" in row.spans


def _annotation(held: Held, file: str, row: Passage) -> dict[str, Any]:
    """Return one row as an annotation."""
    name, article = row.cells["id"].strip(), row.cells["article"]
    coder = held.book.values("coder").get(held.coder(row.cells))
    day = held.articles[article].get("coded_on", "")
    made: dict[str, Any] = {"created": f"{day}T00:00:00Z"} if day else {}
    if coder:
        kind = "Software" if coder.extra.get("kind") == "machine" else "Person"
        made["creator"] = {"type": kind, "name": coder.label, "nickname": coder.id}
    return {
        "id": _urn(held.name, name),
        "type": "Annotation",
        "motivation": "classifying",
        **made,
        ID: name,
        **({TABLE: "diagnoses"} if file == DIAGNOSES else {}),
        "body": list(_bodies(held, file, row)),
        "target": _target(held, article, row.spans["quote"]),
    }


def _target(held: Held, article: str, span: tuple[int, int]) -> dict[str, Any]:
    """Return a passage by its words and by its place."""
    text, (start, end) = held.texts[article], span
    words = {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - AROUND) : start],
        "suffix": text[end : end + AROUND],
    }
    place = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"source": _source(held, article), "selector": [words, place]}


def _bodies(held: Held, file: str, row: Passage) -> Iterator[dict[str, Any]]:
    """Yield the cells of a row as bodies: codes as tags, words as passages, the note as a comment."""
    columns = held.book.columns["recommendations" if file == ROWS else "diagnoses"]
    text = held.texts[row.cells["article"]]
    for column in columns.values():
        cell = row.cells.get(column.name, "")
        if not cell or column.name in {"id", "article"}:
            continue
        printed = row.spans.get(column.name)
        if printed and column.name != "quote":
            target = _target(held, row.cells["article"], printed)
            yield {
                "type": "SpecificResource",
                "purpose": "describing",
                COLUMN: column.name,
                **target,
            }
        if printed and " ".join(text[printed[0] : printed[1]].split()) == cell:
            continue  # the passage itself says it
        yield from _textual(column, cell)


def _textual(column: Column, cell: str) -> Iterator[dict[str, Any]]:
    """Yield a cell as textual bodies, each code of a list one of its own."""
    codes = column.kind in {"code", "codes"}
    purpose = "tagging" if codes else "commenting" if column.name == "note" else "describing"
    for value in split(cell) if codes else [cell]:
        yield {"type": "TextualBody", "purpose": purpose, "value": value, COLUMN: column.name}
