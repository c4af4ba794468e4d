"""What companies are told about their yearly return. Answers are in no email."""

from portal.accounts.models import Actor
from portal.accounts.queries.acting import addresses_of_leavers, leads_of, members_acting
from portal.accounts.rules import hashed, new_token
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db
from portal.impact.models import CompanyReturn, ReturnKey
from portal.notifications.outbox import tell_address


def note(row: CompanyReturn, action: str, summary: str, *, by: Actor) -> None:
    """Put one line on the return's audit trail; it holds no answer."""
    audit.note(row, action, summary, by=by, audience=Audience.HIN)


def addresses(row: CompanyReturn) -> list[str]:
    """Return who is written to: the company's leads or, where it has none, everybody who acts for
    it, and whoever was sent a link before and has not left it since."""
    organisation_id = row.organisation_id
    people = leads_of(organisation_id) or members_acting(organisation_id)
    sent = [key.email for key in row.keys]
    left = addresses_of_leavers(organisation_id, sent)
    stayed = [email for email in sent if email.lower() not in left]
    return list(dict.fromkeys([*(one.email for one in people), *stayed]))


def send_link(row: CompanyReturn, email: str, template: str, *, by: Actor, words: str = "") -> None:
    """Email somebody a personal link of their own, which is kept as a hash alone."""
    key = new_token()
    row.keys.append(ReturnKey(email=email, key_hash=hashed(key), sent_at=now(), by_id=by.user_id))
    db.session.flush()
    tell_address(email, f"impact/emails/{template}.txt", row=row, key=key, words=words)


def tell(row: CompanyReturn, template: str, *, by: Actor, words: str = "") -> int:
    """Email everybody who is written to a link of their own; returns how many they are."""
    found = addresses(row)
    for email in found:
        send_link(row, email, template, by=by, words=words)
    return len(found)


def tell_accepted(row: CompanyReturn) -> None:
    """Tell them that the answer was accepted; there is nothing to open."""
    for email in addresses(row):
        tell_address(email, "impact/emails/accepted.txt", row=row)
