"""Store a small database of the release in this checkout: `python -m tests.upgrades.make`.

One of everything that a page can name, in tables as this release's migrations make them, written as
SQL beside this file under the number of the last migration. Run it for each release, once.
"""

import gzip
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from portal.db import db, migrations
from portal.reference import services as reference
from tests import world
from tests.cast import Cast
from tests.conftest import make_app

FOLDER = Path(__file__).parent


def make(path: Path) -> str:
    """Fill the database at a path; returns the number of its last migration."""
    app = make_app(f"sqlite:///{path}", path.parent)
    with app.app_context():
        migrations.upgrade()
    with app.app_context():
        reference.load()
        db.session.commit()
        world.build(Cast())
        db.session.commit()
        db.engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0])


def store(path: Path, release: str) -> Path:
    """Write a database as SQL, packed so that the same rows make the same bytes."""
    kept = FOLDER / f"{release}.sql.gz"
    with closing(sqlite3.connect(path)) as connection:
        said = "\n".join(connection.iterdump()).encode()
    kept.write_bytes(gzip.compress(said, mtime=0))
    return kept


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "portal.db")
        print(store(made, make(made)))  # noqa: T201 - which file it wrote
