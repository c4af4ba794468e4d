"""Makes reports: started by a person, brought to where they can be signed off."""

from datetime import date
from io import BytesIO

from portal.clock import today
from portal.db import db
from portal.exchange.models import Licence
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.reports.models import (
    ReleaseKind,
    Report,
    ReportComment,
    ReportEarlyReader,
    ReportPhoto,
    ReportRelease,
    ReportSection,
    SectionState,
)
from portal.reports.queries.outlines import newest
from portal.reports.services import making, publishing, writing
from portal.reports.services.early import name_reader
from portal.reports.services.photos import add_photo
from tests.cast import Person

LAST = Quarter.of(today()).previous


def report(*, by: Person, outline: str = "quarterly", quarter: Quarter | None = None) -> Report:
    """Start a report of the last quarter, of England or of the network of who starts it."""
    actor = by.actor
    hin = db.session.get_one(Hin, actor.hin_id) if actor.hin_id is not None else None
    return making.make_report(outline=newest(outline), quarter=quarter or LAST, hin=hin, by=actor)


def section(of: Report, code: str = "overview") -> ReportSection:
    """Return a section by its code."""
    return next(one for one in of.sections if one.code == code)


def write(text: str, *, by: Person, into: ReportSection, left_out: str = "") -> None:
    """Save a text as somebody who has just opened the section."""
    writing.save_text(section=into, version=into.version, text=text, left_out=left_out, by=by.actor)


def approved(of: Report, *, by: Person, texts: dict[str, str]) -> Report:
    """Write sections, leave the others out, and approve all of them."""
    for one in of.sections:
        text = texts.get(one.code, "")
        write(text, by=by, into=one, left_out="" if text else "Nothing is known of it.")
        for state in (SectionState.REVIEW, SectionState.APPROVED):
            writing.set_state(section=one, version=one.version, state=state, by=by.actor)
    return of


def commented(on: ReportSection, *, by: Person) -> ReportComment:
    """Comment on a section as a whole."""
    return writing.comment(section=on, paragraph=0, words="Is it so?", by=by.actor)


def photographed(
    of: Report, data: bytes, *, by: Person, name: str = "ward.png", alt: str = "A ward at night"
) -> ReportPhoto:
    """Add a photograph to a report."""
    return add_photo(
        report=of,
        file=(BytesIO(data), name),
        alt=alt,
        credit="The trust",
        licence=Licence.CC_BY,
        consent="Nobody can be recognised",
        by=by.actor,
    )


def signed_off(of: Report, *, by: Person) -> Report:
    """Sign a report off as it stands."""
    publishing.sign_off(report=of, version=of.version, by=by.actor)
    return of


def early(
    of: Report, *, by: Person, reader: Person, until: date | None = None
) -> ReportEarlyReader:
    """Let somebody read the version that is coming before it is published."""
    return name_reader(
        report=of, user=reader.user, capacity="Chief executive", until_on=until, by=by.actor
    )


def published(
    of: Report,
    *,
    by: Person,
    kind: ReleaseKind = ReleaseKind.FIRST,
    note: str = "",
    **more: date | None,
) -> ReportRelease:
    """Sign a report off and publish it; `more` are its days."""
    signed_off(of, by=by)
    return publishing.publish(
        report=of, version=of.version, kind=kind, note=note, next_on=None, by=by.actor, **more
    )
