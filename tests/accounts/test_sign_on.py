"""Signing in by OpenID Connect, with a real provider that runs beside the test."""

import hmac
import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from html import unescape
from io import BytesIO
from unittest import mock
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import select

from portal.accounts.models import Membership, Role, User, UserSession
from portal.accounts.models.identities import Identity
from portal.accounts.models.security import SecurityEvent, SecurityKind
from portal.accounts.queries.identities import identity_of
from portal.accounts.rules.sign_on import ENTRA_ISSUER, Provider
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.notifications.models import Email
from tests.accounts.conftest import PASSWORD, link_in
from tests.provider import known_there, running_provider

TENANT, OTHER_TENANT = "11111111-aaaa-4bbb-8ccc-000000000001", "another-tenant"
CLIENT_ID = "the-portal"


@pytest.fixture(scope="session")
def issuer(tmp_path_factory) -> Iterator[str]:
    """The address of a provider in a process of its own; who signs in there is set by `says`."""
    with running_provider(tmp_path_factory.mktemp("provider") / "log") as address:
        yield address


@pytest.fixture
def says(issuer) -> Callable[..., None]:
    """Let the provider know somebody: `says("sub", name="Jo")`."""

    return partial(known_there, issuer)


@pytest.fixture(autouse=True)
def configured(app, issuer, monkeypatch):
    """A portal with three providers, all of which are the one that runs here."""
    common = {
        "client_id": CLIENT_ID,
        "client_secret": "secret",
        "discovery_url": f"{issuer}/.well-known/openid-configuration",
    }
    providers = (
        {"name": "works", "label": "Works account", "kind": "generic", **common},
        {"name": "strong", "label": "Smartcard", "kind": "cis2", **common}
        | {"second_factor": ("mfa", "AAL3_ANY"), "acr_values": "AAL3_ANY"},
        {"name": "nhsnet", "label": "NHS.net", "kind": "entra", **common} | {"tenants": (TENANT,)},
    )
    monkeypatch.setitem(app.config, "SIGN_ON_PROVIDERS", providers)
    app.extensions.pop("portal-sign-on", None)
    yield
    app.extensions.pop("portal-sign-on", None)


def back_from(client, sub, provider="works", **query):
    """Begin in the browser, sign in at the provider, and return the path that leads back."""
    begun = started(client, provider, **query)
    assert begun.status_code == 302, begun.text
    return agreed(begun.location, sub)


def started(client, provider="works", **query):
    """Go to a provider from our page: with the token of forms that it has."""
    return client.get(start_address(client, provider, **query))


def start_address(client, provider="works", **query):
    """Where the button of our page leads, whatever is wanted afterwards."""
    shown = client.get("/account/sign-in").text
    found = re.search(rf'href="/account/sign-on/{provider}/start\?token=([^"&]*)"', shown)
    assert found, shown
    asked = urlencode({**query, "token": unescape(found[1])})
    return f"/account/sign-on/{provider}/start?{asked}"


