"""Read webhooks: whose they are, which may hear of what, and what waits to be sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, selectinload

from portal.accounts.models import Actor, Membership, MembershipState, User
from portal.api.models import Webhook, WebhookEvent, WebhookMessage
from portal.api.rules.webhooks import key_taken
from portal.audit.models import AuditEvent, AuditWords
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.clock import now
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.introductions.models import Introduction
from portal.introductions.queries import visible_to as introduction_visible_to

MAX_SHOWN_MESSAGES = 20


def own_webhooks(actor: Actor) -> Sequence[Webhook]:
    """Return the actor's webhooks in whatever membership, the newest first."""
    mine = select(Webhook).where(Webhook.user_id == actor.user_id)
    return db.session.scalars(
        mine.options(selectinload(Webhook.membership)).order_by(Webhook.id.desc())
    ).all()


def webhook_for(actor: Actor, webhook_id: int) -> Webhook:
    """Return one of the actor's own webhooks; raises NotFound for anybody else's."""
    row = db.session.get(Webhook, webhook_id)
    if row is None or not actor.is_signed_in or row.user_id != actor.user_id:
        raise NotFound("There is no such webhook of yours.")
    return row


def on_older_key(since: datetime | None) -> Iterator[str]:
    """Say how many webhooks hang on an older SECRET_KEY: those made before the newest was first
    seen, of which nobody has taken the new key since; all where it is not known since when."""
    made, taken = select(Webhook.id), set[str]()
    if since is not None:
        made = made.where(Webhook.created_at < since)
        words = select(AuditWords.summary).join(AuditEvent, AuditEvent.id == AuditWords.event_id)
        said = (AuditEvent.action == "user.webhook_key_taken") & (AuditEvent.at >= since)
        taken = set(db.session.scalars(words.where(said)))
    if count := sum(key_taken(number) not in taken for number in db.session.scalars(made)):
        are = "webhook is" if count == 1 else "webhooks are"
        upto = "up to " if since is None else ""
        yield f"{upto}{count} {are} verified by it, of which nobody took the new key"


def last_messages(webhook: Webhook) -> Sequence[WebhookMessage]:
    """Return the messages sent last, the newest first."""
    return db.session.scalars(
        select(WebhookMessage)
        .where(WebhookMessage.webhook_id == webhook.id)
        .order_by(WebhookMessage.id.desc())
        .limit(MAX_SHOWN_MESSAGES)
    ).all()


def _sending() -> Select[Webhook]:
    """Return webhooks that are not switched off, of people who still act in that membership."""
    return (
        select(Webhook)
        .join(Webhook.user)
        .join(Webhook.membership)
        .join(Membership.organisation)
        .where(
            Webhook.stopped_at.is_(None),
            User.active.is_(True),
            Membership.state == MembershipState.ACTIVE,
        )
        .options(
            contains_eager(Webhook.user),
            contains_eager(Webhook.membership).contains_eager(Membership.organisation),
        )
    )


def listening_to(event: WebhookEvent) -> list[Webhook]:
    """Return the webhooks that wish to hear of an event."""
    found = db.session.scalars(_sending().order_by(Webhook.id)).all()
    return [one for one in found if event.value in one.events]


def may_hear(actor: Actor, event: WebhookEvent, number: int) -> bool:
    """Whether the actor may see now what the event is about."""
    model, clause = _about(actor, event)
    return db.session.scalar(select(model.id).where(model.id == number, clause)) is not None


def _about(
    actor: Actor, event: WebhookEvent
) -> tuple[type[Challenge] | type[Innovation] | type[Introduction], ColumnElement[bool]]:
    if event is WebhookEvent.CHALLENGE:
        return Challenge, challenge_visible_to(actor)
    if event is WebhookEvent.PROVEN:
        return Innovation, innovation_visible_to(actor)
    return Introduction, introduction_visible_to(actor)


def due_message() -> WebhookMessage | None:
    """Return the message that waits longest to be sent, None when none is due."""
    return db.session.scalar(
        select(WebhookMessage)
        .join(WebhookMessage.webhook)
        .where(
            WebhookMessage.next_at <= now(),
            Webhook.id.in_(_sending().with_only_columns(Webhook.id)),
        )
        .order_by(WebhookMessage.next_at, WebhookMessage.id)
        .limit(1)
    )
