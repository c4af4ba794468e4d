"""Logging from the record, the desk and the list, and what others must never read of it."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.clock import today
from portal.innovations.models import Sharing
from portal.notifications.models import Email, Notification
from portal.reference.models import Vocabulary
from portal.reference.rules import Quarter
from portal.support import queries
from portal.support.models import Engagement, Interaction, InteractionKind
from portal.support.queries import interactions as queries_of_interactions
from portal.support.services.interactions import InteractionDetails, log
from portal.web import downloads, paging
from tests import makers
from tests.cast import Cast

SECRET = "Zanzibar is what the chief executive said"


def _kind() -> int:
    return makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id


def _answers(**values: Any) -> dict[str, Any]:
    day = values.pop("on", today())
    return {
        "kind": "call",
        "minutes": "30",
        "on-day": day.day,
        "on-month": day.month,
        "on-year": day.year,
        "kinds": [_kind()],
        "readers": "network",
        **values,
    }


def _log(engagement: Engagement, cast: Cast, **values: Any) -> Interaction:
    told = {"kind": InteractionKind.CALL, "on": today(), "minutes": 60, "kind_ids": [_kind()]}
    return log(
        engagements=[engagement],
        details=InteractionDetails(**{**told, **values}),
        by=cast.hin.actor,
    )


def _interactions(session: Session) -> list[Interaction]:
    session.expire_all()
    return list(session.scalars(select(Interaction).order_by(Interaction.id)))


def _tab(engagement: Engagement) -> str:
    return f"/innovations/{engagement.innovation_id}/support"


# Quick add


def test_logging_from_the_record_comes_back_to_it(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    browser, tab = as_(cast.hin), _tab(engaging)
    assert "Log an interaction" in browser.get(tab).text
    page = browser.post(f"{tab}/interactions/add", data=_answers(note="They agreed"))
    assert page.headers["Location"] == tab
    shown = browser.get(tab).text
    assert "Logged: call of 30 minutes" in shown
    assert "They agreed" in shown
    (interaction,) = _interactions(session)
    assert (interaction.minutes, interaction.is_private) == (30, True)


def test_logging_from_the_desk_comes_back_to_the_same_page_of_it(
    as_, engaging: Engagement, cast: Cast
) -> None:
    browser = as_(cast.hin)
    desk = browser.get("/support?queue=mine&sort=name").text
    link = f"{_tab(engaging)}/interactions/add?back=/support?"
    assert link in desk.replace("%3F", "?")
    add = f"{_tab(engaging)}/interactions/add?back=/support%3Fqueue%3Dmine"
    form = browser.get(add).text
    assert 'value="/support?queue=mine"' in form
    page = browser.post(add, data=_answers(back="/support?queue=mine"))
    assert page.headers["Location"] == "/support?queue=mine"


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_it_never_leads_to_another_site(as_, engaging: Engagement, cast: Cast, back: str) -> None:
    page = as_(cast.hin).post(f"{_tab(engaging)}/interactions/add", data=_answers(back=back))
    assert page.headers["Location"] == _tab(engaging)


def test_the_form_offers_what_is_usual(as_, engaging: Engagement, cast: Cast) -> None:
    _log(engaging, cast)
    html = as_(cast.hin).get(f"{_tab(engaging)}/interactions/add").text
    assert '<option value="call" selected' in html
    assert '<option value="30" selected' in html
    assert f'value="{today().year}"' in html
    checked = [part for part in html.split("<input") if "checked" in part]
    assert any(f'value="{_kind()}"' in part for part in checked), "the kind of the last interaction"


def test_what_is_missing_is_said_and_what_was_typed_stays(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    typed = _answers(kinds=[], note="<b>Kept</b>", on=today() + timedelta(days=2))
    page = as_(cast.hin).post(f"{_tab(engaging)}/interactions/add", data=typed)
    assert "Select the kind of support" in page.text
    assert "&lt;b&gt;Kept" in page.text
    assert _interactions(session) == []


def test_one_event_with_many_innovations(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    record = makers.innovation("Walk Well", of=cast.other_innovator)
    other = queries.engagement_of(record.id, cast.hin.actor.hin_id)
    assert other is not None
    browser = as_(cast.hin)
    assert "Walk Well" in browser.get("/support/interactions/add").text
    both = [engaging.id, other.id]
    typed = _answers(kind="event", minutes="180", engagements=both)
    nameless = browser.post("/support/interactions/add", data=typed)
    assert "Enter what the event was called" in nameless.text
    typed["title"] = "Evidence day"
    done = browser.post("/support/interactions/add", data=typed, follow_redirects=True)
    assert "event of 3 hours with 2 innovations" in done.text
    (interaction,) = _interactions(session)
    assert [share.minutes for share in interaction.shares] == [90, 90]


def test_innovations_of_an_event_are_searched_for_and_those_chosen_are_kept(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    """Not a list of everything: what was typed and chosen stays while one looks for more."""
    many = [makers.innovation(f"Far {n:02}", of=cast.other_innovator) for n in range(30)]
    browser, url = as_(cast.hin), "/support/interactions/add"
    first = browser.get(url).text
    assert first.count('name="engagements"') == queries_of_interactions.MAX_OFFERED
    assert "More fit than are shown" in first
    wanted = queries.engagement_of(many[29].id, cast.hin.actor.hin_id)
    assert wanted is not None
    typed = _answers(engagements=[engaging.id], title="Evidence day", find="FAR 29", then="find")
    page = browser.post(url, data=typed)
    assert page.status_code == 200
    offered = re.findall(r'name="engagements"[^>]*value="(\d+)"([^>]*)', page.text)
    assert {int(value): "checked" in rest for value, rest in offered} == {
        engaging.id: True,
        wanted.id: False,
    }
    assert 'value="Evidence day"' in page.text
    assert "Select at least one" not in page.text
    assert _interactions(session) == [], "searching logs nothing"
    typed = _answers(engagements=[engaging.id, wanted.id], title="Evidence day", find="zzz")
    browser.post(url, data=typed, follow_redirects=True)
    (interaction,) = _interactions(session)
    assert {share.engagement_id for share in interaction.shares} == {engaging.id, wanted.id}
    none = browser.post(url, data=_answers(find="zzz", then="find")).text
    assert "No innovation of your network has these words" in none


def test_another_networks_engagement_cannot_be_slipped_in(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    record = makers.innovation("Far", of=cast.other_innovator, hin=makers.hin("HI-MAN"))
    other = queries.engagement_of(record.id, cast.other_hin.actor.hin_id)
    assert other is not None
    typed = _answers(engagements=[other.id])
    page = as_(cast.hin).post("/support/interactions/add", data=typed)
    assert "Select an option from the list" in page.text
    assert _interactions(session) == []


# Changing


def test_changing_and_withdrawing_from_the_record(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    interaction = _log(engaging, cast)
    browser = as_(cast.hin)
    edit = f"/support/interactions/{interaction.id}/edit"
    assert edit in browser.get(_tab(engaging)).text
    typed = _answers(version=interaction.version, minutes="120", is_void="y")
    page = browser.post(edit, data=typed, follow_redirects=True)
    assert "Withdrawn" in page.text
    stale = browser.post(edit, data=typed)
    assert stale.status_code == 409
    assert "changed after you opened" in stale.text


def test_after_the_quarter_both_entries_are_shown(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    last = Quarter.of(today()).previous.last
    interaction = _log(engaging, cast, on=last, note="First told")
    browser = as_(cast.hin)
    page = browser.get(f"/support/interactions/{interaction.id}/edit")
    assert page.headers["Location"].endswith(f"/support/interactions/{interaction.id}/correct")
    typed = _answers(on=last, minutes="90", note="Second told")
    without = browser.post(f"/support/interactions/{interaction.id}/correct", data=typed)
    assert "Enter why it is corrected" in without.text
    typed["why"] = "It was longer"
    shown = browser.post(
        f"/support/interactions/{interaction.id}/correct", data=typed, follow_redirects=True
    ).text
    for words in ("First told", "Second told", "It was longer", "Corrected", "Correction"):
        assert words in shown
    assert "stands for 1 hour on" in " ".join(shown.split())
    assert "1 hour 30 minutes logged by your network" in shown


def test_the_same_minutes_are_hours_at_home_and_in_the_cross_tab(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    _log(engaging, cast, minutes=150)
    browser = as_(cast.hin)
    assert "Our network logged 2.5 hours of contacts" in browser.get("/home").text
    page = browser.get("/pipeline/crosstab?row=stage&column=area&measure=hours").text
    assert "2.5 support hours that you may see" in " ".join(page.split())


# Budgets


def test_the_question_is_on_the_record_and_the_desk_until_it_is_answered(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    for _ in range(2):
        _log(engaging, cast, minutes=375)
    browser = as_(cast.hin)
    assert "The hours of level 2 are spent" in browser.get(_tab(engaging)).text
    assert "Hours spent: decide" in browser.get("/support?queue=mine").text
    carry_on = f"{_tab(engaging)}/carry-on"
    empty = browser.post(carry_on, data={"version": engaging.version})
    assert "Enter why you carry on" in empty.text
    typed = {"version": engaging.version, "why": "One more call"}
    shown = browser.post(carry_on, data=typed, follow_redirects=True).text
    assert "are spent" not in shown
    assert "Carries on at support level 2" in shown
    assert "One more call" in shown
    assert "Hours spent" not in browser.get("/support?queue=mine").text
    others = as_(cast.innovator).get(_tab(engaging)).text
    assert "One more call" not in others


# Private notes never leave their HIN

PLACES = (
    "/innovations/{id}/support",
    "/innovations/{id}",
    "/innovations/{id}/activity",
    "/innovations/{id}/export.json",
    "/innovations/{id}/print",
    "/support",
    "/support?queue=all",
    "/support/download.csv?queue=all",
    "/support/interactions",
    "/support/interactions/download.csv",
    "/figures",
    "/figures/hours",
    "/figures/hours/download.csv",
    "/figures/download.csv",
    "/search?q=Zanzibar",
    "/account",
    "/account/notifications",
    "/admin/audit",
)


@pytest.mark.parametrize("person", ["innovator", "other_hin", "national", "ics", "administrator"])
def test_a_private_note_is_on_no_page_list_or_download_of_anybody_else(
    as_, session: Session, engaging: Engagement, cast: Cast, person: str
) -> None:
    engaging.innovation.sharing = Sharing.HINS_AND_ICSS
    for _ in range(2):  # past the hours of the level, so that a message goes out
        _log(
            engaging, cast, minutes=450, note=SECRET, next_step=SECRET, people=[SECRET],
            organisations=[SECRET],
        )  # fmt: skip
    own, browser = as_(cast.hin), as_(getattr(cast, person))
    seen = []
    for place in PLACES:
        page = browser.get(place.format(id=engaging.innovation_id))
        seen += [place] if page.status_code == 200 else []
        # A search page repeats the word that was asked for, so the rest is looked for.
        assert "chief executive said" not in page.get_data(as_text=True), place
    assert seen, "nothing was opened"
    assert SECRET in own.get(_tab(engaging)).text
    assert SECRET in own.get("/support/interactions/download.csv").get_data(as_text=True)


def test_a_private_note_is_in_no_email_message_or_audit_line(
    session: Session, engaging: Engagement, cast: Cast
) -> None:
    for _ in range(2):
        _log(engaging, cast, minutes=450, note=SECRET, next_step=SECRET, people=[SECRET])
    session.flush()
    written = [(row.subject, row.body) for row in session.scalars(select(Email))]
    written += [(row.subject, row.body) for row in session.scalars(select(Notification))]
    assert any("hours of level 2" in subject for subject, _ in written)
    trail = [(row.summary, row.changes) for row in session.scalars(select(AuditEvent))]
    assert SECRET not in repr(written + trail)


def test_what_is_not_private_reaches_the_innovator_and_all_staff(
    as_, engaging: Engagement, cast: Cast
) -> None:
    _log(engaging, cast, note="See you on Monday", is_private=False)
    for person in (cast.innovator, cast.other_hin, cast.national):
        assert "See you on Monday" in as_(person).get(_tab(engaging)).text


def test_no_room_that_indexes_documents_reads_interactions() -> None:
    """The search index is made by rooms that do not know the table at all."""
    from portal.search import queries as search
    from portal.search import rules as search_rules

    for module in (search, search_rules):
        assert "Interaction" not in vars(module)


# The list


def test_the_list_downloads_under_its_filters(as_, engaging: Engagement, cast: Cast) -> None:
    _log(engaging, cast, note="=1+1")
    _log(engaging, cast, kind=InteractionKind.MEETING)
    browser = as_(cast.hin)
    lines = browser.get("/support/interactions/download.csv?kind=call").text.splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    book = openpyxl.load_workbook(BytesIO(browser.get("/support/interactions/download.xlsx").data))
    assert book["Data"].max_row == 3
    quarter = Quarter.of(today()).previous.code
    assert "Nothing here" in browser.get(f"/support/interactions?quarter={quarter}").text


def test_a_long_file_is_sent_as_it_is_read(
    as_, engaging: Engagement, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in range(15, 165, 30):
        _log(engaging, cast, minutes=minutes, note=f"Said in {minutes} minutes")
    browser, path = as_(cast.hin), "/support/interactions/download.csv?sort=hours"
    whole = browser.get(path).data
    assert whole.count(b"Said in") == 5
    monkeypatch.setattr(paging, "AT_ONCE", 2)
    monkeypatch.setattr(downloads, "PIECE", 1)
    answer = browser.get(path)
    assert answer.is_streamed
    pieces = list(answer.response)
    assert len(pieces) > 5
    assert b"".join(pieces) == whole


def test_sixty_interactions_take_at_most_eight_statements(
    as_, engaging: Engagement, cast: Cast, statements
) -> None:
    for _ in range(60):
        _log(engaging, cast, minutes=15)
    browser = as_(cast.hin)
    with statements.at_most(8):
        html = browser.get("/support/interactions").text
    assert "Showing 1 to 20 of 60 interactions" in html


def test_a_contact_late_in_the_evening_is_of_that_day_in_england(
    monkeypatch: pytest.MonkeyPatch, engaging: Engagement, cast: Cast
) -> None:
    """At 23:30 UTC on 30 June it is 1 July in England: that day is not in the future."""
    at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    told = InteractionDetails(
        kind=InteractionKind.CALL, on=date(2026, 7, 1), minutes=15, kind_ids=[_kind()]
    )
    interaction = log(engagements=[engaging], details=told, by=cast.hin.actor, at=at)
    assert Quarter.of(interaction.on).code == "2026-27-Q2"
