"""Networks, tables and references: what other tools read is what the suite holds."""

import csv
import io
import json
import re
import sys
import warnings
from io import BytesIO
from pathlib import Path

import arro3.io
import networkx as nx
import openpyxl
import pytest
import yaml

from crossing import table
from made import make_suite
from policybook import cells
from policybook.codebook import NO_EXAMPLE
from policybook.exchange import EXPORTS, ExchangeError, book, export_suite, import_suite
from policybook.exchange.graphs import graphs
from policybook.exchange.losses import KINDS, Losses, beside
from policybook.suite import open_suite

ROOT = Path(__file__).parent.parent
TABLES = [
    "recommendations",
    "seeds/articles",
    "codings/adjudication",
    "codings/diagnoses",
    "codings/reader-a",
]
HARM = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    'a, "b"\nc',
    "1e5",
    "0042",
    "TRUE",
    "http://x.y",
    "\x01\x1f",
    "_x0041_",
    "ء😀",
]


@pytest.fixture(scope="module")
def harm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a suite whose cells mean harm to spreadsheets, TeX and everything else."""
    folder = tmp_path_factory.mktemp("harm") / "suite"
    rows = [{"article": "a", "note": words} for words in HARM]
    facts = {
        "a": {
            "title": "50% of {x} & \\input{y} $z$ _",
            "outlet": "A\nER  - \nTY  - BOOK",
            "outlet_basis": "page",
        }
    }
    make_suite(folder, rows, facts=facts)
    return folder


def columns(path: Path) -> dict[str, list[str]]:
    """Return the cells of a table by column."""
    return cells.read(path).columns


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networks_read_back_equal(form: str, tmp_path: Path) -> None:
    """Read by networkx, network is as it was: nodes, edges, attributes with their types, weights."""
    place, _ = export_suite(form, ROOT, tmp_path / form)
    read = nx.read_graphml if form == "graphml" else nx.read_gexf
    for graph in graphs(open_suite(ROOT)):
        made = (nx.DiGraph if graph.directed else nx.Graph)()
        made.add_nodes_from(graph.nodes.items())
        made.add_edges_from(graph.edges)
        found = read(place / f"{graph.name}.{form}")
        for _, _, said in found.edges(data=True):
            said.pop("id", None)  # GEXF numbers its edges
        assert type(found) is type(made)
        assert dict(found.nodes(data=True)) == dict(made.nodes(data=True)), graph.name
        assert nx.to_dict_of_dicts(found) == nx.to_dict_of_dicts(made), graph.name
        assert len(made) > 10


def test_weights_are_what_their_names_say() -> None:
    """The weight of two speakers is their congruence, that of a speaker on an instrument all statements."""
    both, speakers, _, asked = graphs(open_suite(ROOT))
    assert all(said["weight"] == said["congruence"] for _, _, said in speakers.edges)
    assert all(said["weight"] == said["positive"] + said["negative"] for _, _, said in both.edges)
    assert asked.directed
    assert all(said["weight"] >= 1 for _, _, said in asked.edges)


def test_a_data_package_is_valid(tmp_path: Path) -> None:
    """Read by frictionless, there is no fault in a data package: types, enums, patterns, keys."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        place, losses = export_suite("datapackage", ROOT, tmp_path / "package")
        report = frictionless.validate(str(place / "datapackage.json"))
    assert report.flatten(["type", "note"]) == []
    assert list(losses) == []
    described = json.loads((place / "datapackage.json").read_text("utf-8"))
    schema = {one["name"]: one for one in described["resources"]}["recommendations"]["schema"]
    fields = {one["name"]: one for one in schema["fields"]}
    assert fields["stance"]["constraints"] == {"required": True, "enum": ["supports", "opposes"]}
    assert {
        "fields": ["article"],
        "reference": {"resource": "seeds-articles", "fields": ["id"]},
    } in schema["foreignKeys"]


def test_stored_tables_stay_verbatim(harm: Path, tmp_path: Path) -> None:
    """A data package holds what the suite holds: nothing is put before a cell that means harm."""
    place, _ = export_suite("datapackage", harm, tmp_path / "package")
    stored, given = (columns(one / "recommendations.csv")["note"] for one in (harm, place))
    assert given == stored
    assert stored[: HARM.index("\x01\x1f")] == HARM[: HARM.index("\x01\x1f")]


