"""Call an address of the open internet, and nowhere else: no private network, no machine of ours.

The name is looked up once, every address that it leads to is looked at, and the very address that
was looked at is called: a name cannot lead elsewhere in between. Redirects are not followed, for
they would lead past all that.
"""

import socket
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import certifi
import urllib3

SECONDS = urllib3.Timeout(connect=5, read=10)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out to the open internet (RFC 4291): outside it lie the forms
of IPv4 addresses that a gateway or the machine itself takes back to IPv4 (::/96, ::ffff:0:0:0/96,
64:ff9b::/96, 64:ff9b:1::/48), and the sites' own (fec0::/10, fc00::/7)."""
_NOT_OPEN = (IPv6Network("3fff::/20"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""For documentation, protocols and relays (RFC 9637, 6890, 7526), which Python takes for open."""


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


def call(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    may_be_private: bool = False,
    reads: int = 0,
) -> tuple[int | None, str]:
    """Call an address; returns the code of the answer, None where there was none, and it in words.

    Of the answer's body the first `reads` bytes are read, and are the words then; else nothing is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError):
        return None, "the name leads nowhere"
    addresses = [str(one[4][0]) for one in found]
    if not (may_be_private or all_open(addresses)):
        return None, "the name leads into a private network"
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    sent = {**headers, "host": parts.netloc}
    try:
        with _pool(parts.scheme, addresses[0], port, str(parts.hostname)) as pool:
            answer = pool.urlopen(
                method,
                path,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
            said = answer.read(reads).decode(errors="replace") if reads else str(answer.status)
            answer.close()
    except urllib3.exceptions.HTTPError as problem:
        return None, f"no answer ({type(problem).__name__})"
    return answer.status, said


def _pool(scheme: str, address: str, port: int, host: str) -> urllib3.HTTPConnectionPool:
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=SECONDS)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=SECONDS,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )
