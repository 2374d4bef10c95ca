"""What a kit promises: no trace of the first coding, and errors at the cell where they stand."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policybook import anchors
from policybook.cli import main
from policybook.suite import Suite

ROW = {
    "article": "averna-2031",
    "quote": "Both governments should open talks on a common water calendar",
    "instrument": "talks",
    "stance": "supports",
    "strength": "should",
}


@pytest.fixture
def kit(base: Path, tmp_path: Path) -> Path:
    """Make a kit of one article of the small suite, with a coder to fill it."""
    book = base / "codebook.toml"
    added = '\n[coder.anna]\nlabel = "Anna"\nkind = "person"\ndefinition = "Second coder."\n'
    book.write_text(book.read_text("utf-8") + added, "utf-8")
    assert main(["kit", "averna-2031", "--out", str(tmp_path / "kit"), "--suite", str(base)]) == 0
    return tmp_path / "kit"


def fill(kit: Path, *rows: dict[str, Any]) -> Path:
    """Fill rows into the table of a kit, as a spreadsheet program saves it."""
    path = kit / "coding.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            sheet.cell(number, places[name]).value = value
    book.save(path)
    return path


def back(base: Path, path: Path, coder: str = "anna") -> int:
    """Read a table back."""
    return main(["kit", "--read", str(path), "--coder", coder, "--suite", str(base)])


def test_no_trace_of_the_first_coding(shipped: Suite, tmp_path: Path) -> None:
    """No quotation of a coded row, no note and no coder stands in a kit beside the article itself."""
    from policybook.together import kit

    made = kit.make(shipped, ["mei-2014", "wehrey-lacher-2019"], tmp_path / "kit")
    book = openpyxl.load_workbook(made / "coding.xlsx")
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert book["coding"].max_row == 1
    text = (made / "codebook.html").read_text("utf-8") + "\n".join(cells)
    page = anchors.prepare(text)
    rows = shipped.rows[
        shipped.rows["article"].astype(str).isin(["mei-2014", "wehrey-lacher-2019"])
    ]
    assert len(rows) > 10
    for row in rows.to_dict("records"):
        assert not anchors.locate(str(row["quote"]), page), row["id"]
        assert row["id"] not in text
    assert sorted(p.name for p in made.iterdir()) == ["articles", "codebook.html", "coding.xlsx"]


def test_all_a_coder_needs(shipped: Suite, tmp_path: Path) -> None:
    """The codebook's page says what to do, what one row is, and what an empty cell means."""
    from policybook.together import kit

    made = kit.make(shipped, ["mei-2014"], tmp_path / "kit")
    page = re.sub(r"<[^>]+>", "|", (made / "codebook.html").read_text("utf-8"))
    assert "|Read each article of the folder articles" in page
    assert f"|{shipped.book.data['unit']['definition']}|" in page
    assert "|An empty cell means: high.|" in page
    assert "|An empty cell means: nobody is named.|" in page


