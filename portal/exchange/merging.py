"""What becomes of content when two records are made one."""

from portal.merging import moves

MERGES = (moves("content_item.innovation_id", "items of the Exchange"),)
