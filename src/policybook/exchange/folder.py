"""Write what was made: a whole suite in a new folder, a file or a folder of files, or nothing.

The surprising rule: everything is made beside its place and moved there at the end, so that
nobody ever finds half of it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from policybook import material
from policybook.checks import check
from policybook.exchange.losses import ExchangeError, beside, refusal
from policybook.problems import Problem, errors


def suite(files: Mapping[str, bytes], out: Path) -> list[Problem]:
    """Write a suite that passes every check into a folder that is not there yet; return the warnings.

    Raises `ExchangeError` with the problems, and writes nothing, where it does not pass.
    """
    with _beside(out) as folder:
        write_all(files, folder)
        problems = check(material.read(folder))
        if errors(problems):
            raise ExchangeError(errors(problems), rows=files["recommendations.csv"].count(b"\n"))
        if out.is_dir():
            out.rmdir()
        folder.replace(out)
    return problems


def refuse_taken(out: Path) -> None:
    """Raise `ExchangeError` where a folder is to be made and something is there already."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        message = "is there already"
        hint = "Name a folder that does not exist yet: an import never writes into a suite."
        raise refusal(str(out), "out-taken", message, hint=hint)
    if beside(out).is_dir():
        message = "is a folder, and the losses are written there"
        raise refusal(str(beside(out)), "out-taken", message, hint="Take it away or name another.")


def output(made: bytes | Mapping[str, bytes], out: Path) -> None:
    """Write an export: one file, or a folder of files, in the place of an older one."""
    with _beside(out) as folder:
        if isinstance(made, bytes):
            (folder / "file").write_bytes(made)
            (folder / "file").replace(out)
            return
        write_all(made, folder / "files")
        for name in made:  # file by file: whatever else stands in the folder is somebody's
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "files" / name).replace(out / name)


def write_all(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their path within a folder. Raises `ExchangeError` for one that leads out."""
    for name, data in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise refusal(name, "path-climbs", "leads out of the folder that is written")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Yield an empty folder beside a path and take away whatever is left of it."""
    folder = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name[:40]}-", dir=out.parent))
        folder.chmod(0o755)  # a folder like any other, once it is moved
        yield folder
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise refusal(str(out), "out-unwritable", message) from None
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
