"""Find what an item can be about: records, challenges and programmes that everybody may read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.accounts.models import ANONYMOUS, Actor, Organisation
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.db import by_name, db, id_from
from portal.exchange.models import ContentItem
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.programmes.models import Programme
from portal.programmes.queries import visible_to as programme_visible_to

MAX_FOUND = 10
Named = tuple[str, str, str]
"""A value, what it is called, and a hint that tells it from others."""


def records_like(words: str) -> Sequence[Named]:
    """Return records that everybody may read whose name holds some words."""
    return _like(words, Innovation, Innovation.name, innovation_visible_to(ANONYMOUS))


def record_named(words: str) -> Named | None:
    """Return the one record of this name, None where there is none or several."""
    return _only(words, records_like(words))


def record_name(value: str) -> str:
    """Return what a record is called."""
    found = db.session.get(Innovation, id_from(value) or 0)
    return found.name if found else ""


def challenges_like(words: str) -> Sequence[Named]:
    """Return challenges that everybody may read whose title holds some words."""
    return _like(words, Challenge, Challenge.title, challenge_visible_to(ANONYMOUS))


def challenge_named(words: str) -> Named | None:
    """Return the one challenge of this title, None where there is none or several."""
    return _only(words, challenges_like(words))


def challenge_title(value: str) -> str:
    """Return what a challenge is called."""
    found = db.session.get(Challenge, id_from(value) or 0)
    return found.title if found else ""


def _like(
    words: str, of: Any, name: InstrumentedAttribute[str], visible: ColumnElement[bool]
) -> Sequence[Named]:
    """Return what everybody may read whose name holds some words, each with its organisation."""
    whose = aliased(Organisation)
    rows = db.session.execute(
        select(of.id, name, whose.name)
        .join(of.organisation.of_type(whose))
        .where(visible, name.icontains(words, autoescape=True))
        .order_by(by_name(name), of.id)
        .limit(MAX_FOUND)
    )
    return [(str(number), title, organisation) for number, title, organisation in rows]


def _only(words: str, found: Sequence[Named]) -> Named | None:
    same = [one for one in found if one[1].casefold() == words.casefold()]
    return same[0] if len(same) == 1 else None


def programmes() -> Sequence[tuple[int, str]]:
    """Return the programmes that everybody may read, by name."""
    rows = db.session.execute(
        select(Programme.id, Programme.name)
        .where(programme_visible_to(ANONYMOUS))
        .order_by(by_name(Programme.name), Programme.id)
    )
    return [(number, name) for number, name in rows]


def shown_record(actor: Actor, item: ContentItem) -> Innovation | None:
    """Return the record that an item is about, if the reader may see it."""
    found = select(Innovation).where(
        Innovation.id == item.innovation_id, innovation_visible_to(actor)
    )
    return db.session.scalar(found) if item.innovation_id else None


def shown_challenge(actor: Actor, item: ContentItem) -> Challenge | None:
    """Return the challenge that an item is about, if the reader may see it."""
    found = select(Challenge).where(Challenge.id == item.challenge_id, challenge_visible_to(actor))
    return db.session.scalar(found) if item.challenge_id else None


def shown_programme(actor: Actor, item: ContentItem) -> Programme | None:
    """Return the programme that an item is about, if the reader may see it."""
    found = select(Programme).where(Programme.id == item.programme_id, programme_visible_to(actor))
    return db.session.scalar(found) if item.programme_id else None
