"""Bring records in from a file: all of them or none, and the same file twice changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import select

from portal.accounts.models import Actor, Organisation, OrganisationKind, User
from portal.audit.services import note
from portal.clock import LONDON, clock_at, today
from portal.db import db
from portal.innovations.models import Innovation, Section, Sharing
from portal.innovations.sections.answers import (
    Answers,
    copy_of,
    submitted_answers,
    version_of,
    version_of_all,
)
from portal.innovations.sections.questions import PARTS, Part
from portal.innovations.services.drafts import register, save_draft
from portal.innovations.services.submission import submit
from portal.notifications.outbox import untold
from portal.reference.queries import promises_from
from portal.text import folded

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Incoming:
    """One record of a file, checked: its answers are the JSON of drafts."""

    line: int
    external_key: str
    name: str
    organisation: str
    organisation_kind: OrganisationKind
    answers: Mapping[Section, Answers]
    """Only the sections that the file says something of; a list row has no `id`."""
    sharing: Sharing = Sharing.HINS
    owner_email: str = ""
    submitted_on: date | None = None
    source_note: str = ""
    notes: tuple[str, ...] = ()
    """What was taken otherwise than it stands in the file, for who imports it."""


@dataclass
class Outcome:
    """What an import did, as counts, and the lines that it could not take."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)


def bring_in(
    *,
    rows: Sequence[Incoming],
    by: Actor,
    importer_id: int | None = None,
    tell: Tell = lambda _done: None,
) -> Outcome:
    """Create or change the record of every row; `tell` hears how many are done.

    Rows are matched by `external_key` among the records of the same importer (an organisation's
    id; None is who runs the portal). A new record is registered and submitted on the day that its
    row names; of a past day nobody is told, and what a HIN promises counts from today. When the
    outcome has errors, the caller must roll back: nothing is to be kept.
    """
    outcome = Outcome(errors=_twice(rows))
    if outcome.errors:
        return outcome
    known = _known([row.external_key for row in rows], importer_id)
    makers = _Makers(by)
    for done, row in enumerate(rows, start=1):
        innovation = known.get(row.external_key)
        if innovation is None:
            with _on_its_day(row):
                _create(row, makers, importer_id=importer_id, by=by)
            outcome.created += 1
        elif whose := _of_another(innovation, row):
            outcome.errors.append((row.line, whose))
        else:
            _change(innovation, row, outcome, by=by)
        tell(done)
    db.session.flush()
    return outcome


@contextmanager
def _on_its_day(row: Incoming) -> Iterator[None]:
    """Let a row happen on the day that it names: the past tells nobody and promises from today."""
    day = today()
    if row.submitted_on is None or row.submitted_on >= day:
        yield
        return
    with promises_from(day), untold(), clock_at(_noon(row.submitted_on)):
        yield


def _of_another(innovation: Innovation, row: Incoming) -> str:
    """Say whose record already has the row's key, if it is another maker's or another HIN's."""
    hin = row.answers.get(Section.ABOUT, {}).get("hin")
    is_other_maker = folded(innovation.organisation.name) != folded(row.organisation)
    is_other_hin = bool(hin and innovation.hin and innovation.hin.code != hin)
    if not is_other_maker and not is_other_hin:
        return ""
    network = f", looked after by {innovation.hin.name}" if innovation.hin else ""
    return (
        f"external_key “{row.external_key}” is already that of “{innovation.name}” by "
        f"{innovation.organisation.name}{network}: give this record a key of its own, or change "
        f"{'its maker' if is_other_maker else 'its HIN'} in the portal first"
    )


def _twice(rows: Iterable[Incoming]) -> list[tuple[int, str]]:
    seen: dict[str, int] = {}
    return [
        (row.line, f"external_key “{row.external_key}” is already on line {first}")
        for row in rows
        if (first := seen.setdefault(row.external_key, row.line)) != row.line
    ]


