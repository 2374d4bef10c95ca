"""The first screen: what a reader sees before anything else, and what it may not leave out."""

import re
import shlex
import tempfile
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings, naming, params, robustness
from policybook.batch.plan import case
from policybook.findings.finding import Finding
from policybook.findings.opening import (
    MOST_WORDS,
    TOO_LONG,
    brief,
    one_caveat,
    stand_apart,
    words_in,
)
from policybook.measures.counting import units
from policybook.suite import Suite
from policybook.tables import split


def said(words: int, code: str = "", rows: tuple[str, ...] = ()) -> Finding:
    """Return a finding of so many words."""
    return Finding(" ".join(["word"] * words), rows, code)


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """A function that makes a suite of some rows."""
    return lambda *rows, **more: make_suite(tmp_path / "s", list(rows), **more)


def own(article: str, **cells: str) -> dict[str, str]:
    """Return a row in the author's own voice."""
    return {"article": article, **cells}


def relayed(article: str, **cells: str) -> dict[str, str]:
    """Return a row that relays somebody's position."""
    return {"article": article, "voice": "reported", "speaker": "un-envoy", **cells}


def test_sixty_words(shipped: Suite) -> None:
    """The answer has sixty words at most, takes whole sentences, and skips those too long."""
    found = [said(50), said(20), said(10)]
    assert brief(shipped.select(), found) == [found[0], found[2]]
    assert brief(shipped.select(), [said(61)]) == [TOO_LONG]


def test_no_second_without_the_first(shipped: Suite) -> None:
    """Of sentences that are numbered none stands on the first screen where one before it has no room."""
    first, second = said(55, "means-order"), said(5, "means-order")
    assert brief(shipped.select(), [said(20), first, second, said(6)]) == [said(20), said(6)]
    assert brief(shipped.select(), [second, first]) == [second, first]
    selection = shipped.select(count="articles")
    told = brief(selection, findings.which_means(selection, ""))
    assert not any("(course 2)" in one.text for one in told)


def test_a_caveat_counts(shipped: Suite) -> None:
    """A caveat stands with its sentence and is counted with it."""
    doubtful = Finding("One two.", caveat=" ".join(["doubt"] * 59))
    assert words_in(doubtful) == 61
    assert brief(shipped.select(), [doubtful]) == [TOO_LONG]


def test_authors_first(shipped: Suite) -> None:
    """What authors say themselves stands before what is relayed, and both before counts."""
    rows = shipped.rows
    mine, theirs = (str(rows.loc[rows["voice"] == v, "id"].iloc[0]) for v in ("author", "reported"))
    counts, other, self_ = said(5, "sides-overview"), said(5, "", (theirs,)), said(5, "", (mine,))
    assert brief(shipped.select(), [counts, other, self_]) == [self_, other, counts]


def test_nothing_lost(shipped: Suite) -> None:
    """What the first screen leaves out stands further down, every sentence of it once."""
    selection = shipped.select()
    found = findings.one_actor(selection, "haftar")
    short = brief(selection, found)
    rest = exhibits.further(selection, found).text.split("\n")
    assert len(short) < len(found)
    assert sorted([*(f.text for f in short), *rest]) == sorted(f.text for f in found)
    assert exhibits.further(selection, short).text == "There is no more to the answer."


@pytest.mark.parametrize("theme", ["sanctions", "algerian_mediation", "elections", "ceasefire"])
def test_grid(shipped: Suite, theme: str) -> None:
    """The grid holds the firmest courses of action, authors' own first, and counts the rest."""
    selection = shipped.select(theme=theme)
    rows = findings.theme_rows(selection, theme)
    html = str(exhibits.grid(selection, rows).html)
    heads = re.findall(r'<th scope="row">(\w+)</th>', html)
    assert heads == (["Says", "Acts", "On", "To", "By", "If", "Strength"] if len(rows) else [])
    own_rows = rows[rows["voice"] != "reported"]
    courses = {r["course"] or r["id"] for r in rows.to_dict("records")}
    assert html.count('scope="col"') == min(5, len(courses)) or rows["repeat_of"].any()
    strengths = re.findall(r"<td>([^<]*)</td>", html.partition(">Strength<")[2])
    if len(own_rows):
        firmest = own_rows["strength"].min()
        assert strengths[0] == selection.book.label("strength", str(firmest))


