"""When: what can be said about order and change where dates are intervals.

Every article has an interval, `earliest` to `latest`, in which it was published.
What follows from the intervals is said; what does not reads `overlaps`, `unclear` or `perhaps`.
The surprising rule: two articles of the same day are in no order.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from policybook import dates
from policybook.codebook import Codebook
from policybook.measures.counting import stated, units
from policybook.measures.means import gather
from policybook.tables import SEPARATOR, split

KINDS = {
    "persists": "several articles take a position on it, among them the last that prescribes",
    "appears": "an earlier article prescribes, but not on it; the last that prescribes takes it up",
    "vanishes": "at least two later articles that prescribe leave it out of their demands",
    "some later silent": "a later article that prescribes leaves it out of its demands; whether more do, the dates do not say",
    "one later silent": "the one later article that prescribes leaves it out of its demands",
    "appears once": "no other of these articles prescribes anything on it",
    "unclear": "the dates do not say which article is the later one",
    "never": "no author prescribes anything on it",
    "filtered out": "what some article says is filtered out, so nothing is said about its course",
}
"""The course of an instrument over time, the first that applies from below; with its words."""

FACETS = ["stance", "strength", "condition_type", "condition", "addressee", "target",
          "legal_basis", "means"]  # fmt: skip
"""What may shift in a recommendation of one instrument."""

_SAID = ("supports", "opposes", "both")


def relate(first: pd.DataFrame, second: pd.DataFrame) -> np.ndarray:
    """Return for each pair of intervals, line by line, whether the first is before the second.

    before = latest < other earliest; after = earliest > other latest; else overlaps.
    Both need earliest and latest and have equally many lines, or the second has one for all.

    >>> days = pd.DataFrame({"earliest": [1, 1, 5], "latest": [2, 3, 5]})
    >>> relate(days, pd.DataFrame({"earliest": [3, 3, 4], "latest": [3, 3, 4]})).tolist()
    ['before', 'overlaps', 'after']
    """
    earlier = first["latest"].to_numpy() < second["earliest"].to_numpy()
    later = first["earliest"].to_numpy() > second["latest"].to_numpy()
    return np.select([earlier, later], ["before", "after"], default="overlaps")


def relations(articles: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return article, other and relation for each pair of the two tables, itself left out.

    articles × others lines: name a few others where there are many articles.
    """
    mine = articles.take(np.repeat(np.arange(len(articles)), len(others)))
    theirs = others.take(np.tile(np.arange(len(others)), len(articles)))
    pairs = {"article": mine["id"].to_numpy(), "other": theirs["id"].to_numpy()}
    table = pd.DataFrame(pairs | {"relation": relate(mine, theirs)}, dtype="str")
    return table[table["article"] != table["other"]].reset_index(drop=True)


