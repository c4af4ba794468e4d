"""`flask programmes …`."""

import click
from flask.cli import AppGroup

from portal.db import db
from portal.programmes.services.loading import load as load_files

group = AppGroup("programmes", help="Programmes: what is spread, its figures and aims.")


@group.command("load")
def load() -> None:
    """Bring the programmes in line with the portal's own files, in one transaction.

    Takes the reference data for granted. What was changed in the portal is left alone.
    """
    report = load_files()
    db.session.commit()
    for line in report.lines():
        click.echo(line)
    click.echo("The programmes are up to date.")
