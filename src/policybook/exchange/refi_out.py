"""Export a suite as a REFI-QDA project (.qdpx) or codebook (.qdc).

A row is a case: its passage, coded in every column of codes, and its other cells as variables.
The surprising rule: an empty cell is no code; what it means by default stands in the codebook,
which travels whole as a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from policybook.codebook import Column
from policybook.exchange import refi
from policybook.exchange.archive import packed
from policybook.exchange.draft import ARTICLES, DIAGNOSES, MACHINE, NO_DAY, ROWS
from policybook.exchange.held import Held, Passage
from policybook.exchange.markup import HEAD, element, text
from policybook.material import CODEBOOK
from policybook.tables import split

Part = tuple[str, str]
"""A column and a value of it."""


def export_qdc(held: Held) -> bytes:
    """Return the codebook as a .qdc file: a code for each value, beneath one for its column."""
    held.leave("a codebook file holds codes only", but=(CODEBOOK,))
    for name in ("codebook", "changelog", "unit", "column", "relation", "referent", "event"):
        if name in held.book.data:
            held.losses.dropped(CODEBOOK, "a codebook file holds codes only", row=name)
    what = "an example quotes a row, and no row travels"
    held.losses.dropped(CODEBOOK, what, column="example")
    columns = refi.coded(held.book.columns["recommendations"]).values()
    coded = {column.values for column in columns}
    for vocabulary, values in held.book.vocabularies.items():
        for value in values.values():
            if vocabulary not in coded:
                what = "no column of the recommendations has it"
                held.losses.dropped(CODEBOOK, what, row=f"{vocabulary}.{value.id}")
                continue
            for key in value.extra:
                what = f"`{key}`: a code has a name and a description"
                held.losses.dropped(CODEBOOK, what, row=f"{vocabulary}.{value.id}", column=key)
    space = {"xmlns": refi.CODEBOOK_SPACE, "origin": "policybook"}
    codes = element("Codes", {}, _Codes(held).all())
    return f"{HEAD}{element('CodeBook', space, [codes])}\n".encode()


def export_qdpx(held: Held) -> bytes:
    """Return a project: the articles as sources, their rows as coded passages and cases."""
    held.leave("only the settled rows travel", but=(ROWS, DIAGNOSES, ARTICLES, "seeds", CODEBOOK))
    held.make_lawful()
    project = _Project(held)
    sources = {
        f"sources/{project.guid('source', name)}.txt": words.encode()
        for name, words in held.texts.items()
    }
    return packed({"project.qde": project.document().encode(), **sources})


@dataclass
class _Codes:
    """The codes of a suite: a parent for each column, a child for each value."""

    held: Held

    def guid(self, *what: str) -> str:
        """Return the GUID of something in this suite."""
        return refi.guid(self.held.name, *what)

    def all(self) -> Iterator[str]:
        """Yield the code of every column with those of its values."""
        columns = self.held.book.columns["recommendations"]
        for column in refi.coded(columns).values():
            yield self._parent(column.name, column, codable=False)
        for column in refi.quoted(columns).values():
            yield self._parent(column.name, column, codable=True)
        if instrument := self.held.book.columns["diagnoses"].get("instrument"):
            named = Column(refi.DIAGNOSIS, "Diagnosis", instrument.definition, values="instrument")
            yield self._parent(refi.DIAGNOSIS, named, codable=False)

    def _parent(self, name: str, column: Column, *, codable: bool) -> str:
        """Return the code of a column, with those of its values beneath it."""
        values = self.held.book.values(column.values) if not codable else {}
        inside = [*self._about(refi.description(column))]
        for value in values.values():
            said = {
                "guid": self.guid("code", name, value.id),
                "name": value.label,
                "isCodable": "true",
            }
            inside.append(element("Code", said, [*self._about(refi.description(value))]))
        told = {"guid": self.guid("code", name), "name": column.label}
        return element("Code", {**told, "isCodable": str(codable).lower()}, inside)

    def _about(self, words: str) -> Iterator[str]:
        """Yield a description, if there is one."""
        if words:
            yield element("Description", {}, text(words))


@dataclass
class _Project:
    """A suite on its way into one .qde document."""

    held: Held
    notes: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)

    def guid(self, *what: str) -> str:
        """Return the GUID of something in this suite."""
        return refi.guid(self.held.name, *what)

    def document(self) -> str:
        """Return the project as XML, its parts in the order of the schema."""
        self._note("codebook", CODEBOOK, self.held.book.text)
        sources = [self._source(name, facts) for name, facts in self.held.articles.items()]
        variables = [
            element("Variable", {"guid": key, "name": name, "typeOfVariable": "Text"})
            for name, key in self.variables.items()
        ]
        days = [facts["coded_on"] for facts in self.held.articles.values() if facts.get("coded_on")]
        parts = (
            ("Users", self._users()),
            ("CodeBook", [element("Codes", {}, _Codes(self.held).all())]),
            ("Variables", variables),
            ("Cases", self.cases),
            ("Sources", sources),
            ("Notes", self.notes),
        )
        said = {
            "xmlns": refi.PROJECT_SPACE,
            "name": self.held.name,
            "origin": "policybook",
            "creationDateTime": f"{max(days, default=NO_DAY)}T00:00:00Z",
        }
        body = [element(name, {}, inside) for name, inside in parts if inside]
        return f"{HEAD}{element('Project', said, body)}\n"

    def _users(self) -> list[str]:
        """Return the coders as users; a machine's name says so."""
        return [
            element("User", {
                "guid": self.guid("user", coder.id),
                "name": f"{coder.label}{MACHINE if coder.extra.get('kind') == 'machine' else ''}",
                "id": coder.id,
            })
            for coder in self.held.book.values("coder").values()
        ]  # fmt: skip

    def _note(self, key: str, name: str, words: str) -> str:
        """Add a note and return what refers to it."""
        name_of = self.guid("note", key)
        content = element("PlainTextContent", {}, text(words))
        self.notes.append(element("Note", {"guid": name_of, "name": name}, [content]))
        return element("NoteRef", {"targetGUID": name_of})

    def _values(self, cells: Mapping[str, str]) -> list[str]:
        """Return cells as values of variables, declaring each variable at its first use."""
        found = []
        for name, value in cells.items():
            key = self.variables.setdefault(name, self.guid("variable", name))
            inside = [
                element("VariableRef", {"targetGUID": key}),
                element("TextValue", {}, text(value)),
            ]
            found.append(element("VariableValue", {}, inside))
        return found

    def _source(self, name: str, facts: Mapping[str, str]) -> str:
        """Return an article as a source with its coded passages."""
        inside = []
        for file in (ROWS, DIAGNOSES):
            for row in self.held.tables.get(file, ()):
                if row.cells["article"] == name:
                    inside += _Row(self, file, row).selections()
        note = facts.get("note", "")
        if note:
            inside.append(self._note(f"{ARTICLES}:{name}", name, note))
        known = {f"{refi.FACT}{k}": v for k, v in facts.items() if v and k not in {"title", "note"}}
        inside += self._values(known)
        key = self.guid("source", name)
        said = {"guid": key, "name": facts["title"], "plainTextPath": f"internal://{key}.txt"}
        return element("TextSource", {**said, **self.made(name, facts.get("coder", ""))}, inside)

    def made(self, article: str, coder: str) -> dict[str, str | None]:
        """Return who made something and when, as far as it is known."""
        day = self.held.articles[article].get("coded_on", "")
        return {
            "creatingUser": self.guid("user", coder) if coder else None,
            "creationDateTime": f"{day}T00:00:00Z" if day else None,
        }


