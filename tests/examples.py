"""How many examples a property is tried on."""

import os


def examples(number: int) -> int:
    """So many on SQLite; a quarter of them on PostgreSQL, where only the dialect is in question."""
    on_postgres = os.environ.get("TEST_DATABASE") == "postgresql"
    return max(2, number // 4) if on_postgres else number
