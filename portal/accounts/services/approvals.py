"""Changes that need a second administrator: asked for by one, agreed to once by another."""

from datetime import timedelta

from sqlalchemy import select, update

from portal.accounts.models import SYSTEM, Actor, Organisation, Role, User
from portal.accounts.models.approvals import Approval, ApprovalKind, Decision
from portal.accounts.policy import can_administer, can_invite
from portal.accounts.queries.acting import administrators
from portal.accounts.rules import normal_email, roles_of
from portal.accounts.services import trail
from portal.accounts.services.invitations import invite
from portal.accounts.services.memberships import add_membership, needs_second_person
from portal.accounts.services.two_factor import lift_factors
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Forbidden, Invalid
from portal.notifications.outbox import tell

APPROVAL_LASTS = timedelta(days=7)
WAITS = "Another administrator was told and must agree first. You get a message when they decide."
ALONE = (
    "This needs a second administrator, and you are the only one. Whoever runs the service can do "
    "it on its command line: {}"
)


def ask_to_invite(
    *, email: str, organisation: Organisation, role: Role, is_lead: bool = False, by: Actor
) -> Approval | None:
    """Invite somebody, at once (None) or, as an administrator, once a second one agrees.

    Raises what `invite` raises.
    """
    if role is not Role.ADMINISTRATOR:
        invite(email=email, organisation=organisation, role=role, is_lead=is_lead, by=by)
        return None
    if not can_invite(by, organisation, role):
        raise Forbidden("You cannot invite an administrator to this organisation.")
    line = "flask users create EMAIL --name NAME --role administrator --organisation NAME"
    return _ask(
        Approval(
            kind=ApprovalKind.INVITE,
            email=normal_email(email),
            organisation=organisation,
            role=role,
            is_lead=is_lead,
        ),
        by,
        line,
    )


def ask_for_membership(
    *, user: User, organisation: Organisation, role: Role, is_lead: bool = False, by: Actor
) -> Approval | None:
    """Add a membership, at once (None) or once a second administrator agrees.

    Raises what `add_membership` raises.
    """
    if not needs_second_person(user, role):
        add_membership(user=user, organisation=organisation, role=role, is_lead=is_lead, by=by)
        return None
    if role not in roles_of(organisation.kind):
        raise Invalid("Select a role that people of this organisation can have", field="role")
    asked = Approval(
        kind=ApprovalKind.MEMBERSHIP,
        user=user,
        organisation=organisation,
        role=role,
        is_lead=is_lead,
    )
    return _ask(asked, by, "flask users grant EMAIL --role ROLE --organisation NAME")


def ask_to_lift_factor(*, user: User, reason: str, by: Actor) -> Approval:
    """Ask a second administrator to agree to turning off somebody's two-factor sign-in."""
    if not user.has_factor:
        raise Invalid(f"{user.name} signs in with the password alone already.")
    asked = Approval(kind=ApprovalKind.FACTOR, user=user, reason=reason)
    return _ask(asked, by, "flask users lift-factor EMAIL")


def _ask(asked: Approval, by: Actor, line: str) -> Approval:
    if not can_administer(by) or by.user_id is None:
        raise Forbidden("Only an administrator can ask for this.")
    others = [person for person in administrators() if person.id != by.user_id]
    if not others:
        raise Invalid(ALONE.format(line))
    about = asked.email or (asked.user.id if asked.user else "")
    place = asked.organisation.id if asked.organisation else ""
    asked.subject = f"{asked.kind.value}:{about}:{place}:{asked.role or ''}"
    asked.asked_by_id, asked.asked_at = by.user_id, now()
    asked.expires_at = asked.asked_at + APPROVAL_LASTS
    with db.session.no_autoflush:
        _refuse_twice(asked.subject)
    db.session.add(asked)
    db.session.flush()
    _note("approval_asked", asked, f"asked a second administrator: {words_of(asked)}", by)
    url = f"/admin/approvals/{asked.id}"
    tell(others, "accounts/emails/approval_asked.txt", url=url, asker=by, words=words_of(asked))
    return asked


def _refuse_twice(subject: str) -> None:
    """Raise Invalid when the same waits already; one that is too old waits no more."""
    same = (Approval.subject == subject) & Approval.decision.is_(None)
    too_old = same & (Approval.expires_at <= now())
    db.session.execute(update(Approval).where(too_old).values(decision=Decision.EXPIRED))
    if db.session.scalar(select(Approval.id).where(same)) is not None:
        raise Invalid("This waits for a second administrator already.")


