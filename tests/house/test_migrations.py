"""The migrations make the tables that the models describe, and keep what is in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from portal.db import Base, db, migrations, reading
from portal.reference import services as reference
from tests.conftest import make_app
from tests.postgres import fresh_database


def upgrade(app: Flask) -> None:
    """Run the migrations; in a context of their own, whose end closes their connection."""
    with app.app_context():
        migrations.upgrade()


@pytest.fixture
def migrated(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose tables were made by the migrations."""
    with fresh_database(database_url, tmp_path / "migrated.db") as url:
        app = make_app(url, tmp_path)
        upgrade(app)
        with app.app_context():
            yield app
            db.session.rollback()
            db.engine.dispose()


def test_models_and_migrations_agree(migrated: Flask) -> None:
    with reading():
        assert [str(found) for found in migrations.compare_metadata()] == []
        made = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert made == set(Base.metadata.tables)


def test_upgrading_a_full_database_again_keeps_its_rows(migrated: Flask) -> None:
    reference.load()
    db.session.commit()
    before = db.session.execute(text("SELECT count(*) FROM term")).scalar_one()
    db.session.commit()
    upgrade(migrated)
    assert db.session.execute(text("SELECT count(*) FROM term")).scalar_one() == before


@pytest.mark.parametrize(
    "change", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"]
)
def test_the_database_itself_keeps_the_audit_trail(migrated: Flask, change: str) -> None:
    db.session.execute(
        text(
            "INSERT INTO audit_event (at, actor_name, organisation_name, action, noun, noun_id,"
            " summary, changes, audience) VALUES (CURRENT_TIMESTAMP, 'A', '', 'b.c', 'b', 1, '',"
            " '{}', 'staff')"
        )
    )
    db.session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(change))
