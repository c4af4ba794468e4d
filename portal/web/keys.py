"""With which keys the portal signs: the newest makes, and older ones of the settings still hold."""

import hashlib

from flask import Flask, current_app
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

DIGEST = hashlib.sha512
"""With what cookies and forms are signed; the libraries' own default is SHA-1."""
OLDER = "SECRET_KEY_FALLBACKS"


def signing_keys(app: Flask | None = None) -> list[str]:
    """Return the keys of which one signed what is ours, the oldest first: itsdangerous signs with
    the last of them, and takes what any of them signed."""
    config = (app or current_app).config
    return [*reversed(config.get(OLDER) or ()), str(config["SECRET_KEY"])]


def has_older_keys() -> bool:
    """Say whether older keys are set beside the newest."""
    return bool(current_app.config.get(OLDER))


def signer(salt: str) -> URLSafeSerializer:
    """Return what signs texts of one purpose that have no end."""
    return URLSafeSerializer(signing_keys(), salt=salt, signer_kwargs={"digest_method": DIGEST})


def timed_signer(salt: str, *, key: str | None = None) -> URLSafeTimedSerializer:
    """Return what signs texts of one purpose that end some time; of a `key`, with it alone."""
    keys = signing_keys() if key is None else [key]
    return URLSafeTimedSerializer(keys, salt=salt, signer_kwargs={"digest_method": DIGEST})
