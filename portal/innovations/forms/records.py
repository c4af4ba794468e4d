"""One record of very many in a form: found by words of its name."""

from typing import Any

from portal.accounts.session import current_actor
from portal.db import id_from
from portal.innovations.models import Innovation
from portal.innovations.queries.named import record_named, records_like
from portal.web.lookup_field import Named


def _about(record: Innovation) -> Named:
    return str(record.id), record.name, f"{record.organisation.name}, record {record.id}"


def _named(typed: str) -> Named | None:
    record = record_named(current_actor(), typed)
    return _about(record) if record else None


def _known(value: str) -> str:
    number = id_from(value)
    found = record_named(current_actor(), value) if number else None
    return found.name if found else ""


RECORDS_LOOKED_UP: dict[str, Any] = {
    "find": lambda typed: [_about(one) for one in records_like(current_actor(), typed)],
    "named": _named,
    "known": _known,
}
"""How a record is found that the person may open: by its name, by words of it, or its number."""
