"""The main job from first click to last, as five people do it, without JavaScript.

An innovator registers a product; a HIN triages it, sets its level and verifies it as proven; an
ICS searches, posts a challenge and sees it among the matches, with reasons.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.db import db
from portal.jobs import run_waiting

NAME = "Wobblewatch"
TRAIL = [
    "innovation.registered",
    "innovation.submitted",
    "engagement.opened",
    "engagement.assessing",
    "engagement.level_set",
    "engagement.engaging",
    "innovation.sharing_changed",
    "validation.added",
    "proven.verified",
]

pytestmark = pytest.mark.browser


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """Return a page of somebody's browser that runs no script."""

    def page_of(name: str) -> Page:
        return signed_in(name, java_script_enabled=False).new_page()

    return page_of


Inside = Callable[[Callable[[], Any]], Any]


def test_five_people_do_the_main_job(as_person: Callable[[str], Page], in_world: Inside) -> None:
    number = an_innovator_registers(as_person("innovator"))
    a_hin_lead_engages(as_person("hin"), number)
    the_innovator_completes_the_record(as_person("innovator"), number)
    a_hin_colleague_validates_and_verifies(as_person("hin"), number)
    in_world(run_waiting)
    an_ics_finds_it(as_person("ics"))
    challenge = an_ics_posts_a_challenge(as_person("ics_colleague"))
    in_world(run_waiting)
    the_ics_sees_why_it_fits(as_person("ics"), challenge)
    the_innovator_sees_the_challenge(as_person("innovator"), number)
    the_nation_sees_it_on_the_pipeline(as_person("national"))
    the_trail_tells_all(in_world(lambda: trail_of(number)))


def an_innovator_registers(page: Page, name: str = NAME) -> int:
    """Register step by step and submit; returns the record's number."""
    page.goto("/home")
    page.get_by_role("link", name="Register an innovation").click()
    page.get_by_label("Name of the innovation").fill(name)
    page.get_by_label("Summary in one sentence").fill(
        "A belt sensor that warns care home staff before a resident falls."
    )
    go_on(page)
    if page.get_by_role("heading", name="similar", exact=False).count():
        go_on(page)
    page.get_by_label("What problem does it solve?").fill(
        "Residents fall at night when nobody sees that they get up unsteadily."
    )
    go_on(page)
    page.get_by_label("Digital", exact=False).first.check()
    go_on(page)
    page.get_by_label("Spreading", exact=False).check()
    go_on(page)
    choose(page, "Care homes", "care_settings")
    go_on(page)
    go_on(page)
    page.get_by_label("England", exact=True).check()
    page.get_by_label("Integrated care system (ICS)").select_option(
        label="Coventry and Warwickshire"
    )
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("Health Innovation West Midlands")
    go_on(page)
    page.goto(re.sub(r"(/innovations/\d+).*", r"\1/check", page.url))
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name} is submitted")
    expect(page.get_by_role("main")).to_contain_text("Health Innovation West Midlands looks at it")
    found = re.search(r"/innovations/(\d+)", page.url)
    assert found
    return int(found.group(1))


def go_on(page: Page) -> None:
    """Press the button that leads to the next page."""
    page.get_by_role("main").get_by_role("button", name="Continue").click()
    page.wait_for_load_state()


def choose(page: Page, label: str, name: str) -> None:
    """Tick a box, opening the group in which it is folded."""
    box = page.locator(f"input[name={name}]").and_(page.get_by_label(label, exact=False)).first
    group = page.locator("details", has=box)
    if group.count() and not box.is_visible():
        group.first.locator("summary").first.click()
    box.check()


def date(page: Page, label: str, day: str) -> None:
    """Fill the three boxes of a date, given as "1 4 2026"."""
    group = page.get_by_role("group", name=label)
    for part, value in zip(("Day", "Month", "Year"), day.split(), strict=True):
        group.get_by_label(part).fill(value)


def a_hin_lead_engages(page: Page, number: int) -> None:
    """Find it on the desk, pick it up, engage at level 2."""
    page.goto("/support?queue=new")
    page.get_by_role("link", name=NAME, exact=True).click()
    page.goto(f"/innovations/{number}/support")
    page.get_by_role("button", name="Pick up").click()
    page.goto(f"/innovations/{number}/support/decide")
    page.get_by_label("Engage").check()
    go_on(page)
    page.get_by_label("Level 2").check()
    page.get_by_label("Message to the innovator").fill("We will help you with your evidence.")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("Engaging")


