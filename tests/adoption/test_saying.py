"""Where a place stands is said from a form that begins with today and the network."""

from lxml import html

from portal.clock import today


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
