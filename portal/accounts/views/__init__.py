"""The pages of accounts: signing in and up, one's own account, one's organisation."""

from portal.accounts.views import (
    choosing,
    joining,
    mine,
    organisation,
    passkeys,
    proving,
    sign_on,
    signing_in,
    signing_up,
    tokens,
    two_factor,
)
from portal.accounts.views.start import blueprint

__all__ = [
    "blueprint",
    "choosing",
    "joining",
    "mine",
    "organisation",
    "passkeys",
    "proving",
    "sign_on",
    "signing_in",
    "signing_up",
    "tokens",
    "two_factor",
]
