"""What anybody may have as files: what strangers see on the pages and nothing else, described,
made every night, and not sent twice."""

import csv
import gzip
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.challenges.models import ChallengeState, Readers
from portal.clock import today
from portal.exports.rules.tables import leaving_tables
from portal.exports.serialise.open_data import _sheets
from portal.exports.serialise.own import _sheets as own_sheets
from portal.exports.serialise.shapes import addresses
from portal.figures.models import FigureFreeze, FrozenFigure
from portal.figures.queries import codes_in_order
from portal.innovations.models import RecordStatus, Sharing
from portal.jobs import SCHEDULE, enqueue, run_waiting
from portal.reference.rules import Quarter
from tests import makers
from tests.cast import Cast
from tests.exports.profile import problems


@pytest.fixture
def made(session: Session, cast: Cast) -> Session:
    """A published record, others that are not; challenges for all and for few; a frozen quarter."""
    makers.innovation("For all", of=cast.innovator, sharing=Sharing.PUBLIC)
    makers.innovation("=SUM(1)", of=cast.innovator, sharing=Sharing.PUBLIC)
    makers.innovation("Nightjar for HINs", of=cast.innovator)
    draft = {"status": RecordStatus.DRAFT, "sharing": Sharing.PUBLIC}
    makers.innovation("Nightjar drafted", of=cast.innovator, **draft)
    makers.challenge("Falls", of=cast.ics, readers=Readers.PUBLIC)
    makers.challenge("Nightjar for the NHS", of=cast.ics, readers=Readers.NHS)
    unposted = {"readers": Readers.PUBLIC, "state": ChallengeState.DRAFT}
    makers.challenge("Nightjar unposted", of=cast.ics, **unposted)
    code = codes_in_order()[0].code
    frozen = FigureFreeze(quarter_on=Quarter.of(today()).previous.first)
    hin_id = cast.hin.actor.hin_id
    frozen.figures = [
        FrozenFigure(measure=code, hin_id=None, group="", value=10.0),
        FrozenFigure(measure=code, hin_id=None, group="1", value=4.0),
        FrozenFigure(measure=code, hin_id=hin_id, group="", value=7_777.0),
    ]
    session.add(frozen)
    session.commit()
    night(session)
    return session


def night(session: Session) -> None:
    enqueue("exports.open_data")
    session.commit()
    run_waiting()


def table(client: FlaskClient, name: str) -> list[dict[str, str]]:
    text = client.get(f"/open-data/{name}").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_strangers_get_what_is_published_and_nothing_else(
    made: Session, client: FlaskClient, cast: Cast
) -> None:
    assert {row["name"] for row in table(client, "innovations.csv")} == {"For all", "'=SUM(1)"}
    assert {row["title"] for row in table(client, "challenges.csv")} == {"Falls"}
    found = table(client, "figures-by-quarter.csv")
    assert [(row["group"], row["value"], row["whole"]) for row in found] == [
        ("", "10.0", "10.0"),
        ("1", "4.0", "10.0"),
    ]
    assert found[0]["as_at"] == Quarter.of(today()).previous.last.isoformat()
    stages = table(client, "pipeline-by-quarter.csv")
    last = [row for row in stages if row["as_at"] == today().isoformat()]
    assert sum(int(row["innovations"]) for row in last) == int(last[0]["total"]) == 3
    names = {one["path"] for one in package(client)["resources"]}
    every = "".join(client.get(f"/open-data/{name}").get_data(as_text=True) for name in names)
    for unseen in ("Nightjar", "7777", cast.ics.user.email, cast.innovator.user.name):
        assert unseen not in every


def package(client: FlaskClient) -> Any:
    return client.get("/open-data/datapackage.json").get_json()


def test_the_package_describes_every_file_as_it_is(made: Session, client: FlaskClient) -> None:
    said = package(client)
    assert problems(said) == []
    assert said["licenses"][0]["name"] == "OGL-UK-3.0"
    for one in said["resources"]:
        answer = client.get(f"/open-data/{one['path']}")
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True), newline="")))
        assert rows[0] == [field["name"] for field in one["schema"]["fields"]]
        assert (len(rows) - 1, len(answer.data)) == (one["rows"], one["bytes"]), one["path"]


def test_an_unchanged_file_is_not_sent_again(
    made: Session, client: FlaskClient, cast: Cast
) -> None:
    first = client.get("/open-data/terms.csv", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Cache-Control"].startswith("public")
    assert gzip.decompress(first.data).startswith(b"vocabulary,code")
    night(made)
    asked = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/open-data/terms.csv", headers=asked).status_code == 304
    before = client.get("/open-data/innovations.csv").headers["ETag"]
    makers.innovation("New", of=cast.innovator, sharing=Sharing.PUBLIC)
    night(made)
    again = client.get("/open-data/innovations.csv", headers={"If-None-Match": before})
    assert again.status_code == 200


def test_it_is_made_every_night_and_listed(made: Session, client: FlaskClient) -> None:
    assert "exports.open_data" in SCHEDULE
    page = client.get("/open-data").get_data(as_text=True)
    for name in ("innovations.csv", "challenges.csv", "figures-by-quarter.csv", "areas.csv"):
        assert f"/open-data/{name}" in page
    assert "Open Government Licence" in page
    for home in ("/", "/terms"):
        assert 'href="/open-data"' in client.get(home).get_data(as_text=True)


def test_before_the_first_night_the_page_says_so(client: FlaskClient) -> None:
    assert "have not been made here yet" in client.get("/open-data").get_data(as_text=True)
    assert client.get("/open-data/innovations.csv").status_code == 404


def test_the_dictionary_names_every_table_figure_and_vocabulary(client: FlaskClient) -> None:
    page = client.get("/data-dictionary").get_data(as_text=True)
    for one in leaving_tables():
        assert f'href="/data-dictionary/{one.name}"' in page
    for figure in codes_in_order():
        assert figure.code in page
    shown = client.get("/data-dictionary/engagement").get_data(as_text=True)
    assert 'href="/data-dictionary/innovation"' in shown
    assert "waiting_for" in shown
    hidden = client.get("/data-dictionary/user").get_data(as_text=True)
    assert "password" not in hidden.split("<table", 1)[1].split("</table", 1)[0]
    terms = client.get("/data-dictionary/vocabulary/care_setting").get_data(as_text=True)
    assert "Care home" in terms or "PRIMARY" in terms


def test_every_column_of_open_data_and_of_a_networks_export_says_what_it_means(
    made: Session, cast: Cast
) -> None:
    with addresses():
        found = {
            one.name: one.schema["fields"] for one in (*_sheets(), *own_sheets(cast.hin.actor))
        }
    assert {"innovations", "engagements", "interactions", "names"} <= set(found)
    silent = [
        f"{name}.{field['name']}"
        for name, fields in found.items()
        for field in fields
        if not field.get("description")
    ]
    assert silent == [], "say it in portal/api/serialise/meanings.py or in sheets.py"
