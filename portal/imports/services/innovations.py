"""Bring records in from a file: all of them or none, and the same file twice changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, select

from portal.accounts.models import Actor, Organisation, OrganisationKind, User
from portal.accounts.queries.merging import kept_organisation
from portal.audit.services import note
from portal.clock import LONDON, clock_at, today
from portal.db import db
from portal.imports.rules.beside import RowExtras
from portal.innovations.models import Innovation, Section, Sharing
from portal.innovations.queries import kept_of
from portal.innovations.rules.duplicates import host_of
from portal.innovations.sections.answers import (
    Answers,
    copy_of,
    submitted_answers,
    version_of,
    version_of_all,
)
from portal.innovations.sections.questions import PARTS, Part
from portal.innovations.services.drafts import keep_draft, register
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
    """What the file calls it; "" in a file without keys."""
    name: str
    organisation: str
    organisation_kind: OrganisationKind
    answers: Mapping[Section, Answers]
    """Only the sections that the file says something of; a list row has no `id`."""
    sharing: Sharing = Sharing.HINS
    owner_email: str = ""
    submitted_on: date | None = None
    source_note: str = ""
    record_id: int | None = None
    """The record that the row names by its number in the portal."""
    notes: tuple[str, ...] = ()
    """What was taken otherwise than it stands in the file, for who imports it."""
    beside: RowExtras = field(default_factory=RowExtras)
    """What it says of support, validations and sites."""


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
    bringing = RowImporter(by=by, importer_id=importer_id)
    for done, row in enumerate(rows, start=1):
        innovation = bringing.found(row)
        if innovation is None:
            bringing.create(row)
            outcome.created += 1
        elif whose := refusal(innovation, row):
            outcome.errors.append((row.line, whose))
        elif bringing.change(innovation, row):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
        tell(done)
    db.session.flush()
    return outcome


class RowImporter:
    """Looks up and writes the records of one file's rows, one by one."""

    def __init__(
        self, *, by: Actor, importer_id: int | None, kept_by_id: int | None = None
    ) -> None:
        """Take who imports, whose keys the file uses, and who keeps what is made on behalf of its
        company (None: nobody needs to)."""
        self.by = by
        self.importer_id = importer_id
        self.kept_by_id = kept_by_id
        self.makers = _Makers(by)

    def found(self, row: Incoming) -> Innovation | None:
        """Return the record that the row is about: by its number, its key or, in a file without
        keys, by name and maker among those that the importer brought in; of one that was made one
        with another, that other."""
        found = self._named(row)
        return found and kept_of(found)

    def _named(self, row: Incoming) -> Innovation | None:
        if row.record_id is not None:
            return db.session.get(Innovation, row.record_id)
        if row.external_key:
            return self.keyed(row.external_key)
        maker = self.makers.known(row)
        if maker is None:
            return None
        ours = select(Innovation).where(self._mine(), Innovation.organisation_id == maker.id)
        wanted = folded(row.name)
        return next((one for one in db.session.scalars(ours) if folded(one.name) == wanted), None)

    def keyed(self, key: str) -> Innovation | None:
        """Return the importer's record with this key."""
        is_it = Innovation.external_key == key
        return db.session.scalar(select(Innovation).where(is_it, self._mine()))

    def _mine(self) -> ColumnElement[bool]:
        if self.importer_id is None:
            return Innovation.importer_id.is_(None)
        return Innovation.importer_id == self.importer_id

    def create(self, row: Incoming) -> Innovation:
        """Register and submit the row's record on the day that it names."""
        with _on_its_day(row):
            return self._create(row)

    def _create(self, row: Incoming) -> Innovation:
        innovation = register(
            name=row.name,
            by=self.by,
            organisation_id=self.makers.organisation(row).id,
            sharing=row.sharing,
            kept_by_id=self.kept_by_id,
        )
        owner = None if self.kept_by_id else self.makers.owner(row)
        innovation.owner_id = owner.id if owner else None
        innovation.external_key = row.external_key or None
        innovation.importer_id = self.importer_id
        innovation.source_note = row.source_note
        for section, answers in row.answers.items():
            _draft(innovation, section, answers, by=self.by)
        _submit(innovation, by=self.by)
        return innovation

    def change(self, innovation: Innovation, row: Incoming) -> dict[str, Answers]:
        """Submit what the row says otherwise than the record; returns what the record said before
        in the sections that changed, by section."""
        differing = differing_sections(innovation, row)
        before = {s.value: submitted_answers(innovation, PARTS[s]) for s in differing}
        for section, answers in differing.items():
            _draft(innovation, section, _with_files(innovation, section, answers), by=self.by)
        if differing:
            _submit(innovation, by=self.by, sections=list(differing))
        return before

    def put_back(self, innovation: Innovation, before: Mapping[str, Answers]) -> None:
        """Submit what the record said before an import changed it."""
        for section, answers in before.items():
            _draft(innovation, Section(section), answers, by=self.by)
        _submit(innovation, by=self.by, sections=[Section(section) for section in before])


