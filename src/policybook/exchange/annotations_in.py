"""Import W3C Web Annotations; the texts stand in a folder `sources` beside the file.

A tag `stance:supports` fills the column of that name, any other tag is an instrument.
The surprising rule: where the words and the place of a passage contradict each other, the words win.
Source: Web Annotation Data Model, www.w3.org/TR/annotation-model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from policybook import codebook
from policybook.codebook import Codebook
from policybook.corpus import is_bare_name
from policybook.exchange import book, jsonfile, refi
from policybook.exchange.annotations_out import COLUMN, FACTS, ID, SOURCES, TABLE
from policybook.exchange.draft import MACHINE, ROWS, Draft
from policybook.exchange.losses import Losses, refusal
from policybook.exchange.options import Options
from policybook.exchange.refi_file import Case, Code, Project, Selection, Source
from policybook.exchange.refi_in import suite_of
from policybook.exchange.selectors import Part, parts, resolved
from policybook.material import CODEBOOK

_READ = {"@context", "id", "type", "motivation", "body", "bodyValue", "target", "creator", "created",
         "modified", ID, TABLE}  # fmt: skip
"""What is read of an annotation."""

_NOT_TAGS = ("commenting", "replying", "describing", "editing", "questioning", "assessing")
"""Purposes of a body that is a remark and no code."""


def read(path: Path, options: Options) -> Draft:
    """Return the draft of a suite from Web Annotations. Raises `ExchangeError` where there are none."""
    losses = Losses()
    page = jsonfile.read(path)
    items = [item for item in _items(page) if isinstance(item, dict)]
    head = page if isinstance(page, dict) else {}
    if not items and FACTS not in head:
        hint = "A file of Web Annotations has `items`, or is a list of annotations."
        raise refusal(path.name, "no-annotations", "holds no annotation", hint=hint)
    if beyond := [key for key in ("next", "last") if _further(head, key)]:
        losses.dropped(path.name, f"further pages, named by `{beyond[0]}`: one page is read")
    label = head.get("label")
    reading = _Reading(path, Project(label if isinstance(label, str) else path.stem), losses)
    for facts in _listed(head.get(FACTS)):
        reading.facts(facts)
    for number, item in enumerate(items, start=1):
        reading.annotation(item, number)
    reading.place()
    return suite_of(path, options, losses, reading.project, _codebook(path.parent, losses))


def _listed(value: object) -> list[Any]:
    """Return what may be one thing or a list of things as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _items(page: object) -> list[Any]:
    """Return the annotations of a page, of a collection's first page, of a list, or a single one."""
    if not isinstance(page, dict):
        return _listed(page)
    if "items" in page:
        return _listed(page["items"])
    first = page.get("first")
    return (
        _listed(first.get("items"))
        if isinstance(first, dict)
        else [page]
        if "target" in page
        else []
    )


def _further(head: Mapping[str, Any], key: str) -> bool:
    """Tell whether a page, or the first one of a collection, says that others follow."""
    first = head.get("first")
    page = first if isinstance(first, dict) else head
    return bool(page.get(key) or head.get(key)) and head.get(key) != page.get("id")


def _codebook(folder: Path, losses: Losses) -> Codebook | None:
    """Return the codebook beside the annotations, None where there is none."""
    path = folder / CODEBOOK
    if path.is_symlink() or not path.is_file():
        return None
    found = codebook.read(path)
    if missing := book.lacks(found):
        losses.dropped(CODEBOOK, f"the file beside the annotations cannot be used: {missing}")
        return None
    return found


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|urn:")


