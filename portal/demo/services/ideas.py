"""Ask staff for ideas and answer them: a campaign that is open, one that has closed, one of the
nation, and ideas at every state. Made up; the words are in `data/ideas.jsonl`."""

from datetime import timedelta

from portal.accounts import services as accounts
from portal.accounts.models import SYSTEM, Actor, Organisation, OrganisationKind, Role
from portal.accounts.session import actor_of
from portal.challenges import services as challenges
from portal.challenges.models import Challenge, Readers
from portal.community.models import (
    Audience,
    Campaign,
    Idea,
    IdeaStage,
    IdeaState,
    Moderation,
    ReportReason,
)
from portal.community.services import answering, campaigns, moderating, posting, together
from portal.community.services.answering import Answer
from portal.db import db
from portal.demo import queries
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import LOADER, Places

TRUST = "Arden Vale Hospitals (demonstration)"
STAFF = {
    "nurse": ("Marta Kellaway", "nurse@wards.example"),
    "pharmacist": ("Ravi Thistlewood", "pharmacist@wards.example"),
    "newcomer": ("Jude Ormerod", "newcomer@wards.example"),
}
"""People of that trust: names, and addresses of a domain that counts as one of work."""
HOME = (
    "What would let people go home from hospital a day earlier?",
    "Something that a ward can try within a month. We help with an improvement lead's time.",
)
WINTER = ("What would keep people with poor lungs well this winter?", "It can start in weeks.")
NATION = ("What would save every member of staff an hour a week?", "")


def write(places: Places, people: People) -> None:
    """Write every campaign with its ideas."""
    told = _Told(places, people)
    _winter(told)
    _home(told)
    _nation(told)


class _Told:
    """What the stories share: the diary, the people, and the steps that they all take."""

    def __init__(self, places: Places, people: People) -> None:
        self.people, self.diary = people, Diary(places.today, "ideas")
        self.today = places.today
        self.rows = {row["key"]: row for row in queries.records("ideas")}
        with happening(self.diary, 70):
            at_trust = accounts.create_organisation(
                kind=OrganisationKind.NHS_TRUST,
                by=LOADER,
                is_demo=True,
                name=TRUST,
                ics_id=places.ics_now["QWU"].id,
            )
            self.of = {
                **{one: people.by_key[one] for one in ("ics", "other_ics", "hin", "national")},
                "colleague": people.by_key["ics_colleague"],
                **{key: _staff(people, at_trust, *who) for key, who in STAFF.items()},
            }

    def post(self, key: str, campaign: Campaign) -> Idea:
        """Post the idea of a key."""
        row = self.rows[key]
        names = ("title", "problem", "words", "benefit", "may_join", "tags")
        said = {name: row[name] for name in names}
        content = posting.Content(**said, stage=IdeaStage(row["stage"]))
        return posting.post(campaign=campaign, content=content, by=self.of[row["by"]], is_demo=True)

    def look(self, idea: Idea, by: str) -> None:
        """Take an idea on."""
        answering.look(idea=idea, version=idea.version, by=self.of[by])

    def answer(self, idea: Idea, state: IdeaState, words: str, by: str, where: str = "") -> None:
        """Answer an idea."""
        said = Answer(state=state, words=words, exists_url=where)
        answering.answer(idea=idea, answer=said, version=idea.version, by=self.of[by])

    def comment(self, idea: Idea, by: str, body: str) -> None:
        """Comment on an idea."""
        together.comment(idea=idea, body=body, by=self.of[by])

    def support(self, idea: Idea, *who: str) -> None:
        """Let people support an idea."""
        for one in who:
            together.support(idea=idea, by=self.of[one])


def _staff(people: People, place: Organisation, name: str, email: str) -> Actor:
    """Give the trust somebody with a work address, who signs in as everybody of this world does."""
    user = accounts.create_user(email=email, name=name, is_demo=True)
    user.password = people.stored_password
    member = accounts.add_membership(
        user=user, organisation=place, role=Role.INNOVATOR, is_lead=False, by=SYSTEM
    )
    db.session.flush()
    return actor_of(user, member)


