"""The middle of June 2026, when companies are asked about 2025/26."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from portal.clock import clock_at
from portal.db import db
from portal.impact.models import CompanyReturn
from tests.cast import Cast
from tests.impact import makers


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    """Set the time for everything that asks for it."""
    with clock_at(makers.NOW):
        yield


@pytest.fixture
def asked(cast: Cast, session: Session) -> CompanyReturn:
    """The return of Brightwell Health, which two networks supported: 90 and 30 minutes."""
    company = makers.supported(cast.innovator, (cast.hin, 90), (cast.other_hin, 30))
    row = makers.of(company, makers.campaign(cast.national))
    db.session.commit()
    return row