@dataclass
class _Row:
    """One row on its way to passages, codings and a case."""

    project: _Project
    file: str
    row: Passage

    @property
    def name(self) -> str:
        """The id of the row."""
        return self.row.cells["id"].strip()

    @property
    def columns(self) -> Mapping[str, Column]:
        """The columns of the row's table."""
        kind = "recommendations" if self.file == ROWS else "diagnoses"
        return self.project.held.book.columns[kind]

    def selections(self) -> list[str]:
        """Return the passages of the row: its quotation, then those of its other columns."""
        spans = self.row.spans
        if "quote" not in spans:
            what = "a draft whose quotation stands nowhere"
            self.project.held.losses.dropped(self.file, what, row=self.name)
            return []
        held = [name for name in ("quote", *refi.quoted(self.columns)) if name in spans]
        self._case(held)
        return [self._selection(name) for name in held]

    def _selection(self, column: str) -> str:
        """Return one passage with its codings and, for the quotation, the note."""
        start, end = self.row.spans[column]
        parts = list(self._parts()) if column == "quote" else [(column, "")]
        inside = [self._coding(column, name, value) for name, value in parts]
        note = self.row.cells.get("note", "")
        if column == "quote" and note:
            inside.append(self.project._note(f"{self.file}:{self.name}", self.name, note))  # noqa: SLF001  (one family)
        said: dict[str, object] = {
            "guid": self.project.guid("selection", self.name, column),
            "name": self.name if column == "quote" else f"{self.name} {column}",
            "startPosition": start,
            "endPosition": end,
        }
        return element("PlainTextSelection", {**said, **self._made()}, inside)

    def _parts(self) -> Iterator[Part]:
        """Yield the codes of the row: each value of each column of codes."""
        for name in refi.coded(self.columns):
            own = refi.DIAGNOSIS if self.file == DIAGNOSES and name == "instrument" else name
            for value in split(self.row.cells.get(name, "")):
                yield own, value

    def _coding(self, passage: str, column: str, value: str) -> str:
        """Return one coding."""
        key = self.project.guid("code", column, *([value] if value else []))
        said = {"guid": self.project.guid("coding", self.name, passage, column, value)}
        return element(
            "Coding", {**said, **self._made()}, [element("CodeRef", {"targetGUID": key})]
        )

    def _made(self) -> dict[str, str | None]:
        """Return who coded the row and when."""
        return self.project.made(self.row.cells["article"], self.project.held.coder(self.row.cells))

    def _case(self, held: Iterable[str]) -> None:
        """Add the row as a case: its passages, and the cells that are no codes."""
        cells = {n: self.row.cells.get(n, "") for n in self.columns}
        text_of = self.project.held.texts[self.row.cells["article"]]
        for column in held:
            start, end = self.row.spans[column]
            if " ".join(text_of[start:end].split()) == cells[column]:
                cells[column] = ""  # the passage itself says it
        no_variables = {*refi.coded(self.columns), "id", "article", "note"}
        known = {n: v for n, v in cells.items() if v and n not in no_variables}
        inside = self.project._values(known)  # noqa: SLF001  (one family)
        for column in held:
            target = self.project.guid("selection", self.name, column)
            inside.append(element("SelectionRef", {"targetGUID": target}))
        said = {"guid": self.project.guid("case", self.name), "name": self.name}
        self.project.cases.append(element("Case", said, inside))
