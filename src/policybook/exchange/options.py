"""What a person can say about an import that the file does not, and about an export that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of an import; everything empty is what the format itself suggests.

    `mapping` names a variable, or a parent code, for a column; `kind` a type of statement;
    `codebook` somebody's own codebook to code against; `coded_on` the day of the coding.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    codebook: Path | None = None
    coded_on: str = ""


@dataclass(frozen=True, slots=True)
class Counting:
    """What an export counts, in the words of the parameters of notebooks; empty for their default.

    `voices` says whose recommendations, `count` by which rule. An export that counts nothing
    refuses both.
    """

    voices: str = ""
    count: str = ""
