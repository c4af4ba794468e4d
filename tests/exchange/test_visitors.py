"""Visitors are counted by page and day, without cookies, addresses, or a way back to anybody."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import begin_of, clock_at, today
from portal.exchange.figures import FIGURES
from portal.exchange.models import VisitCount, VisitMark, VisitSalt
from portal.exchange.rules.figures import VISITORS
from portal.exchange.rules.visits import is_program, mark_of
from portal.exchange.services.visits import close_days, count_visit
from portal.figures.rules import WHOLE, Period, RowsQuery
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.exchange.makers import published
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def visit(client: FlaskClient, path: str, agent: str = CHROME, **headers: str) -> None:
    """Open a page as a browser does."""
    client.get(path, headers={"User-Agent": agent, **headers}).close()


def marks(session: Session) -> list[str]:
    """The pages that have a mark, one for each visitor."""
    return sorted(session.scalars(select(VisitMark.page)))


def test_a_stranger_counts_once_a_day_for_each_page(
    cast: Cast, client: FlaskClient, session: Session
) -> None:
    item = published(by=cast.hin, second=cast.national)
    session.commit()
    for _ in range(3):
        visit(client, "/")
    visit(client, "/exchange?kind=news")
    visit(client, f"/exchange/news/{item.id}")
    assert marks(session) == ["", "front", "list", f"news {item.id}"]
    visit(client, "/", FIREFOX)
    assert marks(session).count("") == 2


def test_programs_people_at_work_and_other_pages_do_not_count(
    cast: Cast, client: FlaskClient, as_: Browser, session: Session
) -> None:
    for agent in ("", "curl/8.5", "Mozilla/5.0 (compatible; Googlebot/2.1)", "HeadlessChrome " * 3):
        visit(client, "/", agent)
        assert is_program(agent, "")
    visit(client, "/", **{"Sec-Purpose": "prefetch;prerender"})
    visit(client, "/accessibility")
    visit(client, "/exchange/feed.atom")
    visit(as_(cast.ics), "/exchange")
    assert marks(session) == []


def test_marks_have_nothing_of_the_visitor_and_nothing_in_common(session: Session) -> None:
    made = {mark_of(salt, page, "192.0.2.7", CHROME) for salt in "ab" for page in ("", "front")}
    assert len(made) == 4
    assert {len(one) for one in made} == {16}
    count_visit(page="front", address="192.0.2.7", agent=CHROME, day=today())
    kept = "".join(f"{one.page}{one.mark}" for one in session.scalars(select(VisitMark)))
    assert "192.0.2.7" not in kept
    assert "Chrome" not in kept


def test_the_next_day_only_numbers_are_left(session: Session) -> None:
    yesterday = today() - timedelta(days=1)
    for address in ("192.0.2.7", "192.0.2.8"):
        count_visit(page="front", address=address, agent=CHROME, day=yesterday)
    count_visit(page="list", address="192.0.2.7", agent=CHROME, day=yesterday)
    count_visit(page="front", address="192.0.2.7", agent=CHROME, day=today())
    for _ in range(2):
        close_days(today())
    rows = session.execute(select(VisitCount.page, VisitCount.visitors)).all()
    assert dict(rows) == {"": 2, "front": 2, "list": 1}
    assert set(session.scalars(select(VisitMark.day))) == {today()}
    assert set(session.scalars(select(VisitSalt.day))) == {today()}


def test_visitors_and_what_was_published_are_figures_with_their_rows(
    cast: Cast, session: Session
) -> None:
    # In the middle of a quarter: on its first day, yesterday's visitors are of the one before.
    noon = begin_of(Quarter.of(today()).first + timedelta(days=40)) + timedelta(hours=12)
    with clock_at(noon):
        published(by=cast.hin, second=cast.national)
        day = today() - timedelta(days=1)
        count_visit(page="front", address="192.0.2.7", agent=CHROME, day=day)
        close_days(today())
        period = Period(Quarter.of(day), today())
    with clock_at(noon + timedelta(minutes=1)):
        found = {(one.code, one.hin_id, one.group): one.value for one in FIGURES.count(period)}
        for figure in FIGURES.figures:
            rows = FIGURES.rows(RowsQuery(figure, period, None, WHOLE)).rows
            total = found.get((figure.code, None, WHOLE), 0.0)
            assert total == (sum(row[1] for row in rows) if figure is VISITORS else len(rows))
    assert found["gateway_visitors", None, WHOLE] == 1.0
    assert found["content_published", cast.hin.actor.hin_id, "news"] == 1.0


def test_the_privacy_page_says_how(client: FlaskClient) -> None:
    assert "without cookies and without keeping addresses" in client.get("/privacy").text
