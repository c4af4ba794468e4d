"""How values are written in JSON, and read again without loss. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any


def plain(value: Any) -> Any:
    """Return a value as JSON has it: moments in UTC, amounts of money as exact texts."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


READ: Mapping[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "integer": int,
    "number": lambda value: Decimal(value) if isinstance(value, str) else value,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "string": str,
    "object": lambda value: value,
    "array": lambda value: value,
}
"""By kind how a value of JSON becomes one of the database."""


def read(kind: str, value: Any) -> Any:
    """Return the value of a column behind its JSON; raises ValueError for what cannot be one."""
    return None if value is None else READ[kind](value)