def agreed(location: str, sub: str) -> str:
    answer = requests.post(location, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def is_signed_in(client) -> bool:
    return client.get("/account").status_code == 200


@pytest.fixture
def linked(session, cast, issuer):
    """A person who has linked the provider."""
    user = cast.innovator.user
    session.add(Identity(user_id=user.id, provider="works", issuer=issuer, subject="ida"))
    session.commit()
    return user


def test_somebody_linked_is_let_in_and_comes_where_they_wanted(client, linked, says):
    says("ida", name="Ida")
    answer = client.get(back_from(client, "ida", next="/account/sessions"))
    assert (answer.status_code, answer.location) == (302, "/account/sessions")
    assert is_signed_in(client)


def test_code_with_pkce_state_and_nonce_is_asked_for(client, session, cast):
    begun = started(client)
    asked = parse_qs(urlsplit(begun.location).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    assert asked["redirect_uri"] == ["http://localhost/account/sign-on/works/answer"]
    strong = started(client, "strong")
    assert parse_qs(urlsplit(strong.location).query)["acr_values"] == ["AAL3_ANY"]


def test_nobody_signed_in_is_sent_to_a_provider(as_, cast):
    begun = as_(cast.innovator).get("/account/sign-on/works/start?next=/account/sessions")
    assert begun.location == "/account/sessions"


def test_who_signs_in_meanwhile_is_signed_out_by_the_answer(
    client, linked, cast, session, knows_password, says
):
    says("ida")
    path = back_from(client, "ida")
    other = knows_password(cast.other_innovator.user)
    with client.session_transaction() as cookie:
        asked = {name: cookie[name] for name in cookie if name.startswith("_state_")}
    client.post("/account/sign-in", data={"email": other.email, "password": PASSWORD})
    with client.session_transaction() as cookie:
        cookie.update(asked)
    assert client.get(path).status_code == 302
    assert "Ida Brown" in client.get("/account").text
    live = select(UserSession).where(
        UserSession.user_id == other.id, UserSession.revoked_at.is_(None)
    )
    assert session.scalars(live).all() == []


def test_every_provider_has_a_button_on_the_sign_in_page(client, session, cast):
    page = client.get("/account/sign-in?next=/account/sessions").text
    for name in ("works", "strong", "nhsnet"):
        assert f"/account/sign-on/{name}/start?next=/account/sessions" in page
    assert client.get("/account/sign-on/nobody/start").status_code == 302  # to the sign-in page


def test_an_unknown_person_gets_no_account_by_any_address(client, session, cast, says):
    before = session.scalar(select(User.id).order_by(User.id.desc()).limit(1))
    says("stranger", email=cast.hin.user.email, email_verified=True, name="Not Hana")
    answer = client.get(back_from(client, "stranger"))
    assert answer.status_code == 403
    assert "We do not know this account yet" in answer.text
    assert not is_signed_in(client)
    assert session.scalar(select(User.id).order_by(User.id.desc()).limit(1)) == before
    assert session.scalars(select(Identity)).all() == []


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": int(time.time()) - 3600}, id="expired"),
        pytest.param({"aud": "another-client"}, id="wrong audience"),
        pytest.param({"aud": "another-client", "azp": CLIENT_ID}, id="audience with our azp"),
        pytest.param({"iss": "https://elsewhere.example"}, id="wrong issuer"),
        pytest.param({"nonce": "of another request"}, id="replayed nonce"),
        pytest.param({"iat": int(time.time()) + 36000}, id="from the future"),
    ],
)
def test_a_token_that_is_not_ours_lets_nobody_in(client, linked, says, claims):
    says("ida", **claims)
    answer = client.get(back_from(client, "ida"))
    assert answer.status_code == 400
    assert "did not say who you are" in answer.text
    assert not is_signed_in(client)


def _b64(plain: dict | bytes) -> str:
    text = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def _by_another_key(header: dict, claims: dict) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signed = f"{_b64(header)}.{_b64(claims)}"
    return f"{signed}.{_b64(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _by_nobody(header: dict, claims: dict) -> str:
    return f"{_b64({**header, 'alg': 'none'})}.{_b64(claims)}."


def _by_our_own_secret(header: dict, claims: dict) -> str:
    signed = f"{_b64({**header, 'alg': 'HS256'})}.{_b64(claims)}"
    return f"{signed}.{_b64(hmac.digest(b'secret', signed.encode(), 'sha256'))}"


def _with_other_claims(header: dict, claims: dict, signature: str = "") -> str:
    return f"{_b64(header)}.{_b64({**claims, 'sub': 'ida'})}.{signature}"


