"""Import a REFI-QDA project (.qdpx) or codebook (.qdc), from any tool that writes one.

A file that an export of a suite wrote comes back as the suite it was.
The surprising rule: passages of one place and one coder are one passage, because some tools write
each coding as a passage of its own.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from policybook import codebook
from policybook.codebook import Codebook
from policybook.exchange import book, refi, refi_file, refi_left
from policybook.exchange.draft import ARTICLES, Draft
from policybook.exchange.losses import Losses
from policybook.exchange.options import Options
from policybook.exchange.refi_codes import Codes
from policybook.exchange.refi_file import Project, Source
from policybook.exchange.refi_rows import Rows
from policybook.material import CODEBOOK

_FACTS = {
    "outlet": ("outlet", "publication", "newspaper", "publisher", "source"),
    "published": ("published", "date", "publication date"),
    "language": ("language",),
    "url": ("url", "address", "link"),
}
"""Variables of a source that say a fact of an article, in any case."""

_AUTHOR = ("author", "authors", "speaker")
_GENRE = ("genre", "type")


def read_codebook(path: Path, options: Options) -> Draft:
    """Return the draft of an empty suite from a .qdc file. Raises `ExchangeError` where it is none."""
    losses = Losses()
    found = refi_file.codebook(path, losses)
    draft = _draft(path, options, losses, found, None)
    Codes(draft, found, options).define()
    return draft


def read_project(path: Path, options: Options) -> Draft:
    """Return the draft of a suite from a .qdpx file. Raises `ExchangeError` where it is none."""
    losses = Losses()
    found = refi_file.project(path, losses)
    return suite_of(path, options, losses, found, _own_codebook(found, losses))


def suite_of(
    path: Path, options: Options, losses: Losses, found: Project, own: Codebook | None
) -> Draft:
    """Return the draft of a suite from the parts of a project and, if it has one, its codebook."""
    draft = _draft(path, options, losses, found, own)
    draft.settled = draft.settled or refi.day(found.modified)
    codes = Codes(draft, found, options)
    codes.define()
    articles = {}
    for source in found.sources:
        if source.text is not None:
            articles[id(source)] = _article(draft, found, source)
            continue
        for selection in source.selections:
            place = f"{selection.span[0]}-{selection.span[1]}"
            what = f"the passage {place} of “{source.name}” has no readable text"
            losses.dropped(path.name, what, row=selection.name or selection.guid)
    Rows(draft, found, codes, articles).add()
    _name_left(draft, found)
    return draft


def _name_left(draft: Draft, found: Project) -> None:
    """Name what the file holds beyond what was read; users and moments of a suite are in its tables."""
    if found.root is None:
        return
    names = {guid: code.name for guid, code in found.codes.items()}
    for what, row in refi_left.left(found.root, names, own=bool(draft.own)):
        draft.losses.dropped(draft.file, what, row=row)
    used = {one for source in found.sources for one in source.notes} | found.referred
    used |= {one for source in found.sources for s in source.selections for one in s.notes}
    for guid, (name, _) in found.notes.items():
        if guid not in used and name != CODEBOOK:
            what = f"the note “{name}”: nothing that is read refers to it"
            draft.losses.dropped(draft.file, what, row=guid)
    busy = {s.user or source.user for source in found.sources for s in source.selections}
    for guid, (name, _) in found.users.items():
        if not draft.own and guid not in {one.strip("{} ").lower() for one in busy}:
            draft.losses.dropped(draft.file, "a user who coded no passage", row=name)


def _draft(
    path: Path, options: Options, losses: Losses, found: Project, own: Codebook | None
) -> Draft:
    """Return an empty draft on the codebook that was asked for, that of the file, or the template."""
    base = book.given(options.codebook) if options.codebook else own or book.template()
    given = base is not book.template()
    return Draft(
        path.name, base, given=given, name=found.name, losses=losses, settled=options.coded_on
    )


def _own_codebook(found: Project, losses: Losses) -> Codebook | None:
    """Return the codebook that an export left among the notes, None where there is none."""
    words = next((words for name, words in found.notes.values() if name == CODEBOOK), "")
    if not words:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / CODEBOOK
        path.write_bytes(words.encode("utf-8", "replace"))
        read = codebook.read(path)
    if missing := book.lacks(read):
        losses.dropped(CODEBOOK, f"the note of that name cannot be coded against: {missing}")
        return None
    return read


def _article(draft: Draft, found: Project, source: Source) -> str:
    """Add a source as an article and return its id."""
    note = "\n\n".join(found.notes[one][1] for one in source.notes if one in found.notes)
    facts = {"title": source.name, "note": note or source.about}
    own = {
        key.removeprefix(refi.FACT): value
        for key, value in source.facts.items()
        if key.startswith(refi.FACT)
    }
    if own.get("id"):
        name = draft.article(source.text or "", facts | own, wanted=own["id"])
        draft.own.add(name)
        _speak(draft, name)
        return name
    rest = dict(source.facts)
    facts["title_basis"] = "imported"
    facts |= _known(draft, rest)
    if rest:
        words = "; ".join(f"{key}: {value}" for key, value in rest.items())
        facts["note"] = f"{facts['note']}  {words}".strip()
        draft.losses.changed(
            ARTICLES, f"the variables {', '.join(rest)}: the note says them", row=source.name
        )
    name = draft.article(source.text or "", facts | _when(draft, source, facts))
    _speak(draft, name)
    return name


def _speak(draft: Draft, name: str) -> None:
    """Say who stands for an article's own voice where the file does not."""
    if not draft.articles[name].get("speaker"):
        words = f"the author of {name}"
        draft.articles[name]["speaker"] = draft.value("actor", words)
        draft.losses.guessed(ARTICLES, f"no author is named: {words}", row=name, column="speaker")


def _known(draft: Draft, rest: dict[str, str]) -> dict[str, str]:
    """Take the facts of an article out of a source's variables."""

    def taken(names: tuple[str, ...]) -> str:
        key = next((key for key in rest if key.strip().casefold() in names), None)
        return rest.pop(key).strip() if key is not None else ""

    facts = {fact: value for fact, names in _FACTS.items() if (value := taken(names))}
    for fact, basis in (("outlet", "outlet_basis"), ("url", "url_basis")):
        if facts.get(fact):
            facts[basis] = "imported"
    if author := taken(_AUTHOR):
        actor = draft.value("actor", author)
        facts |= {"authors": actor, "authors_basis": "imported", "speaker": actor}
    if genre := taken(_GENRE):
        facts |= {"genre": draft.value("genre", genre), "genre_basis": "imported"}
    return facts


def _when(draft: Draft, source: Source, facts: dict[str, str]) -> dict[str, str]:
    """Return the days of an article: as its variables say, or the day the file was put in."""
    if day := refi.day(facts.pop("published", "")):
        return {"published": day, "earliest": day, "latest": day, "date_basis": "imported"}
    day = refi.day(source.created)
    if not day:
        return {}
    what = f"no day of publication is named: {day}, when it came into the project, stands there"
    draft.losses.guessed(ARTICLES, what, row=source.name, column="earliest")
    return {"earliest": day, "latest": day, "date_basis": "inferred"}
