"""Let people ask each other: ICSs with one need, HINs for records to be shared, ICSs their HIN."""

from collections.abc import Iterator

from portal.accounts.models import Actor
from portal.challenges import services as challenges
from portal.challenges.models import Challenge
from portal.challenges.queries import supporter_ids
from portal.demo import queries
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.innovations.services.ownership import answer_request
from portal.innovations.services.requests import ask_to_share
from portal.matching.services import enquiries

STEPS = 3
"""How many steps `write` yields."""
TALKING = 4
"""So many of the challenges that several ICSs have are talked about."""


def write(places: Places, people: People) -> Iterator[None]:
    """Write all of it."""
    for step in (_talk, _ask_to_share, _ask_hins):
        step(places, people)
        yield


def _talk(places: Places, people: People) -> None:
    """Let those who have one challenge write to each other about it."""
    shared = [(one, supporter_ids(one.id)) for one in queries.open_challenges()]
    for place, (challenge, joined) in enumerate([pair for pair in shared if pair[1]][:TALKING]):
        diary = Diary(places.today, f"{challenge.external_key}:talk")
        others = [person for number in sorted(joined) for person in people.of[number]]
        stating = people.somebody(challenge.organisation, f"{challenge.external_key}:talk")
        _say(challenge, others[0], words.TALK[0], diary, 9 - place)
        _say(challenge, stating, words.TALK[1], diary, 7 - place)


def _say(challenge: Challenge, by: Actor, body: str, diary: Diary, days_ago: int) -> None:
    with happening(diary, days_ago):
        challenges.write(challenge=challenge, body=body, by=by)


def _ask_to_share(places: Places, people: People) -> None:
    """Ask the owners of two records that ICSs do not see; one answers, one has not yet."""
    diary = Diary(places.today, "sharing")
    with happening(diary, 8):
        declined = ask_to_share(
            innovation=queries.innovation_called("Kitchen Table Clinic"),
            by=people.by_key["third_hin"],
        )
    with happening(diary, 5):
        answer_request(request=declined, is_shared=False, by=people.by_key["charity"])
    with happening(diary, 2):
        ask_to_share(
            innovation=queries.innovation_called("Rounds in a Glance"),
            by=people.by_key["other_hin"],
        )


def _ask_hins(places: Places, people: People) -> None:
    """Let an ICS ask its HIN: a question that was answered, one that is late, a new one."""
    diary = Diary(places.today, "enquiries")
    lead, colleague = people.by_key["ics"], people.by_key["ics_colleague"]
    hin = people.by_key["hin"]
    own = [
        one
        for one in queries.open_challenges()
        if one.organisation_id == lead.organisation_id and one.opened_at
    ]
    with happening(diary, 24):
        asked = enquiries.ask_hin(words=words.ASKED[0], note=words.ASKED_NOTES[0], by=lead)
    with happening(diary, 21):
        enquiries.answer(enquiry=asked, text=words.ANSWERED, version=asked.version, by=hin)
    with happening(diary, 13):
        enquiries.ask_hin(words=words.ASKED[1], note=words.ASKED_NOTES[1], by=colleague)
    with happening(diary, 1):
        enquiries.ask_hin(challenge=own[0], note=words.ASKED_NOTES[2], by=lead)
