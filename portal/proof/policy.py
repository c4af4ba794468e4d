"""Who may record what proves an innovation, and who may read it. Pure."""

from collections.abc import Iterable

from portal.accounts.models import Actor
from portal.innovations.models import Innovation
from portal.proof.models import Validation, ValidationState
from portal.support.models import (
    Engagement,
    EngagementState,
)
from portal.support.policy import can_read
from portal.support.rules import LIVE


def can_record(actor: Actor, engagements: Iterable[Engagement]) -> bool:
    """Whether the actor may record validations and check standards: their HIN works with it."""
    return actor.is_hin and any(
        engagement.hin_id == actor.hin_id and engagement.state in LIVE for engagement in engagements
    )


def can_edit_validation(
    actor: Actor, validation: Validation, engagements: Iterable[Engagement]
) -> bool:
    """Whether the actor may edit a validation: staff of the HIN that recorded it."""
    return validation.hin_id == actor.hin_id and can_record(actor, engagements)


def can_read_validation(actor: Actor, innovation: Innovation, validation: Validation) -> bool:
    """Whether the actor may read a validation of a record that they may see: who may read its
    support, and ICS staff once its result is published."""
    is_public = validation.is_published and validation.state is ValidationState.COMPLETED
    return can_read(actor, innovation) or (actor.is_ics and is_public)


def can_verify(actor: Actor, engagements: Iterable[Engagement]) -> bool:
    """Whether the actor may verify the record as proven, or withdraw it: a HIN engaging with it."""
    return actor.is_hin and any(
        engagement.hin_id == actor.hin_id and engagement.state is EngagementState.ENGAGING
        for engagement in engagements
    )
