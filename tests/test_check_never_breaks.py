"""Whatever stands in a suite's folder, checking it ends with a list of problems.

Every try mends the copy it broke, so one copy of the shipped suite serves all of them.
POLICYBOOK_SOAK=1 makes thousands of tries of what `make test` tries some hundred times.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from policybook import anchors, material
from policybook.checks import check
from policybook.problems import Problem, report

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("recommendations.csv", "seeds/articles.csv", "codings/diagnoses.csv",
          "codings/adjudication.csv")  # fmt: skip
FILES = (*TABLES, "codebook.toml")
OTHERS = ("codings/reader-a.csv", "seeds/000_fc92084d9c2838dc.txt")
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}

BYTES = (
    b"\0", b'"', b'""', b",", b";", b"\n", b"\r", b"\r\n", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\x1b[2J", b"\x85", b"[", b"]", b"=", b"'''", b"#", b"\t", b"x" * 70_000, b"," * 400,
    b"\n" * 300, "\u202e".encode(), "\u2028".encode(), "e\u0301".encode(),
)  # fmt: skip
"""What editors, converters and attackers leave in a file."""

CELLS = (
    "", " ", ";", "; ;", "other", "draft", "NA", "@", "a\0b", 'a"b', "a\nb", "a\rb", "\ufeff", "\u202edetrever",
    "\x1b[31mred", "\x9b2J", "\u2028", "x" * 40_000, "a " * 20_000, "\u0301" * 3_000, "=1+1", "../../etc/passwd", "C:x",
    "CON", ".", "..", "0000-00-00", "9999-12-31", "2014-1-1", "-1", "1e999", "٣", "mei-2014", "\U0010ffff", "😀",
    "jason-pack (inferred, 0.85); karim-mezran (inferred, 0.85)", "(", "http://", "1.0.0", "0" * 64,
)  # fmt: skip
"""What may stand in a cell that nobody expected there."""

TOML = (
    "1", "true", "[]", '[""]', "[[1]]", "{}", "{a = 1}", "2014-10-18", "2014-10-18T00:00:00Z", "1e400", "nan", '""', '"@"',
    '"\u202e"', '"\\u001b[2J"', '["b", 1]', "'''\n'''", '"article"', '"actor"', '"quote"', "0x" + "f" * 5_000,
    "1" + "0" * 5_000, "[" * 400 + "]" * 400, "[" * 90 + "]" * 90, '"' + "x" * 40_000 + '"', "a." * 3_000 + "a = 1",
)  # fmt: skip
"""Values of every type, to stand where the codebook has text."""

settings.register_profile(
    "quick", max_examples=60, derandomize=True, deadline=None,
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip
settings.register_profile(
    "soak", max_examples=1_300, deadline=None,
    suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip
TRIES = settings.get_profile("soak" if os.environ.get("POLICYBOOK_SOAK") == "1" else "quick")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped suite, with every table a suite can have."""
    folder = tmp_path_factory.mktemp("broken") / "suite"
    for part in ("seeds", "codings"):
        shutil.copytree(ROOT / part, folder / part)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    for name in TABLES:
        if not (folder / name).exists():
            shutil.copyfile(folder / "recommendations.csv", folder / name)
    return folder


@contextmanager
def broken(suite: Path, name: str, data: bytes) -> Iterator[None]:
    """Put other bytes into a file of the suite, and put it back as it was."""
    before = (suite / name).read_bytes()
    (suite / name).write_bytes(data)
    try:
        yield
    finally:
        (suite / name).write_bytes(before)


def problems_of(suite: Path) -> list[Problem]:
    """Return the problems of a suite; each can be shown, and its line is one of its file."""
    content = material.read(suite)
    problems = check(content)
    assert isinstance(problems, list)
    for problem in problems:
        for line in str(problem).split("\n"):
            unsafe = set() if line.isprintable() else UNSAFE & set(map(unicodedata.category, line))
            assert not unsafe, ascii(line)
        assert problem.line is None or 1 <= problem.line <= lines_of(suite / problem.file)
    assert report(problems, rows=len(content.recommendations.cells))
    return problems


def lines_of(path: Path) -> int:
    """Return how many lines an editor counts in a file, however it ends them."""
    return len(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))


