"""What is said of absence where something is not coded yet, or stands in a draft row."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random

import pytest

from made import make_suite
from policybook import exhibits, findings
from policybook.findings.finding import Finding
from policybook.measures.coverage import coverage, looked_for
from policybook.suite import Selection
from worlds import END, SEEDS, THEMES, Drawn, own, world

ASKED: dict[str, Callable[[Selection], list[Finding]]] = {
    "addressees_over_time": findings.addressees_over_time,
    "cannot_be_had_together": lambda s: findings.cannot_be_had_together(s, "haftar"),
    "contradicting": findings.contradicting,
    "demands_compared": lambda s: findings.demands_compared(s, "a", "d"),
    "diagnosed_only": findings.diagnosed_only,
    "every_sentence": lambda s: findings.every_sentence(s, "asks"),
    "headlines": findings.headlines,
    "most_shared": findings.most_shared,
    "one_actor": lambda s: findings.one_actor(s, "egypt"),
    "one_article": lambda s: findings.one_article(s, "d"),
    "one_theme": findings.one_theme,
    "recurrence": findings.recurrence,
    "said_by_one": findings.said_by_one,
    "same_words": findings.same_words,
    "silences": findings.silences,
    "theme_shift": findings.theme_shift,
    "themes_shift": findings.themes_shift,
    "two_articles": lambda s: findings.two_articles(s, "a", "d"),
    "what_changed": findings.what_changed,
    "where_they_agree": findings.where_they_agree,
    "which_means": lambda s: findings.which_means(s, END),
    "who_is_asked": findings.who_is_asked,
    "who_recommends_what": findings.who_recommends_what,
    "who_stands_near_whom": findings.who_stands_near_whom,
}
"""Every question whose answer may say that something is not there."""

NOT_OF_ABSENCE = {
    "of the filters": {"hidden", "theme-hidden", "recurs-hidden", "agreement-hidden", "actor-hidden",
                       "shift-hidden", "theme", "article-hidden", "course-filtered-out"},
    "of the text, whoever coded it": {"word-found", "word-nowhere", "word-without", "word-none"},
    "of named sentences or articles": {"word-uncoded", "word-others", "after-one", "after-unclear",
                                       "after-vanishes", "prescribes-nothing", "theme-hidden"},
    "counts of what is compared": {"agreement-overview", "sides-overview", "agreement-beyond",
                                   "sides-no-heading", "no-trend", "silences", "one-voice", "voices"},
    "the rest of a list": {"alone-others", "agree-others", "contradict-others", "shift-more",
                           "contradiction-others", "same-words-others", "means-order-more"},
}  # fmt: skip
"""Kinds of sentence without rows that claim no absence, by what they are of."""

LIMITED = (
    "not coded",
    "as far as coded",
    "not every article is coded",
    "is coded.",
    "no coded article",
)
TRIES = {f"{seed}": seed for seed in (*SEEDS[: max(5, len(SEEDS) // 2)], 60, 61)}


def free(found: list[Finding]) -> list[Finding]:
    """Return the findings of absence that say nothing of what is not coded, article d among them."""
    spared = set().union(*NOT_OF_ABSENCE.values())
    claims = [one for one in found if not one.rows and one.code not in spared]
    claims = [f for f in claims if not f.articles or "d" in f.articles]
    return [f for f in claims if not any(w in f"{f.text} {f.caveat}".lower() for w in LIMITED)]


@pytest.mark.parametrize("seed", TRIES.values(), ids=TRIES)
def test_no_absence_without_what_is_not_coded(seed: int, tmp_path: Path) -> None:
    """Where an article is not coded, no sentence says that something is not there without saying so."""
    drawn = Drawn(seed)
    drawn.coded = False
    w = world(tmp_path / "s", drawn)
    for name, ask in ASKED.items():
        assert free(ask(w.selection)) == [], name
    for one in ("asked-never", "actor-not-in", "near-alone"):  # these have rows, or name articles
        found = [f for ask in ASKED.values() for f in ask(w.selection) if f.code == one]
        assert all("Not coded yet: " in f.caveat for f in found)


NOBODY = {"d": dict.fromkeys(("coder", "coded_on", "codebook_version"), "")}


def test_only_an_article_not_coded(tmp_path: Path) -> None:
    """Of a selection that nobody has coded, it is said that it is not coded, and nothing else."""
    suite = make_suite(tmp_path / "s", [{"article": "a"}], articles=4, facts=NOBODY)
    s = suite.select(articles="d", theme="sanctions")
    name = s.labels["d"]
    (one,) = findings.one_theme(s)
    assert (one.code, one.text) == ("theme-uncoded", "No selected article is coded for sanctions.")
    (one,) = findings.what_changed(s)
    text = "No selected article is coded: nothing is known to persist or to vanish."
    assert (one.code, one.text) == ("course-uncoded", text)
    first = findings.who_recommends_what(s)[0]
    text = "Sanctions – no selected article is coded for it."
    assert (first.code, first.text) == ("theme-uncoded", text)
    (one,) = findings.which_means(s, END)
    assert one.caveat == f"Not coded yet: {name}."
    assert "1 of 4 articles, not coded" in exhibits.scope(s).text
    assert "Articles: one, not coded; " in findings.what_was_read(s)[0].text
    whole = suite.select(theme="sanctions")
    assert "4 articles, 1 not coded" in exhibits.scope(whole).text
    ladder = exhibits.ladder(whole).text
    assert "One of four articles takes a position" in ladder
    assert "; not coded for it: one." in ladder
    assert "Not every article is coded for all of these." in exhibits.appearances(whole).text


def test_drafts_are_no_silence(tmp_path: Path) -> None:
    """An article with a draft row on a theme is not silent on it, and one with only drafts not mute."""
    rows = [
        {"article": "a"},
        {"article": "b", "instrument": "elections"},
        {"article": "b", "status": "draft"},
        {"article": "c", "status": "draft"},
        {"article": "c", "instrument": "elections", "status": "draft"},
        {"article": "d", "instrument": "elections"},
    ]
    s = make_suite(tmp_path / "s", rows, articles=4).select(theme="sanctions")
    told = {one.code: one for one in findings.one_theme(s)}
    d, c = s.labels["d"], s.labels["c"]
    assert told["theme-silent"].text == f"Silent on it, while prescribing other things: {d}."
    assert told["theme-silent"].caveat == "Draft rows on it, not counted: two."
    read = {one.code: one.text for one in findings.what_was_read(s)}
    assert "prescribes-nothing" not in read
    assert read["prescribes-drafts"].endswith(
        ", op-ed – prescribes in draft rows only, not counted (2)."
    )
    assert "prescribes-nothing" not in {one.code for one in findings.who_recommends_what(s)}
    (one,) = findings.one_article(s, "c")
    text = "prescribes in draft rows only, not counted: two."
    assert (one.code, one.text.lower()) == ("article-drafts", f"{c.lower()} – {text}")
    beside = {one.code: one.text for one in findings.two_articles(s, "a", "c")}
    assert beside["side-says-nothing"].endswith("prescribes in draft rows only, not counted.")
    assert "3 draft rows not counted" in exhibits.scope(s).text
    word = {one.code: one.text for one in findings.every_sentence(s, "asks")}
    assert word["word-others"] == "The others – in draft rows, which are not counted: three."
    assert "Paragraph" in exhibits.words_found(s, "asks").html
    assert "In a draft row, not counted, on sanctions" in exhibits.words_found(s, "asks").html


@pytest.mark.parametrize("seed", range(12))
def test_drafts_leave_a_cell_open(seed: int, tmp_path: Path) -> None:
    """A cell is never silent where a draft row stands, and no other state counts a draft."""
    lot, drawn = Random(seed), Drawn(seed)  # noqa: S311  (drawn again, the same)
    drawn.asked = {**drawn.asked, "voices": "both", "confidence": "low"}
    for one in drawn.rows:
        one["status"] = lot.choice(("", "draft"))
    w = world(tmp_path / "s", drawn)
    s, done = w.selection, own(w.every)
    drafts = s.drafts.to_dict("records")
    assert len(drafts) + len(w.every) == len([r for r in drawn.rows if drawn.coded or r["article"] != "d"])  # fmt: skip
    cells = coverage(s.articles, s.all_rows, rows=s.rows, diagnoses=s.diagnoses,
                     instruments=looked_for(s.book), drafts=s.drafts)  # fmt: skip
    state = {(a, i): str(st) for a, i, st in zip(cells["article"], cells["instrument"], cells["state"], strict=True)}  # fmt: skip
    for fact, theme in product(w.facts, THEMES):
        name = fact["id"]
        mine = [r for r in done if r["article"] == name]
        open_ = any((d["article"], d["instrument"]) == (name, theme) for d in drafts)
        open_ = open_ or (not mine and any(d["article"] == name for d in own(drafts)))
        plain = w.state(name, theme)
        if plain in {"silent", "prescribes nothing"}:
            plain = "not coded" if open_ else plain
        assert (state[name, theme] in {"supports", "opposes", "both"}) == (plain == "said")
        assert plain == "said" or state[name, theme] == plain
    quiet = {f.code: f.text for f in findings.one_theme(s)}.get("theme-silent", "")
    touched = {d["article"] for d in drafts if d["instrument"] == s.theme}
    assert not any(s.labels[a] in quiet for a in touched)


def test_an_edited_draft_is_noticed(tmp_path: Path) -> None:
    """The digest of a selection's drafts is another one where a draft row is about something else."""
    digests = set()
    for place, theme in enumerate(("sanctions", "elections")):
        rows = [{"article": "a"}, {"article": "b", "instrument": theme, "status": "draft"}]
        s = make_suite(tmp_path / str(place), rows).select()
        assert len(s.drafts) == 1
        digests.add(s.suite.answer(next(k for k in s.suite.reads.keys if k[-1] == "drafts")))
    assert len(digests) == 2
