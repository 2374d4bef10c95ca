"""Coefficients of agreement: Krippendorff's alpha and Gwet's AC1 with intervals, Cohen's kappa.

`units` hold, for each unit, the value of each coder, None where a coder gave none.
The surprising rule: what is not defined is no number but a reason, and never reads as agreement.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Units = Sequence[Sequence[Hashable | None]]

NO_UNITS = "no unit that two coders share"
ONE_CODE = "only one code was used"

LEVEL = 0.95
"""The level of every interval."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its interval, or why there is none; NaN stands where nothing is."""

    value: float = math.nan
    reason: str = ""
    low: float = math.nan
    high: float = math.nan

    def __str__(self) -> str:
        """Return it to three places with its interval, or the reason.

        >>> str(Coefficient(0.808, low=0.69, high=1.0)), str(Coefficient(reason=NO_UNITS))
        ('0.808 [0.690, 1.000]', 'not defined: no unit that two coders share')
        """
        if self.reason:
            return f"not defined: {self.reason}"
        interval = "" if math.isnan(self.low) else f" [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{interval}"


def alpha(units: Units, *, scale: str = "nominal", order: Sequence[Hashable] = ()) -> Coefficient:
    """Return Krippendorff's alpha, 1 - Do / De: observed over expected disagreement.

    `scale` is nominal, ordinal (by `order`), interval or ratio (of numbers). The 95 % interval is
    the jackknife's: each unit is left out once, distances stay as all units give them.
    Sources: Krippendorff, Content Analysis, 2nd ed. 2004, sections 11.3 and 11.4; Tukey, "Bias
    and confidence in not-quite large samples", Annals of Mathematical Statistics 29 (1958).

    >>> round(alpha([("a", "a"), ("a", "a"), ("b", "b"), ("a", "b")]).value, 3)
    0.533
    """
    kept = [unit for unit in map(_given, units) if len(unit) > 1]
    totals = Counter(value for unit in kept for value in unit)
    if not kept:
        return Coefficient(reason=NO_UNITS)
    apart = _distance(scale, totals, order)
    expected = _disagreement(totals, apart)
    if not expected:
        return Coefficient(reason=ONE_CODE)
    each = [_disagreement(Counter(unit), apart) / (len(unit) - 1) for unit in kept]
    observed, values, many = sum(each), totals.total(), len(kept)
    value = 1 - observed * (values - 1) / expected
    left = zip(each, _expected_without(kept, totals, apart, expected), map(len, kept), strict=True)
    others = [1 - (observed - own) * (values - 1 - n) / rest for own, rest, n in left if rest]
    if len(others) < many:  # without one of its units it is not defined: it hangs on that one
        return Coefficient(value)
    return _interval(value, [many * value - (many - 1) * other for other in others])


def _expected_without(
    kept: Units,
    totals: Counter[Hashable],
    apart: Callable[[Hashable, Hashable], float],
    expected: float,
) -> Iterator[float]:
    """Yield, for each unit, the distances between all pairs of values that are left without it."""
    to_all = {one: sum(n * apart(one, other) for other, n in totals.items()) for one in totals}
    for unit in kept:
        own = Counter(unit)
        yield expected - 2 * sum(n * to_all[v] for v, n in own.items()) + _disagreement(own, apart)


def _given(unit: Sequence[Hashable | None]) -> list[Hashable]:
    """Return the values that a unit has."""
    return [value for value in unit if value is not None]


def _disagreement(
    counted: Counter[Hashable], apart: Callable[[Hashable, Hashable], float]
) -> float:
    """Return the distances between all pairs of values, each as often as it occurs."""
    values = list(counted.items())
    return 2 * sum(
        n * m * apart(one, other)
        for place, (one, n) in enumerate(values)
        for other, m in values[place + 1 :]
    )


