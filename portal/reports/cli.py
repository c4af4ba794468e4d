"""`flask reports …`."""

import click
from flask.cli import AppGroup

from portal.accounts.models import SYSTEM
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.figures.services import freeze_figures
from portal.reference.rules import Quarter

group = AppGroup("reports", help="Freeze the figures of a quarter.")


@group.command("freeze")
@click.argument("quarter", metavar="QUARTER")
def freeze(quarter: str) -> None:
    """Keep the figures of a quarter that is over, as they stand: QUARTER such as 2026-27-Q1."""
    try:
        found = Quarter.named(quarter)
        freeze = freeze_figures(quarter=found, by=SYSTEM)
    except ValueError as problem:
        raise click.BadParameter("name a quarter such as 2026-27-Q1") from problem
    except (Conflict, Invalid) as refused:
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    click.echo(f"Froze {len(freeze.figures)} figures of {found.label}.")
