"""Read a record with the rows that say how it stands: evidence, uses and standards. The constants
say what `queries.innovation_for` reads with a record for one of its pages."""

from sqlalchemy import inspect as state_of
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Organisation
from portal.db import db
from portal.innovations.models import Evidence, Innovation, StandardHeld, Use
from portal.reference.models import Ics, Site


def with_standing(innovation: Innovation) -> Innovation:
    """Return the record with its evidence, uses and standards loaded: four statements, none where
    it was read with them (`STANDING`)."""
    if state_of(innovation).unloaded & {"evidence", "uses", "standards"}:
        asked = select(Innovation).where(Innovation.id == innovation.id).options(*STANDING)
        db.session.scalar(asked.execution_options(populate_existing=False))
    return innovation


_USES = selectinload(Innovation.uses)
_PLACE = _USES.joinedload(Use.directory_site)
_CODED = (
    joinedload(Innovation.category),
    joinedload(Innovation.main_purpose),
    joinedload(Innovation.ics).joinedload(Ics.region),
    joinedload(Innovation.hin),
    selectinload(Innovation.terms),
)
OVERVIEW = (
    *_CODED,
    selectinload(Innovation.evidence).joinedload(Evidence.type),
    _USES.joinedload(Use.organisation).joinedload(Organisation.ics).joinedload(Ics.region),
    _PLACE.joinedload(Site.geography_ics).joinedload(Ics.region),
    _PLACE.joinedload(Site.commissioner_ics).joinedload(Ics.region),
)
"""What the first page of a record shows: coded answers, evidence, and uses with the region in which
each place lies. Three statements besides the record's own, however many they are."""
_EVIDENCE = (
    selectinload(Innovation.evidence).joinedload(Evidence.kind),
    selectinload(Innovation.evidence).joinedload(Evidence.type),
)
EVIDENCE = (*_EVIDENCE, selectinload(Innovation.evidence).selectinload(Evidence.files))
"""What the page of evidence shows. Two statements besides the record's own."""
STANDARDS = (
    selectinload(Innovation.standards).joinedload(StandardHeld.standard),
    selectinload(Innovation.standards).joinedload(StandardHeld.checked_by),
)
"""What the page of standards shows. One statement besides the record's own."""
_USED_BY = (_PLACE, _USES.joinedload(Use.organisation))
USES = (*_USED_BY, _USES.joinedload(Use.confirmed_by))
"""What the page of uses shows. One statement besides the record's own."""
WHOLE = (*_CODED, *EVIDENCE, *STANDARDS, *USES)
"""What a page of every section shows. Five statements besides the record's own."""
PRINTED = (*WHOLE, joinedload(Innovation.owner))
"""The same with whose it is, for paper."""
STANDING = (joinedload(Innovation.category), *_EVIDENCE, *STANDARDS, *_USED_BY)
"""What `with_standing` reads. Three statements besides the record's own."""
