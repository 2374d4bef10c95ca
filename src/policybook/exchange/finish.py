"""Turn a draft into the files of a suite: quotations found once, ids, defaults, a codebook.

The surprising rule: everything filled in here that the source does not say is a named guess.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from policybook import anchors, corpus
from policybook.codebook import Column
from policybook.corpus import is_bare_name
from policybook.exchange import book
from policybook.exchange.draft import ARTICLES, DIAGNOSES, NO_DAY, ROWS, Coded, Draft, clean
from policybook.exchange.names import is_id
from policybook.exchange.places import Quotation, quotations
from policybook.exchange.settle import settle
from policybook.material import CODEBOOK, ready_for
from policybook.tables import split

_KIND = {ROWS: "recommendations", DIAGNOSES: "diagnoses"}

_UNSAID = {"strength": "unspecified"}
"""Columns every row must fill, and what stands there where the source does not say."""


def files(draft: Draft) -> dict[str, bytes]:
    """Return the files of the suite a draft has become, by their path within it."""
    draft.settled = draft.settled or _settled(draft)
    for name, coded in ((ROWS, draft.rows), (DIAGNOSES, draft.diagnoses)):
        coded[:] = _quoted(draft, name, coded)
        _sorted(draft, coded)
    _ids(draft)
    settle(draft)
    _sureness(draft)
    for row in draft.rows:
        _fill(draft, row)
    _listed(draft)
    coders = _coders(draft)
    articles = [_article(draft, name, coders.get(name, "")) for name in draft.articles]
    made = {f"seeds/{line['file']}": draft.texts[line["id"]].encode() for line in articles}
    made[ARTICLES] = _table(draft, "articles", ARTICLES, articles)
    made[ROWS] = _table(draft, "recommendations", ROWS, [row.cells for row in draft.rows])
    if draft.diagnoses:
        cells = [row.cells for row in draft.diagnoses]
        made[DIAGNOSES] = _table(draft, "diagnoses", DIAGNOSES, cells)
    made[CODEBOOK] = book.text(draft).encode()
    return made


def _settled(draft: Draft) -> str:
    """Return the day of the coding where the file names none: the last publication's."""
    own = [day for facts in draft.articles.values() if (day := facts.get("coded_on", ""))]
    if own:
        return max(own)
    days = [day for facts in draft.articles.values() if (day := facts.get("latest", ""))]
    day = max(days, default=NO_DAY)
    what = f"the file does not say when it was coded; {day}, the last publication, stands there"
    draft.losses.guessed(ARTICLES, what, column="coded_on")
    return day


def _quoted(draft: Draft, name: str, coded: Sequence[Coded]) -> list[Coded]:
    """Return the rows whose quotations stand in their articles, with the words filled in."""
    by_article: dict[str, list[Coded]] = {}
    for row in coded:
        by_article.setdefault(row.cells["article"], []).append(row)
    kept: set[int] = set()
    for article, rows in by_article.items():
        found = quotations(draft.texts[article], [s for row in rows for s in row.spans.values()])
        ready = _ready(draft, name, draft.texts[article], rows)
        kept |= {id(row) for row in rows if _placed(draft, name, row, found, ready)}
    return [row for row in coded if id(row) in kept]


def _prefixes(draft: Draft, name: str) -> dict[str, str]:
    """Return the column of the words before each quotation, by the quotation's."""
    return {c.of: c.name for c in _columns(draft, name).values() if c.kind == "prefix"}


def _ready(draft: Draft, name: str, text: str, rows: Iterable[Coded]) -> anchors.Text:
    """Return a text ready for the quotations that rows bring with the words before them."""
    cells = [row.cells for row in rows]
    named = _prefixes(draft, name).items()
    pairs = {(c.get(q, ""), c[p]) for c in cells for q, p in named if c.get(p)}
    return ready_for(anchors.prepare(text), pairs)


def _placed(
    draft: Draft,
    name: str,
    row: Coded,
    found: Mapping[tuple[int, int], Quotation | None],
    ready: anchors.Text,
) -> bool:
    """Fill in the quotations of a row; False where it has none of its own."""
    prefixes = _prefixes(draft, name)
    for column, span in row.spans.items():
        quotation = found[span]
        if quotation is None:
            what = f"the passage {span[0]}-{span[1]} holds no words that stand for it alone"
            draft.losses.dropped(name, what, row=row.origin, column=column)
            if column == "quote":
                return False
            continue
        if quotation.wider:
            what = f"the passage {span[0]}-{span[1]} was made longer, so that it stands once"
            draft.losses.changed(name, what, row=row.origin, column=column)
        _quote(row, column, prefixes.get(column, ""), quotation, ready)
    return bool(row.cells.get("quote"))