@dataclass
class _Reading:
    """Annotations on their way into the parts of a project."""

    path: Path
    project: Project
    losses: Losses
    sources: dict[str, Source | None] = field(default_factory=dict)
    passages: dict[str, list[tuple[Part, Selection]]] = field(default_factory=dict)

    def facts(self, facts: object) -> None:
        """Note what is said of an article."""
        said = (
            {k: v for k, v in facts.items() if isinstance(v, str)}
            if isinstance(facts, dict)
            else {}
        )
        source = self._source(said.pop("source", ""))
        if source:
            source.name = said.pop("title", source.name)
            source.facts = {f"{refi.FACT}{key}": value for key, value in said.items()}
            note = source.facts.pop(f"{refi.FACT}note", "")
            source.about = note

    def _source(self, address: str) -> Source | None:
        """Return the source behind an address, None where no text of it stands beside the file."""
        if address not in self.sources:
            name, text = address.rpartition("/")[2], self._text(address)
            guid = refi.guid(self.project.name, "source", address)
            found = None if text is None else Source(guid, name, text, "", "", counted=True)
            self.sources[address] = found
            if found:
                self.project.sources.append(found)
        return self.sources[address]

    def _text(self, address: str) -> str | None:
        """Return the text of a source: a file of a bare name in `sources`, and no other file."""
        name = unquote(address.rpartition("/")[2])
        path = self.path.parent / SOURCES / name
        if not is_bare_name(name) or path.is_symlink() or not path.is_file():
            return None
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")
        if text.encode() != data:
            what = "it is not UTF-8: what is unreadable became U+FFFD"
            self.losses.changed(f"{SOURCES}/{name}", what)
        return text

    def annotation(self, item: Mapping[str, Any], number: int) -> None:
        """Read one annotation: its passage, its codes and its remarks."""
        own = item.get(ID) if isinstance(item.get(ID), str) else ""
        origin = own or str(item.get("id") or f"annotation {number}")
        found = list(self._parts(item.get("target"), origin))
        self._unread(item, origin)
        if not found:
            return
        said = _Said(self, origin, diagnosis=item.get(TABLE) == "diagnoses")
        motivation = str(item.get("motivation") or "")
        for body in _listed(item.get("body")):
            said.body(body, motivation)
        for body in _listed(item.get("bodyValue")):
            said.body(body, motivation, words=True)
        user = self._user(item)
        targets = []
        for place, part in enumerate(found):
            last = "quote" if not place else f"quote {place + 1}"
            guid = refi.guid(self.project.name, "selection", own or f"{number}", last)
            selection = Selection(
                guid, origin, (0, 0), user, tuple(said.codes), tuple(said.notes), ""
            )
            self.passages.setdefault(part.source, []).append((part, selection))
            targets.append(guid)
        targets += [self._other(origin, user, name, one) for name, one in said.parts]
        if own:
            self.project.cases.append(Case(origin, said.facts, tuple(targets)))
        elif said.facts:
            what = f"what it says of {', '.join(said.facts)}"
            self.losses.dropped(ROWS, what, row=origin)
        made = str(item.get("modified") or item.get("created") or "")[:10]
        self.project.modified = max(self.project.modified, made)

    def _parts(self, target: object, origin: str) -> Iterator[Part]:
        """Yield the passages of a target whose text is there, naming those that are not."""
        for one in _listed(target) or [None]:
            part = next(parts(one), None)
            if part and self._source(part.source):
                yield part
                continue
            source = part.source if part else "nothing that is words of a text"
            what = f"it points to {source}, of which no text stands in {SOURCES}/"
            self.losses.dropped(ROWS, what, row=origin)

    def _unread(self, item: Mapping[str, Any], origin: str) -> None:
        """Name what an annotation says that no row can hold."""
        if more := sorted(str(key)[:40] for key in item if key not in _READ):
            self.losses.dropped(ROWS, f"what it says of {', '.join(more)}", row=origin)

    def _other(self, origin: str, user: str, column: str, part: Part) -> str:
        """Add the passage of another column than the quotation and return its GUID."""
        guid = refi.guid(self.project.name, "selection", origin, column)
        selection = Selection(guid, origin, (0, 0), user, (self.code(column, ""),), (), "")
        if self._source(part.source):
            self.passages.setdefault(part.source, []).append((part, selection))
        return guid

    def _user(self, item: Mapping[str, Any]) -> str:
        """Return the key of whoever made an annotation; software says that it is a machine."""
        creator = next((one for one in _listed(item.get("creator"))), "")
        known: Mapping[str, Any] = creator if isinstance(creator, dict) else {"name": creator}
        name = str(known.get("name") or known.get("nickname") or known.get("id") or "")
        if not name:
            return ""
        shown = f"{name}{MACHINE if known.get('type') == 'Software' else ''}"
        self.project.users.setdefault(name.lower(), (shown, str(known.get("nickname") or "")))
        return name.lower()

    def code(self, column: str, value: str, *, words: str = "") -> str:
        """Return the GUID of a code, adding it at its first use; `words` are those of a free tag."""
        key = refi.guid(self.project.name, "code", column, *([value] if value else []))
        above = (column,) if value and column else ()
        code = Code(
            key, words or value or column, f"Id: {value}" if value else "", above, codable=True
        )
        self.project.codes.setdefault(key, code)
        return key

    def place(self) -> None:
        """Find the places of all passages, source by source."""
        for address, passages in self.passages.items():
            source = self._source(address)
            if source:
                found = resolved(source.text or "", passages, self.losses)
                source.selections.extend(found)


@dataclass
class _Said:
    """What the bodies of one annotation say."""

    to: _Reading
    origin: str
    diagnosis: bool
    codes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, Part]] = field(default_factory=list)

    def body(self, body: object, motivation: str, *, words: bool = False) -> None:
        """Read one body; a plain text is an address, unless it is the annotation's `bodyValue`."""
        if isinstance(body, str) and not words and _ADDRESS.match(body):
            self.to.losses.dropped(ROWS, f"a body at {body}, which is not fetched", row=self.origin)
            return
        entry: Mapping[str, Any] = body if isinstance(body, dict) else {"value": body}
        column, value = entry.get(COLUMN), entry.get("value")
        purpose = str(entry.get("purpose") or motivation)
        if isinstance(column, str) and "selector" in entry:
            self.parts += [(column, one) for one in list(parts(entry))[:1]]
        elif not isinstance(value, str) or not value.strip():
            what = f"a body of the type {entry.get('type', 'unknown')}, which holds no text"
            self.to.losses.dropped(ROWS, what, row=self.origin)
        elif isinstance(column, str):
            self._cell(column, value)
        elif purpose in _NOT_TAGS:
            self._note(value)
        else:
            self.codes.append(self._tag(value.strip()))

    def _cell(self, column: str, value: str) -> None:
        """Take a body that says which column it fills."""
        if column in refi.coded(book.template().columns["recommendations"]):
            own = refi.DIAGNOSIS if self.diagnosis and column == "instrument" else column
            self.codes.append(self.to.code(own, value))
        elif column == "note":
            self._note(value)
        else:
            self.facts[column] = value

    def _tag(self, tag: str) -> str:
        """Return the code of a free tag: `column:value`, else an instrument."""
        head, _, value = tag.partition(":")
        columns = refi.coded(book.template().columns["recommendations"]).values()
        for column in columns:
            if value.strip() and head.strip().casefold() in {column.name, column.label.casefold()}:
                return self.to.code(column.name, value.strip())
        key = self.to.code("", tag, words=tag)
        self.to.project.codes[key] = Code(key, tag, "", (), codable=True)
        return key

    def _note(self, words: str) -> None:
        """Add a remark."""
        key = refi.guid(self.to.project.name, "note", self.origin, str(len(self.to.project.notes)))
        self.to.project.notes[key] = ("", words)
        self.notes.append(key)
