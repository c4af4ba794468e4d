"""Searching in a real browser: kept, told, taken along, missed and answered, offered."""

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal.clock import clock_at, now, today
from portal.db import db
from portal.demo import services as demo
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.jobs import TASKS, run_waiting
from portal.search.models import SavedSearch, SearchClick, SearchCount
from tests.killing import wait_until
from tests.outbox import sent_mail

PHONE = {"width": 320, "height": 640}
NEW = "Kettle Watch for hearts"

pytestmark = pytest.mark.browser


T = TypeVar("T")


def inside(world: Flask, work: Callable[[], T]) -> T:
    """Return what `work` makes of the database: in a thread of its own, as the browser's has an
    event loop, in which an application context cannot end."""

    def run() -> T:
        with world.app_context():
            return work()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.fixture
def page(signed_in: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page of somebody of an ICS."""
    opened = signed_in("ics").new_page()
    yield opened
    opened.close()


@pytest.fixture
def new_record(world: Flask) -> Iterator[Callable[[], None]]:
    """Call this to put one more record on the pipeline; it is taken off after the test."""
    made: list[int] = []
    yield lambda: made.append(inside(world, add_record))

    def take_off() -> None:
        for one in made:
            db.session.delete(db.session.get_one(Innovation, one))
        db.session.commit()
        run_waiting()

    inside(world, take_off)


def add_record() -> int:
    """Put the new record beside another of its maker, and index it; returns its id."""
    submitted = select(Innovation).where(Innovation.status == RecordStatus.SUBMITTED).limit(1)
    like = db.session.scalars(submitted).one()
    row = Innovation(
        name=NEW,
        summary="A kettle that tells when somebody with heart failure drinks too little.",
        organisation=like.organisation,
        owner=like.owner,
        stage=like.stage,
        hin=like.hin,
        status=RecordStatus.SUBMITTED,
        sharing=Sharing.PUBLIC,
        submitted_at=now(),
    )
    db.session.add(row)
    db.session.commit()
    run_waiting()
    return row.id


def post_emails(world: Flask, *, days: int) -> list[str]:
    """Be the worker, so many days from now; returns all emails that went to the ICS's person."""

    def work() -> None:
        with clock_at(now() + timedelta(days=days)):
            TASKS["search.alerts"](lambda *_args, **_kw: None)
            TASKS["notifications.send"](lambda *_args, **_kw: None)

    inside(world, work)
    return [f"{m.subject}\n{m.body}" for m in sent_mail(world) if m.to == [demo.SIGN_INS["ics"]]]


def test_a_saved_search_tells_of_what_is_new_by_email(
    world: Flask, page: Page, new_record: Callable[[], None]
) -> None:
    page.goto("/search?q=heart+failure")
    page.get_by_role("link", name="Save this search").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name for this search")
    page.get_by_label("Name of this search").fill("Hearts at home")
    page.get_by_label("Every day on which something is new").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved searches")
    expect(page.get_by_role("link", name="Hearts at home", exact=True)).to_be_visible()

    new_record()
    (mail,) = (mail for mail in post_emails(world, days=1) if "Hearts at home" in mail)
    told = "1 new result in your search “Hearts at home”"
    assert told in mail, "with whatever else was new that day, as one email"
    assert NEW in mail
    its = mail.rindex(told)
    link = re.findall(r"https?://[^/\s]+(/search/saved/\d+)", mail[its:])
    emails = [mail for mail in post_emails(world, days=2) if "Hearts at home" in mail]
    assert len(emails) == 1, "nothing new, so no second email"

    page.goto("/search/saved")
    mine = page.locator("li", has=page.get_by_role("link", name="Hearts at home", exact=True))
    expect(mine.get_by_text("1 new result", exact=True)).to_be_visible()
    page.goto(link[0])
    card = page.locator(".app-result", has=page.get_by_role("link", name=NEW))
    expect(card.get_by_text("New", exact=True)).to_be_visible()

    page.goto("/search/saved")
    mine.get_by_role("link", name="Change name or alert").click()
    page.get_by_label("Name of this search").fill("Hearts")
    page.get_by_label("No alert").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Alert: no alert.")).to_be_visible()
    page.get_by_role("button", name="Delete Hearts").click()
    expect(page.get_by_role("link", name="Hearts", exact=True)).to_have_count(0)
    kept = inside(world, lambda: list(db.session.scalars(select(SavedSearch.name))))
    assert not {"Hearts", "Hearts at home"} & set(kept)


def test_the_whole_result_is_taken_along(page: Page, tmp_path: Path) -> None:
    page.goto("/search?q=copd&proven=yes")
    shown = page.locator(".app-result").count()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert re.fullmatch(r"innovations-\d{4}-\d\d-\d\d\.xlsx", download.value.suggested_filename)
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert (about["Words"], about["Proven"]) == ("copd", "Proven today")
    assert about["Made"]
    assert book["Data"].max_row == 1 + shown


def test_what_is_not_found_becomes_a_challenge(
    signed_in: Callable[..., BrowserContext], page: Page
) -> None:
    page.goto("/search?q=zeppelin")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.get_by_role("button", name="Tell us what you were looking for").click()
    page.get_by_label("What were you looking for?").fill("A zeppelin for blood samples.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()

    staff = signed_in("hin").new_page()
    staff.goto("/search/gaps")
    staff.get_by_role("link", name="zeppelin").click()
    expect(staff.get_by_text("A zeppelin for blood samples.")).to_be_visible()
    staff.get_by_label("The challenge in one line").fill("Blood samples come too late")
    staff.get_by_role("button", name="Draft the challenge").click()
    expect(staff.get_by_label("What is the problem?")).to_have_value(
        "A zeppelin for blood samples."
    )
    staff.get_by_role("button", name=re.compile("^Save")).first.click()
    staff.get_by_role("link", name="what somebody looked for and did not find").click()
    expect(staff.get_by_role("link", name="Blood samples come too late")).to_be_visible()
    staff.close()


def test_names_are_offered_while_typing_and_taken_by_keyboard(page: Page) -> None:
    page.goto("/search")
    box = page.get_by_role("combobox", name="What are you looking for?")
    box.press_sequentially("thop")
    option = page.get_by_role("option", name="Thopaz+")
    expect(option).to_be_visible()
    assert box.get_attribute("aria-expanded") == "true"
    assert not Axe().run(page).response["violations"]
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    expect(box).to_have_value("Thopaz+")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("thop")
    box.press_sequentially("a")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"q=Thopaz"))
    expect(page.locator(".app-result a").first).to_have_text("Thopaz+")


