"""Write measures over time of the safety programmes: made-up numbers, and marked as such."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.improvement.models import (
    ChartKind,
    Cycle,
    ImprovementMeasure,
    MarkKind,
    MeasureKind,
    MeasureSeries,
    Node,
    Rhythm,
)
from portal.improvement.rules.entering import Entry
from portal.improvement.rules.periods import first_day, moved
from portal.improvement.services import joining, measures, measures_readings
from portal.programmes.models import Direction, Programme

MONTHS = 30
CHANGED = 12
"""So many months ago something was changed, and the numbers follow."""
SOURCE = "Made up"
MADE_UP = "Made-up records of a ward, for trying this out"
WEEKS = 40
DRIVERS = {
    "Magnesium sulphate before a birth under 30 weeks": "SD031",
    "Errors when medicines are given in care homes": "SD053",
    "COPD discharge bundle: every element": "SD087",
    "Days between falls with harm on older people's wards": "SD074",
}
"""Of which driver of the portal's own files each tells."""
ELEMENTS = ("Inhaler technique checked", "Help to stop smoking offered", "Follow-up call booked")


def write(places: Places, people: People) -> None:
    """Write all of them on one day: their numbers are those of the months before."""
    diary = Diary(places.today, "measures")
    with happening(diary, 2):
        nation = people.by_key["national"]
        leads = [people.of[one.id][0] for one in places.named.values() if one.hin_id is not None]
        last = moved(Rhythm.MONTH, first_day(Rhythm.MONTH, places.today), -1)
        _magnesium(nation, leads, people.by_key["hin"], last)
        _errors(nation, leads[:6], last)
        _bundle(nation, leads[:4], last)
        _falls(people.by_key["hin"], places.today)
        _rounds(people.by_key["hin"], places.today)
        _join(nation)


def _measure(code: str, name: str, by: Actor, **said: Any) -> ImprovementMeasure:
    programme = db.session.scalars(select(Programme).where(Programme.code == code)).one()
    given = {
        "kind": MeasureKind.PROCESS,
        "rhythm": Rhythm.MONTH,
        "chart": ChartKind.P,
        "direction": Direction.HIGHER,
        "data_source": MADE_UP,
        **said,
    }
    return measures.add_measure(programme=programme, name=name, is_demo=True, by=by, **given)


def _months(last: date) -> list[date]:
    return [moved(Rhythm.MONTH, last, step - MONTHS + 1) for step in range(MONTHS)]


def _enter(of: ImprovementMeasure, by: Actor, entries: Sequence[Entry]) -> MeasureSeries:
    series = measures.open_series(measure=of, hin_id=by.hin_id, by=by)
    measures_readings.enter(measure=of, series=series, entries=entries, source=SOURCE, by=by)
    return series


