"""Robustness: which setting breaks a finding, found by trying every one, the same on every run."""

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made import make_suite, tries
from policybook import exhibits, findings, robustness
from policybook.findings.finding import Finding, number, numbers, sentence
from policybook.findings.wording import counted
from policybook.robustness import changes, page
from policybook.suite import Selection, Suite, open_suite

Rows = Sequence[Mapping[str, str]]
TRIED = [
    "without Khalid Mahmoud (2011)",
    "without Wehrey and Lacher (2012)",
    "without Jason Pack (2013)",
    "under another coding (first machine reader)",
    "without rows of low confidence",
    "without rows of medium or low confidence",
    "if distinct recommendations are counted",
    "if coded rows are counted",
    "if articles are counted",
    "if years are counted",
]


def with_coding(suite: Suite, keep: Callable[[dict[str, str]], bool]) -> Suite:
    """Return a suite that also holds another coding: those of its rows that pass."""
    root = suite.material.root
    with (root / "recommendations.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, "coder": "reader-a"} for row in csv.DictReader(file)]
    with (root / "codings" / "reader-a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if keep(row))
    return open_suite(root)


def by(article: str, instrument: str = "sanctions", **cells: str) -> dict[str, str]:
    """Return a row in the author's own voice."""
    return {"article": article, "instrument": instrument, **cells}


FIRM = [by("a"), by("b"), by("c"), by("a", "ceasefire"), by("b", "ceasefire")]
"""Three authors for sanctions, each of them sure: nothing can break that."""


def theme(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the lines of a tally on one theme."""
    return table[table["code"].str.startswith("theme") & (table["subject"] == name)]


def test_a_finding_that_never_breaks(tmp_path: Path) -> None:
    """What several sure authors say under every coding and every rule is said to be unbroken, after every setting was tried."""
    suite = with_coding(make_suite(tmp_path / "s", FIRM), lambda _: True)
    table = robustness.tally(suite.select(), findings.who_recommends_what)
    mine = theme(table, "sanctions")
    assert mine["setting"].tolist() == TRIED
    assert mine["holds"].all()
    assert robustness.breaking(mine) == [""]
    found = robustness.firm(suite.select(), findings.who_recommends_what)
    assert [f.caveat for f in found if f.subject == "sanctions"] == [""]
    assert any(f.text.startswith("Sanctions") for f in robustness.unbroken(table))


@pytest.mark.parametrize(
    ("rows", "kept", "broken"),
    [
        ([by("a", "exclude_haftar")], "", TRIED[0]),
        ([by("a", "exclude_haftar"), by("b", "exclude_haftar", confidence="medium")], "", TRIED[5]),
        ([by("a", "exclude_haftar"), by("c", "exclude_haftar")], "c-006", TRIED[3]),
    ],
)
def test_exactly_one_setting(tmp_path: Path, rows: Rows, kept: str, broken: str) -> None:
    """A finding that hangs on one article, one doubt or one coder breaks under that setting and no other."""
    suite = with_coding(make_suite(tmp_path / "s", [*FIRM, *rows]), lambda row: row["id"] != kept)
    table = robustness.tally(suite.select(), findings.who_recommends_what)
    mine = theme(table, "exclude_haftar")
    assert mine.loc[~mine["holds"], "setting"].tolist() == [broken]
    assert theme(table, "sanctions")["holds"].all()
    words = robustness.breaking(mine)[0]
    assert words == ("Needs the one article behind it." if broken == TRIED[0] else f"Not {broken}.")
    caveats = robustness.firm(suite.select(), findings.who_recommends_what)
    assert [f.caveat for f in caveats if f.subject == "exclude_haftar"] == [words]


def repeated(selection: Selection) -> list[Finding]:
    """Return how many units the selection has, by its counting rule."""
    return [Finding(numbers(*counted(selection, selection.rows)), code="units")]


def test_counting_rule(tmp_path: Path) -> None:
    """A number that grows with repetitions breaks under the rules that count otherwise, and no other."""
    rows = [by("a"), by("a", repeat_of="a-000"), by("a", "ceasefire")]
    table = robustness.tally(make_suite(tmp_path / "s", rows, articles=1).select(), repeated)
    broken = table.loc[~table["holds"], ["setting", "text"]].to_numpy().tolist()
    assert broken == [[TRIED[-3], "three"], [TRIED[-2], "one"], [TRIED[-1], "one"]]


def test_asked_otherwise(tmp_path: Path) -> None:
    """Another way to put the question is one more setting, under the name it is given."""
    suite = make_suite(tmp_path / "s", FIRM)
    table = robustness.tally(
        suite.select(),
        findings.most_shared,
        otherwise={"if nobody is asked": lambda _: [], "if all are asked": findings.most_shared},
    )
    assert table.loc[table["change"] == "question", ["setting", "holds"]].to_numpy().tolist() == [
        ["if nobody is asked", False],
        ["if all are asked", True],
    ]


def test_a_list_that_only_loses_the_article_left_out_stands(tmp_path: Path) -> None:
    """A sentence that names one author fewer, because he was left out, is not called broken; one that names another is."""
    rows = [by("a"), by("b"), by("c", "ceasefire"), by("b", "ceasefire")]
    suite = make_suite(tmp_path / "s", rows)
    table = robustness.tally(suite.select(), findings.who_recommends_what)
    assert theme(table, "sanctions")["holds"].all()
    shared = robustness.tally(suite.select(), findings.most_shared)
    lost = shared[~shared["holds"]].set_index("setting")["text"].to_dict()
    assert lost == {
        TRIED[0]: "Most widely supported, by two articles: a ceasefire.",
        TRIED[1]: "",
        TRIED[2]: "Most widely supported, by two articles: sanctions.",
    }


def the_first(selection: Selection) -> list[Finding]:
    """Return which article comes first, without any rows."""
    return [Finding(f"The first: {selection.articles['label'].iloc[0]}.", code="first")]


def test_a_sentence_about_one_article(tmp_path: Path) -> None:
    """What is said of one article breaks without it, though the same is then said of another."""
    table = robustness.tally(make_suite(tmp_path / "s", FIRM).select(), the_first)
    lost = table.loc[~table["holds"], ["setting", "text"]].to_numpy().tolist()
    assert lost == [[TRIED[0], "The first: Wehrey and Lacher (2012)."]]
    assert robustness.breaking(table) == ["Needs the one article behind it."]


def lonely(selection: Selection) -> list[Finding]:
    """Return that one row of the second article stands alone among so many articles, and one of the first."""
    many = number(len(selection.articles))
    found = [Finding(f"Alone among {many}.", ("b-001",), "lonely")]
    return [*found, Finding("For a ceasefire.", ("a-000",), "sure")]


def test_resting_on_one_article_alone(tmp_path: Path) -> None:
    """Only what breaks without one article and without no other rests on it alone; of the rest every article is named that breaks it."""
    suite = make_suite(tmp_path / "s", [by("a", "ceasefire"), by("b")])
    table = robustness.tally(suite.select(), lonely)
    alone = [one.text for one in robustness.verdict(table) if one.code == "firm-alone"]
    assert alone == ["Resting on one article alone: “For a ceasefire”."]
    assert robustness.breaking(table) == [
        f"Not {TRIED[0]}; not {TRIED[1]}; not {TRIED[2]}.",
        "Needs the one article behind it.",
    ]


def fallen(
    selection: Selection, ask: Callable[..., list[Finding]], *arguments: str
) -> dict[str, list[str]]:
    """Return which findings of a question fall under which settings, by their beginnings."""
    table = robustness.tally(selection, lambda one: ask(one, *arguments))
    missing = table[~table["holds"]]
    heads = missing["finding"].str.split(":").str[0]
    return heads.groupby(missing["setting"], sort=False).agg(list).to_dict()


def test_what_is_merely_not_said_again_stands(tmp_path: Path) -> None:
    """That nothing is there, or what rests on other articles, does not fall with an article for being left unsaid."""
    aimed = by("a", target="egypt", confidence="low")
    suite = make_suite(tmp_path / "s", [aimed, by("b", "ceasefire")])
    pair = suite.select(articles=["a", "c"])
    assert fallen(pair, findings.two_articles, "a", "c")[TRIED[0]] == [
        "Khalid Mahmoud (2011) and Jason Pack (2013) – headings in common",
        "Prescribed by Khalid Mahmoud (2011) alone – for sanctions (doubtful).",
    ]
    on_sanctions = suite.select(theme="sanctions", alone=True)
    assert fallen(on_sanctions, findings.one_theme)[TRIED[0]] == [
        "For sanctions",
        "At its firmest",
        "No condition is attached to it.",
    ]
    actor = fallen(suite.select(), findings.one_actor, "egypt")[TRIED[0]]
    assert actor == ["Aimed at Egypt in particular"]
    assert TRIED[0] not in fallen(suite.select(), findings.most_shared)
    none = ["The same demand in two of the articles compared", "Opposite demands in two of the articles compared"]  # fmt: skip
    agreed = fallen(suite.select(articles=["a", "b"]), findings.where_they_agree)[TRIED[0]]
    assert not {*none} & {*agreed}


def test_how_many_relay_is_no_part_of_it(tmp_path: Path) -> None:
    """That no author takes a position stands though one article fewer relays what others ask."""
    relayed = {"voice": "reported", "speaker": "haftar"}
    rows = [*FIRM, by("a", "exclude_haftar", **relayed), by("b", "exclude_haftar", **relayed)]
    suite = make_suite(tmp_path / "s", rows)
    table = robustness.tally(suite.select(), findings.who_recommends_what)
    assert theme(table, "exclude_haftar")["holds"].all()


def test_who_falls_silent_rests_on_who_spoke(tmp_path: Path) -> None:
    """That a later article leaves a demand out falls without the earlier one that makes it."""
    suite = make_suite(tmp_path / "s", [by("a"), by("b", "ceasefire")], articles=2)
    heads = fallen(suite.select(), findings.recurrence)
    silent = next(h for h in heads[TRIED[0]] if h.startswith("Sanctions, afterwards"))
    assert silent in heads[TRIED[1]]


def test_fewer_rows_support_nothing_more(tmp_path: Path) -> None:
    """That no instrument is supported by two articles has no caveat of doubtful rows."""
    rows = [by("a", confidence="low"), by("b", "ceasefire")]
    suite = make_suite(tmp_path / "s", rows)
    (none,) = robustness.firm(suite.select(), findings.most_shared)
    assert (none.text, none.caveat) == ("No instrument is supported by two articles.", "")


def test_how_many_are_hidden_is_no_part_of_it(tmp_path: Path) -> None:
    """A position stands without an article of which it only says that the filters hide it."""
    rows = [by("a"), by("b", confidence="low"), by("c", "ceasefire", confidence="low")]
    selection = make_suite(tmp_path / "s", rows).select(confidence="high")
    assert TRIED[1] not in fallen(selection, findings.who_recommends_what)
    themed = findings.on_theme(selection, "sanctions")
    assert TRIED[1] not in fallen(themed, findings.one_theme)


ONE_VOICE = {"b": {"possible_authors": "khalid-mahmoud (text, 0.5)"}}
"""What may make one voice of the articles a and b."""

BOTH = "without the voice behind Khalid Mahmoud (2011) and Wehrey and Lacher (2012)"


def test_a_voice_is_left_out_as_well(tmp_path: Path) -> None:
    """What two articles say that may be one voice is not called unbroken: both are left out together."""
    rows = [by("a"), by("b"), by("c", "ceasefire")]
    suite = make_suite(tmp_path / "s", rows, facts=ONE_VOICE)
    table = robustness.tally(suite.select(), findings.who_recommends_what)
    mine = theme(table, "sanctions")
    assert mine.loc[~mine["holds"], "setting"].tolist() == [BOTH]
    assert robustness.breaking(mine) == [f"Not {BOTH}."]
    voice = [one.text for one in robustness.verdict(table) if one.code == "firm-alone-voice"]
    assert voice == ["Resting on one voice alone: “Sanctions – for it”."]
    (told, *_) = doubted(suite.select(), findings.who_recommends_what)
    said = (
        f"{sentence(BOTH)}, one of four findings of this page does not stand: “Sanctions – for it”."
    )
    assert told.text == said
    pair = suite.select(articles=["a", "b"])  # without that voice nothing is left
    all_of_it = robustness.tally(pair, findings.who_recommends_what)
    assert robustness.breaking(theme(all_of_it, "sanctions")) == [f"Not {BOTH}."]
    assert robustness.breaking(theme(all_of_it, "exclude_haftar")) == [""]
    independent = make_suite(tmp_path / "t", rows).select()
    assert not [one for one in robustness.settings(independent) if one.change == "voice"]


def test_a_voice_is_not_named_beside_its_article(tmp_path: Path) -> None:
    """Where one article of a voice breaks a finding, the voice is not named besides; it still rests on that voice alone."""
    rows = [by("a"), by("b"), by("c", "ceasefire")]
    suite = make_suite(tmp_path / "s", rows, facts=ONE_VOICE)
    table = robustness.tally(suite.select(), findings.most_shared)
    assert robustness.breaking(table) == ["Needs each of the two articles behind it."]
    heads = [one.text for one in robustness.verdict(table) if one.code == "firm-alone-voice"]
    assert len(heads) == 1


def test_of_many_rows_no_voice_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so many rows that little may be read again, no voice is sought, and the page says so."""
    suite = make_suite(tmp_path / "s", FIRM, facts=ONE_VOICE)
    assert robustness.untried(suite.select()) == []
    monkeypatch.setattr(changes, "ROWS_AGAIN", 5 * len(FIRM))
    monkeypatch.setattr(changes, "voice_groups", None)
    kinds = [one.change for one in robustness.settings(suite.select())]
    assert "voice" not in kinds
    said = "Not tried, of so many rows: articles of one voice left out together."
    assert said in robustness.untried(suite.select())


def test_a_coding_of_a_sample_is_not_held_against_the_rest(tmp_path: Path) -> None:
    """A coder who has nothing on some article with rows does not break what is said of it; the page says that the coding was not tried."""
    suite = with_coding(make_suite(tmp_path / "s", FIRM), lambda row: row["article"] != "c")
    tried = [one.words for one in robustness.settings(suite.select())]
    assert TRIED[3] not in tried
    assert any("codings/reader-a.csv" in words for words in robustness.untried(suite.select()))
    narrow = suite.select(articles=["a", "b"])
    assert TRIED[3] in [one.words for one in robustness.settings(narrow)]
    assert robustness.untried(narrow) == []


def doubted(selection: Selection, *asks: Any, **named: object) -> list[Finding]:
    """Return what a page with these questions says of its own firmness, but for the size of the tally."""
    told = robustness.doubts(selection, robustness.tried(selection, *asks, **named))
    assert told[-1].code in {"doubts-tally", "doubts-untried"}
    return [one for one in told if one.code != "doubts-tally"]


def test_doubts_of_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page names those of its sentences that fall with doubtful rows, under another coding or, unseen, with an article; the lowest floor alone; nothing to try, or too much, is said."""
    rows = [*FIRM, by("a", "exclude_haftar", confidence="low"), by("c", "algerian_mediation")]
    suite = with_coding(make_suite(tmp_path / "s", rows), lambda row: row["id"] != "c-006")

    def texts(suite: Suite) -> list[str]:
        return [one.text for one in doubted(suite.select(), findings.who_recommends_what)]

    assert texts(suite) == [
        f"{sentence(TRIED[3])}, one of four findings of this page does not stand: “Algerian mediation – for it”.",
        f"{sentence(TRIED[4])}, one of four findings of this page does not stand: “Excluding Haftar – for it”.",
        page.NEEDED,
    ]
    firm = with_coding(make_suite(tmp_path / "firm", FIRM), lambda _: True)
    stays = (
        f"Asked again, every finding stays as it is: {TRIED[3]}."  # a list loses who is left out
    )
    assert texts(firm) == [stays, page.NEEDED]
    alone = make_suite(tmp_path / "alone", FIRM[:1], articles=1)
    assert texts(alone) == [
        "Every row here is sure to its coder, and there is no other coding to ask."
    ]
    bare = make_suite(tmp_path / "bare", [], articles=1)
    assert texts(bare) == ["No recommendation is coded here, and there is no other coding to ask."]
    hidden = doubted(alone.select(voices="reported"), findings.who_recommends_what)
    assert [one.text for one in hidden] == [
        "The filters leave no recommendation here, and there is no other coding to ask."
    ]
    us, egypt = {"addressee": "united-states"}, {"addressee": "egypt"}
    asked = [by("a", **us), by("a", "elections", **us), by("b", "ceasefire", **us), by("b", **egypt), by("c", **egypt)]  # fmt: skip
    several = make_suite(tmp_path / "several", asked).select()
    told = [one.text for one in doubted(several, findings.who_is_asked)]
    most = "one of two findings of this page does not stand: “Most often addressed, counted in courses of action”."
    tied = f"{TRIED[0]}, if articles are counted or if years are counted"  # each has two then
    assert told == [f"{sentence(tied)}, {most}", page.NEEDED]
    monkeypatch.setattr(page, "MOST_ROWS", 3)
    assert texts(suite) == [
        "Whether the answer hangs on doubtful rows was not tried on so many of them."
    ]


def test_every_question_can_be_asked_for(shipped: Suite) -> None:
    """The certificate can be asked for every question, and the normalisation is one of the ways to put one."""
    assert shipped.choices("question") == list(robustness.QUESTIONS)
    table = robustness.tally_of(shipped.select(), "nearness")
    weighed = table[table["setting"].str.startswith("if nearness is weighed")]
    assert weighed["setting"].nunique() == 4
    first = weighed[weighed["place"] == 0].set_index("setting")["holds"].to_dict()
    assert not any(first.values())  # as counted the two longest articles, by any other measure not
    assert set(table["change"]) == set(changes.CHANGES)


def test_many_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many articles only those with most rows are left out one by one, and the page says how many were not."""
    monkeypatch.setattr(changes, "MOST_LEFT_OUT", 4)
    rows = [by(chr(97 + n)) for n in range(9)] + [by("g"), by("i")]
    selection = make_suite(tmp_path / "s", rows, articles=9).select()
    left_out = [one.without for one in robustness.settings(selection) if one.without]
    assert left_out == ["a", "b", "g", "i"]
    assert robustness.untried(selection) == [
        "Articles left out one by one: the four with most rows; not tried: five others."
    ]


def test_no_two_settings_look_alike(tmp_path: Path) -> None:
    """Two articles of one author and month are still two settings, each under words of its own."""
    same = {"speaker": "khalid-mahmoud", "earliest": "2011-03-07", "latest": "2011-03-07"}
    suite = make_suite(tmp_path / "s", FIRM, facts={"b": {**same, "published": "2011-03-07"}})
    words = [one.words for one in robustness.settings(suite.select())]
    assert len(set(words)) == len(words)
    assert {
        "without Khalid Mahmoud (5 March 2011)",
        "without Khalid Mahmoud (7 March 2011)",
    } <= set(words)


def test_nothing_selected(shipped: Suite) -> None:
    """A selection without articles has no tally, and every exhibit says so in a sentence."""
    selection = shipped.select(from_date="2030")
    table = robustness.tally(selection, findings.headlines)
    assert table.empty
    assert list(table) == robustness.COLUMNS
    shown = [
        exhibits.firmness(selection, table),
        exhibits.certificate(selection, table),
        exhibits.settings_tried(selection, table),
        exhibits.reads_otherwise(selection, table),
    ]
    said = [robustness.verdict(table), robustness.broken(table), robustness.unbroken(table)]
    assert all(one.text for one in shown)
    assert all(f.text for found in said for f in found)


def test_asking_leaves_no_trace(shipped: Suite) -> None:
    """Trying settings numbers no note and changes nothing that is selected."""
    suite = open_suite(shipped.material.root)
    selection = suite.select()
    before = selection.fingerprint()
    robustness.tally(selection, findings.headlines)
    assert suite.notes == {}
    assert suite.select().fingerprint() == before
    assert suite.rows["id"].tolist() == shipped.rows["id"].tolist()


def test_own_coding(shipped: Suite) -> None:
    """In another coding rows and diagnoses are that coder's, and every column is there."""
    other = shipped.with_rows("codings/reader-a.csv")
    assert set(other.rows["coder"]) == {"reader-a"}
    assert other.diagnoses["id"].tolist() != shipped.diagnoses["id"].tolist()
    assert set(shipped.rows) == set(other.rows)
    assert shipped.codings() == ["codings/reader-a.csv", "codings/reader-b.csv"]
    other.note("libya-analysis-2014-01")
    assert "libya-analysis-2014-01" not in open_suite(shipped.material.root).notes
    assert other.notes is not shipped.notes
    with pytest.raises(KeyError):
        shipped.with_rows("codings/nobody.csv")


def test_chart_of_many(tmp_path: Path) -> None:
    """A chart of many settings drops those that break nothing first, and counts what it drops."""
    rows = [by(chr(97 + n)) for n in range(20)] + [by("t", "exclude_haftar")]
    suite = make_suite(tmp_path / "s", rows, articles=20)
    selection = suite.select()
    table = robustness.tally(selection, findings.who_recommends_what)
    shown = exhibits.firmness(selection, table)
    drawn = shown.chart.to_dict()  # type: ignore[attr-defined]
    (data,) = drawn["datasets"].values()
    broken = {str(line["column"]).replace("|", " ") for line in data if line["result"] == "breaks"}
    wanted = set(table.loc[~table["holds"], "setting"])
    assert {words[:40] for words in broken} == {words[:40] for words in wanted}
    assert len(broken) == len(wanted)
    dropped = table["setting"].nunique() - len({line["column"] for line in data})
    assert dropped > 0
    assert (
        f"Left out of the drawing, with no more crosses than these: {number(dropped)} settings."
        in shown.text
    )


ROW = st.fixed_dictionaries({
    "article": st.sampled_from("abc"),
    "instrument": st.sampled_from(["sanctions", "exclude_haftar"]),
    "stance": st.sampled_from(["supports", "opposes"]),
    "confidence": st.sampled_from(["high", "medium", "low"]),
})  # fmt: skip
FLOORS = {TRIED[4]: {"high", "medium"}, TRIED[5]: {"high"}}


def said(rows: pd.DataFrame, name: str) -> set[tuple[str, str]]:
    """Return who stands where on a theme, from the rows alone."""
    mine = rows[rows["instrument"] == name]
    return set(zip(mine["article"].astype(str), mine["stance"].astype(str), strict=True))


@settings(
    max_examples=tries(40), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(st.lists(ROW, min_size=1, max_size=7), st.integers(0, 6))
def test_recount(rows: list[dict[str, str]], dropped: int) -> None:
    """Whatever the table, a second run gives the same tally, and who stands where breaks exactly where a recount of the rows differs."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_suite(Path(folder) / "s", rows)
        gone = f"{rows[dropped % len(rows)]['article']}-{dropped % len(rows):03}"
        suite = with_coding(made, lambda row: row["id"] != gone)
        first, again = (
            robustness.tally(one.select(), findings.who_recommends_what)
            for one in (suite, open_suite(suite.material.root))
        )
        pd.testing.assert_frame_equal(first, again)
        own = suite.rows
        for line in first[first["code"] == "theme"].to_dict("records"):
            now = said(own, line["subject"])
            if line["change"] == "article":
                label = line["setting"].removeprefix("without ")
                left = suite.articles.loc[suite.articles["label"] == label, "id"].item()
                expected = any(article != left for article, _ in now)
            elif line["change"] == "coding":
                expected = (
                    said(suite.with_rows("codings/reader-a.csv").rows, line["subject"]) == now
                )
            elif line["change"] == "confidence":
                seen = own[own["confidence"].isin(FLOORS[line["setting"]])]
                expected = said(seen, line["subject"]) == now
            else:
                expected = True
            assert line["holds"] == expected, line


def test_a_page_is_asked_the_other_way(tmp_path: Path) -> None:
    """Strict is tried where conditions were left aside, and the other way; each question gets what it takes."""
    rows = [by("a", condition_type="goal"), by("b")]
    selection = make_suite(tmp_path / "s", rows, articles=2).select()
    for strict, words in ((True, changes.ASIDE), (False, page.STRICTLY)):
        table = robustness.tried(
            selection, findings.where_they_agree, findings.said_by_one, strict=strict
        )
        (setting,) = table.loc[table["change"] == "question", "setting"].unique()
        broken = set(table.loc[(table["setting"] == words) & ~table["holds"], "code"])
        assert setting == words
        assert broken & {"agree-none", "agree-open", "agree"}
    with pytest.raises(TypeError, match="no question here takes strictly"):
        robustness.tried(selection, findings.where_they_agree, strictly=True)


def test_the_certificate_holds_the_tally(tmp_path: Path) -> None:
    """Each setting has a number, and each finding those that break it or none; counts agree with the tally."""
    rows = [by("a"), by("b"), by("c", "ceasefire", confidence="low")]
    selection = make_suite(tmp_path / "s", rows).select()
    table = robustness.tried(selection, findings.who_recommends_what, findings.most_shared)
    facts = exhibits.colophon(selection, "02-who-recommends-what", tally=table).text
    tried, firm = (
        next(line for line in facts.splitlines() if line.startswith(name))
        for name in ("Settings tried: ", "Firmness: ")
    )
    settings_ = list(table["setting"].unique())
    for n, words in enumerate(settings_, 1):
        assert f"({n}) {words}" in tried
    assert f"{table['holds'].sum()} of {len(table)} times a finding holds." in firm
    for place, lines in table.groupby("place"):
        name = f"“{page.head(lines['finding'].iloc[0])}”"
        numbers = [f"({1 + settings_.index(w)})" for w in lines.loc[~lines["holds"], "setting"]]
        before, _, after = firm.partition("Under all: ")
        where = before if numbers else after
        assert name in where, place
        assert all(one in before.split(name)[1].split(";")[0] for one in numbers)
    assert "Firmness" not in exhibits.colophon(selection, "02-who-recommends-what").text
