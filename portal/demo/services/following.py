"""Who follows what of the Exchange in the demonstration, what they were told of it, and who follows
a record and keeps a day of it, or a challenge."""

from datetime import timedelta

from sqlalchemy import exists, select

from portal.accounts.models import ANONYMOUS
from portal.challenges.models import Call, Challenge, ChallengeState
from portal.challenges.policy import can_ask_about
from portal.challenges.queries import visible_to as challenges_visible_to
from portal.challenges.services.following import set_following
from portal.clock import now
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.exchange.queries import following as queries
from portal.exchange.serialise.asking import questions
from portal.exchange.services.following import follow, tell_of
from portal.innovations.models import Followed, Innovation
from portal.innovations.queries import visible_to
from portal.innovations.services import following as records

FOLLOWED = {
    "innovator": ("kind=funding", "kind=event"),
    "ics": ("kind=case-study", ""),
    "hin": ("kind=funding&kind=award",),
    "national": ("kind=case-study",),
}
BEFORE = 60
"""So many days ago they began: what is published stays longer."""


def write(places: Places, people: People) -> None:
    """Let people follow, and tell them of what was published since."""
    diary = Diary(places.today, "following")
    with happening(diary, BEFORE):
        for key, lists in FOLLOWED.items():
            for asked in lists:
                follow(asked=asked, by=people.by_key[key])
    with happening(diary, 1):
        asked_for = questions(queries.every_question())
        for item_id in queries.untold(now()):
            tell_of(item_id, asked_for)
        _follow_a_record(places, people)
        _follow_a_challenge(people)


def _follow_a_record(places: Places, people: People) -> None:
    """Let a system and its network follow the first record that everybody reads."""
    shared = select(Innovation).where(visible_to(ANONYMOUS)).order_by(Innovation.id)
    record = db.session.scalars(shared.limit(1)).one()
    for key, wanted in (("ics", {Followed.STATUS}), ("hin", set(Followed))):
        records.follow(innovation=record, wanted=wanted, by=people.by_key[key])
    records.remind(
        innovation=record,
        on=places.today + timedelta(days=21),
        words="Ask whether the winter figures are there (made up).",
        by=people.by_key["hin"],
    )


def _follow_a_challenge(people: People) -> None:
    """Let an innovator, a network and the nation follow the first open challenge that is no call
    and that everybody reads."""
    no_call = ~exists().where(Call.challenge_id == Challenge.id)
    found = select(Challenge).where(
        Challenge.state == ChallengeState.OPEN, challenges_visible_to(ANONYMOUS), no_call
    )
    challenge = db.session.scalars(found.order_by(Challenge.id).limit(1)).one()
    for key in ("innovator", "hin", "national"):
        by = people.by_key[key]
        if can_ask_about(by, challenge):
            set_following(challenge=challenge, is_following=True, by=by)
