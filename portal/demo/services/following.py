"""Who follows what of the Exchange in the demonstration, and what they were told of it."""

from portal.clock import now
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.exchange.queries import following as queries
from portal.exchange.serialise.asking import questions
from portal.exchange.services.following import follow, tell_of

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
