"""Names that only look different are one name, in every room that keeps a name once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.adoption.services import lists
from portal.clock import today
from portal.desk.rules import MessageText
from portal.desk.services import messages
from portal.errors import Conflict, Invalid
from portal.improvement.models import TeamKind
from portal.improvement.services import teams
from portal.programmes.models import ProductRole
from portal.programmes.services import evaluation, funds, programmes
from portal.reference.models import Site, SiteKind
from tests import makers
from tests.cast import Cast
from tests.programmes import makers as spread

FIRST, ALIKE = "Breath tests", ("Breath  tests", "breath Tests", "Breath\u00a0tests")
"""As it is typed first, and names that nobody could tell from it."""

Make = Callable[[str], object]


def _makers(cast: Cast) -> dict[str, Make]:
    nation, network = cast.national.actor, cast.hin.actor
    programme = spread.programme("Lungs", by=cast.national)
    other = spread.programme("Hearts", by=cast.national)
    records = [makers.innovation(name, of=cast.innovator) for name in ("One", "Two")]
    place = makers.put(Site(code="RW1", kind=SiteKind.TRUST, name="Trust"))
    day = today()
    return {
        "group of products": lambda name: lists.make_group(
            name=name, definition="", members=records, since=day, by=nation
        ),
        "cohort": lambda name: lists.make_cohort(
            name=name, definition="", site_ids=[place.id], by=nation
        ),
        "priority": lambda name: evaluation.add_priority(programme=programme, name=name, by=nation),
        "intervention": lambda name: evaluation.save_intervention(
            programme=programme, name=name, by=nation
        ),
        "round": lambda name: funds.open_round(
            programme=programme, name=name, opens_on=day, closes_on=day + timedelta(9), by=nation
        ),
        "product": lambda name: programmes.add_product(
            programme=programme, name=name, role=ProductRole.SPREAD, by=nation
        ),
        "resource": lambda name: programmes.add_resource(
            programme=programme, title=name, by=nation
        ),
        "team": lambda name: teams.recruit(
            programme=other, name=name, kind=TeamKind.WARD, on=day, by=network
        ),
        "template": lambda name: messages.save_template(
            name=name, words=MessageText("Subject", "Body"), by=network
        ),
    }


@pytest.mark.parametrize("alike", ALIKE, ids=["spaces", "case", "no-break space"])
def test_a_name_is_kept_once_however_it_is_typed(session: Session, cast: Cast, alike: str) -> None:
    twice = []
    for noun, make in _makers(cast).items():
        make(FIRST)
        session.flush()
        try:
            make(alike)
        except (Conflict, Invalid):
            continue
        twice.append(noun)
    assert not twice
