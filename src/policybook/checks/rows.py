"""Rules that join the cells of a row, or one row with another."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.material import (
    CODEBOOK,
    READERS,
    RECOMMENDATIONS,
    Material,
    coding_called,
    short_name,
    tables_of,
)
from policybook.problems import Problem, Suggestions, count, printable, quoted
from policybook.tables import DRAFT, Table, split

_STEPS_SHOWN = 5
"""Rows of a circle that a message names."""


def check(material: Material, name: str) -> Iterator[Problem]:
    """Yield the problems of a table's rows."""
    table = material.tables[name]
    if table.kind == "adjudication":
        yield from _rulings(material, table)
        return
    yield from _repeats(table)
    yield from _courses(table)
    yield from _together(table)
    yield from _voices(table)
    yield from _others(table)
    yield from _confirmations(table)
    yield from _drafts(table)


def _repeats(table: Table) -> Iterator[Problem]:
    """Yield repetitions of rows that are missing, of another article, or in a circle."""
    repeats = table.codes("repeat_of")
    if not any(repeats):
        return
    ids, articles = table.codes("id"), table.codes("article")
    row_of = {name: row for row, name in reversed(list(enumerate(ids))) if name}
    ends = _ends([row_of.get(first) for first in repeats])
    complete, of_article, suggest = table.cells.complete, _ids_by_article(table), Suggestions()
    for row, first in enumerate(repeats):
        if not first:
            continue
        if first not in row_of:
            if not complete:
                continue
            message = f"there is no row {quoted(first)}"
            near = suggest.near(first, of_article[articles[row]])
            hint = near or "Name the first row that says it."
            yield _repeat(table, "repeat-dangling", message, row, hint)
        elif articles[row_of[first]] != articles[row]:
            message = f"row {quoted(first)} belongs to another article"
            hint = "Only an article repeats itself; two articles that agree have a row each."
            yield _repeat(table, "repeat-elsewhere", message, row, hint)
        elif repeats[row_of[first]]:
            end = ends[row]
            if end >= 0:
                yield _chain(table, row, first, ids[end])
            else:
                yield _circle(table, row, (ids, repeats), row_of)


def _courses(table: Table) -> Iterator[Problem]:
    """Yield rows whose course is one of another article, by its own id or by that of a row."""
    courses = table.codes("course")
    if not any(courses):
        return
    articles, home = table.codes("article"), dict[str, str]()
    for course, name, article in zip(courses, table.codes("id"), articles, strict=True):
        home.setdefault(course or name, article)
    for row, (course, article) in enumerate(zip(courses, articles, strict=True)):
        if course and article and home[course] not in {"", article}:
            message = f"course {quoted(course)} belongs to article {quoted(home[course])}"
            hint = "A course has its steps in one article: give the steps of this one an id of their own."
            yield table.cells.problem(
                "course-elsewhere", message, row=row, column="course", hint=hint
            )


def _ids_by_article(table: Table) -> dict[str, list[str]]:
    """Return the ids of each article's rows."""
    found: dict[str, list[str]] = {}
    for name, article in zip(table.codes("id"), table.codes("article"), strict=True):
        found.setdefault(article, []).append(name)
    return found


def _ends(following: list[int | None]) -> list[int]:
    """Return where each row's repetitions end, -1 where they go in a circle; walks each row once."""
    unseen, circle = -2, -1
    ends = [unseen] * len(following)
    for row in range(len(following)):
        walk, here, end = [], row, unseen
        while end == unseen:
            if ends[here] != unseen:  # known from before, or met on this very walk
                end = ends[here]
            else:
                ends[here] = circle
                walk.append(here)
                after = following[here]
                end, here = (here, here) if after is None else (unseen, after)
        for met in walk:
            ends[met] = end
    return ends


def _chain(table: Table, row: int, first: str, end: str) -> Problem:
    """Return the problem of a repetition that names a repetition."""
    message = f"row {quoted(first)} is a repetition itself"
    return _repeat(table, "repeat-chain", message, row, f"Name the first row: {quoted(end)}.")


def _circle(
    table: Table, row: int, columns: tuple[list[str], list[str]], row_of: dict[str, int]
) -> Problem:
    """Return the problem of a row whose repetitions come back, with the first steps of the way."""
    ids, repeats = columns
    path, here = [ids[row]], row
    while len(path) <= _STEPS_SHOWN and path[-1] not in path[:-1]:
        here = row_of[repeats[here]]
        path.append(ids[here])
    more = " …" if len(path) > _STEPS_SHOWN else ""
    message = f"repeats itself: {' → '.join(map(printable, path[:_STEPS_SHOWN]))}{more}"
    hint = "The first row that says it repeats nothing: empty its cell."
    return _repeat(table, "repeat-circle", message, row, hint)


def _repeat(table: Table, code: str, message: str, row: int, hint: str) -> Problem:
    """Return a problem of the column `repeat_of`."""
    return table.cells.problem(code, message, row=row, column="repeat_of", hint=hint)


