"""Who is told of what happens to a section: in their inbox and by email, never what it says."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.accounts.services.leaving import deactivate
from portal.notifications.models import Notification
from portal.reports.models import SectionState
from portal.reports.services import writing
from tests import makers
from tests.cast import Cast, Person
from tests.reports.makers import commented, report, section, write


def _told(session: Session, person: Person) -> list[str]:
    rows = select(Notification.subject).where(Notification.user_id == person.user.id)
    return list(session.scalars(rows.order_by(Notification.id)))


def test_owners_and_editors_hear_of_each_step(session: Session, cast: Cast) -> None:
    one = section(report(by=cast.national))
    writing.assign(
        section=one, version=one.version, owner=cast.hin.user, due_on=None, by=cast.national.actor
    )
    write("It went well.", by=cast.hin, into=one)
    for state, by in (
        (SectionState.REVIEW, cast.hin),
        (SectionState.CHANGES, cast.national),
        (SectionState.REVIEW, cast.hin),
    ):
        writing.set_state(section=one, version=one.version, state=state, by=by.actor)
    comment = commented(one, by=cast.national)
    writing.close_comment(section=one, row=comment, by=cast.hin.actor)
    writing.set_state(
        section=one, version=one.version, state=SectionState.APPROVED, by=cast.national.actor
    )
    heading = one.heading
    assert _told(session, cast.hin) == [
        f"Please write a section: {heading}",
        f"Changes are asked to your section: {heading}",
        f"Somebody commented on your section: {heading}",
        f"Your section is approved: {heading}",
    ]
    assert _told(session, cast.national) == [f"A section waits for your review: {heading}"] * 2


def test_nobody_is_told_of_what_they_did(session: Session, cast: Cast) -> None:
    one = section(report(by=cast.national))
    writing.assign(
        section=one,
        version=one.version,
        owner=cast.national.user,
        due_on=None,
        by=cast.national.actor,
    )
    commented(one, by=cast.national)
    assert not _told(session, cast.national)


def test_a_comment_reaches_the_editors_when_who_wrote_it_has_left(
    session: Session, cast: Cast
) -> None:
    one = section(report(by=cast.national))
    writing.assign(
        section=one, version=one.version, owner=cast.hin.user, due_on=None, by=cast.national.actor
    )
    write("It went well.", by=cast.hin, into=one)
    heir = makers.user("Wes Field")
    makers.membership(heir, cast.hin.organisation, Role.HIN, is_lead=True)
    deactivate(user=cast.hin.user, by=cast.administrator.actor)
    session.refresh(one)
    assert one.owner_id is None
    commented(one, by=cast.other_hin)
    words = f"Somebody commented on your section: {one.heading}"
    assert words in _told(session, cast.national)
    assert words not in _told(session, cast.hin)
