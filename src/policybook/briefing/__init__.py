"""Briefings: an executed notebook becomes one HTML file that needs no network."""

from policybook.briefing.export import page

__all__ = ["page"]
