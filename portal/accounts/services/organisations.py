"""Organisations: made by whoever signs up first, kept by their leads."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from portal.accounts.models import (
    SYSTEM,
    Actor,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from portal.accounts.policy import can_administer, can_lead
from portal.accounts.queries import organisation_named
from portal.accounts.rules import INNOVATOR_KINDS
from portal.accounts.services import trail
from portal.accounts.services.memberships import put_membership
from portal.audit.services import changes_of
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.reference.queries import hins, icss
from portal.reference.services import national_bodies, rename_hin

FIELDS = ("name", "size", "website", "postcode", "company_number", "ics_id")


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


def make_known() -> int:
    """Make the organisations of the reference data that are not there yet: every network, every ICS
    of today and the national bodies; returns how many. One that is there is found by what it is or
    by its name, and told which network or ICS it is where it does not know yet."""
    by = replace(SYSTEM, role=Role.ADMINISTRATOR)
    made = 0
    for kind, name, details in (*_networks(), *_systems(), *_national_bodies()):
        found = _known(kind, name, details)
        if found is None:
            create_organisation(kind=kind, by=by, name=name, **details)
            made += 1
        elif found.kind is kind:
            for field in ("hin_id", "ics_id"):
                if getattr(found, field) is None and field in details:
                    setattr(found, field, details[field])
    db.session.flush()
    return made


Known = tuple[OrganisationKind, str, dict[str, Any]]


def _networks() -> Iterator[Known]:
    for hin in hins():
        yield OrganisationKind.HIN, hin.name, {"hin_id": hin.id, "website": hin.website}


def _systems() -> Iterator[Known]:
    for ics in icss():
        yield OrganisationKind.ICS, ics.ics_name, {"ics_id": ics.id}


def _national_bodies() -> Iterator[Known]:
    for row in national_bodies():
        yield OrganisationKind.NATIONAL, row["name"], {"website": row["website"]}


def _known(kind: OrganisationKind, name: str, details: dict[str, Any]) -> Organisation | None:
    for column in (Organisation.hin_id, Organisation.ics_id):
        if column.key in details:
            found = db.session.scalar(
                select(Organisation)
                .where(Organisation.kind == kind, column == details[column.key])
                .order_by(Organisation.id)
                .limit(1)
            )
            if found is not None:
                return found
    return organisation_named(name)


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
