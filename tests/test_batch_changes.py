"""Only what changed is made again, and whatever could have changed is."""

import csv
import hashlib
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from batches import QUICK, batch, files, made, manifest, notebook, soak
from policybook.batch.plan import Case, case, cases
from policybook.batch.run import Outcome
from policybook.briefing import Options
from policybook.measures import passages
from policybook.suite import Selection, Suite, lend, open_suite

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
PARTS = ("recommendations.csv", "codebook.toml", "seeds", "codings", "notebooks")


def copied(folder: Path) -> Path:
    """Copy the shipped suite into a new folder and return it."""
    folder.mkdir()
    for name in PARTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped suite, to be edited."""
    return copied(tmp_path / "suite")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the suite, `suite`, and its pages of `some` cases, `out`."""
    folder = tmp_path_factory.mktemp("made")
    suite = open_suite(copied(folder / "suite"))
    batch(suite, folder / "out", some(suite))
    return folder


@pytest.fixture
def built(once: Path, tmp_path: Path) -> Path:
    """A copy of `once`, to be changed."""
    return Path(shutil.copytree(once, tmp_path / "built"))


def edited(folder: Path, table: str, change: Callable[[list[dict[str, str]]], None]) -> None:
    """Change the rows of a table."""
    with (folder / table).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with (folder / table).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def set_cell(name: str, value: str, where: Callable[[dict[str, str]], bool]) -> Callable[[list[dict[str, str]]], None]:  # fmt: skip
    """Return a change of one cell: in the first row that fits."""

    def change(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if where(row))
        row[name] = value if row[name] != value else "high" if name == "confidence" else value + " "

    return change


def some(suite: Suite) -> list[Case]:
    """Return a few cases that look at different parts of the suite."""
    folder = suite.root / "notebooks"
    theme, pair = (
        folder / "06-one-theme-in-full.ipynb",
        folder / "04-two-articles-side-by-side.ipynb",
    )
    return [
        case(theme, {"theme": "sanctions"}, suite=suite),
        case(theme, {"theme": "algerian_mediation"}, suite=suite),
        case(theme, {"theme": "sanctions", "articles": ["mei-2014"]}, suite=suite),
        case(pair, {"first": "libya-analysis-2014", "second": "mei-2014"}, suite=suite),
        case(folder / "01-what-was-read.ipynb", {"from_date": "2019"}, suite=suite),
    ]


def test_nothing_changed_nothing_made(built: Path) -> None:
    """A second call makes nothing and leaves every file as it is; `--force` makes all."""
    suite, out = open_suite(built / "suite"), built / "out"
    planned = some(suite)[:2]
    batch(suite, out, planned)  # a smaller plan, of cases that are there
    assert made(out) == []
    before = files(out)
    batch(suite, out, planned)
    assert made(out) == []
    batch(suite, out, planned, force=True)
    assert len(made(out)) == len(planned)
    assert files(out) == before


def test_only_who_can_show_it(built: Path) -> None:
    """A row on sanctions that changes rebuilds the pages that can show it, and no other."""
    out = built / "out"
    sanctions = lambda row: (
        row["instrument"] == "sanctions" and row["article"] == "wehrey-lacher-2019"
    )
    edited(built / "suite", "recommendations.csv", set_cell("confidence", "medium", sanctions))
    suite = open_suite(built / "suite")
    batch(suite, out, some(suite))
    assert made(out) == ["06-one-theme-in-full", "01-what-was-read--2019-15aa4234"]
    batch(suite, built / "full", some(suite))
    assert files(out) == files(built / "full")


def test_options_notebook_and_damage_count(built: Path) -> None:
    """Other options, another notebook, a damaged page: each makes its cases again."""
    suite, out = open_suite(built / "suite"), built / "out"
    planned = some(suite)[:2]
    page = out / f"{planned[1].name}.html"
    good = page.read_bytes()
    page.write_bytes(b"damaged")
    batch(suite, out, planned)
    assert made(out) == [planned[1].name]
    assert page.read_bytes() == good
    batch(suite, out, planned, replace(QUICK, options=Options(with_code=True)))
    assert len(made(out)) == 2
    source = planned[0].notebook
    source.write_text(source.read_text("utf-8").replace("theme", "theme ", 1), "utf-8")
    batch(suite, out, planned, replace(QUICK, options=Options(with_code=True)))
    assert len(made(out)) == 2


