"""Organisations: made by whoever signs up first, kept by their leads."""

from typing import Any

from portal.accounts.models import Actor, Organisation, OrganisationKind, Role, User
from portal.accounts.policy import can_administer, can_lead
from portal.accounts.queries import organisation_named
from portal.accounts.rules import INNOVATOR_KINDS
from portal.accounts.services import trail
from portal.accounts.services.memberships import put_membership
from portal.audit.services import changes_of
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.reference.services import rename_hin

FIELDS = ("name", "size", "website", "postcode", "ics_id")


def create_organisation(
    *, kind: OrganisationKind, by: Actor, lead: User | None = None, **details: Any
) -> Organisation:
    """Make an organisation; `lead`, when given, becomes its lead (a person who signed up).

    Raises Invalid when the name is taken, Forbidden for a kind that only administrators make.
    """
    if kind not in INNOVATOR_KINDS and not can_administer(by):
        raise Forbidden("Only an administrator can set up an organisation of this kind.")
    _refuse_taken_name(details["name"], None)
    organisation = Organisation(kind=kind, **details)
    db.session.add(organisation)
    db.session.flush()
    trail.of_organisation("created", organisation, f"set up {organisation.name}", by=by)
    if lead is not None:
        put_membership(user=lead, organisation=organisation, role=Role.INNOVATOR, is_lead=True)
    db.session.flush()
    return organisation


def edit_organisation(
    *, organisation: Organisation, version: int, by: Actor, **details: Any
) -> Organisation:
    """Change its details; raises Conflict when somebody else did so since `version`."""
    if not can_lead(by, organisation):
        raise Forbidden("Only the lead of the organisation can change its details.")
    lock(organisation, seen=version)
    _refuse_taken_name(details["name"], organisation)
    for field in FIELDS:
        if field in details:
            setattr(organisation, field, details[field])
    if organisation.hin is not None and organisation.hin.name != organisation.name:
        # Its network is called so too, from today: pages show one name of it.
        rename_hin(hin=organisation.hin, name=organisation.name)
    changes = changes_of(organisation)
    if changes:
        trail.of_organisation("changed", organisation, "changed details", by=by, changes=changes)
    db.session.flush()
    return organisation


def _refuse_taken_name(name: str, mine: Organisation | None) -> None:
    taken = organisation_named(name)
    if taken is not None and taken is not mine:
        raise Invalid(
            "There is already an organisation with this name. Ask to join it instead.",
            field="name",
        )
