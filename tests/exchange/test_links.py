"""Links of what is published: which are called, when again, and who is told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now
from portal.exchange.models import ContentKind
from portal.exchange.models.links import ContentLink
from portal.exchange.rules.links import (
    A_RUN,
    BROKEN_AFTER,
    OFTEN,
    addresses_of,
    leads_nowhere,
    one_a_host,
    wait_after,
)
from portal.exchange.services.links import check_due, gather
from portal.exchange.tasks import call_address
from tests.cast import Cast
from tests.exchange.makers import draft, published, step
from tests.support.conftest import inbox

LINK = "https://example.org/guide"


class Site:
    """A web that answers every call with the same code, and knows what was called."""

    def __init__(self, code: int | None = 200) -> None:
        self.code, self.called = code, []

    def __call__(self, url: str) -> tuple[int | None, str]:
        self.called.append(url)
        return self.code, "the name leads nowhere" if self.code is None else str(self.code)


def only(session: Session) -> ContentLink:
    session.expire_all()
    return session.scalars(select(ContentLink)).one()


@pytest.fixture
def item(cast: Cast):
    """A resource at `LINK`, published and looked after by West Midlands."""
    return published(
        ContentKind.RESOURCE, by=cast.hin, second=cast.national, title="The guide", link=LINK
    )


def test_links_of_texts_are_found_and_each_once(cast: Cast) -> None:
    words = f"See {LINK}, [this](https://example.net/a_(b) and https://example.org/x."
    found = draft(ContentKind.NEWS, by=cast.hin, link=LINK, answers={"body": words})
    assert addresses_of(found) == [LINK, "https://example.net/a_", "https://example.org/x"]


def test_only_what_is_published_is_called(cast: Cast, item, session: Session) -> None:
    draft(ContentKind.NEWS, by=cast.hin, link="https://example.com/draft")
    gather(now())
    gather(now())
    assert only(session).url == LINK
    step(item, "take-back", by=cast.hin)
    gather(now())
    assert session.scalars(select(ContentLink)).all() == []


def test_an_address_that_answers_is_called_again_after_a_week(item, session: Session) -> None:
    at, site = now(), Site()
    gather(at)
    assert check_due(at, site) == 1
    assert site.called == [LINK]
    assert (only(session).said, only(session).failures) == ("There", 0)
    assert check_due(at + OFTEN - timedelta(hours=1), site) == 0
    assert check_due(at + OFTEN, site) == 1


@pytest.mark.parametrize("code", [404, 410, 500, None])
def test_its_owner_is_told_once_after_three_times(
    cast: Cast, item, session: Session, code: int | None
) -> None:
    at, site = now(), Site(code)
    gather(at)
    for days in (0, 1, 3, 7, 11):
        check_due(at + timedelta(days=days), site)
        failures = only(session).failures
        told = inbox(session, cast.hin.user).count("A link leads nowhere: The guide")
        assert told == (failures >= BROKEN_AFTER)
    assert failures == 5
    site.code = 200
    check_due(at + timedelta(days=30), site)
    assert (only(session).failures, only(session).told_at) == (0, None)


def test_a_site_that_refuses_programs_is_not_broken() -> None:
    assert not any(leads_nowhere(code) for code in (200, 204, 301, 401, 403, 429))
    assert all(leads_nowhere(code) for code in (404, 410, 500, 503, None))


def test_no_site_is_called_twice_in_one_run() -> None:
    links = [(f"https://example.org/{n}", n) for n in range(20)] + [("https://EXAMPLE.org/x", 99)]
    assert one_a_host(links) == [0]
    many = [(f"https://host{n}.example/", n) for n in range(A_RUN + 20)]
    assert len(one_a_host(many)) == A_RUN


def test_waits_grow_and_end() -> None:
    assert [wait_after(n).days for n in range(6)] == [7, 1, 2, 4, 4, 4]


def test_nothing_of_our_own_network_is_called() -> None:
    for url in ("http://127.0.0.1:1/", "http://[::1]:1/", "https://[not/an/address"):
        assert call_address(url)[0] is None


def test_its_people_read_what_came_back_and_others_do_not(
    as_, cast: Cast, item, session: Session
) -> None:
    gather(now())
    check_due(now(), Site(404))
    page = as_(cast.hin).get("/exchange/links").text
    assert LINK in page
    assert "Answers with 404: not there" in page
    assert "does not leave its machine" in page
    assert LINK not in as_(cast.other_hin).get("/exchange/links").text
    assert LINK in as_(cast.national).get("/exchange/links").text
    assert LINK not in as_(cast.national).get("/exchange/links?broken=yes").text
    for person in (cast.ics, cast.innovator):
        assert as_(person).get("/exchange/links").status_code == 403
