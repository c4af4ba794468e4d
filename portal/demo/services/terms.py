"""The terms of use of the demonstration: a version for each kind of people, accepted by everybody,
and one that is to come."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Membership, MembershipState
from portal.accounts.models.terms import TermsAudience
from portal.accounts.queries.terms import audience_of, in_force
from portal.accounts.services.terms import accept, publish
from portal.accounts.session import actor_of
from portal.clock import today
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.rules.stories import MAX_DAYS_AGO
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places

SHARED = """## What you enter

Enter what is true and yours to share. Never enter anything about a patient.

## What others enter

Do not pass on what is commercial in confidence.
"""
OWN = {
    TermsAudience.INNOVATORS: "Keep your records right: say within a month what has changed.",
    TermsAudience.ICS: "Whoever answers a call gets an answer with a reason, by its day.",
    TermsAudience.HINS: "Verify as proven only what you have checked against the rules.",
    TermsAudience.NATIONAL: "Publish no number that cannot be traced to rows.",
}


def write(places: Places, people: People) -> None:
    """Publish each version, and let everybody who acts for somebody accept theirs."""
    diary, by = Diary(places.today, "terms"), people.by_key["administrator"]
    with happening(diary, MAX_DAYS_AGO):
        for audience, own in OWN.items():
            words = f"{SHARED}\n## What is yours\n\n{own} (Made up for the demonstration.)\n"
            publish(audience=audience, from_on=today(), words=words, changed="", by=by)
        _accept()
    with happening(diary, 2):
        publish(
            audience=TermsAudience.INNOVATORS,
            from_on=places.today + timedelta(days=40),
            words=f"{SHARED}\n## What is yours\n\nKeep your records right (made up).\n",
            changed="The month to say what has changed is gone (made up).",
            by=by,
        )


def _accept() -> None:
    acting = select(Membership).where(Membership.state == MembershipState.ACTIVE)
    for row in db.session.scalars(acting.order_by(Membership.id)).all():
        actor = actor_of(row.user, row)
        audience = audience_of(actor)
        version = in_force(audience, today()) if audience else None
        if version is not None:
            accept(version=version, by=actor)
