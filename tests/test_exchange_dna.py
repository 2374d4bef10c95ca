"""Discourse Network Analyzer: any statement type in, a file of the same schema out."""

import base64
import hashlib
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from crossing import table, unnamed
from foreign_files import DNA_VARIABLES, DnaFile, many_statements
from made import make_suite
from policybook.exchange import ExchangeError, Losses, Options, export_suite, import_suite
from policybook.measures.affiliation import affiliation
from policybook.measures.networks import projection
from policybook.suite import open_suite

ROOT = Path(__file__).parent.parent
TEXT = "The ministry wants a carbon tax. The union rejects a carbon tax. Nobody asked. We must act now."


@pytest.fixture
def dna(tmp_path: Path) -> DnaFile:
    """Begin a file with one document."""
    file = DnaFile(tmp_path / "discourse.dna")
    file.document(
        TEXT, Title="Tax quarrel", Author="Jane Doe", Source="The Daily", Section="Politics"
    )
    return file


def taken_in(dna: DnaFile, **asked: object) -> tuple[Path, Losses]:
    """Import a file; return the new suite and the losses."""
    out = dna.path.parent / "suite"
    return out, import_suite("dna", dna.save(), out, options=Options(**asked))  # type: ignore[arg-type]


def said(losses: Losses) -> set[tuple[str, str, str]]:
    """Return what kind of loss concerns which file and column."""
    return {(loss.kind, loss.where, loss.column) for loss in losses}


def test_statements_become_rows(dna: DnaFile) -> None:
    """A statement is a row: its words, who speaks, on what, for or against, coded by whom."""
    dna.statement(
        1,
        "The ministry wants a carbon tax.",
        organization="Ministry of Finance",
        concept="Carbon tax",
        agreement=1,
    )
    dna.statement(
        1,
        "The union rejects a carbon tax.",
        organization="Union",
        concept="Carbon tax",
        agreement=0,
    )
    out, _ = taken_in(dna)
    rows = list(table(out / "recommendations.csv").values())
    kept = ["quote", "speaker", "instrument", "stance", "voice", "coder", "strength"]
    assert [[row[name] for name in kept] for row in rows] == [
        ["The ministry wants a carbon tax.", "ministry-of-finance", "carbon-tax", "supports", "reported", "anna-muller", "unspecified"],
        ["The union rejects a carbon tax.", "Union", "carbon-tax", "opposes", "reported", "anna-muller", "unspecified"],
    ]  # fmt: skip
    suite = open_suite(out)
    assert suite.book.label("instrument", "carbon-tax") == "Carbon tax"
    assert suite.book.label("coder", "anna-muller") == "Anna Müller"


def test_the_author_speaks_in_the_authors_voice(dna: DnaFile) -> None:
    """A statement whose speaker is the document's author is the author's own."""
    dna.statement(1, "We must act now.", organization="Jane Doe", concept="Carbon tax", agreement=1)
    out, losses = taken_in(dna)
    (row,) = table(out / "recommendations.csv").values()
    assert (row["voice"], row["speaker"]) == ("author", "")
    assert ("guessed", "recommendations.csv", "voice") in said(losses)


def test_facts_of_documents(dna: DnaFile) -> None:
    """Title, author, source and day come over with their basis; seconds count in UTC."""
    dna.statement(1, "We must act now.", organization="x", concept="y", agreement=1)
    out, losses = taken_in(dna)
    (facts,) = table(out / "seeds" / "articles.csv").values()
    assert [facts[name] for name in ("title", "authors", "outlet", "published", "date_basis", "language")] == [
        "Tax quarrel", "jane-doe", "The Daily", "2010-01-01", "imported", "und",
    ]  # fmt: skip
    assert {
        ("dropped", "seeds/articles.csv", ""),
        ("guessed", "seeds/articles.csv", "language"),
    } <= said(losses)


def test_nothing_is_claimed_that_the_file_does_not_say(dna: DnaFile) -> None:
    """Strength, kind of text and surety are marked as unsaid, each named as a guess."""
    dna.statement(1, "We must act now.", organization="x", concept="y", agreement=1)
    _, losses = taken_in(dna)
    columns = {"strength", "genre", "confidence", "coded_on", "kind"}
    assert columns <= {loss.column for loss in losses if loss.kind == "guessed"}


