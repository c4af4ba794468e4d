"""What happened to a record, for one reader."""

from sqlalchemy import Select

from portal.accounts.models import Actor
from portal.audit.models import AuditEvent
from portal.audit.queries import readable_by, timeline
from portal.innovations import policy
from portal.innovations.models import Innovation


def activity(actor: Actor, innovation: Innovation) -> Select[AuditEvent]:
    """Return the events of the record that the actor may read, newest first."""
    readable = readable_by(
        organisation_id=actor.organisation_id, audiences=policy.audiences(actor, innovation)
    )
    return timeline("innovation", innovation.id, readable=readable)
