"""Content: written by staff, published by a second person, read by everybody, kept in versions."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now, today
from portal.errors import Forbidden, Invalid, NotFound, Outdated
from portal.exchange.models import ContentItem, ContentKind, ContentState, ContentVersion
from portal.exchange.policy import can_see
from portal.exchange.queries.content import item_for, visible_to
from portal.exchange.rules.content import Standing, days_left, standing
from portal.exchange.rules.kinds import KINDS
from portal.exchange.services import writing
from portal.exchange.services.relating import relate
from portal.innovations.models import Sharing
from tests import makers
from tests.cast import Cast, Person
from tests.exchange.makers import draft, published, step, written
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    b"\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
TIMES = {"starts_at": now() + timedelta(days=3), "ends_at": now() + timedelta(days=3, hours=1)}
DATES = {"closes_on": today() + timedelta(days=9)}
NEEDED = {ContentKind.EVENT: TIMES, ContentKind.FUNDING: DATES}


@pytest.mark.parametrize("kind", ContentKind)
def test_each_kind_is_published_and_read_by_a_stranger(
    cast: Cast, client: FlaskClient, as_: Browser, kind: ContentKind
) -> None:
    item = published(
        kind, by=cast.hin, second=cast.national, title="Fewer falls", **NEEDED.get(kind, {})
    )
    page = client.get(f"/exchange/{kind.value}/{item.id}").text
    assert "Fewer falls" in page
    for question in KINDS[kind].needed:
        assert f"The {question.label.lower()} in words" in page
    assert as_(cast.ics).get(f"/exchange/{kind.value}/{item.id}").status_code == 200
    assert "Fewer falls" in client.get(f"/exchange?kind={kind.value}").text
    other = next(one for one in ContentKind if one is not kind)
    assert as_(cast.ics).get(f"/exchange/{other.value}/{item.id}").status_code == 404


@pytest.mark.parametrize("kind", ContentKind)
def test_staff_write_each_kind_in_the_browser(cast: Cast, as_: Browser, kind: ContentKind) -> None:
    browser = as_(cast.hin)
    page = browser.get(f"/exchange/new/{kind.value}")
    assert page.status_code == 200
    sent = {"title": "Written here", "licence": "ogl", "hin_id": cast.hin.actor.hin_id}
    sent |= {f"answer_{one.code}": "12" for one in KINDS[kind].questions if not one.is_link}
    day = {"-day": today().day, "-month": today().month, "-year": today().year}
    if kind is ContentKind.EVENT:
        sent |= {f"starts_on{part}": number for part, number in day.items()}
        sent |= {"starts_clock": "9.30", "ends_clock": "11:00", "time_zone": "Asia/Kolkata"}
    answer = browser.post(f"/exchange/new/{kind.value}", data=sent, follow_redirects=True)
    assert "It is kept as a draft." in answer.text
    found = visible(cast.hin)
    assert found.title == "Written here"
    if kind is ContentKind.EVENT:
        assert found.starts_at is not None
        assert f"{found.starts_at:%H:%M}" == "04:00"
        again = browser.get(f"/exchange/items/{found.id}/edit").text
        assert 'value="09:30"' in again


def visible(person: Person) -> ContentItem:
    """Return the one item that there is."""
    from portal.db import db

    return db.session.scalars(select(ContentItem).where(visible_to(person.actor))).one()


def test_an_innovator_and_an_ics_do_not_write(cast: Cast, as_: Browser) -> None:
    for person in (cast.innovator, cast.ics, cast.administrator):
        assert as_(person).get("/exchange/new").status_code == 403
        assert as_(person).get("/exchange/items").status_code == 403


def test_what_is_missing_is_said_and_nothing_is_sent(cast: Cast, as_: Browser) -> None:
    item = writing.start(
        kind=ContentKind.CASE_STUDY,
        written=written(ContentKind.CASE_STUDY, by=cast.hin, answers={"need": ""}),
        by=cast.hin.actor,
    )
    page = as_(cast.hin).get(f"/exchange/items/{item.id}").text
    assert "Enter “What was needed”" in page
    assert "Add at least one result as a number" in page
    with pytest.raises(Invalid, match="What was needed"):
        step(item, "send", by=cast.hin)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("The patient 943 476 5919 was seen.", "an NHS number"),
        ("Ring 020 7946 0123 and ask.", "a telephone number"),
        ("Write to pat@example.org", "an email address"),
        ("www.a.uk " * 11, "more than 10 web addresses"),
    ],
)
def test_what_leads_to_a_person_is_held_with_a_clear_word(
    cast: Cast, as_: Browser, text: str, held: str
) -> None:
    item = draft(ContentKind.NEWS, by=cast.hin, answers={"body": text})
    with pytest.raises(Invalid, match=held):
        step(item, "send", by=cast.hin)
    assert item.state is ContentState.DRAFT
    assert "“What it is about”" in as_(cast.hin).get(f"/exchange/items/{item.id}").text
    sent = {"title": "T", "licence": "ogl", "hin_id": cast.hin.actor.hin_id, "answer_body": text}
    assert (
        "take it out" in as_(cast.hin).post("/exchange/new/news", data=sent).text
        or "web addresses" in held
    )


def test_a_team_says_how_to_reach_it(cast: Cast) -> None:
    contact = {"contact": "The falls team, falls.team@example.org"}
    item = draft(ContentKind.CASE_STUDY, by=cast.hin, answers=contact)
    assert step(item, "send", by=cast.hin).state is ContentState.REVIEW


def test_script_in_markdown_and_in_a_transcript_is_only_text(
    cast: Cast, client: FlaskClient
) -> None:
    bad = "<script>alert(1)</script>\n\n[click](javascript:alert(1)) ![x](https://evil.example/x)"
    item = published(
        ContentKind.PODCAST,
        by=cast.hin,
        second=cast.national,
        answers={"body": bad, "transcript": bad},
    )
    page = client.get(f"/exchange/podcast/{item.id}").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'src="https://evil' not in page


def test_a_second_person_publishes(cast: Cast, as_: Browser, client: FlaskClient) -> None:
    item = step(draft(by=cast.hin), "send", by=cast.hin)
    with pytest.raises(Forbidden, match="second person"):
        step(item, "publish", by=cast.hin)
    with pytest.raises(Forbidden):
        step(item, "publish", by=cast.other_hin)
    assert client.get(f"/exchange/news/{item.id}").status_code == 302
    sent = {"version": item.version}
    answer = as_(cast.national).post(f"/exchange/items/{item.id}/publish", data=sent)
    assert answer.status_code == 302
    assert client.get(f"/exchange/news/{item.id}").status_code == 200


def test_a_publication_waits_for_its_day(cast: Cast, client: FlaskClient) -> None:
    item = step(draft(by=cast.hin), "send", by=cast.hin)
    step(item, "publish", by=cast.national, at=now() + timedelta(days=2))
    assert client.get(f"/exchange/news/{item.id}").status_code == 302
    assert item.title not in client.get("/exchange").text


def test_a_change_of_what_is_published_waits_for_a_second_person(
    cast: Cast, as_: Browser, client: FlaskClient
) -> None:
    item = published(by=cast.hin, second=cast.national, title="Before")
    changed = written(ContentKind.NEWS, by=cast.hin, title="Afterwards")
    writing.save(item=item, version=item.version, written=changed, by=cast.hin.actor)
    address = f"/exchange/news/{item.id}"
    assert "Before" in client.get(address).text
    assert "Afterwards" not in client.get(address).text
    assert "Afterwards" in as_(cast.national).get(f"/exchange/items/{item.id}").text
    with pytest.raises(Forbidden, match="second person"):
        step(item, "accept", by=cast.hin)
    step(item, "accept", by=cast.national)
    assert "Afterwards" in client.get(address).text
    assert "afterward" in item.title_stems


def test_a_change_is_thrown_away(cast: Cast) -> None:
    item = published(by=cast.hin, second=cast.national, title="Before")
    changed = written(ContentKind.NEWS, by=cast.hin, title="Afterwards")
    writing.save(item=item, version=item.version, written=changed, by=cast.hin.actor)
    step(item, "discard", by=cast.hin)
    assert (item.title, item.pending) == ("Before", {})


def test_it_is_given_back_with_words_taken_back_and_retired(
    cast: Cast, as_: Browser, client: FlaskClient
) -> None:
    item = step(draft(by=cast.hin), "send", by=cast.hin)
    page = f"/exchange/items/{item.id}"
    refused = as_(cast.national).post(f"{page}/return", data={"version": item.version})
    assert "Enter what should change" in refused.text
    sent = {"version": item.version, "words": "Say who paid."}
    as_(cast.national).post(f"{page}/return", data=sent)
    assert "Say who paid." in as_(cast.hin).get(page).text
    step(item, "send", by=cast.hin)
    step(item, "publish", by=cast.national)
    step(item, "take-back", by=cast.hin)
    assert client.get(f"/exchange/news/{item.id}").status_code == 302
    step(item, "send", by=cast.hin)
    step(item, "publish", by=cast.national)
    step(item, "retire", by=cast.hin, words="Out of date.")
    assert client.get(f"/exchange/news/{item.id}").status_code == 302
    assert "Out of date." in as_(cast.hin).get(page).text
    assert step(item, "reopen", by=cast.hin).state is ContentState.DRAFT


def test_the_first_to_save_is_kept_and_the_second_told(
    cast: Cast, as_: Browser, session: Session
) -> None:
    item = draft(by=cast.hin)
    seen = item.version
    text = written(ContentKind.NEWS, by=cast.hin, title="First")
    writing.save(item=item, version=seen, written=text, by=cast.hin.actor)
    with pytest.raises(Outdated, match="Hana West saved this"):
        writing.save(item=item, version=seen, written=text, by=cast.national.actor)
    steps = session.scalars(select(ContentVersion).order_by(ContentVersion.number)).all()
    assert [one.content["title"] for one in steps] == ["A news", "First"]
    page = as_(cast.hin).get(f"/exchange/items/{item.id}/versions").text
    assert "A news" in page
    assert "First" in page


def test_a_network_changes_its_own_items_only(cast: Cast, as_: Browser) -> None:
    item = draft(by=cast.hin)
    assert as_(cast.other_hin).get(f"/exchange/items/{item.id}").status_code == 200
    assert as_(cast.other_hin).get(f"/exchange/items/{item.id}/edit").status_code == 403
    with pytest.raises(Invalid, match="own network"):
        draft(by=cast.other_hin, hin_id=cast.hin.actor.hin_id)


def test_sql_and_policy_agree_who_sees_what(cast: Cast, session: Session) -> None:
    items = [
        draft(by=cast.hin),
        step(draft(by=cast.national), "send", by=cast.national),
        published(by=cast.hin, second=cast.national),
        step(published(by=cast.hin, second=cast.national), "retire", by=cast.hin),
    ]
    waiting = step(draft(by=cast.hin), "send", by=cast.hin)
    items.append(step(waiting, "publish", by=cast.national, at=now() + timedelta(days=1)))
    for actor in cast.every_actor():
        found = set(session.scalars(select(ContentItem.id).where(visible_to(actor))))
        assert found == {one.id for one in items if can_see(actor, one, now())}, actor
        for one in items:
            if one.id not in found:
                with pytest.raises(NotFound):
                    item_for(actor, one.id)


def test_a_picture_needs_its_words_and_is_read_with_its_item(
    cast: Cast, as_: Browser, client: FlaskClient, session: Session
) -> None:
    item = draft(by=cast.hin)
    page = f"/exchange/items/{item.id}/pictures"
    sent = {"version": item.version, "file": (BytesIO(PNG), "team.png")}
    bare = as_(cast.hin).post(page, data=sent)
    assert "Enter what it shows" in bare.text
    assert "Enter how everybody in it agreed" in bare.text
    said = {"alt": "Two nurses beside a bed", "consent": "Signed forms", "credit": "The trust"}
    sent = {"version": item.version, "file": (BytesIO(b"%PDF-1.4 no"), "no.pdf"), **said}
    assert "must be" in as_(cast.hin).post(page, data=sent).text
    sent = {"version": item.version, "file": (BytesIO(PNG), "team.png"), **said}
    assert as_(cast.hin).post(page, data=sent).status_code == 302
    session.refresh(item)
    picture = item.pictures[0]
    address = f"/exchange/pictures/{picture.id}"
    assert client.get(address).status_code == 302
    step(item, "send", by=cast.hin)
    step(item, "publish", by=cast.national)
    assert client.get(address).data == PNG
    assert as_(cast.hin).get(address).headers["Cache-Control"] == "no-store"
    assert 'alt="Two nurses beside a bed"' in client.get(f"/exchange/news/{item.id}").text
    held = as_(cast.hin).get(f"/exchange/items/{item.id}").text
    assert "Take it back to change its pictures" in held
    assert f'href="{page}"' not in held
    assert f"{page}/{picture.id}/remove" not in held
    step(item, "take-back", by=cast.hin)
    assert f'href="{page}"' in as_(cast.hin).get(f"/exchange/items/{item.id}").text
    answer = as_(cast.hin).post(
        f"{page}/{picture.id}/remove", data={"version": item.version}, follow_redirects=True
    )
    assert "The picture is taken away." in answer.text


def test_a_result_says_how_it_was_worked_out(
    cast: Cast, as_: Browser, client: FlaskClient, session: Session
) -> None:
    item = draft(ContentKind.CASE_STUDY, by=cast.hin)
    page = f"/exchange/items/{item.id}/results"
    bad = {"version": item.version, "what": "waits", "number": "many", "method": ""}
    said = as_(cast.hin).post(page, data=bad).text
    assert "Enter a number" in said
    assert "Enter how it was worked out" in said
    good = {"version": item.version, "what": "days of wait", "number": "−1,030.5", "unit": "days"}
    as_(cast.hin).post(page, data={**good, "method": "Counted in June"})
    session.refresh(item)
    assert [one.value for one in item.results] == [12.5, -1030.5]
    as_(cast.hin).post(f"{page}/{item.results[0].id}/remove", data={"version": item.version})
    session.refresh(item)
    assert len(item.results) == 1
    step(item, "send", by=cast.hin)
    step(item, "publish", by=cast.national)
    assert "counted in June" in client.get(f"/exchange/case-study/{item.id}").text


def test_it_links_only_to_what_its_reader_may_see(
    cast: Cast, client: FlaskClient, session: Session
) -> None:
    record = makers.innovation("Breathe Easy", of=cast.innovator, sharing=Sharing.PUBLIC)
    item = published(by=cast.hin, second=cast.national, innovation_id=record.id)
    address = f"/exchange/news/{item.id}"
    assert "Breathe Easy" in client.get(address).text
    record.sharing = Sharing.HINS
    session.flush()
    assert "Breathe Easy" not in client.get(address).text


def test_funding_and_events_stand_by_their_days(cast: Cast, client: FlaskClient) -> None:
    for days, word in ((0, "last day today"), (1, "1 day left"), (9, "9 days left")):
        closes = today() + timedelta(days=days)
        item = published(ContentKind.FUNDING, by=cast.hin, second=cast.national, closes_on=closes)
        assert word in client.get(f"/exchange/funding/{item.id}").text
        assert days_left(item, today()) == days
    item.opens_on = today() + timedelta(days=2)
    assert standing(item, today(), now()) is Standing.COMING
    item.opens_on, item.closes_on = None, today() - timedelta(days=1)
    assert standing(item, today(), now()) is Standing.CLOSED
    assert days_left(item, today()) is None
    past = published(
        ContentKind.EVENT, by=cast.hin, second=cast.national, starts_at=now() - timedelta(days=3)
    )
    page = client.get(f"/exchange/event/{past.id}").text
    assert "It is over." in page
    assert past.title not in client.get("/exchange?open=yes").text


def test_the_list_is_filtered_counted_and_searched(
    cast: Cast, client: FlaskClient, statements: Statements
) -> None:
    from portal.exchange.queries.content import topics

    topic = topics()[0]
    of = {"by": cast.hin, "second": cast.national}
    published(title="Emergency departments and falls", term_ids=[topic.id], **of)
    published(ContentKind.RESOURCE, title="A toolkit", ics_id=makers.ics().id, **of)
    for number in range(3):
        published(ContentKind.RESOURCE, title=f"Guide {number}", **of)
    assert "1 item" in client.get(f"/exchange?topic={topic.code}").text
    assert "A toolkit" in client.get(f"/exchange?ics={makers.ics().code}").text
    found = client.get("/exchange?q=A%26E+fall").text
    assert "Emergency departments and falls" in found
    assert "A toolkit" not in found
    assert "Nothing fits" in client.get("/exchange?q=zebra").text
    rows = client.get("/exchange.csv?kind=resource").text.splitlines()
    assert len([row for row in rows if "Resource or toolkit" in row]) == 4
    with statements.at_most(7):
        client.get("/exchange")


def test_what_is_alike_is_found_by_the_job(cast: Cast, client: FlaskClient) -> None:
    of = {"by": cast.hin, "second": cast.national}
    one = published(title="Falls in care homes", answers={"body": "Falls of residents."}, **of)
    two = published(title="Residents who fall", answers={"body": "Care homes and falls."}, **of)
    for number in range(8):
        published(title=f"Asthma {number}", answers={"body": "Inhalers for asthma."}, **of)
    relate()
    from portal.db import db

    db.session.expire_all()
    assert one.related[:1] == [two.id]
    assert "Residents who fall" in client.get(f"/exchange/news/{one.id}").text
    assert relate() == 0


def test_home_asks_who_publishes_and_who_looks_after_it(
    cast: Cast, as_: Browser, session: Session
) -> None:
    step(draft(by=cast.hin, title="Sent one"), "send", by=cast.hin)
    item = published(by=cast.hin, second=cast.national, title="Out one")
    item.review_on = today() - timedelta(days=1)
    session.flush()
    mine, theirs = as_(cast.hin).get("/home").text, as_(cast.national).get("/home").text
    assert "Read “Sent one”, and publish it" in theirs
    assert "Sent one" not in mine
    assert "Say whether “Out one” on the Exchange still holds" in mine
    assert "Out one" not in theirs
    step(item, "renew", by=cast.hin)
    assert "Out one" not in as_(cast.hin).get("/home").text


def test_the_search_of_the_service_names_items_by_kind(cast: Cast, client: FlaskClient) -> None:
    of = {"by": cast.hin, "second": cast.national}
    published(title="Falls at night", **of)
    published(ContentKind.CASE_STUDY, title="Fewer falls in homes", **of)
    draft(by=cast.hin, title="Falls that nobody may read yet")
    page = client.get("/search?q=falls").text
    assert "On the Exchange for “falls”" in page
    assert "Case studies (1)" in page
    assert "News (1)" in page
    assert "nobody may read yet" not in page
    assert "On the Exchange" not in client.get("/search?q=zebra").text
    assert "On the Exchange" not in client.get("/search").text
