"""What becomes of programmes when two records are made one."""

from portal.merging import moves

MERGES = (moves("programme_product.innovation_id", "places in programmes"),)