def test_hostile_article() -> None:
    """An article's words never become markup in a kit."""
    from policybook.together.kit import _article

    page = _article("a", "Do it <script>alert(1)</script>. & so.").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_back_again(base: Path, kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A filled table becomes a coding of the suite, and `agree` compares it."""
    assert back(base, fill(kit, ROW)) == 0
    with (base / "codings" / "anna.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["coder"], row["quote"]) == ("averna-2031-r002", "anna", ROW["quote"])
    assert main(["check", "--suite", str(base)]) == 0
    assert main(["agree", "recommendations.csv", "codings/anna.csv", "--suite", str(base)]) == 0
    assert back(base, kit / "coding.xlsx") == 2
    assert "is there already" in capsys.readouterr().err


def test_the_first_coding_is_kept(
    base: Path, kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first coding is kept apart, so that a ruling in the table changes no agreement."""
    assert back(base, fill(kit, ROW)) == 0
    call = ["kit", "averna-2031", "--keep", "me", "--suite", str(base)]
    table = base / "recommendations.csv"
    draft = "a-09,averna-2031,draft,Both governments should open talks.,,,,,talks,supports,should,,,,,\n"
    table.write_text(table.read_text("utf-8") + draft, "utf-8")
    head, *rows = table.read_text("utf-8").splitlines(keepends=True)
    mine = [row for row in rows if row.split(",")[1:3] == ["averna-2031", ""]]
    assert main(call) == 0
    assert (base / "codings" / "me.csv").read_text("utf-8") == "".join([head, *mine])
    assert main(["check", "--suite", str(base)]) == 0
    agree = ["agree", "codings/me.csv", "codings/anna.csv", "--suite", str(base)]
    capsys.readouterr()
    assert main(agree) == 0
    before = capsys.readouterr().out
    assert main([*agree, "--rulings"]) == 0
    assert ",me:a-03,anna:,a-03,unit," in capsys.readouterr().out
    table.write_text("".join([head, *(row for row in rows if row not in mine[1:])]), "utf-8")
    assert main(agree) == 0
    assert capsys.readouterr().out == before
    assert main(call) == 2
    assert main([*call[:3], "../me", *call[4:]]) == 2
    assert main(["kit", "tolm-2033", "--keep", "you", "--suite", str(base)]) == 2
    assert "has no row yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ("stance", "suport", '"suport" is not'),
        ("quote", "Both governments should close talks on a common calendar", "not found"),
        ("quote", "=1+1", "holds a formula"),
        ("quote", dt.date(2031, 3, 4), "was turned into a date"),
        ("strength", True, "was turned into a truth value"),
        ("instrument", "", "is empty"),
    ],
)
def test_errors_by_sheet_cell(
    base: Path, kit: Path, wrong: tuple[str, object, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is named by its cell in the sheet, and nothing is written."""
    column, value, said = wrong
    path = fill(kit, ROW, ROW | {"id": "x-2", column: value})
    header = [cell.value for cell in openpyxl.load_workbook(path)["coding"][1]]
    letter = openpyxl.utils.get_column_letter(header.index(column) + 1)
    assert back(base, path) == 1
    told = capsys.readouterr().err
    assert f"coding.xlsx:coding!{letter}3:{column}" in told
    assert said in told
    assert not (base / "codings" / "anna.csv").exists()


@pytest.mark.parametrize("coder", ["../anna", "anna/b", "", "A b", "-x"])
def test_hostile_coder(base: Path, kit: Path, coder: str) -> None:
    """A coder whose name is no file name writes nothing."""
    call = ["kit", "--read", str(kit / "coding.xlsx"), f"--coder={coder}", "--suite", str(base)]
    before = sorted(path.name for path in base.rglob("*"))
    assert main(call) == 2
    assert sorted(path.name for path in base.rglob("*")) == before


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"id,quote\n", b"\xd0\xcf\x11\xe0" * 99])
def test_no_workbook(
    base: Path, tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is no workbook ends with a problem, whatever it is."""
    (tmp_path / "x.xlsx").write_bytes(data)
    assert back(base, tmp_path / "x.xlsx") in {1, 2}
    assert "is no workbook" in capsys.readouterr().err


def test_sheet_of_a_million_rows(base: Path, kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sheet that claims a million rows is refused at once."""
    book = openpyxl.load_workbook(kit / "coding.xlsx")
    book["coding"]["A1048576"] = "x"
    book.save(kit / "coding.xlsx")
    assert back(base, kit / "coding.xlsx") == 1
    assert "has more than 20,000 rows" in capsys.readouterr().err


def test_kit_twice(base: Path, kit: Path, tmp_path: Path) -> None:
    """A kit is the same bytes every time, and never written into a folder that is there."""
    call = ["kit", "averna-2031", "--suite", str(base), "--out"]
    assert main([*call, str(kit)]) == 2
    assert main([*call, str(tmp_path / "again")]) == 0
    for path in kit.rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(kit)).read_bytes()


def test_through_libreoffice(base: Path, kit: Path, tmp_path: Path) -> None:
    """A kit that LibreOffice saved again reads back with every cell that was typed."""
    program = shutil.which("soffice")
    if not program:
        if os.environ.get("CI"):
            pytest.fail("libreoffice-calc is not installed")
        pytest.skip("no LibreOffice on this machine: the kit is not tested with it")
    path = fill(kit, ROW | {"note": "“2014” is a year;\nso is 3/4"})
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run([program, profile, "--headless", "--convert-to", "xlsx", "--outdir",
                    str(tmp_path / "saved"), str(path)], check=True, capture_output=True, timeout=120)  # fmt: skip
    assert back(base, tmp_path / "saved" / "coding.xlsx") == 0
    with (base / "codings" / "anna.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["note"] == "“2014” is a year;\nso is 3/4"
    assert row["quote"] == ROW["quote"]
