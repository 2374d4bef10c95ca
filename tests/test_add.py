"""What `add` promises: the text and its facts, both or neither, and nothing changed in silence."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from policybook import editing
from policybook.checks import check
from policybook.cli import main
from policybook.findings import coverage
from policybook.material import read
from policybook.problems import SuiteError
from policybook.suite import open_suite
from policybook.together import near
from policybook.together.extract import Extract, extract
from policybook.together.refusals import LARGEST

FACTS = ["--title", "T", "--date", "2034-01-02", "--basis", "page", "--speaker", "ines-varga",
         "--genre", "op-ed", "--language", "en"]  # fmt: skip
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def add(suite: Path, file: Path, *more: str, name: str = "new-2034") -> int:
    """Call `add` with all facts that the base asks for."""
    return main(["add", str(file), "--suite", str(suite), "--id", name, *FACTS, *more])


def docx(path: Path, body: str) -> Path:
    """Write a DOCX with a body."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
    return path


def pdf(path: Path, lines: list[str], *, password: str = "") -> Path:
    """Write a PDF of one page, with or without words."""
    from pypdf import PdfReader, PdfWriter

    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 12 Tf 72 700 Td {shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    data = b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, 1)
    )
    writer = PdfWriter(
        clone_from=PdfReader(
            io.BytesIO(data + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF")
        )
    )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(path)
    return path


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """Write a plain text with line ends and spaces of its own."""
    path = tmp_path / "piece.txt"
    path.write_bytes("A new piece.\r\n\r\nThey should  talk – now. \n".encode())
    return path


def test_text_stays(base: Path, piece: Path) -> None:
    """A plain text is stored byte for byte, and every line of the table that was there stays."""
    table = base / "seeds/articles.csv"
    before = table.read_bytes()
    assert add(base, piece) == 0
    assert (base / "seeds/new-2034.txt").read_bytes() == piece.read_bytes()
    assert table.read_bytes().startswith(before)
    assert not check(read(base))


def test_not_coded(base: Path, piece: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new article is not coded on every instrument, never silent, and `check` says what comes next."""
    assert add(base, piece) == 0
    states = coverage.states(open_suite(base).select())
    assert set(states.loc[states["article"] == "new-2034", "state"]) == {"not coded"}
    capsys.readouterr()
    assert main(["check", "--suite", str(base)]) == 0
    assert "Not coded yet: new-2034." in capsys.readouterr().out


def test_both_or_neither(base: Path, piece: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the table cannot be written, no text is left behind."""

    def fail(*_: object) -> None:
        raise SuiteError([])

    before = sorted(p.name for p in (base / "seeds").iterdir())
    monkeypatch.setattr(editing, "_exchange", fail)
    assert add(base, piece) == 1
    assert sorted(p.name for p in (base / "seeds").iterdir()) == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--speaker", "nobody"], '"nobody" is not a value of `actor`'),
        (["--speaker", "nobody"], '[actor.nobody]\n    label = "…"\n    kind = "author"'),
        (["--fact", "coder=machine-one"], '"coder" is no fact that is given here'),
        (["--title", ""], "title  is missing"),
        (["--id", "../x"], "is no id of an article"),
        (["--id", "averna-2031"], "is an article already"),
        (["--id", "averna"], "seeds/averna.txt is there already"),
        (["--date", "2034-02-30"], "earliest"),
    ],
)
def test_wrong_facts(
    base: Path, piece: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong fact is named with its column, and nothing is written."""
    before = {p: p.read_bytes() for p in (base / "seeds").iterdir()}
    assert add(base, piece, *more) != 0
    assert said in capsys.readouterr().err
    assert {p: p.read_bytes() for p in (base / "seeds").iterdir()} == before


def test_duplicate(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words in other case, marks and line breaks are refused as the article they are."""
    text = (base / "seeds/averna.txt").read_text("utf-8")
    again = tmp_path / "again.txt"
    again.write_text(text.upper().replace(". ", ".\n").replace("’", "'"), "utf-8")
    assert add(base, again) == 1
    assert 'is the text of "averna-2031" already' in capsys.readouterr().err
    assert not (base / "seeds/new-2034.txt").exists()


def test_near_duplicate(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A piece that holds a stored one whole is taken in, and named with the share of each."""
    text = (base / "seeds/tolm.txt").read_text("utf-8")
    longer = tmp_path / "longer.txt"
    longer.write_text(text + "\n" + " ".join(f"word{n}" for n in range(40)), "utf-8")
    assert add(base, longer) == 0
    assert 'with "tolm-2033", which shares 100% of its own' in capsys.readouterr().out


def test_shares() -> None:
    """Ten words have three passages of eight; with the last word another, two of three are shared."""
    old = near.passages(near.words("a b c d e f g h i j"))
    new = near.passages(near.words("A b, c d e f g h i k"))
    assert near.shared(new, old) == near.Shared(2, 2 / 3, 2 / 3)


def test_page(tmp_path: Path) -> None:
    """Of a page the article's words stay, blocks apart; scripts go, and what is left out is counted."""
    page = tmp_path / "p.html"
    page.write_text(
        "<meta charset=utf-8><nav>Home of all</nav><article><h1>Title</h1><script>evil()</script>"
        "<p>They <b>should</b>\n talk.<br>Now.</p><aside>Read more</aside></article>", "utf-8"
    )  # fmt: skip
    found = extract(page)
    assert found.data.decode() == "Title\n\nThey should talk.\nNow.\n"
    assert "left out as <aside>: 2 words" in found.told
    assert "left out beside the page's one article: 3 words" in found.told


def test_docx(tmp_path: Path) -> None:
    """Of a Word document paragraphs stay in order; a tracked deletion goes and is counted."""
    body = (
        "<w:p><w:r><w:t>They </w:t></w:r>"
        "<w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:ins><w:r><w:t>talk.</w:t></w:r>"
        "</w:ins></w:p><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Now.</w:t></w:r></w:p>"
    )
    found = extract(docx(tmp_path / "a.docx", body))
    assert found.data.decode() == "They talk.\n\nNow.\n"
    assert "left out: 1 tracked deletion" in found.told


def test_pdf(tmp_path: Path) -> None:
    """Of a PDF the lines stay; a word broken at a line end is joined and named."""
    found = extract(pdf(tmp_path / "a.pdf", ["The govern-", "ment should talk."]))
    assert found.data.decode() == "The government should talk.\n"
    assert "joined across 1 line end: government" in found.told


def refused(path: Path) -> str:
    """Return what is said of a file that is not taken in."""
    with pytest.raises(SuiteError) as caught:
        extract(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", "Überall".encode("latin-1"), "--encoding windows-1252"),
        ("a.txt", b"one\ntwo \x1b[31m", "a.txt:2  holds the control character U+001B"),
        ("a.txt", b" \n", "holds no words"),
        ("a.html", b"<script>write()</script>", "holds no words"),
        ("a.html", b"<div>" * 3000 + b"words", "nests more than 2,000 elements"),
        ("a.docx", b"no zip", "is no DOCX"),
        ("a.docx", b"PK\x03\x04 cut short", "is no zip archive"),
        ("a.pdf", b"%PDF-1.7 broken", "cannot be read as PDF"),
        ("a.exe", b"MZ", "is no kind of article"),
    ],
)
def test_refused(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    """A file without a text that can be trusted is refused with the reason."""
    path = tmp_path / name
    path.write_bytes(data)
    assert said in refused(path)


def test_traps(tmp_path: Path) -> None:
    """A bomb, an entity, a locked and a scanned file are each refused by what they are."""
    shown = "p"
    bomb = docx(tmp_path / "bomb.docx", " " * (LARGEST + 1))
    assert "unpacks to more than" in refused(bomb)
    assert "is encrypted" in refused(pdf(tmp_path / "locked.pdf", ["Words."], password=shown))
    assert "It is scanned" in refused(pdf(tmp_path / "scan.pdf", []))
    with zipfile.ZipFile(tmp_path / "dtd.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "declares a DTD" in refused(tmp_path / "dtd.docx")


def test_unused(base: Path, tmp_path: Path) -> None:
    """A named encoding is stored as UTF-8, and that is told."""
    path = Path(shutil.copy(base / "seeds/tolm.txt", tmp_path / "t.txt"))
    path.write_bytes("Für alle".encode("windows-1252"))
    assert extract(path, encoding="windows-1252") == Extract(
        "Für alle".encode(), ["read as windows-1252, stored as UTF-8"]
    )
