"""Read surveys: who is asked, how many answered, and what they said."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.improvement.models import (
    SiteSurvey,
    SurveyCount,
    SurveyedPlace,
    SurveyResponse,
    SurveyWords,
)
from portal.improvement.policy import can_read
from portal.improvement.rules.survey_templates import TEMPLATES, Template
from portal.improvement.rules.surveys import Counts
from portal.programmes.rules.numbers import FEWEST
from portal.reference.models import Site

WITH = (joinedload(SiteSurvey.programme), joinedload(SiteSurvey.hin))


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey with how many places are asked and have answered."""

    survey: SiteSurvey
    asked: int
    answered: int

    @property
    def template(self) -> Template:
        """Return what it asks."""
        return template_of(self.survey)


def template_of(survey: SiteSurvey) -> Template:
    """Return what a survey asks."""
    return TEMPLATES[survey.template]


def surveys(*, programme_ids: Collection[int] | None = None) -> list[SurveyRow]:
    """Return the surveys, of some programmes, the newest first: two statements."""
    found: Select[SiteSurvey] = select(SiteSurvey).options(*WITH)
    if programme_ids is not None:
        found = found.where(SiteSurvey.programme_id.in_(programme_ids))
    rows = db.session.scalars(found.order_by(SiteSurvey.at.desc(), SiteSurvey.id.desc())).all()
    numbers = (
        select(
            SurveyedPlace.survey_id,
            func.count(),
            func.count().filter(SurveyedPlace.is_answered),
        )
        .where(SurveyedPlace.survey_id.in_([one.id for one in rows]))
        .group_by(SurveyedPlace.survey_id)
    )
    counted = {number: (asked, answered) for number, asked, answered in db.session.execute(numbers)}
    return [SurveyRow(one, *counted.get(one.id, (0, 0))) for one in rows]


def survey_for(actor: Actor, survey_id: int) -> SiteSurvey:
    """Return a survey, for people of networks, ICSs and the national team; raises NotFound."""
    found = db.session.get(SiteSurvey, survey_id, options=WITH)
    if found is None or not can_read(actor):
        raise NotFound("There is no such survey.")
    return found


def place_asked(place_id: int | None) -> SurveyedPlace | None:
    """Return a place that a survey asks, None where there is none."""
    if place_id is None:
        return None
    with_survey = joinedload(SurveyedPlace.survey).options(*WITH)
    return db.session.get(
        SurveyedPlace, place_id, options=(with_survey, joinedload(SurveyedPlace.site))
    )


def places_of(survey_id: int) -> Sequence[SurveyedPlace]:
    """Return the places that a survey asks, by name."""
    return db.session.scalars(
        select(SurveyedPlace)
        .join(SurveyedPlace.site)
        .where(SurveyedPlace.survey_id == survey_id)
        .options(joinedload(SurveyedPlace.site))
        .order_by(by_name(Site.name), SurveyedPlace.id)
    ).all()


def responses_of(survey_id: int) -> dict[int, int]:
    """Return how many answered at each place of a survey, by the place's number."""
    found = (
        select(SurveyResponse.place_id, func.count())
        .join(SurveyResponse.place)
        .where(SurveyedPlace.survey_id == survey_id)
        .group_by(SurveyResponse.place_id)
    )
    return dict(db.session.execute(found).all())


def counts_of(survey_id: int) -> Mapping[int, Counts]:
    """Return the counts of each place that answered, by its number."""
    found: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    rows = db.session.scalars(
        select(SurveyCount).join(SurveyCount.place).where(SurveyedPlace.survey_id == survey_id)
    )
    for row in rows:
        found[row.place_id][row.question, row.answer] = row.people
    return found


def words_at(place: SurveyedPlace) -> Sequence[str]:
    """Return what a place that answered for itself said in words."""
    found = select(SurveyWords.words).where(SurveyWords.place_id == place.id)
    return db.session.scalars(found.order_by(SurveyWords.id)).all()


def words_said(survey: SiteSurvey) -> Sequence[SurveyWords]:
    """Return what may be quoted, without an order that tells who wrote first: by the words. Where
    people were asked, nothing before as many answered as are shown."""
    if template_of(survey).asks_people and sum(responses_of(survey.id).values()) < FEWEST:
        return ()
    return db.session.scalars(
        select(SurveyWords)
        .where(SurveyWords.survey_id == survey.id)
        .options(joinedload(SurveyWords.place).joinedload(SurveyedPlace.site))
        .order_by(SurveyWords.words, SurveyWords.id)
    ).all()


def answered_between(first: date, last: date) -> Sequence[SurveyedPlace]:
    """Return the places at which somebody answered between two days, each survey's once."""
    on = SurveyResponse.on
    answered = select(SurveyResponse.place_id).where(on >= first, on <= last)
    return db.session.scalars(
        select(SurveyedPlace)
        .where(SurveyedPlace.id.in_(answered))
        .options(joinedload(SurveyedPlace.site), joinedload(SurveyedPlace.survey).options(*WITH))
        .order_by(SurveyedPlace.id)
    ).all()
