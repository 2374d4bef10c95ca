"""Turn the passages of a REFI-QDA project into rows.

The surprising rule: a passage with two codes for instruments is two rows, with everything else the
same, as two instruments in one sentence are two rows of any table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from policybook.exchange import offsets, refi
from policybook.exchange.draft import ROWS, Coded, Draft, side
from policybook.exchange.refi_codes import OTHER, Codes
from policybook.exchange.refi_file import Project, Selection, Source
from policybook.tables import OWN_VOICES, SEPARATOR

Span = tuple[int, int]


@dataclass(slots=True)
class Passage:
    """One place of an article, by one coder, with the codes and notes of all that stand there."""

    article: str
    span: Span
    user: str
    name: str
    codes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Rows:
    """The passages of a project on their way into a draft, whose articles stand already."""

    def __init__(
        self, draft: Draft, found: Project, codes: Codes, articles: Mapping[int, str]
    ) -> None:
        """Read every place as code points."""
        self.draft, self.found, self.codes = draft, found, codes
        self.passages: dict[str, Passage] = {}
        for source in found.sources:
            if id(source) in articles:
                self._places(source, articles[id(source)])

    def _places(self, source: Source, article: str) -> None:
        """Read the places of a source's passages."""
        text = self.draft.texts[article]
        spans = [selection.span for selection in source.selections]
        words = "" if source.counted else text
        read = offsets.read(words, spans, default=offsets.CODE_POINTS, length=len(text))
        if not read.certain:
            what = f"places can be counted in several ways here; they were read as {read.how}"
            self.draft.losses.guessed(ROWS, what, row=article, column="quote")
        for selection, span in zip(source.selections, read.spans, strict=True):
            origin = selection.name or selection.guid
            if span is None:
                what = f"{selection.span[0]}-{selection.span[1]} is no place in the text of {len(text):,} characters"
                self.draft.losses.dropped(ROWS, what, row=origin)
                continue
            user = selection.user or source.user
            passage = Passage(
                article, span, user, origin, list(selection.codes), self._notes(selection)
            )
            key = selection.guid
            while not key or key in self.passages:  # what refers to it means the first
                key = f"{selection.guid}#{len(self.passages)}"
            self.passages[key] = passage

    def _notes(self, selection: Selection) -> list[str]:
        """Return the notes of a passage and of its codings."""
        notes = [self.found.notes[one][1] for one in selection.notes if one in self.found.notes]
        return [*notes, *([selection.about] if selection.about else [])]

    def add(self) -> None:
        """Add the rows of a suite as they were, then every other passage as rows of its own."""
        left = dict(self.passages)
        for case in self.found.cases:
            quote = refi.guid(self.found.name, "selection", case.name, "quote")
            if quote in case.selections and quote in left:
                parts = [left.pop(guid) for guid in case.selections if guid in left]
                self._own(case.name, case.facts, parts)
            else:
                said = f" and its variables {', '.join(case.facts)}" if case.facts else ""
                what = f"the case{said}: a row is no case"
                self.draft.losses.dropped(self.draft.file, what, row=case.name)
        for passage in _merged(left.values()):
            self._foreign(passage)

    def _own(self, name: str, facts: Mapping[str, str], parts: list[Passage]) -> None:
        """Add a row of a suite as it was: its quotation first, then its other words."""
        quote = parts[0]
        cells = {"id": name, "article": quote.article, **facts}
        values = self._values(quote)
        if not _whole(values):
            what = "its codes were changed, so that it is one row no more: read as any passage"
            self.draft.losses.changed(ROWS, what, row=name)
            self._foreign(quote)
            return
        diagnosis = values.pop(refi.DIAGNOSIS, None)
        if diagnosis:
            values["instrument"] = diagnosis
        cells |= {column: self._joined(quote, column, ids) for column, ids in values.items()}
        if quote.notes:
            cells["note"] = "\n\n".join(quote.notes)
        spans = {"quote": quote.span}
        for part in parts[1:]:
            spans |= {
                column: part.span for column in self._values(part) if column in self.codes.quoted
            }
        coder = self._coder(quote)
        if coder and self.draft.articles[quote.article].get("coder") != coder:
            cells["coder"] = coder
        coded = Coded(cells, spans, name)
        (self.draft.diagnoses if diagnosis else self.draft.rows).append(coded)

    def _joined(self, passage: Passage, column: str, ids: list[str]) -> str:
        """Return the cell of a column: all of a list, the first where one can stand."""
        known = self.codes.coded.get(column)
        if known is not None and known.kind == "code":
            return self._one(passage, column, ids)
        return SEPARATOR.join(filter(None, ids))

    def _values(self, passage: Passage) -> dict[str, list[str]]:
        """Return the values of each column that a passage is coded with, in their order."""
        values: dict[str, list[str]] = {}
        for guid in passage.codes:
            column, value = self.codes.meanings.get(guid, OTHER)
            if column and value not in values.setdefault(column, []):
                values[column].append(value)
        return values

    def _coder(self, passage: Passage) -> str:
        """Return the coder of a passage, empty where the file names nobody."""
        user = passage.user.strip("{} ").lower()
        if user not in self.found.users:
            return ""
        name, known = self.found.users[user]
        return known if known in self.draft.base.values("coder") else self.draft.coder(name)

    def _foreign(self, passage: Passage) -> None:
        """Add the rows of a passage that no suite wrote."""
        values = self._values(passage)
        instruments = [one for one in values.pop("instrument", []) if one]
        diagnoses = [one for one in values.pop(refi.DIAGNOSIS, []) if one]
        self._others(passage)
        coder = self._coder(passage) or self._unnamed(passage)
        common = {"article": passage.article, "coder": coder}
        if passage.notes:
            common["note"] = "\n\n".join(passage.notes)
        for instrument in diagnoses:
            cells = {**common, "instrument": instrument}
            self.draft.diagnoses.append(Coded(cells, {"quote": passage.span}, passage.name))
        if not instruments and not diagnoses:
            names = [self.found.codes[c].name for c in passage.codes if c in self.found.codes]
            what = f"coded {', '.join(names) or 'with nothing'}, which names no instrument"
            self.draft.losses.dropped(ROWS, what, row=passage.name)
        speakers = values.pop("speaker", [""])
        if len(speakers) > 1 and instruments:
            what = f"{len(speakers)} speakers at one place: a row for each"
            self.draft.losses.guessed(ROWS, what, row=passage.name, column="speaker")
        for instrument in instruments:
            for speaker in speakers:
                cells = {**common, "instrument": instrument, "speaker": speaker}
                self._row(passage, cells, values)

    def _row(
        self, passage: Passage, cells: dict[str, str], values: Mapping[str, list[str]]
    ) -> None:
        """Add one row of a passage."""
        spans = {"quote": passage.span}
        for column, ids in values.items():
            if column in self.codes.quoted:
                spans[column] = passage.span
            else:
                cells[column] = self._joined(passage, column, [one for one in ids if one])
        coded = Coded(cells, spans, passage.name)
        if self._stance(coded):
            self._voice(coded)
            self.draft.rows.append(coded)

    def _one(self, passage: Passage, column: str, ids: list[str]) -> str:
        """Return the first value of a column that holds one, naming the others."""
        if len(ids) > 1 and column != "stance":
            what = f"coded {', '.join(ids)}, where one can stand: the first does"
            self.draft.losses.dropped(ROWS, what, row=passage.name, column=column)
        return SEPARATOR.join(ids) if column == "stance" else "".join(ids[:1])

    def _stance(self, coded: Coded) -> bool:
        """Say which side a row takes; False where it takes both, or none that is known."""
        words = coded.cells.get("stance", "")
        coded.cells["stance"] = side(words) or ("" if words else "supports")
        if not words:
            what = "the file does not say which side is taken: supports"
            self.draft.losses.guessed(ROWS, what, row=coded.origin, column="stance")
        elif not coded.cells["stance"]:
            what = f"“{words}” is neither for nor against, or both"
            self.draft.losses.dropped(ROWS, what, row=coded.origin)
        return bool(coded.cells["stance"])

    def _voice(self, coded: Coded) -> None:
        """Say whose voice it is where the file does not: a speaker's that is not the author."""
        speaker = coded.cells.get("speaker", "")
        own = speaker in {"", self.draft.articles[coded.cells["article"]].get("speaker")}
        if not coded.cells.get("voice"):
            coded.cells["voice"] = "author" if own else "reported"
            what = f"the file does not say whose voice it is: {coded.cells['voice']}"
            self.draft.losses.guessed(ROWS, what, row=coded.origin, column="voice")
        if coded.cells["voice"] in OWN_VOICES and own:
            coded.cells["speaker"] = ""

    def _others(self, passage: Passage) -> None:
        """Keep in the note the codes that a mapping leaves out."""
        known = self.codes.meanings
        names = [self.found.codes[c].name for c in passage.codes if known.get(c) == OTHER]
        if names:
            passage.notes.append(f"codes: {', '.join(names)}")
            what = f"the codes {', '.join(names)} fill no column: the note says them"
            self.draft.losses.changed(ROWS, what, row=passage.name, column="note")
        for code in passage.codes:
            if code not in known:
                what = f"a code {code or 'without a GUID'} that the file does not define"
                self.draft.losses.dropped(ROWS, what, row=passage.name)

    def _unnamed(self, passage: Passage) -> str:
        """Return the coder of a passage that nobody signed."""
        what = "the file does not say who coded: an unnamed coder"
        self.draft.losses.guessed(ROWS, what, row=passage.name, column="coder")
        return self.draft.coder("unnamed coder")


def _whole(values: Mapping[str, list[str]]) -> bool:
    """Tell whether the codes of a passage are those of one row: an instrument, and a side or none."""
    own, other = values.get("instrument", []), values.get(refi.DIAGNOSIS, [])
    sides = values.get("stance", [])
    return (len(own), len(other), len(sides)) in {(1, 0, 1), (0, 1, 0)}


def _merged(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Yield passages, those of one place and one coder as one."""
    found: dict[tuple[str, Span, str], Passage] = {}
    for passage in passages:
        key = passage.article, passage.span, passage.user
        first = found.setdefault(key, passage)
        if first is not passage:
            first.codes += [code for code in passage.codes if code not in first.codes]
            first.notes += [note for note in passage.notes if note not in first.notes]
    yield from found.values()
