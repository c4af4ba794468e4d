"""How many examples a property is tried on, and on which database."""

import os

ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"


def examples(number: int) -> int:
    """So many on SQLite; a quarter of them on PostgreSQL, where only the dialect is in question."""
    return max(2, number // 4) if ON_POSTGRESQL else number
