"""Live work: what a click on a cell shows, and what is left of it where nothing can be clicked."""

import json
from typing import Any

import pytest

from policybook import exhibits
from policybook.exhibits.explore import HIDDEN, HINT, NONE, behind
from policybook.findings.coverage import states
from policybook.measures.coverage import SPEAKS
from policybook.suite import Suite


def test_every_cell(shipped: Suite) -> None:
    """Every cell shows exactly its own quotations, and its state in words: silent only without any."""
    selection = shipped.select()
    for line in states(selection).to_dict("records"):
        shown = behind(selection, [f"{line['article']} {line['instrument']}"])
        rows = [
            row
            for table in (selection.rows, selection.diagnoses)
            for row in table.to_dict("records")
            if (row["article"], row["instrument"]) == (line["article"], line["instrument"])
        ]
        heading, *quoted = shown.text.splitlines()
        speaks = bool(rows) and line["state"] == "silent"
        assert heading.endswith(f": {SPEAKS if speaks else line['state']}")
        assert quoted == [shipped.passage(row) for row in rows]
        assert str(shown.html).count("<blockquote>") == len(quoted)
        assert (NONE in str(shown.html)) == (not quoted)


def test_nothing_chosen(shipped: Suite) -> None:
    """Without a chosen cell the reader is told what to do."""
    assert behind(shipped.select(), []).text == HINT


def test_two_cells(shipped: Suite) -> None:
    """Two chosen cells stand beneath each other, in order of time."""
    cells = ["wehrey-lacher-2019 sanctions", "mei-2014 sanctions"]
    headings = [t for t in behind(shipped.select(), cells).text.splitlines() if "Sanctions –" in t]
    assert ["Middle East Institute" in h for h in headings] == [True, False]


def test_hidden(shipped: Suite) -> None:
    """A cell whose rows a filter hides says so, and never that there are none."""
    shown = str(behind(shipped.select(voices="reported"), ["mei-2014 sanctions"]).html)
    assert HIDDEN in shown
    assert NONE not in shown


def test_both_forms(shipped: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a briefing it is the plain matrix; in a live notebook a widget beside it."""
    selection = shipped.select()
    monkeypatch.setenv("POLICYBOOK_CHARTS", "spec")
    page = exhibits.explore(selection)._repr_mimebundle_()  # type: ignore[attr-defined]
    assert set(page) == {"text/html", "text/plain"}
    assert page["text/html"] == str(exhibits.matrix(selection).html)
    spec = json.loads(page["text/html"].split('v6+json">')[1].split("</script>")[0])
    assert all(param["name"].startswith("over_") for param in spec["params"])
    monkeypatch.setenv("POLICYBOOK_CHARTS", "live")
    live: dict[str, Any] = exhibits.explore(selection)._repr_mimebundle_()  # type: ignore[attr-defined]
    assert set(live) - set(page) == {"application/vnd.jupyter.widget-view+json"}


def test_nothing_selected(shipped: Suite) -> None:
    """A selection without articles is a sentence here as elsewhere."""
    assert "nothing to draw" in exhibits.explore(shipped.select(from_date="2030")).text
