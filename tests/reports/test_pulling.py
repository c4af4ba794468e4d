"""A network's approved paragraph in the national report: its own figures, and its credit."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.clock import today
from portal.reference.rules import Quarter
from portal.reports.rules.pulling import pulled
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.reports.makers import approved, report, section

Browser = Callable[[Person], PageClient]
THIS = Quarter.of(today())


def test_figures_stay_those_of_the_network() -> None:
    text = "We began {figure:engagements round=10} of {figure:companies area=england}; {value:PF1}."
    assert pulled(text, "HI-WM", "West Midlands") == (
        "We began {figure:engagements round=10 area=HI-WM} of {figure:companies area=england};"
        " {value:PF1}.\n\n*West Midlands*"
    )


def test_the_national_team_takes_an_approved_paragraph_in(
    session: Session, cast: Cast, as_: Browser
) -> None:
    makers.innovation("Early Warner", of=cast.innovator)
    theirs = report(by=cast.hin, outline="network", quarter=THIS)
    nation = section(report(by=cast.national, quarter=THIS))
    session.commit()
    browser, address = as_(cast.national), f"/reports/sections/{nation.id}/networks"
    assert "No network has approved a section" in browser.get(address).text
    texts = {"highlights": "First.\n\nWe began {figure:engagements}."}
    approved(theirs, by=cast.hin, texts=texts)
    session.commit()
    before = nation.text
    shown = browser.get(address).text
    assert "We began [engagements]." in shown
    source = section(theirs, "highlights")
    sent = {"paragraph": f"{source.id}-2", "version": nation.version}
    assert browser.post(address, data=sent).status_code == 302
    session.refresh(nation)
    code, name = cast.hin.organisation.hin.code, cast.hin.organisation.hin.name
    added = f"We began {{figure:engagements area={code}}}.\n\n*{name}*"
    assert nation.text == f"{before}\n\n{added}".strip()
    page = browser.get(f"/reports/sections/{nation.id}").text
    assert f"<em>{name}</em>" in page
