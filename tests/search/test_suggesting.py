"""The search box offers names while somebody types: only of records that they may see."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.innovations.models import Sharing
from portal.reference.models import Vocabulary
from portal.web.limits import limiter
from tests import makers
from tests.cast import Cast, Person
from tests.conftest import make_app
from tests.pages import PageClient
from tests.statements import Statements
from tests.tables import fill

As = Callable[[Person], PageClient]
Apply = Callable[[], None]


@pytest.fixture
def catalogue(cast: Cast, session: Session, up_to_date: Apply) -> Apply:
    """A record for everyone and one for HINs only, whose words begin alike."""
    makers.innovation(
        "Cardio Open",
        of=cast.innovator,
        sharing=Sharing.PUBLIC,
        terms=[makers.term(Vocabulary.CONDITION, "CARDIOVASCULAR_HEART_FAILURE")],
    )
    makers.innovation("Cardio Secret", of=cast.other_innovator, sharing=Sharing.HINS)
    up_to_date()
    return up_to_date


def offered(browser: PageClient, typed: str) -> list[tuple[str, str]]:
    """What is offered for what is typed: (text, kind)."""
    answer = browser.get("/search/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    return [(one["text"], one["kind"]) for one in answer.get_json()["items"]]


def test_names_organisations_and_conditions_are_offered(
    catalogue: Apply, client: PageClient
) -> None:
    assert offered(client, "card") == [("Cardio Open", "Innovation")]
    assert offered(client, "bright") == [("Brightwell Health", "Organisation")]
    assert offered(client, "heart f") == [("Heart failure", "Condition")]


def test_many_of_one_kind_leave_room_for_the_others(
    catalogue: Apply, client: PageClient, cast: Cast
) -> None:
    for number in range(12):
        makers.innovation(f"Heart {number}", of=cast.innovator, sharing=Sharing.PUBLIC)
    catalogue()
    kinds = [kind for _, kind in offered(client, "heart")]
    assert kinds == ["Innovation"] * 3 + ["Condition"]


def test_each_is_offered_only_what_they_may_see(
    catalogue: Apply, client: PageClient, cast: Cast, as_: As
) -> None:
    for browser, sees in (
        (client, False),
        (as_(cast.innovator), False),
        (as_(cast.ics), False),
        (as_(cast.hin), True),
        (as_(cast.other_innovator), True),
    ):
        assert (("Cardio Secret", "Innovation") in offered(browser, "cardio")) == sees
        assert (("Northgate Devices", "Organisation") in offered(browser, "north")) == sees


def test_what_was_hidden_or_renamed_a_moment_ago_is_not_offered(
    catalogue: Apply, client: PageClient, cast: Cast, session: Session
) -> None:
    shown = makers.innovation("Cardio Shut", of=cast.innovator, sharing=Sharing.PUBLIC)
    other = makers.innovation("Cardio Once", of=cast.innovator, sharing=Sharing.PUBLIC)
    catalogue()
    assert {text for text, _ in offered(client, "cardio")} == {
        *("Cardio Open", "Cardio Shut", "Cardio Once")
    }
    shown.sharing = Sharing.HINS
    other.name = "Renamed"
    session.commit()
    assert offered(client, "cardio") == [("Cardio Open", "Innovation")]


@pytest.mark.parametrize("typed", ["", " ", "c", "\x00\x01", "%%", "x" * 5_000, "<script>"])
def test_odd_beginnings_offer_nothing(catalogue: Apply, client: PageClient, typed: str) -> None:
    assert offered(client, typed) == []


def test_without_an_index_nothing_is_offered(
    catalogue: Apply, client: PageClient, broken: Callable[[str], None]
) -> None:
    broken("garbage")
    assert offered(client, "cardio") == []


def test_it_asks_the_database_little(
    catalogue: Apply, cast: Cast, as_: As, statements: Statements
) -> None:
    browser = as_(cast.ics)
    with statements.at_most(3):
        assert offered(browser, "cardio")


def test_nobody_asks_without_end(tmp_path: Path) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'limited.db'}", tmp_path, RATELIMIT_ENABLED=True)
    try:
        with app.app_context():
            fill()
        browser = app.test_client()
        got = [browser.get("/search/suggest?q=").status_code for _ in range(241)]
        assert got == [200] * 240 + [429]
    finally:
        limiter.enabled = False
