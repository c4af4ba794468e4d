"""Anyone can read what this is and what it undertakes; machines can ask how it is."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/", "/accessibility", "/cookies", "/privacy", "/terms"])
def test_a_stranger_reads_the_public_pages(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_health_checks_answer(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_a_dead_database_is_not_ready_but_alive(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("portal.pages.views.text", refuse)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
