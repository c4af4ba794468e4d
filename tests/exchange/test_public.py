"""The public front: what a stranger reads first, feeds by a parser, data for programs, caching."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from portal.clock import now, today
from portal.exchange.models import ContentItem, ContentKind
from portal.innovations.models import Sharing
from tests import makers
from tests.cast import Cast, Person
from tests.exchange.makers import draft, published
from tests.exchange.test_content import NEEDED
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]
ATOM = "{http://www.w3.org/2005/Atom}"
PUBLIC = ("/", "/exchange", "/exchange/feed.atom", "/exchange/calendar.ics", "/sitemap.xml")


@pytest.fixture
def items(cast: Cast) -> dict[ContentKind, ContentItem]:
    """One published item of each kind."""
    return {
        kind: published(
            kind, by=cast.hin, second=cast.national, title=f"On {kind.value} & more", **more
        )
        for kind in ContentKind
        for more in [NEEDED.get(kind, {})]
    }


def test_a_stranger_reads_first_what_is_open_and_new(
    client: FlaskClient, items: dict[ContentKind, ContentItem], statements: Statements
) -> None:
    with statements.at_most(7):
        page = client.get("/").text
    for kind in (ContentKind.CASE_STUDY, ContentKind.FUNDING, ContentKind.EVENT):
        assert items[kind].title.replace("&", "&amp;") in page
    assert "9 days left" in page
    assert page.index("Search what is published") < page.index("Calls that close soon")
    for words in ("For integrated care systems", "For innovators", "For HINs"):
        assert words in page


@pytest.mark.parametrize(
    "path", ["/", "/exchange", "/exchange/ics", "/challenges", "/programmes", "/reports", "/terms"]
)
def test_a_page_is_made_once_while_nothing_changes(
    client: FlaskClient, statements: Statements, path: str
) -> None:
    first = client.get(path).data
    with statements.at_most(1):
        assert client.get(path).data == first


def test_newly_proven_names_only_what_everybody_may_read(
    cast: Cast, client: FlaskClient, session: Session
) -> None:
    from portal.innovations.models import ProvenStatus

    for name, sharing in (("Open One", Sharing.PUBLIC), ("Kept One", Sharing.HINS)):
        record = makers.proven(makers.innovation(name, of=cast.innovator, sharing=sharing))
        makers.put(
            ProvenStatus(
                innovation_id=record.id,
                hin_id=makers.hin().id,
                verified_by_id=cast.hin.user.id,
                valid_until=today() + timedelta(days=30),
                findings=[],
            )
        )
    page = client.get("/").text
    assert "Open One" in page
    assert "Kept One" not in page


def test_who_is_signed_in_is_led_home(cast: Cast, as_: Browser) -> None:
    answer = as_(cast.ics).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_stranger_gets_no_cookie_and_is_told_that_nothing_changed(
    client: FlaskClient, items: dict[ContentKind, ContentItem], session: Session, path: str
) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"].startswith("public")
    assert "Cookie" in first.headers["Vary"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for kind in (ContentKind.CASE_STUDY, ContentKind.EVENT):
        items[kind].title, items[kind].changed_at = "Another title", now() + timedelta(seconds=5)
    session.flush()
    later = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200


def test_a_page_for_who_is_signed_in_is_kept_by_no_cache(
    cast: Cast, as_: Browser, items: dict[ContentKind, ContentItem]
) -> None:
    answer = as_(cast.hin).get("/exchange")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_the_feed_is_valid_atom(
    cast: Cast, client: FlaskClient, items: dict[ContentKind, ContentItem]
) -> None:
    draft(by=cast.hin, title="Not out yet")
    answer = client.get("/exchange/feed.atom?kind=case-study&kind=podcast")
    assert answer.mimetype == "application/atom+xml"
    feed = _parsed(answer.data)
    assert {one.tag for one in feed} >= {f"{ATOM}{n}" for n in ("title", "id", "updated", "author")}
    assert feed.findtext(f"{ATOM}title") == "The Exchange: Case studies, Podcasts"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for entry in entries:
        assert entry.findtext(f"{ATOM}id", "").startswith("http")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", entry.findtext(f"{ATOM}updated", ""))
    assert len(_parsed(client.get("/exchange/feed.atom").data).findall(f"{ATOM}entry")) == len(
        items
    )


def test_the_calendar_is_read_by_a_parser(
    client: FlaskClient, items: dict[ContentKind, ContentItem]
) -> None:
    item = items[ContentKind.EVENT]
    for path in ("/exchange/calendar.ics", f"/exchange/event/{item.id}.ics"):
        events = Calendar.from_ical(client.get(path).data).walk("VEVENT")
        assert [str(one["summary"]) for one in events] == [item.title]
        assert item.starts_at is not None
        assert events[0].decoded("dtstart") == item.starts_at.replace(microsecond=0)
        assert str(events[0]["location"]) == item.answer("place")
    assert (
        Calendar.from_ical(client.get("/exchange/calendar.ics?kind=news").data).walk("VEVENT") == []
    )


WORK = frozenset(
    [
        *("headline", "datePublished", "dateModified", "publisher", "license", "inLanguage"),
        *("keywords", "contentLocation"),
    ]
)
VOCABULARY = {
    "WebSite": frozenset({"potentialAction"}),
    "SearchAction": frozenset({"target", "query-input"}),
    "EntryPoint": frozenset({"urlTemplate"}),
    "Article": WORK,
    "NewsArticle": WORK,
    "CreativeWork": WORK,
    "PodcastEpisode": WORK | {"associatedMedia"},
    "VideoObject": WORK | {"uploadDate", "contentUrl", "transcript"},
    "AudioObject": frozenset({"contentUrl", "transcript"}),
    "MonetaryGrant": frozenset({"funder", "amount"}),
    "MonetaryAmount": frozenset({"validFrom", "validThrough"}),
    "Event": frozenset(
        ["startDate", "endDate", "eventStatus", "eventAttendanceMode", "location", "organizer"]
    ),
    "Place": frozenset({"address"}),
    "PostalAddress": frozenset({"addressLocality", "postalCode", "addressCountry"}),
    "VirtualLocation": frozenset(),
    "Organization": frozenset(),
}
"""What each type that pages use may say beside what any thing may, as far as pages say it.