@pytest.mark.parametrize(
    "forge", [_by_another_key, _by_nobody, _by_our_own_secret, _with_other_claims]
)
def test_a_forged_signature_lets_nobody_in(client, session, linked, says, forge):
    """Whoever stands between us and the provider has all but its key: the claims are right."""
    says("mallory" if forge is _with_other_claims else "ida")
    path = back_from(client, "mallory" if forge is _with_other_claims else "ida")
    real, forged = requests.Session.request, []

    def between(self, method, url, **given):
        answer = real(self, method, url, **given)
        if url.endswith("/token"):
            told = answer.json()
            head, body, signature = told["id_token"].split(".")
            header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in (head, body))
            more = (signature,) if forge is _with_other_claims else ()
            told["id_token"] = forge(header, claims, *more)
            forged.append(header)
            answer._content = json.dumps(told).encode()
        return answer

    with mock.patch.object(requests.Session, "request", between):
        answer = client.get(path)
    assert forged
    assert (answer.status_code, "did not say who you are" in answer.text) == (400, True)
    assert not is_signed_in(client)
    event = session.scalars(select(SecurityEvent)).all()[-1]
    assert event.kind is SecurityKind.SIGN_IN_FAILED
    assert event.detail.startswith("answer of Works account refused: ")


def test_an_answer_works_once_even_with_a_copied_cookie(app, client, linked, says):
    says("ida")
    path = back_from(client, "ida")
    thief = app.test_client()
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert client.get(path).status_code == 302
    answer = thief.get(path)
    assert (answer.status_code, "was used or took too long" in answer.text) == (400, True)
    assert not is_signed_in(thief)


def test_an_answer_that_another_browser_asked_for_is_refused(app, client, linked, says):
    says("ida")
    path = back_from(client, "ida")
    assert app.test_client().get(path).status_code == 400
    made_up = re.sub("state=[^&]+", "state=made-up", path)
    assert client.get(made_up).status_code == 400
    assert client.get("/account/sign-on/works/answer").status_code == 400
    other = path.replace("/works/", "/strong/")
    assert client.get(other).status_code == 400
    assert not is_signed_in(client)


def test_an_answer_that_comes_too_late_is_refused(client, linked, says):
    says("ida")
    path = back_from(client, "ida")
    with client.session_transaction() as cookie:
        key = next(name for name in cookie if name.startswith("_state_"))
        cookie[key]["data"]["at"] -= 601
        cookie.modified = True
    assert client.get(path).status_code == 400


def test_who_refuses_at_the_provider_gets_a_page(client, linked):
    begun = started(client)
    asked = parse_qs(urlsplit(begun.location).query)
    answer = client.get(
        "/account/sign-on/works/answer",
        query_string={"error": "access_denied", "state": asked["state"][0]},
    )
    assert answer.status_code == 400


def test_a_provider_that_does_not_answer_gives_a_page_and_not_an_error(app, client, session):
    away = [dict(app.config["SIGN_ON_PROVIDERS"][0], discovery_url="http://localhost:9/none")]
    with mock.patch.dict(app.config, SIGN_ON_PROVIDERS=away):
        answer = started(client)
    assert (answer.status_code, "does not answer at the moment" in answer.text) == (400, True)


def test_everything_that_leaves_has_a_time_out(client, linked, says):
    says("ida")
    sent = []
    real = requests.Session.request

    def noting(self, method, url, **given):
        sent.append((url, given.get("timeout")))
        return real(self, method, url, **given)

    with mock.patch.object(requests.Session, "request", noting):
        begun = started(client)
    path = agreed(begun.location, "ida")
    with mock.patch.object(requests.Session, "request", noting):
        assert client.get(path).status_code == 302
    assert {timeout for _, timeout in sent} == {5}
    ends = [url.rpartition("/")[2] for url, _ in sent]
    assert {"openid-configuration", "jwks", "token"} <= set(ends), ends


# Entra: by tenant and object id


def entra(tenant=TENANT, **claims):
    return {"iss": ENTRA_ISSUER.format(tenant=tenant), "tid": tenant, "oid": "o-1", **claims}


@pytest.fixture
def of_tenant(session, cast):
    user = cast.hin.user
    row = Identity(
        user_id=user.id,
        provider="nhsnet",
        issuer=ENTRA_ISSUER.format(tenant=TENANT),
        subject="o-1",
    )
    session.add(row)
    session.commit()
    return user


