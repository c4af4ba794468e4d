"""Records, engagements, interactions and challenges, as each reader's pages have them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor
from portal.api.models import ChangedNoun
from portal.api.queries.changes import changed_since
from portal.challenges.models import Challenge
from portal.challenges.queries import ChallengesQuery, with_terms
from portal.challenges.queries import listed as challenges_listed
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.innovations.queries import own, visible_to
from portal.innovations.queries.catalogue import CatalogueQuery, listed
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.support.models import Engagement, Interaction, InteractionShare
from portal.support.policy import can_log
from portal.support.queries.interactions import own_engagements, readable_by, with_records

Rows = Select[*tuple[Any, ...]]


def records(actor: Actor, since: datetime | None) -> Rows:
    """Return the list of innovations that the actor's page has, those that changed since."""
    found = listed(actor, CatalogueQuery(), today())
    if since is not None:
        found = found.where(changed_since(ChangedNoun.INNOVATION, since))
    return found.options(joinedload(Innovation.ics), selectinload(Innovation.collaborators))


def challenges(actor: Actor, state: str, since: datetime | None) -> Rows:
    """Return the challenges in a state that the actor may see, those that changed since."""
    found = with_terms(challenges_listed(actor, ChallengesQuery(state=state)))
    if since is not None:
        found = found.where(changed_since(ChangedNoun.CHALLENGE, since))
    return found.options(joinedload(Challenge.organisation))


def _support_is_read_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may read who supports the record": `support.policy.can_read` of a
    record that they may see."""
    whose = true() if actor.is_staff else own(actor) if actor.is_signed_in else false()
    return whose & visible_to(actor)


def engagements(actor: Actor, innovation_id: int | None = None) -> Rows:
    """Return the engagements that the actor may read, of one record or of all."""
    about = true() if innovation_id is None else Engagement.innovation_id == innovation_id
    return (
        select(Engagement)
        .join(Engagement.innovation)
        .where(_support_is_read_by(actor), about)
        .options(
            contains_eager(Engagement.innovation),
            joinedload(Engagement.hin),
            joinedload(Engagement.lead),
        )
    )


def interactions(
    actor: Actor, innovation_id: int | None = None, since: datetime | None = None
) -> Rows:
    """Return the interactions that the actor may read on the pages of records, one row for each
    innovation that they were about; of one record, or logged since a moment."""
    found = with_records().where(_support_is_read_by(actor), readable_by(actor))
    if innovation_id is not None:
        found = found.where(Engagement.innovation_id == innovation_id)
    if since is not None:
        found = found.where(Interaction.logged_at >= since)
    whole = contains_eager(InteractionShare.interaction)
    return found.options(
        whole.joinedload(Interaction.logged_by),
        whole.selectinload(Interaction.corrected_by),
        whole.selectinload(Interaction.kinds),
        whole.selectinload(Interaction.participants),
    )


def shares_of(actor: Actor, interaction: Interaction) -> Sequence[InteractionShare]:
    """Return the rows of one interaction that the actor may read."""
    found = interactions(actor).where(Interaction.id == interaction.id)
    return db.session.scalars(found.order_by(InteractionShare.id)).unique().all()


def engagements_with(actor: Actor, innovation_ids: Sequence[int]) -> list[Engagement]:
    """Return the open engagements of the actor's network with these innovations.

    Raises Forbidden for whoever logs none, Invalid when there is none with one of them.
    """
    if not can_log(actor):
        raise Forbidden("Only staff of a network log interactions.")
    wanted = set(innovation_ids)
    found = [one for one in own_engagements(actor) if one.innovation_id in wanted]
    missing = wanted - {one.innovation_id for one in found}
    if missing:
        raise Invalid(
            f"Your network has no open engagement with {min(missing)}", field="innovations"
        )
    return found


def support_kind_ids(codes: Sequence[str]) -> list[int]:
    """Return the ids of kinds of support by their codes; raises Invalid for an unknown one."""
    known = {term.code: term.id for term in terms(Vocabulary.SUPPORT_KIND)}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Invalid(f"There is no kind of support {unknown[0]}", field="support_kinds")
    return [known[code] for code in codes]
