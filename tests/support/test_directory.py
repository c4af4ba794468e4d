"""The support directory: what it says, who changes it, who was pointed where, and the figure."""

from collections.abc import Collection
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.figures.queries import live_values
from portal.innovations.models import Innovation
from portal.notifications.models import Notification
from portal.reference.rules import Quarter
from portal.support import queries
from portal.support.models import (
    Certainty,
    DirectoryEntry,
    Engagement,
    EngagementChange,
    HelperKind,
    Signpost,
)
from portal.support.queries.directory import directory
from portal.support.services import engagements
from portal.support.services.directory import HelpDetails, add, change, load, point, retire
from tests import makers
from tests.cast import Cast, Person
from tests.figures import rows_behind
from tests.support.cases import engage
from tests.support.conftest import inbox

PAGE = "/support/directory"
SAID = HelpDetails(name="Design school", takes_on="Drawings", refer="Write to it")


@pytest.fixture(autouse=True)
def _directory(session: Session) -> None:
    """What comes with the product."""
    load()


def entry(code: str) -> DirectoryEntry:
    return next(one for one in directory() if one.code == code)


def send(engagement: Engagement, by: Person, codes: Collection[str] = ("NICE",)) -> None:
    ids = [entry(code).id for code in codes]
    point(engagement=engagement, entry_ids=ids, words="Ask which evidence.", by=by.actor)


def numbers() -> dict[tuple[int | None, str], float]:
    quarter = Quarter.of(today())
    found = live_values(quarter, today())
    return {(one.hin_id, one.group): one.value for one in found if one.code == "signposted"}


def test_every_network_and_the_national_partners_are_there_and_anybody_reads_them(client) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    for name in ("(NICE)", "(MHRA)", "(NIHR)", "NHS Supply Chain"):
        assert name in page.text
    assert sum(one.kind is HelperKind.NETWORK for one in directory()) == 15
    assert page.text.count("General knowledge: check it with them") == 1  # of all entries at once
    assert "Add to the directory" not in page.text
    networks = client.get(f"{PAGE}?kind=network").text
    assert "Health Innovation West" in networks
    assert "(NICE)" not in networks
    assert "(NICE)" in client.get(f"{PAGE}?kind=none").text


def test_loading_again_changes_nothing_and_leaves_alone_what_was_changed_here(
    cast: Cast, session: Session
) -> None:
    nice = entry("NICE")
    change(entry=nice, said=SAID, version=nice.version, by=cast.national.actor)
    assert list(load().lines()) == []
    assert (nice.takes_on, nice.certainty, nice.checked_on) == ("Drawings", Certainty.SITE, today())


def test_a_networks_leads_change_its_entry_and_no_other(as_, cast: Cast) -> None:
    own = next(one for one in directory() if one.hin_id == cast.hin.actor.hin_id)
    form = {"version": own.version, "takes_on": "Devices", "not_for": "", "refer": "Ring us"}
    assert as_(cast.other_hin).post(f"{PAGE}/{own.id}/change", data=form).status_code == 403
    assert as_(cast.hin).get(f"{PAGE}/{entry('NICE').id}/change").status_code == 403
    page = as_(cast.hin).post(f"{PAGE}/{own.id}/change", data=form, follow_redirects=True)
    assert "Devices" in page.text
    assert "Their own word" in page.text
    assert own.title == cast.hin.actor.organisation_name
    with pytest.raises(Forbidden):
        retire(entry=own, version=own.version, by=cast.hin.actor)


def test_the_second_of_two_who_change_an_entry_is_told(cast: Cast) -> None:
    nice = entry("NICE")
    seen = nice.version
    change(entry=nice, said=SAID, version=seen, by=cast.national.actor)
    with pytest.raises(Outdated):
        change(entry=nice, said=SAID, version=seen, by=cast.administrator.actor)


def test_the_national_team_adds_and_takes_out(as_, cast: Cast, session: Session) -> None:
    typed = {"kind": "other", "name": "Design school", "takes_on": "Drawings", "refer": "Write"}
    browser = as_(cast.national)
    refused = browser.post(f"{PAGE}/add", data=typed | {"refer": ""})
    assert "Enter how one comes to it" in refused.text
    assert "Design school" in browser.post(f"{PAGE}/add", data=typed, follow_redirects=True).text
    [made] = session.scalars(select(DirectoryEntry).where(DirectoryEntry.name == "Design school"))
    gone = f"{PAGE}/{made.id}/retire"
    page = browser.post(gone, data={"version": made.version}, follow_redirects=True)
    assert "Nobody is pointed there any more" in page.text
    assert "Design school" not in browser.get(f"{PAGE}?kind=other").text
    assert browser.get(gone).status_code == 404
    with pytest.raises(Invalid):
        add(kind=HelperKind.NETWORK, said=SAID, by=cast.national.actor)
    with pytest.raises(Forbidden):
        add(kind=HelperKind.OTHER, said=SAID, by=cast.hin.actor)


