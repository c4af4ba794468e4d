"""The whole demonstration leaves as a zip and comes into an empty portal: row by row the same."""

import csv
import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.accounts.models import SYSTEM, User
from portal.audit.queries.seals import verify
from portal.audit.services.seals import seal_next
from portal.clock import today
from portal.db import Base, db
from portal.errors import Conflict, Invalid
from portal.exports.queries import rows_of, snapshot
from portal.exports.queries.own import quarters_with_figures
from portal.exports.rules.tables import leaving_tables
from portal.exports.serialise.cells import cell
from portal.exports.serialise.whole import head_migration
from portal.exports.services.loading import Unpacked, load, source_at
from portal.figures.queries import freeze_of, freezes, frozen_values, live_values
from portal.figures.services import freeze_figures
from portal.files import content_of
from portal.innovations.models import Innovation
from portal.privacy.models import RetentionDays
from portal.reference.rules import Quarter
from tests import makers
from tests.conftest import isolation, make_app
from tests.migrated import AtRevision

Row = dict[str, Any]


@pytest.fixture(scope="module")
def full(world: Flask) -> Iterator[Flask]:
    """The demonstration with two frozen quarters, a file, and a name that a spreadsheet would
    calculate. Rolled back at the end."""
    with isolation(world):
        with world.app_context():
            quarter = Quarter.of(today()).previous
            for one in (quarter.previous, quarter):
                freeze_figures(quarter=one, by=SYSTEM)
            record = db.session.scalars(select(Innovation).limit(1)).one()
            record.name = "=1+1"
            makers.evidence_file(of=record)
            db.session.commit()
        yield world


