"""Rename, merge, split and retire codes: everything that names them follows, and back again."""
