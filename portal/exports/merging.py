"""What becomes of exports when two organisations are made one."""

from portal.merging import moves

MERGES = (moves("export_file.organisation_id", "exports"),)
