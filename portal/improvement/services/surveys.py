"""Hold surveys at places, and take answers of whoever works there."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db, insert_into, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.models import (
    SiteSurvey,
    SurveyCount,
    SurveyedPlace,
    SurveyResponse,
    SurveyWords,
)
from portal.improvement.policy import can_hold_survey, can_recruit
from portal.improvement.queries.surveys import template_of
from portal.improvement.queries.teams import teams_on
from portal.improvement.rules.survey_templates import Template
from portal.programmes.models import Programme
from portal.reference.models import Site

CLOSED = "This survey is closed, and takes no more answers."
ANSWERED = "This place has answered already."


def begin_survey(
    *,
    programme: Programme,
    template: Template,
    name: str,
    closes_on: date,
    by: Actor,
    asks_teams: bool = False,
) -> SiteSurvey:
    """Begin a survey of one's own network; `asks_teams` asks every place of the network with a team
    that takes part in the programme.

    Raises Forbidden but for people of a network, Invalid for an end in the past.
    """
    if not can_recruit(by) or by.hin_id is None:
        raise Forbidden("A Health Innovation Network holds surveys.")
    _refuse_past(closes_on)
    survey = SiteSurvey(
        programme=programme,
        hin_id=by.hin_id,
        template=template.code,
        name=name,
        closes_on=closes_on,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(survey)
    db.session.flush()
    if asks_teams:
        rows = teams_on(today(), programme_ids=[programme.id], hin_id=by.hin_id)
        sites = {
            one.team.site.id: one.team.site for one in rows if one.is_testing and one.team.site
        }
        _ask(survey, sites.values())
    audit.note(programme, "survey_begun", f"began the survey “{name}”", by=by)
    return survey


def ask_place(*, survey: SiteSurvey, site: Site, by: Actor) -> None:
    """Ask a place as well; one that is asked already stays as it is.

    Raises Forbidden for another's survey, Conflict for one that is closed.
    """
    _refuse_unless_held(survey, by)
    _ask(survey, [site])
    words = f"asked {site.name} in the survey “{survey.name}”"
    audit.note(survey.programme, "survey_place_asked", words, by=by)


def _ask(survey: SiteSurvey, sites: Iterable[Site]) -> None:
    for site in sites:
        add_new(SurveyedPlace(survey_id=survey.id, site_id=site.id))
    db.session.flush()


def move_end(*, survey: SiteSurvey, version: int, closes_on: date, by: Actor) -> None:
    """Move the last day of a survey that is open. Raises Forbidden, Conflict, Invalid."""
    _refuse_unless_held(survey, by)
    _refuse_past(closes_on)
    lock(survey, seen=version)
    survey.closes_on = closes_on
    db.session.flush()
    words = f"moved the last day of the survey “{survey.name}”"
    audit.note(survey.programme, "survey_moved", words, by=by)


def close_survey(*, survey: SiteSurvey, by: Actor) -> None:
    """Close a survey for good: what was said is shown from now on, and one more answer would tell
    itself by the difference. Raises Forbidden, Conflict."""
    _refuse_unless_held(survey, by)
    lock(survey)
    _refuse_if_closed(survey)
    survey.closed_on = today()
    db.session.flush()
    audit.note(survey.programme, "survey_closed", f"closed the survey “{survey.name}”", by=by)


def ask_again(*, place: SurveyedPlace, by: Actor) -> None:
    """Let a place that answers for itself answer anew: what it said is deleted.

    Raises Forbidden, Conflict for a closed survey, Invalid where people were asked.
    """
    _refuse_unless_held(place.survey, by)
    if template_of(place.survey).asks_people:
        raise Invalid("What people said at a place stays as it is.")
    for table in (SurveyResponse, SurveyCount, SurveyWords):
        db.session.execute(delete(table).where(table.place_id == place.id))
    place.is_answered = False
    db.session.flush()
    words = f"let {place.site.name} answer the survey “{place.survey.name}” again"
    audit.note(place.survey.programme, "survey_place_reopened", words, by=by)


def take_answer(
    *, place: SurveyedPlace, answers: Mapping[str, int], words: str = "", may_quote: bool = False
) -> None:
    """Take the answer of somebody who works at a place: each is counted, the person is not kept.

    Raises Conflict where the survey is closed or the place has answered for itself, Invalid for no
    answer at all and for words that may not be quoted.
    """
    template = template_of(place.survey)
    lock(place.survey)  # who closes it waits, or was first
    _refuse_if_closed(place.survey)
    if not answers:
        raise Invalid("Answer at least one question")
    if words and not may_quote:
        raise Invalid("Tick that they may be quoted, or take the words out", field="may_quote")
    _mark(place, template)
    db.session.add(SurveyResponse(place_id=place.id, on=today()))
    for question, answer in answers.items():
        _count(place.id, question, answer)
    if words:
        at = None if template.asks_people else place.id
        told = SurveyWords(survey_id=place.survey_id, place_id=at, question="open", words=words)
        db.session.add(told)
    db.session.flush()


def _mark(place: SurveyedPlace, template: Template) -> None:
    """Note that a place has answered, by one conditional UPDATE: of two answers one is taken."""
    table = SurveyedPlace
    is_first = use_once(table, table.id == place.id, ~table.is_answered, is_answered=True)
    if not is_first and not template.asks_people:
        raise Conflict(ANSWERED)


def _count(place_id: int, question: str, answer: int) -> None:
    """Count one more, by one statement: two who answer at once are two."""
    row = insert_into(SurveyCount).values(
        place_id=place_id, question=question, answer=answer, people=1
    )
    keys = ["place_id", "question", "answer"]
    db.session.execute(
        row.on_conflict_do_update(index_elements=keys, set_={"people": SurveyCount.people + 1})
    )


def _refuse_past(closes_on: date) -> None:
    if closes_on < today():
        raise Invalid("The last day must be today or in the future", field="closes_on")


def _refuse_unless_held(survey: SiteSurvey, by: Actor) -> None:
    if not can_hold_survey(by, survey):
        raise Forbidden("The Health Innovation Network that holds a survey changes it.")
    _refuse_if_closed(survey)


def _refuse_if_closed(survey: SiteSurvey) -> None:
    if not survey.is_open_on(today()):
        raise Conflict(CLOSED)
