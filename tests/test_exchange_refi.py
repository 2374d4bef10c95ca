"""REFI-QDA projects and codebooks: from any tool that writes them, and to any that reads them."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from crossing import table
from foreign_files import code, guid, member, project, qdpx, selection, source
from made import make_suite
from policybook.exchange import ExchangeError, Losses, Options, export_suite, import_suite
from policybook.suite import open_suite

ROOT = Path(__file__).parent.parent
TEXT = "The ministry wants a carbon tax. The union rejects a carbon tax. We must act now."
MINISTRY, UNION, ACT = (0, 32), (33, 64), (65, 81)

CODES = "".join([
    code("Climate", code("Carbon tax", about="A price on carbon."), code("Climate law")),
    code("Stance", code("supports"), code("opposes"), codable=False),
    code("Speaker", code("Ministry"), code("Union"), codable=False),
])  # fmt: skip


def taken_in(
    folder: Path, document: str, texts: dict[str, str | bytes] | None = None, **asked: object
) -> tuple[list[dict[str, str]], Losses]:
    """Import a project; return the rows and the losses."""
    path = qdpx(
        folder / "project.qdpx", document, {member("Paper"): TEXT} if texts is None else texts
    )
    losses = import_suite("qdpx", path, folder / "suite", options=Options(**asked))  # type: ignore[arg-type]
    return list(table(folder / "suite" / "recommendations.csv").values()), losses


def test_codings_become_rows(tmp_path: Path) -> None:
    """A coded passage is a row: codes beneath “Stance” and “Speaker” fill columns, others are instruments."""
    coded = source(
        "Paper",
        selection(*MINISTRY, "Carbon tax", "supports", "Ministry"),
        selection(*UNION, "Carbon tax", "opposes", "Union"),
    )
    rows, losses = taken_in(tmp_path, project(coded, CODES))
    kept = ["quote", "speaker", "instrument", "stance", "voice", "coder"]
    assert [[row[name] for name in kept] for row in rows] == [
        ["The ministry wants a carbon tax.", "Ministry", "carbon-tax", "supports", "reported", "Anna"],
        ["The union rejects a carbon tax.", "Union", "carbon-tax", "opposes", "reported", "Anna"],
    ]  # fmt: skip
    suite = open_suite(tmp_path / "suite")
    assert suite.book.values("instrument")["carbon-tax"].definition == "A price on carbon."
    assert {loss.column for loss in losses if loss.kind == "guessed"} >= {
        "voice",
        "strength",
        "earliest",
        "kind",
    }


def test_codings_that_stand_apart_are_one_passage(tmp_path: Path) -> None:
    """Tools that write a passage for each coding mean one passage: place and coder are the same."""
    coded = source(
        "Paper", *(selection(*MINISTRY, one) for one in ("Carbon tax", "opposes", "Ministry"))
    )
    ((row,), losses) = taken_in(tmp_path, project(coded, CODES))
    assert (row["instrument"], row["stance"], row["speaker"]) == (
        "carbon-tax",
        "opposes",
        "Ministry",
    )
    assert "dropped" not in {loss.kind for loss in losses}


def test_two_instruments_are_two_rows(tmp_path: Path) -> None:
    """A passage coded with two instruments is two rows of the same words."""
    coded = source("Paper", selection(*MINISTRY, "Carbon tax", "Climate law", "supports"))
    rows, _ = taken_in(tmp_path, project(coded, CODES))
    assert [(row["instrument"], row["quote"]) for row in rows] == [
        ("carbon-tax", "The ministry wants a carbon tax."),
        ("climate-law", "The ministry wants a carbon tax."),
    ]


def test_a_passage_without_an_instrument_is_named(tmp_path: Path) -> None:
    """A passage coded with a stance alone is no row, and the report says which it was."""
    coded = source("Paper", selection(*ACT, "supports", name="loose"))
    rows, losses = taken_in(tmp_path, project(coded, CODES))
    assert rows == []
    assert [loss.row for loss in losses if "names no instrument" in loss.what] == ["loose"]


def test_a_stance_the_file_does_not_say_is_a_guess(tmp_path: Path) -> None:
    """A passage without a stance is taken for support, and the report names the guess."""
    coded = source("Paper", selection(*ACT, "Climate law"))
    ((row,), losses) = taken_in(tmp_path, project(coded, CODES))
    assert row["stance"] == "supports"
    assert ("guessed", "stance") in {(loss.kind, loss.column) for loss in losses}


def test_a_mapping_names_the_parent_of_the_instruments(tmp_path: Path) -> None:
    """With `--map instrument=Climate` only codes beneath it are instruments; others stand in the note."""
    codes = CODES + code("Mood", code("angry"))
    coded = source("Paper", selection(*ACT, "Climate law", "angry"))
    ((row,), losses) = taken_in(tmp_path, project(coded, codes), mapping={"instrument": "Climate"})
    assert (row["instrument"], row["note"]) == ("climate-law", "codes: angry")
    assert ("changed", "note") in {(loss.kind, loss.column) for loss in losses}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("internal://p.txt", "sources/p.txt"),
        ("internal://p.txt", "Sources/p.txt"),
        ("p.txt", "sources/p.txt"),
        ("sources/p.txt", "sources/p.txt"),
    ],
)
def test_texts_are_found_however_they_are_named(tmp_path: Path, path: str, name: str) -> None:
    """The text of a source is found with `internal://` or without, in a folder of any case."""
    coded = source("Paper", selection(*ACT, "Climate law"), path=path)
    ((row,), _) = taken_in(tmp_path, project(coded, CODES), {name: TEXT})
    assert row["quote"] == "We must act now."


def test_texts_within_the_document(tmp_path: Path) -> None:
    """A text that stands in the project itself is read as well, that of a PDF also."""
    inner = source(
        "Text of it", selection(*ACT, "Climate law"), path=None, content=TEXT, kind="Representation"
    )
    coded = source("Paper", selection(*UNION, "Carbon tax"), path=None, content=TEXT)
    pdf = source("A PDF", inner, path=None, kind="PDFSource")
    rows, _ = taken_in(tmp_path, project(coded + pdf, CODES), {})
    assert [row["quote"] for row in rows] == ["The union rejects a carbon tax.", "We must act now."]


@pytest.mark.parametrize(
    "path", [None, "internal://nowhere.txt", "relative://../x.txt", "/etc/passwd"]
)
def test_a_coding_without_readable_text_is_named(tmp_path: Path, path: str | None) -> None:
    """A coding whose text is not in the file is named as having no readable text; nothing else is opened."""
    coded = source("Paper", selection(*ACT, "Climate law", name="p1"), path=path)
    rows, losses = taken_in(tmp_path, project(coded, CODES), {})
    assert rows == []
    assert [loss.row for loss in losses if "no readable text" in loss.what] == ["p1"]


def test_unknown_elements_do_not_matter(tmp_path: Path) -> None:
    """Elements nobody knows, other namespaces and other file names are passed over."""
    coded = source("Paper", "<Weird x='1'><Deep/></Weird>", selection(*ACT, "Climate law"))
    document = project(coded, CODES, more="<Sets><Set/></Sets><Future/>").replace(
        "project:1.0", "project:9.9"
    )
    path = qdpx(
        tmp_path / "x.qdpx", document, {member("Paper"): TEXT}, name="folder/My project.QDE"
    )
    losses = import_suite("qdpx", path, tmp_path / "suite")
    assert len(table(tmp_path / "suite" / "recommendations.csv")) == 1
    assert any("<Set>" in loss.what for loss in losses)


def test_guids_may_be_braced_and_in_capitals(tmp_path: Path) -> None:
    """A GUID is the same in braces and in capitals."""
    key = guid("code", "Climate law")
    document = project(source("Paper", selection(*ACT, "Climate law")), CODES)
    document = document.replace(f'targetGUID="{key}"', f'targetGUID="{{{key.upper()}}}"')
    ((row,), _) = taken_in(tmp_path, document)
    assert row["instrument"] == "climate-law"


def test_notes_and_variables_come_along(tmp_path: Path) -> None:
    """Notes on a passage stand in its row; variables of a source say the article's facts."""
    note = guid("note", "n1")
    variables = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid("v", n)}"/><TextValue>{v}</TextValue></VariableValue>'
        for n, v in (("Author", "Jane Doe"), ("Date", "2019-05-30"), ("Mood", "grim"))
    )
    coded = source("Paper", selection(*ACT, "Climate law", note="n1"), variables)
    named = "".join(
        f'<Variable guid="{guid("v", n)}" name="{n}" typeOfVariable="Text"/>'
        for n in ("Author", "Date", "Mood")
    )
    more = f"<Variables>{named}</Variables><Notes><Note guid='{note}' name='m'><PlainTextContent>Look again.</PlainTextContent></Note></Notes>"
    ((row,), losses) = taken_in(tmp_path, project(coded, CODES, more=more))
    (facts,) = table(tmp_path / "suite" / "seeds" / "articles.csv").values()
    assert row["note"] == "Look again."
    assert (facts["authors"], facts["published"], facts["note"]) == (
        "jane-doe",
        "2019-05-30",
        "Mood: grim",
    )
    assert any("Mood" in loss.what for loss in losses)


