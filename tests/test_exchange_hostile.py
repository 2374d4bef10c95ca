"""Files that are damaged, made up or meant to harm: a clear error or a named loss, and nothing half-written."""

import json
import os
import sqlite3
import struct
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossing import table
from foreign_files import DNA_TABLES, DnaFile, code, guid, member, project, qdpx, selection, source
from made import tries
from policybook.cli import main
from policybook.exchange import ExchangeError, Options, archive, folder, import_suite, markup
from policybook.exchange.losses import Losses
from policybook.suite import open_suite

ROOT = Path(__file__).parent.parent
TEXT = "The ministry wants a carbon tax. We must act now."
CODES = code("Climate", code("Climate law"))
GOOD = project(source("Paper", selection(33, 49, "Climate law")), CODES)


def refused(way: str, path: Path, match: str) -> None:
    """Expect a refusal that says why and leaves nothing behind."""
    before = sorted(os.listdir(path.parent))  # noqa: PTH208
    with pytest.raises(ExchangeError, match=match):
        import_suite(way, path, path.parent / "suite")
    assert sorted(os.listdir(path.parent)) == before  # noqa: PTH208


def good(folder: Path) -> Path:
    """Write a project without a fault."""
    return qdpx(folder / "x.qdpx", GOOD, {member("Paper"): TEXT})


@pytest.mark.parametrize("part", [0, 10, 200, -30])
def test_a_truncated_archive(tmp_path: Path, part: int) -> None:
    """An archive that was cut short is refused as such."""
    path = good(tmp_path)
    path.write_bytes(path.read_bytes()[:part])
    refused("qdpx", path, "is no zip archive")


def test_a_member_that_is_damaged(tmp_path: Path) -> None:
    """An archive whose content was altered is refused, with the member's name."""
    path = tmp_path / "x.qdpx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("project.qde", GOOD)
    path.write_bytes(path.read_bytes().replace(b"Climate law", b"Climate lax", 1))
    refused("qdpx", path, "project.qde")


def test_an_encrypted_member(tmp_path: Path) -> None:
    """An archive that asks for a password is refused."""
    path = good(tmp_path)
    data = bytearray(path.read_bytes())
    for head, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + flag] |= 1
    path.write_bytes(bytes(data))
    refused("qdpx", path, "cannot be read")


def test_a_zip_bomb(tmp_path: Path) -> None:
    """A member that unpacks to far more than its archive is refused before it fills the memory."""
    path = qdpx(tmp_path / "x.qdpx", b"<x>" + b" " * 50_000_000)
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    refused("qdpx", path, "a trap")
    assert tracemalloc.get_traced_memory()[1] < 25_000_000
    tracemalloc.stop()


def test_a_bomb_of_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of a great many tags is refused before it is parsed, however small its archive."""
    monkeypatch.setattr(markup, "MOST_TAGS", 1_000)
    refused("qdpx", qdpx(tmp_path / "x.qdpx", f"<x>{'<a/>' * 2_000}</x>"), "more than 1,000 tags")
    monkeypatch.setattr(markup, "MOST_EQUALS", 500)
    many = "".join(f" a{number}=''" for number in range(600))
    refused("qdpx", qdpx(tmp_path / "x.qdpx", f"<x{many}/>"), "more than 1,000 tags, or 500")


def test_what_macos_puts_beside_a_project(tmp_path: Path) -> None:
    """An archive that macOS packed again has one project, not two."""
    beside = {member("Paper"): TEXT, "__MACOSX/._project.qde": b"\0\5\x16\7", "._project.qde": b""}
    import_suite("qdpx", qdpx(tmp_path / "x.qdpx", GOOD, beside), tmp_path / "suite")
    assert len(table(tmp_path / "suite" / "recommendations.csv")) == 1


def test_a_bomb_of_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members that are small each and too much together are refused as well."""
    monkeypatch.setattr(archive, "LARGEST", 2_000_000)
    names = [f"Paper {n}" for n in range(30)]
    sources = "".join(source(name, selection(0, 4, "Climate law")) for name in names)
    path = qdpx(
        tmp_path / "x.qdpx", project(sources, CODES), {member(n): b"word " * 30_000 for n in names}
    )
    refused("qdpx", path, "a trap")