def test_other_files_and_programs_count(shipped: Suite, tmp_path: Path) -> None:
    """A notebook that reads a file depends on it; one that asks a program is made every time."""
    data = tmp_path / "data.txt"
    data.write_text("one")
    reads = notebook(tmp_path / "reads.ipynb", f"print(open({str(data)!r}).read())")
    asks = notebook(tmp_path / "asks.ipynb", "!echo hello")
    grown = tmp_path / "grown.txt"
    grown.write_text("one")
    grows = notebook(tmp_path / "grows.ipynb", f"print(open({str(grown)!r}).read())",
                     f"open({str(grown)!r}, 'a').write('x')")  # fmt: skip
    plain = notebook(tmp_path / "plain.ipynb", "print(1)")
    out, all_ = tmp_path / "out", [reads, asks, grows, plain]
    batch(shipped, out, all_)
    batch(shipped, out, all_)
    assert made(out) == ["asks", "grows"]
    data.write_text("two")
    batch(shipped, out, all_)
    assert made(out) == ["reads", "asks", "grows"]


def test_cut_short_and_taken_back(copy: Path, tmp_path: Path) -> None:
    """A page made of an edit, in a batch that was cut short, is made again once the edit is taken back."""
    out, table = tmp_path / "out", copy / "recommendations.csv"
    asks = "import policybook as pb\nprint(pb.open_suite().select(theme='sanctions').rows['confidence'])"
    planned = [notebook(tmp_path / "n.ipynb", asks)]
    batch(open_suite(copy), out, planned)
    before, true = files(out), table.read_bytes()
    sanctions = lambda row: row["instrument"] == "sanctions"
    edited(copy, table.name, set_cell("confidence", "medium", sanctions))

    def cut(outcome: Outcome) -> None:
        assert not outcome.unchanged
        raise EOFError

    with pytest.raises(EOFError):
        batch(open_suite(copy), out, planned, tell=cut)
    table.write_bytes(true)
    batch(open_suite(copy), out, planned)
    assert made(out) == ["n"]
    assert files(out) == before


def test_every_way_into_the_suite_is_noted(shipped: Suite) -> None:
    """No public name of a suite or a selection hands out data without a note that can be asked again."""
    silent = {"notes", "table", "reads", "note", "root", "book", "select", "with_rows", "answer", "load", "searches",
              "passage", "paragraph", "asked", "suite", "theme", "memo", "note_read"}  # fmt: skip
    arguments = {"coding": ("codings/diagnoses.csv",), "rows_called": (["mei-2014-01"],),
                 "text": ("mei-2014",), "choices": ("theme",), "problem_with": ("theme", "x"),
                 "undecided": ("codings/reader-a.csv",), "lines": ("codings/adjudication.csv", "id")}  # fmt: skip
    for owner in (Suite, Selection):
        for name in (n for n in dir(owner) if not n.startswith("_") and n not in silent):
            reads = lend(shipped)
            suite = open_suite(shipped.root)
            found = getattr(suite if owner is Suite else suite.select(), name)
            reads.keys.pop(next(iter(reads.keys), ()), None) if owner is Selection else None
            if callable(found):
                found(*arguments.get(name, ()))
            assert reads.keys, f"{owner.__name__}.{name}"
            assert all(suite.answer(key) == shipped.answer(key) for key in reads.keys)


def test_what_is_searched_is_noted(shipped: Suite) -> None:
    """A search through texts, also one whose answer is remembered, notes every text it is true of."""
    reads = lend(shipped)
    for _ in range(2):
        passages.sizes(open_suite(shipped.root).searches, ["mei-2014"])
        assert reads.keys.pop(("suite", "recommendations.csv", "text", "mei-2014"), 0) is None


CELLS = {
    "instrument": ("sanctions", "elections", "ceasefire"),
    "confidence": ("high", "medium", "low"),
    "strength": ("must", "should", "may"),
    "target": ("egypt", "uae", "haftar", "egypt; uae"),
    "note": ("a note", "another note"),
    "confirmed_by": ("", "adjudicator"),
}


CODINGS = ("codings/diagnoses.csv", "codings/reader-a.csv", "codings/reader-b-diagnoses.csv")
EDITED = ("recommendations.csv", "seeds/articles.csv", "codebook.toml", *CODINGS)


