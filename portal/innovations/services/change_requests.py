"""Ask for changes in a record's sections, and answer what was asked."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit.models import AuditEvent
from portal.db import db
from portal.innovations.models import ChangeRequest, Innovation, Section, SectionCopy


def request_changes(
    *,
    innovation: Innovation,
    hin_id: int,
    wanted: Mapping[Section, str],
    by: Actor,
    at: datetime,
) -> None:
    """Ask for a change in each section of `wanted`, in these words; flushes nothing.

    The record's task list shows the words of every open request of a section together.
    """
    copies = {copy.section: copy for copy in innovation.copies}
    for section, words in wanted.items():
        copy = copies.get(section)
        if copy is None:
            copy = SectionCopy(section=section, change_wanted="")
            innovation.copies.append(copy)
        copy.change_wanted = f"{copy.change_wanted or ''}\n\n{words}".strip()
        db.session.add(
            ChangeRequest(
                innovation_id=innovation.id,
                hin_id=hin_id,
                section=section,
                words=words,
                at=at,
                by_id=by.user_id,
            )
        )


def answer_changes(
    *, innovation: Innovation, sections: Collection[Section], event: AuditEvent, at: datetime
) -> None:
    """Mark what was asked about these sections as answered by the event of their submission."""
    for row in db.session.scalars(
        select(ChangeRequest).where(
            ChangeRequest.innovation_id == innovation.id,
            ChangeRequest.section.in_(sorted(sections)),
            ChangeRequest.answered_at.is_(None),
        )
    ):
        row.answered_at, row.answer = at, event
