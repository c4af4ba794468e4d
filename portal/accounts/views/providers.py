"""Talk OpenID Connect with the providers of the settings, by Authlib.

Authorization code with PKCE, state and nonce. What a request asked for lies in the signed cookie of
the browser that began it; its state can be answered once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.models.security import SecurityKind
from portal.accounts.rules.sign_on import (
    ALGORITHMS,
    ANSWER_WITHIN,
    LEEWAY,
    SECONDS_TO_WAIT,
    Claimed,
    Provider,
    claimed_by,
)
from portal.clock import now
from portal.db import db, set_reading
from portal.errors import Invalid, NotFound
from portal.notifications.outbox import full_address

EXTENSION = "portal-sign-on"
NOT_ASKED = "This sign-in was used or took too long. Go to the sign in page and start again."
NOT_BELIEVED = (
    "The sign-in service did not say who you are. Go to the sign in page and start again."
)
NOT_REACHED = "The sign-in service does not answer at the moment. Try again later."


@dataclass(frozen=True, slots=True)
class Intent:
    """Why somebody was sent to a provider."""

    target: str | None = None
    """Where they wanted to go."""
    invitation: str = ""
    """The token of the invitation that they accept by it."""
    link_to: int | None = None
    """Who links it to their account, having given their password."""


def providers() -> tuple[Provider, ...]:
    """Return the providers of the settings, in their order."""
    return tuple(Provider(**given) for given in current_app.config["SIGN_ON_PROVIDERS"])


def provider_named(name: str) -> Provider:
    """Return a provider of the settings; raises NotFound."""
    found = next((one for one in providers() if one.name == name), None)
    if found is None:
        raise NotFound("There is no such way to sign in.")
    return found


def label_of(name: str) -> str:
    """Return what people call a provider, also one that the settings name no longer."""
    return next((one.label for one in providers() if one.name == name), name)


def send_to(provider: Provider, intent: Intent) -> Response:
    """Send the browser to the provider's own pages; raises Invalid when it does not answer."""
    client = _client(provider)
    back = full_address(url_for("accounts.sign_on_answer", name=provider.name))
    more = {"acr_values": provider.acr_values} if provider.acr_values else {}
    try:
        asked = client.create_authorization_url(back, **more)
    except (RequestException, AuthlibBaseError, ValueError, RuntimeError) as problem:
        current_app.logger.error("%s does not answer: %r", provider.name, str(problem))
        raise Invalid(NOT_REACHED) from problem
    client.save_authorize_data(
        redirect_uri=back,
        at=now().timestamp(),
        target=intent.target,
        invitation=intent.invitation,
        link_to=intent.link_to,
        **asked,
    )
    return redirect(asked["url"])


def answer_of(provider: Provider) -> tuple[Claimed, Intent]:
    """Return who has come back from a provider and why they went; raises Invalid for an answer
    that was not asked for in this browser, was used, or whose token is not to be believed."""
    client = _client(provider)
    try:
        intent = _taken(client, request.args.get("state", ""))
        return claimed_by(provider, _claims(client, provider)), intent
    except Invalid as refusal:
        said = f"answer of {provider.label} refused: {refusal}"
        services.security.note_try(SecurityKind.SIGN_IN_FAILED, said)
        raise


def _taken(client: Any, state: str) -> Intent:
    """Use up the state; its own transaction, as nothing may wait for the provider."""
    asked = client.framework.get_state_data(session, state)
    if asked is None or now().timestamp() - asked["at"] > ANSWER_WITHIN / timedelta(seconds=1):
        raise Invalid(NOT_ASKED)
    db.session.commit()
    set_reading(False)
    is_first = services.use_state(state=state)
    db.session.commit()
    if not is_first:
        raise Invalid(NOT_ASKED)
    return Intent(asked["target"], asked["invitation"], asked["link_to"])


def _claims(client: Any, provider: Provider) -> dict[str, Any]:
    """Return the claims of the ID token, checked: signature, issuer, audience, times, nonce."""
    try:
        found = client.load_server_metadata()
        found["id_token_signing_alg_values_supported"] = list(ALGORITHMS)
        believed = {
            "iss": {"essential": True, "values": provider.believed_issuers()},
            "aud": {"essential": True, "value": provider.client_id},
        }
        token = client.authorize_access_token(claims_options=believed, leeway=LEEWAY)
        claims: dict[str, Any] = dict(token["userinfo"])
    except RequestException as problem:
        current_app.logger.error("%s does not answer: %r", provider.name, str(problem))
        raise Invalid(NOT_REACHED) from problem
    except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as problem:
        current_app.logger.warning("%s is not believed: %r", provider.name, str(problem))
        raise Invalid(NOT_BELIEVED) from problem
    return claims


class _Straight(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Asks a provider at the address that it named, and at none that an answer leads on to."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.max_redirects = 0


class _App(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    client_cls = _Straight


class _Providers(OAuth):  # type: ignore[misc]  # Authlib has no types
    oauth2_client_cls = _App


def _client(provider: Provider) -> Any:
    """Return Authlib's client of a provider, made once for each application."""
    oauth = current_app.extensions.get(EXTENSION)
    if oauth is None:
        oauth = current_app.extensions[EXTENSION] = _Providers(current_app)
    client = oauth.create_client(provider.name)
    return client or oauth.register(
        provider.name,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=provider.discovery_url,
        client_kwargs={
            "scope": provider.scope,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS_TO_WAIT,
        },
    )
