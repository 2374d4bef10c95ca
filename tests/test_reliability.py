"""What agreement promises: published values, no praise for silence, a reason for what is undefined."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybook.cli import main
from policybook.measures import reliability
from policybook.measures.coefficients import Units, ac1, alpha, kappa
from policybook.measures.unitizing import alpha_u
from policybook.suite import Suite
from policybook.together import disagreements, toruling

RATERS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
"""Krippendorff's reference data: four raters, twelve units, a dot where a rater gave nothing."""

UNITS = [
    [None if value == "." else int(value) for value in unit]
    for unit in zip(*(rater.split() for rater in RATERS), strict=True)
]

TABLE = [("yes", "yes")] * 80 + [("yes", "no")] * 7 + [("no", "yes")] * 8 + [("no", "no")] * 5


@pytest.mark.parametrize(
    ("scale", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_the_reference_data(scale: str, published: float) -> None:
    """Alpha of Krippendorff's reference data is the published one on every scale."""
    assert alpha(UNITS, scale=scale, order=[1, 2, 3, 4, 5]).value == pytest.approx(
        published, abs=0.0005
    )


def test_ac1_of_the_reference_data() -> None:
    """AC1 of the same data, with values missing, has Gwet's published value and interval."""
    found = ac1(UNITS)
    assert found.value == pytest.approx(0.77544, abs=0.00001)
    assert (found.low, found.high) == (pytest.approx(0.461, abs=0.0005), 1.0)


def test_high_agreement_on_a_rare_code() -> None:
    """Where nearly all is one code, AC1 and kappa are those published for the table."""
    assert ac1(TABLE).value == pytest.approx(0.808, abs=0.0005)
    assert kappa(TABLE).value == pytest.approx(0.314, abs=0.0005)


ABSTRACTORS = (
    [("ectopic", "ectopic")] * 13 + [("aiu", "aiu")] * 20 + [("aiu", "niu")] * 7
    + [("niu", "aiu")] * 4 + [("niu", "niu")] * 56
)  # fmt: skip
"""Two abstractors of a hundred records: an example of Gwet's own package irrCAC."""


def test_intervals_of_a_published_table() -> None:
    """Alpha, AC1 and their intervals are, to a hundredth of their width, those that irrCAC gives."""
    for found, published in (
        (alpha(ABSTRACTORS), (0.7973, 0.680, 0.914)),
        (ac1(ABSTRACTORS), (0.8493, 0.764, 0.935)),
    ):
        assert found.value == pytest.approx(published[0], abs=0.0001)
        assert (found.low, found.high) == pytest.approx(published[1:], abs=0.0025)


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_interval_leaves_each_unit_out(scale: str) -> None:
    """The interval of alpha is what leaving out each unit in turn, all anew, makes of it."""
    kept = [unit for unit in UNITS if sum(value is not None for value in unit) > 1]
    whole = alpha(kept, scale=scale, order=[1, 2, 3, 4, 5])

    def pseudo(units: Units) -> float:
        other = alpha(units, scale=scale, order=[1, 2, 3, 4, 5]).value
        return len(kept) * whole.value - (len(kept) - 1) * other

    parts = [pseudo([*kept[:place], *kept[place + 1 :]]) for place in range(len(kept))]
    error = math.sqrt(sum((p - whole.value) ** 2 for p in parts) / len(kept) / (len(kept) - 1))
    # Student's, ten degrees; of ordinal data the distances stay, which moves it a little.
    far = 0.02 if scale == "ordinal" else 1e-9
    assert whole.low == pytest.approx(whole.value - 2.228138852 * error, abs=far)
    assert whole.high == 1.0


def test_no_interval_that_hangs_on_one_unit() -> None:
    """Where one unit alone makes alpha what it is, no interval stands beside it."""
    assert str(alpha([("a", "a")] * 9 + [("a", "b")])) == "0.000"


def test_unitizing_example_of_2004() -> None:
    """Alpha for unitizing of Krippendorff's example of 2004 is the published one."""
    first = {"c": [(75, 145), (220, 250)], "k": [(30, 90), (150, 200)]}
    second = {"c": [(70, 150), (205, 225), (250, 270)], "k": [(30, 90), (150, 200)]}
    assert alpha_u([first, second], 300).value == pytest.approx(0.8591, abs=0.0005)


SPANS = st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), min_size=1, max_size=4)


