"""What is remembered of a text is what a search of it would find, or it is not used."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from made import make_suite
from policybook import exhibits, findings, searches
from policybook.corpus import Corpus
from policybook.findings import reading
from policybook.measures import passages
from policybook.searches import Searches, question, version
from policybook.suite import Suite, open_suite

TEXTS = {"a": "one two", "b": "", "c": "three", "d": "one two"}
WORDS, LETTERS = question("words"), question("letters")


def sha256(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprints of texts as articles.csv holds them."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


class Asked:
    """Texts that remember which of them were read, and are asked two questions."""

    def __init__(self, texts: Mapping[str, str], known: Mapping[str, str] | None = None) -> None:
        """Take texts; their fingerprints are their own unless others are `known`."""
        self.texts, self.read = texts, list[str]()
        self.searches = Searches(self._text, sha256=sha256(texts) if known is None else known)

    def _text(self, article: str) -> str:
        self.read.append(article)
        return self.texts[article]

    def answers(self, *asked: str, articles: str = "") -> dict[str, dict[str, list[int]]]:
        """Return the numbers that the texts answer to some questions, by default to both."""
        each = {one: list(articles or self.texts) for one in asked or (WORDS, LETTERS)}
        found = self.searches.ask(each, _find)
        return {
            q: {a: [*memoryview(n).cast("q")] for a, n in of.items()} for q, of in found.items()
        }


def _find(text: str, asked: list[str]) -> Iterator[list[int]]:
    """Answer with the length of each word, or with the number of letters."""
    for one in asked:
        yield [len(word) for word in text.split()] if one == WORDS else [len(text)]


EXPECTED = {
    WORDS: {"a": [3, 3], "b": [], "c": [5], "d": [3, 3]},
    LETTERS: {"a": [7], "b": [0], "c": [5], "d": [7]},
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which everything is remembered, however little it is."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("POLICYBOOK_CACHE", str(folder))
    monkeypatch.setattr(searches, "LEAST", 1)
    monkeypatch.setattr(searches, "FEW", 0)
    return folder


def test_each_text_is_read_once(cache: Path) -> None:
    """Many questions at once read a text once, and what was asked before reads none."""
    first, again = Asked(TEXTS), Asked(TEXTS)
    assert first.answers() == EXPECTED
    assert first.read == ["a", "b", "c", "d"]
    assert again.answers() == EXPECTED
    assert again.read == []
    assert len(list(cache.iterdir())) == 2


def test_only_what_is_new_is_searched(cache: Path) -> None:  # noqa: ARG001  (it is set up)
    """After a text was changed and one added, these two alone are read; the order is that asked for."""
    Asked(TEXTS).answers()
    now = Asked({"e": "six", **TEXTS, "c": "seven eight"})
    assert now.answers(WORDS, articles="ecba")[WORDS] == {
        "e": [3], "c": [5, 5], "b": [], "a": [3, 3]}  # fmt: skip
    assert now.read == ["e", "c"]
    assert list(now.answers(WORDS, articles="ba")[WORDS]) == ["b", "a"]


def test_a_wrong_fingerprint_serves_nobody(cache: Path) -> None:  # noqa: ARG001
    """What is found in a text is never taken for what stands in another that claims its fingerprint."""
    false = sha256({"a": "other words"})
    assert Asked({"a": "one two"}, known=false).answers(WORDS) == {WORDS: {"a": [3, 3]}}
    assert Asked({"a": "other words"}).answers(WORDS) == {WORDS: {"a": [5, 5]}}
    assert Asked({"a": "x"}, known={"a": "no hash"}).answers(WORDS) == {WORDS: {"a": [1]}}


def _flip(place: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[:-1], lambda data: data[:40], lambda data: data + b"\0",
     lambda data: data[32:], lambda data: b"\xff" * len(data), *map(_flip, range(0, 180, 7))],
)  # fmt: skip
def test_damage_is_searched_again(cache: Path, damage: Callable[[bytes], bytes]) -> None:
    """A file that is cut, overwritten or off by one bit is not believed, and is mended."""
    Asked(TEXTS).answers()
    for file in cache.iterdir():
        file.write_bytes(damage(file.read_bytes()))
    again, third = Asked(TEXTS), Asked(TEXTS)
    assert again.answers() == EXPECTED
    assert sorted(set(again.read)) == list("abcd")
    assert third.answers() == EXPECTED
    assert third.read == []


def test_an_answer_belongs_to_its_question(cache: Path) -> None:
    """A whole file under the name of another is not taken for the answer to that."""
    Asked(TEXTS).answers()
    one, other = cache.iterdir()
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)
    assert Asked(TEXTS).answers() == EXPECTED


def test_nowhere_to_write(cache: Path) -> None:
    """Where the folder cannot be made, or its files are folders, everything is searched."""
    cache.write_text("a file")
    assert Asked(TEXTS).answers() == EXPECTED
    cache.unlink()
    Asked(TEXTS).answers()
    for file in list(cache.iterdir()):
        file.unlink()
        file.mkdir()
    assert Asked(TEXTS).answers() == EXPECTED
    assert all(file.is_dir() for file in cache.iterdir())


@pytest.mark.parametrize("switch", ["off", "small", "few"])
def test_nothing_is_left_behind(
    cache: Path, switch: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Switched off, or after a search of few texts or short ones, there is no file."""
    if switch == "off":
        monkeypatch.setenv("POLICYBOOK_CACHE", "off")
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        monkeypatch.chdir(tmp_path)
    elif switch == "small":
        monkeypatch.setattr(searches, "LEAST", 20)
    else:
        monkeypatch.setattr(searches, "FEW", 4)
    assert Asked(TEXTS).answers() == EXPECTED
    assert list(tmp_path.iterdir()) == []


