"""Make an executed notebook ready for the page: markdown, headings, pictures, notes, clean HTML.

Runs as a preprocessor of nbconvert, so that the command `jupyter nbconvert` makes the same page.
The surprising rule: whatever HTML a notebook hands over is cleaned here once more,
although the package's own is safe already; pictures come in afterwards.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

import nh3
from nbconvert.filters import markdown2html, strip_ansi
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool, Enum
from traitlets.config.loader import DeferredConfig

from policybook.briefing import live
from policybook.briefing.markup import escaped, settled
from policybook.briefing.notes import linked
from policybook.briefing.pictures import SPEC_BLOCK, shown
from policybook.briefing.skeleton import Frame, framed
from policybook.exhibits.html import plain
from policybook.findings.coverage import nothing_selected
from policybook.findings.theme import NOBODY
from policybook.robustness.verdicts import UNTRIED

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "hr", "i",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
}  # fmt: skip
"""Elements that a notebook may hold."""

ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title", "role", "aria-label", "aria-hidden", "tabindex"},
    "a": {"href"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
"""Attributes that they may have."""

_HEADING = re.compile(r"<h([1-3])[^>]*>(.*?)</h\1>", re.DOTALL)
_KICKER = re.compile(r'<p class="kicker">([^<]*)</p>')
_AUDIENCE = re.compile(r"(</h1>)\s*((?:<p>[^<]*</p>\s*)+)")
_AGAIN = re.compile(r'(<code class="again">[^<]*)(</code>)')
_TAG = re.compile(r"<[^>]*>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r" ?([{};,]|:(?= )) ?")
"""A mark of a style sheet with the blanks around it; a blank before a colon alone means something."""

NONE = (nothing_selected().text, UNTRIED, NOBODY)
"""What a page says first that is on no article, has no finding to try, or on whose theme nobody prescribes."""

_NOTHING = re.compile(r'<p class="nothing">[^<]*</p>')
"""What stands in place of a chart or a table of nothing."""

_SECTION = re.compile(r"(?=<h2 )")
_TITLE = re.compile(r"<h2 .*?</h2>", re.DOTALL)

_SPARE = re.compile(r'<p class="nothing spare">[^<]*</p>')
"""What stands where an answer has been given in full: no result, only the lack of a need to go on."""

_PLACE = '<i id="policybook-picture-{}"></i>'
"""Stands for a picture while HTML is cleaned; an element, for a text could be anybody's."""


class Prepare(Preprocessor):
    """The preprocessor that the template `briefing` names."""

    charts = Enum(("static", "interactive"), "static", help="pictures, or charts that answer").tag(
        config=True
    )
    with_code = Bool(False, help="show the notebook's code, folded").tag(config=True)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (values of the traits above)
        """Take options also as the command line of nbconvert hands them over, unread."""
        traits = self.class_traits()
        read = {
            name: value.get_value(traits[name]) if isinstance(value, DeferredConfig) else value
            for name, value in options.items()
        }
        super().__init__(**read)  # type: ignore[no-untyped-call]

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with its page in its metadata, where the template takes it from."""
        page = _Page(live=self.charts == "interactive", with_code=self.with_code)
        pieces = [
            (part, cell.cell_type == "code") for cell in nb.cells for part in page.parts(cell)
        ]
        body = "\n".join(_without_empty([piece for piece in pieces if piece[0]]))
        kicker, body = _without_kicker(body)
        audience, body = _without_audience(body)
        body = _AGAIN.sub(rf"\1{self._options()}\2", body)
        question = next((text for level, text, _ in page.headings if level == "1"), "Briefing")
        language = str(nb.metadata.get("policybook", {}).get("language", "en"))
        frame = Frame(
            title=f"{kicker}: {question[:1].lower()}{question[1:]}" if kicker else question,
            style=stylesheet(),
            language=language if _LANGUAGE.fullmatch(language) else "en",
            kicker=kicker,
            audience=audience,
            headings=tuple(
                (name, text)
                for level, text, name in page.headings
                if level == "2" and f'<h2 id="{name}">' in body
            ),
            script=live.script() if page.live and page.specs else "",
        )
        nb.metadata["policybook_page"] = framed(page.restored(linked(body)), frame)
        return nb, resources

    def _options(self) -> str:
        """Return what the command that makes the page again has to say of the page itself."""
        return f" --charts {self.charts}{' --with-code' if self.with_code else ''}"


class _Page:
    """What becomes of a notebook's cells, with what is known only once all were seen."""

    def __init__(self, *, live: bool, with_code: bool) -> None:
        """Start with no heading and no chart."""
        self.live, self.with_code = live, with_code
        self.headings: list[tuple[str, str, str]] = []
        self.specs: list[str] = []

    def parts(self, cell: NotebookNode) -> list[str]:
        """Return a cell as pieces of HTML."""
        if cell.cell_type == "markdown":
            text = _HEADING.sub(self._heading, clean(str(markdown2html(cell.source))))
            return [part.strip() for part in _SECTION.split(text)]
        if cell.cell_type != "code":
            return []
        code = f"<pre><code>{escaped(plain(cell.source))}</code></pre>"
        folded = f'<details class="code"><summary>Code</summary>{code}</details>'
        shown = [folded] if self.with_code and cell.source.strip() else []
        return shown + [self._output(output) for output in cell.get("outputs", [])]

    def _heading(self, match: re.Match[str]) -> str:
        """Return a heading with an id, noted for the contents."""
        level, inner = match.groups()
        text = html.unescape(_TAG.sub("", inner)).replace("¶", "").strip()
        name = _slug(text, {name for _, _, name in self.headings})
        self.headings.append((level, text, name))
        return f'<h{level} id="{name}">{escaped(text)}</h{level}>'

    def _output(self, output: NotebookNode) -> str:
        """Return an output: HTML cleaned, anything else as its text."""
        if output.output_type == "stream":
            return _plain(output.text, str(output.name))
        if output.output_type == "error":
            return _plain("\n".join(output.traceback), "error")
        data = output.get("data", {})
        if "text/html" not in data:
            return _plain(data.get("text/plain", ""), "")
        return clean(SPEC_BLOCK.sub(self._kept, _joined(data["text/html"]))).strip()

    def _kept(self, match: re.Match[str]) -> str:
        """Keep a chart's specification, and hold its place."""
        self.specs.append(match["spec"])
        return _PLACE.format(len(self.specs) - 1)

    def restored(self, body: str) -> str:
        """Return the body with its pictures; one whose place was cleaned away stays away."""
        for number, spec in enumerate(self.specs):
            if (place := _PLACE.format(number)) in body:
                name = f"chart-{number + 1}"
                body = body.replace(place, shown(spec, name=name, live=self.live), 1)
        return body


