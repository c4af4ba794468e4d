"""`flask demo …`: load the demonstration, or serve it."""

import logging
import os
import signal
import socket
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

MAX_SECONDS_TO_STOP = 10
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
    door = _bound(host, port)
    _prepare()
    _print_sign_ins()
    # The proxy has it, Flask's annotation of the proxy does not.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    server = waitress.create_server(app, sockets=[door], threads=8)
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


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, before a minute is spent on loading.

    It does not listen yet: a browser that comes early is refused, not left waiting.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except (OSError, OverflowError) as problem:
        raise click.ClickException(
            f"Port {port} of {host} cannot be used: {problem}.\n"
            "Stop what uses it, or choose another: make demo PORT=8123, or --port 8123."
        ) from problem
    return door


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
    """Let SIGTERM and Ctrl-C end the server.

    Both are asked for: a shell that starts something in the background lets it ignore Ctrl-C's
    signal, and Python then leaves it ignored.
    """

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = {which: signal.signal(which, stop) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


@contextmanager
def _worker() -> Iterator[None]:
    """Run a worker beside the server; in a session of its own, so that only we end it.

    SIGTERM ends it whatever it ignores; a job that this breaks off is done again at the next start.
    """
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    worker = subprocess.Popen(command, cwd=config.ROOT, env=os.environ, start_new_session=True)  # noqa: S603  # our own
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(MAX_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