Source: the vocabulary of schema.org, by type with what it inherits ("query-input" is
of its actions).
"""
THING = frozenset({"@context", "@type", "name", "description", "url"})


def wrong_by_vocabulary(told: object) -> list[str]:
    """Return what a block of data says that its types do not know, and what it leaves empty."""
    if not isinstance(told, dict):
        return [] if told else ["something empty"]
    kind = told.get("@type", "nothing")
    if kind not in VOCABULARY:
        return [f"no type {kind}"]
    own = [f"{kind}.{name}" for name in told if name not in VOCABULARY[kind] | THING]
    return own + [f"{kind}: {one}" for value in told.values() for one in wrong_by_vocabulary(value)]


@pytest.mark.parametrize("kind", ContentKind)
def test_what_programs_read_is_valid_by_the_vocabulary(
    client: FlaskClient, items: dict[ContentKind, ContentItem], kind: ContentKind
) -> None:
    item = items[kind]
    assert wrong_by_vocabulary(_data(client.get(f"/exchange/{kind.value}/{item.id}").text)) == []
    assert wrong_by_vocabulary(_data(client.get("/").text)) == []
    assert wrong_by_vocabulary({"@type": "MonetaryGrant", "validThrough": "2026-12-01"}) == [
        "MonetaryGrant.validThrough"
    ]


@pytest.mark.parametrize("kind", ContentKind)
def test_an_item_says_to_programs_what_it_is(
    client: FlaskClient, items: dict[ContentKind, ContentItem], kind: ContentKind
) -> None:
    item = items[kind]
    page = client.get(f"/exchange/{kind.value}/{item.id}?from=somewhere")
    data = _data(page.text)
    assert data["@context"] == "https://schema.org"
    assert data["name"] == item.title
    assert data["url"].endswith(f"/exchange/{kind.value}/{item.id}")
    assert f'<link rel="canonical" href="{data["url"]}">' in page.text
    assert f'<meta property="og:url" content="{data["url"]}">' in page.text
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


def _parsed(text: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314  # our own pages


def _data(page: str) -> dict[str, str]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told: dict[str, str] = json.loads(found[1])
    return told


def test_what_is_typed_does_not_leave_the_block_of_data(cast: Cast, client: FlaskClient) -> None:
    bad = "</script><script>alert(1)</script>"
    item = published(by=cast.hin, second=cast.national, title=bad)
    page = client.get(f"/exchange/news/{item.id}").text
    assert "<script>alert" not in page
    assert _data(page)["name"] == bad


def test_every_public_address_is_named(
    cast: Cast, client: FlaskClient, items: dict[ContentKind, ContentItem]
) -> None:
    hidden = draft(by=cast.hin)
    kept = makers.innovation("Kept One", of=cast.innovator, sharing=Sharing.HINS)
    shown = makers.innovation("Open One", of=cast.innovator, sharing=Sharing.PUBLIC)
    text = client.get("/sitemap.xml").text
    _parsed(text)
    for kind, item in items.items():
        assert f"/exchange/{kind.value}/{item.id}<" in text
    assert f"/innovations/{shown.id}<" in text
    assert f"/innovations/{kept.id}<" not in text
    assert f"/exchange/news/{hidden.id}<" not in text
    assert "Sitemap: " in client.get("/robots.txt").text


def test_pages_ask_nobody_else_for_anything(
    client: FlaskClient, items: dict[ContentKind, ContentItem]
) -> None:
    for path in ("/", "/exchange", f"/exchange/video/{items[ContentKind.VIDEO].id}"):
        page = client.get(path).text
        assert not re.search(r'(?:src|srcset)="(?:https?:)?//', page)
        assert not re.search(r'<link rel="stylesheet" href="(?:https?:)?//', page)
