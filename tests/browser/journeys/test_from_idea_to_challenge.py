"""An idea from its posting to the matches of the challenge that it became, without JavaScript.

A nurse's idea looks like another, which is shown before it is posted; others comment and support;
the ICS takes it up and makes a challenge of it, which is matched and names its authors. At each
step a company and a stranger look at what they can see of it.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal.challenges.models import Readers
from portal.community.models import Campaign
from portal.db import db
from portal.jobs import run_waiting

CAMPAIGN = "A day earlier home"
TITLE = "Pack the medicines on the evening before discharge"
NURSE, NAME = "nurse@wards.example", "Marta Kellaway"

pytestmark = pytest.mark.browser

Inside = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> Callable[[str | None], Page]:
    """Return a page of somebody's browser that runs no script; of a stranger's for None."""

    def page_of(name: str | None) -> Page:
        page = signed_in(name, java_script_enabled=False).new_page()
        page.set_default_timeout(10_000)
        return page

    return page_of


def test_an_idea_becomes_a_challenge_that_is_matched(
    as_person: Callable[[str | None], Page], in_world: Inside
) -> None:
    nurse, ics, other = as_person(NURSE), as_person("ics"), as_person("other_ics")
    company, stranger = as_person("innovator"), as_person(None)
    campaign = in_world(the_campaign)
    idea = look_alikes_are_shown_before_it_is_posted(nurse, campaign)
    nobody_else_reads(company, stranger, idea)
    others_comment_and_support(other, nurse, idea)
    the_ics_takes_it_up(ics, nurse, idea)
    challenge = it_becomes_a_challenge(ics, idea)
    in_world(run_waiting)
    it_is_matched(ics, challenge)
    its_authors_are_named_to_staff_alone(other, company, stranger, challenge)
    nobody_else_reads(company, stranger, idea)


def main(page: Page) -> Any:
    return expect(page.get_by_role("main"))


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def the_campaign() -> int:
    return db.session.scalars(select(Campaign.id).where(Campaign.title == CAMPAIGN)).one()


def look_alikes_are_shown_before_it_is_posted(page: Page, campaign: int) -> int:
    """Post an idea; returns its id."""
    page.goto("/home")
    page.get_by_role("link", name="Ideas", exact=True).first.click()
    page.get_by_role("link", name=CAMPAIGN, exact=True).first.click()
    expect(page).to_have_url(re.compile(f"/ideas/campaigns/{campaign}$"))
    page.get_by_role("main").get_by_role("button", name="Post an idea").click()
    page.get_by_label("Your idea in one line").fill(TITLE)
    page.get_by_label("What is the problem?").fill(
        "On the day of discharge people wait for hours on the ward for their medicines. NHS number"
        " 943 476 5919."
    )
    page.get_by_label("What is your idea?").fill(
        "The ward pharmacist packs the medicines on the evening before."
    )
    press(page, "Post the idea")
    main(page).to_contain_text("must not contain an NHS number")
    page.get_by_label("What is the problem?").fill(
        "On the day of discharge people wait for hours on the ward for their medicines."
    )
    press(page, "Check for similar")
    main(page).to_contain_text("Medicines ready the evening before")
    press(page, "Post the idea")
    main(page).to_contain_text("Is yours one of these?")
    main(page).to_contain_text("Medicines ready the evening before")
    press(page, "Post it, mine is different")
    main(page).to_contain_text("Coventry and Warwickshire")
    main(page).to_contain_text("answers by")
    found = re.search(r"/ideas/(\d+)$", page.url)
    assert found
    return int(found.group(1))


def nobody_else_reads(company: Page, stranger: Page, idea: int) -> None:
    answer = company.goto(f"/ideas/{idea}")
    assert answer is not None
    assert answer.status == 403
    main(company).not_to_contain_text(TITLE)
    stranger.goto(f"/ideas/{idea}")
    expect(stranger).to_have_url(re.compile("/account/sign-in"))


def others_comment_and_support(other: Page, nurse: Page, idea: int) -> None:
    other.goto(f"/ideas/{idea}")
    press(other, "Support it")
    main(other).to_contain_text("1 person supports it")
    press(other, "Follow")
    press(other, "Join as a co-author")
    main(other).to_contain_text(f"{NAME} and Fiona Gallagher")
    nurse.goto(f"/ideas/{idea}")
    nurse.get_by_label("Comment").fill("We tried it for a week on ward 4.")
    press(nurse, "Send")
    main(nurse).to_contain_text("We tried it for a week on ward 4.")
    other.goto("/ideas")
    main(other).to_contain_text("1 unread")


def the_ics_takes_it_up(page: Page, nurse: Page, idea: int) -> None:
    page.goto("/home")
    main(page).to_contain_text(f"Look at the idea “{TITLE}”")
    page.goto(f"/ideas/{idea}")
    press(page, "I will look at it")
    nurse.goto(f"/ideas/{idea}")
    main(nurse).to_contain_text("Meera Solanki of")
    page.get_by_role("main").get_by_role("button", name="Answer it").click()
    page.get_by_label("Taken up").check()
    page.get_by_label("What do you tell the authors?").fill("We ask all our trusts. Thank you.")
    press(page, "Answer and tell them")
    nurse.goto(f"/ideas/{idea}")
    main(nurse).to_contain_text("We ask all our trusts. Thank you.")


def it_becomes_a_challenge(page: Page, idea: int) -> int:
    """Make it a challenge and open it to anyone; returns its id."""
    page.goto(f"/ideas/{idea}")
    press(page, "Make it a challenge")
    main(page).to_contain_text("The challenge is a draft")
    expect(page.get_by_label("The challenge in one line")).to_have_value(TITLE)
    page.get_by_label("Who is affected?").fill("People who go home from hospital with medicines")
    page.get_by_label("What outcome do you want?").fill("Medicines on the ward by nine o’clock")
    page.get_by_label(Readers.PUBLIC.label).check()
    press(page, "Save draft")
    press(page, "Open the challenge")
    found = re.search(r"/challenges/(\d+)", page.url)
    assert found
    return int(found.group(1))


def it_is_matched(page: Page, challenge: int) -> None:
    page.goto(f"/challenges/{challenge}/matches")
    expect(page.get_by_role("main").locator("a[href^='/innovations/']").first).to_be_visible()


def its_authors_are_named_to_staff_alone(
    other: Page, company: Page, stranger: Page, challenge: int
) -> None:
    other.goto(f"/challenges/{challenge}")
    main(other).to_contain_text(f"From an idea of {NAME} and Fiona Gallagher")
    for page in (company, stranger):
        page.goto(f"/challenges/{challenge}")
        main(page).to_contain_text("From an idea of staff of Arden Vale Hospitals")
        main(page).not_to_contain_text(NAME)
