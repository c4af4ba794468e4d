"""`flask demo …`: load the demonstration, or serve it."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click
import waitress
from flask import Flask, current_app
from flask.cli import AppGroup

import config
from portal.demo import queries
from portal.demo.services import PASSWORD, prepare

group = AppGroup("demo", help="A made-up world to try the portal in.")

STOP_WITHIN = 10
"""Seconds that the worker has to finish what it is doing."""


@group.command("load")
def load() -> None:
    """Migrate, load the demonstration data if they are not there, index and match."""
    _refuse_unless_demo()
    _prepare()


@group.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Load what is missing and serve the demonstration, with its worker, until stopped."""
    _refuse_unless_demo()
    _prepare()
    _print_sign_ins()
    # The proxy has it, Flask's annotation of the proxy does not.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    server = waitress.create_server(app, host=host, port=port, threads=8)
    with _stopped_by_signals(), _worker(), suppress(KeyboardInterrupt):
        address = f"http://{server.effective_host}:{server.effective_port}"
        click.echo(f"\nServing on {address} – stop it with Ctrl-C.")
        server.run()
    server.close()
    click.echo("Stopped.")


def _refuse_unless_demo() -> None:
    if current_app.config["PRODUCTION"]:
        raise click.ClickException(
            "This is production: the demonstration's sign-ins are public, so it is refused here."
        )
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            "Set DEMO=1 to say that this database is for a demonstration, as 'make demo' does."
        )


def _prepare() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with click.progressbar(length=1, label="Loading, indexing and matching") as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        prepare(tell)
        bar.update((bar.length or 1) - bar.pos)


def _print_sign_ins() -> None:
    people = queries.people()
    width = max(len(person["email"]) for person in people)
    click.echo(f"\nSign in as any of these, each with the password {PASSWORD}\n")
    for person in people:
        click.echo(f"  {person['email']:<{width}}  {person['name']}: {person['sign_in']}")


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM end the server as Ctrl-C does."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _worker() -> Iterator[None]:
    """Run a worker beside the server; in a session of its own, so that only we end it."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    worker = subprocess.Popen(command, cwd=config.ROOT, env=os.environ, start_new_session=True)  # noqa: S603  # our own
    try:
        yield
    finally:
        worker.send_signal(signal.SIGINT)
        try:
            worker.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
