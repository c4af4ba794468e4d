"""The end of a transaction that a request could not bring to its own."""

from contextlib import suppress

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db


def forget_transaction() -> None:
    """Let go of what was begun: the page of the error may ask the database again. A connection that
    is gone has nothing to give back."""
    if "sqlalchemy" not in current_app.extensions:
        return
    with suppress(SQLAlchemyError):
        db.session.rollback()
