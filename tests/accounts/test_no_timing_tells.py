"""A page does the same work for an address that has an account and for one that has none.

Counted, not timed: the statements, in their order, the jobs and the passwords that are hashed.
`benchmarks/timing.py` times the same pages.
"""

import re
from collections import Counter
from unittest import mock

import pytest
from flask_security import utils
from sqlalchemy import event, select, update

from portal.accounts.services import passwords
from portal.db import db
from portal.jobs import Job, JobState
from tests import makers
from tests.accounts.conftest import PASSWORD
from tests.statements import NOT_COUNTED

UNKNOWN = "nobody@example.org"


@pytest.fixture
def work(app, session):
    """What a request does: `work(send)` returns its statements, jobs and hashes."""

    def counted(send):
        statements, hashes = [], Counter()
        with app.app_context():
            engine = db.engine

        def note(_connection, _cursor, statement, *_rest):
            statements.append(re.sub(r"\s+", " ", statement))

        def counting(name):
            real = getattr(utils._pwd_context, name)

            def call(*given, **more):
                hashes[name] += 1
                return real(*given, **more)

            return call

        # What waits already would be joined by what is told now.
        session.execute(update(Job).values(state=JobState.DONE))
        last = session.scalar(select(Job.id).order_by(Job.id.desc()).limit(1)) or 0
        session.commit()
        event.listen(engine, "before_cursor_execute", note)
        try:
            with (
                mock.patch.object(utils._pwd_context, "hash", counting("hash")),
                mock.patch.object(utils._pwd_context, "verify", counting("verify")),
            ):
                answer = send()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        kinds = session.scalars(select(Job.kind).where(Job.id > last).order_by(Job.id)).all()
        session.commit()
        return {
            "answer": (answer.status_code, answer.location),
            "statements": [s for s in statements if not s.startswith(NOT_COUNTED)],
            "jobs": kinds,
            "hashes": dict(hashes),
        }

    passwords._nobodys_password()  # made once, at the first try of a process
    return counted


@pytest.fixture
def known(cast, knows_password):
    """The addresses of accounts of every kind that a stranger might look for."""
    unconfirmed = makers.user("Una Unconfirmed", confirmed_at=None)
    closed = makers.user("Cleo Closed", active=False)
    without = makers.user("Wim Without")
    owner = knows_password(cast.other_innovator.user)
    return {
        "open": owner.email,
        "unconfirmed": unconfirmed.email,
        "closed": closed.email,
        "without password": without.email,
    }


KINDS = ("open", "unconfirmed", "closed", "without password")
PAGES = {
    "/account/sign-in": {"password": "a wrong guess"},
    "/account/sign-up": {"name": "Nia New", "password": PASSWORD},
    "/account/password/forgotten": {},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_causes_the_same_work(app, work, known, path, kind):
    def send(email):
        client = app.test_client()
        return work(lambda: client.post(path, data={"email": email, **PAGES[path]}))

    of_nobody = send(UNKNOWN)
    assert send(known[kind]) == of_nobody
    assert of_nobody["hashes"] or of_nobody["jobs"], "it does some work"


@pytest.mark.parametrize("kind", KINDS)
def test_a_lead_who_invites_causes_the_same_work(as_, cast, work, known, kind):
    lead = as_(cast.innovator)
    path = f"/account/organisations/{cast.innovator.organisation.id}/invite"

    def send(email):
        data = {"email": email, "role": "innovator"}
        return work(lambda: lead.post(path, data=data))

    assert send(known[kind]) == send(UNKNOWN)


@pytest.mark.parametrize("kind", KINDS)
def test_who_changes_their_address_causes_the_same_work(
    as_, cast, work, known, knows_password, kind
):
    knows_password(cast.innovator.user)
    browser = as_(cast.innovator)

    def send(email):
        data = {"email": email, "password": PASSWORD}
        return work(lambda: browser.post("/account/address", data=data))

    assert send(known[kind]) == send(UNKNOWN)
