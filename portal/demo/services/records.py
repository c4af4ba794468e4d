"""Write an innovation's own side of its story: registered, submitted, shared, kept current."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from portal.accounts.models import Actor, Organisation, OrganisationKind
from portal.demo.queries import Record
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import chance, pick
from portal.demo.rules.stories import Ending, Story
from portal.demo.services import answers
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import NATIONAL, Places
from portal.innovations.models import Innovation, Section, Sharing
from portal.innovations.sections.answers import Answers, version_of, version_of_all
from portal.innovations.services import drafts, ownership, submission
from portal.innovations.services import people as record_people
from portal.reference.models import Hin

Act = tuple[int, Callable[[], None]]
"""Something that somebody does, so many days before today."""

MOSTLY_OPEN = (Sharing.PUBLIC,) * 9 + (Sharing.HINS_AND_ICSS,) * 11
"""What is proven is told of in public sources, so that its owner shares it."""
SOMETIMES_OPEN = (Sharing.PUBLIC,) * 4 + (Sharing.HINS_AND_ICSS,) * 11 + (Sharing.HINS,) * 5
SOON = 5
"""Days within which a submission is too fresh for its owner to have thought about sharing."""


@dataclass
class Case:
    """A record on its way through its story."""

    record: Record
    story: Story
    diary: Diary
    innovation: Innovation
    owner: Actor
    hin: Hin
    """The HIN to which it comes."""

    @property
    def key(self) -> str:
        """What the data file calls it."""
        return str(self.record["key"])


def owner_of(record: Record, organisation: Organisation, places: Places, people: People) -> Actor:
    """Return who looks after a record: its maker's own person or, where the maker is a national
    body or a partnership of the past, somebody of the national team."""
    if record.get("owner"):
        return people.by_key[record["owner"]]
    if organisation.kind is OrganisationKind.NATIONAL:
        return people.somebody(places.named[NATIONAL], record["key"])
    return people.somebody(organisation, record["key"])


def register(record: Record, story: Story, places: Places, people: People) -> Case:
    """Register the record and draft its sections, a working week before it is submitted."""
    organisation = places.named[record["organisation"]]
    owner = owner_of(record, organisation, places, people)
    diary = Diary(places.today, record["key"])
    with happening(diary, story.submitted + 7):
        innovation = drafts.register(
            name=record["name"],
            summary=record["summary"],
            by=owner,
            organisation_id=organisation.id,
        )
        innovation.is_demo, innovation.source_note = True, _note(record)
        case = Case(record, story, diary, innovation, owner, places.hin_for(record["home_ics"]))
        _draft(case, places)
    return case


def _note(record: Record) -> str:
    if "source" not in record:
        return words.INVENTED_NOTE
    return words.SOURCE_NOTE.format(source=record["source"])


def _draft(case: Case, places: Places) -> None:
    used_from = case.diary.day(case.story.submitted + 30)
    told = answers.sections(case.record, case.story.stages[0][1], places, used_from)
    wanted = {"start": 1, "part": 2}.get(case.record.get("filled", "all"), len(told))
    for section, content in list(told.items())[:wanted]:
        if any(content.values()):
            save(case, section, content)


def save(case: Case, section: Section, content: Answers) -> None:
    """Keep answers as the draft of a section."""
    drafts.save_draft(
        innovation=case.innovation,
        section=section,
        answers=content,
        version=version_of(case.innovation, section),
        by=case.owner,
    )


def acts(case: Case, people: People) -> Iterator[Act]:
    """Yield what the innovator's side does after registering."""
    story = case.story
    if story.ending is Ending.DRAFT:
        return
    yield story.submitted, lambda: submit(case, story.submitted)
    if story.submitted >= SOON:
        yield story.submitted, lambda: share(case)
    for days_ago, stage in story.stages[1:]:
        yield days_ago, partial(reach_stage, case, days_ago, stage)
    if story.submitted > 60 and case.owner.is_innovator and chance(f"{case.key}:together", 12):
        yield story.submitted - 20, lambda: work_together(case, people)
    if story.ending in (Ending.ARCHIVED, Ending.RESTORED):
        yield story.ended or 1, lambda: archive(case)
    if story.ending is Ending.ENGAGING and chance(f"{case.key}:editing", 8):
        yield 2, lambda: begin_editing(case)


def submit(case: Case, days_ago: int) -> None:
    """Submit what waits."""
    with happening(case.diary, days_ago):
        submission.submit(
            innovation=case.innovation, version=version_of_all(case.innovation), by=case.owner
        )


def share(case: Case) -> None:
    """Let the owner choose who may see it, on the day of the submission."""
    levels = MOSTLY_OPEN if case.record.get("proven") else SOMETIMES_OPEN
    with happening(case.diary, case.story.submitted):
        ownership.change_sharing(
            innovation=case.innovation, sharing=pick(f"{case.key}:share", levels), by=case.owner
        )


def reach_stage(case: Case, days_ago: int, stage: str) -> None:
    """Bring the stage of development up to date."""
    with happening(case.diary, days_ago):
        save(case, Section.ABOUT, {"stage": stage})
    submit(case, days_ago)


def begin_editing(case: Case) -> None:
    """Leave a draft that waits, so that the task list has one."""
    with happening(case.diary, 2):
        save(case, Section.PLANS, {"plans": words.PLANS_DRAFT})


def work_together(case: Case, people: People) -> None:
    """Ask somebody of another organisation to help to keep the record; they accept."""
    days_ago = case.story.submitted - 20
    guests = [person for person in people.innovators() if person.user_id != case.owner.user_id]
    guest = pick(f"{case.key}:guest", guests)
    with happening(case.diary, days_ago):
        invitation = record_people.invite_collaborator(
            innovation=case.innovation, email=people.emails[guest.user_id], by=case.owner
        )
    with happening(case.diary, days_ago - 1):
        record_people.answer_invitation(invitation=invitation, accept=True, by=guest)


def archive(case: Case) -> None:
    """Take it out of use, and back again where the story says so."""
    ended = case.story.ended or 1
    why = words.ARCHIVED.get(case.key, words.PAUSED)
    with happening(case.diary, ended):
        ownership.archive(innovation=case.innovation, why=why, by=case.owner)
    if case.story.ending is Ending.RESTORED:
        with happening(case.diary, max(1, ended - 4)):
            ownership.restore(innovation=case.innovation, why=words.RESTORED, by=case.owner)
