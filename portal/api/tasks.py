"""Jobs of the API: tell webhooks what happened."""

from flask import current_app

from portal.accounts.session import actor_of
from portal.api import outbox
from portal.api.models import WebhookEvent, WebhookMessage
from portal.api.outbox import ANNOUNCE, DELIVER
from portal.api.queries import webhooks as queries
from portal.api.rules.webhooks import headers_of, key_of
from portal.api.services import webhooks as services
from portal.clock import now
from portal.db import db
from portal.jobs import Progress, enqueue, task
from portal.notifications.outbox import full_address
from portal.web.keys import signing_keys

ADDRESSES = {
    WebhookEvent.CHALLENGE: "/api/v1/challenges/{}",
    WebhookEvent.PROVEN: "/api/v1/innovations/{}",
    WebhookEvent.INTRODUCTION: "/introductions/{}",
}


@task(ANNOUNCE, prompt=True)
def announce(progress: Progress, event: str, number: int) -> None:
    """Write a message for every webhook whose person may see what happened."""
    kind = WebhookEvent(event)
    data = {"id": number, "url": full_address(ADDRESSES[kind].format(number))}
    for webhook in queries.listening_to(kind):
        if queries.may_hear(actor_of(webhook.user, webhook.membership), kind, number):
            services.write(webhook=webhook, event=event, data=dict(data))
    enqueue(DELIVER, key=DELIVER)
    db.session.commit()


@task(DELIVER, schedule="*/5 *")
def deliver(progress: Progress) -> None:
    """Send every message that is due. Nothing is held in the database meanwhile."""
    done = 0
    while (message := queries.due_message()) is not None:
        services.begin(message=message)
        db.session.commit()
        _send(message)
        done += 1
        progress(done, message="Sending to webhooks")


def _send(message: WebhookMessage) -> None:
    """Send one message and keep how it went."""
    webhook, body = message.webhook, message.body
    keys = [key_of(webhook.salt, secret) for secret in reversed(signing_keys())]
    headers = headers_of(message.number, now(), body, keys)
    url, may_be_private = webhook.url, current_app.config["WEBHOOKS_PRIVATE"]
    db.session.commit()
    code, answer = outbox.post(url, body, headers, may_be_private=may_be_private)
    services.settle(
        message=message, code=code, answer=answer, page=f"/webhooks/{message.webhook_id}"
    )
    db.session.commit()
