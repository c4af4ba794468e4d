"""Write a HIN's side of the story: triage, level, validation, proven, and other HINs joining."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from portal.accounts.models import Actor, Organisation
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import chance, number, pick, shuffled
from portal.demo.rules.stories import Ending, Story
from portal.demo.services import directory
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.demo.services.records import Act, Case
from portal.innovations.models import Section, StandardStatus
from portal.innovations.rules.standing import is_bound_by_law
from portal.proof.models import ValidationState
from portal.proof.services import milestones, proven, validations
from portal.reference.models import Hin, Vocabulary
from portal.reference.queries import terms, terms_by_code
from portal.support import queries
from portal.support.models import Assignee, ClosingReason, Engagement, TaskState
from portal.support.queries.partnerships import partnership_of
from portal.support.queries.proposals import engaging_beside
from portal.support.queries.surveys import surveys_waiting
from portal.support.rules.closings import QUESTIONS, SCORE_OF_CONTENT
from portal.support.services import closing, engagements, outcomes, partnerships, tasks

UNREAD = (Ending.NEW, Ending.OVERDUE)


class Helper:
    """One HIN's person working on one case."""

    def __init__(self, case: Case, organisation: Organisation, people: People) -> None:
        self.case = case
        self.person: Actor = people.somebody(organisation, f"{case.key}:helper")

    def _engagement(self) -> Engagement:
        return queries.own_engagement(self.person, self.case.innovation.id)

    def _do(self, days_ago: int, service: Callable[..., Any], **words_of_it: Any) -> None:
        """Call a service that decides about the engagement, on that day."""
        engagement = self._engagement()
        with happening(self.case.diary, days_ago):
            service(
                engagement=engagement, version=engagement.version, by=self.person, **words_of_it
            )

    def pick_up(self, days_ago: int) -> None:
        """Take the case to read it."""
        self._do(days_ago, engagements.pick_up)

    def engage(self, days_ago: int, level: int, message: str) -> None:
        """Begin to help at a level."""
        beside = engaging_beside(self.case.innovation.id, self.person.hin_id)
        self._do(
            days_ago,
            outcomes.engage,
            known=beside,
            level=level,
            lead_id=self.person.user_id,
            message=message,
        )

    def change_level(self, days_ago: int, level: int) -> None:
        """Help more, or less."""
        up = level > (self._engagement().level or 0)
        why = pick(f"{self.case.key}:why:{level}", words.RAISED if up else words.LOWERED)
        self._do(days_ago, engagements.change_level, level=level, why=why)

    def wait(self, days_ago: int) -> None:
        """Put it off; for some the day has passed."""
        key = f"{self.case.key}:until"
        days = days_ago - 3 if chance(key, 25) else days_ago + 30
        until = self.case.diary.today + timedelta(days=max(2, days) - days_ago)
        what = pick(key, words.WAITING_FOR)
        self._do(days_ago, outcomes.wait, waiting_for=what, until=until)

    def ask_for_changes(self, days_ago: int) -> None:
        """Send it back with comments on two sections."""
        wanted = {Section(name): text for name, text in words.CHANGES.items()}
        self._do(days_ago, outcomes.request_changes, wanted=wanted, message=words.CHANGES_MESSAGE)

    def refuse(self, days_ago: int) -> None:
        """Say no, and where to go instead."""
        self._do(
            days_ago,
            outcomes.find_unsuitable,
            reason=words.UNSUITABLE,
            elsewhere=words.ELSEWHERE,
            entry_ids=[directory.partner_of(self.case.key)[0]],
        )

    def signpost(self, days_ago: int) -> None:
        """Point to a national partner."""
        key = self.case.key
        with happening(Diary(self.case.diary.today, f"{key}:signpost"), days_ago):
            directory.point(self._engagement(), key, self.person)

    def close(self, days_ago: int) -> None:
        """End the support."""
        summary = pick(f"{self.case.key}:closed", words.CLOSED)
        self._do(
            days_ago,
            closing.close,
            reason=pick(f"{self.case.key}:why-closed", tuple(ClosingReason)[:3]),
            summary=summary,
            next_step=words.CLOSED_NEXT,
        )
        if chance(f"{self.case.key}:survey", 60):
            self._answer(max(1, days_ago - 2))

    def _answer(self, days_ago: int) -> None:
        """Let the owner say how it was."""
        key = f"{self.case.key}:survey"
        waiting = surveys_waiting(self.case.owner)
        ours = [one for one in waiting if one.closing.engagement.id == self._engagement().id]
        if not ours:
            return
        marks = {name: number(f"{key}:{name}", 3, 5) for name in QUESTIONS}
        content, other = words.SURVEY_COMMENTS
        comment = content if min(marks.values()) >= SCORE_OF_CONTENT else other
        with happening(self.case.diary, days_ago):
            closing.answer(
                survey=ours[0],
                scores=marks,
                comment=comment if chance(key, 40) else "",
                may_be_read=True,
                by=self.case.owner,
            )

    def join(self, days_ago: int) -> None:
        """Begin as another HIN, beside the ones that help already."""
        innovation = self.case.innovation
        known = [found.hin_id for found in queries.engagements(innovation.id)]
        with happening(self.case.diary, days_ago):
            engagements.join(innovation=innovation, known=known, by=self.person)

    def validate(self, days_ago: int, place: Organisation, *, is_over: bool) -> None:
        """Record a real-world validation that is running, or one that ended well."""
        case = self.case
        told: dict[str, Any] = {
            "state": ValidationState.RUNNING,
            "question": words.VALIDATION_RUNNING,
            "organisation_id": place.id,
            "care_setting_id": _setting(case),
            "kinds": [t.id for t in terms(Vocabulary.SUPPORT_KIND) if t.code in words.VALIDATED_BY],
            "partner": words.VALIDATION_PARTNER,
            "method": words.VALIDATION_METHOD,
            "from_on": case.diary.day(days_ago),
        }
        if is_over:
            told |= {
                "state": ValidationState.COMPLETED,
                "question": words.VALIDATION_QUESTION,
                "from_on": case.diary.day(days_ago + 90),
                "to_on": case.diary.day(days_ago + 5),
                "is_positive": True,
                "result": words.VALIDATION_RESULT,
            }
        with happening(case.diary, days_ago):
            validations.add_validation(innovation=case.innovation, by=self.person, **told)

    def talk(self, days_ago: int) -> None:
        """Ask the innovator for something, and get it two days later."""
        with happening(self.case.diary, days_ago):
            task = tasks.open_task(
                engagement=self._engagement(),
                title=words.TASK,
                body=words.TASK_WORDS,
                assignee=Assignee.INNOVATOR,
                due_on=self.case.diary.day(days_ago - 5),
                by=self.person,
            )
        if chance(f"{self.case.key}:answers", 60):
            with happening(self.case.diary, days_ago - 2):
                tasks.end(
                    task=task,
                    version=task.version,
                    state=TaskState.DONE,
                    words=words.TASK_DONE,
                    by=self.case.owner,
                )

    def partner(self, days_ago: int) -> None:
        """Record what was agreed at level 4."""
        with happening(self.case.diary, days_ago):
            partnerships.agree(
                engagement=self._engagement(),
                version=0,
                aims=words.AIMS,
                agreed_on=self.case.diary.day(days_ago),
                review_on=self.case.diary.day(min(days_ago - 180, -30)),
                by=self.person,
            )

    def review_partnership(self, days_ago: int) -> None:
        """Record what came of it, once for the network alone and once for the innovator too."""
        row = partnership_of(self._engagement().id)
        if row is None:
            return
        with happening(self.case.diary, days_ago):
            for outcomes, is_shared in words.REVIEWS:
                partnerships.review(
                    partnership=row,
                    on=self.case.diary.day(days_ago),
                    outcomes=outcomes,
                    is_shared=is_shared,
                    next_on=row.review_on,
                    by=self.person,
                )

    def tick(self, days_ago: int, code: str) -> None:
        """Tick a milestone."""
        [milestone] = terms_by_code(Vocabulary.MILESTONE, [code])
        with happening(self.case.diary, days_ago):
            milestones.tick(
                innovation=self.case.innovation,
                milestone=milestone,
                on=self.case.diary.day(days_ago),
                evidence=words.MILESTONE_EVIDENCE,
                by=self.person,
            )

    def verify(self, days_ago: int) -> None:
        """Check the standards that the law asks for, and verify the record as proven."""
        innovation, renewal = self.case.innovation, self.case.story.renewal
        until = self.case.diary.today + timedelta(days=renewal) if renewal else None
        with happening(self.case.diary, days_ago):
            for held in innovation.standards:
                if is_bound_by_law(held) and held.status is StandardStatus.YES:
                    validations.check_standard(
                        standard=held,
                        innovation=innovation,
                        valid_until=self.case.diary.today + timedelta(days=900),
                        by=self.person,
                    )
        with happening(self.case.diary, days_ago):
            proven.verify_proven(innovation=innovation, by=self.person, valid_until=until)


