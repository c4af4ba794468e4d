"""What becomes of saved views when two organisations are made one."""

from portal.merging import moves

MERGES = (moves("saved_view.organisation_id", "saved views"),)
