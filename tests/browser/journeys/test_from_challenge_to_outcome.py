"""From a challenge to what came of it, as six people do it, without JavaScript.

An ICS writes a challenge and sees what looks close before it opens it; it reads why innovations
match, shortlists and rejects; a second ICS has the challenge too; three are compared; an
introduction is asked for, brokered, agreed to and ends in use, which the record, the matches and
the national view show.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation
from portal.introductions.models import IntroductionChange
from portal.jobs import run_waiting
from portal.matching.queries.judging import Acceptance, acceptance
from portal.notifications.models import Notification
from tests.browser.journeys.test_main_job import date

TITLE = "People wait months for a test of sleep apnoea"
PROBLEM = "The sleep clinic has few beds for a night of testing, so people wait at home untreated."
MET, ALSO, REJECTED = "AcuPebble SA100", "Sunrise", "WatchPAT 300 and WatchPAT ONE"
ASKS, JOINS = "Greater Manchester ICS", "Coventry and Warwickshire ICS"

pytestmark = pytest.mark.browser

Inside = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """Return a page of somebody's browser that runs no script."""

    def page_of(name: str) -> Page:
        page = signed_in(name, java_script_enabled=False).new_page()
        page.set_default_timeout(10_000)
        return page

    return page_of


def test_six_people_bring_a_challenge_to_its_outcome(
    as_person: Callable[[str], Page], in_world: Inside
) -> None:
    ics, other, hin = (as_person(name) for name in ("other_ics", "ics", "other_hin"))
    before = in_world(acceptance)
    challenge = the_ics_previews_and_posts(ics)
    in_world(run_waiting)
    the_ics_reads_why_and_judges(ics, challenge)
    a_second_ics_has_this_too(other, challenge)
    the_ics_compares_three(ics, challenge)
    introduction = the_ics_asks_to_meet(ics, challenge)
    the_hin_brokers(hin, introduction)
    innovator = as_person(in_world(owner_of_the_met))
    the_innovator_agrees(innovator, introduction)
    they_meet_and_take_it_up(ics, introduction)
    the_record_and_the_matches_show_it(ics, other, challenge)
    the_nation_sees_it(as_person("national"), introduction, before, in_world(acceptance))
    all_is_dated_and_audited(in_world(lambda: trail(challenge, introduction)))
    all_are_told(in_world(lambda: told(introduction)))


def main(page: Page) -> Any:
    return expect(page.get_by_role("main"))


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def card(page: Page, name: str) -> Locator:
    link = page.get_by_role("link", name=name, exact=True)
    return page.locator("main .app-result").filter(has=link)


def names_on(page: Page) -> list[str]:
    return page.locator("main .app-result h2").all_inner_texts()


def the_ics_previews_and_posts(page: Page) -> int:
    """Type, see what looks close with all typed still there, keep it, open it; returns its id."""
    page.goto("/challenges/new")
    page.get_by_label("The challenge in one line").fill(TITLE)
    page.get_by_label("What is the problem?").fill(PROBLEM)
    page.get_by_label("Who is affected?").fill("Adults who snore and stop breathing in their sleep")
    page.get_by_label("What outcome do you want?").fill("A home test of sleep within four weeks")
    press(page, "See what looks close")
    main(page).to_contain_text(re.compile(r"\d+ proven solutions? looks? close"))
    main(page).to_contain_text("Most people add the care setting")
    expect(page.locator("#close")).to_contain_text(MET)
    expect(page.get_by_label("What is the problem?")).to_have_value(PROBLEM)
    press(page, "Save draft")
    main(page).to_contain_text("This is a preview")
    press(page, "Open the challenge")
    found = re.search(r"/challenges/(\d+)", page.url)
    assert found
    return int(found.group(1))