def test_quotations_stand_alone(suite: Any) -> None:
    """A quotation that begins within a sentence is chosen late, a doubtful one or a repetition later."""
    must = {"strength": "must"}
    part = own("a", quote="asks for something", prefix="Sentence 000", **must)
    rows = [part, own("a", **must, confidence="low"), own("a", **must, repeat_of="a-003"), own("a")]
    selection = suite(*rows).select()
    text = exhibits.opening(selection, [Finding("All.", tuple(selection.rows["id"]))]).text
    assert "“Sentence 003 asks for something”\n“asks for something”" in text
    word = exhibits.opening(selection, [Finding("All.")], word="SENTENCE 001").text
    assert "“Sentence 001 asks for something”" in word
    assert "Sentence 003" not in word


def test_no_quotation_is_off_the_answer(shipped: Suite) -> None:
    """Quotations have the word that a page is about, and a caveat names no article without it."""
    for word, voices in (
        ("Guterres", "both"),
        ("xylophone", "both"),
        ("military solution", "author"),
    ):
        selection = shipped.select(voices=voices)
        found = findings.every_sentence(selection, word)
        page = exhibits.opening(selection, found, word=word)
        assert "<blockquote>" not in str(page.html)
        caveat = page.text.split("\n")[-1]
        have = set(findings.word_rows(selection, word)["article"])
        names = shipped.facts
        assert not any(f["label"] in caveat for name, f in names.items() if name not in have)
    selection = shipped.select()
    page = exhibits.opening(selection, findings.every_sentence(selection, "oil"), word="oil")
    quotes = BeautifulSoup(str(page.html), "html.parser").select("blockquote")
    assert quotes
    assert all("oil" in quote.text for quote in quotes)


def test_quotations_are_of_the_findings_tried(shipped: Suite) -> None:
    """Where findings are told of findings, quotations are of the rows behind the latter, or none."""
    selection = shipped.select(theme="elections")
    tally = robustness.tally(selection, lambda one: findings.which_means(one, ""))
    found = robustness.verdict(tally)
    behind = {row for rows in tally["rows"] for row in rows}
    page = exhibits.opening(selection, found, behind=tally)
    quotes = BeautifulSoup(str(page.html), "html.parser").select("blockquote a.note")
    assert quotes
    notes = {str(shipped.note(row)) for row in behind}
    assert {quote.text for quote in quotes} <= notes
    assert "<blockquote>" not in str(exhibits.opening(selection, found).html)


def test_grid_names_the_rest(suite: Any) -> None:
    """Courses of action beyond five are counted, an author's own and relayed ones apart, each with its notes."""
    rows = [*(own("a") for _ in range(6)), own("b", strength="must")]
    selection = suite(*rows).select()
    html = str(exhibits.grid(selection, selection.rows).html)
    assert html.count('scope="col"') == 5
    rest = BeautifulSoup(html, "html.parser").select_one(".rest")
    notes = [selection.suite.note(row) for row in ("a-004", "a-005")]
    assert rest.get_text(" ", strip=True) == (
        "Not in the grid: two further courses of action – by Khalid Mahmoud (2011) {} {} .".format(
            *notes
        )
    )
    both = suite(*rows, relayed("a"), relayed("c")).select()
    rest = BeautifulSoup(str(exhibits.grid(both, both.rows).html), "html.parser").select_one(
        ".rest"
    )
    assert len(rest.select("sup")) == 2
    for notes in rest.select("sup"):
        notes.decompose()
    assert rest.get_text().endswith(
        "four further courses of action – two by Khalid Mahmoud (2011); "
        "two only relayed by Khalid Mahmoud (2011) and Jason Pack (2013)."
    )
    assert html.index("Wehrey and Lacher (2012)") < html.index("Khalid Mahmoud (2011)")


def test_a_condition_of_a_part(suite: Any) -> None:
    """A condition that binds only a part of a course of action is not said of the whole."""
    bound = {"condition_type": "proviso"}
    selection = suite(
        own("a", **bound), own("b", **bound, id="b-x"), own("b", course="b-x")
    ).select()
    html = str(exhibits.grid(selection, selection.rows).html)
    assert "<td>“provided that number 000 holds”</td>" in html
    assert "<td>in part: “provided that number 001 holds”</td>" in html
    rows = [own("a", **bound, id="a-x"), own("a", course="a-x", repeat_of="a-x")]
    again = suite(*rows).select(articles=["a"])
    html = str(exhibits.grid(again, again.rows).html)
    assert "<td>“provided that number 000 holds”</td>" in html
    assert "<td>The author<sup>" in html


