"""What answers contribute to the home page: what waits for whom, and a number with its list."""

from flask import url_for

from portal.answers.queries.listing import (
    counts,
    next_steps,
    to_assess,
    to_decide,
    unread_words,
)
from portal.answers.rules import ask_words
from portal.challenges.policy import can_post
from portal.web.home import AskSource, HomeCard

CARDS = (
    HomeCard(
        code="answers",
        label=lambda: "Answers to challenges",
        may=lambda actor: actor.is_innovator or actor.is_ics or actor.is_hin,
        count=counts,
        href=lambda: url_for("answers.index"),
        sub=lambda counts: f"{counts['answers_ours']} waiting for us",
    ),
)

ASKS = (
    AskSource(
        may=lambda actor: actor.is_innovator or actor.is_hin,
        rows=next_steps,
        title=lambda ask: ask_words(ask.key, ask.name),
        href=lambda ask: url_for("answers.show", answer_id=ask.id),
    ),
    AskSource(
        may=can_post,
        rows=to_decide,
        title=lambda ask: f"Tell everybody who answered “{ask.name}” what you decided",
        href=lambda ask: url_for("answers.grid", challenge_id=ask.id),
    ),
    AskSource(
        may=can_post,
        rows=to_assess,
        title=lambda ask: f"Assess the answers to “{ask.name}”",
        href=lambda ask: url_for("answers.declare", challenge_id=ask.id),
    ),
    AskSource(
        may=lambda actor: actor.is_innovator or can_post(actor),
        rows=unread_words,
        title=lambda ask: f"Read what was written to you about an answer to “{ask.name}”",
        href=lambda ask: url_for("answers.show", answer_id=ask.id, _anchor="messages"),
    ),
)
