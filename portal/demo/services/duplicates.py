"""Let a HIN have registered what was there already: pairs to find, and two records made one."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import jobs
from portal.accounts.models import Actor, Membership, Organisation, OrganisationKind, User
from portal.accounts.session import actor_of
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import SIGN_INS
from portal.imports.services.behalf import register_on_behalf
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.innovations.queries.merging import answers_of
from portal.innovations.services import finding
from portal.innovations.services.merging import merge_records
from portal.merging import Merge

PAIRS, DAYS_AGO = 3, 9
CONSENT = "By telephone, for the demonstration"


def write(diary: Diary) -> None:
    """Register three records of the HIN's area once more, under names a little different, and make
    one of them one with the first, once; the others wait on the list of possible duplicates."""
    if db.session.scalar(select(Merge.id).limit(1)) is not None:
        return
    by = _somebody()
    with happening(diary, DAYS_AGO):
        made = [(record, _again(record, number, by)) for number, record in enumerate(_of(by))]
        db.session.commit()
    if made:
        with happening(diary, DAYS_AGO - 2):
            one, other = made[-1]
            merge_records(
                one=one,
                another=other,
                why="Both are the same product: it was registered twice.",
                chosen=["website"],
                by=by,
            )
            db.session.commit()
    finding.ask_to_find()
    db.session.commit()
    jobs.run_waiting()


def _somebody() -> Actor:
    signed_in = select(Membership).join(Membership.user).where(User.email == SIGN_INS["hin"])
    membership = db.session.scalars(signed_in).one()
    return actor_of(membership.user, membership)


def _of(by: Actor) -> Sequence[Innovation]:
    """Return records of companies that came to the HIN and that only HINs read: their copies are
    read by the same people, so that nobody has to be asked."""
    return db.session.scalars(
        select(Innovation)
        .join(Innovation.organisation)
        .where(
            Organisation.kind == OrganisationKind.COMPANY,
            Innovation.hin_id == by.hin_id,
            Innovation.status == RecordStatus.SUBMITTED,
            Innovation.sharing == Sharing.HINS,
        )
        .order_by(Innovation.id)
        .limit(PAIRS)
    ).all()


def _again(record: Innovation, number: int, by: Actor) -> Innovation:
    """Register a record once more: the first under another organisation's name, as it happens."""
    maker = record.organisation
    answers = {name: value for name, value in answers_of(record).items() if value}
    organisation = f"{maker.name} Limited" if number == 0 else maker.name
    made = register_on_behalf(
        answers={**answers, "name": f"{record.name} (new)"},
        organisation=organisation,
        organisation_kind=maker.kind,
        consent=CONSENT,
        email="",
        by=by,
    )
    made.is_demo = made.organisation.is_demo = True
    return made