def test_who_stands_apart(suite: Any) -> None:
    """Who describes or relays without prescribing is told apart from who prescribes, and how he does."""
    seen = [{"article": "b"}, {"article": "c"}]
    pro = {"author_attitude": "endorses"}
    rows = own("a"), relayed("c"), relayed("c", **pro), relayed("d", **pro)
    made = suite(*rows, articles=5, diagnoses=seen)
    (found,) = stand_apart(made.select(theme="sanctions"))
    assert found.text == (
        "Nothing prescribed on it – problems described: Wehrey and Lacher (2012); "
        "problems described, others’ positions relayed: Jason Pack (2013); "
        "others’ positions relayed and endorsed: Karim Mezran (2014)."
    )
    assert len(found.rows) == 4
    nobody = "o article merely describes the problem or merely relays others on it."
    (alone,) = stand_apart(made.select(theme="sanctions", articles=["a"]))
    assert (alone.text, alone.articles) == (f"N{nobody}", ("a",))
    (hidden,) = stand_apart(made.select(theme="sanctions", articles=["a", "d"], voices="author"))
    unheard = "others’ positions relayed, but hidden by the filters: Karim Mezran (2014)."
    assert (hidden.text, hidden.articles) == (f"Nothing prescribed on it – {unheard}", ("d",))
    (again,) = stand_apart(made.select(theme="sanctions", articles=["a"], voices="reported"))
    assert again.text == f"N{nobody}"
    (one,) = stand_apart(made.select(articles=["c"]))
    assert one.text == (
        "Described without prescribing: sanctions; others’ positions relayed: the UN envoy."
    )
    (seen,) = stand_apart(made.select(articles=["c"], voices="author"))
    assert seen.text == (
        "Described without prescribing: sanctions; others’ positions relayed: hidden by the filters."
    )
    more = suite(relayed("a", confidence="low"), relayed("a", speaker="france"))
    (some,) = stand_apart(more.select(articles=["a"], confidence="high"))
    assert some.text.endswith("relayed: France, and further ones hidden by the filters.")
    (none,) = stand_apart(made.select(articles=["a"]))
    assert none.text.endswith("prescribing: none; others’ positions relayed: none.")
    (anything,) = stand_apart(made.select())
    assert anything.text.startswith("Nothing prescribed at all – problems described: Wehrey and")
    (about,) = stand_apart(made.select(), made.select().rows)
    assert "Wehrey" not in about.text


@pytest.mark.parametrize("theme", ["un_mediation", "negotiated_solution"])
def test_whoever_only_relays_is_told_on_a_page_about_demands(shipped: Suite, theme: str) -> None:
    """Who only relays others on the theme stands apart, though the page lays out authors' own demands."""
    pair = ("libya-analysis-2014", "wehrey-lacher-2019")
    pair = pair if theme == "un_mediation" else ("mahmoud-2018", "wehrey-lacher-2019")
    selection = shipped.select(theme=theme, articles=list(pair))
    rows = selection.rows[selection.rows["instrument"] == theme]
    mine = set(rows.loc[rows["voice"] != "reported", "article"])
    silent = set(rows["article"]) - mine
    assert silent == {pair[0]}
    (found,) = stand_apart(selection, findings.compared_rows(selection, *pair))
    assert found.code == "stand-apart"
    assert "others’ positions relayed" in found.text
    assert [name for name in pair if selection.labels[name] in found.text] == [pair[0]]
    whole = shipped.select(theme="un_mediation")
    about = findings.means_rows(whole, "make_talks_succeed", "un_mediation")
    assert stand_apart(whole, about) == stand_apart(whole)


