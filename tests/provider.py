"""A provider of OpenID Connect that runs beside the tests, in a process of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests import killing


@contextmanager
def running_provider(log: Path) -> Iterator[str]:
    """Run a provider; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    process = killing.start("-m", "oidc_provider_mock", "--port", port, log=log)
    try:
        killing.wait_until(lambda: _answers(address), log.read_text)
        yield address
    finally:
        killing.kill(process)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/.well-known/openid-configuration", timeout=5).ok
    except requests.ConnectionError:
        return False


def known_there(address: str, sub: str, **claims: object) -> None:
    """Let the provider know somebody, and what it says of them."""
    requests.put(f"{address}/users/{sub}", json=claims, timeout=5).raise_for_status()
