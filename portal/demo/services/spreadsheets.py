"""Let a HIN have brought a spreadsheet in: the sample of challenges, with a row that is wrong."""

import csv
import io

from sqlalchemy import select

from portal import jobs
from portal.accounts.models import Actor, Membership, User
from portal.accounts.session import actor_of
from portal.challenges.models import Challenge
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import SIGN_INS
from portal.imports.models import Import, ImportRow, Result
from portal.imports.rules.mapping import guessed
from portal.imports.serialise.kinds import kind_of
from portal.imports.serialise.samples import sample_of
from portal.imports.services import files

KIND = "challenges"
NAME = "our-challenges.csv"
DAYS_AGO = 3


def write(diary: Diary) -> None:
    """Send, look at and bring in the sample, once, by the same services and jobs as the pages."""
    if db.session.scalar(select(Import.id).limit(1)) is not None:
        return
    by = _somebody()
    with happening(diary, DAYS_AGO):
        importing = _sent(by)
        files.start_check(importing=importing, by=by)
        _work(importing)
        files.start_apply(importing=importing, by=by)
        _work(importing)
        _mark(importing)
        db.session.commit()


def _somebody() -> Actor:
    signed_in = select(Membership).join(Membership.user).where(User.email == SIGN_INS["hin"])
    membership = db.session.scalars(signed_in).one()
    return actor_of(membership.user, membership)


def _sent(by: Actor) -> Import:
    header, rows = sample_of(KIND)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    data = text.getvalue().encode("utf-8-sig")
    importing = files.begin(kind=KIND, name=NAME, data=data, source="", by=by)
    fields = kind_of(KIND).fields()
    guesses = guessed(fields, header, {}, {})
    mapping = {name: guess.column for name, guess in guesses.items()}
    files.choose_sheet(importing=importing, sheet="", header_row=1, header=header, mapping=mapping)
    known = [one.name for one in fields]
    files.match_columns(importing=importing, mapping=mapping, known=known)
    files.match_values(importing=importing, chosen={}, memory={})
    return importing


def _work(importing: Import) -> None:
    db.session.commit()
    jobs.run(importing.job_id or 0)


def _mark(importing: Import) -> None:
    """Say of what was made that it is of the demonstration."""
    made = select(ImportRow.record_id).where(
        ImportRow.import_id == importing.id, ImportRow.result == Result.MADE
    )
    for challenge in db.session.scalars(select(Challenge).where(Challenge.id.in_(made))):
        challenge.is_demo = True
