"""Every rule about a suite: material in, problems out; never prints, never raises."""

from policybook.checks.suite import check

__all__ = ["check"]
