"""Read a record with the rows that say how it stands: evidence, uses and standards."""

from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Organisation
from portal.db import db
from portal.innovations.models import Evidence, Innovation, StandardHeld, Use
from portal.reference.models import Ics, Site


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


def with_overview(innovation: Innovation) -> Innovation:
    """Return the record with all that its first page shows: coded answers, evidence, and uses with
    the region in which each place lies. Four statements, however many they are."""
    db.session.scalar(_overview(), {"record": innovation.id})
    return innovation


@cache
def _overview() -> Select[Innovation]:
    """Return the statement of `with_overview`, built once: that takes longer than to ask it."""
    uses = selectinload(Innovation.uses)
    place = uses.joinedload(Use.directory_site)
    return (
        select(Innovation)
        .where(Innovation.id == bindparam("record"))
        .options(
            joinedload(Innovation.category),
            joinedload(Innovation.main_purpose),
            joinedload(Innovation.ics).joinedload(Ics.region),
            joinedload(Innovation.hin),
            selectinload(Innovation.terms),
            selectinload(Innovation.evidence).joinedload(Evidence.type),
            uses.joinedload(Use.organisation).joinedload(Organisation.ics).joinedload(Ics.region),
            place.joinedload(Site.geography_ics).joinedload(Ics.region),
            place.joinedload(Site.commissioner_ics).joinedload(Ics.region),
        )
    )