def test_entra_knows_people_by_object_id(client, of_tenant, says):
    says("pairwise-subject", **entra())
    assert client.get(back_from(client, "pairwise-subject", "nhsnet")).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        entra(OTHER_TENANT),
        entra() | {"tid": OTHER_TENANT},
        entra() | {"iss": ENTRA_ISSUER.format(tenant=OTHER_TENANT)},
        {name: value for name, value in entra().items() if name != "oid"},
        {name: value for name, value in entra().items() if name != "tid"},
    ],
)
def test_another_tenant_is_not_let_in(client, of_tenant, says, claims):
    says("pairwise-subject", **claims)
    assert client.get(back_from(client, "pairwise-subject", "nhsnet")).status_code == 400
    assert not is_signed_in(client)


# The second factor


@pytest.fixture
def with_factor(session, cast, issuer):
    user = cast.innovator.user
    user.tf_totp_secret, user.tf_primary_method = "a secret", "authenticator"
    for provider in ("works", "strong"):
        session.add(Identity(user_id=user.id, provider=provider, issuer=issuer, subject=provider))
    session.commit()
    return user


def test_the_accounts_own_second_factor_is_asked_for(client, with_factor, says):
    says("works", amr=["pwd", "mfa"], acr="AAL3_ANY")
    assert client.get(back_from(client, "works")).location == "/account/sign-in/code"
    assert not is_signed_in(client)


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "AAL3_ANY"}])
def test_a_providers_second_factor_counts_where_a_setting_says_so(
    client, with_factor, says, claims
):
    says("strong", **claims)
    assert client.get(back_from(client, "strong", "strong")).location == "/"
    assert is_signed_in(client)


def test_without_the_claim_the_providers_word_is_not_enough(client, with_factor, says):
    says("strong", amr=["pwd"], acr="AAL1")
    assert client.get(back_from(client, "strong", "strong")).location == "/account/sign-in/code"


def test_a_closed_account_stays_closed(client, linked, session, says):
    linked.active = False
    session.commit()
    says("ida")
    assert client.get(back_from(client, "ida")).status_code == 403
    assert not is_signed_in(client)


# The first match


@pytest.fixture
def invited(as_, cast, last_email):
    """The token of an invitation to the HIN."""
    address = f"/account/organisations/{cast.hin.organisation.id}/invite"
    as_(cast.hin).post(address, data={"email": "new@hin.example", "role": "hin"})
    return link_in(last_email("new@hin.example")).rpartition("/")[2]


def test_an_invitation_is_accepted_with_a_provider(app, client, session, invited, says):
    assert f"invitation={invited}" in client.get(f"/account/invitations/{invited}").text
    says("new", name="Noor Ali", email="old@elsewhere.example", email_verified=False)
    answer = client.get(back_from(client, "new", invitation=invited))
    assert (answer.status_code, answer.location) == (302, "/")
    user = session.scalars(select(User).where(User.email == "new@hin.example")).one()
    assert (user.name, user.password) == ("Noor Ali", None)
    assert user.confirmed_at is not None
    row = session.scalars(select(Membership).where(Membership.user_id == user.id)).one()
    assert row.role is Role.HIN
    again = app.test_client()
    assert again.get(back_from(again, "new", invitation=invited)).status_code == 302
    other = app.test_client()
    says("second", name="Second")
    assert other.get(back_from(other, "second", invitation=invited)).status_code == 403
    assert not is_signed_in(other)


def test_a_vouched_for_address_other_than_the_invited_one_is_refused(
    client, session, invited, says
):
    says("new", email="somebody@company.example", email_verified=True)
    assert client.get(back_from(client, "new", invitation=invited)).status_code == 403
    assert session.scalar(select(User).where(User.email == "new@hin.example")) is None


