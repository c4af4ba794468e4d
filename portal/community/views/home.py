"""What ideas contribute to the home page and the navigation."""

from flask import url_for
from flask_login import current_user

from portal.accounts.models import Actor
from portal.community.queries.listing import (
    Queue,
    appealed,
    count_ours,
    is_waiting,
    reported,
    to_answer,
)
from portal.community.rules import ask_words, is_work_address
from portal.web.home import AskSource, HomeCard


def has_pages(actor: Actor) -> bool:
    """Whether the navigation leads to ideas: for staff. Who is invited to a campaign comes by the
    message that says so. The person is read already, so that this asks nothing of the database."""
    acts = actor.is_ics or actor.is_hin or actor.is_national
    is_member = actor.is_signed_in and actor.organisation_id is not None
    return acts or (is_member and is_work_address(current_user.email))


def _may_run(actor: Actor) -> bool:
    """Whether ideas may wait for them: leads of companies find nothing, those of trusts may."""
    leads = actor.is_innovator and actor.is_lead
    return actor.is_ics or actor.is_hin or actor.is_national or leads


CARDS = (
    HomeCard(
        code="ideas",
        label=lambda: "Ideas to answer",
        may=lambda actor: actor.is_ics or actor.is_hin or actor.is_national,
        count=lambda actor: count_ours(actor, is_waiting()),
        href=lambda: url_for("community.index", queue=Queue.OURS.value),
        sub=lambda counts: f"of {counts['ideas_ours']} in our campaigns",
        also={"ideas_ours": count_ours},
    ),
)

ASKS = (
    AskSource(
        may=_may_run,
        rows=to_answer,
        title=lambda ask: ask_words(ask.key, ask.name),
        href=lambda ask: url_for("community.show", idea_id=ask.id),
    ),
    AskSource(
        may=_may_run,
        rows=reported,
        title=lambda ask: f"Decide what was reported of the idea “{ask.name}”",
        href=lambda ask: url_for("community.show", idea_id=ask.id, _anchor="reports"),
    ),
    AskSource(
        may=_may_run,
        rows=appealed,
        title=lambda ask: f"Decide the appeal about the idea “{ask.name}”",
        href=lambda ask: url_for("community.decide_appeal", idea_id=ask.id),
    ),
)
