"""Change what search keeps: the index, saved searches, gaps and counts."""

from portal.search.services.keeping import apply_waiting, mend, rebuild

__all__ = ["apply_waiting", "mend", "rebuild"]
