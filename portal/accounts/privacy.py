"""Where people stand in accounts, and how long that is kept."""

from portal.accounts.models import Invitation, RecoveryCode, UserSession
from portal.accounts.models.approvals import Approval
from portal.accounts.models.security import MIN_DAYS_KEPT, SecurityEvent
from portal.accounts.models.terms import TermsAcceptance
from portal.accounts.models.tokens import ApiToken
from portal.personal import AddressReaders, Place, Retention, deleting

ADDRESS_READERS = (
    # `policy.can_lead` opens the page of an organisation's people, `can_administer` all of them.
    AddressReaders(
        "everybody with an account",
        ("the leads of the organisation for which you act", "administrators of this service"),
    ),
)

WAYS_IN = "A way into this portal: people choose their ways into another one anew"

PLACES = (
    Place(
        "user",
        "accounts",
        names="name",
        addresses="email",
        plain="tf_primary_method",
        hidden="password fs_uniquifier tf_totp_secret passkey_handle",
        held_back="tf_primary_method tf_last_counter factor_asked_at",
    ),
    Place(
        "organisation",
        "organisations",
        plain="name name_key website postcode ods_code company_number",
    ),
    Place("membership", "memberships"),
    Place("terms_version", "terms of use", typed="words changed"),
    Place("terms_acceptance", "terms of use accepted", theirs="user_id"),
    Place(
        "invitation",
        "invitations",
        addresses="email",
        hidden="token_hash",
        stays="Their links open this portal alone: people are invited anew",
    ),
    Place(
        "approval",
        "requests to a second administrator",
        addresses="email",
        typed="reason subject",
        stays="They are asked of the administrators of this portal, for some days",
    ),
    Place(
        "passkey",
        typed="name",
        hidden="credential_id public_key",
        theirs="user_id",
        stays=WAYS_IN,
    ),
    Place(
        "identity",
        "accounts at identity providers",
        plain="provider issuer",
        hidden="subject",
        theirs="user_id",
        stays=WAYS_IN,
    ),
    Place(
        "used_state",
        "used answers of identity providers",
        hidden="state_hash",
        stays=WAYS_IN,
    ),
    Place(
        "security_event",
        "events of security",
        typed="detail",
        plain="address device",
        stays="They tell of who tried to get into this portal, and from where",
    ),
    Place(
        "recovery_code",
        "recovery codes",
        hidden="code_hash",
        theirs="user_id",
        stays=WAYS_IN,
    ),
    Place(
        "api_token",
        "tokens of the API",
        typed="name",
        plain="scopes",
        hidden="token_hash",
        theirs="user_id",
        stays=WAYS_IN,
    ),
    Place(
        "user_session",
        "signed-in browsers",
        plain="user_agent",
        hidden="token_hash",
        theirs="user_id",
        stays=WAYS_IN,
    ),
)

RETENTION = (
    Retention(
        code="terms_accepted",
        what="Which version of the terms of use a person accepted, and when",
        why="To show on which terms the portal was used; who still uses it is asked again",
        done="Deleted",
        days=2190,
        floor=365,
        ceiling=3650,
        **deleting(TermsAcceptance, lambda before: TermsAcceptance.at < before),
    ),
    Retention(
        code="sessions",
        what="Browsers that were signed in: kind, first and last use",
        why="So that a person sees where they were signed in",
        done="Deleted",
        days=90,
        floor=30,
        ceiling=400,
        **deleting(
            UserSession,
            lambda before: (UserSession.revoked_at < before) | (UserSession.seen_at < before),
        ),
    ),
    Retention(
        code="api_tokens",
        what="Tokens of the API that were revoked or ran out: their name, when they were last used",
        why="To see by which token something was done",
        done="Deleted",
        days=365,
        floor=90,
        ceiling=730,
        **deleting(
            ApiToken,
            lambda before: (ApiToken.revoked_at < before) | (ApiToken.expires_at < before),
        ),
    ),
    Retention(
        code="security_events",
        what="Events of security: what was done, from which network address, in which browser",
        why="To find out what happened when somebody got in who should not have",
        done="Deleted",
        days=365,
        floor=MIN_DAYS_KEPT,
        ceiling=730,
        **deleting(SecurityEvent, lambda before: SecurityEvent.at < before),
    ),
    Retention(
        code="approvals",
        what="What administrators asked a second one to agree to: whom it was about, and why",
        why="To see who agreed to what",
        done="Deleted",
        days=730,
        floor=365,
        ceiling=2555,
        **deleting(Approval, lambda before: Approval.expires_at < before),
    ),
    Retention(
        code="recovery_codes",
        what="Recovery codes that were used, as hashes",
        why="So that none can be used twice",
        done="Deleted",
        days=90,
        floor=30,
        ceiling=400,
        **deleting(RecoveryCode, lambda before: RecoveryCode.used_at < before),
    ),
    Retention(
        code="invitations",
        what="Invitations that were accepted, withdrawn or ran out: the address",
        why="To see who was invited, while that is still in question",
        done="Deleted",
        days=180,
        floor=30,
        ceiling=730,
        **deleting(
            Invitation,
            lambda before: (
                (Invitation.accepted_at < before)
                | (Invitation.withdrawn_at < before)
                | (Invitation.expires_at < before)
            ),
        ),
    ),
)
