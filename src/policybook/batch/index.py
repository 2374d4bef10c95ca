"""The index page of a folder of briefings: every briefing with its question and its first finding."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from policybook.batch.run import Outcome
from policybook.briefing.prepare import stylesheet
from policybook.exhibits.html import joined, tag
from policybook.suite import Suite

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_VOCABULARIES = {"speakers": "actor", "actor": "actor"}
"""Parameters whose values have labels under another name."""

_FIRST = re.compile(r'<ul class="answer"><li>(.*?)(?:<sup>|</li>)', re.DOTALL)


def index(outcomes: Sequence[Outcome], *, suite: Suite) -> str:
    """Return the index page: one entry a briefing, those that failed with their reason."""
    name = suite.book.name
    entries = tag("ol", *(_entry(outcome, suite) for outcome in outcomes), class_="briefings")
    head = joined(
        [
            Markup('<meta charset="utf-8">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            Markup(
                '<meta http-equiv="Content-Security-Policy" '
                "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            ),
            Markup('<meta name="color-scheme" content="light dark">'),
            tag("title", name),
            tag("style", Markup(stylesheet())),  # noqa: S704  (our own file)
        ]
    )
    body = tag(
        "main", tag("h1", name), tag("p", f"{len(outcomes):,} briefings", class_="scope"), entries
    )
    page = tag("html", tag("head", head), tag("body", body), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _entry(outcome: Outcome, suite: Suite) -> Markup:
    """Return one briefing: its question, what it is about, and its first finding."""
    about = _about(outcome, suite)
    if outcome.failure:
        return tag("li", tag("b", outcome.case.name), tag("p", f"failed: {outcome.failure}"))
    text = outcome.page.read_text(encoding="utf-8")
    title, first = _TITLE.search(text), _FIRST.search(text)
    # Both were escaped when the page was written, and hold no element.
    heading = Markup(title[1]) if title else outcome.case.name  # noqa: S704
    finding = Markup(re.sub(r"<[^>]*>", "", first[1])) if first else ""  # noqa: S704
    link = tag("a", heading, f" ({about})" if about else "", href=outcome.page.name)
    return tag("li", link, tag("p", finding, class_="scope"))


def _about(outcome: Outcome, suite: Suite) -> str:
    """Return the values that set this briefing apart; the theme stands in its title already."""
    values = outcome.case.values
    words = []
    for name in (name for name in outcome.case.changed if name != "theme"):
        listed = values[name] if isinstance(values[name], list) else [values[name]]
        words += [suite.book.label(_VOCABULARIES.get(name, name), str(v)) for v in listed]
    return ", ".join(words)
