"""`policybook recode` for the command line: shows what would change, and writes it with --apply.

The surprising rule: showing is what it does by itself. A change of codes touches many rows, and
nobody knows which before they are seen; the same call with one word more writes them.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.migrations import KINDS
from policybook.problems import ParameterError

if TYPE_CHECKING:
    from policybook.material import Material
    from policybook.together.recoding.propose import Proposal

EXAMPLE = "policybook recode rename instrument.elections --into vote"


def add(verb: argparse.ArgumentParser) -> None:
    """Add what `policybook recode` takes."""
    verb.set_defaults(command=run)
    verb.add_argument("kind", nargs="?", choices=KINDS, help="what is done to codes")
    verb.add_argument(
        "codes", nargs="*", metavar="VOCABULARY.CODE", help="such as instrument.sanctions"
    )
    verb.add_argument("--into", default="", metavar="CODE,…", help="what they become")
    verb.add_argument("--note", default="", metavar="WHY", help="goes into the changelog")
    verb.add_argument("--date", default="", metavar="DAY", help="of the change; default: today")
    verb.add_argument(
        "--out", type=Path, metavar="DIR", help="write what has to be decided into a new folder"
    )
    verb.add_argument("--read", type=Path, metavar="DIR", help="take what was decided")
    verb.add_argument("--undo", action="store_true", help="take the last change of codes back")
    verb.add_argument("--finish", action="store_true", help="go on with one that was interrupted")
    verb.add_argument("--apply", action="store_true", help="write it; without, it is only shown")


def run(options: argparse.Namespace) -> int:
    """Show what a change of codes comes to, and write it where that is asked for."""
    from policybook import pending  # noqa: PLC0415
    from policybook.root import find_root  # noqa: PLC0415  (late, as in `verbs`)
    from policybook.together.recoding import propose, undo  # noqa: PLC0415
    from policybook.together.recoding.call import problem  # noqa: PLC0415

    root = options.suite or find_root()
    apart = (options.codes, options.into, options.out, options.read)
    asked = [bool(options.kind), options.undo, options.finish]
    if sum(asked) != 1 or (any(apart) and not options.kind):
        hint = f"For instance: {EXAMPLE}\nTo take the last one back: policybook recode --undo"
        raise ParameterError([problem("call", "is called by halves", hint)])
    if options.finish:
        done = pending.finish(root)
        print("\n".join(["In place now:", *done] if done else ["The suite is as it was before."]))
        return 0
    before = propose.suite(root)
    if options.undo:
        return _shown(undo.take_back(root, before), options)
    return _forward(root, before, options)


def _forward(root: Path, before: Material, options: argparse.Namespace) -> int:
    """Show, write or have decided a change of codes."""
    from policybook.together.recoding import propose, sheet, told  # noqa: PLC0415
    from policybook.together.recoding.call import call, problem  # noqa: PLC0415

    into = [code.strip() for code in options.into.split(",") if code.strip()]
    date = options.date or dt.datetime.now(tz=dt.UTC).date().isoformat()
    asked = call(before.book, options.kind, options.codes, into, date=date, note=options.note)
    done = propose.propose(root, before, asked, options.read)
    if options.out:
        made = sheet.write(options.out, before.book, asked, done.undecided)
        print("\n".join(map(str, made)))
        return 0
    if done.open:
        if options.apply:
            hint = "Write it with --out DIR, fill it in, and name the folder with --read DIR."
            raise ParameterError([problem("apply", "is not decided yet", hint)])
        print(told.undecided(done, asked))
        return 0
    return _shown(done, options)


def _shown(done: Proposal, options: argparse.Namespace) -> int:
    """Print what changes; write it where that is asked for."""
    from policybook.together.recoding import told  # noqa: PLC0415

    text = told.told(done)
    if options.apply:
        done.write()
    end = (
        "Written." if options.apply else "Nothing is written. The same call with --apply writes it."
    )
    more = " policybook recode --undo takes it back." if options.apply and not options.undo else ""
    print(f"{text}\n\n{end}{more}")
    return 0
