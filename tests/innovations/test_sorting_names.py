"""Names with accents sort in their place, on either database."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import by_name
from portal.innovations.models import Innovation
from tests import makers
from tests.cast import Cast


def test_accents_and_capitals_sort_in_their_place(session: Session, cast: Cast) -> None:
    for name in ("Zebra", "Éclair", "eagle", "Edge", "Ångström", "Apple"):
        makers.innovation(name, of=cast.innovator)
    found = session.scalars(select(Innovation.name).order_by(by_name(Innovation.name))).all()
    assert found == ["Ångström", "Apple", "eagle", "Éclair", "Edge", "Zebra"]


def test_the_list_of_innovations_does_so(session: Session, cast: Cast, as_) -> None:
    for name in ("Zebra", "Éclair", "Edge"):
        makers.innovation(name, of=cast.innovator)
    page = as_(cast.innovator).get("/innovations?sort=name").text
    assert page.index("Éclair") < page.index("Edge") < page.index("Zebra")
