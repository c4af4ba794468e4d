"""A quarter's report from its opening to its erratum, as five people do it, without JavaScript.

The national lead opens the quarter and gives sections to a network; its lead writes while a
colleague in the national team edits; a comment holds a paragraph up; an award is entered meanwhile,
which changes a number that was written about; the checks pass, the lead signs off and publishes.
Then the award proves to be wrong: a correction tells a stranger what it was, and the first version
stays.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.clock import today
from portal.pipeline.rules.days import quarters_until
from portal.reports.queries.quarters import MAX_QUARTERS
from tests.browser.journeys.test_spread import follow, on, open_, press, says

QUARTER = quarters_until(today(), MAX_QUARTERS)[1]
"""An old quarter: nothing else of the demonstration is dated in it while this runs."""
SLUG = f"{QUARTER.years.replace('/', '-')}-q{QUARTER.number}"
HEADING, OTHER = "Companies by level of support", "Support for economic growth"
AWARD = "Partnership of the year (journey)"
TEXT = "Networks won {figure:awards_won}.\n\nAbout 40 people came to the ceremony."
EDITED = "In the quarter, networks won {figure:awards_won}.\n\nMany people came to the ceremony."
MOVED = re.compile("Awards won was .* when this was written and is .* now")
WON = re.compile(r"In the quarter, networks won (\d+) awards?\.")
WHY = "An award was counted that was not won."

pytestmark = pytest.mark.browser


def test_a_quarter_is_reported_and_corrected(signed_in: Callable[..., BrowserContext]) -> None:
    names = ("national", "national_colleague", "hin", "hin_colleague", None)
    lead, editor, writer, colleague, stranger = (
        signed_in(name, java_script_enabled=False).new_page() for name in names
    )
    report = the_quarter_is_opened(lead)
    section = sections_are_assigned(lead, writer, report)
    two_write_at_once(writer, editor, section)
    a_paragraph_is_commented_on(editor, writer, section)
    a_figure_changes_meanwhile(colleague, writer, section)
    nothing_is_public_yet(stranger)
    it_is_approved(editor, writer, report, section)
    it_is_published(lead, report, "First publication")
    before = it_is_read(stranger)
    an_error_is_corrected(colleague, editor, section)
    it_is_approved_anew(lead, report, section)
    it_is_published(lead, report, "Correction", WHY)
    the_erratum_is_read(stranger, before)


def the_quarter_is_opened(page: Page) -> str:
    """Start England's report; returns its address."""
    page.goto("/reports")
    page.get_by_role("main").get_by_role("button", name="Start a report").click()
    page.get_by_label("Quarterly report", exact=True).check()
    page.get_by_label("Which quarter?").select_option(label=QUARTER.label)
    press(page, "Start")
    says(page, "The report is started")
    return page.url.split("?")[0]


def several(page: Page, report: str) -> None:
    page.goto(report)
    follow(page, "Say who writes several sections")
    says(page, "Tick sections below")


def tick(page: Page, *headings: str) -> None:
    for heading in headings:
        page.get_by_label(re.compile(f"^[0-9.]+ {re.escape(heading)} ")).check()


def sections_are_assigned(lead: Page, writer: Page, report: str) -> str:
    """Give two sections to the network, leave the others out; returns the address of the first."""
    several(lead, report)
    lead.get_by_label("Say who writes them, and by when").check()
    lead.get_by_label("Who writes them?").select_option(label="Hannah Whitlock")
    on(lead, today())
    tick(lead, HEADING, OTHER)
    press(lead, "Do it")
    says(lead, "Sections for which it is done: 2")
    several(lead, report)
    lead.get_by_label("Leave them out", exact=True).check()
    lead.get_by_label("Why are they left out?").fill("It is told of in the report of the year.")
    for box in lead.locator("main input[name=sections]").all():
        box.check()
    for heading in (HEADING, OTHER):
        lead.get_by_label(re.compile(f"^[0-9.]+ {re.escape(heading)} ")).uncheck()
    press(lead, "Do it")
    says(lead, "Sections for which it is done: 44")
    writer.goto(report)
    follow(writer, HEADING)
    says(writer, "Hannah Whitlock writes it")
    return writer.url.split("?")[0]


def write(page: Page, text: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)
    press(page, "Save")


def two_write_at_once(writer: Page, editor: Page, section: str) -> None:
    """Both open the section; who saves second gets both texts. A typed number is underlined."""
    writer.goto(section)
    editor.goto(section)
    write(writer, TEXT)
    says(writer, "The text is saved")
    says(writer, "“40” is typed and not traced")
    expect(writer.locator("main mark").first).to_contain_text("40")
    write(editor, EDITED)
    says(editor, "Hannah Whitlock saved this section")
    says(editor, "The text that was saved meanwhile")
    expect(editor.get_by_label("Text", exact=True)).to_have_value(EDITED)
    press(editor, "Save")
    says(editor, "The text is saved")
    follow(editor, "Who wrote what")
    for name in ("Hannah Whitlock", "Mei-Ling Tan"):
        says(editor, name)


