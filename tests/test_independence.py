"""What independence promises: articles that may be one voice are never counted as two."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybook import corpus
from policybook.measures.independence import Shared, doubles, groups, voices

SEEDS = Path(__file__).parent.parent / "seeds"
COLUMNS = ["id", "authors", "coauthors", "possible_authors", "speaker"]


def articles(*lines: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return articles a, b, c … from authors, coauthors, possible authors and speaker."""
    return pd.DataFrame([(chr(97 + n), *line) for n, line in enumerate(lines)], columns=COLUMNS)


def words(first: int, last: int) -> str:
    """Return a text of numbered words, all different."""
    return " ".join(f"word{n}" for n in range(first, last))


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the shingles of a text of plain words, as tuples."""
    each = text.split()
    return {tuple(each[n : n + 8]) for n in range(max(len(each) - 7, min(1, len(each))))}


def share(one: str, other: str) -> float:
    """Return the share of shared shingles of the smaller text."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


ACTOR = st.sampled_from(["", "x", "y", "x; z"])
GUESS = st.sampled_from(["", "x (inferred, 0.5)", "y (text, 0.1); z (inferred, 0)", "malformed"])
LINES = st.lists(
    st.tuples(ACTOR, ACTOR, GUESS, st.sampled_from(["", "s", "t", "u", "v"])), max_size=6
)
PASSAGE = st.sampled_from([words(n, n + 12) for n in range(0, 60, 6)])
TEXTS = st.lists(st.lists(PASSAGE, max_size=4).map(" ".join), max_size=6)


def named(texts: list[str]) -> dict[str, str]:
    """Return texts by the ids a, b, c and so on."""
    return {chr(97 + n): text for n, text in enumerate(texts)}