def test_a_crowded_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with an absurd number of members is refused."""
    monkeypatch.setattr(archive, "MOST_MEMBERS", 100)
    refused("qdpx", qdpx(tmp_path / "x.qdpx", GOOD, {f"m{n}": b"" for n in range(200)}), "200|201")


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "..\\evil.txt", "C:evil.txt", "a/../../evil.txt"]
)
def test_a_path_that_climbs_out(tmp_path: Path, name: str) -> None:
    """A member whose name climbs out of the archive is never opened, and the report names it."""
    inner = tmp_path / "inner"
    inner.mkdir()
    document = project(
        source("Paper", selection(33, 49, "Climate law"), path=f"internal://{name}"), CODES
    )
    path = qdpx(inner / "x.qdpx", document, {name: TEXT})
    losses = import_suite("qdpx", path, inner / "suite")
    assert any("climbs out" in loss.what for loss in losses)
    assert table(inner / "suite" / "recommendations.csv") == {}
    assert sorted(os.listdir(tmp_path)) == ["inner"]  # noqa: PTH208


LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {one} "{f"&{other};" * 10}">' for one, other in zip("bcdefghij", "abcdefghi", strict=True)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        '<!DOCTYPE Project SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
@pytest.mark.parametrize("way", ["qdpx", "qdc"])
def test_entities_and_dtds(tmp_path: Path, way: str, head: str) -> None:
    """A document that declares entities or a DTD is refused; nothing is expanded and nothing fetched."""
    body = GOOD.partition("?>")[2]
    if way == "qdpx":
        refused(way, qdpx(tmp_path / "x.qdpx", head + body), "declares a DTD")
    else:
        (tmp_path / "x.qdc").write_text(head + body)
        refused(way, tmp_path / "x.qdc", "declares a DTD")


@pytest.mark.parametrize(
    "document",
    [b"", b"<a>", b"\xff\xfe", b"<a>\x00</a>", b'<?xml version="1.0" encoding="nope"?><a/>'],
)
def test_no_xml(tmp_path: Path, document: bytes) -> None:
    """A document that is no XML is refused as such."""
    refused("qdpx", qdpx(tmp_path / "x.qdpx", document), "is no XML")


@pytest.mark.parametrize("documents", [0, 2])
def test_one_project_an_archive(tmp_path: Path, documents: int) -> None:
    """An archive without a project, or with two, is refused."""
    with zipfile.ZipFile(tmp_path / "x.qdpx", "w") as made:
        for number in range(documents):
            made.writestr(f"{number}.qde", GOOD)
        made.writestr("readme.txt", "")
    refused("qdpx", tmp_path / "x.qdpx", f"holds {documents} projects")


def test_codes_within_codes_without_end(tmp_path: Path) -> None:
    """Codes nested deeper than anybody nests are passed over and named; nothing overflows."""
    depth = 20_000
    nested = "".join(
        f'<Code guid="{guid("deep", n)}" name="c{n}" isCodable="true">' for n in range(depth)
    )
    document = project(
        source("Paper", selection(33, 49, "Climate law")), CODES + nested + "</Code>" * depth
    )
    losses = import_suite(
        "qdpx", qdpx(tmp_path / "x.qdpx", document, {member("Paper"): TEXT}), tmp_path / "suite"
    )
    assert any("deep" in loss.what for loss in losses)


def test_a_hundred_thousand_codings(tmp_path: Path) -> None:
    """A project with a hundred thousand codings, its GUIDs repeated, is a suite in seconds."""
    number = 2_000 if os.environ.get("POLICYBOOK_SOAK") else 200  # else a tenth of them
    lines = [f"Sentence {place:04} asks for it." for place in range(number)]
    length = len(lines[0])
    names = [f"P{n}" for n in range(10)]
    used = ["Climate law", "supports", "Union", "must", "medium"]
    codes = [code("Climate law"), code("Stance", code("supports")), code("Speaker", code("Union")),
             code("Strength", code("must")), code("Confidence", code("medium"))]  # fmt: skip
    starts = [place * (length + 1) for place in range(number)]
    passages = "".join(selection(start, start + length, *used) for start in starts)
    document = project("".join(source(name, passages) for name in names), "".join(codes))
    path = qdpx(tmp_path / "x.qdpx", document, {member(name): "\n".join(lines) for name in names})
    losses = import_suite("qdpx", path, tmp_path / "suite")
    assert any("there twice" in loss.what for loss in losses)
    assert len(table(tmp_path / "suite" / "recommendations.csv")) == 10 * number


@pytest.mark.parametrize("data", [b"", b"not a database at all", b"SQLite format 3\0"])
def test_no_database(tmp_path: Path, data: bytes) -> None:
    """A file that is no SQLite database is refused as such."""
    (tmp_path / "x.dna").write_bytes(data)
    refused("dna", tmp_path / "x.dna", "database")


def a_database(folder: Path) -> Path:
    """Write a .dna file without a fault."""
    dna = DnaFile(folder / "x.dna")
    dna.document(TEXT * 200)
    dna.statement(1, "", span=(0, 32), organization="x", concept="y", agreement=1)
    return dna.save()


def test_a_corrupt_database(tmp_path: Path) -> None:
    """A database whose pages were overwritten is refused as damaged."""
    path = a_database(tmp_path)
    data = bytearray(path.read_bytes())
    data[5_000:9_000] = b"\xff" * 4_000
    path.write_bytes(bytes(data))
    refused("dna", path, "cannot be read as a database")


def test_a_truncated_database(tmp_path: Path) -> None:
    """A database that was cut short is refused as damaged."""
    path = a_database(tmp_path)
    path.write_bytes(path.read_bytes()[:-6_000])
    refused("dna", path, "database")


@pytest.mark.parametrize(
    ("schema", "match"),
    [
        ("CREATE TABLE articles(id)", "the table DOCUMENTS is missing"),
        (
            DNA_TABLES.replace("Entity INTEGER", "Value TEXT"),
            "the column DATASHORTTEXT.Entity is missing",
        ),
        (
            DNA_TABLES.replace("CREATE TABLE ENTITIES", "CREATE TABLE ATTRIBUTES"),
            "the table ENTITIES is missing",
        ),
    ],
)
def test_a_database_of_another_schema(tmp_path: Path, schema: str, match: str) -> None:
    """A database of another program, or of DNA 2, is refused with what is missing."""
    with closing(sqlite3.connect(tmp_path / "x.dna")) as database:
        database.executescript(schema)
    refused("dna", tmp_path / "x.dna", match)


def test_a_database_of_dna_2(tmp_path: Path) -> None:
    """A database that says it is of DNA 2 is told apart, with the way that leads to DNA 3."""
    path = a_database(tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO SETTINGS VALUES ('version', '2.0 beta 25')")
        database.commit()
    refused("dna", path, r"of DNA 2 \(2\.0 beta 25\)(?s:.*)Import from DNA database")


def test_views_and_triggers_never_run(tmp_path: Path) -> None:
    """A view in place of a table is not asked: it could run without end."""
    path = a_database(tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.executescript("""ALTER TABLE DOCUMENTS RENAME TO D;
          CREATE VIEW DOCUMENTS AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
            SELECT x AS ID, '' AS Title, '' AS Text, 1 AS Coder, '' AS Author, '' AS Source,
              '' AS Section, '' AS Notes, '' AS Type, 0 AS Date FROM n;""")
    refused("dna", path, "the table DOCUMENTS is missing")


def test_the_file_of_an_import_is_never_written(tmp_path: Path) -> None:
    """The file that is imported stays as it was to the byte, and nothing appears beside it."""
    path = a_database(tmp_path)
    before = path.read_bytes()
    path.chmod(0o444)
    import_suite("dna", path, tmp_path / "suite")
    assert path.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["suite", "suite.losses.csv", "x.dna"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("facts", "match"),
    [
        ('id = "x"\nearliest = "soon"', '"soon" is not a date'),
        ('id = "x"\ncodebook_version = "9"\ncoder = "y"', "is not a version"),
    ],
)
def test_facts_that_no_suite_can_have(tmp_path: Path, facts: str, match: str) -> None:
    """Facts that claim to come from a suite and fail its checks are refused; nothing is written."""
    dna = DnaFile(tmp_path / "x.dna")
    dna.document(TEXT, Notes=f"[policybook]\n{facts}")
    dna.statement(1, "We must act now.", organization="x", concept="y", agreement=1)
    refused("dna", dna.save(), match)


@pytest.mark.parametrize(
    "file", ["../../evil.txt", "/evil.txt", "a/b.txt", "articles.csv", "", "x.txt"]
)
def test_articles_stay_in_their_folder(tmp_path: Path, file: str) -> None:
    """Whatever an imported file calls its articles, they are written into seeds/, each its own."""
    dna = DnaFile(tmp_path / "x.dna")
    for name in ("x", "y"):
        dna.document(f"{TEXT} {name}", Notes=f'[policybook]\nid = "{name}"\nfile = "{file}"')
    losses = import_suite("dna", dna.save(), tmp_path / "suite")
    assert sorted(os.listdir(tmp_path)) == ["suite", "suite.losses.csv", "x.dna"]  # noqa: PTH208
    assert sorted(os.listdir(tmp_path / "suite" / "seeds")) == ["articles.csv", "x.txt", "y.txt"]  # noqa: PTH208
    assert ("seeds/articles.csv", "file") in {
        (loss.where, loss.column) for loss in losses
    } or not file


BOOKS = ["", "[[", "x = 1", "[column.recommendations.id]\nlabel = 'x'", "[instrument]\na = 1"]


@pytest.mark.parametrize("words", BOOKS)
def test_a_codebook_nobody_can_code_against(tmp_path: Path, words: str) -> None:
    """A project whose codebook is none is read without it; one that was asked for is refused."""
    note = f"<Notes><Note guid='{guid('n')}' name='codebook.toml'><PlainTextContent>{words}</PlainTextContent></Note></Notes>"
    document = project(source("Paper", selection(33, 49, "Climate law")), CODES, more=note)
    path = qdpx(tmp_path / "x.qdpx", document, {member("Paper"): TEXT})
    losses = import_suite("qdpx", path, tmp_path / "suite")
    assert ("codebook.toml" in {loss.where for loss in losses if loss.kind == "dropped"}) == bool(
        words
    )
    assert len(table(tmp_path / "suite" / "recommendations.csv")) == 1
    (tmp_path / "book.toml").write_text(words)
    with pytest.raises(ExchangeError, match=r"book\.toml"):
        import_suite(
            "qdpx", path, tmp_path / "other", options=Options(codebook=tmp_path / "book.toml")
        )


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    """A path that leads out of the folder that is written is refused before anything stands there."""
    with pytest.raises(ExchangeError, match="leads out"):
        folder.write_all({"../x": b""}, tmp_path / "suite")
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_database_that_is_open(tmp_path: Path) -> None:
    """A database that another program still writes to is refused, and not touched."""
    path = a_database(tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE DOCUMENTS SET Title = 'unsaved'")
        database.commit()
        before = path.read_bytes()
        refused("dna", path, "is open in another program")
        assert path.read_bytes() == before


def test_cells_that_are_not_what_they_should_be(tmp_path: Path) -> None:
    """Text for a number, bytes for text, nothing at all: SQLite allows it, and each is named or empty."""
    dna = DnaFile(tmp_path / "x.dna")
    dna.document(TEXT, Title=b"\xff\x00", Date="yesterday", Author=7)
    dna.document(TEXT, Title="x" * 5_000, Date=10**17)
    dna.statement(1, "", span=("a", "b"), organization="x", concept="y", agreement=1)  # type: ignore[arg-type]
    dna.statement(2, "We must act now.", organization=b"\x80", concept="y", agreement="?", coder=99)
    dna.statement(77, "", span=(0, 4), organization="x", concept="y", agreement=1)
    dna.run("INSERT INTO DATASHORTTEXT(StatementId, VariableId, Entity) VALUES ('q', NULL, 'e')")
    losses = import_suite("dna", dna.save(), tmp_path / "suite")
    named = {loss.row for loss in losses if loss.kind == "dropped"}
    assert {"statement 1", "statement 3"} <= named


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "../../etc",
    "\u202egnp.exe",
    "a\0b",
    '"""',
    "[x]\n[y]",
    "\x7f\x1b[31m",
    "other",
    "unspecified",
    "status",
    "🎭" * 30,
    "x" * 3_000,
    "draft",
    "con",
    ".",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_names_that_mean_harm(tmp_path: Path, words: str) -> None:
    """Whatever speakers, concepts, titles and coders are called, a suite of them passes every check."""
    dna = DnaFile(tmp_path / "x.dna")
    dna.run("INSERT INTO CODERS(ID, Name) VALUES (3, ?)", words)
    dna.document(
        f"{TEXT} {words}", Title=words, Author=words, Source=words, Type=words, Notes=words, Coder=3
    )
    dna.statement(
        1, "We must act now.", organization=words, person=words, concept=words, agreement=1, coder=3
    )
    import_suite("dna", dna.save(), tmp_path / "suite")
    (row,) = table(tmp_path / "suite" / "recommendations.csv").values()
    assert row["quote"] == "We must act now."
    assert open_suite(tmp_path / "suite").rows["voice"].tolist() == ["author"]


