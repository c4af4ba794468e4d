"""What becomes of searches when two organisations are made one."""

from portal.merging import moves

MERGES = (moves("search_gap.organisation_id", "searches without an answer"),)
