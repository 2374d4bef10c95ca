"""What became of codes, worked by hand: whose silence is known, and how old codes are read."""

from __future__ import annotations

import pytest

from policybook import migrations
from policybook.migrations import Migration, divided, looked, number, read, successors, unlooked


def change(words: str) -> Migration:
    """Return a change of codes from words such as `2.0.0 split a b,c x`: the last are articles."""
    version, kind, old, new, *articles = words.split()
    parts = (tuple(part.strip("-").split(",")) if part != "-" else () for part in (old, new))
    return Migration(version, kind, "v", *parts, tuple(articles))


SPLIT_TWICE = ["2.0.0 split a b,c x", "3.0.0 split b d,e y"]

SILENCES = [
    # changes, since which version codes are there, the code, a version, where silence says nothing
    ("nothing changed", [], {"a": ""}, "a", "1.0.0", ""),
    ("a code that came later", [], {"a": "1.1.0"}, "a", "1.0.0", None),
    ("a code that came later, read since", [], {"a": "1.1.0"}, "a", "1.1.0", ""),
    ("renamed", ["2.0.0 rename a b"], {"b": ""}, "b", "1.0.0", ""),
    ("renamed, came later", ["2.0.0 rename a b"], {"b": "1.1.0"}, "b", "1.0.0", None),
    ("a part, read before", ["2.0.0 split a b,c x"], {"a": "", "b": "2.0.0", "c": "2.0.0"}, "b", "1.0.0", "x"),
    ("a part, read since", ["2.0.0 split a b,c x"], {"a": "", "b": "2.0.0", "c": "2.0.0"}, "b", "2.0.0", ""),
    ("a part of what came later", ["2.0.0 split a b,c x"], {"a": "1.1.0", "b": "2.0.0"}, "b", "1.0.0", None),
    ("a part of what came later, read then", ["2.0.0 split a b,c x"], {"a": "1.1.0", "b": "2.0.0"}, "b", "1.1.0", "x"),
    ("a renamed part", ["2.0.0 split a b,c x", "3.0.0 rename b d"], {"a": "", "d": "2.0.0"}, "d", "1.0.0", "x"),
    ("a renamed part, read since", ["2.0.0 split a b,c x", "3.0.0 rename b d"], {"a": "", "d": "2.0.0"}, "d", "2.0.0", ""),
    ("a part of a part", SPLIT_TWICE, {"a": "", "b": "2.0.0", "d": "3.0.0"}, "d", "1.0.0", "xy"),
    ("a part of a part, read between", SPLIT_TWICE, {"a": "", "b": "2.0.0", "d": "3.0.0"}, "d", "2.0.0", "y"),
    ("a part of a part, read since", SPLIT_TWICE, {"a": "", "b": "2.0.0", "d": "3.0.0"}, "d", "3.0.0", ""),
    ("a part beside one that was split", SPLIT_TWICE, {"a": "", "c": "2.0.0"}, "c", "1.0.0", "x"),
    ("merged", ["2.0.0 merge a,b c"], {"a": "", "b": "", "c": "2.0.0"}, "c", "1.0.0", ""),
    ("merged with what came later", ["2.0.0 merge a,b b"], {"a": "1.1.0", "b": ""}, "b", "1.0.0", None),
    ("merged with what came later, read then", ["2.0.0 merge a,b b"], {"a": "1.1.0", "b": ""}, "b", "1.1.0", ""),
    ("split and merged again", ["2.0.0 split a b,c x", "3.0.0 merge b,c d"],
     {"a": "", "b": "2.0.0", "c": "2.0.0", "d": "3.0.0"}, "d", "1.0.0", "x"),
    ("took rows of a retired code", ["2.0.0 retire a b x"], {"a": "", "b": ""}, "b", "1.0.0", "x"),
    ("took rows, came later", ["2.0.0 retire a b x"], {"a": "", "b": "1.1.0"}, "b", "1.0.0", None),
    ("took no rows of a retired code", ["2.0.0 retire a b x"], {"a": "", "b": "", "c": ""}, "c", "1.0.0", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", SILENCES, ids=lambda case: case[0])
def test_whose_silence_is_known(
    case: tuple[str, list[str], dict[str, str], str, str, str | None],
) -> None:
    """Silence on a code says that it was looked for exactly where somebody did, whatever it was called then."""
    _, changes, since, code, version, said = case
    steps = looked([change(one) for one in changes], "v", since)[code]
    found = unlooked(steps, number(version))
    assert found == (None if said is None else frozenset(said))


PARTS = [
    ("split", ["2.0.0 split a b,c"], {"a": "bc"}),
    ("a part renamed", ["2.0.0 split a b,c", "3.0.0 rename b d"], {"a": "bcd"}),
    ("a part split", ["2.0.0 split a b,c", "3.0.0 split b d,e"], {"a": "bcde", "b": "de"}),
    ("parts merged again", ["2.0.0 split a b,c", "3.0.0 merge b,c d"], {"a": "bcd"}),
    ("a part merged with another code", ["2.0.0 split a b,c", "3.0.0 merge b,x b"], {"a": None}),
    ("a part merged into another code", ["2.0.0 split a b,c", "3.0.0 merge b,x x"], {"a": None}),
    ("a part retired", ["2.0.0 split a b,c", "3.0.0 retire b -"], {"a": None, "b": None}),
    ("a part took others' rows", ["2.0.0 split a b,c", "3.0.0 retire x b"], {"a": None, "x": None}),
    ("another code changed", ["2.0.0 split a b,c", "3.0.0 rename x y"], {"a": "bc"}),
]


@pytest.mark.parametrize("case", PARTS, ids=lambda case: case[0])
def test_what_a_divided_code_comprises(
    case: tuple[str, list[str], dict[str, str | None]],
) -> None:
    """A divided code compares with its parts as long as they hold nothing else."""
    _, changes, said = case
    found = divided([change(one) for one in changes], "v")
    assert found == {
        code: None if parts is None else frozenset(parts) for code, parts in said.items()
    }


def test_a_chain_of_names() -> None:
    """A code that was renamed and merged several times is called what it is called now."""
    changes = [change(one) for one in ("2.0.0 rename a b", "3.0.0 merge b,c c", "4.0.0 rename c d")]
    assert successors(changes)["v"] == {"a": "d", "b": "d", "c": "d"}
    assert successors([change("2.0.0 rename a b"), change("3.0.0 rename b a")])["v"].keys() == {
        "a",
        "b",
    }


def test_records_of_any_form() -> None:
    """Records are read by version, and one that holds anything else than texts is read as empty."""
    found = read(
        [{"version": "10.0.0"}, {"version": "9.0.0", "from": 1, "to": ["a"]}, {"version": []}]
    )
    assert [one.version for one in found] == ["[]", "9.0.0", "10.0.0"]
    assert (found[1].old, found[1].new) == ((), ("a",))
    assert number("9" * 5000) == ()
    assert (
        migrations.fate([change("2.0.0 split a b,c")], "v", "a") == "was split into b, c in 2.0.0"
    )
