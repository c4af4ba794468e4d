"""The administrators' lists of people and organisations: what stands in their columns."""

from typing import Any

from flask import url_for

from portal.accounts.models import MembershipState, Organisation, User
from portal.accounts.models.security import SecurityEvent
from portal.accounts.models.tokens import ApiToken
from portal.accounts.rules import device_of
from portal.db import by_name
from portal.web.format import nhs_datetime
from portal.web.listing import Column, Listing

Counted = Any
"""A row of an organisation and its number of members."""


def _acts_for(person: User) -> str:
    active = [row for row in person.memberships if row.state is MembershipState.ACTIVE]
    return ", ".join(f"{row.organisation.name} ({row.role.label})" for row in active)


def _tags(person: User) -> list[str]:
    marks = (("Closed", not person.active), ("Demonstration", person.is_demo))
    return [word for word, is_so in marks if is_so]


PEOPLE = Listing(
    title="People",
    one="person",
    many="people",
    columns=(
        Column[User](
            "Name",
            lambda person: person.name or person.email,
            key="name",
            order=by_name(User.name),
            href=lambda person: url_for("people_admin.person", user_id=person.id),
            tags=_tags,
        ),
        Column("Email address", lambda person: person.email, key="email", order=User.email),
        Column("Acts for", _acts_for, shown=lambda person: _acts_for(person) or "Nobody"),
        Column("Account", lambda p: "Open" if p.active else "Closed", on_page=False),
        Column("Since", lambda person: person.created_at, key="since", order=User.created_at),
    ),
    default="name",
    tie=User.id,
)

ORGANISATIONS = Listing(
    title="Organisations",
    one="organisation",
    many="organisations",
    columns=(
        Column[Counted](
            "Name",
            lambda row: row[0].name,
            key="name",
            order=by_name(Organisation.name),
            href=lambda row: url_for("people_admin.organisation", organisation_id=row[0].id),
        ),
        Column("Kind", lambda row: row[0].kind.label, key="kind", order=Organisation.kind),
        Column("Members", lambda row: row[1], is_number=True),
        Column("Website", lambda row: row[0].website, on_page=False),
        Column("Postcode", lambda row: row[0].postcode, on_page=False),
    ),
    default="name",
    tie=Organisation.id,
)


def _who(event: SecurityEvent) -> str:
    """Return who it was, or on whose account a refused sign-in was tried; "" for nobody known."""
    if event.user:
        return event.user.name or event.user.email
    return f"Tried on the account of {event.tried.name}" if event.tried else ""


def _from_where(event: SecurityEvent) -> str:
    """Return address and device, as people call it; what is no browser says so itself."""
    return f"{event.address}, {device_of(event.device)}" if event.address else event.device


SECURITY_EVENTS = Listing(
    title="Security events",
    one="event",
    many="events",
    columns=(
        Column[SecurityEvent](
            "When",
            lambda event: event.at,
            key="at",
            order=SecurityEvent.at,
            shown=lambda event: nhs_datetime(event.at),
        ),
        Column("Event", lambda event: event.kind.label, key="kind", order=SecurityEvent.kind),
        Column(
            "Person",
            _who,
            shown=lambda event: _who(event) or "Unknown",
        ),
        Column("Detail", lambda event: event.detail),
        Column(
            "Network address",
            lambda event: event.address,
            key="address",
            order=SecurityEvent.address,
            shown=_from_where,
        ),
        Column("Device", lambda event: event.device, on_page=False),
    ),
    default="-at",
    tie=SecurityEvent.id,
    is_long=True,
)

TOKENS = Listing(
    title="API tokens",
    one="token",
    many="tokens",
    columns=(
        Column[ApiToken]("Number", lambda row: row.id, key="number", order=ApiToken.id),
        Column("Token", lambda row: row.name),
        Column(
            "Person",
            lambda row: row.user.name or row.user.email,
            key="name",
            order=by_name(User.name),
            href=lambda row: url_for("people_admin.person", user_id=row.user_id),
        ),
        Column(
            "Acts for",
            lambda row: f"{row.membership.organisation.name} ({row.membership.role.label})",
        ),
        Column("May", lambda row: ", ".join(row.scopes)),
        Column(
            "Last used",
            lambda row: row.used_at,
            key="used",
            order=ApiToken.used_at,
            shown=lambda row: nhs_datetime(row.used_at) if row.used_at else "Never",
        ),
        Column("Works until", lambda row: row.expires_at, key="until", order=ApiToken.expires_at),
        Column("What to do", lambda row: None, in_file=False),
    ),
    default="-number",
    tie=ApiToken.id,
)