def differing_sections(innovation: Innovation, row: Incoming) -> dict[Section, Answers]:
    """Return the row's answers in the sections where the record says something else."""
    return {
        section: answers
        for section, answers in row.answers.items()
        if not _says(innovation, PARTS[section], answers)
    }


def draft_waiting(innovation: Innovation, row: Incoming) -> str:
    """Say that a section which the row would change has a draft that waits; "" if none has."""
    for section in differing_sections(innovation, row):
        copy = copy_of(innovation, section)
        if copy is not None and copy.draft is not None:
            return f"“{PARTS[section].title}” has a draft that waits"
    return ""


@contextmanager
def _on_its_day(row: Incoming) -> Iterator[None]:
    """Let a row happen on the day that it names: the past tells nobody and promises from today."""
    day = today()
    if row.submitted_on is None or row.submitted_on >= day:
        yield
        return
    with promises_from(day), untold(), clock_at(_noon(row.submitted_on)):
        yield


def refusal(innovation: Innovation, row: Incoming) -> str:
    """Say why a row cannot change the record, "" if it can: another's key, a draft that waits."""
    return _of_another(innovation, row) or draft_waiting(innovation, row)


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


@dataclass(frozen=True, slots=True)
class Maker:
    """An organisation that a file may name: a row of the session would be read anew after each of
    an import's many transactions."""

    id: int
    name: str


class _Makers:
    """The organisations and owners that a file names, each looked up once."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        # The oldest comes last: of two that fold alike it is taken.
        every = db.session.scalars(select(Organisation).order_by(Organisation.id.desc()))
        kept = {folded(one.name): kept_organisation(one) for one in every}
        makers = {one: Maker(one.id, one.name) for one in kept.values()}
        self.organisations = {name: makers[one] for name, one in kept.items()}
        self._new: set[int] = set()
        self._by_host: dict[str, list[Maker]] = {}
        for one, maker in makers.items():
            self._by_host.setdefault(host_of(one.website), []).append(maker)

    def of_website(self, website: str) -> Maker | None:
        """Return the one organisation whose website has the same host, None for none or several."""
        host = host_of(website)
        found = self._by_host.get(host, []) if host else []
        return found[0] if len(found) == 1 else None

    def known(self, row: Incoming) -> Maker | None:
        """Return the organisation of that name, None where it is not there yet."""
        return self.organisations.get(folded(row.organisation))

    def organisation(self, row: Incoming) -> Maker:
        """Return the organisation of that name; one that is not there yet is made."""
        name = folded(row.organisation)
        known = self.organisations.get(name)
        if known is None or self._is_undone(known):
            known = self.organisations[name] = self._made_meanwhile(name) or self._made(row)
        return known

    def _made_meanwhile(self, name: str) -> Maker | None:
        """Return the organisation of a name that somebody else made since the file was begun."""
        found = db.session.scalar(select(Organisation).where(Organisation.name_key == name))
        one = kept_organisation(found) if found is not None else None
        return Maker(one.id, one.name) if one is not None else None

    def _is_undone(self, maker: Maker) -> bool:
        """Whether it was made by a row that was refused then, and so taken back with it."""
        if maker.id not in self._new:
            return False
        found = db.session.get(Organisation, maker.id)
        # SQLite gives the number of what was taken back to the next that is made.
        return found is None or folded(found.name) != folded(maker.name)

    def _made(self, row: Incoming) -> Maker:
        made = Organisation(name=row.organisation, kind=row.organisation_kind)
        db.session.add(made)
        db.session.flush()
        note(made, "imported", "was made by an import", by=self.by)
        self._new.add(made.id)
        return Maker(made.id, made.name)

    def owner(self, row: Incoming) -> User | None:
        """Return the person with that address, if the file names one who has an open account."""
        if not row.owner_email:
            return None
        named = (User.email == row.owner_email.lower()) & User.active.is_(True)
        return db.session.scalar(select(User).where(named))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON)


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
    keep_draft(
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
