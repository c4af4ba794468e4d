"""What this room says to higher ones."""

from blinker import Signal

merged = Signal("What was another organisation's is this one's now, or was parted from it: `at`.")
"""Sent with the organisation, inside the transaction, after the rows have moved."""
