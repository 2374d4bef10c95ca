"""Make briefings: a notebook is run in one child, its charts are drawn, its page is made in another.

This process reads, decides and keeps the ledger; everything costly happens in its children.
The surprising rule: nothing here depends on the order in which cases end, so the same plan
leaves the same files, however often it was stopped in between.
"""

from __future__ import annotations

import errno
import functools
import os
import shutil
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybook.batch import forks, warm
from policybook.batch.plan import Case
from policybook.briefing.options import Options
from policybook.problems import ParameterError, PolicybookError, Problem, printable
from policybook.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policybook.batch.execute import Executed
    from policybook.reads import Key

PLAIN = Options()
"""The pages of a batch, unless something else is asked for."""

ATTEMPTS = 3
"""How often a case is tried whose page was lost to no fault of its own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a batch is run. Times are in seconds, memory in bytes beyond what a child begins with."""

    workers: int = 0
    engine: str = "fork"
    case_seconds: float = 300.0
    run_seconds: float = float("inf")
    case_memory: float = 2e9
    options: Options = PLAIN
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: the page it made, or the reason why there is none.

    `seconds` are of the processor, by stage; `reads` the questions its notebook asked.
    """

    case: Case
    page: Path
    failure: str = ""
    unchanged: bool = False
    outputs: dict[str, str] = field(default_factory=dict)
    reads: tuple[Key, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    memory: int = 0
    attempts: int = 1


class Stopped(Exception):  # noqa: N818  (no error: somebody wished it)
    """A batch was stopped before its end; everything delivered is kept."""


def run(case: Case, *, suite: Suite, out: Path, settings: Settings = Settings()) -> Outcome:
    """Make one briefing: `NAME.ipynb` and `NAME.html` in `out`; a batch of one."""
    found: list[Outcome] = []
    with interrupts() as heard:
        try:
            make([case], suite=suite, out=out, settings=settings, done=found.append, heard=heard)
        except Stopped:
            raise KeyboardInterrupt from None
    return found[0]


def make(  # noqa: PLR0913  (all but the cases by keyword)
    cases: Sequence[Case], *, suite: Suite, out: Path, settings: Settings,
    done: Callable[[Outcome], object], heard: Sequence[int] = (),
) -> None:  # fmt: skip
    """Make briefings side by side; `done` is told of each as it ends.

    `heard` are the signals to stop so far, see `interrupts`: one lets running cases end,
    two end them. A notebook that fails is kept with its error in it, and has no page. Raises `ParameterError`
    where `out` would put a result over the notebook itself, `PolicybookError` where nothing can be
    written or printed, and `Stopped` where cases are left after a signal.
    """
    not_over_notebooks(cases, out)
    ready(settings)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="policybook-", ignore_cleanup_errors=True) as scratch:
        work = Work(suite, out, settings, Path(scratch), done)
        work.all(cases, heard)


def ready(settings: Settings) -> None:
    """Prepare this process for what its forks need; `PolicybookError` where nothing prints and something should."""
    if settings.options.pdf:
        from policybook.briefing.printing import find_browser  # noqa: PLC0415  (only who prints)

        find_browser()
    os.environ.update(settings.options.environment())
    warm.up()


def not_over_notebooks(cases: Iterable[Case], out: Path) -> None:
    """Refuse an output folder that holds one of the notebooks."""
    if out.resolve() in {case.notebook.parent.resolve() for case in cases}:
        message, hint = "is the folder of the notebook itself", "Name another folder with --out."
        raise ParameterError([Problem(str(out), None, None, "out", message, (), hint)])


@dataclass
class _Task:
    """A case on its way: its stage, what it has made so far, how often it was tried."""

    case: Case
    scratch: Path
    stage: str = "run"
    made: Executed | None = None
    missing: set[str] = field(default_factory=set)
    drawn: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    memory: int = 0
    attempts: int = 1


class Work:
    """The cases of one call: which wait, which are at work, and what has come of the others."""

    def __init__(
        self, suite: Suite, out: Path, settings: Settings, scratch: Path,
        done: Callable[[Outcome], object],
    ) -> None:  # fmt: skip
        """Begin with nothing to do."""
        self.suite, self.out, self.settings, self.scratch, self.done = suite, out, settings, scratch, done  # fmt: skip
        self.waiting: deque[Case] = deque()
        self.pages: deque[_Task] = deque()
        self.begun: dict[str, _Task] = {}
        self.ends = time.monotonic() + settings.run_seconds
        self.limits = forks.Limits(settings.case_seconds, settings.case_memory)

    def all(self, cases: Sequence[Case], heard: Sequence[int]) -> None:
        """Make all cases."""
        self.waiting.extend(cases)
        if not forks.AVAILABLE:
            self._one_after_the_other()
            return
        workers = self.settings.workers or os.cpu_count() or 1
        # One lane more than workers, for while charts are drawn.
        self.open(lanes=workers + (len(cases) > 1), drawing=min(workers, len(cases)))
        try:
            self._until_done(heard)
        finally:
            self.close()

    def open(self, *, lanes: int, drawing: int) -> None:
        """Get ready to fork: so many stages at a time, so many processes that draw."""
        from policybook.batch.draw import Drawing  # noqa: PLC0415  (needs forks)

        self.lanes, self.children = lanes, forks.Children()
        live = self.settings.options.charts == "interactive"
        self.pictures = Drawing(self.children, drawing, limits=self.limits, live=live)

    def close(self) -> None:
        """End all processes."""
        self.children.stop()
        self.pictures.stop()
        self.children.close()

    def _until_done(self, heard: Sequence[int]) -> None:
        """Go on until nothing is left or all is to stop."""
        left = False
        while self.waiting or self.begun:
            if heard:
                left = left or bool(self.waiting)
                self.waiting.clear()
            if len(heard) > 1:
                raise Stopped
            if time.monotonic() > self.ends:
                self._give_up()
                break
            self.turn()
        if left:
            raise Stopped

    def turn(self) -> None:
        """Start what can be started and take what has ended."""
        while len(self.children) < self.lanes and (self.pages or self.waiting):
            self._start(self.pages.popleft() if self.pages else self._task())
        self.pictures.look_after()
        for child in self.children.wait():
            (self._ran if child.task.stage == "run" else self._paged)(child)

    def _task(self) -> _Task:
        """Begin the next case, with a folder of its own."""
        case = self.waiting.popleft()
        task = self.begun[case.name] = _Task(case, Path(tempfile.mkdtemp(dir=self.scratch)))
        return task

    def _start(self, task: _Task) -> None:
        """Start a stage in a child; a system that cannot fork now is waited for."""
        job = self._job(task)
        for wait in (0.0, 0.1, 1.0, 5.0):
            time.sleep(wait)
            try:
                self.children.start(task, job, self.limits)
            except OSError as error:
                if error.errno not in {errno.EAGAIN, errno.ENOMEM}:
                    raise
            else:
                return
        self._end(task, "no process could be started for it")

    def _job(self, task: _Task) -> Callable[[forks.Send], None]:
        """Return what the child of a stage does."""
        from policybook.batch.deliver import in_child  # noqa: PLC0415  (nbconvert)
        from policybook.batch.execute import execute  # noqa: PLC0415

        if task.stage == "run":
            return functools.partial(
                execute, task.case, self.suite, task.scratch, self.settings.engine
            )
        made, drawn = task.made, task.drawn
        assert made is not None
        return lambda send: send(
            in_child(task.case.name, made, self.out, self.settings.options, drawn)
        )

    def _ran(self, child: forks.Child) -> None:
        """Take an executed notebook and have its charts drawn."""
        from policybook.batch.execute import executed  # noqa: PLC0415

        task: _Task = child.task
        task.seconds["run"], task.memory = child.seconds, child.peak
        shutil.rmtree(task.scratch, ignore_errors=True)
        task.stage, task.made = "page", executed(child.messages, self._fate(child))
        task.missing = set() if task.made.failure else set(task.made.specs)
        for spec in sorted(task.missing):
            self.pictures.ask(spec, functools.partial(self._drew, task))
        self._when_drawn(task)

    def _drew(self, task: _Task, spec: str, picture: str, seconds: float) -> None:
        """Take one picture of a case."""
        task.seconds["svg"] = task.seconds.get("svg", 0.0) + seconds
        if picture:
            task.drawn[spec] = picture
        if spec in task.missing:
            task.missing.discard(spec)
            self._when_drawn(task)

    def _when_drawn(self, task: _Task) -> None:
        """Let the page follow once all pictures are there."""
        if not task.missing and task.stage == "page":
            task.stage = "deliver"
            self.pages.append(task)

    def _fate(self, child: forks.Child) -> str:
        """Return why a child ended before its notebook did, in words; empty where it did not."""
        settings = self.settings
        fates = {
            "time": f"stopped: it ran longer than {settings.case_seconds:g} seconds",
            "memory": f"stopped: it needed more than {settings.case_memory / 1e6:,.0f} MB of memory",
            "stop": "stopped",
        }
        return fates.get(child.stopped, child.ended)

    def _paged(self, child: forks.Child) -> None:
        """Take what was written of a case; try again where its child died of no fault of the case."""
        from policybook.batch.deliver import delivered  # noqa: PLC0415

        task: _Task = child.task
        task.seconds["page"] = child.seconds
        if child.messages and not child.ended:
            try:
                outputs, failure, task.seconds["write"] = delivered(child.messages[0])
                task.seconds["page"] -= task.seconds["write"]
            except OSError as error:
                raise cannot_write(self.out, error) from None
            self._end(task, failure, outputs)
        elif task.attempts < ATTEMPTS and child.killed and not child.stopped:
            task.attempts += 1
            self.pages.append(task)
        else:
            (self.out / f"{task.case.name}.html").unlink(missing_ok=True)
            self._end(task, f"its page could not be made: {self._fate(child)}")

    def _end(self, task: _Task, failure: str, outputs: dict[str, str] | None = None) -> None:
        """Tell what came of a case."""
        page = self.out / f"{task.case.name}.html"
        del self.begun[task.case.name]
        self.done(
            Outcome(
                task.case, page, failure, outputs=outputs or {},
                reads=task.made.reads if task.made else (), seconds=task.seconds,
                memory=task.memory, attempts=task.attempts,
            )
        )  # fmt: skip

    def _give_up(self) -> None:
        """Stop all work, for the time of the whole run is over; what was not made says so."""
        reason = f"not made within the {self.settings.run_seconds:g} seconds of the whole run"
        self.children.stop()
        while self.waiting:
            self._task()
        for task in list(self.begun.values()):
            self._end(task, reason)

    def _one_after_the_other(self) -> None:
        """Make all cases in this process, each notebook in a kernel, where there are no forks."""
        from policybook.batch.execute import execute, executed  # noqa: PLC0415

        folder = Path.cwd()
        while self.waiting:
            task, news = self._task(), list[bytes]()
            try:
                execute(task.case, self.suite, task.scratch, "kernel", news.append)
            finally:
                os.chdir(folder)
            task.made = executed(news, "")
            self._inline(task)

    def _inline(self, task: _Task) -> None:
        """Write what came of a case in this process."""
        from policybook.batch.deliver import deliver  # noqa: PLC0415

        assert task.made is not None
        try:
            told: Any = deliver(task.case.name, task.made, self.out, self.settings.options, {})
        except OSError as error:
            raise cannot_write(self.out, error) from None
        self._end(task, told["failure"], told["outputs"])


def cannot_write(out: Path | str, error: OSError) -> PolicybookError:
    """Return the error of a folder into which nothing can be written, or no more."""
    message = f"cannot be written to: {printable(error.strerror or str(error))}"
    hint = "Everything delivered so far is kept; make room and call again to go on."
    return PolicybookError([Problem(str(out), None, None, "no-room", message, (), hint)])


@contextmanager
def interrupts() -> Iterator[list[int]]:
    """Collect Ctrl-C and SIGTERM from now on instead of being stopped by them."""
    heard: list[int] = []
    try:
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {n: signal.signal(n, lambda number, _: heard.append(number)) for n in numbers}
    except ValueError:  # not the main thread: nobody will ask
        before = {}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
