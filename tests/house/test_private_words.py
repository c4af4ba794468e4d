"""What was written for few is on nobody else's page, download, message, trail or index.

A word of its own is planted in every field that is for some people only (`planted.py`). The table
of access opens every address as everybody (`test_access.py`) and looks for the words there; here
everybody searches for them.
"""

import json

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.db import db
from portal.notifications.models import Email, Notification
from portal.search.indexing.reading import documents
from tests.house.conftest import PEOPLE, Walk
from tests.house.planted import REASON, SECRETS, Secret, overheard, text_of

SEARCHES = tuple(
    f"{page}?q={secret.word}"
    for secret in SECRETS
    for page in (
        "/search",
        "/innovations",
        "/support",
        "/support/interactions",
        "/challenges",
        "/answers",
    )
)


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_finds_what_is_not_for_them(walk: Walk, person: str) -> None:
    for path in SEARCHES:
        assert not overheard(person, walk.open(person, "GET", path)), path


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.word)
def test_everybody_whom_it_is_for_reads_it_somewhere(walk: Walk, secret: Secret) -> None:
    pages = (
        "/innovations/{engaging}/support",
        "/support/interactions",
        "/support/tasks/{task}",
        "/support/partnerships",
        "/support/proposals/{proposal}",
        "/support/surveys",
        "/challenges/{of_two}",
        "/answers/{answer_passed}",
        "/challenges/{answered}/answers",
        "/ideas/{idea_held}",
        "/innovations/{icss}/follow",
        "/impact/returns/{handed_return}",
        "/impact/returns/{company_return}/answer",
        "/improvement/measures/{measure}?place=HI-WM",
        "/improvement/measures/{measure}/download.csv?place=HI-WM",
    )
    for person in secret.readers:
        texts = [text_of(walk.open(person, "GET", page)) for page in pages]
        assert [text for text in texts if str(secret) in text], person


def test_no_message_trail_or_index_carries_it_further(walk: Walk) -> None:
    with walk.app.app_context():
        told = [
            (email.address, f"{email.subject} {email.body}")
            for email in db.session.scalars(select(Email))
        ]
        told += [
            (user.email, f"{row.subject} {row.body}")
            for row, user in db.session.execute(
                select(Notification, User).join(User, User.id == Notification.user_id)
            )
        ]
        events = db.session.scalars(select(AuditEvent)).all()
        trail = [f"{event.summary} {json.dumps(event.changes)}" for event in events]
        ids = [value for key, value in walk.names.items() if key in ("engaging", "partnered")]
        index = [repr(found) for found in documents([int(str(one)) for one in ids])]
    assert len(told) > 20
    assert len(trail) > 20
    assert len(index) == 2
    for secret in SECRETS:
        assert not [address for address, text in told if str(secret) in text], secret
        assert not [text for text in index if str(secret) in text], secret
    for secret in (one for one in SECRETS if one is not REASON):
        assert not [line for line in trail if str(secret) in line], secret
