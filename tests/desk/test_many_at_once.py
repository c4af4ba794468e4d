"""Many cases at once: ticked on the desk, given to a person whose load shows, written to."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.desk.models import MessageTemplate
from portal.desk.queries.queues import Queue, chosen, desk, loads
from portal.desk.rules import STARTERS, MessageText, fill, unknown
from portal.desk.services import messages
from portal.desk.services.cases import assign_many, set_capacity
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Use
from portal.notifications.models import Email
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from portal.support import queries
from portal.support.models import DeskMessage, Engagement, EngagementState, InteractionKind
from portal.support.services.interactions import InteractionDetails, log
from tests import makers
from tests.cast import Cast, Person
from tests.support.conftest import inbox


@pytest.fixture
def colleague(cast: Cast) -> Person:
    """Wes Field of West Midlands, who leads nothing and is no lead."""
    user = makers.user("Wes Field")
    return Person(user, makers.membership(user, cast.hin.organisation, Role.HIN))


@pytest.fixture
def cases(cast: Cast) -> list[Engagement]:
    """Three new cases of West Midlands."""
    records = [makers.innovation(f"Case {n}", of=cast.innovator) for n in "ABC"]
    return [queries.engagements(record.id)[0] for record in records]


def _assign(cases: list[Engagement], lead: Person, by: Person) -> list[Engagement]:
    versions = {case.id: case.version for case in cases}
    return assign_many(engagements=cases, versions=versions, lead_id=lead.user.id, by=by.actor)


# The desk


def test_what_can_be_ticked_are_one_s_own_open_cases(
    as_, session: Session, cases: list[Engagement], cast: Cast
) -> None:
    makers.innovation("Of Manchester", of=cast.innovator, hin=makers.hin("HI-MAN"))
    cases[2].state = EngagementState.CLOSED
    session.flush()
    page = as_(cast.hin).get("/support?queue=all").text
    ticks = re.findall(r'name="case" value="(\d+)" form="chosen"', page)
    assert sorted(map(int, ticks)) == sorted(case.id for case in cases[:2])
    assert 'form="chosen" checked' not in page
    every = as_(cast.hin).get("/support?queue=all&tick=page").text
    assert every.count('form="chosen" checked') == 2
    assert 'name="case"' not in as_(cast.national).get("/support").text


def test_each_row_says_why_it_is_there_and_by_when(
    as_, session: Session, cases: list[Engagement], cast: Cast
) -> None:
    cases[1].state, cases[1].waiting_for = EngagementState.WAITING, "the ethics board"
    cases[2].state = EngagementState.ENGAGING
    session.flush()
    page = as_(cast.hin).get("/support").text
    for words in ("Pick it up", "Look again: the ethics board", "Be in touch with the innovator"):
        assert words in page


def test_other_hins_cases_that_touch_my_area(session: Session, cast: Cast) -> None:
    """From an ICS that I serve, used in one, or one that I work with as well; no others."""
    manchester = makers.hin("HI-MAN")
    ours, theirs = makers.ics("QWU"), makers.ics("QOP")
    told = {"of": cast.other_innovator, "hin": manchester}
    makers.innovation("From here", ics=ours, **told)
    used = makers.innovation("Used here", ics=theirs, **told)
    place = makers.organisation("A trust", ics=ours)
    used.uses.append(Use(organisation_id=place.id, from_on=today() - timedelta(days=9)))
    shared = makers.innovation("With us", ics=theirs, **told)
    makers.put(Engagement(innovation=shared, hin_id=cast.hin.actor.hin_id))
    makers.innovation("Not ours", ics=theirs, **told)
    ended = makers.innovation("Was used here", ics=theirs, **told)
    ended.uses.append(
        Use(
            organisation_id=place.id,
            from_on=today() - timedelta(days=9),
            until_on=today() - timedelta(days=1),
        )
    )
    session.flush()
    found = session.scalars(desk(Queue.AREA, cast.hin.actor, today()))
    assert {row.innovation.name for row in found} == {"From here", "Used here", "With us"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("due=overdue", {"A"}),
        ("due=today", {"B"}),
        ("due=week", {"B", "C"}),
        ("lead=nobody", {"B", "C"}),
        ("lead={hin}", {"A"}),
        ("due=week&lead={hin}", set()),
    ],
)
def test_filters_by_day_and_by_lead(
    as_, session: Session, cases: list[Engagement], cast: Cast, query: str, names: set[str]
) -> None:
    for case, shift in zip(cases, (-2, 0, 6), strict=True):
        case.due_on = today() + timedelta(days=shift)
    cases[0].lead_id = cast.hin.user.id
    session.flush()
    page = as_(cast.hin).get(f"/support?{query.format(hin=cast.hin.user.id)}").text
    assert {name for name in "ABC" if f">Case {name}<" in page} == names


# Giving cases to a person


def test_many_are_given_to_one_person_who_is_told_once(
    session: Session, cases: list[Engagement], cast: Cast, colleague: Person
) -> None:
    assert _assign(cases, colleague, cast.hin) == cases
    assert {case.lead_id for case in cases} == {colleague.user.id}
    assert inbox(session, colleague.user) == ["You lead 3 more innovations"]
    events = session.scalars(
        select(AuditEvent.noun_id).where(AuditEvent.action == "engagement.assigned")
    )
    assert set(events) == {case.innovation_id for case in cases}


def test_when_one_was_decided_meanwhile_none_is_given_away(
    as_, session: Session, cases: list[Engagement], cast: Cast, colleague: Person
) -> None:
    """Acceptance: who decided what, and what was chosen is still chosen."""
    seen = ",".join(f"{case.id}:{case.version}" for case in cases)
    _assign(cases[:1], cast.hin, cast.hin)
    session.commit()
    answers = {"engagements": [case.id for case in cases], "lead": colleague.user.id, "seen": seen}
    page = as_(cast.hin).post("/support/assign", data=answers)
    assert page.status_code == 409
    assert "Hana West set it to “Led by Hana West” on" in page.text
    session.expire_all()
    assert [case.lead_id for case in cases] == [cast.hin.user.id, None, None]
    again = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    assert as_(cast.hin).post("/support/assign", data={**answers, "seen": again}).status_code == 302


def test_another_network_s_cases_and_people_are_refused(
    cases: list[Engagement], cast: Cast, colleague: Person
) -> None:
    assert list(chosen(cast.other_hin.actor, [case.id for case in cases])) == []
    with pytest.raises(Forbidden):
        _assign(cases, cast.other_hin, cast.other_hin)
    with pytest.raises(Invalid, match="person of your network"):
        _assign(cases, cast.other_hin, cast.hin)
    with pytest.raises(Invalid, match="at least one"):
        _assign([], colleague, cast.hin)


def test_assigning_shows_how_much_everybody_leads(
    as_, session: Session, cases: list[Engagement], cast: Cast, colleague: Person
) -> None:
    _assign(cases, colleague, cast.hin)
    set_capacity(user_id=colleague.user.id, cases=3, by=cast.hin.actor)
    page = as_(cast.hin).get(f"/support/assign?case={cases[0].id}").text
    assert "Full: 3 of 3 cases, 3 undecided, 0 overdue" in page
    assert "0 cases, 0 undecided, 0 overdue" in page


# Load


def test_load_equals_a_plain_count(
    session: Session, cases: list[Engagement], cast: Cast, colleague: Person
) -> None:
    _assign(cases, colleague, cast.hin)
    cases[0].state, cases[0].level = EngagementState.ENGAGING, 2
    cases[1].state, cases[1].level = EngagementState.ENGAGING, 3
    session.flush()
    kinds = [makers.term_of_support().id]
    call = InteractionDetails(kind=InteractionKind.CALL, on=today(), minutes=150, kind_ids=kinds)
    log(engagements=[cases[0]], details=call, by=cast.hin.actor)
    cases[1].due_on = today() - timedelta(days=1)
    session.flush()
    hana, wes = loads(cast.hin.actor.hin_id, today())
    assert (hana.person, hana.cases) == (cast.hin.user, 0)
    assert (wes.cases, wes.undecided, wes.overdue, wes.hours_left) == (3, 1, 1, 12 * 60 - 150)
    assert (wes.full, wes.is_full) == (None, False)


def test_a_full_load_is_dated_and_the_newest_that_has_begun_holds(
    session: Session, cast: Cast, colleague: Person
) -> None:
    told = {"user_id": colleague.user.id, "by": cast.hin.actor}
    set_capacity(**told, cases=9)
    set_capacity(**told, cases=7)
    set_capacity(**told, cases=5, valid_from=today() + timedelta(days=1))
    full = {one.person.id: one.full for one in loads(cast.hin.actor.hin_id, today())}
    assert full == {cast.hin.user.id: None, colleague.user.id: 7}
    tomorrow = loads(cast.hin.actor.hin_id, today() + timedelta(days=1))
    assert {one.full for one in tomorrow} == {None, 5}
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "capacity.set")).all()
    assert len(events) == 3


def test_everybody_sets_their_own_and_only_a_lead_others(cast: Cast, colleague: Person) -> None:
    set_capacity(user_id=colleague.user.id, cases=4, by=colleague.actor)
    with pytest.raises(Forbidden):
        set_capacity(user_id=cast.hin.user.id, cases=4, by=colleague.actor)
    with pytest.raises(Invalid):
        set_capacity(user_id=cast.other_hin.user.id, cases=4, by=cast.hin.actor)
    with pytest.raises(Invalid):
        set_capacity(
            user_id=cast.hin.user.id,
            cases=4,
            valid_from=today() - timedelta(days=1),
            by=cast.hin.actor,
        )


def test_the_page_of_load_and_its_statements(
    as_, cases: list[Engagement], cast: Cast, colleague: Person, statements
) -> None:
    browser = as_(cast.hin)
    answers = {"person": colleague.user.id, "cases": "12"}
    assert browser.post("/support/capacity", data=answers).status_code == 302
    with statements.at_most(10):
        page = browser.get("/support/capacity").text
    assert "Wes Field" in page
    assert re.search(r"Full load </span>\s*12\s*<", page)


# Messages

HELLO = MessageText(
    "News of {innovation}", "Dear {owner},\nyou are at {level}; next by {due}. {lead}"
)


def test_each_innovator_gets_their_own_words(
    session: Session, cases: list[Engagement], cast: Cast
) -> None:
    sent = messages.send(engagements=cases[:2], words=HELLO, by=cast.hin.actor)
    assert [one.subject for one in sent] == ["News of Case A", "News of Case B"]
    assert "Dear Ida Brown" in sent[0].body
    assert "no level yet" in sent[0].body
    assert inbox(session, cast.innovator.user)[-2:] == ["News of Case A", "News of Case B"]
    body = session.scalars(select(Email.body).where(Email.subject == "News of Case A")).one()
    assert sent[0].body.splitlines()[0] in body


def test_a_message_is_dated_audited_shown_and_an_update(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    for change in (*engaging.changes, *engaging.levels):
        change.at -= timedelta(days=30)
    engaging.due_on = today()
    session.flush()
    messages.send(engagements=[engaging], words=HELLO, by=cast.hin.actor)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "engagement.messaged")
    ).one()
    assert (event.actor_id, event.noun_id) == (cast.hin.user.id, engaging.innovation_id)
    assert engaging.due_on == due_on(DeadlineKind.UPDATE, today())
    page = as_(cast.innovator).get(f"/innovations/{engaging.innovation_id}/support").text
    assert "Message: News of Breathe Easy" in page


def test_braces_that_mean_nothing_are_refused_and_names_are_not_read_again(
    session: Session, cases: list[Engagement], cast: Cast
) -> None:
    assert unknown(MessageText("{innovation}", "{nhs_number} {} {nhs_number}")) == [
        "nhs_number",
        "",
    ]
    with pytest.raises(Invalid, match=r"\{nhs_number\} cannot be filled in"):
        messages.send(
            engagements=cases, words=MessageText("Hello", "{nhs_number}"), by=cast.hin.actor
        )
    cases[0].innovation.name = "A {lead} in\nbraces"
    filled = fill(MessageText("{innovation}", "-"), cases[0])
    assert filled.subject == "A {lead} in braces"
    assert session.scalars(select(DeskMessage)).all() == []


def test_what_every_network_finds_there_can_be_filled(cases: list[Engagement]) -> None:
    for starter in STARTERS:
        assert unknown(starter.words) == []
        filled = fill(starter.words, cases[0])
        assert "{" not in filled.subject + filled.body


def test_nothing_is_sent_before_it_was_looked_at(
    as_, session: Session, cases: list[Engagement], cast: Cast
) -> None:
    browser = as_(cast.hin)
    ids = [case.id for case in cases]
    page = browser.get("/support/message?template=update&case=" + "&case=".join(map(str, ids)))
    assert "How is {innovation} getting on?" in page.text
    answers = {"engagements": ids[:2], "subject": "On {innovation}", "body": "Dear {owner}"}
    preview = browser.post("/support/message", data={**answers, "then": "preview"}).text
    assert "Nothing is sent yet" in preview
    for words in ("On Case A", "On Case B", "Dear Ida Brown"):
        assert words in preview
    assert "On Case C" not in preview
    assert session.scalars(select(DeskMessage)).all() == []
    back = browser.post("/support/message", data={**answers, "then": "write"}).text
    assert 'value="On {innovation}"' in back
    assert browser.post("/support/message", data={**answers, "then": "send"}).status_code == 302
    assert len(session.scalars(select(DeskMessage)).all()) == 2


def test_what_was_typed_stays_when_it_cannot_be_sent(
    as_, cases: list[Engagement], cast: Cast
) -> None:
    answers = {"engagements": [cases[0].id], "subject": "Hello", "body": "My words {wrong}"}
    page = as_(cast.hin).post("/support/message", data={**answers, "then": "send"}).text
    assert "{wrong} cannot be filled in" in page
    assert "My words {wrong}" in page


def test_another_network_s_innovators_cannot_be_written_to(
    as_, session: Session, cases: list[Engagement], cast: Cast
) -> None:
    with pytest.raises(Forbidden):
        messages.send(engagements=cases, words=HELLO, by=cast.other_hin.actor)
    answers = {"engagements": [cases[0].id], "subject": "Hello", "body": "-", "then": "send"}
    as_(cast.other_hin).post("/support/message", data=answers)
    assert session.scalars(select(DeskMessage)).all() == []


def test_templates_are_a_network_s_own(as_, session: Session, cast: Cast) -> None:
    browser = as_(cast.hin)
    answers = {"version": "0", "name": "Welcome", "subject": "Welcome", "body": "Dear {owner}"}
    assert browser.post("/support/templates/add", data=answers).status_code == 302
    again = browser.post("/support/templates/add", data=answers)
    assert "has a template of that name" in again.text
    template = session.scalars(select(MessageTemplate)).one()
    url = f"/support/templates/{template.id}"
    assert as_(cast.other_hin).get(url).status_code == 404
    assert "Welcome" not in as_(cast.other_hin).get("/support/templates").text
    assert "Dear" not in as_(cast.other_hin).get(f"/support/message?template={template.id}").text
    stale = browser.post(url, data={**answers, "version": "0", "body": "My new words"})
    assert stale.status_code == 409
    assert "My new words" in stale.text
    assert browser.post(f"{url}/delete").status_code == 302
    assert session.scalars(select(MessageTemplate)).all() == []


def test_the_second_to_save_a_template_is_told(session: Session, cast: Cast) -> None:
    told = {"name": "Welcome", "words": HELLO, "by": cast.hin.actor}
    template = messages.save_template(**told)
    with pytest.raises(Conflict, match="changed this template"):
        messages.save_template(**told, template=template, version=template.version + 1)
