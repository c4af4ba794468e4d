"""`flask retention …`."""

import click
from flask.cli import AppGroup

from portal.db import db, reading
from portal.privacy.queries.retention import rules
from portal.privacy.services.retention import clear

group = AppGroup("retention", help="How long things are kept.")


@group.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def run(dry_run: bool) -> None:
    """Clear away what is kept no longer, now."""
    for rule in rules():
        kept = rule.retention
        if dry_run:
            with reading():
                count = kept.count(rule.before)
        else:
            count = clear(rule=rule, commit=db.session.commit).done
            db.session.commit()
        click.echo(f"{kept.code:<20} {rule.days:>5} days {count:>8}  {kept.done}")
    click.echo("Nothing was changed." if dry_run else "Done.")
