"""HIN staff register for a company, which is asked to take the record over."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS, SYSTEM
from portal.innovations.models import Innovation, RecordStatus, Transfer
from portal.innovations.policy import can_edit, can_manage, can_see
from portal.innovations.queries import visible_to
from portal.innovations.services.people import answer_transfer
from tests.cast import Cast, Person
from tests.pages import PageClient

TYPED: dict[str, Any] = {
    "organisation": "brightwell  health",
    "organisation_kind": "company",
    "name": "Nightlight",
    "summary": "Reminds people where they are",
    "category": "DIGITAL",
    "stage": "PROTOTYPE",
    "nation": "england",
    "need": "Falls at night",
    "care_settings": ["AMBULANCE"],
    "consent": "Ida Brown, by telephone",
}


def registered(session: Session) -> Innovation:
    return session.scalars(select(Innovation)).one()


def test_a_hin_registers_keeps_and_hands_over(
    as_: Callable[[Person], PageClient], session: Session, cast: Cast
) -> None:
    email = cast.innovator.user.email
    assert 'href="/import/on-behalf"' in as_(cast.hin).get("/support").text
    browser = as_(cast.hin)
    answer = browser.post("/import/on-behalf", data={**TYPED, "email": email})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert f"{email} is asked by email." in browser.get(answer.location).text
    made = registered(session)
    assert (made.status, made.owner_id) == (RecordStatus.SUBMITTED, None)
    assert made.organisation_id == cast.innovator.organisation.id
    assert made.hin_id == cast.hin.organisation.hin_id
    assert "Consent: Ida Brown, by telephone" in made.source_note
    page = as_(cast.hin).get(f"/innovations/{made.id}").get_data(as_text=True)
    assert "Kept by Health Innovation West Midlands on behalf of Brightwell Health" in page
    assert can_edit(cast.hin.actor, made)
    assert can_manage(cast.hin.actor, made)
    assert not can_edit(cast.other_hin.actor, made)
    offer = session.scalars(select(Transfer)).one()
    assert offer.email == email
    answer_transfer(transfer=offer, accept=True, by=cast.innovator.actor)
    session.commit()
    assert (made.owner_id, made.kept_by_id) == (cast.innovator.user.id, None)
    assert not can_edit(cast.hin.actor, made)
    page = as_(cast.hin).get(f"/innovations/{made.id}").get_data(as_text=True)
    assert "on behalf of" not in page


def test_what_is_here_already_is_shown_and_made_once_more_only_when_it_is_another(
    as_: Callable[[Person], PageClient], session: Session, cast: Cast
) -> None:
    browser = as_(cast.hin)
    assert browser.post("/import/on-behalf", data=TYPED).status_code == 302
    again = {**TYPED, "summary": "It tells people where they are", "consent": "Jo, by email"}
    page = browser.post("/import/on-behalf", data=again).get_data(as_text=True)
    made = registered(session)
    assert "“Nightlight” by Brightwell Health is here already" in page
    assert f"/innovations/{made.id}" in page
    assert "Jo, by email" in page
    answer = browser.post("/import/on-behalf", data={**again, "is_another": "yes"})
    assert answer.status_code == 302
    assert len(session.scalars(select(Innovation)).all()) == 2


def test_what_is_missing_is_said_and_nothing_is_made(
    as_: Callable[[Person], PageClient], session: Session, cast: Cast
) -> None:
    wrong = {**TYPED, "consent": "", "organisation": "", "need": ""}
    page = as_(cast.hin).post("/import/on-behalf", data=wrong).get_data(as_text=True)
    told = ("Enter who makes it", "Enter what problem it solves", "Enter who agreed, and when")
    assert [page.index(words) for words in told] == sorted(page.index(words) for words in told)
    assert session.scalars(select(Innovation)).all() == []


def test_the_policy_and_the_query_agree_about_a_record_that_is_kept_for_its_company(
    as_: Callable[[Person], PageClient], session: Session, cast: Cast
) -> None:
    as_(cast.hin).post("/import/on-behalf", data=TYPED)
    made = registered(session)
    for status in RecordStatus:
        made.status = status
        for owner in (None, cast.other_innovator.user.id):
            made.owner_id = owner
            session.flush()
            for actor in (*cast.every_actor(), ANONYMOUS, SYSTEM):
                found = select(Innovation.id).where(visible_to(actor))
                assert (session.scalar(found) is not None) == can_see(actor, made), actor
