"""Answer signed in or by phone, in parts; a network accepts or asks back."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.accounts.models import OrganisationSize
from portal.clock import PartialDate, clock_at
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.impact.models import CompanyReturn, InvestmentKind, ReturnState, Via
from portal.impact.policy import can_see
from portal.impact.queries.prefilling import prefilled
from portal.impact.queries.returns import return_for, visible_to
from portal.impact.rules.checks import Mark, ReportedYear, marks
from portal.impact.rules.given import NOTHING, ReturnAnswers, as_draft, from_draft
from portal.impact.serialise import marks_of
from portal.impact.services.answering import Answering, accept, ask_back, hear, save
from portal.impact.services.campaigns import take_in
from portal.notifications.models import Email
from tests.cast import Cast, Person
from tests.impact import makers
from tests.pages import PageClient

As = Callable[[Person], PageClient]


def _page(row: CompanyReturn, rest: str = "") -> str:
    return f"/impact/returns/{row.id}{rest}"


def test_part_of_an_answer_is_kept_and_finished_later(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    browser, path = as_(cast.innovator), _page(asked, "/answer")
    assert "Say what came of the support of Brightwell Health" in browser.get("/home").text
    part = {"jobs_created": "3", "version": str(asked.version), "then": "later"}
    assert browser.post(path, data=part).status_code == 302
    db.session.expire_all()
    assert (asked.state, asked.jobs_created, asked.share_owed) == (ReturnState.BEGUN, 3.0, None)
    assert 'value="3"' in as_(cast.colleague).get(path).text
    # What is begun is the company's alone.
    assert "No answer yet" in as_(cast.hin).get(_page(asked)).text
    missing = browser.post(path, data={**part, "version": str(asked.version), "then": ""})
    assert "Enter the jobs safeguarded, 0 if there were none" in missing.text
    whole = makers.FORM | {"version": str(asked.version)}
    assert browser.post(path, data=whole).status_code == 302
    db.session.expire_all()
    assert (asked.state, asked.via) == (ReturnState.HANDED_IN, Via.ACCOUNT)
    assert "Say what came" not in browser.get("/home").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"jobs_created": "2.25"}, "Jobs created must be whole or half jobs, like 2 or 2.5"),
        ({"jobs_safeguarded": "-1"}, "Jobs safeguarded must be between 0"),
        ({"grant": ""}, "Enter the pounds of grants"),
        ({"grant_on-year": "", "grant_on-month": ""}, "Enter when grants came"),
        ({"kinds": []}, "Select grants, or take the pounds out"),
        ({"grant_on-year": "2024"}, "Grants must have a date in 2025/26"),
        ({"share_owed": ""}, "Select how much of it you owe to the support"),
        ({"may_publish": ""}, "Select yes if we may publish your answer"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    asked: CompanyReturn, cast: Cast, as_: As, typed: dict[str, str], said: str
) -> None:
    data = makers.FORM | {"version": str(asked.version)} | typed
    answer = as_(cast.innovator).post(_page(asked, "/answer"), data=data)
    assert said in answer.text
    assert "Award letter 12" in answer.text


def test_a_network_writes_down_what_it_heard_by_phone(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    browser, path = as_(cast.hin), _page(asked, "/answer")
    data = makers.FORM | {"version": str(asked.version)}
    assert "Enter whom you spoke to" in browser.post(path, data=data).text
    told = data | {"spoken_to": "Ida Brown, 12 June"}
    assert browser.post(path, data=told).status_code == 302
    db.session.expire_all()
    assert asked.via is Via.PHONE
    shown = as_(cast.innovator).get(_page(asked)).text
    assert "by phone, written down by a network: Ida Brown, 12 June" in shown
    # One click is the company's: a network says with whom it spoke.
    assert browser.post(_page(asked, "/nothing"), data=data).status_code in {403, 409}


def test_who_reads_a_return_is_one_rule(asked: CompanyReturn, cast: Cast) -> None:
    company = makers.supported(cast.other_innovator, (cast.hin, 30), name="Theirs")
    take_in(campaign=asked.campaign)
    rows = [asked, makers.of(company, asked.campaign)]
    for day in (makers.NOW.date(), asked.campaign.opens_on.replace(day=1).replace(month=5)):
        for actor in cast.every_actor():
            in_sql = db.session.scalars(
                select(CompanyReturn.id)
                .join(CompanyReturn.campaign)
                .where(visible_to(actor, day))
                .order_by(CompanyReturn.id)
            ).all()
            assert in_sql == [row.id for row in rows if can_see(actor, row, day)]
    assert return_for(cast.other_hin.actor, asked.id) is asked


def test_an_answer_begins_with_what_is_known(asked: CompanyReturn, cast: Cast, as_: As) -> None:
    last = makers.handed_in(asked, cast.innovator)
    accept(row=last, version=last.version, by=cast.hin.actor)
    with clock_at(makers.NOW.replace(year=2027)):
        makers.supported(
            cast.innovator, (cast.hin, 60), on=makers.IN_YEAR.replace(year=2026), name="Later"
        )
        row = makers.of(cast.innovator.organisation, makers.campaign(cast.national, year=2026))
        may = PartialDate(makers.IN_YEAR.replace(year=2026, month=5))
        for pounds in (10_000, 30_000):
            hear(row=row, kind=InvestmentKind.EQUITY, pounds=pounds, day=may, by=cast.hin.actor)
        given = prefilled(row)
        assert given.investments == {InvestmentKind.EQUITY: (40_000, may)}
        # The numbers of another year would count again, and nobody agreed to publish this one:
        # they stand beside the questions.
        assert (given.jobs_created, given.share_owed, given.may_publish) == (None, 50, None)
        db.session.commit()
        shown = as_(cast.innovator).get(_page(row, "/answer")).text
    assert "Last time: 2.5." in shown
    assert 'value="40000"' in shown
    assert "A network accepted it on 15 June 2026" in shown
    assert "1 of 1 (100%)" in shown


def test_what_was_heard_must_be_of_the_year_and_the_network(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    day = PartialDate(makers.IN_YEAR)
    given = {"row": asked, "kind": InvestmentKind.GRANT, "pounds": 5}
    with pytest.raises(Forbidden):
        hear(day=day, by=cast.national.actor, **given)
    with pytest.raises(Invalid):
        hear(day=PartialDate(makers.IN_YEAR.replace(year=2024)), by=cast.hin.actor, **given)
    browser = as_(cast.hin)
    page = browser.get(_page(asked, "/heard")).text
    assert "Call, 5 November 2025" in page
    data = {"kind": "sales", "pounds": "700", "on-month": "11", "on-year": "2025"}
    assert browser.post(_page(asked, "/heard"), data=data).status_code == 302
    assert "Sales: £700, November 2025" in browser.get(_page(asked)).text


def test_a_network_accepts_ten_one_after_the_other(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    makers.supported(cast.other_innovator, (cast.hin, 30), name="Theirs")
    take_in(campaign=asked.campaign)
    second = makers.of(cast.other_innovator.organisation, asked.campaign)
    makers.handed_in(asked, cast.innovator)
    makers.handed_in(second, cast.other_innovator)
    browser = as_(cast.hin)
    assert "Check 2 answers of companies to the return of 2025/26" in browser.get("/home").text
    first = browser.post(_page(asked, "/accept"), data={"version": str(asked.version)})
    assert first.location == _page(second)
    last = browser.post(_page(second, "/accept"), data={"version": str(second.version)})
    assert last.location.startswith("/impact/returns")
    again = browser.post(_page(second, "/accept"), data={"version": str(second.version)})
    assert again.status_code == 409
    addresses = db.session.scalars(select(Email.address).order_by(Email.id)).all()
    assert addresses == [cast.innovator.user.email, cast.other_innovator.user.email]


def test_a_network_asks_back_with_words(asked: CompanyReturn, cast: Cast, as_: As) -> None:
    makers.handed_in(asked, cast.innovator)
    with pytest.raises(Forbidden):
        ask_back(row=asked, version=asked.version, words="Which?", by=cast.national.actor)
    browser = as_(cast.other_hin)
    data = {"words": "Which grant was it?", "version": str(asked.version)}
    assert browser.post(_page(asked, "/ask-back"), data=data).status_code == 302
    db.session.expire_all()
    assert asked.state is ReturnState.ASKED_BACK
    page = as_(cast.innovator).get(_page(asked, "/answer")).text
    assert "Which grant was it?" in page
    assert 'value="2.5"' in page
    assert len(makers.links_sent()) == 1
    makers.handed_in(asked, cast.innovator, replace(makers.PUBLISHED, evidence="Award letter 13"))
    assert asked.state is ReturnState.HANDED_IN
    assert [one.kind.value for one in asked.steps] == ["handed_in", "asked_back", "handed_in"]


PLANTED = "Planted grant letter"
DRAFT = replace(makers.PUBLISHED, jobs_created=77.5, evidence=PLANTED, spoken_to="")
"""What a company types and has not handed in."""


def _kept_for_later(row: CompanyReturn, by: Person, given: ReturnAnswers = DRAFT) -> None:
    save(row=row, version=row.version, given=given, hands_in=False, who=Answering(by=by.actor))


def _asked_back(row: CompanyReturn, cast: Cast) -> None:
    makers.handed_in(row, cast.innovator)
    ask_back(row=row, version=row.version, words="Which?", by=cast.hin.actor)


def test_what_is_typed_after_being_asked_back_is_the_companys_until_it_is_handed_in(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    _asked_back(asked, cast)
    _kept_for_later(asked, cast.innovator)
    db.session.commit()
    db.session.expire_all()
    for person in (cast.hin, cast.other_hin, cast.national):
        browser = as_(person)
        read = [browser.get(_page(asked)).text, browser.get("/impact/returns").text]
        read.append(browser.get("/impact/returns/download.csv").text)
        if person is not cast.national:
            read.append(browser.get(_page(asked, "/answer")).text)
            assert "The company has begun an answer" in read[-1]
        assert not any(PLANTED in page or "77.5" in page for page in read)
        assert "Award letter 12" in read[0]
    assert 'value="77.5"' in as_(cast.colleague).get(_page(asked, "/answer")).text
    assert "nobody but your organisation reads" in as_(cast.innovator).get(_page(asked)).text
    makers.handed_in(asked, cast.innovator, DRAFT)
    db.session.commit()
    assert PLANTED in as_(cast.hin).get(_page(asked)).text
    assert prefilled(asked).evidence == PLANTED
    assert not asked.draft


def test_a_network_neither_reads_nor_replaces_what_a_company_began(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    _kept_for_later(asked, cast.innovator)
    db.session.commit()
    page = as_(cast.hin).get(_page(asked, "/answer")).text
    assert PLANTED not in page
    assert "Keep and finish later" not in page
    with pytest.raises(Conflict):
        _kept_for_later(asked, cast.hin)
    told = replace(makers.PUBLISHED, spoken_to="Ida Brown")
    makers.handed_in(asked, cast.hin, told)
    assert (asked.via, asked.evidence) == (Via.PHONE, "Award letter 12")


def test_what_a_network_began_by_phone_is_gone_on_with(asked: CompanyReturn, cast: Cast) -> None:
    _asked_back(asked, cast)
    told = replace(DRAFT, spoken_to="Ida Brown", investments={})
    _kept_for_later(asked, cast.hin, told)
    db.session.expire_all()
    assert prefilled(asked, by_phone=True) == told
    assert prefilled(asked) == told


def test_a_draft_is_kept_as_it_was_typed() -> None:
    for given in (DRAFT, NOTHING, ReturnAnswers(), makers.PUBLISHED):
        kept = from_draft(json.loads(json.dumps(as_draft(given, Via.LINK))))
        assert replace(kept, investments={}) == replace(given, investments={})
        assert _money(kept) == _money(given)


def _money(given: ReturnAnswers) -> dict[InvestmentKind, tuple[int, object, object]]:
    return {
        kind: (pounds, day.first, day.precision)
        for kind, (pounds, day) in given.investments.items()
    }


def test_nobody_writes_over_what_another_saved(asked: CompanyReturn, cast: Cast) -> None:
    seen, who = asked.version, Answering(by=cast.innovator.actor)
    save(row=asked, version=seen, given=makers.PUBLISHED, hands_in=False, who=who)
    with pytest.raises(Conflict):
        save(row=asked, version=seen, given=makers.PUBLISHED, hands_in=True, who=who)
    for stranger in (cast.other_innovator, cast.national, cast.ics):
        with pytest.raises(Forbidden):
            makers.handed_in(asked, stranger)


BEFORE, SMALL = ReportedYear(jobs=4.0, pounds=50_000), OrganisationSize.SMALL


@pytest.mark.parametrize(
    ("now", "before", "size", "found"),
    [
        (ReportedYear(12.0, 100_000), BEFORE, SMALL, []),
        (ReportedYear(12.5, 0), BEFORE, SMALL, [Mark.JOBS_JUMP]),
        (ReportedYear(10.0, 0), ReportedYear(0, 0), SMALL, []),
        (ReportedYear(10.5, 0), ReportedYear(0, 0), SMALL, [Mark.JOBS_JUMP]),
        (ReportedYear(10.5, 0), None, SMALL, []),
        (ReportedYear(49.5, 0), None, SMALL, [Mark.JOBS_SIZE]),
        (ReportedYear(900.0, 0), None, OrganisationSize.LARGE, []),
        (ReportedYear(900.0, 0), None, None, []),
        (ReportedYear(0, 150_001), BEFORE, SMALL, [Mark.MONEY_JUMP]),
        (ReportedYear(0, 1_000_000), None, SMALL, [Mark.MONEY_BARE]),
        (ReportedYear(0, 1_000_000, has_evidence=True), None, SMALL, []),
        (ReportedYear(0, 0), ReportedYear(10.5, 0), SMALL, [Mark.FELL_AWAY]),
        (ReportedYear(0, 0), BEFORE, SMALL, []),
    ],
)
def test_an_implausible_change_is_marked_by_the_written_rule(
    now: ReportedYear, before: ReportedYear | None, size: OrganisationSize | None, found: list[Mark]
) -> None:
    assert marks(now, before, size) == found


def test_the_list_says_what_is_marked(asked: CompanyReturn, cast: Cast, as_: As) -> None:
    asked.organisation.size = OrganisationSize.MICRO
    given = replace(makers.PUBLISHED, jobs_created=9.0, jobs_safeguarded=0.5)
    makers.handed_in(asked, cast.innovator, given)
    assert marks_of(asked, None) == ["More jobs than people work at a company of its size"]
    for person in (cast.hin, cast.national):
        assert "Look again" in as_(person).get("/impact/returns").text
    browser = as_(cast.hin)
    assert "Brightwell" in browser.get("/impact/returns?state=handed_in&year=2025&q=bright").text
    assert "Brightwell" not in browser.get("/impact/returns?state=accepted").text
    file = browser.get("/impact/returns/download.csv").text
    assert "Brightwell Health,2025/26,Handed in,9.0,0.5,41000,50" in file
    assert "Health Innovation West Midlands 75%" in file
    assert browser.get("/impact/returns/download.xlsx").status_code == 200


def test_a_draft_is_the_companys_own_in_the_list_too(
    asked: CompanyReturn, cast: Cast, as_: As
) -> None:
    draft = replace(makers.PUBLISHED, jobs_created=77.5, evidence="Not for you yet")
    save(
        row=asked,
        version=asked.version,
        given=draft,
        hands_in=False,
        who=Answering(by=cast.innovator.actor),
    )
    for path in ("/impact/returns", "/impact/returns/download.csv"):
        text = as_(cast.hin).get(path).text
        assert "Brightwell Health" in text
        assert "77.5" not in text
        assert "Not for you yet" not in text
        assert "40,000" not in text
    save(
        row=asked,
        version=asked.version,
        given=draft,
        hands_in=True,
        who=Answering(by=cast.innovator.actor),
    )
    assert "77.5" in as_(cast.hin).get("/impact/returns").text


def test_the_first_page_keeps_the_navigation(cast: Cast, as_: As) -> None:
    """The layout leaves it out for a view that gives it `plain`."""
    page = as_(cast.hin).get("/impact").text
    assert "Sign out" in page
    assert 'href="/search"' in page


def test_all_that_is_wrong_is_said_at_once(asked: CompanyReturn, cast: Cast, as_: As) -> None:
    typed = {"jobs_created": "2.3", "kinds": ["sales"], "version": str(asked.version)}
    page = as_(cast.innovator).post(_page(asked, "/answer"), data=typed).text
    for words in (
        "Jobs created must be whole or half jobs",
        "Enter the jobs safeguarded, 0 if there were none",
        "Enter the pounds of sales",
        "Select how much of it you owe to the support",
        "Select yes if we may publish your answer",
    ):
        assert words in page
    assert "Enter the jobs created" not in page
    assert 'value="2.3"' in page
