"""The organisations that the rows of a file name: looked up once, made once."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Organisation, OrganisationKind
from portal.imports.services.innovations import Bringing, Incoming
from tests.cast import Cast

ROW = Incoming(
    line=2,
    external_key="",
    name="Nightlight",
    organisation="Maker of one row",
    organisation_kind=OrganisationKind.COMPANY,
    answers={},
)


def test_one_that_a_refused_row_made_is_made_again_by_the_next(
    session: Session, cast: Cast
) -> None:
    makers = Bringing(by=cast.hin.actor, importer_id=None).makers
    savepoint = session.begin_nested()
    refused = makers.organisation(ROW)
    savepoint.rollback()
    made = makers.organisation(ROW)
    assert makers.organisation(ROW) == made
    named = select(func.count(Organisation.id)).where(Organisation.name == ROW.organisation)
    assert session.scalar(named) == 1
    assert session.get(Organisation, made.id) is not None
    assert refused.name == made.name
