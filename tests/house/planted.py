"""What was written for few: a word of its own in every field that is for some people only."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import Actor, Membership, User
from portal.accounts.session import actor_of
from portal.answers.models import Answer, AnswerAssessor
from portal.answers.rules.assessing import STANDARD
from portal.answers.services import assessing, talking
from portal.challenges import services as challenges
from portal.challenges.models import Challenge
from portal.clock import today
from portal.community.models import Idea
from portal.db import db
from portal.impact.models import CompanyReturn, ReturnState, ReturnStep, StepKind
from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries.measures import standing_readings
from portal.improvement.rules.entering import Entry
from portal.improvement.services.measures import open_series
from portal.improvement.services.measures_readings import enter
from portal.innovations.models import RecordReminder
from portal.support.models import (
    Assignee,
    Engagement,
    Interaction,
    InteractionKind,
    Partnership,
    Proposal,
    Survey,
    Task,
    TaskState,
)
from portal.support.queries import engagement_of
from portal.support.services import closing, engagements, partnerships, tasks
from portal.support.services.interactions import InteractionDetails, correct, edit, log
from tests import makers

Names = Mapping[str, object]


@dataclass(frozen=True)
class Secret:
    """A word, and who may read it."""

    word: str
    readers: frozenset[str]
    said: str = ""
    """What is looked for where it is no word: a number that others see by the rule alone."""

    def __str__(self) -> str:
        return self.said or f"{self.word} for few"


def _secret(word: str, *readers: str) -> Secret:
    return Secret(word, frozenset(readers))


INTERACTION = _secret("zebrafinch", "hin")
TASK = _secret("oystercatcher", "hin", "innovator", "colleague")
REVIEW = _secret("greenfinch", "hin", "national")
PROPOSAL = _secret("kingfisher", "hin", "other_hin", "national")
SURVEY = _secret("sandpiper", "hin")
REASON = _secret("turnstone", "hin", "other_hin", "national")
CHALLENGE = _secret("nightjar", "ics", "other_ics")
ANSWER = _secret("wheatear", "innovator", "colleague", "ics")
"""In confidence in an answer: what it costs, and the words between both sides."""
PASSED = _secret("dotterel", "innovator", "colleague", "ics", "hin")
"""The rest of what an answer says."""
ASSESSED = _secret("linnet", "ics")
"""What an assessor thinks, and their interests."""
RETURN = _secret("redshank", "innovator", "colleague", "hin", "national")
"""What a company says in its yearly return, and what its network asks."""
DRAFT = _secret("whimbrel", "innovator", "colleague", "hin")
"""The same before it is handed in: of staff, a network that answers by phone."""
READING = _secret("plover", "hin", "national")
"""Why a count of patients was corrected."""
COUNTED = Secret("counted", READING.readers, "8,190,731")
"""Out of how many patients: others see it rounded, on pages, in titles of charts and in files."""
COUNTED_PLAIN = Secret("counted plainly", READING.readers, "8190731")
"""The same in a file."""
HELD = _secret("bittern", "ics", "other_ics", "national")
"""An idea that waits to be looked over: its author, and who looks over it."""
REMINDER = _secret("whinchat", "hin")
"""What somebody reminds themselves of about a record that others read, too."""
SECRETS = (
    HELD,
    REMINDER,
    RETURN,
    DRAFT,
    READING,
    COUNTED,
    COUNTED_PLAIN,
    ANSWER,
    PASSED,
    ASSESSED,
    CHALLENGE,
    INTERACTION,
    TASK,
    REVIEW,
    PROPOSAL,
    SURVEY,
    REASON,
)


def plant(names: Names) -> None:
    """Put the words into the world of the table, whose rows `names` tells; commits."""
    hin, owner = _acting("Hana West"), _acting("Ida Brown")
    case = engagement_of(int(str(names["engaging"])), hin.hin_id)
    assert case is not None
    _interactions(names, case, hin)
    _reasons(case, hin)
    _tasks(names, hin, owner)
    _between(names, hin, owner)
    _about_a_challenge(names)
    _in_an_answer(names)
    _in_returns(names)
    _counted(names, hin)
    _in_a_held_idea(names)
    day = db.session.get_one(RecordReminder, names["record_reminder"])
    day.words = f"{REMINDER} day"
    db.session.commit()


def overheard(person: str, answer: TestResponse) -> list[str]:
    """Return the words in an answer that are not for the person who got it."""
    text = text_of(answer)
    return [str(one) for one in SECRETS if person not in one.readers and str(one) in text]


def _acting(name: str) -> Actor:
    """Return somebody of the cast in the only role that they have."""
    of = select(Membership).join(User, User.id == Membership.user_id).where(User.name == name)
    membership = db.session.scalars(of).one()
    return actor_of(membership.user, membership)


def _interactions(names: Names, case: Engagement, hin: Actor) -> None:
    """In the interaction of the table, in one that its network corrected, and why."""
    told = {
        "kind": InteractionKind.CALL,
        "kind_ids": [makers.term_of_support().id],
        "minutes": 60,
        "title": f"{INTERACTION} title",
        "note": f"{INTERACTION} note",
        "next_step": f"{INTERACTION} step",
        "people": [f"{INTERACTION} person"],
        "organisations": [f"{INTERACTION} organisation"],
    }
    interaction = db.session.get_one(Interaction, names["interaction"])
    edit(
        interaction=interaction,
        version=interaction.version,
        details=InteractionDetails(on=today(), **told),
        by=hin,
    )
    last_year = today() - timedelta(days=200)
    past = log(engagements=[case], details=InteractionDetails(on=last_year, **told), by=hin)
    correct(
        interaction=past,
        details=InteractionDetails(on=last_year, **told),
        why=f"{INTERACTION} why",
        by=hin,
    )


def _reasons(case: Engagement, hin: Actor) -> None:
    """Why a level changed, and why it carries on though its hours are spent."""
    told = {"engagement": case, "by": hin, "why": f"{REASON} reason"}
    engagements.change_level(**told, version=case.version, level=1)
    length = {"kind": InteractionKind.CALL, "kind_ids": [makers.term_of_support().id]}
    log(engagements=[case], details=InteractionDetails(on=today(), minutes=600, **length), by=hin)
    engagements.carry_on(**told, version=case.version)


def _tasks(names: Names, hin: Actor, owner: Actor) -> None:
    """In a thread's title, its messages, its file and the words that end it."""
    task = db.session.get_one(Task, names["task"])
    file = (BytesIO(f"{TASK} file".encode()), f"{TASK.word}.txt")
    tasks.write(task=task, body=f"{TASK} question", file=file, by=hin)
    done = tasks.open_task(
        engagement=task.engagement,
        title=f"{TASK} title",
        body=f"{TASK} body",
        assignee=Assignee.INNOVATOR,
        by=hin,
    )
    ended = {"version": done.version, "state": TaskState.DONE, "words": f"{TASK} end"}
    tasks.end(task=done, by=owner, **ended)
    task.title = f"{TASK} title of the first"


