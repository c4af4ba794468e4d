"""A call from its publication to its result, as people do it, without JavaScript.

An ICS publishes a call and amends its criteria; one asks in public; three innovators answer; two
assess without seeing each other's scores; one is invited, two are declined with reasons; the result
is published; they meet and a trial starts; what came of it and a case study are published, which
the page of the area, the record, the challenge, the front page, the feed and the figure show. At
each step a stranger and another ICS look at what they can see of it.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import update

from portal.challenges.models import Call, Readers
from portal.clock import today
from portal.db import db
from tests.browser.journeys.test_main_job import date

TITLE = "People with frailty wait a week for a first visit at home"
MADE_BY = {
    "SteadyStep": "Larkfield Falls Technology",
    "Breath at the Bedside": "Quillmoor Diagnostics",
    "Warm Welcome Home": "Harbour Lane Neighbours",
}
BY = {
    "SteadyStep": "innovator",
    "Breath at the Bedside": "clinician",
    "Warm Welcome Home": "charity",
}
CHOSEN = "SteadyStep"
QUESTION, REPLY = "May a product without wifi take part?", "Yes, half of our homes have none."
COST = "depends on how many quokkas"
CAME_OF_IT = "After six weeks in six homes half as many people fell at night."
STUDY = "Half as many falls at night in six homes of South East London"
AREA = "/exchange/ics/QKK"

pytestmark = pytest.mark.browser

Inside = Callable[[Callable[[], Any]], Any]
Watch = Callable[[str], None]


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> Callable[[str | None], Page]:
    """Return a page of somebody's browser that runs no script; of a stranger's for None."""

    def page_of(name: str | None) -> Page:
        page = signed_in(name, java_script_enabled=False).new_page()
        page.set_default_timeout(10_000)
        return page

    return page_of


def test_a_call_from_publication_to_its_result(
    as_person: Callable[[str | None], Page], in_world: Inside
) -> None:
    ics, hin = as_person("fourth_ics"), as_person("fourth_hin")
    innovators = {name: as_person(who) for name, who in BY.items()}
    call = the_ics_publishes_a_call(ics)
    look = strangers(as_person(None), as_person("ics"), call)
    look("Open for answers")
    one_asks_and_everybody_reads_the_answer(innovators["Warm Welcome Home"], ics, call, look)
    for name, page in innovators.items():
        they_answer(page, call, name)
    look("Open for answers")
    the_answers_are_sealed(ics, call)
    criteria_are_amended(ics, innovators[CHOSEN], call)
    look("Amendment 1")
    in_world(lambda: the_last_day_passes(call))
    look("Closed, being assessed")
    two_assess_blind(ics, hin, call)
    look("Closed, being assessed")
    all_hear_of_a_decision(ics, innovators, call)
    the_result_is_published(ics, call)
    look("3 answered, 3 were assessed, 0 met")
    meeting = they_meet(ics, innovators[CHOSEN], call)
    strangers_know_of_no_meeting(as_person(None), as_person("ics"), meeting)
    the_ics_records_a_trial(ics, meeting)
    what_came_of_it_is_published(ics, call)
    look(CAME_OF_IT)
    study = the_network_writes_a_case_study(hin)
    nobody_else_reads_the_draft(as_person(None), as_person("ics"), study)
    a_second_person_publishes_it(hin, as_person("national"), study)
    everybody_finds_it(as_person, study, call)
    the_figure_names_it(as_person("national"))


def main(page: Page) -> Any:
    return expect(page.get_by_role("main"))


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def in_days(days: int) -> str:
    day = today() + timedelta(days=days)
    return f"{day.day} {day.month} {day.year}"


def the_ics_publishes_a_call(page: Page) -> int:
    """Write a challenge, open it, make a call of it; returns its id."""
    page.goto("/challenges/new")
    page.get_by_label("The challenge in one line").fill(TITLE)
    page.get_by_label("What is the problem?").fill("Nobody comes for a week after the letter.")
    page.get_by_label("Who is affected?").fill("Older people at home")
    page.get_by_label("What outcome do you want?").fill("A first visit within two days")
    page.get_by_label("What must any answer have").fill(
        "- Works without wifi\n- Staff learn it in an hour"
    )
    page.get_by_label(Readers.PUBLIC.label).check()
    press(page, "Save draft")
    press(page, "Open the challenge")
    found = re.search(r"/challenges/(\d+)", page.url)
    assert found
    page.goto(f"/challenges/{found.group(1)}")
    page.get_by_role("main").get_by_role("button", name="Publish it as a call").click()
    date(page, "From which day may it be answered?", in_days(0))
    date(page, "What is the last day for answers?", in_days(20))
    date(page, "What is the last day for questions?", in_days(10))
    date(page, "By which day do you answer all questions?", in_days(12))
    page.get_by_label("Who may answer?").fill("Any innovator with a product in use")
    page.get_by_label("What happens then?").fill("We meet the best and try one out")
    page.get_by_label("Criterion 1", exact=True).fill("Easy to learn")
    page.get_by_label("Weight of criterion 1").fill("3")
    page.get_by_label("Criterion 2 (optional)", exact=True).fill("Evidence")
    press(page, "Save it and see it before it is published")
    main(page).to_contain_text("This is a preview")
    press(page, "Publish the call")
    main(page).to_contain_text("The call is published. Anyone reads it.")
    return int(found.group(1))


def strangers(stranger: Page, other: Page, call: int) -> Watch:
    """Return what somebody without an account and another ICS do at each step: read the call with
    these words, and nothing of who answered, at what cost, or who asked."""

    def look(words: str) -> None:
        for page in (stranger, other):
            for path in (f"/challenges/{call}/call", f"/challenges/{call}", "/challenges"):
                page.goto(path)
                main(page).to_contain_text(words if path.endswith("/call") else TITLE)
                for hidden in (*MADE_BY, *MADE_BY.values(), COST, "Bronwen", "Abena"):
                    main(page).not_to_contain_text(hidden)
        refused = other.goto(f"/challenges/{call}/answers")
        assert refused is not None
        assert refused.status == 403
        stranger.goto(f"/challenges/{call}/answers")
        expect(stranger).to_have_url(re.compile("/account/sign-in"))

    return look


def one_asks_and_everybody_reads_the_answer(page: Page, ics: Page, call: int, look: Watch) -> None:
    """A question without a name; the ICS answers it on the page."""
    page.goto(f"/challenges/{call}/call")
    page.get_by_role("main").get_by_role("button", name="Ask a question").click()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("main").locator("form button.nhsuk-button").first.click()
    main(page).not_to_contain_text("There is a problem")
    ics.goto(f"/challenges/{call}/call")
    main(ics).not_to_contain_text("Harbour Lane")
    ics.get_by_role("link", name=QUESTION).click()
    ics.get_by_label("Your answer").fill(REPLY)
    ics.get_by_role("main").locator("form button.nhsuk-button").first.click()
    look(REPLY)


def they_answer(page: Page, call: int, name: str) -> None:
    """From the page of the call: choose the record where there are several, write, send."""
    page.goto(f"/challenges/{call}/call")
    page.get_by_role("main").get_by_role("button", name="Ours may fit").click()
    which = page.get_by_role("heading", name="Which record answers it?")
    answer = page.get_by_role("heading", name=f"Answer with {name}")
    expect(which.or_(answer)).to_be_visible()
    if which.is_visible():
        page.get_by_role("link", name=name, exact=True).click()
    main(page).to_contain_text(f"Answer with {name}")
    press(page, "Send the answer")
    main(page).to_contain_text("Select whether it meets “Works without wifi”")
    for must in ("Works without wifi", "Staff learn it in an hour"):
        page.get_by_role("group", name=must).get_by_label("Yes").check()
    page.get_by_label("What is the evidence?").fill("A year in six homes")
    page.get_by_label("What would you need from them?").fill("Two hours of training")
    page.get_by_label("What does the cost depend on?").fill(COST)
    press(page, "Send the answer")
    main(page).to_contain_text("Your answer is sent.")
    main(page).to_contain_text("It is sealed")


def the_answers_are_sealed(page: Page, call: int) -> None:
    """Those who stated it count them and read none."""
    page.goto(f"/challenges/{call}/answers")
    main(page).to_contain_text("3 sealed answers")
    for hidden in (*MADE_BY, *MADE_BY.values(), COST):
        main(page).not_to_contain_text(hidden)


def criteria_are_amended(page: Page, innovator: Page, call: int) -> None:
    """A third criterion; who answered is told."""
    page.goto(f"/challenges/{call}/call")
    page.get_by_role("main").get_by_role("button", name="Amend the call").click()
    page.get_by_label("Why is the call changed?").fill("Somebody asked what counts.")
    page.get_by_label("Criterion 3 (optional)", exact=True).fill("Cost")
    press(page, "Publish the amendment")
    main(page).to_contain_text("Amendment 1")
    innovator.goto("/account/notifications")
    main(innovator).to_contain_text(f"A call was amended: {TITLE}")


def the_last_day_passes(call: int) -> None:
    """Move the days of the call back, as if they had passed."""
    days = {
        "opens_on": today() - timedelta(days=21),
        "closes_on": today() - timedelta(days=1),
        "questions_by": today() - timedelta(days=11),
        "replies_by": today() - timedelta(days=9),
    }
    db.session.execute(update(Call).where(Call.challenge_id == call).values(**days))
    db.session.commit()


def two_assess_blind(ics: Page, hin: Page, call: int) -> None:
    """The ICS and its network: neither sees a score before both have scored all."""
    ics.goto(f"/challenges/{call}/answers")
    main(ics).to_contain_text(COST)
    ics.get_by_role("main").get_by_role("button", name="Ask people to assess").click()
    for name in ("Abena Mensah (you)", "Leila Haddad"):
        ics.get_by_label(name).check()
    press(ics, "Ask them")
    main(ics).to_contain_text("Scores are awaited from 2 people")
    for page, others in ((ics, hin), (hin, ics)):
        page.goto(f"/challenges/{call}/answers/declare")
        for name in MADE_BY.values():
            main(page).to_contain_text(name)
        page.get_by_label("No", exact=True).check()
        press(page, "Declare")
        main(page).not_to_contain_text("Result")
        page.get_by_role("main").get_by_role("button", name="Score the answers").click()
        for left in (2, 1, 0):
            score_one(page)
            main(page).to_contain_text(f"{left} more to score" if left else "every answer")
        if page is ics:
            main(page).not_to_contain_text("Mean scores")
            expect(others.get_by_text("Mean scores")).to_have_count(0)
    main(hin).to_contain_text("Mean scores")


def score_one(page: Page) -> None:
    """The chosen one fully, others a little."""
    is_chosen = page.get_by_role("heading", name=f"Score {CHOSEN}").is_visible()
    for name in ("Easy to learn", "Evidence", "Cost"):
        group = page.get_by_role("group", name=re.compile(rf"^{name}"))
        group.get_by_label("4: fully" if is_chosen else "1: a little").check()
    press(page, "Save and go on")


def all_hear_of_a_decision(ics: Page, innovators: dict[str, Page], call: int) -> None:
    """One is invited, two read a reason of their own."""
    for name in MADE_BY:
        ics.goto(f"/challenges/{call}/answers")
        ics.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        if name == CHOSEN:
            ics.get_by_role("main").get_by_role("button", name="Invite to meet").click()
            ics.get_by_label("What would you like to talk about?").fill("A trial in six homes")
            ics.get_by_label("Within a month").check()
            ics.get_by_label("Who will take part?").fill("Lead for frailty")
            press(ics, "Invite them")
            main(ics).to_contain_text("They are invited.")
        else:
            ics.get_by_role("main").get_by_role("button", name="Decline", exact=True).click()
            ics.get_by_label("The evidence is not enough for us").check()
            ics.get_by_label("Why, in your words?").fill(f"For {name}: a year is too short.")
            press(ics, "Decline and tell them")
            main(ics).to_contain_text("The innovator was told")
    for name, page in innovators.items():
        page.goto("/answers")
        page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
        said = "would like to meet" if name == CHOSEN else f"For {name}: a year is too short."
        main(page).to_contain_text(said)
        for other in MADE_BY:
            if other != name:
                main(page).not_to_contain_text(other)


def the_result_is_published(page: Page, call: int) -> None:
    """With its numbers, for everybody."""
    page.goto(f"/challenges/{call}/answers")
    page.get_by_role("main").get_by_role("button", name="Publish the result").click()
    page.get_by_label("An innovation is being tried out").check()
    page.get_by_label("What should everybody know?").fill("We meet one of three to plan a trial.")
    press(page, "Publish the result")
    main(page).to_contain_text("The result is published.")


def they_meet(ics: Page, innovator: Page, call: int) -> str:
    """The invitation joins what was under way between the two, which their network had passed on:
    the innovator agrees, they meet; returns the path."""
    ics.goto(f"/challenges/{call}/answers")
    ics.get_by_role("main").get_by_role("link", name=CHOSEN, exact=True).first.click()
    ics.get_by_role("main").get_by_role("link", name="The introduction").click()
    main(ics).to_contain_text("Brokered")
    found = re.search(r"/introductions/\d+", ics.url)
    assert found
    path = found.group()
    innovator.goto(path)
    press(innovator, "Agree to meet")
    innovator.get_by_label("I understand that the ICS will see").check()
    press(innovator, "Agree and share contacts")
    main(innovator).to_contain_text("Agreed")
    press(innovator, "Record the meeting")
    date(innovator, "When did you meet?", in_days(0))
    press(innovator, "Record the meeting")
    main(innovator).to_contain_text("Met on")
    return path


def strangers_know_of_no_meeting(stranger: Page, other: Page, path: str) -> None:
    """The page is not there for another ICS, and asks a stranger to sign in."""
    answer = other.goto(path)
    assert answer is not None
    assert answer.status == 404
    stranger.goto(path)
    expect(stranger).to_have_url(re.compile("/account/sign-in"))


def the_ics_records_a_trial(page: Page, path: str) -> None:
    """Where, and since when."""
    page.goto(path)
    press(page, "Record what came of it")
    page.get_by_label("Trial started").check()
    page.get_by_label("Ward, practice or site").fill("Six care homes in Lewisham")
    date(page, "When did it start?", in_days(0))
    press(page, "Record the outcome")
    main(page).to_contain_text("Trial started")


def what_came_of_it_is_published(page: Page, call: int) -> None:
    """In words, on the page of the call."""
    page.goto(f"/challenges/{call}/call")
    press(page, "Say what came of it")
    page.get_by_label("What came of it?").fill(CAME_OF_IT)
    press(page, "Publish it")
    main(page).to_contain_text(CAME_OF_IT)


def the_network_writes_a_case_study(page: Page) -> str:
    """About the area, the record and the challenge, with a result; returns its path in work."""
    page.goto("/exchange/new/case-study")
    page.get_by_label("Title", exact=True).fill(STUDY)
    page.get_by_label("Summary").fill(
        "Six homes tried it for six weeks, and falls at night halved."
    )
    page.get_by_label("What was needed", exact=True).fill("A first visit within two days.")
    page.get_by_label("What was done", exact=True).fill("Six homes tried it for six weeks.")
    page.get_by_label("Who did it", exact=True).fill("Six homes and their system")
    page.get_by_label("Integrated care system (optional)").select_option("South East London")
    page.get_by_label("Innovation (optional)").fill(CHOSEN)
    page.get_by_label("Challenge (optional)").fill(TITLE)
    press(page, "Save")
    main(page).to_contain_text("It is kept as a draft.")
    found = re.search(r"/exchange/items/\d+", page.url)
    assert found
    page.get_by_role("link", name="Add a result").click()
    page.get_by_label("What changed?").fill("Falls at night")
    page.get_by_label("By how much?").fill("-50")
    page.get_by_label("In what? (optional)").fill("%")
    page.get_by_label("How was it worked out?").fill(
        "Counted in six homes, against the year before."
    )
    page.get_by_role("main").locator("form button.nhsuk-button").first.click()
    main(page).to_contain_text("Counted in six homes")
    press(page, "Send it to review")
    main(page).to_contain_text("It is sent to review")
    return found.group()


def nobody_else_reads_the_draft(stranger: Page, other: Page, work: str) -> None:
    """Neither as it is worked on nor as everybody would read it."""
    answer = other.goto(public(work))
    assert answer is not None
    assert answer.status == 404
    for path in (public(work), "/", AREA, "/exchange/feed.atom"):
        page = stranger.request.get(path)
        assert STUDY not in page.text()


def public(work: str) -> str:
    """Where everybody reads the item."""
    return work.replace("/items/", "/case-study/")


def a_second_person_publishes_it(hin: Page, second: Page, work: str) -> None:
    """Who wrote it cannot."""
    hin.goto(work)
    main(hin).to_contain_text("a second person publishes it")
    expect(hin.get_by_role("button", name="Publish it")).to_have_count(0)
    second.goto(work)
    press(second, "Publish it")
    press(second, "Publish it")
    main(second).to_contain_text("It is published.")


def everybody_finds_it(as_person: Callable[[str | None], Page], work: str, call: int) -> None:
    """On the pages of the area, the record and the challenge, the front page and in the feed."""
    page = as_person(None)
    page.goto(public(work))
    main(page).to_contain_text("counted in six homes")
    page.get_by_role("main").get_by_role("link", name=CHOSEN).first.click()
    main(page).to_contain_text(STUDY)
    for path in ("/", AREA, f"/challenges/{call}"):
        page.goto(path)
        main(page).to_contain_text(STUDY)
    assert STUDY in page.request.get("/exchange/feed.atom").text()
    main(page).not_to_contain_text(COST)


def the_figure_names_it(page: Page) -> None:
    """Among the rows behind the case studies of this quarter."""
    page.goto("/figures/case_studies")
    main(page).to_contain_text(STUDY)
