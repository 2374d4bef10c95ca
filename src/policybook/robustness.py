"""Robustness: whether a finding still stands when one setting is changed, one at a time.

Leaves each article out, takes each coder's own coding, raises the floor of confidence and changes
the counting rule: every one of them, always in this order. The surprising rule: a list that only
loses the article left out still stands; it breaks where more than that article changes,
or where nothing else is left of its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from policybook.findings.finding import Finding, listed, number, sentence
from policybook.material import RECOMMENDATIONS
from policybook.suite import COUNTING, Selection

Ask = Callable[[Selection], list[Finding]]
"""A question: a selection in, findings out."""

MOST_LEFT_OUT = 30
"""Articles left out one by one; of more, those with most rows. Each costs asking all over again."""

MOST_NAMED = 4
"""Settings named in a caveat; the table names every one."""

WITHOUT = "without "
"""What stands before the article left out."""

COLUMNS = ["place", "finding", "code", "subject", "rows", "caveat", "change", "setting", "holds",
           "sole", "text"]  # fmt: skip
"""What a tally says of each finding under each setting."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One change: its kind, the words for it (they fit after "not"), and what to ask of what.

    `without` is the article left out, empty where none is.
    """

    change: str
    words: str
    selection: Selection
    without: str = ""
    ask: Ask | None = None


def settings(selection: Selection, *, otherwise: Mapping[str, Ask] | None = None) -> list[Setting]:
    """Return every change to be tried, no two with the same words.

    `otherwise` holds further ways to ask, by their words: strict for loose, another normalisation.
    """
    found = [*_articles(selection), *_codings(selection), *_floors(selection), *_rules(selection)]
    asks = otherwise or {}
    found += [Setting("question", words, selection, ask=ask) for words, ask in asks.items()]
    seen: dict[str, int] = {}
    unique = []
    for one in found:
        seen[one.words] = seen.get(one.words, 0) + 1
        again = f" [{seen[one.words]}]" if seen[one.words] > 1 else ""
        unique.append(replace(one, words=one.words + again))
    return unique


def _with(selection: Selection, **asked: str | list[str]) -> Selection:
    """Return a selection with some of its parameters changed."""
    return Selection(selection.suite, {**selection.asked, **asked})


def _left_out(selection: Selection) -> list[str]:
    """Return the articles to leave out, in order of time; of very many those with most rows."""
    names = list(map(str, selection.articles["id"]))
    if len(names) <= MOST_LEFT_OUT:
        return names if len(names) > 1 else []
    rows = selection.rows["article"].astype(str).value_counts()
    heavy = rows.reindex(names, fill_value=0).sort_values(ascending=False, kind="stable")
    kept = set(heavy.index[:MOST_LEFT_OUT])
    return [name for name in names if name in kept]


def _articles(selection: Selection) -> Iterator[Setting]:
    """Yield the selection without each of its articles."""
    names = list(map(str, selection.articles["id"]))
    labels = dict(zip(names, selection.articles["label"], strict=True))
    for name in _left_out(selection):
        rest = _with(selection, articles=[other for other in names if other != name])
        yield Setting("article", f"{WITHOUT}{labels[name]}", rest, name)


def _codings(selection: Selection) -> Iterator[Setting]:
    """Yield the selection in every other coding that has rows on each article with rows."""
    if selection.suite.table != RECOMMENDATIONS:
        return
    for name in selection.suite.codings():
        other = replace(selection, suite=selection.suite.with_rows(name))
        if not _uncovered(selection, other):
            yield Setting("coding", f"by another coding ({_coders(other, name)})", other)


def _uncovered(selection: Selection, other: Selection) -> int:
    """Return how many articles that have rows have none in another coding."""
    mine, theirs = selection.all_rows["article"], other.all_rows["article"]
    return len(set(mine.astype(str)) - set(theirs.astype(str)))


def _coders(selection: Selection, name: str) -> str:
    """Return who coded a table; its path where it does not say."""
    coders = [c for c in dict.fromkeys(map(str, selection.suite.rows["coder"])) if c]
    return listed(selection.book.label("coder", c) for c in coders) or name


def _floors(selection: Selection) -> Iterator[Setting]:
    """Yield the selection with every higher floor of confidence."""
    ranks = list(selection.book.values("confidence"))
    asked = ranks.index(str(selection.asked["confidence"]))
    for place in reversed(range(asked)):
        gone = listed(
            [selection.book.label("confidence", r) for r in ranks[place + 1 : asked + 1]], last="or"
        )
        yield Setting(
            "confidence", f"without rows of {gone} confidence",
            _with(selection, confidence=ranks[place]),
        )  # fmt: skip


def _rules(selection: Selection) -> Iterator[Setting]:
    """Yield the selection with every other counting rule."""
    for rule, words in COUNTING.items():
        if rule != selection.asked["count"]:
            yield Setting("count", f"if {words} are counted", _with(selection, count=rule))


def untried(selection: Selection) -> list[str]:
    """Return, as sentences, what was not tried and why; nothing on a small corpus."""
    said = []
    many = len(selection.articles) - MOST_LEFT_OUT
    if many > 0:
        said.append(
            f"Left out one by one: the {MOST_LEFT_OUT} articles with most rows, not {number(many)} others."
        )
    for name in selection.suite.codings():
        other = replace(selection, suite=selection.suite.with_rows(name))
        if missing := _uncovered(selection, other):
            said.append(
                f"Not tried: the coding {name}, which has nothing on {number(missing)} of the articles with rows."
            )
    return said


def tally(
    selection: Selection, ask: Ask, *, otherwise: Mapping[str, Ask] | None = None
) -> pd.DataFrame:
    """Return one line for each finding and setting: whether the finding holds, and what is said.

    A finding is known again by its code and subject. It holds where its claim (without one, its
    text) is the same, or, an article left out, where the rest of its evidence is.
    Columns: place (of the finding in the answer), finding, code, subject, rows, change, setting,
    holds, sole (the article left out was all of its evidence), text (what is said instead, empty
    where it is nothing). Asks once for each setting.
    """
    found = ask(selection) if len(selection.articles) else []
    home = _homes(selection)
    lines = []
    for setting in settings(selection, otherwise=otherwise) if found else []:
        under = (setting.ask or ask)(setting.selection)
        for place, finding in enumerate(found):
            left = tuple(row for row in finding.rows if home.get(row) != setting.without)
            alike = _alike(finding, found, under)
            sole = _rests_on(setting, finding, left, said=bool(alike))
            standing = [] if sole else [f for f in alike if _stands(finding, f, setting, left)]
            said = next((f.text for f in (*standing, *alike[:1])), "")
            lines.append(
                (place, finding.text, finding.code, finding.subject, finding.rows, finding.caveat,
                 setting.change, setting.words, bool(standing), sole, said)
            )  # fmt: skip
    table = pd.DataFrame(lines, columns=COLUMNS)
    return table.sort_values("place", kind="stable", ignore_index=True)


def _homes(selection: Selection) -> dict[str, str]:
    """Return the article of each row and diagnosis."""
    tables = (selection.all_rows, selection.diagnoses)
    return {
        str(row): str(article)
        for table in tables
        for row, article in zip(table["id"], table["article"], strict=True)
    }


def _alike(finding: Finding, found: Sequence[Finding], under: Sequence[Finding]) -> list[Finding]:
    """Return the findings of the same code and subject; that at the same place comes first."""
    key = (finding.code, finding.subject)
    before = [f for f in found if (f.code, f.subject) == key]
    after = [f for f in under if (f.code, f.subject) == key]
    place = before.index(finding)
    return [*after[place : place + 1], *after[:place], *after[place + 1 :]]


def _rests_on(setting: Setting, finding: Finding, left: tuple[str, ...], *, said: bool) -> bool:
    """Tell whether a finding is about nothing but the article that is left out."""
    if not setting.without:
        return False
    named = setting.words.removeprefix(WITHOUT) in finding.text
    return not left and (bool(finding.rows) or (named and not said))


def _stands(finding: Finding, other: Finding, setting: Setting, left: tuple[str, ...]) -> bool:
    """Tell whether another finding says what this one does."""
    same = (other.claim or other.text) == (finding.claim or finding.text)
    return same or bool(setting.without and sorted(other.rows) == sorted(left))


def breaking(table: pd.DataFrame) -> list[str]:
    """Return for each finding of a tally, in order, what breaks it in one sentence, or "".

    >>> table = pd.DataFrame({"place": [0, 0], "setting": ["without A", "if rows are counted"],
    ...                       "holds": [False, True], "sole": [False, False]})
    >>> breaking(table)
    ['Not without A.']
    """
    return [_breaks(lines) for _, lines in table.groupby("place", sort=True)]


def _breaks(lines: pd.DataFrame) -> str:
    """Return what breaks one finding; what hangs on one article says so in these words."""
    broken = lines[~lines["holds"]]
    parts = [f"not {words}" for words in broken.loc[~broken["sole"], "setting"]]
    rest = len(parts) - MOST_NAMED
    if rest > 0:
        parts = [*parts[:MOST_NAMED], f"nor under {number(rest)} other setting{'s' * (rest > 1)}"]
    if broken["sole"].any():
        parts.insert(0, "rests on one article")
    return sentence(f"{'; '.join(parts)}.") if parts else ""


def firm(
    selection: Selection, ask: Ask, *, otherwise: Mapping[str, Ask] | None = None
) -> list[Finding]:
    """Return the findings of a question, each that a setting breaks with this as its caveat."""
    table = tally(selection, ask, otherwise=otherwise)
    if table.empty:
        return ask(selection)
    return [
        replace(finding, caveat=" ".join(filter(None, (finding.caveat, broken))))
        for finding, broken in zip(ask(selection), breaking(table), strict=True)
    ]


def verdict(table: pd.DataFrame) -> list[Finding]:
    """Return in sentences how many findings of a tally hold, and what breaks the others."""
    if table.empty:
        return [
            Finding(
                "Nothing can be tried: there is no finding within the selection.",
                (),
                "firm-untried",
            )
        ]
    tried, broken = table["setting"].nunique(), breaking(table)
    firsts = table.drop_duplicates("place")[["place", "finding", "rows", "caveat"]]
    loose = [
        Finding(text, rows, "firm-breaks", f"{caveat} {reason}".strip(), str(place))
        for (place, text, rows, caveat), reason in zip(firsts.to_numpy(), broken, strict=True)
        if reason
    ]
    held = len(broken) - len(loose)
    return [Finding(_held(held, len(broken), tried), (), "firm-holds"), *loose]


def _held(held: int, every: int, tried: int) -> str:
    """Return how many findings hold under every setting."""
    settings_ = f"{number(tried)} setting{'s' * (tried != 1)} tried"
    findings_ = f"{number(every)} finding{'s' * (every != 1)}"
    if held == every:
        return sentence(f"{findings_}, {settings_}: nothing breaks under any of them.")
    unbroken = number(held) if held else "none"
    return sentence(
        f"{findings_}, {settings_}. Unbroken under every one of them: {unbroken}. What breaks, and where:"
    )
