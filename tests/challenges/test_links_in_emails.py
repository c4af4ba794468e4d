"""Links in emails to pages that need sign-in lead to sign-in, and back."""

from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from portal.accounts.services.passwords import kept
from portal.challenges.models import Challenge
from portal.notifications.outbox import full_address
from tests import makers
from tests.accounts.conftest import PASSWORD


def test_a_link_to_a_challenge_leads_to_sign_in_and_back(client, cast, session):
    challenge = makers.challenge(of=cast.ics)
    cast.hin.user.password = kept(PASSWORD)
    session.commit()
    path = full_address(f"/challenges/{challenge.id}").split("8000", 1)[-1]
    asked = client.get(path)
    assert (asked.status_code, asked.location) == (302, f"/account/sign-in?next={quote(path)}")
    sent = {"email": cast.hin.user.email, "password": PASSWORD, "next": path}
    signed_in = client.post("/account/sign-in", data=sent)
    assert signed_in.location == path
    assert challenge.title in client.get(path).text


@pytest.mark.parametrize("path", ["/challenges/{n}", "/challenges/{n}/matches"])
def test_a_stranger_learns_no_more_of_what_is_there_than_of_what_is_not(
    client, cast, session, path
):
    there = makers.challenge(of=cast.ics).id
    session.commit()
    missing = (session.scalar(select(func.max(Challenge.id))) or 0) + 1000
    answers = [client.get(path.format(n=number)) for number in (there, missing)]
    assert {answer.status_code for answer in answers} == {302}


def test_somebody_signed_in_is_told_that_it_is_not_there(as_, cast):
    assert as_(cast.innovator).get("/challenges/999999").status_code == 404
