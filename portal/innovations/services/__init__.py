"""Change innovation records."""