def clean(text: str) -> str:
    """Return a notebook's HTML without anything that could run or reach out."""
    return settled(
        nh3.clean(
            text, tags=TAGS, attributes=ATTRIBUTES, link_rel=None, url_schemes={"http", "https"}
        )
    )


def _without_empty(pieces: list[tuple[str, bool]]) -> list[str]:
    """Return the pieces of a page without sections that have no more to say.

    A page that begins with there being nothing loses those that say just that, for how to read a
    chart that is not there is of no use. Where an answer needs no more, that sentence and its heading go; what else stands
    under it stays. A piece is HTML, and whether a cell of code put it out.
    """
    bare = [" ".join(html.unescape(_TAG.sub(" ", part)).split()) for part, _ in pieces]
    spare = [bool(_SPARE.fullmatch(part)) for part, _ in pieces]
    starts = [n for n, (part, _) in enumerate(pieces) if part.startswith("<h2")]
    bounds = [*starts, len(pieces)]
    none = any(text in bare[n] for n in range(bounds[0]) for text in NONE)
    nothing = [
        spare[n] or (none and (bare[n] in NONE or bool(_NOTHING.fullmatch(part))))
        for n, (part, _) in enumerate(pieces)
    ]
    kept = list(range(bounds[0]))
    for start, end in pairwise(bounds):
        said = [n for n in range(start, end) if pieces[n][1]]
        if not said or not all(nothing[n] for n in said):
            kept += [n for n in range(start, end) if not spare[n]]
            if any(spare[start:end]):
                pieces[start] = (_TITLE.sub("", pieces[start][0], count=1).strip(), False)
    return [pieces[n][0] for n in kept if pieces[n][0]]


def _without_kicker(body: str) -> tuple[str, str]:
    """Return what the page is about, which stands above its question, and the body without it."""
    found = _KICKER.search(body)
    return (html.unescape(found[1]), _KICKER.sub("", body, count=1)) if found else ("", body)


def _without_audience(body: str) -> tuple[str, str]:
    """Return for whom the page is, which a notebook says beneath its question, and the body without it.

    In a notebook it helps to choose; on a page the answer comes first.
    """
    found = _AUDIENCE.search(body)
    if not found:
        return "", body
    words = " ".join(html.unescape(_TAG.sub(" ", found[2])).split())
    return words, body[: found.start(2)] + body[found.end(2) :]


@lru_cache(maxsize=1)
def stylesheet() -> str:
    """Return the style of every page, without comments and blanks: each page pays for it."""
    folder = resources.files("policybook.briefing") / "templates" / "briefing"
    text = (folder / "page.css").read_text(encoding="utf-8")
    return _BLANKS.sub(r"\1", " ".join(_COMMENT.sub("", text).split()))


def _plain(text: str | list[str], kind: str) -> str:
    """Return printed text or an error as preformatted text."""
    role = ' role="alert"' if kind == "error" else ""
    name = " ".join(part for part in ("output", kind) if part)
    return f'<pre class="{name}"{role}>{escaped(plain(strip_ansi(_joined(text))))}</pre>'


def _joined(text: str | list[str]) -> str:
    """Return a notebook's text, which may be stored as lines."""
    return text if isinstance(text, str) else "".join(text)


def _slug(text: str, taken: set[str]) -> str:
    """Return an id for a heading that no other has."""
    base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
