"""`/metrics`: numbers as they are now, for the token or this machine alone; a line per request."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from portal.clock import now
from portal.jobs import Job, JobState
from portal.notifications.models import Email
from portal.search.models import IndexChange
from portal.web import measured, server
from tests.cast import Cast
from tests.pages import PageClient


def numbers(page: str) -> dict[str, float]:
    """Return every number by its name, those with labels by name and values."""
    return {
        " ".join([one.name, *one.labels.values()]): one.value
        for family in text_string_to_metric_families(page)
        for one in family.samples
    }


def test_how_the_work_behind_the_pages_stands(session: Session, client: PageClient) -> None:
    long_ago = now() - timedelta(hours=1)
    session.add(Job(kind="search.index", arguments={}, not_before=long_ago, heard_at=long_ago))
    session.add(Job(kind="x", arguments={}, state=JobState.FAILED, heard_at=long_ago))
    session.add(Email(address="a@b.example", subject="s", body="b", attempts=1, error="450"))
    session.add(IndexChange(innovation_id=1, at=long_ago))
    session.commit()
    client.get("/terms")
    found = numbers(client.get("/metrics").text)
    assert found["portal_jobs queued"] == found["portal_jobs failed"] == 1
    assert found["portal_job_oldest_seconds"] >= 3600
    assert found["portal_worker_heard_seconds"] >= 3600
    assert found["portal_index_waiting"] == found["portal_emails_refused"] == 1
    assert found["portal_index_lag_seconds"] >= 3600
    assert found["portal_database_up"] == 1
    assert 0 < found["portal_disk_free_bytes"] <= found["portal_disk_bytes"]
    assert found["portal_requests_total 200 GET /terms"] >= 1
    assert found["portal_request_seconds_count pages"] >= 1


@pytest.mark.parametrize(
    ("token", "headers", "address", "code"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "192.0.2.1", 302),
        ("", {"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1", 302),
        ("secret", {}, "127.0.0.1", 302),
        ("secret", {"Authorization": "Bearer other"}, "127.0.0.1", 302),
        ("secret", {"Authorization": "Bearer secret"}, "192.0.2.1", 200),
    ],
)
def test_only_the_token_or_this_machine_reads_them(
    app: Flask,
    client: PageClient,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    headers: dict[str, str],
    address: str,
    code: int,
) -> None:
    """A stranger is asked to sign in, as at every address that is not there for them."""
    monkeypatch.setitem(app.config, "METRICS_TOKEN", token)
    asked = {"headers": headers, "environ_base": {"REMOTE_ADDR": address}}
    assert client.get("/metrics", **asked).status_code == code


def test_a_line_for_each_request_holds_nothing_that_was_typed(
    cast: Cast, as_, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_(cast.hin)
    monkeypatch.setattr(measured.logger, "propagate", True)
    monkeypatch.setattr(measured.logger, "handlers", [logging.NullHandler()])
    with caplog.at_level(logging.INFO, "portal.requests"):
        answer = browser.get("/search?q=secret", headers={"X-Request-ID": "from-the-proxy"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy"
    said = json.loads(caplog.messages[-1])
    assert (said["route"], said["code"], said["id"]) == ("/search", 200, "from-the-proxy")
    assert said["user_id"] == cast.hin.user.id
    assert said["statements"] > 0
    assert "secret" not in caplog.text
    odd = browser.get("/terms", headers={"X-Request-ID": 'x" y'})
    assert odd.headers["X-Request-ID"].isalnum()


def test_the_folder_of_several_processes_is_empty_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "metrics" / "counter_1.db"
    left.parent.mkdir()
    left.write_text("of the last start")
    server.on_starting(None)
    assert left.exists()
    monkeypatch.setenv(server.FOLDER, str(left.parent))
    server.on_starting(None)
    assert left.parent.is_dir()
    assert not left.exists()
