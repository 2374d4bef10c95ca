"""Export references to the articles as CSL-JSON, BibTeX and RIS, and to the suite as CITATION.cff.

The surprising rule: only established facts are cited. What is inferred is left out and named, but
for a date, which stands as an interval that says so; and names stay whole, because nobody has said
which part of one is the family's.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from policybook import dates
from policybook.exchange.draft import ARTICLES
from policybook.exchange.held import Held
from policybook.exchange.markup import lawful
from policybook.tables import split

INFERRED = "inferred"

_KINDS = {
    "op-ed": ("article-newspaper", "article", "NEWS"),
    "news-report": ("article-newspaper", "article", "NEWS"),
    "blog-post": ("post-weblog", "online", "BLOG"),
    "essay": ("article-magazine", "article", "MGZN"),
    "analysis": ("article-magazine", "article", "MGZN"),
}
"""What CSL, BibTeX and RIS call the shipped genres."""

_KIND = ("document", "misc", "GEN")
_CITED = ("id", "title", "authors", "outlet", "published", "earliest", "latest", "genre", "language",
          "url")  # fmt: skip
"""Facts that a reference is made of."""

_BASES = ("title_basis", "authors_basis", "outlet_basis", "date_basis", "genre_basis", "url_basis")
"""What decides whether a fact is cited, and does not travel itself."""

_TEX: dict[str, int | str | None] = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "{}%#$&_"}}  # fmt: skip
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is established of an article: `first` and `last` bound the day of publication."""

    key: str
    kinds: tuple[str, str, str]
    title: str
    authors: tuple[str, ...]
    outlet: str
    first: dt.date
    last: dt.date
    inferred: bool
    language: str
    url: str

    @property
    def when(self) -> str:
        """Return a remark on an inferred date, empty where the date is established."""
        return (
            f"Published {dates.interval(self.first, self.last)} (inferred)" if self.inferred else ""
        )


def references(held: Held) -> list[Reference]:
    """Return what is established of each article, naming what is left out."""
    held.leave("no part of a reference", but=(ARTICLES,))
    for column in held.book.columns.get("articles", {}):
        if column in _BASES:
            what = "it decides what is cited, and is no part of a reference"
            held.losses.dropped(ARTICLES, what, column=column)
        elif column not in _CITED:
            held.losses.dropped(ARTICLES, "no part of a reference", column=column)
    return [_reference(held, name, facts) for name, facts in held.articles.items()]


def _reference(held: Held, name: str, facts: dict[str, str]) -> Reference:
    """Return what is established of one article."""

    def established(fact: str, basis: str) -> str:
        if facts.get(fact) and facts.get(basis) == INFERRED:
            held.losses.dropped(ARTICLES, "inferred, so not cited", row=name, column=fact)
            return ""
        return _line(facts.get(fact, ""))

    genre = established("genre", "genre_basis")
    if genre:
        known = "the nearest type of reference stands for it" if genre in _KINDS else "no type fits"
        held.losses.changed(ARTICLES, f"“{genre}”: {known}", row=name, column="genre")
    authors = split(established("authors", "authors_basis"))
    if not authors:
        what = "no author is established: the reference names none"
        held.losses.dropped(ARTICLES, what, row=name, column="authors")
    return Reference(
        name,
        _KINDS.get(genre, _KIND),
        established("title", "title_basis") or name,
        tuple(_line(held.book.label("actor", author)) for author in authors),
        established("outlet", "outlet_basis"),
        dt.date.fromisoformat(facts["earliest"]),
        dt.date.fromisoformat(facts["latest"]),
        not facts.get("published") or facts.get("date_basis") == INFERRED,
        _line(facts.get("language", "")),
        established("url", "url_basis"),
    )


def _line(text: str) -> str:
    """Return a text on one line, without control characters."""
    return _CONTROLS.sub(" ", lawful(text)).strip()


def export_csl(held: Held) -> bytes:
    """Return CSL-JSON, which Zotero and Pandoc read."""
    items = [_csl(reference) for reference in references(held)]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode()


