"""Tell ICSs once a week which of their matches are new."""

from collections.abc import Sequence

from sqlalchemy import select, update

from portal.accounts.models import User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import db
from portal.matching import outbox
from portal.matching.models import NewMatch, Suggestion


def tell_news(*, person: User, suggestions: Sequence[Suggestion]) -> None:
    """Send one person the new matches of their organisation, best first; nothing where none is."""
    if suggestions:
        outbox.tell_news(person, suggestions)
        db.session.flush()


def note_told(*, organisation_id: int) -> None:
    """Note that everything new for an organisation was told, or passed over, until now."""
    own = select(Challenge.id).where(Challenge.organisation_id == organisation_id)
    db.session.execute(
        update(NewMatch)
        .where(NewMatch.challenge_id.in_(own), NewMatch.told_at.is_(None))
        .values(told_at=now())
    )
    db.session.flush()
