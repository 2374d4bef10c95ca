"""What `recode` promises: everything that names a code follows, nothing is guessed, all of it goes back."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from policybook import editing, params
from policybook.batch import plan
from policybook.checks import check
from policybook.cli import main
from policybook.findings.coverage import states
from policybook.material import read
from policybook.measures import reliability
from policybook.problems import SuiteError, errors
from policybook.robustness.changes import settings, untried
from policybook.suite import Suite, open_suite
from policybook.together.recoding import call, propose

ROOT = Path(__file__).parent.parent
LOG = "codings/recodings.csv"
DAY = ("--date", "2026-12-01")

Recode = Callable[..., str]
"""Calls `recode` on the suite, which has to succeed, and returns what it prints."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the shipped suite with its notebooks once, to be copied."""
    folder = tmp_path_factory.mktemp("shipped") / "suite"
    for part in ("seeds", "codings", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture
def suite(original: Path, tmp_path: Path) -> Path:
    """Copy the shipped suite, to be changed."""
    return Path(shutil.copytree(original, tmp_path / "suite"))


@pytest.fixture
def recode(suite: Path, capsys: pytest.CaptureFixture[str]) -> Recode:
    """Return a function that calls `recode` on the copy of the shipped suite."""

    def called(words: str, *more: str) -> str:
        date = () if "--undo" in words else DAY
        code = main(["recode", *words.split(), *more, *date, "--suite", str(suite)])
        shown = capsys.readouterr()
        assert code == 0, shown.err
        return shown.out

    return called


def held(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def lines(path: Path) -> list[dict[str, str]]:
    """Return the lines of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the lines of a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    data = path.read_bytes().decode("utf-8")
    assert data.count(old) == 1, old
    path.write_bytes(data.replace(old, new).encode())


def raise_version(suite: Path, version: str) -> None:
    """Raise the version of the codebook by hand."""
    book = suite / "codebook.toml"
    edit(
        book,
        f'version = "{read(suite).book.version}"\nlanguage',
        f'version = "{version}"\nlanguage',
    )
    text = book.read_text("utf-8")
    entry = f'[[changelog]]\nversion = "{version}"\ndate = "2026-12-02"\nchange = "x"\n\n'
    book.write_text(text.replace("[[changelog]]", f"{entry}[[changelog]]", 1), "utf-8")


def decide(folder: Path, becomes: Callable[[dict[str, str]], str]) -> None:
    """Fill in a folder as a coder would: texts for new codes, a code for each row."""
    codes, rows = folder / "codes.toml", folder / "rows.csv"
    if codes.exists():
        text = codes.read_text("utf-8")
        codes.write_text(text.replace('= ""', '= "no row in this corpus"'), "utf-8")
    if rows.exists():
        rewrite(
            rows, [row | {"becomes": becomes(row), "coder": "adjudicator"} for row in lines(rows)]
        )


def cells(folder: Path | Suite) -> dict[tuple[str, str], str]:
    """Return the state of every article on every instrument."""
    opened = folder if isinstance(folder, Suite) else open_suite(folder)
    table = states(opened.select())
    columns = (table[name].astype(str) for name in ("article", "instrument", "state"))
    return {(article, code): state for article, code, state in zip(*columns, strict=True)}


def by_number(row: dict[str, str]) -> str:
    """Decide on a split of sanctions: one row of one article is of another part than all others."""
    return "trade" if row["row"] == "wehrey-lacher-2019-12" else "assets"


SPLIT = "split instrument.sanctions --into assets,trade"

CALLS: dict[str, tuple[str, Callable[[dict[str, str]], str] | None]] = {
    "rename an instrument": ("rename instrument.sanctions --into penalties", None),
    "rename an actor that others hold": ("rename actor.egypt --into cairo", None),
    "rename a speaker": ("rename actor.wehrey-lacher --into two-authors", None),
    "rename a possible author": ("rename actor.jason-pack --into pack", None),
    "rename an objective": ("rename objective.remove_haftar --into no_haftar", None),
    "rename a type of condition": ("rename condition_type.goal --into aim", None),
    "rename a genre": ("rename genre.essay --into long-read", None),
    "merge into one that is there": (
        "merge instrument.algerian_mediation instrument.egyptian_mediation --into un_mediation",
        None,
    ),
    "merge into a new one": (
        "merge instrument.algerian_mediation instrument.egyptian_mediation --into regional_mediation",
        lambda _: "",
    ),
    "merge actors of one cell": ("merge actor.uae --into egypt", None),
    "merge into other": ("merge objective.hasten_stalemate --into stabilise_libya", None),
    "split an instrument": (SPLIT, by_number),
    "split an actor into both": (
        "split actor.egypt --into egypt-government,egypt-army",
        lambda row: "egypt-army; egypt-government" if ";" in row["cell"] else "egypt-army",
    ),
    "retire an instrument": (
        "retire instrument.algerian_mediation",
        lambda row: "un_mediation" if row["row"].startswith("mei") else "negotiated_solution",
    ),
    "retire without rows": ("retire instrument.elections", None),
    "retire out of lists": (
        "retire means.leverage",
        lambda row: "-" if ";" in row["cell"] else "threat",
    ),
}
"""Each kind of change, and how its rows are decided where a person has to."""


@pytest.mark.parametrize("name", CALLS)
def test_there_and_back(suite: Path, recode: Recode, tmp_path: Path, name: str) -> None:
    """Shown, nothing is written; applied, the suite checks and names the code nowhere; undone, every byte is back."""
    words, becomes = CALLS[name]
    more: tuple[str, ...] = ()
    before = held(suite)
    if becomes:
        recode(words, "--out", str(tmp_path / "sheet"))
        decide(tmp_path / "sheet", becomes)
        more = ("--read", str(tmp_path / "sheet"))
    shown = recode(words, *more)
    assert shown.endswith("Nothing is written. The same call with --apply writes it.\n")
    assert held(suite) == before
    assert recode(words, *more, "--apply").splitlines()[:-1] == shown.splitlines()[:-1]
    after = held(suite)
    assert not errors(check(read(suite)))
    assert {file for file in before if after[file] != before[file]} <= {
        *KEPT, "codebook.toml", "notebooks/batch.toml", *(f for f in before if f.endswith(".ipynb"))
    }  # fmt: skip
    assert_gone(suite, words)
    recode("--undo --apply")
    assert held(suite) == before


KEPT = ("recommendations.csv", "codings/diagnoses.csv", "seeds/articles.csv")


def assert_gone(suite: Path, words: str) -> None:
    """Assert that no table that follows and no entry of the codebook names the old codes."""
    vocabulary = words.split()[1].partition(".")[0]
    codes = {w.partition(".")[2] for w in words.split()[1:] if w.startswith(f"{vocabulary}.")}
    book = read(suite).book
    assert not codes & book.values(vocabulary).keys()
    for file in KEPT:
        kind = {"recommendations.csv": "recommendations", "codings/diagnoses.csv": "diagnoses"}
        for name, column in book.columns[kind.get(file, "articles")].items():
            if column.values == vocabulary:
                for row in lines(suite / file):
                    named = {p.partition("(")[0].strip() for p in row.get(name, "").split(";")}
                    assert not named & codes, (file, name)
    if vocabulary == "instrument":
        assert not codes & {one for r in book.relations for one in (r.first, r.second)}
    if vocabulary == "actor":
        named = {m for value in book.values("actor").values() for m in value.words("members")}
        named |= {one for r in book.relations for one in r.targets}
        assert not codes & {*named, *(str(r["actor"]) for r in book.tables("referent"))}
    assert not codes & {one for r in book.relations for one in (*r.objectives, r.unless)}


def test_words_follow(suite: Path, recode: Recode) -> None:
    """A code that an explanation names between backticks is named by what it is called now."""
    recode("rename instrument.sanctions --into penalties", "--apply")
    recode("merge instrument.pressure_libyan_parties --into pressure_egypt_uae", "--apply")
    known = read(suite).book.values("instrument")
    assert known["arms_embargo"].exclude == "Sanctions on violators: `penalties`."
    assert known["penalties"].exclude.endswith("`pressure_egypt_uae` or `pressure_egypt_uae`.")


def test_days_of_an_actor_follow(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """An actor that is renamed keeps its first day; one that is divided proposes it for each part."""
    recode("rename actor.gna --into unity-government", "--apply")
    assert read(suite).book.values("actor")["unity-government"].extra["from"] == "2015-12-17"
    recode("split actor.unity-government --into cabinet,court", "--out", str(tmp_path / "sheet"))
    parts = tomllib.loads((tmp_path / "sheet" / "codes.toml").read_text("utf-8"))["actor"]
    assert {name: one["from"] for name, one in parts.items()} == {
        "cabinet": "2015-12-17", "court": "2015-12-17",
    }  # fmt: skip


def test_terms_and_relations_of_a_merger(suite: Path, recode: Recode) -> None:
    """A merged code is searched by all terms, and has each relation once and none to itself."""
    recode(
        "merge instrument.military_action instrument.ceasefire --into negotiated_solution",
        "--apply",
    )
    book = read(suite).book
    terms = book.values("instrument")["negotiated_solution"].words("terms")
    assert {"negotiat", "cease-fire", "offensive"} <= set(terms)
    pairs = [(r.kind, r.first, r.second) for r in book.relations]
    assert ("excludes", "negotiated_solution", "negotiated_solution") not in pairs
    assert len(pairs) == len(set(pairs))


def test_the_way_is_recorded(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """A change raises the version, explains it, records what became what, and logs who decided each row."""
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", by_number)
    recode(SPLIT, "--read", str(tmp_path / "sheet"), "--note", "Two tools.", "--apply")
    book = tomllib.loads((suite / "codebook.toml").read_text("utf-8"))
    assert book["codebook"]["version"] == "2.0.0"
    assert book["changelog"][0] == {
        "version": "2.0.0", "date": "2026-12-01",
        "change": "Split instrument.sanctions into assets and trade. Two tools.",
    }  # fmt: skip
    assert book["migration"] == [
        {
            "version": "2.0.0", "kind": "split", "vocabulary": "instrument", "from": ["sanctions"],
            "to": ["assets", "trade"], "articles": ["mei-2014", "wehrey-lacher-2019"],
        }
    ]  # fmt: skip
    assert book["former"]["instrument"]["sanctions"]["label"] == "sanctions"
    assert book["instrument"]["trade"]["since"] == "2.0.0"
    logged = {row["row"]: row for row in lines(suite / LOG) if row["file"] == "recommendations.csv"}
    one = logged["wehrey-lacher-2019-12"]
    assert (one["before"], one["after"], one["coder"]) == ("sanctions", "trade", "adjudicator")
    assert len(logged) == 6


def test_several_changes_go_back_one_by_one(suite: Path, recode: Recode) -> None:
    """Each undo takes back the last change, and none is left to take back after the first."""
    kept = [held(suite)]
    for words in (
        "rename instrument.sanctions --into penalties",
        "merge instrument.penalties --into accountability",
        "rename instrument.accountability --into justice",
    ):
        recode(words, "--apply")
        kept.append(held(suite))
    book = read(suite).book
    assert book.version == "4.0.0"
    assert book.successors["instrument"]["sanctions"] == "justice"
    assert recode("--undo").startswith(
        "Take back 4.0.0: Renamed instrument.accountability to justice"
    )
    assert held(suite) == kept[-1]
    for before in reversed(kept[:-1]):
        recode("--undo --apply")
        assert held(suite) == before


# ---------------------------------------------------------------- what silence says afterwards


def test_cells_after_a_split(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """Silent on the whole is silent on the parts; who had rows on it is not coded on a part without, until read again."""
    before = cells(suite)
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", by_number)
    told = recode(SPLIT, "--read", str(tmp_path / "sheet"), "--apply")
    assert "trade: 1 silent, 1 not coded (mei-2014), 2 prescribes nothing, 1 supports" in told
    after = cells(suite)
    assert before["libya-analysis-2014", "sanctions"] == "silent"
    assert (
        after["libya-analysis-2014", "assets"] == after["libya-analysis-2014", "trade"] == "silent"
    )
    assert after["mei-2014", "assets"] == "supports"
    assert after["mei-2014", "trade"] == "not coded"
    assert after["wehrey-lacher-2019", "trade"] == "supports"
    assert {k: v for k, v in before.items() if k[1] != "sanctions"} == {
        k: v for k, v in after.items() if k[1] not in {"assets", "trade"}
    }
    articles = suite / "seeds" / "articles.csv"
    rows = lines(articles)
    for row in rows:
        if row["id"] == "mei-2014":
            row["codebook_version"] = "2.0.0"
    rewrite(articles, rows)
    assert cells(suite)["mei-2014", "trade"] == "silent"


def test_cells_after_a_rename(suite: Path, recode: Recode) -> None:
    """A code under another name has every state that it had: nobody has to look again."""
    before = cells(suite)
    recode("rename instrument.un_mediation --into un_talks", "--apply")
    after = cells(suite)
    assert {
        (a, "un_talks" if c == "un_mediation" else c): s for (a, c), s in before.items()
    } == after


def test_cells_after_a_merger(suite: Path, recode: Recode) -> None:
    """Silence on a merged code needs that all it is made of were looked for."""
    raise_version(suite, "1.1.0")
    book = suite / "codebook.toml"
    edit(book, "[instrument.elections]\n", '[instrument.elections]\nsince = "1.1.0"\n')
    assert cells(suite)["mei-2014", "economic_governance"] == "silent"
    recode("merge instrument.elections --into economic_governance", "--apply")
    after = cells(suite)
    assert after["mei-2014", "economic_governance"] == "not coded"
    assert after["wehrey-lacher-2019", "economic_governance"] == "supports"


def test_cells_after_retiring(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """Who had rows on a retired code is not coded on a code that took some of them, unless it took his."""
    before = cells(suite)
    words, becomes = CALLS["retire an instrument"]
    assert before["libya-analysis-2014", "algerian_mediation"] == "supports"
    assert before["libya-analysis-2014", "un_mediation"] == "silent"
    recode(words, "--out", str(tmp_path / "sheet"))
    assert becomes
    decide(tmp_path / "sheet", becomes)
    recode(words, "--read", str(tmp_path / "sheet"), "--apply")
    after = cells(suite)
    assert after["libya-analysis-2014", "un_mediation"] == "not coded"
    other = ("wehrey-lacher-2019", "un_mediation")
    assert after[other] == before[other]


# ---------------------------------------------------------------- old codings


def agreement(folder: Path, pair: tuple[str, str]) -> str:
    """Return how far two codings of a suite agree, as `agree` prints it."""
    return reliability.as_markdown(reliability.compare(open_suite(folder), *pair))


@pytest.fixture(scope="module")
def agreed(original: Path) -> list[str]:
    """Return how far codings agree before any change of codes."""
    return [agreement(original, pair) for pair in PAIRS]


PAIRS = [
    ("codings/reader-a.csv", "codings/reader-b.csv"),
    ("recommendations.csv", "codings/reader-a.csv"),
    ("codings/reader-a-diagnoses.csv", "codings/diagnoses.csv"),
]


@pytest.mark.parametrize(
    "name", ["rename an instrument", "rename an objective", "split an instrument"]
)
def test_agreement_is_what_it_was(
    suite: Path, recode: Recode, agreed: list[str], tmp_path: Path, name: str
) -> None:
    """Codings that nobody edited agree after a code was renamed or split exactly as far as before."""
    words, becomes = CALLS[name]
    more: tuple[str, ...] = ()
    if becomes:
        recode(words, "--out", str(tmp_path / "sheet"))
        decide(tmp_path / "sheet", becomes)
        more = ("--read", str(tmp_path / "sheet"))
    recode(words, *more, "--apply")
    after = [agreement(suite, pair) for pair in PAIRS]
    note = "\ninstrument: assets, trade compared as sanctions, which was split."
    assert [told.replace(note, "") for told in after] == agreed
    assert (note in after[1]) == (name == "split an instrument")


def test_agreement_after_retiring(
    suite: Path, recode: Recode, agreed: list[str], tmp_path: Path
) -> None:
    """A unit in which only one coder could have a code since retired is left out and told."""
    words, becomes = CALLS["retire an instrument"]

    def units(told: str) -> list[str]:
        line = next(one for one in told.splitlines() if one.startswith("| instrument"))
        return [cell.strip() for cell in line.split("|")][2:5:2]

    recode(words, "--out", str(tmp_path / "sheet"))
    assert becomes
    decide(tmp_path / "sheet", becomes)
    recode(words, "--read", str(tmp_path / "sheet"), "--apply")
    assert units(agreement(suite, PAIRS[0])) == units(agreed[0])  # both readers had it: it compares
    told = agreement(suite, PAIRS[1])
    assert (
        "instrument: left out where not every coder has algerian_mediation, since retired." in told
    )
    assert [int(n) for n in units(told)] == [int(n) - 2 for n in units(agreed[1])]


def test_an_old_coding_cannot_stand_for_the_rows(
    suite: Path, recode: Recode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A coding made before a split is not tried as the suite's rows, and pages say why; a rename hinders nothing."""
    tried = {one.words for one in settings(open_suite(suite).select()) if one.change == "coding"}
    recode("rename instrument.ceasefire --into truce", "--apply")
    selection = open_suite(suite).select()
    assert {one.words for one in settings(selection) if one.change == "coding"} == tried
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", by_number)
    recode(SPLIT, "--read", str(tmp_path / "sheet"), "--apply")
    opened = open_suite(suite)
    selection = opened.select()
    assert not [one for one in settings(selection) if one.change == "coding"]
    assert (
        "Not tried: the coding codings/reader-a.csv; split or retired since: sanctions."
        in untried(selection)
    )
    with pytest.raises(SuiteError, match=r"codings/reader-a\.csv  holds codes that were split"):
        opened.with_rows("codings/reader-a.csv")
    assert main(["agree", *PAIRS[0], "--show", "--suite", str(suite)]) == 0
    assert (
        "What they turn cannot be told: split or retired since sanctions."
        in capsys.readouterr().out
    )


def test_diff_names_the_codebook(
    original: Path, suite: Path, recode: Recode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever only a change of codes makes another has the codebook as its cause, findings too."""
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", by_number)
    recode(SPLIT, "--read", str(tmp_path / "sheet"), "--apply")
    recode("rename actor.wehrey-lacher --into two-authors", "--apply")
    assert main(["diff", str(original), str(suite), "--suite", str(suite)]) == 0
    told = capsys.readouterr().out
    assert "~ wehrey-lacher-2019  (codebook)\n      speaker: " in told
    assert "~ mei-2014-02  (codebook)\n      instrument: " in told
    old = open_suite(original).book.version
    assert f'~ actor.two-authors  (codebook {old} → 3.0.0)\n      id: "wehrey-lacher"' in told
    assert "+ theme trade  (codebook)" in told
    assert "recoded" not in told


def test_export_of_old_codings(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """A data package allows an old code where it stays, and nowhere else; the log travels with it."""
    recode("rename instrument.sanctions --into penalties", "--apply")
    assert (
        main(["export", "datapackage", "--suite", str(suite), "--out", str(tmp_path / "out")]) == 0
    )
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    allowed = {
        one["path"]: field["constraints"]["enum"]
        for one in described["resources"]
        for field in one.get("schema", {}).get("fields", ())
        if field["name"] == "instrument"
    }
    assert "sanctions" in allowed["codings/reader-a.csv"]
    assert "sanctions" not in allowed["recommendations.csv"]
    assert lines(tmp_path / "out" / LOG) == lines(suite / LOG)


def test_a_table_that_names_an_old_code(suite: Path, recode: Recode) -> None:
    """In the tables that follow, a code that was taken away is an error that says what became of it."""
    recode("rename instrument.sanctions --into penalties", "--apply")
    rows = lines(suite / "recommendations.csv")
    rows[-1]["instrument"] = "sanctions"
    rewrite(suite / "recommendations.csv", rows)
    (found,) = errors(check(read(suite)))
    assert found.file == "recommendations.csv"
    assert "It was renamed to penalties in 2.0.0." in found.hint


# ---------------------------------------------------------------- the plan and the notebooks


def test_plan_and_notebooks_follow(suite: Path, recode: Recode) -> None:
    """After a code was renamed the plan still makes every page, and defaults name the new one."""
    before = plan.read(suite / "notebooks" / "batch.toml", suite=open_suite(suite))
    recode("rename instrument.sanctions --into penalties", "--apply")
    recode("merge actor.uae --into egypt", "--apply")
    found = plan.read(suite / "notebooks" / "batch.toml", suite=open_suite(suite))
    assert not found.problems
    # the pages on the United Arab Emirates are those on Egypt now
    assert len(found.cases) == len(before.cases) - 1
    for notebook in (suite / "notebooks").glob("*.ipynb"):
        assert "sanctions" not in {
            one.default for one in params.declared(notebook) if isinstance(one.default, str)
        }


def test_every_form_of_a_plan(suite: Path, recode: Recode) -> None:
    """Values, lists, cases and crossed parameters follow, whatever else an entry holds stays as it is."""
    path = suite / "notebooks" / "batch.toml"
    text = """# a plan
[[notebook]]
file = "06-one-theme-in-full.ipynb"
values = { theme = 'sanctions', confidence = "low" }  # one page

[[notebook]]
file = "06-one-theme-in-full.ipynb"
case = [{ theme = "sanctions", count = "rows" }, { theme = "ceasefire" }]

[[notebook]]
file = "06-one-theme-in-full.ipynb"
each = { "theme, voices" = [["sanctions", "author"], ["elections", "both"]], articles = "*" }

[[notebook]]
file = "10-every-sentence-with-a-word.ipynb"
values = { word = "sanctions" }
"""
    path.write_text(text, "utf-8")
    before = held(suite)
    recode("rename instrument.sanctions --into penalties", "--apply")
    wanted = text.replace("'sanctions'", "'penalties'").replace(
        '= "sanctions", count', '= "penalties", count'
    )
    wanted = wanted.replace('[["sanctions"', '[["penalties"')
    assert path.read_text("utf-8") == wanted
    recode("--undo --apply")
    assert held(suite) == before


def test_what_is_only_named(recode: Recode, tmp_path: Path) -> None:
    """Where a split leaves no single answer, plan, notebooks and explanations are named and left."""
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", by_number)
    told = recode(SPLIT, "--read", str(tmp_path / "sheet"))
    by_hand = told[told.index("By hand, afterwards:") :]
    for place in (
        "notebooks/batch.toml:notebook 5",
        "notebooks/06-one-theme-in-full.ipynb:theme",
        "instrument.arms_embargo  warning: its `exclude` names `sanctions`",
    ):
        assert place in by_hand


# ---------------------------------------------------------------- decisions


@pytest.fixture
def sheet(suite: Path, recode: Recode, tmp_path: Path) -> tuple[Path, Callable[[], list[str]]]:
    """Write a sheet for the split and return it, and what reads it back: the texts of its problems."""
    folder = tmp_path / "sheet"
    recode(SPLIT, "--out", str(folder))
    decide(folder, by_number)

    def wrong() -> list[str]:
        before = propose.suite(suite)
        asked = call.call(before.book, "split", ["instrument.sanctions"], ["assets", "trade"], date=DAY[1], note="")  # fmt: skip
        with pytest.raises(SuiteError) as stopped:
            propose.propose(suite, before, asked, folder)
        return [str(one) for one in stopped.value.problems]

    return folder, wrong


@pytest.mark.parametrize(
    ("row", "change", "said"),
    [
        (0, {"becomes": ""}, "sheet/rows.csv:2:becomes  what mei-2014-02 becomes is empty"),
        (1, {"becomes": "asset"}, 'sheet/rows.csv:3:becomes  "asset" is not one of them'),
        (1, {"becomes": "sanctions"}, '"sanctions" is not one of them'),
        (2, {"becomes": "assets; trade"}, "`instrument` holds one code"),
        (2, {"becomes": "-"}, "`instrument` cannot be empty"),
        (3, {"cell": "ceasefire"}, "is coded otherwise since the sheet was written"),
        (4, {"row": "mei-2014-02"}, "is decided twice"),
        (5, {"row": "nobody"}, "has no sanctions to be decided"),
        (
            5,
            {"row": "nobody"},
            "has no line for recommendations.csv wehrey-lacher-2019-23 instrument",
        ),
    ],
)
def test_a_decision_that_is_none(
    sheet: tuple[Path, Callable[[], list[str]]], row: int, change: dict[str, str], said: str
) -> None:
    """A row that is not decided, or by no code that is allowed, is named with its line, and nothing is written."""
    folder, wrong = sheet
    before = held(folder.parent / "suite")
    rows = lines(folder / "rows.csv")
    rows[row] |= change
    rewrite(folder / "rows.csv", rows)
    assert any(said in one for one in wrong())
    assert held(folder.parent / "suite") == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[instrument.trade]", "[instrument.trades]", 'sheet/codes.toml  does not define "trade"'),
        ("[instrument.trade]", "[instrument.trades]", "sheet/codes.toml:14:instrument.trades  does not belong here"),
        ("[instrument.trade]", "[stance.trade]", "stance  does not belong here"),
        ("[instrument.trade]\n", '[instrument.trade]\nsince = "1.0.0"\n', "has `since`"),
        ('first = "trade"', 'first = "trades"', '"trades" is not one of [instrument]'),
        ('[instrument.assets]\nlabel = "no row in this corpus"', '[instrument.assets]\nlabel = ""',
         "sheet/codes.toml:5:instrument.assets  has no label"),
        ("label", "label =", "sheet/codes.toml  is not TOML"),
    ],
)  # fmt: skip
def test_a_definition_that_is_none(
    sheet: tuple[Path, Callable[[], list[str]]], old: str, new: str, said: str
) -> None:
    """A new code that is not defined, or more than new codes, is named where it was written."""
    folder, wrong = sheet
    path = folder / "codes.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(said in one for one in wrong())


def test_a_sheet_saved_by_a_spreadsheet(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """A sheet with another delimiter, a byte-order mark and Windows line ends is read all the same."""
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", by_number)
    path = tmp_path / "sheet" / "rows.csv"
    rows = lines(path)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    recode(SPLIT, "--read", str(tmp_path / "sheet"), "--apply")
    assert cells(suite)["mei-2014", "assets"] == "supports"


def test_a_sheet_computes_nothing(suite: Path, recode: Recode, tmp_path: Path) -> None:
    """A quotation that a spreadsheet would take for a formula has a mark before it, and is read back."""
    seed = suite / "seeds" / "000_fc92084d9c2838dc.txt"
    seed.write_bytes(seed.read_bytes() + b"\n=1+1 calls for sanctions\n")
    rows = lines(suite / "recommendations.csv")
    rows.append(next(r for r in rows if r["id"] == "mei-2014-02") | {"id": "mei-2014-99", "quote": "=1+1 calls for sanctions",
                                                                      "reason": "", "legal_basis": ""})  # fmt: skip
    rewrite(suite / "recommendations.csv", rows)
    articles = lines(suite / "seeds" / "articles.csv")
    for row in articles:
        if row["id"] == "mei-2014":
            row["sha256"] = hashlib.sha256(seed.read_bytes()).hexdigest()
    rewrite(suite / "seeds" / "articles.csv", articles)
    recode(SPLIT, "--out", str(tmp_path / "sheet"))
    written = {row["row"]: row["quote"] for row in lines(tmp_path / "sheet" / "rows.csv")}
    assert written["mei-2014-99"] == "'=1+1 calls for sanctions"
    decide(tmp_path / "sheet", by_number)
    recode(SPLIT, "--read", str(tmp_path / "sheet"))


# ---------------------------------------------------------------- what cannot be done


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rename instrument.sanction --into penalties", 'Did you mean "sanctions"?'),
        ("rename instruments.sanctions --into penalties", 'Did you mean "instrument"?'),
        ("rename sanctions --into penalties", "Name a code as the codebook does"),
        ("rename instrument.sanctions --into ceasefire", "policybook recode merge instrument.sanctions"),
        ("rename instrument.sanctions --into a,b", "cannot rename that many codes"),
        ("rename instrument.sanctions", "cannot rename that many codes"),
        ("rename instrument.sanctions --into =1+1", '"=1+1" is not an id'),
        ("rename instrument.other --into rest", "rules and measures know it by name"),
        ("rename stance.supports --into pro", "rules and measures know each by name"),
        ("rename coder.reader-a --into anna", "rules and measures know each by name"),
        ("rename event.uprising --into revolt", "stay"),
        ("merge instrument.sanctions --into penalties", "cannot merge that many codes"),
        ("merge instrument.sanctions actor.egypt --into x", '"actor.egypt" is of another vocabulary'),
        ("split instrument.sanctions --into a", "cannot split that many codes"),
        ("split instrument.sanctions --into ceasefire,b", "policybook recode retire instrument.sanctions"),
        ("rename condition_type.proviso --into manner", "rules and measures know it by name"),
        ("retire instrument.sanctions --into x", "cannot retire that many codes"),
        ("retire instrument.elections --out x", "nothing has to be decided"),
        ("retire instrument.sanctions --apply", "is not decided yet"),
        ("rename instrument.sanctions --into x --date today", '"today" is not a day'),
        ("rename instrument.sanctions --into x --undo", "is called by halves"),
        ("--undo", "no code was ever renamed, merged, split or retired"),
        ("", "is called by halves"),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong(
    suite: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: str, said: str
) -> None:
    """A call that cannot be ends with 2, says what can, and writes nothing."""
    before = held(tmp_path)
    assert main(["recode", *words.split(), "--suite", str(suite)]) == 2
    assert said in capsys.readouterr().err
    assert held(tmp_path) == before


def test_the_condition_of_a_relation(
    suite: Path, recode: Recode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The type of condition under which a relation does not hold follows a rename; split, it stops the whole."""
    edit(suite / "codebook.toml", 'unless = "proviso"', 'unless = "goal"')
    recode("rename condition_type.goal --into aim", "--apply")
    assert read(suite).book.relations[0].unless == "aim"
    words = "split condition_type.aim --into far,near"
    recode(words, "--out", str(tmp_path / "sheet"))
    decide(tmp_path / "sheet", lambda _: "far")
    read_back = ["--read", str(tmp_path / "sheet"), "--suite", str(suite)]
    assert main(["recode", *words.split(), *read_back]) == 2
    assert "aim stands in `unless` of a relation" in capsys.readouterr().err


def test_what_an_empty_cell_means(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A code that empty cells mean follows a rename, and is not retired: nobody knows what they would mean."""
    edit(suite / "codebook.toml", 'values = "condition_type"\ndefault = ""', 'values = "condition_type"\ndefault = "goal"')  # fmt: skip
    edit(
        suite / "codebook.toml",
        'values = "genre"\nrequired = true',
        'values = "genre"\ndefault = "essay"',
    )
    assert (
        main(
            ["recode", "rename", "genre.essay", "--into", "long", "--apply", "--suite", str(suite)]
        )
        == 0
    )
    assert read(suite).book.columns["articles"]["genre"].default == "long"
    capsys.readouterr()
    rows = lines(suite / "seeds" / "articles.csv")
    folder = suite.parent / "sheet"
    folder.mkdir()
    made = [
        f"seeds/articles.csv,{r['id']},genre,{r['genre']},op-ed\n"
        for r in rows
        if r["genre"] == "long"
    ]
    (folder / "rows.csv").write_text("".join(["file,row,column,cell,becomes\n", *made]), "utf-8")
    assert (
        main(["recode", "retire", "genre.long", "--read", str(folder), "--suite", str(suite)]) == 2
    )
    assert (
        "long stands in [column.articles.genre], as what an empty cell means"
        in capsys.readouterr().err
    )


def test_a_suite_that_does_not_check(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A suite with errors is not recoded: its errors are printed as `check` prints them."""
    edit(
        base / "recommendations.csv",
        ",talks,supports,should,,,,anna-lind,",
        ",talk,supports,should,,,,anna-lind,",
    )
    assert (
        main(["recode", "rename", "instrument.talks", "--into", "parley", "--suite", str(base)])
        == 1
    )
    assert "1 problem and 1 warning in 6 rows." in capsys.readouterr().err


def test_a_result_that_would_not_check(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the result would have errors they are told, and nothing is written."""
    rows = lines(suite / "recommendations.csv")
    for row in rows:
        row["note"] = "" if "stop_bombing" in row["objective"] else row["note"]
    rewrite(suite / "recommendations.csv", rows)
    before = held(suite)
    words = ["merge", "objective.stop_bombing", "--into", "other", "--apply"]
    assert main(["recode", *words, "--suite", str(suite)]) == 1
    said = capsys.readouterr().err
    assert "would leave a suite that does not check" in said
    assert "`objective` is other, and `note` does not say what" in said
    assert held(suite) == before


def inline(text: str) -> str:
    """Return the codebook with a code that has no header of its own."""
    begin, end = text.index("[instrument.gauges]"), text.index("[instrument.other]")
    entry = tomllib.loads(text[begin:end])["instrument"]["gauges"]
    said = ", ".join(f"{key} = {json.dumps(value)}" for key, value in entry.items())
    return f"{text[:begin]}{text[end:]}\n[instrument]\ngauges = {{ {said} }}\n"


def quoted(text: str) -> str:
    """Return the codebook with the header of a code within a text of several lines above it."""
    return text.replace(
        'include = "Calendars', 'include = """\n[instrument.gauges]\n""" # "Calendars'
    )


@pytest.mark.parametrize("layout", [inline, quoted])
def test_a_layout_that_is_not_understood(
    base: Path, capsys: pytest.CaptureFixture[str], layout: Callable[[str], str]
) -> None:
    """A code is not moved by guess where it has no header of its own, or where another place looks like it."""
    text = (base / "codebook.toml").read_text("utf-8")
    (base / "codebook.toml").write_text(layout(text), "utf-8")
    before = held(base)
    words = ["rename", "instrument.gauges", "--into", "meters", "--apply"]
    assert main(["recode", *words, "--suite", str(base)]) == 2
    assert "is laid out in a way that cannot be changed for sure" in capsys.readouterr().err
    assert held(base) == before


@pytest.mark.parametrize(
    "file", ["recommendations.csv", "codebook.toml", "notebooks/batch.toml", LOG]
)
def test_a_file_that_somebody_changed(suite: Path, file: str) -> None:
    """Where any of the files was changed since it was read, none is written."""
    before = propose.suite(suite)
    asked = call.call(
        before.book, "rename", ["instrument.sanctions"], ["penalties"], date=DAY[1], note=""
    )
    done = propose.propose(suite, before, asked, None)
    with (suite / file).open("ab") as theirs:
        theirs.write(b"\n")
    kept = held(suite)
    with pytest.raises(SuiteError, match=f"^{file}  was changed since it was read"):
        done.write()
    assert held(suite) == kept


def test_an_id_is_never_given_again(
    suite: Path, recode: Recode, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code that was taken away is not given to another, by `recode` or by hand."""
    recode("rename instrument.sanctions --into penalties", "--apply")
    words = ["rename", "instrument.ceasefire", "--into", "sanctions"]
    assert main(["recode", *words, "--suite", str(suite)]) == 2
    assert '"sanctions" was renamed to penalties in 2.0.0' in capsys.readouterr().err
    words = ["rename", "instrument.sanctions", "--into", "x"]
    assert main(["recode", *words, "--suite", str(suite)]) == 2
    assert '"sanctions" was renamed to penalties in 2.0.0' in capsys.readouterr().err


def test_codes_known_by_name_stay() -> None:
    """Every code that the package's own source names is one that `recode` leaves alone."""
    book = read(ROOT).book
    named = {
        node.value
        for path in (ROOT / "src" / "policybook").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # a genre only chooses the type of a citation; the rulings' names are those of columns and states
    free = {"genre", "ruling"}
    known = {
        f"{vocabulary}.{code}"
        for vocabulary, values in book.vocabularies.items()
        if vocabulary not in {*call.STAYING, *free}
        for code in values
        if code in named and code not in call.KNOWN_BY_NAME
    }
    assert known == set()


# ---------------------------------------------------------------- the way back


def test_back_past_what_came_since(suite: Path, recode: Recode) -> None:
    """What was coded and written since keeps its place, by the old code; the rest is as it was."""
    before = lines(suite / "recommendations.csv")
    recode("rename instrument.sanctions --into penalties", "--apply")
    rows = lines(suite / "recommendations.csv")
    rows.append(rows[0] | {"id": "new-1", "instrument": "penalties", "repeat_of": ""})
    rows[1]["instrument"] = "ceasefire"
    next(row for row in rows if row["instrument"] == "penalties")["instrument"] = "arms_embargo"
    rewrite(suite / "recommendations.csv", rows)
    path = suite / "codebook.toml"
    path.write_text("# a word at the top\n\n" + path.read_text("utf-8"), "utf-8")
    recode("--undo --apply")
    after = {row["id"]: row["instrument"] for row in lines(suite / "recommendations.csv")}
    assert after.pop("new-1") == "sanctions"
    changed = {row["id"] for row in before if after[row["id"]] != row["instrument"]}
    assert changed == {rows[1]["id"], "mei-2014-02"}
    assert path.read_text("utf-8").startswith("# a word at the top\n\n# The codebook")
    assert not errors(check(read(suite)))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("row", "new-1 was coded after the merger"),
        ("coded", "1 article coded against 2.0.0: mei-2014"),
        ("version", "the codebook went on from 2.0.0 to 2.1.0"),
        ("codebook", "codebook.toml  is no longer as the change of codes left it"),
        ("log", "codings/recodings.csv does not say what 2.0.0 changed"),
        ("lines", "does not lead back from 2.0.0"),
    ],
)
def test_no_way_back(
    suite: Path, recode: Recode, capsys: pytest.CaptureFixture[str], spoil: str, said: str
) -> None:
    """Where nobody can tell what was before, or something rests on it, nothing is taken back."""
    recode("merge instrument.algerian_mediation --into un_mediation", "--apply")
    table, book = suite / "recommendations.csv", suite / "codebook.toml"
    if spoil == "row":
        rows = lines(table)
        rewrite(table, [*rows, rows[0] | {"id": "new-1", "instrument": "un_mediation"}])
    elif spoil == "coded":
        rows = lines(suite / "seeds" / "articles.csv")
        rows[1]["codebook_version"] = "2.0.0"
        rewrite(suite / "seeds" / "articles.csv", rows)
    elif spoil == "version":
        raise_version(suite, "2.1.0")
    elif spoil == "codebook":
        edit(
            book,
            "[former.instrument.algerian_mediation]\n",
            "[former.instrument.algerian_mediation]\n# why\n",
        )
    elif spoil == "log":
        (suite / LOG).unlink()
    else:
        rewrite(suite / LOG, [r for r in lines(suite / LOG) if r["file"] != "codebook.toml"])
    before = held(suite)
    assert main(["recode", "--undo", "--apply", "--suite", str(suite)]) == 2
    assert said in capsys.readouterr().err
    assert held(suite) == before


def test_a_log_writes_no_code(suite: Path, recode: Recode) -> None:
    """What a log says a notebook held before is taken only where it differs by the id of a code."""
    recode("rename instrument.sanctions --into penalties", "--apply")
    rows = lines(suite / LOG)
    for row in rows:
        if row["file"].endswith("06-one-theme-in-full.ipynb"):
            row["before"] = row["before"].replace('\\"sanctions\\"', '\\"sanctions\\"; import os')
        if row["file"].endswith("05-what-changed-over-time.ipynb"):
            row["before"] = row["before"].replace("sanctions", "rm -rf")
    rewrite(suite / LOG, rows)
    told = recode("--undo --apply")
    assert "notebooks/06-one-theme-in-full.ipynb:theme  warning: names `penalties`" in told
    for name in ("05-what-changed-over-time", "06-one-theme-in-full"):
        text = (suite / "notebooks" / f"{name}.ipynb").read_text("utf-8")
        assert "import os" not in text
        assert "rm -rf" not in text
    assert '"sanctions\\"' in (
        suite / "notebooks" / "12-how-firm-are-the-findings.ipynb"
    ).read_text("utf-8")


def test_rows_that_say_the_same_after_a_merger(suite: Path, recode: Recode) -> None:
    """Two rows on the same words that a merger makes alike are named, and both stay."""
    rows = lines(suite / "recommendations.csv")
    first = next(row for row in rows if row["instrument"] == "algerian_mediation")
    twin = first | {"id": f"{first['article']}-99", "instrument": "un_mediation"}
    rewrite(suite / "recommendations.csv", [*rows, twin])
    told = recode("merge instrument.algerian_mediation --into un_mediation", "--apply")
    assert f"says of the same words what {first['id']} says" in told
    assert len(lines(suite / "recommendations.csv")) == len(rows) + 1


def test_a_codebook_from_windows(base: Path) -> None:
    """A codebook with a mark at its start and Windows line ends keeps both, there and back."""
    path = base / "codebook.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = held(base)
    words = [
        "recode",
        "merge",
        "instrument.talks",
        "--into",
        "gauges",
        "--apply",
        "--suite",
        str(base),
    ]
    assert main(words) == 0
    now = path.read_bytes()
    assert now.startswith(b"\xef\xbb\xbf")
    assert now.count(b"\n") == now.count(b"\r\n")
    assert main(["recode", "--undo", "--apply", "--suite", str(base)]) == 0
    assert held(base) == before


def test_bytes_of_other_cells(base: Path) -> None:
    """A table with semicolons, quotation marks, a mark at its start and Windows line ends keeps all of them."""
    rows = lines(base / "recommendations.csv")
    with (base / "recommendations.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    before = held(base)
    assert (
        main(
            [
                "recode",
                "rename",
                "instrument.talks",
                "--into",
                "parley",
                "--apply",
                "--suite",
                str(base),
            ]
        )
        == 0
    )
    now = (base / "recommendations.csv").read_bytes()
    assert now == before["recommendations.csv"].replace(b'"talks"', b'"parley"')
    assert main(["recode", "--undo", "--apply", "--suite", str(base)]) == 0
    assert held(base) == before


def test_all_or_none(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails in the middle leaves every file as it was."""
    before = held(suite)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(editing.os, "fsync", full)
    assert (
        main(
            [
                "recode",
                "rename",
                "instrument.sanctions",
                "--into",
                "x",
                "--apply",
                "--suite",
                str(suite),
            ]
        )
        == 1
    )
    assert held(suite) == before
