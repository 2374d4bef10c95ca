"""Read a REFI-QDA project or codebook into plain parts, whatever else it holds.

Namespaces, unknown elements and the order of things do not matter.
The surprising rule: a GUID that is there twice means the first that has it, and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.exchange import markup
from policybook.exchange.archive import LARGEST_MEMBER, Archive
from policybook.exchange.draft import number
from policybook.exchange.losses import Losses, refusal
from policybook.problems import count

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DEEPEST = 100
"""Codes within codes, as far as they are followed."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code: its name, what is said of it, and the names of those above it."""

    guid: str
    name: str
    about: str
    above: tuple[str, ...]
    codable: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage: where it says it is, who made it, the GUIDs of its codes and notes."""

    guid: str
    name: str
    span: tuple[int, int]
    user: str
    codes: tuple[str, ...]
    notes: tuple[str, ...]
    about: str


@dataclass(slots=True)
class Source:
    """A text: its words, None where they cannot be read, and what is known of it."""

    guid: str
    name: str
    text: str | None
    user: str
    created: str
    about: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    selections: list[Selection] = field(default_factory=list)
    counted: bool = False
    """Whether places are known to be code points, so that nothing has to be guessed."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its name, its variables, the GUIDs of its passages."""

    name: str
    facts: dict[str, str]
    selections: tuple[str, ...]


