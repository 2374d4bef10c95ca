"""What a change of codes asks of codebook.toml: entries, relations, groups, defaults, words.

The surprising rule: nothing that was defined is lost. What is taken away stays where it stands,
as `former`, because old codings and the way back need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from policybook.codebook import Codebook
from policybook.exchange import toml
from policybook.migrations import MERGE, RENAME, number
from policybook.problems import ParameterError, Problem
from policybook.tables import split
from policybook.together.recoding.call import CODED, Call, problem
from policybook.together.recoding.text import Edit, Path, parts

_SINGLE = {
    "instrument": ("first", "second"),
    "condition_type": ("unless",),
}
_LISTS = {"actor": "targets", "objective": "objectives"}
"""What a relation names, by vocabulary."""

_JOINED = ("terms", "variants", "members")
"""Lists of an entry that a merged one has from all that it is made of."""


@dataclass
class Edits:
    """Changes of a codebook as they add up; a value that was changed before is changed further."""

    book: Codebook
    values: dict[tuple[Path, int], dict[str, Any]] = field(default_factory=dict)
    rest: list[Edit] = field(default_factory=list)

    def change(self, at: Path, key: str, become: Callable[[Any], Any], *, kind: type = str) -> None:
        """Change one value, if it is there, of the kind that it should be, and becomes another."""
        entry: Any = self.book.data
        for part in at:
            entry = entry[part]
        own = self.values.setdefault((at, -1), {})
        now = own.get(key, entry.get(key))
        if isinstance(now, kind) and (new := become(now)) != now:
            own[key] = new

    def all(self) -> list[Edit]:
        """Return every change."""
        made = [Edit(at, nth, values) for (at, nth), values in self.values.items() if values]
        return [*made, *self.rest]


def edits(
    book: Codebook, asked: Call, *, took: Sequence[str], articles: Sequence[str], defined: str
) -> list[Edit]:
    """Return what has to change in a codebook; `defined` is what somebody wrote of new codes.

    `took` are the codes that have rows of a code that is divided, `articles` those it has rows in.
    Raises `ParameterError` where one code would have to be several at once.
    """
    found, become = Edits(book), Become(asked)
    found.change(("codebook",), "version", lambda _: asked.version)
    _columns(found, asked, become)
    _relations(found, asked, become)
    _actors(found, asked, become)
    _entries(found, asked)
    if asked.kind in {RENAME, MERGE}:
        _words(found, asked)
    _defined(found, asked, defined)
    _recorded(found, asked, took, articles)
    return found.all()


class Become:
    """What each code of a vocabulary becomes: itself, another one, several, or nothing."""

    def __init__(self, asked: Call) -> None:
        """Keep what is asked."""
        self.asked = asked

    def __call__(self, codes: Sequence[str]) -> list[str]:
        """Return codes after the change, each once."""
        old, new = self.asked.old, self.asked.new
        return list(dict.fromkeys(n for c in codes for n in (new if c in old else [c])))

    def one(self, code: str, where: str) -> str:
        """Return the code that stands for one; `ParameterError` where none or several would."""
        after = self([code])
        if len(after) != 1:
            hint = "Change it in codebook.toml first: nobody but you knows what it is to be."
            raise ParameterError([problem("code", f"{code} stands in {where}", hint)])
        return after[0]


def _columns(found: Edits, asked: Call, become: Become) -> None:
    """Change what columns name: the code an empty cell means, and an example of a cell."""
    for table, columns in found.book.columns.items():
        for column in columns.values():
            if column.values == asked.vocabulary and column.kind in CODED:
                at = ("column", table, column.name)

                where = f"[{'.'.join(at)}], as what an empty cell means"
                found.change(at, "default", partial(_default, become, where))
                found.change(at, "example", partial(_example, found.book, become))


def _default(become: Become, where: str, cell: str) -> str:
    """Return what an empty cell means with other codes."""
    return "; ".join(dict.fromkeys(become.one(code, where) for code in split(cell)))


def _example(book: Codebook, become: Become, cell: str) -> str:
    """Return the example of a cell with other codes; where none is left, one that is."""
    codes, asked = split(cell), become.asked
    if not set(codes) & set(asked.old):
        return cell
    left = [code for code in book.values(asked.vocabulary) if code not in asked.old]
    return "; ".join(become(codes)[: len(codes)] or left[:1])


def _relations(found: Edits, asked: Call, become: Become) -> None:
    """Change relations; those of a code that was split are written anew by whoever split it."""
    entries = found.book.tables("relation")
    after = [_relation(entry, asked, become) for entry in entries]
    seen = {_same(entry) for entry, now in zip(entries, after, strict=True) if now == entry}
    for nth, (entry, now) in enumerate(zip(entries, after, strict=True)):
        if now == entry:
            continue
        if now is None or now.get("first") == now.get("second") or _same(now) in seen:
            found.rest.append(Edit(("relation",), nth, gone=True))
        else:
            seen.add(_same(now))
            changed = {key: now[key] for key in now if now[key] != entry[key]}
            found.values[("relation",), nth] = changed


def _relation(entry: dict[str, Any], asked: Call, become: Become) -> dict[str, Any] | None:
    """Return what a relation becomes; None where it can no longer hold."""
    now = dict(entry)
    for key in _SINGLE.get(asked.vocabulary, ()):
        if entry.get(key) not in asked.old:
            continue
        if key != "unless" and len(asked.new) != 1:
            return None
        now[key] = become.one(entry[key], "`unless` of a relation")
    several = _LISTS.get(asked.vocabulary, "")
    if isinstance(entry.get(several), list):
        now[several] = become(entry[several])
        if entry[several] and not now[several]:
            return None  # without its list it would hold for every row
    return now


def _same(relation: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a relation says, its note aside."""
    return tuple(sorted((key, str(value)) for key, value in relation.items() if key != "note"))


