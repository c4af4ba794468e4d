"""Write calls and answers: calls at each of their phases, answers at each of their states. Made up.

The words are in `data/calls.jsonl` and `data/answers.jsonl`; here is who did what on which day.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal.accounts.models import Actor, User
from portal.answers.models import Answer, AnswerAssessor, DeclineReason, Meets
from portal.answers.queries import answers_to
from portal.answers.rules.assessing import criteria_of
from portal.answers.services import answering, assessing, brokering, deciding, results, talking
from portal.answers.services.answering import Content
from portal.challenges.models import Call, CallResult, Challenge
from portal.challenges.queries.calls import published_of
from portal.challenges.rules.calls import Terms, terms_of
from portal.challenges.services import calls
from portal.challenges.services.following import set_following
from portal.clock import today
from portal.db import db
from portal.demo import queries
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.services.happening import happening
from portal.demo.services.meetings import IntroductionStory
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.introductions.models import Timescale
from portal.introductions.queries import hins_for

FALLS, HOME, BREATH = "SteadyStep", "Warm Welcome Home", "Breath at the Bedside"
LETTERS, ROUNDS = "Letters in Plain Words", "Rounds in a Glance"
NOT_FIT = "Thank you. Made up: our teams could not use {} beside what they have this year."


def write(places: Places, people: People) -> None:
    """Write every call with its answers, then answers outside calls."""
    told = _Told(places, people)
    for story in (_open, _closing_soon, _assessed, _ended, _cancelled, _waiting):
        story(told)


class _Told:
    """What the stories share: the day, the people, and the steps that they all take."""

    def __init__(self, places: Places, people: People) -> None:
        self.places, self.people, self.today = places, people, places.today
        self.answers = {
            (row["challenge"], row["innovation"]): row for row in queries.records("answers")
        }
        self.calls = {row["challenge"]: row for row in queries.records("calls")}

    def diary(self, key: str) -> Diary:
        """Return the diary of one story."""
        return Diary(self.today, f"call:{key}")

    def challenge(self, key: str) -> Challenge:
        """Return the challenge with this key."""
        found = select(Challenge).where(Challenge.external_key == key, Challenge.is_demo)
        return db.session.scalars(found).one()

    def stating(self, challenge: Challenge) -> Actor:
        """Return the lead of those who state a challenge."""
        return self.people.of[challenge.organisation_id][0]

    def hin(self, challenge: Challenge) -> Actor:
        """Return the lead of the HIN where a challenge is stated."""
        lead = self.places.lead_hin[challenge.organisation.ics_id or 0]
        return self.people.of[self.places.of_hin[lead.id].id][0]

    def publish(self, key: str, closes_on: date, *, asked_for: tuple[date, date]) -> Call:
        """Write and publish the call of a challenge; it opens at once."""
        said, challenge = self.calls[key], self.challenge(key)
        by = self.stating(challenge)
        terms = Terms(
            opens_on=today(),
            closes_on=closes_on,
            questions_by=asked_for[0],
            replies_by=asked_for[1],
            who_may=said["who_may"],
            what_then=said["what_then"],
            criteria=[(name, weight) for name, weight in said["criteria"]],
            budget=said["budget"],
            contact_hin_id=self.hin(challenge).hin_id,
        )
        call = calls.write(challenge=challenge, terms=terms, version=0, by=by)
        calls.publish(call=call, version=call.version, by=by)
        return call

    def draft(self, key: str, name: str) -> tuple[Answer, Actor]:
        """Write an answer to a challenge with the record of a name; returns also by whom."""
        record, said = queries.innovation_called(name), self.answers[key, name]
        by = self.people.of[record.organisation_id][0]
        answer = answering.begin(
            challenge=self.challenge(key), innovation=record, by=by, is_demo=True
        )
        met = [Meets(one) if one else None for one in said["meets"]]
        cost = [None if one is None else Decimal(one) for one in said["cost"]]
        content = Content(
            points=[(one, said["words"] if place == 0 else "") for place, one in enumerate(met)],
            evidence=answer.evidence or "Made up for the demonstration.",
            where_it_runs=answer.where_it_runs,
            asked_of_ics=said["needs"],
            cost_from=cost[0],
            cost_to=cost[1],
            cost_note="Made up" if said["needs"] else "",
        )
        answering.write(answer=answer, content=content, version=answer.version, by=by)
        return answer, by

    def send(self, key: str, name: str) -> Answer:
        """Write and send it."""
        answer, by = self.draft(key, name)
        answering.send(answer=answer, version=answer.version, by=by)
        return answer

    def decline(self, answer: Answer, reason: DeclineReason) -> None:
        """Decline it, in words of its own."""
        words = NOT_FIT.format(answer.innovation.name)
        by = self.stating(answer.challenge)
        deciding.decline(answer=answer, version=answer.version, reason=reason, words=words, by=by)

    def assess(self, challenge: Challenge, who: Actor, answers: list[Answer]) -> None:
        """Let somebody declare that they have no interest and score these answers."""
        part = self.ask(challenge, who)
        assessing.declare(assessor=part, version=part.version, has_interest=False, by=who)
        keys = [one.key for one in criteria_of(published_of(challenge.id))]
        for answer in answers:
            scores = {key: number(f"{who.name}:{answer.id}:{key}", 1, 4) for key in keys}
            assessing.score(assessor=part, answer=answer, scores=scores, words="Made up.", by=who)

    def ask(self, challenge: Challenge, who: Actor) -> AnswerAssessor:
        """Ask somebody to assess."""
        person, by = db.session.get_one(User, who.user_id), self.stating(challenge)
        return assessing.ask_to_assess(challenge=challenge, person=person, by=by)

    def in_days(self, days: int) -> date:
        """Return the day so many days after today."""
        return self.today + timedelta(days=days)


def _open(told: _Told) -> None:
    """Open with days left: amended once, one question answered, one waiting; sealed answers."""
    key, diary = "ch-41", told.diary("open")
    days = (told.in_days(8), told.in_days(10))
    with happening(diary, 15):
        call = told.publish(key, told.in_days(12), asked_for=days)
    by, charity = told.stating(call.challenge), told.people.by_key["charity"]
    with happening(diary, 12):
        asked = calls.ask(call=call, question="May a home without wifi take part?", by=charity)
    with happening(diary, 9):
        calls.answer(question=asked, words="Yes. Two of our homes have none.", by=by)
    with happening(diary, 7):
        longer = replace(terms_of(call), closes_on=told.in_days(20))
        why = "Several asked for more time. Made up."
        calls.amend(call=call, terms=longer, why=why, version=call.version, by=by)
    with happening(diary, 5):
        told.send(key, HOME)
        innovator = told.people.by_key["innovator"]
        set_following(challenge=call.challenge, is_following=True, by=innovator)
        told.draft(key, FALLS)
    with happening(diary, 3):
        calls.ask(
            call=call,
            question="How many residents live in the six homes?",
            by=told.people.by_key["other_innovator"],
        )


def _closing_soon(told: _Told) -> None:
    """Two days are left."""
    key, diary = "ch-09", told.diary("soon")
    with happening(diary, 20):
        told.publish(key, told.in_days(2), asked_for=(told.in_days(-8), told.in_days(-5)))
    with happening(diary, 6):
        told.send(key, BREATH)


def _assessed(told: _Told) -> None:
    """Closed: one has scored all, one has begun, one has an interest and one declares first."""
    key, diary = "ch-06", told.diary("assessed")
    with happening(diary, 40):
        call = told.publish(key, told.in_days(-9), asked_for=(told.in_days(-20), told.in_days(-15)))
    for days, name in ((18, LETTERS), (15, ROUNDS), (12, HOME)):
        with happening(diary, days):
            told.send(key, name)
    challenge, everybody = call.challenge, told.people.by_key
    with happening(diary, 5):
        answers = list(answers_to(challenge.id))
        told.assess(challenge, everybody["ics_colleague"], answers)
        told.assess(challenge, everybody["ics"], answers[:1])
        told.ask(challenge, everybody["hin_colleague"])
        _has_an_interest(told, challenge, everybody["hin"])


def _has_an_interest(told: _Told, challenge: Challenge, who: Actor) -> None:
    part = told.ask(challenge, who)
    words = "I helped one of them to write its first bid. Made up."
    assessing.declare(assessor=part, version=part.version, has_interest=True, words=words, by=who)


def _ended(told: _Told) -> None:
    """Its result is published: one met and is on trial, two have their reasons."""
    key, diary = "ch-12", told.diary("ended")
    with happening(diary, 130):
        call = told.publish(
            key, told.in_days(-100), asked_for=(told.in_days(-115), told.in_days(-110))
        )
    with happening(diary, 110):
        first, second, third = (told.send(key, name) for name in (FALLS, BREATH, HOME))
    challenge, by = call.challenge, told.stating(call.challenge)
    with happening(diary, 92):
        told.assess(challenge, by, [first, second, third])
        told.decline(second, DeclineReason.EVIDENCE)
        told.decline(third, DeclineReason.MUST_HAVES)
        deciding.set_shortlisted(answer=first, is_shortlisted=True, by=by)
        _invite(first, by)
    _bring_to_trial(told, first, diary)
    with happening(diary, 45):
        words = "One answer is on trial with two community teams. Made up."
        results.publish(
            call=call, result=CallResult.TRIAL, words=words, version=call.version, by=by
        )
    with happening(diary, 10):
        words = "The teams want to go on after the trial. Made up, without a figure."
        calls.say_what_came(call=call, words=words, version=call.version, by=by)


def _invite(answer: Answer, by: Actor) -> None:
    deciding.invite(
        answer=answer,
        version=answer.version,
        words="How it would work with our community teams. Made up.",
        timescale=Timescale.MONTH,
        takes_part="Lead for falls, two community nurses",
        by=by,
    )


def _bring_to_trial(told: _Told, answer: Answer, diary: Diary) -> None:
    introduction, key = answer.introduction, "call:trial"
    if introduction is None:
        raise ValueError("an ICS's invitation is an introduction")
    by = told.stating(answer.challenge)
    hin = min(hins_for(by.ics_id or 0, answer.innovation_id))
    broker = told.people.somebody(told.places.of_hin[hin], key)
    maker = told.people.of[answer.innovation.organisation_id][0]
    story = IntroductionStory(introduction, by, broker, maker, key)
    for days, step in ((90, "take"), (88, "accept"), (84, "agree"), (75, "meet"), (50, "trial")):
        with happening(diary, days):
            getattr(story, step)()


def _cancelled(told: _Told) -> None:
    """Cancelled before its last day: the answer goes back unopened."""
    key, diary = "ch-25", told.diary("cancelled")
    with happening(diary, 6):
        call = told.publish(key, told.in_days(20), asked_for=(told.in_days(8), told.in_days(10)))
    with happening(diary, 4):
        told.send(key, LETTERS)
    with happening(diary, 1):
        words = "The national programme now brings this to us. Made up."
        by = told.stating(call.challenge)
        results.publish(
            call=call, result=CallResult.CANCELLED, words=words, version=call.version, by=by
        )


def _waiting(told: _Told) -> None:
    """Outside calls: one answer waits for the ICS, one at its HIN; one was sent back, one taken
    back by who wrote it."""
    diary = told.diary("waiting")
    with happening(diary, 9):
        arrived, back = (told.send("ch-45", name) for name in (ROUNDS, BREATH))
    hin, ics = told.hin(arrived.challenge), told.stating(arrived.challenge)
    with happening(diary, 7):
        brokering.pass_on(answer=arrived, version=arrived.version, by=hin)
        words = "Say how a breath test helps before a birth, or choose another challenge. Made up."
        brokering.send_back(answer=back, version=back.version, words=words, by=hin)
    with happening(diary, 4):
        talking.write(answer=arrived, body="From when could it show figures by unit?", by=ics)
        taken = told.send("ch-32", LETTERS)
        told.send("ch-32", HOME)
    with happening(diary, 2):
        by = told.people.of[taken.innovation.organisation_id][0]
        answering.withdraw(answer=taken, version=taken.version, by=by)
