"""Webhooks by the scheme of Standard Webhooks: keys, retries, where nothing is sent. Pure.

Source: Standard Webhooks 1.0.0 (names of headers, form of keys and signatures).
"""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from standardwebhooks import Webhook as Signer

from portal.errors import Invalid

AGAIN_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long to wait after each attempt that failed; after the last the message is given up."""
MAX_FAILURES = 3
"""So many messages in a row that never arrived switch a webhook off."""
MAX_WEBHOOKS = 10
"""Of one person."""
GONE = 410
"""The answer by which a receiver says that it wants nothing any more."""


def key_taken(webhook_id: int) -> str:
    """Return the words by which the trail says that the new key of a webhook was taken."""
    return f"took the new key of the webhook {webhook_id}"


def key_of(salt: str, secret: str) -> str:
    """Return the key that signs a webhook's messages; only whoever has the service's secret can
    make it, so that the database alone is worth nothing."""
    made = hmac.new(secret.encode(), f"webhook {salt}".encode(), sha256).digest()
    return "whsec_" + base64.b64encode(made).decode()


def headers_of(number: str, at: datetime, body: str, keys: list[str]) -> Mapping[str, str]:
    """Return the headers with which exactly this body is sent at a moment, signed with every key:
    a receiver takes what has one signature of the key that it knows."""
    return {
        "content-type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(key).sign(number, at, body) for key in keys),
    }


def checked_address(url: str, *, may_be_private: bool = False) -> str:
    """Return the address of a receiver; raises Invalid for one that is not https://host/…"""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("Enter an address such as https://example.org/hook", field="url") from None
    schemes = {"https", "http"} if may_be_private else {"https"}
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    if parts.scheme not in schemes or not parts.hostname or not is_plain or port == 0:
        raise Invalid("Enter an address that begins with https://", field="url")
    return url
