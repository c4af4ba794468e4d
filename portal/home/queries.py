"""Count what rooms contribute to the home page."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from portal.db import db


def counted(statements: Mapping[str, Select[Any]]) -> dict[str, int]:
    """Return the number that each statement gives, all in one statement."""
    if not statements:
        return {}
    columns = [one.scalar_subquery().label(code) for code, one in statements.items()]
    row = db.session.execute(select(*columns)).one()._mapping
    return {code: int(row[code] or 0) for code in statements}