@pytest.mark.parametrize(
    "fault",
    [("stance", "suport"), ("article", "nowhere"), ("addressee", "egypt; nobody"), ("id", "")],
)
def test_a_data_package_finds_faults(tmp_path: Path, fault: tuple[str, str]) -> None:
    """The schema of a data package rejects a wrong code, a dangling article, a wrong code in a list."""
    column, wrong = fault
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        place, _ = export_suite("datapackage", ROOT, tmp_path / "package")
        path = place / "recommendations.csv"
        header, first, *rest = path.read_text("utf-8").splitlines()
        row = next(iter(table(path).values()))
        row[column] = wrong
        quoted = ",".join('"' + row[name].replace('"', '""') + '"' for name in header.split(","))
        path.write_text("\n".join([header, quoted, *rest]) + "\n", "utf-8")
        assert first.split(",")[0] == next(iter(table(ROOT / "recommendations.csv")))
        assert not frictionless.validate(str(place / "datapackage.json")).valid


@pytest.mark.parametrize("name", TABLES)
def test_tables_read_back_equal(name: str, tmp_path: Path) -> None:
    """Parquet, JSON lines and the workbook hold every cell of every table as it stands."""
    expected = columns(ROOT / f"{name}.csv")
    place, _ = export_suite("parquet", ROOT, tmp_path / "parquet")
    found = arro3.io.read_parquet(place / f"{name}.parquet").read_all()
    assert {column: found[column].to_pylist() for column in found.column_names} == expected
    place, _ = export_suite("jsonl", ROOT, tmp_path / "jsonl")
    lines = [json.loads(line) for line in (place / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert {column: [line[column] for line in lines] for column in lines[0]} == expected
    place, _ = export_suite("xlsx", ROOT, tmp_path / "suite.xlsx")
    header, *rows = openpyxl.load_workbook(place)[name.rpartition("/")[2]].values
    assert {str(c): [row[n] or "" for row in rows] for n, c in enumerate(header)} == expected


def test_a_workbook_computes_nothing(harm: Path, tmp_path: Path) -> None:
    """No cell of a workbook is a formula, a link or a number, whatever it holds."""
    place, _ = export_suite("xlsx", harm, tmp_path / "suite.xlsx")
    sheet = openpyxl.load_workbook(place)["recommendations"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    header = [cell.value for cell in sheet[1]]
    notes = [row[header.index("note")] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert notes[: HARM.index("\x01\x1f")] == HARM[: HARM.index("\x01\x1f")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_report_computes_nothing(start: str) -> None:
    """No cell of the losses, which people open in a spreadsheet, begins as a formula does."""
    losses = Losses()
    losses.dropped(f"{start}1", f"{start}2", row=f"{start}3", column=f"{start}4")
    text = losses.table().decode().partition("\n")[2]
    (cells,) = csv.reader(io.StringIO(text, newline=""))
    assert [cell[0] for cell in cells[1:]] == ["'"] * 4


def test_a_long_cell_is_cut_and_named(tmp_path: Path) -> None:
    """A cell longer than a spreadsheet holds is cut, and the report names the row."""
    make_suite(tmp_path / "suite", [{"article": "a", "note": "x" * 40_000}])
    _, losses = export_suite("xlsx", tmp_path / "suite", tmp_path / "suite.xlsx")
    assert [(loss.row, loss.column) for loss in losses if loss.kind == "changed"] == [
        ("a-000", "note")
    ]


@pytest.mark.parametrize(("way", "module"), [("parquet", "arro3.core"), ("xlsx", "xlsxwriter")])
def test_a_missing_library_is_named(
    way: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a library is missing, the message says which, and how to install it."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExchangeError, match=r"policybook\[exchange\]"):
        export_suite(way, ROOT, tmp_path / "out")


def test_references_name_established_facts_only(tmp_path: Path) -> None:
    """An author who is a guess is in no reference, an inferred date is an interval that says so."""
    place, losses = export_suite("csl", ROOT, tmp_path / "a.json")
    items = {item["id"]: item for item in json.loads(place.read_text("utf-8"))}
    assert items["wehrey-lacher-2019"]["author"] == [
        {"literal": "Frederic Wehrey"},
        {"literal": "Wolfram Lacher"},
    ]
    assert items["wehrey-lacher-2019"]["issued"] == {"date-parts": [[2019, 5, 30]]}
    assert "author" not in items["mei-2014"]
    assert "container-title" not in items["mei-2014"]
    assert items["mei-2014"]["issued"] == {
        "date-parts": [[2014, 12, 17], [2014, 12, 21]],
        "circa": True,
    }
    assert {("mei-2014", "authors"), ("mei-2014", "outlet")} <= {
        (loss.row, loss.column) for loss in losses
    }


def test_bibtex_is_escaped(harm: Path, tmp_path: Path) -> None:
    """No mark of TeX in a title or an outlet reaches TeX as one."""
    place, _ = export_suite("bibtex", harm, tmp_path / "a.bib")
    text = place.read_text("utf-8")
    assert r"50\% of \{x\} \& \textbackslash{}input\{y\} \$z\$ \_" in text
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")
    assert len(re.findall(r"^@\w+\{[\w.-]+,$", text, re.MULTILINE)) == 3


def test_ris_has_one_line_a_tag(harm: Path, tmp_path: Path) -> None:
    """Nothing in a title or an outlet begins a line of RIS of its own."""
    place, _ = export_suite("ris", harm, tmp_path / "a.ris")
    lines = place.read_bytes().decode().split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines if line)
    assert (
        sum(line.startswith("TY") for line in lines)
        == sum(line.startswith("ER") for line in lines)
        == 3
    )


def test_the_suite_is_cited_by_its_own_facts(tmp_path: Path) -> None:
    """CITATION.cff names the suite, its version, who coded it and when."""
    place, _ = export_suite("cff", ROOT, tmp_path / "CITATION.cff")
    said = yaml.safe_load(place.read_text("utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert (said["title"], said["version"]) == ("Recommendations on Libya, 2014-2019", "1.0.0")
    assert str(said["date-released"]) == "2026-11-23"
    assert said["authors"] == [{"name": "machine readers and a machine adjudicator"}]


@pytest.mark.parametrize("way", EXPORTS)
def test_every_export_is_the_same_every_time(way: str, harm: Path, tmp_path: Path) -> None:
    """The same suite gives the same bytes in every format, with its losses in a CSV beside it."""
    made = []
    for number in (1, 2):
        place, losses = export_suite(way, harm, tmp_path / str(number) / EXPORTS[way].name)
        files = (
            [place]
            if place.is_file()
            else sorted(path for path in place.rglob("*") if path.is_file())
        )
        made.append([path.read_bytes() for path in files])
        assert len(cells.read(beside(place))) == len(losses)
    assert made[0] == made[1]
    assert made[0]


def test_every_dropped_file_is_named(tmp_path: Path) -> None:
    """What a format does not hold at all is named by file, with how much it is."""
    _, losses = export_suite("ris", ROOT, tmp_path / "a.ris")
    assert {"recommendations.csv", "codings/reader-a.csv", "seeds", "codebook.toml"} <= {
        loss.where for loss in losses
    }


def test_losses_are_safe_in_a_spreadsheet() -> None:
    """No cell of the report is computed by a spreadsheet, whatever the losses quote."""
    losses = Losses()
    for words in HARM:
        losses.dropped(words, words, row=words, column=words)
    read = cells.parse(losses.table(), name="losses.csv")
    assert read.problems == []
    assert not [
        cell for column in read.columns.values() for cell in column if cell[:1] in "=+-@\t\r"
    ]


def test_the_summary_counts_and_shows_the_first() -> None:
    """The terminal shows how much was lost of what, the first of each, and where the rest stands."""
    losses = Losses()
    for number in range(1_200):
        losses.guessed("recommendations.csv", "not said", row=f"r{number}", column="strength")
    losses.dropped("seeds", "a \x1b[31mpicture", row="x")
    text = losses.summary(Path("out/a.losses.csv"))
    assert text.splitlines() == [
        "1 dropped, 1,200 guessed; each stands in a.losses.csv:",
        "  guessed  recommendations.csv:strength (1,200 times, the first: r0: not said)",
        r"  dropped  seeds (x: a \x1b[31mpicture)",
    ]
    assert KINDS == ("dropped", "changed", "guessed")


def test_the_template_says_what_the_shipped_codebook_says() -> None:
    """The columns and closed lists of an imported suite are defined in the shipped words."""
    shipped, template = open_suite(ROOT).book.data, book.template().data
    own = {("strength", "unspecified"), ("genre", "unspecified"), ("basis", "imported")}
    for kind in ("recommendations", "diagnoses", "articles"):
        assert list(template["column"][kind]) == list(shipped["column"][kind])
        for name, said in template["column"][kind].items():
            # What was not said of strength has no place in its order.
            unordered = {"scale": "ordinal"} if name == "strength" else {}
            assert {**said, **unordered, "example": 0} == {
                **shipped["column"][kind][name],
                "example": 0,
            }
    for vocabulary in book.template().vocabularies:
        for name, said in template[vocabulary].items():
            if (vocabulary, name) not in own:
                assert said == {**shipped[vocabulary][name], "example": NO_EXAMPLE}


def test_annotations_name_each_row_by_words_and_place(tmp_path: Path) -> None:
    """Every row is an annotation with a quotation and a place that agree in the text beside it."""
    place, _ = export_suite("annotations", ROOT, tmp_path / "out")
    page = json.loads((place / "annotations.jsonld").read_text("utf-8"))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert len(page["items"]) == len(table(ROOT / "recommendations.csv")) + len(
        table(ROOT / "codings/diagnoses.csv")
    )
    for item in page["items"]:
        words, where = item["target"]["selector"]
        text = (place / item["target"]["source"]).read_bytes().decode()
        assert (words["type"], where["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert text[where["start"] : where["end"]] == words["exact"]
        assert text[: where["start"]].endswith(words["prefix"])
        assert item["creator"]["type"] == "Software"


@pytest.mark.parametrize(
    "target",
    [
        {"selector": {"type": "TextQuoteSelector", "exact": "We must act now."}},
        {"selector": [{"type": "TextPositionSelector", "start": 21, "end": 37}]},
        {
            "selector": [
                {"type": "TextPositionSelector", "start": 3, "end": 9},
                {"type": "TextQuoteSelector", "exact": "We must act now."},
            ]
        },
    ],
)
def test_annotations_of_other_tools(tmp_path: Path, target: dict[str, object]) -> None:
    """An annotation of any tool is a row: by words, by place, or by words where the place is wrong."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "paper.txt").write_text(
        "It is hot this year. We must act now. They say so."
    )
    bodies = [
        {"type": "TextualBody", "purpose": "tagging", "value": value}
        for value in ("Climate law", "stance:opposes")
    ]
    bodies.append({"type": "TextualBody", "purpose": "commenting", "value": "Look again."})
    item = {
        "type": "Annotation",
        "creator": "Anna",
        "body": bodies,
        "target": {"source": "https://x.org/paper.txt", **target},
    }
    (tmp_path / "x.jsonld").write_text(json.dumps([item]))
    losses = import_suite("annotations", tmp_path / "x.jsonld", tmp_path / "suite")
    (row,) = table(tmp_path / "suite" / "recommendations.csv").values()
    kept = ("quote", "instrument", "stance", "note", "coder")
    assert [row[name] for name in kept] == [
        "We must act now.",
        "climate-law",
        "opposes",
        "Look again.",
        "Anna",
    ]
    assert any("other words" in loss.what for loss in losses) == (len(str(target)) > 110)


def test_networks_are_xml_whatever_the_names(tmp_path: Path) -> None:
    """Labels with marks of XML, and characters that XML cannot hold, leave every network readable."""
    make_suite(tmp_path / "suite", [{"article": "a"}, {"article": "b"}])
    path = tmp_path / "suite" / "codebook.toml"
    path.write_text(
        path.read_text("utf-8").replace('label = "sanctions"', 'label = "<a&\\u0001\\">"'), "utf-8"
    )
    place, _ = export_suite("gexf", tmp_path / "suite", tmp_path / "out")
    found = nx.read_gexf(BytesIO((place / "instruments.gexf").read_bytes()))
    assert found.nodes["sanctions"]["label"] == '<a&\ufffd">'