def test_a_document_without_statements_is_not_coded(dna: DnaFile) -> None:
    """A document nobody coded a statement in reads as not coded, never as silent."""
    dna.document("Nothing here.", Title="Empty")
    dna.statement(1, "We must act now.", organization="x", concept="y", agreement=1)
    out, losses = taken_in(dna)
    assert table(out / "seeds" / "articles.csv")["empty-2010"]["coder"] == ""
    assert any(loss.row == "empty-2010" and loss.column == "coder" for loss in losses)


def test_variables_without_a_column_stand_in_the_note(dna: DnaFile) -> None:
    """What fills no column is kept in the row's note, and the report names it."""
    dna.statement(
        1,
        "We must act now.",
        person="Minister Roe",
        organization="Ministry",
        concept="y",
        agreement=1,
    )
    out, losses = taken_in(dna)
    (row,) = table(out / "recommendations.csv").values()
    assert row["note"] == "person: Minister Roe"
    assert ("changed", "recommendations.csv", "note") in said(losses)


def test_what_dna_says_beyond_a_suite_is_named(tmp_path: Path) -> None:
    """Attributes of a variable that fills no column, hierarchies, colours, rights and links are named."""
    dna = DnaFile(tmp_path / "x.dna", variables=[*DNA_VARIABLES, ("venue", "short text")])
    dna.document(TEXT)
    dna.statement(1, "We must act now.", venue="Forum", organization="x", concept="y", agreement=1)
    venue, _ = dna.variables[dna.kind, "venue"]
    forum = dna.entity(venue, "Forum")
    dna.run("INSERT INTO ATTRIBUTEVARIABLES VALUES (1, ?, 'Type')", venue)
    dna.run("INSERT INTO ATTRIBUTEVALUES VALUES (1, ?, 1, 'parliament')", forum)
    dna.run(
        "UPDATE ENTITIES SET ChildOf = ?, Red = 200, Green = 0, Blue = 0 WHERE ID != ?",
        forum,
        forum,
    )
    dna.run("INSERT INTO VARIABLELINKS VALUES (1, 1, 2)")
    for name in ("Red", "Green", "Blue", "PermissionAddStatements", "PermissionViewOthersStatements",
                 "PermissionEditOthersStatements"):  # fmt: skip
        dna.run(f"ALTER TABLE CODERS ADD COLUMN {name} INTEGER NOT NULL DEFAULT 1")
    dna.run("UPDATE CODERS SET PermissionAddStatements = 0 WHERE ID = 2")
    dna.run("UPDATE DOCUMENTS SET Coder = 1")
    _, losses = taken_in(dna)
    dropped = [(loss.row, loss.what) for loss in losses if loss.kind == "dropped"]
    for row, words in (("Forum", "Type: parliament"), ("", "entity beneath another"),
                       ("", "colour of an entity"), ("", "1 row of VARIABLELINKS"),
                       ("", "1 time, colour of a coder"), ("", "1 time, coder who may not"),
                       ("", "1 time, coder of a document none")):  # fmt: skip
        assert [what for place, what in dropped if place == row and words in what], words


def test_another_type_with_a_mapping(dna: DnaFile) -> None:
    """Any type of statement can be chosen by name, its variables mapped to columns."""
    kind = dna.statement_type(
        "Claim",
        [
            ("who", "short text"),
            ("what", "short text"),
            ("how", "integer"),
            ("strength", "short text"),
        ],
    )
    dna.statement(
        1, "We must act now.", kind=kind, who="NGO", what="Climate law", how=-2, strength="must"
    )
    dna.statement(1, "Nobody asked.", organization="x", concept="y", agreement=1)
    out, losses = taken_in(
        dna, kind="Claim", mapping={"speaker": "who", "instrument": "what", "stance": "how"}
    )
    (row,) = table(out / "recommendations.csv").values()
    assert [row[name] for name in ("speaker", "instrument", "stance", "strength")] == [
        "NGO",
        "climate-law",
        "opposes",
        "must",
    ]
    assert any("DNA Statement" in loss.what for loss in losses)


def test_an_unknown_type_is_answered_with_those_there_are(dna: DnaFile) -> None:
    """A type that is not in the file is answered with the list of those that are."""
    with pytest.raises(ExchangeError, match="allowed:  DNA Statement"):
        taken_in(dna, kind="Clam")