def order(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the last place each article can have in the order of publication.

    first = 1 + the articles certainly before; last = all − the articles certainly after.
    Equal only where the place is certain. Columns: article, earliest, latest, first, last.

    >>> order(pd.DataFrame({"id": ["a", "b", "c"], "earliest": [1, 2, 9], "latest": [3, 4, 9]})
    ...       )[["first", "last"]].values.tolist()
    [[1, 2], [1, 2], [3, 3]]
    """
    table = articles[["id", "earliest", "latest"]].rename(columns={"id": "article"})
    starts, ends = np.sort(articles["earliest"]), np.sort(articles["latest"])
    table["first"] = 1 + np.searchsorted(ends, articles["earliest"], side="left")
    table["last"] = np.searchsorted(starts, articles["latest"], side="right")
    return table.reset_index(drop=True)


def years(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the last year in which each article can have been published."""
    first, last = (articles[day].dt.year.astype("int64") for day in ("earliest", "latest"))
    return pd.DataFrame({"article": articles["id"], "first": first, "last": last})


def outer(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the articles with their intervals at the outside, where the table gives any.

    These are outer_earliest and outer_latest, ISO dates or empty; a table may do without.
    """
    none = pd.Series("", index=articles.index)
    widest = {
        name: pd.to_datetime(
            articles.get(f"outer_{name}", none), format="%Y-%m-%d", errors="coerce"
        )
        for name in ("earliest", "latest")
    }
    return articles.assign(
        **{n: day.astype(articles[n].dtype).fillna(articles[n]) for n, day in widest.items()}
    )


def event_dates(book: Codebook) -> pd.DataFrame:
    """Return the dated events of a codebook: event, label, date, when, earliest, latest, articles.

    A year or a month is the interval of its days, `when` its words, `articles` who names it.
    An event without a date that can be read is left out.
    """
    known = [(e, str(e.extra.get("date", ""))) for e in book.values("event").values()]
    lines = [
        (e.id, e.label, date, dates.partial(date), *days, SEPARATOR.join(e.words("articles")))
        for e, date in known
        if (days := dates.bounds(date))
    ]
    names = ["event", "label", "date", "when", "earliest", "latest", "articles"]
    table = pd.DataFrame(lines, columns=names)
    return table.astype({"earliest": "datetime64[s]", "latest": "datetime64[s]"})


def around(articles: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return article, event, written (before, after, unclear) and named, for each pair.

    `written` before: the article's latest day is before the event's first; after: its earliest
    is after the event's last; else unclear. `named` tells whether the article names the event.
    Linear in articles × events.
    """
    mine = articles[["id", "earliest", "latest"]]
    mine = mine.take(np.repeat(np.arange(len(articles)), len(events)))
    theirs = events.take(np.tile(np.arange(len(events)), len(articles)))
    written = relate(mine, theirs)
    words = np.where(written == "overlaps", "unclear", written)
    pair = {"article": mine["id"].to_numpy(), "event": theirs["event"].to_numpy()}
    table = pd.DataFrame(pair | {"written": words}, dtype="str")
    named = [articles["id"].isin(split(cell)).to_numpy() for cell in events["articles"]]
    flags = np.array(named, dtype=bool).reshape(len(events), len(articles))
    return table.assign(named=flags.T.ravel())


def appearances(articles: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return for each instrument its first and last appearance and its course over time.

    `cells` is what `coverage` returns: only articles that prescribe and were coded for the
    instrument can be silent. Columns: instrument; kind (see `KINDS`); articles that say it;
    first, last (ids "a; b" of every article that can be the first or the last) with their
    intervals (first_earliest = the smallest earliest, first_latest = the smallest latest, and
    so for the last with the greatest); across_years (first and last certainly in different
    years); earlier, later (silent articles certainly before the first, after the last);
    perhaps_later (silent ones that may be); silent, not_coded, hidden (articles).
    """
    names = pd.Index(cells["instrument"].astype("str").unique(), name="instrument")
    table = _dated(articles, cells, names)
    said = table[table["state"].isin(_SAID)]
    out = _bounds(said).reindex(names)
    out["articles"] = _size(said, names)
    said = _beside(said, out)
    out["first"] = _joined(said[said["earliest"] <= said["first_latest"]], names)
    out["last"] = _joined(said[said["latest"] >= said["last_earliest"]], names)
    for state in ("silent", "not coded", "filtered out"):
        out[_COLUMNS[state]] = _size(table[table["state"] == state], names)
    silent = _beside(table[table["state"] == "silent"], out)
    out = out.join(_silences(silent, names))
    out["across_years"] = out["first_latest"].dt.year < out["last_earliest"].dt.year
    return out.assign(kind=_kinds(out)).reset_index()[_APPEARANCE]


_COLUMNS = {"silent": "silent", "not coded": "not_coded", "filtered out": "hidden"}
_APPEARANCE = ["instrument", "kind", "articles", "first", "first_earliest", "first_latest", "last",
               "last_earliest", "last_latest", "across_years", "earlier", "later", "perhaps_later",
               "silent", "not_coded", "hidden"]  # fmt: skip


def _dated(articles: pd.DataFrame, cells: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Return the cells of these articles with their days; instruments are categories."""
    ids = pd.Index(articles["id"])
    which, known = pd.factorize(cells["article"])
    place = ids.get_indexer(pd.Index(known, dtype=ids.dtype))[which]
    kept = place >= 0
    table: pd.DataFrame = cells.loc[kept, ["article", "instrument", "state"]]
    days = {day: articles[day].to_numpy()[place[kept]] for day in ("earliest", "latest")}
    kinds = pd.Categorical(table["instrument"], categories=names)
    return table.assign(instrument=kinds, **days)


def _beside(table: pd.DataFrame, out: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with the bounds of their instruments, which are in the order of `out`."""
    code = table["instrument"].cat.codes.to_numpy()
    ends = ("first_earliest", "first_latest", "last_earliest", "last_latest")
    return table.assign(**{end: out[end].to_numpy()[code] for end in ends})


def _bounds(said: pd.DataFrame) -> pd.DataFrame:
    """Return the intervals in which the first and the last article of each instrument appeared."""
    return said.groupby("instrument", observed=True).agg(
        first_earliest=("earliest", "min"), first_latest=("latest", "min"),
        last_earliest=("earliest", "max"), last_latest=("latest", "max"))  # fmt: skip


def _silences(silent: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Return how many silent articles lie before the first, after the last, or may lie after it."""
    after = silent["earliest"] > silent["last_latest"]
    perhaps = ~after & (silent["latest"] >= silent["last_earliest"])
    before = silent["latest"] < silent["first_earliest"]
    kinds = {"earlier": before, "later": after, "perhaps_later": perhaps}
    return pd.DataFrame({name: _size(silent[which], names) for name, which in kinds.items()})


def _size(table: pd.DataFrame, names: pd.Index) -> pd.Series:
    """Return the number of lines of each instrument."""
    counts = np.bincount(table["instrument"].cat.codes, minlength=len(names))
    return pd.Series(counts, index=names, dtype="int64")


def _joined(table: pd.DataFrame, names: pd.Index) -> pd.Series:
    """Return the articles of each instrument as a list cell."""
    groups = table["article"].astype(object).groupby(table["instrument"], observed=True)
    ids: pd.Series = groups.agg(SEPARATOR.join).reindex(names, fill_value="")
    return ids.astype("str")


def _kinds(out: pd.DataFrame) -> pd.Categorical:
    """Return the kind of each instrument's course; the first that applies wins."""
    rules = {
        "filtered out": out["hidden"] > 0,
        "never": out["articles"] == 0,
        "appears once": out["articles"] == 1,
        "vanishes": out["later"] > 1,
        "some later silent": (out["later"] == 1) & (out["perhaps_later"] > 0),
        "unclear": out["perhaps_later"] > 0,
        "one later silent": out["later"] == 1,
        "appears": out["earlier"] > 0,
        "persists": out["first_latest"] < out["last_earliest"],
    }
    names = np.select([r.to_numpy(bool) for r in rules.values()], list(rules), default="unclear")
    return pd.Categorical(names, categories=list(KINDS), ordered=True)


def windows(
    rows: pd.DataFrame, spans: pd.DataFrame, *, by: list[str], size: int | None = None,
    rule: str = "courses",
) -> pd.DataFrame:  # fmt: skip
    """Return the tally of every group in every window of years or of articles.

    `spans` is `years(articles)` or `order(articles)`: article, first, last. A window holds
    `size` consecutive years or places; without `size`, everything from the first one on
    (cumulative). Columns: first, last (of the window), *by, count (units in articles that
    certainly lie in it), perhaps (further units in articles that may), articles,
    articles_perhaps. True tallies lie between count and count + perhaps, but for `periods`,
    of which a row has only the first possible: see `spread`.
    Rows of articles without a span count nowhere. Lines: windows × groups; time linear in both.
    `attrs["count"]` is the rule.
    ValueError for a size below 1.
    """
    if size is not None and size < 1:
        message = f"a window holds at least 1, not {size}"
        raise ValueError(message)
    span = (
        (int(spans["first"].min()), int(spans["last"].max()), size) if len(spans) else (0, -1, size)
    )
    keyed = rows[by].assign(unit=units(rows, rule=rule), article=rows["article"].astype(object))
    keyed = keyed.merge(spans[["article", "first", "last"]], on="article", suffixes=("_by", ""))
    keyed["_group"] = keyed.groupby(by, observed=True).ngroup()
    groups = keyed.drop_duplicates("_group").sort_values("_group")[by]
    points = spans.assign(unit=spans["article"], _group=0)
    counts, both = _both(keyed, len(groups), span), _both(points, 1, span)
    return stated(_grid(groups, span, counts, both), rule)


Span = tuple[int, int, int | None]
"""The first and the last year or place, and the size of a window."""


def _grid(
    groups: pd.DataFrame, span: Span, counts: tuple[np.ndarray, np.ndarray],
    points: tuple[np.ndarray, np.ndarray],
) -> pd.DataFrame:  # fmt: skip
    """Return one line for each group and window, with what was counted."""
    base, end, size = span
    steps, times = np.arange((size or 1) - 1, end - base + 1), len(groups)
    out = groups.take(np.repeat(np.arange(times), len(steps))).reset_index(drop=True)
    first = steps - size + 1 if size else np.zeros_like(steps)
    out.insert(0, "first", np.tile(base + first, times))
    out.insert(1, "last", np.tile(base + steps, times))
    out["count"], out["perhaps"] = (tally[:, steps].ravel() for tally in counts)
    out["articles"], out["articles_perhaps"] = (np.tile(t[0, steps], times) for t in points)
    return out


def _both(rows: pd.DataFrame, groups: int, span: Span) -> tuple[np.ndarray, np.ndarray]:
    """Return units that certainly lie, and that else may lie, in the window ending at each place."""
    base, end, size = span
    length = max(end - base + 1, 0)
    first, last = rows["first"].to_numpy() - base, rows["last"].to_numpy() - base
    reach = (size or max(length, 1)) - 1
    certain = _spread(rows, last, first + reach, (groups, length))
    return certain, _spread(rows, first, last + reach, (groups, length)) - certain


def _spread(
    rows: pd.DataFrame, low: np.ndarray, high: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """Return how many units of each group cover each place, a row covering low to high.

    The stretches of one unit are merged first, so that it counts once in a place.
    """
    groups, length = shape
    group = rows["_group"].to_numpy("int64")
    unit, known = pd.factorize(rows["unit"])
    key = group * max(len(known), 1) + unit
    order_ = np.lexsort((low, key))
    key, low, high = key[order_], low[order_], np.minimum(high, length - 1)[order_]
    kept = low <= high
    key, low, high, group = key[kept], low[kept], high[kept], group[order_][kept]
    offset = pd.factorize(key)[0] * (length + 1)
    reached = np.maximum.accumulate(offset + high)
    low = np.maximum(low, np.concatenate([[-1], reached[:-1]])[: len(low)] + 1 - offset)
    new = low <= high
    width = length + 1
    change = np.bincount(group[new] * width + low[new], minlength=groups * width)
    change = change - np.bincount(group[new] * width + high[new] + 1, minlength=groups * width)
    return np.cumsum(change.reshape(groups, width), axis=1)


def shift(rows: pd.DataFrame, instrument: str, *, articles: pd.DataFrame) -> pd.DataFrame:
    """Return how one instrument is prescribed in each article, in order of time.

    One line for each article, speaker, voice and distinct combination of `FACETS`, in order of
    time, then of place. Columns: article, earliest, latest, first, last (places, see `order`),
    speaker, voice, the facets, units (courses), rows (ids). No line is a trend: see `trends.refusal`.
    `attrs["count"]` is the rule, always courses.
    """
    chosen = rows.assign(unit=units(rows), line=np.arange(len(rows)))
    chosen = chosen[chosen["instrument"] == instrument]
    by = ["article", "speaker", "voice", *FACETS]
    place = chosen.groupby(by, observed=True)["line"].min()
    lines = gather(chosen.astype({"article": object}), by).join(place, on=by)
    lines = lines.merge(order(articles).assign(rank=np.arange(len(articles))), on="article")
    lines = lines.sort_values(["rank", "line"], ignore_index=True)
    columns = ["article", "earliest", "latest", "first", "last", "speaker", "voice", *FACETS]
    return stated(lines[[*columns, "units", "rows"]], "courses")
