"""A programme from its first day to a corrected quarter, as four people do it.

The national lead sets it up with two competing products, eligible sites and a trajectory; three
networks say where their sites stand, by the page without JavaScript, by keyboard alone, and by
workbook; the lead reviews; the pages tell how far it has spread, and patients against the
trajectory, which is set anew; a quarter is frozen, a number corrected, and both are shown.
"""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from portal.clock import today
from portal.reference.rules import Quarter
from tests.browser.test_keyboard import walk_to, walk_until

NAME = "Wearable monitors (journey)"
PRODUCTS = ("RespiraSense", "VitalPatch RPM")
SYSTEMS = ("Coventry and Warwickshire", "Greater Manchester", "Lincolnshire")
"""One trust of the demonstration in each, each in the area of another network."""
NETWORKS = {"hin": ("HI-WM", 40), "other_hin": ("HI-MAN", 35), "third_hin": ("HI-EM", 25)}
"""The network of each person, and how many patients it reports."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

pytestmark = pytest.mark.browser
People = Callable[..., Page]


@pytest.fixture
def as_person(signed_in: Callable[..., BrowserContext]) -> People:
    """Return a page of somebody's browser that runs no script, unless told."""
    pages: dict[str, Page] = {}

    def page_of(name: str, *, script: bool = False) -> Page:
        if name not in pages:
            pages[name] = signed_in(name, java_script_enabled=script).new_page()
        return pages[name]

    return page_of


def test_a_programme_spreads(as_person: People) -> None:
    last = Quarter.of(today()).previous
    national = as_person("national")
    programme = it_is_set_up(national)
    eligible_sites_are_named(national, programme)
    a_trajectory_is_set(national, programme, last, planned=40)
    by_page(as_person("hin"), programme, "5 Adopted")
    by_keyboard(as_person("other_hin", script=True), programme)
    by_workbook(as_person("third_hin"), programme)
    it_is_reviewed(national, as_person("hin"), programme)
    says(open_(national, f"{programme}/spread"), "At stage 5 or above: 3 of 6 (50%)")
    for name, (_, patients) in NETWORKS.items():
        patients_are_reported(as_person(name), programme, last, patients)
    measure = f"{programme}/measures/PATIENTS_BENEFITTING"
    says(open_(national, measure), "100 of 120 (83%)")
    it_is_set_anew(national, planned=20)
    says(national, "100 of 60 (167%)")
    it_is_frozen(national, last)
    a_number_is_corrected(as_person("hin"), measure)
    page = open_(as_person("ics"), measure)
    says(page, "with 100 of 60 (167%), and that stays as it was reported")
    says(page, "As the rows stand now it is 120 of 60 (200%)")
    for show, said in (("frozen", "100"), ("live", "120")):
        page = open_(national, f"/figures?quarter={last.code}&show={show}")
        row = page.locator("main tr", has=page.get_by_text(NAME)).first
        expect(row).to_contain_text(said)


def open_(page: Page, path: str) -> Page:
    page.goto(path)
    return page


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main a", has_text=name).first.click()


def on(page: Page, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"input[name$='-{part}']").fill(str(getattr(day, part)))


def it_is_set_up(page: Page) -> str:
    """Add the programme and its two products; returns its address."""
    page.goto("/programmes")
    follow(page, "Add a programme")
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Kind", exact=True).select_option(label="Rapid uptake products")
    page.get_by_label("First financial year").fill(str(Quarter.of(today()).first.year))
    page.get_by_label("What does it spread?").fill("A patch that counts breaths")
    press(page, "Save")
    says(page, "The programme is saved")
    address = page.url.split("?")[0]
    for product in PRODUCTS:
        follow(page, "Add a product")
        page.get_by_label("Product", exact=True).fill(product)
        page.get_by_label("Its record on the pipeline").fill(product)
        page.get_by_label("One of several that do the same").check()
        press(page, "Add")
        says(page, "The product is added")
    return address


def eligible_sites_are_named(page: Page, programme: str) -> None:
    """Put the products together, say which places could use them, and name these places."""
    follow(page, "Spread")
    follow(page, "Groups of products that do the same")
    follow(page, "Put products together")
    page.get_by_label("Name of the group").fill("Wearables (journey)")
    for label, product in zip(("First product", "Second product"), PRODUCTS, strict=True):
        page.get_by_label(label).fill(product)
    on(page, Quarter.of(today()).previous.first)
    press(page, "Make the group")
    follow(page, "Say which places could use it: Wearables (journey)")
    page.get_by_label("What are these places?").fill("Three trusts")
    press(page, "Make the list")
    follow(page, "Add every place of a kind")
    page.get_by_label("Kind of place").select_option(label="NHS trust")
    for system in SYSTEMS:
        page.get_by_label(system, exact=True).check()
    on(page, Quarter.of(today()).previous.first)
    press(page, "Add them")
    says(page, "3 places are new on the list")
    page.goto(f"{programme}/spread")
    follow(page, "Name the places")
    page.get_by_label("Which places could use it?").select_option(index=1)
    press(page, "Save")
    says(page, "Not asked: 6")


def a_trajectory_is_set(page: Page, programme: str, quarter: Quarter, *, planned: int) -> None:
    follow(page, "Figures")
    follow(page, "Set a trajectory")
    page.get_by_label("What is planned?").select_option("PATIENTS_BENEFITTING")
    page.get_by_label("Of which product?").select_option(label=PRODUCTS[0])
    page.get_by_label("The plan").fill(plan(quarter, planned))
    press(page, "Save")
    says(page, "The trajectory is set")


