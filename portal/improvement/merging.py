"""What becomes of improvement when two records are made one."""

from portal.merging import moves

MERGES = (moves("driver_node_record.innovation_id", "links from driver diagrams"),)
