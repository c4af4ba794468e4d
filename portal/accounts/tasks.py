"""What strangers cause is done here, not in their requests, whose time would tell who has an
account; and every night used answers of identity providers are forgotten."""

from flask import current_app

from portal.accounts import services
from portal.accounts.models import User
from portal.clock import now
from portal.db import db
from portal.jobs import Progress, task


@task("accounts.reset", forgets=True, prompt=True)
def reset(_progress: Progress, *, email: str) -> None:
    """Send a link to choose a new password to whoever has the address."""
    services.send_reset(email=email, production=current_app.config["PRODUCTION"])
    db.session.commit()


@task("accounts.sign_up", forgets=True, prompt=True)
def sign_up(_progress: Progress, *, name: str, email: str, stored: str) -> None:
    """Open the account that somebody asked for, or tell its owner that there is one."""
    services.sign_up(name=name, email=email, stored=stored)
    db.session.commit()


@task("accounts.address", forgets=True, prompt=True)
def address(_progress: Progress, *, user_id: int, email: str) -> None:
    """Send the link that confirms somebody's new address, if nobody has it."""
    services.send_address_change(user=db.session.get_one(User, user_id), email=email)
    db.session.commit()


@task("accounts.forget_states", schedule="30 3")
def forget_states(_progress: Progress) -> None:
    """Delete used answers of identity providers that could not be used any more."""
    services.forget_states(now_is=now())
    db.session.commit()
