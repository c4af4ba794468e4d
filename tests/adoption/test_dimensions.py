"""Innovations by how far adoption has come, counted by hand on three days."""

from datetime import date, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.clock import LONDON
from portal.innovations.models import AdoptionState, StatusChange
from portal.innovations.services.adoption import NewStage, record_stages
from portal.pipeline.queries.crosstab import CrosstabQuery, crosstab
from portal.pipeline.queries.values import all_values
from tests.adoption.conftest import BEGUN, Field
from tests.cast import Cast

USED_ON = BEGUN.replace(month=6)
WIDER_ON = BEGUN.replace(month=9)


@pytest.mark.parametrize(
    ("day", "stage", "sites", "regions"),
    [
        (USED_ON.replace(month=5), "stage_2", "none", "none"),
        (USED_ON, "stage_5", "sites_1", "regions_1"),
        (WIDER_ON, "stage_6", "sites_2", "regions_2"),
        (None, "stage_6", "sites_2", "regions_2"),
    ],
)
def test_a_record_stands_where_its_sites_stood_that_day(
    session: Session,
    cast: Cast,
    field: Field,
    day: date | None,
    stage: str,
    sites: str,
    regions: str,
) -> None:
    """One trust tries it, another of its region uses it, then one of another region, too."""
    session.execute(update(StatusChange).values(at=datetime(2024, 1, 1, tzinfo=LONDON)))
    tries, uses, _, also, _ = (place.id for place in field.places)
    said = [
        NewStage(tries, AdoptionState.STAGE_2, BEGUN),
        NewStage(uses, AdoptionState.STAGE_5, USED_ON),
        NewStage(also, AdoptionState.STAGE_6, WIDER_ON),
    ]
    record_stages(innovation=field.innovation, stages=said, by=cast.national.actor)
    for key, code in (
        ("adoption_stage", stage),
        ("adoption_sites", sites),
        ("adoption_regions", regions),
    ):
        query = CrosstabQuery(key, "year", measure="innovations", day=day)
        cells = crosstab(cast.national.actor, query, all_values()).whole.cells
        counted = {
            row.code for (row, column), count in cells.items() if row and not column and count
        }
        assert counted == {code}, key
