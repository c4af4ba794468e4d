"""A change idea from the drawing of a diagram to the quarter's section, as two people do it.

The lead of a safety programme draws its driver diagram, lets a change idea spread as a record and
says which places could use it; a network recruits three wards; one of them logs three cycles and
counts for twelve weeks, until the chart signals a shift; the change is adopted, the place's stage
moves, and the quarter's section shows teams and cycles. No page needs a script.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.clock import today
from portal.reference.rules import Quarter
from tests.browser.journeys.test_spread import follow, on, open_, press, says

NAME = "Fewer falls on wards (journey)"
AIM = "Half as many falls on wards by March 2028"
DRIVER = "Patients at risk are known early"
IDEA = "Ask about falls within an hour"
RECORD = "Field to Ward"
LIST = "Places for mental health (journey)"
MEASURE = "Falls a week (journey)"
PLACE, CODE = "Fairmead Centre for Wellbeing", "DEMO0329"
"""A place in the area of the network; another one is called the same."""
WARDS = ("Rowan ward", "Birch ward", "Hazel ward")
COUNTS = (14, 13, 15, 14, 5, 6, 4, 5, 6, 4, 5, 6)
"""Falls in twelve weeks: the change begins with the fifth, and eight points lie on one side."""

pytestmark = pytest.mark.browser


def test_a_change_idea_is_tested_and_spreads(signed_in: Callable[..., BrowserContext]) -> None:
    lead, network = (
        signed_in(name, java_script_enabled=False).new_page() for name in ("national", "hin")
    )
    before = decided_in_quarter(network)
    idea = a_diagram_is_drawn(lead, a_programme_is_set_up(lead))
    it_spreads_as_a_record(lead, idea)
    teams = [a_ward_is_recruited(network, ward) for ward in WARDS]
    measure = a_measure_is_set_up(lead)
    it_tells_of(lead, idea)
    twelve_weeks_are_counted(network, measure)
    cycles = [a_cycle_is_logged(network, teams[0], number) for number in (1, 2, 3)]
    the_stage_moves(network, cycles[-1], idea)
    the_quarter_shows_it(network, before)


def a_programme_is_set_up(page: Page) -> str:
    """Add a safety programme; returns the address of its improvement."""
    page.goto("/programmes")
    follow(page, "Add a programme")
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Kind", exact=True).select_option(label="Safety improvement")
    page.get_by_label("First financial year").fill(str(Quarter.of(today()).first.year))
    page.get_by_label("What does it spread?").fill("What is asked of patients when they come")
    press(page, "Save")
    says(page, "The programme is saved")
    number = re.findall(r"/programmes/(\d+)", page.url)[0]
    return f"/improvement/programmes/{number}"


def a_diagram_is_drawn(page: Page, programme: str) -> str:
    """Draw aim, driver and change idea; returns the address of the change idea."""
    page.goto(programme)
    follow(page, "Begin the diagram")
    page.get_by_label("What is to be reached?").fill(AIM)
    page.get_by_role("main").locator("form button").first.click()
    for words, kind, inside in ((DRIVER, "Driver", AIM), (IDEA, "Change idea", DRIVER)):
        page.get_by_label(inside).check()
        page.get_by_label("Words of a new one").fill(words)
        page.get_by_label(kind, exact=True).check()
        press(page, "Add inside it")
        expect(page.get_by_label(words)).to_be_visible()
    page.goto(programme)
    follow(page, "Open the diagram")
    follow(page, IDEA)
    return page.url.split("?")[0]


def it_spreads_as_a_record(page: Page, idea: str) -> None:
    """Let the change idea spread as a record, and say that one place could use it."""
    page.goto(idea)
    follow(page, "Let it spread as a record")
    page.get_by_label("As which record does it spread?").select_option(label=RECORD)
    page.get_by_role("main").locator("form button").first.click()
    says(page, f"Spreads as {RECORD}")
    follow(page, RECORD)
    page.goto(re.sub(r"(/innovations/\d+).*", r"\1/spread", page.url))
    follow(page, "Say which places could use it")
    page.get_by_label("What are these places?").fill(LIST)
    press(page, "Make the list")
    follow(page, "Add one place")
    page.get_by_label("Place in the national directory").fill(CODE)
    on(page, Quarter.of(today()).previous.first)
    page.get_by_role("main").get_by_role("button", name=re.compile("^Add")).click()
    expect(page).not_to_have_url(re.compile("/add"))
    says(page, PLACE)


def a_ward_is_recruited(page: Page, ward: str) -> str:
    """Recruit a ward of the place; returns the team's address."""
    page.goto("/improvement/teams/new")
    page.get_by_label("What is the team called?").fill(ward)
    page.get_by_label("What is it?").select_option(label="Mental health ward")
    page.get_by_label("To which trust, home or practice does it belong?").fill(CODE)
    page.get_by_label("Which programme?").select_option(label=NAME)
    on(page, today() - timedelta(weeks=13))
    press(page, "Recruit")
    says(page, "The team is recruited")
    team = page.url.split("?")[0]
    follow(page, "Say whether it takes part")
    page.get_by_label("Active").check()
    on(page, today() - timedelta(weeks=12))
    press(page, "Save")
    says(page, "It is recorded")
    return team


