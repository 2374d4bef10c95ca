"""Write files so that no reader ever meets half of one, and name them so that none leaves its folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(path: Path, text: str) -> None:
    """Write a file beside itself, sync it, and put it in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def case_name(notebook: str, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """Return the name of a case: the notebook's, then what differs from its defaults, then a hash.

    Only letters, digits and hyphens of the values are kept, so that no value can climb out.

    >>> case_name("06-one-theme", {"theme": "../x"}, {"theme": "sanctions"})
    '06-one-theme--x-bbe34e'
    """
    changed = {name: value for name, value in values.items() if value != defaults.get(name)}
    if not changed:
        return notebook
    words = " ".join(_word(value) for value in changed.values())
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-")
    text = json.dumps(changed, sort_keys=True, ensure_ascii=True)
    short = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{notebook}--{slug}-{short}" if slug else f"{notebook}--{short}"


def _word(value: Any) -> str:  # noqa: ANN401  (any parameter's value)
    """Return a value as words of a name."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
