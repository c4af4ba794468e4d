"""Keep what follows from a record true to it: duplicate keys, and the dated rows of its uses."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, event, insert, select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts import outbox as accounts
from portal.accounts.models import Organisation
from portal.db import db, has_changed
from portal.innovations.models import Innovation, InnovationKey, Use
from portal.innovations.queries.duplicates import texts_by_id
from portal.innovations.rules.duplicates import keys_of
from portal.innovations.services import adoption, claims
from portal.personal import ERASING

TOLD = ("name", "company_number")
"""What a record is compared by of its organisation."""
WATCHED = ("name", "website", "summary", "need", "organisation_id")


@event.listens_for(Session, "after_flush")
def keep_keys(session: Session, _context: Any) -> None:
    """Write the keys of every record that this flush made or changed."""
    touched = {*session.new, *session.dirty}
    innovation_ids = {
        row.id for row in touched if isinstance(row, Innovation) and has_changed(row, WATCHED)
    }
    renamed = [
        row.id for row in touched if isinstance(row, Organisation) and has_changed(row, TOLD)
    ]
    if renamed:
        made = select(Innovation.id).where(Innovation.organisation_id.in_(renamed))
        innovation_ids |= set(session.connection().scalars(made))
    if innovation_ids:
        _write(session, innovation_ids)


def _write(session: Session, innovation_ids: set[int]) -> None:
    connection = session.connection()
    described = texts_by_id(connection, Innovation.id.in_(innovation_ids))
    rows = [
        {"innovation_id": innovation_id, "key": key}
        for innovation_id, texts in described.items()
        for key in sorted(keys_of(texts))
    ]
    connection.execute(delete(InnovationKey).where(InnovationKey.innovation_id.in_(innovation_ids)))
    if rows:
        connection.execute(insert(InnovationKey), rows)


@accounts.merged.connect
def _made_by_another(organisation: Organisation, *, at: datetime) -> None:
    """Tell whoever listens to records that their organisation is another one: its rows moved in the
    database, behind the session's back."""
    made = select(Innovation).where(Innovation.organisation_id == organisation.id)
    for innovation in db.session.scalars(made):
        innovation.changed_at = at
        flag_modified(innovation, "organisation_id")
    db.session.flush()


@event.listens_for(Session, "after_flush")
def keep_adoption(session: Session, _context: Any) -> None:
    """Write the dated rows of the lines "where it is in use" that this flush made or changed,
    unless those rows made the lines, or a person's words are taken out of both."""
    if session.info.get(adoption.FOLLOWING) or session.info.get(ERASING):
        return
    connection = session.connection()
    for row in sorted(_touched(session), key=lambda one: one.id):
        claims.follow(connection, row)


def _touched(session: Session) -> list[Use]:
    changed = [r for r in session.dirty if isinstance(r, Use) and has_changed(r, claims.FACTS)]
    return [*(row for row in session.new if isinstance(row, Use)), *changed]


@event.listens_for(Use, "after_delete")
def correct_adoption(_mapper: Any, connection: Connection, use: Use) -> None:
    """Correct the rows of a line that was taken out, unless rows took it out."""
    session = object_session(use)
    if session is not None and not session.info.get(adoption.FOLLOWING):
        claims.forget(connection, use)
