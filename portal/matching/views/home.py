"""What matching contributes to the home page: what fits, what is unmet, and gaps."""

from flask import url_for

from portal.matching.policy import can_answer
from portal.matching.queries import home
from portal.matching.queries.enquiries import asked_of
from portal.matching.queries.news import new_matches
from portal.matching.serialise import strength_of
from portal.web.home import AskSource, HomeList

MAX_MATCHES = 5


ASKS = (
    AskSource(
        may=can_answer,
        rows=asked_of,
        title=lambda ask: f"Look among what is not shared yet: {ask.text}",
        href=lambda ask: url_for("matching.enquiry", enquiry_id=ask.id),
    ),
)

LISTS = (
    HomeList(
        "matching/_home_fitting.html",
        lambda actor: actor.is_innovator,
        lambda actor: {"fitting": home.fitting(actor)},
    ),
    HomeList(
        "matching/_home_matches.html",
        lambda actor: actor.is_ics,
        lambda actor: {
            "matches": new_matches(actor, most=MAX_MATCHES),
            "strength_of": strength_of,
        },
    ),
    HomeList(
        "matching/_home_unmet.html",
        lambda actor: actor.is_hin,
        lambda actor: {"unmet": home.unmet_needs(actor)},
    ),
    HomeList(
        "matching/_home_gaps.html",
        lambda actor: actor.is_national,
        lambda actor: {"gaps": home.coverage_gaps(actor)},
    ),
)
