"""Read a HIN's message templates."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.db import by_name, db, id_from
from portal.desk.models import MessageTemplate
from portal.desk.rules import STARTERS, MessageText
from portal.errors import NotFound


def templates(actor: Actor) -> Sequence[MessageTemplate]:
    """Return the templates of the actor's HIN, by name."""
    return db.session.scalars(
        select(MessageTemplate)
        .where(MessageTemplate.hin_id == actor.hin_id)
        .order_by(by_name(MessageTemplate.name), MessageTemplate.id)
    ).all()


def template_for(actor: Actor, template_id: int) -> MessageTemplate:
    """Return a template of the actor's HIN: the only door. Raises NotFound for another's."""
    found = db.session.get(MessageTemplate, template_id)
    if found is None or actor.hin_id is None or found.hin_id != actor.hin_id:
        raise NotFound("There is no such template of your network.")
    return found


def words_of(actor: Actor, code: str) -> MessageText:
    """Return the words behind a code: a starter's, or the number of a template of the actor's HIN;
    empty ones for anything else."""
    for starter in STARTERS:
        if starter.code == code:
            return starter.words
    found = next((one for one in templates(actor) if one.id == id_from(code)), None)
    if found is not None:
        return MessageText(found.subject, found.body)
    return MessageText("", "")
