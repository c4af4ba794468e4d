"""What support tells people, and the audit lines of what it did."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import responsible
from portal.audit.models import Audience
from portal.audit.services import record
from portal.clock import now
from portal.innovations.models import Innovation
from portal.innovations.queries.people import responsible_for
from portal.notifications.outbox import is_untold, tell
from portal.support import queries
from portal.support.models import Engagement, Proposal
from portal.support.queries.levels import level_words

MAX_AGE_OF_NEWS = timedelta(days=1)
"""What happened longer ago is history being loaded: it is dated and audited, nobody is told."""


def note(
    action: str,
    innovation: Innovation,
    summary: str,
    *,
    by: Actor,
    at: datetime,
    changes: dict[str, list[Any]] | None = None,
    audience: Audience = Audience.STAFF,
) -> None:
    """Put one line on the record's audit trail, at the moment it happened."""
    event = record(
        action,
        noun="innovation",
        noun_id=innovation.id,
        summary=summary,
        by=by,
        changes=changes,
        audience=audience,
    )
    event.at = at


def tell_innovators(template: str, engagement: Engagement, *, at: datetime, **words: Any) -> None:
    """Tell the owner and the collaborators what a HIN decided."""
    _tell(
        responsible_for(engagement.innovation),
        template,
        engagement.innovation,
        at,
        engagement=engagement,
        **words,
    )


def tell_hin(template: str, engagement: Engagement, *, at: datetime, **words: Any) -> None:
    """Tell the lead person of an engagement while they act for the HIN, else the HIN's leads."""
    if is_untold():
        return
    people = responsible(engagement.lead_id, engagement.hin_id)
    _tell(people, template, engagement.innovation, at, engagement=engagement, **words)


def tell_staff(template: str, engagement: Engagement, people: Iterable[User], **words: Any) -> None:
    """Tell people of a HIN about one of its engagements."""
    _tell(people, template, engagement.innovation, now(), engagement=engagement, **words)


def tell_lead(template: str, engagement: Engagement, *, at: datetime, **words: Any) -> None:
    """Tell whoever leads an engagement already, and nobody where nobody does."""
    people = responsible(engagement.lead_id, engagement.hin_id) if engagement.lead_id else []
    _tell(people, template, engagement.innovation, at, engagement=engagement, **words)


def tell_proposal(
    template: str, proposal: Proposal, hin_id: int, *, at: datetime, **words: Any
) -> None:
    """Tell one of the two HINs of a proposal: the lead person of its engagement, or its leads."""
    engagement = queries.engagement_of(proposal.innovation_id, hin_id)
    people = responsible(engagement.lead_id if engagement else None, hin_id)
    _tell(people, f"proposal_{template}", proposal.innovation, at, proposal=proposal, **words)


def tell_person(
    template: str, person: User, engagement: Engagement, *, at: datetime, url: str, **words: Any
) -> None:
    """Tell one person alone of a page about an engagement."""
    if at >= now() - MAX_AGE_OF_NEWS:
        tell(
            [person],
            _path(template),
            url=url,
            innovation=engagement.innovation,
            engagement=engagement,
            **words,
        )


def tell_owners(
    template: str, innovation: Innovation, *, at: datetime, page: str, **words: Any
) -> None:
    """Tell the owner and the collaborators about a page of their record."""
    if is_untold():
        return
    _tell(responsible_for(innovation), template, innovation, at, page=page, **words)


def _tell(
    people: Iterable[User],
    template: str,
    innovation: Innovation,
    at: datetime,
    *,
    page: str = "support",
    **words: Any,
) -> None:
    if at < now() - MAX_AGE_OF_NEWS:
        return
    tell(
        people,
        _path(template),
        url=f"/innovations/{innovation.id}/{page}",
        innovation=innovation,
        level_words=level_words,
        **words,
    )


def _path(template: str) -> str:
    """Return the file of an email: of this room by its name, of a higher room as "room/name"."""
    room, _, name = template.rpartition("/")
    return f"{room or 'support'}/emails/{name}.txt"
