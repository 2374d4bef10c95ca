"""What editing promises: untouched lines stay, nothing is written by half, nobody is written over."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybook import cells, editing
from policybook.cli import main
from policybook.problems import SuiteError

CELL = st.text(st.sampled_from("ab\",;\n\r\t'é“5 "), max_size=6)
ROWS = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5)


def opened(data: bytes) -> editing.Opened:
    """Return bytes as if they had been read."""
    return editing.Opened(Path("x.csv"), "x.csv", data)


def table(rows: list[tuple[str, str]], delimiter: str, line_end: str, quoting: int) -> bytes:
    """Return a table as some program writes it."""
    lines = []
    for row in (("id", "note", "more"), *((f"r{n}", *row) for n, row in enumerate(rows))):
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerow(row)  # type: ignore[arg-type]
        lines.append(out.getvalue().removesuffix("\r\n") + line_end)
    return "".join(lines).encode()


@given(
    ROWS,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    CELL,
)
def test_untouched_lines_stay(
    rows: list[tuple[str, str]], delimiter: str, line_end: str, quoting: int, cell: str
) -> None:
    """Changing one row leaves every other byte as it was, and reads back as asked."""
    data = table(rows, delimiter, line_end, quoting)
    before = editing.records(data, delimiter)
    assert b"".join(before) == data
    after = editing.replaced(opened(data), {"r0": {"note": cell}})
    made = editing.records(after, delimiter)
    assert [*made[:1], *made[2:]] == [*before[:1], *before[2:]]
    read = cells.parse(after, name="x.csv")
    assert read.column("note")[0] == cell
    assert read.column("more") == cells.parse(data, name="x.csv").column("more")


@given(
    ROWS,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    CELL,
)
def test_there_and_back(
    rows: list[tuple[str, str]], delimiter: str, line_end: str, quoting: int, cell: str
) -> None:
    """A cell that is changed and changed back leaves the bytes that were there, however they were quoted."""
    data = table(rows, delimiter, line_end, quoting)
    there = editing.replaced(opened(data), {"r0": {"note": cell}})
    assert cells.parse(there, name="x.csv").column("note")[0] == cell
    assert editing.replaced(opened(there), {"r0": {"note": rows[0][0]}}) == data


@given(ROWS, st.sampled_from(",;\t"), CELL)
def test_added_rows_leave_all_others(
    rows: list[tuple[str, str]], delimiter: str, cell: str
) -> None:
    """A row added at the end leaves the bytes before it as they were, also without a last line end."""
    data = table(rows, delimiter, "\n", csv.QUOTE_MINIMAL).removesuffix(b"\n")
    after = editing.appended(opened(data), [{"id": "new", "more": cell}])
    assert after.startswith(data)
    read = cells.parse(after, name="x.csv")
    assert (read.column("id")[-1], read.column("more")[-1]) == ("new", cell)


def test_same_cell_same_bytes() -> None:
    """A cell that is set to what it is keeps its quoting, and so does the rest of a changed row."""
    data = b'\xef\xbb\xbfid,note\r\n"r0","a"\r\nr1,5" pipe\r\n'
    assert editing.replaced(opened(data), {"r0": {"note": "a"}}) == data
    changed = editing.replaced(opened(data), {"r0": {"note": "b"}})
    assert changed == data.replace(b'"a"', b'"b"')


def test_changed_meanwhile(tmp_path: Path) -> None:
    """A file that somebody changed since it was read is not written over."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,note\nr0,a\n")
    mine = editing.open_file(path)
    path.write_bytes(b"id,note\nr0,theirs\n")
    with pytest.raises(SuiteError, match="was changed since it was read"):
        mine.write(editing.replaced(mine, {"r0": {"note": "mine"}}))
    assert path.read_bytes() == b"id,note\nr0,theirs\n"
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails in the middle leaves the old file and no other."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,note\nr0,a\n")
    path.chmod(0o640)
    mine = editing.open_file(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SuiteError, match="No space left"):
            mine.write(b"id,note\n")
    assert path.read_bytes() == mine.data
    mine.write(b"id,note\n")
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]
    assert path.stat().st_mode & 0o777 == 0o640


