"""Passkeys: the ceremonies of WebAuthn (W3C, level 3), by the library that Flask-Security uses.

Flask-Security's own pages name a person's passkeys to whoever types an address; these name them
only to somebody whose password was right.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import User
from portal.accounts.models.factors import Passkey
from portal.accounts.queries.factors import owner_of, passkey_by_credential, passkeys_of
from portal.accounts.services import trail
from portal.accounts.services.two_factor import forget_without_factor, new_recovery_codes
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Invalid
from portal.notifications.outbox import tell_address

MAX_PASSKEYS = 20
NOT_RIGHT = "Your device did not give a passkey that we can use. Try again"


@dataclass(frozen=True, slots=True)
class Site:
    """The service as devices know it."""

    host: str
    """Without a port: passkeys are bound to it."""
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a device has to sign, and when it was given out."""

    text: str
    at: float

    @classmethod
    def new(cls) -> "Challenge":
        """Return 256 random bits."""
        return cls(bytes_to_base64url(secrets.token_bytes(32)), now().timestamp())

    @property
    def raw(self) -> bytes:
        """Return the bytes to be signed."""
        return base64url_to_bytes(self.text)

    @property
    def given_at(self) -> datetime:
        """Return when it was given out."""
        return datetime.fromtimestamp(self.at, UTC)


def options_to_add(*, user: User, site: Site, challenge: Challenge) -> str:
    """Return what a device needs to make a passkey for the person, as JSON; flushes."""
    user.passkey_handle = user.passkey_handle or bytes_to_base64url(secrets.token_bytes(32))
    db.session.flush()
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=base64url_to_bytes(user.passkey_handle),
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=challenge.raw,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_named(user),
    )
    return options_to_json(options)


def options_to_use(*, user: User | None, site: Site, challenge: Challenge) -> str:
    """Return what a device needs to sign the challenge, as JSON.

    For nobody (`user` None) the device offers what it has: no account is named.
    """
    must = UserVerificationRequirement
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge.raw,
        allow_credentials=_named(user) if user else None,
        user_verification=must.PREFERRED if user else must.REQUIRED,
    )
    return options_to_json(options)


def _named(user: User) -> list[PublicKeyCredentialDescriptor]:
    rows = passkeys_of(user.id)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id)) for row in rows]


def add_passkey(
    *, user: User, name: str, credential: str, challenge: Challenge, site: Site
) -> list[str]:
    """Keep a passkey that the person's device has just made.

    Returns recovery codes, shown only once, when it is the person's first factor, else none.
    Raises Invalid when the device's answer is not right, or the passkey is somebody's already.
    """
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.raw,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError) as problem:
        raise Invalid(NOT_RIGHT) from problem
    named = bytes_to_base64url(made.credential_id)
    if passkey_by_credential(named) is not None or len(passkeys_of(user.id)) >= MAX_PASSKEYS:
        raise Invalid("This passkey is in use already, or you have too many. Remove one first")
    is_first = not user.has_factor
    row = Passkey(
        user_id=user.id,
        name=name,
        credential_id=named,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        used_at=now(),  # its challenge is used up with it
    )
    user.passkeys.append(row)
    trail.of_user("passkey_added", user, f"added the passkey {name}", by=trail.as_themselves(user))
    tell_address(user.email, "accounts/emails/passkey_added.txt", person=user, name=name)
    return new_recovery_codes(user=user) if is_first else []


def user_of_passkey(
    *, credential: str, challenge: Challenge, site: Site, user: User | None = None
) -> User | None:
    """Return who signed the challenge with their passkey, None when nobody rightly did.

    `user` is whose password was right; without one the device must have made sure itself who uses
    it (PIN, finger, face), so that the passkey is both factors. Each challenge counts once.
    """
    try:
        named = bytes_to_base64url(parse_authentication_credential_json(credential).raw_id)
        row = passkey_by_credential(named)
        if row is None or (user is not None and row.user_id != user.id):
            return None
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.raw,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=user is None,
        )
    except (WebAuthnException, ValueError):
        return None
    return owner_of(row) if _use_up(row, challenge, used.new_sign_count) else None


def _use_up(row: Passkey, challenge: Challenge, count: int) -> bool:
    """Use the challenge up: one given out before the passkey was last used is old."""
    unused = or_(Passkey.used_at.is_(None), Passkey.used_at < challenge.given_at)
    return use_once(Passkey, Passkey.id == row.id, unused, used_at=now(), sign_count=count)


def rename_passkey(*, passkey: Passkey, name: str) -> None:
    """Call a passkey something else."""
    passkey.name = name
    db.session.flush()


def remove_passkey(*, user: User, passkey: Passkey) -> None:
    """Let a passkey sign in no more; the last factor takes the recovery codes with it."""
    name = passkey.name
    user.passkeys.remove(passkey)
    db.session.flush()
    trail.of_user(
        "passkey_removed", user, f"removed the passkey {name}", by=trail.as_themselves(user)
    )
    tell_address(user.email, "accounts/emails/passkey_removed.txt", person=user, name=name)
    forget_without_factor(user)
    db.session.flush()
