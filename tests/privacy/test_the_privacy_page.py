"""The privacy page and the documents say what the code does: they are made from the same lists."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import Base
from portal.innovations.policy import ADDRESS_READERS, can_see_addresses
from portal.innovations.queries import supporters
from portal.personal import address_readers, places, retention
from portal.privacy.models import RetentionDays
from portal.support.models import Engagement, EngagementState
from portal.web.format import time_kept
from tests import makers
from tests.cast import Cast

RETENTION = Path("docs/privacy/retention.md")
PROCESSING = Path("docs/privacy/record-of-processing.md")
CALLED = {
    "api": "API",
    "audit": "audit trail",
    "innovations": "records",
    "job_rows": "jobs",
    "notifications": "emails",
    "saved": "saved views",
    "support": "interactions",
}
"""What the record of processing calls a room, where that is not its name."""


def test_the_page_names_every_rule_with_the_days_that_count(
    client: FlaskClient, session: Session
) -> None:
    session.add(RetentionDays(code="emails", days=33))
    session.commit()
    page = " ".join(unescape(client.get("/privacy").text).split())
    for rule in retention():
        assert rule.what in page
        assert rule.why in page
        assert time_kept(33 if rule.code == "emails" else rule.days) in page


def test_the_page_is_whole_and_says_what_is_folded_and_where(client: FlaskClient) -> None:
    page = " ".join(client.get("/privacy").text.split())
    assert f"{len(retention())} kinds of what we keep: how long, why" in page
    parts = re.findall(r'<li><a href="#([^"]+)"', page)
    assert parts == ["kept", "seen", "how-long", "measured", "rights"]
    assert all(f'id="{one}"' in page for one in parts)


def test_the_page_names_everybody_who_may_read_an_address(client: FlaskClient) -> None:
    page = " ".join(unescape(client.get("/privacy").text).split())
    for one in address_readers():
        assert one.whose in page
        assert all(reader in page for reader in one.readers)
    assert all(words in page for words in ADDRESS_READERS)


def test_the_document_lists_the_rules_of_the_code() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in RETENTION.read_text().splitlines()
        if line.startswith("| `")
    ]
    said = [[f"`{one.code}`", one.what, bounds(one), one.why, one.done] for one in retention()]
    assert rows == said, f"the rows of {RETENTION}"


def bounds(one: Any) -> str:
    return f"{one.days}" if one.is_fixed else f"{one.days} ({one.floor} to {one.ceiling})"


WHO = ("innovator", "colleague", "other_innovator", "ics", "hin", "other_hin", "national")


@pytest.mark.parametrize("kind", [*WHO, "administrator"])
def test_an_owners_address_is_read_by_those_whom_the_page_names(
    session: Session, cast: Cast, as_: Any, kind: str
) -> None:
    record = makers.innovation(of=cast.innovator)
    page = as_(getattr(cast, kind)).get(f"/innovations/{record.id}/people")
    is_shown = page.status_code == 200 and cast.innovator.user.email in page.text
    assert is_shown is (kind in {"innovator", "colleague", "hin"})
    file = as_(getattr(cast, kind)).get(f"/innovations/{record.id}/export.json")
    assert (file.status_code == 200 and cast.innovator.user.email in file.text) is is_shown


def test_a_network_that_supports_a_record_may_write_to_its_owner(
    session: Session, cast: Cast
) -> None:
    record = makers.innovation(of=cast.innovator)
    other = cast.other_hin.actor
    assert not supporters.may_read_addresses(other, record)
    session.add(
        Engagement(innovation_id=record.id, hin_id=other.hin_id, state=EngagementState.ENGAGING)
    )
    session.flush()
    assert supporters.may_read_addresses(other, record)
    assert not can_see_addresses(cast.national.actor, record, frozenset())


def test_the_record_of_processing_names_every_room_that_holds_people(client: FlaskClient) -> None:
    rows = [row for row in PROCESSING.read_text().splitlines() if row.startswith("| ")]
    where = " ".join(row.split("|")[2] for row in rows)
    rooms = {table.__module__.split(".")[1] for table in holding_people()}
    assert len(rooms) > 20
    missing = {room for room in rooms if CALLED.get(room, room) not in where}
    assert not missing, f"name these in the second column of {PROCESSING}: {missing}"


def holding_people() -> list[type[Any]]:
    """The classes of the tables in which people stand, by the lists of the rooms."""
    classes = {str(one.local_table): one.class_ for one in Base.registry.mappers}
    return [classes[one.table] for one in places() if one.person_columns or one.addresses]


OPENS = {
    "portal/api/outbox.py": "receivers of webhooks",
    "portal/exchange/tasks.py": "websites that published items of the Exchange link to",
    "portal/accounts/views/providers.py": "an identity provider",
    "portal/files.py": "a virus scanner",
    "portal/notifications/tasks.py": "mail server",
    "portal/notify.py": "GOV.UK Notify",
    "portal/admin/queries/around.py": "whether it answers",
}
"""Which module opens a connection to another machine, and by which words the document says so."""
OWN = {"portal/calling.py", "portal/jobs.py", "portal/demo/cli.py"}
"""The caller itself, the name of the machine that works, and the demonstration's own port."""
CONNECTS = ("import socket", "import urllib3", "import requests", "from requests", "smtplib")


def test_the_data_flow_names_every_machine_that_is_called() -> None:
    text = Path("docs/privacy/data-flow.md").read_text(encoding="utf-8")
    assert {words for words in OPENS.values() if words not in text} == set()
    marks = (*CONNECTS, "from portal.calling")
    found = {
        str(path)
        for path in Path("portal").rglob("*.py")
        if any(mark in path.read_text(encoding="utf-8") for mark in marks)
    }
    assert found - OWN == set(OPENS), "say in the data flow what is sent there, and to whom"


@pytest.mark.parametrize("what", ["survey", "early readers", "announcements", "the API"])
def test_the_data_flow_tells_of_the_newer_rooms(what: str) -> None:
    assert what in Path("docs/privacy/data-flow.md").read_text(encoding="utf-8")
