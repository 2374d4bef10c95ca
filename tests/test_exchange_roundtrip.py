"""There and back: what comes back from another tool's file is what went out, or is named."""

import re
import string
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossing import places, table, unnamed
from made import AUTHORS, make_suite, tries
from policybook.corpus import sha256
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


MANY = "; ".join(f"actor-{number:03}" for number in range(30))
"""More actors than a value of DNA has letters for."""

PERSON = '[coder.anna]\nlabel = "Anna"\nkind = "person"\ndefinition = "A reader."\n\n' + "".join(
    f'[actor.actor-{n:03}]\nlabel = "Actor {n}"\nkind = "state"\n\n' for n in range(30)
)
"""What these suites declare beyond the shipped codebook."""

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)
"""Words of a note: any character there is."""

SPEAKERS = dict(zip("abc", AUTHORS, strict=False))
"""Who speaks in the articles: a row may say so itself."""

VOICES = [
    {}, {"voice": "author"}, {"voice": "coauthored"}, {"voice": "author", "speaker": "its own"},
    {"voice": "author", "speaker": "egypt"}, {"voice": "reported", "speaker": "its own"},
    {"voice": "reported", "speaker": "haftar", "author_attitude": "rejects"},
    {"voice": "reported", "speaker": "haftar"},
]  # fmt: skip

ROWS = st.lists(
    st.fixed_dictionaries({
        "article": st.sampled_from("abc"),
        "instrument": st.sampled_from(["sanctions", "ceasefire", "un_mediation"]),
        "stance": st.sampled_from(["supports", "opposes"]),
        "strength": st.sampled_from(["must", "could"]),
        "note": st.one_of(WORDS, st.sampled_from(["=1+1", "]]>", "<!DOCTYPE x>", "[policybook]", "\u202e"])),
        "addressee": st.sampled_from(["", "egypt; uae", "uae;egypt", " haftar ", MANY]),
        "target": st.sampled_from(["", "egypt", "other"]),
        "means": st.sampled_from(["", "leverage; exposure"]),
        "objective": st.sampled_from(["", "stop_bombing"]),
        "condition_type": st.sampled_from(["", "proviso"]),
        "confidence": st.sampled_from(["", "medium"]),
        "coder": st.sampled_from(["", "adjudicator", "reader-a", " reader-b"]),
        "confirmed_by": st.sampled_from(["", "anna"]),
        "status": st.sampled_from(["", "", "draft"]),
        "course": st.text(string.ascii_letters, max_size=5),
        "repeat_of": st.sampled_from(["", "first"]),
        "reason": st.sampled_from(["", "begins"]),
    }),
    max_size=8,
)  # fmt: skip


def laid_out(
    folder: Path, rows: list[dict[str, str]], voices: list[dict[str, str]], title: str, lead: str
) -> Path:
    """Write a suite of these rows, a person among its coders, the first article begun by `lead`."""
    firsts: dict[str, str] = {}
    for number, (row, voice) in enumerate(zip(rows, voices, strict=False)):
        article = row["article"]
        row |= {name: SPEAKERS[article] if one == "its own" else one for name, one in voice.items()}
        row["course"] = row["course"] and f"{article}-{row['course']}"  # a course is of one article
        row |= {"id": f"{article}-{number:03}", "note": row["note"].replace("\0", "")}
        if row["repeat_of"]:
            row["repeat_of"] = firsts.get(article, "")
        else:
            firsts.setdefault(article, row["id"])
        row["note"] = row["note"].strip() or "Said so."  # what is coded other has a note
    facts = {"a": {"title": title, "note": "Ends so: ]]>"}}
    diagnoses = [{"article": row["article"], "coder": row["coder"]} for row in rows[:2]]
    make_suite(folder, rows, facts=facts, diagnoses=diagnoses, more=PERSON)
    before = (folder / "seeds" / "a.txt").read_bytes()
    after = lead.encode() + before
    (folder / "seeds" / "a.txt").write_bytes(after)
    path = folder / "seeds" / "articles.csv"
    path.write_text(path.read_text("utf-8").replace(sha256(before), sha256(after)), "utf-8")
    return folder


@pytest.mark.parametrize("way", ["dna", *WHOLE])
@given(
    rows=ROWS,
    voices=st.lists(st.sampled_from(VOICES), min_size=8, max_size=8),
    begun=st.tuples(
        WORDS.filter(lambda words: words.strip() and "\0" not in words),
        st.sampled_from(["", "😀 ", "Cafe\u0301\r\n", "\t \n", "Ἀ\u0345 "]),
    ),
)
@settings(max_examples=tries(30), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_suite_comes_back(
    way: str,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, str]],
    voices: list[dict[str, str]],
    begun: tuple[str, str],
) -> None:
    """Whatever stands in the cells comes back, or the report names the row and the column."""
    folder = tmp_path_factory.mktemp("suite")
    assert there_and_back(way, laid_out(folder / "suite", rows, voices, *begun), folder) == []


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
