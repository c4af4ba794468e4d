"""What leaves in an export, by which words, and how each value is written. Pure."""

EXPORTS = "exports"
"""The room of the kept files that are exports."""
OPEN_DATA = "open-data"
"""The room of the kept files that are open data."""
