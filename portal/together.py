"""Many small lists of a page, read by one statement."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, literal, select, union_all
from sqlalchemy.orm.interfaces import ORMOption

from portal.db import db


class Together:
    """Rows of several tables, read by one statement: what a page shows of many small lists.

    `wanted` says which rows of each table, each of which has an `id`; `options` load what belongs
    to them.
    """

    def __init__(self, wanted: Mapping[type[Any], ColumnElement[bool]], *options: ORMOption):
        found = union_all(
            *(
                select(literal(place).label("place"), model.id.label("id")).where(clause)
                for place, (model, clause) in enumerate(wanted.items())
            )
        ).subquery()
        statement = select(*wanted).select_from(found)
        for place, model in enumerate(wanted):
            here = (found.c.place == place) & (model.id == found.c.id)
            statement = statement.outerjoin(model, here)
        self._models = tuple(wanted)
        self._statement = statement.options(*options).order_by(found.c.place, found.c.id)

    def read(self, values: Mapping[str, Any]) -> dict[type[Any], list[Any]]:
        """Return the rows by their tables, each in the order of its numbers; `values` are those of
        the parameters."""
        rows = db.session.execute(self._statement, values).unique().all()
        return {
            model: [row[place] for row in rows if row[place] is not None]
            for place, model in enumerate(self._models)
        }