def the_ics_reads_why_and_judges(page: Page, challenge: int) -> None:
    """The matches say why and what is missing; one is shortlisted, one is not for us."""
    page.goto(f"/challenges/{challenge}/matches")
    main(page).to_contain_text("have much in common")
    for part in ("Both speak of", "sleep", "Evidence", "In use at", "Where from"):
        expect(card(page, MET)).to_contain_text(part)
    card(page, MET).get_by_role("button", name=f"Shortlist {MET}").click()
    expect(card(page, MET)).to_contain_text("On your shortlist")
    card(page, REJECTED).get_by_role("button", name=f"Not for us {REJECTED}").click()
    page.get_by_label("It is for another care setting or group").check()
    press(page, "Say it is not for us")
    page.goto(f"/challenges/{challenge}/matches?page=99")
    expect(card(page, REJECTED)).to_contain_text("It is for another care setting or group")
    assert names_on(page)[-1] == REJECTED


def a_second_ics_has_this_too(page: Page, challenge: int) -> None:
    """It joins, sees nothing of what the first thinks, and judges for itself."""
    page.goto(f"/challenges/{challenge}")
    press(page, "We have this too")
    main(page).to_contain_text(f"{JOINS} has this too")
    page.goto(f"/challenges/{challenge}/matches")
    main(page).not_to_contain_text("On your shortlist")
    main(page).not_to_contain_text("Not for you")
    card(page, ALSO).get_by_role("button", name=f"Shortlist {ALSO}").click()
    expect(card(page, ALSO)).to_contain_text("On your shortlist")


def the_ics_compares_three(page: Page, challenge: int) -> None:
    """Three stand side by side; what the other ICS thinks is nowhere."""
    page.goto(f"/challenges/{challenge}/matches")
    expect(card(page, ALSO)).not_to_contain_text("On your shortlist")
    third = next(name for name in names_on(page) if name not in {MET, ALSO})
    for name in (MET, ALSO, third):
        page.get_by_label(f"Compare {name}").check()
    press(page, "Compare the chosen innovations")
    for name in (MET, ALSO, third):
        expect(page.get_by_role("columnheader", name=name, exact=True)).to_be_visible()


def the_ics_asks_to_meet(page: Page, challenge: int) -> str:
    """Ask from the match; returns the path of the introduction."""
    page.goto(f"/challenges/{challenge}/matches")
    card(page, MET).get_by_role("link", name="Ask for an introduction").click()
    page.get_by_label("What would you like to talk about").fill("Testing at home next winter.")
    page.get_by_label("Within a month").check()
    page.get_by_label("Who will take part?").fill("Sleep lead and a service manager")
    press(page, "Ask for an introduction")
    main(page).to_contain_text("Requested")
    main(page).to_contain_text(TITLE)
    found = re.search(r"/introductions/\d+", page.url)
    assert found
    page.goto(f"/challenges/{challenge}/matches")
    expect(card(page, MET)).to_contain_text("You asked for an introduction: requested")
    return found.group()


def the_hin_brokers(page: Page, path: str) -> None:
    """The network of the ICS finds it waiting, takes it and passes it on with context."""
    page.goto("/introductions?queue=ours")
    page.locator(f'a[href="{path}"]').click()
    main(page).to_contain_text("Next step by")
    press(page, "Take it for Health Innovation Manchester")
    press(page, "Accept")
    page.get_by_label("What should the innovator know?").fill("They plan for 400 people a year.")
    press(page, "Accept and ask the innovator")
    main(page).to_contain_text("Brokered")


def owner_of_the_met() -> str:
    row = db.session.scalars(select(Innovation).where(Innovation.name == MET)).one()
    assert row.owner
    return row.owner.email


def the_innovator_agrees(page: Page, path: str) -> None:
    """They see who asks and why, no contact yet; after they agreed, the contact."""
    page.goto(path)
    for words in (ASKS, "Testing at home next winter.", "They plan for 400 people a year."):
        main(page).to_contain_text(words)
    main(page).not_to_contain_text("Fiona Gallagher")
    press(page, "Agree to meet")
    page.get_by_label("I understand that the ICS will see").check()
    press(page, "Agree and share contacts")
    main(page).to_contain_text("Fiona Gallagher")


