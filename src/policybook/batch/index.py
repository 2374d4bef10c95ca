"""The index page of a folder of briefings: what each asks, its headline, and those that failed.

It is searched and filtered by a script of its own, without a server; without the script
the list stands whole. The surprising rule: a headline is read from the page itself,
so that the index never says what a briefing does not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from markupsafe import Markup

from policybook import dates
from policybook.batch.run import Outcome
from policybook.briefing.markup import policy
from policybook.briefing.prepare import stylesheet
from policybook.exhibits.html import joined, plain, tag
from policybook.findings.finding import sentence
from policybook.problems import count
from policybook.suite import Suite

HEAD = 1 << 16
"""Bytes of a page within which its title and its first answer stand."""

TAIL = 1 << 14
"""Bytes of a page within which its certificate names its articles."""

_HASHED = re.compile(r"<dt>SHA-256 of ([^<]+)</dt>")
_QUESTION = re.compile(r"<h1[^>]*>([^<]*)</h1>")
_SUBJECT = re.compile(r'<p class="kicker">([^<]*)</p>')
_FIRST = re.compile(r'<ul class="answer"><li>(.*?)(?:<sup|<span|</li>)', re.DOTALL)
_ELEMENT = re.compile(r"<[^>]*>")

_VOCABULARIES = {"speakers": "actor", "actor": "actor", "theme": "instrument"}
"""Parameters whose values have labels under another name."""

_ARTICLES = ("article", "articles", "first", "second")
"""Parameters that name articles."""


Years = tuple[int, int] | None
"""The first and the last year that a briefing can be about."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One briefing as the index shows it: its question, what it is about, and how to find it."""

    notebook: str
    question: Markup
    about: Markup
    headline: Markup
    href: str
    failure: str
    theme: str
    articles: tuple[str, ...]
    years: Years