def _csl(reference: Reference) -> dict[str, object]:
    """Return one reference in CSL-JSON."""
    days = [reference.first] if not reference.inferred else [reference.first, reference.last]
    issued: dict[str, object] = {"date-parts": [[d.year, d.month, d.day] for d in days]}
    if reference.inferred:
        issued["circa"] = True
    item: dict[str, object] = {
        "id": reference.key,
        "type": reference.kinds[0],
        "title": reference.title,
        "author": [{"literal": author} for author in reference.authors],
        "container-title": reference.outlet,
        "issued": issued,
        "language": reference.language,
        "URL": reference.url,
        "note": reference.when,
    }
    return {key: value for key, value in item.items() if value}


def export_bibtex(held: Held) -> bytes:
    """Return BibTeX in UTF-8, every mark of TeX escaped."""
    return "\n".join(map(_bibtex, references(held))).encode()


def _bibtex(reference: Reference) -> str:
    """Return one reference in BibTeX; braces keep names and titles as they are."""
    exact = "" if reference.inferred else reference.first.isoformat()
    year = str(reference.first.year) if reference.first.year == reference.last.year else ""
    authors = " and ".join(f"{{{_tex(author)}}}" for author in reference.authors)
    fields = {
        "title": f"{{{_tex(reference.title)}}}",
        "author": authors,
        "journal": _tex(reference.outlet),
        "date": exact,
        "year": year,
        "language": _tex(reference.language),
        "url": _url(reference.url),
        "note": _tex(reference.when),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{reference.kinds[1]}{{{reference.key},", *lines, "}", ""])


def _url(address: str) -> str:
    """Return an address that closes no brace."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _tex(text: str) -> str:
    r"""Return a text as TeX prints it.

    >>> _tex("50% of {x}")
    '50\\% of \\{x\\}'
    """
    return text.translate(str.maketrans(_TEX))


def export_ris(held: Held) -> bytes:
    """Return RIS, which every reference manager reads."""
    return "".join(_ris(reference) for reference in references(held)).encode()


def _ris(reference: Reference) -> str:
    """Return one reference in RIS."""
    day = reference.first
    date = f"{day:%Y/%m/%d}/" if not reference.inferred else ""
    same = day.year == reference.last.year
    tags: Iterable[tuple[str, str]] = (
        ("TY", reference.kinds[2]),
        ("ID", reference.key),
        ("TI", reference.title),
        *(("AU", author) for author in reference.authors),
        ("T2", reference.outlet),
        ("PY", str(day.year) if same else ""),
        ("DA", date),
        ("LA", reference.language),
        ("UR", reference.url),
        ("N1", reference.when),
    )
    lines = [f"{tag}  - {value}\r\n" for tag, value in tags if value]
    return "".join([*lines, "ER  - \r\n"])


def export_cff(held: Held) -> bytes:
    """Return CITATION.cff for the suite: its name, version, coders and the day of the last coding."""
    held.leave("a citation of the suite: export csl, bibtex or ris for its articles", but=())
    coders = [facts["coder"] for facts in held.articles.values() if facts.get("coder")]
    days = [facts["coded_on"] for facts in held.articles.values() if facts.get("coded_on")]
    names = [held.book.label("coder", coder) for coder in dict.fromkeys(coders)]
    if not names:
        names = ["nobody has coded the suite yet"]
        held.losses.guessed(ARTICLES, "CITATION.cff must name an author", column="coder")
    lines = [
        "cff-version: 1.2.0",
        "message: " + _yaml("If you use this suite, please cite it."),
        "type: dataset",
        "title: " + _yaml(held.name),
        "version: " + _yaml(held.book.version),
        *([f"date-released: {max(days)}"] if days else []),
        "authors:",
        *(f"  - name: {_yaml(name)}" for name in names),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _yaml(text: str) -> str:
    """Return a text as YAML, of which JSON is a part."""
    return json.dumps(_line(text), ensure_ascii=False)
