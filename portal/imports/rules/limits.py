"""What a spreadsheet may be. Pure."""

ENDINGS = ("csv", "txt", "tsv", "xlsx", "xls", "ods")
MAX_MEGABYTES = 20
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_GAP = 1_000
"""Empty rows in one place that a table may have."""
MAX_CELLS = 8_000_000
"""Of the rectangle from the first to the last cell: some 250MB once it is laid out."""

Line = tuple[int, list[str]]
"""The number of a line in its sheet, from 1, and the text of each of its cells."""
