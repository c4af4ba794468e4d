"""Send a message to an address of the open internet, and nowhere else; the jobs that do so."""

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import certifi
import urllib3

from portal.api.rules.webhooks import all_open

ANNOUNCE = "api.announce"
"""The job that writes a message for every webhook that may hear of something."""
DELIVER = "api.deliver"
"""The job that sends what waits."""
SECONDS = urllib3.Timeout(connect=5, read=10)
AGENT = {"user-agent": "innovation-portal-webhooks/1"}


def post(
    url: str, body: str, headers: Mapping[str, str], *, may_be_private: bool = False
) -> tuple[int | None, str]:
    """Post a body; returns the code of the answer, None where there was none, and it in words.

    The name is looked up once, every address that it leads to is looked at, and the very address
    that was looked at is called: a name cannot lead elsewhere in between. Redirects are not
    followed, for they would lead past all that.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None, "the name leads nowhere"
    addresses = [str(one[4][0]) for one in found]
    if not (may_be_private or all_open(addresses)):
        return None, "the name leads into a private network"
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    sent = {**headers, **AGENT, "host": parts.netloc}
    try:
        with _pool(parts.scheme, addresses[0], port, str(parts.hostname)) as pool:
            answer = pool.urlopen(
                "POST",
                path,
                body=body.encode(),
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
            answer.close()
    except urllib3.exceptions.HTTPError as problem:
        return None, f"no answer ({type(problem).__name__})"
    return answer.status, str(answer.status)


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