def _quote(row: Coded, column: str, prefix: str, found: Quotation, text: anchors.Text) -> None:
    """Fill in a quotation and the words before it, as the file types them if they lead there too."""
    typed, before = row.cells.get(column, ""), row.cells.get(prefix, "")
    if anchors.normalise(typed) != anchors.normalise(found.quote):
        typed = found.quote
    row.cells[column] = typed
    if prefix and not (before and _leads(typed, before, text, row.spans[column])):
        row.cells[prefix] = found.prefix


def _leads(quote: str, prefix: str, text: anchors.Text, span: tuple[int, int]) -> bool:
    """Tell whether words and those before them stand once in a text, at a place."""
    found = anchors.locate(quote, text, prefix=prefix)
    return len(found) == 1 and span[0] <= found[0].start <= found[0].end <= span[1]


def _columns(draft: Draft, name: str) -> dict[str, Column]:
    """Return the columns of a table."""
    return draft.base.columns.get(_KIND.get(name, "articles"), {})


def _sorted(draft: Draft, coded: list[Coded]) -> None:
    """Put rows in the order of the articles and of the places in each, but not a suite's own."""
    if draft.own:
        return
    ranks = {article: rank for rank, article in enumerate(draft.articles)}
    coded.sort(key=lambda row: (ranks[row.cells["article"]], row.spans.get("quote", (0, 0))))


def _ids(draft: Draft) -> None:
    """Give every row an id that no other row has, its own where it brings one."""
    taken: set[str] = set()
    for name, coded, stem in ((ROWS, draft.rows, ""), (DIAGNOSES, draft.diagnoses, "d")):
        for row in coded:
            own = row.cells.get("id", "")
            if own and (own in taken or not is_id(own)):
                draft.losses.changed(name, f"the id {own} is taken or no id", row=own, column="id")
            row.cells["id"] = own if is_id(own) and own not in taken else ""
            taken.add(row.cells["id"])
        _number(coded, stem, taken)


def _number(coded: Iterable[Coded], stem: str, taken: set[str]) -> None:
    """Give the rows that have no id one of their article and a number, in their order."""
    rows = [row for row in coded if not row.cells["id"]]
    totals = Counter(row.cells["article"] for row in rows)
    numbers: Counter[str] = Counter()
    for row in rows:
        article = row.cells["article"]
        width = max(2, len(str(totals[article])))
        while not row.cells["id"] or row.cells["id"] in taken:
            numbers[article] += 1
            row.cells["id"] = f"{article}-{stem}{numbers[article]:0{width}}"
        taken.add(row.cells["id"])


def _fill(draft: Draft, row: Coded) -> None:
    """Fill the cells a row must have and its source does not give."""
    for column, value in _UNSAID.items():
        if not row.cells.get(column):
            row.cells[column] = value
            if value not in draft.base.values(column):
                entry = book.template().values(column)[value]
                draft.added.setdefault(column, {})[value] = book.entry(entry)
            what = f"the source does not say: {value}"
            draft.losses.guessed(ROWS, what, row=row.cells["id"], column=column)
    others = ("instrument", "objective", "addressee", "target", "speaker")
    other = any("other" in split(row.cells.get(name, "")) for name in others)
    if other and not row.cells.get("note", "").strip():
        row.cells["note"] = f"Coded as other in {draft.file}."
        what = "a row coded other says in its note what it is: nothing more is known"
        draft.losses.guessed(ROWS, what, row=row.cells["id"], column="note")


def _listed(draft: Draft) -> None:
    """Define one value of each list that every suite has and the file says nothing of."""
    for vocabulary, words in (
        ("actor", "nobody yet"),
        ("coder", "nobody yet"),
        ("instrument", "none yet"),
    ):
        if not draft.base.values(vocabulary) and not draft.added.get(vocabulary):
            name = draft.coder(words) if vocabulary == "coder" else draft.value(vocabulary, words)
            what = "the file names none, and a suite has one at least"
            draft.losses.guessed(CODEBOOK, what, row=f"{vocabulary}.{name}")


