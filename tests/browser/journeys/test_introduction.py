"""An introduction from the request to what came of it, as three people do it, without JavaScript.

An ICS asks; its HIN takes it and passes it on; the innovator agrees; they meet; the ICS records
that a trial started, and the record shows it.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.clock import today
from tests.browser.journeys.test_main_job import date

NAME = "SteadyStep"
ICS = "Coventry and Warwickshire ICS"
CONTACTS = ("Meera Solanki", "Priya Nair")

pytestmark = pytest.mark.browser


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """Return a page of somebody's browser that runs no script."""

    def page_of(name: str) -> Page:
        return signed_in(name, java_script_enabled=False).new_page()

    return page_of


def test_three_people_bring_an_introduction_to_its_outcome(
    as_person: Callable[[str], Page],
) -> None:
    ics, hin, innovator = (as_person(name) for name in ("ics", "hin", "innovator"))
    path = the_ics_asks(ics)
    the_innovator_knows_nothing(innovator, path)
    the_hin_takes_it_and_passes_it_on(hin, path)
    the_innovator_reads_and_agrees(innovator, path)
    both_read_whom_to_write_to(ics, innovator, path)
    they_write_and_meet(ics, innovator, path)
    the_ics_records_a_trial(ics, path)
    the_record_shows_it(innovator)


def send(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def main(page: Page):
    return expect(page.get_by_role("main"))


def the_ics_asks(page: Page) -> str:
    """Find it by searching, ask from its record; returns the path of the introduction."""
    page.goto(f"/search?q={NAME}")
    page.get_by_role("link", name=NAME, exact=True).first.click()
    page.get_by_role("main").get_by_role("link", name="Introductions", exact=True).click()
    page.get_by_role("button", name="Ask for an introduction").click()
    send(page, "Ask for an introduction")
    expect(page.locator(".nhsuk-error-summary")).to_contain_text(
        "Enter what you would like to talk about"
    )
    page.get_by_label("What would you like to talk about").fill("Falls at night in our homes.")
    page.get_by_label("Within a month").check()
    page.get_by_label("Who will take part?").fill("Lead for falls, two home managers")
    send(page, "Ask for an introduction")
    main(page).to_contain_text("Requested")
    found = re.search(r"/introductions/\d+", page.url)
    assert found
    return found.group()


def the_innovator_knows_nothing(page: Page, path: str) -> None:
    """The page is not there for them."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404


def the_hin_takes_it_and_passes_it_on(page: Page, path: str) -> None:
    """Find it waiting, take it, accept it with context."""
    page.goto("/introductions?queue=ours")
    page.locator(f'a[href="{path}"]').click()
    page.get_by_role("button", name="Take it for Health Innovation West Midlands").click()
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_label("What should the innovator know?").fill("Twelve homes, and money to try.")
    send(page, "Accept and ask the innovator")
    main(page).to_contain_text("Brokered")


def the_innovator_reads_and_agrees(page: Page, path: str) -> None:
    """See who asks and why, but nobody's name; agree."""
    page.goto("/introductions?queue=ours")
    page.locator(f'a[href="{path}"]').click()
    main(page).to_contain_text("Falls at night in our homes.")
    main(page).to_contain_text("Twelve homes, and money to try.")
    main(page).not_to_contain_text(CONTACTS[0])
    page.get_by_role("button", name="Agree to meet").click()
    page.get_by_label("I understand that the ICS will see").check()
    send(page, "Agree and share contacts")
    main(page).to_contain_text("Agreed")


def both_read_whom_to_write_to(ics: Page, innovator: Page, path: str) -> None:
    """Each side now reads the other's name."""
    for page in (ics, innovator):
        page.goto(path)
        for name in CONTACTS:
            main(page).to_contain_text(name)


def they_write_and_meet(ics: Page, innovator: Page, path: str) -> None:
    """A message with a file, read by the other side; then the meeting is recorded."""
    ics.goto(path)
    ics.get_by_label("Message", exact=True).fill("Shall we meet today?")
    ics.locator("input[type=file]").set_input_files(
        {"name": "agenda.txt", "mimeType": "text/plain", "buffer": b"Agenda"}
    )
    send(ics, "Send")
    innovator.goto(path)
    main(innovator).to_contain_text("Unread")
    main(innovator).to_contain_text("agenda.txt")
    innovator.get_by_role("button", name="Mark as read").click()
    main(innovator).not_to_contain_text("Unread")
    innovator.get_by_role("button", name="Record the meeting").click()
    date(innovator, "When did you meet?", f"{today().day} {today().month} {today().year}")
    send(innovator, "Record the meeting")
    main(innovator).to_contain_text("Met on")


def the_ics_records_a_trial(page: Page, path: str) -> None:
    """Say what came of it."""
    page.goto(path)
    page.get_by_role("button", name="Record what came of it").click()
    page.get_by_label("Trial started").check()
    page.get_by_label("Ward, practice or site").fill("Six care homes in Coventry")
    date(page, "When did it start?", f"{today().day} {today().month} {today().year}")
    send(page, "Record the outcome")
    main(page).to_contain_text("Trial started")


def the_record_shows_it(page: Page) -> None:
    """Where it is in use, confirmed by the ICS."""
    page.goto(f"/search?q={NAME}")
    page.get_by_role("link", name=NAME, exact=True).first.click()
    page.get_by_role("main").get_by_role("link", name="Use", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Six care homes in Coventry")
    expect(row).to_contain_text(f"by {ICS} after an introduction")
