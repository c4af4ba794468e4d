"""The tables that the models make, with the reference data in them: made once and copied.

There are hundreds of tables: making them takes seconds of processor, copying them a fraction of it.
"""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from portal.db import Base, db
from portal.reference import services as reference
from tests.postgres import become, copied_database, keep_as

NAME = "made_tables"
"""What the copy is called on a server of PostgreSQL, where all workers find it."""


def fill() -> None:
    """Give the current application's database, a fresh one of its own to which nobody else is
    connected, the tables and the reference data, committed."""
    url = db.engine.url.render_as_string(hide_password=False)
    if _copied(url):
        return
    Base.metadata.create_all(db.engine)
    reference.load()
    db.session.commit()
    db.engine.dispose()
    if url.startswith("sqlite"):
        with copied_database(url, _kept()):
            return
    keep_as(NAME, url)


def _copied(url: str) -> bool:
    """Copy what was made before into the database at `url`; returns whether there was any."""
    if not url.startswith("sqlite"):
        return become(url, NAME)
    if _kept().exists():
        with copied_database(f"sqlite:///{_kept()}", Path(url.removeprefix("sqlite:///"))):
            return True
    return False


@cache
def _kept() -> Path:
    """Where this process keeps a database of SQLite."""
    folder = mkdtemp(prefix="portal-tables-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder) / "made.db"
