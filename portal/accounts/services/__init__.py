"""Change accounts: people and their passwords, sessions, organisations, memberships."""

from portal.accounts.services import trail
from portal.accounts.services.addresses import (
    address_of_change,
    ask_for_address,
    change_address,
    send_address_change,
)
from portal.accounts.services.invitations import (
    OTHER_ADDRESS,
    accept_invitation,
    invite,
    open_invited_account,
    withdraw,
)
from portal.accounts.services.leaving import deactivate, end_membership
from portal.accounts.services.memberships import (
    accept,
    add_membership,
    ask_to_join,
    decline,
    make_lead,
)
from portal.accounts.services.messages import mark_read
from portal.accounts.services.organisations import create_organisation, edit_organisation
from portal.accounts.services.passwords import (
    ask_for_reset,
    authenticate,
    change_password,
    is_link_used,
    is_password_of,
    reset_password,
    send_reset,
    user_of_reset,
)
from portal.accounts.services.people import (
    ask_for_account,
    change_name,
    confirm,
    create_user,
    reactivate,
    send_confirmation,
    sign_up,
    user_of_confirmation,
)
from portal.accounts.services.sessions import (
    act_as,
    end_other_sessions,
    end_session,
    note_seen,
    open_session,
)
from portal.accounts.services.sign_on import (
    forget_states,
    link_identity,
    note_used,
    open_account_with_identity,
    unlink_identity,
    use_state,
)
from portal.accounts.services.two_factor import (
    CountingTotp,
    is_code_right,
    is_recovery_code_right,
    new_recovery_codes,
    set_up_two_factor,
    turn_off_two_factor,
)

__all__ = [
    "OTHER_ADDRESS",
    "CountingTotp",
    "accept",
    "accept_invitation",
    "act_as",
    "add_membership",
    "address_of_change",
    "ask_for_account",
    "ask_for_address",
    "ask_for_reset",
    "ask_to_join",
    "authenticate",
    "change_address",
    "change_name",
    "change_password",
    "confirm",
    "create_organisation",
    "create_user",
    "deactivate",
    "decline",
    "edit_organisation",
    "end_membership",
    "end_other_sessions",
    "end_session",
    "forget_states",
    "invite",
    "is_code_right",
    "is_link_used",
    "is_password_of",
    "is_recovery_code_right",
    "link_identity",
    "make_lead",
    "mark_read",
    "new_recovery_codes",
    "note_seen",
    "note_used",
    "open_account_with_identity",
    "open_invited_account",
    "open_session",
    "reactivate",
    "reset_password",
    "send_address_change",
    "send_confirmation",
    "send_reset",
    "set_up_two_factor",
    "sign_up",
    "trail",
    "turn_off_two_factor",
    "unlink_identity",
    "use_state",
    "user_of_confirmation",
    "user_of_reset",
    "withdraw",
]