def _distance(
    scale: str, totals: Counter[Hashable], order: Sequence[Hashable]
) -> Callable[[Hashable, Hashable], float]:
    """Return the squared distance of two values on a scale."""
    if scale == "ordinal":
        below, middle = 0.0, {}
        for value in order:  # the rank of a value is the middle of the places that it takes
            middle[value] = below + totals[value] / 2
            below += totals[value]
        return lambda a, b: (middle[a] - middle[b]) ** 2
    numeric: dict[str, Callable[[Any, Any], float]] = {
        "nominal": lambda a, b: float(a != b),
        "interval": lambda a, b: (a - b) ** 2,
        "ratio": lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0.0,
    }
    return numeric[scale]


def ac1(units: Units) -> Coefficient:
    """Return Gwet's AC1 with a 95 % interval that takes the units as drawn one by one.

    Codes are those that were used. Source: Gwet, "Computing inter-rater reliability and its
    variance in the presence of high agreement", British Journal of Mathematical and
    Statistical Psychology 61 (2008), for any number of coders; the interval is Student's.
    """
    rated = [unit for unit in map(_given, units) if unit]
    shares = [{v: c / len(unit) for v, c in Counter(unit).items()} for unit in rated]
    paired = [_pairs_agreed(unit) for unit in rated]
    known = [agreed for agreed in paired if agreed is not None]
    if not known:
        return Coefficient(reason=NO_UNITS)
    means: Counter[Hashable] = Counter()
    for share in shares:
        means.update({value: part / len(rated) for value, part in share.items()})
    if len(means) < 2:  # noqa: PLR2004  (one code leaves nothing to chance)
        return Coefficient(reason=ONE_CODE)
    codes = len(means) - 1
    chance = sum(mean * (1 - mean) for mean in means.values()) / codes
    value = (sum(known) / len(known) - chance) / (1 - chance)
    weight = len(rated) / len(known) / (1 - chance)
    parts = []
    for share, agreed in zip(shares, paired, strict=True):
        own = sum(part * (1 - means[v]) for v, part in share.items()) / codes
        seen = 0.0 if agreed is None else weight * (agreed - chance)
        parts.append(seen - 2 * (1 - value) * (own - chance) / (1 - chance))
    return _interval(value, parts)


def _pairs_agreed(unit: Sequence[Hashable]) -> float | None:
    """Return the share of pairs of coders that agree on a unit; None where there is no pair."""
    coders = len(unit)
    if coders < 2:  # noqa: PLR2004  (a pair)
        return None
    return sum(c * (c - 1) for c in Counter(unit).values()) / (coders * (coders - 1))


def _interval(value: float, parts: Sequence[float]) -> Coefficient:
    """Return a coefficient with the interval that its parts, one a unit, give it."""
    if len(parts) < 2:  # noqa: PLR2004  (nothing varies in one unit)
        return Coefficient(value)
    from scipy.special import stdtrit  # noqa: PLC0415  (a quarter of a second)

    spread = sum((part - value) ** 2 for part in parts) / (len(parts) - 1)
    if not spread or value == 1:  # nobody disagreed: an interval would promise too much
        return Coefficient(value)
    reach = float(stdtrit(len(parts) - 1, (1 + LEVEL) / 2)) * math.sqrt(spread / len(parts))
    return Coefficient(value, low=max(-1.0, value - reach), high=min(1.0, value + reach))


def kappa(pairs: Sequence[Sequence[Hashable]]) -> Coefficient:
    """Return Cohen's kappa of two coders, of units that both have.

    Source: Cohen, "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20 (1960).
    """
    if not pairs:
        return Coefficient(reason=NO_UNITS)
    first, second = (Counter(pair[coder] for pair in pairs) for coder in (0, 1))
    chance = sum(first[v] * second[v] for v in first) / len(pairs) ** 2
    if chance == 1:
        return Coefficient(reason=ONE_CODE)
    agreed = sum(pair[0] == pair[1] for pair in pairs) / len(pairs)
    return Coefficient((agreed - chance) / (1 - chance))
