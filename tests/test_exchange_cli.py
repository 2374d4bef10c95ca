"""The command line and the pages in docs/exchange: what is printed there runs."""

import re
import shlex
from pathlib import Path

import pytest

from foreign_files import DnaFile, code, member, project, qdpx, selection, source
from policybook.batch.plan import Case, case, cases
from policybook.cli import main
from policybook.exchange import EXPORTS, IMPORTS, export_suite
from policybook.suite import Suite, open_suite

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs" / "exchange").glob("*.md"))
TEXT = "The ministry wants a carbon tax. The union rejects a carbon tax."
COMMAND = re.compile(r"^\$ \.venv/bin/policybook (.+)$", re.MULTILINE)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out the project's folder with an example file of every tool."""
    for name in ("recommendations.csv", "codebook.toml", "seeds", "codings", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    dna = DnaFile(tmp_path / "discourse.dna")
    dna.document(TEXT, Title="A quarrel", Author="Jane Doe")
    dna.statement(
        1,
        "The ministry wants a carbon tax.",
        organization="Ministry",
        concept="Carbon tax",
        agreement=1,
    )
    kind = dna.statement_type(
        "Claim", [("who", "short text"), ("what", "short text"), ("how", "boolean")]
    )
    dna.statement(
        1, "The union rejects a carbon tax.", kind=kind, who="Union", what="Carbon tax", how=0
    )
    dna.save()
    coded = source("Paper", selection(0, 32, "Carbon tax", "supports"))
    codes = code("Climate", code("Carbon tax")) + code("Stance", code("supports"), codable=False)
    qdpx(tmp_path / "project.qdpx", project(coded, codes), {member("Paper"): TEXT})
    (tmp_path / "codebook.qdc").write_text(f"<CodeBook><Codes>{codes}</Codes></CodeBook>")
    place, _ = export_suite("annotations", ROOT, tmp_path / "annotated")
    (tmp_path / "sources").symlink_to(place / "sources")
    (tmp_path / "annotations.jsonld").write_bytes((place / "annotations.jsonld").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planned(path: Path, suite: Suite) -> list[Case]:
    """Return the cases of a plan, or the one of a notebook."""
    return cases(path, suite=suite) if path.suffix == ".toml" else [case(path, {}, suite=suite)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_runs(
    page: Path, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command printed in docs/exchange runs as it stands, in its order, on an example."""
    assert (desk / "notebooks").is_dir()
    for line in COMMAND.findall(page.read_text("utf-8")):
        words = shlex.split(line)
        if words[0] in {
            "run",
            "batch",
        }:  # briefings have tests of their own; here: are they planned
            place = Path(words[words.index("--suite") + 1]) if "--suite" in words else desk
            assert planned(Path(words[1]), open_suite(place))
            continue
        assert main(words) == 0, f"{line}\n{capsys.readouterr().err}"


def test_the_pages_name_every_format() -> None:
    """Each format has its place in the table of docs/exchange, and each page is named there."""
    text = (ROOT / "docs" / "exchange" / "README.md").read_text("utf-8")
    assert {f"`{name}`" for name in (*IMPORTS, *EXPORTS)} <= set(re.findall(r"`[a-z]+`", text))
    assert {page.name for page in PAGES} - {"README.md"} == set(
        re.findall(r"\((\w[\w-]*\.md)\)", text)
    )


@pytest.mark.parametrize(("verb", "formats"), [("import", IMPORTS), ("export", EXPORTS)])
def test_help_names_every_format(
    verb: str, formats: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` lists every format there is, and shows an example."""
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert [name for name in formats if not re.search(rf"\b{name}\b", text)] == []
    assert f"example: policybook {verb}" in text


def test_an_unknown_format_is_answered_with_those_there_are(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A format nobody knows is a wrong call, answered with the list and the nearest."""
    assert main(["export", "gexff", "--suite", str(desk)]) == 2
    message = capsys.readouterr().err
    assert "allowed:  dna, qdpx" in message
    assert 'Did you mean "gexf"?' in message


@pytest.mark.parametrize(
    "asked", [["--map", "colour=x"], ["--map", "instrument"], ["--coded-on", "yesterday"]]
)
def test_a_wrong_option_is_a_wrong_call(
    asked: list[str], desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mapping to no column, and a day that is none, are wrong calls, and nothing is written."""
    assert main(["import", "dna", "discourse.dna", "--out", "new", *asked]) == 2
    assert capsys.readouterr().err
    assert not (desk / "new").exists()


def test_the_end_of_an_import_says_what_was_lost(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An import prints where the suite is, what was lost of what, and where each loss stands."""
    assert main(["import", "dna", "discourse.dna", "--out", "new", "--coded-on", "2024-05-06"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "new"
    assert re.fullmatch(r"1 dropped, \d+ guessed; each stands in new\.losses\.csv:", lines[1])
    assert (desk / "new.losses.csv").read_text("utf-8").startswith("kind,where,row,column,what\n")
    assert "2024-05-06" in (desk / "new" / "seeds" / "articles.csv").read_text("utf-8")


def test_a_suite_with_errors_is_not_exported(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A suite that does not pass its checks is not given out; the problems are printed."""
    path = base / "recommendations.csv"
    path.write_text(path.read_text("utf-8").replace("supports", "suports", 1), "utf-8")
    assert main(["export", "dna", "--suite", str(base), "--out", str(tmp_path / "x.dna")]) == 1
    assert '"suports" is not a value of `stance`' in capsys.readouterr().err
    assert not (tmp_path / "x.dna").exists()


@pytest.mark.parametrize(
    ("way", "out"), [("dna", "folder"), ("gexf", "file.txt"), ("dna", "file.txt/x.dna")]
)
def test_a_place_that_cannot_be_written(
    way: str, out: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A place where nothing can be written is named, and what stands there stays."""
    (desk / "folder").mkdir()
    (desk / "file.txt").write_text("mine")
    assert main(["export", way, "--out", str(desk / out)]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert (desk / "file.txt").read_text() == "mine"