def a_paragraph_is_commented_on(editor: Page, writer: Page, section: str) -> None:
    """A comment on a paragraph holds approval up until it is dealt with."""
    editor.goto(section)
    editor.get_by_label("On which paragraph?").select_option("2")
    editor.get_by_label("Your comment").fill("Who came?")
    press(editor, "Comment")
    says(editor, "on “Many people came to the ceremony.”")
    writer.goto(section)
    says(writer, "Who came?")
    write(writer, EDITED.replace("Many people", "Staff of all networks"))
    writer.get_by_role("main").get_by_role("button", name="It is dealt with").click()
    says(writer, "The comment is dealt with")


def a_figure_changes_meanwhile(colleague: Page, writer: Page, section: str) -> None:
    """An award of the quarter is entered: the number is flagged until the words are read again."""
    colleague.goto("/impact/timeline/new")
    colleague.get_by_label("Award won", exact=True).check()
    colleague.get_by_label("In a few words").fill(AWARD)
    on(colleague, QUARTER.first)
    press(colleague, "Save")
    says(colleague, AWARD)
    writer.goto(section)
    expect(writer.get_by_role("main")).to_contain_text(MOVED)
    press(writer, "Save")
    says(writer, "The text is saved")
    expect(writer.get_by_role("main")).not_to_contain_text(MOVED)
    press(writer, "Send it to review")
    says(writer, "The section is now: in review")


def nothing_is_public_yet(page: Page) -> None:
    page.goto(f"/reports/{SLUG}")
    expect(page).to_have_url(re.compile("/account/sign-in"))


def it_is_approved(editor: Page, writer: Page, report: str, section: str) -> None:
    """The second section is written, too; all are approved at once."""
    writer.goto(report)
    follow(writer, OTHER)
    write(writer, "Awards are told of above: {figure:awards_won}.")
    says(writer, "The text is saved")
    press(writer, "Send it to review")
    approve_all(editor, report)
    says(open_(editor, section), "Approved")


def approve_all(page: Page, report: str) -> None:
    several(page, report)
    page.get_by_label("Approve them", exact=True).check()
    for box in page.locator("main input[name=sections]").all():
        box.check()
    press(page, "Do it")
    says(page, "46 of 46 sections are approved")
    says(page, "Stands in the way (0)")


def it_is_published(page: Page, report: str, kind: str, note: str = "") -> None:
    page.goto(report)
    press(page, "Sign it off")
    says(page, "Signed off by Samuel Thornbury")
    follow(page, "Publish it")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("What changed, and why?").fill(note)
    press(page, "Publish")
    says(page, "It is published")


def awards(page: Page) -> int:
    """Return how many awards the version on the page names."""
    expect(page.get_by_role("main")).to_contain_text(WON)
    found = WON.search(page.get_by_role("main").inner_text())
    assert found
    return int(found.group(1))


def it_is_read(page: Page) -> tuple[int, str]:
    """Read the first version; returns the number in it, and its hash."""
    page.goto(f"/reports/{SLUG}")
    says(page, "Version 1, published")
    return awards(page), page.locator("main code").last.inner_text()


def an_error_is_corrected(colleague: Page, editor: Page, section: str) -> None:
    """The award is withdrawn; what was published stays, and the section is flagged."""
    colleague.goto("/impact/timeline")
    entry = colleague.locator("main a", has_text="Withdraw").filter(has_text=AWARD)
    colleague.goto(entry.get_attribute("href") or "")  # the years before stand folded
    colleague.get_by_label("Why is it withdrawn?").fill("It was won a year later.")
    press(colleague, "Withdraw it")
    says(colleague, "withdrawn")
    editor.goto(section)
    expect(editor.get_by_role("main")).to_contain_text(MOVED)
    press(editor, "Save")
    says(editor, "The text is saved")


def it_is_approved_anew(page: Page, report: str, section: str) -> None:
    page.goto(report)
    follow(page, OTHER)
    press(page, "Save")
    says(page, "The text is saved")
    approve_all(page, report)


def the_erratum_is_read(page: Page, before: tuple[int, str]) -> None:
    """The newest version says what was wrong; the first one stays as it was."""
    page.goto(f"/reports/{SLUG}")
    says(page, "Corrections of errors")
    says(page, f"correction. {WHY}")
    number, digest = before
    assert awards(page) == number - 1
    page.goto(f"/reports/{SLUG}/v1")
    says(page, "There is a newer version")
    assert awards(page) == number
    expect(page.locator("main code").last).to_have_text(digest)
