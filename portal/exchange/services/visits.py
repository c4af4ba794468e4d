"""Count visitors of the public pages, and forget by what they were told apart."""

import secrets
from datetime import date

from sqlalchemy import delete, func, select

from portal.db import db, insert_into
from portal.exchange.models import VisitCount, VisitMark, VisitSalt
from portal.exchange.rules.visits import GATEWAY, mark_of


def count_visit(*, page: str, address: str, agent: str, day: date) -> None:
    """Note a visit of a page, and of the gateway; a second one that day changes nothing."""
    salt = _salt(day)
    for of in (page, GATEWAY):
        row = {"day": day, "page": of, "mark": mark_of(salt, of, address, agent)}
        db.session.execute(insert_into(VisitMark).values(row).on_conflict_do_nothing())


def _salt(day: date) -> str:
    """Return the day's salt; the first to ask makes it."""
    wanted = select(VisitSalt.salt).where(VisitSalt.day == day)
    found = db.session.scalar(wanted)
    if found is None:
        row = {"day": day, "salt": secrets.token_hex(32)}
        db.session.execute(insert_into(VisitSalt).values(row).on_conflict_do_nothing())
        found = db.session.scalars(wanted).one()
    return found


def close_days(today: date) -> None:
    """Keep the numbers of the days that are over, and delete their marks and salts."""
    over = VisitMark.day < today
    counted = (
        select(VisitMark.day, VisitMark.page, func.count())
        .where(over)
        .group_by(VisitMark.day, VisitMark.page)
    )
    for day, page, visitors in db.session.execute(counted).all():
        row = {"day": day, "page": page, "visitors": visitors}
        db.session.execute(insert_into(VisitCount).values(row).on_conflict_do_nothing())
    db.session.execute(delete(VisitMark).where(over))
    db.session.execute(delete(VisitSalt).where(VisitSalt.day < today))
