"""Support from the day an innovation arrives to what its innovator says of it afterwards.

Two networks and an innovator, without JavaScript: suggested at level 2, engaged at 1, hours past
the budget, level 2, joint work, a real-world validation, proven, handed over, closed, surveyed.
After each step the quarter's live figures have moved.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal.clock import today
from portal.db import db
from portal.figures.queries import live_values
from portal.notifications.models import Notification
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from tests.browser.journeys.test_main_job import (
    an_innovator_registers,
    date,
    go_on,
    the_innovator_completes_the_record,
    trail_of,
)

NAME = "Steadyrail"
FIRST, SECOND = "HI-WM", "HI-MAN"
"""The codes of the network to which it comes and of the one that joins and takes over."""
TRAIL = [
    "innovation.submitted",
    "engagement.opened",
    "engagement.assessing",
    "engagement.level_set",
    "engagement.engaging",
    "interaction.logged",
    "validation.added",
    "validation.running",
    "validation.completed",
    "proven.verified",
    "engagement.leads",
    "engagement.closed",
    "survey.answered",
]
Inside = Callable[[Callable[[], Any]], Any]

pytestmark = pytest.mark.browser


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """Return a page of somebody's browser that runs no script."""

    def page_of(name: str) -> Page:
        return signed_in(name, java_script_enabled=False).new_page()

    return page_of


