"""What becomes of kept files when two organisations are made one."""

from portal.merging import stays

MERGES = (stays("file_use.organisation_id", "counts for whom it was sent"),)
