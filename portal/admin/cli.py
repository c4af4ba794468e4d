"""`flask doctor` and `flask init`."""

import shlex
import sys
from collections.abc import Mapping
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


QUESTIONS = {
    "SERVER_NAME": ("Host of the service", "portal.example.org", None),
    "DATABASE_URL": ("Database", "postgresql://user:password@host/portal or sqlite:///…", None),
    "MAIL_SERVER": ("Mail server", "smtp.example.org", None),
    "MAIL_SENDER": ("Emails come from", "portal@example.org", None),
    "TRUSTED_PROXIES": ("Proxies of yours in front, of which one has TLS", "1", "1"),
}
"""What `flask init` asks: the question, an example, and the answer of who just goes on."""


@click.command("init")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="settings")
@click.option("--server-name", help="portal.example.org")
@click.option("--database-url", help="postgresql://user:password@host/portal or sqlite:///…")
@click.option("--mail-server", help="smtp.example.org")
@click.option("--mail-sender", help="portal@example.org")
@click.option("--trusted-proxies", help="How many proxies of yours stand in front: 1")
def init(file: Path, **told: str | None) -> None:
    """Write FILE (settings), with new secrets, for web and worker of a production service.

    What no option says is asked. Only its owner may read it. A file that is there is left alone.
    """
    if file.exists() or file.is_symlink():
        raise click.ClickException(_there(file))
    given = {name.upper(): said for name, said in told.items() if said is not None}
    if wrong := first_settings.faults(given):
        raise click.ClickException("\n- ".join(["Nothing was written:", *wrong]))
    try:
        first_settings.write(file, _all_answers(given))
    except FileExistsError as error:
        raise click.ClickException(_there(file)) from error
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(
        f"Wrote {file}, which only you can read. Keep its four secrets in a second place, apart"
        " from the database and its backups. If the mail server wants a name and TLS, add"
        " MAIL_PORT, MAIL_USERNAME, MAIL_PASSWORD and MAIL_USE_TLS.\n"
        f"Next: set -a; . {shlex.quote(str(file.absolute()))}; set +a; then flask --app wsgi db"
        " upgrade, and on as docs/operating.md says under “The first start”."
    )


def _there(file: Path) -> str:
    return f"{file} is there already, and its secrets may be in use: choose another name."


def _all_answers(given: Mapping[str, str]) -> dict[str, str]:
    """Return the answers by name, in the order of the questions; asks for those that no option
    gave, a wrong one again."""
    found = dict(given)
    try:
        for name in QUESTIONS:
            found[name] = given.get(name) or _asked(name)
    except click.Abort as stopped:
        if sys.stdin.isatty():
            raise
        missing = [
            f"--{name.lower().replace('_', '-')}" for name in QUESTIONS.keys() - found.keys()
        ]
        words = f"Nobody answers here. Nothing was written: give {', '.join(sorted(missing))}."
        click.echo()
        raise click.ClickException(words) from stopped
    return {name: found[name] for name in QUESTIONS}


def _asked(name: str) -> str:
    question, example, default = QUESTIONS[name]

    def answer(said: str) -> str:
        try:
            return first_settings.checked(name, said)
        except ValueError as error:
            raise click.UsageError(str(error)) from error

    text = question if default else f"{question}, such as {example}"
    return str(click.prompt(text, default=default, value_proc=answer))