def edit_at_random(folder: Path, dice: random.Random) -> str:
    """Change one thing of a suite that still checks, and say what."""
    kind = dice.choice(["cell", "cell", "cell", "drop", "title", "label", "order", *CODINGS])
    if kind in CODINGS:
        edited(folder, kind, lambda rows: dice.choice(rows).update({
            name: dice.choice(CELLS[name]) for name in ("instrument", "confidence", "note")
        }))  # fmt: skip
    elif kind == "title":
        edited(
            folder,
            "seeds/articles.csv",
            lambda rows: dice.choice(rows).update(note=f"n{dice.random()}"),
        )
    elif kind == "label":
        book = (folder / "codebook.toml").read_text("utf-8").split("\n")
        line = dice.choice([n for n, text in enumerate(book) if text.startswith("label = ")])
        book[line] = book[line][:-1] + "s" + book[line][-1]
        (folder / "codebook.toml").write_text("\n".join(book), "utf-8")
    elif kind == "drop":
        edited(
            folder,
            "recommendations.csv",
            lambda rows: rows.remove(dice.choice([r for r in rows if not r.get("repeat_of")])),
        )
    elif kind == "order":
        edited(folder, "recommendations.csv", dice.shuffle)
    else:
        name = dice.choice(list(CELLS))
        edited(
            folder,
            "recommendations.csv",
            lambda rows: dice.choice(rows).update(
                {name: dice.choice(CELLS[name])} if name in rows[0] else {}
            ),
        )
    return kind


def one_of_each(suite: Suite) -> list[Case]:
    """Return the first case of every notebook of the plan."""
    planned = cases(suite.root / "notebooks" / "batch.toml", suite=suite)
    return list({one.notebook: one for one in reversed(planned)}.values())


def compare_with_full_rebuilds(
    copy: Path, tmp_path: Path, *, edits: int, which: Callable[[Suite], list[Case]]
) -> None:
    """Edit at random, rerun, and compare with a full rebuild each time."""
    dice = random.Random(11)  # noqa: S311
    out = tmp_path / "out"
    spared = done = 0
    while done < edits:
        kept = {name: (copy / name).read_bytes() for name in EDITED}
        kind = edit_at_random(copy, dice)
        try:
            suite = open_suite(copy)
        except Exception:  # noqa: BLE001  (an edit that breaks the suite is none)
            for name, data in kept.items():
                (copy / name).write_bytes(data)
            continue
        done += 1
        planned = which(suite)
        batch(suite, out, planned)
        spared += len(planned) - len(made(out))
        shutil.rmtree(tmp_path / "full", ignore_errors=True)
        batch(suite, tmp_path / "full", planned)
        assert files(out) == files(tmp_path / "full"), kind
    assert spared or edits < 10


def test_random_edits(copy: Path, tmp_path: Path) -> None:
    """After random edits the folder is, byte for byte, what a full rebuild makes."""
    compare_with_full_rebuilds(copy, tmp_path, edits=2, which=lambda suite: some(suite)[:2])


@soak
def test_many_random_edits(copy: Path, tmp_path: Path) -> None:
    """After each of forty random edits the folder is, byte for byte, what a full rebuild makes."""
    compare_with_full_rebuilds(copy, tmp_path, edits=40, which=some)


@soak
def test_many_random_edits_of_every_notebook(copy: Path, tmp_path: Path) -> None:
    """After each of twelve random edits a page of every notebook is what a full rebuild makes."""
    compare_with_full_rebuilds(copy, tmp_path, edits=12, which=one_of_each)


def test_manifest_is_for_people(shipped: Suite, tmp_path: Path) -> None:
    """The manifest has a line a case: parameters, fingerprint, status, reason, output hashes.

    It is there as soon as the case is, and sorted in the end.
    """
    good, bad = notebook(tmp_path / "b.ipynb", "1"), notebook(tmp_path / "a.ipynb", "1 / 0")
    ended: list[str] = []

    def tell(outcome: Outcome) -> None:
        ended.append(outcome.case.name)
        assert [line["case"] for line in manifest(tmp_path / "out")] == ended

    batch(shipped, tmp_path / "out", [good, bad], replace(QUICK, workers=1), tell=tell)
    first, second = manifest(tmp_path / "out")
    assert (first["case"], first["status"], first["reason"]) == (
        "a",
        "failed",
        "ZeroDivisionError: division by zero",
    )
    assert (second["case"], second["status"], second["reason"]) == ("b", "delivered", "")
    assert len(second["fingerprint"]) == 64
    for name, known in second["outputs"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == known
