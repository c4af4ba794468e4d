"""What an answer to a challenge says in confidence is in no file that leaves for others: the open
data, what a network takes out, feeds and lists. Pages, API, index, messages: `tests/house`."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.innovations.models import Sharing
from tests import makers as rows
from tests.answers import makers
from tests.cast import Cast
from tests.exports.test_open_data import night, package
from tests.exports.test_taking_out import exported

PLANTED = "wheatear in confidence"


@pytest.fixture
def answered(session: Session, cast: Cast) -> Session:
    """A sent answer that says what others may not know, to a call that anybody reads."""
    record = rows.innovation("NightWatch", of=cast.innovator, sharing=Sharing.PUBLIC)
    call = makers.published(makers.stated(cast), cast.ics)
    said = dict.fromkeys(("cost_note", "evidence", "where_it_runs", "asked_of_ics"), PLANTED)
    makers.sent(call.challenge, record, cast.innovator, **said)
    session.commit()
    return session


def test_it_is_in_no_open_data_feed_or_list(
    answered: Session, cast: Cast, client: FlaskClient
) -> None:
    night(answered)
    names = [f"/open-data/{one['path']}" for one in package(client)["resources"]]
    lists = ("/challenges.csv", "/exchange.csv", "/exchange/feed.atom", "/exchange/calendar.ics")
    texts = {path: client.get(path).get_data(as_text=True) for path in (*names, *lists)}
    assert len(names) > 3
    assert "NightWatch" in " ".join(texts.values())
    assert [path for path, text in texts.items() if "wheatear" in text] == []


def test_it_is_in_no_networks_export(answered: Session, cast: Cast, as_: Any) -> None:
    for person in (cast.hin, cast.other_hin):
        archive = exported(as_, person, answered)
        texts = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
        assert len(texts) > 5
        assert [name for name, text in texts.items() if "wheatear" in text] == []
