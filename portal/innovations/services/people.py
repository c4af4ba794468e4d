"""Change who works on a record: collaborators by invitation, ownership by offer.

Both go by email address and must be accepted, whether the address has an account or not: so
nobody learns from this page who has one.
"""

from datetime import datetime

from portal.accounts.models import Actor, Organisation, User
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations import policy
from portal.innovations.models import (
    Collaborator,
    CollaboratorInvitation,
    Innovation,
    Transfer,
)
from portal.innovations.queries import people
from portal.innovations.services.letters import write_to
from portal.notifications.outbox import tell

MAX_WAITING_INVITATIONS = 20
"""Invitations of one record that may wait for an answer: enough for people, not for spam."""


def invite_collaborator(*, innovation: Innovation, email: str, by: Actor) -> CollaboratorInvitation:
    """Ask the person at `email` to work on the record. Raises Invalid (field `email`) when they
    do already or have been asked."""
    address = email.strip().casefold()
    waiting = people.open_invitations(innovation)
    if address in _addresses_of_people(innovation):
        raise Invalid("This person works on the record already", field="email")
    if address in {invitation.email for invitation in waiting}:
        raise Invalid("This address has been invited already", field="email")
    if len(waiting) >= MAX_WAITING_INVITATIONS:
        raise Invalid("Withdraw an invitation first: too many wait for an answer", field="email")
    invitation = CollaboratorInvitation(
        innovation=innovation, email=address, invited_by_id=by.user_id
    )
    db.session.add(invitation)
    _note(innovation, "collaborator_invited", "invited somebody to work on the record", by=by)
    write_to(address, "invited", f"/innovations/{innovation.id}/invitation", innovation, by)
    db.session.flush()
    return invitation


def withdraw_invitation(*, invitation: CollaboratorInvitation, by: Actor) -> None:
    """Take an invitation back. Raises Conflict when it was answered or withdrawn before."""
    _end_once(invitation, withdrawn_at=now())
    innovation = invitation.innovation
    what = "withdrew an invitation to work on the record"
    _note(innovation, "invitation_withdrawn", what, by=by)
    db.session.flush()


def answer_invitation(*, invitation: CollaboratorInvitation, accept: bool, by: Actor) -> None:
    """Accept or decline to work on a record; the one who asked is told."""
    _end_once(invitation, answered_at=now(), is_accepted=accept)
    innovation = invitation.innovation
    if accept:
        innovation.collaborators.append(
            Collaborator(user_id=by.user_id, added_by_id=invitation.invited_by_id)
        )
        _note(innovation, "collaborator_joined", "began to work on the record", by=by, widely=True)
    else:
        what = "declined to work on the record"
        _note(innovation, "invitation_declined", what, by=by, widely=True)
    asked = invitation.invited_by
    told = [asked] if asked and asked.active else people.own_people(innovation, besides=by)
    _tell(told, "invitation_answered", innovation, by, accepted=accept)
    db.session.flush()


def remove_collaborator(*, innovation: Innovation, collaborator: Collaborator, by: Actor) -> None:
    """End somebody's work on the record. Raises Forbidden unless the actor manages the record or
    is leaving it themselves."""
    leaves = collaborator.user_id == by.user_id
    if not leaves and not policy.can_manage(by, innovation):
        raise Forbidden("Only its owner or the lead of its organisation may do this.")
    person = collaborator.user
    innovation.collaborators.remove(collaborator)
    what = "stopped working on the record" if leaves else f"removed {person.name} from the record"
    _note(innovation, "collaborator_removed", what, by=by, widely=True)
    if leaves:
        _tell(people.responsible_for(innovation), "left", innovation, by)
    else:
        _tell([person], "removed", innovation, by, url="/innovations")
    db.session.flush()


