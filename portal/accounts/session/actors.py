"""A person acting in one of their memberships."""

from portal.accounts.models import Actor, Membership, User


def actor_of(user: User, membership: Membership | None) -> Actor:
    """Return the actor that `user` is when acting as `membership`."""
    if membership is None:
        return Actor(user_id=user.id, name=user.name or user.email)
    organisation = membership.organisation
    return Actor(
        user_id=user.id,
        name=user.name or user.email,
        membership_id=membership.id,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        role=membership.role,
        is_lead=membership.is_lead,
        hin_id=organisation.hin_id,
        ics_id=organisation.ics_id,
    )