def test_shipped_suite() -> None:
    """The two pieces of late 2014, which may share Karim Mezran, are one voice of the shipped four."""
    read = corpus.read(SEEDS)
    facts = pd.DataFrame({name: read.cells.column(name) for name in COLUMNS})
    found = groups(facts, {article: read.text(article) or "" for article in facts["id"]})
    said = voices(facts["id"], found)
    assert said.number == 4
    pair = ("libya-analysis-2014", "mei-2014")
    assert said.caveats == (
        Shared(pair, "karim-mezran", "author", (1.0, 0.65), ("coauthor", "inferred")),
    )
    assert found.set_index("article").loc[list(pair), "reason"].tolist() == [
        "karim-mezran (coauthor)",
        "karim-mezran (inferred, 0.65)",
    ]
    assert voices(["mei-2014", "wehrey-lacher-2019"], found) == (2, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("x", "", "", ""), ("x; y", "", "", "")),
        (("x", "", "", ""), ("", "x", "", "")),
        (("x", "", "", ""), ("", "", "x (inferred, 0.01)", "")),
        (("", "", "x (text, 0.5)", ""), ("", "", "y (text, 0.5); x (text, 0.5)", "")),
        (("", "", "", "paper"), ("", "", "", "paper")),
        (("", "", "", "x"), ("x", "", "", "")),
    ],
)
def test_one_voice(one: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> None:
    """Two articles with a common author, coauthor, possible author or speaker are one voice."""
    assert voices(["a", "b"], groups(articles(one, other), {})).number == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("x", "", "", "p"), ("y", "", "", "q")),
        (("x", "", "", ""), ("", "", "x (inferred, 0)", "")),
        (("x", "", "", ""), ("", "", "x, perhaps", "")),
        (("", "", "", ""), ("", "", "", "")),
    ],
)
def test_two_voices(one: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> None:
    """Without an actor in common, or with a share of 0 or an unreadable one, they are two."""
    assert voices(["a", "b"], groups(articles(one, other), {})) == (2, ())


def worked(name: str) -> pd.DataFrame:
    """Read an example worked by hand; its column `working` holds the working."""
    path = Path(__file__).parent / "worked" / f"independence-{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_the_groups_worked_by_hand() -> None:
    """Who is one voice with whom, why, and how many voices some articles are, is as worked by hand."""
    given = worked("articles")
    texts = {
        name: words(int(first), int(last) + 1)
        for name, first, last in zip(given["id"], given["first"], given["last"], strict=True)
    }
    found = groups(given, texts)
    expected = worked("groups")[["article", "group", "reason"]]
    assert found[list(expected)].to_numpy().tolist() == expected.to_numpy().tolist()
    for line in worked("voices").to_dict("records"):
        assert voices(line["articles"].split("; "), found).number == int(line["number"])


def test_being_one_voice_passes_on() -> None:
    """Two articles that only a third connects are one voice, and the caveat says through others."""
    found = groups(articles(("x", "", "", ""), ("x; y", "", "", ""), ("y", "", "", "")), {})
    assert found["group"].tolist() == ["a", "a", "a"]
    said = voices(["a", "c"], found)
    assert said == (1, (Shared(("a", "c"), "", "through others", ()),))
    assert [c.to for c in voices("abc", found).caveats] == ["x", "y"]
    four = [("x", "", "", ""), ("x; y", "", "", ""), ("y; z", "", "", ""), ("z", "", "", "")]
    told = voices("abd", groups(articles(*four), {})).caveats
    assert [(c.articles, c.basis) for c in told] == [
        (("a", "b"), "author"),
        (("a", "b", "d"), "through others"),
    ]


def test_half_of_the_smaller_text() -> None:
    """Two texts are one voice from half of the smaller one's shingles on, not below."""
    small, large = words(0, 27), words(0, 17) + " " + words(100, 400)
    assert share(small, large) == 0.5
    assert doubles({"a": small, "b": large}) == [("a", "b", 0.5)]
    assert doubles({"a": words(0, 28), "b": large}) == []


def test_near_duplicate_is_told() -> None:
    """A near-duplicate is named with its share, and counts as one voice with its original."""
    table = articles(("x", "", "", ""), ("y", "", "", ""), ("z", "", "", ""))
    texts = {"a": words(0, 40), "b": words(50, 90), "c": words(0, 40).upper().replace(" ", ", ")}
    found = groups(table, texts)
    assert found["group"].tolist() == ["a", "b", "a"]
    assert found["reason"].tolist() == ["c (near-duplicate, 1.00)", "", "a (near-duplicate, 1.00)"]
    said = voices(["a", "b", "c"], found)
    assert said == (2, (Shared(("a", "c"), "", "near-duplicate", (1.0,)),))


@pytest.mark.parametrize(
    ("one", "other", "found"), [("", "", 0), ("Yes.", "yes", 1), ("yes", "no", 0), ("yes", "", 0)]
)
def test_short_texts(one: str, other: str, found: int) -> None:
    """A text shorter than a shingle is compared as a whole; an empty one is nobody's double."""
    assert len(doubles({"a": one, "b": other})) == found


def test_a_passage_all_share_connects_nobody() -> None:
    """A passage that stands in every text makes no two of them one voice."""
    texts = {f"t{n}": f"{words(0, 30)} {words(1000 * n, 1000 * n + 100)}" for n in range(1, 40)}
    assert doubles(texts) == []


@settings(max_examples=200, deadline=None)
@given(texts=TEXTS)
def test_doubles_against_all_pairs(texts: list[str]) -> None:
    """Up to three texts, the near-duplicates are those of comparing all; of more, none is wrong."""
    known = named(texts)
    wanted = {
        (a, b, share(known[a], known[b]))
        for a, b in combinations(known, 2)
        if share(known[a], known[b]) >= 0.5
    }
    found = set(doubles(known))
    assert found <= wanted
    assert len(texts) > 3 or found == wanted


@settings(max_examples=100, deadline=None)
@given(lines=LINES, texts=TEXTS, data=st.data())
def test_voices_are_never_too_many(
    lines: list[tuple[str, str, str, str]], texts: list[str], data: st.DataObject
) -> None:
    """No two articles that share an actor or a text are two voices, whatever else is selected."""
    table = articles(*lines)
    found = groups(table, named(texts))
    group = dict(zip(found["article"], found["group"], strict=True))
    for one, other, _ in doubles({k: v for k, v in named(texts).items() if k in group}):
        assert group[one] == group[other]
    for column in ("authors", "coauthors"):
        for one, other in combinations(table.itertuples(), 2):
            if set(getattr(one, column).split("; ")) & set(other.authors.split("; ")) - {""}:
                assert group[one.id] == group[other.id]
    some = data.draw(st.lists(st.sampled_from(sorted(group)), unique=True)) if group else []
    said = voices(some, found)
    assert said.number == len({group[article] for article in some})
    assert (said.number < len(some)) == bool(said.caveats)
    assert {a for c in said.caveats for a in c.articles} <= set(some)


@settings(max_examples=100, deadline=None)
@given(lines=LINES, data=st.data())
def test_order_of_articles(lines: list[tuple[str, str, str, str]], data: st.DataObject) -> None:
    """Who is one voice with whom does not depend on the order of the articles."""
    table = articles(*lines)
    order = data.draw(st.permutations(range(len(table))))
    there, back = groups(table, {}), groups(table.iloc[order], {})
    parts = [set(t.groupby("group")["article"].agg(frozenset)) for t in (there, back)]
    assert parts[0] == parts[1]
    assert all(there["reason"].ne("") == there.duplicated("group", keep=False))


def test_unknown_article() -> None:
    """Asking for the voices of an article nobody knows is an error that names it."""
    with pytest.raises(ValueError, match="not among the articles: b, c"):
        voices(["c", "a", "b"], groups(articles(("x", "", "", "")), {}))