def a_measure_is_set_up(page: Page) -> str:
    """Define the measure; returns its address."""
    page.goto("/improvement/measures/new")
    page.get_by_label("Which programme is it for?").select_option(label=NAME)
    page.get_by_label("Name of the measure").fill(MEASURE)
    page.get_by_label("Outcome", exact=True).check()
    page.get_by_label("Who or what is counted?").fill("Falls on the ward")
    page.get_by_label("Every week (the Monday)").check()
    page.get_by_label("c (count)", exact=True).check()
    page.get_by_label("Lower is better").check()
    page.get_by_role("group", name="Does it count patients?").get_by_label("No").check()
    press(page, "Save")
    says(page, "The measure is defined")
    return page.url.split("?")[0]


def it_tells_of(page: Page, idea: str) -> None:
    """Show the measure on the change idea."""
    page.goto(idea)
    follow(page, "Show a measure over time")
    page.get_by_label("Which measure tells whether it makes a difference?").select_option(
        label=MEASURE
    )
    page.get_by_role("main").locator("form button").first.click()
    says(page, MEASURE)


def twelve_weeks_are_counted(page: Page, measure: str) -> None:
    """Enter twelve whole weeks of counts; the chart then signals a shift."""
    page.goto(f"{measure}/enter")
    fields = page.locator("main input[name^='n-']")
    first = fields.count() - 1 - len(COUNTS)
    for number, count in enumerate(COUNTS):
        fields.nth(first + number).fill(str(count))
    press(page, "Save")
    says(page, "Special cause: improving")
    says(page, "It is one of 8 points in a row below the mean. That is better.")


def a_cycle_is_logged(page: Page, team: str, number: int) -> str:
    """Plan, do, study and act; the third cycle is adopted. Returns its address."""
    begun = today() - timedelta(weeks=12 - 3 * number)
    page.goto(team)
    follow(page, "Plan a cycle")
    page.get_by_label("Which change idea?").select_option(label=f"Change idea: {IDEA}")
    page.get_by_label("What do you want to find out?").fill(f"Does it fit step {number}?")
    page.get_by_label("Who does what, where and when?").fill("The nurse in charge asks")
    page.get_by_label("What do you expect to happen?").fill("Nobody is missed")
    on(page, begun)
    press(page, "Save the plan")
    says(page, f"Cycle {number} is planned")
    cycle = page.url.split("?")[0]
    follow(page, "Write down what happened")
    page.get_by_label("Do: what happened?").fill("All were asked")
    on(page, begun + timedelta(days=6))
    page.get_by_label("Study: what did you find").fill("It takes four minutes")
    press(page, "Save")
    follow(page, "Adopt, adapt or abandon")
    page.get_by_label("Adopt" if number == len(WARDS) else "Adapt", exact=True).check()
    on(page, today())
    press(page, "Save")
    says(page, "The cycle is closed")
    return cycle


def the_stage_moves(page: Page, cycle: str, idea: str) -> None:
    """From the adopted cycle to the stage of the place, and back to the change idea."""
    page.goto(cycle)
    follow(page, f"say where {PLACE} stands with {RECORD}")
    page.get_by_label("Stage", exact=True).select_option(label="5 Adopted")
    press(page, "Record it")
    says(page, "It is recorded")
    says(open_(page, idea), "1 of 1 (100%)")
    says(page, "Rowan ward")


def decided_in_quarter(page: Page) -> int:
    """Return how many cycles the quarter's section counts."""
    page.goto("/improvement/quarter")
    card = page.locator("main .app-stat", has_text="cycles were decided on in the quarter")
    return int(card.locator(".app-stat__number").inner_text()) if card.count() else 0


def the_quarter_shows_it(page: Page, before: int) -> None:
    """Three more cycles, and the wards."""
    assert decided_in_quarter(page) == before + 3
    says(page, "wards for mental health or learning disability test changes")
