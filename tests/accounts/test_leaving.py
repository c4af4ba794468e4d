"""Somebody leaves: what hangs on them passes on; a lead and an administrator always remain."""

from sqlalchemy import func, select

from portal.accounts.models import Membership, MembershipState, Role, User
from portal.accounts.queries.leaving import held_by_each
from portal.accounts.services import leaving
from portal.challenges.models import Challenge
from portal.clock import today
from portal.desk.queries.queues import loads
from portal.innovations.models import Collaborator, Innovation, Transfer
from portal.innovations.services.people import offer_transfer
from portal.introductions.models import Introduction, State
from portal.notifications.models import Notification
from portal.support import queries
from portal.support.models import Assignee, Engagement, Task, TaskReader
from portal.support.services import engagements, tasks
from tests import makers
from tests.cast import Person


def colleague_of(person: Person, name: str = "Wes Field", **values) -> Person:
    """Somebody else of the person's organisation."""
    user = makers.user(name)
    role = person.membership.role
    return Person(user, makers.membership(user, person.organisation, role, **values))


def case_of(cast, name: str = "Breathe Easy", **values) -> Engagement:
    """A case that Hana West of West Midlands leads."""
    record = makers.innovation(name, of=cast.innovator, **values)
    found = queries.engagement_of(record.id, cast.hin.actor.hin_id)
    return engagements.pick_up(engagement=found, version=found.version, by=cast.hin.actor)


def introduction_of(cast, record: Innovation, **values) -> Introduction:
    """An introduction that Coventry asked for, West Midlands brokers and Ida agreed to."""
    return makers.put(
        Introduction(
            innovation=record,
            organisation=cast.ics.organisation,
            ics_id=cast.ics.actor.ics_id,
            asked_by=cast.ics.user,
            purpose="Falls",
            timescale="month",
            takes_part="Lead for falls",
            state=State.AGREED,
            broker_hin_id=cast.hin.actor.hin_id,
            broker=cast.hin.user,
            agreed_by=cast.innovator.user,
            **values,
        )
    )


def subjects_of(session, user: User) -> list[str]:
    """What a person was told, the newest first."""
    return list(
        session.scalars(
            select(Notification.subject)
            .where(Notification.user_id == user.id)
            .order_by(Notification.id.desc())
        )
    )


def test_closing_an_account_says_what_hangs_on_it_and_a_colleague_takes_over(as_, cast, session):
    other = colleague_of(cast.hin, is_lead=True)
    case = case_of(cast)
    introduction = introduction_of(cast, case.innovation)
    task = tasks.open_task(
        engagement=case, title="Costs", body="Send them.", assignee=Assignee.HIN, by=cast.hin.actor
    )
    admin = as_(cast.administrator)
    url = f"/admin/people/{cast.hin.user.id}/deactivate"
    page = admin.get(url).text
    for words in ("1 open case<", "1 open task or talk<", "1 introduction under way<"):
        assert words in page
    field = f"successor_{cast.hin.membership.id}"
    assert admin.post(url, data={field: other.user.id}).status_code == 302
    session.expire_all()
    assert session.get(Engagement, case.id).lead_id == other.user.id
    assert session.get(Introduction, introduction.id).broker_id == other.user.id
    assert session.get(TaskReader, (task.id, other.user.id)).is_following
    assert not session.get(TaskReader, (task.id, cast.hin.user.id)).is_following
    assert subjects_of(session, other.user)[0].startswith("You take over from Hana West")
    assert not session.get(User, cast.hin.user.id).active


def test_what_hangs_on_several_memberships_is_counted_in_one_statement(cast, session, statements):
    case_of(cast)
    elsewhere = makers.membership(cast.hin.user, cast.innovator.organisation, Role.INNOVATOR)
    makers.innovation("Own", of=cast.innovator).owner = cast.hin.user
    session.flush()
    asked = [cast.hin.membership, elsewhere]
    with statements.at_most(3):  # and each one's organisation
        found = held_by_each(asked)
    assert found == {
        cast.hin.membership.id: ["1 open case"],
        elsewhere.id: ["1 innovation record"],
    }
    assert held_by_each([]) == {}


def test_without_a_successor_it_is_freed_and_the_lead_is_told(as_, cast, session):
    other = colleague_of(cast.hin, is_lead=True)
    case = case_of(cast)
    as_(cast.administrator).post(f"/admin/people/{cast.hin.user.id}/deactivate")
    session.expire_all()
    assert session.get(Engagement, case.id).lead_id is None
    assert subjects_of(session, other.user)[0] == (
        f"Hana West has left {cast.hin.organisation.name}, and nobody has taken over yet"
    )
    page = as_(other).get("/support?queue=hin&lead=nobody").text
    assert "Breathe Easy" in page