def test_variables_that_fit_nothing_are_listed(tmp_path: Path) -> None:
    """Where no type has an instrument and a stance, the message lists the variables and the way to map them."""
    dna = DnaFile(tmp_path / "x.dna", variables=[("topic", "short text")], label="Note")
    with pytest.raises(ExchangeError, match=r"Note: topic(?s:.)*--map instrument=concept"):
        taken_in(dna)


@pytest.mark.parametrize("value", [0, "mixed"])
def test_a_statement_that_takes_no_side_is_named(tmp_path: Path, value: object) -> None:
    """A statement that is neither for nor against is no row, and the report says which it was."""
    form = "integer" if value == 0 else "short text"
    dna = DnaFile(tmp_path / "x.dna", variables=[("concept", "short text"), ("agreement", form)])
    dna.document(TEXT)
    dna.statement(1, "We must act now.", concept="y", agreement=value)
    out, losses = taken_in(dna)
    assert table(out / "recommendations.csv") == {}
    assert ("dropped", "recommendations.csv", "statement 1") in {
        (x.kind, x.where, x.row) for x in losses
    }


def test_places_count_as_java_counts(tmp_path: Path) -> None:
    """A place after an emoji is that of the same words, although DNA counts an emoji as two."""
    dna = DnaFile(tmp_path / "x.dna")
    dna.document("😀😀 Good news. We must act now, they say. 😀 Or later.")
    dna.statement(1, "We must act now, they say.", organization="x", concept="y", agreement=1)
    dna.statement(1, "Or later.", organization="x", concept="y", agreement=0)
    out, losses = taken_in(dna)
    quotes = [row["quote"] for row in table(out / "recommendations.csv").values()]
    assert quotes == ["We must act now, they say.", "Or later."]
    assert any("UTF-16" in loss.what for loss in losses if loss.kind == "guessed")


def test_places_nothing_tells_apart_count_as_java_counts(tmp_path: Path) -> None:
    """Where a text has no spaces to go by, places are read as DNA counts them."""
    dna = DnaFile(tmp_path / "x.dna")
    dna.document("😀我们必须行动起来")
    dna.statement(1, "必须行动", organization="x", concept="y", agreement=1)
    out, _ = taken_in(dna)
    (row,) = table(out / "recommendations.csv").values()
    assert row["quote"] == "必须行动"


def test_places_in_code_points_are_recognised(tmp_path: Path) -> None:
    """Places that were counted in characters are read so where that is what fits the words."""
    dna = DnaFile(tmp_path / "x.dna")
    text = "😀😀😀 Good news. We must act now, they say."
    dna.document(text)
    start = text.index("We")
    dna.statement(1, "", span=(start, len(text)), organization="x", concept="y", agreement=1)
    out, losses = taken_in(dna)
    (row,) = table(out / "recommendations.csv").values()
    assert row["quote"] == "We must act now, they say."
    assert any("code points" in loss.what for loss in losses)


@pytest.mark.parametrize("span", [(0, 10_000), (-4, 10), (30, 20), (5, 5)])
def test_a_place_outside_the_text_is_named(dna: DnaFile, span: tuple[int, int]) -> None:
    """A place that is not within its text is no row, and the report says so."""
    dna.statement(1, "", span=span, organization="x", concept="y", agreement=1)
    out, losses = taken_in(dna)
    assert table(out / "recommendations.csv") == {}
    assert [loss.row for loss in losses if "no place in the text" in loss.what] == ["statement 1"]


def test_the_same_words_twice_get_the_words_before_them(tmp_path: Path) -> None:
    """Words that stand more than once are told apart by those before them."""
    dna = DnaFile(tmp_path / "x.dna")
    text = "Act now. First they waited. Act now. Then they slept. Act now."
    dna.document(text)
    for start in (0, text.index("Act", 10), text.rindex("Act")):
        dna.statement(1, "", span=(start, start + 8), organization="x", concept="y", agreement=1)
    out, losses = taken_in(dna)
    rows = list(table(out / "recommendations.csv").values())
    assert [row["prefix"][-8:] for row in rows] == ["", " waited.", "y slept."]
    starts = open_suite(out).rows["start"].tolist()
    assert starts == [0, text.index("Act", 10), text.rindex("Act")]
    assert ("changed", "recommendations.csv", "quote") in said(losses)