def test_one_article_is_told_in_the_singular(shipped: Suite) -> None:
    """One article is not one of one, two authors are no author, and two articles have authors."""
    wehrey = shipped.select(articles=["wehrey-lacher-2019"], theme="ceasefire")
    assert " The article takes a position on a ceasefire" in exhibits.ladder(wehrey).text
    html = str(exhibits.grid(wehrey, wehrey.rows).html)
    assert "by the authors" in html
    assert "The authors<sup>" in html
    (read, *_) = findings.what_was_read(wehrey)
    assert "; by genre, inferred: essay (1)." in read.text
    doubts = exhibits.before_you_quote(shipped.select()).text
    assert "The authors of three of the articles are not established" in doubts
    one = exhibits.before_you_quote(shipped.select(articles=["mei-2014"])).text
    assert "The author of the article is not established" in one


def test_two_instruments_share_no_speaker(shipped: Suite) -> None:
    """An instrument that shares no speaker is compared with instruments, not with people."""
    found = findings.who_stands_near_whom(
        shipped.select(articles=["mei-2014"]), nodes_="instrument"
    )
    alone = {f.code: f.text for f in found}["near-alone"]
    assert alone.startswith("No speaker shared with any other instrument: ")


def test_nothing_is_said_of_articles_that_are_not_quoted(shipped: Suite) -> None:
    """Where nothing is quoted it is not said that whoever is quoted prescribes something."""
    pair = "daily-sabah-2019", "mahmoud-2018"
    selection = shipped.select(articles=list(pair))
    about = findings.compared_rows(selection, *pair)
    assert about.empty
    text = exhibits.opening(selection, findings.two_articles(selection, *pair), about).text
    assert "Every article quoted here" not in text
    whole = shipped.select()
    assert stand_apart(whole, whole.rows[:0]) == []
    mine = whole.rows[whole.rows["article"] == "mei-2014"]
    (found,) = stand_apart(whole, mine)
    assert found.text == "Every article quoted here prescribes something itself."
    assert found.articles == ("mei-2014",)


def test_caveats_are_true(suite: Any) -> None:
    """The caveat is the first that is true: one article, one voice, genre, date, doubt, silence."""
    made = suite(own("a"), own("b"), own("c", confidence="low"), articles=4,
                 facts={"b": {"authors": "jason-pack", "authors_basis": "page"},
                        "d": {"genre": "news-report"}})  # fmt: skip

    def words(*articles: str) -> str:
        selection = made.select(articles=articles)
        return one_caveat(selection, selection.rows).text

    assert words("a", "d").startswith(
        "Every demand of an author’s own in the grid is one article’s: Khalid"
    )
    assert words("b", "c").startswith("Counted as one voice")
    assert words("a", "b", "d") == (
        "Prescribing nothing means less where the genre seldom prescribes: "
        "Karim Mezran (2014), a news report."
    )
    assert words("a", "c") == "Some of this was coded with doubt; the evidence says which."
    assert words("a", "b").startswith("To prescribe nothing is not to oppose")


def test_caveat_of_a_date(suite: Any) -> None:
    """A date that is argued and not printed is said."""
    made = suite(own("a"), own("b"), facts={"b": {"date_basis": "inferred", "published": ""}})
    selection = made.select(articles=["a", "b"])
    text = one_caveat(selection, selection.rows).text
    assert text == "The date of Wehrey and Lacher (2012) is inferred, not printed."
    assert one_caveat(selection, selection.rows, said=[text]).text != text


@pytest.mark.parametrize("name", ["one_theme", "who_recommends_what", "what_was_read"])
@settings(max_examples=tries(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans(),
    st.sampled_from(["must", "should", "could"]), st.sampled_from(["sanctions", "elections"])), max_size=12))  # fmt: skip
def test_any_suite(name: str, rows: list[tuple[str, bool, str, str]]) -> None:
    """Whatever a suite holds, the answer keeps to its words and every part of the page is there."""
    made = [(own if mine else relayed)(a, strength=firm, instrument=i) for a, mine, firm, i in rows]
    with tempfile.TemporaryDirectory() as folder:
        selection = make_suite(Path(folder) / "s", made, articles=6).select(theme="sanctions")
        found = getattr(findings, name)(selection)
        short = brief(selection, found)
        assert sum(map(words_in, short)) <= MOST_WORDS
        page = exhibits.opening(selection, found, findings.theme_rows(selection, "sanctions"))
        quotes = str(page.html).count("<blockquote>")
        assert quotes == min(2, len(findings.theme_rows(selection, "sanctions")))


