"""Import altair in half its time, before any chart does; see `imports`."""

from policybook.imports import quick

with quick():
    import altair as alt  # noqa: F401  (from here on it is there)
