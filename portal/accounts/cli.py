"""`flask users …`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask.cli import AppGroup

from portal.accounts import queries, services
from portal.accounts.models import SYSTEM, Organisation, OrganisationKind, Role, User
from portal.accounts.queries.acting import administrators
from portal.accounts.rules import weakness_of
from portal.db import db
from portal.errors import Invalid, PortalError

group = AppGroup("users", help="People with an account.")


@group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", required=True, help="Name of an organisation that there is.")
@click.option("--lead", is_flag=True, help="They lead the organisation.")
@click.password_option()
def create(email: str, name: str, role: str, organisation: str, lead: bool, password: str) -> None:
    """Open a confirmed account for EMAIL that acts for an organisation.

    The first administrator's organisation is set up as the national team if it is not there.
    """
    try:
        _create(email, name, Role(role), organisation, lead, password)
    except PortalError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    click.echo(f"{email} can sign in as {role} of {organisation}.")


@group.command("grant")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", required=True, help="Name of an organisation that there is.")
@click.option("--lead", is_flag=True, help="They lead the organisation.")
def grant(email: str, role: str, organisation: str, lead: bool) -> None:
    """Let the person with EMAIL act for an organisation: where only one administrator could agree.

    Everybody who administers is told.
    """
    with _refusals():
        place = queries.organisation_by_name(organisation)
        services.grant(user=_person(email), organisation=place, role=Role(role), is_lead=lead)
    click.echo(f"{email} acts for {organisation} as {role}.")


@group.command("lift-factor")
@click.argument("email")
def lift_factor(email: str) -> None:
    """Turn off two-factor sign-in of the person with EMAIL, who lost every factor.

    Everybody who administers is told.
    """
    with _refusals():
        services.lift_factor_by_command(user=_person(email))
    click.echo(f"{email} signs in with the password alone.")


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except PortalError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()


def _person(email: str) -> User:
    user = queries.user_by_email(email)
    if user is None:
        raise Invalid("There is no account with this email address.")
    return user


def _create(email: str, name: str, role: Role, place: str, lead: bool, password: str) -> None:
    weakness = weakness_of(password, [name, email])
    if weakness:
        raise Invalid(weakness)
    organisation = _place(place, role)
    user = services.create_user(email=email, name=name, password=password)
    services.add_membership(
        user=user, organisation=organisation, role=role, is_lead=lead, by=SYSTEM
    )


def _place(name: str, role: Role) -> Organisation:
    """Return the organisation. While nobody administers, nobody could have set one up: the first
    administrator brings the national team's."""
    is_first = role is Role.ADMINISTRATOR and not administrators()
    if not is_first or queries.organisation_named(name) is not None:
        return queries.organisation_by_name(name)
    by = replace(SYSTEM, role=Role.ADMINISTRATOR)
    return services.create_organisation(kind=OrganisationKind.NATIONAL, by=by, name=name.strip())