def index(outcomes: Sequence[Outcome], *, suite: Suite) -> str:
    """Return the index page: one entry a briefing under its notebook's question.

    Those that failed stand in their places, with the reason. The same for the same outcomes.
    """
    facts = suite.articles
    whole = None if facts.empty else (facts["earliest"].min().year, facts["latest"].max().year)
    entries = [_entry(outcome, suite, whole) for outcome in outcomes]
    style, script = f"{stylesheet()}\n{_file('index.css')}", _file("index.js")
    name = suite.book.name
    head = joined(
        [
            tag("meta", charset="utf-8"),
            tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy(style, script)),
            tag("meta", name_="color-scheme", content="light dark"),
            tag("title", f"{name}: briefings"),
            tag("style", Markup(style)),  # noqa: S704  (our own files)
        ]
    )
    body = [
        tag("h1", name),
        tag("p", _scope(entries), class_="scope"),
        _filters(entries, suite),
        tag("p", "", class_="shown", role="status"),
        *_sections(entries),
        tag("button", "Show more", class_="more", type="button", hidden=""),
    ]
    code = tag("script", Markup(script), type="module")  # noqa: S704  (our own file)
    page = tag("html", tag("head", head), tag("body", tag("main", *body), code), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _file(name: str) -> str:
    """Return a file of the index page."""
    folder = resources.files("policybook.batch") / "templates"
    return (folder / name).read_text(encoding="utf-8").strip()


def _entry(outcome: Outcome, suite: Suite, whole: Years) -> Entry:
    """Return what the index says of one outcome; a page is read for its title and headline."""
    case = outcome.case
    values = case.values
    head = "" if outcome.failure else _head(outcome)
    title, subject, first = (part.search(head) for part in (_QUESTION, _SUBJECT, _FIRST))
    # All were escaped when the page was written, and hold no element.
    question = Markup(title[1]) if title else Markup("")  # noqa: S704
    headline = Markup(_ELEMENT.sub("", first[1]).strip()) if first else Markup("")  # noqa: S704
    return Entry(
        notebook=case.notebook.stem,
        question=question,
        about=_about(outcome, suite, html.unescape(subject[1]) if subject else ""),
        headline=headline,
        href=outcome.page.name,
        failure=outcome.failure,
        theme=str(values.get("theme") or ""),
        articles=_articles(values) or _certified(outcome),
        years=_years(values, suite, whole),
    )


def _head(outcome: Outcome) -> str:
    """Return the beginning of a page."""
    with outcome.page.open("rb") as file:
        return file.read(HEAD).decode("utf-8", "ignore")


def _certified(outcome: Outcome) -> tuple[str, ...]:
    """Return the articles that a page selects, by the certificate at its end; of many the first."""
    if outcome.failure:
        return ()
    with outcome.page.open("rb") as file:
        file.seek(max(0, outcome.page.stat().st_size - TAIL))
        end = file.read().decode("utf-8", "ignore")
    return tuple(html.unescape(name) for name in _HASHED.findall(end))


def _spoken(stem: str) -> str:
    """Return a notebook's name as words.

    >>> _spoken("02-who-recommends-what")
    'Who recommends what'
    """
    return sentence(stem.lstrip("0123456789-").replace("-", " "))


def _about(outcome: Outcome, suite: Suite, subject: str) -> Markup:
    """Return what sets a briefing apart: what its page says it is about, and further values."""
    values, words = outcome.case.values, list[str]()
    for name in outcome.case.changed:
        listed_ = values[name] if isinstance(values[name], list) else [values[name]]
        words += [_word(name, str(value), suite) for value in listed_]
    rest = [word for word in words if word and word.casefold() not in subject.casefold()]
    return Markup.escape(plain(sentence(", ".join([subject, *rest] if subject else rest))))


def _word(name: str, value: str, suite: Suite) -> str:
    """Return one value of a parameter in words."""
    if name in _ARTICLES and value in suite.facts:
        return str(suite.facts[value]["label"])
    return suite.book.label(_VOCABULARIES.get(name, name), value)


def _articles(values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the articles that a briefing's parameters name."""
    found: list[str] = []
    for name in _ARTICLES:
        value = values.get(name) or []
        found += [value] if isinstance(value, str) else [str(v) for v in value]  # type: ignore[attr-defined]
    return tuple(dict.fromkeys(found))


def _years(values: Mapping[str, object], suite: Suite, whole: Years) -> Years:
    """Return the first and the last year a briefing can be about: its dates, else its articles'."""
    if whole is None:
        return None
    named = [suite.facts[a] for a in _articles(values) if a in suite.facts]
    first = min((fact["earliest"].year for fact in named), default=whole[0])
    last = max((fact["latest"].year for fact in named), default=whole[1])
    asked = [dates.bounds(str(values.get(name) or "")) for name in ("from_date", "to_date")]
    begin = max(first, asked[0][0].year) if asked[0] else first
    end = min(last, asked[1][1].year) if asked[1] else last
    return begin, end


def _scope(entries: Sequence[Entry]) -> str:
    """Return how many briefings there are, and how many of them failed."""
    failed = sum(bool(entry.failure) for entry in entries)
    parts = [count(len(entries), "briefing")]
    delivered = [f"{len(entries) - failed:,} delivered", f"{failed:,} failed"]
    parts += delivered if failed else ["all delivered"] if entries else []
    return " · ".join(parts)


def _sections(entries: Sequence[Entry]) -> list[Markup]:
    """Return the entries under the question of their notebook, in the order of the plan.

    An only one is its question itself.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.notebook, []).append(entry)
    return [_section(notebook, mine) for notebook, mine in groups.items()]


def _section(notebook: str, entries: Sequence[Entry]) -> Markup:
    """Return the briefings of one notebook."""
    asked = next((one.question for one in entries if one.question), Markup(""))
    question = asked or Markup.escape(_spoken(notebook))
    several = len(entries) > 1
    lines = [_line(one, question, several=several) for one in entries]
    heading = tag("h2", question) if several else ""
    return tag("section", heading, tag("ol", *lines, class_="briefings"), data_notebook=notebook)


def _line(entry: Entry, question: Markup, *, several: bool) -> Markup:
    """Return one briefing: what it is about, of an only one its question, and its headline or failure."""
    first, last = entry.years or (None, None)
    facts = {
        "data_theme": entry.theme or None,
        "data_article": " ".join(entry.articles) or None,
        "data_from": first,
        "data_to": last,
    }
    about = entry.about or question
    name = tag("b", about) if entry.failure else tag("a", about, href=entry.href)
    if not several:
        whole = tag("a", question, href=entry.href) if not entry.failure else question
        name = tag("h2", whole)
    told = entry.failure or entry.headline
    if not several and not told.casefold().startswith(entry.about.casefold()):
        told = joined([tag("b", about), " – " if told else "", told])
    more = tag("p", told) if told else ""
    return tag("li", name, more, class_="failed" if entry.failure else None, **facts)


def _filters(entries: Sequence[Entry], suite: Suite) -> Markup:
    """Return the fields to search and filter by; the script shows them."""
    label = suite.book.label
    themes = dict.fromkeys(entry.theme for entry in entries if entry.theme)
    articles = dict.fromkeys(a for entry in entries for a in entry.articles)
    spans = [entry.years for entry in entries if entry.years]
    years = (
        range(min(first for first, _ in spans), max(last for _, last in spans) + 1) if spans else ()
    )
    choices: dict[str, dict[str, str]] = {
        "notebook": {e.notebook: _spoken(e.notebook) for e in entries},
        "theme": {theme: label("instrument", theme) for theme in themes},
        "article": {a: _word("article", a, suite) for a in articles},
        "from": {str(year): str(year) for year in years},
        "to": {str(year): str(year) for year in years},
        "state": {"delivered": "delivered", "failed": "failed"},
    }
    if not any(entry.failure for entry in entries):
        choices["state"] = {}
    search = tag("label", "Search", tag("input", type="search", name_="words", autocomplete="off"))
    fields = [_choice(name, options) for name, options in choices.items() if len(options) > 1]
    return tag("form", search, *fields, class_="filters", hidden="", role="search")


def _choice(name: str, options: Mapping[str, str]) -> Markup:
    """Return one field with its choices."""
    every = tag("option", "any", value="")
    rest = [tag("option", words, value=value) for value, words in options.items()]
    heading = {"from": "From year", "to": "To year"}.get(name, sentence(name))
    return tag("label", heading, tag("select", every, *rest, name_=name))
