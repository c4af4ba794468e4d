"""Keep the duplicate keys of a record true to its name, website, texts and organisation."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts import outbox as accounts
from portal.accounts.models import Organisation
from portal.db import db, has_changed
from portal.innovations.models import Innovation, InnovationKey
from portal.innovations.rules.duplicates import RecordTexts, keys_of

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
    described = connection.execute(
        select(
            Innovation.id,
            Innovation.name,
            Organisation.name,
            Innovation.website,
            Innovation.summary + " " + Innovation.need,
            Organisation.company_number,
        )
        .join(Organisation, Organisation.id == Innovation.organisation_id)
        .where(Innovation.id.in_(innovation_ids))
    ).all()
    rows = [
        {"innovation_id": innovation_id, "key": key}
        for innovation_id, name, maker, website, text, number in described
        for key in sorted(keys_of(RecordTexts(name, maker, website, text, number)))
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
