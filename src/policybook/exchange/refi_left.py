"""Name what a REFI-QDA document holds and a suite has no place for.

The surprising rule: when a suite's own codings were made is not named, for its tables say it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from policybook.exchange.refi_file import child, local, target
from policybook.problems import count

UNREAD = ("PictureSource", "AudioSource", "VideoSource", "Link", "Graph", "Set",
          "PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection",
          "TranscriptSelection")  # fmt: skip
"""Parts of a project that hold no words of a text."""

Left = tuple[str, str]
"""What is left, and the name of the thing it is about; empty for the whole file."""


def left(root: Element, codes: dict[str, str], *, own: bool) -> Iterator[Left]:
    """Yield what is not read; `codes` are the codes' names by GUID, `own` tells of a suite's export."""
    yield from _kinds(root, own=own)
    for element in root:
        if local(element) == "Description" and (element.text or "").strip():
            yield f"the description of the project, “{(element.text or '')[:60]}”", ""
    for element in root.iter():
        name = element.get("name") or element.get("guid") or ""
        if local(element) in {"TextSource", "PDFSource", "Case"}:
            refs = [ref for one in element if local(one) == "Coding" for ref in one]
            refs += [ref for ref in element if local(ref) == "CodeRef"]
            for ref in refs:
                if local(ref) == "CodeRef":
                    what = codes.get(target(ref), "an unknown code")
                    yield f"it is coded as a whole, “{what}”: a row has words", name
        if local(element) in {"Case", "User", "Variable"} and child(element, "Description"):
            yield f"what is said of it, “{child(element, 'Description')[:60]}”", name


def _kinds(root: Element, *, own: bool) -> Iterator[Left]:
    """Yield what is counted by its kind and not named one by one."""
    numbers = Counter(local(one) for one in root.iter())
    for name in UNREAD:
        if numbers[name]:
            yield f"{numbers[name]:,} of <{name}>: only passages of texts are read", ""
    coloured = sum(1 for one in root.iter() if local(one) == "Code" and one.get("color"))
    if coloured:
        yield f"{count(coloured, 'colour')} of codes", ""
    rich = sum(1 for one in root.iter() if one.get("richTextPath"))
    if rich:
        yield f"the formatting of {count(rich, 'text')}", ""
    made = sum(1 for one in root.iter() if local(one) == "Coding" and one.get("creationDateTime"))
    if made and not own:
        yield f"the moments of {count(made, 'coding')}: the last day of all is kept", ""
