"""Sharing, archive, collaborators and ownership: what the services do and whom they tell."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.audit.models import Audience, AuditEvent
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.innovations import policy
from portal.innovations.models import (
    CollaboratorInvitation,
    Innovation,
    RecordStatus,
    Section,
    Sharing,
    SharingChange,
    StatusChange,
)
from portal.innovations.queries import people as people_queries
from portal.innovations.sections.answers import SectionState, state_of
from portal.innovations.services import ownership, people, register
from portal.notifications.models import Email, Notification
from tests import makers
from tests.cast import Cast
from tests.queued import do_jobs


@pytest.fixture
def record(session: Session, cast: Cast) -> Innovation:
    return makers.innovation(of=cast.innovator)


OUR_EMAILS = select(Email).where(Email.subject.not_like("New on your desk%")).order_by(Email.id)


def events(session: Session) -> dict[str, AuditEvent]:
    session.flush()
    events = session.scalars(select(AuditEvent).where(AuditEvent.noun == "innovation"))
    return {event.action: event for event in events}


def emails(session: Session) -> dict[str, str]:
    """The newest subject by address, without the news of the submission itself."""
    session.commit()
    do_jobs(session, "innovations")
    return {e.address: e.subject for e in session.scalars(OUR_EMAILS)}


def test_sharing_is_a_dated_row_with_its_audit_and_the_owner_is_told(
    session: Session, cast: Cast, record: Innovation
) -> None:
    lead = makers.user("Lea Dunn")
    makers.membership(lead, cast.innovator.organisation, is_lead=True)
    by = cast.innovator.actor
    assert ownership.change_sharing(innovation=record, sharing=Sharing.PUBLIC, by=by)
    change = session.scalars(select(SharingChange)).one()
    assert (change.sharing, change.by_id) == (Sharing.PUBLIC, by.user_id)
    event = events(session)["innovation.sharing_changed"]
    assert event.changes == {"sharing": ["HINs only", "public on the Exchange"]}
    assert emails(session).keys() == {lead.email}
    assert state_of(record, Section.SHARING) is SectionState.SUBMITTED


def test_the_same_sharing_again_changes_nothing_but_answers_the_section(
    session: Session, cast: Cast, record: Innovation
) -> None:
    by = cast.innovator.actor
    assert not ownership.change_sharing(innovation=record, sharing=Sharing.HINS, by=by)
    assert not session.scalars(select(SharingChange)).all()
    assert "innovation.sharing_changed" not in events(session)
    assert state_of(record, Section.SHARING) is SectionState.SUBMITTED


def test_a_stale_page_does_not_share(cast: Cast, record: Innovation) -> None:
    with pytest.raises(Conflict):
        ownership.change_sharing(
            innovation=record,
            sharing=Sharing.PUBLIC,
            by=cast.innovator.actor,
            version=record.version - 1,
        )
    assert record.sharing is Sharing.HINS


def test_an_archived_record_is_gone_for_ics_and_public_and_comes_back_as_it_was(
    session: Session, cast: Cast, record: Innovation
) -> None:
    record.sharing = Sharing.PUBLIC
    by = cast.innovator.actor
    ownership.archive(innovation=record, why="The trial ended", by=by)
    assert not policy.can_see(cast.ics.actor, record)
    assert not policy.can_edit(by, record)
    assert policy.can_see(cast.hin.actor, record)
    with pytest.raises(Invalid):
        ownership.archive(innovation=record, why="again", by=by)
    ownership.restore(innovation=record, by=by)
    assert record.status is RecordStatus.SUBMITTED
    assert policy.can_see(cast.ics.actor, record)
    statuses = session.scalars(select(StatusChange).order_by(StatusChange.id)).all()
    assert [(row.status, row.why) for row in statuses[1:]] == [
        (RecordStatus.ARCHIVED, "The trial ended"),
        (RecordStatus.SUBMITTED, ""),
    ]
    assert events(session)["innovation.restored"].changes == {"status": ["archived", "submitted"]}
    with pytest.raises(Invalid):
        ownership.restore(innovation=record, by=by)


def test_an_archived_draft_comes_back_as_a_draft(session: Session, cast: Cast) -> None:
    draft = makers.innovation(of=cast.innovator, status=RecordStatus.DRAFT)
    ownership.archive(innovation=draft, why="Registered twice", by=cast.innovator.actor)
    ownership.restore(innovation=draft, by=cast.innovator.actor)
    assert draft.status is RecordStatus.DRAFT


def test_an_address_with_an_account_and_one_without_are_both_written_to(
    session: Session, cast: Cast, record: Innovation
) -> None:
    by = cast.innovator.actor
    for email in ("Omar.Khan@example.org", "nobody@example.org"):
        people.invite_collaborator(innovation=record, email=email, by=by)
    waiting = people_queries.open_invitations(record)
    assert [row.email for row in waiting] == ["omar.khan@example.org", "nobody@example.org"]
    subject = f"Ida Brown asks you to work on {record.name}"
    told = emails(session)
    assert told["omar.khan@example.org"] == subject
    assert told.keys() == {row.email for row in waiting}
    assert not policy.can_see(cast.other_innovator.actor, record)
    told = select(Notification.user_id).where(Notification.subject == subject)
    assert session.scalars(told).all() == [cast.other_innovator.user.id]


def test_who_accepts_may_edit_and_who_declines_may_not(
    session: Session, cast: Cast, record: Innovation
) -> None:
    by = cast.innovator.actor
    for person, accept in ((cast.other_innovator, True), (cast.ics, False)):
        people.invite_collaborator(innovation=record, email=person.user.email, by=by)
        invitation = people_queries.invitation_to(person.actor, record.id)
        people.answer_invitation(invitation=invitation, accept=accept, by=person.actor)
        assert policy.can_edit(person.actor, record) is accept
        with pytest.raises(NotFound):
            people_queries.invitation_to(person.actor, record.id)
    assert emails(session)[cast.innovator.user.email] == f"Isla Ward will not work on {record.name}"


def test_an_invitation_waits_for_its_own_address_only_and_only_when_confirmed(
    session: Session, cast: Cast, record: Innovation
) -> None:
    people.invite_collaborator(
        innovation=record, email=cast.ics.user.email, by=cast.innovator.actor
    )
    with pytest.raises(NotFound):
        people_queries.invitation_to(cast.other_ics.actor, record.id)
    with pytest.raises(NotFound):
        people_queries.invitation_to(Actor(), record.id)
    cast.ics.user.confirmed_at = None
    session.flush()
    with pytest.raises(NotFound):
        people_queries.invitation_to(cast.ics.actor, record.id)


def test_nobody_is_invited_twice_or_without_end(cast: Cast, record: Innovation) -> None:
    by = cast.innovator.actor
    people.invite_collaborator(innovation=record, email="a@example.org", by=by)
    for email in ("A@example.org", cast.innovator.user.email, cast.colleague.user.email):
        with pytest.raises(Invalid) as refused:
            people.invite_collaborator(innovation=record, email=email, by=by)
        assert refused.value.field == "email"
    for number in range(people.MAX_WAITING_INVITATIONS - 1):
        people.invite_collaborator(innovation=record, email=f"{number}@example.org", by=by)
    with pytest.raises(Invalid):
        people.invite_collaborator(innovation=record, email="more@example.org", by=by)


def test_a_withdrawn_invitation_waits_for_nobody(
    session: Session, cast: Cast, record: Innovation
) -> None:
    by = cast.innovator.actor
    invitation = people.invite_collaborator(innovation=record, email=cast.ics.user.email, by=by)
    people.withdraw_invitation(invitation=invitation, by=by)
    with pytest.raises(NotFound):
        people_queries.invitation_to(cast.ics.actor, record.id)
    with pytest.raises(Conflict):
        people.answer_invitation(invitation=invitation, accept=True, by=cast.ics.actor)
    assert session.scalars(select(CollaboratorInvitation)).one().withdrawn_at


def test_the_owner_removes_a_collaborator_and_a_collaborator_may_leave(
    session: Session, cast: Cast, record: Innovation
) -> None:
    joined = [_join(cast, record, person) for person in (cast.ics, cast.other_innovator)]
    emails(session)  # those that asked them
    with pytest.raises(Forbidden):
        people.remove_collaborator(
            innovation=record, collaborator=joined[0], by=cast.other_innovator.actor
        )
    people.remove_collaborator(innovation=record, collaborator=joined[0], by=cast.innovator.actor)
    leaver = cast.other_innovator.actor
    people.remove_collaborator(innovation=record, collaborator=joined[1], by=leaver)
    assert record.collaborators == []
    assert not policy.can_edit(leaver, record)
    assert emails(session)[cast.ics.user.email] == f"You no longer work on {record.name}"


def _join(cast: Cast, record: Innovation, person):
    people.invite_collaborator(innovation=record, email=person.user.email, by=cast.innovator.actor)
    invitation = people_queries.invitation_to(person.actor, record.id)
    people.answer_invitation(invitation=invitation, accept=True, by=person.actor)
    return next(c for c in record.collaborators if c.user_id == person.user.id)


def test_who_accepts_an_offer_owns_the_record_with_their_organisation(
    session: Session, cast: Cast, record: Innovation
) -> None:
    colleague = cast.colleague.actor
    record.owner = cast.colleague.user
    _join(cast, record, cast.other_innovator)
    people.offer_transfer(innovation=record, email="OMAR.khan@example.org", by=colleague)
    # The lead of the organisation hears of it while it can still be withdrawn.
    assert cast.innovator.user.email in emails(session)
    with pytest.raises(Invalid):
        people.offer_transfer(innovation=record, email="x@example.org", by=colleague)
    taker = cast.other_innovator.actor
    transfer = people_queries.transfer_to(taker, record.id)
    people.answer_transfer(transfer=transfer, accept=True, by=taker)
    session.refresh(record)
    assert record.owner == cast.other_innovator.user
    assert record.organisation == cast.other_innovator.organisation
    assert record.collaborators == []
    assert not policy.can_edit(colleague, record)
    assert events(session)["innovation.transferred"].changes == {
        "owner": ["Colm Reid", "Omar Khan"],
        "organisation": ["Brightwell Health", "Northgate Devices"],
    }
    assert emails(session)[cast.colleague.user.email] == f"Omar Khan owns {record.name} now"


def test_a_record_taken_over_by_staff_stays_with_its_organisation(
    session: Session, cast: Cast, record: Innovation
) -> None:
    people.offer_transfer(innovation=record, email=cast.hin.user.email, by=cast.innovator.actor)
    transfer = people_queries.transfer_to(cast.hin.actor, record.id)
    people.answer_transfer(transfer=transfer, accept=True, by=cast.hin.actor)
    assert record.owner == cast.hin.user
    assert record.organisation == cast.innovator.organisation


def test_an_offer_declined_or_withdrawn_changes_nothing(
    session: Session, cast: Cast, record: Innovation
) -> None:
    by, taker = cast.innovator.actor, cast.other_innovator.actor
    people.offer_transfer(innovation=record, email=cast.other_innovator.user.email, by=by)
    people.answer_transfer(
        transfer=people_queries.transfer_to(taker, record.id), accept=False, by=taker
    )
    offer = people.offer_transfer(innovation=record, email=cast.other_innovator.user.email, by=by)
    people.withdraw_transfer(transfer=offer, by=by)
    with pytest.raises(NotFound):
        people_queries.transfer_to(taker, record.id)
    assert record.owner == cast.innovator.user
    assert (
        emails(session)[cast.other_innovator.user.email]
        == f"The offer of {record.name} was withdrawn"
    )


def test_whom_an_organisation_asked_is_its_own_matter(
    session: Session, cast: Cast, record: Innovation
) -> None:
    people.invite_collaborator(innovation=record, email="a@example.org", by=cast.innovator.actor)
    assert events(session)["innovation.collaborator_invited"].audience is Audience.PRIVATE


def test_reach_counts_people_and_organisations_who_act_today(session: Session, cast: Cast) -> None:
    from portal.accounts.models import MembershipState, Role

    gone = makers.user("Gone Person")
    makers.membership(gone, cast.hin.organisation, Role.HIN, state=MembershipState.ENDED)
    both = cast.hin.user
    makers.membership(both, cast.other_hin.organisation, Role.HIN)
    reach = people_queries.reach()
    assert reach[Role.HIN] == people_queries.ReadershipCount(2, 2)


def test_a_draft_is_deleted_with_all_that_hangs_on_it(session, cast, as_):
    record = register(name="Breathe Easy", by=cast.innovator.actor)
    browser, record_id = as_(cast.innovator), record.id
    assert "Delete this draft" in browser.get(f"/innovations/{record_id}/edit").text
    assert "Delete this draft" not in as_(cast.colleague).get(f"/innovations/{record_id}/edit").text
    assert browser.post(f"/innovations/{record_id}/delete").status_code == 302
    session.expire_all()
    assert session.get(Innovation, record_id) is None
    assert browser.get(f"/innovations/{record_id}/edit").status_code == 404


def test_what_was_submitted_is_archived_not_deleted(session, cast, as_):
    record = makers.innovation(of=cast.innovator)
    assert as_(cast.innovator).get(f"/innovations/{record.id}/delete").status_code == 409
    with pytest.raises(Conflict):
        ownership.delete_draft(innovation=record, by=cast.innovator.actor)
    with pytest.raises(Forbidden):
        ownership.delete_draft(innovation=record, by=cast.colleague.actor)


def test_an_address_without_a_confirmed_account_reads_no_word_that_others_typed(
    session: Session, cast: Cast, record: Innovation
) -> None:
    record.name = "Call 0900 123 to claim"
    unconfirmed = makers.user("Una Unconfirmed", confirmed_at=None)
    for address in ("nobody@example.org", unconfirmed.email):
        people.invite_collaborator(innovation=record, email=address, by=cast.innovator.actor)
    told = emails(session)
    assert told["nobody@example.org"] == told[unconfirmed.email] == "You are asked about a record"
    sent = session.scalars(select(Email).where(Email.subject == "You are asked about a record"))
    for email in sent:
        for word in (record.name, cast.innovator.user.name, cast.innovator.organisation.name):
            assert word not in email.body
        assert f"/innovations/{record.id}/invitation" in email.body
