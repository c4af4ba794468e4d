"""Send a message to an address of the open internet (`portal.calling`); the jobs that do so."""

from collections.abc import Mapping

from portal.calling import call

ANNOUNCE = "api.announce"
"""The job that writes a message for every webhook that may hear of something."""
DELIVER = "api.deliver"
"""The job that sends what waits."""
AGENT = {"user-agent": "innovation-portal-webhooks/1"}


def post(
    url: str, body: str, headers: Mapping[str, str], *, may_be_private: bool = False
) -> tuple[int | None, str]:
    """Post a body; returns the code of the answer, None where there was none, and it in words."""
    return call("POST", url, {**headers, **AGENT}, body.encode(), may_be_private=may_be_private)