def test_the_records_of_a_leaver_become_the_leads_and_the_leaver_edits_them_no_more(
    as_, cast, session
):
    record = makers.innovation(of=cast.colleague)
    draft = makers.innovation("Draft", of=cast.colleague, status="draft")
    offer_transfer(innovation=record, email="me@home.example", by=cast.colleague.actor)
    helped = makers.innovation("Helped", of=cast.innovator)
    makers.put(Collaborator(innovation_id=helped.id, user_id=cast.colleague.user.id))
    browser = as_(cast.colleague)
    page = browser.get(f"/account/members/{cast.colleague.membership.id}/end").text
    assert "2 innovation records" in page
    assert browser.post(f"/account/members/{cast.colleague.membership.id}/end").status_code == 302
    session.expire_all()
    assert session.get(Innovation, record.id).owner_id == cast.innovator.user.id
    assert session.get(Innovation, draft.id).owner_id == cast.innovator.user.id
    assert session.scalars(select(Transfer.withdrawn_at)).one() is not None
    assert session.scalar(select(func.count()).select_from(Collaborator)) == 0
    for path in (f"/innovations/{record.id}/sharing", f"/innovations/{record.id}/people"):
        assert browser.get(path).status_code == 404
    assert browser.get(f"/innovations/{helped.id}").status_code == 404


def test_challenges_and_their_contact_pass_on(as_, cast, session):
    other = colleague_of(cast.ics, is_lead=True)
    challenge = makers.challenge(of=cast.ics)
    challenge.author = cast.ics.user
    challenge.contact_name, challenge.contact_email = "Isla Ward", cast.ics.user.email
    session.flush()
    as_(cast.administrator).post(
        f"/account/members/{cast.ics.membership.id}/end",
        data={f"successor_{cast.ics.membership.id}": other.user.id},
    )
    session.expire_all()
    found = session.get(Challenge, challenge.id)
    assert (found.author_id, found.contact_email) == (other.user.id, other.user.email)


def test_the_last_lead_cannot_be_closed_without_a_successor(as_, cast, session):
    admin = as_(cast.administrator)
    url = f"/admin/people/{cast.innovator.user.id}/deactivate"
    assert "Who leads Brightwell Health next?" in admin.get(url).text
    refused = admin.post(url)
    assert refused.status_code == 200
    assert "Select who leads Brightwell Health next" in refused.text
    assert "could not be read" not in refused.text
    field = f"successor_{cast.innovator.membership.id}"
    assert admin.post(url, data={field: cast.colleague.user.id}).status_code == 302
    session.expire_all()
    assert session.get(Membership, cast.colleague.membership.id).is_lead


def test_the_only_member_of_an_organisation_cannot_be_closed(as_, cast, session):
    admin = as_(cast.administrator)
    url = f"/admin/people/{cast.other_innovator.user.id}/deactivate"
    assert "Invite somebody who leads it first" in admin.get(url).text
    refused = admin.post(url)
    assert refused.status_code == 200
    assert "Select who leads Northgate Devices next" in refused.text
    session.expire_all()
    assert session.get(User, cast.other_innovator.user.id).active


def test_a_successor_must_act_for_the_organisation(as_, cast, session):
    colleague_of(cast.hin, is_lead=True)
    case_of(cast)
    url = f"/admin/people/{cast.hin.user.id}/deactivate"
    field = f"successor_{cast.hin.membership.id}"
    for wrong in (cast.other_hin.user.id, cast.hin.user.id, "x", "9" * 30):
        refused = as_(cast.administrator).post(url, data={field: wrong})
        assert refused.status_code == 200
        assert "Select an option from the list" in refused.text


def test_the_last_administrator_is_refused_on_a_normal_page(as_, cast, session):
    url = f"/account/members/{cast.administrator.membership.id}/end"
    admin = as_(cast.administrator)
    assert "is the last administrator" in admin.get(url).text
    refused = admin.post(url)
    assert refused.status_code == 200
    assert "Make somebody else an administrator first" in refused.text
    session.expire_all()
    held = session.get(Membership, cast.administrator.membership.id)
    assert held.state is MembershipState.ACTIVE


def test_somebody_who_left_is_nowhere_offered_or_counted(as_, cast, session):
    other = colleague_of(cast.hin, is_lead=True)
    case = case_of(cast)
    cast.hin.user.active = False
    session.flush()
    assert [load.person.id for load in loads(cast.hin.actor.hin_id, today())] == [other.user.id]
    page = as_(other)
    assert "Hana West" not in page.get(f"/innovations/{case.innovation_id}/support/assign").text
    assert "Breathe Easy" in page.get("/support?queue=hin&lead=nobody").text


def test_a_message_about_a_case_whose_lead_has_left_reaches_the_network(cast, session):
    other = colleague_of(cast.hin, is_lead=True)
    case = case_of(cast)
    cast.hin.user.active = False
    session.flush()
    tasks.open_task(engagement=case, title="Costs", body="Here.", by=cast.innovator.actor)
    assert subjects_of(session, other.user)


def test_what_a_leaver_takes_part_in_elsewhere_stays_theirs(as_, cast, session):
    theirs = makers.innovation("Elsewhere", of=cast.other_innovator)
    makers.put(Collaborator(innovation_id=theirs.id, user_id=cast.colleague.user.id))
    leaving.end_membership(membership=cast.colleague.membership, by=cast.innovator.actor)
    assert as_(cast.colleague).get(f"/innovations/{theirs.id}").status_code == 200
    assert session.scalar(select(func.count()).select_from(Task)) == 0


def test_a_member_with_two_roles_may_end_one(cast, session):
    second = makers.membership(
        cast.administrator.user, cast.administrator.organisation, Role.NATIONAL
    )
    leaving.end_membership(membership=second, by=cast.administrator.actor)
    assert second.state is MembershipState.ENDED