def _shares(key: str, last: date, before: int, after: int, size: int) -> list[Entry]:
    """Return months of which about `before` in a hundred became `after`; one month is missing."""
    found = []
    for step, month in enumerate(_months(last)):
        wanted = after if step >= MONTHS - CHANGED else before
        whole = size + number(f"{key}:{month}:whole", -size // 6, size // 6)
        part = round(whole * (wanted + number(f"{key}:{month}:part", -5, 5)) / 100)
        found.append(Entry(month, float(max(0, min(part, whole))), float(whole)))
    gap = number(f"{key}:gap", 3, 10)
    return found[:gap] + found[gap + 1 :]


def _magnesium(nation: Actor, leads: Sequence[Actor], hin: Actor, last: date) -> None:
    """A share that rises in every network a year ago; one network says why on its chart."""
    of = _measure(
        "PRETERM_OPT",
        "Magnesium sulphate before a birth under 30 weeks",
        nation,
        numerator="Mothers who were given magnesium sulphate in the 24 hours before the birth",
        denominator="Mothers who gave birth before 30 weeks",
        exclusions="Births on arrival",
    )
    for lead in leads:
        size = 9 if lead is leads[-1] else 36 + 2 * len(lead.name)
        series = _enter(of, lead, _shares(f"mg:{lead.hin_id}", last, 74, 91, size))
        if lead.hin_id == hin.hin_id:
            _say_why(of, series, lead, last)
    years = ((_months(last)[0], 85.0), (moved(Rhythm.MONTH, last, -CHANGED + 1), 95.0))
    for from_on, goal in years:
        measures.set_target(measure=of, from_on=from_on, value=goal, why=SOURCE, by=nation)


def _say_why(of: ImprovementMeasure, series: MeasureSeries, by: Actor, last: date) -> None:
    began = moved(Rhythm.MONTH, last, -CHANGED + 1)
    told = (
        (
            MarkKind.CHANGE,
            moved(Rhythm.MONTH, began, -2),
            "A box with the dose on the ward, tested",
        ),
        (MarkKind.STEP, began, "The box came to every ward, and the numbers follow"),
    )
    for kind, on, words in told:
        measures.mark(measure=of, kind=kind, on=on, words=words, series=series, by=by)


def _errors(nation: Actor, leads: Sequence[Actor], last: date) -> None:
    """A rate of many doses, where plain limits would be too narrow."""
    of = _measure(
        "CARE_HOME_MEDS",
        "Errors when medicines are given in care homes",
        nation,
        kind=MeasureKind.OUTCOME,
        chart=ChartKind.U_PRIME,
        numerator="Errors that were noticed",
        denominator="Doses given",
        direction=Direction.LOWER,
        per=1000,
        unit="errors per 1,000 doses",
        is_patients=False,
    )
    for lead in leads:
        key = f"errors:{lead.hin_id}"
        entries = []
        for step, month in enumerate(_months(last)):
            doses = number(f"{key}:{month}:doses", 38_000, 52_000)
            rate = number(f"{key}:{month}:rate", 52, 78) - (14 if step >= MONTHS - CHANGED else 0)
            entries.append(Entry(month, float(round(doses * rate / 10_000)), float(doses)))
        _enter(of, lead, entries)


def _bundle(nation: Actor, leads: Sequence[Actor], last: date) -> None:
    """A bundle and its elements, for the same patients."""
    of = _measure(
        "COPD",
        "COPD discharge bundle: every element",
        nation,
        numerator="Patients who got every element they were eligible for",
        denominator="Patients discharged alive",
    )
    parts = [
        _measure(
            "COPD",
            name,
            nation,
            bundle=of,
            numerator="Patients who got it",
            denominator="Patients who were eligible for it",
        )
        for name in ELEMENTS
    ]
    for lead in leads:
        _enter(of, lead, _shares(f"acs:{lead.hin_id}", last, 18, 27, 120))
        for place, part in enumerate(parts):
            share = (72, 58, 33)[place]
            _enter(part, lead, _shares(f"{part.name}:{lead.hin_id}", last, share, share + 6, 110))


def _falls(by: Actor, today: date) -> None:
    """Rare events of one network: the days between them grow."""
    of = _measure(
        "RRP",
        "Days between falls with harm on older people's wards",
        by,
        kind=MeasureKind.BALANCING,
        chart=ChartKind.T,
        rhythm=Rhythm.EVENT,
        numerator="Falls with moderate harm or more",
    )
    day, days = today - timedelta(days=3), []
    for step in range(26):
        days.append(day)
        apart = number(f"falls:{step}", 18, 60) if step < 9 else number(f"falls:{step}", 6, 24)
        day -= timedelta(days=apart)
    _enter(of, by, [Entry(one, 1.0) for one in sorted(days)])


def _rounds(by: Actor, today: date) -> None:
    """Count every week what the cycles of a care home changed, and tell of their change idea."""
    idea = db.session.scalars(
        select(Node).join(Cycle, Cycle.node_id == Node.id).order_by(Cycle.id).limit(1)
    ).one()
    of = measures.add_measure(
        programme=idea.diagram.programme,
        name="Residents scored at the round",
        kind=MeasureKind.PROCESS,
        rhythm=Rhythm.WEEK,
        chart=ChartKind.P,
        direction=Direction.HIGHER,
        numerator="Residents scored at the round of the week's Monday",
        denominator="Residents seen at that round",
        data_source=MADE_UP,
        is_demo=True,
        by=by,
    )
    joining.join(node=idea, measure=of, by=by)
    last = moved(Rhythm.WEEK, first_day(Rhythm.WEEK, today), -1)
    entries = []
    for step in range(WEEKS):
        week = moved(Rhythm.WEEK, last, step - WEEKS + 1)
        seen = number(f"rounds:{week}:seen", 42, 48)
        share = number(f"rounds:{week}:share", 50, 62) + (26 if step >= WEEKS - 10 else 0)
        entries.append(Entry(week, float(round(seen * share / 100)), float(seen)))
    _enter(of, by, entries)


def _join(nation: Actor) -> None:
    """Let the measures tell of the drivers of the portal's own files."""
    for name, code in DRIVERS.items():
        of = select(ImprovementMeasure).where(ImprovementMeasure.name == name)
        node = db.session.scalars(select(Node).where(Node.code == code)).one()
        joining.join(node=node, measure=db.session.scalars(of).one(), by=nation)
