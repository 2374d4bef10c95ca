"""There and back: what comes back from another tool's file is what went out, or is named."""

import re
import string
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossing import places, table, unnamed
from made import make_suite, tries
from policybook.exchange import archive, export_suite, import_suite, refi

ROOT = Path(__file__).parent.parent
WAYS = {
    "dna": "suite.dna",
    "qdpx": "suite.qdpx",
    "annotations": "annotations/annotations.jsonld",
    "qdc": "codebook.qdc",
}
"""The formats that go both ways, and the file that is imported."""

WHOLE = ("qdpx", "annotations")
"""The formats that hold a whole suite, its codebook included."""


def there_and_back(way: str, root: Path, folder: Path) -> list[tuple[str, str, str]]:
    """Export and import a suite; return what is not the same and not named."""
    out = folder / "out" / WAYS[way].split("/")[0]
    _, lost = export_suite(way, root, out)
    back = import_suite(way, folder / "out" / WAYS[way], folder / "back")
    return unnamed(root, folder / "back", [*lost, *back])


@pytest.mark.parametrize("way", WAYS)
def test_the_shipped_suite_comes_back(way: str, tmp_path: Path) -> None:
    """What another tool cannot hold of the shipped suite is named; everything else comes back."""
    assert there_and_back(way, ROOT, tmp_path) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_suite_with_fewer_columns_comes_back(way: str, base: Path, tmp_path: Path) -> None:
    """A suite that has only some of the columns comes back, or the report says what did not."""
    assert there_and_back(way, base, tmp_path) == []


@pytest.mark.parametrize("way", ["dna", *WHOLE])
def test_every_cell_of_the_shipped_rows_comes_back(way: str, tmp_path: Path) -> None:
    """Conditions, reasons, courses and notes come back in their own cells, not only in a report."""
    there_and_back(way, ROOT, tmp_path)
    old, new = places(ROOT), places(tmp_path / "back")
    files = ("recommendations.csv", "codings/diagnoses.csv", "seeds/articles.csv", "seeds")
    assert [key for key in old if key[0] in files and new.get(key) != old[key]] == []


@pytest.mark.parametrize("way", WHOLE)
def test_the_codebook_comes_back_to_the_letter(way: str, tmp_path: Path) -> None:
    """A project and annotations bring the codebook back as the file it was."""
    there_and_back(way, ROOT, tmp_path)
    assert (tmp_path / "back" / "codebook.toml").read_bytes() == (
        ROOT / "codebook.toml"
    ).read_bytes()


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)
"""Words of a note: any character there is."""

ROWS = st.lists(
    st.fixed_dictionaries({
        "article": st.sampled_from("abc"),
        "instrument": st.sampled_from(["sanctions", "ceasefire", "un_mediation"]),
        "stance": st.sampled_from(["supports", "opposes"]),
        "strength": st.sampled_from(["must", "could"]),
        "note": st.one_of(WORDS, st.sampled_from(["=1+1", "]]>", "<!DOCTYPE x>", "[policybook]", "\u202e"])),
        "addressee": st.sampled_from(["", "egypt; uae", "uae;egypt", " haftar "]),
        "condition_type": st.sampled_from(["", "proviso"]),
        "confidence": st.sampled_from(["", "medium"]),
        "voice": st.sampled_from(["", "author", "coauthored"]),
        "course": st.text(string.ascii_letters, max_size=5),
    }),
    max_size=8,
)  # fmt: skip


@pytest.mark.parametrize("way", ["dna", *WHOLE])
@given(rows=ROWS, title=WORDS.filter(lambda words: words.strip() and "\0" not in words))
@settings(max_examples=tries(30), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_suite_comes_back(
    way: str, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], title: str
) -> None:
    """Whatever stands in the cells comes back, or the report names the row and the column."""
    folder = tmp_path_factory.mktemp("suite")
    rows = [{**row, "note": row["note"].replace("\0", "")} for row in rows]
    make_suite(folder / "suite", rows, facts={"a": {"title": title, "note": "Ends so: ]]>"}})
    assert there_and_back(way, folder / "suite", folder) == []


def test_what_an_analyst_changed_comes_back_changed(tmp_path: Path) -> None:
    """A row whose codes were changed in the tool comes back as it was changed, or is named."""
    place, _ = export_suite("qdpx", ROOT, tmp_path / "suite.qdpx")
    with zipfile.ZipFile(place) as read:
        files = {name: read.read(name) for name in read.namelist()}
    text = files["project.qde"].decode()
    supports, opposes = (
        refi.guid("Recommendations on Libya, 2014-2019", "code", "stance", side)
        for side in ("supports", "opposes")
    )
    first = f'<CodeRef targetGUID="{supports}"/>'
    none = re.sub(
        rf"<Coding [^>]*>\s*{first}\s*</Coding>",
        "",
        text.replace(first, first.replace(supports, opposes), 1),
        count=1,
    )
    files["project.qde"] = none.encode()
    (tmp_path / "edited.qdpx").write_bytes(archive.packed(files))
    losses = import_suite("qdpx", tmp_path / "edited.qdpx", tmp_path / "back")
    rows = list(table(tmp_path / "back" / "recommendations.csv").values())
    assert rows[0]["stance"] == "opposes"
    assert len(rows) == 75
    named = [loss for loss in losses if "its codes were changed" in loss.what]
    assert [loss.row for loss in named] == ["libya-analysis-2014-02"]
    assert any(loss.kind == "guessed" and loss.column == "stance" for loss in losses)


@pytest.mark.parametrize("way", WAYS)
def test_exports_are_the_same_every_time(way: str, base: Path, tmp_path: Path) -> None:
    """The same suite gives the same bytes, whatever its folder is called."""
    made = []
    for name in ("one", "two"):
        place, _ = export_suite(way, base, tmp_path / name / WAYS[way].split("/")[0])
        made.append((tmp_path / name / WAYS[way]).read_bytes())
        assert place.exists()
    assert made[0] == made[1]