def _known(keys: Sequence[str], importer_id: int | None) -> dict[str, Innovation]:
    wanted = list(dict.fromkeys(keys))
    mine = (
        Innovation.importer_id == importer_id
        if importer_id is not None
        else Innovation.importer_id.is_(None)
    )
    found: dict[str, Innovation] = {}
    for start in range(0, len(wanted), 500):
        chunk = Innovation.external_key.in_(wanted[start : start + 500])
        found |= {
            row.external_key or "": row
            for row in db.session.scalars(select(Innovation).where(chunk, mine))
        }
    return found


class _Makers:
    """The organisations and owners that a file names, each looked up once."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        # The oldest comes last: of two that fold alike it is taken.
        every = db.session.scalars(select(Organisation).order_by(Organisation.id.desc()))
        self.organisations = {folded(one.name): one for one in every}

    def organisation(self, row: Incoming) -> Organisation:
        """Return the organisation of that name; one that is not there yet is made."""
        name = folded(row.organisation)
        if name not in self.organisations:
            self.organisations[name] = self._made(row)
        return self.organisations[name]

    def _made(self, row: Incoming) -> Organisation:
        made = Organisation(name=row.organisation, kind=row.organisation_kind)
        db.session.add(made)
        db.session.flush()
        note(made, "imported", "was made by an import", by=self.by)
        return made

    def owner(self, row: Incoming) -> User | None:
        """Return the person with that address, if the file names one who has an open account."""
        if not row.owner_email:
            return None
        named = (User.email == row.owner_email.lower()) & User.active.is_(True)
        return db.session.scalar(select(User).where(named))


def _create(row: Incoming, makers: _Makers, *, importer_id: int | None, by: Actor) -> None:
    innovation = register(
        name=row.name,
        by=by,
        organisation_id=makers.organisation(row).id,
        sharing=row.sharing,
    )
    owner = makers.owner(row)
    innovation.owner_id = owner.id if owner else None
    innovation.external_key, innovation.importer_id = row.external_key, importer_id
    innovation.source_note = row.source_note
    for section, answers in row.answers.items():
        _draft(innovation, section, answers, by=by)
    _submit(innovation, by=by)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON)


def _change(innovation: Innovation, row: Incoming, outcome: Outcome, *, by: Actor) -> None:
    differing = {
        section: answers
        for section, answers in row.answers.items()
        if not _says(innovation, PARTS[section], answers)
    }
    for section in differing:
        copy = copy_of(innovation, section)
        if copy is not None and copy.draft is not None:
            outcome.errors.append((row.line, f"“{PARTS[section].title}” has a draft that waits"))
            return
    if not differing:
        outcome.unchanged += 1
        return
    for section, answers in differing.items():
        _draft(innovation, section, _with_files(innovation, section, answers), by=by)
    _submit(innovation, by=by, sections=list(differing))
    outcome.updated += 1


def _says(innovation: Innovation, part: Part, answers: Answers) -> bool:
    """Whether what is submitted already says what the file says (a list: row by row)."""
    now = submitted_answers(innovation, part)
    if not part.is_list:
        return all(now.get(name) == answer for name, answer in answers.items())
    rows = [{q.name: item[q.name] for q in part.asked} for item in now["items"]]
    return bool(rows == answers["items"])


def _with_files(innovation: Innovation, section: Section, answers: Answers) -> Answers:
    """Return the answers with the files that the piece of evidence of the same title has: a file
    of records says nothing of them."""
    if section is not Section.EVIDENCE:
        return answers
    had = {item.title: [file.id for file in item.files] for item in innovation.evidence}
    items = [{**item, "files": had.get(item["title"], [])} for item in answers["items"]]
    return {"items": items}


def _draft(innovation: Innovation, section: Section, answers: Answers, *, by: Actor) -> None:
    save_draft(
        innovation=innovation,
        section=section,
        answers=answers,
        version=version_of(innovation, section),
        by=by,
    )


def _submit(
    innovation: Innovation,
    *,
    by: Actor,
    sections: Sequence[Section] | None = None,
) -> None:
    submit(
        innovation=innovation,
        version=version_of_all(innovation),
        by=by,
        sections=sections,
    )