def test_a_suggestion_is_taken_by_mouse_and_fits_a_phone(
    signed_in: Callable[..., BrowserContext],
) -> None:
    context = signed_in("ics", viewport=PHONE)
    page = context.new_page()
    page.goto("/search")
    page.get_by_role("combobox").press_sequentially("myc")
    expect(page.get_by_role("option").first).to_be_visible()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"q=my"))


def test_searching_works_without_javascript(signed_in: Callable[..., BrowserContext]) -> None:
    page = signed_in("ics", java_script_enabled=False).new_page()
    page.goto("/search")
    page.get_by_label("What are you looking for?").fill("thopaz")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".app-result a").first).to_have_text("Thopaz+")


def test_what_is_searched_is_counted_for_the_national_team(
    world: Flask, signed_in: Callable[..., BrowserContext]
) -> None:
    for person in ("ics", "hin", "innovator", "other_ics"):
        page = signed_in(person).new_page()
        page.goto("/search?q=falling+down+stairs")
        page.locator(".app-result h2 a").nth(1).click()
        page.wait_for_load_state()
        page.close()
    counted = select(SearchCount.times).where(SearchCount.words == "falling down stairs")
    # One row for each size of answer: readers may find more or less for the same words.
    assert sum(inside(world, lambda: list(db.session.scalars(counted)))) == 2
    opened = select(SearchClick.times).where(SearchClick.rank == 2, SearchClick.day == today())
    # Counted after the answer has gone out, so the last may come a moment later.
    wait_until(lambda: inside(world, lambda: db.session.scalars(opened).all()) == [4])
    national = signed_in("national").new_page()
    national.goto("/search/insights")
    expect(national.get_by_role("link", name="falling down stairs").first).to_be_visible()
    national.close()