def _together(table: Table) -> Iterator[Problem]:
    """Yield conditions without a type and the reverse, and a prefix without its quotation."""
    pairs = [("condition", "condition_type", True)]
    pairs += [(c.of, name, False) for name, c in table.columns.items() if c.kind == "prefix"]
    for first, second, both in pairs:
        columns = table.cells.column(first), table.cells.column(second)
        for row, (a, b) in enumerate(zip(*columns, strict=True)):
            if b.strip() and not a.strip():
                message = f"`{second}` is filled, `{first}` is empty"
                hint = f"Quote the words in `{first}`, or empty `{second}`."
                yield table.cells.problem(
                    f"{first}-missing", message, row=row, column=first, hint=hint
                )
            elif both and a.strip() and not b.strip():
                allowed = (("allowed", ", ".join(table.book.values(second))),)
                yield table.cells.problem(
                    f"{first}-untyped", f"`{first}` is filled, `{second}` is empty",
                    row=row, column=second, evidence=allowed, hint="Say what the condition does.",
                )  # fmt: skip


def _voices(table: Table) -> Iterator[Problem]:
    """Yield reported rows without a speaker, and attitudes on rows that report nothing."""
    if table.kind != "recommendations":
        return
    columns = [table.codes(name) for name in ("voice", "speaker", "author_attitude")]
    for row, (voice, speaker, attitude) in enumerate(zip(*columns, strict=True)):
        if voice == "reported" and not speaker:
            message = "a reported position has no speaker"
            hint = "Name in `speaker` whose position the article relays."
            yield table.cells.problem(
                "speaker-missing", message, row=row, column="speaker", hint=hint
            )
        if attitude and voice != "reported":
            message = f"`author_attitude` is {quoted(attitude)}, but the voice is {quoted(voice)}"
            hint = "Only a reported position has the author's attitude: empty the cell."
            yield table.cells.problem(
                "attitude-own", message, row=row, column="author_attitude", hint=hint
            )


def _others(table: Table) -> Iterator[Problem]:
    """Yield rows coded `other` that do not say what it is."""
    notes = table.cells.column("note")
    for name in ("instrument", "objective", "addressee", "target", "speaker"):
        other = {cell for cell, code in table.meanings(name).items() if "other" in split(code)}
        for row, cell in enumerate(table.cells.column(name) if other else ()):
            if cell in other and not notes[row].strip():
                message = f"`{name}` is other, and `note` does not say what"
                hint = f"Say it in `note`, or define a value in {CODEBOOK}."
                yield table.cells.problem(
                    "other-unexplained", message, row=row, column=name, hint=hint
                )


def _confirmations(table: Table) -> Iterator[Problem]:
    """Yield rows confirmed by something that is no person."""
    coders = table.book.values("coder")
    machines = {n for n, c in coders.items() if c.extra.get("kind") != "person"}
    for row, name in enumerate(table.codes("confirmed_by")):
        if name in machines:
            message = f"{quoted(name)} is not a person and cannot confirm a row"
            hint = f'Name a coder that {CODEBOOK} declares with kind = "person".'
            yield table.cells.problem(
                "confirmed-by-machine", message, row=row, column="confirmed_by", hint=hint
            )


def _drafts(table: Table) -> Iterator[Problem]:
    """Yield rows that are still in work."""
    for row, status in enumerate(table.codes("status")):
        if status == DRAFT:
            message = "is a draft: it enters no measure"
            hint = "Read the passage, correct the row, and empty `status`."
            yield table.cells.problem(
                "draft", message, row=row, column="status", hint=hint, warning=True
            )


def _rulings(material: Material, table: Table) -> Iterator[Problem]:
    """Yield rulings that name rows no coding has, and codings that are not there."""
    own = short_name(RECOMMENDATIONS)
    for column in (*READERS, "row"):
        known: dict[str, tuple[set[str], list[str]] | None] = {}
        suggest = Suggestions()
        for row, cell in enumerate(table.cells.column(column)):
            for name in split(cell):
                coding, one = coding_called(name, column) if column in READERS else (own, name)
                if coding not in known:
                    known[coding] = _ids(material, coding)
                ids = known[coding]
                if ids is not None and (not ids[0] or (one and one not in ids[0])):
                    place, said = (row, column), (name, coding)
                    yield _ruling(material, table, place, said, ids=ids[1], suggest=suggest)


def _ruling(  # noqa: PLR0913  (a problem has this many parts)
    material: Material, table: Table, place: tuple[int, str], said: tuple[str, str],
    *, ids: list[str], suggest: Suggestions,
) -> Problem:  # fmt: skip
    """Return the problem of a ruling on a row that is not there, or on one of no coding."""
    (row, column), (name, coding) = place, said
    if not ids:
        codings = dict.fromkeys(
            short_name(n) for n, t in material.tables.items() if t.kind in _READ
        )
        message = f"{quoted(name)} is a row of the coding {quoted(coding)}, which is not there"
        allowed = (("codings", ", ".join(map(printable, codings))),)
        hint = "Write the name of the coding before the id of its row, such as anna:mei-2014-r003."
        return table.cells.problem(
            "ruling-nowhere", message, row=row, column=column, evidence=allowed, hint=hint
        )
    hint = suggest.near(name, ids) or "Name a row of the table this column points to."
    message = f"there is no row {quoted(name)} among {count(len(ids), 'row')}"
    return table.cells.problem("ruling-dangling", message, row=row, column=column, hint=hint)


_READ = ("recommendations", "diagnoses")
"""Kinds of tables that hold readings."""


def _ids(material: Material, coding: str) -> tuple[set[str], list[str]] | None:
    """Return the ids of all rows of a coding, also in order; None where rows are lost."""
    tables = [material.tables[name] for name in tables_of(coding) if name in material.tables]
    if not all(table.cells.complete for table in tables):
        return None
    ids = {row for table in tables for row in table.codes("id")}
    return ids, sorted(ids)
