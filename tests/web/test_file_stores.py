"""Where files lie that people send: in a folder, in the database, in S3-compatible storage."""

import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from moto import mock_aws
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.clock import now
from portal.errors import Invalid, NotFound
from portal.files import content_of, keep, sweep
from portal.stores import StoredFile

TEXT = b"name,cost\nDERM,5\n"
BUCKET = "portal-files"


@pytest.fixture(params=["folder", "database", f"s3://{BUCKET}/uploads", f"s3://{BUCKET}"])
def store(
    request: pytest.FixtureRequest,
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[str]:
    """Each of the stores, empty."""
    monkeypatch.setitem(app.config, "INSTANCE", str(tmp_path))
    monkeypatch.setitem(app.config, "FILES_STORE", request.param)
    if not request.param.startswith("s3://"):
        yield request.param
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "only for tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3 = pytest.importorskip("boto3")
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield request.param


def put(room: str = "tasks") -> str:
    """Keep a file; returns its random name."""
    return keep(io.BytesIO(TEXT), "costs.csv", room=room, by=Actor()).stored


def test_a_file_comes_back_from_its_room_alone(store: str) -> None:
    stored = put()
    assert content_of(stored, room="tasks") == TEXT
    for name, room in ((stored, "introductions"), (secrets.token_hex(16), "tasks")):
        with pytest.raises(NotFound):
            content_of(name, room=room)
    for odd in ("", "../secret_key", "x" * 500, "\x00"):
        with pytest.raises(NotFound):
            content_of(odd, room="tasks")


def test_what_no_row_names_is_swept_and_the_rest_stays(store: str) -> None:
    lost, named, elsewhere = put(), put(), put("introductions")
    later = now().timestamp() + 60
    assert sweep(room="tasks", named={named}, before=now().timestamp() - 3600) == 0
    assert sweep(room="tasks", named={named}, before=later) == 1
    assert content_of(named, room="tasks") == TEXT
    assert content_of(elsewhere, room="introductions") == TEXT
    with pytest.raises(NotFound):
        content_of(lost, room="tasks")


def test_what_was_kept_in_the_folder_is_read_after_another_store_is_set(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = put()
    monkeypatch.setitem(app.config, "FILES_STORE", "database")
    assert content_of(stored, room="tasks") == TEXT


def test_a_file_in_the_database_goes_with_the_transaction(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FILES_STORE", "database")
    with session.begin_nested() as undone:
        put()
        session.flush()
        undone.rollback()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_storage_that_refuses_is_said_beside_the_field(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FILES_STORE", "s3://not-there")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "only for tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws(), pytest.raises(Invalid, match="could not be kept") as refused:
        put()
    assert refused.value.field == "file"


def test_a_folder_file_is_for_its_owner_alone(app: Flask, session: Session) -> None:
    path = Path(app.config["INSTANCE"], "files", "tasks", put())
    assert os.stat(path).st_mode & 0o777 == 0o600
