"""The command line: parse, call, print, exit code; no logic.

Exit codes: 0 fine, 1 the suite or a briefing has problems, 2 the call is wrong, 130 after Ctrl-C.
Costly modules are imported by the verb that needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from policybook.problems import ParameterError, PolicybookError, SuiteError
from policybook.together.verbs import add as verbs_together

FINE, PROBLEMS, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  (argparse names no other)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that is not UTF-8 must not stop a report
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ParameterError as error:
        print(error, file=sys.stderr)
        return WRONG_CALL
    except PolicybookError as error:
        print(error, file=sys.stderr)
        return WRONG_CALL if _nowhere(error) else PROBLEMS
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FINE


def _nowhere(error: PolicybookError) -> bool:
    """Tell whether a command was called outside of any suite."""
    return isinstance(error, SuiteError) and any(p.code == "no-suite" for p in error.problems)


def _parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="policybook",
        description="Compare what authors prescribe, and show the sentence behind every claim.",
    )
    verbs = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in (
        _add_check, _add_params, _add_run, _add_batch, verbs_together, _add_import, _add_export,
    ):  # fmt: skip
        add(verbs)
    return parser


def _add_check(verbs: Verbs) -> None:
    """Add `policybook check`."""
    purpose = "report every problem of the suite"
    verb = _verb(verbs, "check", _check, purpose, "policybook check")
    verb.add_argument("--quiet", action="store_true", help="print only the tally")


def _add_params(verbs: Verbs) -> None:
    """Add `policybook params`."""
    example = "policybook params notebooks/06-one-theme-in-full.ipynb"
    verb = _verb(verbs, "params", _params, "list a notebook's parameters", example)
    verb.add_argument("notebook", type=Path)


def _add_run(verbs: Verbs) -> None:
    """Add `policybook run`."""
    example = "policybook run notebooks/06-one-theme-in-full.ipynb -p theme=sanctions"
    verb = _verb(verbs, "run", _run, "make one briefing", example)
    verb.add_argument("notebook", type=Path)
    verb.add_argument(
        "-p", dest="parameters", metavar="NAME=VALUE", action="append", default=[],
        help="a parameter of the notebook; several of a list with commas between",
    )  # fmt: skip
    _page_options(verb, charts="interactive")
    _limits(verb)
    _out(verb)


def _add_batch(verbs: Verbs) -> None:
    """Add `policybook batch`."""
    verb = _verb(verbs, "batch", _batch, "make all briefings of a plan", "policybook batch")
    verb.add_argument(
        "plan",
        type=Path,
        nargs="?",
        help="default: notebooks/batch.toml; where there is none, a plan for any suite",
    )
    verb.add_argument(
        "--workers", type=_number(1, whole=True), metavar="N", help="at a time; default: one a core"
    )
    verb.add_argument(
        "--cluster",
        metavar="ADDRESS",
        default="",
        help="make them on a Dask cluster: tcp://HOST:PORT",
    )
    verb.add_argument("--dry-run", action="store_true", help="print the cases and make none")
    verb.add_argument("--force", action="store_true", help="make also what has not changed")
    verb.add_argument(
        "--skip-invalid", action="store_true", help="leave out cases of the plan that are wrong"
    )
    verb.add_argument("--json", action="store_true", help="progress as lines of JSON")
    _limits(verb)
    verb.add_argument("--run-seconds", type=_number(0), metavar="S", default=float("inf"),
                      help="time for all cases together; default: no limit")  # fmt: skip
    _page_options(verb, charts="static")
    verb.add_argument("--out", type=_place, metavar="DIR", help="a folder, or a URL such as "
                      "s3://bucket/folder; default: briefings/ of the suite")  # fmt: skip


def _add_import(verbs: Verbs) -> None:
    """Add `policybook import`."""
    purpose = "make a new suite from the file of another tool"
    example = "example: policybook import dna discourse.dna --out my-suite"
    verb = verbs.add_parser("import", help=purpose, description=purpose, epilog=example)
    verb.set_defaults(command=_import)  # it has no suite yet
    verb.add_argument("format", help="dna, qdpx, qdc or annotations")
    verb.add_argument("file", type=Path)
    verb.add_argument("--out", type=Path, metavar="DIR", required=True, help="a new folder")
    verb.add_argument(
        "--map", dest="mapping", metavar="COLUMN=NAME", action="append", default=[],
        help="the variable, or the code above others, that fills a column",
    )  # fmt: skip
    verb.add_argument("--type", metavar="NAME", default="", help="the type of statement (dna)")
    verb.add_argument("--codebook", type=Path, metavar="FILE", help="the codebook it was coded by")
    verb.add_argument("--coded-on", metavar="DAY", default="", help="the day of the coding")


def _add_export(verbs: Verbs) -> None:
    """Add `policybook export`."""
    purpose = "write the suite for another tool"
    verb = _verb(verbs, "export", _export, purpose, "policybook export qdpx")
    known = "dna, qdpx, qdc, annotations, graphml, gexf, datapackage, xlsx, parquet, jsonl, csl, "
    verb.add_argument("format", help=f"{known}bibtex, ris or cff")
    verb.add_argument("--out", type=Path, metavar="PATH", help="default: in exports/ of the suite")
    whose = "whose recommendations count: author, reported or both (graphml, gexf); default: both"
    verb.add_argument("--voices", metavar="NAME", default="", help=whose)
    verb.add_argument("--count", metavar="RULE", default="", help="the counting rule, as in "
                      "notebooks (graphml, gexf); default: courses")  # fmt: skip


def _verb(
    verbs: Verbs,
    name: str,
    command: Callable[[argparse.Namespace], int],
    purpose: str,
    example: str,
) -> argparse.ArgumentParser:
    """Return the parser of one command, with its example and the common option."""
    verb = verbs.add_parser(name, help=purpose, description=purpose, epilog=f"example: {example}")
    verb.set_defaults(command=command)
    verb.add_argument("--suite", type=Path, metavar="DIR",
                      help="default: the nearest folder upwards that holds recommendations.csv")  # fmt: skip
    return verb


def _out(verb: argparse.ArgumentParser) -> None:
    """Add the option that says where briefings go."""
    verb.add_argument("--out", type=Path, metavar="DIR", help="default: briefings/ of the suite")


def _place(text: str) -> Path | str:
    """Return a folder, or a URL as it is."""
    return text if "://" in text else Path(text)


def _page_options(verb: argparse.ArgumentParser, *, charts: str) -> None:
    """Add the options that say what a page is like; `charts` is what this verb does by itself."""
    verb.add_argument(
        "--charts", choices=("static", "interactive"), default=charts,
        help=f"pictures, or charts that answer a pointer (1 MB more a page); default: {charts}",
    )  # fmt: skip
    verb.add_argument("--full-text", action="store_true", help="whole articles in the appendix")
    verb.add_argument("--with-code", action="store_true", help="show the notebook's code")
    verb.add_argument("--pdf", action="store_true", help="print each page too; needs a Chromium")


def _limits(verb: argparse.ArgumentParser) -> None:
    """Add the options that say where and within which limits a notebook runs."""
    verb.add_argument(
        "--engine", choices=("fork", "kernel"), default="fork",
        help="a fork of this process, or a Jupyter kernel: slower, with the same outputs",
    )  # fmt: skip
    verb.add_argument("--case-seconds", type=_number(0), metavar="S", default=300.0,
                      help="time for one notebook; default: 300")  # fmt: skip
    verb.add_argument("--case-memory", type=_number(1), metavar="MB", default=2000.0,
                      help="memory for one notebook; default: 2000")  # fmt: skip


def _number(least: float, *, whole: bool = False) -> Callable[[str], float]:
    """Return a reader of numbers that are not below the least."""

    def number(text: str) -> float:
        value = int(text) if whole else float(text)
        if not value >= least:
            raise ValueError(text)
        return value

    return number


def _asked_of_pages(options: argparse.Namespace) -> Any:  # noqa: ANN401  (briefing.Options, late)
    """Return what the page is to be like."""
    from policybook.briefing import Options  # noqa: PLC0415

    return Options(
        charts=options.charts, with_code=options.with_code, full_text=options.full_text,
        pdf=options.pdf,
    )  # fmt: skip


def _check(options: argparse.Namespace) -> int:
    """Print every problem of the suite and a tally."""
    from policybook import material  # noqa: PLC0415  (see above, here and below)
    from policybook.checks import check  # noqa: PLC0415
    from policybook.problems import errors, report  # noqa: PLC0415
    from policybook.root import find_root  # noqa: PLC0415

    content = material.read(options.suite or find_root())
    problems = check(content)
    text = report(problems, rows=len(content.recommendations.cells))
    print(text.rsplit("\n\n", 1)[-1] if options.quiet else text)
    if not options.quiet and (uncoded := content.corpus.uncoded()):
        from policybook.together.facts import next_step  # noqa: PLC0415

        print(f"\n{next_step(uncoded)}")
    return PROBLEMS if errors(problems) else FINE


def _params(options: argparse.Namespace) -> int:
    """Print the parameters of a notebook."""
    from policybook import params, shipped  # noqa: PLC0415
    from policybook.suite import open_suite  # noqa: PLC0415

    parameters = params.declared(shipped.notebook(options.notebook))
    print(params.describe(parameters, suite=open_suite(options.suite)))
    return FINE


def _run(options: argparse.Namespace) -> int:
    """Make one briefing and print where it is."""
    from policybook import params, shipped  # noqa: PLC0415
    from policybook.batch.plan import case  # noqa: PLC0415
    from policybook.suite import open_suite  # noqa: PLC0415

    suite = open_suite(options.suite)
    one = case(shipped.notebook(options.notebook), params.asked(options.parameters), suite=suite)
    from policybook.batch.run import run  # noqa: PLC0415

    out = options.out or suite.root / "briefings"
    outcome = run(one, suite=suite, out=out, settings=_settings(options))
    if outcome.failure:
        print(f"{one.name} failed: {outcome.failure}", file=sys.stderr)
        return PROBLEMS
    print(outcome.page)
    return FINE


def _batch(options: argparse.Namespace) -> int:
    """Make all briefings of a plan and their index; print where it is."""
    from policybook import shipped  # noqa: PLC0415
    from policybook.batch import plan  # noqa: PLC0415
    from policybook.suite import open_suite  # noqa: PLC0415

    suite = open_suite(options.suite)
    found = plan.read(options.plan or shipped.plan(suite.root), suite=suite)
    if found.problems and not options.skip_invalid:
        raise ParameterError(found.problems)
    planned = list(found.cases.values())
    from policybook.batch.report import run_with_progress, tell_skipped  # noqa: PLC0415

    if options.dry_run:
        print("\n".join(one.name for one in planned))
        tell_skipped(found.problems)
        return PROBLEMS if found.problems else FINE

    with _ending_in_peace() as stopped:
        code = run_with_progress(
            planned, suite=suite, out=options.out or suite.root / "briefings", skipped=found.problems,
            settings=_settings(options), force=options.force, as_json=options.json,
        )  # fmt: skip
        stopped.append(code == INTERRUPTED)
    return code


@contextmanager
def _ending_in_peace() -> Iterator[list[bool]]:
    """Keep one more Ctrl-C from hitting a process that was stopped and only has to end.

    Within, a batch hears Ctrl-C itself; it leaves behind what it found, and that is deafness.
    """
    stopped: list[bool] = []
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield stopped
    finally:
        if not any(stopped):
            signal.signal(signal.SIGINT, before)


def _settings(options: argparse.Namespace) -> Any:  # noqa: ANN401  (batch.run.Settings, late)
    """Return how notebooks are to be run."""
    from policybook.batch.run import Settings  # noqa: PLC0415

    return Settings(
        workers=getattr(options, "workers", None) or 0, engine=options.engine,
        case_seconds=options.case_seconds, case_memory=options.case_memory * 1e6,
        run_seconds=getattr(options, "run_seconds", float("inf")),
        cluster=getattr(options, "cluster", ""),
        options=_asked_of_pages(options),
    )  # fmt: skip


def _import(options: argparse.Namespace) -> int:
    """Make a suite from a file; print where it is and what was lost on the way."""
    from policybook import exchange, params  # noqa: PLC0415

    asked = exchange.Options(
        mapping=params.asked(options.mapping),
        kind=options.type,
        codebook=options.codebook,
        coded_on=options.coded_on,
    )
    losses = exchange.import_suite(options.format, options.file, options.out, options=asked)
    print(options.out)
    print(losses.summary(exchange.beside(options.out)))
    return FINE


def _export(options: argparse.Namespace) -> int:
    """Write a suite for another tool; print where it is and what that tool cannot hold."""
    from policybook import exchange  # noqa: PLC0415
    from policybook.root import find_root  # noqa: PLC0415

    root = options.suite or find_root()
    counting = exchange.Counting(voices=options.voices, count=options.count)
    place, losses = exchange.export_suite(options.format, root, options.out, counting=counting)
    print(place)
    print(losses.summary(exchange.beside(place)))
    return FINE


if __name__ == "__main__":
    sys.exit(main())
