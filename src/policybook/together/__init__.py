"""Coding together: agreement, what changed between two states, releases, second coders."""
