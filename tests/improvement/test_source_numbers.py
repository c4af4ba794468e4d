"""The numbers that public reports print of the safety programmes, from the portal's own rows."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Actor, Role
from portal.clock import today
from portal.db import db
from portal.improvement.models import Confidence, Diagram, Node, NodeState, Origin
from portal.improvement.queries.diagrams import diagrams, measures_of, states_of
from portal.improvement.queries.engagement import engaged_in, kinds
from portal.improvement.queries.programmes import reported, safety_ids
from portal.improvement.rules.outline import nodes, outline
from portal.programmes.models import Programme
from portal.programmes.services.loading import load_all
from portal.reference.rules import Quarter

Q1 = Quarter.named("2021-22-Q1")
READER = Actor(user_id=1, role=Role.NATIONAL)


@pytest.fixture
def world(loaded: Flask) -> Iterator[Flask]:
    with loaded.app_context():
        yield loaded


def diagram_of(code: str) -> Diagram:
    return db.session.scalars(
        select(Diagram).join(Diagram.programme).where(Programme.code == code)
    ).one()


def told(code: str, node: str) -> dict[str, str]:
    """What the measures of a node say at the end of the quarter, by their part."""
    found = diagram_of(code)
    node_id = db.session.scalars(select(Node.id).where(Node.code == node)).one()
    return {one.part: one.words for one in measures_of(found.id, Q1.last)[node_id]}


@pytest.mark.parametrize(
    ("programme", "node", "part", "printed"),
    [
        ("MATNEO_SIP", "SD031", "Magnesium sulphate", "99%"),
        ("MATNEO_SIP", "SD032", "Optimal cord management", "23%"),
        ("MATNEO_SIP", "SD033", "Normothermia", "30%"),
        ("MATNEO_SIP", "SD037", "Mother's milk", "Not known"),
        ("MANDET_SIP", "SD009", "care homes", "46%"),
        ("MANDET_SIP", "SD009", "community", "76%"),
        ("MANDET_SIP", "SD009", "mental health", "69%"),
        ("MANDET_SIP", "SD009", "GP", "8%"),
        ("MH_SIP", "SD076", "mental health wards", "53 wards"),
        ("MH_SIP", "SD077", "mental health trusts", "29 trusts"),
        ("MED_SIP", "SD060", "", "81 people"),
    ],
)
def test_each_driver_says_what_was_printed(
    world: Flask, programme: str, node: str, part: str, printed: str
) -> None:
    assert told(programme, node)[part] == printed


@pytest.mark.parametrize(
    ("code", "words"), [("MCN", "14 of 14"), ("ODN", "17 of 17"), ("LMS", "40 of 40")]
)
def test_whoever_is_engaged_is_told_against_how_many_there_are(
    world: Flask, code: str, words: str
) -> None:
    by_code = {one.kind.code: one for one in engaged_in(Q1, kinds())}
    assert by_code[code].words == f"{words} (100%)"
    assert by_code[code].change == "Not known"
    assert by_code["MED_SAFETY_CHAMPION"].words == "81"
    assert by_code["TRUST"].words == "Not known"
    assert {one.kind.code: one.now for one in engaged_in(Q1.next, kinds())}[code] is None


def test_the_quarter_shows_them_by_driver_and_setting(world: Flask) -> None:
    found = reported(Q1, ("STAGE_SHARE_3", "STAGE_SHARE_5"), safety_ids(READER))
    by_setting = {one.label: one.words for one in found["STAGE_SHARE_3"]}
    assert by_setting == {
        "Care homes": "46%",
        "Community": "76%",
        "Mental health": "69%",
        "GP": "8%",
    }
    by_driver = {one.label: one.words for one in found["STAGE_SHARE_5"]}
    assert by_driver["Magnesium sulphate"] == "99%"
    assert by_driver["COPD discharge care bundle"] == "63%"


def test_seven_preterm_drivers_later_became_nine(world: Flask) -> None:
    found = diagram_of("MATNEO_SIP")
    above = db.session.scalars(select(Node.id).where(Node.code == "SD029")).one()

    def drivers(on: date) -> list[str]:
        return [
            one.row.words
            for one in nodes(outline(states_of(found.id), on))
            if one.parent and one.parent.id == above and one.label == "Secondary driver"
        ]

    assert len(drivers(Q1.last)) == 7
    assert len(drivers(date(2023, 3, 31))) == 7
    assert len(drivers(date(2023, 4, 1))) == len(drivers(today())) == 9


def test_safer_tracheostomy_care_ended_when_it_was_closed(world: Flask) -> None:
    states = states_of(diagram_of("AS_SIP").id)
    before = [one.row.words for one in nodes(outline(states, date(2021, 3, 31)))]
    after = [one.row.words for one in nodes(outline(states, date(2021, 4, 1)))]
    assert "Safer care with a tracheostomy" in before
    assert "The standard bundle" in before
    assert "Safer care with a tracheostomy" not in after
    assert "The standard bundle" not in after


def test_every_row_keeps_from_where_it_is_and_how_sure(world: Flask, loaded: Flask) -> None:
    rows = db.session.scalars(select(NodeState)).all()
    assert {row.origin for row in rows} == {
        *(Origin.SOURCE, Origin.PUBLIC_PAGE, Origin.GENERAL_KNOWLEDGE)
    }
    assert {row.confidence for row in rows} == set(Confidence)
    assert all(row.source for row in rows)
    client: FlaskClient = loaded.test_client()
    page = client.get(f"/improvement/diagrams/{diagram_of('MATNEO_SIP').id}").text
    for mark in ("From the report", "From public pages", "General knowledge", "Not sure"):
        assert mark in page
    assert "app-drivers__box--unsure" in page


def test_loading_again_changes_nothing_and_leaves_alone_what_people_changed(world: Flask) -> None:
    assert load_all() == []
    found = diagram_of("MH_SIP")
    found.is_edited = True
    node = db.session.scalars(select(NodeState).join(Node, Node.id == NodeState.node_id).where(
        Node.code == "SD073")).one()  # fmt: skip
    node.words = "Said otherwise by people"
    db.session.flush()
    before = len(states_of(found.id))
    load_all()
    assert len(states_of(found.id)) == before
    db.session.rollback()


def test_the_region_took_its_drivers_from_the_nation(world: Flask) -> None:
    found = diagram_of("HIWM_CARE_HOMES")
    assert found.copied_from_id == diagram_of("MANDET_SIP").id
    assert len(nodes(outline(states_of(found.id), date(2022, 6, 1)))) == 7
    assert found.programme.code in {one.programme.code for one in diagrams(READER)}
