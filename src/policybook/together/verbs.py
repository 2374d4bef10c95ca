"""The verbs of coding together, for the command line: add, agree, diff, release, kit, recode.

Each function calls one module and returns what is to be printed. The surprising rule: nothing
costly is imported before a verb is called, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from policybook.problems import ParameterError, Problem
from policybook.together.recoding import verb as recode_verb

if TYPE_CHECKING:
    from policybook.suite import Suite

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  (argparse names no other)


def add(verbs: Verbs) -> None:
    """Add all verbs of this module."""
    for one in (_add_suggest, _add_add, _add_agree, _add_diff, _add_release, _add_kit, _add_recode):
        one(verbs)


def _verb(verbs: Verbs, name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    """Return the parser of one verb, with its example and the common option."""
    verb = verbs.add_parser(name, help=purpose, description=purpose, epilog=f"example: {example}")
    verb.add_argument("--suite", type=Path, metavar="DIR",
                      help="default: the nearest folder upwards that holds recommendations.csv")  # fmt: skip
    return verb


def _add_suggest(verbs: Verbs) -> None:
    """Add `policybook suggest`."""
    purpose = "sentences of an article that look like recommendations, and which are coded"
    verb = _verb(verbs, "suggest", purpose, "policybook suggest mei-2014")
    verb.set_defaults(command=_suggest)
    verb.add_argument("article", metavar="ARTICLE", help="an article of the suite")
    verb.add_argument("--all", action="store_true", help="those that rows quote already as well")
    verb.add_argument("--rows", action="store_true", help="as draft rows, to be pasted")


def _suggest(options: argparse.Namespace) -> int:
    """Print the candidates of an article."""
    from policybook.suite import open_suite  # noqa: PLC0415
    from policybook.together import suggest  # noqa: PLC0415

    suite = open_suite(options.suite)
    if wrong := suite.problem_with("article", options.article):
        raise ParameterError([wrong])
    if options.rows:
        print(suggest.rows(suite, options.article))
    else:
        print(suggest.listed(suite, options.article, also_coded=options.all))
    return 0


def _add_agree(verbs: Verbs) -> None:
    """Add `policybook agree`."""
    example = "policybook agree codings/reader-a.csv codings/reader-b.csv"
    purpose = "how far two codings of the same articles agree"
    verb = _verb(verbs, "agree", purpose, example)
    verb.set_defaults(command=_agree)
    verb.add_argument("first", help="a table of codings/, by its path within the suite")
    verb.add_argument("second", help="another one")
    verb.add_argument(
        "--articles", metavar="ID,…", default="",
        help="compare these, also where one coder wrote no row; default: those where both did",
    )  # fmt: skip
    verb.add_argument(
        "--show", action="store_true", help="every disagreement in its words, what it turns first"
    )


def _agree(options: argparse.Namespace) -> int:
    """Print the agreement of two codings as a table."""
    from policybook.suite import open_suite  # noqa: PLC0415

    suite = open_suite(options.suite)
    articles = [name.strip() for name in options.articles.split(",") if name.strip()]
    wrong = [*_no_codings(suite, (options.first, options.second)), *_no_articles(suite, articles)]
    if wrong:
        raise ParameterError(wrong)
    from policybook.measures import reliability  # noqa: PLC0415

    found = reliability.compare(suite, options.first, options.second, articles=articles)
    print(reliability.as_markdown(found))
    if options.show:
        from policybook.together import disagreements  # noqa: PLC0415

        names = (options.first, options.second)
        listed = disagreements.disagreements(suite, names, found)
        print(f"\n{disagreements.told(suite, names, listed)}")
    return 0


def _no_codings(suite: Suite, names: tuple[str, ...]) -> list[Problem]:
    """Return the problems of names that are no tables with quotations."""
    known = (("allowed", ", ".join(suite.material.found)),)
    hint = "Name a table of the suite by its path."
    return [
        Problem(name, None, None, "coding", "is not a coding", known, hint)
        for name in names
        if name not in suite.material.found
    ]


def _no_articles(suite: Suite, names: list[str]) -> list[Problem]:
    """Return the problems of names that are no articles."""
    found = (suite.problem_with("articles", name) for name in names)
    return [problem for problem in found if problem]


def _add_diff(verbs: Verbs) -> None:
    """Add `policybook diff`."""
    purpose = "what changed between two states of the suite, and why"
    verb = _verb(verbs, "diff", purpose, "policybook diff HEAD~1")
    verb.set_defaults(command=_diff)
    verb.add_argument("old", help="a git revision, a folder with a suite, or a saved release")
    verb.add_argument("new", nargs="?", default="", help="default: the suite as it is now")


def _diff(options: argparse.Namespace) -> int:
    """Print what differs between two states, and what became of the findings."""
    import tempfile  # noqa: PLC0415

    from policybook.root import find_root  # noqa: PLC0415
    from policybook.together import states, told  # noqa: PLC0415

    root = options.suite or find_root()
    with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
        scratch = Path(folder)
        old = states.find(options.old, root=root, scratch=scratch / "old")
        new = states.find(options.new or str(root), root=root, scratch=scratch / "new")
        print(told.told(old, new, scratch=scratch / "between"))
    return 0


def _add_release(verbs: Verbs) -> None:
    """Add `policybook release`."""
    purpose = "freeze the suite as a version that can be cited"
    verb = _verb(verbs, "release", purpose, "policybook release 1.0.0")
    verb.set_defaults(command=_release)
    verb.add_argument("version", help="three numbers, such as 1.0.0")


def _release(options: argparse.Namespace) -> int:
    """Freeze the suite and print where."""
    from policybook.root import find_root  # noqa: PLC0415
    from policybook.together import release  # noqa: PLC0415

    print(release.save(options.suite or find_root(), options.version))
    return 0


def _add_kit(verbs: Verbs) -> None:
    """Add `policybook kit`."""
    purpose = "a folder for a second coder, and the coder's table back"
    example = "policybook kit mei-2014 --out for-anna, later policybook kit --read for-anna/coding.xlsx --coder anna"
    verb = _verb(verbs, "kit", purpose, example)
    verb.set_defaults(command=_kit)
    verb.add_argument("articles", nargs="*", metavar="ARTICLE", help="articles to be coded")
    verb.add_argument("--out", type=Path, metavar="DIR", help="a new folder")
    verb.add_argument("--read", type=Path, metavar="XLSX", help="read a filled table back")
    verb.add_argument("--coder", metavar="ID", default="", help="who filled it; see the codebook")


def _kit(options: argparse.Namespace) -> int:
    """Make a kit, or read one back; print where it is."""
    makes = bool(options.articles and options.out) and not (options.read or options.coder)
    reads = bool(options.read and options.coder) and not (options.articles or options.out)
    if not makes and not reads:
        hint = "Name articles and --out to make a kit, --read and --coder to read one back."
        raise ParameterError([Problem("kit", None, None, "call", "is called by halves", (), hint)])
    if makes:
        from policybook.suite import open_suite  # noqa: PLC0415
        from policybook.together import kit  # noqa: PLC0415

        print(kit.make(open_suite(options.suite), options.articles, options.out))
        return 0
    from policybook.problems import report  # noqa: PLC0415
    from policybook.root import find_root  # noqa: PLC0415
    from policybook.together import returned  # noqa: PLC0415

    found = returned.take(options.suite or find_root(), options.read, coder=options.coder)
    print(report(found.warnings, rows=found.rows))
    print(found.path)
    return 0


_GIVEN = ("id", "title", "authors", "speaker", "outlet", "genre", "language", "url")
"""Facts with an option of their own; `--fact` takes every other column."""


def _add_add(verbs: Verbs) -> None:
    """Add `policybook add`."""
    purpose = "put a new article into the suite: text, HTML, DOCX or PDF"
    example = "policybook add piece.html --id mei-2020 --title 'A title' --date 2020-01-31 --basis page --speaker mei-author --genre op-ed --language en"
    verb = _verb(verbs, "add", purpose, example)
    verb.set_defaults(command=_add)
    verb.add_argument("file", type=Path, help="the article")
    for name in _GIVEN:
        verb.add_argument(
            f"--{name}", default="", help=f"see codebook.toml, [column.articles.{name}]"
        )
    verb.add_argument("--date", default="", metavar="DAY[..DAY]",
                      help="the day of publication, or the earliest and the latest possible")  # fmt: skip
    verb.add_argument("--basis", default="", help="how these facts are known, unless --fact says")
    verb.add_argument("--fact", action="append", default=[], metavar="COLUMN=VALUE",
                      help="any other column of articles.csv, such as date_basis=inferred")  # fmt: skip
    verb.add_argument("--encoding", default="", help="of a text or page that is not UTF-8")


def _add(options: argparse.Namespace) -> int:
    """Store an article; print where, what its text went through, and what comes next."""
    from policybook.root import find_root  # noqa: PLC0415
    from policybook.together import add, extract, facts  # noqa: PLC0415

    root = options.suite or find_root()
    taken = extract.extract(options.file, encoding=options.encoding)
    columns = add.columns(root)
    given = {name: getattr(options, name) for name in _GIVEN}
    asked = facts.given(columns, given, options.fact, date=options.date, basis=options.basis)
    if sys.stdin.isatty():
        with contextlib.suppress(EOFError):  # what is left is named below
            for column in facts.missing(columns, asked):
                asked[column.name] = input(f"{facts.question(column)}: ").strip()
    facts.refuse_missing(columns, asked)
    done = add.add(root, taken, asked)
    print(done.path)
    print("\n".join(f"  {line}" for line in done.told or ["stored byte for byte"]))
    print("".join(f"\n{problem}\n" for problem in done.warnings), end="")
    print(f"\n{facts.next_step([asked['id']])}")
    return 0


def _add_recode(verbs: Verbs) -> None:
    """Add `policybook recode`."""
    purpose = "rename, merge, split or retire a code, everywhere, and back"
    recode_verb.add(_verb(verbs, "recode", purpose, recode_verb.EXAMPLE))
