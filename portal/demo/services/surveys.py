"""Write surveys of care homes: of culture, closed, and an assessment, open. Made up."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.services.happening import happening
from portal.demo.services.improvement import NAME
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.improvement.models import SiteSurvey, SurveyedPlace
from portal.improvement.queries.surveys import places_of
from portal.improvement.rules.survey_templates import ASSESSMENT, CULTURE, Template
from portal.improvement.services import surveys
from portal.programmes.models import Programme

SIZES = (22, 14, 5)
"""So many answered at each home: of the last one too few to be shown."""
WORDS = ("Time to talk at handover", "A second thermometer on each floor")


def write(places: Places, people: People) -> None:
    """Write both, in the order of their days."""
    diary, by = Diary(places.today, "surveys"), people.by_key["hin"]
    with happening(diary, 60):
        culture = _begin(CULTURE, "How safe are our care homes? (made up)", by)
    with happening(diary, 45):
        for size, place in zip(SIZES, places_of(culture.id), strict=False):
            for person in range(size):
                _person(place, person)
    with happening(diary, 8):
        open_one = _begin(ASSESSMENT, "Noticing that somebody is more ill (made up)", by)
    with happening(diary, 3):
        for place in places_of(open_one.id)[:2]:
            _place(place)


def _begin(template: Template, name: str, by: Actor) -> SiteSurvey:
    survey = surveys.begin_survey(
        programme=db.session.scalars(select(Programme).where(Programme.name == NAME)).one(),
        template=template,
        name=name,
        closes_on=today() + timedelta(days=28),
        asks_teams=True,
        by=by,
    )
    survey.is_demo = True
    db.session.flush()
    return survey


def _person(place: SurveyedPlace, person: int) -> None:
    """Answer as one of those who work there; every tenth writes something."""
    key = f"survey:{place.site.code}:{person}"
    answers = {
        one.code: max(0, min(4, number(f"{key}:{one.code}", 1, 5) - at % 3 // 2))
        for at, one in enumerate(CULTURE.questions)
    }
    words = WORDS[person // 10 % len(WORDS)] if person % 10 == 3 else ""
    surveys.take_answer(place=place, answers=answers, words=words, may_quote=bool(words))


def _place(place: SurveyedPlace) -> None:
    """Answer for a home."""
    answers = {
        one.code: number(f"survey:{place.site.code}:{one.code}", 0, 3)
        for one in ASSESSMENT.questions
    }
    surveys.take_answer(place=place, answers=answers)
