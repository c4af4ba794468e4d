"""Read what networks did about one record, for its support tab: many small lists, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, User
from portal.innovations.models import Innovation
from portal.reference.models import Hin
from portal.support.models import DirectoryEntry, Engagement, Partnership, Proposal, Signpost
from portal.support.models.due_dates import Exemption
from portal.support.policy import can_read_partnership
from portal.support.queries.timeline import (
    TOLD,
    Moment,
    outcomes,
    rows_of_engagements,
    with_people,
)
from portal.together import Together


@dataclass(frozen=True, slots=True)
class SupportRows:
    """What a reader sees of what networks did about a record."""

    outcomes: list[Moment]
    """What was decided, newest first."""
    exempted: Sequence[Exemption]
    """From which due dates engagements that stand were exempted, newest first."""
    signposts: Sequence[Signpost]
    """To whom the innovation was pointed, newest first."""
    partnerships: Sequence[Partnership]
    """Those that the reader may read, the oldest first."""
    proposals: Sequence[Proposal]
    """What networks proposed to each other, the newest first; for staff alone."""


def support_rows(
    actor: Actor, innovation: Innovation, engagements: Sequence[Engagement]
) -> SupportRows:
    """Return what all these engagements, which are a record's, left behind."""
    asked = {"engagements": [one.id for one in engagements], "record": innovation.id}
    rows = _around().read(asked)
    standing = {one.id for one in engagements if one.replaced_by_id is None}
    partnerships = [row for row in rows[Partnership] if can_read_partnership(actor, row.engagement)]
    newest: Sequence[Exemption] = sorted(rows[Exemption], key=lambda row: (row.at, row.id))[::-1]
    return SupportRows(
        outcomes=outcomes(engagements, rows),
        exempted=[row for row in newest if row.engagement_id in standing],
        signposts=sorted(rows[Signpost], key=lambda row: (row.at, row.id))[::-1],
        partnerships=sorted(partnerships, key=lambda row: (row.agreed_on, row.id)),
        proposals=rows[Proposal][::-1] if actor.is_staff else [],
    )


@cache
def _around() -> Together:
    """Return the statement of `support_rows`, built once."""
    hins = (Proposal.from_hin, Proposal.to_hin)
    people = (Proposal.proposed_by, Proposal.answered_by)
    return Together(
        {
            **rows_of_engagements([*TOLD, Signpost, Partnership]),
            Proposal: Proposal.innovation_id == bindparam("record"),
        },
        *with_people(TOLD),
        joinedload(Signpost.entry).joinedload(DirectoryEntry.hin),
        *(joinedload(hin).joinedload(Hin.names) for hin in hins),
        *(joinedload(person).load_only(User.name) for person in people),
    )
