"""Keep the first coding of articles as a coding of its own, before anybody rules on it.

The surprising rule: rulings change the table, and with it what a second coder seems to have agreed
with; what is compared has to be what was coded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policybook import cells, editing
from policybook.material import RECOMMENDATIONS
from policybook.problems import ParameterError, Problem
from policybook.suite import Suite
from policybook.tables import DRAFT
from policybook.together import returned


def keep(suite: Suite, articles: Sequence[str], *, coder: str) -> Path:
    """Write the rows of the table on some articles, without drafts, as codings/CODER.csv.

    Raises `ParameterError` for an article that is none or has no row, for a coder whose name is
    no file name, and where the table is there.
    """
    wrong = [p for name in articles if (p := suite.problem_with("articles", name))]
    if wrong:
        raise ParameterError(wrong)
    target = returned.new_table(suite.root, coder)
    opened = editing.open_file(suite.root / RECOMMENDATIONS)
    form, table = editing.form_of(opened), cells.parse(opened.data, name=RECOMMENDATIONS)
    places = zip(table.column("article"), table.column("status"), strict=True)
    rows = [
        {name: column[row] for name, column in table.columns.items()}
        for row, (article, status) in enumerate(places)
        if article.strip() in articles and status.strip() != DRAFT
    ]
    if not rows:
        hint = "Code it first: a draft is no coding."
        raise ParameterError([Problem("kit", None, None, "keep", "has no row yet", (), hint)])
    header = form.line(dict(zip(form.header, form.header, strict=True)))
    returned.write(target, header + b"".join(map(form.line, rows)))
    return target
