"""What people search for and open is counted, and nobody can be read from the counts."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.clock import today
from portal.innovations.models import Sharing
from portal.search.models import SearchClick, SearchCount, SearchMark
from portal.search.rules import MIN_PEOPLE_ASKING, bucket, countable
from portal.search.services import counts
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]
ORIGIN = "http://localhost"


@pytest.fixture
def record(cast: Cast, session: Session, up_to_date: Callable[[], None]) -> int:
    """The id of a public record."""
    row = makers.innovation("Heart Pump", of=cast.innovator, sharing=Sharing.PUBLIC)
    up_to_date()
    return row.id


def search(browser: PageClient, **asked: object) -> str:
    """Search, and let the server finish what it does after the answer."""
    return browser.get("/search", query_string=asked, buffered=True).get_data(as_text=True)


def held(session: Session) -> dict[tuple[str, str], int]:
    """The counts: (words, bucket of results) to times."""
    session.expire_all()
    return {(row.words, row.found): row.times for row in session.scalars(select(SearchCount))}


def test_words_are_written_down_once_enough_people_asked_them(
    record: int, cast: Cast, session: Session, as_: As
) -> None:
    for person in (cast.ics, cast.ics, cast.hin, cast.ics):
        search(as_(person), q="Heart  PUMP!")
    assert held(session) == {("", "1-5"): 4}
    assert MIN_PEOPLE_ASKING == 3
    search(as_(cast.national), q="heart pump")
    assert held(session) == {("", "1-5"): 4, ("heart pump", "1-5"): 1}
    search(as_(cast.ics), q="heart pump")
    assert held(session)["heart pump", "1-5"] == 2


def test_until_then_the_words_stand_nowhere_in_the_database(
    record: int, cast: Cast, session: Session, as_: As
) -> None:
    words = "margaretsurname"
    search(as_(cast.ics), q=words)
    tables = session.scalars(
        select(text("name")).select_from(text("sqlite_master")).where(text("type = 'table'"))
        if session.get_bind().dialect.name == "sqlite"
        else select(text("tablename"))
        .select_from(text("pg_tables"))
        .where(text("schemaname = 'public'"))
    ).all()
    for table in tables:
        rows = session.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608 - our tables
        assert words not in str(rows), table
    assert len(session.scalars(select(SearchMark)).all()) == 1


@pytest.mark.parametrize(
    "words", ["jo@example.org", "943 476 5919", "9434765919 heart", "born 01/02/1950", "x" * 90]
)
def test_what_may_name_somebody_is_never_written_down(
    record: int, cast: Cast, session: Session, as_: As, words: str
) -> None:
    for kind in ("ics", "hin", "national", "innovator"):
        search(as_(getattr(cast, kind)), q=words)
    assert {named for named, _ in held(session)} == {""}
    assert session.scalars(select(SearchMark)).all() == []


@given(st.text(max_size=120))
@example("00¼¼")
@example("①②③④⑤⑥")
@example("somebody＠example")
def test_countable_words_are_plain(typed: str) -> None:
    words = countable(typed)
    assert "@" not in words
    assert words == " ".join(words.split())
    assert countable(words) == words
    assert sum(map(str.isdecimal, words)) < 6


def test_only_what_somebody_typed_is_counted_and_only_once(
    record: int, cast: Cast, session: Session, client: PageClient
) -> None:
    search(client)
    search(client, proven="yes")
    search(client, q="heart", page=2)
    search(client, q="heart", sort="name")
    assert held(session) == {}
    search(client, q="teacups")
    assert held(session) == {("", "0"): 1}


def test_buckets_hold_every_number() -> None:
    assert [bucket(n) for n in (0, 1, 5, 6, 20, 21, 9_999)] == [
        *("0", "1-5", "1-5", "6-20", "6-20", "21+", "21+")
    ]


def test_an_opened_result_is_counted_by_its_place(
    record: int, session: Session, client: PageClient
) -> None:
    assert f'href="/innovations/{record}?rank=1"' in search(client, q="heart")
    assert f'href="/innovations/{record}"' in search(client, proven="no")
    for came_from, rank in (
        (f"{ORIGIN}/search?q=heart", "1"),
        (f"{ORIGIN}/search?q=heart", "1"),
        (f"{ORIGIN}/search?q=heart", "21"),
        (f"{ORIGIN}/search?q=heart", "-1"),
        (f"{ORIGIN}/challenges", "1"),
        ("https://elsewhere.example/search", "1"),
        (None, "1"),
    ):
        client.get(
            f"/innovations/{record}?rank={rank}",
            headers={"Referer": came_from} if came_from else {},
            buffered=True,
        )
    session.expire_all()
    assert [(row.rank, row.times) for row in session.scalars(select(SearchClick))] == [(1, 2)]


def test_marks_of_last_month_are_forgotten(session: Session, cast: Cast) -> None:
    on = today().replace(day=15)
    asked = {"text": "heart", "total": 3, "asker": "user:1", "secret": "s"}
    counts.count_search(**asked, today=on)
    counts.forget_marks(on)
    assert len(session.scalars(select(SearchMark)).all()) == 1
    counts.forget_marks(on.replace(year=on.year + 1))
    assert session.scalars(select(SearchMark)).all() == []


def test_two_searches_of_one_person_have_nothing_in_common(session: Session, cast: Cast) -> None:
    for words in ("heart", "lung"):
        counts.count_search(text=words, total=3, asker="user:1", secret="s", today=today())
    first, second = session.scalars(select(SearchMark)).all()
    assert first.asker_mark != second.asker_mark


def test_the_national_team_reads_what_is_searched_in_vain(
    record: int, cast: Cast, session: Session, as_: As, statements: Statements
) -> None:
    for kind in ("ics", "other_ics", "hin", "other_hin"):
        search(as_(getattr(cast, kind)), q="teacups")
    makers.put(SearchClick(day=today(), rank=3, times=7))
    browser = as_(cast.national)
    with statements.at_most(8):
        page = browser.get("/search/insights").get_data(as_text=True)
    assert page.count('<a href="/search?q=teacups">') == 2
    assert "Results opened, by their place in the list" in page
