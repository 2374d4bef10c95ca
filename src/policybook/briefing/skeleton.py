"""The frame of a page: head, contents, body, script.

It stands here and not in nbconvert's template, of which an installed copy may be older than
the package; the template holds one line.
"""

from __future__ import annotations

from dataclasses import dataclass

from policybook.briefing.markup import escaped, policy, quoted


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a body; all are texts of any kind, but `style` and `script` are our own."""

    title: str
    style: str
    language: str = "en"
    kicker: str = ""
    audience: str = ""
    headings: tuple[tuple[str, str], ...] = ()
    """The id and the text of each heading that stands in the contents."""

    script: str = ""


def framed(body: str, frame: Frame) -> str:
    """Return the whole page of a body that is clean HTML already."""
    script = f'\n<script type="module">{frame.script}</script>' if frame.script else ""
    kicker = f'\n<p class="kicker">{escaped(frame.kicker)}</p>' if frame.kicker else ""
    return f"""<!DOCTYPE html><html lang="{frame.language}">
<head>
<meta charset="utf-8"/>
<meta content="width=device-width, initial-scale=1" name="viewport"/>
<meta content="{policy(frame.style, frame.script)}" http-equiv="Content-Security-Policy"/>
<meta content="light dark" name="color-scheme"/>
<meta content="no-referrer" name="referrer"/>{_audience(frame.audience)}
<title>{escaped(frame.title)}</title>
<style>{frame.style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>{_contents(frame.headings)}
<main id="content" tabindex="-1">{kicker}
{body}
</main>{script}
</body>
</html>"""


def _audience(words: str) -> str:
    """Return for whom the page is, for programs that list pages."""
    return f'\n<meta content={quoted(escaped(words))} name="description"/>' if words else ""


def _contents(headings: tuple[tuple[str, str], ...]) -> str:
    """Return the contents, nothing where there is no heading."""
    if not headings:
        return ""
    items = "\n".join(f'<li><a href="#{name}">{escaped(text)}</a></li>' for name, text in headings)
    return f'\n<nav aria-label="Contents" class="contents"><ol>\n{items}\n</ol></nav>'
