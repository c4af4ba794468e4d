"""Levels are budgets: ask once when the hours pass the level's, and note what was answered."""

from datetime import datetime

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db
from portal.support import outbox
from portal.support.models import BudgetAnswer, BudgetAsk, Engagement
from portal.support.queries import interactions as queries
from portal.support.rules.interactions import hours_words, is_spent


def review(engagement: Engagement, *, by: Actor, at: datetime) -> BudgetAsk | None:
    """Ask what to do when the hours passed what is allowed, and tell the lead: once.

    Take the question back where the hours were put right and fit again. Flushes first.
    """
    db.session.flush()
    ask = queries.open_asks([engagement.id]).get(engagement.id)
    if ask is None and not queries.is_asking(engagement):
        return None
    stands = queries.budget(engagement)
    spent, allowed = stands.spent, stands.allowed
    if not is_spent(spent, allowed):
        if ask is not None:
            settle(engagement, BudgetAnswer.FITS, "", by=by, at=at)
        return None
    if ask is not None or allowed is None:
        return ask
    ask = BudgetAsk(
        engagement=engagement,
        level=engagement.level,
        allowed=allowed,
        spent=spent,
        asked_at=at,
    )
    db.session.add(ask)
    outbox.tell_hin(
        "budget", engagement, at=at, spent=hours_words(spent), allowed=hours_words(allowed)
    )
    return ask


def settle(
    engagement: Engagement, answer: BudgetAnswer, why: str, *, by: Actor, at: datetime | None
) -> BudgetAsk | None:
    """Note the answer to the open question of the engagement, if it asks one; does not flush."""
    ask = queries.open_asks([engagement.id]).get(engagement.id) if engagement.id else None
    if ask is None:
        return None
    ask.answer, ask.answered_at, ask.answered_by_id = answer, at or now(), by.user_id
    ask.spent, ask.why = queries.spent(engagement.id), why
    return ask