def several(folder: Path) -> list[tuple[editing.Opened, bytes | None]]:
    """Return changes of three files: one to be replaced, one to be made, one to be taken away."""
    (folder / "a").write_bytes(b"a")
    (folder / "c").write_bytes(b"c")
    files = [editing.open_file(folder / name, new=True) for name in "abc"]
    return list(zip(files, [b"A", b"B", None], strict=True))


def held(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_several_files(tmp_path: Path) -> None:
    """Several files are replaced, made and taken away by one call, and back by another."""
    changes = several(tmp_path)
    editing.write_all(changes)
    assert held(tmp_path) == {"a": b"A", "b": b"B"}
    again = [editing.open_file(one.path, new=True) for one, _ in changes]
    editing.write_all([(new, old.before) for new, (old, _) in zip(again, changes, strict=True)])
    assert held(tmp_path) == {"a": b"a", "c": b"c"}


@pytest.mark.parametrize("which", "abc")
def test_several_files_or_none(tmp_path: Path, which: str) -> None:
    """Where one of several files was changed since it was read, none is touched."""
    changes = several(tmp_path)
    (tmp_path / which).write_bytes(b"theirs")
    before = held(tmp_path)
    with pytest.raises(SuiteError, match=f"^{which}  was changed since it was read"):
        editing.write_all(changes)
    assert held(tmp_path) == before


@pytest.mark.parametrize("steps", [0, 1])
def test_several_files_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Where a file cannot be put in place, those before it are as they were."""
    changes = several(tmp_path)
    before = held(tmp_path)
    real, left = Path.replace, [steps]

    def replace(self: Path, target: Path) -> Path:
        if not left[0]:
            left[0] = -1
            raise OSError(5, "Input/output error")
        left[0] -= 1
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(SuiteError, match=f"^{'ab'[steps]}  cannot be written: Input/output error"):
        editing.write_all(changes)
    assert held(tmp_path) == before


@pytest.mark.parametrize(
    ("data", "changes", "said"),
    [
        (b"id,note\nr0,a\n", {"r9": {"note": "x"}}, '"r9" is the id of no row'),
        (b"id,note\nr0,a\nr0,b\n", {"r0": {"note": "x"}}, "stands more than once"),
        (b"id,note\nr0,a\n", {"r0": {"nte": "x"}}, 'no column "nte"'),
        (b"id,note\nr0,\xe9\n", {"r0": {"note": "x"}}, "is not UTF-8"),
        (b'id,note\nr0,"a\n', {"r0": {"note": "x"}}, "never closed"),
        (b"", {"r0": {"note": "x"}}, "is empty"),
    ],
)
def test_what_cannot_be_edited(data: bytes, changes: dict[str, dict[str, str]], said: str) -> None:
    """What cannot be read whole, or found, is named and not written."""
    with pytest.raises(SuiteError, match=said):
        editing.replaced(opened(data), changes)


def libreoffice(folder: Path, *arguments: str) -> None:
    """Let LibreOffice convert files in a folder; skip with a word where it is missing."""
    program = shutil.which("soffice")
    if not program:
        if os.environ.get("CI"):
            pytest.fail("libreoffice-calc is not installed")
        pytest.skip("no LibreOffice on this machine: round trips through it are not tested")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run([program, profile, "--headless", *arguments], cwd=folder, check=True,
                   capture_output=True, timeout=120)  # fmt: skip


TABLES = ("recommendations.csv", "seeds/articles.csv", "codings/adjudication.csv",
          "codings/reader-a.csv")  # fmt: skip

TYPED = ("1.0.0", "mei-2014", "2014-12-17", "“smart” ‘q’ – —", "é ü Ω 漢", "a\nb", "  a  ", "1,5",
         'say "so"', "tab\there", "3/4", "- a dash", "@sum", "$5")  # fmt: skip
"""Cells that come back from LibreOffice as they were, if nothing is chosen in its dialogs."""

TURNED = {"=1+1": "2", "007": "7", "1e5": "100000"}
"""Cells that do not, which no check can know: in a note a number may be meant."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables opened by LibreOffice, saved as workbooks, opened again and saved as CSV."""
    folder = tmp_path_factory.mktemp("office")
    root = Path(__file__).parent.parent
    for name in TABLES:
        shutil.copyfile(root / name, folder / Path(name).name)
    rows = "".join(
        f'r{n},"{c.replace(chr(34), 2 * chr(34))}"\n' for n, c in enumerate([*TYPED, *TURNED])
    )
    (folder / "typed.csv").write_text(f"id,note\n{rows}", "utf-8")
    names = [path.name for path in folder.glob("*.csv")]
    libreoffice(folder, "--convert-to", "xlsx", "--outdir", "books", *names)
    books = [f"books/{Path(name).stem}.xlsx" for name in names]
    libreoffice(folder, "--convert-to", "csv", "--outdir", "again", *books)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_round_trip_through_libreoffice(saved: Path, name: str) -> None:
    """A table that LibreOffice opened, saved as a workbook and as CSV again has every cell it had."""
    after = cells.read(saved / "again" / Path(name).name)
    assert after.complete
    assert after.columns == cells.read(saved / Path(name).name).columns


def test_what_libreoffice_turns(saved: Path) -> None:
    """Of cells that look like dates, sums and signs only numbers and formulas come back otherwise."""
    after = cells.read(saved / "again" / "typed.csv").column("note")
    assert after == (*TYPED, *TURNED.values())


def test_saved_by_libreoffice_in_windows(saved: Path, base: Path, capsys: Any) -> None:
    """Saved with semicolons it is read; saved in the encoding of Windows, that is said with the place."""
    shutil.copyfile(saved / "recommendations.csv", saved / "win.csv")
    libreoffice(saved, "--infilter=CSV:44,34,76", "--convert-to",
                "csv:Text - txt - csv (StarCalc):59,34,1", "--outdir", "win", "win.csv")  # fmt: skip
    data = (saved / "win" / "win.csv").read_bytes()
    found = cells.parse(data, name="win.csv")
    assert [p.code for p in found.problems] == ["not-utf8"]
    assert "– rather than an arm" in str(found.problems[0])
    found = cells.parse(data.decode("cp1252").encode(), name="win.csv")
    assert [p.code for p in found.problems] == ["delimiter"]
    assert found.columns == cells.read(saved / "recommendations.csv").columns
    # As LibreOffice saves them in Germany with "detect special numbers", and Excel in the States:
    table = base / "seeds" / "articles.csv"
    text = table.read_text("utf-8")
    table.write_text(
        text.replace("2031-03-04", "03/04/2031").replace("1.0.0", "01/01/2000"), "utf-8"
    )
    assert main(["check", "--suite", str(base)]) == 1
    told = capsys.readouterr().out
    for cell, what in (("03/04/2031", "a date"), ("01/01/2000", "a version")):
        place = told.index(f'"{cell}" is not {what}')
        assert "A spreadsheet turned it into a date" in told[place:].split("\n\n")[0]


@pytest.mark.parametrize("cell", ["#NAME?", "Err:508", "#REF!"])
def test_error_of_a_spreadsheet(base: Path, cell: str, capsys: Any) -> None:
    """An error that a spreadsheet left in place of words is named as that."""
    table = base / "recommendations.csv"
    table.write_text(table.read_text("utf-8").replace("a neutral arbiter\n", f"{cell}\n"), "utf-8")
    assert main(["check", "--suite", str(base)]) == 1
    assert f'"{cell}" is what a spreadsheet makes of words' in capsys.readouterr().out