def test_a_name_that_is_a_link_is_not_taken_over(client, session, invited, says):
    says("new", name="Win at www.evil.example")
    client.get(back_from(client, "new", invitation=invited))
    user = session.scalars(select(User).where(User.email == "new@hin.example")).one()
    assert user.name == "new@hin.example"


def test_an_invited_address_that_has_an_account_is_not_taken_over(
    as_, client, session, cast, last_email, says
):
    owner = cast.other_hin.user
    address = f"/account/organisations/{cast.hin.organisation.id}/invite"
    as_(cast.hin).post(address, data={"email": owner.email, "role": "hin"})
    token = link_in(last_email(owner.email)).rpartition("/")[2]
    says("somebody", email=owner.email, email_verified=True)
    answer = client.get(back_from(client, "somebody", invitation=token))
    assert (answer.status_code, "Sign in with its password" in answer.text) == (403, True)
    assert session.scalars(select(Identity)).all() == []


# Linking and removing


def test_a_person_links_a_provider_after_giving_their_password(
    app, as_, cast, session, knows_password, says, issuer
):
    user = knows_password(cast.innovator.user)
    browser = as_(cast.innovator)
    _make_old(session, user)
    start, prove = "/account/sign-on/works/link/start", "/account/prove"
    assert browser.get(start).location == f"{prove}?next={start}"
    wrong = browser.post(prove, data={"password": "wrong", "next": start})
    assert "Enter your correct password" in wrong.text
    assert browser.get("/account/sign-on/works/link").location.startswith(prove)
    assert browser.post(prove, data={"password": PASSWORD, "next": start}).location == start
    assert "Continue to Works account" in browser.get("/account/sign-on/works/link").text
    says("ida")
    begun = browser.get(start_on_page(browser))
    done = browser.get(agreed(begun.location, "ida"))
    assert done.location == "/account/sign-on"
    assert "Linked on" in browser.get("/account/sign-on").text
    row = session.scalars(select(Identity)).one()
    assert (row.user_id, row.issuer, row.subject) == (user.id, issuer, "ida")
    told = session.scalars(select(Email).where(Email.address == user.email)).all()
    assert any("new way to sign in" in email.subject for email in told)
    assert session.scalar(select(AuditEvent).where(AuditEvent.action.contains("identity_linked")))
    other = app.test_client()
    assert other.get(back_from(other, "ida")).location == "/"


def start_on_page(browser) -> str:
    """Where the page that explains linking leads on to."""
    page = browser.get("/account/sign-on/works/link").text
    return unescape(re.search(r'href="(/account/sign-on/works/link/start[^"]*)"', page)[1])


@pytest.mark.parametrize("token", ["", "&token=", "&token=nonsense"])
def test_no_other_site_starts_to_sign_somebody_in(client, linked, token):
    """Its address alone leads to our page, where the button is."""
    start = "/account/sign-on/works/start"
    back = client.get(f"{start}?next=/account/sessions{token}").location
    assert back == "/account/sign-in?next=/account/sessions"
    assert client.get(f"{start}?invitation=abc{token}").location == "/account/invitations/abc"


def test_a_browser_that_says_another_site_leads_here_is_led_to_our_page(client, linked):
    address = start_address(client)
    for site in ("cross-site", "same-site", "none"):
        answer = client.get(address, headers={"Sec-Fetch-Site": site})
        assert answer.location == "/account/sign-in", site
    known = client.get(address, headers={"Sec-Fetch-Site": "same-origin"})
    assert "/authorize" in known.location


def test_a_provider_that_leads_elsewhere_is_not_followed(client, session, issuer):
    with mock.patch.object(requests.Session, "get_adapter") as adapter:
        answer = requests.Response()
        answer.status_code, answer.headers["Location"] = 302, f"{issuer}/jwks"
        answer.url = f"{issuer}/.well-known/openid-configuration"
        answer.raw, answer.request = BytesIO(), requests.Request("GET", answer.url).prepare()
        adapter.return_value.send.return_value = answer
        begun = started(client)
        assert adapter.return_value.send.call_count == 1
    assert (begun.status_code, "does not answer at the moment" in begun.text) == (400, True)


