"""Batches: plans in, executed notebooks and briefings out; the only user of papermill."""
