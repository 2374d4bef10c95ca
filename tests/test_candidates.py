"""Candidates: sentences that look like recommendations, proposed and never counted."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import policybook as pb
from policybook.findings import candidates as said
from policybook.measures import candidates
from policybook.problems import PolicybookError
from policybook.suite import Suite, open_suite
from policybook.together import suggest

ROOT = Path(__file__).parent.parent


def read(words: str, suite: Suite) -> dict[str, object]:
    """Return what one sentence looks like."""
    rows = pd.DataFrame({"id": [], "article": [], "start": [], "end": []})
    (found,) = candidates.sentence_table(words, article="a", book=suite.book, rows=rows).to_dict(
        "records"
    )
    return {str(name): value for name, value in found.items()}


@pytest.mark.parametrize(
    ("words", "looks"),
    [
        ("Washington must impose sanctions now.", "author must sanctions united-states"),
        ("Egypt should stop.", "author should pressure_egypt_uae egypt"),
        ("The United States could impose sanctions.", "author could sanctions united-states"),
        ("Libya rejected sanctions.", "reported should sanctions "),
    ],
)  # fmt: skip
def test_what_a_sentence_looks_like(shipped: Suite, words: str, looks: str) -> None:
    """A cue proposes voice, strength and addressee; the codebook's terms propose the instrument."""
    found = read(words, shipped)
    assert found["candidate"]
    parts = ("voice", "strength", "instrument", "addressee")
    assert " ".join(str(found[part]) for part in parts) == looks


@pytest.mark.parametrize(
    "words", ["The war began in April.", "Sanctions were imposed in 2014.", "He told us of it.", ""]
)
def test_no_candidate(shipped: Suite, words: str) -> None:
    """A sentence without a cue is none, whatever it is about."""
    table = candidates.sentence_table(
        words, article="a", book=shipped.book, rows=shipped.rows.iloc[:0]
    )
    assert not table["candidate"].any()


def test_counts_by_hand(shipped: Suite) -> None:
    """Recall and precision are counted sentence by sentence: by the author, and by anybody."""
    words = "Egypt must stop. Egypt called for talks. Libya should vote. It is late. It rains."
    rows = pd.DataFrame({"id": ["r1", "r2", "r3"], "article": "a", "start": [0, 17, 60], "end": [5, 20, 62]})  # fmt: skip
    found = candidates.sentence_table(words, article="a", book=shipped.book, rows=rows)
    assert list(found["rows"]) == ["r1", "r2", "", "r3", ""]
    voices = {"r1": "author", "r2": "reported", "r3": "coauthored"}
    assert candidates.measured(found, voices) == {
        "sentences": 5, "authorial": 2, "found": 1, "candidates": 3, "right": 2,
    }  # fmt: skip


def test_the_aim_on_the_shipped_table(shipped: Suite) -> None:
    """Candidates hold nine of ten recommendations of the shipped authors, and half of them are coded."""
    found = pd.concat([said.sentences_of(shipped, name) for name in shipped.articles["id"]])
    voices = dict(zip(shipped.rows["id"], shipped.rows["voice"], strict=True))
    counted = candidates.measured(found, voices)
    assert counted["found"] >= 0.9 * counted["authorial"] > 30
    assert counted["right"] >= 0.5 * counted["candidates"]
    told = said.figures(shipped)
    assert f"{counted['found']} of {counted['authorial']} (" in told
    assert f"{counted['right']} of {counted['candidates']} (" in told


def test_measured_with_these_rules() -> None:
    """The figures of further texts belong to the rules as they are: whoever changes a rule measures again."""
    assert said.told()["rules"] == candidates.version_of_rules()
    assert len(said.told()["sources"]) == said.told()["texts"]


def test_old_figures_say_so(shipped: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of other rules are told as such."""
    assert "rules have changed" not in said.figures(shipped)
    monkeypatch.setattr(candidates, "version_of_rules", lambda: "other")
    assert "The rules have changed since" in said.figures(shipped)


def copied(folder: Path) -> Path:
    """Copy the shipped suite."""
    for name in ("seeds", "codings", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_drafts_check_and_never_count(tmp_path: Path) -> None:
    """Draft rows can be pasted as they are: the suite checks, names each, and counts none."""
    folder = copied(tmp_path / "suite")
    suite = open_suite(folder)
    drafts = [suggest.rows(suite, name) for name in suite.articles["id"]]
    lines = [line for draft in drafts for line in csv.reader(io.StringIO(draft))]
    assert len(lines) > 10
    with (folder / "recommendations.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("".join(f"{draft}\n" for draft in drafts if draft))
    again = open_suite(folder)
    assert [p.code for p in again.warnings].count("draft") == len(lines)
    ids = ["id", "quote", "voice", "instrument"]
    pd.testing.assert_frame_equal(again.rows[ids], suite.rows[ids])
    assert suggest.rows(again, "wehrey-lacher-2019").count("draft") == suggest.rows(
        suite, "wehrey-lacher-2019"
    ).count("draft")


def test_no_place_for_drafts(tmp_path: Path) -> None:
    """Where the table has no column for drafts, that is said, with what to do."""
    folder = copied(tmp_path / "suite")
    path = folder / "recommendations.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns="status")
    table.to_csv(path, index=False)
    with pytest.raises(PolicybookError, match="no column `status`"):
        suggest.rows(open_suite(folder), "mei-2014")


def test_as_a_person_calls_it() -> None:
    """`policybook suggest` tells words, reasons and how far to trust it; a wrong name is told."""
    command = [sys.executable, "-m", "policybook.cli", "suggest", "--suite", str(ROOT)]
    told = subprocess.run([*command, "mei-2014"], capture_output=True, text=True, check=True).stdout
    assert "look like recommendations" in told
    assert "further texts that the rules were not written against" in told
    wrong = subprocess.run([*command, "mei-2015"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "mei-2014" in wrong.stderr


def test_a_text_marked(shipped: Suite) -> None:
    """A page shows every sentence of the article once, coded passages and candidates marked in words."""
    shown = BeautifulSoup(
        str(pb.passages_and_candidates(shipped.select(), "mei-2014").html), "html.parser"
    )
    found = said.sentences_of(shipped, "mei-2014")
    assert len(shown.select("[data-sentence]")) == len(found)
    coded = shown.select("[data-sentence=coded]")
    proposed = shown.select("[data-sentence=candidate]")
    assert len(coded) == int((found["rows"] != "").sum())
    assert len(proposed) == int((found["candidate"] & (found["rows"] == "")).sum())
    assert all("Not coded" in one.get_text() for one in proposed)