@dataclass(slots=True)
class Project:
    """The parts of a project or a codebook; `modified` is the last day anything was done."""

    name: str
    users: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    notes: dict[str, tuple[str, str]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    referred: set[str] = field(default_factory=set)
    """The notes that codes have."""
    modified: str = ""
    root: Element | None = None
    """The document itself, of which what is not read is named."""


def codebook(path: Path, losses: Losses) -> Project:
    """Return the codes of a .qdc file. Raises `ExchangeError` where it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_MEMBER + 1)
    except OSError as error:
        raise refusal(path.name, "unreadable", f"cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_MEMBER:
        raise refusal(path.name, "too-large", f"has more than {LARGEST_MEMBER:,} bytes")
    root = markup.parse(data, name=path.name)
    if not list(named(root, "Codes")):
        hint = "A .qdc file holds <CodeBook><Codes>…; is it the right file?"
        raise refusal(path.name, "no-codebook", "holds no codebook", hint=hint)
    found = Project(path.stem)
    _Reader(found, losses, None, path.name).codes(root)
    return found


def project(path: Path, losses: Losses) -> Project:
    """Return the parts of a .qdpx file. Raises `ExchangeError` where it is none."""
    archive = Archive(path, losses)
    documents = [name for name in archive.names() if _is_project(name)]
    if len(documents) != 1:
        hint = "A project is an archive with one .qde file in it."
        message = f"holds {count(len(documents), 'project')}"
        raise refusal(path.name, "no-project", message, hint=hint)
    root = markup.parse(archive.read(documents[0]) or b"", name=f"{path.name}/{documents[0]}")
    found = Project(root.get("name") or path.stem)
    reader = _Reader(found, losses, archive, path.name)
    reader.all(root)
    return found


def _is_project(name: str) -> bool:
    """Tell whether a member is a project, and not what macOS puts beside one in an archive."""
    beside = name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")
    return name.lower().endswith(".qde") and not beside


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(root: Element, *names: str) -> Iterator[Element]:
    """Yield every element of some names, wherever it stands."""
    return (element for element in root.iter() if local(element) in names)


def child(element: Element, name: str) -> str:
    """Return the words of a child element, empty where there is none."""
    return next((one.text or "" for one in element if local(one) == name), "")


class _Reader:
    """A document on its way into a project."""

    def __init__(self, found: Project, losses: Losses, archive: Archive | None, file: str) -> None:
        """Keep where things go."""
        self.found, self.losses, self.archive, self.file = found, losses, archive, file
        self.variables: dict[str, str] = {}
        self.seen: set[str] = set()

    def all(self, root: Element) -> None:
        """Read everything that has words."""
        for user in named(root, "User"):
            name = user.get("name") or user.get("id") or "unnamed"
            self.found.users.setdefault(_guid(user), (name, user.get("id") or ""))
        for variable in named(root, "Variable"):
            self.variables.setdefault(_guid(variable), variable.get("name") or "")
        for note in named(root, "Note"):
            words = self._text(note, "the note") or ""
            self.found.notes.setdefault(_guid(note), (note.get("name") or "", words))
        self.codes(root)
        for source in named(root, "TextSource", "PDFSource"):
            self._source(source)
        for case in named(root, "Case"):
            refs = tuple(target(one) for one in case if local(one) == "SelectionRef")
            self.found.cases.append(Case(case.get("name") or "", self._facts(case), refs))
        self.found.root = root
        moments = (
            one.get("modifiedDateTime") or one.get("creationDateTime") for one in root.iter()
        )
        self.found.modified = max((m[:10] for m in moments if m), default="")

    def codes(self, root: Element) -> None:
        """Read the codes, those within others after them."""
        top = [code for codes in named(root, "Codes") for code in codes if local(code) == "Code"]
        waiting: list[tuple[Element, tuple[str, ...]]] = [(code, ()) for code in reversed(top)]
        while waiting:
            element, above = waiting.pop()
            name = (element.get("name") or "").strip() or "unnamed"
            guid = _guid(element)
            if guid in self.found.codes:
                what = f"the GUID of the code “{name}” is there twice: the first is meant"
                self.losses.dropped(self.file, what, row=guid)
            codable = element.get("isCodable", "true") != "false"
            code = Code(guid, name, self._about(element), above, codable)
            self.found.codes.setdefault(guid, code)
            inner = [one for one in element if local(one) == "Code"]
            if len(above) >= DEEPEST and inner:
                what = f"codes more than {DEEPEST} deep, beneath “{name}”"
                self.losses.dropped(self.file, what, row=guid)
                continue
            waiting += [(one, (*above, name)) for one in reversed(inner)]

    def _about(self, element: Element) -> str:
        """Return what is said of a code: its description, then its notes."""
        refs = [target(one) for one in element if local(one) == "NoteRef"]
        self.found.referred.update(refs)
        notes = [self.found.notes[one][1] for one in refs if one in self.found.notes]
        return "\n\n".join(filter(None, [child(element, "Description"), *notes]))

    def _source(self, element: Element) -> None:
        """Read one source with its passages."""
        if local(element) == "PDFSource":
            inner = next((one for one in element if local(one) == "Representation"), None)
            if inner is None:
                what = "a PDF without a text beside it: its codings have no readable text"
                self.losses.dropped(self.file, what, row=element.get("name") or _guid(element))
                return
        else:
            inner = element
        name = element.get("name") or inner.get("name") or ""
        self._twice(element, "source")
        source = Source(
            _guid(element),
            name,
            self._text(inner, f"the source “{name}”"),
            element.get("creatingUser") or "",
            (element.get("creationDateTime") or "")[:10],
            child(element, "Description"),
            self._facts(element),
            tuple(target(one) for one in element if local(one) == "NoteRef"),
        )
        found = [one for one in inner if local(one) == "PlainTextSelection"]
        source.selections = [self._selection(one) for one in found]
        self.found.sources.append(source)

    def _twice(self, element: Element, what: str) -> None:
        """Name a GUID that something else had before."""
        guid = _guid(element)
        if guid in self.seen:
            said = f"the GUID of a {what} is there twice: what refers to it means the first"
            self.losses.guessed(self.file, said, row=guid)
        self.seen.add(guid)

    def _selection(self, element: Element) -> Selection:
        """Read one passage."""
        self._twice(element, "passage")
        codings = [one for one in element if local(one) == "Coding"]
        users = [one.get("creatingUser") or "" for one in codings] + [
            element.get("creatingUser") or ""
        ]
        refs = [ref for one in (element, *codings) for ref in one if local(ref) == "NoteRef"]
        codes = [ref for one in codings for ref in one if local(ref) == "CodeRef"]
        span = number(element.get("startPosition")), number(element.get("endPosition"))
        return Selection(
            _guid(element),
            element.get("name") or "",
            span,
            next(filter(None, users), ""),
            tuple(map(target, codes)),
            tuple(map(target, refs)),
            child(element, "Description"),
        )

    def _facts(self, element: Element) -> dict[str, str]:
        """Return the values of variables by the variables' names."""
        facts: dict[str, str] = {}
        for value in element:
            if local(value) == "VariableValue":
                keys = [target(one) for one in value if local(one) == "VariableRef"]
                words = [one.text or "" for one in value if local(one) != "VariableRef"]
                if keys and words and self.variables.get(keys[0]):
                    facts[self.variables[keys[0]]] = words[0]
        return facts

    def _text(self, element: Element, what: str) -> str | None:
        """Return the words of a source or a note, None where they are nowhere to be read."""
        for inner in element:
            if local(inner) == "PlainTextContent":
                return inner.text or ""
        path = element.get("plainTextPath") or ""
        data = self._member(path)
        if data is None:
            why = f"“{path}” is not in the file" if path else "no plain text is in the file"
            self.losses.dropped(self.file, f"the words of {what}: {why}", row=_guid(element))
            return None
        if data.startswith(b"\xef\xbb\xbf"):
            self.losses.changed(self.file, f"{what} lost its byte-order mark", row=_guid(element))
        words = data.decode("utf-8-sig", "replace")
        if "\ufffd" in words and words.encode() != data.removeprefix(b"\xef\xbb\xbf"):
            said = f"{what} is not UTF-8: what is unreadable became U+FFFD"
            self.losses.changed(self.file, said, row=_guid(element))
        return words

    def _member(self, path: str) -> bytes | None:
        """Return the bytes behind a plain-text path, with `internal://` or without."""
        name = path.partition("://")[2] or path
        if self.archive is None or not name:
            return None
        return next(
            (d for one in (f"sources/{name}", name) if (d := self.archive.read(one)) is not None),
            None,
        )


def _guid(element: Element) -> str:
    """Return the GUID of an element, in small letters and without braces."""
    return (element.get("guid") or "").strip("{} ").lower()


def target(element: Element) -> str:
    """Return the GUID an element refers to."""
    return (element.get("targetGUID") or "").strip("{} ").lower()
