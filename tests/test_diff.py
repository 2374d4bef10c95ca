"""What `diff` and `release` promise: every difference with its cause, nothing run, nothing faked."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import policybook as pb
from policybook.cli import _parser, main
from policybook.suite import open_suite
from policybook.together import states

QUIET = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
}  # fmt: skip


def git(folder: Path, *arguments: str) -> None:
    """Call git in a folder, without the settings of this machine."""
    subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, env=os.environ | QUIET
    )


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Change one place of a file."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8", newline="")


@pytest.fixture
def before(base: Path, tmp_path: Path) -> Path:
    """Keep a copy of the base, to be compared with."""
    return Path(shutil.copytree(base, tmp_path / "before"))


def diff(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Call `diff` and return what it prints."""
    assert main(["diff", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def part(told: str, kind: str) -> str:
    """Return the part of a text on one kind of difference."""
    return next(p for p in told.split("\n\n") if p.startswith(kind))


def test_recoded(base: Path, before: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row that is coded otherwise is shown cell by cell, and the finding it turns names it as the cause."""
    edit(
        base,
        "recommendations.csv",
        ",talks,supports,should,,,,anna-lind,",
        ",talks,opposes,should,,,,anna-lind,",
    )
    told = diff(capsys, before, "--suite", base)
    assert 'a-01  (recoded)\n      stance: "supports" → "opposes"' in told
    assert "no difference" in part(told, "Articles")
    found = part(told, "Findings")
    assert "(recoded)" in found
    assert "new article" not in found


def test_new_article(base: Path, before: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What only a new article brings is said to come from it, for rows and findings alike."""
    table = before / "recommendations.csv"
    kept = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("b-")]
    table.write_text("\n".join([*kept, ""]), "utf-8")
    listed = before / "seeds" / "articles.csv"
    gone = next(
        line for line in listed.read_text("utf-8").splitlines() if line.startswith("belmar-2032")
    )
    listed.write_text(listed.read_text("utf-8").replace(f"{gone}\n", ""), "utf-8")
    (before / "seeds" / gone.split(",")[1]).unlink()
    codings = before / "codings"
    if codings.exists():
        shutil.rmtree(codings)
    told = diff(capsys, before, base, "--suite", base)
    assert "+ belmar-2032  (new article)" in told
    assert "+ b-01  (new article)" in told
    if "not compared" not in told:
        assert "(new article)" in part(told, "Findings")
        assert "(recoded)" not in part(told, "Findings")


def test_codebook(base: Path, before: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding that only reads otherwise because a code was renamed has the codebook as its cause."""
    edit(base, "codebook.toml", 'label = "Talks"', 'label = "Parleys"')
    told = diff(capsys, before, base, "--suite", base)
    assert "~ instrument.talks  (codebook, its version not raised)" in told
    assert "(codebook)" in part(told, "Findings")
    assert "recoded" not in told


def test_state_that_does_not_check(
    base: Path, before: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a state does not check, its rows are compared and its findings are not."""
    edit(
        base,
        "recommendations.csv",
        ",talks,supports,should,,,,anna-lind,",
        ",talks,suport,should,,,,anna-lind,",
    )
    told = diff(capsys, before, base, "--suite", base)
    assert "a-01  (recoded)" in told
    assert "not compared, for one of the two states has 1 problem." in told


def test_git_revision(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A revision is compared as it was committed, whatever lies in the folder now."""
    git(base, "init", "-q")
    git(base, "add", ".")
    git(base, "commit", "-q", "-m", "first")
    edit(base, "recommendations.csv", "b-02,", "b-03,")
    told = diff(capsys, "HEAD", "--suite", base)
    assert "Old: the git revision HEAD (" in told
    assert "- b-02  (recoded)" in told
    assert "+ b-03  (recoded)" in told


def test_links_in_a_revision(base: Path, tmp_path: Path) -> None:
    """A revision that holds links lays out none of them."""
    (base / "seeds" / "secret.txt").symlink_to("/etc/passwd")
    git(base, "init", "-q")
    git(base, "add", ".")
    git(base, "commit", "-q", "-m", "first")
    found = states.find("HEAD", root=base, scratch=tmp_path / "out")
    names = {path.name for path in found.root.rglob("*")}
    assert "articles.csv" in names
    assert "secret.txt" not in names


@pytest.mark.parametrize(
    "name", ["--output=x", "-p", "HEAD:seeds", "@{u}", "a\nb", "a\0b", "", "../x", "$(id)"]
)
def test_hostile_revision(
    base: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is no state ends with 2 and a problem, whatever it looks like."""
    git(base, "init", "-q")
    assert main(["diff", "--suite", str(base), "--", name]) == 2
    assert "is no release, folder or git revision" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_without_git(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where git is missing, the message says so and folders still compare."""
    monkeypatch.setenv("PATH", "")
    assert main(["diff", "HEAD", "--suite", str(base)]) == 2
    assert "git is not installed" in capsys.readouterr().err
    assert main(["diff", str(base), "--suite", str(base)]) == 0


def test_release(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A release is a suite that checks, cites itself, and whose checksums hold; it is made once."""
    assert main(["release", "1.2.0", "--suite", str(base)]) == 0
    made = base / "releases" / "1.2.0"
    assert main(["check", "--suite", str(made)]) == 0
    assert 'version: "1.2.0"' in (made / "CITATION.cff").read_text("utf-8")
    for line in (made / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == digest
    capsys.readouterr()
    assert main(["release", "1.2.0", "--suite", str(base)]) == 2
    assert "is released already" in capsys.readouterr().err
    assert "Findings: no difference." in diff(capsys, "1.2.0", "--suite", base)
    assert [path.name for path in (base / "releases").iterdir()] == ["1.2.0"]


@pytest.mark.parametrize("version", ["1.2", "../1.2.0", "1.2.0/..", "v1.2.0", "1.2.0\n", "-1.0.0"])
def test_hostile_version(base: Path, version: str) -> None:
    """A version that is none writes nothing."""
    assert main(["release", "--suite", str(base), "--", version]) == 2
    assert not (base / "releases").exists()


def test_release_that_was_changed(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A release whose file was changed is not compared, and the file is named."""
    assert main(["release", "1.2.0", "--suite", str(base)]) == 0
    edit(base / "releases" / "1.2.0", "recommendations.csv", "b-02,", "b-03,")
    assert main(["diff", "1.2.0", "--suite", str(base)]) == 2
    assert "1.2.0/recommendations.csv  is not what was released" in capsys.readouterr().err


def test_page_of_changes(base: Path, before: Path) -> None:
    """The page says in sentences and tables what the command prints, hostile words as words."""
    edit(
        base,
        "recommendations.csv",
        ",talks,supports,should,,,,anna-lind,",
        ",talks,opposes,should,,,,anna-lind,<b>",
    )
    suite = open_suite(base)
    found = pb.changes(suite, old=str(before))
    said = [one.text for one in pb.changes_told(found)]
    assert re.fullmatch(r"Findings: .*changed.*\. Causes: recoded \(\d+\)\.", said[0])
    assert said[1:] == ["Rows: one changed.", "Articles and codes are as they were."]
    selection = suite.select()
    page = str(pb.changed_things(selection, found, "row").html)
    line = page.partition("<tbody>")[2]
    assert 'href="#note-' in line  # the row as it is now
    assert "stance: &#34;supports&#34; → &#34;opposes&#34;" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    findings = pb.changed_findings(selection, found)
    assert "recoded" in findings.text
    assert 'href="#note-' in str(findings.html).partition("<tbody>")[2]
    other = pb.changes(suite, old=str(before), new=str(base))  # by name: of it no page shows rows
    assert 'href="#note-' not in str(pb.changed_things(selection, other, "row").html).partition("<tbody>")[2]  # fmt: skip
    assert pb.changed_things(selection, found, "code").text == "No code differs."


def test_name_of_no_state(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page asked for a state that none can be called is refused before it is begun."""
    call = ["run", "notebooks/changes.ipynb", "--suite", str(base)]
    assert main([*call, "-p", "old=--output=x"]) == 2
    assert "names no state of a suite" in capsys.readouterr().err


def test_page_without_an_earlier_state(base: Path) -> None:
    """Without a release and without git the page says so; with one the last is compared."""
    suite = open_suite(base)
    assert pb.changes_told(pb.changes(suite))[0].text.startswith("There is no earlier state")
    git(base, "init", "-q")
    assert pb.changes_told(pb.changes(suite))[0].text.startswith("There is no earlier state")
    git(base, "add", ".")
    git(base, "commit", "-q", "-m", "first")
    assert pb.changes(suite).old.startswith("the git revision HEAD (")
    for version in ("1.2.0", "1.10.0"):
        assert main(["release", version, "--suite", str(base)]) == 0
    found = pb.changes(suite)
    assert found.old == "the release 1.10.0"
    assert pb.changes_told(found)[0].text == "Every finding is told as before."


def test_package(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence that only another version of the package tells otherwise has the package as its cause."""
    assert main(["release", "1.2.0", "--suite", str(base)]) == 0
    made = base / "releases" / "1.2.0"
    said = json.loads((made / "findings.json").read_text("utf-8"))
    old = hashlib.sha256((made / "findings.json").read_bytes()).hexdigest()
    said["package"], said["findings"][0]["text"] = "0.0.9", "It was told like this."
    (made / "findings.json").write_text(json.dumps(said), "utf-8")
    new = hashlib.sha256((made / "findings.json").read_bytes()).hexdigest()
    edit(made, "SHA256SUMS", old, new)
    found = part(diff(capsys, "1.2.0", "--suite", base), "Findings")
    assert "before: It was told like this." in found
    assert "(package 0.0.9 → " in found


def test_commands_of_the_page() -> None:
    """Every command of the page on coding together is one that exists, with its options."""
    page = (Path(__file__).parent.parent / "docs" / "coding-together.md").read_text("utf-8")
    commands = re.findall(r"^\$ policybook (.+?)(?: >> .+)?$", page, re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        assert _parser().parse_args(shlex.split(command)).command
