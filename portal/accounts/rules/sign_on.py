"""What a provider of OpenID Connect says of a person, and what of it counts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.errors import Invalid

ANSWER_WITHIN = timedelta(minutes=10)
"""How long somebody may take at the provider's own pages."""
STATE_KEPT = timedelta(days=1)
"""How long an answer that was taken is remembered: longer than any could be taken."""
LEEWAY = 60
"""Seconds that the provider's clock may be off."""
SECONDS_TO_WAIT = 5
"""For each answer of a provider's servers."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that are believed: made with a private key of the provider alone."""

NOT_LET_IN = "Your organisation cannot sign in here. Ask whoever looks after this service."
INCOMPLETE = "The answer of the sign-in service is not complete. Try again later."

ENTRA_ISSUER = "https://login.microsoftonline.com/{tenant}/v2.0"
"""Source: Microsoft identity platform, "ID token claims reference", claim `iss`."""

DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider of the settings (`SIGN_ON_…`)."""

    name: str
    label: str
    kind: str
    """`entra`, `cis2` or `generic`."""
    client_id: str
    client_secret: str
    discovery_url: str
    scope: str = "openid profile email"
    tenants: tuple[str, ...] = ()
    """Entra: the tenants (directories) whose people are let in."""
    issuers: tuple[str, ...] = ()
    """Issuers of tokens that are believed; by default the one below which the document lies."""
    acr_values: str = ""
    """What the provider is asked for, for example a level of assurance."""
    second_factor: tuple[str, ...] = ()
    """Values of `amr` or `acr` that say that a second factor was used, and count here."""

    def believed_issuers(self) -> list[str]:
        """Return the issuers whose tokens are believed: of the settings, never of an answer.

        A provider's document lies below its issuer (OpenID Connect Discovery 1.0, section 4).
        """
        if self.issuers:
            return list(self.issuers)
        if self.kind == "entra":
            return [ENTRA_ISSUER.format(tenant=tenant) for tenant in self.tenants]
        issuer, _, _ = self.discovery_url.partition(DISCOVERY)
        return [issuer]


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody is by a provider's word, after its signature was checked."""

    provider: str
    issuer: str
    subject: str
    name: str
    verified_email: str
    """Empty unless the provider vouches for it."""
    has_second_factor: bool


def claimed_by(provider: Provider, claims: Mapping[str, Any]) -> Claimed:
    """Return who the claims of a checked ID token are about.

    Raises Invalid for a tenant that is not let in, and for claims without a subject.
    """
    if provider.kind == "entra" and claims.get("tid") not in provider.tenants:
        raise Invalid(NOT_LET_IN)
    subject = claims.get("oid" if provider.kind == "entra" else "sub")
    if not subject or not isinstance(subject, str):
        raise Invalid(INCOMPLETE)
    # The claim may be a text: "false" is not true.
    email = claims.get("email") if claims.get("email_verified") is True else ""
    return Claimed(
        provider=provider.name,
        issuer=str(claims["iss"]),
        subject=subject,
        name=str(claims.get("name") or "").strip(),
        verified_email=str(email or "").strip().lower(),
        has_second_factor=_has_second_factor(provider, claims),
    )


def _has_second_factor(provider: Provider, claims: Mapping[str, Any]) -> bool:
    amr = claims.get("amr")
    said = {*(str(one) for one in amr if one)} if isinstance(amr, list) else set()
    said.add(str(claims.get("acr") or ""))
    return bool(said & set(provider.second_factor))
