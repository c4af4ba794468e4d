"""`flask users …` and `flask accounts …`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.accounts import queries, services
from portal.accounts.models import SYSTEM, Actor, Organisation, OrganisationKind, Role, User
from portal.accounts.queries.acting import administrators, memberships_acting
from portal.accounts.queries.factors import app_secrets
from portal.accounts.rules import weakness_of
from portal.accounts.services.importing import InvitedLine, InvitedPerson, invite_all
from portal.accounts.session import actor_of
from portal.db import db
from portal.errors import Invalid, PortalError
from portal.web.csv_files import FileWrong, read_csv
from portal.web.fields import as_email

group = AppGroup("users", help="People with an account.")
accounts_group = AppGroup("accounts", help="Many people at once.")
AT_ONCE = 100
"""So many secrets are encrypted in one transaction: each takes some hundredths of a second."""
COLUMNS = ("name", "email", "organisation", "role")


@accounts_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "inviter", required=True, help="Email address of who invites them.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_people(file: Path, inviter: str, dry_run: bool) -> None:
    """Invite the people of FILE, a CSV file with the columns name, email, organisation and role.

    All of them or, when a line is wrong, nobody. Who acts there already or is invited is left
    alone, so that a file may be read again.
    """
    rows, wrong = _invited(file)
    with _refusals():
        done = [*wrong, *invite_all(rows, by=_acting(inviter))]
        told = sorted(done, key=lambda one: one.line)
        is_refused = any(one.is_wrong for one in told)
        for one in told:
            if one.is_wrong or not is_refused:
                click.echo(f"line {one.line}: {one.words}", err=one.is_wrong)
        if is_refused:
            db.session.rollback()
            raise Invalid("Nobody was invited. Mend these lines and read the file again.")
        if dry_run:
            db.session.rollback()
    click.echo("Nothing was done: this was a dry run." if dry_run else "Everybody is invited.")


@accounts_group.command("renew-secrets")
def renew_secrets() -> None:
    """Encrypt what authenticator apps share with the newest TWO_FACTOR_SECRET.

    Afterwards `flask doctor` says whether an older one is still of use.
    """
    stored = app_secrets()
    done = 0
    for start in range(0, len(stored), AT_ONCE):
        done += services.renew_sure(stored=stored[start : start + AT_ONCE])
        db.session.commit()
    click.echo(f"{done} of {len(stored)} secrets of authenticator apps were encrypted anew.")
    lost = sum(not services.totp().can_read(secret) for _, secret in stored)
    unsure = sum(services.is_unsure(secret) for _, secret in stored)
    left = [f"{lost} are of a secret that is not set."] if lost else []
    if unsure:
        left.append(f"{unsure} of an older release may be of any that is set.")
    if not left:
        click.echo("All that there are hang on TWO_FACTOR_SECRET itself: older ones may go.")
    else:
        raise click.ClickException(f"{' '.join(left)} They were left alone: flask doctor says why.")


def _invited(file: Path) -> tuple[list[InvitedPerson], list[InvitedLine]]:
    """Return the lines of a file that can be read, and what is wrong with the others."""
    rows: list[InvitedPerson] = []
    wrong: list[InvitedLine] = []
    try:
        columns, cells = read_csv(file.read_bytes())
        missing = [name for name in COLUMNS if name not in columns]
        if missing:
            raise click.ClickException(f"These columns are missing: {', '.join(missing)}.")
        for line, row in cells:
            empty = [name for name in COLUMNS if not row.get(name)]
            email = as_email(row.get("email", ""))
            if empty or email is None:
                words = f"{', '.join(empty)}: must not be empty" if empty else "email: no address"
                wrong.append(InvitedLine(line, words, is_wrong=True))
            else:
                rows.append(
                    InvitedPerson(line, row["name"], email, row["organisation"], row["role"])
                )
    except FileWrong as problem:
        raise click.ClickException(str(problem)) from problem
    return rows, wrong


def _acting(email: str) -> Actor:
    """Return the person as the administrator that they are, or else as the lead of an
    organisation: who may invite."""
    user = _person(email)
    memberships = memberships_acting(user.id)
    ranked = sorted(
        memberships, key=lambda row: (row.role is not Role.ADMINISTRATOR, not row.is_lead, row.id)
    )
    return actor_of(user, ranked[0] if ranked else None)


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
