"""Read the tests of the mandate, and what is known of records."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to
from portal.programmes.models import Answer, MandateCriterion, MandateResult
from portal.programmes.rules.mandate import Standing


def criteria() -> Sequence[MandateCriterion]:
    """Return every test, of all policy years."""
    return db.session.scalars(
        select(MandateCriterion).order_by(MandateCriterion.position, MandateCriterion.id)
    ).all()


def criterion_called(code: str) -> MandateCriterion:
    """Return a test by its code; raises NotFound."""
    found = db.session.scalar(select(MandateCriterion).where(MandateCriterion.code == code))
    if found is None:
        raise NotFound("There is no such test.")
    return found


def results_of(innovation_id: int) -> Sequence[MandateResult]:
    """Return every row of a record, the newest of each test first."""
    return db.session.scalars(
        select(MandateResult)
        .where(MandateResult.innovation_id == innovation_id)
        .options(joinedload(MandateResult.by), joinedload(MandateResult.criterion))
        .order_by(MandateResult.criterion_id, MandateResult.number.desc())
    ).all()


def last_number(innovation_id: int, criterion_id: int) -> int:
    """Return the number of the row that holds; 0 where there is none."""
    return (
        db.session.scalar(
            select(func.max(MandateResult.number)).where(
                MandateResult.innovation_id == innovation_id,
                MandateResult.criterion_id == criterion_id,
            )
        )
        or 0
    )


class MandateAnswers:
    """The answers of every record to the tests of a year, as columns of one statement."""

    def __init__(self, tests: Sequence[MandateCriterion]) -> None:
        self.tests = tests
        self.columns = {one.code: _answer(one) for one in tests}

    @property
    def shown(self) -> list[ColumnElement[Any]]:
        """Return the columns under the codes of their tests."""
        return [column.label(code) for code, column in self.columns.items()]

    def standing_is(self, wanted: Standing) -> ColumnElement[bool]:
        """Return SQL for `rules.mandate.standing` of a year that has tests."""
        answers = [func.coalesce(one, Answer.NOT_KNOWN.value) for one in self.columns.values()]
        fails = or_(*(one == Answer.NOT_MET.value for one in answers))
        qualifies = and_(*(one == Answer.MET.value for one in answers))
        if wanted is Standing.OPEN:
            return and_(~fails, ~qualifies)
        return fails if wanted is Standing.FAILS else qualifies

    @property
    def rank(self) -> ColumnElement[int]:
        """Return SQL that sorts records by where they stand: those that would qualify first."""
        ranked = ((self.standing_is(one), place) for place, one in enumerate(Standing))
        return case(*ranked, else_=len(Standing))


def _answer(criterion: MandateCriterion) -> ColumnElement[Any]:
    """Return SQL over `Innovation` for the newest answer to a test; null where nobody said."""
    row = aliased(MandateResult)
    return (
        select(row.answer)
        .where(row.innovation_id == Innovation.id, row.criterion_id == criterion.id)
        .order_by(row.number.desc())
        .limit(1)
        .correlate(Innovation)
        .scalar_subquery()
    )


def records_tested(
    actor: Actor, known: MandateAnswers, *, words: str = "", standing: Standing | None = None
) -> Select[Any]:
    """Return the records of which somebody recorded a test, that the actor sees, with the answers
    of the year."""
    rows = select(MandateResult.innovation_id)
    found = select(Innovation, *known.shown).where(visible_to(actor), Innovation.id.in_(rows))
    if words:
        found = found.where(Innovation.name.icontains(words, autoescape=True))
    if standing is not None:
        found = found.where(known.standing_is(standing))
    return found