def test_words_that_nothing_tells_apart_cost_no_time(tmp_path: Path) -> None:
    """Of words that a text repeats without end no place is told apart: each is named, within seconds."""
    dna = DnaFile(tmp_path / "x.dna")
    number = 2_000
    dna.document(f"First. {'Act now. ' * number}{'Then they slept. ' * 1_000}")
    for place in range(number):
        span = 7 + 9 * place, 15 + 9 * place
        dna.statement(1, "", span=span, organization="x", concept="y", agreement=1)
    start = time.process_time()
    out, losses = taken_in(dna)
    assert time.process_time() - start < 2
    dropped = [loss for loss in losses if "stand for it alone" in loss.what]
    assert len(dropped) + len(table(out / "recommendations.csv")) == number > len(dropped)


def test_one_suite_of_ones_own_codebook(dna: DnaFile, tmp_path: Path) -> None:
    """With one's own codebook its words stay, and values it lacks are added and named."""
    dna.statement(1, "We must act now.", organization="Union", concept="sanctions", agreement=1)
    dna.statement(1, "Nobody asked.", organization="Union", concept="a new measure", agreement=1)
    book = (ROOT / "codebook.toml").read_text("utf-8").replace("articles = [", "articles = [] #")
    (tmp_path / "book.toml").write_text(
        book.split("[event.uprising]")[0] + "[actor" + book.partition("\n[actor")[2]
    )
    out, losses = taken_in(dna, codebook=tmp_path / "book.toml")
    rows = list(table(out / "recommendations.csv").values())
    assert [row["instrument"] for row in rows] == ["a-new-measure", "sanctions"]
    assert "Asset freezes" in (out / "codebook.toml").read_text("utf-8")
    assert "instrument.a-new-measure" in {loss.row for loss in losses if loss.kind == "guessed"}


def test_ten_thousand_statements(tmp_path: Path) -> None:
    """Ten thousand statements are a suite in under ten seconds."""
    path = many_statements(tmp_path / "many.dna", statements=10_000)
    start = time.process_time()
    import_suite("dna", path, tmp_path / "suite")
    assert time.process_time() - start < 10
    assert len(table(tmp_path / "suite" / "recommendations.csv")) == 10_000


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import a file with five hundred statements."""
    folder = tmp_path_factory.mktemp("imported")
    path = many_statements(folder / "many.dna", statements=500, documents=5)
    import_suite("dna", path, folder / "suite")
    return folder / "suite"


@pytest.mark.parametrize("of", ["speaker", "instrument"])
@pytest.mark.parametrize("count", ["include", "document", "year"])
def test_congruence_and_conflict_make_ignore(imported: Path, of: str, count: str) -> None:
    """On imported data, too, congruence and conflict add up to ignore, and subtract is their difference."""
    suite = open_suite(imported)
    edges = projection(affiliation(suite.rows, articles=suite.articles, count=count), of=of)
    assert len(edges) > 50
    assert (edges["congruence"] + edges["conflict"] == edges["ignore"]).all()
    assert (edges["congruence"] - edges["conflict"] == edges["subtract"]).all()


def test_the_counts_are_those_of_the_file(imported: Path, tmp_path: Path) -> None:
    """The statements of every organization, concept and stance are counted as SQL counts them."""
    path = many_statements(tmp_path / "many.dna", statements=500, documents=5)
    sql = """SELECT o.Value, c.Value, b.Value, count(*) FROM STATEMENTS s
      JOIN DATASHORTTEXT so ON so.StatementId = s.ID JOIN ENTITIES o ON o.ID = so.Entity AND o.VariableId = 2
      JOIN DATASHORTTEXT sc ON sc.StatementId = s.ID JOIN ENTITIES c ON c.ID = sc.Entity AND c.VariableId = 3
      JOIN DATABOOLEAN b ON b.StatementId = s.ID GROUP BY 1, 2, 3"""
    with closing(sqlite3.connect(path)) as database:
        expected = {
            (o, c, "supports" if b else "opposes"): n for o, c, b, n in database.execute(sql)
        }
    suite = open_suite(imported)
    found = suite.rows.groupby(["speaker", "instrument", "stance"], observed=True).size()
    label = suite.book.label
    assert {
        (label("actor", a), label("instrument", i), s): n for (a, i, s), n in found.items()
    } == expected  # type: ignore[misc]


def test_an_export_has_the_schema_of_dna(tmp_path: Path) -> None:
    """An exported file has every table and column that DNA 3 has, and keys that hold together."""
    place, _ = export_suite("dna", ROOT, tmp_path / "suite.dna")
    reference = DnaFile(tmp_path / "reference.dna")
    with closing(sqlite3.connect(place)) as database:
        names = reference.database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        for (name,) in names:
            columns = {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
            assert columns >= {
                row[1] for row in reference.database.execute(f"PRAGMA table_info({name})")
            }, name
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        quotes = database.execute(
            "SELECT substr(Text, Start + 1, Stop - Start) FROM STATEMENTS s JOIN DOCUMENTS d ON d.ID = s.DocumentId"
        ).fetchall()
    reference.save()
    rows = [
        *table(ROOT / "recommendations.csv").values(),
        *table(ROOT / "codings/diagnoses.csv").values(),
    ]
    assert [" ".join(words.split()) for (words,) in quotes] == [row["quote"] for row in rows]


SHORT = {
    "CODERS": ["Name", "Password"],
    "DOCUMENTS": ["Title", "Author", "Source", "Section", "Type"],
    "STATEMENTTYPES": ["Label"],
    "VARIABLES": ["Variable"],
    "ENTITIES": ["Value"],
    "ATTRIBUTEVARIABLES": ["AttributeVariable"],
    "ATTRIBUTEVALUES": ["AttributeValue"],
}
"""The columns in which DNA's own tables allow 190 letters and no more."""