def _actors(found: Edits, asked: Call, become: Become) -> None:
    """Change what names actors: groups, and words that mean one at a time."""
    if asked.vocabulary != "actor":
        return
    for actor in found.book.values("actor").values():
        if "members" in actor.extra:
            found.change(("actor", actor.id), "members", become, kind=list)
    for nth, entry in enumerate(found.book.tables("referent")):
        if entry.get("actor") in asked.old:
            if len(asked.new) == 1:
                found.values[("referent",), nth] = {"actor": asked.new[0]}
            else:
                found.rest.append(Edit(("referent",), nth, gone=True))


def _entries(found: Edits, asked: Call) -> None:
    """Change the entries of the codes: one has another name, or stays as a former one."""
    name, known = asked.vocabulary, found.book.values(asked.vocabulary)
    if asked.kind == RENAME:
        found.rest.append(Edit((name, asked.old[0]), to=(name, asked.new[0])))
        return
    for code in asked.old:
        if code not in asked.new:
            found.rest.append(Edit((name, code), to=("former", name, code)))
    if asked.kind == MERGE and asked.new[0] in known:
        target = asked.new[0]
        for key in _JOINED:
            own = known[target].words(key)
            more = [word for code in asked.old for word in known[code].words(key)]
            joined = list(dict.fromkeys([*own, *more]))
            if key == "members":
                joined = [one for one in joined if one not in asked.old]
            if joined != own:
                found.values.setdefault(((name, target), -1), {})[key] = joined


def _words(found: Edits, asked: Call) -> None:
    """Change codes that are named between backticks, where they can mean nothing else."""
    ticked = {f"`{code}`": f"`{asked.new[0]}`" for code in sole(found.book, asked)}
    if ticked and asked.kind == RENAME and f"`{asked.new[0]}`" in found.book.text:
        ticked = {}  # the way back could not tell the two apart
    words = re.compile("|".join(map(re.escape, ticked)) or r"(?!)")
    for at, key in _texts(found.book, asked):
        found.change(at, key, lambda text: words.sub(lambda match: ticked[match[0]], text))


def sole(book: Codebook, asked: Call) -> list[str]:
    """Return the codes that are taken away and are the name of nothing else in the codebook."""
    others = {
        name
        for vocabulary, values in book.vocabularies.items()
        if vocabulary != asked.vocabulary
        for name in values
    }
    others |= {name for columns in book.columns.values() for name in columns}
    return [code for code in asked.old if code not in others and code not in asked.new]


