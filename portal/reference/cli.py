"""`flask reference …`."""

import click
from flask.cli import AppGroup

from portal.db import db
from portal.reference import services

group = AppGroup("reference", help="Places, networks and vocabularies.")


@group.command("load")
def load() -> None:
    """Bring the tables in line with the files, in one transaction."""
    report = services.load()
    db.session.commit()
    for line in report.lines():
        click.echo(line)
    click.echo("The reference data are up to date.")
