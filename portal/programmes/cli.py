"""`flask programmes …`."""

import click
from flask.cli import AppGroup

from portal.db import db
from portal.programmes.services.loading import load_all

group = AppGroup("programmes", help="Programmes: what is spread, its figures and aims.")


@group.command("load")
def load() -> None:
    """Bring the programmes in line with the portal's own files, in one transaction.

    Takes the reference data for granted. What was changed in the portal is left alone.
    """
    told = load_all()
    db.session.commit()
    for line in told:
        click.echo(line)
    click.echo("The programmes are up to date.")
