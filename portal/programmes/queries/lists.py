"""Read over which of adoption's lists a programme counts, and how their sheets stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor
from portal.adoption.models import Cohort, EligibleList, GroupMember
from portal.adoption.queries import sheets
from portal.adoption.queries.sheets import SheetSummary
from portal.db import by_name, db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to
from portal.programmes.models import Programme, ProgrammeList, ProgrammeProduct
from portal.programmes.queries import bare_programme_for
from portal.reference.models import Hin
from portal.reference.queries import hins
from portal.reference.rules import Quarter
from portal.text import folded_for_sorting


@dataclass(frozen=True, slots=True)
class CountedList:
    """A list of the programme, with the products that it is about on a day."""

    row: ProgrammeList
    is_readable: bool
    """Whether the reader may open the record that it is about, and so adoption's pages of it."""
    products: dict[int, str] = field(default_factory=dict)
    """What the programme calls each record, by its number."""

    @property
    def eligible(self) -> EligibleList:
        """Return the list itself."""
        return self.row.eligible

    @property
    def name(self) -> str:
        """Return what it is about: the group, or the product as the programme calls it."""
        if self.eligible.group is not None:
            return self.eligible.group.name
        return next(iter(self.products.values()), "A product that left the programme")


def lists_of(actor: Actor, programme_id: int, on: date) -> list[CountedList]:
    """Return the lists of a programme, the first that was named first: one statement."""
    found: dict[int, CountedList] = {}
    for row, number, name, is_readable in db.session.execute(_rows(actor, programme_id, on)):
        counted = found.setdefault(row.id, CountedList(row, bool(is_readable)))
        if number is not None and (name or number not in counted.products):
            counted.products[number] = name or "Another product of the group"
    return list(found.values())


def programme_with_lists(
    actor: Actor, programme_id: int, on: date
) -> tuple[Programme, list[CountedList]]:
    """Return a programme that the reader may see and its lists, in one statement where it has any;
    raises NotFound."""
    found = lists_of(actor, programme_id, on)
    return bare_programme_for(actor, programme_id), found


def _rows(actor: Actor, programme_id: int, on: date) -> Select[*tuple[Any, ...]]:
    """Each list with each of its records, and what the programme calls that."""
    seen = select(Innovation.id).where(visible_to(actor))
    number = func.coalesce(EligibleList.innovation_id, GroupMember.innovation_id)
    belongs = and_(
        GroupMember.group_id == EligibleList.group_id,
        GroupMember.valid_from <= on,
        or_(GroupMember.valid_to.is_(None), GroupMember.valid_to >= on),
    )
    named = and_(
        ProgrammeProduct.programme_id == ProgrammeList.programme_id,
        ProgrammeProduct.innovation_id == number,
    )
    is_readable = EligibleList.group_id.is_not(None) | EligibleList.innovation_id.in_(seen)
    return (
        select(ProgrammeList, number, ProgrammeProduct.name, is_readable)
        .join(ProgrammeList.eligible)
        .outerjoin(GroupMember, belongs)
        .outerjoin(ProgrammeProduct, named)
        .where(ProgrammeList.programme_id == programme_id)
        .options(
            contains_eager(ProgrammeList.eligible).joinedload(EligibleList.group),
            joinedload(ProgrammeList.cohort),
            joinedload(ProgrammeList.programme),
        )
        .order_by(ProgrammeList.id, ProgrammeProduct.id)
    )


def counted_list(actor: Actor, programme_id: int, row_id: int, on: date) -> CountedList:
    """Return one list of this programme; raises NotFound for another's."""
    return one_list(lists_of(actor, programme_id, on), row_id)


def one_list(counted: Iterable[CountedList], row_id: int) -> CountedList:
    """Return one of the lists of a programme; raises NotFound for another's."""
    found = (one for one in counted if one.row.id == row_id)
    if (one := next(found, None)) is None:
        raise NotFound("There is no such list in this programme.")
    return one


def _records(programme: Programme) -> list[int]:
    return [one.innovation_id for one in programme.products if one.innovation_id is not None]


def lists_to_choose(programme: Programme) -> Sequence[EligibleList]:
    """Return the lists that a programme may count over: those about the records of its products,
    and those of groups to which such a record belongs or belonged."""
    records = _records(programme)
    groups = select(GroupMember.group_id).where(GroupMember.innovation_id.in_(records))
    rows = db.session.scalars(
        select(EligibleList)
        .where(or_(EligibleList.innovation_id.in_(records), EligibleList.group_id.in_(groups)))
        .options(joinedload(EligibleList.innovation), joinedload(EligibleList.group))
    ).all()
    return sorted(rows, key=lambda one: (folded_for_sorting(one.subject_name), one.id))


def cohorts_to_choose(programme: Programme) -> Sequence[Cohort]:
    """Return the cohorts that a programme may count over: those of the records of its products,
    and those of no record, by name."""
    own = Cohort.innovation_id.is_(None) | Cohort.innovation_id.in_(_records(programme))
    return db.session.scalars(select(Cohort).where(own).order_by(by_name(Cohort.name))).all()


@dataclass(frozen=True, slots=True)
class SheetOfList:
    """How a network's sheet of one of the programme's lists stands in a quarter."""

    counted: CountedList
    hin: Hin
    summary: SheetSummary | None
    """None where the network has not opened it."""

    @property
    def label(self) -> str:
        """Return how it stands, in words."""
        return self.summary.sheet.state.label if self.summary else "Not begun"


def sheets_of(
    actor: Actor, programme_id: int, quarter: Quarter, hin_id: int | None = None
) -> list[SheetOfList]:
    """Return how the sheets of a programme's lists stand, of one network or (None) of each that
    has a place on the list; a network's people read those of their own."""
    only = hin_id if actor.is_national else actor.hin_id
    day = sheets.day_asked(quarter)
    counted = lists_of(actor, programme_id, day)
    if not counted:
        return []
    ids = [one.row.list_id for one in counted]
    asked = sheets.networks_asked(ids, quarter)
    begun = {
        (one.sheet.list_id, one.sheet.hin_id): one
        for one in sheets.sheets(actor, quarter, list_ids=ids)
    }
    return [
        SheetOfList(one, hin, begun.get((one.row.list_id, hin.id)))
        for one in counted
        for hin in _of(hins(), only)
        if hin.id in asked[one.row.list_id] or (one.row.list_id, hin.id) in begun
    ]


def _of(networks: Iterable[Hin], hin_id: int | None) -> Collection[Hin]:
    return [one for one in networks if hin_id is None or one.id == hin_id]
