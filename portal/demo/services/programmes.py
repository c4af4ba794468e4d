"""Write programmes: the public facts of the portal's files, and one that is made up and says so."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import chance, number
from portal.demo.services import together
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.innovations.models import Innovation
from portal.programmes.models import (
    Measure,
    NoteKind,
    Outcome,
    ProductRole,
    Programme,
    ProgrammeKind,
    ProgrammeProduct,
    ProgrammeValue,
    Quality,
)
from portal.programmes.queries.lists import lists_to_choose
from portal.programmes.queries.measuring import measure_called
from portal.programmes.rules.values import GROUP_REACHED, Cell
from portal.programmes.services import aims, funds, measuring, notes, programmes
from portal.programmes.services.lists import name_list
from portal.programmes.services.loading import load_all
from portal.reference.rules import Quarter

NAME = "Breath tests in general practice (made up)"
SPREAD_NAME = "Digital chest drains in NHS trusts (made up)"
SPREAD_PRODUCT = "Thopaz+"
WHY = "Practices began later than planned because nurses had to be trained first."
LATE = "Two practices sent their numbers after the quarter."
QUARTERS = 6
"""For so many quarters, the last of them over, something is reported."""
APPLICATIONS = (
    ("hin", "Elmwood Surgery (made up)", "Training", 20_000),
    ("other_hin", "Harbour Road Practice (made up)", "Devices", 9_500),
    ("hin", "Canal Street Practice (made up)", "Devices", 11_000),
    ("other_hin", "Northfield Surgery (made up)", "Training", 8_000),
)
"""Through which network, which site, for what, and how much it asks."""
WORDS = (
    (NoteKind.PROGRESS, "Nurses of eleven practices were trained, and nine have begun."),
    (NoteKind.PLAN, "Train the practices of the eastern half of the area."),
    (NoteKind.LESSON, "Practices begin sooner when a neighbour shows them how it is done."),
)


GROUPS = {
    "hin": {"People in the most deprived fifth": 61, "Children and young people under 18": 22},
    "other_hin": {"People in the most deprived fifth": 38, "Disabled people": 4},
}
"""Whom two networks reached in the last quarter, by equality group."""


def write(places: Places, people: People) -> None:
    """Write all of it, in the order of its days."""
    diary = Diary(places.today, "programmes")
    quarters = _quarters(places.today)
    with happening(diary, 715):
        load_all()
        _link_records()
    with happening(diary, 640):
        programme, product = _set_up(people.by_key["national"], quarters)
        _spread(people.by_key["national"], quarters)
    _measure(diary, places, people, programme, product, quarters)
    _groups(diary, people, programme, product, quarters[-1])
    _fund(places, people, programme)
    _words(diary, places, people, programme)
    together.write(places.today, people, programme)


def _quarters(day: date) -> list[Quarter]:
    """Return the quarters of which is reported, the oldest first."""
    found = [Quarter.of(day).previous]
    while len(found) < QUARTERS:
        found.insert(0, found[0].previous)
    return found


def _link_records() -> None:
    """Let products whose record is on the pipeline lead to it."""
    ids: dict[str, int] = dict(
        db.session.execute(
            select(func.lower(Innovation.name), func.min(Innovation.id)).group_by(
                func.lower(Innovation.name)
            )
        ).all()
    )
    for product in db.session.scalars(select(ProgrammeProduct).order_by(ProgrammeProduct.id)):
        product.innovation_id = ids.get(product.name.lower())
    db.session.flush()


def _set_up(by: Actor, quarters: list[Quarter]) -> tuple[Programme, ProgrammeProduct]:
    programme = programmes.save_programme(
        programme=None,
        settings=(),
        name=NAME,
        kind=ProgrammeKind.NATIONAL_PROGRAMME,
        from_year=quarters[0].first.year,
        spreads="A breath test that finds inflamed airways, in practices that had none",
        people_meant="Aged 5 and over with signs of asthma",
        goal="Surer diagnosis of asthma without a visit to hospital.",
        cohort="Practices that joined before the programme began",
        led_by="National team",
        is_public=True,
        by=by,
    )
    programme.is_demo = True
    product = programmes.add_product(
        programme=programme, name="Breath test (made up)", role=ProductRole.SPREAD, by=by
    )
    programmes.add_resource(
        programme=programme, title="How a practice begins", note="Made up for trying out.", by=by
    )
    measuring.set_counting_rule(
        programme=programme,
        product=product,
        measure=measure_called("TESTS_DONE"),
        patients=1,
        counted=1,
        words="Each test counts as one person.",
        valid_from=quarters[0].first,
        by=by,
    )
    aims.set_aim(
        programme=programme,
        words="Tests in a quarter",
        measure=measure_called("TESTS_DONE"),
        unit="tests",
        target=3_000.0,
        baseline=0.0,
        by_on=quarters[-1].next.next.last,
        by=by,
    )
    return programme, product


def _spread(by: Actor, quarters: list[Quarter]) -> None:
    """Set up a programme that counts how far its product has spread, and names the places."""
    programme = programmes.save_programme(
        programme=None,
        settings=(),
        name=SPREAD_NAME,
        kind=ProgrammeKind.RAPID_UPTAKE,
        from_year=quarters[0].first.year,
        spreads="A digital chest drain that patients can walk about with",
        goal="Shorter stays after surgery of the chest.",
        led_by="National team",
        is_public=True,
        names_sites=True,
        by=by,
    )
    programme.is_demo = True
    record = db.session.scalars(
        select(Innovation.id).where(Innovation.name == SPREAD_PRODUCT).order_by(Innovation.id)
    ).first()
    programmes.add_product(
        programme=programme,
        name=SPREAD_PRODUCT,
        role=ProductRole.SPREAD,
        innovation_id=record,
        by=by,
    )
    for one in lists_to_choose(programme):
        name_list(programme=programme, list_id=one.id, by=by)


def _measure(
    diary: Diary,
    places: Places,
    people: People,
    programme: Programme,
    product: ProgrammeProduct,
    quarters: list[Quarter],
) -> None:
    """Plan, report quarter after quarter, plan anew, and correct one number."""
    measure, by = measure_called("TESTS_DONE"), people.by_key["national"]
    with happening(diary, 630):
        _plan(programme, product, measure, by, _points(places, quarters, 100))
    networks = list(places.of_hin.values())
    reported: list[ProgrammeValue] = []
    for place, quarter in enumerate(quarters):
        days_ago = (places.today - quarter.last).days - number(f"{quarter.code}:late", 3, 12)
        with happening(diary, max(2, days_ago)):
            if place == QUARTERS // 2:
                cells = _points(places, quarters, 80)
                _plan(programme, product, measure, by, cells, seen=1, why=WHY)
            for network in networks:
                reported += _report(programme, product, measure, people, network, quarter)
    with happening(diary, 2):
        wrong = reported[0]
        lead = next(people.of[one.id][0] for one in networks if one.hin_id == wrong.hin_id)
        new = (wrong.value or 0) + 14
        measuring.correct_value(value=wrong, new=new, why=LATE, by=lead)


def _points(places: Places, quarters: list[Quarter], percent: int) -> dict[Cell, float]:
    return {
        (quarter.first, network.hin_id): _planned(network, place) * percent // 100
        for network in places.of_hin.values()
        for place, quarter in enumerate([*quarters, quarters[-1].next])
    }


def _planned(network: Organisation, place: int) -> int:
    return number(f"{network.name}:tests", 60, 180) * (place + 4) // 4


def _plan(
    programme: Programme,
    product: ProgrammeProduct,
    measure: Measure,
    by: Actor,
    points: dict[Cell, float],
    *,
    seen: int = 0,
    why: str = "",
) -> None:
    measuring.set_trajectory(
        programme=programme,
        product=product,
        measure=measure,
        points=points,
        seen=seen,
        why=why,
        by=by,
    )


def _report(
    programme: Programme,
    product: ProgrammeProduct,
    measure: Measure,
    people: People,
    network: Organisation,
    quarter: Quarter,
) -> list[ProgrammeValue]:
    """Report a network's tests; some send nothing, and one counts only a few."""
    key = f"{network.name}:{quarter.code}"
    if chance(f"{key}:silent", 8):
        return []
    few = network.hin is not None and network.hin.code == "HI-NENC"
    tests = number(f"{key}:few", 1, 6) if few else number(f"{key}:tests", 40, 260)
    lead = people.of[network.id][0]
    is_rough = chance(f"{key}:rough", 15)
    return [
        measuring.report_value(
            programme=programme,
            product=product,
            measure=measure,
            quarter=quarter,
            value=float(tests),
            hin_id=network.hin_id,
            quality=Quality.INDICATIVE if is_rough else Quality.FINAL,
            source="Made up",
            by=lead,
        )
    ]