def spliced(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes after some cuts and insertions, each at its place."""
    for place, cut, put in edits:
        here = place % (len(data) + 1)
        data = data[:here] + put + data[here + cut :]
    return data


places = st.integers(0, 10**6)
cuts = st.one_of(st.just(0), st.integers(0, 200), st.integers(0, 10**5))
splices = st.lists(
    st.tuples(places, cuts, st.sampled_from(BYTES) | st.binary(max_size=20)), min_size=1, max_size=4
)


@given_any(st.sampled_from(FILES), st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
@TRIES
def test_any_bytes_are_survived(suite: Path, name: str, data: bytes) -> None:
    """Whatever bytes a table or the codebook is made of, I get problems and never a traceback."""
    with broken(suite, name, data):
        assert problems_of(suite)


@given_any(st.sampled_from(FILES + OTHERS), splices)
@TRIES
def test_any_damage_is_survived(
    suite: Path, name: str, edits: list[tuple[int, int, bytes]]
) -> None:
    """Wherever a file is cut, or something strange is put into it, I am told and nothing breaks."""
    with broken(suite, name, spliced((suite / name).read_bytes(), edits)):
        problems_of(suite)


@given_any(
    st.sampled_from(TABLES),
    st.lists(st.tuples(places, places, st.sampled_from(CELLS) | st.text(max_size=12)), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from(["drop", "double", "swap", "empty", "name"]), places), max_size=3),
    st.booleans(),
)  # fmt: skip
@TRIES
def test_any_cell_may_hold_anything(
    suite: Path,
    name: str,
    edits: list[tuple[int, int, str]],
    columns: list[tuple[str, int]],
    raw: bool,  # noqa: FBT001  (hypothesis gives it)
) -> None:
    """Whatever I write into cells, and whichever columns or rows I take out, I am only told."""
    rows = list(csv.reader(io.StringIO((suite / name).read_text("utf-8"), newline="")))
    for row, cell, value in edits:
        line = rows[row % len(rows)]
        line[cell % len(line)] = value
    for what, place in columns:
        _restructure(rows, what, place)
    text = "\n".join(",".join(row) for row in rows) if raw else _written(rows)
    with broken(suite, name, text.encode("utf-8", "surrogatepass")):
        problems_of(suite)


def _restructure(rows: list[list[str]], what: str, place: int) -> None:
    """Take out, double, exchange, empty or rename a column, or take out a row."""
    width = min(map(len, rows))
    if width < 2 or len(rows) < 2:
        return
    one, other = place % width, (place // 7) % width
    for row in rows:
        if what == "drop":
            del row[one]
        elif what == "double":
            row.append(row[one])
        elif what == "swap":
            row[one], row[other] = row[other], row[one]
        elif what == "empty":
            row[one] = ""
    if what == "name":
        rows[0][one] = "Name "
        del rows[place % len(rows)]


def _written(rows: list[list[str]]) -> str:
    """Return rows as a table, quoted where they must be."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue()


@given_any(
    st.lists(st.tuples(places, st.sampled_from(TOML), st.integers(0, 3)), min_size=1, max_size=5)
)
@TRIES
def test_any_codebook_is_survived(suite: Path, edits: list[tuple[int, str, int]]) -> None:
    """Whatever type of value, missing line or doubled line the codebook has, I am only told."""
    lines = (suite / "codebook.toml").read_text("utf-8").split("\n")
    for place, value, what in edits:
        here = place % len(lines)
        key, equals, _ = lines[here].partition(" = ")
        if what == 0:
            del lines[here]
        elif what == 1:
            lines.insert(here, lines[(place // 3) % len(lines)])
        elif equals:
            lines[here] = f"{key} = {value}"
        else:
            lines[here] = value
    with broken(suite, "codebook.toml", "\n".join(lines).encode()):
        problems_of(suite)


@pytest.mark.parametrize("what", ["folder", "gone", "loop", "pipe", "swapped", "empty"])
@pytest.mark.parametrize("name", [*FILES, *OTHERS, "seeds", "codings"])
def test_anything_may_stand_in_a_file_s_place(
    tmp_path: Path, suite: Path, name: str, what: str
) -> None:
    """A folder, a pipe, a circle of links, another file or nothing in a file's place stops no check."""
    copy = Path(shutil.copytree(suite, tmp_path / "suite"))
    _displace(copy / name)
    if what == "folder":
        (copy / name).mkdir()
    elif what == "loop":
        (copy / name).symlink_to(copy / name)
    elif what == "pipe":
        os.mkfifo(copy / name)
    elif what == "swapped":
        other = FILES[(FILES.index(name) + 1) % len(FILES)] if name in FILES else "codebook.toml"
        shutil.copyfile(copy / other, copy / name)
    elif what == "empty":
        (copy / name).touch()
    harmless = name.startswith("codings")  # a suite need not have any
    assert problems_of(copy) or harmless


def _displace(path: Path) -> None:
    """Take a file or a folder away."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


words = st.sampled_from(["aaaaaaaa", "a" * 40, "ab", "e\u0301", "q\u0301", "“x”", "c  c", "talks"])
extracts = st.tuples(st.integers(0, 300), st.sampled_from([3, 8, 9, 32, 70]), st.integers(0, 9))


@given_any(
    st.lists(words, max_size=40).map(" ".join),
    st.lists(extracts, min_size=1, max_size=12),
    st.sampled_from(["", "", "z"]),
)
@TRIES
def test_many_quotations_are_found_like_one(
    text: str, cuts: list[tuple[int, int, int]], more: str
) -> None:
    """However many rows quote an article, each quotation is found where it is found alone."""
    pairs = [
        (text[start : start + length] + more, text[max(0, start - before) : start])
        for start, length, before in cuts
    ]
    alone = anchors.prepare(text)
    needles = [needle for pair in pairs for needle in anchors.needles(*pair)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anchors, "MANY", 1)
        patch.setattr(anchors, "_COMMON", 5)
        among_many = anchors.indexed(alone, needles)
    for quote, prefix in pairs:
        places = anchors.locate(quote, alone, prefix=prefix, most=20)
        assert anchors.locate(quote, among_many, prefix=prefix, most=20) == places
