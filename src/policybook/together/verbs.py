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
    for one in (_add_new, _add_find, _add_suggest, _add_add, _add_agree, _add_diff, _add_release,
                _add_kit, _add_recode):  # fmt: skip
        one(verbs)


def _verb(verbs: Verbs, name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    """Return the parser of one verb, with its example and the common option."""
    verb = verbs.add_parser(name, help=purpose, description=purpose, epilog=f"example: {example}")
    verb.add_argument("--suite", type=Path, metavar="DIR",
                      help="default: the nearest folder upwards that holds recommendations.csv")  # fmt: skip
    return verb


def _add_new(verbs: Verbs) -> None:
    """Add `policybook new`."""
    purpose = "an empty suite that checks: tables, a codebook to fill, notebooks and their plan"
    example = 'example: policybook new my-suite --name "Recommendations on the Sahel"'
    verb = verbs.add_parser("new", help=purpose, description=purpose, epilog=example)
    verb.set_defaults(command=_new)  # it has no suite yet
    verb.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    verb.add_argument("--name", default="", help="what its pages call it; default: the folder's")


def _new(options: argparse.Namespace) -> int:
    """Make an empty suite; print where it is and what comes next."""
    from policybook.together import new  # noqa: PLC0415

    new.new(options.folder, name=options.name)
    print(options.folder)
    print(f"\n{new.NEXT}")
    return 0


def _add_find(verbs: Verbs) -> None:
    """Add `policybook find`."""
    purpose = "where words stand: article, paragraph and line, and a row ready to paste"
    verb = _verb(verbs, "find", purpose, "policybook find 'lean on its regional allies'")
    verb.set_defaults(command=_find)
    verb.add_argument("words", nargs="+", metavar="TEXT", help="words as they stand together")
    verb.add_argument("--article", default="", metavar="ID", help="only in this article")
    verb.add_argument("--rows", action="store_true", help="only the rows, to be pasted")


def _find(options: argparse.Namespace) -> int:
    """Print every passage that holds some words."""
    from policybook.suite import open_suite  # noqa: PLC0415
    from policybook.together import find  # noqa: PLC0415

    suite = open_suite(options.suite)
    if options.article and (wrong := suite.problem_with("article", options.article)):
        raise ParameterError([wrong])
    found = find.find(suite, " ".join(options.words), article=options.article)
    print(find.rows(suite, found) if options.rows else find.told(suite, found))
    return 0 if found.passages else 1


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
    purpose = "how far codings of the same articles agree"
    verb = _verb(verbs, "agree", purpose, example)
    verb.set_defaults(command=_agree)
    verb.add_argument("codings", nargs="+", metavar="CODING",
                      help="two tables or more, by their paths within the suite")  # fmt: skip
    verb.add_argument(
        "--articles", metavar="ID,…", default="",
        help="compare these, also where a coder wrote no row; default: those where all did",
    )  # fmt: skip
    verb.add_argument(
        "--show", action="store_true", help="every disagreement in its words, what it turns first"
    )
    verb.add_argument("--rulings", action="store_true",
                      help="only lines to be pasted into codings/adjudication.csv and completed")  # fmt: skip


def _agree(options: argparse.Namespace) -> int:
    """Print the agreement of codings as a table."""
    from policybook.suite import open_suite  # noqa: PLC0415

    suite = open_suite(options.suite)
    articles = [name.strip() for name in options.articles.split(",") if name.strip()]
    wrong = [*_no_codings(suite, options.codings), *_no_articles(suite, articles)]
    if wrong:
        raise ParameterError(wrong)
    from policybook.measures import reliability  # noqa: PLC0415

    found = reliability.compare(suite, *options.codings, articles=articles)
    if not options.rulings:
        print(reliability.as_markdown(found))
    if options.show or options.rulings:
        from policybook.together import disagreements, toruling  # noqa: PLC0415

        listed = disagreements.disagreements(suite, found)
        if options.show:
            print(f"\n{disagreements.told(suite, listed)}")
        if options.rulings and (lines := toruling.lines(suite, listed)):
            print(lines)
    return 0


def _no_codings(suite: Suite, names: list[str]) -> list[Problem]:
    """Return the problems of names that are no tables with quotations, or are too few."""
    known = (("allowed", ", ".join(suite.material.found)),)
    hint = "Name a table of the suite by its path."
    if len(set(names)) < 2:  # noqa: PLR2004  (who agrees with himself says nothing)
        message = "agreement is between two codings at least"
        return [Problem("agree", None, None, "codings", message, known, hint)]
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
    from policybook.root import find_root  # noqa: PLC0415
    from policybook.together import changes, told  # noqa: PLC0415

    root = options.suite or find_root()
    print(told.told(changes.between(options.old, options.new, root=root)))
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
    verb.add_argument("--keep", metavar="ID", default="",
                      help="keep the table's rows on these articles as this coder's own coding")  # fmt: skip


def _kit(options: argparse.Namespace) -> int:
    """Make a kit, read one back, or keep the first coding; print where it is."""
    names = ("articles", "out", "keep", "read", "coder")
    asked = {name for name in names if getattr(options, name)}
    if asked not in ({"articles", "out"}, {"articles", "keep"}, {"read", "coder"}):
        hint = "Name articles and --out to make a kit, articles and --keep to keep your own coding, --read and --coder to read a kit back."
        raise ParameterError([Problem("kit", None, None, "call", "is called by halves", (), hint)])
    if "articles" in asked:
        from policybook.suite import open_suite  # noqa: PLC0415
        from policybook.together import kept, kit  # noqa: PLC0415

        suite = open_suite(options.suite)
        if options.out:
            print(kit.make(suite, options.articles, options.out))
        else:
            print(kept.keep(suite, options.articles, coder=options.keep))
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
