"""Read what was planned and seen of each product of programmes, and what was spent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import by_name, db
from portal.impact.rules.benefits import Cost, Realised, cost, realised
from portal.impact.rules.groups import GroupReach, groups_reached
from portal.programmes.models import (
    FundApplication,
    FundRound,
    Measure,
    Programme,
    ProgrammeProduct,
    ProgrammeValue,
    Trajectory,
    ValueKind,
)
from portal.programmes.queries import visible_to
from portal.programmes.queries.measuring import WITH, against
from portal.programmes.rules.values import GROUP_REACHED
from portal.reference.models import Vocabulary
from portal.reference.queries import labels_of


@dataclass(frozen=True, slots=True)
class Benefit:
    """One measure of one product (over one cohort) of a programme."""

    programme: Programme
    product: ProgrammeProduct
    measure: Measure
    part: str
    found: Realised
    spent: int | None
    """Of the programme's fund, in pounds; None where nobody said."""
    cost: Cost | None


def benefits(actor: Actor) -> list[Benefit]:
    """Return what is planned in programmes that the actor may read, by programme and product.

    Four statements.
    """
    groups: dict[tuple[int, int, int, str], list[Trajectory]] = defaultdict(list)
    for one in _trajectories(actor):
        groups[one.programme_id, one.product_id, one.measure_id, one.part].append(one)
    ids = {key[0] for key in groups}
    rows, spent = _values(ids), _spent(ids)
    return [
        _benefit(versions, rows[key[0], key[2]], spent.get(key[0]))
        for key, versions in groups.items()
    ]


def reached(actor: Actor) -> list[GroupReach]:
    """Return whom programmes that the actor may read reached, by equality group. Two statements."""
    rows = db.session.scalars(
        select(ProgrammeValue)
        .join(ProgrammeValue.programme)
        .join(ProgrammeValue.measure)
        .options(
            contains_eager(ProgrammeValue.programme),
            contains_eager(ProgrammeValue.measure),
            joinedload(ProgrammeValue.product),
        )
        .where(
            visible_to(actor),
            Measure.code == GROUP_REACHED,
            ProgrammeValue.kind == ValueKind.ACTUAL,
        )
        .order_by(by_name(Programme.name), Programme.id, ProgrammeValue.id)
    ).all()
    return groups_reached(rows, labels_of(Vocabulary.EQUALITY_GROUP).values())


def _benefit(
    versions: Sequence[Trajectory], rows: Sequence[ProgrammeValue], spent: int | None
) -> Benefit:
    newest, day = versions[-1], today()
    found = realised(against(versions, rows, day), day)
    return Benefit(
        newest.programme,
        newest.product,
        newest.measure,
        newest.part,
        found,
        spent,
        cost(spent, found),
    )


def _trajectories(actor: Actor) -> Sequence[Trajectory]:
    return db.session.scalars(
        select(Trajectory)
        .join(Trajectory.programme)
        .join(Trajectory.product)
        .options(
            contains_eager(Trajectory.programme),
            contains_eager(Trajectory.product),
            joinedload(Trajectory.measure),
            selectinload(Trajectory.points),
        )
        .where(visible_to(actor))
        .order_by(
            by_name(Programme.name),
            Programme.id,
            by_name(ProgrammeProduct.name),
            ProgrammeProduct.id,
            Trajectory.measure_id,
            Trajectory.part,
            Trajectory.number,
        )
    ).all()


def _values(ids: Iterable[int]) -> dict[tuple[int, int], list[ProgrammeValue]]:
    found: dict[tuple[int, int], list[ProgrammeValue]] = defaultdict(list)
    rows = select(ProgrammeValue).where(ProgrammeValue.programme_id.in_(list(ids))).options(*WITH)
    for row in db.session.scalars(rows.order_by(ProgrammeValue.id)):
        found[row.programme_id, row.measure_id].append(row)
    return found


def _spent(ids: Iterable[int]) -> dict[int, int]:
    """Return the pounds that sites reported to have spent, by programme; none of who said none."""
    rows = db.session.execute(
        select(FundRound.programme_id, func.sum(FundApplication.spent))
        .join(FundApplication, FundApplication.round_id == FundRound.id)
        .where(FundRound.programme_id.in_(list(ids)), FundApplication.spent.is_not(None))
        .group_by(FundRound.programme_id)
    )
    return {programme_id: int(pounds or 0) for programme_id, pounds in rows}