def the_innovator_completes_the_record(page: Page, number: int, name: str = NAME) -> None:
    """Read the message, add evidence and a place of use, share with ICSs, submit."""
    page.goto("/account/notifications")
    expect(page.get_by_role("main")).to_contain_text(name)
    page.goto(f"/innovations/{number}/edit/evidence/add")
    page.get_by_label("Clinical or care outcomes").check()
    page.get_by_label("Comparative data, not randomised").check()
    page.get_by_label("Title").fill("Falls before and after in twelve homes")
    page.get_by_label("Main result").fill("Falls at night went down.")
    page.locator("main form button[type=submit]").last.click()
    page.goto(f"/innovations/{number}/edit/use/add")
    page.get_by_label("Organisation").select_option(label="Coventry and Warwickshire ICS")
    date(page, "In use from", "1 4 2026")
    page.locator("main form button[type=submit]").last.click()
    page.goto(f"/innovations/{number}/check")
    page.get_by_role("button", name="Submit").click()
    page.goto(f"/innovations/{number}/sharing")
    page.get_by_label("HINs and ICSs").check()
    page.locator("main form button[type=submit]").last.click()


def a_hin_colleague_validates_and_verifies(page: Page, number: int) -> None:
    """Be refused while a rule is not met; record the validation; verify."""
    page.goto(f"/innovations/{number}/proven")
    page.get_by_role("button", name="Verify as proven").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_visible()
    page.goto(f"/innovations/{number}/support/validations/add")
    page.get_by_label("What question does it answer?").fill("Does it halve falls at night?")
    page.get_by_label("Where?").fill("Six care homes in Coventry")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("button", name="Start", exact=True).click()
    date(page, "When did it start?", "1 3 2026")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("button", name="Record the result").click()
    date(page, "When did it end?", "1 9 2026")
    page.get_by_label("Yes").check()
    page.get_by_label("Result in words").fill("Falls at night went down in six homes.")
    page.locator("main form button[type=submit]").last.click()
    page.goto(f"/innovations/{number}/proven")
    page.get_by_role("button", name="Verify as proven").click()
    expect(page.get_by_role("main")).to_contain_text("It counts as proven until")


def an_ics_finds_it(page: Page) -> None:
    """Search as one types on an ordinary Tuesday, with a slip of the finger."""
    page.goto("/home")
    page.get_by_role("searchbox").fill("residents fall at nigth in care homes")
    page.get_by_role("button", name="Search").click()
    first = page.get_by_role("main").get_by_role("listitem").filter(has_text=NAME).first
    expect(first).to_contain_text("Proven")
    expect(first.locator("mark").first).to_be_visible()


def an_ics_posts_a_challenge(page: Page) -> int:
    """Write it with the template, look at it as a draft, open it; returns its number."""
    page.goto("/challenges/new")
    page.get_by_label("The challenge in one line").fill("Falls at night in our care homes")
    page.get_by_label("What is the problem?").fill(
        "Residents get up unsteadily at night and fall before staff notice."
    )
    page.get_by_label("Who is affected?").fill("Care home residents and night staff")
    page.get_by_label("What outcome do you want?").fill("Fewer falls at night in care homes")
    choose(page, "Care homes", "care_setting")
    page.get_by_label("registered", exact=False).or_(
        page.get_by_label("Everyone with an account", exact=False)
    ).first.check()
    page.locator("main form button[type=submit]").first.click()
    found = re.search(r"/challenges/(\d+)", page.url)
    assert found, page.get_by_role("main").inner_text()
    page.get_by_role("button", name="Open").first.click()
    return int(found.group(1))


def the_ics_sees_why_it_fits(page: Page, challenge: int) -> None:
    """The first match is the proven one, and says which words and settings both share."""
    page.goto(f"/challenges/{challenge}/matches")
    first = page.locator("main .app-result").first
    expect(first).to_contain_text(NAME)
    expect(first).to_contain_text("Proven until")
    expect(first).to_contain_text("falls")
    expect(first).to_contain_text("Care homes")


def the_innovator_sees_the_challenge(page: Page, number: int) -> None:
    """The record's own people read which challenges it may fit."""
    page.goto(f"/innovations/{number}/challenges")
    expect(page.get_by_role("main")).to_contain_text("Falls at night in our care homes")


def the_nation_sees_it_on_the_pipeline(page: Page) -> None:
    """The national team opens the pipeline."""
    page.goto("/pipeline")
    expect(page.get_by_role("heading", level=1)).to_contain_text("pipeline")


def trail_of(number: int) -> list[tuple[str, str]]:
    """Who did what to the record, in order."""
    rows = db.session.execute(
        select(AuditEvent.action, AuditEvent.actor_name)
        .where(AuditEvent.noun == "innovation", AuditEvent.noun_id == number)
        .order_by(AuditEvent.id)
    ).all()
    return [(row.action, row.actor_name) for row in rows]


def the_trail_tells_all(events: list[tuple[str, str]]) -> None:
    """Every step left its event, by the one who took it, in the order it was taken."""
    actions = [action for action, _ in events]
    assert [action for action in TRAIL if action not in actions] == [], sorted(set(actions))
    firsts = [actions.index(action) for action in TRAIL]
    assert firsts == sorted(firsts), actions
    assert ("innovation.submitted", "Priya Nair") in events
    assert ("proven.verified", "Hannah Whitlock") in events
