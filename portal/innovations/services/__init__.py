"""Change innovation records: one module for each thing that people do with them."""