def words_of(row: Approval) -> str:
    """Return what is asked, as the end of a sentence."""
    about = row.email or (row.user.name or row.user.email if row.user else "")
    if row.kind is ApprovalKind.FACTOR:
        return f"turn off two-factor sign-in of {about}"
    role = row.role.label.lower() if row.role else ""
    place = row.organisation.name if row.organisation else ""
    if row.kind is ApprovalKind.INVITE:
        return f"invite {about} as {role} of {place}"
    return f"let {about} act for {place} as {role}"


def title_of(row: Approval) -> str:
    """Return what is asked, as the title of a page."""
    words = words_of(row)
    return words[:1].upper() + words[1:]


def told(asked: Approval | None, done: str) -> tuple[str, str]:
    """Return what to tell who asked, and of what sort it is: that it waits, or that it is done."""
    return (WAITS, "message") if asked else (done, "success")


def agree(*, approval: Approval, by: Actor) -> None:
    """Agree to what another administrator asked, which is done at once.

    Raises Forbidden for who asked and for anybody but administrators; Invalid when it was decided,
    is too old, or who asked administers no longer.
    """
    asker = approval.asked_by
    if asker.id not in {person.id for person in administrators()}:
        raise Invalid("Who asked for this is no administrator any more. Refuse it.")
    _decide(approval, Decision.AGREED, by)
    _carry_out(approval, by)
    _note("approval_agreed", approval, f"agreed as second: {words_of(approval)}", by)
    _tell_asker(approval, by, "agreed to")


def refuse(*, approval: Approval, by: Actor) -> None:
    """Refuse what another administrator asked, or take back what one asked oneself."""
    _decide(approval, Decision.REFUSED, by, also_asker=True)
    _note("approval_refused", approval, f"refused: {words_of(approval)}", by)
    _tell_asker(approval, by, "refused")


def grant(*, user: User, organisation: Organisation, role: Role, is_lead: bool = False) -> None:
    """Let somebody act for an organisation, by the command line: all administrators are told."""
    add_membership(user=user, organisation=organisation, role=role, is_lead=is_lead, by=SYSTEM)
    _tell_of_command(f"let {user.name} act for {organisation.name} as {role.label.lower()}")


def lift_factor_by_command(*, user: User) -> None:
    """Turn off somebody's two-factor sign-in, by the command line: all administrators are told."""
    lift_factors(user=user, by=SYSTEM)
    _tell_of_command(f"turn off two-factor sign-in of {user.name}")


def _tell_of_command(words: str) -> None:
    template = "accounts/emails/done_by_command.txt"
    tell(administrators(), template, url="/admin/security", words=words)
    db.session.flush()


def _decide(approval: Approval, decision: Decision, by: Actor, *, also_asker: bool = False) -> None:
    if not can_administer(by):
        raise Forbidden("Only an administrator can decide about this.")
    if by.user_id == approval.asked_by_id and not also_asker:
        raise Forbidden("You asked for this yourself: another administrator must agree.")
    if not use_once(
        Approval,
        Approval.id == approval.id,
        Approval.decision.is_(None),
        Approval.expires_at > now(),
        decision=decision,
        decided_at=now(),
        decided_by_id=by.user_id,
    ):
        raise Invalid("Somebody has decided about this, or it has waited for too long.")


def _carry_out(row: Approval, by: Actor) -> None:
    if row.kind is ApprovalKind.FACTOR and row.user:
        lift_factors(user=row.user, by=by)
    elif row.organisation is None or row.role is None:
        raise Invalid("This cannot be done any more.")
    elif row.kind is ApprovalKind.INVITE:
        invite(
            email=row.email,
            organisation=row.organisation,
            role=row.role,
            is_lead=row.is_lead,
            by=by,
            is_agreed=True,
        )
    elif row.user:
        add_membership(
            user=row.user,
            organisation=row.organisation,
            role=row.role,
            is_lead=row.is_lead,
            by=by,
            is_agreed=True,
        )


def _tell_asker(row: Approval, by: Actor, what: str) -> None:
    if row.asked_by_id == by.user_id:
        return
    tell(
        [row.asked_by],
        "accounts/emails/approval_decided.txt",
        url=f"/admin/approvals/{row.id}",
        decider=by,
        what=what,
        words=words_of(row),
    )
    db.session.flush()


def _note(action: str, row: Approval, summary: str, by: Actor) -> None:
    if row.user is not None:
        trail.of_user(action, row.user, summary, by=by)
    elif row.organisation is not None:
        trail.of_organisation(action, row.organisation, summary, by=by)
    db.session.flush()