def test_places_in_utf16_units_are_recognised(tmp_path: Path) -> None:
    """Places that a tool counted in UTF-16 units are read so, and the report says it is a guess."""
    text = "😀😀😀 Good. We must act now, they say. So be it."
    coded = source("Paper", selection(text.index("We") + 3, text.index(" So") + 3, "Climate law"))
    ((row,), losses) = taken_in(tmp_path, project(coded, CODES), {member("Paper"): text})
    assert row["quote"] == "We must act now, they say."
    assert any("UTF-16" in loss.what for loss in losses if loss.kind == "guessed")


def test_line_ends_counted_as_one_are_recognised(tmp_path: Path) -> None:
    """Places of a tool that counts a Windows line end as one character are read so."""
    text = "First line.\r\nSecond line.\r\nThird line.\r\nWe must act now, they say."
    start = text.index("We") - 3
    coded = source("Paper", selection(start, len(text) - 3, "Climate law"))
    ((row,), _) = taken_in(tmp_path, project(coded, CODES), {member("Paper"): text})
    assert row["quote"] == "We must act now, they say."


def test_a_guid_that_is_there_twice(tmp_path: Path) -> None:
    """A GUID that two codes have means the first, and the report says so."""
    codes = CODES + code("Another", key=guid("code", "Climate law"))
    ((row,), losses) = taken_in(
        tmp_path, project(source("Paper", selection(*ACT, "Climate law")), codes)
    )
    assert row["instrument"] == "climate-law"
    assert any("there twice" in loss.what for loss in losses)


