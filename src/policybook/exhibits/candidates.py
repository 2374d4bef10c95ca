"""An article sentence by sentence: what is coded, and what looks as if it should be.

The surprising rule: the marks are said in words beside each sentence, so that nobody needs a
colour to tell a quotation from a proposal.
"""

from __future__ import annotations

from markupsafe import Markup

from policybook.exhibits.html import Exhibit, tag
from policybook.exhibits.notes import note_links
from policybook.findings import candidates
from policybook.findings.arguments import checked
from policybook.suite import Row, Selection
from policybook.tables import split

KINDS = ("coded", "candidate", "plain")
"""What a sentence is: quoted by a row, not quoted but a candidate, neither."""


@checked(article="article")
def passages_and_candidates(selection: Selection, article: str) -> Exhibit:
    """Return the text of an article with coded passages and uncoded candidates marked.

    Above it stands how many there are, below it how far candidates can be trusted.
    `article` is the id of an article of the suite; `ParameterError` for any other.
    """
    suite = selection.suite
    found = candidates.sentences_of(suite, article)
    kinds = [_kind(row) for row in found.to_dict("records")]
    paragraphs = [
        tag("p", Markup(" ").join(_sentence(selection, row) for row in mine.to_dict("records")))
        for _, mine in found.groupby("paragraph", sort=True)
    ]
    head = (
        f"{len(found)} sentences: {kinds.count('coded')} quoted by rows, "
        f"{kinds.count('candidate')} more that look like recommendations."
    )
    trust = [tag("p", line, class_="source") for line in candidates.figures(suite).splitlines()]
    text = "\n".join([head, candidates.figures(suite)])
    return Exhibit(tag("div", tag("p", head), *paragraphs, *trust), text)


def _kind(row: Row) -> str:
    """Return what a sentence is."""
    if row["rows"]:
        return "coded"
    return "candidate" if row["candidate"] else "plain"


def _sentence(selection: Selection, row: Row) -> Markup:
    """Return one sentence with its mark."""
    words = " ".join(selection.suite.passage(row).split())
    kind = _kind(row)
    if kind == "plain":
        return tag("span", words, data_sentence=kind)
    if kind == "coded":
        ids = split(str(row["rows"]))
        links = note_links(selection.suite, tuple(ids))
        return tag("span", tag("mark", words), " ", tag("em", f"[Coded: {', '.join(ids)}]"), links,
                   data_sentence=kind)  # fmt: skip
    return tag("span", tag("u", words), " ", tag("em", f"[{_proposal(selection, row)}]"),
               data_sentence=kind)  # fmt: skip


def _proposal(selection: Selection, row: Row) -> str:
    """Return what is proposed for a sentence, in words."""
    label = selection.book.label
    parts = [label("voice", str(row["voice"]))]
    parts += [label("strength", str(row["strength"]))] if row["strength"] else []
    parts += [label("instrument", str(row["instrument"]))] if row["instrument"] else []
    parts += [f"to {label('actor', str(row['addressee']))}"] if row["addressee"] else []
    return f"Not coded; proposed: {', '.join(parts)}; because of {row['cues']}"