class Figures:
    """What the live figures of this quarter moved by since they were last looked at."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.before = inside(_figures)

    def moved(self, *expected: tuple[str, str, str]) -> None:
        """Each of these (measure, network, group) is one more, or more where it counts hours."""
        now = self.inside(_figures)
        for key in expected:
            assert now.get(key, 0) > self.before.get(key, 0), key
        self.before = now


def _figures() -> dict[tuple[str, str, str], float]:
    codes = {row.id: row.code for row in db.session.scalars(select(Hin))}
    found = live_values(Quarter.of(today()), today())
    return {(f.code, codes[f.hin_id], f.group): f.value for f in found if f.hin_id}


def test_support_from_arrival_to_survey(as_person: Callable[[str], Page], in_world: Inside) -> None:
    figures = Figures(in_world)
    innovator, hin, other = (as_person(name) for name in ("innovator", "hin", "other_hin"))
    number = an_innovator_registers(innovator, NAME)
    figures.moved(("engagements", FIRST, ""))
    tab = f"/innovations/{number}/support"
    it_is_picked_up(hin, tab)
    the_innovator_completes_the_record(innovator, number, NAME)
    level_2_is_suggested_and_1_chosen(hin, tab)
    hours_pass_the_budget(hin, tab)
    figures.moved(("interactions", FIRST, ""), ("hours", FIRST, "1"))
    the_level_goes_up(hin, tab)
    log(hin, tab, "30 minutes")
    figures.moved(("hours", FIRST, "2"))
    a_second_network_joins(other, hin, tab)
    figures.moved(("engagements", SECOND, ""))
    it_is_validated(hin, tab)
    figures.moved(
        ("validations", FIRST, ""),
        ("validations_by_support", FIRST, "EVALUATION_DESIGN"),
    )
    it_is_proven(hin, number)
    it_is_handed_over(hin, other, tab)
    figures.moved(("closed", FIRST, ""))
    the_innovator_answers_once(innovator, "Health Innovation West Midlands")
    figures.moved(("surveys", FIRST, ""))
    it_is_closed(other, tab)
    figures.moved(("closed", SECOND, ""))
    the_innovator_answers_once(innovator, "Health Innovation Manchester")
    figures.moved(("surveys", SECOND, ""))
    the_nation_reads_the_figures(as_person("national"))
    actions = [action for action, _ in in_world(lambda: trail_of(number))]
    assert [action for action in TRAIL if action not in actions] == [], sorted(set(actions))
    told = in_world(_told)
    for words in ("validation is completed", "has closed its support", "How was the support"):
        assert any(words in subject for subject in told), (words, told)


def _told() -> list[str]:
    return list(
        db.session.scalars(select(Notification.subject).where(Notification.subject.contains(NAME)))
    )


def send(page: Page) -> None:
    """Press the last button of the form."""
    page.locator("main form button[type=submit]").last.click()


def says(page: Page, words: str) -> None:
    """The page says it."""
    expect(page.get_by_role("main")).to_contain_text(words)


def it_is_picked_up(page: Page, tab: str) -> None:
    """Take it from the queue of what is new."""
    page.goto("/support?queue=new")
    page.get_by_role("link", name=NAME, exact=True).click()
    page.get_by_role("button", name="Pick up").click()
    says(page, "Assessing")


def level_2_is_suggested_and_1_chosen(page: Page, tab: str) -> None:
    """Read why 2 is suggested, and begin at 1 all the same."""
    page.goto(f"{tab}/decide")
    page.get_by_label("Engage").check()
    go_on(page)
    says(page, "Suggested: level 2")
    for reason in ("Stage: ", "Evidence: 1 item", "Market: "):
        says(page, reason)
    page.get_by_label("Level 1").check()
    page.get_by_label("Message to the innovator").fill("We will point you to the right people.")
    send(page)
    says(page, "Engaging")


def log(page: Page, tab: str, long: str) -> None:
    """Log a call about how it is evaluated."""
    page.goto(f"{tab}/interactions/add")
    page.get_by_label("Kind of interaction").select_option(label="Call")
    page.get_by_label("How long").select_option(label=long)
    page.get_by_label("Evidence", exact=True).check()
    page.get_by_label("Note").fill("Only for us: they are short of money.")
    page.get_by_label("Only our network").check()
    send(page)


def hours_pass_the_budget(page: Page, tab: str) -> None:
    """Four hours fit level 1; another half hour makes the page ask."""
    log(page, tab, "4 hours")
    page.goto(tab)
    expect(page.get_by_role("main")).not_to_contain_text("The hours of level 1 are spent")
    log(page, tab, "30 minutes")
    page.goto(tab)
    says(page, "The hours of level 1 are spent")


def the_level_goes_up(page: Page, tab: str) -> None:
    """Answer what the page asks: level 2, with why."""
    page.get_by_role("link", name="Move to another level").click()
    page.get_by_label("Level 2").check()
    page.get_by_label("Why does the level change?").fill("They need help with a trial.")
    send(page)
    expect(page.get_by_role("main")).not_to_contain_text("The hours of level 1 are spent")


def propose(page: Page, tab: str, kind: str, network: str) -> None:
    """Propose something to the other network."""
    page.goto(f"{tab}/propose")
    page.get_by_label(kind).check()
    page.get_by_label("To which network?").select_option(label=network)
    page.get_by_label("Why, and how would you share the work?").fill("Sites here want to try it.")
    send(page)
    says(page, "It is proposed")


def accept(page: Page, tab: str) -> None:
    """Read who is engaging, and accept."""
    page.goto(tab)
    page.get_by_role("button", name="Answer", exact=True).click()
    page.wait_for_load_state()
    page.get_by_label("Accept").check()
    seen = page.get_by_label("I have seen which networks are engaging with it")
    if seen.count():
        seen.check()
    send(page)
    says(page, "You accepted")


def a_second_network_joins(other: Page, hin: Page, tab: str) -> None:
    """Manchester proposes joint work and reads no private word; the first accepts."""
    other.goto(tab)
    expect(other.get_by_role("main")).not_to_contain_text("short of money")
    propose(other, tab, "Joint work", "Health Innovation West Midlands")
    accept(hin, tab)


def it_is_validated(page: Page, tab: str) -> None:
    """Plan it, start it, record the result."""
    page.goto(f"{tab}/validations/add")
    page.get_by_label("What question does it answer?").fill("Does it halve falls at night?")
    page.get_by_label("Where?").fill("Six care homes in Coventry")
    page.get_by_label("Evaluation design").check()
    send(page)
    says(page, "The validation is planned")
    page.get_by_role("button", name="Start", exact=True).click()
    day = today()
    date(page, "When did it start?", f"{day.day} {day.month} {day.year}")
    send(page)
    says(page, "The validation is running")
    page.get_by_role("button", name="Record the result").click()
    date(page, "When did it end?", f"{day.day} {day.month} {day.year}")
    page.get_by_label("Yes").check()
    page.get_by_label("Result in words").fill("Falls at night went down in six homes.")
    send(page)
    says(page, "counts towards proven")


def it_is_proven(page: Page, number: int) -> None:
    """Verify it against the rules, all of which are met now."""
    page.goto(f"/innovations/{number}/proven")
    page.get_by_role("button", name="Verify as proven").click()
    says(page, "It counts as proven until")


def it_is_handed_over(hin: Page, other: Page, tab: str) -> None:
    """The first network lets go; the second goes on at its level."""
    propose(hin, tab, "Handover", "Health Innovation Manchester")
    accept(other, tab)
    says(other, "Handed over")
    says(other, "Leads with the innovation from now on")


def it_is_closed(page: Page, tab: str) -> None:
    """Say why, what was done and what comes next."""
    page.goto(f"{tab}/close")
    page.get_by_label("It is being taken up").check()
    page.get_by_label("What was done?").fill("Six homes tried it and keep it.")
    page.get_by_label("What comes next for the innovator?").fill("Ask your ICS for the others.")
    send(page)
    says(page, "The support is closed")


def the_innovator_answers_once(page: Page, network: str) -> None:
    """Find the survey about a network at home, answer it; it is gone."""
    page.goto("/home")
    asked = page.get_by_role("listitem").filter(has_text=f"Four questions about {NAME}")
    asked.filter(has_text=network).get_by_role("link").click()
    page.wait_for_load_state()
    for group in page.get_by_role("group").all():
        if group.get_by_label("4: quite").count():
            group.get_by_label("4: quite").check()
    send(page)
    says(page, "kept without your name")
    page.goto("/home")
    expect(asked.filter(has_text=network)).to_have_count(0)


def the_nation_reads_the_figures(page: Page) -> None:
    """Each step stands on the page of figures too."""
    page.goto(f"/figures?network={SECOND}")
    for name in ("New engagements", "Support closed", "Surveys answered"):
        says(page, name)
    page.goto("/support/surveys")
    says(page, "Health Innovation Manchester")
