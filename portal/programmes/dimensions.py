"""By what of programmes innovations are counted (`portal/rooms.py`)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from portal.clock import today
from portal.figures.dimensions import (
    PROOF,
    Day,
    Dimension,
    DimensionSet,
    Joined,
    Lists,
    Rows,
    Value,
    Values,
    numbered,
)
from portal.merging import is_of, moment_of
from portal.programmes.models import Programme, ProgrammeProduct
from portal.programmes.queries import public_with_records, standing_is
from portal.programmes.rules.years import Standing


def _products(of: ColumnElement[int], day: Day, values: Values) -> Joined:
    """Join the products that a record is, or was by the end of the day, in the programmes that were
    named: one that somebody makes public meanwhile is not counted yet."""
    held, on = aliased(ProgrammeProduct), day or today()
    named = [number for number in values["programme"] if number is not None]
    begun = select(Programme.id).where(Programme.id.in_(named), ~standing_is(Standing.TO_COME, on))
    joined = or_(held.from_on.is_(None), held.from_on <= on)
    mine = is_of(held, "innovation_id", of, moment_of(day)) & joined & held.programme_id.in_(begun)
    return Joined(held, mine)


PRODUCTS = Rows("programme_product", "place in a programme", _products)


def _programmes(_lists: Lists) -> Mapping[int, Value]:
    return numbered((one.id, one.code, one.name) for one in public_with_records())


DIMENSIONS = DimensionSet(
    [
        Dimension(
            "programme",
            "Programme",
            PROOF,
            "The public programmes of which it is a product, or was one by the end of the day, in "
            "any role; those that were still to begin are left out. In several programmes it "
            "counts under each.",
            _programmes,
            "Products of programmes, dated",
            rows=PRODUCTS,
            value=lambda held, _day, _values: held.programme_id,
            is_unique=False,
            is_dated=True,
            none="In no public programme",
        ),
    ]
)
