"""Turn the statements of a .dna file into rows: values into codes, places into spans.

The surprising rule: what a statement says in variables that fill no column is kept in its note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policybook.codebook import Column
from policybook.exchange import offsets
from policybook.exchange.dna_file import Cell, Tables
from policybook.exchange.draft import DIAGNOSES, ROWS, Coded, Draft, number, plain, side
from policybook.tables import OWN_VOICES, SEPARATOR, split

OWN_ID = "policybook id"
"""The attribute in which an export keeps the id of an actor or an instrument."""

_CODES = ("code", "codes")


@dataclass(slots=True)
class StatementType:
    """A type of statement: its variables by name, and which of them fill which column.

    A variable has its key and its data type; `file` and `columns` are those of the table it fills.
    """

    key: Cell
    label: str
    variables: dict[str, tuple[Cell, str]] = field(default_factory=dict)
    fills: dict[str, list[str]] = field(default_factory=dict)
    file: str = ROWS
    columns: Mapping[str, Column] = field(default_factory=dict)


class Reading:
    """The statements of a file on their way into a draft, whose articles stand already."""

    def __init__(self, draft: Draft, tables: Tables, articles: Mapping[Cell, str]) -> None:
        """Look up what statements point to."""
        self.draft, self.tables, self.articles = draft, tables, articles
        self.coders = {key: plain(name) for key, name in tables.rows.get("CODERS", ())}
        self.values = {key: plain(value) for key, _, value in tables.rows["ENTITIES"]}
        self.attributes = self._attributes()

    def _attributes(self) -> dict[tuple[Cell, str], dict[str, str]]:
        """Return what the file says of its entities, by their variable and value."""
        names = {key: plain(n) for key, _, n in self.tables.rows.get("ATTRIBUTEVARIABLES", ())}
        said: dict[Cell, dict[str, str]] = {}
        for entity, variable, value in self.tables.rows.get("ATTRIBUTEVALUES", ()):
            if variable in names and plain(value):
                said.setdefault(entity, {})[names[variable]] = plain(value)
        entities = self.tables.rows["ENTITIES"]
        return {(variable, plain(value)): said.get(key, {}) for key, variable, value in entities}

    def declare(self, kind: StatementType) -> None:
        """Define the values of a type's variables in the order of the file, used or not."""
        columns = {kind.variables[v][0]: (n, v) for n, some in kind.fills.items() for v in some}
        for _, variable, value in self.tables.rows["ENTITIES"]:
            if variable in columns and plain(value):
                name, known = columns[variable]
                self._cell(kind, name, known, plain(value))

    def unmapped(self, kinds: Iterable[StatementType]) -> None:
        """Name what the file says of values that fill no column of codes: nothing holds it."""
        held = {kind.variables[v][0] for kind in kinds for n, some in kind.fills.items()
                if kind.columns[n].kind in _CODES and n != "stance" for v in some}  # fmt: skip
        for (variable, value), said in self.attributes.items():
            if said and variable not in held:
                what = f"what is said of it: {'; '.join(f'{k}: {v}' for k, v in said.items())}"
                self.draft.losses.dropped(self.draft.file, what, row=value)

    def statements(self, kind: StatementType) -> None:
        """Add the statements of a type as rows."""
        data = self._data(kind)
        by_document: dict[Cell, list[tuple[Cell, ...]]] = {}
        for row in self.tables.rows["STATEMENTS"]:
            if row[1] == kind.key:
                by_document.setdefault(row[2], []).append(row)
        for document, rows in by_document.items():
            if document in self.articles:
                self._document(kind, self.articles[document], rows, data)
                continue
            for row in rows:
                what = f"its document {document} is not in the file"
                self.draft.losses.dropped(kind.file, what, row=f"statement {row[0]}")

    def _data(self, kind: StatementType) -> dict[Cell, dict[str, str]]:
        """Return the values of each statement of a type by the variable's name."""
        names = {key: name for name, (key, _) in kind.variables.items()}
        found: dict[Cell, dict[str, str]] = {}
        for table in ("DATASHORTTEXT", "DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER"):
            short = table == "DATASHORTTEXT"
            for statement, variable, value in self.tables.rows[table]:
                if variable in names:
                    text = self.values.get(value, "") if short else plain(value)
                    found.setdefault(statement, {})[names[variable]] = text
        return found

    def _document(
        self,
        kind: StatementType,
        article: str,
        rows: list[tuple[Cell, ...]],
        data: Mapping[Cell, dict[str, str]],
    ) -> None:
        """Add the statements of one document."""
        spans = [(number(row[3]), number(row[4])) for row in rows]
        text = self.draft.texts[article]
        read = offsets.read(text, spans, default=offsets.UTF_16)
        if not read.certain:
            what = f"places can be counted in several ways here; they were read as {read.how}"
            self.draft.losses.guessed(kind.file, what, row=article, column="quote")
        kept = self.draft.diagnoses if kind.file == DIAGNOSES else self.draft.rows
        for row, span, said in zip(rows, read.spans, spans, strict=True):
            values = data.get(row[0], {})
            origin = values.get("id") or f"statement {row[0]}"
            if span is None:
                what = f"{said[0]}-{said[1]} is no place in the text of {len(text):,} characters"
                self.draft.losses.dropped(kind.file, what, row=origin)
                continue
            coded = Coded({"article": article}, {"quote": span}, origin)
            coder = self.draft.coder(self.coders.get(row[5]) or f"coder {plain(row[5])}")
            if self._fill(kind, coded, values, coder):
                kept.append(coded)

    def _fill(
        self, kind: StatementType, coded: Coded, values: Mapping[str, str], coder: str
    ) -> bool:
        """Fill the cells of a statement; False where it lacks what a row must have."""
        used: set[str] = set()
        for name, variables in kind.fills.items():
            variable = next((one for one in variables if values.get(one)), "")
            if variable:
                used.add(variable)
                coded.cells[name] = self._cell(kind, name, variable, values[variable])
        self._rest(kind, coded, {n: v for n, v in values.items() if v and n not in used})
        article = self.draft.articles[coded.cells["article"]]
        if "coder" not in coded.cells and article.get("coder") != coder:
            coded.cells["coder"] = coder
        if not coded.cells.get("instrument"):
            what = "the statement names no instrument"
            self.draft.losses.dropped(kind.file, what, row=coded.origin)
            return False
        return kind.file == DIAGNOSES or (self._stance(kind, coded) and self._voice(coded, article))

    def _cell(self, kind: StatementType, name: str, variable: str, value: str) -> str:
        """Return the cell of a column from the value of a variable."""
        column, key = kind.columns[name], kind.variables[variable][0]
        if name == "stance" or column.kind not in _CODES:
            return value
        words = split(value) if column.kind == "codes" else [value.strip()]
        ids = []
        for one in words:
            said = self.attributes.get((key, one), {})
            about = "; ".join(f"{what}: {is_}" for what, is_ in said.items() if what != OWN_ID)
            entry = {"definition": about} if about else {}
            own = said.get(OWN_ID) or (one if self.draft.own else "")  # an export writes ids
            ids.append(self.draft.value(column.values, one, wanted=own, **entry))
        return SEPARATOR.join(dict.fromkeys(ids))

    def _rest(self, kind: StatementType, coded: Coded, rest: Mapping[str, str]) -> None:
        """Keep in the note what fills no column."""
        if rest:
            words = "; ".join(f"{name}: {value}" for name, value in rest.items())
            note = coded.cells.get("note", "")
            coded.cells["note"] = f"{note}  {words}".strip()
            what = f"no column holds {', '.join(rest)}: the note says it"
            self.draft.losses.changed(kind.file, what, row=coded.origin, column="note")

    def _stance(self, kind: StatementType, coded: Coded) -> bool:
        """Turn agreement into a stance; False where the statement has none."""
        value = coded.cells.get("stance", "").strip()
        form = kind.variables[kind.fills["stance"][0]][1]
        if form in {"boolean", "integer"}:
            known = {True: "supports", False: "opposes"}.get(number(value) > 0)
            stance = known if form == "boolean" or number(value) else None
        else:
            stance = side(value)
        if value and stance:
            coded.cells["stance"] = stance
            return True
        what = f"“{value}” is neither for nor against" if value else "the statement takes no stance"
        self.draft.losses.dropped(ROWS, what, row=coded.origin)
        return False

    def _voice(self, coded: Coded, article: Mapping[str, str]) -> bool:
        """Say whose voice it is where the file does not; always True."""
        speaker = coded.cells.get("speaker", "")
        if "voice" not in coded.cells and coded.cells["article"] not in self.draft.own:
            own = speaker in {"", article.get("speaker")}
            coded.cells["voice"] = "author" if own else "reported"
            what = f"the file does not say whose voice it is: {coded.cells['voice']}"
            self.draft.losses.guessed(ROWS, what, row=coded.origin, column="voice")
        voice = coded.cells.get("voice") or "author"
        if voice in OWN_VOICES and speaker == article.get("speaker"):
            coded.cells["speaker"] = ""
        return True