def test_what_no_row_can_hold_is_named(tmp_path: Path) -> None:
    """Codings of whole sources, cases, colours, memos and idle users are named; a code's memo is kept."""

    def note(key: str, words: str) -> str:
        inside = f"<PlainTextContent>{words}</PlainTextContent>"
        return f'<Note guid="{guid("note", key)}" name="{key}">{inside}</Note>'

    climate = guid("code", "Climate law")
    memo = f'<NoteRef targetGUID="{guid("note", "memo")}"/>'
    codes = (
        f'<Code guid="{climate}" name="Climate law" isCodable="true" color="#ff0000">{memo}</Code>'
    )
    whole = f'<Coding guid="{guid("w")}"><CodeRef targetGUID="{climate}"/></Coding>'
    case = f'<Cases><Case guid="{guid("case")}" name="France"/></Cases>'
    more = f"{case}<Notes>{note('memo', 'Acts only.')}{note('free', 'x')}</Notes><Description>Why.</Description>"
    document = project(source("Paper", selection(*ACT, "Climate law"), whole), codes, more=more,
                       users=("anna", "ben"))  # fmt: skip
    (_, losses) = taken_in(tmp_path, document)
    named = [(loss.row, loss.what) for loss in losses if loss.kind == "dropped"]
    for row, words in (
        ("Paper", "coded as a whole, “Climate law”"), ("France", "the case"), ("", "1 colour"),
        ("", "the description of the project"), (guid("note", "free"), "nothing that is read"),
        ("Ben", "coded no passage"),
    ):  # fmt: skip
        assert [what for place, what in named if place == row and words in what], words
    assert (
        open_suite(tmp_path / "suite").book.values("instrument")["climate-law"].definition
        == "Acts only."
    )


def test_a_codebook_alone(tmp_path: Path) -> None:
    """A codebook file makes an empty suite with its codes, ready to be coded with."""
    document = (
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>{CODES}</Codes></CodeBook>'
    )
    (tmp_path / "book.qdc").write_text(document)
    import_suite("qdc", tmp_path / "book.qdc", tmp_path / "suite")
    suite = open_suite(tmp_path / "suite")
    assert list(suite.book.values("instrument")) == ["Climate", "carbon-tax", "climate-law"]
    assert suite.rows.empty


