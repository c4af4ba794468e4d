"""Webhooks over real HTTPS: a receiver with a certificate, of its own name or of another."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook as Signer

from portal.api import outbox
from portal.api.rules.webhooks import headers_of, key_of
from portal.clock import now

HOST = "receiver.example"


def certificate(host: str, folder: Path) -> Path:
    """Write a key and a certificate that vouches for itself, for a host; returns the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    day = timedelta(days=1)
    start = now()
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - day)
        .not_valid_after(start + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / f"{host}.pem"
    path.write_bytes(plain + made.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Tls:
    """A receiver over TLS."""

    url: str
    got: list[tuple[dict[str, str], bytes]]
    names: list[str]


@pytest.fixture
def receiver(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tls]:
    """A receiver whose certificate is for `request.param`, to which the host's name leads."""
    path = certificate(request.param, tmp_path)
    got: list[tuple[dict[str, str], bytes]] = []
    names: list[str] = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.sni_callback = lambda _socket, name, _context: names.append(name or "")
    server = HTTPServer(("127.0.0.1", 0), Keeper)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(
        target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}
    ).start()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    monkeypatch.setattr(certifi, "where", lambda: str(path))
    yield Tls(f"https://{HOST}:{server.server_port}/hook", got, names)
    server.shutdown()
    server.server_close()


def send(url: str) -> tuple[int | None, str, str]:
    """Send a signed message; returns what came of it, and its key."""
    key, body = key_of("salt", "secret"), json.dumps({"type": "test"})
    return *outbox.post(
        url, body, headers_of("msg_1", now(), body, [key]), may_be_private=True
    ), key


@pytest.mark.parametrize("receiver", [HOST], indirect=True)
def test_a_message_arrives_over_tls_and_its_signature_holds(receiver: Tls) -> None:
    code, _, key = send(receiver.url)
    assert code == 204
    [(headers, body)] = receiver.got
    assert Signer(key).verify(body, headers) == {"type": "test"}
    assert receiver.names == [HOST], "the receiver is called by its name"
    assert headers["host"].startswith(f"{HOST}:")


@pytest.mark.parametrize("receiver", ["other.example"], indirect=True)
def test_nothing_is_sent_to_who_cannot_show_the_name(receiver: Tls) -> None:
    code, words, _ = send(receiver.url)
    assert (code, words) == (None, "no answer (SSLError)")
    assert receiver.got == []


@pytest.mark.parametrize("receiver", [HOST], indirect=True)
def test_nothing_is_sent_to_whom_nobody_vouches_for(
    receiver: Tls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate("third.example", tmp_path)))
    code, words, _ = send(receiver.url)
    assert (code, words) == (None, "no answer (SSLError)")
    assert receiver.got == []
