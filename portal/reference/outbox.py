"""What the reference data tell higher rooms."""

from blinker import Signal

loaded = Signal("`flask reference load` brought the tables in line with the files.")
"""Sent inside its transaction, with a list as `told`: receivers add lines to what the command
says."""
