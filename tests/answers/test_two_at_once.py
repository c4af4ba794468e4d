"""Two people at once, on PostgreSQL: assessors, those who decide, and who sends at closing time."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from portal.answers.models import Answer, AnswerAssessor, AnswerState, Assessment, DeclineReason
from portal.answers.rules.assessing import STANDARD
from portal.answers.services import answering, assessing, deciding
from portal.challenges import services as challenges
from portal.challenges.models import Challenge, ChallengeState, Outcome
from portal.clock import clock_at, end_of, now
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, PortalError
from portal.introductions.models import Introduction, Timescale
from tests import makers as rows
from tests.accounts.test_used_once import at_once, house
from tests.answers import makers
from tests.cast import Cast, Person

__all__ = ["house"]

Try = Callable[[], object]


def test_two_at_once(house: Flask) -> None:
    """One world for all four, because making it takes most of the time."""
    with house.app_context():
        cast = Cast()
        second = makers.colleague_of(cast.ics, "Sam Field")
        db.session.commit()
        two_assessors_score_all_and_nothing_is_lost(house, cast, second)
        of_two_who_decide_one_decides(house, cast, second)
        of_sending_and_closing_one_comes_first(house, cast)
        who_sends_after_the_last_moment_is_refused(house, cast)


def arrived(cast: Cast, title: str) -> tuple[int, int, int]:
    """The ids of a challenge and an answer that arrived, and its version."""
    db.session.expire_all()
    record = rows.innovation(f"For {title}", of=cast.innovator)
    sent = makers.sent(makers.stated(cast, title), record, cast.innovator)
    makers.passed_on(sent, cast.hin)
    db.session.commit()
    return sent.challenge_id, sent.id, sent.version


def two_assessors_score_all_and_nothing_is_lost(house: Flask, cast: Cast, second: Person) -> None:
    challenge_id, answer_id, _ = arrived(cast, "Scored")
    db.session.expire_all()
    challenge = db.session.get_one(Challenge, challenge_id)
    parts = {
        person.user.id: makers.assessor(challenge, person, cast.ics).id
        for person in (cast.ics, second)
    }
    db.session.commit()

    def scoring(person: Person, score: int) -> Try:
        part_id, by = parts[person.user.id], person.actor

        def give() -> object:
            assessing.score(
                assessor=db.session.get_one(AnswerAssessor, part_id),
                answer=db.session.get_one(Answer, answer_id),
                scores={one.key: score for one in STANDARD},
                words="",
                by=by,
            )
            return score

        return give

    got = at_once(house, scoring(cast.ics, 4), scoring(second, 2), scoring(cast.ics, 4))
    refused = [one for one in got if isinstance(one, PortalError)]
    assert all(isinstance(one, Invalid) and one.args[0] == assessing.SHOWN for one in refused)
    db.session.expire_all()
    given = db.session.scalars(select(Assessment).where(Assessment.answer_id == answer_id))
    assert sorted(set(one.scores.values()).pop() for one in given) == [2, 4]


def of_two_who_decide_one_decides(house: Flask, cast: Cast, second: Person) -> None:
    _, answer_id, version = arrived(cast, "Decided")
    ics, colleague = cast.ics.actor, second.actor

    def decline() -> object:
        deciding.decline(
            answer=db.session.get_one(Answer, answer_id),
            version=version,
            reason=DeclineReason.COST,
            words="Too much for us.",
            by=colleague,
        )
        return AnswerState.DECLINED

    def invite() -> object:
        deciding.invite(
            answer=db.session.get_one(Answer, answer_id),
            version=version,
            words="Nights.",
            timescale=Timescale.MONTH,
            takes_part="Lead for falls",
            by=ics,
        )
        return AnswerState.INVITED

    got = at_once(house, decline, invite)
    [stood] = [one for one in got if not isinstance(one, PortalError)]
    [refused] = [one for one in got if isinstance(one, PortalError)]
    assert isinstance(refused, Conflict), refused
    db.session.expire_all()
    assert db.session.get_one(Answer, answer_id).state is stood
    made = db.session.scalar(select(func.count()).select_from(Introduction))
    assert made == (1 if stood is AnswerState.INVITED else 0)


def of_sending_and_closing_one_comes_first(house: Flask, cast: Cast) -> None:
    """Either the answer arrived and the challenge waits for its decision, or it came too late."""
    db.session.expire_all()
    record = rows.innovation("Late one", of=cast.innovator)
    challenge = makers.stated(cast, "Closing", must_haves="One")
    challenge.organisation.ics_id = None  # no network stands between
    answer = makers.drafted(challenge, record, cast.innovator)
    db.session.commit()
    answer_id, seen = answer.id, answer.version
    challenge_id, version = challenge.id, challenge.version

    innovator, ics = cast.innovator.actor, cast.ics.actor

    def send() -> object:
        answer = db.session.get_one(Answer, answer_id)
        answering.send(answer=answer, version=seen, by=innovator)
        return "sent"

    def close() -> object:
        challenge = db.session.get_one(Challenge, challenge_id)
        told = {"outcome": Outcome.NO_LONGER_NEEDED, "note": "", "version": version}
        challenges.close(challenge=challenge, by=ics, **told)
        return "closed"

    got = at_once(house, send, close)
    assert len([one for one in got if isinstance(one, PortalError)]) == 1, got
    db.session.expire_all()
    answer = db.session.get_one(Answer, answer_id)
    is_open = answer.challenge.state is ChallengeState.OPEN
    assert is_open is (answer.state is AnswerState.SUBMITTED)
    assert is_open is ("sent" in got)


def who_sends_after_the_last_moment_is_refused(house: Flask, cast: Cast) -> None:
    """The last day of a call ends with its last minute, in England, whoever has the form open."""
    db.session.expire_all()
    challenge = makers.stated(cast, "Call at night")
    call = makers.published(challenge, cast.ics)
    names = ("In time", "Too late")
    drafts = [
        makers.drafted(challenge, rows.innovation(name, of=cast.innovator), cast.innovator).id
        for name in names
    ]
    db.session.commit()
    last = end_of(call.closes_on)
    assert last > now()

    by = cast.innovator.actor

    def sending(answer_id: int, after: timedelta) -> Try:
        def send() -> object:
            with clock_at(last + after):
                answer = db.session.get_one(Answer, answer_id)
                version = answer.version
                answering.send(answer=answer, version=version, by=by)
                return "sent"

        return send

    minute = timedelta(minutes=1)
    got = at_once(house, sending(drafts[0], -minute), sending(drafts[1], minute))
    assert got[0] == "sent"
    assert isinstance(got[1], (Invalid, Forbidden))
