"""Two organisations that are the same one become one, and no figure of the past changes."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, MembershipState, Organisation, Role
from portal.accounts.queries import organisation_named, organisations_to_join
from portal.accounts.queries.merging import look_alikes
from portal.accounts.services.merging import (
    merge_organisations,
    part_organisations,
    say_different,
)
from portal.clock import today
from portal.errors import Conflict, Forbidden
from portal.figures.queries import live_values
from portal.innovations.models import Innovation
from portal.merging import Merge
from portal.reference.rules import Quarter
from portal.support.models import InteractionKind
from portal.support.queries import engagement_of
from portal.support.services.interactions import InteractionDetails, log
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient

BEFORE = Quarter.of(today()).previous


@pytest.fixture
def pair(cast: Cast, session: Session) -> tuple[Organisation, Organisation]:
    """Brightwell Health, and the same company once more."""
    return cast.innovator.organisation, makers.organisation("Brightwell Health Limited")


def united(pair: tuple[Organisation, Organisation], cast: Cast) -> Merge:
    """Make the two one."""
    kept, other = pair
    return merge_organisations(kept=kept, other=other, why="Same.", by=cast.administrator.actor)


def supported(innovation: Innovation, on: date, cast: Cast) -> None:
    """West Midlands spent an hour on it that day."""
    engagement = engagement_of(innovation.id, cast.hin.actor.hin_id)
    assert engagement is not None
    log(
        engagements=[engagement],
        details=InteractionDetails(
            kind=InteractionKind.CALL, on=on, minutes=60, kind_ids=[makers.term_of_support().id]
        ),
        by=cast.hin.actor,
    )


def companies(quarter: Quarter) -> float:
    """How many companies the nation supported in the quarter."""
    found = live_values(quarter, today())
    return next(
        (v.value for v in found if v.code == "companies" and v.hin_id is None and not v.group), 0
    )


def test_companies_of_past_quarters_count_as_two_and_as_one_from_now_on(
    pair: tuple[Organisation, Organisation], cast: Cast, session: Session
) -> None:
    kept, other = pair
    mine = makers.innovation("One", of=cast.innovator)
    theirs = makers.innovation("Two", of=cast.innovator, organisation=other)
    for record in (mine, theirs):
        supported(record, BEFORE.last, cast)
        supported(record, today(), cast)
    assert (companies(BEFORE), companies(Quarter.of(today()))) == (2, 2)
    merge = united(pair, cast)
    assert theirs.organisation is kept
    assert (companies(BEFORE), companies(Quarter.of(today()))) == (2, 1)
    undone = {"merge": merge, "kept": kept, "other": other, "why": "No.", "also": ()}
    part_organisations(**undone, by=cast.national.actor)
    assert theirs.organisation is other
    assert (companies(BEFORE), companies(Quarter.of(today()))) == (2, 2)


def test_who_acts_for_both_acts_once_and_everybody_comes_along(
    pair: tuple[Organisation, Organisation], cast: Cast, session: Session
) -> None:
    kept, other = pair
    twice = makers.membership(cast.innovator.user, other)
    new = makers.user("Nia Field")
    came = makers.membership(new, other, Role.INNOVATOR, is_lead=True)
    merge = united(pair, cast)
    session.expire_all()
    assert (came.organisation, came.state) == (kept, MembershipState.ACTIVE)
    assert (twice.organisation, twice.state) == (other, MembershipState.ENDED)
    undone = {"merge": merge, "kept": kept, "other": other, "why": "No.", "also": ()}
    part_organisations(**undone, by=cast.administrator.actor)
    session.expire_all()
    assert (twice.organisation, twice.state) == (other, MembershipState.ACTIVE)
    assert came.organisation is other
    with pytest.raises(Conflict):
        part_organisations(**undone, by=cast.administrator.actor)


def test_its_old_name_leads_to_the_kept_one(
    pair: tuple[Organisation, Organisation], cast: Cast
) -> None:
    kept, other = pair
    united(pair, cast)
    assert organisation_named("brightwell health limited") is kept
    assert organisations_to_join("Brightwell") == [kept]
    with pytest.raises(Conflict):
        united(pair, cast)
    with pytest.raises(Conflict):
        united((other, makers.organisation("Another")), cast)


def test_look_alikes_are_found_by_folding_and_by_number_and_asked_once(
    pair: tuple[Organisation, Organisation], cast: Cast, session: Session
) -> None:
    cast.other_innovator.organisation.company_number = "01234567"
    makers.organisation("Quite another name", company_number="1234567")
    found = {(one.one.name, one.other.name) for one in look_alikes()}
    assert found == {
        ("Brightwell Health", "Brightwell Health Limited"),
        ("Northgate Devices", "Quite another name"),
    }
    say_different(one=pair[0], other=pair[1], by=cast.national.actor)
    assert [one.one.name for one in look_alikes()] == ["Northgate Devices"]


def test_only_administrators_and_the_nation_and_none_that_the_reference_data_name(
    pair: tuple[Organisation, Organisation], cast: Cast
) -> None:
    kept, other = pair
    with pytest.raises(Forbidden):
        merge_organisations(kept=kept, other=other, why="Same.", by=cast.hin.actor)
    with pytest.raises(Conflict):
        united((cast.hin.organisation, cast.other_hin.organisation), cast)


def test_an_administrator_compares_reads_what_moves_and_makes_them_one(
    pair: tuple[Organisation, Organisation],
    cast: Cast,
    session: Session,
    as_: Callable[[Person], PageClient],
) -> None:
    kept, other = pair
    makers.membership(makers.user("Nia Field"), other)
    session.commit()
    client = as_(cast.administrator)
    assert (
        "Brightwell Health and Brightwell Health Limited"
        in client.get("/admin/organisations/alike").text
    )
    address = f"/admin/organisations/{kept.id}/merge/{other.id}"
    assert "memberships: 1" in client.get(address).text
    assert "Enter why they are the same" in client.post(address, data={"why": ""}).text
    assert client.post(address, data={"why": "Same."}).status_code == 302
    session.expire_all()
    members = select(Membership.id).where(Membership.organisation_id == other.id)
    assert session.scalars(members).all() == []
    assert client.get(f"/admin/organisations/{other.id}").status_code == 301