@pytest.fixture(scope="module")
def written(full: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export."""
    path = tmp_path_factory.mktemp("export") / "everything.zip"
    said = full.test_cli_runner().invoke(args=["export", "write", str(path)])
    assert "3 files" in said.output, said.output
    return path


@pytest.fixture(scope="module")
def loaded(
    written: Path, migrated_to: AtRevision, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A new portal into which it was loaded."""
    folder = tmp_path_factory.mktemp("loaded")
    with migrated_to("head", folder / "loaded.db") as url:
        app = make_app(url, folder, DEMO=True)
        said = app.test_cli_runner().invoke(args=["export", "load", str(written)])
        assert "People have no passwords" in said.output, said.output
        yield app
        with app.app_context():
            db.engine.dispose()


def every_row(app: Flask, table: Any) -> list[Row]:
    with app.app_context(), snapshot() as session:
        return list(rows_of(session, table))


def test_every_row_of_every_table_is_the_same(full: Flask, loaded: Flask) -> None:
    counts = {}
    for table in leaving_tables():
        before, after = every_row(full, table), every_row(loaded, table)
        counts[table.name] = len(before)
        if table.name.startswith("audit_"):
            *after, event = after  # the trail says that an export was loaded
            assert str(event.get("action", event.get("summary"))).startswith(
                ("export_file", "loaded")
            )
        assert after == before, table.name
    assert counts["innovation"] > 200
    assert counts["challenge"] > 20
    assert sum(counts.values()) > 20_000


def figures(app: Flask) -> dict[str, Any]:
    """Every figure of every quarter: as the rows stand, and as it was frozen."""
    with app.app_context():
        quarters = quarters_with_figures()
        live = {one.code: sorted(map(repr, live_values(one, today()))) for one in quarters}
        frozen = {
            str(first): list(map(repr, frozen_values(freeze)))
            for first in freezes()
            if (freeze := freeze_of(Quarter.of(first)))
        }
        db.session.rollback()
    return {"live": live, "frozen": frozen}


def test_every_figure_of_every_quarter_is_the_same(full: Flask, loaded: Flask) -> None:
    before = figures(full)
    assert len(before["live"]) >= 4
    assert sum(map(len, before["live"].values())) > 500
    assert len(before["frozen"]) == 2
    assert sum(map(len, before["frozen"].values())) > 200
    assert figures(loaded) == before


def test_people_come_without_a_way_in_and_ask_for_a_password(loaded: Flask) -> None:
    with loaded.app_context():
        secret = (User.password, User.tf_totp_secret, User.tf_primary_method, User.passkey_handle)
        for column in secret:
            assert db.session.scalar(select(func.count(User.id)).where(column.is_not(None))) == 0
        keys = db.session.scalars(select(User.fs_uniquifier)).all()
        assert len(set(keys)) == len(keys) > 20
        db.session.rollback()


def test_new_rows_get_numbers_of_their_own(loaded: Flask) -> None:
    with isolation(loaded), loaded.app_context():
        last = db.session.scalar(select(func.max(User.id)))
        db.session.add(new := User(email="new@example.org", fs_uniquifier="new"))
        db.session.flush()
        assert last is not None
        assert new.id > last
        db.session.rollback()


def test_nobody_waits_while_it_is_read_and_it_sees_one_moment(loaded: Flask) -> None:
    began = time.monotonic()
    with loaded.app_context():
        found = select(func.count(RetentionDays.code))
        with snapshot() as session:
            before = session.scalar(found)
            with db.sessionmaker.begin() as somebody:
                somebody.add(RetentionDays(code="emails", days=30))
            assert session.scalar(found) == before
        assert db.session.scalar(found) == (before or 0) + 1
        db.session.execute(delete(RetentionDays))
        db.session.commit()
    assert time.monotonic() - began < 5


def test_files_come_with_their_rows(full: Flask, loaded: Flask) -> None:
    seen = 0
    for table in (one for one in leaving_tables() if one.files):
        for row in every_row(full, table):
            with full.app_context():
                before = content_of(row["stored"], room=table.files)
            with loaded.app_context():
                assert content_of(row["stored"], room=table.files) == before
            seen += 1
    assert seen > 0


@pytest.fixture
def long_cells() -> Iterator[None]:
    """Read cells of any length: what a published report shows is kept whole in one."""
    before = csv.field_size_limit(1 << 24)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("long_cells")
def test_csv_says_what_json_says_and_calculates_nothing(written: Path) -> None:
    """Each cell is read back by the one rule that the zip states."""
    with zipfile.ZipFile(written) as archive:
        for table in leaving_tables():
            kinds = {one.name: one for one in table.columns}
            lines = archive.read(f"json/{table.name}.jsonl").decode().splitlines()
            text = io.StringIO(archive.read(f"data/{table.name}.csv").decode(), newline="")
            for line, cells in zip(lines, csv.DictReader(text), strict=True):
                for name, value in json.loads(line).items():
                    one = kinds[name]
                    never = one.kind == "string" and not one.may_be_unknown
                    assert cells[name] == cell(value, may_be_unknown=not never)
                    assert not cells[name].startswith(("=", "@"))


def test_the_trail_is_whole_and_is_sealed_with_the_new_key(loaded: Flask) -> None:
    with isolation(loaded), loaded.app_context():
        while seal_next(key="new"):
            db.session.flush()
        verdict = verify(key="new")
        db.session.rollback()
    assert verdict.problem == ""
    assert verdict.sealed > 1_000


def test_a_folder_into_which_it_was_unpacked_is_the_same(written: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        archive.extractall(tmp_path)
    zipped, unpacked = source_at(written), source_at(tmp_path)
    assert sorted(zipped.names("files/")) == sorted(unpacked.names("files/")) != []
    with zipped.open("json/user.jsonl") as one, unpacked.open("json/user.jsonl") as other:
        assert one.read() == other.read()


def test_only_an_empty_portal_of_the_same_version_takes_it(
    full: Flask, written: Path, tmp_path: Path
) -> None:
    with full.app_context():
        with pytest.raises(Conflict, match="not empty"):
            load(source=source_at(written), migration=head_migration())
        with pytest.raises(Invalid, match="made at migration"):
            load(source=source_at(written), migration="9999")
        with pytest.raises(Invalid, match="not an export"):
            load(source=Unpacked(tmp_path), migration=head_migration())


def test_nothing_secret_is_in_it(full: Flask, written: Path) -> None:
    """What the database holds of secrets is looked for in every part of the zip."""
    tables = Base.metadata.tables
    wanted = {
        *("user.password", "user.fs_uniquifier", "user.tf_totp_secret", "email.body"),
        *("api_token.token_hash", "user_session.token_hash", "invitation.token_hash"),
    }
    with full.app_context():
        columns = [tables[table].c[name] for table, name in (one.split(".") for one in wanted)]
        found = (value for column in columns for value in db.session.scalars(select(column)))
        secrets = {str(value) for value in found if value}
        db.session.rollback()
    assert len(secrets) > 50
    with zipfile.ZipFile(written) as archive:
        for name in archive.namelist():
            if name.startswith(("json/", "data/")):
                text = archive.read(name).decode()
                assert [one for one in secrets if one in text] == [], name
