"""Make programmes and what belongs to them for tests, by the services that people use."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation
from portal.programmes.models import (
    Aim,
    Assessor,
    Basis,
    DeliveryStep,
    Direction,
    EventKind,
    FundApplication,
    FundRound,
    Intervention,
    Measure,
    NoteKind,
    ProductRole,
    Programme,
    ProgrammeEvent,
    ProgrammeKind,
    ProgrammeNote,
    ProgrammeProduct,
    ProgrammeValue,
    Proposal,
    QuarterReview,
    Synthesis,
    SynthesisState,
    Trajectory,
)
from portal.programmes.queries.proposals import criteria
from portal.programmes.services import (
    aims,
    community,
    evaluation,
    funds,
    measuring,
    notes,
    programmes,
    proposals,
)
from portal.programmes.services.loading import DATA, Report, load_choosing
from portal.reference.rules import Quarter
from tests.cast import Person


def measure(code: str = "TESTS_DONE", **values: Any) -> Measure:
    """A measure: tests done, of patients, in a quarter, unless told otherwise."""
    found = db.session.scalars(select(Measure).where(Measure.code == code)).one_or_none()
    if found is None:
        found = Measure(
            **{
                "code": code,
                "name": code.replace("_", " ").capitalize(),
                "unit": "tests",
                "direction": Direction.HIGHER,
                "basis": Basis.IN_PERIOD,
                "is_patients": True,
                **values,
            }
        )
        db.session.add(found)
        db.session.flush()
    return found


def programme(name: str = "Breath tests", *, by: Person, **values: Any) -> Programme:
    """A programme that the national team set up."""
    given = {
        "kind": ProgrammeKind.NATIONAL_PROGRAMME,
        "from_year": today().year - 2,
        "spreads": "A test of breath",
        "is_public": False,
        **values,
    }
    return programmes.save_programme(programme=None, settings=(), by=by.actor, name=name, **given)


def product(
    name: str = "Breathwell", *, of: Programme, by: Person, record: Innovation | None = None
) -> ProgrammeProduct:
    """A product that a programme spreads."""
    return programmes.add_product(
        programme=of,
        name=name,
        role=ProductRole.SPREAD,
        innovation_id=record.id if record else None,
        by=by.actor,
    )


def value(
    number: float | None,
    *,
    of: Programme,
    by: Person,
    quarter: Quarter | None = None,
    measured: Measure | None = None,
    **values: Any,
) -> ProgrammeValue:
    """Tests done in this quarter: of the person's network, or of England by the national team."""
    return measuring.report_value(
        programme=of,
        measure=measured or measure(),
        quarter=quarter or Quarter.of(today()),
        value=number,
        hin_id=by.actor.hin_id,
        by=by.actor,
        **values,
    )


def trajectory(
    planned: float,
    *,
    of: Programme,
    product: ProgrammeProduct,
    by: Person,
    hin_id: int | None = None,
    quarter: Quarter | None = None,
    **values: Any,
) -> Trajectory:
    """A plan of tests for this quarter."""
    cell = ((quarter or Quarter.of(today())).first, hin_id)
    return measuring.set_trajectory(
        programme=of,
        measure=measure(),
        product=product,
        points={cell: planned},
        by=by.actor,
        **values,
    )


def aim(words: str, *, of: Programme, by: Person, **values: Any) -> Aim:
    """An aim without a number."""
    return aims.set_aim(programme=of, words=words, by=by.actor, **values)


def note(kind: str, *, of: Programme, by: Person, words: str = "", **values: Any) -> ProgrammeNote:
    """Words of this quarter: of the person's network, or of the programme by the national team."""
    return notes.write_note(
        programme=of,
        quarter=Quarter.of(today()),
        hin_id=by.actor.hin_id,
        kind=NoteKind(kind),
        words=words or f"The {kind} of the quarter.",
        by=by.actor,
        **values,
    )


def step(words: str, *, of: Programme, by: Person) -> DeliveryStep:
    """A step of the network's delivery plan, due in a month."""
    return notes.save_step(
        programme=of,
        hin_id=by.actor.hin_id or 0,
        words=words,
        due_on=today() + timedelta(days=30),
        by=by.actor,
    )


def handed_in(*, of: Programme, by: Person) -> QuarterReview:
    """A network's quarter that waits for the national lead."""
    return notes.hand_in(
        programme=of, quarter=Quarter.of(today()), hin_id=by.actor.hin_id or 0, by=by.actor
    )


def fund_round(*, of: Programme, by: Person, name: str = "First round") -> FundRound:
    """A round that is open today."""
    return funds.open_round(
        programme=of,
        name=name,
        opens_on=today() - timedelta(days=10),
        closes_on=today() + timedelta(days=10),
        by=by.actor,
    )


def application(
    site: str, *, to: FundRound, by: Person, theme: str = "FeNO", asked: int = 10_000
) -> FundApplication:
    """What a site of the person's network asks for."""
    return funds.apply_for(fund_round=to, site=site, theme=theme, asked=asked, by=by.actor)


def award(
    site: str, pounds: int, *, to: FundRound, by: Person, decided_by: Person, **values: Any
) -> FundApplication:
    """An application that won."""
    row = application(site, to=to, by=by, asked=pounds, **values)
    funds.decide(application=row, version=1, awarded=pounds, why="", by=decided_by.actor)
    return row


def event(
    title: str = "How practices begin",
    *,
    of: Programme,
    by: Person,
    kind: str = "training",
    days_ago: int = 1,
    attended: int | None = 30,
) -> ProgrammeEvent:
    """A training of the person's network (or of the programme) that has been."""
    return community.save_event(
        programme=of,
        kind=EventKind(kind),
        title=title,
        on=today() - timedelta(days=days_ago),
        attended=attended,
        by=by.actor,
    )


def intervention(
    name: str = "Virtual wards", *, of: Programme, by: Person, **values: Any
) -> Intervention:
    """Something that the person's network (or the programme) found."""
    return evaluation.save_intervention(programme=of, name=name, by=by.actor, **values)


def synthesis(title: str = "What is known", *, of: Intervention, by: Person) -> Synthesis:
    """A synthesis that is under way."""
    return evaluation.save_synthesis(
        intervention=of, title=title, state=SynthesisState.UNDER_WAY, by=by.actor
    )


def choosing() -> None:
    """The criteria and tests of the portal's own files."""
    load_choosing(Report(), DATA)


def proposal(title: str = "Breath tests everywhere", *, by: Person, **values: Any) -> Proposal:
    """Something that the national team put forward."""
    return proposals.put_forward(title=title, by=by.actor, **values)


def assessor(person: Person, *, of: Proposal, by: Person, conflict: str | None = "") -> Assessor:
    """Somebody asked to assess it, who declared no conflict of interest, the conflict that is
    given, or (None) nothing yet."""
    row = proposals.ask_to_assess(proposal=of, person=person.user, by=by.actor)
    if conflict is not None:
        proposals.declare(
            assessor=row,
            version=row.version,
            has_conflict=bool(conflict),
            words=conflict,
            by=person.actor,
        )
    return row


def scored(person: Person, *scores: int, part: Assessor) -> None:
    """Hand in scores, in the order of the criteria; one for all where only one is given."""
    every = criteria()
    given = scores if len(scores) == len(every) else scores[:1] * len(every)
    told = {one.id: (number, "") for one, number in zip(every, given, strict=True)}
    proposals.score(assessor=part, version=part.version, scores=told, by=person.actor)
