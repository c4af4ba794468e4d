"""Work that is done when the answer has gone out: nobody waits for it."""

import logging
from collections.abc import Callable

from flask import Flask, Response, current_app
from sqlalchemy.exc import OperationalError

from portal.db import db, set_reading

log = logging.getLogger(__name__)


def afterwards(response: Response, work: Callable[[], None]) -> Response:
    """Do the work when the answer has gone out. The page is made: its reading ends here."""
    db.session.rollback()
    # The proxy has it, Flask's annotation of the proxy does not.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    response.call_on_close(_after(app, work))
    return response


def _after(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    """Return the work in a context of its own; what cannot be written is let go."""

    def run() -> None:
        with app.app_context():
            set_reading(False)
            try:
                work()
                db.session.commit()
            except OperationalError:
                log.warning("not written: the database was busy")

    return run
