"""Where people stand in accounts, and how long that is kept."""

from portal.accounts.models import Invitation, RecoveryCode, UserSession
from portal.personal import AddressReaders, Place, Retention, deleting

ADDRESS_READERS = (
    # `policy.can_lead` opens the page of an organisation's people, `can_administer` all of them.
    AddressReaders(
        "everybody with an account",
        ("the leads of the organisation for which you act", "administrators of this service"),
    ),
)

PLACES = (
    Place(
        "user",
        "accounts",
        names="name",
        addresses="email",
        plain="tf_primary_method",
        hidden="password fs_uniquifier tf_totp_secret",
    ),
    Place("organisation", "organisations", plain="name name_key website postcode ods_code"),
    Place("membership", "memberships"),
    Place("invitation", "invitations", addresses="email", hidden="token_hash"),
    Place("recovery_code", "recovery codes", hidden="code_hash", theirs="user_id"),
    Place(
        "user_session",
        "signed-in browsers",
        plain="user_agent",
        hidden="token_hash",
        theirs="user_id",
    ),
)

RETENTION = (
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
