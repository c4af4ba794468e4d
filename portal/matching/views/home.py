"""What matching contributes to the home page: what fits, what is unmet, and gaps."""

from collections.abc import Sequence

from flask import url_for

from portal.accounts.models import Actor
from portal.matching.queries import home
from portal.matching.queries.enquiries import waiting_for
from portal.matching.queries.news import new_matches
from portal.matching.serialise import strength_of
from portal.web.home import Ask, HomeList

MAX_MATCHES = 5


def asks(actor: Actor) -> Sequence[Ask]:
    """Return what ICSs asked the actor's HIN to look for, until it is answered."""
    return [
        Ask(
            f"Look among what is not shared yet: {one.about}",
            url_for("matching.enquiry", enquiry_id=one.id),
            one.organisation.name,
            one.due_on,
        )
        for one in waiting_for(actor)
    ]


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
