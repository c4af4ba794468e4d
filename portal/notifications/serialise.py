"""The email as it leaves: plain text and HTML, one for several messages, with the way out."""

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from flask import current_app, render_template
from flask_mailman import EmailMultiAlternatives
from itsdangerous import BadSignature, URLSafeSerializer
from jinja2.utils import urlize
from markupsafe import Markup

from portal.notifications.models import Email, Kind
from portal.notifications.rules import is_required, subject_of_several
from portal.web.keys import signer

RULE = "\n\n- - -\n\n"
"""Between the messages of one email."""


def message_of(emails: Sequence[Email]) -> EmailMultiAlternatives:
    """Return one email for the waiting ones of one person, with its own name, so that a mail
    system that gets it twice after a worker was killed shows it once.

    Whoever can leave a kind of email finds the way in its headers, as RFC 8058 has it, and below
    its text.
    """
    first = emails[0]
    way_out = _way_out(first)
    text = RULE.join(_headed(one, is_alone=len(emails) == 1) for one in emails)
    subject = subject_of_several([one.subject for one in emails])
    message = EmailMultiAlternatives(
        subject, _plain(text, first.root, way_out), to=[first.address], headers=_headers(first)
    )
    if first.root:
        html = render_template(
            "email.html", subject=subject, blocks=blocks(text), root=first.root, way_out=way_out
        )
        message.attach_alternative(html, "text/html")
    return message


def blocks(text: str) -> list[Markup]:
    """Return the paragraphs of a plain text for HTML: escaped, addresses as links."""
    return [
        Markup("<br>").join(Markup(urlize(line)) for line in block.split("\n"))  # noqa: S704  # urlize escapes
        for block in text.split("\n\n")
    ]


def _headed(email: Email, *, is_alone: bool) -> str:
    return email.body if is_alone else f"{email.subject}\n\n{email.body}"


def _plain(text: str, root: str, way_out: str) -> str:
    if not root:
        return text
    ways = f"\nChoose which emails you get: {urljoin(root, '/account/notifications/choices')}"
    stop = f"\nNo more emails of this kind: {way_out}" if way_out else ""
    signature = f"-- \n{current_app.config['SERVICE_NAME']}\n{root}"
    return f"{text}\n\n{signature}{ways if way_out else ''}{stop}"


def _headers(email: Email) -> dict[str, str]:
    host = urlsplit(email.root).hostname or "localhost"
    headers = {"Message-ID": f"<portal-{email.id}@{host}>"}
    way_out = _way_out(email)
    if way_out:
        headers["List-Unsubscribe"] = f"<{way_out}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _way_out(email: Email) -> str:
    """Return the address at which one POST ends emails of this kind; "" where none does."""
    if email.user_id is None or not email.root or is_required(email.kind):
        return ""
    return urljoin(email.root, f"/unsubscribe/{token_for(email.user_id, email.kind)}")


def token_for(user_id: int, kind: Kind) -> str:
    """Return what lets its holder end emails of one kind to one person, and nothing else. It has no
    end: an old email must still lead out."""
    return str(_signer().dumps([user_id, kind.value]))


def read_token(token: str) -> tuple[int, Kind] | None:
    """Return whose emails of which kind a token ends, None when it is not ours."""
    try:
        user_id, kind = _signer().loads(token)
        return int(user_id), Kind(kind)
    except (BadSignature, ValueError, TypeError):
        return None


def _signer() -> URLSafeSerializer:
    return signer("unsubscribe")