def they_meet_and_take_it_up(page: Page, path: str) -> None:
    """The meeting, and then that it is used."""
    on = f"{today().day} {today().month} {today().year}"
    page.goto(path)
    press(page, "Record the meeting")
    date(page, "When did you meet?", on)
    press(page, "Record the meeting")
    press(page, "Record what came of it")
    page.get_by_label("Adoption started").check()
    page.get_by_label("Ward, practice or site").fill("Sleep clinics of two trusts")
    date(page, "When did it start?", on)
    press(page, "Record the outcome")
    main(page).to_contain_text("Adoption started")


def the_record_and_the_matches_show_it(ics: Page, other: Page, challenge: int) -> None:
    """Where it is in use names the ICS, on the record and on the other ICS's match."""
    ics.goto(f"/challenges/{challenge}/matches")
    card(ics, MET).get_by_role("link", name=MET, exact=True).click()
    ics.get_by_role("main").get_by_role("link", name="Use", exact=True).click()
    row = ics.get_by_role("row").filter(has_text="Sleep clinics of two trusts")
    expect(row).to_contain_text(f"by {ASKS} after an introduction")
    other.goto(f"/challenges/{challenge}/matches")
    expect(card(other, MET)).to_contain_text(ASKS)


def the_nation_sees_it(page: Page, path: str, before: Acceptance, after: Acceptance) -> None:
    """Counts have moved by what was judged; the introduction is among the ended."""
    assert sum(row.shortlisted for row in after.by_month) == 2 + sum(
        row.shortlisted for row in before.by_month
    )
    page.goto("/matching/acceptance")
    month = page.get_by_role("row").filter(has_text=today().strftime("%Y-%m"))
    now = next(row for row in after.by_month if row.name == today().strftime("%Y-%m"))
    expect(month).to_contain_text(str(now.shortlisted))
    main(page).not_to_contain_text(ASKS)
    page.goto("/introductions?queue=ended&q=AcuPebble")
    row = page.get_by_role("row").filter(has=page.locator(f'a[href="{path}"]'))
    expect(row).to_contain_text("Adoption started")


def trail(challenge: int, path: str) -> dict[str, list[str]]:
    """What was audited, and which states are dated."""
    number = int(path.rsplit("/", 1)[1])
    events = {
        noun: select(AuditEvent.action)
        .where(AuditEvent.noun == noun, AuditEvent.noun_id == noun_id, AuditEvent.at.is_not(None))
        .order_by(AuditEvent.id)
        for noun, noun_id in (("challenge", challenge), ("introduction", number))
    }
    states = (
        select(IntroductionChange.state)
        .where(IntroductionChange.introduction_id == number, IntroductionChange.at.is_not(None))
        .order_by(IntroductionChange.id)
    )
    found = {noun: list(db.session.scalars(asked)) for noun, asked in events.items()}
    return {**found, "states": [state.value for state in db.session.scalars(states)]}


def all_is_dated_and_audited(found: dict[str, list[str]]) -> None:
    """Every step left its line, in the order in which it was taken."""
    states = ["requested", "taken", "brokered", "agreed", "met", "ended"]
    assert found["states"] == states
    for noun, wanted in (
        ("challenge", ["match.shortlisted", "match.rejected", "challenge.joined"]),
        ("introduction", [f"introduction.{one}" for one in (*states[:-1], "outcome")]),
    ):
        places = [found[noun].index(action) for action in wanted]
        assert places == sorted(places), found[noun]


def told(path: str) -> dict[str, int]:
    """How many lines about the introduction each person found in their inbox, by name."""
    lines = select(User.name).join(Notification, Notification.user_id == User.id)
    return Counter(db.session.scalars(lines.where(Notification.url == path)))


def all_are_told(lines: dict[str, int]) -> None:
    """Each side was told of the steps of the others: taken, passed on and agreed to the ICS, asked
    and used to the network, asked, met and used to the innovator."""
    assert lines["Fiona Gallagher"] >= 3
    assert lines["Oluwaseun Bakare"] >= 3
    assert len(lines) >= 3
    assert min(lines.values()) >= 1
