"""Where people stand in messages and emails, and how long those are kept."""

from portal.notifications.models import MAX_ATTEMPTS, Email, Notification, StoppedAddress
from portal.personal import Place, Retention, deleting

PLACES = (
    Place(
        "email",
        "emails",
        addresses="address",
        plain="root",
        typed="subject body error",
        stays="Their links open this portal alone, some without a password",
    ),
    Place(
        "notification", "messages in the inbox", typed="subject body", plain="url", theirs="user_id"
    ),
    Place("notification_choice", "choices of emails", theirs="user_id"),
    Place("notification_mute", "what is muted", typed="subject", plain="page", theirs="user_id"),
    Place(
        "stopped_address",
        "addresses that mail came back from",
        addresses="address",
        typed="reason",
        stays="Nothing must be posted there",
    ),
)

RETENTION = (
    Retention(
        code="emails",
        what="Emails: address and subject of those sent, and those that could not be sent",
        why="To tell somebody who asks what was sent to them and when",
        done="Deleted",
        days=90,
        floor=7,
        ceiling=400,
        **deleting(
            Email,
            lambda before: (
                (Email.sent_at < before)
                | ((Email.queued_at < before) & (Email.attempts >= MAX_ATTEMPTS))
            ),
        ),
    ),
    Retention(
        code="notifications",
        what="Messages in the inbox",
        why="So that a person finds again what they were told",
        done="Deleted",
        days=400,
        floor=30,
        ceiling=1100,
        **deleting(Notification, lambda before: Notification.at < before),
    ),
    Retention(
        code="stopped_addresses",
        what="Addresses that mail came back from, and what their mail server said",
        why="So that nothing is posted there",
        done="Deleted: mail is posted there again",
        days=400,
        floor=90,
        ceiling=800,
        **deleting(StoppedAddress, lambda before: StoppedAddress.at < before),
    ),
)
