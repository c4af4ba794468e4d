"""Post emails by GOV.UK Notify instead of a mail server.

Its API takes an address, a template of the service and what stands in the template; a token signed
with the service's key says who asks. The template that `docs/operating.md` describes has two
places, ((subject)) and ((body)): Notify makes the HTML of it. Source: its REST API, version 2
(docs.notifications.service.gov.uk).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPRecipientsRefused
from typing import Any

from flask import current_app
from flask_mailman import EmailMessage
from flask_mailman.backends.base import BaseEmailBackend
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.calling import call
from portal.clock import now

ADDRESS = "https://api.notifications.service.gov.uk"
PATH = "/v2/notifications/email"
CREATED, BAD, TOO_MANY, BROKEN = 201, 400, 429, 500
FOR_GOOD = 550
"""What a mail server says of an address that it refuses for good, in whose words the portal's own
code hears it."""
MAX_ANSWER = 4096
"""So many bytes of an answer are read: it says why an email was refused."""
UUID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of Notify in its two parts: which service asks, and its secret."""

    service: str
    secret: str

    @classmethod
    def of(cls, text: str) -> "Key":
        """Return the parts of a key as Notify gives it: a name, the service's id and the secret,
        joined by hyphens. Raises ValueError for anything shorter."""
        if len(text) < 2 * UUID_LENGTH + 1:
            raise ValueError("set NOTIFY_API_KEY to a key as GOV.UK Notify gives it")
        return cls(text[-2 * UUID_LENGTH - 1 : -UUID_LENGTH - 1], text[-UUID_LENGTH:])

    def token(self) -> str:
        """Return a token for one request; Notify takes it for half a minute."""
        claims = {"iss": self.service, "iat": int(now().timestamp())}
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.secret))


class NotifyRefused(OSError):
    """Notify took an email for wrong, whomever it was to: the key, or the template."""


class EmailBackend(BaseEmailBackend):  # type: ignore[misc]  # the library says no types
    """Flask-Mailman's way out that calls Notify; it raises what a mail server's would."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Post each message; returns how many. Raises SMTPRecipientsRefused for an address that
        Notify does not take, ConnectionError where nothing more is to be tried now, and
        NotifyRefused."""
        for message in messages:
            code, said = _post(message)
            if code != CREATED:
                raise _problem(code, said, message.to[0])
        return len(messages)


def _post(message: EmailMessage) -> tuple[int | None, str]:
    config = current_app.config
    headers = {
        "authorization": f"Bearer {Key.of(config['NOTIFY_API_KEY']).token()}",
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": "innovation-portal-mail/1",
    }
    body = json.dumps(_asked(message, config["NOTIFY_TEMPLATE"])).encode()
    url = f"{config['NOTIFY_ADDRESS'].rstrip('/')}{PATH}"
    # Whoever runs the service says where it is: it may be a machine of their own.
    return call("POST", url, headers, body, may_be_private=True, reads=MAX_ANSWER)


def _asked(message: EmailMessage, template: str) -> dict[str, Any]:
    way_out = message.extra_headers.get("List-Unsubscribe", "").strip("<>")
    leads_out = {"one_click_unsubscribe_url": way_out} if way_out.startswith("https://") else {}
    return {
        "email_address": message.to[0],
        "template_id": template,
        "personalisation": {"subject": message.subject, "body": message.body},
        "reference": message.extra_headers.get("Message-ID", "").strip("<>"),
        **leads_out,
    }


def _problem(code: int | None, said: str, address: str) -> OSError:
    if code == BAD and "email_address" in said:
        return SMTPRecipientsRefused({address: (FOR_GOOD, _words(said).encode())})
    if code is None or code == TOO_MANY or code >= BROKEN:
        return ConnectionError(f"Notify: {_words(said)}")
    return NotifyRefused(f"Notify answers with {code}: {_words(said)}")


def _words(said: str) -> str:
    """Return the words of an answer's errors, or the answer as it is."""
    try:
        return "; ".join(str(one["message"]) for one in json.loads(said)["errors"])
    except (ValueError, KeyError, TypeError):
        return said[:200]
