"""What becomes of imports when two organisations are made one."""

from portal.merging import moves

MERGES = (
    moves("import.organisation_id", "imports"),
    moves("import_memory.organisation_id", "remembered words of files"),
)