def acts(case: Case, places: Places, people: People) -> Iterator[Act]:
    """Yield what the HIN in whose queue the record is does, and the one that joins."""
    story = case.story
    if story.ending in UNREAD or story.ending is Ending.DRAFT:
        return
    helper = Helper(case, places.of_hin[case.hin.id], people)
    yield story.submitted - 2, lambda: helper.pick_up(story.submitted - 2)
    yield from _decision(helper, story)
    yield from _working(helper, places)
    if story.verified:
        yield story.verified, lambda: helper.verify(story.verified or 0)
    for partner, days_ago, level in partners(case, places, people):
        message = pick(f"{case.key}:{days_ago}", words.PARTNER)
        yield days_ago, partial(partner.join, days_ago)
        yield days_ago - 6, partial(partner.engage, days_ago - 6, level, message)
    if story.ended and story.ending is Ending.CLOSED:
        yield story.ended, lambda: helper.close(story.ended or 0)
    elif story.ended and story.ending is Ending.WAITING:
        yield story.ended, lambda: helper.wait(story.ended or 0)


def partners(case: Case, places: Places, people: People) -> Iterator[tuple[Helper, int, int]]:
    """Yield each HIN that joins, with the days ago on which it does and its level."""
    others = shuffled((hin.code for hin in _others(case, places)), f"{case.key}:joins")
    for code, (days_ago, level) in zip(others, case.story.partners, strict=False):
        yield Helper(case, places.place(code), people), days_ago, level


