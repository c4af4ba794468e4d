"""Write the challenges of the demo world: posted over the last year, some closed, some drafts."""

from collections.abc import Iterator
from datetime import timedelta

from portal.accounts.models import Actor
from portal.challenges import services as challenges
from portal.challenges.models import Challenge, Outcome, Readers
from portal.challenges.rules import VOCABULARIES
from portal.clock import today
from portal.demo import queries
from portal.demo.queries import Record
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import chance, number, pick, shuffled
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.matching.services.closing import close
from portal.reference.models import Term
from portal.reference.queries import terms_by_code

STATED_BY = ("QWU", "QOP", "QJM", "QKK", "QVV", "national", "national", "QWU", "HI-EM")
"""Who states what the sources call a need of the whole country."""
CLOSED_OF_ALL = 10
JOINING = ("QOP", "QWU", "QJM", "QKK", "QVV")
"""The ICSs that have a challenge too, in turns: those that can be signed in to."""
JOINED_OF_100, JOINS_AFTER = 40, 3
ALWAYS_PUBLIC = frozenset({"ch-41", "ch-13"})
"""So that the innovator whom most visitors sign in as sees one that their product may fit, and a
system publishes an unmet need."""
READERS = (Readers.NHS, Readers.NHS, Readers.REGISTERED, Readers.PUBLIC, Readers.PUBLIC)


def write(places: Places, people: People) -> Iterator[None]:
    """Write every challenge; yields after each."""
    records = queries.records("challenges")
    closed = shuffled((record["key"] for record in records), "closed")[:CLOSED_OF_ALL]
    nationwide = [record["key"] for record in records if record["ics"] == "national"]
    for record in records:
        place = record["ics"]
        if place == "national":
            place = STATED_BY[nationwide.index(record["key"]) % len(STATED_BY)]
        _write(record, place, record["key"] in closed, places, people)
        yield
    for record in queries.records("challenge_drafts"):
        diary = Diary(places.today, record["key"])
        author = people.of[places.place(record["place"]).id][0]
        with happening(diary, number(record["key"], 2, 20)):
            _draft(record, author, diary, 0)
        yield
    _join(places, people)


def _join(places: Places, people: People) -> None:
    """Let other ICSs say of some open challenges that they have them too, soon after."""
    for challenge in queries.open_challenges():
        key = f"{challenge.external_key}:joined"
        opened = challenge.opened_at and (places.today - challenge.opened_at.date()).days
        person = people.somebody(places.place(pick(key, JOINING)), key)
        may = challenge.organisation_id != person.organisation_id
        if opened and opened > JOINS_AFTER + 2 and may and chance(key, JOINED_OF_100):
            with happening(Diary(places.today, key), opened - JOINS_AFTER):
                challenges.join(challenge=challenge, by=person)
                challenges.write(challenge=challenge, body=words.JOINED_MESSAGE, by=person)


def _write(record: Record, place: str, is_closed: bool, places: Places, people: People) -> None:
    key = record["key"]
    diary = Diary(places.today, key)
    author = people.somebody(places.place(place), f"{key}:author")
    opened = number(f"{key}:opened", 190, 360) if is_closed else number(f"{key}:opened", 8, 300)
    with happening(diary, opened + 5):
        challenge = _draft(record, author, diary, opened)
    with happening(diary, opened):
        challenges.post(challenge=challenge, version=challenge.version, by=author)
    if is_closed:
        _close(challenge, key, diary, author)


def _draft(record: Record, author: Actor, diary: Diary, opened: int) -> Challenge:
    key = record["key"]
    needed_in = timedelta(days=number(f"{key}:needed", 60, 300))
    readers = Readers.PUBLIC if key in ALWAYS_PUBLIC else pick(f"{key}:readers", READERS)
    content = challenges.Content(
        title=record["title"],
        problem=record["problem"],
        who_affected=record["who_affected"],
        how_many=record.get("how_many"),
        tried=record["tried"],
        outcome_wanted=record["outcome"],
        must_haves=record["must_haves"],
        needed_by=diary.today + needed_in if opened else None,
        contact_name=author.name,
        contact_email=f"{key}@demo.example",
        readers=readers,
        terms=_terms(record),
    )
    return challenges.draft(content=content, by=author, external_key=key, is_demo=True)


def _terms(record: Record) -> list[Term]:
    return [
        term
        for vocabulary in VOCABULARIES
        for term in terms_by_code(vocabulary, record.get(f"{vocabulary.value}s", []))
    ]


def _close(challenge: Challenge, key: str, diary: Diary, author: Actor) -> None:
    outcome = pick(f"{key}:outcome", tuple(Outcome))
    with happening(diary, number(f"{key}:closed", 5, 150)):
        close(
            challenge=challenge,
            outcome=outcome,
            note=words.CLOSED_NOTES[outcome.value],
            name=queries.helping_most(key),
            organisation=challenge.organisation,
            site=words.USE_SITE,
            from_on=today() - timedelta(days=14),
            version=challenge.version,
            by=author,
        )
