"""The organisations that the rows of a file name: looked up once, made once."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Organisation, OrganisationKind
from portal.imports.services.innovations import Incoming, RowImporter
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
    makers = RowImporter(by=cast.hin.actor, importer_id=None).makers
    savepoint = session.begin_nested()
    refused = makers.organisation(ROW)
    savepoint.rollback()
    made = makers.organisation(ROW)
    assert makers.organisation(ROW) == made
    named = select(func.count(Organisation.id)).where(Organisation.name == ROW.organisation)
    assert session.scalar(named) == 1
    assert session.get(Organisation, made.id) is not None
    assert refused.name == made.name


def test_the_number_of_one_that_was_taken_back_may_be_anothers(
    session: Session, cast: Cast
) -> None:
    makers = RowImporter(by=cast.hin.actor, importer_id=None).makers
    savepoint = session.begin_nested()
    makers.organisation(ROW)
    savepoint.rollback()
    other = makers.organisation(replace(ROW, organisation="Maker of another row"))
    made = makers.organisation(ROW)
    assert made.id != other.id
    assert session.get_one(Organisation, made.id).name == ROW.organisation


def test_one_that_somebody_made_meanwhile_is_taken(session: Session, cast: Cast) -> None:
    makers = RowImporter(by=cast.hin.actor, importer_id=None).makers
    theirs = Organisation(name="maker of  One row", kind=OrganisationKind.COMPANY)
    session.add(theirs)
    session.flush()
    assert makers.organisation(ROW).id == theirs.id