def _decision(helper: Helper, story: Story) -> Iterator[Act]:
    decided = story.submitted - 9
    if story.ending is Ending.CHANGES:
        yield decided, lambda: helper.ask_for_changes(decided)
    elif story.ending is Ending.UNSUITABLE:
        yield decided, lambda: helper.refuse(decided)
    elif story.levels:
        (decided, level), *later = story.levels
        message = pick(f"{helper.case.key}:engaging", words.ENGAGING)
        yield decided, partial(helper.engage, decided, level, message)
        for days_ago, changed in later:
            yield days_ago, partial(helper.change_level, days_ago, changed)
        yield from _talking(helper, story)
        yield from _pointing(helper, decided - 2, story.ended or 0)


def _talking(helper: Helper, story: Story) -> Iterator[Act]:
    """Write about a task, one case in five; record what was agreed at level 4."""
    (decided, _), (last, level) = story.levels[0], story.levels[-1]
    first = decided - 3
    if first - (story.ended or 0) > 6 and chance(f"{helper.case.key}:talks", 20):
        yield first, partial(helper.talk, first)
    if level == partnerships.LEVEL and last - (story.ended or 0) > 1:
        yield last - 1, partial(helper.partner, last - 1)
        reviewed = (last + (story.ended or 0)) // 2
        if (story.ended or 0) < reviewed < last - 1:
            yield reviewed, partial(helper.review_partnership, reviewed)


def _pointing(helper: Helper, days_ago: int, ended: int) -> Iterator[Act]:
    """Point one case in six to a national partner."""
    if days_ago > max(ended, 0) + 1 and chance(f"{helper.case.key}:pointed", 17):
        yield days_ago, partial(helper.signpost, days_ago)


def _working(helper: Helper, places: Places) -> Iterator[Act]:
    """Validate what the proof needs and the sources do not report, and some others."""
    case, story = helper.case, helper.case.story
    if not story.levels:
        return
    yield from _ticked(helper)
    place = places.place(case.record["home_ics"])
    reports = [item for item in case.record.get("evidence", []) if item["kind"] == "REAL_WORLD"]
    if story.verified and not reports:
        days_ago = story.verified + 15
        yield days_ago, partial(helper.validate, days_ago, place, is_over=True)
    elif story.ending is Ending.ENGAGING and _is_being_tried(case):
        days_ago = number(f"{case.key}:tried", 4, 40)
        yield days_ago, partial(helper.validate, days_ago, place, is_over=False)


def _ticked(helper: Helper) -> Iterator[Act]:
    """Tick a few milestones between the decision and the end, one in three cases."""
    case, story = helper.case, helper.case.story
    first, last = story.levels[0][0], story.ended or 0
    if first - last < MILESTONES_APART * 4 or not chance(f"{case.key}:milestones", 33):
        return
    codes = words.MILESTONES[: number(f"{case.key}:milestones", 1, 3)]
    for place, code in enumerate(codes, start=1):
        days_ago = first - place * MILESTONES_APART
        yield days_ago, partial(helper.tick, days_ago, code)


MILESTONES_APART = 7
"""Days between two milestones of the same innovation."""


def _setting(case: Case) -> int | None:
    """Return the first care setting of the record, where a validation is tried."""
    codes = case.record.get("care_settings") or [""]
    return next((t.id for t in terms(Vocabulary.CARE_SETTING) if t.code == codes[0]), None)


def _is_being_tried(case: Case) -> bool:
    """Whether a validation runs: for what is tested in real settings, and some others."""
    return case.record["stage"] == "REAL_WORLD_TEST" or chance(f"{case.key}:tried", 10)


def _others(case: Case, places: Places) -> list[Hin]:
    hins = [organisation.hin for organisation in places.of_hin.values()]
    return [hin for hin in hins if hin is not None and hin.id != case.hin.id]
