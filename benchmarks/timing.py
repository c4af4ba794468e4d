"""Ask whether the time of an answer tells who has an account.

    python -m benchmarks.timing [tries]

Sends each page 200 times with addresses that have an account and 200 times with addresses that have
none, by turns and each time in the other order, on a portal of its own with passwords as costly as
in production. It prints for each page the medians and the p of a Mann-Whitney test (two-sided): a
small p, below 0.01, says that the two can be told apart. Run it on an idle machine: others' load
falls on both alike, and hides small differences.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from scipy.stats import mannwhitneyu

from portal import create_app
from portal.accounts.models import OrganisationKind, Role
from portal.accounts.rules import new_token
from portal.accounts.services import create_organisation, create_user, open_session
from portal.accounts.services.passwords import kept
from portal.accounts.services.trail import as_themselves
from portal.accounts.session import SESSION_KEY
from portal.db import Base, db

TRIES = 200
PASSWORD = "violet tractor harbour"  # noqa: S105 - of accounts that end with the benchmark
Send = Callable[[str], object]


@contextmanager
def portal() -> Iterator[Flask]:
    """A portal in a folder that goes away, without limits and tokens of forms."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "INSTANCE": folder,
                "SQLALCHEMY_ENGINES": {"default": f"sqlite:///{Path(folder) / 'portal.db'}"},
                "JOBS_URL": f"sqlite:///{Path(folder) / 'jobs.db'}",
                "WTF_CSRF_ENABLED": False,
                "RATELIMIT_ENABLED": False,
            }
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            yield app
            db.session.close()
            db.engine.dispose()


def known_addresses(tries: int) -> list[str]:
    """Open accounts, one for each try: a second try at one may be another thing."""
    stored, addresses = kept(PASSWORD), []
    for number in range(tries):
        user = create_user(email=f"known{number:04}@example.org", name="Known")
        user.password = stored
        addresses.append(user.email)
    db.session.commit()
    return addresses


def lead(app: Flask) -> tuple[FlaskClient, str]:
    """A browser of somebody who may invite, and the address of the page."""
    user = create_user(email="lead@example.org", name="Lead", password=PASSWORD)
    organisation = create_organisation(
        kind=OrganisationKind.COMPANY, lead=user, by=as_themselves(user), name="A company"
    )
    token = new_token()
    open_session(user=user, token=token)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(
            {"_user_id": user.fs_uniquifier, "_fresh": True, "fs_cc": "set", SESSION_KEY: token}
        )
    invite = f"/account/organisations/{organisation.id}/invite"
    db.session.commit()  # what was read holds SQLite's one lock
    return client, invite


def pages(app: Flask) -> dict[str, Send]:
    """What is sent for each page, given an address."""
    leads, invite = lead(app)

    def post(path: str, client: FlaskClient | None = None, **data: str) -> Send:
        return lambda email: _sent(app, client or app.test_client(), path, email, data)

    return {
        "sign-in": post("/account/sign-in", password="a wrong guess"),  # noqa: S106
        "sign-up": post("/account/sign-up", name="Nia New", password=PASSWORD),
        "reset": post("/account/password/forgotten"),
        "invitation": post(invite, leads, role=Role.INNOVATOR.value),
    }


def _sent(app: Flask, client: FlaskClient, path: str, email: str, data: dict[str, str]) -> None:
    """Send a form, in a context of its own as on a server: it must have been taken."""
    with app.app_context():
        answer = client.post(path, data={"email": email, **data})
    wanted = 200 if path == "/account/sign-in" else 302
    to_sign_in = "sign-in" in (answer.location or "")
    if answer.status_code != wanted or to_sign_in:
        raise RuntimeError(f"{path} was refused: {answer.status_code}")


def timed(send: Send, email: str) -> float:
    """Return how many milliseconds an answer takes."""
    begun = time.perf_counter()
    send(email)
    return (time.perf_counter() - begun) * 1000


def main(tries: int) -> None:
    """Print one line for each page."""
    with portal() as app:
        known = known_addresses(tries)
        for name, send in pages(app).items():
            for number in range(5):
                send(f"warm{number}@example.org")
            times: dict[bool, list[float]] = {True: [], False: []}
            for number, email in enumerate(known):
                for has_account in (True, False) if number % 2 else (False, True):
                    address = email if has_account else f"{name}{number:04}@example.org"
                    times[has_account].append(timed(send, address))
            p = mannwhitneyu(times[True], times[False]).pvalue
            known_ms, unknown_ms = median(times[True]), median(times[False])
            print(f"{name:<12} known {known_ms:7.2f} ms  unknown {unknown_ms:7.2f} ms  p = {p:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIES)
