"""What programmes contribute to the home page: proposals to assess."""

from flask import url_for

from portal.programmes.policy import can_read_choosing
from portal.programmes.queries.asking import to_assess
from portal.web.home import AskSource

ASKS = (
    AskSource(
        may=can_read_choosing,
        rows=to_assess,
        title=lambda ask: f"Assess “{ask.text}”: declare your interests, then score it",
        href=lambda ask: url_for("programmes.proposal", proposal_id=ask.id),
    ),
)
