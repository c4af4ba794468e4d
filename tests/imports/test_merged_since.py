"""An import is undone after one of its records was made one with another: nothing is lost, the row
says why it stays, and is undone once the merge is taken back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Organisation
from portal.accounts.services.merging import merge_organisations
from portal.imports.models import Result
from portal.innovations.models import Innovation
from portal.innovations.queries.merging import merge_for
from portal.innovations.services.merging import merge_records
from portal.innovations.services.parting import undo
from portal.merging import Merge
from portal.support.models import Engagement
from portal.support.queries.interactions import spent
from tests.cast import Cast, Person
from tests.imports.conftest import Bringer, line, table
from tests.imports.test_beside_the_record import SUPPORT, counts, sheet

Bring = Callable[[Person], Bringer]


def merged(session: Session, by: Actor) -> Merge:
    """The two records that there are, made one."""
    one, another = session.scalars(select(Innovation).order_by(Innovation.id)).all()
    merge = merge_records(one=one, another=another, why="The same product.", chosen=(), by=by)
    session.commit()
    return merge


@pytest.mark.parametrize("is_older", [True, False])
def test_what_was_made_one_stays_whole_until_the_merge_is_taken_back(
    bringer: Bring, session: Session, cast: Cast, is_older: bool
) -> None:
    """Whether the record of the import is the one that is kept, or the one that leads to it."""
    hana = bringer(cast.hin)
    other = sheet({}, ref="B2", Product="Another name")
    if not is_older:
        hana.do(hana.mapped(other, "other.xlsx"), "apply")
    importing = hana.mapped(sheet(SUPPORT), "list.xlsx")
    hana.do(importing, "apply")
    [row] = hana.rows(importing)
    if is_older:
        hana.do(hana.mapped(other, "other.xlsx"), "apply")
    merge = merged(session, cast.hin.actor)
    assert merge.at is not None
    before = counts(session)

    hana.do(importing, "undo")
    [row] = hana.rows(importing)
    assert row.result is Result.DECIDE
    assert "were made one on" in row.problems[""]
    assert counts(session) == before
    page = hana.page(importing)
    assert "All that belongs to them stays as it is" in page
    assert "made one with another" in page
    address = f"/innovations/{row.record_id}"
    assert hana.client.get(address, follow_redirects=True).status_code == 200

    decided = hana.client.post(f"/import/{importing.id}/rows/{row.id}", data={"treatment": "take"})
    assert decided.status_code == 302
    hana.do(importing, "undo")
    [row] = hana.rows(importing)
    assert row.result is Result.DECIDE, "to say it again does not lose it either"
    assert counts(session) == before
    assert sum(spent(one.id) for one in session.scalars(select(Engagement))) == 870

    found = merge_for(cast.hin.actor, merge.id)
    undo(found=found, why="They are two after all.", by=cast.hin.actor)
    session.commit()
    hana.client.post(f"/import/{importing.id}/rows/{row.id}", data={"treatment": "take"})
    hana.do(importing, "undo")
    [row] = hana.rows(importing)
    assert (row.result, row.problems) == (Result.UNDONE, {})
    left = session.scalars(select(Innovation)).one()
    assert left.name == "Another name"


def test_the_other_rows_of_the_import_are_undone(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    hana.do(hana.mapped(sheet({}, ref="B2", Product="Another name"), "other.xlsx"), "apply")
    text = table(line("A1"), line("A2", Product="Stairlift", **{"Short description": "It lifts"}))
    importing = hana.mapped(text.encode(), "crm.csv")
    hana.do(importing, "apply")
    one, another, _ = session.scalars(select(Innovation).order_by(Innovation.id)).all()
    merge_records(one=one, another=another, why="Same.", chosen=(), by=cast.hin.actor)
    session.commit()
    hana.do(importing, "undo")
    assert [row.result for row in hana.rows(importing)] == [Result.DECIDE, Result.UNDONE]


def test_an_organisation_that_was_made_one_with_another_stays(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    ada = bringer(cast.administrator)
    text = "Company,Type\nLantern Health Ltd,Company\nLantern Healthcare,Company\n"
    importing = ada.mapped(text.encode(), "orgs.csv", "organisations")
    ada.do(importing, "apply")
    one, other = session.scalars(
        select(Organisation).where(Organisation.name.startswith("Lantern")).order_by("id")
    ).all()
    merge_organisations(kept=one, other=other, why="Same.", by=cast.administrator.actor)
    session.commit()
    ada.do(importing, "undo")
    rows = ada.rows(importing)
    assert [row.result for row in rows] == [Result.DECIDE, Result.DECIDE]
    assert "“Lantern Healthcare” and “Lantern Health Ltd” were made one" in rows[0].problems[""]