def _groups(
    diary: Diary,
    people: People,
    programme: Programme,
    product: ProgrammeProduct,
    quarter: Quarter,
) -> None:
    """Let two networks count whom the breath tests reached, few of one group."""
    with happening(diary, 8):
        for key, counted in GROUPS.items():
            lead = people.by_key[key]
            for group, reached in counted.items():
                measuring.report_value(
                    programme=programme,
                    product=product,
                    measure=measure_called(GROUP_REACHED),
                    quarter=quarter,
                    value=float(reached),
                    part=group,
                    hin_id=lead.hin_id,
                    source="Made up",
                    by=lead,
                )


def _words(diary: Diary, places: Places, people: People, programme: Programme) -> None:
    """Let two networks write of the last quarter, hand it in, and the national lead review one."""
    quarter = Quarter.of(places.today).previous
    with happening(diary, 1):
        for key in ("hin", "other_hin"):
            by = people.by_key[key]
            hin_id = by.hin_id or 0
            programmes.set_lead(
                programme=programme, hin_id=hin_id, user_id=by.user_id, seen=None, by=by
            )
            _write_quarter(programme, quarter, by)
        review = notes.hand_in(
            programme=programme, quarter=quarter, hin_id=hin_id, by=people.by_key["other_hin"]
        )
        notes.review_quarter(
            review=review,
            version=1,
            accepts=False,
            words="Say how many practices wait for training.",
            by=people.by_key["national"],
        )


