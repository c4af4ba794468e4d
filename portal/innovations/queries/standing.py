"""Read a record with the rows that say how it stands: evidence, uses and standards."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.innovations.models import Evidence, Innovation, StandardHeld, Use


def with_standing(innovation: Innovation) -> Innovation:
    """Return the record with its evidence, uses and standards loaded. Four statements."""
    db.session.scalar(
        select(Innovation)
        .where(Innovation.id == innovation.id)
        .options(
            selectinload(Innovation.evidence).joinedload(Evidence.kind),
            selectinload(Innovation.evidence).joinedload(Evidence.type),
            selectinload(Innovation.uses).joinedload(Use.organisation),
            selectinload(Innovation.uses).joinedload(Use.directory_site),
            selectinload(Innovation.standards).joinedload(StandardHeld.standard),
            selectinload(Innovation.standards).joinedload(StandardHeld.checked_by),
        )
        .execution_options(populate_existing=False)
    )
    return innovation