def test_a_document_cannot_name_another_issuer(app, client, linked, says, issuer):
    """The one of the settings is believed, whatever the provider's document says of itself."""
    says("ida")
    path = back_from(client, "ida")
    app.extensions["portal-sign-on"].create_client("works").server_metadata["issuer"] = "evil"
    assert client.get(path).status_code == 302
    known = Provider("w", "W", "generic", "id", "s", f"{issuer}/.well-known/openid-configuration")
    assert known.believed_issuers() == [issuer]


def test_what_a_provider_says_makes_one_line_of_the_log(client, linked, caplog):
    begun = started(client)
    state = parse_qs(urlsplit(begun.location).query)["state"][0]
    said = {"error": "denied\n2026-01-01 forged line", "error_description": "x\r\ny"}
    client.get("/account/sign-on/works/answer", query_string={**said, "state": state})
    [told] = [one.getMessage() for one in caplog.records if "is not believed" in one.getMessage()]
    assert "forged line" in told
    assert len(told.splitlines()) == 1


def test_no_other_site_starts_to_link(as_, cast):
    """Its address alone leads to the page that says what it does."""
    browser, start = as_(cast.innovator), "/account/sign-on/works/link/start"
    for token in ("", "?token=", "?token=nonsense"):
        assert browser.get(start + token).location == "/account/sign-on/works/link"
    foreign = start_on_page(as_(cast.other_innovator))
    assert browser.get(foreign).location == "/account/sign-on/works/link"
    assert "/authorize" in browser.get(start_on_page(browser)).location


def test_no_provider_speaks_for_the_people_of_another(linked, session):
    row = session.scalars(select(Identity)).one()
    assert identity_of(row.provider, row.issuer, row.subject) is row
    assert identity_of("another", row.issuer, row.subject) is None


def _make_old(session, user):
    for row in session.scalars(select(UserSession).where(UserSession.user_id == user.id)):
        row.proved_at = now() - timedelta(hours=1)
    session.commit()


def test_an_identity_belongs_to_one_account(as_, cast, linked, says):
    says("ida")
    browser = as_(cast.other_innovator)
    begun = browser.get(start_on_page(browser))  # has just signed in
    answer = browser.get(agreed(begun.location, "ida"))
    assert (answer.status_code, "linked to another account" in answer.text) == (409, True)


def test_linking_ends_where_it_began(as_, cast, session, says):
    """An answer that one person asked for links nothing to another who signed in meanwhile."""
    says("ida")
    browser, other = as_(cast.innovator), as_(cast.other_innovator)
    path = agreed(browser.get(start_on_page(browser)).location, "ida")
    with browser.session_transaction() as cookie:
        state = {name: cookie[name] for name in cookie if name.startswith("_state_")}
    with other.session_transaction() as cookie:
        cookie.update(state)
    assert other.get(path).status_code == 403
    assert session.scalars(select(Identity)).all() == []


def test_a_sign_in_is_removed_after_giving_the_password(as_, cast, linked, session, knows_password):
    knows_password(linked)
    browser = as_(cast.innovator)
    row = session.scalars(select(Identity)).one()
    address = f"/account/sign-on/{row.id}/remove"
    assert as_(cast.hin).post(address).status_code == 410
    _make_old(session, linked)
    assert browser.post(address).location.startswith("/account/prove")
    browser.post("/account/prove", data={"password": PASSWORD})
    assert browser.post(address).location == "/account/sign-on"
    session.expire_all()
    assert session.scalars(select(Identity)).all() == []


def test_the_only_way_in_cannot_be_removed(session, linked):
    from portal.accounts.services import unlink_identity
    from portal.accounts.services.trail import as_themselves
    from portal.errors import Invalid

    linked.password = None
    row = session.scalars(select(Identity)).one()
    with pytest.raises(Invalid, match="no password"):
        unlink_identity(identity=row, label="Works account", by=as_themselves(linked))
