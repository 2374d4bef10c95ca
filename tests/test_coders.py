"""What the page on coders promises: every figure with its units, every disagreement in its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import policybook as pb
from policybook.suite import open_suite


def recode(base: Path, old: str, new: str) -> None:
    """Change one place of the second reading."""
    path = base / "codings" / "reader-b.csv"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def said(base: Path) -> list[str]:
    """Return the sentences on a suite's coders."""
    return [one.text for one in pb.coders_agree(pb.coders(open_suite(base)))]


def test_sentences(base: Path) -> None:
    """The answer says what all saw, what bears conclusions, what turns a finding, what was ruled."""
    # Two units, both seen by both. Strength is should and must, should and should: of four codes
    # three are equal, De = 2 * 3 * 1, Do = 2 * 1, so that alpha is 1 - 2 * 3 / 6 = 0.
    assert said(base) == [
        "Both found the same recommendation in 2 of 2 units; alpha-u over the characters of the texts: 1.000.",
        "One unit differs in a passage or a code; one turns a finding.",
        "Alpha, over 2 units, of 0.800 or more, which bears conclusions: instrument, speaker and stance.",
        "Alpha below 0.667, no conclusions: strength.",
        "Alpha not defined, for only one code was used: voice, attitude, kind of condition, means, objective, addressee, target and confidence.",
        "The adjudication log rules on every one.",
    ]


def test_nothing_to_compare(base: Path) -> None:
    """A suite without a second coding gets a sentence, and so does one that shares no article."""
    recode(base, "averna-2031,Both governments should open talks on a common water calendar before the spring floods", "tolm-2033,Two governments publish two different figures")  # fmt: skip
    compared = pb.coders(open_suite(base))
    assert "Left out, for not every coder has rows there" in pb.coders_scope(compared).text
    for name in ("reader-a", "reader-b"):
        (base / "codings" / f"{name}.csv").unlink()
    (base / "codings" / "adjudication.csv").unlink()
    compared = pb.coders(open_suite(base))
    assert said(base)[0].startswith("There is no second coding to compare")
    for show in (pb.agreement_by_column, pb.agreement_drawn, pb.disagreements_that_turn,
                 pb.further_disagreements):  # fmt: skip
        assert show(compared).text


def test_one_other_coding(base: Path) -> None:
    """A single second coding is compared with the table itself."""
    (base / "codings" / "reader-b.csv").unlink()
    (base / "codings" / "adjudication.csv").unlink()
    compared = pb.coders(open_suite(base))
    assert compared.found
    assert compared.found.names == ("recommendations.csv", "codings/reader-a.csv")


def test_disagreement_in_its_paragraph(base: Path) -> None:
    """A disagreement stands in its paragraph, every passage marked, with codes in words and ruling."""
    recode(base, "Both governments should open talks on a common water calendar before the spring floods", "a common water calendar before the spring floods")  # fmt: skip
    page = str(pb.disagreements_that_turn(pb.coders(open_suite(base))).html)
    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert marked == [
        "Both governments should open talks on a common water calendar before the spring floods"
    ]
    text = re.sub(r"<[^>]+>", "|", page)
    assert "|Words|" in text
    assert "|Strength||Should||Must|" in text
    assert "Ruling on strength: |First. The modal verb is" in text


def test_marks_of_two_passages(base: Path) -> None:
    """Passages that only touch one unit are marked apart, and nothing between them is lost."""
    from policybook.together import coders_page
    from policybook.together.disagreements import Disagreement

    compared = pb.coders(open_suite(base))
    assert compared.found
    row = dict(compared.found.rows[0].to_dict("records")[0])
    text = compared.suite.text(str(row["article"]))
    first, other = row | {"end": int(row["start"]) + 4}, row | {"start": int(row["end"]) - 6}
    one = Disagreement(compared.found.names, (first, other), ())
    page = str(coders_page._paragraph(compared, one))
    assert page.count("<mark>") == 2
    assert re.sub(r"</?mark>", "", page) in text


def test_hostile_words(base: Path) -> None:
    """No word of an article, a cell or a ruling becomes markup."""
    log = base / "codings" / "adjudication.csv"
    log.write_text(
        log.read_text("utf-8").replace("The modal", "<script>alert(1)</script>"), "utf-8"
    )
    compared = pb.coders(open_suite(base))
    page = str(pb.disagreements_that_turn(compared).html)
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_codings_that_share_most(base: Path) -> None:
    """By default those codings are compared that share most articles, whoever else coded one."""
    rows = (base / "codings" / "reader-b.csv").read_text("utf-8").splitlines(keepends=True)
    (base / "codings" / "anna.csv").write_text("".join(rows[:2]), "utf-8")
    (base / "codings" / "zoe.csv").write_text("".join(rows), "utf-8")
    compared = pb.coders(open_suite(base))
    assert compared.found
    assert [name[8:-4] for name in compared.found.names] == ["reader-a", "reader-b", "zoe"]


@pytest.mark.parametrize("names", [["recommendations.csv", "codings/reader-b.csv"], []])
def test_named_codings(base: Path, names: list[str]) -> None:
    """Codings are compared in the order in which they are named; by default all but the table."""
    compared = pb.coders(open_suite(base), codings=names)
    assert compared.found
    assert list(compared.found.names) == (names or ["codings/reader-a.csv", "codings/reader-b.csv"])
