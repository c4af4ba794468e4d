"""Let a HIN have brought spreadsheets in: the sample of challenges, its pipeline with its support,
and the next quarter's, which waits to be looked at; and an administrator a file of places."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from portal import jobs
from portal.accounts.models import Actor, Membership, Organisation, User
from portal.accounts.session import actor_of
from portal.challenges.models import Challenge
from portal.clock import today
from portal.db import Base, db
from portal.demo.rules import lists
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import SIGN_INS
from portal.imports.models import Import, ImportRow, Result
from portal.imports.rules.mapping import guessed, meaning_of, unknown_values, word
from portal.imports.serialise.kinds import kind_of
from portal.imports.serialise.samples import sample_of
from portal.imports.services import directory, files
from portal.innovations.models import Innovation
from portal.reference.models import Site, SiteKind
from portal.reference.queries import ics_ids_served

NAME = "our-challenges.csv"
FIRST, SECOND = "our-pipeline-last-quarter.csv", "our-pipeline-this-quarter.csv"
HOSPICES = (("DEMOH01", "WILLOW HOUSE HOSPICE"), ("DEMOH02", "HARBOUR LIGHT HOSPICE"))
"""Made-up places of a file of the national directory."""
ENDED = {"ics": {word("Herts and W Essex"): "QM7"}}
"""What a value meant in a file of last year: that system ended, so the next file asks anew."""
FIRST_DAYS_AGO, DAYS_AGO, SECOND_DAYS_AGO = 12, 3, 2
Lines = Sequence[Sequence[str]]


def write(diary: Diary) -> None:
    """Send, look at and bring in, once, by the same services and jobs as the pages."""
    if db.session.scalar(select(Import.id).limit(1)) is not None:
        return
    by = _somebody("hin")
    with happening(diary, FIRST_DAYS_AGO):
        day, sites = today(), _sites(by)
        rows = lists.first(day, sites, SIGN_INS["hin"])
        _bring_in(_looked_at("innovations", FIRST, lists.HEADER, rows, by), by)
    with happening(diary, DAYS_AGO):
        _bring_in(_looked_at("challenges", NAME, *sample_of("challenges"), by), by)
        _read_places()
    with happening(diary, SECOND_DAYS_AGO):
        rows = lists.second(day, sites, SIGN_INS["hin"], _known(by))
        waiting = _looked_at("innovations", SECOND, lists.HEADER, rows, by)
        files.remember(waiting, ENDED)
        db.session.commit()


def _somebody(key: str) -> Actor:
    signed_in = select(Membership).join(Membership.user).where(User.email == SIGN_INS[key])
    membership = db.session.scalars(signed_in).one()
    return actor_of(membership.user, membership)


def _sites(by: Actor) -> list[str]:
    """Return trusts of the network's area, by their codes."""
    area = Site.ics_id.in_(ics_ids_served(by.hin_id)) & (Site.kind == SiteKind.TRUST)
    return list(db.session.scalars(select(Site.code).where(area).order_by(Site.code)))


def _known(by: Actor) -> tuple[str, str]:
    """Return the name and the maker of a record that the network looks after already."""
    ours = select(Innovation.name, Organisation.name).join(Innovation.organisation)
    mine = (Innovation.hin_id == by.hin_id) & Innovation.submitted_at.is_not(None)
    name, maker = db.session.execute(ours.where(mine).order_by(Innovation.id)).first() or ("", "")
    return name, maker


def _looked_at(kind: str, name: str, header: Sequence[str], rows: Lines, by: Actor) -> Import:
    """Send a list, take what is guessed of its columns and values, and have it looked at."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    data = text.getvalue().encode("utf-8-sig")
    importing = files.begin(kind=kind, name=name, data=data, source="", by=by)
    fields = kind_of(kind).fields()
    mapping = {one: guess.column for one, guess in guessed(fields, header, {}, {}).items()}
    files.choose_sheet(importing=importing, sheet="", header_row=1, header=header, mapping=mapping)
    files.match_columns(importing=importing, mapping=mapping, known=[one.name for one in fields])
    chosen: dict[str, dict[str, str]] = {}
    for one in (one for one in fields if one.is_coded and one.name in mapping):
        unknown = unknown_values(one, [row[mapping[one.name]] for row in rows], {})
        meant = {value: meaning for value in unknown if (meaning := meaning_of(one, value))}
        chosen |= {one.name: meant} if meant else {}
    files.match_values(importing=importing, chosen=chosen, memory={})
    files.start_check(importing=importing, by=by)
    _work(importing)
    return importing


def _bring_in(importing: Import, by: Actor) -> None:
    files.start_apply(importing=importing, by=by)
    _work(importing)
    _mark(importing)
    db.session.commit()


def _work(importing: Import) -> None:
    db.session.commit()
    jobs.run(importing.job_id or 0)


def _mark(importing: Import) -> None:
    """Say of what was made that it is of the demonstration."""
    made = select(ImportRow.record_id).where(
        ImportRow.import_id == importing.id, ImportRow.result == Result.MADE
    )
    kinds: dict[str, type[Base]] = {"challenges": Challenge, "innovations": Innovation}
    model = kinds[importing.kind]
    db.session.execute(update(model).where(model.id.in_(made)).values(is_demo=True))  # type: ignore[attr-defined]
    if importing.kind == "innovations":
        makers = select(Innovation.organisation_id).where(Innovation.id.in_(made))
        marked = update(Organisation).where(Organisation.id.in_(makers)).values(is_demo=True)
        db.session.execute(marked)


def _read_places() -> None:
    """Let the administrator have sent a file of the national directory, and read it."""
    told = [
        [code, name, "Y60", "", "1 NORTH STREET", "", "", "EXAMPLETON", "", "ZZ1 1AA", "20190401"]
        + [""] * 16
        for code, name in HOSPICES
    ]
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(told)
    file = directory.receive(
        data=text.getvalue().encode(),
        name="ehospice.csv",
        report="",
        on=today() - timedelta(days=1),
        is_part=False,
        may_shrink=False,
        by=_somebody("administrator"),
    )
    db.session.commit()
    jobs.run(file.job_id or 0)
    codes = [code for code, _ in HOSPICES]
    db.session.execute(update(Site).where(Site.code.in_(codes)).values(is_demo=True))