def _write_quarter(programme: Programme, quarter: Quarter, by: Actor) -> None:
    of: dict[str, Any] = {"programme": programme, "hin_id": by.hin_id, "by": by}
    before = notes.write_note(
        quarter=quarter.previous, kind=NoteKind.PLAN, words="Train eleven practices.", **of
    )
    notes.settle_plan(
        note=before, version=1, outcome=Outcome.PARTLY, words="Nine have begun.", by=by
    )
    for kind, words in WORDS:
        notes.write_note(quarter=quarter, kind=kind, words=words, **of)
    notes.write_note(
        quarter=quarter,
        kind=NoteKind.RISK,
        words="The supplier may deliver late.",
        likelihood=3,
        impact=4,
        mitigation="Order a quarter ahead.",
        owner="Lead person of the network",
        **of,
    )
    notes.save_step(
        programme=programme,
        hin_id=by.hin_id or 0,
        words="All practices of the first group have begun",
        due_on=quarter.next.last,
        by=by,
    )


def _fund(places: Places, people: People, programme: Programme) -> None:
    """Let two networks apply for sites in a round: awarded, refused and waiting, one spent."""
    diary, national = Diary(places.today, "fund"), people.by_key["national"]
    with happening(diary, 70):
        fund_round = funds.open_round(
            programme=programme,
            name="Money to begin (made up)",
            opens_on=diary.day(70),
            closes_on=diary.day(40),
            by=national,
        )
    with happening(diary, 50):
        sent = [
            funds.apply_for(
                fund_round=fund_round, site=site, theme=theme, asked=asked, by=people.by_key[key]
            )
            for key, site, theme, asked in APPLICATIONS
        ]
    won, other, refused, _waiting = sent
    with happening(diary, 25):
        funds.decide(application=won, version=1, awarded=18_000, why="", by=national)
        funds.decide(application=other, version=1, awarded=9_500, why="", by=national)
        funds.decide(
            application=refused, version=1, awarded=None, why="It has tests already.", by=national
        )
    with happening(diary, 5):
        funds.report_spend(
            application=won,
            version=2,
            spent=12_400,
            outcome="Two nurses are trained, and the first 40 tests done.",
            by=people.by_key["hin"],
        )