@pytest.mark.parametrize("document", ["<CodeBook/>", "<x/>"])
def test_no_codebook(tmp_path: Path, document: str) -> None:
    """A file without a codebook is refused by name."""
    (tmp_path / "book.qdc").write_text(document)
    with pytest.raises(ExchangeError, match="holds no codebook"):
        import_suite("qdc", tmp_path / "book.qdc", tmp_path / "suite")


AUDIT = "creatingUser creationDateTime modifyingUser modifiedDateTime"
TEXT_SOURCE = (
    "guid", f"name richTextPath plainTextPath {AUDIT}",
    "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*",
)  # fmt: skip
PROJECT = {
    "Project": ("name", "origin creatingUserGUID creationDateTime modifyingUserGUID modifiedDateTime basePath", "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*"),
    "Users": ("", "", "User+"),
    "User": ("guid", "name id", ""),
    "CodeBook": ("", "", "Codes"),
    "Codes": ("", "", "Code+"),
    "Code": ("guid name isCodable", "color", "Description? NoteRef* Code*"),
    "Variables": ("", "", "Variable+"),
    "Variable": ("guid name typeOfVariable", "", "Description?"),
    "Cases": ("", "", "Case+"),
    "Case": ("guid", "name", "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "VariableValue": ("", "", "VariableRef TextValue?"),
    "Sources": ("", "", "TextSource+"),
    "TextSource": TEXT_SOURCE,
    "PlainTextSelection": ("guid startPosition endPosition", f"name {AUDIT}", "Description? Coding* NoteRef*"),
    "Coding": ("guid", "creatingUser creationDateTime", "CodeRef NoteRef*"),
    "Notes": ("", "", "Note+"),
    "Note": TEXT_SOURCE,
    **dict.fromkeys(["Description", "TextValue", "PlainTextContent"], ("", "", "")),
    **dict.fromkeys(["CodeRef", "NoteRef", "SelectionRef", "VariableRef"], ("targetGUID", "", "")),
}  # fmt: skip
"""What Project.xsd of 18 March 2019 asks of each element we write: attributes it must and may have,
children in their order."""

CODEBOOK = {
    "CodeBook": ("", "origin", "Codes Sets?"),
    "Codes": PROJECT["Codes"],
    "Code": ("guid name isCodable", "color", "Description? Code*"),
    "Description": ("", "", ""),
}
"""The same of Codebook.xsd, whose codes have no notes."""

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DATE_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
TYPES = {
    **dict.fromkeys(["guid", "targetGUID", "creatingUser", "modifyingUser"], GUID),
    **dict.fromkeys(["creatingUserGUID", "modifyingUserGUID"], GUID),
    **dict.fromkeys(["creationDateTime", "modifiedDateTime"], DATE_TIME),
    **dict.fromkeys(["startPosition", "endPosition"], r"\d+"),
    "isCodable": "true|false|1|0",
    "typeOfVariable": "Text|Boolean|Integer|Float|Date|DateTime",
    "color": "#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})",
}
"""The types of attributes that are no plain text."""

WORDS = ("Description", "TextValue", "PlainTextContent")
"""Elements that hold words; in all others only white space stands between elements."""


def faults(root: Element, schema: Mapping[str, tuple[str, str, str]]) -> Iterator[str]:
    """Yield what an element and those within it do against the schema."""
    space = root.tag.partition("}")[0]
    for element in root.iter():
        own, _, name = element.tag.partition("}")
        needed, more, children = schema[name]
        attributes = set(element.attrib)
        if own != space or not set(needed.split()) <= attributes <= {
            *needed.split(),
            *more.split(),
        }:
            yield f"{own} {name}: {attributes}"
        order = "".join(f"{child.tag.partition('}')[2]} " for child in element)
        pattern = "".join(
            f"({one.rstrip('?*+')} ){one[-1] if one[-1] in '?*+' else ''}"
            for one in children.split()
        )
        if not re.fullmatch(pattern, order):
            yield f"{name}: {order[:200]}"
        between = [element.text, *(child.tail for child in element)]
        if name not in WORDS and any(words and words.strip() for words in between):
            yield f"{name}: {between}"
        for key, value in element.attrib.items():
            if not re.fullmatch(TYPES.get(key, r"(?s:.*)"), value):
                yield f"{name}: {key}={value}"
        if name in {"TextSource", "Note"} and ("plainTextPath" in attributes) == (
            "PlainTextContent" in order
        ):
            yield f"{name}: its words stand nowhere, or twice"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Export the shipped suite as a project."""
    place, _ = export_suite("qdpx", ROOT, tmp_path_factory.mktemp("out") / "suite.qdpx")
    return zipfile.ZipFile(place)


def test_a_project_follows_the_schema(exported: zipfile.ZipFile) -> None:
    """Every element of an exported project has the attributes and the order the schema asks for."""
    root = fromstring(exported.read("project.qde"))
    assert root.tag == "{urn:QDA-XML:project:1.0}Project"
    assert list(faults(root, PROJECT)) == []


@pytest.mark.parametrize("number", [0, 1])
def test_any_project_follows_the_schema(number: int, tmp_path: Path) -> None:
    """A suite whose words mean harm to XML, or that holds no row, is a project after the schema too."""
    words = '<a b="c">&\x01\ufffe\n\t]]>😀'
    facts = {
        "a": {"title": words, "note": words, "coder": "", "coded_on": "", "codebook_version": ""}
    }
    row = {"article": "a", "note": words, "course": words, "condition_type": "proviso"}
    make_suite(tmp_path / "suite", [row] * number, facts=facts, articles=1)
    for way, schema in (("qdpx", PROJECT), ("qdc", CODEBOOK)):
        place, _ = export_suite(way, tmp_path / "suite", tmp_path / way)
        data = zipfile.ZipFile(place).read("project.qde") if way == "qdpx" else place.read_bytes()
        assert list(faults(fromstring(data), schema)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("T00:00:00Z", ""),
        ('isCodable="true"', 'isCodable="yes"'),
        ('startPosition="', 'startPosition="x'),
        ("<Users>", "<Users>x"),
        ('typeOfVariable="Text"', 'typeOfVariable="Words"'),
        ('creatingUser="', 'creatingUser="{'),
        (' plainTextPath="', ' richTextPath="'),
        ("<CodeBook>", '<CodeBook xmlns="urn:QDA-XML:codebook:1.0">'),
    ],
)
def test_the_schema_is_told_from_what_is_like_it(
    old: str, new: str, exported: zipfile.ZipFile
) -> None:
    """Each kind of slip against the schema is one that these tests would see."""
    text = exported.read("project.qde").decode()
    assert old in text
    assert list(faults(fromstring(text.replace(old, new, 1).encode()), PROJECT)) != []


def test_a_codebook_follows_the_schema(tmp_path: Path) -> None:
    """Every element of an exported codebook has the attributes and the order the schema asks for."""
    place, _ = export_suite("qdc", ROOT, tmp_path / "codebook.qdc")
    root = fromstring(place.read_bytes())
    assert root.tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    assert list(faults(root, CODEBOOK)) == []


def test_everything_referred_to_is_there(exported: zipfile.ZipFile) -> None:
    """Every GUID that something refers to is that of one element, and every source has its text."""
    root = fromstring(exported.read("project.qde"))
    keys = [element.get("guid") for element in root.iter() if element.get("guid")]
    targets = {
        element.get("targetGUID") or element.get("creatingUser") for element in root.iter()
    } - {None}
    assert len(keys) == len(set(keys))
    assert targets <= set(keys)
    paths = [
        element.get("plainTextPath") or ""
        for element in root.iter()
        if element.get("plainTextPath")
    ]
    assert [f"sources/{path.removeprefix('internal://')}" for path in paths] == exported.namelist()[
        1:
    ]


def test_a_project_holds_no_path_and_no_clock(exported: zipfile.ZipFile) -> None:
    """An exported project names no folder of this machine, and nothing in it tells when it was made."""
    assert str(ROOT).encode() not in exported.read("project.qde")
    assert {item.date_time for item in exported.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_passages_are_those_of_the_rows(exported: zipfile.ZipFile) -> None:
    """The places in a project cut exactly the words of the rows out of the exported texts."""
    root = fromstring(exported.read("project.qde"))
    space = "{urn:QDA-XML:project:1.0}"
    found = {}
    for one in root.iter(f"{space}TextSource"):
        text = exported.read(
            f"sources/{(one.get('plainTextPath') or '').removeprefix('internal://')}"
        ).decode()
        for passage in one.iter(f"{space}PlainTextSelection"):
            start, end = (
                int(passage.get("startPosition") or 0),
                int(passage.get("endPosition") or 0),
            )
            found[passage.get("name")] = " ".join(text[start:end].split())
    for row in table(ROOT / "recommendations.csv").values():
        assert found[row["id"]] == row["quote"]
        for column in ("condition", "reason", "legal_basis"):
            assert found.get(f"{row['id']} {column}", "") == row[column]