def test_the_innovator_is_told_whom_to_ask_and_how(
    as_, cast: Cast, engaging: Engagement, session: Session
) -> None:
    record = f"/innovations/{engaging.innovation_id}/support"
    browser = as_(cast.hin)
    assert "Point to others who can help" in browser.get(record).text
    typed = {"entries": [str(entry("NICE").id)], "words": "Ask which evidence they want."}
    refused = browser.post(f"{record}/signpost", data={"words": typed["words"]})
    assert "Select who can help" in refused.text
    assert typed["words"] in refused.text
    page = browser.post(f"{record}/signpost", data=typed, follow_redirects=True)
    assert "The innovator has been told whom to ask" in page.text
    told = session.scalars(select(Notification).order_by(Notification.id.desc())).first()
    assert told is not None
    assert "says who else can help" in told.subject
    assert "Ask which evidence they want." in told.body
    assert entry("NICE").refer in told.body
    seen = as_(cast.innovator).get(record).text
    assert "Who else can help" in seen
    assert "(NICE)" in seen
    assert as_(cast.other_hin).post(f"{record}/signpost", data=typed).status_code == 403
    assert as_(cast.innovator).get(f"{record}/signpost").status_code == 403


def test_nobody_is_pointed_anywhere_before_somebody_read_it(
    cast: Cast, engagement: Engagement
) -> None:
    with pytest.raises(Conflict):
        send(engagement, cast.hin)


def test_nobody_is_pointed_to_what_was_taken_out(cast: Cast, engaging: Engagement) -> None:
    gone = entry("CQC")
    retire(entry=gone, version=gone.version, by=cast.national.actor)
    with pytest.raises(Invalid):
        point(engagement=engaging, entry_ids=[gone.id], words="Ask.", by=cast.hin.actor)


def test_a_no_and_an_end_name_who_can_help(
    as_, cast: Cast, picked_up: Engagement, session: Session
) -> None:
    """Words alone, the directory alone, or both; nothing is refused."""
    page = f"/innovations/{picked_up.innovation_id}/support/unsuitable"
    typed = {"version": picked_up.version, "reason": "Too early", "elsewhere": ""}
    assert "Enter where they can go instead" in as_(cast.hin).post(page, data=typed).text
    as_(cast.hin).post(page, data=typed | {"entries": [str(entry("NIHR").id)]})
    last = session.scalars(select(EngagementChange).order_by(EngagementChange.id.desc())).first()
    assert last is not None
    assert entry("NIHR").refer in last.elsewhere
    assert [one.entry.code for one in session.scalars(select(Signpost))] == ["NIHR"]


def test_an_end_of_support_points_on(as_, cast: Cast, engaging: Engagement, session) -> None:
    as_(cast.hin).post(
        f"/innovations/{engaging.innovation_id}/support/close",
        data={
            "version": engaging.version,
            "reason": "elsewhere",
            "summary": "Evidence written up.",
            "next_step": "A study.",
            "entries": [str(entry("NIHR").id), str(entry("NHSSC").id)],
        },
    )
    assert {one.entry.code for one in session.scalars(select(Signpost))} == {"NIHR", "NHSSC"}
    assert (
        "NHS Supply Chain"
        in session.scalars(
            select(Notification.body).where(Notification.subject.contains("has closed its support"))
        ).first()
    )
    assert "How was" not in "".join(inbox(session, cast.hin.user))


def test_the_figure_counts_innovations_once_and_its_rows_say_which(
    cast: Cast, engaging: Engagement, session: Session
) -> None:
    send(engaging, cast.hin, ("NICE", "MHRA"))
    send(engaging, cast.hin)  # on the same day once more: no other row
    other = makers.innovation(of=cast.other_innovator, name="Second record")
    send(_engaging(other, cast.hin), cast.hin)
    hin = cast.hin.actor.hin_id
    nice, mhra = (f"entry-{entry(code).id}" for code in ("NICE", "MHRA"))
    assert numbers() == {
        **{(who, nice): 2.0 for who in (hin, None)},
        **{(who, mhra): 1.0 for who in (hin, None)},
        **{(who, ""): 2.0 for who in (hin, None)},
    }
    quarter = Quarter.of(today())
    told = {"quarter": quarter, "as_of": None, "today": today()}
    header, rows = rows_behind("signposted", hin_id=None, group="", **told)
    assert header == ("Day", "Network", "Innovation", "Organisation", "Pointed to")
    assert len(rows) == 3
    assert {row[2] for row in rows} == {engaging.innovation.name, "Second record"}
    assert len(rows_behind("signposted", hin_id=hin, group=mhra, **told)[1]) == 1
    assert rows_behind("signposted", hin_id=cast.other_hin.actor.hin_id, group="", **told)[1] == []
    assert rows_behind("signposted", hin_id=None, group="entry-x", **told)[1] == []


def test_what_is_of_another_quarter_is_not_counted(
    cast: Cast, engaging: Engagement, session: Session
) -> None:
    send(engaging, cast.hin)
    session.scalars(select(Signpost)).one().on = date(2020, 1, 1)
    session.flush()
    assert numbers() == {}


def _engaging(record: Innovation, hin: Person) -> Engagement:
    """Let a HIN work with a record that came to it."""
    found = queries.engagement_of(record.id, hin.actor.hin_id)
    assert found is not None
    engagements.pick_up(engagement=found, version=found.version, by=hin.actor)
    return engage(found, hin)