def test_the_users_own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless told otherwise, answers stand in the user's cache; a folder that is no full path is none."""
    monkeypatch.delenv("POLICYBOOK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    Asked(TEXTS).answers()
    assert [path.name for path in cache.iterdir()] == ["policybook"]
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.chdir(cache)
    Asked(TEXTS).answers()
    assert not (cache / "here").exists()


def test_old_answers_make_room(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not read for the longest time goes first, and nothing of others is touched."""
    Asked(TEXTS).answers(WORDS)
    (old,) = cache.iterdir()
    (cache / "thesis.txt").write_text("of the user")
    os.utime(cache / "thesis.txt", (1, 1))
    os.utime(old, (1, 1))
    monkeypatch.setattr(searches, "MOST", old.stat().st_size + 10)
    Asked(TEXTS).answers(LETTERS)
    (new,) = set(cache.iterdir()) - {cache / "thesis.txt"}
    assert new != old
    os.utime(new, (1, 1))
    Asked(TEXTS).answers(LETTERS)
    assert new.stat().st_mtime > 1
    monkeypatch.setattr(searches, "MOST", 10)
    Asked(TEXTS).answers(WORDS)
    assert set(cache.iterdir()) == {new, cache / "thesis.txt"}


def test_two_at_once(cache: Path) -> None:
    """Processes that search and write at the same time all find the same, and leave whole files."""
    code = """
import hashlib
from policybook import searches
searches.LEAST, searches.FEW = 1, 0
for n in range(60):
    text = "x" * n
    known = {"a": hashlib.sha256(text.encode()).hexdigest()}
    asked = searches.Searches(lambda _: text, sha256=known)
    found = asked.ask({"length": ["a"]}, lambda text, _: [[len(text)]])
    assert found["length"]["a"][0] == n
"""
    started = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [one.wait(60) for one in started] == [0, 0, 0]
    texts = {str(n): "x" * n for n in range(60)}
    again = Searches(lambda _: "read anew", sha256=sha256(texts))
    found = again.ask({"length": texts}, lambda text, _: [[len(text)]])["length"]
    assert all(answer[0] in (int(n), 9) for n, answer in found.items())
    assert len(list(cache.iterdir())) == 1


def test_other_code_asks_another_question(tmp_path: Path) -> None:
    """Answers of code that was changed since are not used; code that cannot be read trusts none."""
    file = tmp_path / "code.py"
    file.write_text("one")
    before = version(str(file))
    assert version(str(file)) == before
    file.write_text("two")
    assert version(str(file)) != before
    file.unlink()
    assert version(str(file)) != version(str(file))


def test_questions_do_not_run_together() -> None:
    """Two questions of different parts are never one."""
    assert question("ab", "c") != question("a", "bc")
    assert question("a") != question("a", "")


def _shown(made: Suite) -> list[str]:
    """Return everything that searches of texts lead to, as tables and as pages."""
    selection = made.select()
    found = findings.word_rows(selection, "sentence")
    tables = [reading.receipts(selection), reading.sizes(selection), found]
    pages = [exhibits.receipts(selection), exhibits.reading_list(selection)]
    pages += [exhibits.words_found(selection, "sentence")]
    sentences = [*findings.silences(selection), *findings.every_sentence(selection, "sentence")]
    pages.append(exhibits.answer(selection, sentences))
    return [*(table.to_json() for table in tables), *(str(page.html) for page in pages)]


def test_pages_are_the_same_with_and_without(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Searched, remembered, or with nothing to remember, tables and pages are equal."""
    rows = [{"article": name, "instrument": "elections"} for name in "abb"]
    make_suite(tmp_path / "s", rows, diagnoses=[{"article": "a", "instrument": "elections"}])
    book = tmp_path / "s" / "codebook.toml"
    book.write_text(
        book.read_text("utf-8").replace("terms = [", 'terms = ["passage", ', 1), "utf-8"
    )
    searched = _shown(open_suite(tmp_path / "s"))
    assert any("passage ×1" in page for page in searched)
    assert cache.exists()
    assert _shown(open_suite(tmp_path / "s")) == searched
    again = open_suite(tmp_path / "s")
    selection = again.select()
    again.rows  # noqa: B018  (quotations are found in the texts, whatever is remembered)
    monkeypatch.setattr(Corpus, "text", lambda *_: pytest.fail("a text was read"))
    assert reading.sizes(selection)["words"].sum() > 0
    assert len(findings.word_rows(selection, "sentence")) == len(rows)
    assert reading.receipts(selection)["hits"].sum() > 0
    monkeypatch.undo()
    monkeypatch.setenv("POLICYBOOK_CACHE", "off")
    assert _shown(open_suite(tmp_path / "s")) == searched


def test_what_is_remembered_counts_as_read(cache: Path, tmp_path: Path) -> None:  # noqa: ARG001
    """A page depends on every text it asked about, also where nothing had to be read."""
    make_suite(tmp_path / "s", [{"article": "a"}])
    for _ in range(2):
        made = open_suite(tmp_path / "s")
        passages.sizes(made.searches, ["a", "c"])
        noted = {key for key in made.reads.keys if "text" in key}
        assert {key[-1] for key in noted} == {"a", "c"}