def _texts(book: Codebook, asked: Call) -> Iterator[tuple[Path, str]]:
    """Yield where words stand that explain columns and values, but not those of former codes."""
    keys = ("definition", "include", "exclude")
    for table, columns in book.columns.items():
        yield from ((("column", table, name), key) for name in columns for key in keys)
    for vocabulary, values in book.vocabularies.items():
        gone = () if asked.kind == RENAME or vocabulary != asked.vocabulary else asked.old
        for name in values:
            if name not in gone or name in asked.new:
                yield from (((vocabulary, name), key) for key in keys)
    yield from ((("unit",), key) for key in keys if isinstance(book.data.get("unit"), dict))


def mentions(book: Codebook, asked: Call) -> list[Problem]:
    """Return, as warnings, explanations that name a code and are left to whoever reads them."""
    ticked = [f"`{code}`" for code in asked.old if code not in asked.new]
    found = []
    for at, key in _texts(book, asked):
        entry: Any = book.data
        for part in at:
            entry = entry.get(part, {}) if isinstance(entry, dict) else {}
        named = [one for one in ticked if one in str(entry.get(key, ""))]
        if named:
            message = f"its `{key}` names {', '.join(named)}"
            hint = "Say it anew."
            place = ".".join(at)
            found.append(book.problem("mentioned", message, at=place, hint=hint, warning=True))
    return found


def widened(before: Codebook, after: Codebook, asked: Call) -> Iterator[Problem]:
    """Yield, as a warning, a code that holds from now on what others held."""
    for code in asked.new:
        if code in before.values(asked.vocabulary):
            others = [one for one in asked.old if one != code]
            message = f"holds from now on what {', '.join(others)} held"
            at, hint = f"{asked.vocabulary}.{code}", "Read its label and its definition again."
            yield after.problem("recode-widened", message, at=at, hint=hint, warning=True)


def _defined(found: Edits, asked: Call, defined: str) -> None:
    """Put what somebody wrote of new codes behind the first former one, relations to their like."""
    behind: dict[str, list[str]] = {"": [], "relation": [], "referent": []}
    for at, text in parts(defined):
        own = at[0] == asked.vocabulary
        more = f"since = {toml.text(asked.version)}\n" if own else ""
        behind[at[0] if at[0] in behind else ""].append(f"\n{text}{more}")
    for name, texts in behind.items():
        last = len(found.book.tables(name)) - 1 if name else -1
        at = (name,) if last >= 0 else (asked.vocabulary, asked.old[0])
        if texts:
            found.rest.append(Edit(at, last, behind="".join(texts)))


def _recorded(found: Edits, asked: Call, took: Sequence[str], articles: Sequence[str]) -> None:
    """Record the change: in the changelog for readers, as a migration for old codings.

    The changelog has its newest entry first, unless it grows downwards already.
    """
    change = f"{asked.told}.{f' {asked.note}' if asked.note else ''}"
    log = {"version": asked.version, "date": asked.date, "change": change}
    record = {
        "version": asked.version,
        "kind": asked.kind,
        "vocabulary": asked.vocabulary,
        "from": asked.old,
        "to": asked.new or took,
        **({"articles": articles} if articles else {}),
    }
    versions = [number(str(entry.get("version"))) for entry in found.book.tables("changelog")]
    growing = len(versions) > 1 and versions == sorted(versions)
    text = f"\n{toml.table(('changelog',), log, array=True)}"
    place = Edit(("changelog",), len(versions) - 1) if growing else Edit(("codebook",))
    found.rest.append(Edit(place.at, place.nth, behind=text, ahead=not growing))
    last = len(found.book.tables("migration")) - 1
    place = Edit(("migration",), last) if last >= 0 else Edit(("changelog",), len(versions) - 1)
    text = f"\n{toml.table(('migration',), record, array=True)}"
    found.rest.append(Edit(place.at, place.nth, behind=text))
