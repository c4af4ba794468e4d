"""`flask doctor` and `flask init`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.admin.queries.health import Grade, findings
from portal.admin.services import first_settings
from portal.db import reading


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at this set-up and say what is wrong, in words (exit 1 if anything is)."""
    with reading():
        found = list(findings(current_app.config))
    for one in found:
        click.echo(f"{one.grade:<6}{one.what}: {one.words}")
    wrong = sum(one.grade == Grade.WRONG for one in found)
    if wrong:
        raise click.ClickException(f"{wrong} of {len(found)} are wrong.")


@click.command("init")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="settings")
@click.option("--server-name", prompt="Host of the service", help="portal.example.org")
@click.option("--database-url", prompt="Database", help="postgresql://… or sqlite:///…")
@click.option("--mail-server", prompt="Mail server", help="smtp.example.org")
@click.option("--mail-sender", prompt="Emails come from", help="portal@example.org")
def init(file: Path, **told: str) -> None:
    """Write FILE (settings), with new secrets, for web and worker of a production service.

    Only its owner may read it. A file that is there is left alone.
    """
    try:
        first_settings.write(file, {name.upper(): said for name, said in told.items()})
    except FileExistsError as error:
        raise click.ClickException(f"{file} is there already: choose another name.") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"Wrote {file}. Keep its four secrets in a second place, apart from the database and its "
        f"backups.\nNext: set -a; . {file.absolute()}; set +a; then flask --app wsgi db upgrade"
    )