def test_what_is_longer_than_dna_holds_is_cut_and_named(tmp_path: Path) -> None:
    """Lists, names and titles are cut to what DNA's columns hold, each row named; nothing overflows."""
    names = [f"an-actor-of-a-long-name-{number}" for number in range(12)]
    lists = ["; ".join([*names, one]) for one in ("egypt", "uae")]
    more = [f'[coder.{"x" * 300}]\nlabel = "X"\nkind = "machine"\ndefinition = "A reader."\n']
    more += [f'[actor.{name}]\nlabel = "One and the same"\nkind = "state"\n' for name in names]
    rows = [{"article": "a", "addressee": one, "coder": "x" * 300} for one in lists]
    rows += [{"article": "a", "voice": "reported", "speaker": name} for name in names]
    facts = {"a": {"title": "T" * 500}}
    make_suite(tmp_path / "suite", rows, facts=facts, more="\n".join(more))
    place, lost = export_suite("dna", tmp_path / "suite", tmp_path / "suite.dna")
    with closing(sqlite3.connect(place)) as database:
        for table_of, columns in SHORT.items():
            for column in columns:
                sql = f"SELECT max(length({column})) FROM {table_of}"  # noqa: S608  (names of this test's own)
                assert database.execute(sql).fetchone()[0] <= 190, column
                with pytest.raises(sqlite3.IntegrityError):
                    database.execute(f"UPDATE {table_of} SET {column} = ?", ["x" * 191])  # noqa: S608
        assert database.execute("SELECT count(*) FROM ENTITIES WHERE Value LIKE 'One and%'").fetchone() == (12,)  # fmt: skip
    back = import_suite("dna", place, tmp_path / "back")
    assert {("a-000", "addressee"), ("a-001", "addressee"), ("a", "title")} <= {
        (loss.row, loss.column) for loss in lost if "cut to" in loss.what
    }
    assert unnamed(tmp_path / "suite", tmp_path / "back", [*lost, *back]) == []


def test_the_password_is_one_that_dna_accepts(tmp_path: Path) -> None:
    """The administrator's password has the form in which DNA keeps it, and is `policybook`."""
    place, _ = export_suite("dna", ROOT, tmp_path / "suite.dna")
    with closing(sqlite3.connect(place)) as database:
        name, kept = database.execute("SELECT Name, Password FROM CODERS WHERE ID = 1").fetchone()
    salt, digest = base64.b64decode(kept)[:16], base64.b64decode(kept)[16:]
    tried = salt + b"policybook"
    for _ in range(100_000):
        tried = hashlib.sha256(tried).digest()
    assert (name, tried) == ("Admin", digest)


def test_a_machine_stays_a_machine(tmp_path: Path) -> None:
    """A coder that is no person does not come back as one."""
    place, _ = export_suite("dna", ROOT, tmp_path / "suite.dna")
    import_suite("dna", place, tmp_path / "back")
    coders = open_suite(tmp_path / "back").book.values("coder").values()
    assert {coder.id: coder.extra["kind"] for coder in coders} == {"adjudicator": "machine"}