def _in_a_held_idea(names: Names) -> None:
    """In every field of an idea that nobody has let through yet."""
    idea = db.session.get_one(Idea, names["idea_held"])
    for name in ("title", "problem", "words", "benefit"):
        setattr(idea, name, f"{HELD} {name}")


def _about_a_challenge(names: Names) -> None:
    """In a message and in its file, between the ICSs that have a challenge."""
    challenges.write(
        challenge=db.session.get_one(Challenge, names["of_two"]),
        body=f"{CHALLENGE} message",
        file=(BytesIO(f"{CHALLENGE} file".encode()), f"{CHALLENGE.word}.txt"),
        by=_acting("Otto Lane"),
    )


def _counted(names: Names, hin: Actor) -> None:
    """In a month that a network corrected, and in why it did."""
    measure = db.session.get_one(ImprovementMeasure, names["measure"])
    series = open_series(measure=measure, hin_id=hin.hin_id, by=hin)
    (row, *_) = reversed(
        [one for one in standing_readings([measure.id]) if one.series_id == series.id]
    )
    entry = Entry(row.on, 6_133.0, 8_190_731.0, row.id)
    enter(measure=measure, series=series, entries=[entry], why=f"{READING} why", by=hin)


def _in_an_answer(names: Names) -> None:
    """In every field of an answer, in its thread with a file, and in what assessors write."""
    answer = db.session.get_one(Answer, names["answer_passed"])
    answer.cost_note = f"{ANSWER} cost"
    answer.evidence, answer.where_it_runs = f"{PASSED} evidence", f"{PASSED} places"
    answer.asked_of_ics = f"{PASSED} needs"
    for point in answer.points:
        point.words = f"{PASSED} point"
    part = db.session.get_one(AnswerAssessor, names["answer_assessor"])
    ics = _acting("Isla Ward")
    scores = dict.fromkeys([one.key for one in STANDARD], 3)
    told = {"words": f"{ASSESSED} words", "by": ics}
    assessing.score(assessor=part, answer=answer, scores=scores, **told)
    file = (BytesIO(f"{ANSWER} file".encode()), f"{ANSWER.word}.txt")
    talking.write(answer=answer, body=f"{ANSWER} message", file=file, by=ics)


def _in_returns(names: Names) -> None:
    """In every field of a return that was handed in and of one that is begun, and in a question."""
    done = db.session.get_one(CompanyReturn, names["handed_return"])
    done.evidence, done.spoken_to = f"{RETURN} evidence", f"{RETURN} person"
    done.steps.append(ReturnStep(kind=StepKind.ASKED_BACK, words=f"{RETURN} question"))
    begun = db.session.get_one(CompanyReturn, names["company_return"])
    begun.evidence, begun.spoken_to = f"{DRAFT} evidence", f"{DRAFT} person"
    begun.state = ReturnState.BEGUN


def _between(names: Names, hin: Actor, owner: Actor) -> None:
    """In a review that is not shared, a proposal, and an answer to a survey."""
    partnership = db.session.get_one(Partnership, names["partnership"])
    partnerships.review(partnership=partnership, on=today(), outcomes=f"{REVIEW}", by=hin)
    db.session.get_one(Proposal, names["proposal"]).words = f"{PROPOSAL} words"
    closing.answer(
        survey=db.session.get_one(Survey, names["other_survey"]),
        scores={"reach": 1, "use": 2, "gain": 3},
        comment=f"{SURVEY} answer",
        may_be_read=True,
        by=owner,
    )


def text_of(answer: TestResponse) -> str:
    """Return all that an answer says; of a workbook, all its sheets."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    return b"\n".join(parts).decode(errors="replace")
