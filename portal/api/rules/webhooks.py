"""Webhooks by the scheme of Standard Webhooks: keys, retries, where nothing is sent. Pure.

Source: Standard Webhooks 1.0.0 (names of headers, form of keys and signatures).
"""

import base64
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
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
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out to the open internet (RFC 4291): outside it lie the forms
of IPv4 addresses that a gateway or the machine itself takes back to IPv4 (::/96, ::ffff:0:0:0/96,
64:ff9b::/96, 64:ff9b:1::/48), and the sites' own (fec0::/10, fc00::/7)."""
_NOT_OPEN = (IPv6Network("3fff::/20"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""For documentation, protocols and relays (RFC 9637, 6890, 7526), which Python takes for open."""


def key_of(salt: str, secret: str) -> str:
    """Return the key that signs a webhook's messages; only whoever has the service's secret can
    make it, so that the database alone is worth nothing."""
    made = hmac.new(secret.encode(), f"webhook {salt}".encode(), sha256).digest()
    return "whsec_" + base64.b64encode(made).decode()


def headers_of(number: str, at: datetime, body: str, key: str) -> Mapping[str, str]:
    """Return the headers with which exactly this body is sent at a moment."""
    return {
        "content-type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(key).sign(number, at, body),
    }


def is_open(address: str) -> bool:
    """Whether an address of the network is one of the open internet: no private network, no
    machine of our own, nothing that stands for one of these."""
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        inner = found.sixtofour or (found.teredo and found.teredo[1])
        if inner or found not in _GLOBAL_UNICAST:
            return False
    if any(found.version == net.version and found in net for net in _NOT_OPEN):
        return False
    return found.is_global and not found.is_multicast


def all_open(addresses: Iterable[str]) -> bool:
    """Whether a name leads to the open internet alone, and leads anywhere."""
    found = list(addresses)
    return bool(found) and all(is_open(one) for one in found)


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
