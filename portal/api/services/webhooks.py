"""Make webhooks, say what happened, and keep how each message went."""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC

from portal.accounts.models import Actor, Membership
from portal.accounts.policy import can_act_as
from portal.accounts.services import trail
from portal.api.models import TEST, Webhook, WebhookEvent, WebhookMessage
from portal.api.queries.webhooks import own_webhooks
from portal.api.rules.webhooks import (
    AGAIN_AFTER,
    GONE,
    MAX_FAILURES,
    MAX_WEBHOOKS,
    checked_address,
    key_taken,
)
from portal.clock import now
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.notifications.outbox import tell


def make_webhook(
    *,
    membership: Membership,
    url: str,
    events: Iterable[WebhookEvent],
    by: Actor,
    may_be_private: bool = False,
) -> Webhook:
    """Let the portal send what happens to an address.

    Raises Forbidden for a membership of somebody else, Invalid for an address that is none, no
    event, or more than `MAX_WEBHOOKS`.
    """
    if not can_act_as(by, membership):
        raise Forbidden("You do not act for that organisation.")
    wanted = sorted(set(events))
    if not wanted:
        raise Invalid("Select what it shall tell of", field="events")
    if len(own_webhooks(by)) >= MAX_WEBHOOKS:
        raise Invalid(f"You have {MAX_WEBHOOKS} webhooks already. Delete one first", field="url")
    row = Webhook(
        user=membership.user,
        membership=membership,
        url=checked_address(url, may_be_private=may_be_private),
        events=[event.value for event in wanted],
        salt=secrets.token_hex(16),
    )
    db.session.add(row)
    db.session.flush()
    trail.of_user("webhook_made", row.user, f"made the webhook {row.id}", by=by)
    return row


def delete_webhook(*, webhook: Webhook, by: Actor) -> None:
    """Send nothing to an address any more, and forget what was sent."""
    said = f"deleted the webhook {webhook.id}"
    trail.of_user("webhook_deleted", webhook.user, said, by=by)
    db.session.delete(webhook)
    db.session.flush()


def take_key(*, webhook: Webhook, by: Actor) -> None:
    """Note that the key of an address is shown once more, as the service's own is a new one."""
    said = key_taken(webhook.id)
    trail.of_user("webhook_key_taken", webhook.user, said, by=by)
    db.session.flush()


def start_again(*, webhook: Webhook) -> None:
    """Send to an address again that was switched off."""
    webhook.stopped_at, webhook.failures = None, 0
    db.session.flush()


def write(*, webhook: Webhook, event: str, data: dict[str, object]) -> WebhookMessage:
    """Write a message that waits to be sent: what happened and where to read it, no more."""
    said = {"type": event, "timestamp": now().astimezone(UTC).isoformat(), "data": data}
    message = WebhookMessage(
        webhook=webhook,
        number=f"msg_{secrets.token_urlsafe(18)}",
        event=event,
        body=json.dumps(said, ensure_ascii=False, separators=(",", ":")),
    )
    db.session.add(message)
    db.session.flush()
    return message


def write_test(*, webhook: Webhook) -> WebhookMessage:
    """Write a message by which its person tries the address."""
    return write(webhook=webhook, event=TEST, data={"webhook": webhook.id})


def begin(*, message: WebhookMessage) -> None:
    """Say before a message is sent that it is: if the worker dies, it is tried again later."""
    wait = AGAIN_AFTER[min(message.attempts, len(AGAIN_AFTER) - 1)]
    message.attempts += 1
    message.next_at = now() + wait
    db.session.flush()


def settle(*, message: WebhookMessage, code: int | None, answer: str, page: str) -> None:
    """Keep how an attempt went: it arrived, is tried again later, or is given up.

    Too many in a row that were given up, or an answer that says so, switch the webhook off, and its
    person is told.
    """
    webhook = message.webhook
    message.answer = answer[:200]
    if code is not None and 200 <= code < 300:
        message.sent_at, message.next_at, webhook.failures = now(), None, 0
    elif message.event == TEST or code == GONE or message.attempts > len(AGAIN_AFTER):
        message.next_at = None
        webhook.failures += 0 if message.event == TEST else 1
        if code == GONE or webhook.failures >= MAX_FAILURES:
            _stop(webhook, page)
    db.session.flush()


def _stop(webhook: Webhook, page: str) -> None:
    if webhook.stopped_at is None:
        webhook.stopped_at = now()
        for waiting in webhook.messages:
            waiting.next_at = None
        tell([webhook.user], "api/emails/webhook_stopped.txt", url=page, webhook=webhook)
