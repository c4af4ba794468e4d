"""The triage desk: the right cases, in the right order, in few statements."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy.orm import Session

from portal.clock import today
from portal.desk.queries import queues as desk
from portal.desk.queries.queues import Queue
from portal.reference.models import Vocabulary
from portal.support import queries
from portal.support.models import Engagement, EngagementState, InteractionKind
from portal.support.services.interactions import InteractionDetails, log
from tests import makers
from tests.cast import Cast
from tests.support.conftest import engage


def _case(cast: Cast, name: str, *, days: int = 5, hin: str = "HI-WM") -> Engagement:
    record = makers.innovation(name, of=cast.innovator, hin=makers.hin(hin))
    (engagement,) = queries.engagements(record.id)
    engagement.due_on = today() + timedelta(days=days)
    return engagement


def _order(html: str, *names: str) -> list[str]:
    return sorted(names, key=html.index)


def test_the_oldest_deadline_comes_first(as_, cast: Cast) -> None:
    _case(cast, "Later", days=9)
    _case(cast, "Sooner", days=1)
    html = as_(cast.hin).get("/support").text
    assert _order(html, "Later", "Sooner") == ["Sooner", "Later"]


def test_overdue_is_said_in_words_and_in_colour(as_, cast: Cast) -> None:
    _case(cast, "Late one", days=-3)
    html = as_(cast.hin).get("/support?queue=overdue").text
    assert '<strong class="nhsuk-tag nhsuk-tag--red">Overdue by 3 days</strong>' in html


def test_what_is_due_today_is_not_overdue(as_, cast: Cast) -> None:
    _case(cast, "On the day", days=0)
    browser = as_(cast.hin)
    assert "On the day" not in browser.get("/support?queue=overdue").text
    assert "Due today" in browser.get("/support").text


def test_a_hin_sees_its_own_cases_and_others_only_under_all(as_, cast: Cast) -> None:
    _case(cast, "Of Manchester", hin="HI-MAN")
    browser = as_(cast.hin)
    assert "Of Manchester" not in browser.get("/support").text
    assert "Of Manchester" in browser.get("/support?queue=all").text


def test_national_staff_see_all_hins_and_filter_by_one(as_, cast: Cast) -> None:
    _case(cast, "Of Manchester", hin="HI-MAN")
    _case(cast, "Of the Midlands")
    browser = as_(cast.national)
    html = browser.get("/support").text
    assert "Of Manchester" in html
    assert "Of the Midlands" in html
    assert "Of the Midlands" not in browser.get("/support?network=HI-MAN").text


@pytest.mark.parametrize("person", ["innovator", "ics", "administrator"])
def test_the_desk_is_for_staff(as_, cast: Cast, person: str) -> None:
    assert as_(getattr(cast, person)).get("/support").status_code == 403


def test_each_queue_has_its_cases(session: Session, cast: Cast) -> None:
    new, read, waits, closed = (_case(cast, name) for name in ("New", "Read", "Wait", "Shut"))
    read.state, read.lead_id = EngagementState.ASSESSING, cast.hin.user.id
    waits.state, closed.state = EngagementState.WAITING, EngagementState.CLOSED
    waits.due_on = today() - timedelta(days=1)
    session.flush()
    assert desk.queue_counts(cast.hin.actor, today()) == {
        Queue.NEW: 1,
        Queue.MINE: 1,
        Queue.HIN: 3,
        Queue.WAITING: 1,
        Queue.OVERDUE: 1,
        Queue.AREA: 0,
        Queue.ALL: 4,
    }
    for queue, expected in {Queue.NEW: [new], Queue.MINE: [read], Queue.WAITING: [waits]}.items():
        assert list(session.scalars(desk.desk(queue, cast.hin.actor, today()))) == expected


def test_words_find_the_innovation_or_its_organisation(as_, cast: Cast) -> None:
    _case(cast, "Walk 100% Safely")
    _case(cast, "Other")
    browser = as_(cast.hin)
    html = browser.get("/support?q=100%25+saf").text
    assert "Walk 100% Safely" in html
    assert ">Other<" not in html
    assert ">Other<" in browser.get("/support?q=brightwell").text
    assert "Nothing here" in browser.get("/support?q=zzz").text


def test_it_sorts_by_any_column(as_, cast: Cast) -> None:
    _case(cast, "Aspen", days=9)
    _case(cast, "Birch", days=1)
    browser = as_(cast.hin)
    assert _order(browser.get("/support?sort=name").text, "Aspen", "Birch") == ["Aspen", "Birch"]
    assert _order(browser.get("/support?sort=-name").text, "Aspen", "Birch") == ["Birch", "Aspen"]
    assert browser.get("/support?sort=nonsense&queue=nonsense&page=99").status_code == 200


def test_what_is_done_with_many_stands_above_the_table_and_below(as_, cast: Cast) -> None:
    _case(cast, "Aspen")
    html = as_(cast.hin).get("/support").text
    first, _, rest = html.partition("<table")
    below = rest.partition("</table>")[2]
    for words in ("Give to a person", "Write to the innovators", "Choose all on this page"):
        assert words in first
        assert words in below


def test_a_record_leads_back_to_its_queue_and_on_to_the_next_case(as_, cast: Cast) -> None:
    first, last = _case(cast, "Aspen", days=1), _case(cast, "Birch", days=9)
    browser = as_(cast.hin)
    tab = f"/innovations/{first.innovation_id}/support"
    assert "Next case" not in browser.get(tab).text, "nobody came from a queue"
    browser.get("/support?queue=hin&sort=name&state=new")
    page = browser.get(tab).text
    assert re.search(r'href="/support\?[^"]*sort=name[^"]*"[^>]*>Back to the triage desk', page)
    (address,) = re.findall(r'href="(/support/next[^"]*)"', page)
    on = browser.get(unescape(address))
    assert on.headers["Location"].endswith(f"/innovations/{last.innovation_id}/support")
    end = browser.get(f"/support/next?queue=hin&sort=name&after={last.innovation_id}")
    assert end.headers["Location"].startswith("/support?")
    gone = browser.get("/support/next?queue=hin&sort=name&after=999999")
    assert gone.headers["Location"].endswith(f"/innovations/{first.innovation_id}/support")


def test_the_download_has_the_whole_queue_under_the_same_filters(as_, cast: Cast) -> None:
    for number in range(25):
        _case(cast, f"=Case {number}")
    _case(cast, "Elsewhere", hin="HI-MAN")
    browser = as_(cast.hin)
    lines = browser.get("/support/download.csv").text.splitlines()
    assert len(lines) == 26
    assert all(line.startswith("'=Case") for line in lines[1:])
    book = openpyxl.load_workbook(BytesIO(browser.get("/support/download.xlsx").data))
    assert book["Data"].max_row == 26
    assert browser.get("/support/download.pdf").status_code == 404


def test_sixty_cases_take_at_most_ten_statements(
    as_, session: Session, cast: Cast, statements
) -> None:
    for number in range(60):
        _case(cast, f"Case {number}", days=number - 20)
    engage_first = desk.desk(Queue.NEW, cast.hin.actor, today()).limit(1)
    first = session.scalars(engage_first).one()
    first.state = EngagementState.ASSESSING
    session.flush()
    engage(first, cast.hin)
    browser = as_(cast.hin)
    with statements.at_most(10):
        html = browser.get("/support?queue=all").text
    assert "Showing 1 to 20 of 60 innovations" in html


def test_a_queue_takes_at_most_ten_statements_however_long_it_is(
    as_, cast: Cast, statements
) -> None:
    kind = makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id
    hours = InteractionDetails(kind=InteractionKind.CALL, on=today(), minutes=450, kind_ids=[kind])
    for number in range(120):
        case = _case(cast, f"Case {number}", days=number - 60)
        case.state, case.level = EngagementState.ENGAGING, 1
        case.lead_id = cast.hin.user.id
        if number < 40:
            log(engagements=[case], details=hours, by=cast.hin.actor)
            case.due_on = today() + timedelta(days=number - 60)
    browser = as_(cast.hin)
    browser.get("/support")
    with statements.at_most(10):
        html = browser.get("/support?queue=hin").text
    assert "Showing 1 to 20 of 120 innovations" in html
    assert html.count("Hours spent: decide") == 20
