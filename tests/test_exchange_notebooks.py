"""Every notebook runs on an imported suite, whatever tool its file came from."""

from pathlib import Path

import pytest

from batches import batch, reasons, soak
from foreign_files import DnaFile, code, member, project, qdpx, selection, source
from policybook.batch.plan import Case, cases
from policybook.exchange import export_suite, import_suite
from policybook.suite import Suite, open_suite

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "notebooks" / "any-suite.toml"
TEXT = "The ministry wants a carbon tax. The union rejects a carbon tax. We must act now."


def dna(folder: Path) -> Path:
    """Write a .dna file: two documents, two organizations, both sides of one concept."""
    file = DnaFile(folder / "discourse.dna")
    for number in (1, 2):
        file.document(TEXT, Title=f"Quarrel {number}", Date=1_262_304_000 + number * 40_000_000)
        for words, who, side in ((TEXT[:32], "Ministry", 1), (TEXT[33:64], "Union", 0)):
            file.statement(number, words, organization=who, concept="Carbon tax", agreement=side)
    return file.save()


def refi(folder: Path) -> Path:
    """Write a .qdpx file with a passage of two speakers and one that says no stance."""
    codes = code("Carbon tax") + code("Speaker", code("Ministry"), code("Union"), codable=False)
    passages = (selection(0, 32, "Carbon tax", "Ministry"), selection(65, 81, "Carbon tax"))
    names = ("One", "Two")
    document = project("".join(source(name, *passages) for name in names), codes)
    return qdpx(folder / "project.qdpx", document, {member(name): TEXT for name in names})


def codebook(folder: Path) -> Path:
    """Write a .qdc file, of which a suite without articles is made."""
    (folder / "book.qdc").write_text(f"<CodeBook><Codes>{code('Carbon tax')}</Codes></CodeBook>")
    return folder / "book.qdc"


def annotations(folder: Path) -> Path:
    """Write the annotations of the shipped suite."""
    return export_suite("annotations", ROOT, folder / "out")[0] / "annotations.jsonld"


FILES = {"dna": dna, "qdpx": refi, "qdc": codebook, "annotations": annotations}


def one_of_each(suite: Suite) -> list[Case]:
    """Return the first case of each notebook of the plan for any suite."""
    return list({one.notebook: one for one in reversed(cases(PLAN, suite=suite))}.values())


def test_the_plan_names_every_notebook() -> None:
    """The plan for any suite leaves out no notebook there is."""
    text = PLAN.read_text("utf-8")
    assert [one.name for one in PLAN.parent.glob("*.ipynb") if f'"{one.name}"' not in text] == []


@pytest.mark.parametrize(
    "way", ["dna", *(pytest.param(way, marks=soak) for way in ("qdpx", "qdc", "annotations"))]
)
def test_every_notebook_runs_on_an_imported_suite(way: str, tmp_path: Path) -> None:
    """A suite made from another tool's file is one that every notebook makes a briefing of."""
    import_suite(way, FILES[way](tmp_path), tmp_path / "suite")
    suite = open_suite(tmp_path / "suite")
    result = batch(suite, tmp_path / "briefings", one_of_each(suite))
    assert reasons(result) == {}
    assert len(result.outcomes) >= 12