def plan(quarter: Quarter, planned: int) -> str:
    return "\n".join(f"{quarter.code} {code} {planned}" for code, _ in NETWORKS.values())


def sheet_of(page: Page, programme: str) -> None:
    """Open the network's sheet of this quarter from the programme's page."""
    page.goto(f"{programme}/quarter?quarter={Quarter.of(today()).code}")
    page.get_by_role("button", name="Open the sheet").click()
    says(page, "0 of 2 rows are filled in")


def send(page: Page) -> None:
    says(page, "2 of 2 rows are filled in")
    follow(page, "Send the update")
    press(page, "Send it")
    says(page, "The update is sent")


def by_page(page: Page, programme: str, stage: str) -> None:
    sheet_of(page, programme)
    page.get_by_label("This quarter, ").first.select_option(label=stage)
    press(page, "Save, and nothing changed in the rest of this page")
    send(page)


def by_keyboard(page: Page, programme: str) -> None:
    """The same with the keys alone: Tab, letters and Enter."""
    page.goto(f"{programme}/quarter?quarter={Quarter.of(today()).code}")
    walk_until(page, "document.activeElement.innerText.startsWith('Open the sheet')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/adoption/sheets/*")
    field = "document.activeElement.name"
    for letters in ("5 A", "2 I"):
        walk_until(page, f"({field} || '').startsWith('state-')")
        page.keyboard.type(letters)
    walk_to(page, "Save")
    page.keyboard.press("Enter")
    says(page, "2 rows are saved")
    walk_to(page, "Send the update")
    page.keyboard.press("Enter")
    page.wait_for_url("**/send")
    walk_to(page, "Send it")
    page.keyboard.press("Enter")
    says(page, "The update is sent")


def by_workbook(page: Page, programme: str) -> None:
    sheet_of(page, programme)
    book = load_workbook(BytesIO(page.request.get(f"{page.url}.xlsx").body()))
    cells = book[book.sheetnames[-1]]
    cells["F2"], cells["F3"], cells["I3"] = "5 Adopted", "Declined", "No budget"
    cells["G3"] = next(word for word in words_for(book, "Why"))
    out = BytesIO()
    book.save(out)
    follow(page, "Bring a filled-in file back")
    file = {"name": "update.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}
    page.get_by_label("The filled-in workbook").set_input_files(file)
    press(page, "Show what it would change")
    says(page, "2 rows of the file say something else")
    press(page, "Save these rows")
    send(page)


def words_for(book: object, column: str) -> list[str]:
    """Return the words that the workbook's first sheet offers for a column."""
    for name, value, *_ in book[book.sheetnames[0]].iter_rows(values_only=True):
        if name == f"Words for “{column}”":
            return str(value).split("; ")
    raise AssertionError(f"no words for {column}")


def it_is_reviewed(national: Page, hin: Page, programme: str) -> None:
    """Two are accepted; the third is asked about, changed, sent again and accepted."""
    quarter = f"{programme}/quarter?quarter={Quarter.of(today()).code}"
    for network in ("Manchester", "East Midlands"):
        national.goto(quarter)
        follow(national, network)
        decide(national, "Accept it")
    national.goto(quarter)
    follow(national, "West Midlands")
    sheet = national.url
    decide(national, "Ask the network to look again", "Is the second one really untouched?")
    hin.goto(sheet)
    says(hin, "The national team asks: Is the second one really untouched?")
    hin.get_by_label("This quarter, ").nth(1).select_option(label="3 Training and preparation")
    press(hin, "Save")
    send(hin)
    national.goto(sheet)
    decide(national, "Accept it")
    says(national, "Accepted")


def decide(page: Page, verdict: str, words: str = "") -> None:
    follow(page, "Review it")
    page.get_by_label(verdict).check()
    page.get_by_label("What should they look at?").fill(words)
    press(page, "Save")
    says(page, "The network sees what you decided")


def patients_are_reported(page: Page, programme: str, quarter: Quarter, patients: int) -> None:
    page.goto(f"{programme}/figures")
    follow(page, "Report a value")
    page.get_by_label("What was measured?").select_option("PATIENTS_BENEFITTING")
    page.get_by_label("Of which product?").select_option(label=PRODUCTS[0])
    page.get_by_label("Quarter", exact=True).select_option(quarter.code)
    page.get_by_label("Number (optional)").fill(str(patients))
    page.get_by_label("As reported").check()
    press(page, "Report")
    says(page, "The value is reported")


def it_is_set_anew(page: Page, *, planned: int) -> None:
    follow(page, "Set it anew")
    page.get_by_label("The plan").fill(plan(Quarter.of(today()).previous, planned))
    page.get_by_label("Why is it set anew?").fill("Deliveries come later than planned")
    press(page, "Save")
    says(page, "A former version stays")


def it_is_frozen(page: Page, quarter: Quarter) -> None:
    page.goto(f"/figures/freeze?quarter={quarter.code}")
    press(page, "Freeze the figures")
    says(page, "are frozen")


def a_number_is_corrected(page: Page, measure: str) -> None:
    page.goto(measure)
    follow(page, "Correct")
    page.get_by_label("Number (optional)").fill("60")
    page.get_by_label("Why is it corrected?").fill("A ward was missing")
    press(page, "Correct")
    says(page, "The value is corrected")