def test_shipped_answers(shipped: Suite) -> None:
    """Every shipped theme, article and actor has an answer of at most sixty words that says something."""
    selection = shipped.select()
    asked = [
        *(findings.one_theme(shipped.select(theme=t)) for t in selection.book.values("instrument")),
        *(findings.one_article(shipped.select(articles=[a]), a) for a in selection.articles["id"]),
        *(findings.one_actor(selection, a) for a in ("haftar", "egypt", "uae", "united-states")),
        findings.where_they_agree(selection),
        findings.recurrence(selection),
        findings.who_is_asked(selection),
    ]
    for found in asked:
        short = brief(selection, found)
        assert TOO_LONG not in short
        assert sum(map(words_in, short)) <= MOST_WORDS


def named(*facts: tuple[str, str, str]) -> list[str]:
    """Return the labels of articles given by speaker, day and title."""
    import pandas as pd

    return naming.labels([
        {"id": f"i{n}", "title": title, "speaker_label": who, "inferred": False, "years": day[:4],
         "earliest": pd.Timestamp(day), "latest": pd.Timestamp(day)}
        for n, (who, day, title) in enumerate(facts)
    ])  # fmt: skip


def test_names_are_told_apart() -> None:
    """Author and year name an article; month, day, title and id only where they have to."""
    assert named(("A", "2014-10-01", "x"), ("B", "2014-10-01", "x")) == ["A (2014)", "B (2014)"]
    assert named(("A", "2014-10-01", "x"), ("A", "2014-12-01", "x"), ("A", "2015-01-01", "x")) == [
        "A (October 2014)", "A (December 2014)", "A (2015)"]  # fmt: skip
    assert named(("A", "2014-10-01", "x"), ("A", "2014-10-02", "x"))[1] == "A (2 October 2014)"
    assert named(("A", "2014-10-01", "x"), ("A", "2014-10-01", "y"))[1] == "A (1 October 2014, “y”)"
    twins = named(("A", "2014-10-01", "x"), ("A", "2014-10-01", "x"))
    assert len(set(twins)) == 2


def test_certificate(shipped: Suite) -> None:
    """The certificate names what was selected, checks the quotations, and tells how to remake the page."""
    selection = shipped.select(theme="sanctions")
    shipped.notes.clear()
    exhibits.evidence(selection)
    exhibits.quotations(selection, findings.theme_rows(selection, "sanctions"))
    text = exhibits.colophon(selection, "06-one-theme-in-full").text
    shown = len(shipped.notes)
    assert (
        f"Quotations: {shown} on this page; found word for word in their articles: {shown}" in text
    )
    assert "Data of: 23 November 2026" in text
    assert "policybook run notebooks/06-one-theme-in-full.ipynb" in text
    assert "Silence of libya-analysis-2014: read by" in text
    assert "silent on sanctions" in text


@pytest.mark.parametrize(
    ("name", "more", "asked"),
    [
        ("03-where-they-agree", {"strict": "False"}, {"from_date": "2018", "confidence": "high"}),
        ("04-two-articles-side-by-side", {"first": "mahmoud-2018", "second": "mei-2014"},
         {"articles": ["mahmoud-2018", "mei-2014"], "theme": "un_mediation"}),
        ("05-what-changed-over-time", {}, {"theme": "", "articles": ["mei-2014", "mahmoud-2018"]}),
        ("07-one-article-in-full", {"article": "mei-2014"}, {"articles": ["mei-2014"], "count": "rows"}),
        ("10-every-sentence-with-a-word", {"word": "it's; a \"$(word)\""}, {"voices": "author"}),
    ],
)  # fmt: skip
def test_the_command_that_makes_a_page_again(
    shipped: Suite, name: str, more: dict[str, str], asked: dict[str, Any]
) -> None:
    """The certificate's command asks the notebook for what the page was asked for, and no more."""
    told = exhibits.colophon(shipped.select(**asked), name, **more).text
    words = shlex.split(told.rpartition("To make it again: ")[2])
    given = params.asked([word for word in words[3:] if word != "-p"])
    assert words[:3] == ["policybook", "run", f"notebooks/{name}.ipynb"]
    wanted = {key: value for key, value in {**more, **asked}.items()
              if key != "articles" or ("first" not in more and "article" not in more)}  # fmt: skip
    notebook = Path(__file__).parent.parent / "notebooks" / f"{name}.ipynb"
    made = case(notebook, given, suite=shipped)
    assert made == case(notebook, wanted, suite=shipped)
    assert {*given} == {*made.changed}


