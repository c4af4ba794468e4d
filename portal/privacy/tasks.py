"""Every night: clear away what is kept no longer. On demand: erase a person, make their copy."""

from portal.accounts.models import User
from portal.db import db
from portal.jobs import Progress, task
from portal.privacy.queries.retention import rule_of, rules
from portal.privacy.serialise import copy_of
from portal.privacy.services import copies, erasing
from portal.privacy.services.retention import clear


@task("privacy.retention", schedule="35 2")
def clear_all(progress: Progress) -> None:
    """Follow every rule; run twice, the second time finds nothing."""
    every, said = rules(), []
    for number, rule in enumerate(every, start=1):
        run = clear(rule=rule, commit=db.session.commit)
        if run.done:
            said.append(f"{rule.retention.code} {run.done}")
        db.session.commit()
        progress(number, len(every), ", ".join(said) or "Nothing was over its time")


@task(erasing.TASK)
def erase(progress: Progress, user_id: int) -> None:
    """Erase one person, a transaction at a time; run again after a stop, it goes on."""
    user = db.session.get_one(User, user_id)
    if user.erased_at is not None:
        return
    rows = 0
    for step in erasing.steps(user):
        rows += step()
        db.session.commit()
        progress(rows, message=f"{rows} rows rewritten or deleted")


@task(copies.TASK)
def copy(_progress: Progress, user_id: int, asked_by_id: int | None) -> None:
    """Make a copy of everything held about a person."""
    user = db.session.get_one(User, user_id)
    data = copy_of(user)
    db.session.commit()
    asked_by = db.session.get(User, asked_by_id) if asked_by_id else None
    copies.keep_copy(user=user, data=data, asked_by=asked_by, days=rule_of("copies").days)
    db.session.commit()
