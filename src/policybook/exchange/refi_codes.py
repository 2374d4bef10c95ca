"""Say what the codes of a REFI-QDA file mean: the value of which column each one is.

Codes beneath one that is named like a column (“Stance”, “Speaker”) fill that column; all others
are instruments. The surprising rule: a code that an export made is known by its GUID, whatever
a tool has renamed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from policybook.codebook import Column
from policybook.exchange import refi
from policybook.exchange.draft import Draft
from policybook.exchange.options import Options
from policybook.exchange.refi_file import Code, Project

Meaning = tuple[str, str]
"""A column and the value of it; an empty value for a column of words, an empty column for neither."""

OTHER: Meaning = ("", "")


class Codes:
    """What the codes of a project mean."""

    def __init__(self, draft: Draft, found: Project, options: Options) -> None:
        """Look up what codes can mean."""
        self.draft, self.found, self.mapping = draft, found, options.mapping
        columns = draft.base.columns["recommendations"]
        self.coded = refi.coded(columns)
        self.quoted = refi.quoted(columns)
        instrument = columns["instrument"]
        diagnosis = Column(refi.DIAGNOSIS, "Diagnosis", kind="code", values=instrument.values)
        self.all: dict[str, Column] = {**self.coded, **self.quoted, refi.DIAGNOSIS: diagnosis}
        self.by_name = {words.casefold(): n for n, c in self.all.items() for words in (n, c.label)}
        for code in found.codes.values():
            known = refi.described(code.about).get("id", "")
            if not code.above and known in self.all:
                self.by_name[code.name.strip().casefold()] = known
        self.own = self._own()
        self.meanings: dict[str, Meaning] = {}

    def _own(self) -> Mapping[str, Meaning]:
        """Return the meaning of every GUID that an export of this very codebook would give."""
        known: dict[str, Meaning] = {}
        for name, column in self.all.items():
            known[refi.guid(self.found.name, "code", name)] = (name, "")
            for value in self.draft.base.values(column.values):
                known[refi.guid(self.found.name, "code", name, value)] = (name, value)
        return known

    def define(self) -> None:
        """Give every code its meaning, defining the values in the order of the file."""
        leaves = Counter((self._column(code), code.name) for code in self.found.codes.values())
        for guid, code in self.found.codes.items():
            if guid in self.own:
                self.meanings[guid] = self.own[guid]
            else:
                self.meanings[guid] = self._meaning(
                    code, unique=leaves[self._column(code), code.name] == 1
                )

    def _meaning(self, code: Code, *, unique: bool) -> Meaning:
        """Return what a code means by its name and by those above it."""
        name = self._column(code)
        column = self.all.get(name)
        if column is None or self._heads(code, name):
            return (name, "")
        words = (
            code.name if unique or name != "instrument" else " / ".join((*code.above, code.name))
        )
        if not code.codable:
            return OTHER
        said = refi.described(code.about)
        wanted = said.pop("id", "")
        return name, self.draft.value(column.values, words, wanted=wanted, **said)

    def _column(self, code: Code) -> str:
        """Return the column a code belongs to, empty where a mapping leaves it out."""
        path = (*code.above, code.name)
        for name, parent in self.mapping.items():
            if parent in path:
                return name
        known = self.by_name.get(path[0].strip().casefold())
        if known and known not in self.mapping:
            return known
        return "" if "instrument" in self.mapping else "instrument"

    def _heads(self, code: Code, name: str) -> bool:
        """Tell whether a code is the heading of a column and no value of it."""
        if self.mapping.get(name) == code.name:
            return True
        return not code.above and self.by_name.get(code.name.strip().casefold()) == name
