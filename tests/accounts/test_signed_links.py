"""Links in emails are signed with SHA-512; those sent before hold as long as they live."""

import hashlib

import pytest
from flask import Flask
from flask_security import Security
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from tests.cast import Cast

LINKS = ("reset", "confirm", "change_email")


def signed(one: URLSafeTimedSerializer, said: object, digest: object) -> str:
    """Return a link signed by the same key with a digest."""
    plain = URLSafeTimedSerializer(
        one.secret_keys, salt=one.salt, signer_kwargs={"digest_method": digest}
    )
    token = plain.dumps(said)
    assert isinstance(token, str)
    return token


def serializer(app: Flask, name: str) -> URLSafeTimedSerializer:
    security: Security = app.extensions["security"]
    found = getattr(security, f"{name}_serializer")
    assert isinstance(found, URLSafeTimedSerializer)
    return found


@pytest.mark.parametrize("name", LINKS)
def test_a_link_is_signed_with_sha_512(app: Flask, name: str) -> None:
    with app.app_context():
        one = serializer(app, name)
        signature = one.dumps(["x"]).rpartition(".")[2]
    assert len(signature) == 86, "64 bytes in base64 without its padding"


@pytest.mark.parametrize("name", LINKS)
def test_a_link_that_was_sent_before_holds_and_no_other(
    app: Flask, session: Session, cast: Cast, name: str
) -> None:
    said = [cast.innovator.user.fs_uniquifier, cast.innovator.user.email, "x"]
    one = serializer(app, name)
    for digest in (hashlib.sha1, hashlib.sha512):
        token = signed(one, said, digest)
        assert one.loads(token) == said
    for wrong in (signed(one, said, hashlib.sha256), signed(one, said, hashlib.sha1)[:-3] + "AAA"):
        with pytest.raises(BadSignature):
            one.loads(wrong)
