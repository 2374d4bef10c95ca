"""The certificate of a page: what it was made from, what was checked, how to cite and remake it.

The surprising rule: it holds the fingerprint of what this page selected, never of the whole table,
so that an edit elsewhere changes nothing here.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Mapping

import pandas as pd

from policybook import __version__, dates, params
from policybook.anchors import normalise
from policybook.exhibits.firmness import FIRMNESS, tally_in_words
from policybook.exhibits.html import Exhibit, tag
from policybook.exhibits.notes import MOST_RECEIPTS, TALLY, receipts, silence_id, silent
from policybook.exhibits.words import article_facts, data_date
from policybook.params import Parameter
from policybook.problems import ParameterError
from policybook.suite import Selection, Suite

MOST_ARTICLES = 20
"""Articles whose fingerprints a page names; the rest are counted."""

Facts = list[tuple[str, str]]


def colophon(
    selection: Selection, notebook: str, *, tally: pd.DataFrame | None = None, **more: str
) -> Exhibit:
    """Return the certificate of a page made by a notebook.

    `tally` is what `robustness.tried` returned of its findings.
    `more` are the parameters of the notebook that no selection has, such as `actor="egypt"`.
    Call it after the evidence: it counts the quotations that the page has pointed to.
    """
    own = _declared(selection.suite, notebook)
    given = {name: _words(value) for name, value in (more | selection.asked).items()}
    asked = {name: given[name] for name in (own or given) if name in given}
    facts: Facts = [
        ("Suite", selection.book.name),
        ("Data of", data_date(selection) or "not coded"),
        ("Codebook", selection.book.version),
        ("policybook", __version__),
        *((f"Parameter {name}", value or "all") for name, value in asked.items()),
        (
            "Selected rows",
            f"{len(selection.rows):,} of {selection.suite.size:,}{_serving(selection)}",
        ),
        ("Quotations", _checked(selection)),
        ("Fingerprint of the selection", selection.fingerprint()),
        *_articles(selection),
        *_receipts(selection),
        *(tally_in_words(tally) if tally is not None else []),
        ("To cite", _citation(selection, notebook)),
    ]
    again = ("To make it again", _command(notebook, asked, own))
    pairs = [tag("div", tag("dt", name, id=_id(name)), tag("dd", value)) for name, value in facts]
    code = tag("code", again[1], class_="again")
    pairs.append(tag("div", tag("dt", again[0]), tag("dd", code)))
    text = "\n".join(f"{name}: {value}" for name, value in [*facts, again])
    return Exhibit(tag("dl", *pairs, class_="colophon"), text)


def _serving(selection: Selection) -> str:
    """Return that rows are selected which the page may not show, where it looks at one theme alone."""
    if not (selection.theme and selection.alone):
        return ""
    return ": on the theme, and on whatever may serve it"


def _checked(selection: Selection) -> str:
    """Return how many of the quotations pointed to stand in their articles, read once more."""
    suite = selection.suite
    rows = suite.rows_called(suite.notes)
    found = sum(normalise(suite.passage(row)) == normalise(str(row["quote"])) for row in rows)
    if not rows:
        return "none on this page"
    return f"{len(rows):,} on this page; found word for word in their articles: {found:,}"


def _articles(selection: Selection) -> Facts:
    """Return the SHA-256 of the articles selected, of many the first."""
    names = [str(name) for name in selection.articles["id"]]
    facts: Facts = [
        (f"SHA-256 of {name}", str(article_facts(selection.suite, name)["sha256"]))
        for name in names[:MOST_ARTICLES]
    ]
    rest = len(names) - MOST_ARTICLES
    return [*facts, ("Further articles", f"{rest:,}, in seeds/articles.csv")] if rest > 0 else facts


def _receipts(selection: Selection) -> Facts:
    """Return, article by article, by whom and against what the silences of this page were read."""
    names = [str(name) for name in selection.articles["id"]]
    if not names:
        return []
    cells = silent(selection)
    cells = cells[cells["article"].isin(names[:MOST_RECEIPTS])]
    facts: Facts = [
        (f"{_SILENCE}{name}", _receipt(selection, name, words))
        for name, words in receipts(selection, cells).items()
    ]
    rest = len(names) - MOST_RECEIPTS
    more = f"of {rest:,} further articles are not certified here; narrow the selection"
    return [*facts, ("Silences", more)] if rest > 0 else facts


_SILENCE = "Silence of "


def _id(name: str) -> str | None:
    """Return the id of a fact to which notes lead; None for any other."""
    if name == FIRMNESS:
        return TALLY
    return silence_id(name.removeprefix(_SILENCE)) if name.startswith(_SILENCE) else None


def _receipt(selection: Selection, name: str, words: str) -> str:
    """Return one article's silences: who read it, when, by which rules, and what a search finds."""
    fact = article_facts(selection.suite, name)
    day = dates.partial(str(fact["coded_on"]))
    coder = selection.book.label("coder", str(fact["coder"]))
    who = f"read by {coder}, {day}, codebook {fact['codebook_version']}"
    return f"{who}; {words}."


def _citation(selection: Selection, notebook: str) -> str:
    """Return how to cite this page."""
    data = data_date(selection)
    when = f"data of {data}, " if data else ""
    print_ = selection.fingerprint()[:12]
    return (
        f"{selection.book.name}: briefing {notebook}, {when}"
        f"codebook {selection.book.version}, policybook {__version__}, selection {print_}."
    )


def _declared(suite: Suite, notebook: str) -> dict[str, Parameter]:
    """Return the parameters of a notebook of the suite by their names; none where it has no such one."""
    with contextlib.suppress(ParameterError):
        path = suite.root / "notebooks" / f"{notebook}.ipynb"
        return {parameter.name: parameter for parameter in params.declared(path)}
    return {}


def _words(value: object) -> str:
    """Return the value of a parameter as the command line takes it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _command(notebook: str, asked: dict[str, str], own: Mapping[str, Parameter]) -> str:
    """Return the command that makes this page again, in the folder of the suite.

    Defaults go without saying. What the page itself is like, its charts among it, adds who writes it.
    """
    given = [
        f"-p {shlex.quote(f'{name}={value}')}"
        for name, value in asked.items()
        if (value != _words(own[name].default) if name in own else value)
    ]
    whole = ["--full-text"] if os.environ.get("POLICYBOOK_EVIDENCE") == "full" else []
    return " ".join(["policybook run", shlex.quote(f"notebooks/{notebook}.ipynb"), *given, *whole])