@given(data=st.data())
@settings(max_examples=tries(30), deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("way", ["dna", "qdpx", "qdc", "annotations"])
def test_no_damage_gives_a_traceback(
    way: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A file damaged anywhere is a suite that checks, or an error with a reason; never half a suite."""
    desk = tmp_path_factory.mktemp("damaged")
    path = {"dna": a_database, "qdpx": good, "qdc": a_codebook, "annotations": annotations}[way](
        desk
    )
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(1, 40))] = data.draw(st.binary(max_size=40))
    path.write_bytes(bytes(damaged))
    try:
        import_suite(way, path, desk / "suite")
    except ExchangeError:
        assert not (desk / "suite").exists()
    else:
        open_suite(desk / "suite")


def a_codebook(folder: Path) -> Path:
    """Write a codebook without a fault."""
    (folder / "x.qdc").write_text(f"<CodeBook><Codes>{CODES}</Codes></CodeBook>")
    return folder / "x.qdc"


def annotations(folder: Path, *, target: object = None) -> Path:
    """Write an annotation without a fault, its text beside it."""
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "paper.txt").write_text(TEXT)
    selector = {"type": "TextQuoteSelector", "exact": "We must act now."}
    body = [{"type": "TextualBody", "value": "Climate law"}]
    item = {
        "type": "Annotation",
        "body": body,
        "target": target or {"source": "sources/paper.txt", "selector": selector},
    }
    (folder / "x.jsonld").write_text(json.dumps({"type": "AnnotationPage", "items": [item]}))
    return folder / "x.jsonld"


@pytest.mark.parametrize(
    "address",
    [
        "sources/../secret.txt",
        "../secret.txt",
        "file:///etc/passwd",
        "sources/link.txt",
        "https://example.org/paper",
        7,
        None,
    ],
)
def test_annotations_open_no_other_file(tmp_path: Path, address: object) -> None:
    """Annotations read texts from the folder beside them and from nowhere else."""
    (tmp_path / "secret.txt").write_text("We must act now.")
    target = {
        "source": address,
        "selector": {"type": "TextQuoteSelector", "exact": "We must act now."},
    }
    path = annotations(tmp_path, target=target)
    (tmp_path / "sources" / "link.txt").symlink_to(tmp_path / "secret.txt")
    losses = import_suite("annotations", path, tmp_path / "suite")
    assert table(tmp_path / "suite" / "recommendations.csv") == {}
    assert any("no text stands in" in loss.what for loss in losses)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"items": []}', "3", "null", '{"a": ' + "9" * 5_000 + "}"]
)
def test_no_annotations(tmp_path: Path, text: str) -> None:
    """A file that is no JSON, or holds no annotation, is refused as such."""
    (tmp_path / "x.jsonld").write_text(text)
    refused("annotations", tmp_path / "x.jsonld", "is no JSON|holds no annotation")


@pytest.mark.parametrize("way", ["dna", "qdpx", "qdc", "annotations"])
def test_no_file(tmp_path: Path, way: str) -> None:
    """A file that is not there, or is a folder, is refused by name."""
    refused(way, tmp_path / "nothing.x", r"nothing\.x  cannot be read: No such file")
    (tmp_path / "folder.x").mkdir()
    refused(way, tmp_path / "folder.x", "folder.x")


def test_an_import_never_writes_into_a_suite(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds anything is never imported into."""
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "mine.txt").write_text("mine")
    assert main(["import", "dna", str(a_database(tmp_path)), "--out", str(tmp_path / "suite")]) == 1
    assert "is there already" in capsys.readouterr().err
    assert os.listdir(tmp_path / "suite") == ["mine.txt"]  # noqa: PTH208


def test_losses_that_cannot_be_written(tmp_path: Path) -> None:
    """Where the losses cannot be written, no suite is: nobody gets one without its report."""
    (tmp_path / "suite.losses.csv").mkdir()
    refused("dna", a_database(tmp_path), "the losses are written there")


def test_an_archive_whose_sizes_lie(tmp_path: Path) -> None:
    """A member is read as far as its limit whatever size its header claims."""
    path = qdpx(tmp_path / "x.qdpx", GOOD, {member("Paper"): TEXT})
    data = bytearray(path.read_bytes())
    for head, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        here = data.index(head) + place
        data[here : here + 4] = struct.pack("<I", 5)
    path.write_bytes(bytes(data))
    with pytest.raises(ExchangeError):
        archive.Archive(path, Losses()).read("project.qde")
