"""The public page of a year's impact: numbers that each lead to their row, kinds that never mix."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.programmes.models import ProgrammeValue


@pytest.fixture
def client(loaded: Flask) -> FlaskClient:
    return loaded.test_client()


def values(loaded: Flask, *codes: str) -> list[tuple[str, str]]:
    """Return the page of the measure of each value, and its source."""
    found = select(ProgrammeValue).where(ProgrammeValue.code.in_(codes))
    with loaded.app_context():
        return [
            (f"/programmes/{one.programme_id}/measures/{one.measure.code}", one.source)
            for one in db.session.scalars(found.options(joinedload(ProgrammeValue.measure)))
        ]


def test_every_published_number_leads_to_its_measure(client: FlaskClient, loaded: Flask) -> None:
    page = client.get("/impact/years/2020-21")
    assert page.status_code == 200
    for address, source in values(loaded, "PF212", "PF226", "PF227", "PF118"):
        assert f'href="{address}"' in page.text
        assert source in page.text
        assert client.get(address).status_code == 200


def test_contradictions_stay_visible_and_periods_of_several_years_stand_in_none(
    client: FlaskClient,
) -> None:
    page = client.get("/impact/years/2023-24").text
    assert "More than twice the year before" in page
    assert "2,600" not in page
    assert "3,800,000" not in page


def test_a_network_s_own_number_is_not_england_s(client: FlaskClient) -> None:
    page = client.get("/impact/years/2022-23").text
    assert "530,000" in page
    assert "81.5" not in page


def test_it_can_be_shared_and_needs_no_script(client: FlaskClient) -> None:
    page = client.get("/impact/years/2024-25").text
    assert '<link rel="canonical" href="' in page
    assert 'property="og:title" content="Impact in 2024-25"' in page
    assert "Modelled" in page
    assert client.get("/impact/years").status_code == 302
    assert client.get("/impact/years/1999-00", follow_redirects=False).status_code != 200
    assert client.get("/impact/years/2018-21", follow_redirects=False).status_code != 200
