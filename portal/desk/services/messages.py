"""Send one message, filled for each, to the innovators of many engagements; keep templates."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock
from portal.desk.models import MessageTemplate
from portal.desk.rules import PLACEHOLDERS, MessageText, fill, placeholder_words, unknown
from portal.errors import Forbidden, Invalid
from portal.support import outbox, policy
from portal.support.models import DeskMessage, Engagement
from portal.support.rules import LIVE
from portal.support.services.due_dates import reschedule
from portal.text import is_called


def send(
    *, engagements: Sequence[Engagement], words: MessageText, by: Actor, at: datetime | None = None
) -> list[DeskMessage]:
    """Send the words to the owner and collaborators of each innovation, filled for it.

    All or none. Raises Forbidden for another HIN's engagement, Invalid for none, for empty words
    and for braces around what is no placeholder.
    """
    at = at or now()
    if not engagements:
        raise Invalid("Select at least one innovation", field="engagements")
    if not all(policy.can_decide(by, e) and e.state in LIVE for e in engagements):
        raise Forbidden("Only staff of the network whose engagement it is write from its desk.")
    check(words)
    return [_send(engagement, fill(words, engagement), by=by, at=at) for engagement in engagements]


def _send(engagement: Engagement, words: MessageText, *, by: Actor, at: datetime) -> DeskMessage:
    message = DeskMessage(
        engagement=engagement, subject=words.subject, body=words.body, at=at, by_id=by.user_id
    )
    db.session.add(message)
    outbox.note(
        "engagement.messaged",
        engagement.innovation,
        f"sent the message “{words.subject}”",
        by=by,
        at=at,
    )
    outbox.tell_innovators("desk/desk_message", engagement, at=at, words=words, by=by)
    reschedule(engagement)
    return message


def check(words: MessageText) -> None:
    """Raise Invalid for words that cannot be sent."""
    if not words.subject:
        raise Invalid("Enter a subject", field="subject")
    if not words.body:
        raise Invalid("Enter a message", field="body")
    wrong = unknown(words)
    if wrong:
        known = placeholder_words(PLACEHOLDERS)
        raise Invalid(
            f"{placeholder_words(wrong)} cannot be filled in. Use only {known}", field="body"
        )


def save_template(
    *,
    name: str,
    words: MessageText,
    by: Actor,
    template: MessageTemplate | None = None,
    version: int = 0,
) -> MessageTemplate:
    """Add a template of the actor's HIN, or change one.

    Raises Forbidden for anybody but HIN staff, Invalid as `send` does and for a name that is
    taken, Conflict when a colleague changed it meanwhile.
    """
    if not policy.can_log(by):
        raise Forbidden("Only staff of a network keep its templates.")
    check(words)
    others = select(MessageTemplate.name).where(
        MessageTemplate.hin_id == by.hin_id, MessageTemplate.id != (template.id if template else 0)
    )
    if is_called(name, db.session.scalars(others)):
        raise Invalid("Your network has a template of that name", field="name")
    if template is None:
        template = MessageTemplate(hin_id=by.hin_id)
        db.session.add(template)
    else:
        lock(template, seen=version, words=lambda: _who(template, by))
    template.name, template.subject, template.body = name, words.subject, words.body
    template.changed_at, template.changed_by_id = now(), by.user_id
    db.session.flush()
    _note(template, "saved", by)
    return template


def _who(template: MessageTemplate, by: Actor) -> str:
    is_own = template.changed_by_id == by.user_id
    who = "You changed this template in another tab or window" if is_own else ""
    return f"{who or 'A colleague changed this template'} while you were typing."


def delete_template(*, template: MessageTemplate, by: Actor) -> None:
    """Take a template away; what was sent with it stays."""
    _note(template, "deleted", by)
    db.session.delete(template)
    db.session.flush()


def _note(template: MessageTemplate, verb: str, by: Actor) -> None:
    summary = f"{verb} the message template “{template.name}”"
    record(f"template.{verb}", noun="template", noun_id=template.id, summary=summary, by=by)
