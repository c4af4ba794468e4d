"""Read what HINs asked to be changed in a record, with what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.db import db
from portal.innovations import policy
from portal.innovations.models import ChangeRequest, Innovation
from portal.innovations.queries.activity import Change, changes_of
from portal.innovations.sections.questions import PARTS


@dataclass(frozen=True, slots=True)
class ChangeRequestRow:
    """A request for a change as pages show it."""

    request: ChangeRequest
    title: str
    """The title of the section."""
    changes: tuple[Change, ...]
    """What changed in the section when it was submitted again; empty while the request is open."""

    @property
    def is_open(self) -> bool:
        """Whether the section was not submitted since."""
        return self.request.answered_at is None


def change_requests(actor: Actor, innovation: Innovation) -> Sequence[ChangeRequestRow]:
    """Return what was asked to be changed in the record, open requests first, then the newest.

    Empty for who may read neither side: it is told to the innovator's side and to staff.
    """
    if Audience.STAFF not in policy.audiences(actor, innovation):
        return []
    rows = db.session.scalars(
        select(ChangeRequest)
        .where(ChangeRequest.innovation_id == innovation.id)
        .options(
            joinedload(ChangeRequest.hin),
            joinedload(ChangeRequest.by),
            joinedload(ChangeRequest.answer),
        )
        .order_by(
            ChangeRequest.answered_at.is_not(None), ChangeRequest.at.desc(), ChangeRequest.id.desc()
        )
    ).all()
    answers = [(row.answer, row.section) for row in rows if row.answer is not None]
    changes = dict(zip(answers, changes_of(answers), strict=True))
    return [
        ChangeRequestRow(
            request=row,
            title=PARTS[row.section].title,
            changes=changes[row.answer, row.section] if row.answer else (),
        )
        for row in rows
    ]