def test_certificate_counts_only_what_stands(
    shipped: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quotation that no longer stands in its article is not counted as found."""
    selection = shipped.select(theme="sanctions")
    shipped.notes.clear()
    exhibits.quotations(selection, findings.theme_rows(selection, "sanctions"))
    monkeypatch.setattr(type(shipped), "passage", lambda *_: "something else")
    assert "found word for word in their articles: 0" in exhibits.colophon(selection, "06").text


@pytest.mark.parametrize(
    "theme", ["sanctions", "pressure_egypt_uae", "military_action", "arms_embargo"]
)
def test_grid_is_proved(shipped: Suite, theme: str) -> None:
    """The notes of a column hold every code, condition and strength of the rows that it stands for."""
    selection = shipped.select(theme=theme)
    rows = findings.theme_rows(selection, theme).drop_duplicates("id")
    keys = dict(zip(rows["id"], units(rows, rule="courses"), strict=True))
    html = BeautifulSoup(str(exhibits.grid(selection, rows).html), "html.parser")
    names = {str(shipped.note(name)): name for name in rows["id"]}
    said = next(line for line in html.select("tr") if line.th and line.th.get_text() == "Says")
    for cell in said.select("td"):
        cited = [names[note.get_text()] for note in cell.select("a")]
        course = rows[[keys[name] == keys[cited[0]] for name in rows["id"]]]
        proof = course[course["id"].isin(cited)]
        for column in (
            "instrument",
            "addressee",
            "target",
            "objective",
            "means",
            "condition",
            "strength",
        ):
            every, proved = (
                {c for one in part[column].astype(str) for c in split(one)}
                for part in (course, proof)
            )
            assert every == proved


def test_grid_tells_strengths_and_rejections(suite: Any) -> None:
    """Of a course the firmest strength comes first, what is less firm by name; a rejected position says so."""
    course = {"course": "a-c1"}
    rows = [own("a", strength="must", **course), own("a", instrument="elections", strength="could", **course),
            relayed("b", author_attitude="rejects")]  # fmt: skip
    selection = suite(*rows).select()
    html = str(exhibits.grid(selection, selection.rows).html)
    assert "<td>must; could: elections</td>" in html
    assert "The UN envoy, relayed and rejected by Wehrey and Lacher (2012)" in html
    text = str(exhibits.opening(selection, [Finding("All.", tuple(selection.rows["id"]))]).html)
    assert "the article rejects it" not in text  # no rejected position while there is another
    alone = suite(relayed("b", author_attitude="rejects")).select()
    only = [Finding("All.", tuple(alone.rows["id"]))]
    assert "the article rejects it" in str(exhibits.opening(alone, only).html)


def test_what_may_lie_outside_the_limits(shipped: Suite) -> None:
    """An article whose dates leave open whether it lies within the limits of time is kept and named."""
    text = exhibits.left_out(shipped.select(to_date="2014-12-19")).text
    assert text.endswith("lie within the limits of time: the Middle East Institute author (2014).")
    assert "leave open" not in exhibits.left_out(shipped.select(to_date="2014-12-31")).text


def test_words_of_another_paragraph(shipped: Suite) -> None:
    """A condition that stands in another paragraph than its demand is quoted there, marked, with its number."""
    selection = shipped.select(theme="negotiated_solution")
    exhibits.quotations(selection, selection.rows[selection.rows["id"] == "wehrey-lacher-2019-31"])
    html = str(exhibits.evidence(selection).html)
    assert "“one that does not include Haftar” (paragraph 55)" in html
    assert "<mark>one that does not include Haftar</mark>" in html
    number = shipped.note("wehrey-lacher-2019-31")
    assert f"Paragraph 55: the condition of note {number}" in html


def test_a_receipt_of_those_who_prescribe_nothing(shipped: Suite) -> None:
    """Where nobody says anything on a theme the note of each article tells what a search finds there."""
    selection = shipped.select(theme="elections")
    for article in selection.articles["id"]:
        note = str(exhibits.notes.read_note(selection, str(article)))
        assert re.search(r"; (silent|nothing coded) on elections \(\d+ terms, ", note)
