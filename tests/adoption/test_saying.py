"""Where a place stands is said from a form that begins with today and the network."""

from datetime import date

from lxml import html

from portal.clock import today
from portal.db import db
from portal.innovations.models import Use


def test_the_form_begins_with_today_and_the_network_and_keeps_what_was_typed(field, cast, as_):
    url = f"/innovations/{field.innovation.id}/sites/{field.places[0].id}"
    page = html.fromstring(as_(cast.hin).get(url).text)
    shown = [page.xpath(f"//input[@name='on-{part}']/@value")[0] for part in ("day", "month")]
    assert shown == [str(today().day), str(today().month)]
    assert page.xpath("//select[@name='source']/option[@selected]/@value") == ["hin"]
    sent = {"state": "", "on-day": "3", "on-month": "2", "on-year": "2026", "source": "site"}
    again = html.fromstring(as_(cast.hin).post(url, data=sent).text)
    assert again.xpath("//input[@name='on-day']/@value") == ["3"]
    assert again.xpath("//select[@name='source']/option[@selected]/@value") == ["site"]


def test_the_innovators_word_is_filled_in_and_confirmed_by_recording_it(field, cast, as_):
    field.innovation.uses.append(Use(directory_site=field.places[0], from_on=date(2026, 2, 3)))
    db.session.commit()
    url, browser = f"/innovations/{field.innovation.id}/sites/{field.places[0].id}", as_(cast.hin)
    page = browser.get(url).text
    assert "The innovator says: " in page
    assert "Unconfirmed" in page
    form = html.fromstring(page)
    assert form.xpath("//select[@name='state']/option[@selected]/@value") == ["STAGE_5"]
    day = [form.xpath(f"//input[@name='on-{part}']/@value")[0] for part in ("day", "month", "year")]
    assert day == ["3", "2", "2026"]
    sent = dict(zip(("on-day", "on-month", "on-year"), day, strict=True))
    browser.post(url, data={"state": "STAGE_5", "source": "site", "is_indicative": "no", **sent})
    page = browser.get(url).text
    assert "Confirmed" in page
    assert "Unconfirmed" not in page
    assert "The innovator says: " not in page
