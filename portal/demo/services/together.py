"""Write of a programme's community, and of what an evaluation looks into: all of it made up."""

from datetime import date

from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.programmes.models import (
    EventKind,
    Programme,
    ProgrammeKind,
    SynthesisResult,
    SynthesisState,
)
from portal.programmes.services import community, evaluation, programmes

EVENTS = (
    ("hin", EventKind.TRAINING, "How a practice begins (made up)", 96, 34),
    ("other_hin", EventKind.TRAINING, "Reading a breath test (made up)", 40, 21),
    ("national", EventKind.WEBINAR, "What the first practices found (made up)", 20, 212),
    ("hin", EventKind.MEETING, "Community of practice, autumn (made up)", 9, None),
)
"""Who holds it, what, how many days ago, and how many came."""
EVALUATION_NAME = "Ways of working after 2020 (made up)"


def write(today: date, people: People, programme: Programme) -> None:
    """Write all of it, in the order of its days."""
    _evaluate(Diary(today, "evaluation"), people)
    diary = Diary(today, "community")
    for key, kind, title, days_ago, attended in EVENTS:
        with happening(diary, days_ago - 1):
            community.save_event(
                programme=programme,
                kind=kind,
                title=title,
                on=diary.day(days_ago),
                attended=attended,
                by=people.by_key[key],
            )
    with happening(diary, 8):
        community.follow(programme=programme, is_following=True, by=people.by_key["hin"])
        community.write(
            programme=programme,
            body="Which practices would show others how they began?",
            by=people.by_key["other_hin"],
        )


def _evaluate(diary: Diary, people: People) -> None:
    """Set up an evaluation with two priorities, three interventions and two syntheses."""
    national = people.by_key["national"]
    with happening(diary, 150):
        programme = programmes.save_programme(
            programme=None,
            settings=(),
            name=EVALUATION_NAME,
            kind=ProgrammeKind.EVALUATION,
            from_year=diary.day(150).year,
            spreads="What is known of ways of working that began in the pandemic",
            led_by="National team",
            is_public=True,
            by=national,
        )
        programme.is_demo = True
        remote, staff = (
            evaluation.add_priority(programme=programme, name=name, by=national)
            for name in ("Care at a distance (made up)", "Time of staff (made up)")
        )
    with happening(diary, 120):
        wards, phone, _group = (
            evaluation.save_intervention(
                programme=programme, name=name, priorities=chosen, by=people.by_key[key]
            )
            for key, name, chosen in (
                ("hin", "Wards at home (made up)", [remote, staff]),
                ("hin", "Telephone first (made up)", [remote]),
                ("other_hin", "Group consultations (made up)", [staff]),
            )
        )
    with happening(diary, 30):
        evaluation.save_synthesis(
            intervention=wards,
            title="Wards at home: what is known (made up)",
            state=SynthesisState.DONE,
            result=SynthesisResult.PROMISING,
            done_on=diary.day(31),
            by=people.by_key["hin"],
        )
        evaluation.save_synthesis(
            intervention=phone,
            title="Telephone first: what is known (made up)",
            state=SynthesisState.UNDER_WAY,
            by=people.by_key["hin"],
        )
