"""Surveys of places: who is asked, and how many gave each answer. Nobody who answers is kept."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.programmes.models import Programme
from portal.reference.models import Hin, Site


class SiteSurvey(Versioned, Base):
    """A survey that a network holds at places, for a programme, until a day."""

    __tablename__ = "site_survey"
    __table_args__ = (Index("ix_site_survey_of_programme", "programme_id", "hin_id"),)

    id: Mapped[Id]
    template: Mapped[str]
    """The code of what is asked (`rules/survey_templates.py`); a template never changes."""
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    name: Mapped[str]
    closes_on: Mapped[date]
    """The last day on which it takes answers."""
    closed_on: Mapped[date | None]
    """The day on which a person closed it before."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin] = relationship()

    def is_open_on(self, day: date) -> bool:
        """Whether it takes answers on a day. Once it does not, it never does again."""
        return self.closed_on is None and day <= self.closes_on


class SurveyedPlace(Base):
    """A place that is asked."""

    __tablename__ = "site_survey_place"
    __table_args__ = (UniqueConstraint("survey_id", "site_id"),)

    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("site_survey.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    is_answered: Mapped[bool] = mapped_column(default=False, server_default=false())

    survey: Mapped[SiteSurvey] = relationship()
    site: Mapped[Site] = relationship()


class SurveyResponse(Base):
    """That somebody answered at a place on a day: neither who, nor what, nor at which hour."""

    __tablename__ = "site_survey_response"

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(
        ForeignKey("site_survey_place.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]

    place: Mapped[SurveyedPlace] = relationship()


class SurveyCount(Base):
    """How many at a place gave one answer to one question. Answers of one person are not joined."""

    __tablename__ = "site_survey_count"
    __table_args__ = (UniqueConstraint("place_id", "question", "answer"),)

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(ForeignKey("site_survey_place.id", ondelete="CASCADE"))
    question: Mapped[str]
    answer: Mapped[int]
    """The answer, by its number on the scale."""
    people: Mapped[int]
    """How many gave it."""

    place: Mapped[SurveyedPlace] = relationship()


class SurveyWords(Base):
    """What somebody wrote and agreed to be quoted, beside no other answer."""

    __tablename__ = "site_survey_words"

    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(
        ForeignKey("site_survey.id", ondelete="CASCADE"), index=True
    )
    place_id: Mapped[int | None] = mapped_column(
        ForeignKey("site_survey_place.id", ondelete="CASCADE"), index=True
    )
    """The place where it speaks for itself; None where people were asked."""
    question: Mapped[str]
    words: Mapped[str]

    survey: Mapped[SiteSurvey] = relationship()
    place: Mapped[SurveyedPlace | None] = relationship()
