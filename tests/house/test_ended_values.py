"""What a record holds stays when it is saved again, also where nobody can choose it any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.adoption import figures as of_adoption
from portal.clock import today
from portal.exchange.models import ContentKind
from portal.figures.rules import FigureSet, Period, RowsQuery
from portal.innovations.models import AdoptionState
from portal.innovations.services.adoption import NewStage, record_stages
from portal.programmes.models import Programme
from portal.proof import figures as of_proof
from portal.proof.services import validations
from portal.reference.models import Ics, Term, Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from portal.support import figures as of_support
from tests import makers
from tests.adoption.conftest import place
from tests.cast import Cast, Person
from tests.exchange import makers as written
from tests.pages import PageClient
from tests.programmes import makers as spread

As = Callable[[Person], PageClient]


def retire_all(session: Session) -> None:
    """Every value of every list was retired yesterday, and no system is one of today."""
    yesterday = today() - timedelta(days=1)
    session.execute(update(Term).values(retired_on=yesterday))
    session.execute(update(Ics).values(valid_to=yesterday))
    session.commit()
    session.expire_all()


def save_as_it_is(browser: PageClient, url: str) -> None:
    """Open a form and send what it shows, as somebody does who changes nothing."""
    page = browser.get(url)
    assert page.status_code == 200, url
    document = html.fromstring(page.text)
    forms = [one for one in document.forms if "version" in one.fields]
    answer = browser.post(url, data=MultiDict(forms[0].form_values()))
    assert answer.status_code == 302, f"{url}: {answer.text}"


def test_a_section_of_a_record_keeps_what_it_held(session: Session, cast: Cast, as_: As) -> None:
    record = makers.innovation(of=cast.innovator)
    setting = makers.term(Vocabulary.CARE_SETTING, terms(Vocabulary.CARE_SETTING)[0].code)
    record.terms.append(setting)
    retire_all(session)
    browser = as_(cast.innovator)
    overview = html.fromstring(browser.get(f"/innovations/{record.id}/edit").text)
    sections = {link for link in overview.xpath("//main//a/@href") if f"/{record.id}/edit/" in link}
    url = next(one for one in sections if f'value="{setting.code}"' in browser.get(one).text)
    page = html.fromstring(browser.get(url).text)
    checked = page.xpath(f"//input[@value='{setting.code}']/@checked")
    assert checked, url


def test_a_validation_keeps_its_setting_and_kinds(session: Session, cast: Cast, as_: As) -> None:
    record = makers.innovation(of=cast.innovator)
    kind = terms(Vocabulary.SUPPORT_KIND)[0]
    setting = terms(Vocabulary.CARE_SETTING)[0]
    row = validations.add_validation(
        innovation=record,
        by=cast.hin.actor,
        question="Do falls go down?",
        site="A home",
        care_setting_id=setting.id,
        kinds=[kind.id],
    )
    retire_all(session)
    url = f"/innovations/{record.id}/support/validations/{row.id}/edit"
    save_as_it_is(as_(cast.hin), url)
    session.refresh(row)
    assert row.care_setting_id == setting.id
    assert [one.code for one in row.kinds] == [kind.code]


def test_a_programme_keeps_its_settings(session: Session, cast: Cast, as_: As) -> None:
    programme = spread.programme("Lungs", by=cast.national)
    setting = terms(Vocabulary.CARE_SETTING)[0]
    programme.settings = [setting]
    retire_all(session)
    save_as_it_is(as_(cast.national), f"/programmes/{programme.id}/edit")
    found = session.get_one(Programme, programme.id)
    session.refresh(found)
    assert [one.code for one in found.settings] == [setting.code]


def test_an_item_keeps_its_topics_and_its_system(session: Session, cast: Cast, as_: As) -> None:
    topic = session.scalars(select(Term).where(Term.vocabulary == Vocabulary.AREA).limit(1)).one()
    item = written.draft(
        ContentKind.NEWS, by=cast.hin, term_ids=(topic.id,), ics_id=cast.ics.actor.ics_id
    )
    retire_all(session)
    save_as_it_is(as_(cast.hin), f"/exchange/items/{item.id}/edit")
    session.refresh(item)
    assert [one.id for one in item.terms] == [topic.id]
    assert item.ics_id == cast.ics.actor.ics_id


@pytest.mark.parametrize(
    "figures", [of_support, of_proof, of_adoption], ids=["support", "proof", "adoption"]
)
def test_figures_of_the_past_keep_their_words(session: Session, figures: object) -> None:
    of: FigureSet = figures.FIGURES  # type: ignore[attr-defined]
    before = dict(of.labels())
    retire_all(session)
    assert list(of.labels().items()) == list(before.items())


def test_a_place_whose_stage_was_retired_is_still_shown_and_counted(
    session: Session, cast: Cast, as_: As
) -> None:
    record = makers.innovation(of=cast.innovator)
    site = place("RW9")
    stages = [NewStage(site.id, AdoptionState("STAGE_5"), today())]
    record_stages(innovation=record, stages=stages, by=cast.hin.actor)
    retire_all(session)
    page = as_(cast.hin).get(f"/innovations/{record.id}/sites/{site.id}")
    assert page.status_code == 200
    period = Period(Quarter.of(today()), today())
    behind = [
        row
        for figure in of_adoption.DEFINITIONS
        for row in of_adoption.FIGURES.rows(RowsQuery(figure, period, None, "")).rows
    ]
    assert behind