def _sureness(draft: Draft) -> None:
    """Name what empty cells of `confidence` claim where no row of a foreign file fills one."""
    foreign = [row for row in draft.rows if row.cells["article"] not in draft.own]
    if foreign and not any(row.cells.get("confidence") for row in foreign):
        what = "the source does not say how sure the coders were: an empty cell reads high"
        draft.losses.guessed(ROWS, what, column="confidence")


def _coders(draft: Draft) -> dict[str, str]:
    """Return who coded most rows of each article that has any."""
    by_article: dict[str, Counter[str]] = {}
    for row in draft.rows:
        if coder := row.cells.get("coder", ""):
            by_article.setdefault(row.cells["article"], Counter())[coder] += 1
    return {article: coders.most_common(1)[0][0] for article, coders in by_article.items()}


def _article(draft: Draft, name: str, coder: str) -> dict[str, str]:
    """Return the line of an article, with whatever it must have and the source does not say."""
    known = {"id": name, "file": f"{name}.txt", "sha256": draft.fingerprint(name)}
    facts = {**known, **draft.articles[name]}
    if facts["sha256"] != known["sha256"]:
        what = "the text is another than the one that was coded: the fingerprint is the new one's"
        draft.losses.changed(ARTICLES, what, row=name, column="sha256")
    facts |= {"id": name, "sha256": known["sha256"]}
    if not _own_file(draft, facts["file"]):
        what = f"“{facts['file']}” is not the name of a file, or is another article's"
        draft.losses.changed(ARTICLES, what, row=name, column="file")
        facts["file"] = known["file"]
    _guess_facts(draft, name, facts)
    if not facts.get("coder"):
        facts["coder"] = coder
    if facts.get("coder"):
        facts.setdefault("coded_on", draft.settled)
        facts.setdefault("codebook_version", draft.base.version or "1.0.0")
    else:
        what = "no row, and nobody is named as its coder: it reads as not coded, never as silent"
        draft.losses.guessed(ARTICLES, what, row=name, column="coder")
    return facts


def _own_file(draft: Draft, file: str) -> bool:
    """Tell whether a file name is a bare one that no other article and no table of a suite has."""
    names = [facts.get("file", "").casefold() for facts in draft.articles.values()]
    names += [f"{name}.txt".casefold() for name in draft.articles if f"{name}.txt" != file]
    own = file.casefold()
    return is_bare_name(file) and own != corpus.ARTICLES and names.count(own) <= 1


def _guess_facts(draft: Draft, name: str, facts: dict[str, str]) -> None:
    """Fill the facts every article must have; each that the source does not give is a guess."""
    day = facts.get("published") or facts.get("earliest") or draft.settled
    guesses = {
        "title": f"Untitled ({name})", "title_basis": "inferred", "language": "und",
        "genre": "unspecified", "genre_basis": "inferred",
        "earliest": day, "latest": day, "date_basis": "inferred",
    }  # fmt: skip
    for column, guess in guesses.items():
        if not facts.get(column):
            facts[column] = guess
            what = f"the source does not say: {guess}"
            draft.losses.guessed(ARTICLES, what, row=name, column=column)
    for vocabulary in ("genre", "basis"):
        used = {v for k, v in facts.items() if k == vocabulary or k.endswith(f"_{vocabulary}")}
        for value in sorted(used - set(draft.base.values(vocabulary)) - {""}):
            if value in book.template().values(vocabulary):
                entry = book.entry(book.template().values(vocabulary)[value])
                draft.added.setdefault(vocabulary, {}).setdefault(value, entry)


def _table(draft: Draft, kind: str, file: str, lines: list[dict[str, str]]) -> bytes:
    """Return a table with all columns of the codebook; cells of other columns are named losses."""
    columns = list(draft.base.columns.get(kind, {}))
    stray = {name: line.get("id", "") for line in lines for name in line if name not in columns}
    for name, row in sorted(stray.items()):
        what = "the codebook has no such column"
        draft.losses.dropped(file, what, row=row, column=name)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for line in lines:
        for name, value in line.items():
            line[name] = clean(value).replace("\r\n", "\n").replace("\r", "\n")
            if line[name] != value:
                what = "line ends became those of the table, and what no file can hold U+FFFD"
                draft.losses.changed(file, what, row=line["id"], column=name)
        writer.writerow(line)
    return stream.getvalue().encode()
