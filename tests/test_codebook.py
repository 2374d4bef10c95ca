"""The codebook says what every column and every value means."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybook import codebook
from policybook.codebook import Codebook


@pytest.fixture
def book(base: Path) -> Codebook:
    """Read the codebook of the suite without a problem."""
    return codebook.read(base / "codebook.toml")


def written(tmp_path: Path, text: str) -> Codebook:
    """Return the codebook that a text is."""
    (tmp_path / "codebook.toml").write_text(text, "utf-8")
    return codebook.read(tmp_path / "codebook.toml")


def test_values_keep_their_order(book: Codebook) -> None:
    """Pages and charts list values in the order in which the codebook does."""
    assert list(book.values("instrument")) == ["talks", "open_gates", "gauges", "other"]
    assert list(book.columns["diagnoses"])[:3] == ["id", "article", "quote"]
    assert (book.name, book.version) == ("The gates of the Tolm", "1.0.0")


def test_a_value_has_its_words(book: Codebook) -> None:
    """A value carries label, definition, include, exclude and example as they stand."""
    value = book.values("instrument")["gauges"]
    assert (value.label, value.definition) == ("Gauges", "The river is measured better.")
    assert (value.include, value.exclude) == ("Repairs.", "Publishing.")
    assert value.example == "The Bank of the Two Rivers should pay for new gauges"


def test_a_column_says_what_an_empty_cell_means(book: Codebook) -> None:
    """A column knows its kind, its vocabulary, whether it is required, and its default."""
    columns = book.columns["recommendations"]
    assert (columns["voice"].kind, columns["voice"].values) == ("code", "voice")
    assert (columns["voice"].default, columns["voice"].required) == ("author", False)
    assert (columns["stance"].default, columns["stance"].required) == ("", True)
    assert columns["prefix"].of == "quote"


def test_what_is_not_defined_is_called_by_its_id(book: Codebook) -> None:
    """A value without an entry is shown by its id, never by nothing."""
    assert book.label("instrument", "talks") == "Talks"
    assert book.label("instrument", "tunnels") == "tunnels"
    assert book.label("tunnels", "x") == "x"
    assert book.values("tunnels") == {}


def test_tables_of_the_file_are_no_vocabularies(book: Codebook) -> None:
    """What describes the codebook itself is no list of values; events are."""
    assert not {"codebook", "changelog", "column", "relation"} & set(book.vocabularies)
    assert list(book.values("event")) == ["sealing"]


def test_a_group_holds_its_members_members() -> None:
    """A group holds itself, its members and theirs, and a circle of groups ends."""
    groups = {"a": {"members": ["b", "c"]}, "b": {"members": ["d", "a"]}, "c": {}, "d": {}}
    book = Codebook("codebook.toml", data={"actor": groups})
    assert book.members("a") == {"a", "b", "c", "d"}
    assert book.members("c") == {"c"}
    assert book.members("nobody") == {"nobody"}


def test_relations_are_read_in_their_order(book: Codebook) -> None:
    """Relations between instruments come as they stand, with empty words for what is not said."""
    pairs = [(r.kind, r.first, r.second, r.unless) for r in book.relations]
    assert pairs == [("presupposes", "open_gates", "gauges", ""), ("serves", "gauges", "talks", "")]


@pytest.mark.parametrize(
    ("at", "nth", "line"),
    [
        ("stance.supports", 0, 2),
        ("stance.opposes", 0, 5),
        ("relation", 0, 8),
        ("relation", 1, 9),
        ("relation", 2, None),
        ("instrument.two words", 0, 10),
        ("column", 0, None),
    ],
)
def test_a_problem_names_the_line_of_its_header(
    tmp_path: Path, at: str, nth: int, line: int | None
) -> None:
    """A problem of an entry stands at the line of its header, also in an array of tables."""
    text = (
        "# a codebook\n[stance.supports]\nlabel = '[stance.opposes]'\n\n"
        "  [ stance.opposes ]  # a comment\n\n\n[[relation]]\n[[relation]]\n"
        '[instrument."two words"]\n'
    )
    book = written(tmp_path, text)
    assert book.problems == []
    assert book.problem("any", "is wrong", at=at, nth=nth).line == line


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty-file", None),
        ("[codebook]\nname = \n", "not-toml", 2),
        ("[codebook]\n[codebook]\n", "not-toml", 2),
        ('a = """never closed', "not-toml", None),
    ],
)
def test_a_file_that_is_no_codebook(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    """What cannot be read is a problem at its line, and nothing is raised."""
    (problem,) = written(tmp_path, text).problems
    assert (problem.code, problem.line) == (code, line)


def test_a_codebook_in_latin_1(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are named with their line."""
    (tmp_path / "codebook.toml").write_bytes(b'[codebook]\nname = "caf\xe9"\n')
    (problem,) = codebook.read(tmp_path / "codebook.toml").problems
    assert (problem.code, problem.line) == ("not-utf8", 2)


@pytest.mark.parametrize(
    "text",
    [
        "codebook = 1\n",
        "column = 1\nrelation = 2\nactor = 3\n",
        "[column]\nrecommendations = 1\n",
        "[column.recommendations]\nid = 1\n[actor]\na = 1\n",
        "[column.recommendations.id]\nlabel = 1\nkind = []\n[actor.a]\nmembers = 1\nlabel = []\n",
        "relation = [1, 2]\n[[referent]]\nactor = []\n",
        "[[relation]]\nkind = 1\ntargets = 1\nobjectives = [1]\n",
    ],
)
def test_entries_of_the_wrong_type_are_left_out(tmp_path: Path, text: str) -> None:
    """A codebook that holds numbers where tables belong is still read."""
    book = written(tmp_path, text)
    assert book.problems == []
    for vocabulary, values in book.vocabularies.items():
        assert all(book.label(vocabulary, value) for value in values)
    assert all(isinstance(r.targets, tuple) for r in book.relations)
    assert book.members("a") >= {"a"}
    assert isinstance(book.columns, dict)