@given(SPANS, SPANS)
def test_sharing_nothing_is_no_agreement(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    """Two coders whose passages share no character never seem to agree perfectly."""
    first = {"": [(start, start + size) for start, size in left]}
    second = {"": [(start + 100, start + 100 + size) for start, size in right]}
    found = alpha_u([first, second], 200)
    assert found.reason or found.value < 0.6


def test_one_coder_saw_nothing() -> None:
    """A coder who marked nothing disagrees with one who marked something."""
    assert alpha_u([{"": [(10, 20)]}, {}], 100).value <= 0


def test_text_nobody_coded_adds_little() -> None:
    """Ten times as much text that nobody coded does not turn disagreement into agreement."""
    codings = [{"": [(10, 20)]}, {"": [(30, 40)]}]
    assert all(alpha_u(codings, length).value <= 0 for length in (50, 500, 5000))


def test_not_defined_has_a_reason() -> None:
    """What is not defined is no number, and the reason says why."""
    for found in (alpha([]), ac1([]), kappa([])):
        assert math.isnan(found.value)
        assert "no unit" in str(found)
    same = [("a", "a"), ("a", "a")]
    for found in (alpha(same), ac1(same), kappa(same)):
        assert str(found) == "not defined: only one code was used"
    assert "nobody coded" in str(alpha_u([{}, {}], 10))


def test_no_interval_without_disagreement() -> None:
    """Where nobody disagreed, no interval pretends to be certain."""
    assert str(ac1([("a", "a"), ("b", "b")])) == "1.000"


def test_columns_the_codebook_orders(shipped: Suite) -> None:
    """A near miss on a column that the codebook orders costs less than a far one."""
    assert set(reliability.orders(shipped, "codings/reader-a.csv")) == {"strength", "confidence"}


def test_an_article_only_one_coder_has(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An article in which only one coder has rows is left out and named, unless asked for."""
    table = base / "recommendations.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    (base / "codings").mkdir(exist_ok=True)
    articles = [line.split(",")[1] for line in lines[1:]]
    kept = [line for line, name in zip(lines[1:], articles, strict=True) if name == articles[0]]
    (base / "codings" / "second.csv").write_text("".join([lines[0], *kept]), "utf-8")
    call = ["agree", "recommendations.csv", "codings/second.csv", "--suite", str(base)]
    assert main(call) == 0
    told = capsys.readouterr().out
    other = next(name for name in articles if name != articles[0])
    assert f"Left out, with rows of one coder only: {other}" in told
    assert main([*call, "--articles", f"{articles[0]},{other}"]) == 0
    assert "Left out" not in capsys.readouterr().out
    assert main([*call, "--articles", "nobody"]) == 2


def test_disagreements_side_by_side(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Disagreements are shown in their words, those that turn a finding before those that turn none."""
    table = (base / "recommendations.csv").read_text("utf-8")
    other = table.replace("talks,supports,should,,,,anna-lind", "talks,opposes,should,,,,anna-lind")
    other = other.replace("other,supports,could", "other,supports,should")
    (base / "codings").mkdir(exist_ok=True)
    (base / "codings" / "second.csv").write_text(other, "utf-8")
    call = ["agree", "recommendations.csv", "codings/second.csv", "--show", "--suite", str(base)]
    assert main(call) == 0
    told = capsys.readouterr().out.split("\n\n", 2)[2]
    assert told.startswith("2 disagreements. Turning a finding, and first here: 1. Not ruled")
    assert "1. averna-2031, paragraph" in told
    assert "stance: supports | opposes" in told
    assert told.index("finding, by codings/second.csv: ") < told.index("2. belmar-2032")
    assert "finding, by" not in told[told.index("2. belmar-2032") :]
    assert "strength: could | should" in told


def coding(*rows: tuple[int, int, str, str]) -> pd.DataFrame:
    """Return a coding of one article: begin, end, instrument and strength of each row."""
    table = pd.DataFrame(rows, columns=["start", "end", "instrument", "strength"])
    return table.assign(article="a", id=[str(n) for n in range(len(table))])


THREE = (
    coding((0, 10, "talks", "must"), (20, 30, "gates", "should"), (40, 50, "talks", "must")),
    coding((0, 10, "talks", "must"), (22, 30, "gates", "must"), (60, 70, "talks", "must")),
    coding((2, 12, "talks", "should"), (20, 28, "gates", "must")),
)


def test_three_coders() -> None:
    """Of three coders each passage is one unit, with the rows of those who saw it."""
    assert reliability.matched(*THREE) == [(-1, 2, -1), (0, 0, 0), (1, 1, 1), (2, -1, -1)]
    lines = reliability.agreement(THREE).set_index("column")
    # Six pairs saw the first two units together; each of the others was missed by two pairs.
    assert lines.loc["unit", ["units", "coders", "agreed", "share"]].tolist() == [4, 3, 2, 6 / 10]
    # Of the six pairs of codes of strength one is equal in each unit.
    assert lines.loc["strength", ["units", "agreed", "share"]].tolist() == [2, 0, 2 / 6]
    units = [("must", "must", "should"), ("should", "must", "must")]
    assert lines.loc["strength", "alpha"] == alpha(units)
    assert str(lines.loc["instrument", "kappa"]) == "not defined: it is of two coders"


def test_two_rows_of_one_passage() -> None:
    """Of two rows that one coder has of a passage, the other's meets that with its instrument."""
    first = coding((0, 10, "talks", "must"), (0, 10, "gates", "must"))
    assert reliability.matched(first, coding((0, 10, "gates", "must"))) == [(0, -1), (1, 0)]
    assert len(reliability.matched(first, first, first)) == 2


@given(st.permutations(range(3)))
def test_the_order_of_coders_is_none(order: list[int]) -> None:
    """Whichever coding is named first, units, shares and coefficients are the same."""
    shares = reliability.agreement([THREE[place] for place in order])
    assert shares.astype(str).equals(reliability.agreement(THREE).astype(str))


def test_rulings(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not ruled on is printed as lines of the log; completed they check, and are shown."""
    rows = (base / "codings" / "reader-b.csv").read_text("utf-8").splitlines(keepends=True)
    (base / "codings" / "anna.csv").write_text("".join(rows[:2]), "utf-8")
    log = base / "codings" / "adjudication.csv"
    call = ["agree", "codings/reader-a.csv", "codings/anna.csv", "--suite", str(base)]
    call += ["--articles", "averna-2031,belmar-2032"]
    assert main([*call, "--rulings"]) == 0
    lines = capsys.readouterr().out
    assert lines == (
        "r001,belmar-2032,ra-02,anna:,,unit,,\nr002,averna-2031,ra-01,anna:rb-01,,strength,,\n"
    )
    before = log.read_text("utf-8")
    log.write_text(before + lines, "utf-8")
    assert main(["check", "--suite", str(base)]) == 1
    assert "adjudication.csv:3:ruling  `ruling` is empty" in capsys.readouterr().out
    log.write_text(before + lines.replace(",,\n", ",reader-b,It is a duty.\n"), "utf-8")
    assert main(["check", "--suite", str(base)]) == 0
    assert main([*call, "--rulings"]) == 0
    capsys.readouterr()
    assert main([*call, "--show"]) == 0
    assert "ruled (r002) on strength: reader-b. It is a duty." in capsys.readouterr().out
    log.write_text(log.read_text("utf-8").replace("anna:rb-01", "ana:rb-01"), "utf-8")
    assert main(["check", "--suite", str(base)]) == 1
    told = capsys.readouterr().out
    assert 'adjudication.csv:4:reader_b  "ana:rb-01" is a row of the coding "ana"' in told
    assert "codings:  recommendations, anna, reader-a, reader-b" in told
    log.write_text(log.read_text("utf-8").replace("ana:rb-01", "ana:"), "utf-8")
    assert main(["check", "--suite", str(base)]) == 1
    assert '"ana:" is a row of the coding "ana"' in capsys.readouterr().out


def test_every_disagreement_was_ruled_on(shipped: Suite) -> None:
    """As the shipped codings say, no disagreement of the two readers is without a ruling."""
    for kind in ("", "-diagnoses"):
        found = reliability.compare(shipped, *(f"codings/reader-{n}{kind}.csv" for n in "ab"))
        listed = disagreements.disagreements(shipped, found)
        assert listed
        assert toruling.lines(shipped, listed) == ""