def offer_transfer(*, innovation: Innovation, email: str, by: Actor) -> Transfer:
    """Offer the record to the person at `email`; the leads of its organisation are told.

    Raises Invalid (field `email`) when they own it already or another offer waits.
    """
    address = email.strip().casefold()
    if innovation.owner is not None and innovation.owner.email.casefold() == address:
        raise Invalid("This person owns the record already", field="email")
    if people.open_transfer(innovation) is not None:
        raise Invalid("Withdraw the offer that waits for an answer first", field="email")
    transfer = Transfer(innovation=innovation, offered_by=_person(by), email=address)
    db.session.add(transfer)
    _note(innovation, "transfer_offered", "offered the record to somebody", by=by)
    write_to(address, "transfer_offered", f"/innovations/{innovation.id}/transfer", innovation, by)
    leads = people.leads_of(innovation.organisation, besides=by)
    _tell(leads, "transfer_offered_by_colleague", innovation, by, email=address)
    db.session.flush()
    return transfer


def withdraw_transfer(*, transfer: Transfer, by: Actor) -> None:
    """Take an offer of ownership back. Raises Conflict when it was answered or withdrawn."""
    _end_once(transfer, withdrawn_at=now())
    what = "withdrew the offer of the record"
    _note(transfer.innovation, "transfer_withdrawn", what, by=by)
    write_to(transfer.email, "transfer_withdrawn", "/", transfer.innovation, by)
    db.session.flush()


def answer_transfer(*, transfer: Transfer, accept: bool, by: Actor) -> None:
    """Accept or decline the ownership of a record.

    Accepted by somebody who acts for an innovator organisation, the record becomes that
    organisation's; by anybody else, it stays with the organisation it has.
    """
    _end_once(transfer, answered_at=now(), is_accepted=accept, to_id=by.user_id)
    innovation = transfer.innovation
    told = [transfer.offered_by, *people.own_people(innovation, besides=by)]
    if accept:
        _hand_over(innovation, by)
    else:
        what = "declined to own the record"
        _note(innovation, "transfer_declined", what, by=by, widely=True)
    # Who gave it away may no longer see the record: the list of their own is a page they have.
    url = "/innovations" if accept else ""
    _tell(told, "transfer_answered", innovation, by, url=url, accepted=accept)
    db.session.flush()


def _hand_over(innovation: Innovation, by: Actor) -> None:
    before = innovation.owner.name if innovation.owner else "nobody"
    changes = {"owner": [before, by.name]}
    if by.is_innovator and by.organisation_id != innovation.organisation_id:
        changes["organisation"] = [innovation.organisation.name, by.organisation_name]
        innovation.organisation = db.session.get_one(Organisation, by.organisation_id)
    innovation.owner, innovation.kept_by = _person(by), None
    innovation.collaborators = [c for c in innovation.collaborators if c.user_id != by.user_id]
    innovation.changed_at = now()
    _note(innovation, "transferred", "took over the record", by=by, widely=True, changes=changes)


def _addresses_of_people(innovation: Innovation) -> set[str]:
    """The addresses of everybody who may edit the record and is shown on its page of people."""
    known = [c.user for c in innovation.collaborators] + people.colleagues(innovation)
    if innovation.owner is not None:
        known.append(innovation.owner)
    return {person.email.casefold() for person in known}


def _person(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id)


def _end_once(
    asked: CollaboratorInvitation | Transfer, **said: bool | int | datetime | None
) -> None:
    """Write down that it was answered or withdrawn; raises Conflict when somebody was quicker."""
    kind = type(asked)
    is_open = kind.answered_at.is_(None) & kind.withdrawn_at.is_(None)
    if not use_once(kind, kind.id == asked.id, is_open, **said):
        db.session.refresh(asked)
        how = "withdrawn" if asked.withdrawn_at is not None else "answered already"
        raise Conflict(f"This was {how}.")


def _note(
    innovation: Innovation,
    action: str,
    summary: str,
    *,
    by: Actor,
    widely: bool = False,
    changes: dict[str, list[str]] | None = None,
) -> None:
    """Audit it: who was asked is the organisation's own matter, who works on it is not."""
    audience = Audience.STAFF if widely else Audience.PRIVATE
    audit.note(innovation, action, summary, by=by, changes=changes, audience=audience)


def _tell(
    told: list[User],
    message: str,
    innovation: Innovation,
    by: Actor,
    *,
    url: str = "",
    **words: object,
) -> None:
    tell(
        told,
        f"innovations/emails/{message}.txt",
        url=url or f"/innovations/{innovation.id}/people",
        innovation=innovation,
        by=by,
        **words,
    )
