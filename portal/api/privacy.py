"""Where people stand in the tables of the API, and how long that is kept."""

from portal.api.models import ApiChange, ApiRequest, WebhookMessage
from portal.personal import Place, Retention, deleting

OF_PROGRAMS = "It belongs to programs that have a token or a webhook of this portal"

PLACES = (
    Place("api_change", "the feed of changes", plain="readers"),
    Place(
        "api_request",
        "what programs sent once",
        hidden="key_hash content_hash",
        stays=OF_PROGRAMS,
    ),
    Place(
        "webhook",
        "webhooks",
        typed="url",
        plain="events",
        hidden="salt",
        theirs="user_id",
        stays=OF_PROGRAMS,
    ),
    Place(
        "webhook_message",
        "messages to webhooks",
        plain="number event body answer",
        stays=OF_PROGRAMS,
    ),
)

RETENTION = (
    Retention(
        code="api_changes",
        what="That a record or a challenge changed: its number, when, who might see it before",
        why="So that programs which keep a copy learn what they must change and forget",
        done="Deleted",
        days=400,
        floor=90,
        ceiling=730,
        **deleting(ApiChange, lambda before: ApiChange.at < before),
    ),
    Retention(
        code="api_requests",
        what="Keys of what programs sent, as hashes",
        why="So that what a program sends twice counts once",
        done="Deleted",
        days=30,
        floor=30,
        ceiling=30,
        **deleting(ApiRequest, lambda before: ApiRequest.at < before),
    ),
    Retention(
        code="webhook_messages",
        what="Messages to webhooks: the event, the number of what it was about, how it went",
        why="To see what arrived and what did not",
        done="Deleted",
        days=30,
        floor=7,
        ceiling=90,
        **deleting(WebhookMessage, lambda before: WebhookMessage.created_at < before),
    ),
)
