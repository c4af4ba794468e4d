"""Who is asking, and what they must do first."""

from flask import Flask

from portal.accounts.session import browser, steps, watching
from portal.accounts.session.actors import actor_of
from portal.accounts.session.bearer import refuse_wrong_token, require_scope, token_lacks
from portal.accounts.session.browser import (
    CHALLENGE,
    SESSION_KEY,
    active_memberships,
    current_actor,
    finish_session,
    is_own_password,
    keep_session,
    session_limits,
    start_session,
    step_up,
)
from portal.accounts.session.steps import (
    THEN,
    asks_proof,
    factor_due,
    opens_without_factor,
    opens_without_terms,
)

__all__ = [
    "CHALLENGE",
    "SESSION_KEY",
    "THEN",
    "active_memberships",
    "actor_of",
    "asks_proof",
    "current_actor",
    "factor_due",
    "finish_session",
    "is_own_password",
    "keep_session",
    "opens_without_factor",
    "opens_without_terms",
    "refuse_wrong_token",
    "require_scope",
    "session_limits",
    "start_session",
    "step_up",
    "token_lacks",
]


def init_app(app: Flask) -> None:
    """Give the application its accounts, and the steps before pages that ask for more."""
    browser.init_app(app)
    steps.init_app(app)
    watching.init_app(app)