def _winter(told: _Told) -> None:
    """Has closed: one became a challenge that is open, one not now, one exists already."""
    with happening(told.diary, 60):
        asked = _campaign(told, "hin", "Well through the winter", WINTER, opens=60, closes=-30)
    with happening(told.diary, 55):
        clinic, heating, masks = (told.post(key, asked) for key in ("clinic", "heating", "masks"))
    with happening(told.diary, 50):
        told.support(clinic, "ics", "colleague", "pharmacist")
        told.comment(clinic, "pharmacist", "Our pharmacy could open beside it.")
        posting.join(idea=clinic, by=told.of["pharmacist"])
    with happening(told.diary, 45):
        told.look(heating, "hin")
        told.answer(heating, IdeaState.TAKEN_UP, "We spread this with our pharmacies.", "hin")
        told.answer(masks, IdeaState.NOT_NOW, "Trusts do this already in their own way.", "hin")
    with happening(told.diary, 40):
        told.answer(clinic, IdeaState.TAKEN_UP, "We look for who can run it with you.", "hin")
        made = _became_challenge(told, clinic)
    with happening(told.diary, 39):
        challenges.post(challenge=made, version=made.version, by=told.of["hin"])


def _became_challenge(told: _Told, idea: Idea) -> Challenge:
    by = told.of["hin"]
    made = answering.become_challenge(idea=idea, version=idea.version, by=by)
    content = challenges.Content(
        title="People with COPD have nowhere to go at the weekend but the emergency department",
        problem=made.problem,
        who_affected="People with COPD in the West Midlands, in winter",
        tried=made.tried,
        outcome_wanted="Fewer attendances at weekends, with care that people like as much",
        readers=Readers.REGISTERED,
    )
    challenges.edit(challenge=made, content=content, version=made.version, by=by)
    return made


def _home(told: _Told) -> None:
    """Is open: posted, looked at, overdue, taken up, exists already, held, removed and appealed."""
    with happening(told.diary, 35):
        title = "A day earlier home"
        asked = _campaign(told, "ics", title, HOME, opens=35, closes=40)
    with happening(told.diary, 34):
        rota = told.post("rota", asked)  # nobody looked at it: its day has passed
    with happening(told.diary, 18):
        falls, whiteboard, video = (
            told.post(one, asked) for one in ("falls", "whiteboard", "video")
        )
        told.support(rota, "pharmacist", "hin")
    with happening(told.diary, 12):
        words = "This is in use in most hospitals: look there for how they began."
        told.answer(whiteboard, IdeaState.EXISTS, words, "ics", "https://www.england.nhs.uk")
        told.answer(falls, IdeaState.TAKEN_UP, "Two wards begin in January. Thank you.", "ics")
    with happening(told.diary, 9):
        told.look(video, "colleague")
        told.comment(video, "ics", "Which of your wards have a quiet room for it?")
        told.comment(video, "nurse", "All but one.")
    _talked_about(told, asked)
    _looked_over(told, asked)


def _talked_about(told: _Told, asked: Campaign) -> None:
    """One that many support, with comments, of which one is reported."""
    with happening(told.diary, 5):
        medicines = told.post("medicines", asked)
        told.support(medicines, "nurse", "colleague", "other_ics", "hin")
        told.comment(medicines, "hin", "A network hospital does this on two wards.")
        together.report(
            idea=medicines,
            message=together.comment(idea=medicines, body="Nobody asks us.", by=told.of["nurse"]),
            reason=ReportReason.UNKIND,
            words="Made up for the demonstration.",
            by=told.of["other_ics"],
        )


def _looked_over(told: _Told, asked: Campaign) -> None:
    """Held, taken back, removed with an appeal to decide."""
    with happening(told.diary, 3):
        told.post("link", asked)  # held: a first idea with a link
        bag = told.post("bag", asked)
        posting.withdraw(idea=bag, version=bag.version, by=told.of["nurse"])
        advert = told.post("advert", asked)
        why = "It sells something, which the code of conduct rules out."
        moderating.remove(idea=advert, version=advert.version, words=why, by=told.of["ics"])
    with happening(told.diary, 2):
        moderating.appeal(idea=advert, words="It is a good holder.", by=told.of["newcomer"])


def _nation(told: _Told) -> None:
    """Looks every idea over before it is posted; ideas are welcome at any time."""
    with happening(told.diary, 20):
        moderation = Moderation.BEFORE
        asked = _campaign(told, "national", "An hour a week", NATION, 20, moderation=moderation)
    with happening(told.diary, 8):
        told.post("passport", asked)


def _campaign(
    told: _Told,
    by: str,
    title: str,
    said: tuple[str, str],
    opens: int,
    closes: int | None = None,
    moderation: Moderation = Moderation.AFTER,
) -> Campaign:
    """Start a campaign of somebody's organisation, from so many days ago to so many from now."""
    last = None if closes is None else told.today + timedelta(days=closes)
    content = campaigns.Content(
        title=title,
        question=said[0],
        criteria=said[1],
        audience=Audience.EVERYONE,
        moderation=moderation,
        opens_on=told.today - timedelta(days=opens),
        closes_on=last,
    )
    return campaigns.start(content=content, by=told.of[by], is_demo=True)
