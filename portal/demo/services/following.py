"""Who follows what of the Exchange in the demonstration, what they were told of it, and who follows
a record and keeps a day of it."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import ANONYMOUS
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
