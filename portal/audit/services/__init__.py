"""Write the audit trail, in the same transaction as the change it tells of."""

import enum
import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import inspect

from portal.audit.models import Audience, AuditEvent, AuditWords
from portal.audit.rules import without_addresses, words_hash
from portal.db import Base, db


class By(Protocol):
    """The one who acts: a person acting for an organisation, or the system itself."""

    @property
    def user_id(self) -> int | None:
        """Their user row, or None for the system."""

    @property
    def name(self) -> str:
        """As shown on the timeline."""

    @property
    def organisation_id(self) -> int | None:
        """The organisation they act for."""

    @property
    def organisation_name(self) -> str:
        """As shown on the timeline."""

    @property
    def token_id(self) -> int | None:
        """The token of the API by which they act, None for who does it themselves."""


class Noun(Protocol):
    """A row with a trail of its own: its table is called as the noun."""

    __tablename__: str

    @property
    def id(self) -> int:
        """Its number, known once it is flushed."""


def changes_of(row: Base) -> dict[str, list[Any]]:
    """Return `{column: [before, after]}` for the columns of `row` changed since it was loaded.

    Call it before the flush: afterwards the history is gone.
    """
    found: dict[str, list[Any]] = {}
    for column in inspect(row).mapper.column_attrs:
        history = inspect(row).attrs[column.key].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            found[column.key] = [_plain(before), _plain(after)]
    return found


def record(
    action: str,
    *,
    noun: str,
    noun_id: int,
    summary: str,
    by: By,
    changes: dict[str, list[Any]] | None = None,
    audience: Audience = Audience.STAFF,
) -> AuditEvent:
    """Add one event to the trail of `noun` `noun_id`; returns it, not yet flushed."""
    changed = {key: [_plain(v) for v in pair] for key, pair in (changes or {}).items()}
    said = without_addresses({"actor_name": _signed(by), "summary": summary, "changes": changed})
    salt = secrets.token_hex(16)
    event = AuditEvent(
        action=action,
        noun=noun,
        noun_id=noun_id,
        actor_id=by.user_id,
        organisation_id=by.organisation_id,
        organisation_name=by.organisation_name,
        audience=audience,
        words_hash=words_hash(salt=salt, **said),
        words=AuditWords(salt=salt, **said),
    )
    db.session.add(event)
    return event


def note(
    row: Noun,
    verb: str,
    summary: str,
    *,
    by: By,
    changes: dict[str, list[Any]] | None = None,
    audience: Audience = Audience.STAFF,
) -> AuditEvent:
    """Add what happened to `row` to its own trail: `verb` is the action without its noun."""
    noun = row.__tablename__
    return record(
        f"{noun}.{verb}",
        noun=noun,
        noun_id=row.id,
        summary=summary,
        by=by,
        changes=changes,
        audience=audience,
    )


def _signed(by: By) -> str:
    """Return who acted; a program of theirs is told by its token."""
    return by.name if by.token_id is None else f"{by.name} (API token {by.token_id})"


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
